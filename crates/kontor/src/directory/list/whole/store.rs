//! The statements behind a list as a file: four, however many organisations a
//! filter finds.

use std::collections::HashMap;

use kontor_platform::db::{Conn, FromRow, Query, Row, Val};
use kontor_platform::{Day, Id, Result};

use super::super::store::chosen;
use crate::directory::model::{
    Helix, MembershipKind, Organisation, OrganisationFilter, Size, Visibility,
};
use crate::directory::policy::Reach;

/// A membership that holds today.
pub struct Member {
    pub cluster: String,
    pub kind: MembershipKind,
    pub since: Day,
}

/// An organisation with what its page shows.
pub struct Whole {
    pub id: Id<Organisation>,
    pub slug: String,
    pub name: String,
    pub helix: Option<Helix>,
    pub size: Option<Size>,
    pub size_as_of: Option<String>,
    pub founded: Option<i64>,
    pub street: String,
    pub postcode: String,
    pub city: String,
    pub region: String,
    pub country: String,
    pub website: String,
    pub summary: (String, String),
    pub competences: (String, String),
    pub visibility: Visibility,
    pub members: Vec<Member>,
    pub classes: Vec<String>,
    /// Scheme and value.
    pub external: Vec<(String, String)>,
}

impl FromRow for Whole {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Whole {
            id: row.get(0)?,
            slug: row.get(1)?,
            name: row.get(2)?,
            helix: row.get(3)?,
            size: row.get(4)?,
            size_as_of: row.get(5)?,
            founded: row.get(6)?,
            street: row.get(7)?,
            postcode: row.get(8)?,
            city: row.get(9)?,
            region: row.get(10)?,
            country: row.get(11)?,
            website: row.get(12)?,
            summary: (row.get(13)?, row.get(14)?),
            competences: (row.get(15)?, row.get(16)?),
            visibility: row.get(17)?,
            members: Vec::new(),
            classes: Vec::new(),
            external: Vec::new(),
        })
    }
}

/// Begins a statement about what hangs on the chosen organisations.
fn of_chosen<'a>(start: &str, reach: &Reach, filter: &'a OrganisationFilter) -> Query<'a> {
    let mut q = Query::new(start);
    q.push(" IN (SELECT o.id FROM ");
    chosen(&mut q, reach, filter);
    q.push(")");
    q
}

/// The organisations that a filter finds within a reach, in the order of names.
pub fn whole(
    conn: &mut Conn,
    reach: &Reach,
    filter: &OrganisationFilter,
    limit: i64,
) -> Result<Vec<Whole>> {
    let mut q = Query::new(
        "SELECT o.id, o.slug, o.name, o.helix, o.size, o.size_as_of, o.founded, o.street, \
         o.postcode, o.city, o.region, o.country, o.website, o.summary_de, o.summary_en, \
         o.competences_de, o.competences_en, o.visibility FROM ",
    );
    let (key, id) = chosen(&mut q, reach, filter);
    q.bind(&format!(" ORDER BY {key}, {id} LIMIT "), Val::Int(limit));
    let mut all: Vec<Whole> = q.all(conn)?;
    let at: HashMap<Id<Organisation>, usize> =
        all.iter().enumerate().map(|(i, o)| (o.id, i)).collect();

    let mut q = of_chosen(
        "SELECT x.organisation, c.name, x.kind, x.since, c.sort_key FROM memberships x \
         JOIN clusters c ON c.id = x.cluster WHERE x.state = 'active' AND x.organisation",
        reach,
        filter,
    );
    q.push(" ORDER BY c.sort_key, x.kind");
    for (of, cluster, kind, since, _) in
        q.all::<(Id<Organisation>, String, MembershipKind, Day, String)>(conn)?
    {
        if let Some(i) = at.get(&of) {
            all[*i].members.push(Member {
                cluster,
                kind,
                since,
            });
        }
    }
    let mut q = of_chosen(
        "SELECT x.organisation, x.code FROM organisation_classes x WHERE x.organisation",
        reach,
        filter,
    );
    q.push(" ORDER BY x.code");
    for (of, code) in q.all::<(Id<Organisation>, String)>(conn)? {
        if let Some(i) = at.get(&of) {
            all[*i].classes.push(code);
        }
    }
    let mut q = of_chosen(
        "SELECT x.organisation, x.scheme, x.value FROM external_ids x WHERE x.organisation",
        reach,
        filter,
    );
    q.push(" ORDER BY x.scheme, x.value");
    for (of, scheme, value) in q.all::<(Id<Organisation>, String, String)>(conn)? {
        if let Some(i) = at.get(&of) {
            all[*i].external.push((scheme, value));
        }
    }
    Ok(all)
}
