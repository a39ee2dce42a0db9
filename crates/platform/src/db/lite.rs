//! SQLite: how a file is opened, kept tidy and put in another's place.

mod memory;
mod writer;

use std::path::Path;
use std::time::{Duration, Instant};

use super::conn::Engine;
use super::{Conn, DbError};
use crate::error::{Error, Result};
use crate::secret;

pub(super) use writer::Writer;

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Reader,
    Writer,
}

/// Pages that the writer keeps in memory, in KiB.
const WRITER_KIB: i64 = 8192;
pub(super) fn open(path: &Path, role: Role) -> Result<Conn> {
    if !path.exists() {
        // The library would let everybody read what it makes. What it puts beside
        // the file gets the file's own mode.
        drop(secret::open_private(path)?);
    }
    let lite = rusqlite::Connection::open(path)?;
    lite.set_prepared_statement_cache_capacity(400);
    // Without this promise SQLite prepares a statement anew whenever a bound
    // value could change its plan: at every call, for most of ours.
    lite.set_db_config(
        rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG,
        true,
    )?;
    let cache_kib = match role {
        Role::Writer => WRITER_KIB,
        Role::Reader => 2048,
    };
    lite.execute_batch(&format!(
        "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
         PRAGMA foreign_keys = ON; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY; \
         PRAGMA secure_delete = ON; \
         PRAGMA cache_size = -{cache_kib};"
    ))?;
    if role == Role::Reader {
        lite.execute_batch("PRAGMA query_only = ON;")?;
    }
    Ok(Conn::new(Engine::Lite(lite)))
}

/// How long a connection that is just being closed is waited for.
const PATIENCE: Duration = Duration::from_secs(3);

/// Says whether somebody else has the file open. Leaving the write-ahead log
/// needs the file for oneself, so that is what is tried.
pub(super) fn is_alone(path: &Path) -> Result<()> {
    if !path.exists() {
        return Ok(());
    }
    let lite = rusqlite::Connection::open(path)?;
    lite.busy_timeout(Duration::from_millis(50))?;
    let end = Instant::now() + PATIENCE;
    loop {
        let mode = lite.pragma_update_and_check(None, "journal_mode", "DELETE", |row| {
            row.get::<_, String>(0)
        });
        match mode.map_err(DbError::from) {
            Ok(mode) if mode == "delete" => return Ok(()),
            Err(error) if !error.is_busy() => return Err(error.into()),
            _ if Instant::now() > end => {
                return Err(Error::broken(format!(
                    "another process uses {}; stop the server first",
                    path.display()
                )));
            }
            _ => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}

/// Moves the write-ahead log into the file and empties it, so that what was
/// deleted lies in neither (`secure_delete` overwrites it in the pages). Whoever
/// reads an older state at this moment keeps it from being done: then the next
/// time does it.
pub(super) fn tidy(path: &Path) -> Result<()> {
    let conn = open(path, Role::Writer)?;
    if let Engine::Lite(lite) = &conn.engine {
        lite.busy_timeout(Duration::from_secs(2))?;
        lite.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    }
    Ok(())
}

/// Puts a complete file in the place of another, which nobody may have open.
pub(super) fn swap(new: &Path, old: &Path) -> Result<()> {
    is_alone(old)?;
    std::fs::File::open(new)?.sync_all()?;
    std::fs::rename(new, old)?;
    if let Some(folder) = old.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Removes a file with its companions, if it is there.
pub(super) fn remove(path: &Path) -> Result<()> {
    for end in ["", "-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        match std::fs::remove_file(name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_new_file_and_what_lies_beside_it_are_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let open_mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(folder.path(), open_mode).unwrap();
        let path = folder.path().join("new.sqlite");
        let mut conn = open(&path, Role::Writer).unwrap();
        conn.batch("CREATE TABLE t (n BIGINT PRIMARY KEY)").unwrap();
        let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(files.len(), 3, "the file, its log and its index");
        for file in files {
            let mode = file.unwrap().metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn what_was_deleted_lies_in_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tidy.sqlite");
        let mut conn = open(&path, Role::Writer).unwrap();
        let holds = || {
            let files = std::fs::read_dir(folder.path()).unwrap();
            let files = files.map(|f| std::fs::read(f.unwrap().path()).unwrap());
            let needle = b"polat@leitwerk.example";
            let at = |bytes: Vec<u8>| bytes.windows(needle.len()).any(|w| w == needle);
            files.into_iter().any(at)
        };
        conn.batch(
            "CREATE TABLE people (mail TEXT PRIMARY KEY); INSERT INTO people VALUES \
             ('polat@leitwerk.example'), ('somebody@else.example')",
        )
        .unwrap();
        tidy(&path).unwrap();
        assert!(holds(), "it can be seen while it is there");
        conn.batch("DELETE FROM people WHERE mail LIKE 'polat%'")
            .unwrap();
        assert!(holds(), "the log before the deletion");
        tidy(&path).unwrap();
        assert!(!holds());
    }
}
