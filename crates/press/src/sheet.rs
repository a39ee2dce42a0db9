//! A list to be written, whatever the format.

use std::fmt;

/// A list with a title, typed columns and rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Name of the tab in a workbook.
    pub title: String,
    /// Columns from left to right.
    pub columns: Vec<Column>,
    /// Rows; a short row leaves its last columns empty, cells beyond the columns are left out.
    pub rows: Vec<Vec<Cell>>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What stands above it.
    pub heading: String,
    /// What it holds, which decides its width and format.
    pub kind: Kind,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// Figures.
    Number,
    /// Days.
    Day,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing known.
    Empty,
    /// Words, written as they are and never as a formula.
    Text(String),
    /// A figure; one that is not finite is written as an empty cell.
    Number(f64),
    /// A day of the proleptic Gregorian calendar.
    Day {
        /// Four-digit year.
        year: u16,
        /// 1 to 12.
        month: u8,
        /// 1 to 31.
        day: u8,
    },
}

/// Why a file could not be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PressError {
    reason: String,
}

impl PressError {
    pub(crate) fn new(reason: impl fmt::Display) -> Self {
        Self {
            reason: reason.to_string(),
        }
    }
}

impl fmt::Display for PressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for PressError {}
