//! Contacts of a cluster's lists in the database.

use std::collections::HashMap;

use kontor_platform::db::{Conn, Param, Query};
use kontor_platform::{Id, Instant, Result, params, record, sql};

use crate::accounts::Account;
use crate::directory::model::{Cluster, LegalGround, Organisation, Person};

sql! {
    /// Contacts that may be written to now: a ground, an address, no account,
    /// no objection by anybody with it, an organisation that is still in the cluster.
    READY = "SELECT p.id, p.name, p.mail, p.function, p.phone, p.organisation, o.name AS employer, \
        p.legal_ground, i.source FROM people p \
        JOIN imports i ON i.id = p.import JOIN organisations o ON o.id = p.organisation \
        WHERE i.cluster = $1 AND p.state = 'active' AND p.account IS NULL AND p.mail <> '' \
        AND p.legal_ground <> '' AND ($2 = 0 OR p.informed_at IS NULL) AND NOT EXISTS \
        (SELECT 1 FROM open_invitations v WHERE v.contact = p.id) AND NOT EXISTS \
        (SELECT 1 FROM people x WHERE LOWER(x.mail) = LOWER(p.mail) AND x.objected_at IS NOT NULL) \
        AND EXISTS \
        (SELECT 1 FROM memberships m WHERE m.organisation = o.id AND m.cluster = i.cluster \
        AND m.state = 'active') ORDER BY o.sort_key, p.sort_key, p.id LIMIT $3";
    /// A contact of the cluster's lists with this address, in a list that says on which
    /// ground it is kept, without an account.
    LISTED = "SELECT p.id, p.name, p.mail, p.function, p.phone, p.organisation, o.name AS employer, \
        p.legal_ground, i.source FROM people p \
        JOIN imports i ON i.id = p.import JOIN organisations o ON o.id = p.organisation \
        WHERE i.cluster = $1 AND LOWER(p.mail) = $2 AND p.state = 'active' AND p.account IS NULL \
        AND p.legal_ground <> '' ORDER BY p.created_at DESC, p.id LIMIT 1";
    COUNTS = "SELECT \
        COALESCE(SUM(CASE WHEN p.account IS NULL AND p.state = 'active' AND p.legal_ground <> '' AND p.mail <> '' \
        AND NOT EXISTS (SELECT 1 FROM open_invitations v WHERE v.contact = p.id) \
        AND NOT EXISTS (SELECT 1 FROM people x WHERE LOWER(x.mail) = LOWER(p.mail) AND x.objected_at IS NOT NULL) \
        THEN 1 ELSE 0 END), 0) AS ready, \
        COALESCE(SUM(CASE WHEN p.account IS NULL AND p.state = 'active' AND p.legal_ground = '' AND p.mail <> '' THEN 1 ELSE 0 END), 0) AS groundless, \
        COALESCE(SUM(CASE WHEN p.account IS NULL AND p.state = 'active' AND p.mail = '' THEN 1 ELSE 0 END), 0) AS without_mail, \
        COALESCE(SUM(CASE WHEN p.account IS NULL AND p.state = 'active' AND p.informed_at IS NULL AND p.created_at < $1 THEN 1 ELSE 0 END), 0) AS overdue, \
        COALESCE(SUM(CASE WHEN p.objected_at IS NOT NULL THEN 1 ELSE 0 END), 0) AS objected \
        FROM people p JOIN imports i ON i.id = p.import WHERE i.cluster = $2";
    /// A list's contact has an account by an invitation alone, and so has whoever was
    /// typed with a ground or is in the directory because of the account.
    INVITED = "SELECT p.name, p.mail, p.account, o.name AS employer, \
        CASE WHEN i.cluster = $1 OR p.source = 'account' OR p.legal_ground <> '' THEN 1 ELSE 0 END \
        AS was_invited FROM people p \
        LEFT JOIN imports i ON i.id = p.import LEFT JOIN organisations o ON o.id = p.organisation \
        LEFT JOIN person_clusters c ON c.person = p.id AND c.cluster = $1 \
        WHERE p.account IS NOT NULL AND p.state = 'active' \
        AND (i.cluster = $1 OR c.cluster IS NOT NULL) ORDER BY p.sort_key, p.id";
    LINK = "UPDATE people SET account = $1, informed_at = COALESCE(informed_at, $2) \
        WHERE id = $3 AND account IS NULL AND state = 'active'";
    INFORMED = "UPDATE people SET informed_at = $1 WHERE id = $2 AND informed_at IS NULL \
        AND state = 'active'";
    SET_GROUND = "UPDATE people SET legal_ground = $1 WHERE legal_ground = '' AND import IN \
        (SELECT id FROM imports WHERE cluster = $2)";
    SET_SOURCE = "UPDATE imports SET source = $1, legal_ground = $2 WHERE legal_ground = '' AND cluster = $3";
    OBJECTOR = "SELECT p.name, p.account, p.state, p.mail FROM people p WHERE p.id = $1";
    HAS_OBJECTED = "SELECT COUNT(*) AS n FROM people WHERE LOWER(mail) = LOWER($1) AND mail <> '' \
        AND objected_at IS NOT NULL";
    OBJECT = "UPDATE people SET state = 'restricted', objected_at = $1 \
        WHERE id = $2 AND state = 'active'";
    WITHDRAW_ALL = "DELETE FROM contact_publications WHERE person = $1";
}

/// A contact as a letter needs them.
#[derive(Debug, Clone)]
pub struct Contact {
    pub id: Id<Person>,
    pub name: String,
    pub mail: String,
    pub function: String,
    pub phone: String,
    pub organisation: Option<Id<Organisation>>,
    /// The organisation's name; empty where none was named.
    pub employer: String,
    pub ground: LegalGround,
    pub source: String,
}
record!(Contact {
    id,
    name,
    mail,
    function,
    phone,
    organisation,
    employer,
    ground,
    source
});

/// The next contacts of a cluster that may be written to; only those who know
/// nothing yet, if so asked.
pub fn ready(
    conn: &mut Conn,
    cluster: Id<Cluster>,
    only_uninformed: bool,
    limit: i64,
) -> Result<Vec<Contact>> {
    conn.all(READY, params![cluster, only_uninformed, limit])
}

/// The contact of the cluster's lists with an address in lower case, if one may be
/// written to.
pub fn listed(conn: &mut Conn, cluster: Id<Cluster>, mail: &str) -> Result<Option<Contact>> {
    conn.first(LISTED, params![cluster, mail])
}

/// Names of organisations by their identifier.
pub fn names_of(
    conn: &mut Conn,
    organisations: impl Iterator<Item = Id<Organisation>>,
) -> Result<HashMap<Id<Organisation>, String>> {
    let mut q = Query::new("SELECT id, name FROM organisations WHERE id");
    q.among(organisations);
    let rows: Vec<(Id<Organisation>, String)> = q.all(conn)?;
    Ok(rows.into_iter().collect())
}

/// How a cluster's contacts stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// May be invited.
    pub ready: i64,
    /// No legal ground was given yet.
    pub groundless: i64,
    pub without_mail: i64,
    /// Not informed within a month of coming in.
    pub overdue: i64,
    pub objected: i64,
}
record!(Counts {
    ready,
    groundless,
    without_mail,
    overdue,
    objected
});

pub fn counts(conn: &mut Conn, cluster: Id<Cluster>, month_ago: Instant) -> Result<Counts> {
    conn.one(COUNTS, params![month_ago, cluster])
}

/// Identifier and name of those of the organisations that are in a cluster today.
pub fn present(
    conn: &mut Conn,
    cluster: Id<Cluster>,
    organisations: &[&str],
) -> Result<HashMap<String, String>> {
    if organisations.is_empty() {
        return Ok(HashMap::new());
    }
    let mut q = Query::new(
        "SELECT m.organisation, o.name FROM memberships m JOIN organisations o \
         ON o.id = m.organisation WHERE m.state = 'active' AND m.organisation",
    );
    q.among(organisations);
    q.and("m.cluster = ", cluster.val());
    let rows: Vec<(String, String)> = q.all(conn)?;
    Ok(rows.into_iter().collect())
}

/// A person of the cluster with an account: by their own yes.
pub struct Invited {
    pub name: String,
    pub mail: String,
    pub account: Id<Account>,
    pub employer: Option<String>,
    /// By a letter, and not by whoever set the house up.
    pub was_invited: bool,
}
record!(Invited {
    name,
    mail,
    account,
    employer,
    was_invited
});

pub fn invited(conn: &mut Conn, cluster: Id<Cluster>) -> Result<Vec<Invited>> {
    conn.all(INVITED, params![cluster])
}

/// Ties a contact to the account they were invited to; false when somebody was
/// faster or they objected.
pub fn link(
    conn: &mut Conn,
    person: Id<Person>,
    account: Id<Account>,
    now: Instant,
) -> Result<bool> {
    Ok(conn.run(LINK, params![account, now, person])? == 1)
}

pub fn informed(conn: &mut Conn, person: Id<Person>, now: Instant) -> Result<bool> {
    Ok(conn.run(INFORMED, params![now, person])? == 1)
}

/// Gives ground and source to the cluster's contacts that have none.
pub fn set_ground(
    conn: &mut Conn,
    cluster: Id<Cluster>,
    ground: LegalGround,
    source: &str,
) -> Result<u64> {
    let people = conn.run(SET_GROUND, params![ground, cluster])?;
    conn.run(SET_SOURCE, params![source, ground, cluster])?;
    Ok(people)
}

/// Whoever objects: name, account, state, address.
pub fn objector(
    conn: &mut Conn,
    person: Id<Person>,
) -> Result<(String, Option<Id<Account>>, String, String)> {
    conn.one(OBJECTOR, params![person])
}

/// Whether anybody with this address has objected, whatever list they came in by.
pub fn has_objected(conn: &mut Conn, mail: &str) -> Result<bool> {
    Ok(conn.one::<(i64,)>(HAS_OBJECTED, params![mail])?.0 > 0)
}

/// Restricts a person and takes every publication back; false when it was done
/// before.
pub fn object(conn: &mut Conn, person: Id<Person>, now: Instant) -> Result<bool> {
    conn.run(WITHDRAW_ALL, params![person])?;
    Ok(conn.run(OBJECT, params![now, person])? == 1)
}
