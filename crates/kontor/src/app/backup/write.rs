//! Writes an archive while the server runs.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use kontor_platform::db::dump::{self, Digesting};
use kontor_platform::db::schema::{self, Table};
use kontor_platform::db::{Conn, Source, migrate, snapshot};
use kontor_platform::{Error, Instant, Result, log, secret};

use super::manifest::{Applied, Entry, FORMAT, FilePart, Manifest, PRODUCT, Part, TablePart};
use crate::app::{folder, wiring};

/// What was written.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Made {
    pub path: PathBuf,
    /// The archive's length and SHA-256.
    pub bytes: u64,
    pub sha256: String,
    pub tables: usize,
    pub rows: u64,
    /// The newest fact in it.
    pub log_seq: i64,
    pub files: usize,
}

type Out = GzEncoder<Digesting<File>>;

/// Writes everything into a new file at `to`, readable by its owner alone.
///
/// # Errors
/// When the file exists, when there is no data, when the data is from a newer
/// version, when the disk is full. Nothing is left behind then.
pub fn write(
    source: &Source,
    data: &Path,
    secret: Option<&str>,
    to: &Path,
    at: Instant,
) -> Result<Made> {
    if to.exists() {
        let to = to.display();
        return Err(Error::broken(format!("{to} exists; name another file")));
    }
    let mut conn = folder::installation(source)?.ok_or_else(|| folder::nothing(source, data))?;
    migrate::pending(&mut conn, wiring::MIGRATIONS)?;
    let part = partial(to)?;
    remove_stale(to, at)?;
    let file = create(&part).map_err(|e| Error::broken(format!("{}: {e}", part.display())))?;
    let mut out = GzEncoder::new(Digesting::new(file), Compression::default());
    let written = snapshot(&mut conn, |conn| {
        everything(conn, data, secret, at, &mut out)
    })
    .and_then(|manifest| Ok((manifest?, close(out)?)));
    match written {
        Ok((manifest, (bytes, sha256))) => {
            std::fs::rename(&part, to)?;
            if let Some(folder) = to.parent().filter(|f| !f.as_os_str().is_empty()) {
                File::open(folder)?.sync_all()?;
            }
            Ok(Made {
                path: to.to_owned(),
                bytes,
                sha256,
                tables: manifest.tables.len(),
                rows: manifest.rows(),
                log_seq: manifest.log_seq,
                files: manifest.files.len(),
            })
        }
        Err(error) => {
            // The reason counts; a leftover would only be in the way.
            let _ = std::fs::remove_file(&part);
            Err(error)
        }
    }
}

/// The name while it is written: beside the final one, so that it can be renamed.
fn partial(to: &Path) -> Result<PathBuf> {
    let name = to
        .file_name()
        .and_then(|n| n.to_str())
        .ok_or_else(|| Error::broken(format!("{} is no file name", to.display())))?;
    Ok(to.with_file_name(format!(".{name}.{}.part", std::process::id())))
}

/// Seconds after which an unfinished archive that nobody writes to is a leftover of
/// a killed process. It may hold the secret.
const STALE_S: i64 = 3600;

/// Removes leftovers beside the archive that is to be written.
fn remove_stale(to: &Path, now: Instant) -> Result<()> {
    let folder = match to.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let own = to.file_name().and_then(|n| n.to_str()).unwrap_or_default();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(of) = name.to_str().and_then(leftover_of) else {
            continue;
        };
        if of != own && !of.ends_with(super::ENDING) {
            continue;
        }
        let touched = entry.metadata().and_then(|m| m.modified());
        let touched = touched.ok().and_then(|t| jiff::Timestamp::try_from(t).ok());
        let age = touched.map(|t| now.seconds_since(Instant(t.as_microsecond())));
        if age.is_some_and(|s| s >= STALE_S) {
            // Whoever else makes a backup now may have been quicker.
            let _ = std::fs::remove_file(entry.path());
        }
    }
    Ok(())
}

/// The archive's name in `.NAME.PID.part`.
fn leftover_of(name: &str) -> Option<&str> {
    let (of, pid) = name
        .strip_prefix('.')?
        .strip_suffix(".part")?
        .rsplit_once('.')?;
    pid.bytes().all(|b| b.is_ascii_digit()).then_some(of)
}

fn create(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

fn close(mut out: Out) -> Result<(u64, String)> {
    // Two empty blocks end a tar.
    out.write_all(&[0; 1024])?;
    let (file, bytes, sha256) = out.finish()?.finish();
    file.sync_all()?;
    Ok((bytes, sha256))
}

/// All entries, from one snapshot.
fn everything(
    conn: &mut Conn,
    data: &Path,
    secret: Option<&str>,
    at: Instant,
    out: &mut Out,
) -> Result<Manifest> {
    let tables = schema::tables(conn)?;
    let manifest = describe(conn, &tables, data, secret, at)?;
    let json = serde_json::to_vec_pretty(&manifest)?;
    begin(out, "manifest.json", json.len() as u64, at)?;
    out.write_all(&json)?;
    fill_block(out, json.len() as u64)?;
    for entry in manifest.entries() {
        begin(out, &entry.path(), entry.bytes(), at)?;
        let found = match entry {
            Entry::Secret(_) => copy(secret.unwrap_or_default().as_bytes(), out)?,
            Entry::Table(part) => {
                let table = tables.iter().find(|t| t.name == part.name);
                let table = table.expect("the manifest was made of these tables");
                let extent = dump::dump(conn, table, &mut *out)?;
                (extent.bytes, extent.sha256)
            }
            Entry::File(file) => copy(File::open(data.join("files").join(&file.path))?, out)?,
        };
        if found != (entry.bytes(), entry.sha256().to_owned()) {
            let path = entry.path();
            return Err(Error::broken(format!(
                "{path} changed while it was written; start the backup again"
            )));
        }
        fill_block(out, entry.bytes())?;
    }
    Ok(manifest)
}

fn describe(
    conn: &mut Conn,
    tables: &[Table],
    data: &Path,
    secret: Option<&str>,
    at: Instant,
) -> Result<Manifest> {
    let (log_seq, log_hash) = log::sealed(conn)?;
    let migrations = migrate::applied(conn)?
        .into_iter()
        .map(|(name, checksum)| Applied { name, checksum })
        .collect();
    let mut parts = Vec::new();
    for table in tables {
        parts.push(TablePart {
            name: table.name.clone(),
            columns: table.columns.clone(),
            extent: dump::measure(conn, table)?,
        });
    }
    let mut files = Vec::new();
    find_files(&data.join("files"), "", &mut files)?;
    Ok(Manifest {
        product: PRODUCT.into(),
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").into(),
        made_at: at.rfc3339(),
        engine: if conn.is_postgres() {
            "PostgreSQL".into()
        } else {
            "SQLite".into()
        },
        migrations,
        log_seq,
        log_hash,
        secret: secret.map(|s| Part {
            bytes: s.len() as u64,
            sha256: secret::hash(s),
        }),
        tables: parts,
        files,
    })
}

/// Every plain file below a folder, by path. One that vanishes while we look
/// was not meant to stay.
fn find_files(root: &Path, below: &str, found: &mut Vec<FilePart>) -> Result<()> {
    let entries = match std::fs::read_dir(root.join(below)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    let mut names: Vec<_> = entries.collect::<std::io::Result<Vec<_>>>()?;
    names.sort_by_key(std::fs::DirEntry::file_name);
    for entry in names {
        let name = entry.file_name();
        let name = name.to_str().ok_or_else(|| {
            Error::broken(format!(
                "{}: a name that is no text",
                entry.path().display()
            ))
        })?;
        let path = if below.is_empty() {
            name.to_owned()
        } else {
            format!("{below}/{name}")
        };
        let kind = entry.file_type()?;
        if kind.is_dir() {
            find_files(root, &path, found)?;
        } else if kind.is_file() {
            match File::open(entry.path()) {
                Ok(file) => {
                    let (bytes, sha256) = copy(file, &mut std::io::sink())?;
                    let part = Part { bytes, sha256 };
                    found.push(FilePart { path, part });
                }
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(())
}

fn copy(mut from: impl Read, to: &mut impl Write) -> Result<(u64, String)> {
    let mut to = Digesting::new(to);
    std::io::copy(&mut from, &mut to)?;
    let (_, bytes, sha256) = to.finish();
    Ok((bytes, sha256))
}

/// The block before an entry.
fn begin(out: &mut Out, path: &str, bytes: u64, at: Instant) -> Result<()> {
    let mut header = tar::Header::new_ustar();
    header.set_path(path)?;
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_mtime(u64::try_from(at.0 / 1_000_000).unwrap_or(0));
    header.set_entry_type(tar::EntryType::Regular);
    header.set_cksum();
    Ok(out.write_all(header.as_bytes())?)
}

/// Entries fill whole blocks.
fn fill_block(out: &mut Out, bytes: u64) -> Result<()> {
    let rest = (512 - bytes % 512) % 512;
    let zeros = [0; 512];
    let rest = usize::try_from(rest).expect("less than a block");
    Ok(out.write_all(&zeros[..rest])?)
}
