//! Readers of the log: each has a name and a cursor; cursor and effect are
//! committed together. A fact that cannot be handled is tried again with
//! back-off, then parked where the operator sees it.
//!
//! Readers know no rooms: a room hands out the neutral kinds below.

use crate::db::Conn;
use crate::error::Result;
use crate::log::{self, Entry};
use crate::time::Instant;
use crate::work::Work;
use crate::{params, sql};

sql! {
    CURSOR = "SELECT seq, failures, retry_at FROM reader_cursors WHERE reader = $1";
    START = "INSERT INTO reader_cursors (reader, seq, failures, retry_at) VALUES ($1, 0, 0, 0) \
        ON CONFLICT (reader) DO NOTHING";
    MOVE = "UPDATE reader_cursors SET seq = $1, failures = 0, retry_at = 0 \
        WHERE reader = $2 AND seq < $1";
    FAIL = "UPDATE reader_cursors SET failures = failures + 1, retry_at = $1 WHERE reader = $2";
    PARK = "INSERT INTO parked_facts (reader, seq, reason, at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (reader, seq) DO NOTHING";
    COUNT_PARKED = "SELECT COUNT(*) AS n FROM parked_facts";
}

/// How often a failing fact is tried before it is parked.
const TRIES: i64 = 5;

/// What is found: a line in the search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Kind and identifier, unique over all rooms.
    pub kind: &'static str,
    pub id: String,
    pub title: String,
    /// Other names, acronyms, former names.
    pub names: Vec<String>,
    pub text: String,
    pub path: String,
    /// Who may find it: opaque words that the asker's own words must meet.
    pub audience: Vec<String>,
    /// Clusters, kinds and the like, for filters.
    pub facets: Vec<(&'static str, String)>,
}

/// Where a reader stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub seq: i64,
    pub failures: i64,
    pub retry_at: i64,
}
crate::record!(Cursor {
    seq,
    failures,
    retry_at
});

/// Where the named reader stands; makes its row when it is new.
pub fn cursor(work: &mut Work<'_>, reader: &str) -> Result<Cursor> {
    work.run(START, params![reader])?;
    work.one(CURSOR, params![reader])
}

/// Hands the next facts to `handle`, at most `limit`, inside one transaction
/// that also moves the cursor. Says how many were handled.
///
/// When a fact fails, nothing of the step is kept: the caller reports it by
/// [`failed`] and calls again with `limit` 1 to get past the good ones.
pub fn step(
    work: &mut Work<'_>,
    reader: &str,
    limit: i64,
    handle: &dyn Fn(&mut Work<'_>, &Entry) -> Result<()>,
) -> Result<usize> {
    let at = cursor(work, reader)?;
    if at.retry_at > work.now().0 {
        return Ok(0);
    }
    let entries = log::after(work, at.seq, limit)?;
    for entry in &entries {
        handle(work, entry)?;
    }
    if let Some(last) = entries.last() {
        work.run(MOVE, params![last.seq, reader])?;
    }
    Ok(entries.len())
}

/// Notes that the next fact of a reader failed; parks it after five tries.
pub fn failed(work: &mut Work<'_>, reader: &str, reason: &str) -> Result<()> {
    let at = cursor(work, reader)?;
    if at.failures + 1 < TRIES {
        let wait_s = 1i64 << at.failures;
        let retry_at = Instant(work.now().0).plus_s(wait_s);
        work.run(FAIL, params![retry_at, reader])?;
        return Ok(());
    }
    if let Some(bad) = log::after(work, at.seq, 1)?.first() {
        let now = work.now();
        work.run(PARK, params![reader, bad.seq, reason, now])?;
        work.run(MOVE, params![bad.seq, reader])?;
    }
    Ok(())
}

/// Facts that wait for the operator.
pub fn count_parked(conn: &mut Conn) -> Result<i64> {
    Ok(conn.one::<(i64,)>(COUNT_PARKED, params![])?.0)
}
