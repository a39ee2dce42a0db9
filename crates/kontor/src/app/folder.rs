//! The data folder: who has it to themselves, and whether an installation is
//! there.
//!
//! Words: a process *holds* a folder while it serves its data; a folder has an
//! *installation* once its database has been made. Always true: of two servers on
//! one folder one is refused; a command that needs an installation begins none.

use std::fs::{File, TryLockError};
use std::io::{Read, Write};
use std::path::Path;

use kontor_platform::config::Config;
use kontor_platform::db::schema::{self, State};
use kontor_platform::db::{Conn, Source, connect, migrate};
use kontor_platform::{Error, Result, secret};

/// The file that is locked while a server runs. It stays when that has ended:
/// the lock counts, and it ends with its process, however that ends.
pub const LOCK_FILE: &str = "kontor.lock";

/// A folder that is held until this value is dropped.
#[derive(Debug)]
pub struct Held {
    _lock: File,
}

/// Holds a data folder, and makes it when it is not there.
///
/// # Errors
/// When another process holds it; says what to do.
pub fn hold(data: &Path) -> Result<Held> {
    secret::private_folder(data)?;
    let path = data.join(LOCK_FILE);
    let named = |e: std::io::Error| Error::broken(format!("{}: {e}", path.display()));
    let mut lock = secret::open_private(&path).map_err(named)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(in_use(data, &mut lock)),
        Err(TryLockError::Error(e)) => {
            return Err(Error::broken(format!(
                "{} cannot be locked ({e}): the data folder must lie on a disk that knows locks",
                path.display()
            )));
        }
    }
    // For whoever is refused; another process may read it.
    lock.set_len(0).map_err(named)?;
    writeln!(lock, "{}", std::process::id()).map_err(named)?;
    Ok(Held { _lock: lock })
}

fn in_use(data: &Path, lock: &mut File) -> Error {
    let mut process = String::new();
    // Where the number cannot be read the sentence goes without it.
    let _ = lock.read_to_string(&mut process);
    let process = match process.trim() {
        "" => String::new(),
        number => format!(" (process {number})"),
    };
    Error::broken(format!(
        "the data folder {} is in use: another kontor serve or kontor demo{process} runs on it; \
         stop that one first, or give this one a folder of its own with --data",
        data.display()
    ))
}

/// The file that says that a folder's data lie on a PostgreSQL server.
const ELSEWHERE: &str = "database.elsewhere";

/// Where the data of a folder lie.
///
/// # Errors
/// When the configuration names no server, and the folder belongs to an installation
/// on one: a command without the server's environment would begin a second
/// installation beside it.
pub fn source(config: &Config, data: &Path) -> Result<Source> {
    let source = config.source(data);
    let mark = data.join(ELSEWHERE);
    if matches!(source, Source::Lite(_)) && mark.exists() {
        return Err(Error::broken(format!(
            "the data of {} lie on a PostgreSQL server, and nothing says which: set \
             KONTOR_DATABASE_URL (database_url) as for the server's own process; to go on with \
             SQLite in this folder instead, delete {}",
            data.display(),
            mark.display()
        )));
    }
    Ok(source)
}

/// Notes in the folder that its data lie on a server; never which one, the address
/// may hold a password.
pub fn note_elsewhere(source: &Source, data: &Path) -> Result<()> {
    let mark = data.join(ELSEWHERE);
    if matches!(source, Source::Lite(_)) || mark.exists() {
        return Ok(());
    }
    secret::write_private(
        &mark,
        b"The data of this folder lie on a PostgreSQL server.\n",
    )
}

/// A connection to an installation; `None` where there is none. Makes nothing.
pub fn installation(source: &Source) -> Result<Option<Conn>> {
    if matches!(source, Source::Lite(path) if !path.exists()) {
        return Ok(None);
    }
    let mut conn = connect(source)?;
    let is_ours = schema::state(&mut conn)? != State::Foreign;
    Ok((is_ours && !migrate::applied(&mut conn)?.is_empty()).then_some(conn))
}

/// A connection to an installation that must be there.
///
/// # Errors
/// When there is none: most likely the folder is mistyped.
pub fn existing(config: &Config, data: &Path) -> Result<Conn> {
    let source = source(config, data)?;
    installation(&source)?.ok_or_else(|| nothing(&source, data))
}

/// What is said where there is no installation.
pub fn nothing(source: &Source, data: &Path) -> Error {
    Error::broken(match source {
        Source::Lite(_) => format!(
            "there is no data in {}: name the installation's folder with --data (kontor serve \
             begins a new one)",
            data.display()
        ),
        Source::Pg(_) => "there is no data of Kontor in the database that database_url names: \
                          look at its name (kontor serve begins a new installation)"
            .into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_held_by_one_until_it_lets_go() {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("new/data");
        let held = hold(&data).unwrap();
        let said = hold(&data).unwrap_err().to_string();
        for part in ["is in use", &std::process::id().to_string(), "--data"] {
            assert!(said.contains(part), "{part}: {said}");
        }
        drop(held);
        hold(&data).unwrap();
    }

    #[test]
    fn a_folder_of_an_installation_on_a_server_begins_no_other() {
        let data = tempfile::tempdir().unwrap();
        let mut config = Config {
            database_url: "postgres://kontor:secret@db.example.org/kontor".into(),
            ..Config::default()
        };
        let there = source(&config, data.path()).unwrap();
        note_elsewhere(&there, data.path()).unwrap();
        source(&config, data.path()).unwrap();
        config.database_url.clear();
        let said = source(&config, data.path()).map(drop).unwrap_err();
        assert!(said.to_string().contains("KONTOR_DATABASE_URL"), "{said}");
        let mark = data.path().join(ELSEWHERE);
        assert!(!std::fs::read_to_string(&mark).unwrap().contains("secret"));
        std::fs::remove_file(mark).unwrap();
        source(&config, data.path()).unwrap();
    }

    #[test]
    fn looking_for_an_installation_makes_none() {
        let data = tempfile::tempdir().unwrap();
        let config = Config::default();
        let said = existing(&config, data.path()).map(drop).unwrap_err();
        assert!(said.to_string().contains("there is no data in"), "{said}");
        assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 0);
    }
}
