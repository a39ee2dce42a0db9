//! The activity log: every announced fact in the order of its commit, without
//! gaps, chained by hashes so that a later change shows.
//!
//! Numbers come from one row (`log_head`), taken as the last lock before the
//! commit: a reader that has seen number n has seen every lower number.

mod mentions;

use sha2::{Digest, Sha256};

use crate::db::{Conn, Val, insert_many};
use crate::error::{Error, Result};
use crate::secret::hex;
use crate::time::Instant;
use crate::work::Pending;
use crate::{params, record, sql};

pub use mentions::{Told, Wanted, concerning};

sql! {
    ADVANCE = "UPDATE log_head SET seq = seq + $1 WHERE id = 1 RETURNING seq, hash";
    HOLD = "UPDATE log_head SET seq = seq WHERE id = 1";
    SEAL = "UPDATE log_head SET hash = $1 WHERE id = 1";
    AFTER = "SELECT seq, kind, subject, actor, acting_for, at, body, hash FROM log \
        WHERE seq > $1 ORDER BY seq LIMIT $2";
    OF_SUBJECT = "SELECT seq, kind, subject, actor, acting_for, at, body, hash FROM log \
        WHERE subject = $1 ORDER BY seq DESC LIMIT $2";
    ABOUT = "SELECT seq, kind, subject, actor, acting_for, at, body, hash FROM log \
        WHERE seq IN (SELECT seq FROM log WHERE subject = $1 UNION SELECT seq FROM log WHERE actor = $1) \
        ORDER BY seq DESC LIMIT $2";
    SUBJECTS_AFTER = "SELECT DISTINCT subject FROM log WHERE seq > $1 AND kind LIKE $2 || '%'";
    HAS_AFTER = "SELECT COUNT(*) AS n FROM (SELECT seq FROM log WHERE seq > $1 AND kind LIKE $2 || '%' \
        LIMIT 1) l";
    HEAD = "SELECT seq, hash FROM log_head WHERE id = 1";
}

/// The table that facts are appended to: beginning and columns.
const APPEND: (&str, usize) = (
    "INSERT INTO log (seq, kind, subject, actor, acting_for, at, body, hash)",
    8,
);
/// Facts that are handed to the database at once.
const AT_ONCE: usize = 1000;

/// Keeps every other command from committing until this one has: for a command
/// that writes on the strength of what the log says now. On SQLite there is only
/// one writer anyway.
pub fn hold(conn: &mut Conn) -> Result<()> {
    conn.run(HOLD, params![]).map(drop)
}

/// A fact as the log keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the order of commits, from 1, without gaps.
    pub seq: i64,
    /// `room.what_happened`.
    pub kind: String,
    /// The identifier of the noun it happened to.
    pub subject: String,
    pub actor: Option<String>,
    pub acting_for: Option<String>,
    pub at: Instant,
    /// The fact as JSON: identifiers only.
    pub body: String,
    /// SHA-256 over the previous hash and this entry.
    pub hash: String,
}

record!(Entry {
    seq,
    kind,
    subject,
    actor,
    acting_for,
    at,
    body,
    hash
});

impl Entry {
    /// The fact itself.
    pub fn fact<F: serde::de::DeserializeOwned>(&self) -> Result<F> {
        Ok(serde_json::from_str(&self.body)?)
    }
}

/// Appends facts as the last statements before a commit; says the last number.
pub(crate) fn append(conn: &mut Conn, facts: &[Pending]) -> Result<i64> {
    if facts.is_empty() {
        return Ok(0);
    }
    let count = i64::try_from(facts.len()).map_err(|e| Error::Broken(Box::new(e)))?;
    let (last, mut hash): (i64, String) = conn.one(ADVANCE, params![count])?;
    let mut seq = last - count;
    let mut values = Vec::with_capacity(facts.len().min(AT_ONCE) * APPEND.1);
    for facts in facts.chunks(AT_ONCE) {
        values.clear();
        for fact in facts {
            seq += 1;
            let stamp = &fact.stamp;
            let (actor, body) = (stamp.actor.as_deref(), stamp.acting_for.as_deref());
            hash = chained(
                &hash,
                seq,
                fact.kind,
                &fact.subject,
                actor,
                body,
                stamp.at,
                &fact.body,
            );
            let optional = |text: Option<&'_ str>| match text {
                Some(text) => Val::Text(text.to_owned().into()),
                None => Val::Null,
            };
            values.extend([
                Val::Int(seq),
                Val::Text(fact.kind.into()),
                Val::Text(fact.subject.as_str().into()),
                optional(actor),
                optional(body),
                Val::Int(stamp.at.0),
                Val::Text(fact.body.as_str().into()),
                Val::Text(hash.clone().into()),
            ]);
        }
        insert_many(conn, APPEND, &values)?;
    }
    mentions::note(conn, facts, last - count + 1)?;
    conn.run(SEAL, params![hash])?;
    Ok(seq)
}

/// Facts after number `seq`, oldest first.
pub fn after(conn: &mut Conn, seq: i64, limit: i64) -> Result<Vec<Entry>> {
    conn.all(AFTER, params![seq, limit])
}

/// What happened to one noun, newest first.
pub fn of_subject(conn: &mut Conn, subject: &str, limit: i64) -> Result<Vec<Entry>> {
    conn.all(OF_SUBJECT, params![subject, limit])
}

/// What somebody did and what happened to them, newest first.
pub fn about(conn: &mut Conn, id: &str, limit: i64) -> Result<Vec<Entry>> {
    conn.all(ABOUT, params![id, limit])
}

/// The nouns to which something happened after number `seq`, of kinds that begin
/// with `kinds`.
pub fn subjects_after(conn: &mut Conn, seq: i64, kinds: &str) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn.all(SUBJECTS_AFTER, params![seq, kinds])?;
    Ok(rows.into_iter().map(|(subject,)| subject).collect())
}

/// Whether anything happened after number `seq` of kinds that begin with `kinds`.
pub fn has_after(conn: &mut Conn, seq: i64, kinds: &str) -> Result<bool> {
    Ok(conn.one::<(i64,)>(HAS_AFTER, params![seq, kinds])?.0 > 0)
}

/// The number of the newest fact, 0 when nothing has happened.
pub fn head(conn: &mut Conn) -> Result<i64> {
    Ok(conn.one::<(i64, String)>(HEAD, params![])?.0)
}

/// The number of the newest fact and the hash that seals the chain.
pub fn sealed(conn: &mut Conn) -> Result<(i64, String)> {
    conn.one(HEAD, params![])
}

/// Walks the whole chain; says the first number that does not fit (INV-26).
pub fn verify(conn: &mut Conn) -> Result<Option<i64>> {
    let (mut seq, mut hash) = (0, String::new());
    loop {
        let entries = after(conn, seq, 1000)?;
        if entries.is_empty() {
            let (head, sealed): (i64, String) = conn.one(HEAD, params![])?;
            return Ok((head != seq || sealed != hash).then_some(seq + 1));
        }
        for e in entries {
            let expected = chained(
                &hash,
                seq + 1,
                &e.kind,
                &e.subject,
                e.actor.as_deref(),
                e.acting_for.as_deref(),
                e.at,
                &e.body,
            );
            if e.seq != seq + 1 || e.hash != expected {
                return Ok(Some(seq + 1));
            }
            seq = e.seq;
            hash = e.hash;
        }
    }
}

#[allow(clippy::too_many_arguments)]
fn chained(
    previous: &str,
    seq: i64,
    kind: &str,
    subject: &str,
    actor: Option<&str>,
    acting_for: Option<&str>,
    at: Instant,
    body: &str,
) -> String {
    let mut sha = Sha256::new();
    let numbers = [seq.to_string(), at.0.to_string()];
    let parts = [
        previous,
        &numbers[0],
        kind,
        subject,
        actor.unwrap_or(""),
        acting_for.unwrap_or(""),
        &numbers[1],
        body,
    ];
    for part in parts {
        // The length keeps "ab" + "c" apart from "a" + "bc".
        sha.update((part.len() as u64).to_le_bytes());
        sha.update(part.as_bytes());
    }
    hex(&sha.finalize())
}
