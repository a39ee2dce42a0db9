//! The statements behind lists of organisations.

use std::rc::Rc;

use kontor_platform::db::{Conn, Param, Query, Val};
use kontor_platform::text::Lang;
use kontor_platform::{Id, Result, params, record, sql};

use crate::directory::import::Import;
use crate::directory::industries::{Section, section};
use crate::directory::model::{Cluster, Helix, Organisation, OrganisationFilter, Size};
use crate::directory::policy::Reach;

sql! {
    NAMED = "SELECT id, slug, code, name FROM clusters WHERE state = 'active' ORDER BY sort_key, id";
    FILE_UNDER = "UPDATE memberships SET sort_key = $1 WHERE organisation = $2 AND sort_key <> $1";
    /// Waits for whoever changes the organisation or its memberships meanwhile.
    LOCK = "UPDATE organisations SET clusters = clusters WHERE id = $1";
    FILE = "UPDATE memberships SET sort_key = (SELECT o.sort_key FROM organisations o \
        WHERE o.id = memberships.organisation) WHERE organisation = $1";
    BELONGS = "UPDATE organisations SET clusters = COALESCE((SELECT string_agg(m.cluster, ' ') \
        FROM memberships m WHERE m.organisation = organisations.id AND m.state = 'active'), '') \
        WHERE id = $1";
    /// Bulk inserts leave the sort key empty.
    FILE_IMPORTED = "UPDATE memberships SET sort_key = (SELECT o.sort_key FROM organisations o \
        WHERE o.id = memberships.organisation) WHERE cluster = $1 AND sort_key = ''";
    IMPORTED_BELONG = "UPDATE organisations SET clusters = COALESCE((SELECT string_agg(m.cluster, ' ') \
        FROM memberships m WHERE m.organisation = organisations.id AND m.state = 'active'), '') \
        WHERE id IN (SELECT organisation FROM import_changes WHERE import = $1 \
        AND kind IN ('joined', 'ended'))";
    MISFILED = "SELECT (SELECT COUNT(*) FROM memberships m JOIN organisations o ON o.id = m.organisation \
        WHERE m.sort_key <> o.sort_key OR (m.state = 'active' AND o.clusters NOT LIKE '%' || m.cluster || '%')) \
        + (SELECT COUNT(*) FROM organisations o WHERE CASE WHEN o.clusters = '' THEN 0 \
        ELSE LENGTH(o.clusters) + 1 END <> 37 * (SELECT COUNT(*) FROM memberships m \
        WHERE m.organisation = o.id AND m.state = 'active')) AS n";
    REFILE_MEMBERSHIPS = "UPDATE memberships SET sort_key = (SELECT o.sort_key FROM organisations o \
        WHERE o.id = memberships.organisation)";
    REFILE_ORGANISATIONS = "UPDATE organisations SET clusters = COALESCE((SELECT \
        string_agg(m.cluster, ' ') FROM memberships m WHERE m.organisation = organisations.id \
        AND m.state = 'active'), '')";
}

/// An active cluster by its marks alone.
pub struct Named {
    pub id: String,
    pub slug: String,
    pub code: String,
    pub name: String,
}
record!(Named {
    id,
    slug,
    code,
    name
});

/// The active clusters in their order.
pub fn named(conn: &mut Conn) -> Result<Vec<Rc<Named>>> {
    let all: Vec<Named> = conn.all(NAMED, params![])?;
    Ok(all.into_iter().map(Rc::new).collect())
}

/// Files an organisation's memberships under its new sort key.
pub fn file_under(conn: &mut Conn, key: &str, organisation: Id<Organisation>) -> Result<()> {
    conn.run(FILE_UNDER, params![key, organisation]).map(drop)
}

/// Notes on an organisation which clusters it belongs to and files its
/// memberships; after every change of them, in the same command. The lock is a
/// statement of its own: on PostgreSQL only the next one sees what another
/// command committed meanwhile.
pub fn belongs(conn: &mut Conn, organisation: Id<Organisation>) -> Result<()> {
    conn.run(LOCK, params![organisation])?;
    conn.run(FILE, params![organisation])?;
    conn.run(BELONGS, params![organisation]).map(drop)
}

/// Both for all that an import touched, when it is applied or undone.
pub fn refile(conn: &mut Conn, cluster: Id<Cluster>, import: Id<Import>) -> Result<()> {
    conn.run(FILE_IMPORTED, params![cluster])?;
    conn.run(IMPORTED_BELONG, params![import]).map(drop)
}

/// How many memberships and organisations are filed otherwise than they should:
/// none, unless something but Kontor wrote to the tables.
pub fn misfiled(conn: &mut Conn) -> Result<i64> {
    Ok(conn.one::<(i64,)>(MISFILED, params![])?.0)
}

/// Files everything anew.
pub fn refile_all(conn: &mut Conn) -> Result<()> {
    conn.run(REFILE_MEMBERSHIPS, params![])?;
    conn.run(REFILE_ORGANISATIONS, params![]).map(drop)
}

/// A line of the list.
pub struct Line {
    pub id: Id<Organisation>,
    pub slug: String,
    pub name: String,
    pub helix: Option<Helix>,
    pub size: Option<Size>,
    pub city: String,
    /// In the language asked for, or else in the other one.
    pub summary: String,
    pub is_foreign: bool,
    pub sort_key: String,
    /// Identifiers of the clusters it belongs to, with blanks between.
    clusters: String,
}
record!(Line {
    id,
    slug,
    name,
    helix,
    size,
    city,
    summary,
    is_foreign,
    sort_key,
    clusters
});

impl Line {
    /// Those of `clusters` that it belongs to, in their order.
    pub fn clusters_among(&self, clusters: &[Rc<Named>]) -> Vec<Rc<Named>> {
        let of = |c: &&Rc<Named>| self.clusters.split(' ').any(|id| id == c.id);
        clusters.iter().filter(of).map(Rc::clone).collect()
    }
}

/// Begins a list with what a line shows in a language.
fn shown(lang: Lang) -> Query<'static> {
    let (own, other) = match lang {
        Lang::De => ("o.summary_de", "o.summary_en"),
        Lang::En => ("o.summary_en", "o.summary_de"),
    };
    Query::new(&format!(
        "SELECT o.id, o.slug, o.name, o.helix, o.size, o.city, \
         CASE WHEN {own} <> '' THEN {own} ELSE {other} END, \
         CAST(CASE WHEN {own} <> '' THEN 0 ELSE 1 END AS BIGINT), o.sort_key, o.clusters FROM "
    ))
}

/// One page of organisations that the reach allows, in the order of names.
pub fn lines(
    conn: &mut Conn,
    reach: &Reach,
    filter: &OrganisationFilter,
    lang: Lang,
    limit: i64,
) -> Result<Vec<Line>> {
    let mut q = shown(lang);
    let (key, id) = chosen(&mut q, reach, filter);
    if let Some((after, after_id)) = &filter.after {
        q.bind(
            &format!(" AND ({key}, {id}) > ("),
            Val::Text(after.as_str().into()),
        );
        q.bind(", ", Val::Text(after_id.as_str().into()));
        q.push(")");
    }
    q.bind(&format!(" ORDER BY {key}, {id} LIMIT "), Val::Int(limit));
    q.all(conn)
}

/// How many organisations a filter finds within a reach, counted up to `most`.
pub fn count(
    conn: &mut Conn,
    reach: &Reach,
    filter: &OrganisationFilter,
    most: i64,
) -> Result<i64> {
    let mut q = Query::new("SELECT COUNT(*) FROM (SELECT 1 AS one FROM ");
    chosen(&mut q, reach, filter);
    q.bind(" LIMIT ", Val::Int(most));
    q.push(") found");
    let rows: Vec<(i64,)> = q.all(conn)?;
    Ok(rows.first().map_or(0, |(n,)| *n))
}

/// Codes of classes under which organisations within a reach are filed. Each
/// code costs one look for the first such organisation.
pub fn classes(conn: &mut Conn, reach: &Reach) -> Result<Vec<String>> {
    let mut q = Query::new(
        "SELECT k.code FROM (SELECT DISTINCT code FROM organisation_classes) k \
         WHERE EXISTS (SELECT 1 FROM organisation_classes x JOIN organisations o \
         ON o.id = x.organisation WHERE x.code = k.code \
         AND o.state IN ('active', 'verified', 'inactive')",
    );
    within(&mut q, reach);
    q.push(") ORDER BY k.code");
    let all: Vec<(String,)> = q.all(conn)?;
    Ok(all.into_iter().map(|(code,)| code).collect())
}

/// Adds the table and the conditions of a list; the columns of its order, which
/// is read from an index on either side.
pub fn chosen<'a>(
    q: &mut Query<'a>,
    reach: &Reach,
    filter: &'a OrganisationFilter,
) -> (&'static str, &'static str) {
    let order = match &filter.cluster {
        None => {
            q.push("organisations o WHERE 1 = 1");
            ("o.sort_key", "o.id")
        }
        Some(cluster) => {
            q.bind(
                "memberships m JOIN organisations o ON o.id = m.organisation WHERE m.cluster = ",
                cluster.val(),
            );
            // A member that is a partner as well stands in the list once.
            q.push(
                " AND m.state = 'active' AND NOT EXISTS (SELECT 1 FROM memberships d \
                 WHERE d.organisation = m.organisation AND d.cluster = m.cluster \
                 AND d.state = 'active' AND d.kind < m.kind)",
            );
            ("m.sort_key", "m.organisation")
        }
    };
    q.push(" AND o.state IN ('active', 'verified', 'inactive')");
    within(q, reach);
    narrow(q, filter);
    order
}

/// Adds the filters that look at the organisation itself.
fn narrow<'a>(q: &mut Query<'a>, filter: &'a OrganisationFilter) {
    if let Some(helix) = &filter.helix {
        q.and("o.helix = ", helix.val());
    }
    if let Some(size) = &filter.size {
        q.and("o.size = ", size.val());
    }
    if !filter.place.is_empty() {
        q.prefix("o.city_key", &filter.place);
    }
    if !filter.class.is_empty() {
        q.push(" AND EXISTS (SELECT 1 FROM organisation_classes k WHERE k.organisation = o.id");
        match section(&filter.class) {
            Some(section) => below(q, &section),
            None => q.prefix(BARE, &filter.class.replace('.', "")),
        }
        q.push(")");
    }
    if !filter.competence.is_empty() {
        let needle = filter.competence.replace(['%', '_', '|'], "");
        // Three letters stand inside too many words.
        let needle = match needle.chars().count() > 3 {
            true => format!("%{needle}%"),
            false => format!("%|{needle}|%"),
        };
        q.and(
            "LOWER('|' || o.competences_de || '|' || o.competences_en || '|') LIKE LOWER(",
            Val::Text(needle.into()),
        );
        q.push(")");
    }
}

/// A code without points: as a list may have written it.
const BARE: &str = "REPLACE(k.code, '.', '')";

/// Adds: filed under a section's letter, or below it.
fn below(q: &mut Query<'_>, section: &Section) {
    let text = |text: &str| Val::Text(text.to_owned().into());
    q.and("(k.code = ", text(&section.letter));
    q.push(" OR ((1 = 0");
    for (first, last) in &section.divisions {
        q.bind(" OR (k.code >= ", text(first));
        q.bind(" AND k.code < ", text(&format!("{last}\u{10FFFF}")));
        q.push(")");
    }
    q.push(")");
    for start in &section.without {
        q.push(" AND NOT (1 = 1");
        q.prefix(BARE, start);
        q.push(")");
    }
    q.push("))");
}

/// Adds what the reach allows.
pub fn within(q: &mut Query<'_>, reach: &Reach) {
    match reach {
        Reach::Everything => {}
        Reach::Public => q.push(" AND o.visibility = 'public'"),
        Reach::Clusters(mine) => among(q, mine, &[]),
        Reach::Representing {
            clusters,
            organisations,
        } => among(q, clusters, organisations),
    }
}

/// Adds: shared with all clusters, or of one of these clusters, or one of these.
fn among(q: &mut Query<'_>, clusters: &[String], organisations: &[String]) {
    q.push(" AND (o.visibility IN ('public', 'all_clusters')");
    if !clusters.is_empty() {
        q.push(
            " OR EXISTS (SELECT 1 FROM memberships r WHERE r.organisation = o.id \
             AND r.state = 'active' AND r.cluster",
        );
        q.among(clusters);
        q.push(")");
    }
    if !organisations.is_empty() {
        q.push(" OR o.id");
        q.among(organisations);
    }
    q.push(")");
}
