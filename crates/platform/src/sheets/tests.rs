mod hostile;
mod own;
mod shared;

use super::{Limits, Table, Trouble};

/// Reads with the usual limits.
fn read(bytes: &[u8], name: &str) -> Result<Table, Trouble> {
    super::read(bytes, name, &Limits::default(), None)
}

/// The cells of all rows.
fn cells(table: &Table) -> Vec<Vec<&str>> {
    table
        .rows
        .iter()
        .map(|row| row.cells.iter().map(String::as_str).collect())
        .collect()
}
