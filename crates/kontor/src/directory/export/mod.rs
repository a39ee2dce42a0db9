//! What an operator takes out for other programs: everything that stands in the
//! directory, whoever may see it on the pages. Names of columns are those of the
//! tables; personal contact data comes only when it is asked for.

mod store;

use kontor_platform::Result;
use kontor_platform::db::Conn;
use kontor_press::{Cell, Column, Kind, Sheet};
use serde_json::{Map, Value};

/// A list for machines: each row an object, some values lists of objects.
pub struct List {
    pub name: &'static str,
    /// The names of the values, in order.
    pub columns: Vec<String>,
    pub rows: Vec<Map<String, Value>>,
}

/// Every organisation with its classes, external identifiers and memberships;
/// with the contact data of its people only when `with_contacts`.
pub fn organisations(conn: &mut Conn, with_contacts: bool) -> Result<List> {
    store::organisations(conn, with_contacts)
}

/// Every cluster.
pub fn clusters(conn: &mut Conn) -> Result<List> {
    store::clusters(conn)
}

impl List {
    /// The same with one cell per value: lists of objects become text.
    pub fn sheet(&self) -> Sheet {
        let column = |name: &String| Column {
            heading: name.clone(),
            kind: Kind::Text,
        };
        let row = |row: &Map<String, Value>| {
            let cell = |name: &String| row.get(name).map_or(Cell::Empty, cell);
            self.columns.iter().map(cell).collect()
        };
        Sheet {
            title: self.name.to_owned(),
            columns: self.columns.iter().map(column).collect(),
            rows: self.rows.iter().map(row).collect(),
        }
    }
}

fn cell(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Empty,
        Value::Number(n) => n.as_f64().map_or(Cell::Empty, Cell::Number),
        other => Cell::Text(flat(other)),
    }
}

/// `a; b` for a list, `a b` for an object's values.
fn flat(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(flat).collect::<Vec<_>>().join("; "),
        Value::Object(fields) => {
            let parts: Vec<String> = fields
                .values()
                .map(flat)
                .filter(|v| !v.is_empty())
                .collect();
            parts.join(" ")
        }
        other => other.to_string(),
    }
}
