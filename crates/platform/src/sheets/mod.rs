//! Reads any list a person keeps in a file into one table of text.
//!
//! The journey of a file: [`kind`](kind) looks at the bytes (never at the name) and says what
//! they are; [`text`] or [`workbook`] turn them into [`Sheet`]s, rows of cells with the row
//! number a person sees in a spreadsheet program; [`header`] finds the heading row, cuts titles
//! above and notes below and returns a [`Table`].
//!
//! Invariant: no input makes [`read`] panic, loop or use memory beyond what [`Limits`] allow.
//! Every way a file can fail is a [`Trouble`], whose key names the sentence shown to the person.

mod compound;
mod dialect;
mod header;
mod kind;
mod markup;
mod opendocument;
mod package;
mod strings;
mod text;
mod values;
mod workbook;

#[cfg(test)]
mod tests;

pub use values::{decimal, year_or_day};

use kind::Kind;

/// How much a file may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Largest file accepted, in MiB.
    pub file_mib: usize,
    /// Largest amount of unpacked content kept in memory at once, in MiB.
    pub unpacked_mib: usize,
    /// Most filled rows in one sheet.
    pub rows: usize,
    /// Most columns in one sheet.
    pub columns: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_mib: 20,
            unpacked_mib: 200,
            rows: 100_000,
            columns: 200,
        }
    }
}

impl Limits {
    /// The unpacked limit in bytes.
    fn unpacked_bytes(&self) -> usize {
        self.unpacked_mib.saturating_mul(1024 * 1024)
    }
}

/// What a file's bytes turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// Separated text: the name of its encoding (as in the WHATWG list) and its separator.
    Csv {
        /// For example `UTF-8` or `windows-1252`.
        encoding: &'static str,
        /// One of `,` `;` tab `|`.
        separator: char,
    },
    /// Office Open XML workbook.
    Xlsx,
    /// Binary workbook of Excel 97 to 2003 (and 5.0/95).
    Xls,
    /// OpenDocument spreadsheet.
    Ods,
}

/// One sheet as it stands in the file, filled rows only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The tab's name; text files have none.
    pub name: Option<String>,
    /// Rows that hold at least one filled cell, in order.
    pub rows: Vec<SheetRow>,
}

/// One filled row of a [`Sheet`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// 1-based row number a person sees in a spreadsheet program.
    pub line: usize,
    /// Trimmed cells from the first column on; rows may differ in length.
    pub cells: Vec<String>,
}

/// A list: headings and rows below them, titles above and notes below removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Headings, trimmed; a column without a heading has an empty one.
    pub header: Vec<String>,
    /// 1-based row of the headings in the file.
    pub header_row: usize,
    /// Rows below the headings; empty rows are left out.
    pub rows: Vec<TableRow>,
    /// What the file was.
    pub form: Form,
    /// Name of the sheet read; text files have none.
    pub sheet: Option<String>,
    /// Names of further visible sheets of the file.
    pub other_sheets: Vec<String>,
    /// Filled rows above the headings that were left out.
    pub skipped_above: usize,
    /// Filled rows below the list (footnotes, sums) that were left out.
    pub notes_below: usize,
}

/// One row of a [`Table`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    /// 1-based row number a person sees in a spreadsheet program.
    pub line: usize,
    /// Trimmed cells, as many as there are headings.
    pub cells: Vec<String>,
}

/// Why a file could not be read as a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing is in it.
    Empty,
    /// The file, or what it unpacks to, is larger than the limit in MiB.
    TooLarge {
        /// The limit passed.
        limit_mib: usize,
    },
    /// More filled rows than allowed.
    TooManyRows {
        /// The limit passed.
        limit: usize,
    },
    /// More columns than allowed.
    TooManyColumns {
        /// Columns found (at least).
        found: usize,
        /// The limit passed.
        limit: usize,
    },
    /// Encrypted; it has to be saved without a password first.
    PasswordProtected,
    /// The file ends early, as after a broken transfer.
    Truncated,
    /// No list format at all.
    Binary,
    /// A known format that holds no list we read: `pdf`, `word`, `slides`, `html`, `xml`,
    /// `image`, `archive`, `xlsb`, `rtf`, `vcard`, `calendar`.
    WrongExtension {
        /// What the content looks like.
        looks_like: &'static str,
    },
    /// There is content, but no row reads like headings.
    NoHeader,
    /// The sheet asked for is not in the file.
    NoSuchSheet,
    /// Damaged or built in a way no spreadsheet program would.
    Unreadable,
}

impl Trouble {
    /// Key of the sentence for people.
    pub fn text_key(&self) -> &'static str {
        match self {
            Self::Empty => "sheets-trouble-empty",
            Self::TooLarge { .. } => "sheets-trouble-too-large",
            Self::TooManyRows { .. } => "sheets-trouble-too-many-rows",
            Self::TooManyColumns { .. } => "sheets-trouble-too-many-columns",
            Self::PasswordProtected => "sheets-trouble-password-protected",
            Self::Truncated => "sheets-trouble-truncated",
            Self::Binary => "sheets-trouble-binary",
            Self::WrongExtension { looks_like: "pdf" } => "sheets-trouble-pdf",
            Self::WrongExtension { looks_like: "xlsb" } => "sheets-trouble-xlsb",
            Self::WrongExtension { .. } => "sheets-trouble-wrong-extension",
            Self::NoHeader => "sheets-trouble-no-header",
            Self::NoSuchSheet => "sheets-trouble-no-such-sheet",
            Self::Unreadable => "sheets-trouble-unreadable",
        }
    }
}

/// Reads a file into a table.
///
/// The content decides what the file is: a text list that carries a workbook's name is read as
/// the text it is. `file_name` only breaks ties (a `.tsv` prefers tabs). `sheet` names the sheet
/// to read; without it the first visible sheet that holds a list is taken.
///
/// # Errors
/// A [`Trouble`] that says why nothing could be read.
pub fn read(
    bytes: &[u8],
    file_name: &str,
    limits: &Limits,
    sheet: Option<&str>,
) -> Result<Table, Trouble> {
    if bytes.len() > limits.file_mib.saturating_mul(1024 * 1024) {
        return Err(Trouble::TooLarge {
            limit_mib: limits.file_mib,
        });
    }
    match kind::of(bytes)? {
        Kind::Text => text::read(bytes, file_name, limits),
        Kind::Package => workbook::read_package(bytes, limits, sheet),
        Kind::Compound => workbook::read_compound(bytes, limits, sheet),
    }
}
