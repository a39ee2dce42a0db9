//! Lists as separated text.

use crate::{Cell, Sheet};

/// How separated text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// `;` for German spreadsheet programs, `,` elsewhere. Must be ASCII.
    pub separator: char,
    /// Whether the file starts with the mark by which spreadsheet programs know UTF-8.
    pub bom: bool,
}

impl Default for Dialect {
    fn default() -> Self {
        Self {
            separator: ';',
            bom: true,
        }
    }
}

/// Writes a list as UTF-8 text with CRLF line ends (RFC 4180).
///
/// Decimals carry a comma when the separator is `;`, since the same programs expect both. Text
/// that a spreadsheet program would run as a formula gets an apostrophe in front; numbers do not.
pub fn to_csv(sheet: &Sheet, dialect: Dialect) -> Vec<u8> {
    let mut text = String::new();
    if dialect.bom {
        text.push('\u{feff}');
    }
    line(
        &mut text,
        dialect,
        sheet.columns.iter().map(|column| guarded(&column.heading)),
    );
    for row in &sheet.rows {
        let cells = (0..sheet.columns.len()).map(|at| cell(row.get(at), dialect));
        line(&mut text, dialect, cells);
    }
    text.into_bytes()
}

fn cell(cell: Option<&Cell>, dialect: Dialect) -> String {
    match cell {
        Some(Cell::Text(text)) => guarded(text),
        Some(Cell::Number(n)) if n.is_finite() => {
            let point = n.to_string();
            if dialect.separator == ';' {
                point.replace('.', ",")
            } else {
                point
            }
        }
        Some(Cell::Day { year, month, day }) => format!("{year:04}-{month:02}-{day:02}"),
        Some(Cell::Empty | Cell::Number(_)) | None => String::new(),
    }
}

/// Text that cannot start a formula. Blanks in front do not keep every program from running it,
/// and the wide forms of the signs count as the signs in some.
fn guarded(text: &str) -> String {
    let first = text
        .trim_start_matches([' ', '\u{a0}', '\n'])
        .chars()
        .next();
    let runs = matches!(
        first,
        Some(
            '=' | '+' | '-' | '@' | '\t' | '\r' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}'
        )
    );
    if runs {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn line(text: &mut String, dialect: Dialect, cells: impl Iterator<Item = String>) {
    let start = text.len();
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            text.push(dialect.separator);
        }
        let quoted = cell.contains([dialect.separator, '"', '\n', '\r', '\''])
            || cell.starts_with([' ', '\t'])
            || cell.ends_with([' ', '\t']);
        if quoted {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&cell);
        }
    }
    // A line without any mark would be taken for no row at all.
    if text.len() == start {
        text.push_str("\"\"");
    }
    text.push_str("\r\n");
}
