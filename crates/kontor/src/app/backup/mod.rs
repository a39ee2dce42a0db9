//! Backups: one file that holds everything, for either engine.
//!
//! Words: an *archive* is a gzipped tar whose first entry, the *manifest*, names
//! and hashes all others: the server's secret, a file of JSON lines per table,
//! the uploaded files. Always true: an archive shows one moment of the database;
//! only its owner can read it; it bears its final name only when it is complete;
//! nothing is touched by a restore before every hash has been compared.

mod manifest;
mod read;
mod restore;
mod write;

use std::path::{Path, PathBuf};

use kontor_platform::config::Config;
use kontor_platform::db::{Source, connect, migrate};
use kontor_platform::{Clock, Instant, Result, log, secret};

use super::{folder, server, wiring};
pub use manifest::{FORMAT, Manifest};
pub use read::verify;
pub use restore::{Restored, refuse_unfinished, restore};
pub use write::{Made, write};

/// How the names of archives end.
pub const ENDING: &str = ".kontor.tar.gz";
/// Archives from before an update that are kept.
const KEPT_BEFORE_UPDATES: usize = 5;
const BEFORE: &str = "before-";

/// The folder of a data folder's own archives.
pub fn folder(data: &Path) -> PathBuf {
    data.join("backups")
}

/// An archive's name: what it is of, and when it was made.
pub fn name(of: &str, at: Instant) -> String {
    let time: String = at
        .rfc3339()
        .chars()
        .take(19)
        .filter(|c| !matches!(c, '-' | ':'))
        .collect();
    format!("{of}-{time}Z{ENDING}")
}

/// Archives of a folder whose names begin so, oldest first, with the moment
/// that each name tells.
pub fn archives(folder: &Path, beginning: &str) -> Result<Vec<(Instant, PathBuf)>> {
    let mut found = Vec::new();
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(found),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|n| n.starts_with(beginning)) else {
            continue;
        };
        if let Some(at) = moment(name) {
            found.push((at, entry.path()));
        }
    }
    found.sort();
    Ok(found)
}

/// When the newest archive of a folder was made; one from before an update is no
/// nightly backup.
pub fn newest(folder: &Path) -> Result<Option<Instant>> {
    let mut all = archives(folder, "")?;
    all.retain(|(_, path)| {
        let name = path.file_name().and_then(|n| n.to_str());
        !name.is_some_and(|n| n.starts_with(BEFORE))
    });
    Ok(all.pop().map(|(at, _)| at))
}

/// The moment in an archive's name.
fn moment(name: &str) -> Option<Instant> {
    let time = name.strip_suffix(ENDING)?.rsplit('-').next()?;
    let time = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", time).ok()?;
    let at = time.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Instant(at.timestamp().as_microsecond()))
}

/// Removes the oldest archives whose names begin so, until `most` are left.
pub fn keep_newest(folder: &Path, beginning: &str, most: usize) -> Result<Vec<PathBuf>> {
    let all = archives(folder, beginning)?;
    let gone = all.len().saturating_sub(most);
    let mut removed = Vec::new();
    for (_, path) in all.into_iter().take(gone) {
        std::fs::remove_file(&path)?;
        removed.push(path);
    }
    Ok(removed)
}

/// Writes an archive if this program is about to migrate a database in which
/// something has happened; says where.
pub fn before_migrating(config: &Config, data: &Path, clock: &Clock) -> Result<Option<PathBuf>> {
    let source = folder::source(config, data)?;
    if matches!(&source, Source::Lite(path) if !path.exists()) {
        return Ok(None);
    }
    let mut conn = connect(&source)?;
    let is_new = migrate::applied(&mut conn)?.is_empty();
    let pending = migrate::pending(&mut conn, wiring::MIGRATIONS)?;
    let Some(last) = pending.last().filter(|_| !is_new) else {
        return Ok(None);
    };
    let sealed = log::sealed(&mut conn)?;
    if sealed.0 == 0 {
        return Ok(None);
    }
    drop(conn);
    let now = clock.now();
    let folder = folder(data);
    // A migration that fails is tried again at each start: the same archive
    // over and over would push out those from before earlier updates.
    if let Some((_, path)) = archives(&folder, &format!("{BEFORE}{}-", last.name))?.pop()
        && read::glance(&path).is_ok_and(|m| (m.log_seq, m.log_hash) == sealed)
    {
        return Ok(Some(path));
    }
    secret::private_folder(&folder)?;
    let path = folder.join(name(&format!("{BEFORE}{}", last.name), now));
    let key = server::secret(config, data)?;
    write(&source, data, key.as_deref(), &path, now)?;
    keep_newest(&folder, BEFORE, KEPT_BEFORE_UPDATES)?;
    tracing::info!(backup = %path.display(), "backed up before the database is migrated");
    Ok(Some(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_its_moment() {
        let at = Instant(1_795_338_000_000_000);
        let name = name("before-0004_import", at);
        assert_eq!(name, "before-0004_import-20261122T090000Z.kontor.tar.gz");
        assert_eq!(moment(&name), Some(at));
        assert_eq!(moment("before-x.kontor.tar.gz"), None);
    }

    #[test]
    fn only_the_oldest_go() {
        let folder = tempfile::tempdir().unwrap();
        let path = |of: &str, s: i64| folder.path().join(super::name(of, Instant(s * 1_000_000)));
        // The name's beginning may sort otherwise than the time.
        let files = [path("a-z", 1), path("a-y", 2), path("a-x", 3), path("b", 0)];
        for file in &files {
            std::fs::write(file, b"").unwrap();
        }
        let removed = keep_newest(folder.path(), "a-", 2).unwrap();
        assert_eq!(removed, [files[0].clone()]);
        assert!(!files[0].exists() && files[1].exists() && files[3].exists());
        let update = path("before-0001_log", 9);
        std::fs::write(&update, b"").unwrap();
        let newest = newest(folder.path()).unwrap();
        assert_eq!(newest, Some(Instant(3_000_000)), "no nightly one");
        assert!(
            keep_newest(&folder.path().join("none"), "a-", 0)
                .unwrap()
                .is_empty()
        );
    }
}
