//! Readers of the log: what follows every fact and keeps something of its own
//! up to date. A reader tries a fact that it cannot take in several times, with
//! growing pauses, then parks it where the operator sees it and goes on.
//!
//! Readers know no rooms: a room hands out the neutral kinds below.

use std::time::Duration;

use crate::db::Conn;
use crate::error::Result;
use crate::text::Lang;
use crate::work::Work;
use crate::{params, record, sql};

sql! {
    PARK = "INSERT INTO parked_facts (reader, seq, reason, at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (reader, seq) DO NOTHING";
    UNPARK = "DELETE FROM parked_facts WHERE reader = $1";
    COUNT_PARKED = "SELECT COUNT(*) AS n FROM parked_facts";
    PARKED = "SELECT p.reader, p.seq, COALESCE(l.kind, '') AS kind, p.reason FROM parked_facts p \
        LEFT JOIN log l ON l.seq = p.seq ORDER BY p.seq, p.reader";
}

/// What can be found: an entry of the search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// With the identifier unique over all rooms.
    pub kind: &'static str,
    pub id: String,
    pub title: String,
    /// Other names, acronyms, identifiers elsewhere: found as they are spelled.
    pub names: Vec<String>,
    pub texts: Vec<(Lang, String)>,
    /// Who may find it: opaque words, one of which the asker must have.
    pub audience: Vec<String>,
}

/// A card as it is shown to one asker, from the tables of this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub kind: &'static str,
    pub id: String,
    pub title: String,
    /// Its page, without the language's prefix.
    pub path: String,
    /// What it says of itself, best first: summary, profile, and so on.
    pub texts: Vec<(Lang, String)>,
    /// Short facts, each an icon's name and words.
    pub facts: Vec<(&'static str, String)>,
    /// Marks of what it belongs to: a short sign and its name.
    pub marks: Vec<(String, String)>,
}

/// How often a fact is tried before it is parked.
pub const TRIES: u32 = 5;

/// The pause after a fact has failed so many times: 0.2 s, doubled each time.
pub fn pause(failures: u32) -> Duration {
    Duration::from_millis(200 << failures.saturating_sub(1).min(8))
}

/// Puts a fact aside that a reader could not take in.
pub fn park(work: &mut Work<'_>, reader: &str, seq: i64, reason: &str) -> Result<()> {
    let now = work.now();
    work.run(PARK, params![reader, seq, reason, now]).map(drop)
}

/// Nothing of a reader is parked any more: it has read everything anew.
pub fn unpark(work: &mut Work<'_>, reader: &str) -> Result<()> {
    work.run(UNPARK, params![reader]).map(drop)
}

/// A fact that waits for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    pub reader: String,
    pub seq: i64,
    /// The fact's kind, empty when the log does not reach that far.
    pub kind: String,
    pub reason: String,
}
record!(Parked {
    reader,
    seq,
    kind,
    reason
});

/// How many facts wait for the operator.
pub fn count_parked(conn: &mut Conn) -> Result<i64> {
    Ok(conn.one::<(i64,)>(COUNT_PARKED, params![])?.0)
}

/// Facts that wait for the operator, oldest first.
pub fn parked(conn: &mut Conn) -> Result<Vec<Parked>> {
    conn.all(PARKED, params![])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Migration;
    use crate::testing::{NOW, on_each_engine};
    use crate::work::Stamp;

    const LOG: &[Migration] = &[Migration {
        name: "0001_log",
        sql: include_str!("../../../migrations/0001_log.sql"),
    }];

    #[test]
    fn pauses_grow_and_end() {
        let all: Vec<u128> = (1..TRIES).map(|n| pause(n).as_millis()).collect();
        assert_eq!(all, [200, 400, 800, 1600]);
        assert!(pause(u32::MAX) < Duration::from_secs(60));
    }

    #[test]
    fn a_parked_fact_is_seen_once_until_its_reader_begins_anew() {
        on_each_engine(LOG, |db| {
            db.write_now(Stamp::system(NOW), |work| {
                park(work, "search", 7, "first reason")?;
                park(work, "search", 7, "second reason")?;
                park(work, "other", 7, "its own")
            })
            .unwrap();
            let seen = db.read_now(parked).unwrap();
            let reasons: Vec<&str> = seen.iter().map(|p| p.reason.as_str()).collect();
            assert_eq!(reasons, ["its own", "first reason"]);
            db.write_now(Stamp::system(NOW), |work| unpark(work, "search"))
                .unwrap();
            let left = db.read_now(parked).unwrap();
            assert_eq!(left.len(), 1);
            assert_eq!((left[0].reader.as_str(), left[0].seq), ("other", 7));
        });
    }
}
