//! Lists of organisations in the order of their names: of the region, of a
//! cluster, with filters, page by page.
//!
//! Always true: a membership carries its organisation's sort key and an
//! organisation its clusters, so that a page is one walk along an index, however
//! large the region is.

pub mod store;
pub mod whole;

use std::rc::Rc;

use kontor_platform::Result;
use kontor_platform::db::Conn;

use super::industries::{Industry, named, normal, title};
use super::model::{Helix, OrganisationFilter, Size};
use super::policy::reach;
use crate::accounts::Who;
use store::{Line, Named};

pub use store::{belongs, file_under, misfiled, refile, refile_all};

/// A row of a list of organisations, in the page's language.
pub struct Row {
    pub slug: String,
    pub name: String,
    pub summary: String,
    pub lang: Option<&'static str>,
    pub city: String,
    pub helix: Option<Helix>,
    pub size: Option<Size>,
    /// Its clusters in their order.
    pub clusters: Vec<Rc<Named>>,
}

/// The industries to choose from in a filter, in order: those of organisations
/// that the asker may see, their divisions, and the one asked for.
pub fn industries(conn: &mut Conn, who: &Who, asked: &str) -> Result<Vec<Industry>> {
    let used = store::classes(conn, &reach(&who.actor))?;
    let mut codes: Vec<String> = used.iter().map(|c| normal(c)).collect();
    let divisions = codes.iter().filter_map(|c| c.get(..2).map(str::to_owned));
    let divisions = divisions.filter(|d| title(d).is_some());
    codes.extend(divisions.collect::<Vec<_>>());
    codes.extend((!asked.is_empty()).then(|| asked.to_owned()));
    Ok(named(&codes))
}

/// One page of rows, and where the next one begins.
pub fn page(
    conn: &mut Conn,
    who: &Who,
    filter: &OrganisationFilter,
    clusters: &[Rc<Named>],
    size: usize,
) -> Result<(Vec<Row>, Option<String>)> {
    let limit = i64::try_from(size).unwrap_or(i64::MAX - 1) + 1;
    let mut lines = store::lines(conn, &reach(&who.actor), filter, who.cx.lang, limit)?;
    let more = lines.len() > size;
    lines.truncate(size);
    let next = lines
        .last()
        .filter(|_| more)
        .map(|l| format!("{}~{}", l.sort_key, l.id));
    let row = |line: Line| Row {
        clusters: line.clusters_among(clusters),
        lang: line.is_foreign.then(|| who.cx.lang.other().tag()),
        summary: line.summary,
        slug: line.slug,
        name: line.name,
        city: line.city,
        helix: line.helix,
        size: line.size,
    };
    Ok((lines.into_iter().map(row).collect(), next))
}
