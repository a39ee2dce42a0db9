//! `kontor reindex`, and what the doctor says of the search.

use std::path::Path;

use kontor_platform::config::Config;
use kontor_platform::db::Conn;
use kontor_platform::work::Stamp;
use kontor_platform::{Clock, Result};

use super::{counted, say};
use crate::app::{server, wiring};
use crate::directory;
use crate::search;

/// The search's index in one line.
pub fn index(conn: &mut Conn, data: &Path) -> Result<String> {
    let Some(state) = search::state(data) else {
        return Ok("no index; the server makes one when it starts".into());
    };
    let (documents, seq) = (state.documents, state.seq);
    let waiting = if state.fits(conn)? {
        Some(search::waiting(conn, wiring::SOURCES, seq)?)
    } else {
        None
    };
    Ok(match waiting {
        None => format!("{documents} entries of another log; the server makes a new index"),
        Some(0) => format!("{documents} entries, up to date"),
        Some(n) => {
            let n = counted(i64::try_from(n).unwrap_or(i64::MAX), "fact", "facts");
            format!("{documents} entries up to fact {seq}, {n} behind")
        }
    })
}

/// Files the directory's lists and figures anew and throws the search's index
/// away.
pub fn reindex(config: &Config, data: &Path) -> Result<()> {
    let clock = Clock::system();
    let db = server::open_existing(config, data, &clock)?;
    db.write_now(Stamp::system(clock.now()), |work| {
        directory::refile_all(work)?;
        directory::recount(work)
    })?;
    say("Lists and figures of the directory are made anew.");
    if search::reset(data)? {
        say("The search's index is thrown away.");
    } else {
        say("There is no index of the search.");
    }
    say("A running server makes a new one at once, otherwise the next start does.");
    Ok(())
}
