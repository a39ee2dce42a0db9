//! `kontor doctor` and `kontor reindex`: looking after an installation.

use std::path::Path;

use kontor_platform::config::Config;
use kontor_platform::db::Db;
use kontor_platform::{Clock, Error, Result, log, readers};

use super::super::{server, wiring};
use super::say;
use crate::search;

/// Tells the state of database, log, readers and search; fails when the log's
/// chain is broken.
pub fn doctor(config: &Config, data: &Path) -> Result<()> {
    let db = server::open(config, data, &Clock::system())?;
    let engine = if db.is_shared() {
        "PostgreSQL"
    } else {
        "SQLite"
    };
    say(&format!("database: {engine}"));
    let (head, broken, parked) =
        db.read_now(|conn| Ok((log::head(conn)?, log::verify(conn)?, readers::parked(conn)?)))?;
    say(&format!("activity log: {head} facts"));
    say(&format!("parked facts: {}", parked.len()));
    for p in parked {
        say(&format!(
            "  {}: fact {} ({}): {}",
            p.reader, p.seq, p.kind, p.reason
        ));
    }
    say(&format!("search: {}", index(&db, data)?));
    match broken {
        None => say("hash chain: verified"),
        Some(seq) => {
            return Err(Error::broken(format!(
                "the hash chain is broken at fact {seq}"
            )));
        }
    }
    Ok(())
}

/// The search's index in one line.
fn index(db: &Db, data: &Path) -> Result<String> {
    let Some(state) = search::state(data) else {
        return Ok("no index; the server makes one when it starts".into());
    };
    let (documents, seq) = (state.documents, state.seq);
    let waiting = db.read_now(|conn| {
        if !state.fits(conn)? {
            return Ok(None);
        }
        search::waiting(conn, wiring::SOURCES, seq).map(Some)
    })?;
    Ok(match waiting {
        None => format!("{documents} entries of another log; the server makes a new index"),
        Some(0) => format!("{documents} entries, up to date"),
        Some(n) => format!("{documents} entries up to fact {seq}, {n} facts behind"),
    })
}

/// Throws the search's index away.
pub fn reindex(data: &Path) -> Result<()> {
    if search::reset(data)? {
        say("The search's index is thrown away.");
    } else {
        say("There is no index of the search.");
    }
    say("A running server makes a new one at once, otherwise the next start does.");
    Ok(())
}
