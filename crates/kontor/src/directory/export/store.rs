//! The statements of the export. A list's columns are those of its statement.

use std::collections::HashMap;

use kontor_platform::db::{Conn, Row};
use kontor_platform::{Instant, Result, params, sql};
use serde_json::{Map, Value};

use super::List;
use crate::directory::industries::Industry;

sql! {
    ORGANISATIONS = "SELECT id, slug, name, helix, size, size_as_of, founded, street, postcode, \
        city, region, country, website, register_number, summary_de, summary_en, about_de, \
        about_en, competences_de, competences_en, visibility, state, created_at, updated_at \
        FROM organisations ORDER BY id";
    MEMBERSHIPS = "SELECT m.organisation, c.slug AS cluster, m.kind, m.state, m.since, m.until \
        FROM memberships m JOIN clusters c ON c.id = m.cluster \
        ORDER BY m.organisation, m.since, m.id";
    EXTERNAL_IDS = "SELECT organisation, scheme, value FROM external_ids \
        ORDER BY organisation, scheme, value";
    CLASSES = "SELECT organisation, code FROM organisation_classes ORDER BY organisation, code";
    CONTACTS = "SELECT organisation, name, function, mail, phone FROM people \
        WHERE organisation IS NOT NULL AND state = 'active' ORDER BY organisation, sort_key, id";
    CLUSTERS = "SELECT id, slug, code, name, kind, purpose_de, purpose_en, about_de, about_en, \
        themes_de, themes_en, website, founded, state, default_visibility, created_at \
        FROM clusters ORDER BY sort_key, id";
}

pub fn organisations(conn: &mut Conn, with_contacts: bool) -> Result<List> {
    let mut list = list(conn, "organisations", ORGANISATIONS)?;
    let mut parts = vec![
        ("classes", CLASSES),
        ("external_ids", EXTERNAL_IDS),
        ("memberships", MEMBERSHIPS),
    ];
    if with_contacts {
        parts.push(("contacts", CONTACTS));
    }
    for (name, sql) in parts {
        let mut of = by_organisation(conn, sql)?;
        for row in &mut list.rows {
            let id = row.get("id").and_then(Value::as_str).unwrap_or_default();
            let items = of.remove(id).unwrap_or_default();
            row.insert(name.to_owned(), Value::Array(items));
        }
        list.columns.push(name.to_owned());
        if name == "classes" {
            name_classes(&mut list);
        }
    }
    Ok(list)
}

/// Puts the official names beside the codes of classes, one for each; empty
/// where no list knows the code.
fn name_classes(list: &mut List) {
    for row in &mut list.rows {
        let codes = row.get("classes").and_then(Value::as_array);
        let codes = codes.into_iter().flatten().filter_map(Value::as_str);
        let names = codes.map(|code| Value::from(Industry::new(code).name()));
        let names = Value::Array(names.collect());
        row.insert("class_names".to_owned(), names);
    }
    list.columns.push("class_names".to_owned());
}

pub fn clusters(conn: &mut Conn) -> Result<List> {
    list(conn, "clusters", CLUSTERS)
}

fn list(conn: &mut Conn, name: &'static str, sql: &str) -> Result<List> {
    let (_, columns) = conn.describe(sql)?;
    let mut rows = Vec::new();
    conn.each(sql, params![], |row| {
        rows.push(object(&columns, row)?);
        Ok(())
    })?;
    Ok(List {
        name,
        columns,
        rows,
    })
}

/// Rows by the organisation in their first column, which they then go without.
/// A row of one further column is that value.
fn by_organisation(conn: &mut Conn, sql: &str) -> Result<HashMap<String, Vec<Value>>> {
    let (_, columns) = conn.describe(sql)?;
    let mut found: HashMap<String, Vec<Value>> = HashMap::new();
    conn.each(sql, params![], |row| {
        let mut object = object(&columns, row)?;
        object.remove(&columns[0]);
        let value = if columns.len() == 2 {
            row.get(1)?
        } else {
            Value::Object(object)
        };
        found.entry(row.get(0)?).or_default().push(value);
        Ok(())
    })?;
    Ok(found)
}

fn object(columns: &[String], row: &Row<'_>) -> Result<Map<String, Value>> {
    let mut object = Map::new();
    for (i, name) in columns.iter().enumerate() {
        let value = match (name.ends_with("_at"), row.get::<Value>(i)?) {
            (true, Value::Number(n)) => n
                .as_i64()
                .map_or(Value::Null, |at| Instant(at).rfc3339().into()),
            (_, value) => value,
        };
        object.insert(name.clone(), value);
    }
    Ok(object)
}
