//! The statements by which the directory's cards are made and looked at again.

use kontor_platform::db::{Conn, FromRow, Query, Row};
use kontor_platform::{Result, params, record, sql};

use super::super::list::store::within;
use super::super::model::{Helix, Visibility};
use super::super::policy::Reach;

sql! {
    CLUSTER_IDS = "SELECT id FROM clusters WHERE state = 'active' AND id > $1 ORDER BY id LIMIT $2";
    ORGANISATION_IDS = "SELECT id FROM organisations WHERE state IN ('active', 'verified', \
        'inactive') AND id > $1 ORDER BY id LIMIT $2";
}

/// Identifiers of active clusters after one, in their order.
pub fn cluster_ids(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn.all(CLUSTER_IDS, params![after, limit])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Identifiers of listed organisations after one, in their order.
pub fn organisation_ids(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn.all(ORGANISATION_IDS, params![after, limit])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// What a search reads of a cluster.
pub struct ClusterText {
    pub id: String,
    pub slug: String,
    pub code: String,
    pub name: String,
    pub purpose: (String, String),
    pub about: (String, String),
    pub themes: (String, String),
}

/// Clusters of these identifiers that are active.
pub fn cluster_texts(conn: &mut Conn, ids: &[&str]) -> Result<Vec<ClusterText>> {
    let mut q = Query::new(
        "SELECT c.id, c.slug, c.code, c.name, c.purpose_de, c.purpose_en, c.about_de, c.about_en, \
         c.themes_de, c.themes_en FROM clusters c WHERE c.state = 'active' AND ",
    );
    q.push("c.id");
    q.among(ids);
    q.all(conn)
}

impl FromRow for ClusterText {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(ClusterText {
            id: row.get(0)?,
            slug: row.get(1)?,
            code: row.get(2)?,
            name: row.get(3)?,
            purpose: (row.get(4)?, row.get(5)?),
            about: (row.get(6)?, row.get(7)?),
            themes: (row.get(8)?, row.get(9)?),
        })
    }
}

/// What a search reads of an organisation.
pub struct OrganisationText {
    pub id: String,
    pub name: String,
    pub city: String,
    pub visibility: Visibility,
    pub summary: (String, String),
    pub about: (String, String),
    pub competences: (String, String),
}

impl FromRow for OrganisationText {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(OrganisationText {
            id: row.get(0)?,
            name: row.get(1)?,
            city: row.get(2)?,
            visibility: row.get(3)?,
            summary: (row.get(4)?, row.get(5)?),
            about: (row.get(6)?, row.get(7)?),
            competences: (row.get(8)?, row.get(9)?),
        })
    }
}

/// Organisations of these identifiers that can be listed.
pub fn organisation_texts(conn: &mut Conn, ids: &[&str]) -> Result<Vec<OrganisationText>> {
    let mut q = Query::new(
        "SELECT o.id, o.name, o.city, o.visibility, o.summary_de, o.summary_en, \
         o.about_de, o.about_en, o.competences_de, o.competences_en FROM organisations o \
         WHERE o.state IN ('active', 'verified', 'inactive') AND ",
    );
    q.push("o.id");
    q.among(ids);
    q.all(conn)
}

/// What organisations are filed under: organisation, what it is (`class`,
/// `cluster` or an identifier's scheme), value.
pub fn filed_under(conn: &mut Conn, ids: &[&str]) -> Result<Vec<(String, String, String)>> {
    let mut q = Query::new(
        "SELECT organisation, 'class' AS what, code AS value FROM organisation_classes WHERE ",
    );
    q.push("organisation");
    q.among(ids);
    q.push(" UNION ALL SELECT organisation, 'cluster', cluster FROM memberships WHERE state = 'active' AND ");
    q.push("organisation");
    q.among(ids);
    q.push(" UNION ALL SELECT organisation, scheme, value FROM external_ids WHERE ");
    q.push("organisation");
    q.among(ids);
    q.all(conn)
}

/// What a list of hits shows of a record.
pub struct Shown {
    pub is_cluster: bool,
    pub id: String,
    pub slug: String,
    pub name: String,
    pub code: String,
    pub helix: Option<Helix>,
    pub city: String,
    pub summary_de: String,
    pub summary_en: String,
    pub about_de: String,
    pub about_en: String,
    pub competences_de: String,
    pub competences_en: String,
}
record!(Shown {
    is_cluster,
    id,
    slug,
    name,
    code,
    helix,
    city,
    summary_de,
    summary_en,
    about_de,
    about_en,
    competences_de,
    competences_en
});

/// Those of the named records that may be seen at this moment: one statement
/// for clusters and organisations.
pub fn shown(
    conn: &mut Conn,
    reach: &Reach,
    spoken_for: &[&str],
    clusters: &[&str],
    organisations: &[&str],
) -> Result<Vec<Shown>> {
    let mut q = Query::new(
        "SELECT CAST(1 AS BIGINT) AS is_cluster, c.id, c.slug, c.name, c.code, CAST(NULL AS TEXT) AS helix, '' AS city, \
         c.purpose_de, c.purpose_en, c.about_de, c.about_en, c.themes_de, c.themes_en \
         FROM clusters c WHERE c.state = 'active' AND ",
    );
    q.push("c.id");
    q.among(clusters);
    q.push(
        " UNION ALL SELECT CAST(0 AS BIGINT), o.id, o.slug, o.name, '', o.helix, o.city, o.summary_de, o.summary_en, \
         o.about_de, o.about_en, o.competences_de, o.competences_en FROM organisations o \
         WHERE o.state IN ('active', 'verified', 'inactive') AND ",
    );
    q.push("o.id");
    q.among(organisations);
    q.push(" AND (");
    q.push("o.id");
    q.among(spoken_for);
    q.push(" OR (1 = 1");
    within(&mut q, reach);
    q.push("))");
    q.all(conn)
}

/// Organisation, code and name of the clusters it belongs to.
pub fn clusters_of(conn: &mut Conn, ids: &[&str]) -> Result<Vec<(String, String, String)>> {
    let mut q = Query::new(
        "SELECT m.organisation, c.code, c.name FROM memberships m JOIN clusters c \
         ON c.id = m.cluster WHERE m.state = 'active' AND ",
    );
    q.push("m.organisation");
    q.among(ids);
    q.push(" ORDER BY c.sort_key");
    q.all(conn)
}
