//! Workbooks: XLSX, XLS and ODS into sheets, and the sheet to take.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    Data, DataRef, ExcelDateTime, Reader, SheetVisible, Xls, XlsError, Xlsx, XlsxError,
};

use super::package::{self, Package, Part};
use super::{Form, Limits, Sheet, SheetRow, Table, Trouble, compound, header, opendocument};

/// Reads an XLSX or ODS into a table.
pub(super) fn read_package(
    bytes: &[u8],
    limits: &Limits,
    wanted: Option<&str>,
) -> Result<Table, Trouble> {
    match package::open(bytes, limits)? {
        Package::Ods(content) => pick(opendocument::sheets(&content, limits)?, &Form::Ods, wanted),
        Package::Xlsx(parts) => pick(guarded(|| xlsx(&parts, limits))?, &Form::Xlsx, wanted),
    }
}

/// Reads an XLS into a table.
pub(super) fn read_compound(
    bytes: &[u8],
    limits: &Limits,
    wanted: Option<&str>,
) -> Result<Table, Trouble> {
    compound::check(bytes, limits)?;
    pick(guarded(|| xls(bytes, limits))?, &Form::Xls, wanted)
}

/// Runs the third-party parser. It was written for files of good faith and may panic on a hostile
/// one; that must end this upload, not the thread it runs on. Nothing it touched is used after.
fn guarded<T>(work: impl FnOnce() -> Result<T, Trouble>) -> Result<T, Trouble> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Trouble::Unreadable))
}

/// Takes the sheet named, or the first shown one that holds a list.
fn pick(sheets: Vec<(Sheet, bool)>, form: &Form, wanted: Option<&str>) -> Result<Table, Trouble> {
    let shown: Vec<String> = sheets
        .iter()
        .filter(|(_, shown)| *shown)
        .filter_map(|(sheet, _)| sheet.name.clone())
        .collect();
    let finish = |mut table: Table| {
        table.other_sheets = shown
            .iter()
            .filter(|name| Some(*name) != table.sheet.as_ref())
            .cloned()
            .collect();
        table
    };
    if let Some(wanted) = wanted {
        let (sheet, _) = sheets
            .into_iter()
            .find(|(sheet, _)| sheet.name.as_deref() == Some(wanted))
            .ok_or(Trouble::NoSuchSheet)?;
        return header::table(sheet, form.clone()).map(finish);
    }
    let all_empty = sheets.iter().all(|(sheet, _)| sheet.rows.is_empty());
    let any_shown = !shown.is_empty();
    let tables: Vec<Table> = sheets
        .into_iter()
        .filter(|(_, shown)| *shown || !any_shown)
        .filter_map(|(sheet, _)| header::table(sheet, form.clone()).ok())
        .collect();
    // A cover sheet of sentences reads like a list of one column; a real list has more.
    let best = tables
        .iter()
        .position(|table| table.header.len() > 1 && !table.rows.is_empty())
        .or_else(|| tables.iter().position(|table| !table.rows.is_empty()))
        .unwrap_or(0);
    let table = tables.into_iter().nth(best);
    table.map(finish).ok_or(if all_empty {
        Trouble::Empty
    } else {
        Trouble::NoHeader
    })
}

/// Gathers the filled cells of one sheet and keeps them within the limits.
pub(super) struct Collector<'a> {
    limits: &'a Limits,
    rows: BTreeMap<usize, BTreeMap<usize, String>>,
    merges: Vec<(usize, usize, usize)>,
    /// What the cells of this and of earlier sheets take, in bytes.
    pub(super) taken: usize,
}

/// What a filled cell takes beside its text, in bytes: its place in the row, twice
/// while the sheet is laid out.
pub(super) const CELL: usize = 64;
/// What an empty one takes that stands before a filled one.
pub(super) const GAP: usize = 24;

impl<'a> Collector<'a> {
    /// `taken` is what earlier sheets of the file take: the budget is one for all.
    pub(super) fn new(limits: &'a Limits, taken: usize) -> Self {
        Self {
            limits,
            rows: BTreeMap::new(),
            merges: Vec::new(),
            taken,
        }
    }

    /// Adds a cell; row and column count from 0. Blank text is left out.
    pub(super) fn put(&mut self, row: usize, column: usize, text: String) -> Result<(), Trouble> {
        // Some writers of binary workbooks leave zero bytes between letters.
        let text = if text.contains('\0') {
            text.replace('\0', "")
        } else {
            text
        };
        let bare = text.trim();
        if bare.is_empty() {
            return Ok(());
        }
        if column >= self.limits.columns {
            return Err(Trouble::TooManyColumns {
                found: column + 1,
                limit: self.limits.columns,
            });
        }
        let filled = self.rows.entry(row).or_default();
        let width = filled.last_key_value().map_or(0, |(last, _)| last + 1);
        self.taken += bare.len() + CELL + GAP * column.saturating_sub(width);
        if self.taken > self.limits.unpacked_bytes() {
            return Err(Trouble::TooLarge {
                limit_mib: self.limits.unpacked_mib,
            });
        }
        let text = if bare.len() == text.len() {
            text
        } else {
            bare.to_owned()
        };
        filled.insert(column, text);
        // One more than the limit, for the headings.
        if self.rows.len() > self.limits.rows.saturating_add(1) {
            return Err(Trouble::TooManyRows {
                limit: self.limits.rows,
            });
        }
        Ok(())
    }

    /// Notes that the cell at `first` covers the rows down to `last` in its column.
    pub(super) fn merge(&mut self, first: usize, last: usize, column: usize) {
        self.merges.push((first, last, column));
    }

    /// The sheet; a cell merged over several rows says the same in each that is filled otherwise.
    pub(super) fn finish(mut self, name: Option<String>) -> Sheet {
        let mut left = self.limits.unpacked_bytes().saturating_sub(self.taken);
        for (first, last, column) in std::mem::take(&mut self.merges) {
            let Some(text) = self
                .rows
                .get(&first)
                .and_then(|row| row.get(&column))
                .cloned()
            else {
                continue;
            };
            if first >= last {
                continue;
            }
            for (_, row) in self.rows.range_mut(first + 1..=last) {
                let Some(rest) = left.checked_sub(text.len() + CELL) else {
                    break;
                };
                left = rest;
                row.entry(column).or_insert_with(|| text.clone());
            }
        }
        let rows = self.rows.into_iter().map(|(row, filled)| {
            let width = filled.last_key_value().map_or(0, |(column, _)| column + 1);
            let mut cells = vec![String::new(); width];
            for (column, text) in filled {
                cells[column] = text;
            }
            SheetRow {
                line: row + 1,
                cells,
            }
        });
        Sheet {
            name,
            rows: rows.collect(),
        }
    }
}

fn xlsx(parts: &[Part], limits: &Limits) -> Result<Vec<(Sheet, bool)>, Trouble> {
    let mut book: Xlsx<_> =
        Xlsx::new(Cursor::new(package::pack(parts)?)).map_err(|error| xlsx_trouble(&error))?;
    let listed: Vec<_> = book
        .sheets_metadata()
        .iter()
        .map(|s| (s.name.clone(), s.visible == SheetVisible::Visible))
        .collect();
    let mut sheets = Vec::new();
    let mut taken = 0;
    for (name, shown) in listed {
        let mut collector = Collector::new(limits, taken);
        match xlsx_cells(&mut book, &name, &mut collector) {
            // A sheet of charts has no cells.
            Err(XlsxTrouble::Parser(XlsxError::NotAWorksheet(_))) => continue,
            Err(XlsxTrouble::Parser(error)) => return Err(xlsx_trouble(&error)),
            Err(XlsxTrouble::Own(trouble)) => return Err(trouble),
            Ok(()) => {}
        }
        // Without its merges a sheet is still a list.
        for merge in book.merge_cells_by_sheet_name(&name).unwrap_or_default() {
            add_merge(&mut collector, merge.start, merge.end);
        }
        taken = collector.taken;
        sheets.push((collector.finish(Some(name)), shown));
    }
    Ok(sheets)
}

/// Either side's complaint.
enum XlsxTrouble {
    Parser(XlsxError),
    Own(Trouble),
}

/// Streams the cells; laying out the declared dimension could take more memory than there is.
fn xlsx_cells(
    book: &mut Xlsx<Cursor<Vec<u8>>>,
    name: &str,
    collector: &mut Collector<'_>,
) -> Result<(), XlsxTrouble> {
    let mut cells = book
        .worksheet_cells_reader(name)
        .map_err(XlsxTrouble::Parser)?;
    let widths: Vec<usize> = cells
        .styles()
        .iter()
        .map(|style| {
            style
                .number_format
                .as_ref()
                .map_or(0, |format| zeros(&format.format_code))
        })
        .collect();
    while let Some((cell, style)) = cells
        .next_cell_with_style_id()
        .map_err(XlsxTrouble::Parser)?
    {
        let (row, column) = cell.get_position();
        let text = match cell.get_value() {
            DataRef::SharedString(text) => (*text).to_owned(),
            DataRef::Float(n) => padded(tidy_number(*n), widths.get(style).copied().unwrap_or(0)),
            other => value(&Data::from(other.clone())),
        };
        collector
            .put(index(row), index(column), text)
            .map_err(XlsxTrouble::Own)?;
    }
    Ok(())
}

/// Digits a number is shown with by a format of zeros only, as postal codes have.
fn zeros(format: &str) -> usize {
    let plain = format.len() > 1 && format.len() <= 12 && format.bytes().all(|b| b == b'0');
    if plain { format.len() } else { 0 }
}

/// A whole number with its leading zeros, so that `01067` stays the place it is.
fn padded(number: String, width: usize) -> String {
    if number.bytes().all(|b| b.is_ascii_digit()) {
        format!("{number:0>width$}")
    } else {
        number
    }
}

fn xls(bytes: &[u8], limits: &Limits) -> Result<Vec<(Sheet, bool)>, Trouble> {
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| xls_trouble(&error))?;
    let listed: Vec<_> = book
        .sheets_metadata()
        .iter()
        .map(|s| (s.name.clone(), s.visible == SheetVisible::Visible))
        .collect();
    let mut sheets = Vec::new();
    let mut taken = 0;
    for (name, shown) in listed {
        let range = book
            .worksheet_range(&name)
            .map_err(|error| xls_trouble(&error))?;
        let (row, column) = range.start().unwrap_or_default();
        let mut collector = Collector::new(limits, taken);
        for (r, c, cell) in range.used_cells() {
            collector.put(index(row) + r, index(column) + c, value(cell))?;
        }
        for merge in book.merge_cells_by_sheet_name(&name).unwrap_or_default() {
            add_merge(&mut collector, merge.start, merge.end);
        }
        taken = collector.taken;
        sheets.push((collector.finish(Some(name)), shown));
    }
    Ok(sheets)
}

fn add_merge(collector: &mut Collector<'_>, start: (u32, u32), end: (u32, u32)) {
    if end.0 > start.0 {
        collector.merge(index(start.0), index(end.0), index(start.1));
    }
}

fn index(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// A cell as text.
fn value(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) => text.clone(),
        Data::Int(n) => n.to_string(),
        Data::Float(n) => tidy_number(*n),
        Data::Bool(yes) => yes.to_string(),
        Data::DateTime(moment) => tidy_moment(moment),
        Data::DateTimeIso(text) => match text.split_once('T') {
            Some((day, time)) if time.starts_with("00:00:00") => day.to_owned(),
            Some((day, time)) => format!("{day} {time}"),
            None => text.clone(),
        },
        Data::DurationIso(text) => text.clone(),
    }
}

/// A number as people read it: no `.0`, and fifteen digits, as spreadsheet programs keep.
pub(super) fn tidy_number(n: f64) -> String {
    if !n.is_finite() {
        return String::new();
    }
    let rounded: f64 = format!("{n:.14e}").parse().unwrap_or(n);
    if rounded == 0.0 {
        "0".to_owned()
    } else {
        rounded.to_string()
    }
}

/// A day as `YYYY-MM-DD`, with `HH:MM` behind it when it is a moment; a time alone as `HH:MM`.
fn tidy_moment(moment: &ExcelDateTime) -> String {
    let serial = moment.as_f64();
    // Days beyond the year 9999 and before 1900 are numbers that wear a date's format.
    if !serial.is_finite() || !(0.0..2_958_466.0).contains(&serial) {
        return tidy_number(serial);
    }
    if moment.is_duration() {
        let seconds = (serial * 86_400.0).round() as i64;
        return clock(seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let time = clock(hour.into(), minute.into(), second.into());
    if serial < 1.0 && serial > 0.0 {
        time
    } else if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {time}")
    }
}

fn clock(hour: i64, minute: i64, second: i64) -> String {
    if second == 0 {
        format!("{hour:02}:{minute:02}")
    } else {
        format!("{hour:02}:{minute:02}:{second:02}")
    }
}

fn xlsx_trouble(error: &XlsxError) -> Trouble {
    match error {
        XlsxError::Password => Trouble::PasswordProtected,
        XlsxError::XmlEof(_) => Trouble::Truncated,
        _ => Trouble::Unreadable,
    }
}

fn xls_trouble(error: &XlsError) -> Trouble {
    match error {
        XlsError::Password => Trouble::PasswordProtected,
        XlsError::EoStream(_) => Trouble::Truncated,
        _ => Trouble::Unreadable,
    }
}
