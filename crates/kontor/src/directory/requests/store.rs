//! The table of requests.

use kontor_platform::db::{Conn, FromRow, Param as _, Query, Row, Val};
use kontor_platform::{Id, Instant, Result, params, record, sql};

use super::model::{Candidate, Request, State};
use crate::accounts::{Account, RoleKind, Who, led_clusters};
use crate::directory::model::Organisation;

/// How long a rejected request is kept, in seconds.
const KEEP_REJECTED_S: i64 = 30 * 24 * 3600;

sql! {
    INSERT = "INSERT INTO requests (id, kind, cluster, organisation, organisation_name, name_key, \
        website, city, name, mail, function, message, lang, state, reason, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'open', '', $14)";
    WAITING = "SELECT COUNT(*) AS n FROM requests WHERE state = 'open' AND kind = $1 \
        AND LOWER(mail) = $2 AND name_key = $3 AND COALESCE(cluster, organisation) = $4 \
        AND name = $5 AND function = $6 AND message = $7 AND website = $8 AND city = $9";
    /// The same wish in other words, which the decision answers as well.
    CLOSE_SAME = "UPDATE requests SET state = 'approved', decided_at = $1, decided_by = $2, \
        organisation = $3, account = $4 WHERE state = 'open' AND id <> $5 AND EXISTS (SELECT 1 \
        FROM requests r WHERE r.id = $5 AND r.kind = requests.kind AND r.name_key = requests.name_key \
        AND LOWER(r.mail) = LOWER(requests.mail) AND (r.cluster = requests.cluster \
        OR (r.cluster IS NULL AND requests.cluster IS NULL AND r.organisation = requests.organisation)))";
    DECIDE = "UPDATE requests SET state = $1, reason = $2, decided_at = $3, decided_by = $4 \
        WHERE id = $5 AND state = 'open'";
    LED_TO = "UPDATE requests SET organisation = $1, account = $2 WHERE id = $3";
    FORGET = "UPDATE requests SET name = '', mail = '', function = '', message = '', reason = '' \
        WHERE state = 'rejected' AND decided_at < $1 AND mail <> ''";
    DROP_APPROVED = "UPDATE requests SET name = '', mail = '', function = '', message = '', \
        reason = '', account = NULL WHERE state = 'approved' AND decided_at < $1 AND mail <> ''";
    ADDRESSES = "SELECT DISTINCT mail FROM requests WHERE mail <> ''";
    ERASE_ADDRESS = "UPDATE requests SET name = '', mail = '', function = '', message = '', \
        reason = '', account = NULL, state = CASE WHEN state = 'open' THEN 'rejected' ELSE state END \
        WHERE LOWER(mail) = $1";
    ERASE_ACCOUNT = "UPDATE requests SET name = '', mail = '', function = '', message = '', \
        reason = '', account = NULL, state = CASE WHEN state = 'open' THEN 'rejected' ELSE state END \
        WHERE account = $1";
}

record!(Candidate {
    organisation,
    slug,
    name,
    city
});

impl FromRow for Request {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Request {
            id: row.get(0)?,
            kind: row.get(1)?,
            cluster: row.get(2)?,
            cluster_name: row.get(3)?,
            cluster_slug: row.get(4)?,
            organisation: row.get(5)?,
            organisation_slug: row.get(6)?,
            organisation_name: row.get(7)?,
            website: row.get(8)?,
            city: row.get(9)?,
            name: row.get(10)?,
            mail: row.get(11)?,
            function: row.get(12)?,
            message: row.get(13)?,
            lang: row.get(14)?,
            state: row.get(15)?,
            reason: row.get(16)?,
            created_at: row.get(17)?,
            decided_at: row.get(18)?,
        })
    }
}

/// Stores an open request; one that waits already in the same words is not stored
/// twice.
pub fn insert(conn: &mut Conn, r: &Request, name_key: &str) -> Result<bool> {
    let about = r.cluster.map(|c| c.to_string());
    let about = about.or_else(|| r.organisation.map(|o| o.to_string()));
    let mail = r.mail.to_lowercase();
    let (waiting,): (i64,) = conn.one(
        WAITING,
        params![
            r.kind, mail, name_key, about, r.name, r.function, r.message, r.website, r.city
        ],
    )?;
    if waiting > 0 {
        return Ok(false);
    }
    conn.run(
        INSERT,
        params![
            r.id,
            r.kind,
            r.cluster,
            r.organisation,
            r.organisation_name,
            name_key,
            r.website,
            r.city,
            r.name,
            r.mail,
            r.function,
            r.message,
            r.lang,
            r.created_at
        ],
    )?;
    Ok(true)
}

/// Begins a query for requests that the actor decides on.
fn decidable(care: &Care) -> Query<'static> {
    let mut q = Query::new(
        "SELECT r.id, r.kind, r.cluster, COALESCE(c.name, ''), COALESCE(c.slug, ''), \
         r.organisation, o.slug, COALESCE(o.name, r.organisation_name), \
         CASE WHEN r.kind = 'takeover' THEN COALESCE(o.website, '') ELSE r.website END, r.city, \
         r.name, r.mail, r.function, r.message, r.lang, r.state, r.reason, r.created_at, \
         r.decided_at FROM requests r LEFT JOIN clusters c ON c.id = r.cluster \
         LEFT JOIN organisations o ON o.id = r.organisation WHERE ",
    );
    concerned(&mut q, care);
    q
}

/// Whose requests and reports somebody looks after.
pub struct Care {
    /// Clusters that they lead.
    own: Vec<String>,
    /// For the administration: the clusters that somebody leads. All others are
    /// in its care, and organisations that belong to none.
    others: Option<Vec<String>>,
}

impl Care {
    /// What the asker looks after today.
    pub fn of(conn: &mut Conn, who: &Who) -> Result<Care> {
        let others = if who.actor.is(RoleKind::Admin) {
            Some(led_clusters(conn, who.cx.now.day())?)
        } else {
            None
        };
        let own = who.actor.led().into_iter().map(str::to_owned).collect();
        Ok(Care { own, others })
    }
}

/// Adds: a membership in a cluster, or a takeover of an organisation, in care.
fn concerned(q: &mut Query<'static>, care: &Care) {
    q.push("((r.kind = 'membership' AND (r.cluster");
    q.among(&care.own);
    if let Some(others) = &care.others {
        q.push(" OR NOT r.cluster");
        q.among(others);
    }
    q.push(")) OR (r.kind = 'takeover' AND ");
    in_care_of(q, care, "r.organisation");
    q.push("))");
}

/// Adds: the organisation in `column` belongs to a cluster that the asker leads,
/// or to none that anybody leads and the asker administers the installation.
pub fn in_care_of(q: &mut Query<'static>, care: &Care, column: &str) {
    let member = format!(
        "EXISTS (SELECT 1 FROM memberships m WHERE m.organisation = {column} \
         AND m.state = 'active' AND m.cluster"
    );
    q.push("(");
    q.push(&member);
    q.among(&care.own);
    q.push(")");
    if let Some(others) = &care.others {
        q.push(" OR NOT ");
        q.push(&member);
        q.among(others);
        q.push(")");
    }
    q.push(")");
}

/// Requests of a state that the actor decides on, the newest first.
pub fn list(conn: &mut Conn, care: &Care, is_open: bool, limit: i64) -> Result<Vec<Request>> {
    let mut q = decidable(care);
    q.push(if is_open {
        " AND r.state = 'open' ORDER BY r.created_at, r.id"
    } else {
        // An emptied one says nothing, and need not have been decided.
        " AND r.state <> 'open' AND r.mail <> '' ORDER BY r.decided_at DESC, r.id"
    });
    q.bind(" LIMIT ", Val::Int(limit));
    q.all(conn)
}

/// One of them.
pub fn find(conn: &mut Conn, care: &Care, id: Id<Request>) -> Result<Option<Request>> {
    let mut q = decidable(care);
    q.and("r.id = ", Val::Text(id.to_string().into()));
    Ok(q.all(conn)?.into_iter().next())
}

/// How many wait for the actor.
pub fn count_open(conn: &mut Conn, care: &Care) -> Result<i64> {
    let mut q = Query::new("SELECT COUNT(*) FROM requests r WHERE r.state = 'open' AND ");
    concerned(&mut q, care);
    Ok(q.all::<(i64,)>(conn)?.first().map_or(0, |(n,)| *n))
}

/// Organisations of the same normalised name in the cluster that is asked for.
pub fn candidates(conn: &mut Conn, care: &Care, id: Id<Request>) -> Result<Vec<Candidate>> {
    let mut q = Query::new(
        "SELECT DISTINCT o.id, o.slug, o.name, o.city FROM requests r \
         JOIN organisations o ON o.name_key = r.name_key AND o.state IN ('active', 'verified', 'inactive') \
         JOIN memberships k ON k.organisation = o.id AND k.cluster = r.cluster AND k.state = 'active' \
         WHERE r.kind = 'membership' AND ",
    );
    concerned(&mut q, care);
    q.and("r.id = ", Val::Text(id.to_string().into()));
    q.all(conn)
}

/// Decides an open request; false when somebody was faster.
pub fn decide(
    conn: &mut Conn,
    id: Id<Request>,
    state: State,
    reason: &str,
    by: Option<String>,
    now: Instant,
) -> Result<bool> {
    Ok(conn.run(DECIDE, params![state, reason, now, by, id])? == 1)
}

/// Notes which organisation and whose account an approval led to.
pub fn led_to(
    conn: &mut Conn,
    id: Id<Request>,
    organisation: Id<Organisation>,
    account: Id<Account>,
) -> Result<()> {
    conn.run(LED_TO, params![organisation, account, id])
        .map(drop)
}

/// Closes what else the asker has sent about the same, once it is approved.
pub fn close_same(
    conn: &mut Conn,
    id: Id<Request>,
    (organisation, account): (Id<Organisation>, Id<Account>),
    by: Option<String>,
    at: Instant,
) -> Result<()> {
    conn.run(CLOSE_SAME, params![at, by, organisation, account, id])
        .map(drop)
}

/// Retention: empties what was approved before `before`; how many.
pub fn drop_approved(conn: &mut Conn, before: Instant) -> Result<u64> {
    conn.run(DROP_APPROVED, params![before])
}

/// Empties what was rejected more than 30 days ago.
pub fn forget(conn: &mut Conn, now: Instant) -> Result<()> {
    conn.run(FORGET, params![now.plus_s(-KEEP_REJECTED_S)])
        .map(drop)
}

/// A request as its asker left it.
pub struct Left {
    pub organisation: String,
    pub name: String,
    pub mail: String,
    pub function: String,
    pub message: String,
    pub state: State,
    pub at: Instant,
}
record!(Left {
    organisation,
    name,
    mail,
    function,
    message,
    state,
    at
});

/// Requests from these addresses, or whose approval led to an account.
pub fn of_addresses(
    conn: &mut Conn,
    addresses: &[String],
    account: Option<&str>,
) -> Result<Vec<Left>> {
    let mut q = Query::new(
        "SELECT organisation_name AS organisation, name, mail, function, message, state, \
         created_at AS at FROM requests WHERE ",
    );
    q.bind("account = ", account.val());
    // Emptied requests have no address.
    q.push(" OR (mail <> '' AND LOWER(mail)");
    q.among(addresses);
    q.push(") ORDER BY id");
    q.all(conn)
}

/// Every address from which somebody asked.
pub fn addresses(conn: &mut Conn) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn.all(ADDRESSES, params![])?;
    Ok(rows.into_iter().map(|(mail,)| mail).collect())
}

/// Erasure: nothing names who asked any more; what was open ends.
pub fn erase_address(conn: &mut Conn, address: &str) -> Result<()> {
    conn.run(ERASE_ADDRESS, params![address]).map(drop)
}

/// The same of whom an approval gave this account.
pub fn erase_account(conn: &mut Conn, account: Option<&str>) -> Result<()> {
    conn.run(ERASE_ACCOUNT, params![account]).map(drop)
}
