//! Statements that change a cluster.

use kontor_platform::db::Conn;
use kontor_platform::{Id, Result, params, sql};

use crate::directory::NewCluster;
use crate::directory::model::{Cluster, Visibility};

sql! {
    UPDATE = "UPDATE clusters SET slug = $1, code = $2, name = $3, sort_key = $4, \
        purpose_de = $5, purpose_en = $6, about_de = $7, about_en = $8, themes_de = $9, \
        themes_en = $10, website = $11, founded = $12, default_visibility = $13 WHERE id = $14";
    TAKEN = "SELECT slug, code, id FROM clusters WHERE slug = $1 OR code = $2";
}

pub fn update(
    conn: &mut Conn,
    id: Id<Cluster>,
    c: &NewCluster,
    sort_key: &str,
    visibility: Visibility,
) -> Result<()> {
    conn.run(
        UPDATE,
        params![
            c.slug,
            c.code,
            c.name,
            sort_key,
            c.purpose_de,
            c.purpose_en,
            c.about_de,
            c.about_en,
            c.themes_de,
            c.themes_en,
            c.website,
            c.founded,
            visibility,
            id
        ],
    )
    .map(drop)
}

/// Other clusters that have this address or code: (slug, code, id).
pub fn taken(
    conn: &mut Conn,
    slug: &str,
    code: &str,
) -> Result<Vec<(String, String, Id<Cluster>)>> {
    conn.all(TAKEN, params![slug, code])
}
