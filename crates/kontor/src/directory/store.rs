//! The only place that knows the directory's tables.

use kontor_platform::db::{Conn, FromRow, Row};
use kontor_platform::{Day, Id, Instant, Result, params, record, sql};

use super::figures::Audience;
use super::logos::Logo;
use super::model::{Cluster, HelixCounts, MembershipKind, Organisation, Person};

sql! {
    CLUSTERS = "SELECT c.id, c.slug, c.code, c.name, c.purpose_de, c.purpose_en, c.about_de, \
        c.about_en, c.themes_de, c.themes_en, c.website, c.founded, c.default_visibility, \
        COALESCE(f.business, 0) AS business, COALESCE(f.science, 0) AS science, COALESCE(f.policy_admin, 0) AS policy_admin, \
        COALESCE(f.civil_society, 0) AS civil_society, \
        COALESCE(f.unassigned, 0) AS unassigned FROM clusters c \
        LEFT JOIN figures f ON f.scope = c.id \
        AND f.audience = CASE WHEN $1 LIKE '%' || c.id || '%' THEN 'cluster' ELSE $2 END \
        WHERE c.state = 'active' ORDER BY c.sort_key, c.id";
    CLUSTER = "SELECT c.id, c.slug, c.code, c.name, c.purpose_de, c.purpose_en, c.about_de, \
        c.about_en, c.themes_de, c.themes_en, c.website, c.founded, c.default_visibility, \
        COALESCE(f.business, 0) AS business, COALESCE(f.science, 0) AS science, COALESCE(f.policy_admin, 0) AS policy_admin, \
        COALESCE(f.civil_society, 0) AS civil_society, \
        COALESCE(f.unassigned, 0) AS unassigned FROM clusters c \
        LEFT JOIN figures f ON f.scope = c.id \
        AND f.audience = CASE WHEN $1 LIKE '%' || c.id || '%' THEN 'cluster' ELSE $2 END \
        WHERE c.slug = $3 AND c.state = 'active'";
    INSERT_CLUSTER = "INSERT INTO clusters (id, slug, code, name, sort_key, kind, purpose_de, \
        purpose_en, about_de, about_en, themes_de, themes_en, website, founded, state, \
        default_visibility, created_at) VALUES ($1, $2, $3, $4, $5, 'cluster', $6, $7, $8, $9, \
        $10, $11, $12, $13, 'active', $14, $15)";
    ORGANISATION = "SELECT id, slug, name, helix, size, size_as_of, founded, street, postcode, \
        city, country, website, summary_de, summary_en, about_de, about_en, competences_de, \
        competences_en, visibility, state, merged_into, updated_at FROM organisations \
        WHERE slug = $1";
    INSERT_ORGANISATION = "INSERT INTO organisations (id, slug, name, sort_key, name_key, helix, \
        size, size_as_of, founded, street, postcode, city, city_key, region, country, website, \
        web_host, mail_host, register_number, summary_de, summary_en, about_de, about_en, \
        competences_de, competences_en, visibility, state, version, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
        $19, $20, $21, $22, $23, $24, $25, $26, $27, 1, $28, $28)";
    SLUG_TAKEN = "SELECT COUNT(*) AS n FROM organisations WHERE slug = $1";
    INSERT_CLASS = "INSERT INTO organisation_classes (organisation, code) VALUES ($1, $2) \
        ON CONFLICT (organisation, code) DO NOTHING";
    INSERT_EXTERNAL = "INSERT INTO external_ids (scheme, value, organisation) VALUES ($1, $2, $3)";
    /// Memberships and marks of an organisation in one walk: a mark has no
    /// cluster, its scheme stands in place of the address, its value of the code.
    /// A logo has its hash there, its size in place of the name.
    PLACES = "SELECT m.cluster AS cluster, c.slug AS slug, c.code AS code, c.name AS name, m.kind AS kind, \
        m.since AS since, m.until AS until, c.sort_key AS sort_key FROM memberships m \
        JOIN clusters c ON c.id = m.cluster \
        WHERE m.organisation = $1 AND m.state IN ('active', 'ended') \
        UNION ALL SELECT '', '', code, '', '', '', NULL, '' FROM organisation_classes WHERE organisation = $1 \
        UNION ALL SELECT '', scheme, value, '', '', '', NULL, '' FROM external_ids WHERE organisation = $1 \
        UNION ALL SELECT '', '', hash, CAST(width AS TEXT) || ' ' || CAST(height AS TEXT), 'logo', '', NULL, '' \
        FROM organisation_logos WHERE organisation = $1 \
        ORDER BY 8, 6, 2, 3";
    INSERT_MEMBERSHIP = "INSERT INTO memberships (id, organisation, cluster, kind, state, since, \
        until, created_at, sort_key) VALUES ($1, $2, $3, $4, 'active', $5, NULL, $6, \
        (SELECT o.sort_key FROM organisations o WHERE o.id = $2))";
    INSERT_PERSON = "INSERT INTO people (id, name, sort_key, function, mail, phone, organisation, \
        account, source, state, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'active', $10)";
    PUBLISH = "INSERT INTO contact_publications (person, field, audience, since) \
        VALUES ($1, $2, $3, $4) ON CONFLICT (person, field) DO UPDATE SET audience = $3, since = $4";
    SIZES = "SELECT (SELECT COUNT(*) FROM clusters) AS clusters, \
        (SELECT COUNT(*) FROM organisations) AS organisations";
}

record!(Cluster {
    id,
    slug,
    code,
    name,
    purpose_de,
    purpose_en,
    about_de,
    about_en,
    themes_de,
    themes_en,
    website,
    founded,
    visibility,
});
record!(Organisation {
    id,
    slug,
    name,
    helix,
    size,
    size_as_of,
    founded,
    street,
    postcode,
    city,
    country,
    website,
    summary_de,
    summary_en,
    about_de,
    about_en,
    competences_de,
    competences_en,
    visibility,
    state,
    merged_into,
    updated_at,
});
/// A cluster with the figures that an audience may know.
pub struct Counted {
    pub cluster: Cluster,
    pub counts: HelixCounts,
}

impl FromRow for Counted {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Counted {
            cluster: Cluster::from_row(row)?,
            counts: HelixCounts {
                business: row.get(13)?,
                science: row.get(14)?,
                policy_admin: row.get(15)?,
                civil_society: row.get(16)?,
                unassigned: row.get(17)?,
            },
        })
    }
}

pub fn clusters(conn: &mut Conn, audience: &Audience) -> Result<Vec<Counted>> {
    conn.all(CLUSTERS, params![audience.own, audience.wide])
}

/// The active cluster at an address, with the figures of an audience.
pub fn counted_cluster(conn: &mut Conn, slug: &str, audience: &Audience) -> Result<Counted> {
    conn.one(CLUSTER, params![audience.own, audience.wide, slug])
}

/// The active cluster at an address.
pub fn find_cluster(conn: &mut Conn, slug: &str) -> Result<Cluster> {
    Ok(counted_cluster(conn, slug, &Audience::PUBLIC)?.cluster)
}

/// The active cluster at an address; else the addresses that there are.
pub fn cluster_by_slug(conn: &mut Conn, slug: &str) -> Result<Result<Cluster, Vec<String>>> {
    let mut all = clusters(conn, &Audience::PUBLIC)?;
    Ok(match all.iter().position(|c| c.cluster.slug == slug) {
        Some(i) => Ok(all.swap_remove(i).cluster),
        None => Err(all.into_iter().map(|c| c.cluster.slug).collect()),
    })
}

pub fn insert_cluster(conn: &mut Conn, c: &Cluster, sort_key: &str, at: Instant) -> Result<()> {
    conn.run(
        INSERT_CLUSTER,
        params![
            c.id,
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
            c.visibility,
            at
        ],
    )
    .map(drop)
}

pub fn find_organisation(conn: &mut Conn, slug: &str) -> Result<Option<Organisation>> {
    conn.first(ORGANISATION, params![slug])
}

/// What an organisation's row holds beyond what pages read.
pub struct OrganisationKeys<'a> {
    pub sort_key: &'a str,
    pub name_key: &'a str,
    pub city_key: &'a str,
    pub region: &'a str,
    pub web_host: &'a str,
    pub mail_host: &'a str,
    pub register_number: &'a str,
}

pub fn insert_organisation(
    conn: &mut Conn,
    o: &Organisation,
    k: &OrganisationKeys<'_>,
) -> Result<()> {
    conn.run(
        INSERT_ORGANISATION,
        params![
            o.id,
            o.slug,
            o.name,
            k.sort_key,
            k.name_key,
            o.helix,
            o.size,
            o.size_as_of,
            o.founded,
            o.street,
            o.postcode,
            o.city,
            k.city_key,
            k.region,
            o.country,
            o.website,
            k.web_host,
            k.mail_host,
            k.register_number,
            o.summary_de,
            o.summary_en,
            o.about_de,
            o.about_en,
            o.competences_de,
            o.competences_en,
            o.visibility,
            o.state,
            o.updated_at
        ],
    )
    .map(drop)
}

pub fn is_slug_taken(conn: &mut Conn, slug: &str) -> Result<bool> {
    Ok(conn.one::<(i64,)>(SLUG_TAKEN, params![slug])?.0 > 0)
}

pub fn insert_class(conn: &mut Conn, organisation: Id<Organisation>, code: &str) -> Result<()> {
    conn.run(INSERT_CLASS, params![organisation, code])
        .map(drop)
}

pub fn insert_external(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    scheme: &str,
    value: &str,
) -> Result<()> {
    conn.run(INSERT_EXTERNAL, params![scheme, value, organisation])
        .map(drop)
}

/// What an organisation is filed under.
#[derive(Default)]
pub struct Marks {
    pub classes: Vec<String>,
    /// Scheme and value of its identifiers elsewhere.
    pub externals: Vec<(String, String)>,
    pub logo: Option<Logo>,
}

/// Where an organisation belongs and what it is filed under.
pub fn places(conn: &mut Conn, organisation: Id<Organisation>) -> Result<(Vec<Membership>, Marks)> {
    let mut marks = Marks::default();
    let mut memberships = Vec::new();
    conn.each(PLACES, params![organisation], |row| {
        let (cluster, slug, code): (String, String, String) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        match (cluster.is_empty(), slug.is_empty()) {
            (true, true) if row.get::<String>(4)? == "logo" => {
                marks.logo = Logo::sized(code, &row.get::<String>(3)?);
            }
            (true, true) => marks.classes.push(code),
            (true, false) => marks.externals.push((slug, code)),
            _ => memberships.push(Membership {
                cluster,
                slug,
                code,
                name: row.get(3)?,
                kind: row.get(4)?,
                since: row.get(5)?,
                until: row.get(6)?,
            }),
        }
        Ok(())
    })?;
    Ok((memberships, marks))
}

pub fn insert_membership(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    cluster: Id<Cluster>,
    kind: MembershipKind,
    since: Day,
    at: Instant,
) -> Result<()> {
    let id = Id::<MembershipKind>::new();
    conn.run(
        INSERT_MEMBERSHIP,
        params![id, organisation, cluster, kind, since, at],
    )
    .map(drop)
}

/// A membership as an organisation's page shows it.
pub struct Membership {
    pub cluster: String,
    pub slug: String,
    pub code: String,
    pub name: String,
    pub kind: MembershipKind,
    pub since: Day,
    pub until: Option<Day>,
}
/// A person as stored first; nothing of it is published by that.
pub struct PersonRow<'a> {
    pub id: Id<Person>,
    pub name: &'a str,
    pub sort_key: &'a str,
    pub function: &'a str,
    pub mail: &'a str,
    pub phone: &'a str,
    pub organisation: Option<Id<Organisation>>,
    pub account: Option<String>,
    pub source: &'a str,
}

pub fn insert_person(conn: &mut Conn, p: &PersonRow<'_>, at: Instant) -> Result<()> {
    conn.run(
        INSERT_PERSON,
        params![
            p.id,
            p.name,
            p.sort_key,
            p.function,
            p.mail,
            p.phone,
            p.organisation,
            p.account,
            p.source,
            at
        ],
    )
    .map(drop)
}

pub fn publish(
    conn: &mut Conn,
    person: Id<Person>,
    field: &str,
    audience: &str,
    at: Instant,
) -> Result<()> {
    conn.run(PUBLISH, params![person, field, audience, at])
        .map(drop)
}

/// How many clusters and organisations there are, whoever may see them.
pub fn sizes(conn: &mut Conn) -> Result<(i64, i64)> {
    conn.one(SIZES, params![])
}
