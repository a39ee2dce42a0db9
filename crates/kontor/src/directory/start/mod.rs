//! What a start page says about the directory: what waits for whoever leads
//! clusters, their last import, and where the asker's roles hold.
//!
//! Words: an *open pair* is two records that may mean one organisation, as the
//! page of duplicates shows it.

mod store;

use std::collections::HashMap;

use kontor_platform::db::Conn;
use kontor_platform::{Day, Result};

use super::duplicates::{self, Pairs};
use crate::accounts::{Frame, Role, RoleKind, Scope, Who};

pub use store::{LastImport, WaitingList};

/// What waits for somebody who leads clusters, and what they did last.
pub struct Managing {
    pub pairs: Pairs,
    pub last: Option<LastImport>,
    /// The newest lists that were uploaded and neither imported nor discarded.
    pub lists: Vec<WaitingList>,
}

/// Waiting lists that a start page names.
const LISTS: i64 = 5;

/// None for whoever leads no cluster.
pub fn managing(conn: &mut Conn, who: &Who) -> Result<Option<Managing>> {
    let led = who.actor.led();
    if led.is_empty() {
        return Ok(None);
    }
    Ok(Some(Managing {
        last: store::last_import(conn, &led)?,
        lists: store::waiting_lists(conn, &led, LISTS)?,
        pairs: duplicates::count_pairs(conn, who, &led)?,
    }))
}

impl Managing {
    /// The number of open pairs in words.
    pub fn pairs_in_words(&self, f: &Frame) -> String {
        let key = match self.pairs.is_more {
            true => "start-pairs-many",
            false => "start-pairs",
        };
        f.n(key, self.pairs.count)
    }
}

/// A role with the name of the place in which it holds.
pub struct Held {
    pub kind: RoleKind,
    /// None: the whole region.
    pub place: Option<String>,
    /// The page of that place.
    pub path: Option<String>,
    pub since: Day,
    pub until: Option<Day>,
}

/// Roles with the names of their places, in one statement; none without such.
pub fn held(conn: &mut Conn, roles: &[Role]) -> Result<Vec<Held>> {
    let places: HashMap<String, store::Place> = store::places(conn, roles)?;
    let held = |role: &Role| {
        let place = match &role.scope {
            Scope::Region => None,
            Scope::Cluster(id) | Scope::Organisation(id) => places.get(id),
        };
        Held {
            kind: role.kind,
            place: place.map(|p| p.name.clone()),
            path: place.map(|p| format!("/{}/{}", p.area, p.slug)),
            since: role.since,
            until: role.until,
        }
    };
    Ok(roles.iter().map(held).collect())
}

/// Names of clusters and organisations by identifier.
pub fn names(conn: &mut Conn, ids: &[&str]) -> Result<HashMap<String, String>> {
    let places = store::with_ids(conn, ids, ids)?;
    Ok(places.into_iter().map(|(id, p)| (id, p.name)).collect())
}
