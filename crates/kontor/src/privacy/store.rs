//! The only place that knows the journal of erasures.

use kontor_platform::db::{Conn, schema};
use kontor_platform::{Id, Instant, Result, params, record, sql};
use serde::{Deserialize, Serialize};

sql! {
    INSERT = "INSERT INTO erasures (id, account, person, asked_by, at, address) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING";
    ALL = "SELECT id, account, person, asked_by, at, address FROM erasures ORDER BY at, id";
    /// The same of a database from before the marks of addresses.
    ALL_UNMARKED = "SELECT id, account, person, asked_by, at, NULL AS address FROM erasures \
        ORDER BY at, id";
    COUNT = "SELECT COUNT(*) AS n FROM erasures";
}

/// One erasure: identifiers and a keyed mark, nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    pub id: Id<Erasure>,
    pub account: Option<String>,
    pub person: Option<String>,
    /// `self` or `officer`.
    pub asked_by: String,
    pub at: Instant,
    /// The mark of the address, in lower case: nobody reads it back, but who holds
    /// the server's secret can tell whether an address is the one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}
record!(Erasure {
    id,
    account,
    person,
    asked_by,
    at,
    address
});

impl Erasure {
    /// Of an address without a record of its own, by its mark.
    pub fn of_address(mark: String, asked_by: &str, at: Instant) -> Erasure {
        Erasure {
            id: Id::new(),
            account: None,
            person: None,
            asked_by: asked_by.to_owned(),
            at,
            address: Some(mark),
        }
    }
}

pub fn insert(conn: &mut Conn, e: &Erasure) -> Result<()> {
    conn.run(
        INSERT,
        params![e.id, e.account, e.person, e.asked_by, e.at, e.address],
    )
    .map(drop)
}

pub fn all(conn: &mut Conn) -> Result<Vec<Erasure>> {
    conn.all(ALL, params![])
}

/// The erasures of any database of ours, also one of an earlier version or an
/// empty one.
pub fn all_of_any(conn: &mut Conn) -> Result<Vec<Erasure>> {
    let tables = schema::tables(conn)?;
    let Some(table) = tables.iter().find(|t| t.name == "erasures") else {
        return Ok(Vec::new());
    };
    if table.columns.iter().any(|c| c == "address") {
        all(conn)
    } else {
        conn.all(ALL_UNMARKED, params![])
    }
}

pub fn count(conn: &mut Conn) -> Result<i64> {
    Ok(conn.one::<(i64,)>(COUNT, params![])?.0)
}
