//! The tables of duplicates, and what a merge moves.

use std::collections::{HashMap, HashSet};

use kontor_analysis::names::{name_key, stated_former};
use kontor_platform::db::{Conn, FromRow, Query, Row};
use kontor_platform::{Id, Instant, Result, params, record, sql};

use super::model::{Membership, Merge, Moved, Proposal, Record};
use crate::accounts::Actor;
use crate::directory::employments;
use crate::directory::former_names;
use crate::directory::model::{Cluster, Organisation};

sql! {
    KEEP_APART = "INSERT INTO kept_apart (first, second, actor, at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (first, second) DO NOTHING";
    KEPT_APART = "SELECT COUNT(*) AS n FROM kept_apart WHERE first = $1 AND second = $2";
    AGREED = "SELECT cluster FROM merge_agreements";
    AGREE = "INSERT INTO merge_agreements (cluster, actor, at) VALUES ($1, $2, $3) ON CONFLICT (cluster) DO NOTHING";
    DISAGREE = "DELETE FROM merge_agreements WHERE cluster = $1";
    MEMBERSHIPS = "SELECT id, organisation, cluster, kind, state, since, until, created_at \
        FROM memberships WHERE organisation IN ($1, $2) ORDER BY id";
    DELETE_MEMBERSHIP = "DELETE FROM memberships WHERE id = $1";
    INSERT_MEMBERSHIP = "INSERT INTO memberships (id, organisation, cluster, kind, state, since, until, \
        created_at, sort_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, \
        (SELECT o.sort_key FROM organisations o WHERE o.id = $2))";
    EXTERNALS = "SELECT scheme, value FROM external_ids WHERE organisation = $1 ORDER BY scheme, value";
    MOVE_EXTERNAL = "UPDATE external_ids SET organisation = $1 WHERE scheme = $2 AND value = $3 AND organisation = $4";
    NEW_CLASSES = "SELECT code FROM organisation_classes WHERE organisation = $1 AND code NOT IN \
        (SELECT code FROM organisation_classes WHERE organisation = $2) ORDER BY code";
    ADD_CLASS = "INSERT INTO organisation_classes (organisation, code) VALUES ($1, $2)";
    DROP_CLASS = "DELETE FROM organisation_classes WHERE organisation = $1 AND code = $2";
    PEOPLE = "SELECT id FROM people WHERE organisation = $1 ORDER BY id";
    MOVE_PERSON = "UPDATE people SET organisation = $1 WHERE id = $2 AND organisation = $3";
    KEYS = "SELECT cluster, row_key, import FROM row_keys WHERE organisation = $1 ORDER BY cluster, row_key, import";
    MOVE_KEY = "UPDATE row_keys SET organisation = $1 WHERE cluster = $2 AND row_key = $3 AND import = $4 AND organisation = $5";
    SET_MERGED = "UPDATE organisations SET state = 'merged', merged_into = $1, updated_at = $2, \
        version = version + 1 WHERE id = $3";
    SET_APART = "UPDATE organisations SET state = $1, merged_into = NULL, updated_at = $2, \
        version = version + 1 WHERE id = $3";
    INSERT_MERGE = "INSERT INTO merges (id, winner, loser, moved, actor, at) VALUES ($1, $2, $3, $4, $5, $6)";
    MERGE_CLUSTER = "INSERT INTO merge_clusters (merge, cluster) VALUES ($1, $2)";
    MERGE = "SELECT winner, loser, moved, undone_at FROM merges WHERE id = $1";
    CLUSTERS_OF_MERGE = "SELECT cluster FROM merge_clusters WHERE merge = $1";
    SET_UNDONE = "UPDATE merges SET undone_at = $1 WHERE id = $2 AND undone_at IS NULL";
    DONE = "SELECT DISTINCT g.id, w.name AS winner, w.slug, l.name AS loser, g.at FROM merges g \
        JOIN merge_clusters c ON c.merge = g.id JOIN organisations w ON w.id = g.winner \
        JOIN organisations l ON l.id = g.loser WHERE c.cluster = $1 AND g.undone_at IS NULL \
        ORDER BY g.at DESC, g.id LIMIT 20";
    PROPOSE = "INSERT INTO merge_proposals (id, winner, loser, state, actor, created_at) \
        VALUES ($1, $2, $3, 'open', $4, $5)";
    CONSENT = "INSERT INTO merge_consents (proposal, cluster, agreed, actor, at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (proposal, cluster) DO UPDATE SET agreed = $3, actor = $4, at = $5";
    AGREED_TO = "SELECT cluster FROM merge_consents WHERE proposal = $1 AND agreed = 1";
    PROPOSAL = "SELECT id, winner, loser, state, created_at, withdrawn_at FROM merge_proposals WHERE id = $1";
    OPEN = "SELECT q.id, q.winner, q.loser, q.state, q.created_at, q.withdrawn_at FROM merge_proposals q JOIN merge_consents c \
        ON c.proposal = q.id WHERE q.state = 'open' AND c.cluster = $1 ORDER BY q.created_at, q.id LIMIT 50";
    OPEN_OF_PAIR = "SELECT COUNT(*) AS n FROM merge_proposals WHERE state = 'open' AND winner IN ($1, $2) AND loser IN ($1, $2)";
    ASKED = "SELECT cluster FROM merge_consents WHERE proposal = $1";
    WAITING_FOR = "SELECT k.id, k.name FROM merge_consents c JOIN clusters k ON k.id = c.cluster \
        WHERE c.proposal = $1 AND c.agreed = 0 ORDER BY k.sort_key";
    /// Whoever decides on a proposal waits here for whoever does it already.
    HOLD = "UPDATE merge_proposals SET state = state WHERE id = $1";
    /// Those who said yes by proposing: at the same moment, by the same hand.
    PROPOSED_BY = "SELECT c.cluster FROM merge_consents c JOIN merge_proposals q ON q.id = c.proposal \
        WHERE q.id = $1 AND c.agreed = 1 AND c.at = q.created_at AND COALESCE(c.actor, '') = COALESCE(q.actor, '')";
    SET_WITHDRAWN = "UPDATE merge_proposals SET withdrawn_at = $1 WHERE id = $2";
    DECIDE = "UPDATE merge_proposals SET state = $1, decided_at = $2 WHERE id = $3 AND state = 'open'";
    WAITING = "SELECT COUNT(*) AS n FROM merge_consents c JOIN merge_proposals q ON q.id = c.proposal \
        WHERE c.cluster = $1 AND c.agreed = 0 AND q.state = 'open'";
    DUE = "SELECT id, winner, loser FROM merge_proposals WHERE state = 'open' \
        AND reminded_at IS NULL AND created_at <= $1 ORDER BY created_at, id LIMIT 100";
    SET_REMINDED = "UPDATE merge_proposals SET reminded_at = $1 WHERE id = $2 AND reminded_at IS NULL AND state = 'open'";
    SUCCESSOR = "SELECT o.slug FROM organisations l JOIN organisations o ON o.id = l.merged_into WHERE l.slug = $1 AND l.state = 'merged'";
}

impl FromRow for Record {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Record {
            id: row.get(0)?,
            slug: row.get(1)?,
            name: row.get(2)?,
            website: row.get(3)?,
            mail_host: row.get(4)?,
            register_number: row.get(5)?,
            street: row.get(6)?,
            postcode: row.get(7)?,
            city: row.get(8)?,
            visibility: row.get(9)?,
            state: row.get(10)?,
            former_names: Vec::new(),
            clusters: Vec::new(),
        })
    }
}
record!(Membership {
    id,
    organisation,
    cluster,
    kind,
    state,
    since,
    until,
    created_at
});

/// A pair of records by their identifiers.
pub type Pair = (Id<Organisation>, Id<Organisation>);

/// Records with their clusters and former names, in three statements.
pub fn records(
    conn: &mut Conn,
    ids: &[Id<Organisation>],
) -> Result<HashMap<Id<Organisation>, Record>> {
    let mut q = Query::new(
        "SELECT id, slug, name, website, mail_host, register_number, street, postcode, city, \
         visibility, state FROM organisations WHERE id",
    );
    q.among(ids);
    let found: Vec<Record> = q.all(conn)?;
    let mut records: HashMap<_, _> = found.into_iter().map(|r| (r.id, r)).collect();
    for (id, names) in former_names::of(conn, ids)? {
        if let Some(record) = records.get_mut(&id) {
            record.former_names = names;
        }
    }
    for record in records.values_mut() {
        let stated = stated_former(&record.name).map(name_key);
        record.former_names.extend(stated);
    }
    let mut q = Query::new(
        "SELECT DISTINCT m.organisation, c.id, c.name, c.sort_key FROM memberships m \
         JOIN clusters c ON c.id = m.cluster WHERE m.state = 'active' AND m.organisation",
    );
    q.among(ids);
    q.push(" ORDER BY c.sort_key");
    for (organisation, id, name, _) in q.all::<(Id<Organisation>, String, String, String)>(conn)? {
        if let Some(record) = records.get_mut(&organisation) {
            record.clusters.push((id, name));
        }
    }
    Ok(records)
}

pub fn ordered(a: Id<Organisation>, b: Id<Organisation>) -> (String, String) {
    let (a, b) = (a.to_string(), b.to_string());
    if a < b { (a, b) } else { (b, a) }
}

pub fn keep_apart(conn: &mut Conn, pair: Pair, actor: Option<String>, at: Instant) -> Result<()> {
    let (first, second) = ordered(pair.0, pair.1);
    conn.run(KEEP_APART, params![first, second, actor, at])
        .map(drop)
}

/// Whether somebody said that the two are different.
pub fn is_kept_apart(conn: &mut Conn, pair: Pair) -> Result<bool> {
    let (first, second) = ordered(pair.0, pair.1);
    Ok(conn.one::<(i64,)>(KEPT_APART, params![first, second])?.0 > 0)
}

fn column(conn: &mut Conn, sql: &str, id: &str) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn.all(sql, params![id])?;
    Ok(rows.into_iter().map(|(value,)| value).collect())
}

/// Clusters that have agreed to merging equal register numbers.
pub fn agreed(conn: &mut Conn) -> Result<HashSet<String>> {
    let rows: Vec<(String,)> = conn.all(AGREED, params![])?;
    Ok(rows.into_iter().map(|(cluster,)| cluster).collect())
}

/// Notes whether a cluster agrees to them; false when it stood so already.
pub fn set_agreed(
    conn: &mut Conn,
    cluster: Id<Cluster>,
    agrees: bool,
    actor: Option<String>,
    at: Instant,
) -> Result<bool> {
    let changed = if agrees {
        conn.run(AGREE, params![cluster, actor, at])?
    } else {
        conn.run(DISAGREE, params![cluster])?
    };
    Ok(changed == 1)
}

/// Every membership of both records, whatever its state.
pub fn memberships(conn: &mut Conn, pair: Pair) -> Result<Vec<Membership>> {
    conn.all(MEMBERSHIPS, params![pair.0, pair.1])
}

/// Puts rows in the place of others.
pub fn replace_memberships(conn: &mut Conn, old: &[Membership], new: &[Membership]) -> Result<()> {
    for m in old {
        conn.run(DELETE_MEMBERSHIP, params![m.id])?;
    }
    for m in new {
        conn.run(
            INSERT_MEMBERSHIP,
            params![
                m.id,
                m.organisation,
                m.cluster,
                m.kind,
                m.state,
                m.since,
                m.until,
                m.created_at
            ],
        )?;
    }
    Ok(())
}

/// What of the loser goes to the winner, memberships aside.
pub fn belongings(
    conn: &mut Conn,
    winner: Id<Organisation>,
    loser: Id<Organisation>,
) -> Result<Moved> {
    let classes: Vec<(String,)> = conn.all(NEW_CLASSES, params![loser, winner])?;
    let (former, asked) = employments::belonging(conn, loser)?;
    Ok(Moved {
        external: conn.all(EXTERNALS, params![loser])?,
        classes: classes.into_iter().map(|(code,)| code).collect(),
        people: column(conn, PEOPLE, &loser.to_string())?,
        former,
        asked,
        former_names: former_names::keys(conn, loser, winner)?,
        keys: conn.all(KEYS, params![loser])?,
        ..Moved::default()
    })
}

/// Moves identifiers, people and remembered lines from one record to another.
pub fn hand_over(
    conn: &mut Conn,
    moved: &Moved,
    from: Id<Organisation>,
    to: Id<Organisation>,
) -> Result<()> {
    for (scheme, value) in &moved.external {
        conn.run(MOVE_EXTERNAL, params![to, scheme, value, from])?;
    }
    for person in &moved.people {
        conn.run(MOVE_PERSON, params![to, person, from])?;
    }
    for (cluster, key, import) in &moved.keys {
        conn.run(MOVE_KEY, params![to, cluster, key, import, from])?;
    }
    former_names::hand_over(conn, &moved.former_names, from, to)?;
    employments::hand_over(conn, &moved.former, &moved.asked, from, to)
}

pub fn add_class(conn: &mut Conn, organisation: Id<Organisation>, code: &str) -> Result<()> {
    conn.run(ADD_CLASS, params![organisation, code]).map(drop)
}

pub fn drop_class(conn: &mut Conn, organisation: Id<Organisation>, code: &str) -> Result<()> {
    conn.run(DROP_CLASS, params![organisation, code]).map(drop)
}

pub fn set_merged(conn: &mut Conn, pair: Pair, at: Instant) -> Result<()> {
    conn.run(SET_MERGED, params![pair.0, at, pair.1]).map(drop)
}

pub fn set_apart(conn: &mut Conn, loser: Id<Organisation>, state: &str, at: Instant) -> Result<()> {
    conn.run(SET_APART, params![state, at, loser]).map(drop)
}

pub fn insert_merge(
    conn: &mut Conn,
    id: Id<Merge>,
    pair: Pair,
    moved: &Moved,
    actor: Option<String>,
    at: Instant,
) -> Result<()> {
    let json = serde_json::to_string(moved)?;
    conn.run(INSERT_MERGE, params![id, pair.0, pair.1, json, actor, at])?;
    for cluster in moved.clusters()? {
        conn.run(MERGE_CLUSTER, params![id, cluster])?;
    }
    Ok(())
}

/// A merge: winner and loser, what it moved, whether it was undone.
pub fn merge(conn: &mut Conn, id: Id<Merge>) -> Result<(Pair, Moved, bool)> {
    let (winner, loser, json, undone): (_, _, String, Option<Instant>) =
        conn.one(MERGE, params![id])?;
    Ok((
        (winner, loser),
        serde_json::from_str(&json)?,
        undone.is_some(),
    ))
}

/// Clusters whose records a merge touched.
pub fn clusters_of_merge(conn: &mut Conn, id: Id<Merge>) -> Result<Vec<String>> {
    column(conn, CLUSTERS_OF_MERGE, &id.to_string())
}

pub fn set_undone(conn: &mut Conn, id: Id<Merge>, at: Instant) -> Result<bool> {
    Ok(conn.run(SET_UNDONE, params![at, id])? == 1)
}

/// A merge as the page lists it.
#[derive(Debug, Clone)]
pub struct Done {
    pub id: Id<Merge>,
    pub winner: String,
    pub slug: String,
    pub loser: String,
    pub at: Instant,
}
record!(Done {
    id,
    winner,
    slug,
    loser,
    at
});

/// Merges of a cluster that can be undone, the newest first.
pub fn done(conn: &mut Conn, cluster: &str) -> Result<Vec<Done>> {
    conn.all(DONE, params![cluster])
}

pub fn propose(
    conn: &mut Conn,
    id: Id<Proposal>,
    pair: Pair,
    actor: Option<String>,
    at: Instant,
) -> Result<()> {
    conn.run(PROPOSE, params![id, pair.0, pair.1, actor, at])
        .map(drop)
}

/// Notes a cluster's yes, or that it is waited for.
pub fn consent(
    conn: &mut Conn,
    proposal: Id<Proposal>,
    cluster: &str,
    agreed: bool,
    actor: Option<String>,
    at: Instant,
) -> Result<()> {
    conn.run(CONSENT, params![proposal, cluster, agreed, actor, at])
        .map(drop)
}

/// Clusters that said yes to a proposal.
pub fn agreed_to(conn: &mut Conn, proposal: Id<Proposal>) -> Result<HashSet<String>> {
    Ok(column(conn, AGREED_TO, &proposal.to_string())?
        .into_iter()
        .collect())
}

/// A proposal as stored.
#[derive(Debug, Clone)]
pub struct Proposed {
    pub id: Id<Proposal>,
    pub winner: Id<Organisation>,
    pub loser: Id<Organisation>,
    pub state: String,
    pub created_at: Instant,
    pub withdrawn_at: Option<Instant>,
}
record!(Proposed {
    id,
    winner,
    loser,
    state,
    created_at,
    withdrawn_at
});

/// Keeps others from deciding on a proposal until this command has ended.
pub fn hold(conn: &mut Conn, id: Id<Proposal>) -> Result<()> {
    conn.run(HOLD, params![id]).map(drop)
}

/// Clusters whose management made a proposal.
pub fn proposed_by(conn: &mut Conn, id: Id<Proposal>) -> Result<Vec<String>> {
    column(conn, PROPOSED_BY, &id.to_string())
}

/// Notes that a decided proposal was withdrawn.
pub fn set_withdrawn(conn: &mut Conn, id: Id<Proposal>, at: Instant) -> Result<()> {
    conn.run(SET_WITHDRAWN, params![at, id]).map(drop)
}

pub fn proposal(conn: &mut Conn, id: Id<Proposal>) -> Result<Proposed> {
    conn.one(PROPOSAL, params![id])
}

/// Open proposals that concern a cluster.
pub fn open(conn: &mut Conn, cluster: &str) -> Result<Vec<Proposed>> {
    conn.all(OPEN, params![cluster])
}

pub fn is_proposed(conn: &mut Conn, pair: Pair) -> Result<bool> {
    Ok(conn.one::<(i64,)>(OPEN_OF_PAIR, params![pair.0, pair.1])?.0 > 0)
}

/// Every cluster that a proposal concerns, whatever it said.
pub fn asked(conn: &mut Conn, proposal: Id<Proposal>) -> Result<Vec<String>> {
    column(conn, ASKED, &proposal.to_string())
}

/// Identifier and name of the clusters whose yes is missing.
pub fn waiting_for(conn: &mut Conn, proposal: Id<Proposal>) -> Result<Vec<(String, String)>> {
    conn.all(WAITING_FOR, params![proposal])
}

/// Closes an open proposal; false when somebody was faster.
pub fn decide(conn: &mut Conn, id: Id<Proposal>, state: &str, at: Instant) -> Result<bool> {
    Ok(conn.run(DECIDE, params![state, at, id])? == 1)
}

/// How many proposals wait for the yes of clusters that the actor manages.
pub fn count_waiting(conn: &mut Conn, actor: &Actor) -> Result<i64> {
    let mut sum = 0;
    for cluster in actor.clusters() {
        if actor.manages(cluster) {
            sum += conn.one::<(i64,)>(WAITING, params![cluster])?.0;
        }
    }
    Ok(sum)
}

/// A proposal that nobody has answered, with winner and loser.
pub type Due = (Id<Proposal>, Id<Organisation>, Id<Organisation>);

/// Open proposals made until then of which nobody was reminded.
pub fn due(conn: &mut Conn, until: Instant) -> Result<Vec<Due>> {
    conn.all(DUE, params![until])
}

pub fn set_reminded(conn: &mut Conn, id: Id<Proposal>, at: Instant) -> Result<bool> {
    Ok(conn.run(SET_REMINDED, params![at, id])? == 1)
}

/// The address of the record that this one was merged into.
pub fn successor(conn: &mut Conn, slug: &str) -> Result<Option<String>> {
    Ok(conn
        .first::<(String,)>(SUCCESSOR, params![slug])?
        .map(|(to,)| to))
}
