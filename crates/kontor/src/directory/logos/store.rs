//! The only place that knows the table of logos.

use kontor_platform::db::Conn;
use kontor_platform::{Id, Instant, Result, params, record, sql};

use super::model::Logo;
use crate::directory::model::Organisation;

sql! {
    LOGO = "SELECT hash, width, height FROM organisation_logos WHERE organisation = $1";
    CONTENT = "SELECT content FROM organisation_logos WHERE organisation = $1 AND hash = $2";
    PUT = "INSERT INTO organisation_logos (organisation, hash, width, height, content, changed_at) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (organisation) DO UPDATE SET \
        hash = $2, width = $3, height = $4, content = $5, changed_at = $6";
    REMOVE = "DELETE FROM organisation_logos WHERE organisation = $1";
    HAND_OVER = "UPDATE organisation_logos SET organisation = $1 WHERE organisation = $2 AND hash = $3";
}

record!(Logo {
    hash,
    width,
    height
});

/// The logo of an organisation.
pub fn of(conn: &mut Conn, organisation: Id<Organisation>) -> Result<Option<Logo>> {
    conn.first(LOGO, params![organisation])
}

/// The picture of this hash in base64, if it is the organisation's logo.
pub fn content(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    hash: &str,
) -> Result<Option<String>> {
    let found: Option<(String,)> = conn.first(CONTENT, params![organisation, hash])?;
    Ok(found.map(|(content,)| content))
}

pub fn put(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    logo: &Logo,
    content: &str,
    at: Instant,
) -> Result<()> {
    let Logo {
        hash,
        width,
        height,
    } = logo;
    conn.run(PUT, params![organisation, hash, width, height, content, at])
        .map(drop)
}

/// Whether there was one to remove.
pub fn remove(conn: &mut Conn, organisation: Id<Organisation>) -> Result<bool> {
    Ok(conn.run(REMOVE, params![organisation])? > 0)
}

/// Makes a logo that of another organisation, which has none.
pub fn hand_over(
    conn: &mut Conn,
    to: Id<Organisation>,
    from: Id<Organisation>,
    hash: &str,
) -> Result<()> {
    conn.run(HAND_OVER, params![to, from, hash]).map(drop)
}
