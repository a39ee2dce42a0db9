//! Lists as XLSX workbooks.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

use crate::{Cell, Column, Kind, PressError, Sheet};

/// Longest text a cell may hold.
const LONGEST: usize = 32_767;

/// Writes a list as a workbook of one sheet: bold headings that stay in view, a filter over them,
/// real numbers and days, text always as text.
///
/// # Errors
/// When the list is larger than a sheet can be, or a day is none.
pub fn to_xlsx(sheet: &Sheet) -> Result<Vec<u8>, PressError> {
    let mut book = Workbook::new();
    fill(book.add_worksheet(), sheet)?;
    book.save_to_buffer().map_err(PressError::new)
}

fn fill(page: &mut Worksheet, sheet: &Sheet) -> Result<(), PressError> {
    page.set_name(tab_name(&sheet.title))
        .map_err(PressError::new)?;
    let bold = Format::new().set_bold();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    for (at, column) in sheet.columns.iter().enumerate() {
        let at = u16::try_from(at).map_err(PressError::new)?;
        page.write_string_with_format(0, at, short(&column.heading), &bold)
            .map_err(PressError::new)?;
        page.set_column_width(at, width(sheet, usize::from(at), column))
            .map_err(PressError::new)?;
    }
    for (at, row) in sheet.rows.iter().enumerate() {
        let line = u32::try_from(at + 1).map_err(PressError::new)?;
        for (at, cell) in row.iter().take(sheet.columns.len()).enumerate() {
            let at = u16::try_from(at).map_err(PressError::new)?;
            write(page, line, at, cell, &day)?;
        }
    }
    page.set_freeze_panes(1, 0).map_err(PressError::new)?;
    if !sheet.columns.is_empty() {
        let last_row = u32::try_from(sheet.rows.len()).map_err(PressError::new)?;
        let last_column = u16::try_from(sheet.columns.len() - 1).map_err(PressError::new)?;
        page.autofilter(0, 0, last_row, last_column)
            .map_err(PressError::new)?;
    }
    Ok(())
}

fn write(
    page: &mut Worksheet,
    line: u32,
    column: u16,
    cell: &Cell,
    format: &Format,
) -> Result<(), PressError> {
    match cell {
        Cell::Text(text) if !text.is_empty() => {
            page.write_string(line, column, short(text))
                .map_err(PressError::new)?;
        }
        Cell::Number(n) if n.is_finite() => {
            page.write_number(line, column, *n)
                .map_err(PressError::new)?;
        }
        Cell::Day { year, month, day } => {
            let moment = ExcelDateTime::from_ymd(*year, *month, *day).map_err(PressError::new)?;
            page.write_datetime_with_format(line, column, &moment, format)
                .map_err(PressError::new)?;
        }
        Cell::Empty | Cell::Text(_) | Cell::Number(_) => {}
    }
    Ok(())
}

/// Text cut to what a cell may hold, counted as spreadsheet programs count it.
fn short(text: &str) -> &str {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > LONGEST {
            return &text[..at];
        }
    }
    text
}

/// A width in characters between 8 and 60 that shows most cells whole.
fn width(sheet: &Sheet, at: usize, column: &Column) -> f64 {
    let longest = sheet
        .rows
        .iter()
        .take(500)
        .map(|row| match row.get(at) {
            Some(Cell::Text(text)) => text
                .lines()
                .map(|line| line.chars().count())
                .max()
                .unwrap_or(0),
            Some(Cell::Number(n)) => n.to_string().len(),
            Some(Cell::Day { .. }) => 10,
            Some(Cell::Empty) | None => 0,
        })
        .max()
        .unwrap_or(0);
    let least: usize = match column.kind {
        Kind::Text => 12,
        Kind::Number => 8,
        Kind::Day => 11,
    };
    // The filter's button covers about three characters of a heading.
    let wide = longest
        .max(column.heading.chars().count() + 3)
        .clamp(least, 60);
    f64::from(u16::try_from(wide).unwrap_or(60)) + 1.0
}

/// A tab's name: at most 31 characters, without the seven signs that are not allowed, and never
/// empty or in apostrophes.
fn tab_name(title: &str) -> String {
    let clean: String = title
        .chars()
        .map(|c| {
            if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\') || c.is_control() {
                ' '
            } else {
                c
            }
        })
        .collect();
    let mut name = String::new();
    let mut units = 0;
    for c in clean.trim().trim_matches('\'').chars() {
        units += c.len_utf16();
        if units > 31 {
            break;
        }
        name.push(c);
    }
    let name = name.trim().trim_matches('\'').to_owned();
    if name.is_empty() {
        "1".to_owned()
    } else {
        name
    }
}
