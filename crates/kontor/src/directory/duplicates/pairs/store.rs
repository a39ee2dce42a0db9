//! The statement that finds pairs.

use kontor_platform::db::Conn;
use kontor_platform::{Id, Result, params, record, sql};

use super::Place;
use crate::directory::model::Organisation;

sql! {
    /// Records of a cluster with another one that shares name, register number,
    /// or a host that few share, or that has the other one's former name. Each branch first walks an index for what stands
    /// there twice, which is little: `CROSS JOIN` keeps SQLite to that order.
    CANDIDATES = "SELECT p.k, p.a, p.b FROM (\
        SELECT a.sort_key AS k, a.id AS a, b.id AS b FROM (SELECT name_key AS k FROM organisations WHERE name_key <> '' \
        GROUP BY name_key HAVING COUNT(*) > 1) t \
        CROSS JOIN organisations a CROSS JOIN memberships m CROSS JOIN organisations b \
        WHERE a.name_key = t.k AND a.name_key <> '' AND a.state <> 'merged' \
        AND m.organisation = a.id AND m.cluster = $1 AND m.state = 'active' \
        AND b.name_key = t.k AND b.name_key <> '' AND b.state <> 'merged' AND b.id <> a.id \
        UNION SELECT a.sort_key, a.id, b.id FROM (SELECT register_number AS k FROM organisations WHERE register_number <> '' \
        GROUP BY register_number HAVING COUNT(*) > 1) t \
        CROSS JOIN organisations a CROSS JOIN memberships m CROSS JOIN organisations b \
        WHERE a.register_number = t.k AND a.register_number <> '' AND a.state <> 'merged' \
        AND m.organisation = a.id AND m.cluster = $1 AND m.state = 'active' \
        AND b.register_number = t.k AND b.register_number <> '' AND b.state <> 'merged' AND b.id <> a.id \
        UNION SELECT a.sort_key, a.id, b.id FROM (SELECT web_host AS k FROM organisations WHERE web_host <> '' \
        GROUP BY web_host HAVING COUNT(*) BETWEEN 2 AND 5) t \
        CROSS JOIN organisations a CROSS JOIN memberships m CROSS JOIN organisations b \
        WHERE a.web_host = t.k AND a.web_host <> '' AND a.state <> 'merged' \
        AND m.organisation = a.id AND m.cluster = $1 AND m.state = 'active' \
        AND b.web_host = t.k AND b.web_host <> '' AND b.state <> 'merged' AND b.id <> a.id \
        UNION SELECT a.sort_key, a.id, b.id FROM (SELECT mail_host AS k FROM organisations WHERE mail_host <> '' \
        GROUP BY mail_host HAVING COUNT(*) BETWEEN 2 AND 5) t \
        CROSS JOIN organisations a CROSS JOIN memberships m CROSS JOIN organisations b \
        WHERE a.mail_host = t.k AND a.mail_host <> '' AND a.state <> 'merged' \
        AND m.organisation = a.id AND m.cluster = $1 AND m.state = 'active' \
        AND b.mail_host = t.k AND b.mail_host <> '' AND b.state <> 'merged' AND b.id <> a.id \
        UNION SELECT a.sort_key, a.id, b.id FROM former_names f \
        CROSS JOIN organisations a CROSS JOIN memberships m CROSS JOIN organisations b \
        WHERE a.name_key = f.name_key AND a.name_key <> '' AND a.state <> 'merged' \
        AND m.organisation = a.id AND m.cluster = $1 AND m.state = 'active' \
        AND b.id = f.organisation AND b.state <> 'merged' AND b.id <> a.id \
        UNION SELECT a.sort_key, a.id, b.id FROM former_names f \
        CROSS JOIN organisations a CROSS JOIN memberships m CROSS JOIN organisations b \
        WHERE a.id = f.organisation AND a.state <> 'merged' \
        AND m.organisation = a.id AND m.cluster = $1 AND m.state = 'active' \
        AND b.name_key = f.name_key AND b.name_key <> '' AND b.state <> 'merged' AND b.id <> a.id \
        UNION SELECT a.sort_key, l.first, l.second FROM likely_pairs l JOIN organisations a ON a.id = l.first \
        JOIN organisations b ON b.id = l.second JOIN memberships m ON m.organisation = l.first \
        WHERE m.cluster = $1 AND m.state = 'active' AND a.state <> 'merged' AND b.state <> 'merged' \
        UNION SELECT a.sort_key, l.second, l.first FROM likely_pairs l JOIN organisations a ON a.id = l.second \
        JOIN organisations b ON b.id = l.first JOIN memberships m ON m.organisation = l.second \
        WHERE m.cluster = $1 AND m.state = 'active' AND a.state <> 'merged' AND b.state <> 'merged'\
        ) p WHERE NOT EXISTS (SELECT 1 FROM kept_apart k WHERE (k.first = p.a AND k.second = p.b) \
        OR (k.first = p.b AND k.second = p.a)) AND NOT EXISTS (SELECT 1 FROM merge_proposals q \
        WHERE q.state = 'open' AND ((q.winner = p.a AND q.loser = p.b) OR (q.winner = p.b AND q.loser = p.a))) \
        AND (p.k, p.a, p.b) > ($2, $3, $4) ORDER BY p.k, p.a, p.b LIMIT $5";
}

/// Two records that share something: the first is a member of the cluster asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// The first record's place in lists.
    pub sort_key: String,
    pub first: Id<Organisation>,
    pub second: Id<Organisation>,
}
record!(Found {
    sort_key,
    first,
    second
});

/// The next pairs of members of these clusters behind a place, in order, each
/// once: one statement per cluster. Fewer than `limit` are the last.
pub fn after(conn: &mut Conn, led: &[&str], place: &Place, limit: usize) -> Result<Vec<Found>> {
    let most = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut all: Vec<Found> = Vec::new();
    for cluster in led {
        all.extend(conn.all::<Found>(
            CANDIDATES,
            params![*cluster, place.sort_key, place.first, place.second, most],
        )?);
    }
    all.sort();
    all.dedup();
    all.truncate(limit);
    Ok(all)
}
