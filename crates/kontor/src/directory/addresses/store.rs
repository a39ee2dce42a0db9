//! The table of former addresses of clusters and organisations.

use kontor_platform::Result;
use kontor_platform::db::Conn;
use kontor_platform::{params, sql};

sql! {
    LEADS_TO = "SELECT target FROM slugs WHERE kind = $1 AND slug = $2";
    REMEMBER = "INSERT INTO slugs (kind, slug, target) VALUES ($1, $2, $3) \
        ON CONFLICT (kind, slug) DO UPDATE SET target = $3";
    RETARGET = "UPDATE slugs SET target = $1 WHERE kind = $2 AND target = $3";
    FORGET = "DELETE FROM slugs WHERE kind = $1 AND slug = $2";
}

/// Where a former address leads now.
pub fn leads_to(conn: &mut Conn, kind: &str, slug: &str) -> Result<Option<String>> {
    let found = conn.first::<(String,)>(LEADS_TO, params![kind, slug])?;
    Ok(found.map(|(to,)| to))
}

/// From now on the former address leads to the new one; so do older ones.
pub fn moved(conn: &mut Conn, kind: &str, from: &str, to: &str) -> Result<()> {
    conn.run(FORGET, params![kind, to])?;
    conn.run(RETARGET, params![to, kind, from])?;
    conn.run(REMEMBER, params![kind, from, to]).map(drop)
}
