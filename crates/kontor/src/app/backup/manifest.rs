//! The manifest: what an archive holds, and whether this program can take it.

use std::path::{Component, Path};

use kontor_platform::db::Migration;
use kontor_platform::db::dump::Extent;
use kontor_platform::{Error, Result, secret};
use serde::{Deserialize, Serialize};

/// The format that this program writes, and the newest that it reads.
pub const FORMAT: u32 = 1;
pub const PRODUCT: &str = "kontor";

/// The first entry of an archive.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Manifest {
    pub product: String,
    pub format: u32,
    /// The version of the program that wrote it.
    pub version: String,
    /// The moment of the snapshot, RFC 3339 in UTC.
    pub made_at: String,
    /// The engine that it was taken from; any can take it.
    pub engine: String,
    /// What the tables were written under, in order.
    pub migrations: Vec<Applied>,
    /// The newest fact and the hash that seals the log.
    pub log_seq: i64,
    pub log_hash: String,
    pub secret: Option<Part>,
    pub tables: Vec<TablePart>,
    pub files: Vec<FilePart>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    pub name: String,
    pub checksum: String,
}

/// An entry's length and SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub bytes: u64,
    pub sha256: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TablePart {
    pub name: String,
    pub columns: Vec<String>,
    #[serde(flatten)]
    pub extent: Extent,
}

/// A file below `files/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilePart {
    pub path: String,
    #[serde(flatten)]
    pub part: Part,
}

/// What every format's manifest has; read before the rest.
#[derive(Deserialize)]
struct Head {
    product: String,
    format: u32,
    version: String,
}

impl Manifest {
    /// Reads a manifest; `None` when it is none of ours.
    pub fn read(bytes: &[u8]) -> Result<Option<Manifest>> {
        let Ok(head) = serde_json::from_slice::<Head>(bytes) else {
            return Ok(None);
        };
        if head.product != PRODUCT {
            return Ok(None);
        }
        if head.format > FORMAT {
            return Err(Error::broken(format!(
                "this archive was written by Kontor {} in format {}, and this program reads up \
                 to {FORMAT}: restore it with that version",
                head.version, head.format
            )));
        }
        let manifest: Manifest = serde_json::from_slice(bytes)
            .map_err(|e| Error::broken(format!("the archive's manifest is damaged: {e}")))?;
        for file in &manifest.files {
            let normal = |c| matches!(c, Component::Normal(_));
            if file.path.is_empty() || !Path::new(&file.path).components().all(normal) {
                return Err(Error::broken(format!(
                    "the archive's manifest names a file outside of its folder: {:?}",
                    file.path
                )));
            }
        }
        Ok(Some(manifest))
    }

    /// Whether this program knows all that the tables were written under.
    pub fn fits(&self, known: &[Migration]) -> Result<()> {
        for applied in &self.migrations {
            match known.iter().find(|m| m.name == applied.name) {
                None => {
                    return Err(Error::broken(format!(
                        "this archive was written by a newer Kontor ({}; migration {} is unknown \
                         here): restore it with that version",
                        self.version, applied.name
                    )));
                }
                Some(m) if secret::hash(m.sql) != applied.checksum => {
                    return Err(Error::broken(format!(
                        "this archive was written under another text of migration {}: restore it \
                         with the version that wrote it, {}",
                        applied.name, self.version
                    )));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// Rows of all tables.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|t| t.extent.rows).sum()
    }

    /// The entries behind the manifest, in their order.
    pub(super) fn entries(&self) -> Vec<Entry<'_>> {
        let secret = self.secret.iter().map(Entry::Secret);
        let tables = self.tables.iter().map(Entry::Table);
        let files = self.files.iter().map(Entry::File);
        secret.chain(tables).chain(files).collect()
    }
}

/// One entry of an archive, as the manifest describes it.
#[derive(Clone, Copy)]
pub(super) enum Entry<'m> {
    Secret(&'m Part),
    Table(&'m TablePart),
    File(&'m FilePart),
}

impl Entry<'_> {
    pub fn path(&self) -> String {
        match self {
            Entry::Secret(_) => "secret".into(),
            Entry::Table(t) => format!("tables/{}.jsonl", t.name),
            Entry::File(f) => format!("files/{}", f.path),
        }
    }

    pub fn bytes(&self) -> u64 {
        match self {
            Entry::Secret(part) => part.bytes,
            Entry::Table(t) => t.extent.bytes,
            Entry::File(f) => f.part.bytes,
        }
    }

    pub fn sha256(&self) -> &str {
        match self {
            Entry::Secret(part) => &part.sha256,
            Entry::Table(t) => &t.extent.sha256,
            Entry::File(f) => &f.part.sha256,
        }
    }
}
