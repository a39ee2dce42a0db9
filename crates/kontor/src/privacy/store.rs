//! The only place that knows the journal of erasures.

use kontor_platform::db::Conn;
use kontor_platform::{Id, Instant, Result, params, record, sql};
use serde::{Deserialize, Serialize};

sql! {
    INSERT = "INSERT INTO erasures (id, account, person, asked_by, at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (id) DO NOTHING";
    ALL = "SELECT id, account, person, asked_by, at FROM erasures ORDER BY at, id";
    COUNT = "SELECT COUNT(*) AS n FROM erasures";
}

/// One erasure: identifiers, nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    pub id: Id<Erasure>,
    pub account: Option<String>,
    pub person: Option<String>,
    /// `self`, `officer` or `retention`.
    pub asked_by: String,
    pub at: Instant,
}
record!(Erasure {
    id,
    account,
    person,
    asked_by,
    at
});

pub fn insert(conn: &mut Conn, e: &Erasure) -> Result<()> {
    conn.run(INSERT, params![e.id, e.account, e.person, e.asked_by, e.at])
        .map(drop)
}

pub fn all(conn: &mut Conn) -> Result<Vec<Erasure>> {
    conn.all(ALL, params![])
}

pub fn count(conn: &mut Conn) -> Result<i64> {
    Ok(conn.one::<(i64,)>(COUNT, params![])?.0)
}
