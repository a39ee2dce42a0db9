//! What tables a database has, asked of the engine itself: a list kept by hand
//! would forget the next migration's.

use super::Conn;
use crate::error::{Error, Result};
use crate::params;

/// A table with its columns in the order of their creation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub columns: Vec<String>,
    /// The columns of its primary key, in the key's order.
    pub key: Vec<String>,
}

const PG: &str = "SELECT CAST(c.relname AS TEXT) AS t, CAST(a.attname AS TEXT) AS n, \
    CAST(COALESCE(array_position(CAST(i.indkey AS int2[]), a.attnum), -1) AS BIGINT) AS k \
    FROM pg_class c \
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
    LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary \
    JOIN pg_namespace s ON s.oid = c.relnamespace AND s.nspname = current_schema() \
    WHERE c.relkind IN ('r', 'p') ORDER BY c.relname, a.attnum";
const LITE: &str = "SELECT m.name AS t, c.name AS n, c.pk - 1 AS k \
    FROM sqlite_schema m JOIN pragma_table_info(m.name) c \
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY m.name, c.cid";

/// Every table, by name. One without a primary key is a defect of its
/// migration: its rows have no order of their own.
pub fn tables(conn: &mut Conn) -> Result<Vec<Table>> {
    let sql = if conn.is_postgres() { PG } else { LITE };
    let rows: Vec<(String, String, i64)> = conn.all(sql, params![])?;
    let mut found: Vec<(Table, Vec<(i64, String)>)> = Vec::new();
    for (table, column, place) in rows {
        if found.last().is_none_or(|(t, _)| t.name != table) {
            let empty = Table {
                name: table,
                columns: Vec::new(),
                key: Vec::new(),
            };
            found.push((empty, Vec::new()));
        }
        let (table, key) = found.last_mut().expect("just pushed");
        if place >= 0 {
            key.push((place, column.clone()));
        }
        table.columns.push(column);
    }
    let with_key = |(mut table, mut key): (Table, Vec<(i64, String)>)| {
        key.sort();
        table.key = key.into_iter().map(|(_, column)| column).collect();
        if table.key.is_empty() {
            let name = &table.name;
            return Err(Error::broken(format!("table {name} has no primary key")));
        }
        Ok(table)
    };
    found.into_iter().map(with_key).collect()
}

/// What a database is to Kontor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It has no tables, or Kontor's, in which nothing has happened yet.
    Empty,
    /// Something has happened in it.
    Filled,
    /// It has tables, but not Kontor's.
    Foreign,
}

/// What this database is to Kontor; looks and changes nothing.
pub fn state(conn: &mut Conn) -> Result<State> {
    let tables = tables(conn).unwrap_or_else(|_| {
        // A table without a key is none of Kontor's.
        vec![Table {
            name: String::new(),
            columns: Vec::new(),
            key: Vec::new(),
        }]
    });
    let has = |name: &str| tables.iter().any(|t| t.name == name);
    if tables.is_empty() || (tables.len() == 1 && has("migrations")) {
        Ok(State::Empty)
    } else if !has("migrations") || !has("log_head") {
        Ok(State::Foreign)
    } else if crate::log::head(conn)? > 0 {
        Ok(State::Filled)
    } else {
        Ok(State::Empty)
    }
}

/// A name as SQL writes it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Several names as SQL writes them.
pub(super) fn list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|n| quoted(n)).collect();
    quoted.join(", ")
}
