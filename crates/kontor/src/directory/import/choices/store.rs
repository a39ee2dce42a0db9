//! The statements behind decisions about a list.

use kontor_platform::db::Conn;
use kontor_platform::{Day, Id, Instant, Result, params, sql};

use super::super::super::model::{Cluster, LegalGround, Organisation};
use super::super::model::{Attr, Import};

sql! {
    OWNED = "SELECT organisation, field FROM own_fields ORDER BY organisation, field";
    OWNED_ONE = "SELECT account, at FROM own_fields WHERE organisation = $1 AND field = $2";
    DISOWN = "DELETE FROM own_fields WHERE organisation = $1 AND field = $2";
    OWN = "INSERT INTO own_fields (organisation, field, account, at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (organisation, field) DO NOTHING";
    OPEN = "SELECT id, since FROM memberships WHERE organisation = $1 AND cluster = $2 \
        AND state = 'active' AND until IS NULL ORDER BY id";
    END = "UPDATE memberships SET state = 'ended', until = $1 WHERE id = $2";
    SET_GROUND = "UPDATE imports SET source = $1, legal_ground = $2 WHERE id = $3";
    LAST_GROUND = "SELECT source, legal_ground FROM imports WHERE cluster = $1 \
        AND state = 'applied' AND legal_ground <> '' ORDER BY applied_at DESC, id DESC LIMIT 1";
}

/// Every field that an organisation keeps itself.
pub fn owned(conn: &mut Conn) -> Result<Vec<(Id<Organisation>, String)>> {
    conn.all(OWNED, params![])
}

/// The field is kept by nobody any more; who kept it since when.
pub fn disown(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    field: Attr,
) -> Result<Option<(Option<String>, Instant)>> {
    let before = conn.first(OWNED_ONE, params![organisation, field])?;
    conn.run(DISOWN, params![organisation, field])?;
    Ok(before)
}

pub fn own(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    field: Attr,
    account: Option<&str>,
    at: Instant,
) -> Result<()> {
    conn.run(OWN, params![organisation, field, account, at])
        .map(drop)
}

/// Open memberships: identifier and beginning.
pub fn open_memberships(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    cluster: Id<Cluster>,
) -> Result<Vec<(String, Day)>> {
    conn.all(OPEN, params![organisation, cluster])
}

pub fn end(conn: &mut Conn, membership: &str, day: Day) -> Result<()> {
    conn.run(END, params![day, membership]).map(drop)
}

pub fn set_ground(
    conn: &mut Conn,
    import: Id<Import>,
    source: &str,
    ground: LegalGround,
) -> Result<()> {
    conn.run(SET_GROUND, params![source, ground, import])
        .map(drop)
}

pub fn last_ground(conn: &mut Conn, cluster: Id<Cluster>) -> Result<(String, String)> {
    Ok(conn
        .first(LAST_GROUND, params![cluster])?
        .unwrap_or_default())
}
