//! Tables of employments and of what is asked about them.

use kontor_platform::db::{Conn, Query, Val};
use kontor_platform::{Day, Id, Instant, Result, params, record, sql};

use super::model::{Employment, Present, Request, Waiting};
use crate::accounts::Account;
use crate::directory::model::{Organisation, Person};
use crate::directory::requests::{Care, in_care_of};

/// Organisations of which is told that somebody waits.
const TOLD: i64 = 50;

sql! {
    OWN = "SELECT p.id, p.organisation, o.name AS employer, o.slug, \
        p.employed_since FROM people p LEFT JOIN organisations o ON o.id = p.organisation \
        WHERE p.account = $1 AND p.state = 'active' ORDER BY p.created_at, p.id LIMIT 1";
    PRESENT = "SELECT organisation, employed_since AS since, account FROM people WHERE id = $1";
    BEGIN = "UPDATE people SET organisation = $1, employed_since = $2 WHERE id = $3";
    END = "UPDATE people SET organisation = NULL, employed_since = NULL WHERE id = $1";
    CLOSE = "INSERT INTO former_employments (id, person, organisation, since, until) \
        VALUES ($1, $2, $3, $4, $5)";
    FORMER = "SELECT e.id, o.name AS organisation, e.since, e.until FROM former_employments e \
        JOIN organisations o ON o.id = e.organisation WHERE e.person = $1 \
        ORDER BY e.until DESC, e.id DESC";
    REMOVE = "DELETE FROM former_employments WHERE id = $1 AND person = $2";
    ASK = "INSERT INTO employment_requests (id, person, organisation, since, message, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (person) DO NOTHING";
    ASKED_BY = "SELECT r.id, r.person, p.account, p.name, p.function, r.organisation, \
        o.name AS organisation_name, o.slug AS organisation_slug, r.since, r.message, r.created_at \
        FROM employment_requests r JOIN people p ON p.id = r.person \
        JOIN organisations o ON o.id = r.organisation WHERE r.person = $1";
    ASKED_OF = "SELECT r.id, r.person, p.account, p.name, p.function, r.organisation, \
        o.name AS organisation_name, o.slug AS organisation_slug, r.since, r.message, r.created_at \
        FROM employment_requests r JOIN people p ON p.id = r.person \
        JOIN organisations o ON o.id = r.organisation WHERE r.organisation = $1 \
        ORDER BY r.created_at, r.id LIMIT 100";
    SETTLE = "DELETE FROM employment_requests WHERE id = $1";
    ERASE_FORMER = "DELETE FROM former_employments WHERE person = $1";
    ERASE_ASKED = "DELETE FROM employment_requests WHERE person = $1";
    FORMER_AT = "SELECT id FROM former_employments WHERE organisation = $1 ORDER BY id";
    ASKED_AT = "SELECT id FROM employment_requests WHERE organisation = $1 ORDER BY id";
    MOVE_FORMER = "UPDATE former_employments SET organisation = $1 WHERE id = $2 AND organisation = $3";
    MOVE_ASKED = "UPDATE employment_requests SET organisation = $1 WHERE id = $2 AND organisation = $3";
}

record!(Present {
    organisation,
    since,
    account
});
record!(Request {
    id,
    person,
    account,
    name,
    function,
    organisation,
    organisation_name,
    organisation_slug,
    since,
    message,
    created_at
});
record!(Waiting { slug, name, count });

pub fn present(conn: &mut Conn, person: Id<Person>) -> Result<Present> {
    conn.one(PRESENT, params![person])
}

pub fn begin(
    conn: &mut Conn,
    person: Id<Person>,
    organisation: Id<Organisation>,
    since: Option<Day>,
) -> Result<()> {
    conn.run(BEGIN, params![organisation, since, person])
        .map(drop)
}

pub fn end(conn: &mut Conn, person: Id<Person>) -> Result<()> {
    conn.run(END, params![person]).map(drop)
}

/// Remembers an employment that has ended.
pub fn close(
    conn: &mut Conn,
    person: Id<Person>,
    organisation: Id<Organisation>,
    since: Option<Day>,
    until: Day,
) -> Result<()> {
    let id = Id::<Employment>::new();
    conn.run(CLOSE, params![id, person, organisation, since, until])
        .map(drop)
}

/// An employment that has ended.
pub struct Past {
    pub id: Id<Employment>,
    /// Name of the organisation.
    pub organisation: String,
    pub since: Option<Day>,
    /// The first day on which the person worked there no longer.
    pub until: Day,
}
record!(Past {
    id,
    organisation,
    since,
    until
});

/// Employments that have ended, the latest first.
pub fn former(conn: &mut Conn, person: Id<Person>) -> Result<Vec<Past>> {
    conn.all(FORMER, params![person])
}

/// Forgets one of them; false when it is not this person's.
pub fn remove(conn: &mut Conn, id: Id<Employment>, person: Id<Person>) -> Result<bool> {
    Ok(conn.run(REMOVE, params![id, person])? == 1)
}

/// Stores what a person asks; false when they ask for something already.
pub fn ask(
    conn: &mut Conn,
    id: Id<Request>,
    person: Id<Person>,
    organisation: Id<Organisation>,
    since: Day,
    message: &str,
    at: Instant,
) -> Result<bool> {
    let row = params![id, person, organisation, since, message, at];
    Ok(conn.run(ASK, row)? == 1)
}

/// What a person asks for at present.
pub fn asked_by(conn: &mut Conn, person: Id<Person>) -> Result<Option<Request>> {
    conn.first(ASKED_BY, params![person])
}

/// What is asked of an organisation, the oldest first.
pub fn asked_of(conn: &mut Conn, organisation: Id<Organisation>) -> Result<Vec<Request>> {
    conn.all(ASKED_OF, params![organisation])
}

/// Takes what was asked from the list; false when somebody was faster.
pub fn settle(conn: &mut Conn, id: Id<Request>) -> Result<bool> {
    Ok(conn.run(SETTLE, params![id])? == 1)
}

/// Deletes what is known of a person's employments, the present one aside.
pub fn erase(conn: &mut Conn, person: Id<Person>) -> Result<()> {
    conn.run(ERASE_ASKED, params![person])?;
    conn.run(ERASE_FORMER, params![person]).map(drop)
}

/// What belongs to an organisation here: former employments, and what is asked.
pub fn belonging(
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<(Vec<String>, Vec<String>)> {
    let mut ids = |sql| -> Result<Vec<String>> {
        let rows: Vec<(String,)> = conn.all(sql, params![organisation])?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    };
    Ok((ids(FORMER_AT)?, ids(ASKED_AT)?))
}

/// Moves these to another organisation.
pub fn hand_over(
    conn: &mut Conn,
    former: &[String],
    asked: &[String],
    from: Id<Organisation>,
    to: Id<Organisation>,
) -> Result<()> {
    for (sql, ids) in [(MOVE_FORMER, former), (MOVE_ASKED, asked)] {
        for id in ids {
            conn.run(sql, params![to, id, from])?;
        }
    }
    Ok(())
}

/// Begins a query for what is asked of the organisations in question.
fn asked(what: &str) -> Query<'static> {
    Query::new(&format!(
        "SELECT {what} FROM employment_requests r \
         JOIN organisations o ON o.id = r.organisation WHERE "
    ))
}

fn grouped(conn: &mut Conn, mut q: Query<'static>) -> Result<Vec<Waiting>> {
    q.push(" GROUP BY o.slug, o.name, o.sort_key");
    q.bind(" ORDER BY o.sort_key, o.slug LIMIT ", Val::Int(TOLD));
    q.all(conn)
}

/// Organisations in somebody's care of which something is asked.
pub fn in_care(conn: &mut Conn, care: &Care) -> Result<Vec<Waiting>> {
    let mut q = asked("o.slug, o.name, COUNT(*) AS count");
    in_care_of(&mut q, care, "r.organisation");
    grouped(conn, q)
}

/// How many wait there.
pub fn count_in_care(conn: &mut Conn, care: &Care) -> Result<i64> {
    let mut q = asked("COUNT(*)");
    in_care_of(&mut q, care, "r.organisation");
    Ok(q.all::<(i64,)>(conn)?.first().map_or(0, |(n,)| *n))
}

/// Whether an organisation is in somebody's care.
pub fn is_in_care(conn: &mut Conn, care: &Care, organisation: Id<Organisation>) -> Result<bool> {
    let mut q = Query::new("SELECT COUNT(*) FROM organisations o WHERE ");
    in_care_of(&mut q, care, "o.id");
    q.and("o.id = ", Val::Text(organisation.to_string().into()));
    Ok(q.all::<(i64,)>(conn)?.first().is_some_and(|(n,)| *n > 0))
}

/// Those of these organisations of which something is asked.
pub fn of_organisations(conn: &mut Conn, ids: &[&str]) -> Result<Vec<Waiting>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut q = asked("o.slug, o.name, COUNT(*) AS count");
    q.push("o.id");
    q.among(ids);
    grouped(conn, q)
}

/// One's own record as far as employments need it.
pub struct Own {
    pub person: Id<Person>,
    pub organisation: Option<Id<Organisation>>,
    pub employer: Option<String>,
    pub slug: Option<String>,
    pub since: Option<Day>,
}

record!(Own {
    person,
    organisation,
    employer,
    slug,
    since
});

/// The person of an account, if there is one by now.
pub fn own(conn: &mut Conn, account: Id<Account>) -> Result<Option<Own>> {
    conn.first(OWN, params![account])
}
