//! Lists of organisations in the order of their names: of the region, of a
//! cluster, with filters, page by page.
//!
//! Always true: a membership carries its organisation's sort key and an
//! organisation its clusters, so that a page is one walk along an index, however
//! large the region is.

pub mod store;
pub mod whole;

use std::rc::Rc;
use std::sync::Arc;

use kontor_platform::Result;
use kontor_platform::db::Conn;
use kontor_platform::web::Kept;

use super::industries::{Industry, named, normal, title};
use super::model::{Helix, OrganisationFilter, Size};
use super::policy::{Reach, reach};
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

/// Whether a text of these stands in the page's other language.
pub fn is_any_foreign(rows: &[Row]) -> bool {
    rows.iter()
        .any(|r| r.lang.is_some() && !r.summary.is_empty())
}

/// The industries to choose from, by what a reach allows.
#[derive(Clone)]
pub struct Industries(Arc<Kept<Vec<Industry>>>);

impl Default for Industries {
    fn default() -> Self {
        Industries(Arc::new(Kept::new("directory.")))
    }
}

/// The industries to choose from in a filter, in order: those of organisations
/// that the asker may see, their divisions, and the one asked for.
pub fn industries(conn: &mut Conn, who: &Who, asked: &str) -> Result<Vec<Industry>> {
    let reach = reach(&who.actor);
    let kept = who.cx.site.kept.get::<Industries>().cloned();
    let kept = kept.unwrap_or_default().0;
    let used = kept.get(conn, &format!("{reach:?}"), |conn| in_use(conn, &reach))?;
    if asked.is_empty() || used.iter().any(|i| i.code == asked) {
        return Ok(Vec::clone(&used));
    }
    let codes = used.iter().map(|i| i.code.clone());
    let codes: Vec<String> = codes.chain([asked.to_owned()]).collect();
    Ok(named(&codes))
}

fn in_use(conn: &mut Conn, reach: &Reach) -> Result<Vec<Industry>> {
    let used = store::classes(conn, reach)?;
    let mut codes: Vec<String> = used.iter().map(|c| normal(c)).collect();
    let divisions = codes.iter().filter_map(|c| c.get(..2).map(str::to_owned));
    let divisions = divisions.filter(|d| title(d).is_some());
    codes.extend(divisions.collect::<Vec<_>>());
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
