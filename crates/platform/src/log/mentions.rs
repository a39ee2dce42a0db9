//! Nouns that a fact names beside its subject, so that the history of one noun
//! can be read without walking the whole log.
//!
//! Always true: a command that makes many facts of one kind about one noun is
//! mentioned there once, by the first of them and their number.

use std::collections::HashMap;

use super::Entry;
use crate::db::{Conn, FromRow, Query, Row, Val};
use crate::error::Result;
use crate::work::Pending;
use crate::{params, sql};

sql! {
    MENTION = "INSERT INTO log_mentions (id, seq, facts) VALUES ($1, $2, $3)";
}

/// The text of an identifier.
fn is_identifier(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_digit() || (b'a'..=b'f').contains(&b),
        })
}

/// Identifiers in a fact beside its subject. A fact holds no free text, so that
/// every quoted identifier is one.
fn named(fact: &Pending) -> impl Iterator<Item = &str> {
    let parts = fact.body.split('"');
    parts.filter(|part| is_identifier(part) && *part != fact.subject)
}

/// Notes who is named by facts that got the numbers from `first` on.
pub(super) fn note(conn: &mut Conn, facts: &[Pending], first: i64) -> Result<()> {
    let mut places: HashMap<(usize, &str, &str), usize> = HashMap::new();
    let mut runs: Vec<(&str, i64, i64)> = Vec::new();
    for (seq, fact) in (first..).zip(facts) {
        // One stamp is one command: several may share this transaction.
        let command = std::sync::Arc::as_ptr(&fact.stamp) as usize;
        for id in named(fact) {
            let at = *places.entry((command, fact.kind, id)).or_insert_with(|| {
                runs.push((id, seq, 0));
                runs.len() - 1
            });
            runs[at].2 += 1;
        }
    }
    for (id, seq, facts) in runs {
        conn.run(MENTION, params![id, seq, facts])?;
    }
    Ok(())
}

/// A fact about a noun, or the first of several like it.
#[derive(Debug, Clone)]
pub struct Told {
    pub entry: Entry,
    /// How many facts of this kind one command made about the noun.
    pub facts: i64,
}

impl FromRow for Told {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Told {
            entry: Entry::from_row(row)?,
            facts: row.get(8)?,
        })
    }
}

/// Which facts about a noun are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The noun's identifier.
    pub id: &'a str,
    /// Kinds of facts that happened to it.
    pub own: &'a [&'a str],
    /// Kinds of facts that happened to something else and name it.
    pub named: &'a [&'a str],
    /// Only facts with a smaller number than this.
    pub before: i64,
    pub limit: i64,
}

const COLUMNS: &str = "l.seq, l.kind, l.subject, l.actor, l.acting_for, l.at, l.body, l.hash";

/// Facts about a noun, the newest first.
pub fn concerning(conn: &mut Conn, w: &Wanted<'_>) -> Result<Vec<Told>> {
    let mut q =
        Query::new("SELECT seq, kind, subject, actor, acting_for, at, body, hash, facts FROM (");
    if !w.own.is_empty() {
        q.push(&format!(
            "SELECT * FROM (SELECT {COLUMNS}, CAST(1 AS BIGINT) AS facts FROM log l "
        ));
        q.bind("WHERE l.subject = ", Val::Text(w.id.into()));
        rest(&mut q, w, "l.seq", w.own);
        q.push(") own");
    }
    if !w.named.is_empty() {
        if !w.own.is_empty() {
            q.push(" UNION ALL ");
        }
        q.push(&format!("SELECT * FROM (SELECT {COLUMNS}, m.facts AS facts FROM log_mentions m JOIN log l ON l.seq = m.seq "));
        q.bind("WHERE m.id = ", Val::Text(w.id.into()));
        rest(&mut q, w, "m.seq", w.named);
        q.push(") named");
    }
    if w.own.is_empty() && w.named.is_empty() {
        return Ok(Vec::new());
    }
    q.bind(") told ORDER BY seq DESC LIMIT ", Val::Int(w.limit));
    q.all(conn)
}

/// Adds kinds, where to begin and how many: each half is read by its index.
fn rest<'a>(q: &mut Query<'a>, w: &Wanted<'a>, number: &str, kinds: &[&'a str]) {
    q.and(&format!("{number} < "), Val::Int(w.before));
    q.push(" AND l.kind IN (");
    for (i, kind) in kinds.iter().enumerate() {
        q.bind(if i == 0 { "" } else { ", " }, Val::Text((*kind).into()));
    }
    q.bind(
        &format!(") ORDER BY {number} DESC LIMIT "),
        Val::Int(w.limit),
    );
}
