//! The table of former names.

use std::collections::HashMap;

use kontor_platform::db::{Conn, Query};
use kontor_platform::{Id, Instant, Result, params, sql};

use crate::directory::model::Organisation;

sql! {
    INSERT = "INSERT INTO former_names (organisation, name_key, name, at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (organisation, name_key) DO NOTHING";
    DELETE = "DELETE FROM former_names WHERE organisation = $1 AND name_key = $2";
    ALL = "SELECT organisation, name_key FROM former_names ORDER BY organisation, name_key";
    /// Those of the one that the other does not have.
    KEYS = "SELECT name_key FROM former_names WHERE organisation = $1 AND name_key NOT IN \
        (SELECT name_key FROM former_names WHERE organisation = $2) ORDER BY name_key";
    MOVE = "UPDATE former_names SET organisation = $1 WHERE organisation = $2 AND name_key = $3";
}

/// False when it was noted before.
pub fn insert(
    conn: &mut Conn,
    id: Id<Organisation>,
    key: &str,
    name: &str,
    at: Instant,
) -> Result<bool> {
    Ok(conn.run(INSERT, params![id, key, name, at])? == 1)
}

pub fn delete(conn: &mut Conn, id: Id<Organisation>, key: &str) -> Result<()> {
    conn.run(DELETE, params![id, key]).map(drop)
}

/// Every former name as it compares, with its organisation.
pub fn all(conn: &mut Conn) -> Result<Vec<(Id<Organisation>, String)>> {
    conn.all(ALL, params![])
}

/// Former names of these organisations as they compare.
pub fn of(
    conn: &mut Conn,
    ids: &[Id<Organisation>],
) -> Result<HashMap<Id<Organisation>, Vec<String>>> {
    let mut q = Query::new("SELECT organisation, name_key FROM former_names WHERE organisation");
    q.among(ids);
    q.push(" ORDER BY organisation, name_key");
    let mut found: HashMap<_, Vec<String>> = HashMap::new();
    for (id, key) in q.all::<(Id<Organisation>, String)>(conn)? {
        found.entry(id).or_default().push(key);
    }
    Ok(found)
}

/// Former names of the loser of a merge that the winner does not have.
pub fn keys(
    conn: &mut Conn,
    loser: Id<Organisation>,
    winner: Id<Organisation>,
) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn.all(KEYS, params![loser, winner])?;
    Ok(rows.into_iter().map(|(key,)| key).collect())
}

/// Moves former names from one record to another.
pub fn hand_over(
    conn: &mut Conn,
    keys: &[String],
    from: Id<Organisation>,
    to: Id<Organisation>,
) -> Result<()> {
    for key in keys {
        conn.run(MOVE, params![to, from, key])?;
    }
    Ok(())
}
