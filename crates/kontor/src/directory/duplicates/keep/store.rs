//! Statements over what a winner keeps.

use std::collections::BTreeMap;

use kontor_platform::db::{Conn, FromRow, Param, Row};
use kontor_platform::{Id, Instant, Result, params, sql};

use crate::directory::model::Organisation;

sql! {
    VALUES = "SELECT helix, size, size_as_of, founded, street, postcode, city, city_key, region, \
        country, website, web_host, mail_host, register_number, summary_de, summary_en, \
        about_de, about_en, competences_de, competences_en FROM organisations WHERE id = $1";
    SAVE = "UPDATE organisations SET helix = $1, size = $2, size_as_of = $3, founded = $4, street = \
        $5, postcode = $6, city = $7, city_key = $8, region = $9, country = $10, website = $11, \
        web_host = $12, mail_host = $13, register_number = $14, summary_de = $15, summary_en = \
        $16, about_de = $17, about_en = $18, competences_de = $19, competences_en = $20, updated_at = $21, version = version + 1 \
        WHERE id = $22";
    OWN = "INSERT INTO own_fields (organisation, field, account, at) \
        SELECT $1, field, account, at FROM own_fields WHERE organisation = $2 AND field = $3 \
        ON CONFLICT (organisation, field) DO NOTHING";
    DISOWN = "DELETE FROM own_fields WHERE organisation = $1 AND field = $2";
    WAITING = "SELECT id FROM requests WHERE organisation = $1 AND state = 'open' ORDER BY id";
    MOVE_REQUEST = "UPDATE requests SET organisation = $1 WHERE id = $2 AND state = 'open'";
    NEW_BLOCKS = "SELECT sender_key FROM contact_blocks WHERE organisation = $1 AND sender_key \
        NOT IN (SELECT sender_key FROM contact_blocks WHERE organisation = $2) ORDER BY sender_key";
    COPY_BLOCK = "INSERT INTO contact_blocks (organisation, sender_key, since) \
        SELECT $1, sender_key, since FROM contact_blocks WHERE organisation = $2 AND sender_key = $3";
    DROP_BLOCK = "DELETE FROM contact_blocks WHERE organisation = $1 AND sender_key = $2";
}

/// The columns of a profile, in the order of the statements.
const COLUMNS: [&str; 20] = [
    "helix",
    "size",
    "size_as_of",
    "founded",
    "street",
    "postcode",
    "city",
    "city_key",
    "region",
    "country",
    "website",
    "web_host",
    "mail_host",
    "register_number",
    "summary_de",
    "summary_en",
    "about_de",
    "about_en",
    "competences_de",
    "competences_en",
];
/// Those that hold nothing, not an empty text, when they are empty.
const NULLABLE: [&str; 4] = ["helix", "size", "size_as_of", "founded"];

/// A profile's values by column, empty where there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values(BTreeMap<&'static str, String>);

impl Values {
    pub fn get(&self, column: &str) -> &str {
        self.0.get(column).map_or("", String::as_str)
    }

    /// Sets one of the known columns; another name changes nothing.
    pub fn set(&mut self, column: &str, value: &str) {
        if let Some(known) = COLUMNS.iter().find(|c| **c == column) {
            self.0.insert(known, value.to_owned());
        }
    }
}

impl FromRow for Values {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let mut values = Values::default();
        for (i, column) in COLUMNS.into_iter().enumerate() {
            let value = if column == "founded" {
                row.get::<Option<i64>>(i)?.map(|year| year.to_string())
            } else {
                row.get::<Option<String>>(i)?
            };
            values.set(column, &value.unwrap_or_default());
        }
        Ok(values)
    }
}

pub fn values(conn: &mut Conn, id: Id<Organisation>) -> Result<Values> {
    conn.one(VALUES, params![id])
}

/// Stores every value, as a new version.
pub fn save(conn: &mut Conn, id: Id<Organisation>, v: &Values, at: Instant) -> Result<()> {
    let founded: Option<i64> = v.get("founded").parse().ok();
    let texts = COLUMNS.map(|column| {
        let value = v.get(column).to_owned();
        let is_none = value.is_empty() && NULLABLE.contains(&column);
        (!is_none).then_some(value)
    });
    let mut row: Vec<&dyn Param> = Vec::new();
    for (column, text) in COLUMNS.iter().zip(&texts) {
        row.push(if *column == "founded" { &founded } else { text });
    }
    row.push(&at);
    row.push(&id);
    conn.run(SAVE, &row).map(drop)
}

/// Takes over that the loser's own people wrote a field; false when they did
/// not, or the winner's own did.
pub fn own(
    conn: &mut Conn,
    winner: Id<Organisation>,
    loser: Id<Organisation>,
    field: &str,
) -> Result<bool> {
    Ok(conn.run(OWN, params![winner, loser, field])? == 1)
}

pub fn disown(conn: &mut Conn, id: Id<Organisation>, field: &str) -> Result<()> {
    conn.run(DISOWN, params![id, field]).map(drop)
}

/// Open requests about an organisation.
pub fn waiting(conn: &mut Conn, id: Id<Organisation>) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn.all(WAITING, params![id])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Hands open requests to another organisation.
pub fn move_requests(conn: &mut Conn, requests: &[String], to: Id<Organisation>) -> Result<()> {
    for request in requests {
        conn.run(MOVE_REQUEST, params![to, request])?;
    }
    Ok(())
}

/// Blocks the loser's blocked senders for the winner too; those that are new.
pub fn copy_blocks(
    conn: &mut Conn,
    winner: Id<Organisation>,
    loser: Id<Organisation>,
) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn.all(NEW_BLOCKS, params![loser, winner])?;
    let keys: Vec<String> = rows.into_iter().map(|(key,)| key).collect();
    for key in &keys {
        conn.run(COPY_BLOCK, params![winner, loser, key])?;
    }
    Ok(keys)
}

pub fn drop_blocks(conn: &mut Conn, keys: &[String], id: Id<Organisation>) -> Result<()> {
    for key in keys {
        conn.run(DROP_BLOCK, params![id, key])?;
    }
    Ok(())
}
