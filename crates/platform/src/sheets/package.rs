//! The zip archive of a workbook, unpacked under control.
//!
//! The parser behind [`super::workbook`] inflates what an archive says it holds. So that a zip
//! bomb cannot fill memory, the parts that matter are inflated here first, counted while they
//! grow, and handed on as a new archive that holds just them, uncompressed.

use std::io::Read;

use flate2::Crc;
use flate2::read::DeflateDecoder;

use super::{Limits, Trouble};

/// More parts than any list has.
const MOST_PARTS: usize = 10_000;

/// One unpacked part of an archive.
#[derive(Debug)]
pub(super) struct Part {
    /// Path inside the archive.
    pub(super) name: String,
    /// Its content.
    pub(super) data: Vec<u8>,
}

/// What the directory at the end of an archive says about one part.
struct Entry<'a> {
    name: String,
    method: u16,
    packed: &'a [u8],
}

/// What an archive holds.
#[derive(Debug)]
pub(super) enum Package {
    /// XLSX (or XLSM, XLTX): its parts.
    Xlsx(Vec<Part>),
    /// OpenDocument spreadsheet: its `content.xml`.
    Ods(Vec<u8>),
}

/// Opens an archive and unpacks what a list needs.
pub(super) fn open(bytes: &[u8], limits: &Limits) -> Result<Package, Trouble> {
    let entries = entries(bytes)?;
    let named = |name: &str| {
        entries
            .iter()
            .find(|entry| entry.name.eq_ignore_ascii_case(name))
    };
    let any = |start: &str| entries.iter().any(|entry| entry.name.starts_with(start));
    if named("content.xml").is_some() {
        return open_document(&entries, limits);
    }
    if named("xl/workbook.bin").is_some() {
        return Err(Trouble::WrongExtension { looks_like: "xlsb" });
    }
    if any("word/") {
        return Err(Trouble::WrongExtension { looks_like: "word" });
    }
    if any("ppt/") {
        return Err(Trouble::WrongExtension {
            looks_like: "slides",
        });
    }
    if named("[Content_Types].xml").is_none() && !any("xl/") && !any("xl\\") {
        return Err(Trouble::WrongExtension {
            looks_like: "archive",
        });
    }
    let mut budget = limits.unpacked_bytes();
    let mut parts = Vec::new();
    for entry in entries.iter().filter(|entry| needed(&entry.name)) {
        let data = inflate(entry, &mut budget, limits)?;
        check_promises(&entry.name, &data)?;
        parts.push(Part {
            name: entry.name.clone(),
            data,
        });
    }
    Ok(Package::Xlsx(parts))
}

/// Parts of an XLSX that hold cells, their texts and their formats.
fn needed(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('\\', "/");
    let aside = [
        "/drawings/",
        "/charts/",
        "/media/",
        "/theme/",
        "/ctrlprops/",
        "/pivotcache/",
    ];
    (name.ends_with(".xml") || name.ends_with(".rels"))
        && !name.starts_with("docprops/")
        && !name.starts_with("customxml/")
        && !aside.iter().any(|folder| name.contains(folder))
}

/// Reserving room for a promised count of texts could ask for more memory than there is.
fn check_promises(name: &str, data: &[u8]) -> Result<(), Trouble> {
    if !name.to_ascii_lowercase().contains("sharedstrings") {
        return Ok(());
    }
    if data.starts_with(b"\xFF\xFE") || data.starts_with(b"\xFE\xFF") {
        return Err(Trouble::Unreadable);
    }
    let word = b"uniqueCount";
    for at in memory_find(data, word) {
        let digits: String = data[at + word.len()..]
            .iter()
            .take(64)
            .skip_while(|b| b.is_ascii_whitespace() || matches!(b, b'=' | b'"' | b'\''))
            .take_while(|b| b.is_ascii_digit())
            .map(|b| char::from(*b))
            .collect();
        // Each text takes at least the five bytes of an empty element.
        if !digits.is_empty() && digits.parse::<usize>().is_ok_and(|n| n > data.len()) {
            return Err(Trouble::Unreadable);
        }
    }
    Ok(())
}

/// Every place where `word` stands in `data`.
fn memory_find<'a>(data: &'a [u8], word: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    data.windows(word.len())
        .enumerate()
        .filter(move |(_, w)| *w == word)
        .map(|(at, _)| at)
}

fn open_document(entries: &[Entry<'_>], limits: &Limits) -> Result<Package, Trouble> {
    let mut budget = limits.unpacked_bytes();
    let mut part = |name: &str| {
        let entry = entries.iter().find(|entry| entry.name == name);
        entry
            .map(|entry| inflate(entry, &mut budget, limits))
            .transpose()
    };
    let kind = part("mimetype")?.unwrap_or_default();
    let kind = String::from_utf8_lossy(&kind);
    if kind.contains("opendocument") && !kind.contains("spreadsheet") {
        let looks_like = if kind.contains("presentation") {
            "slides"
        } else {
            "word"
        };
        return Err(Trouble::WrongExtension { looks_like });
    }
    let manifest = part("META-INF/manifest.xml")?.unwrap_or_default();
    if memory_find(&manifest, b"encryption-data").next().is_some() {
        return Err(Trouble::PasswordProtected);
    }
    part("content.xml")?
        .map(Package::Ods)
        .ok_or(Trouble::Unreadable)
}

/// Inflates one part, never beyond the budget.
fn inflate(entry: &Entry<'_>, budget: &mut usize, limits: &Limits) -> Result<Vec<u8>, Trouble> {
    let mut data = Vec::new();
    match entry.method {
        0 => data.extend_from_slice(entry.packed),
        8 => {
            let most = u64::try_from(*budget).unwrap_or(u64::MAX).saturating_add(1);
            DeflateDecoder::new(entry.packed)
                .take(most)
                .read_to_end(&mut data)
                .map_err(|_| Trouble::Unreadable)?;
        }
        _ => return Err(Trouble::Unreadable),
    }
    *budget = budget.checked_sub(data.len()).ok_or(Trouble::TooLarge {
        limit_mib: limits.unpacked_mib,
    })?;
    Ok(data)
}

/// Reads the directory at the end of the archive.
fn entries(bytes: &[u8]) -> Result<Vec<Entry<'_>>, Trouble> {
    let tail = bytes.len().saturating_sub(65_557);
    let end = tail
        + bytes[tail..]
            .windows(4)
            .rposition(|w| w == b"PK\x05\x06")
            .ok_or(Trouble::Truncated)?;
    let count = usize::from(short(bytes, end + 10).ok_or(Trouble::Truncated)?);
    let mut at = size(bytes, end + 16).ok_or(Trouble::Truncated)?;
    if count > MOST_PARTS {
        return Err(Trouble::Unreadable);
    }
    let mut found: Vec<Entry<'_>> = Vec::new();
    for _ in 0..count {
        let entry = entry(bytes, &mut at)?;
        // Directories carry nothing; of two parts with one name only the first is looked at.
        if !entry.name.ends_with('/') && !found.iter().any(|other| other.name == entry.name) {
            found.push(entry);
        }
    }
    Ok(found)
}

/// One line of the directory; moves `at` behind it.
fn entry<'a>(bytes: &'a [u8], at: &mut usize) -> Result<Entry<'a>, Trouble> {
    let here = *at;
    if bytes.get(here..here.saturating_add(4)) != Some(b"PK\x01\x02") {
        return Err(Trouble::Truncated);
    }
    let read = |offset| short(bytes, here + offset).ok_or(Trouble::Truncated);
    let wide = |offset| size(bytes, here + offset).ok_or(Trouble::Truncated);
    let (flags, method, packed) = (read(8)?, read(10)?, wide(20)?);
    let (name, extra, comment) = (read(28)?, read(30)?, read(32)?);
    let local = wide(42)?;
    if flags & 1 == 1 {
        return Err(Trouble::PasswordProtected);
    }
    let name_end = here + 46 + usize::from(name);
    let name = bytes.get(here + 46..name_end).ok_or(Trouble::Truncated)?;
    *at = name_end + usize::from(extra) + usize::from(comment);
    // The part's own header repeats its name and may have a longer extra field.
    let skip = |offset| {
        local
            .checked_add(offset)
            .and_then(|at| short(bytes, at))
            .ok_or(Trouble::Truncated)
    };
    let start = local + 30 + usize::from(skip(26)?) + usize::from(skip(28)?);
    let packed = bytes
        .get(start..start.saturating_add(packed))
        .ok_or(Trouble::Truncated)?;
    Ok(Entry {
        name: String::from_utf8_lossy(name).into_owned(),
        method,
        packed,
    })
}

/// Two bytes as a number, the lowest first.
pub(super) fn short(bytes: &[u8], at: usize) -> Option<u16> {
    bytes
        .get(at..at.checked_add(2)?)?
        .try_into()
        .ok()
        .map(u16::from_le_bytes)
}

/// Four bytes as a number, the lowest first.
pub(super) fn long(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..at.checked_add(4)?)?
        .try_into()
        .ok()
        .map(u32::from_le_bytes)
}

/// The same as a length or a place in the file.
fn size(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(long(bytes, at)?).ok()
}

/// Writes parts as an archive without compression.
pub(super) fn pack(parts: &[Part]) -> Result<Vec<u8>, Trouble> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for part in parts {
        let fits = |n: usize| u32::try_from(n).map_err(|_| Trouble::Unreadable);
        let offset = fits(archive.len())?;
        let mut crc = Crc::new();
        crc.update(&part.data);
        let name = u16::try_from(part.name.len()).map_err(|_| Trouble::Unreadable)?;
        // Version 2.0, names in UTF-8, stored, a fixed day.
        let mut head = vec![20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0];
        head.extend(crc.sum().to_le_bytes());
        head.extend(fits(part.data.len())?.to_le_bytes());
        head.extend(fits(part.data.len())?.to_le_bytes());
        head.extend(name.to_le_bytes());
        head.extend([0, 0]);
        archive.extend(b"PK\x03\x04");
        archive.extend(&head);
        archive.extend(part.name.as_bytes());
        archive.extend(&part.data);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&head);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(part.name.as_bytes());
    }
    let count = u16::try_from(parts.len()).map_err(|_| Trouble::Unreadable)?;
    let start = u32::try_from(archive.len()).map_err(|_| Trouble::Unreadable)?;
    let size = u32::try_from(directory.len()).map_err(|_| Trouble::Unreadable)?;
    archive.extend(directory);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend(count.to_le_bytes());
    archive.extend(count.to_le_bytes());
    archive.extend(size.to_le_bytes());
    archive.extend(start.to_le_bytes());
    archive.extend([0, 0]);
    Ok(archive)
}
