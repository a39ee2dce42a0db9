//! Statements that change an organisation's profile.

use kontor_platform::db::Conn;
use kontor_platform::{Id, Instant, Result, params, sql};

use super::forms::Judged;
use super::model::{Field, Values};
use crate::accounts::Account;
use crate::directory::list::file_under;
use crate::directory::manage::bars;
use crate::directory::model::{Organisation, sort_key};
use crate::directory::store::insert_class;

sql! {
    VERSION = "SELECT version FROM organisations WHERE id = $1";
    CLASSES = "SELECT code FROM organisation_classes WHERE organisation = $1 ORDER BY code";
    CLUSTER_NAME = "SELECT name FROM clusters WHERE id = $1";
    UPDATE = "UPDATE organisations SET slug = $1, name = $2, sort_key = $3, name_key = $4, \
        helix = $5, size = $6, size_as_of = $7, founded = $8, street = $9, postcode = $10, \
        city = $11, city_key = $12, website = $13, web_host = $14, summary_de = $15, \
        summary_en = $16, about_de = $17, about_en = $18, competences_de = $19, \
        competences_en = $20, visibility = $21, updated_at = $22, version = version + 1 \
        WHERE id = $23 AND version = $24";
    DROP_CLASSES = "DELETE FROM organisation_classes WHERE organisation = $1";
    OWN = "INSERT INTO own_fields (organisation, field, account, at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (organisation, field) DO UPDATE SET account = $3, at = $4";
}

/// Version and classes of an organisation.
pub fn present(conn: &mut Conn, id: Id<Organisation>) -> Result<(i64, Vec<String>)> {
    let (version,): (i64,) = conn.one(VERSION, params![id])?;
    let classes: Vec<(String,)> = conn.all(CLASSES, params![id])?;
    Ok((version, classes.into_iter().map(|(c,)| c).collect()))
}

pub fn cluster_name(conn: &mut Conn, id: &str) -> Result<String> {
    Ok(conn.one::<(String,)>(CLUSTER_NAME, params![id])?.0)
}

/// Stores a profile over the version that was read; false when there is a
/// newer one.
pub fn update(
    conn: &mut Conn,
    id: Id<Organisation>,
    version: i64,
    slug: &str,
    v: &Values,
    j: &Judged,
    now: Instant,
) -> Result<bool> {
    let name = v.get(Field::Name);
    let city = v.get(Field::City);
    let website = v.get(Field::Website);
    let done = conn.run(
        UPDATE,
        params![
            slug,
            name,
            sort_key(name),
            kontor_analysis::names::name_key(name),
            j.helix,
            j.size,
            j.size_as_of,
            j.founded,
            v.get(Field::Street),
            v.get(Field::Postcode),
            city,
            sort_key(city),
            website,
            kontor_analysis::names::web_host(website),
            v.get(Field::Summary),
            v.get(Field::SummaryEn),
            v.get(Field::About),
            v.get(Field::AboutEn),
            bars(v.get(Field::Competences)),
            bars(v.get(Field::CompetencesEn)),
            j.visibility,
            now,
            id,
            version
        ],
    )?;
    if done == 1 {
        file_under(conn, &sort_key(name), id)?;
    }
    Ok(done == 1)
}

/// Files an organisation under these classes and no others.
pub fn set_classes(conn: &mut Conn, id: Id<Organisation>, classes: &[String]) -> Result<()> {
    conn.run(DROP_CLASSES, params![id])?;
    classes.iter().try_for_each(|c| insert_class(conn, id, c))
}

/// Notes that a representative wrote a field last.
pub fn owns(
    conn: &mut Conn,
    id: Id<Organisation>,
    field: Field,
    account: Option<Id<Account>>,
    now: Instant,
) -> Result<()> {
    conn.run(OWN, params![id, field, account, now]).map(drop)
}
