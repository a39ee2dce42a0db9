//! What histories look up beside the log: names as they are today, and what
//! imports found.

use kontor_platform::db::{Conn, Query};
use kontor_platform::{Id, Instant, Result, params, record, sql};

use crate::directory::import::Import;
use crate::directory::list::store::within;
use crate::directory::model::Organisation;
use crate::directory::policy::Reach;

sql! {
    CLUSTERS = "SELECT id, slug, name FROM clusters ORDER BY sort_key";
    CHANGES = "SELECT i.id, i.cluster, i.file_name, i.applied_at, c.before, c.after \
        FROM import_changes c JOIN imports i ON i.id = c.import \
        WHERE c.organisation = $1 AND i.applied_at IS NOT NULL ORDER BY c.import, c.position";
    UPLOADED = "SELECT actor, created_at FROM imports WHERE id = $1";
}

/// Identifier, address and name of an organisation; the address is empty where
/// it has no page any more.
pub type Named = (String, String, String);

/// Those of the organisations that lie within the reach: one statement.
pub fn organisations(conn: &mut Conn, reach: &Reach, ids: &[String]) -> Result<Vec<Named>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut q = Query::new(
        "SELECT o.id, CASE WHEN o.state IN ('merged', 'proposed') THEN '' ELSE o.slug END AS slug, \
         o.name FROM organisations o WHERE o.id",
    );
    q.among(ids);
    within(&mut q, reach);
    q.all(conn)
}

/// Those of the organisations that were merged with another one and stand so: one
/// statement. Whoever leads a cluster that a merge touched may know their names.
pub fn merged(conn: &mut Conn, ids: &[String]) -> Result<Vec<Named>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut q = Query::new(
        "SELECT o.id, '' AS slug, o.name FROM organisations o \
         WHERE o.state = 'merged' AND o.id",
    );
    q.among(ids);
    q.all(conn)
}

/// Identifier, address and name of every cluster.
pub fn clusters(conn: &mut Conn) -> Result<Vec<Named>> {
    conn.all(CLUSTERS, params![])
}

/// What an import did to an organisation.
pub struct Change {
    pub import: Id<Import>,
    pub cluster: String,
    pub file_name: String,
    pub applied_at: Instant,
    pub before: String,
    pub after: String,
}
record!(Change {
    import,
    cluster,
    file_name,
    applied_at,
    before,
    after
});

/// What imports did to an organisation, the oldest first.
pub fn changes(conn: &mut Conn, organisation: Id<Organisation>) -> Result<Vec<Change>> {
    conn.all(CHANGES, params![organisation])
}

/// An import as a cluster's history names it.
pub struct Listed {
    pub id: String,
    pub file_name: String,
    pub new: i64,
    pub changed: i64,
}
record!(Listed {
    id,
    file_name,
    new,
    changed
});

/// Imports of these identifiers.
pub fn imports(conn: &mut Conn, ids: &[String]) -> Result<Vec<Listed>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut q = Query::new("SELECT id, file_name, new_rows, changed_rows FROM imports WHERE id");
    q.among(ids);
    q.all(conn)
}

/// Who uploaded a list, and when.
pub fn uploaded(conn: &mut Conn, import: Id<Import>) -> Result<(Option<String>, Instant)> {
    conn.one(UPLOADED, params![import])
}
