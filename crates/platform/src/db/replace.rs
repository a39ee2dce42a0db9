//! A database is replaced as a whole, or not at all. On PostgreSQL in one
//! transaction; on SQLite by a new file that is swapped in when it is complete.

use std::path::Path;
use std::time::{Duration, Instant};

use super::schema::{self, State, Table, list, quoted};
use super::{Conn, Migration, Source, connect, lite, migrate};
use crate::error::{Error, Result};
use crate::work::{Stamp, Work};
use crate::{log, params};

/// How a database is made anew.
pub struct Plan<'a> {
    /// Every migration of this program.
    pub known: &'a [Migration],
    /// Names of those that the rows to come were written under; the others run
    /// afterwards.
    pub before: &'a [String],
    /// Whether a database in which something has happened may be replaced.
    pub over_filled: bool,
    /// The moment to note on migrations and facts.
    pub at: crate::Instant,
}

/// Fills the empty tables that it is given.
pub type Fill<'a> = &'a mut dyn FnMut(&mut Conn, &[Table]) -> Result<()>;
/// What is still to be done when everything is in place, in the same transaction.
pub type After<'a> = &'a dyn Fn(&mut Work<'_>) -> Result<()>;

/// How long connections that are just being closed are waited for.
const PATIENCE: Duration = Duration::from_secs(3);

/// Says why this database cannot be replaced, if so; changes nothing.
pub fn check(source: &Source, over_filled: bool) -> Result<()> {
    let state = match source {
        Source::Lite(path) if !path.exists() => State::Empty,
        _ => schema::state(&mut connect(source)?)?,
    };
    match state {
        State::Empty => {}
        State::Filled if over_filled => {}
        State::Filled => {
            return Err(Error::broken(
                "the target holds data; --yes replaces all of it",
            ));
        }
        State::Foreign => {
            return Err(Error::broken(
                "the target holds tables that are not Kontor's; name an empty database",
            ));
        }
    }
    match source {
        Source::Lite(path) => lite::is_alone(path),
        Source::Pg(_) => pg_is_alone(&mut connect(source)?),
    }
}

/// Makes the database anew: the migrations that the rows were written under,
/// the rows, the later migrations, what is to be done afterwards.
///
/// # Errors
/// Whatever goes wrong, the database is as it was.
pub fn replace(source: &Source, plan: &Plan<'_>, fill: Fill<'_>, after: After<'_>) -> Result<()> {
    check(source, plan.over_filled)?;
    match source {
        Source::Lite(path) => {
            let new = path.with_extension("sqlite.new");
            let done = lite_file(&new, plan, fill, after).and_then(|()| lite::swap(&new, path));
            if done.is_err() {
                lite::remove(&new)?;
            }
            done
        }
        Source::Pg(_) => {
            let mut conn = connect(source)?;
            conn.batch("BEGIN")?;
            let done = pg_tables(&mut conn, plan, fill, after);
            conn.batch(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
            done
        }
    }
}

fn lite_file(new: &Path, plan: &Plan<'_>, fill: Fill<'_>, after: After<'_>) -> Result<()> {
    lite::remove(new)?;
    crate::secret::write_private(new, b"")?;
    let mut conn = lite::open(new, lite::Role::Writer)?;
    conn.batch("BEGIN IMMEDIATE; PRAGMA defer_foreign_keys = ON;")?;
    let done = rebuild(&mut conn, plan, fill, after);
    conn.batch(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    done?;
    // One file without companions is what gets swapped in.
    conn.batch("PRAGMA journal_mode = DELETE")
}

fn pg_tables(conn: &mut Conn, plan: &Plan<'_>, fill: Fill<'_>, after: After<'_>) -> Result<()> {
    let old: Vec<String> = schema::tables(conn)?.into_iter().map(|t| t.name).collect();
    if !old.is_empty() {
        conn.batch(&format!("DROP TABLE {}", list(&old)))?;
    }
    rebuild(conn, plan, fill, after)
}

fn rebuild(conn: &mut Conn, plan: &Plan<'_>, fill: Fill<'_>, after: After<'_>) -> Result<()> {
    let is_before = |m: &&Migration| plan.before.iter().any(|name| name == m.name);
    migrate::apply_all(conn, plan.known.iter().filter(is_before), plan.at)?;
    let constraints = defer(conn)?;
    let tables = schema::tables(conn)?;
    for table in &tables {
        // Migrations may bring rows of their own; the rows to come hold them too.
        conn.batch(&format!("DELETE FROM {}", quoted(&table.name)))?;
    }
    fill(conn, &tables)?;
    settle(conn, &constraints)?;
    let later = plan.known.iter().filter(|m| !is_before(m));
    migrate::apply_all(conn, later, plan.at)?;
    let mut work = Work::new(conn, Stamp::system(plan.at));
    after(&mut work)?;
    let facts = work.into_facts();
    log::append(conn, &facts)?;
    Ok(())
}

/// Lets foreign keys wait, so that tables may be filled in any order. SQLite
/// needs no more than its pragma.
fn defer(conn: &mut Conn) -> Result<Vec<(String, String)>> {
    if !conn.is_postgres() {
        return Ok(Vec::new());
    }
    let strict: Vec<(String, String)> = conn.all(
        "SELECT CAST(c.relname AS TEXT) AS t, CAST(k.conname AS TEXT) AS n FROM pg_constraint k \
         JOIN pg_class c ON c.oid = k.conrelid \
         JOIN pg_namespace s ON s.oid = c.relnamespace AND s.nspname = current_schema() \
         WHERE k.contype = 'f' AND NOT k.condeferrable",
        params![],
    )?;
    for (table, name) in &strict {
        let (table, name) = (quoted(table), quoted(name));
        conn.batch(&format!(
            "ALTER TABLE {table} ALTER CONSTRAINT {name} DEFERRABLE INITIALLY DEFERRED"
        ))?;
    }
    conn.batch("SET CONSTRAINTS ALL DEFERRED")?;
    Ok(strict)
}

/// Checks what waited, and makes the constraints as strict as they were.
fn settle(conn: &mut Conn, constraints: &[(String, String)]) -> Result<()> {
    if !conn.is_postgres() {
        let broken: Vec<(String,)> = conn.all(
            "SELECT DISTINCT \"table\" AS t FROM pragma_foreign_key_check",
            params![],
        )?;
        return match broken.first() {
            Some((table,)) => Err(Error::broken(format!(
                "{table} has rows that point to nothing"
            ))),
            None => Ok(()),
        };
    }
    conn.batch("SET CONSTRAINTS ALL IMMEDIATE")?;
    for (table, name) in constraints {
        let (table, name) = (quoted(table), quoted(name));
        conn.batch(&format!(
            "ALTER TABLE {table} ALTER CONSTRAINT {name} NOT DEFERRABLE"
        ))?;
    }
    Ok(())
}

fn pg_is_alone(conn: &mut Conn) -> Result<()> {
    let end = Instant::now() + PATIENCE;
    loop {
        let (others,): (i64,) = conn.one(
            "SELECT COUNT(*) AS n FROM pg_stat_activity WHERE datname = current_database() \
             AND application_name = current_setting('application_name') \
             AND pid <> pg_backend_pid()",
            params![],
        )?;
        if others == 0 {
            return Ok(());
        }
        if Instant::now() > end {
            return Err(Error::broken(format!(
                "{others} connections of a running Kontor use this database; stop it first"
            )));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}
