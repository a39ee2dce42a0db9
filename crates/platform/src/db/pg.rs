//! PostgreSQL: how a connection is opened, and how a command is run there.

use std::time::Duration;

use super::Conn;
use super::conn::{Engine, PgConn};
use crate::error::{Error, Result};
use crate::log;
use crate::work::{Stamp, Work};

/// How often a command that lost a race is run again.
const TRIES: u32 = 8;

/// How the database that is asked sorts, who sorts for it (`c`: the C library, `i`:
/// ICU; PostgreSQL 15 is the first that says so), and its encoding.
const KIND: &str = "SELECT CAST(datcollate AS TEXT) AS sorts, CAST(datlocprovider AS TEXT) AS provider, \
    CAST(pg_encoding_to_char(encoding) AS TEXT) AS encoding FROM pg_database \
    WHERE datname = current_database()";

/// How a command begins.
pub(super) const BEGIN: &str = "BEGIN";

pub(super) fn open(text: &str) -> Result<Conn> {
    let client = super::address::Address::read(text)?.connect()?;
    let mut conn = Conn::new(Engine::Pg(Box::new(PgConn::new(client))));
    check_kind(&mut conn)?;
    Ok(conn)
}

/// Texts are compared byte by byte and hold any sign, as in SQLite.
///
/// # Errors
/// When the database was created for something else; says how to create one.
fn check_kind(conn: &mut Conn) -> Result<()> {
    let (collation, provider, encoding): (String, String, String) = conn.one(KIND, &[])?;
    let by_bytes = matches!(collation.as_str(), "C" | "POSIX" | "C.UTF-8" | "C.utf8");
    let found = match (provider.as_str(), encoding.as_str()) {
        ("i", _) => "sorts by rules of ICU".to_owned(),
        (_, "UTF8") if by_bytes => return Ok(()),
        (_, "UTF8") => format!("sorts by {collation}"),
        (_, other) => format!("has the encoding {other}"),
    };
    Err(Error::broken(format!(
        "the PostgreSQL database {found}; Kontor needs one created with \
         TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
    )))
}

/// One transaction, run again after a lost race. The first one is begun already.
pub(super) fn write<T>(
    conn: &mut Conn,
    stamp: &Stamp,
    f: &impl Fn(&mut Work<'_>) -> Result<T>,
) -> Result<T> {
    let mut was_outrun = false;
    for attempt in 1..=TRIES {
        if attempt > 1 {
            conn.batch(BEGIN)?;
        }
        match once(conn, stamp, f) {
            // Once only: a rule of uniqueness that says no again means it.
            Err(error) if error.is_outrun() && !was_outrun => was_outrun = true,
            Err(error) if error.is_retryable() && attempt < TRIES => {
                std::thread::sleep(pause(attempt));
            }
            outcome => return outcome,
        }
    }
    Err(Error::TooMany {
        retry_after_s: 2,
        overload: true,
    })
}

fn once<T>(conn: &mut Conn, stamp: &Stamp, f: &impl Fn(&mut Work<'_>) -> Result<T>) -> Result<T> {
    let outcome = (|| {
        let mut work = Work::new(conn, stamp.clone());
        let value = f(&mut work)?;
        let facts = work.into_facts();
        log::append(conn, &facts)?;
        Ok(value)
    })();
    match outcome {
        Ok(value) => conn.batch("COMMIT").map(|()| value),
        Err(error) => {
            conn.batch("ROLLBACK")?;
            Err(error)
        }
    }
}

/// Full jitter between 0 and 5 ms × 2^attempt, at most 200 ms.
fn pause(attempt: u32) -> Duration {
    let most = (5u64 << attempt).min(200) * 1000;
    let mut random = [0u8; 8];
    let _ = getrandom::fill(&mut random);
    Duration::from_micros(u64::from_le_bytes(random) % most)
}
