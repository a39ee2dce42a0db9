//! People and publications in the database.

use std::collections::HashMap;

use kontor_platform::db::{Conn, FromRow, Param as _, Query, Row, Val};
use kontor_platform::{Day, Id, Instant, Result, params, record, sql};

use super::model::{Audience, Field};
use crate::accounts::{Account, Actor};
use crate::directory::list::store::within;
use crate::directory::model::{Cluster, Organisation, Person};
use crate::directory::policy::reach;

sql! {
    OWN = "SELECT p.id, p.name, p.function, p.mail, p.phone, o.name AS employer, \
        o.slug, p.asked_at FROM people p LEFT JOIN organisations o ON o.id = p.organisation \
        WHERE p.account = $1 AND p.state = 'active' \
        ORDER BY CASE WHEN p.asked_at IS NULL THEN 1 ELSE 0 END, p.created_at, p.id LIMIT 1";
    PUBLISHED = "SELECT field, audience FROM contact_publications WHERE person = $1";
    SAVE = "UPDATE people SET name = $1, sort_key = $2, function = $3, mail = $4, phone = $5, \
        asked_at = $6 WHERE id = $7";
    WITHDRAW = "DELETE FROM contact_publications WHERE person = $1 AND field = $2";
    ASKED = "SELECT COUNT(*) AS n FROM people WHERE account = $1 AND asked_at IS NOT NULL";
    OF_ACCOUNT = "SELECT id FROM people WHERE account = $1 \
        ORDER BY CASE WHEN asked_at IS NULL THEN 1 ELSE 0 END, created_at, id LIMIT 1";
    IS_FREE = "SELECT COUNT(*) AS n FROM people WHERE id = $1 AND account IS NULL";
    ALL_OF_ACCOUNT = "SELECT id FROM people WHERE account = $1 AND state <> 'erased' ORDER BY id";
    UNLINK = "UPDATE people SET account = NULL WHERE id = $1";
    BY_MAIL = "SELECT id FROM people WHERE LOWER(mail) = $1 AND account IS NULL \
        AND state <> 'erased' ORDER BY id";
    ADDRESS = "SELECT mail FROM people WHERE id = $1";
    ROW = "SELECT p.name, p.function, p.mail, p.phone, o.name AS employer, \
        p.employed_since, p.source, i.source AS told, p.state, p.legal_ground, p.created_at, p.informed_at, \
        p.objected_at FROM people p LEFT JOIN organisations o ON o.id = p.organisation \
        LEFT JOIN imports i ON i.id = p.import WHERE p.id = $1";
    CLUSTERS_OF = "SELECT c.name FROM person_clusters x JOIN clusters c ON c.id = x.cluster \
        WHERE x.person = $1 ORDER BY c.sort_key";
    ERASE = "UPDATE people SET name = '', sort_key = '', function = '', mail = '', phone = '', \
        organisation = NULL, employed_since = NULL, account = NULL, source = '', import = NULL, legal_ground = '', \
        asked_at = NULL, state = 'erased' WHERE id = $1";
    ERASE_PUBLICATIONS = "DELETE FROM contact_publications WHERE person = $1";
    ERASE_CLUSTERS = "DELETE FROM person_clusters WHERE person = $1";
    MARK_ASKED = "UPDATE people SET asked_at = $1 WHERE id = $2";
    LEADS = "SELECT x.person, x.cluster, p.account FROM person_clusters x \
        JOIN people p ON p.id = x.person WHERE x.leads = 1 AND p.account IS NOT NULL \
        ORDER BY x.cluster, x.person";
    LEAD_NO_LONGER = "UPDATE person_clusters SET leads = 0 WHERE person = $1 AND cluster = $2";
    JOIN_CLUSTER = "INSERT INTO person_clusters (person, cluster, leads) VALUES ($1, $2, $3) \
        ON CONFLICT (person, cluster) DO UPDATE SET leads = \
        CASE WHEN $3 = 1 THEN 1 ELSE person_clusters.leads END";
}

/// One's own record.
pub struct Own {
    pub id: Id<Person>,
    pub name: String,
    pub function: String,
    pub mail: String,
    pub phone: String,
    pub employer: Option<String>,
    pub slug: Option<String>,
    pub asked_at: Option<Instant>,
}
record!(Own {
    id,
    name,
    function,
    mail,
    phone,
    employer,
    slug,
    asked_at
});

/// The active person of an account: the one that was asked, where there are several.
pub fn own(conn: &mut Conn, account: Id<Account>) -> Result<Option<Own>> {
    conn.first(OWN, params![account])
}

/// Its identifier.
pub fn own_id(conn: &mut Conn, account: Id<Account>) -> Result<Option<Id<Person>>> {
    Ok(own(conn, account)?.map(|own| own.id))
}

/// Whether an account's person has said what may be seen of them.
pub fn is_asked(conn: &mut Conn, account: Id<Account>) -> Result<bool> {
    Ok(conn.one::<(i64,)>(ASKED, params![account])?.0 > 0)
}

/// Notes that the person has said so.
pub fn mark_asked(conn: &mut Conn, person: Id<Person>, at: Instant) -> Result<()> {
    conn.run(MARK_ASKED, params![at, person]).map(drop)
}

/// Who may see which field of one person.
pub fn published(conn: &mut Conn, person: Id<Person>) -> Result<Vec<(Field, Audience)>> {
    conn.all(PUBLISHED, params![person])
}

pub fn save(conn: &mut Conn, own: &Own, sort_key: &str, at: Instant) -> Result<()> {
    conn.run(
        SAVE,
        params![
            own.name,
            sort_key,
            own.function,
            own.mail,
            own.phone,
            at,
            own.id
        ],
    )
    .map(drop)
}

pub fn withdraw(conn: &mut Conn, person: Id<Person>, field: Field) -> Result<()> {
    conn.run(WITHDRAW, params![person, field]).map(drop)
}

pub fn join_cluster(
    conn: &mut Conn,
    person: Id<Person>,
    cluster: Id<Cluster>,
    leads: bool,
) -> Result<()> {
    conn.run(JOIN_CLUSTER, params![person, cluster, leads])
        .map(drop)
}

/// Somebody with an account who is shown as leading a cluster.
pub struct Lead {
    pub person: Id<Person>,
    pub cluster: Id<Cluster>,
    pub account: Id<Account>,
}
record!(Lead {
    person,
    cluster,
    account
});

pub fn leads(conn: &mut Conn) -> Result<Vec<Lead>> {
    conn.all(LEADS, params![])
}

/// A person is no longer shown as leading a cluster.
pub fn lead_no_longer(conn: &mut Conn, person: Id<Person>, cluster: Id<Cluster>) -> Result<()> {
    conn.run(LEAD_NO_LONGER, params![person, cluster]).map(drop)
}

/// What the asker may see of a person; the name at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    pub id: Id<Person>,
    pub name: String,
    pub function: String,
    pub mail: String,
    pub phone: String,
    /// Address and name of the organisation.
    pub employer: Option<(String, String)>,
    pub sort_key: String,
}

/// A person's row before it is known who may see what.
struct Found {
    contact: Contact,
    shares: bool,
    /// Audiences of function, mail and telephone.
    audiences: [Option<Audience>; 3],
}

impl FromRow for Found {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let slug: Option<String> = row.get(6)?;
        let employer: Option<String> = row.get(7)?;
        Ok(Found {
            contact: Contact {
                id: row.get(0)?,
                name: row.get(1)?,
                function: row.get(2)?,
                mail: row.get(3)?,
                phone: row.get(4)?,
                sort_key: row.get(5)?,
                employer: slug.zip(employer),
            },
            audiences: [row.get(8)?, row.get(9)?, row.get(10)?],
            shares: row.get(11)?,
        })
    }
}

/// Begins a query for people whose name the asker may see; the last condition
/// stays open for more.
fn visible(actor: &Actor, more_from: &str) -> Query<'static> {
    let mut q = Query::new(
        "SELECT p.id, p.name, p.function, p.mail, p.phone, p.sort_key, o.slug, o.name, \
         nf.audience, nm.audience, np.audience, CASE WHEN ",
    );
    shares(&mut q, actor);
    q.push(&format!(
        " THEN 1 ELSE 0 END AS shares, p.account FROM people p \
         JOIN contact_publications n ON n.person = p.id AND n.field = 'name' {more_from} \
         LEFT JOIN contact_publications nf ON nf.person = p.id AND nf.field = 'function' \
         LEFT JOIN contact_publications nm ON nm.person = p.id AND nm.field = 'mail' \
         LEFT JOIN contact_publications np ON np.person = p.id AND np.field = 'phone' \
         LEFT JOIN organisations o ON o.id = p.organisation AND o.state <> 'merged'"
    ));
    // Whoever may see a person does not learn by that of a hidden employer.
    within(&mut q, &reach(actor));
    q.push(" WHERE p.state = 'active' AND (n.audience = 'public'");
    if actor.takes_part() {
        q.push(" OR n.audience = 'all_clusters' OR (n.audience = 'clusters' AND ");
        shares(&mut q, actor);
        q.push(")");
    }
    q.push(")");
    q
}

/// Adds: the person belongs to one of the asker's clusters.
fn shares(q: &mut Query<'static>, actor: &Actor) {
    let mine: Vec<String> = actor.clusters().into_iter().map(str::to_owned).collect();
    if mine.is_empty() {
        q.push("1 = 0");
        return;
    }
    q.push(
        "(EXISTS (SELECT 1 FROM memberships m WHERE m.organisation = p.organisation \
         AND m.state = 'active' AND m.cluster",
    );
    q.among(&mine);
    q.push(") OR EXISTS (SELECT 1 FROM person_clusters c WHERE c.person = p.id AND c.cluster");
    q.among(&mine);
    q.push("))");
}

/// Empties the fields that the asker may not see.
fn seen(conn: &mut Conn, actor: &Actor, q: &Query<'_>) -> Result<Vec<Contact>> {
    let contact = |f: Found| {
        let keep = |audience: Option<Audience>, text: String| match audience {
            Some(a) if a.includes(actor.takes_part(), f.shares) => text,
            _ => String::new(),
        };
        let [function, mail, phone] = f.audiences;
        Contact {
            function: keep(function, f.contact.function),
            mail: keep(mail, f.contact.mail),
            phone: keep(phone, f.contact.phone),
            ..f.contact
        }
    };
    Ok(q.all::<Found>(conn)?.into_iter().map(contact).collect())
}

/// One page of people by name, after a sort key and identifier, whose name
/// begins with `start` (folded).
pub fn list(
    conn: &mut Conn,
    actor: &Actor,
    start: &str,
    after: Option<(&str, &str)>,
    limit: i64,
) -> Result<Vec<Contact>> {
    let mut q = visible(actor, "");
    if !start.is_empty() {
        let needle = format!("%{}%", start.replace(['%', '_'], ""));
        q.and("p.sort_key LIKE ", Val::Text(needle.into()));
    }
    if let Some((key, id)) = after {
        q.and("(p.sort_key, p.id) > (", Val::Text(key.to_owned().into()));
        q.bind(", ", Val::Text(id.to_owned().into()));
        q.push(")");
    }
    q.bind(" ORDER BY p.sort_key, p.id LIMIT ", Val::Int(limit));
    seen(conn, actor, &q)
}

/// People of an organisation, as far as the asker may see them.
pub fn of_organisation(
    conn: &mut Conn,
    actor: &Actor,
    organisation: Id<Organisation>,
) -> Result<Vec<Contact>> {
    let mut q = visible(actor, "");
    let id = organisation.to_string();
    q.and("p.organisation = ", id.val());
    q.push(" ORDER BY p.sort_key, p.id LIMIT 50");
    seen(conn, actor, &q)
}

/// Names that the asker may see of these people, given by the identifiers of
/// person or account.
pub fn named(conn: &mut Conn, actor: &Actor, ids: &[String]) -> Result<HashMap<String, String>> {
    struct Names(String, String, Option<String>);
    impl FromRow for Names {
        fn from_row(row: &Row<'_>) -> Result<Self> {
            Ok(Names(row.get(0)?, row.get(1)?, row.get(12)?))
        }
    }
    let mut q = visible(actor, "");
    for column in [" AND (p.id", " OR p.account"] {
        q.push(column);
        q.among(ids);
    }
    q.push(")");
    let mut names = HashMap::new();
    for Names(person, name, account) in q.all::<Names>(conn)? {
        names.extend(account.map(|id| (id, name.clone())));
        names.insert(person, name);
    }
    Ok(names)
}

/// People who lead a cluster, as far as the asker may see them.
pub fn leading(conn: &mut Conn, actor: &Actor, cluster: Id<Cluster>) -> Result<Vec<Contact>> {
    let mut q = visible(
        actor,
        "JOIN person_clusters l ON l.person = p.id AND l.leads = 1",
    );
    let id = cluster.to_string();
    q.and("l.cluster = ", id.val());
    q.push(" ORDER BY p.sort_key, p.id LIMIT 20");
    seen(conn, actor, &q)
}

/// The person of an account, whatever their state.
pub fn of_account(conn: &mut Conn, account: Id<Account>) -> Result<Option<Id<Person>>> {
    Ok(conn
        .first::<(Id<Person>,)>(OF_ACCOUNT, params![account])?
        .map(|(id,)| id))
}

/// Everybody who is tied to an account: its person, and contacts of lists by which
/// it was invited.
pub fn all_of_account(conn: &mut Conn, account: Id<Account>) -> Result<Vec<Id<Person>>> {
    let rows: Vec<(Id<Person>,)> = conn.all(ALL_OF_ACCOUNT, params![account])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Whether a person has no account.
pub fn is_free(conn: &mut Conn, person: Id<Person>) -> Result<bool> {
    Ok(conn.one::<(i64,)>(IS_FREE, params![person])?.0 > 0)
}

/// The person stays, without the account.
pub fn unlink(conn: &mut Conn, person: Id<Person>) -> Result<()> {
    conn.run(UNLINK, params![person]).map(drop)
}

/// People with this mail address and without an account. Who has one is known by
/// its address: anything can be typed into a profile.
pub fn by_mail(conn: &mut Conn, address: &str) -> Result<Vec<Id<Person>>> {
    let rows: Vec<(Id<Person>,)> = conn.all(BY_MAIL, params![address])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The mail address of a person, if they are there.
pub fn address(conn: &mut Conn, person: Id<Person>) -> Result<Option<String>> {
    Ok(conn
        .first::<(String,)>(ADDRESS, params![person])?
        .map(|(mail,)| mail))
}

/// A person's whole row, for an access export.
pub struct Whole {
    pub name: String,
    pub function: String,
    pub mail: String,
    pub phone: String,
    pub employer: Option<String>,
    pub employed_since: Option<Day>,
    pub source: String,
    /// Where the data of their list came from, as its cluster says.
    pub told: Option<String>,
    pub state: String,
    pub legal_ground: String,
    pub created_at: Instant,
    pub informed_at: Option<Instant>,
    pub objected_at: Option<Instant>,
}
record!(Whole {
    name,
    function,
    mail,
    phone,
    employer,
    employed_since,
    source,
    told,
    state,
    legal_ground,
    created_at,
    informed_at,
    objected_at
});

pub fn whole(conn: &mut Conn, person: Id<Person>) -> Result<Whole> {
    conn.one(ROW, params![person])
}

/// Names of the clusters that a person belongs to without an organisation.
pub fn clusters_of(conn: &mut Conn, person: Id<Person>) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn.all(CLUSTERS_OF, params![person])?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// Empties a person's row and deletes what hangs on it.
pub fn erase(conn: &mut Conn, person: Id<Person>) -> Result<()> {
    conn.run(ERASE_PUBLICATIONS, params![person])?;
    conn.run(ERASE_CLUSTERS, params![person])?;
    conn.run(ERASE, params![person]).map(drop)
}
