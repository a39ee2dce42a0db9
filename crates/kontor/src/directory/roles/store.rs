//! Names for the places in which roles hold.

use std::collections::HashMap;

use kontor_platform::Result;
use kontor_platform::db::{Conn, Query};

use crate::accounts::Scope;
use crate::accounts::admin::Assigned;

/// Names of the clusters and organisations in the scopes, by identifier.
pub fn names(conn: &mut Conn, roles: &[Assigned]) -> Result<HashMap<String, String>> {
    let mut names = HashMap::new();
    for table in ["clusters", "organisations"] {
        let ids: Vec<&String> = roles
            .iter()
            .filter_map(|r| match &r.role.scope {
                Scope::Cluster(id) if table == "clusters" => Some(id),
                Scope::Organisation(id) if table == "organisations" => Some(id),
                _ => None,
            })
            .collect();
        if ids.is_empty() {
            continue;
        }
        let mut q = Query::new(&format!("SELECT id, name FROM {table} WHERE id"));
        q.among(ids);
        names.extend(q.all::<(String, String)>(conn)?);
    }
    Ok(names)
}
