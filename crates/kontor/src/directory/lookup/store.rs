//! Organisations by what their names hold.

use kontor_analysis::names::sort_key;
use kontor_platform::db::{Conn, Param, Query, Val};
use kontor_platform::{Id, Result, params, record, sql};

use super::{Among, OFFERED};
use crate::directory::list::store::within;
use crate::directory::model::{Cluster, Organisation};

sql! {
    IS_MEMBER = "SELECT COUNT(*) AS n FROM memberships WHERE organisation = $1 AND cluster = $2 \
        AND state = 'active'";
    EXACT = "SELECT o.id, o.slug, o.name, o.city FROM organisations o WHERE (o.slug = $1 OR o.sort_key = $2) \
        AND EXISTS (SELECT 1 FROM memberships m WHERE m.organisation = o.id AND m.cluster = $3 \
        AND m.state = 'active') ORDER BY o.sort_key, o.id LIMIT 20";
}

/// An organisation to choose from.
pub struct Offered {
    pub id: Id<Organisation>,
    pub slug: String,
    pub name: String,
    pub city: String,
}
record!(Offered {
    id,
    slug,
    name,
    city
});

/// Organisations whose names hold these words, in the order of names.
pub fn offered(conn: &mut Conn, among: &Among<'_>, words: &str) -> Result<Vec<Offered>> {
    let words = sort_key(words);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let mut q = Query::new(
        "SELECT o.id, o.slug, o.name, o.city FROM organisations o \
         WHERE o.state IN ('active', 'verified', 'inactive')",
    );
    match among {
        Among::Seen(reach) => within(&mut q, reach),
        Among::Members(cluster) => {
            q.push(
                " AND EXISTS (SELECT 1 FROM memberships m WHERE m.organisation = o.id \
                 AND m.state = 'active'",
            );
            q.and("m.cluster = ", cluster.val());
            q.push(")");
        }
    }
    let needle = format!("%{words}%");
    q.and("o.sort_key LIKE ", Val::Text(needle.into()));
    let most = i64::try_from(OFFERED).unwrap_or(i64::MAX);
    q.bind(" ORDER BY o.sort_key, o.id LIMIT ", Val::Int(most));
    q.all(conn)
}

/// Members of a cluster with exactly this address or name, however it is written.
pub fn exact(
    conn: &mut Conn,
    cluster: Id<Cluster>,
    slug: &str,
    name: &str,
) -> Result<Vec<Offered>> {
    conn.all(EXACT, params![slug, sort_key(name), cluster])
}

/// Whether an organisation is in a cluster today.
pub fn is_member(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    cluster: Id<Cluster>,
) -> Result<bool> {
    let (n,): (i64,) = conn.one(IS_MEMBER, params![organisation, cluster])?;
    Ok(n > 0)
}
