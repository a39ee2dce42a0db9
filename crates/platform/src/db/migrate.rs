//! Migrations: numbered SQL texts, valid on both engines, run once each in
//! one transaction, held to their checksum afterwards.

use super::{Conn, schema};
use crate::error::{Error, Result};
use crate::params;
use crate::secret;

/// One migration: its file name without `.sql`, and its text.
#[derive(Clone, Copy)]
pub struct Migration {
    pub name: &'static str,
    pub sql: &'static str,
}

const TABLE: &str = "CREATE TABLE IF NOT EXISTS migrations (\
    name TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)";

/// Names and checksums of the migrations that this database has; looks and
/// changes nothing.
pub fn applied(conn: &mut Conn) -> Result<Vec<(String, String)>> {
    let there: (i64,) = conn.one(
        if conn.is_postgres() {
            "SELECT COUNT(*) AS n FROM pg_tables \
             WHERE schemaname = current_schema() AND tablename = 'migrations'"
        } else {
            "SELECT COUNT(*) AS n FROM sqlite_schema WHERE type = 'table' AND name = 'migrations'"
        },
        params![],
    )?;
    if there.0 == 0 {
        return Ok(Vec::new());
    }
    conn.all(
        "SELECT name, checksum FROM migrations ORDER BY name",
        params![],
    )
}

/// Names of the migrations that are still to be run. A database that knows
/// a migration which this program does not is from a newer version: refused.
pub fn pending(conn: &mut Conn, known: &[Migration]) -> Result<Vec<Migration>> {
    let done = applied(conn)?;
    for (name, checksum) in &done {
        match known.iter().find(|m| m.name == name) {
            None => {
                return Err(Error::broken(format!(
                    "this data was written by a newer Kontor (migration {name} is unknown here); \
                     start that version, or restore a backup from before its update"
                )));
            }
            Some(m) if secret::hash(m.sql) != *checksum => {
                return Err(Error::broken(format!(
                    "migration {name} was changed after it had been applied"
                )));
            }
            Some(_) => {}
        }
    }
    Ok(known
        .iter()
        .filter(|m| !done.iter().any(|(name, _)| name == m.name))
        .copied()
        .collect())
}

/// Runs what is pending; says how many were run. `at` is the moment to note.
pub fn run(conn: &mut Conn, known: &[Migration], at: crate::Instant) -> Result<usize> {
    let waiting = pending(conn, known)?;
    if applied(conn)?.is_empty() && schema::state(conn)? == schema::State::Foreign {
        return Err(Error::broken(
            "the database holds tables that are not Kontor's; name one of its own",
        ));
    }
    conn.batch(TABLE)?;
    for migration in &waiting {
        conn.batch(if conn.is_postgres() {
            "BEGIN"
        } else {
            "BEGIN IMMEDIATE"
        })?;
        let done = apply(conn, migration, at);
        conn.batch(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
        done.map_err(|e| Error::broken(format!("migration {}: {e}", migration.name)))?;
    }
    Ok(waiting.len())
}

/// Runs these inside the transaction that is open, in their order.
pub(super) fn apply_all<'m>(
    conn: &mut Conn,
    migrations: impl Iterator<Item = &'m Migration>,
    at: crate::Instant,
) -> Result<()> {
    conn.batch(TABLE)?;
    for migration in migrations {
        apply(conn, migration, at)
            .map_err(|e| Error::broken(format!("migration {}: {e}", migration.name)))?;
    }
    Ok(())
}

fn apply(conn: &mut Conn, migration: &Migration, at: crate::Instant) -> Result<()> {
    if conn.is_postgres() {
        // Two nodes may start at once: the second waits here, then finds it done.
        conn.batch("LOCK TABLE migrations IN EXCLUSIVE MODE")?;
        let there: Option<(String,)> = conn.first(
            "SELECT name FROM migrations WHERE name = $1",
            params![migration.name],
        )?;
        if there.is_some() {
            return Ok(());
        }
    }
    conn.batch(migration.sql)?;
    conn.run(
        "INSERT INTO migrations (name, checksum, applied_at) VALUES ($1, $2, $3)",
        params![migration.name, secret::hash(migration.sql), at],
    )?;
    Ok(())
}
