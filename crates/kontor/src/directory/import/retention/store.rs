//! Statements over staged lists.

use kontor_platform::db::Conn;
use kontor_platform::{Instant, Result, params, sql};

sql! {
    CANCEL_OLD = "UPDATE imports SET state = 'cancelled' WHERE state = 'staged' AND created_at < $1";
    NAMING = "SELECT DISTINCT import FROM import_rows WHERE LOWER(draft) LIKE $1";
    CANCEL = "UPDATE imports SET state = 'cancelled' WHERE state = 'staged' AND id = $1";
    DROP_CANCELLED = "DELETE FROM import_rows WHERE import IN \
        (SELECT id FROM imports WHERE state = 'cancelled')";
}

pub fn discard_older(conn: &mut Conn, before: Instant) -> Result<u64> {
    let ended = conn.run(CANCEL_OLD, params![before])?;
    conn.run(DROP_CANCELLED, params![])?;
    Ok(ended)
}

/// Discards staged lists that name this address; says which.
pub fn discard_naming(conn: &mut Conn, address: &str) -> Result<Vec<String>> {
    let needle = format!("%{}%", address.to_lowercase().replace(['%', '_'], "_"));
    let named: Vec<(String,)> = conn.all(NAMING, params![needle])?;
    let named: Vec<String> = named.into_iter().map(|(import,)| import).collect();
    for import in &named {
        conn.run(CANCEL, params![import])?;
    }
    conn.run(DROP_CANCELLED, params![])?;
    Ok(named)
}
