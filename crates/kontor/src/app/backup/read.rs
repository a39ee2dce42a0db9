//! Reads an archive, and believes nothing that has not been compared.

use std::fmt::Display;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::GzDecoder;
use kontor_platform::db::dump::Digesting;
use kontor_platform::{Error, Result};

use super::manifest::{Entry, Manifest};

/// The most that a manifest may have, in bytes.
const MANIFEST_MAX: u64 = 64 * 1024 * 1024;

/// Called for each entry behind the manifest.
pub(super) type Visit<'a> = &'a mut dyn FnMut(Entry<'_>, &mut dyn BufRead) -> Result<()>;

/// Reads the whole archive and compares every length and hash.
///
/// # Errors
/// Says in English what the file is instead, and what to do.
pub fn verify(path: &Path) -> Result<Manifest> {
    walk(path, &mut |_, _| Ok(()))
}

/// Reads an archive's manifest and no further: nothing has been compared then.
pub(super) fn glance(path: &Path) -> Result<Manifest> {
    let mut tar = tar::Archive::new(GzDecoder::new(BufReader::new(File::open(path)?)));
    let foreign = || Error::broken(format!("{} is no backup of Kontor", path.display()));
    let first = tar.entries()?.next().ok_or_else(foreign)??;
    let damaged = |what: &dyn Display| Error::broken(what.to_string());
    read_manifest(first, &damaged)?.ok_or_else(foreign)
}

/// Hands each entry to `visit`, in the order of the manifest, and compares it
/// afterwards.
pub(super) fn walk(path: &Path, visit: Visit<'_>) -> Result<Manifest> {
    let shown = path.display();
    let damaged = |what: &dyn Display| {
        Error::broken(format!(
            "{shown} is damaged or cut off ({what}): copy it again from where it was made, or \
             take another backup"
        ))
    };
    let foreign = || Error::broken(format!("{shown} is no backup of Kontor"));
    let file = File::open(path).map_err(|e| Error::broken(format!("cannot read {shown}: {e}")))?;
    let mut file = BufReader::new(file);
    if !file.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
        return Err(foreign());
    }
    let mut tar = tar::Archive::new(GzDecoder::new(file));
    let mut entries = tar.entries().map_err(|e| damaged(&e))?;

    let first = entries.next().ok_or_else(foreign)?;
    let first = first.map_err(|e| {
        Error::broken(format!(
            "{shown} is no backup of Kontor, or is damaged from its beginning ({e})"
        ))
    })?;
    let manifest = read_manifest(first, &damaged)?.ok_or_else(foreign)?;
    for expected in manifest.entries() {
        let name = expected.path();
        let missing = format!("{name} is missing");
        let entry = entries.next().ok_or_else(|| damaged(&missing))?;
        let entry = entry.map_err(|e| damaged(&e))?;
        let is_it = entry.path_bytes().as_ref() == name.as_bytes();
        if !is_it || entry.size() != expected.bytes() {
            return Err(damaged(&format!("{name} is not what stands there")));
        }
        let mut content = BufReader::with_capacity(64 * 1024, Digesting::new(entry));
        visit(expected, &mut content)?;
        std::io::copy(&mut content, &mut std::io::sink()).map_err(|e| damaged(&e))?;
        let (_, bytes, sha256) = content.into_inner().finish();
        if bytes != expected.bytes() || sha256 != expected.sha256() {
            return Err(damaged(&format!("{name} is not what the manifest says")));
        }
    }
    if let Some(more) = entries.next() {
        let more = more.map_err(|e| damaged(&e))?;
        let name = String::from_utf8_lossy(&more.path_bytes()).into_owned();
        return Err(damaged(&format!("{name} is not in the manifest")));
    }
    // The checksum over everything stands at the very end.
    std::io::copy(&mut tar.into_inner(), &mut std::io::sink()).map_err(|e| damaged(&e))?;
    Ok(manifest)
}

fn read_manifest<R: Read>(
    entry: tar::Entry<'_, R>,
    damaged: &dyn Fn(&dyn Display) -> Error,
) -> Result<Option<Manifest>> {
    if entry.path_bytes().as_ref() != b"manifest.json" || entry.size() > MANIFEST_MAX {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let size = entry.size();
    entry
        .take(MANIFEST_MAX)
        .read_to_end(&mut bytes)
        .map_err(|e| damaged(&e))?;
    if bytes.len() as u64 != size {
        return Err(damaged(&"the manifest ends too early"));
    }
    Manifest::read(&bytes)
}
