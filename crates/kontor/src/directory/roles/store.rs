//! Names for the places in which roles hold.

use std::collections::HashMap;

use kontor_platform::Result;
use kontor_platform::db::{Conn, Query, Val};

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
        let mut q = Query::new(&format!("SELECT id, name FROM {table} WHERE id IN ("));
        for (i, id) in ids.iter().enumerate() {
            q.bind(
                if i == 0 { "" } else { ", " },
                Val::Text(id.as_str().into()),
            );
        }
        q.push(")");
        names.extend(q.all::<(String, String)>(conn)?);
    }
    Ok(names)
}
