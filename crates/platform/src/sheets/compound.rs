//! A look into a binary workbook before the parser opens it.
//!
//! The parser lays every sheet out as a full rectangle and copies a shared text into each cell
//! that names it. A few bytes can so ask for more memory than there is; this scan walks the same
//! records first and refuses such files. It also tells an encrypted or cut file from a broken one.

use std::collections::HashMap;

use super::package::{long, short};
use super::{Limits, Trouble, strings};

const END: u32 = 0xFFFF_FFFE;
const FREE: u32 = 0xFFFF_FFFF;

/// Bytes one cell takes in the parser's rectangle.
const CELL_BYTES: usize = 32;
/// More sheets than any list has.
const MOST_SHEETS: usize = 256;
/// Formulas are spelled out by the parser and grow on the way.
const MOST_FORMULA_BYTES: usize = 8 * 1024 * 1024;

/// Checks a compound file.
pub(super) fn check(bytes: &[u8], limits: &Limits) -> Result<(), Trouble> {
    let file = File::open(bytes)?;
    if file.stream("EncryptedPackage")?.is_some() {
        return Err(Trouble::PasswordProtected);
    }
    let workbook = match file.stream("Workbook")? {
        Some(stream) => Some(stream),
        None => file.stream("Book")?,
    };
    match workbook {
        Some(stream) => check_records(&stream, limits),
        None if file.stream("WordDocument")?.is_some() => {
            Err(Trouble::WrongExtension { looks_like: "word" })
        }
        None if file.stream("PowerPoint Document")?.is_some() => Err(Trouble::WrongExtension {
            looks_like: "slides",
        }),
        None => Err(Trouble::Binary),
    }
}

/// The streams of a compound file.
struct File<'a> {
    bytes: &'a [u8],
    sector: usize,
    table: Vec<u32>,
    mini_table: Vec<u32>,
    mini: Vec<u8>,
    /// Name, first sector, length.
    streams: Vec<(String, u32, usize)>,
}

impl<'a> File<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self, Trouble> {
        if bytes.len() < 512 {
            return Err(Trouble::Truncated);
        }
        let sector = match short(bytes, 30) {
            Some(9) => 512,
            Some(12) => 4096,
            _ => return Err(Trouble::Unreadable),
        };
        let mut file = Self {
            bytes,
            sector,
            table: Vec::new(),
            mini_table: Vec::new(),
            mini: Vec::new(),
            streams: Vec::new(),
        };
        file.load_table()?;
        let word = |at| long(bytes, at).ok_or(Trouble::Truncated);
        file.load_directory(word(48)?)?;
        if word(64)? > 0 {
            let (start, length) = file
                .streams
                .first()
                .map(|(_, start, length)| (*start, *length))
                .ok_or(Trouble::Unreadable)?;
            file.mini = file.chain(start, length)?;
            file.mini_table = words(&file.chain(word(60)?, usize::MAX)?);
        }
        Ok(file)
    }

    /// Which sector follows which: 109 places in the header, more in a chain of their own.
    fn load_table(&mut self) -> Result<(), Trouble> {
        let mut places = words(&self.bytes[76..512]);
        let mut next = long(self.bytes, 68).ok_or(Trouble::Truncated)?;
        let mut steps = 0;
        while next < 0xFFFF_FFFA {
            let mut more = words(self.sector_at(next)?);
            next = more.pop().ok_or(Trouble::Truncated)?;
            places.extend(more);
            steps += 1;
            if steps > self.bytes.len() / self.sector {
                return Err(Trouble::Unreadable);
            }
        }
        for place in places.into_iter().filter(|place| *place < 0xFFFF_FFFC) {
            let entries = words(self.sector_at(place)?);
            self.table.extend(entries);
            if self.table.len() > self.bytes.len() {
                return Err(Trouble::Unreadable);
            }
        }
        Ok(())
    }

    fn load_directory(&mut self, start: u32) -> Result<(), Trouble> {
        let directory = self.chain(start, usize::MAX)?;
        for entry in directory.chunks_exact(128) {
            let units: Vec<u16> = words16(&entry[..64])
                .into_iter()
                .take_while(|unit| *unit != 0)
                .collect();
            let start = long(entry, 116).ok_or(Trouble::Truncated)?;
            let length = usize::try_from(long(entry, 120).ok_or(Trouble::Truncated)?)
                .map_err(|_| Trouble::Unreadable)?;
            self.streams
                .push((String::from_utf16_lossy(&units), start, length));
        }
        Ok(())
    }

    fn sector_at(&self, id: u32) -> Result<&'a [u8], Trouble> {
        let id = usize::try_from(id).map_err(|_| Trouble::Unreadable)?;
        // The header takes the place of one sector in front of the first.
        let start = id
            .checked_add(1)
            .and_then(|n| n.checked_mul(self.sector))
            .ok_or(Trouble::Unreadable)?;
        let bytes = self
            .bytes
            .get(start..)
            .filter(|rest| !rest.is_empty())
            .ok_or(Trouble::Truncated)?;
        Ok(&bytes[..bytes.len().min(self.sector)])
    }

    fn chain(&self, start: u32, length: usize) -> Result<Vec<u8>, Trouble> {
        let mut data = Vec::new();
        let mut id = start;
        while id != END && id != FREE && data.len() < length {
            data.extend_from_slice(self.sector_at(id)?);
            // A chain longer than the file runs in a circle.
            if data.len() > self.bytes.len().saturating_add(self.sector) {
                return Err(Trouble::Unreadable);
            }
            id = *usize::try_from(id)
                .ok()
                .and_then(|id| self.table.get(id))
                .ok_or(Trouble::Truncated)?;
        }
        data.truncate(length);
        Ok(data)
    }

    fn mini_chain(&self, start: u32, length: usize) -> Result<Vec<u8>, Trouble> {
        let mut data = Vec::new();
        let mut id = start;
        while id != END && data.len() < length {
            let at = usize::try_from(id).map_err(|_| Trouble::Unreadable)?;
            let from = at
                .checked_mul(64)
                .filter(|from| *from < self.mini.len())
                .ok_or(Trouble::Truncated)?;
            data.extend_from_slice(&self.mini[from..self.mini.len().min(from + 64)]);
            if data.len() > self.mini.len() + 64 {
                return Err(Trouble::Unreadable);
            }
            id = *self.mini_table.get(at).ok_or(Trouble::Truncated)?;
        }
        data.truncate(length);
        Ok(data)
    }

    fn stream(&self, name: &str) -> Result<Option<Vec<u8>>, Trouble> {
        let found = self
            .streams
            .iter()
            .find(|(other, _, _)| other.eq_ignore_ascii_case(name));
        found
            .map(|(_, start, length)| {
                if *length < 4096 {
                    self.mini_chain(*start, *length)
                } else {
                    self.chain(*start, *length)
                }
            })
            .transpose()
    }
}

/// Walks the records of a workbook and adds up what its sheets will take.
fn check_records(stream: &[u8], limits: &Limits) -> Result<(), Trouble> {
    let mut sheets = Vec::new();
    let mut lengths = Vec::new();
    for record in Records::from(stream, 0) {
        let record = record?;
        match record.kind {
            0x002F => return Err(Trouble::PasswordProtected),
            0x0085 => sheets.push(long(record.data, 0).ok_or(Trouble::Unreadable)?),
            0x00FC => lengths = strings::lengths(record.data, &record.more),
            0x000A => break,
            _ => {}
        }
    }
    if sheets.len() > MOST_SHEETS {
        return Err(Trouble::Unreadable);
    }
    let mut left = limits.unpacked_bytes().saturating_mul(2);
    // Two sheets at one place cost the parser twice, but need to be walked once only.
    let mut seen = HashMap::new();
    for start in sheets {
        let start = usize::try_from(start).map_err(|_| Trouble::Unreadable)?;
        let cost = match seen.get(&start) {
            Some(cost) => *cost,
            None => sheet_cost(stream, start, &lengths)?,
        };
        seen.insert(start, cost);
        left = left.checked_sub(cost).ok_or(Trouble::TooLarge {
            limit_mib: limits.unpacked_mib,
        })?;
    }
    Ok(())
}

/// Bytes the parser will take for one sheet.
fn sheet_cost(stream: &[u8], start: usize, lengths: &[usize]) -> Result<usize, Trouble> {
    let (mut rows, mut columns) = (Span::default(), Span::default());
    let (mut text, mut formulas, mut depth, mut declared) = (0_usize, 0_usize, 0_usize, 0_usize);
    for record in Records::from(stream, start) {
        let record = record?;
        match record.kind {
            0x0809 => depth += 1,
            0x000A if depth <= 1 => break,
            0x000A => depth -= 1,
            _ if depth > 1 => {}
            0x0200 => declared = declared.saturating_add(declared_cells(record.data)?),
            0x0203 | 0x0204 | 0x00D6 | 0x0205 | 0x027E | 0x00FD | 0x00BD | 0x0006 => {
                let (Some(row), Some(column)) = (short(record.data, 0), short(record.data, 2))
                else {
                    return Err(Trouble::Unreadable);
                };
                rows.add(usize::from(row));
                columns.add(usize::from(column));
                match record.kind {
                    0x00BD => columns.add(usize::from(column) + record.data.len() / 6),
                    0x00FD => {
                        let index = long(record.data, 6).and_then(|n| usize::try_from(n).ok());
                        let longest = index.and_then(|n| lengths.get(n)).copied().unwrap_or(0);
                        text = text.saturating_add(longest);
                    }
                    0x0006 => formulas += record.data.len(),
                    _ => text = text.saturating_add(record.data.len() * 3),
                }
            }
            _ => {}
        }
    }
    if formulas > MOST_FORMULA_BYTES {
        return Err(Trouble::Unreadable);
    }
    // The rectangle is laid out twice: once for values, once for formulas.
    let cells = rows
        .len()
        .saturating_mul(columns.len())
        .saturating_mul(2)
        .saturating_add(declared);
    Ok(cells.saturating_mul(CELL_BYTES).saturating_add(text))
}

/// Cells a sheet claims to have; room for them is reserved by the parser.
fn declared_cells(data: &[u8]) -> Result<usize, Trouble> {
    let wide = |at| {
        long(data, at)
            .and_then(|n| usize::try_from(n).ok())
            .ok_or(Trouble::Unreadable)
    };
    let narrow = |at| short(data, at).map(usize::from).ok_or(Trouble::Unreadable);
    let (first_row, row, first_column, column) = match data.len() {
        10 => (narrow(0)?, narrow(2)?, narrow(4)?, narrow(6)?),
        14 | 16 => (wide(0)?, wide(4)?, narrow(8)?, narrow(10)?),
        _ => return Err(Trouble::Unreadable),
    };
    let first_column = if first_column > 0xFF || column < first_column {
        0
    } else {
        first_column
    };
    if row == 0 || column == 0 {
        return Ok(1);
    }
    // An end before its start would count down below zero.
    if row <= first_row || column <= first_column {
        return Err(Trouble::Unreadable);
    }
    Ok((row - first_row).saturating_mul(column - first_column))
}

/// First and last number seen.
#[derive(Default)]
struct Span(Option<(usize, usize)>);

impl Span {
    fn add(&mut self, n: usize) {
        self.0 = Some(
            self.0
                .map_or((n, n), |(first, last)| (first.min(n), last.max(n))),
        );
    }

    fn len(&self) -> usize {
        self.0.map_or(0, |(first, last)| last - first + 1)
    }
}

/// One record with the parts that continue it.
struct Record<'a> {
    kind: u16,
    data: &'a [u8],
    more: Vec<&'a [u8]>,
}

/// Records one after the other.
struct Records<'a> {
    rest: &'a [u8],
}

impl<'a> Records<'a> {
    fn from(stream: &'a [u8], start: usize) -> Self {
        Self {
            rest: stream.get(start..).unwrap_or_default(),
        }
    }

    fn step(&mut self) -> Result<(u16, &'a [u8]), Trouble> {
        let kind = short(self.rest, 0).ok_or(Trouble::Truncated)?;
        let length = usize::from(short(self.rest, 2).ok_or(Trouble::Truncated)?);
        let data = self.rest.get(4..4 + length).ok_or(Trouble::Truncated)?;
        self.rest = &self.rest[4 + length..];
        Ok((kind, data))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>, Trouble>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let (kind, data) = match self.step() {
            Ok(found) => found,
            Err(trouble) => {
                self.rest = &[];
                return Some(Err(trouble));
            }
        };
        let mut more = Vec::new();
        while self.rest.len() > 4 && short(self.rest, 0) == Some(0x003C) {
            match self.step() {
                Ok((_, data)) => more.push(data),
                Err(trouble) => {
                    self.rest = &[];
                    return Some(Err(trouble));
                }
            }
        }
        Some(Ok(Record { kind, data, more }))
    }
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes
        .chunks_exact(4)
        .filter_map(|four| long(four, 0))
        .collect()
}

fn words16(bytes: &[u8]) -> Vec<u16> {
    bytes
        .chunks_exact(2)
        .filter_map(|two| short(two, 0))
        .collect()
}
