//! Puts an archive in the place of a data folder's data.

use std::cell::Cell;
use std::fs::File;
use std::io::BufRead;
use std::path::{Path, PathBuf};

use kontor_platform::config::Config;
use kontor_platform::db::dump::{count, load};
use kontor_platform::db::replace::{Plan, check, replace};
use kontor_platform::db::schema::Table;
use kontor_platform::db::{Conn, Source, connect};
use kontor_platform::secret::{self, ServerKey};
use kontor_platform::{Error, Instant, Result, Work, log};

use super::manifest::{Entry, Manifest};
use super::read::{verify, walk};
use crate::app::{folder, server, wiring};
use crate::privacy;

/// What was restored.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Restored {
    /// The moment that the data shows.
    pub made_at: String,
    pub version: String,
    pub tables: usize,
    pub rows: u64,
    pub log_seq: i64,
    pub files: usize,
    /// The server's secret was put back. (One of the configuration stays.)
    pub secret: bool,
    /// So many erasures that the archive did not know were made again.
    pub erasures: usize,
}

/// Replaces database, files and secret by those of an archive. `replaces` says
/// that data which is there may go.
///
/// # Errors
/// Before the database is replaced nothing is touched. What is said then is
/// English and names what to do.
pub fn restore(
    archive: &Path,
    config: &Config,
    data: &Path,
    replaces: bool,
    at: Instant,
) -> Result<Restored> {
    let (manifest, secret, erasures) = replaced(archive, config, data, replaces, at)
        .map_err(|e| Error::broken(format!("nothing was restored: {e}")))?;
    // From here on the database is the archive's; the mark stays until all that
    // lies beside it is, too.
    let secret = secret.filter(|_| config.secret.is_empty());
    let put = beside(data, secret.as_deref()).and_then(|()| unmark(data));
    put.map_err(|e| {
        Error::broken(format!(
            "the database is restored, but not all that lies beside it: {e}; put that right and \
             start the same restore again with --yes"
        ))
    })?;
    Ok(Restored {
        tables: manifest.tables.len(),
        rows: manifest.rows(),
        log_seq: manifest.log_seq,
        files: manifest.files.len(),
        secret: secret.is_some(),
        erasures,
        made_at: manifest.made_at,
        version: manifest.version,
    })
}

/// Replaces the database; the files then wait beside their place, and the
/// archive's secret is handed over, with how many erasures were made again.
fn replaced(
    archive: &Path,
    config: &Config,
    data: &Path,
    replaces: bool,
    at: Instant,
) -> Result<(Manifest, Option<Vec<u8>>, usize)> {
    let manifest = verify(archive)?;
    manifest.fits(wiring::MIGRATIONS)?;
    secret::private_folder(data)?;
    let source = folder::source(config, data)?;
    check(&source, replaces)?;
    let files = data.join(FILES_NEW);
    // One from an earlier, killed restore stays when this one fails.
    let was_marked = data.join(MARK).exists();
    let done = stage(archive, &files).and_then(|secret| {
        keep_journal(&source, data)?;
        let keys = keys(config, data, secret.as_deref())?;
        let erased = Cell::new(0);
        let after = |work: &mut Work<'_>| {
            erased.set(privacy::replay(work, data, &keys)?);
            Ok(())
        };
        secret::write_private(&data.join(MARK), archive.display().to_string().as_bytes())?;
        sync_folder(data)?;
        database(archive, &manifest, &source, replaces, at, &after)?;
        Ok((secret, erased.get()))
    });
    if done.is_err() {
        remove_folder(&files)?;
        if !was_marked {
            unmark(data)?;
        }
    }
    let (secret, erased) = done?;
    Ok((manifest, secret, erased))
}

/// What lies in the data folder from the moment before the database is replaced
/// until everything is in place: the archive's name.
const MARK: &str = "restore.unfinished";

/// An error that says what to do, while a restore of this folder has not ended.
pub fn refuse_unfinished(data: &Path) -> Result<()> {
    match std::fs::read_to_string(data.join(MARK)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        archive => Err(Error::broken(format!(
            "a restore of {} into this data folder has not ended: database, files and secret may \
             not belong together; start the same restore again with --yes",
            archive?
        ))),
    }
}

fn unmark(data: &Path) -> Result<()> {
    match std::fs::remove_file(data.join(MARK)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        removed => {
            removed?;
            sync_folder(data)
        }
    }
}

fn sync_folder(folder: &Path) -> Result<()> {
    Ok(File::open(folder)?.sync_all()?)
}

/// Brings the journal of erasures up to date with the database that is about to
/// be replaced: it may know of some that the file does not name yet.
fn keep_journal(source: &Source, data: &Path) -> Result<()> {
    if matches!(source, Source::Lite(path) if !path.exists()) {
        return Ok(());
    }
    let kept = connect(source).and_then(|mut conn| privacy::save_of(&mut conn, data));
    kept.map_err(|e| {
        Error::broken(format!(
            "the erasures in the database that is to be replaced cannot be read: {e}; move that \
             database away, then those of its last minute are lost"
        ))
    })
}

/// The secrets under which erased addresses may have been marked: today's, and
/// the archive's.
fn keys(config: &Config, data: &Path, archived: Option<&[u8]>) -> Result<Vec<ServerKey>> {
    let archived = archived.map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let texts = server::secret(config, data)?.into_iter().chain(archived);
    // A file that holds no secret has marked nothing.
    Ok(texts
        .filter_map(|text| ServerKey::from_text(&text).ok())
        .collect())
}

/// Puts in place what belongs to the database that has just been replaced.
fn beside(data: &Path, secret: Option<&[u8]>) -> Result<()> {
    if let Some(secret) = secret {
        secret::write_private(&data.join(server::KEY_FILE), secret)?;
    }
    swap_folder(&data.join(FILES_NEW), &data.join("files"))?;
    // Made of the tables: the server makes it anew.
    remove_folder(&data.join("index"))
}

/// Where files wait until the database is complete.
const FILES_NEW: &str = "files.new";

/// Unpacks the files beside the place where they will stand; the secret.
fn stage(archive: &Path, files: &Path) -> Result<Option<Vec<u8>>> {
    remove_folder(files)?;
    let mut secret = None;
    walk(archive, &mut |entry, content| {
        match entry {
            Entry::Secret(_) => {
                let mut bytes = Vec::new();
                content.read_to_end(&mut bytes)?;
                secret = Some(bytes);
            }
            Entry::Table(_) => {}
            Entry::File(file) => unpack(&files.join(&file.path), content)?,
        }
        Ok(())
    })?;
    Ok(secret)
}

fn unpack(path: &Path, content: &mut dyn BufRead) -> Result<()> {
    if let Some(folder) = path.parent() {
        secret::private_folder(folder)?;
    }
    secret::write_private(path, b"")?;
    let mut file = File::options().write(true).open(path)?;
    std::io::copy(content, &mut file)?;
    Ok(file.sync_all()?)
}

fn database(
    archive: &Path,
    manifest: &Manifest,
    source: &Source,
    replaces: bool,
    at: Instant,
    after: &dyn Fn(&mut Work<'_>) -> Result<()>,
) -> Result<()> {
    let before: Vec<String> = manifest.migrations.iter().map(|m| m.name.clone()).collect();
    let plan = Plan {
        known: wiring::MIGRATIONS,
        before: &before,
        over_filled: replaces,
        at,
    };
    let fill = &mut |conn: &mut Conn, tables: &[Table]| fill(archive, manifest, conn, tables);
    replace(source, &plan, fill, after)
}

/// Loads every table and compares what is there then with the manifest.
fn fill(archive: &Path, manifest: &Manifest, conn: &mut Conn, tables: &[Table]) -> Result<()> {
    same_tables(manifest, tables)?;
    let named = |name: &str| tables.iter().find(|t| t.name == name);
    walk(archive, &mut |entry, content| match entry {
        Entry::Table(part) => {
            let table = named(&part.name).expect("compared above");
            load(conn, table, &mut *content).map(|_| ())
        }
        _ => Ok(()),
    })?;
    for part in &manifest.tables {
        let table = named(&part.name).expect("compared above");
        let (found, said) = (count(conn, table)?, part.extent.rows);
        if found != said {
            let name = &part.name;
            return Err(Error::broken(format!(
                "{name} has {found} rows after loading, and the manifest says {said}"
            )));
        }
    }
    if log::sealed(conn)? != (manifest.log_seq, manifest.log_hash.clone()) {
        return Err(Error::broken(
            "the log ends otherwise than the manifest says",
        ));
    }
    match log::verify(conn)? {
        None => Ok(()),
        Some(seq) => Err(Error::broken(format!(
            "the archive's log was changed: its chain breaks at fact {seq}; take another backup"
        ))),
    }
}

fn same_tables(manifest: &Manifest, tables: &[Table]) -> Result<()> {
    let said: Vec<_> = manifest
        .tables
        .iter()
        .map(|t| (&t.name, &t.columns))
        .collect();
    let made: Vec<_> = tables.iter().map(|t| (&t.name, &t.columns)).collect();
    if said == made {
        return Ok(());
    }
    let differing: Vec<&str> = said
        .iter()
        .filter(|t| !made.contains(t))
        .chain(made.iter().filter(|t| !said.contains(t)))
        .map(|t| t.0.as_str())
        .collect();
    Err(Error::broken(format!(
        "the archive's tables are not those of its migrations: {}",
        differing.join(", ")
    )))
}

fn remove_folder(path: &Path) -> Result<()> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Puts a new folder, or none, in the place of an old one.
fn swap_folder(new: &Path, old: &Path) -> Result<()> {
    let mut aside = old.as_os_str().to_owned();
    aside.push(".old");
    let aside = PathBuf::from(aside);
    remove_folder(&aside)?;
    if old.exists() {
        std::fs::rename(old, &aside)?;
    }
    if new.exists() {
        std::fs::rename(new, old)?;
    }
    remove_folder(&aside)
}
