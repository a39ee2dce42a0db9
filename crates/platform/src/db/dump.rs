//! A table as lines of JSON, the same on both engines, byte for byte: one
//! object per row, columns in their order, rows in the order of the primary
//! key. Neither way holds more than a few hundred rows in memory.

use std::io::{BufRead, BufWriter, Write};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::schema::{Table, list, quoted};
use super::{Cell, Column, Conn, Param, Row, Val};
use crate::error::{Error, Result};
use crate::params;
use crate::secret::hex;

/// Rows that are read at a time.
const PAGE: usize = 500;
/// Values that one statement inserts at the most; SQLite allows 32,766.
const VALUES: usize = 4_000;

/// How much was written, and its SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Extent {
    pub rows: u64,
    pub bytes: u64,
    pub sha256: String,
}

/// Counts and hashes what passes through to `inner`.
pub struct Digesting<W> {
    inner: W,
    bytes: u64,
    sha: Sha256,
}

impl<W> Digesting<W> {
    /// Around a writer or a reader.
    pub fn new(inner: W) -> Self {
        Digesting {
            inner,
            bytes: 0,
            sha: Sha256::new(),
        }
    }

    /// What stands inside, the number of bytes that passed, and their SHA-256.
    pub fn finish(self) -> (W, u64, String) {
        (self.inner, self.bytes, hex(&self.sha.finalize()))
    }

    fn note(&mut self, bytes: &[u8]) {
        self.sha.update(bytes);
        self.bytes += bytes.len() as u64;
    }
}

impl<W: Write> Write for Digesting<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let n = self.inner.write(bytes)?;
        self.note(&bytes[..n]);
        Ok(n)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

impl<R: std::io::Read> std::io::Read for Digesting<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(into)?;
        self.note(&into[..n]);
        Ok(n)
    }
}

/// How large a table's dump is, without keeping it.
pub fn measure(conn: &mut Conn, table: &Table) -> Result<Extent> {
    dump(conn, table, std::io::sink())
}

/// Writes every row of a table. Inside one snapshot two dumps are equal.
pub fn dump(conn: &mut Conn, table: &Table, out: impl Write) -> Result<Extent> {
    // Hashing and packing cost per call as well as per byte.
    let mut out = BufWriter::with_capacity(64 * 1024, Digesting::new(out));
    let select = format!(
        "SELECT {} FROM {}",
        list(&table.columns),
        quoted(&table.name)
    );
    let numbers: Vec<String> = (1..=table.key.len()).map(|n| format!("${n}")).collect();
    let order = format!("ORDER BY {} LIMIT {PAGE}", list(&table.key));
    let first = format!("{select} {order}");
    let next = format!(
        "{select} WHERE ({}) > ({}) {order}",
        list(&table.key),
        numbers.join(", ")
    );
    let places = key_places(table);
    let mut rows = 0;
    let mut last: Vec<Val<'static>> = Vec::new();
    loop {
        let mut page = 0;
        let from = std::mem::take(&mut last);
        let from: Vec<&dyn Param> = from.iter().map(|v| v as &dyn Param).collect();
        let sql = if from.is_empty() { &first } else { &next };
        conn.each(sql, &from, |row| {
            page += 1;
            write_row(&mut out, table, row)?;
            if page == PAGE {
                last = places
                    .iter()
                    .map(|i| key_value(table, row, *i))
                    .collect::<Result<_>>()?;
            }
            Ok(())
        })?;
        rows += page as u64;
        if page < PAGE {
            break;
        }
    }
    let out = out
        .into_inner()
        .map_err(std::io::IntoInnerError::into_error)?;
    let (_, bytes, sha256) = out.finish();
    let counted = count(conn, table)?;
    if counted != rows {
        let name = &table.name;
        return Err(Error::broken(format!(
            "table {name} has {counted} rows, but {rows} could be read in the order of its key"
        )));
    }
    Ok(Extent {
        rows,
        bytes,
        sha256,
    })
}

/// Rows of a table.
pub fn count(conn: &mut Conn, table: &Table) -> Result<u64> {
    let sql = format!("SELECT COUNT(*) AS n FROM {}", quoted(&table.name));
    let (n,): (i64,) = conn.one(&sql, params![])?;
    Ok(n.unsigned_abs())
}

fn key_places(table: &Table) -> Vec<usize> {
    let place = |key: &String| {
        let found = table.columns.iter().position(|c| c == key);
        found.expect("a key is made of the table's columns")
    };
    table.key.iter().map(place).collect()
}

fn key_value(table: &Table, row: &Row<'_>, at: usize) -> Result<Val<'static>> {
    match row.get::<Value>(at)? {
        Value::Null => Err(Error::broken(format!(
            "{}: a key without value",
            table.name
        ))),
        value => bound(value),
    }
}

impl Column for Value {
    fn read(cell: Cell<'_>) -> Result<Self> {
        Ok(match cell {
            Cell::Null => Value::Null,
            Cell::Int(n) => n.into(),
            Cell::Real(x) => serde_json::Number::from_f64(x)
                .map(Value::Number)
                .ok_or_else(|| Error::broken(format!("{x} is no number that JSON can hold")))?,
            Cell::Text(text) => text.into(),
        })
    }
}

fn write_row(out: &mut impl Write, table: &Table, row: &Row<'_>) -> Result<()> {
    for (i, column) in table.columns.iter().enumerate() {
        out.write_all(if i == 0 { b"{" } else { b"," })?;
        serde_json::to_writer(&mut *out, column)?;
        out.write_all(b":")?;
        serde_json::to_writer(&mut *out, &row.get::<Value>(i)?)?;
    }
    out.write_all(b"}\n")?;
    Ok(())
}

/// Reads lines that [`dump`] wrote into a table; says how many.
pub fn load(conn: &mut Conn, table: &Table, lines: &mut dyn BufRead) -> Result<u64> {
    let at_once = (VALUES / table.columns.len()).clamp(1, 200);
    let many = insert(table, at_once);
    let single = insert(table, 1);
    let mut rows = 0;
    let mut values: Vec<Val<'static>> = Vec::new();
    let mut line = Vec::new();
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        rows += 1;
        let named = |e: Error| Error::broken(format!("{}, line {rows}: {e}", table.name));
        read_row(table, &line, &mut values).map_err(named)?;
        if values.len() == at_once * table.columns.len() {
            let params: Vec<&dyn Param> = values.iter().map(|v| v as &dyn Param).collect();
            conn.run(&many, &params).map_err(named)?;
            values.clear();
        }
    }
    for row in values.chunks(table.columns.len()) {
        let params: Vec<&dyn Param> = row.iter().map(|v| v as &dyn Param).collect();
        conn.run(&single, &params)
            .map_err(|e| Error::broken(format!("{}: {e}", table.name)))?;
    }
    Ok(rows)
}

fn insert(table: &Table, rows: usize) -> String {
    let width = table.columns.len();
    let row = |r: usize| {
        let numbers: Vec<String> = (1..=width).map(|c| format!("${}", r * width + c)).collect();
        format!("({})", numbers.join(", "))
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!(
        "INSERT INTO {} ({}) VALUES {}",
        quoted(&table.name),
        list(&table.columns),
        rows.join(", ")
    )
}

fn read_row(table: &Table, line: &[u8], into: &mut Vec<Val<'static>>) -> Result<()> {
    let mut row: serde_json::Map<String, Value> = serde_json::from_slice(line)?;
    for column in &table.columns {
        let value = row
            .remove(column)
            .ok_or_else(|| Error::broken(format!("the column {column} is missing")))?;
        into.push(bound(value)?);
    }
    match row.keys().next() {
        Some(column) => Err(Error::broken(format!("the column {column} is unknown"))),
        None => Ok(()),
    }
}

fn bound(value: Value) -> Result<Val<'static>> {
    Ok(match value {
        Value::Null => Val::Null,
        Value::String(text) => Val::Text(text.into()),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(n), _) => Val::Int(n),
            (None, Some(x)) if number.is_f64() => Val::Real(x),
            _ => return Err(Error::broken(format!("{number} is too large"))),
        },
        other => return Err(Error::broken(format!("{other} is no value of a column"))),
    })
}
