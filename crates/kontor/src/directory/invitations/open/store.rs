//! Open invitations in the database.

use kontor_platform::db::Conn;
use kontor_platform::{Id, Instant, Result, params, record, sql};

use super::model::New;
use crate::accounts::Account;
use crate::directory::model::{Cluster, LegalGround, Organisation, Person};

sql! {
    NOTE = "INSERT INTO open_invitations (contact, account, cluster, joins, may_edit, lang, link, \
        sent_at, declined_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL) \
        ON CONFLICT (contact) DO UPDATE SET account = $2, may_edit = $5, lang = $6, link = $7, \
        sent_at = $8, declined_at = NULL";
    FIND = "SELECT v.contact, v.account, v.cluster, v.joins, v.may_edit, v.lang, v.link, \
        v.sent_at, v.declined_at, \
        p.name, p.mail, p.organisation, CASE WHEN p.import IS NULL THEN 0 ELSE 1 END AS is_listed \
        FROM open_invitations v JOIN people p ON p.id = v.contact WHERE v.contact = $1";
    OF_CLUSTER = "SELECT v.contact, v.account, v.cluster, v.joins, v.may_edit, v.lang, v.link, \
        v.sent_at, v.declined_at, \
        p.name, p.mail, p.organisation, CASE WHEN p.import IS NULL THEN 0 ELSE 1 END AS is_listed \
        FROM open_invitations v JOIN people p ON p.id = v.contact WHERE v.cluster = $1 \
        ORDER BY p.sort_key, p.mail, p.id";
    OF_ACCOUNT = "SELECT v.contact, v.account, v.cluster, v.joins, v.may_edit, v.lang, v.link, \
        v.sent_at, v.declined_at, \
        p.name, p.mail, p.organisation, CASE WHEN p.import IS NULL THEN 0 ELSE 1 END AS is_listed \
        FROM open_invitations v JOIN people p ON p.id = v.contact WHERE v.account = $1 \
        ORDER BY v.sent_at, v.contact";
    OF_MAIL = "SELECT v.contact FROM open_invitations v JOIN people p ON p.id = v.contact \
        WHERE v.cluster = $1 AND LOWER(p.mail) = $2 AND p.import IS NULL ORDER BY v.contact";
    WAITING = "SELECT v.contact, v.link, v.joins, v.may_edit, c.name AS cluster, o.name AS organisation \
        FROM open_invitations v JOIN people p ON p.id = v.contact \
        LEFT JOIN clusters c ON c.id = v.cluster LEFT JOIN organisations o ON o.id = p.organisation \
        WHERE v.account = $1 AND v.declined_at IS NULL ORDER BY v.sent_at, v.contact";
    STALE = "SELECT contact FROM open_invitations WHERE sent_at < $1 ORDER BY contact";
    DECLINE = "UPDATE open_invitations SET declined_at = $1 WHERE contact = $2 AND declined_at IS NULL";
    TAKE = "DELETE FROM open_invitations WHERE contact = $1 AND declined_at IS NULL";
    DROP = "DELETE FROM open_invitations WHERE contact = $1";
    SET_GROUND = "UPDATE people SET legal_ground = $1 WHERE id = $2";
    DROP_OF_ACCOUNT = "DELETE FROM open_invitations WHERE account = $1";
}

/// One invitation with what its cluster wrote down of the person.
#[derive(Debug, Clone)]
pub struct Open {
    pub contact: Id<Person>,
    /// The account of the address; it may have been there before.
    pub account: Id<Account>,
    /// None where the administration decided for an organisation without a cluster.
    pub cluster: Option<Id<Cluster>>,
    /// Whether they are to be one of the cluster's people.
    pub joins: bool,
    pub may_edit: bool,
    pub lang: String,
    /// Hash of the newest letter's link.
    pub link: String,
    pub sent_at: Instant,
    pub declined_at: Option<Instant>,
    pub name: String,
    pub mail: String,
    pub organisation: Option<Id<Organisation>>,
    /// A line of a list, and not what somebody typed.
    pub is_listed: bool,
}
record!(Open {
    contact,
    account,
    cluster,
    joins,
    may_edit,
    lang,
    link,
    sent_at,
    declined_at,
    name,
    mail,
    organisation,
    is_listed
});

/// What an invitation offers, for whoever is invited.
#[derive(Debug, Clone)]
pub struct Offered {
    pub contact: Id<Person>,
    pub link: String,
    pub joins: bool,
    pub may_edit: bool,
    /// Names.
    pub cluster: Option<String>,
    pub organisation: Option<String>,
}
record!(Offered {
    contact,
    link,
    joins,
    may_edit,
    cluster,
    organisation
});

/// Stores an invitation to `account` by the link with this hash; a contact has one
/// at most.
pub fn note(
    conn: &mut Conn,
    new: &New,
    account: Id<Account>,
    link: &str,
    at: Instant,
) -> Result<()> {
    conn.run(
        NOTE,
        params![
            new.contact,
            account,
            new.cluster,
            new.joins,
            new.may_edit,
            new.lang.tag(),
            link,
            at
        ],
    )
    .map(drop)
}

/// The invitation of a contact, declined or not.
pub fn of_contact(conn: &mut Conn, contact: Id<Person>) -> Result<Option<Open>> {
    conn.first(FIND, params![contact])
}

/// A cluster's invitations without an answer or with a no, by name.
pub fn of_cluster(conn: &mut Conn, cluster: Id<Cluster>) -> Result<Vec<Open>> {
    conn.all(OF_CLUSTER, params![cluster])
}

/// An account's invitations, declined ones too.
pub fn of_account(conn: &mut Conn, account: Id<Account>) -> Result<Vec<Open>> {
    conn.all(OF_ACCOUNT, params![account])
}

/// Contacts whom the cluster has invited by hand under an address in lower case.
pub fn of_mail(conn: &mut Conn, cluster: Id<Cluster>, mail: &str) -> Result<Vec<Id<Person>>> {
    let rows: Vec<(Id<Person>,)> = conn.all(OF_MAIL, params![cluster, mail])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// What waits for an account's yes.
pub fn waiting(conn: &mut Conn, account: Id<Account>) -> Result<Vec<Offered>> {
    conn.all(WAITING, params![account])
}

/// Invitations whose last letter went out before `before`.
pub fn stale(conn: &mut Conn, before: Instant) -> Result<Vec<Id<Person>>> {
    let rows: Vec<(Id<Person>,)> = conn.all(STALE, params![before])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Notes a no; false when there was an answer before.
pub fn decline(conn: &mut Conn, contact: Id<Person>, at: Instant) -> Result<bool> {
    Ok(conn.run(DECLINE, params![at, contact])? == 1)
}

/// Takes an invitation that waits for its answer; false when somebody was faster.
pub fn take(conn: &mut Conn, contact: Id<Person>) -> Result<bool> {
    Ok(conn.run(TAKE, params![contact])? == 1)
}

/// Removes an invitation, whatever was answered.
pub fn drop_one(conn: &mut Conn, contact: Id<Person>) -> Result<bool> {
    Ok(conn.run(DROP, params![contact])? == 1)
}

pub fn drop_of_account(conn: &mut Conn, account: Id<Account>) -> Result<()> {
    conn.run(DROP_OF_ACCOUNT, params![account]).map(drop)
}

/// The ground on which a typed contact is kept.
pub fn set_ground(conn: &mut Conn, contact: Id<Person>, ground: LegalGround) -> Result<()> {
    conn.run(SET_GROUND, params![ground, contact]).map(drop)
}
