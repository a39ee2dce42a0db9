//! The table of records that are kept apart.

use kontor_platform::db::{Conn, Query, Val};
use kontor_platform::{Id, Instant, Result, params, record, sql};

use super::super::store::{Pair, ordered};
use crate::directory::model::Organisation;

sql! {
    TAKE_BACK = "DELETE FROM kept_apart WHERE first = $1 AND second = $2";
}

pub struct Row {
    pub first: Id<Organisation>,
    pub second: Id<Organisation>,
    pub at: Instant,
}
record!(Row { first, second, at });

/// Pairs of which one record at least is in one of these clusters, the newest first.
pub fn of_clusters(conn: &mut Conn, clusters: &[&str], most: i64) -> Result<Vec<Row>> {
    let mut q = Query::new(
        "SELECT k.first, k.second, k.at FROM kept_apart k WHERE EXISTS (SELECT 1 FROM memberships m \
         WHERE m.organisation IN (k.first, k.second) AND m.state = 'active' AND m.cluster",
    );
    q.among(clusters);
    q.bind(
        ") ORDER BY k.at DESC, k.first, k.second LIMIT ",
        Val::Int(most),
    );
    q.all(conn)
}

/// Forgets that two records are different; false when nobody has said so.
pub fn take_back(conn: &mut Conn, pair: Pair) -> Result<bool> {
    let (first, second) = ordered(pair.0, pair.1);
    Ok(conn.run(TAKE_BACK, params![first, second])? == 1)
}
