//! Statements over staged lists.

use std::collections::BTreeSet;

use kontor_platform::db::Conn;
use kontor_platform::{Instant, Result, params, sql};

sql! {
    /// An undoing that was interrupted and never begun again.
    DROP_RUNS = "DELETE FROM import_runs WHERE seen_at < $1 AND import IN \
        (SELECT id FROM imports WHERE state = 'applied')";
    CANCEL_OLD = "UPDATE imports SET state = 'cancelled' WHERE state = 'staged' AND created_at < $1";
    NAMING = "SELECT DISTINCT import FROM import_rows WHERE LOWER(draft) LIKE $1";
    WAITING = "SELECT DISTINCT i.created_at FROM imports i JOIN import_rows r ON r.import = i.id \
        WHERE i.state = 'staged' AND LOWER(r.draft) LIKE $1 ORDER BY i.created_at";
    NAMED = "SELECT draft FROM import_rows WHERE draft LIKE '%@%'";
    CANCEL = "UPDATE imports SET state = 'cancelled' WHERE state = 'staged' AND id = $1";
    DROP_CANCELLED = "DELETE FROM import_rows WHERE import IN \
        (SELECT id FROM imports WHERE state = 'cancelled')";
    /// What a killed process had noted of a list that was never applied.
    DROP_NOTES = "DELETE FROM import_changes WHERE import IN \
        (SELECT id FROM imports WHERE state = 'cancelled' AND created_at < $1)";
    DROP_KEYS = "DELETE FROM row_keys WHERE import IN \
        (SELECT id FROM imports WHERE state = 'cancelled' AND created_at < $1)";
    /// What a killed process had not forgotten yet of a list that was taken back.
    DROP_UNDONE_KEYS = "DELETE FROM row_keys WHERE import IN \
        (SELECT id FROM imports WHERE state = 'undone')";
}

pub fn discard_older(conn: &mut Conn, before: Instant) -> Result<u64> {
    let ended = conn.run(CANCEL_OLD, params![before])?;
    conn.run(DROP_CANCELLED, params![])?;
    conn.run(DROP_NOTES, params![before])?;
    conn.run(DROP_KEYS, params![before])?;
    conn.run(DROP_UNDONE_KEYS, params![])?;
    conn.run(DROP_RUNS, params![before])?;
    Ok(ended)
}

fn needle(address: &str) -> String {
    format!("%{}%", address.to_lowercase().replace(['%', '_'], "_"))
}

/// When the staged lists that name this address came in.
pub fn naming(conn: &mut Conn, address: &str) -> Result<Vec<Instant>> {
    let rows: Vec<(Instant,)> = conn.all(WAITING, params![needle(address)])?;
    Ok(rows.into_iter().map(|(at,)| at).collect())
}

/// Every address, in lower case, that a line of a list names.
pub fn addresses(conn: &mut Conn) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    conn.each(NAMED, params![], |row| {
        let draft: String = row.get(0)?;
        let parts = draft.split(|c: char| c.is_whitespace() || "\\\"';,:|<>()[]{}".contains(c));
        found.extend(parts.filter(|p| p.contains('@')).map(str::to_lowercase));
        Ok(())
    })?;
    Ok(found)
}

/// Discards staged lists that name this address; says which.
pub fn discard_naming(conn: &mut Conn, address: &str) -> Result<Vec<String>> {
    let named: Vec<(String,)> = conn.all(NAMING, params![needle(address)])?;
    let named: Vec<String> = named.into_iter().map(|(import,)| import).collect();
    for import in &named {
        conn.run(CANCEL, params![import])?;
    }
    conn.run(DROP_CANCELLED, params![])?;
    Ok(named)
}
