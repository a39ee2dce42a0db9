//! The statements behind start pages.

use std::collections::HashMap;

use kontor_platform::db::{Conn, Query, Val};
use kontor_platform::{Id, Instant, Result, record};

use crate::accounts::{Role, Scope};
use crate::directory::import::Import;

/// The import that was applied last in one of several clusters.
pub struct LastImport {
    pub id: Id<Import>,
    pub file_name: String,
    pub cluster: String,
    pub applied_at: Instant,
    pub undone_at: Option<Instant>,
    pub new: i64,
    pub changed: i64,
    pub unchanged: i64,
    pub rejected: i64,
}
record!(LastImport {
    id,
    file_name,
    cluster,
    applied_at,
    undone_at,
    new,
    changed,
    unchanged,
    rejected
});

/// A list that was uploaded and waits for somebody to decide.
pub struct WaitingList {
    pub id: Id<Import>,
    pub file_name: String,
    pub cluster: String,
    pub created_at: Instant,
}
record!(WaitingList {
    id,
    file_name,
    cluster,
    created_at
});

/// Where a role holds: name, address, and the path before it.
pub struct Place {
    id: String,
    pub name: String,
    pub slug: String,
    pub area: String,
}
record!(Place {
    id,
    name,
    slug,
    area
});

pub fn last_import(conn: &mut Conn, clusters: &[&str]) -> Result<Option<LastImport>> {
    let mut q = Query::new(
        "SELECT i.id, i.file_name, c.name, i.applied_at, i.undone_at, i.new_rows, i.changed_rows, \
         i.unchanged_rows, i.rejected_rows FROM imports i JOIN clusters c ON c.id = i.cluster \
         WHERE i.applied_at IS NOT NULL AND i.cluster",
    );
    q.among(clusters);
    q.push(" ORDER BY i.applied_at DESC, i.id DESC LIMIT 1");
    Ok(q.all(conn)?.pop())
}

/// Lists of several clusters that wait for a decision, newest first.
pub fn waiting_lists(conn: &mut Conn, clusters: &[&str], most: i64) -> Result<Vec<WaitingList>> {
    let mut q = Query::new(
        "SELECT i.id, i.file_name, c.name, i.created_at FROM imports i \
         JOIN clusters c ON c.id = i.cluster WHERE i.state = 'staged' AND i.cluster",
    );
    q.among(clusters);
    q.bind(
        " ORDER BY i.created_at DESC, i.id DESC LIMIT ",
        Val::Int(most),
    );
    q.all(conn)
}

/// Clusters and organisations in which these roles hold, by identifier.
pub fn places(conn: &mut Conn, roles: &[Role]) -> Result<HashMap<String, Place>> {
    let (mut clusters, mut organisations) = (Vec::new(), Vec::new());
    for role in roles {
        match &role.scope {
            Scope::Region => {}
            Scope::Cluster(id) => clusters.push(id.as_str()),
            Scope::Organisation(id) => organisations.push(id.as_str()),
        }
    }
    with_ids(conn, &clusters, &organisations)
}

/// Clusters and organisations by identifier; no statement where none is asked for.
pub fn with_ids(
    conn: &mut Conn,
    clusters: &[&str],
    organisations: &[&str],
) -> Result<HashMap<String, Place>> {
    if clusters.is_empty() && organisations.is_empty() {
        return Ok(HashMap::new());
    }
    let mut q = Query::new("SELECT id, name, slug, 'cluster' AS area FROM clusters WHERE id");
    q.among(clusters);
    q.push(" UNION ALL SELECT id, name, slug, 'organisationen' FROM organisations WHERE id");
    q.among(organisations);
    let found: Vec<Place> = q.all(conn)?;
    Ok(found.into_iter().map(|p| (p.id.clone(), p)).collect())
}
