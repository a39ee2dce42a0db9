//! Memberships of one organisation in one cluster, and organisations that a new one
//! may be.

use kontor_platform::db::{Conn, Query, Val};
use kontor_platform::{Day, Id, Result, params, record, sql};

use crate::directory::list::store::within;
use crate::directory::model::{Cluster, MembershipKind, Organisation};
use crate::directory::policy::Reach;

sql! {
    OF = "SELECT id, kind, since, until, CASE WHEN state = 'active' THEN 1 ELSE 0 END AS is_open \
        FROM memberships WHERE organisation = $1 AND cluster = $2 AND state IN ('active', 'ended') \
        ORDER BY 5 DESC, since DESC, id";
    CHANGE = "UPDATE memberships SET kind = $1, since = $2 WHERE id = $3 AND organisation = $4 \
        AND cluster = $5 AND state = 'active'";
    END = "UPDATE memberships SET state = 'ended', until = $1 WHERE id = $2 AND organisation = $3 \
        AND cluster = $4 AND state = 'active'";
    RESUME = "UPDATE memberships SET state = 'active', until = NULL WHERE id = $1 \
        AND organisation = $2 AND cluster = $3 AND state = 'ended'";
    SLUG = "SELECT slug FROM organisations WHERE id = $1";
}

/// A membership, whether it holds today or has ended.
#[derive(Debug, Clone)]
pub struct Row {
    pub id: String,
    pub kind: MembershipKind,
    pub since: Day,
    /// The last day.
    pub until: Option<Day>,
    pub is_open: bool,
}
record!(Row {
    id,
    kind,
    since,
    until,
    is_open
});

/// An organisation in a cluster.
pub type Place = (Id<Organisation>, Id<Cluster>);

/// Memberships of an organisation in a cluster, those that hold first.
pub fn of(conn: &mut Conn, (organisation, cluster): Place) -> Result<Vec<Row>> {
    conn.all(OF, params![organisation, cluster])
}

/// Puts kind and first day right; false when the membership holds no more.
pub fn change(
    conn: &mut Conn,
    (organisation, cluster): Place,
    id: &str,
    kind: MembershipKind,
    since: Day,
) -> Result<bool> {
    let changed = conn.run(CHANGE, params![kind, since, id, organisation, cluster])?;
    Ok(changed == 1)
}

/// Ends a membership on its last day; false when it has ended before.
pub fn end(conn: &mut Conn, (organisation, cluster): Place, id: &str, until: Day) -> Result<bool> {
    let ended = conn.run(END, params![until, id, organisation, cluster])?;
    Ok(ended == 1)
}

/// Takes the end of a membership back; false when it has none.
pub fn resume(conn: &mut Conn, (organisation, cluster): Place, id: &str) -> Result<bool> {
    Ok(conn.run(RESUME, params![id, organisation, cluster])? == 1)
}

/// The address of an organisation.
pub fn slug(conn: &mut Conn, organisation: Id<Organisation>) -> Result<String> {
    Ok(conn.one::<(String,)>(SLUG, params![organisation])?.0)
}

/// An organisation that is in the directory already.
pub struct Likely {
    pub slug: String,
    pub name: String,
    pub city: String,
}
record!(Likely { slug, name, city });

/// Organisations within a reach that have the same normalised name or the same web
/// host, by name; twenty at most.
pub fn likely(
    conn: &mut Conn,
    reach: &Reach,
    name_key: &str,
    web_host: &str,
) -> Result<Vec<Likely>> {
    let mut q = Query::new(
        "SELECT o.slug, o.name, o.city FROM organisations o \
         WHERE o.state IN ('active', 'verified', 'inactive')",
    );
    within(&mut q, reach);
    q.bind(" AND (o.name_key = ", Val::Text(name_key.to_owned().into()));
    if !web_host.is_empty() {
        q.bind(" OR o.web_host = ", Val::Text(web_host.to_owned().into()));
    }
    q.push(") ORDER BY o.sort_key, o.id LIMIT 20");
    q.all(conn)
}
