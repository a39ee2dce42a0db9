//! Verbs of duplicates: merge, propose, answer, undo, keep apart.

use std::collections::HashSet;

use kontor_analysis::duplicates::Reason;
use kontor_platform::db::Conn;
use kontor_platform::{Error, Id, Result, Work};

use super::keep;
use super::model::{
    AgreementChanged, KeptApart, Merge, MergeProposed, MergeUndone, MergeWithdrawn,
    OrganisationsMerged, Proposal, Record, Way, united, way, why,
};
use super::store::{self, Pair, Proposed};
use crate::accounts::{Actor, Who};
use crate::directory::figures;
use crate::directory::former_names;
use crate::directory::import::OrganisationChanged;
use crate::directory::list;
use crate::directory::model::{Cluster, Organisation, State};
use crate::directory::policy::reach;

/// Both records of a pair, if the actor manages a cluster of one and may see
/// the other; else they do not exist here.
pub fn both(conn: &mut Conn, actor: &Actor, pair: Pair) -> Result<(Record, Record)> {
    let mut found = store::records(conn, &[pair.0, pair.1])?;
    let (Some(a), Some(b)) = (found.remove(&pair.0), found.remove(&pair.1)) else {
        return Err(Error::NotFound);
    };
    if !may_decide(actor, &a, &b) {
        return Err(Error::NotFound);
    }
    if a.state == State::Merged || b.state == State::Merged {
        return Err(Error::Refused("duplicates-refused-gone"));
    }
    Ok((a, b))
}

/// Whether the actor manages a cluster of one of the records and may see both.
pub fn may_decide(actor: &Actor, a: &Record, b: &Record) -> bool {
    let sees = |r: &Record| reach(actor).covers(r.visibility, &r.cluster_ids());
    (is_managed(actor, a) || is_managed(actor, b)) && sees(a) && sees(b)
}

/// Whether the actor manages a cluster of the record.
pub fn is_managed(actor: &Actor, record: &Record) -> bool {
    record.clusters.iter().any(|(id, _)| actor.manages(id))
}

/// Whether a record of a proposal may be named to the actor: they may see it, or
/// a management of its own has agreed to the proposal (INV-23).
pub fn is_shown(actor: &Actor, record: &Record, agreed: &HashSet<String>) -> bool {
    reach(actor).covers(record.visibility, &record.cluster_ids())
        || record.clusters.iter().any(|(id, _)| agreed.contains(id))
}

/// Identifiers of the clusters of both records.
pub fn concerned(a: &Record, b: &Record) -> Vec<String> {
    let mut ids: Vec<String> = a.cluster_ids();
    ids.extend(b.cluster_ids());
    ids.sort();
    ids.dedup();
    ids
}

/// How the actor may merge these two.
pub fn way_of(conn: &mut Conn, actor: &Actor, a: &Record, b: &Record) -> Result<Way> {
    let same_register = why(a, b).contains(&Reason::RegisterNumber);
    let agreed = store::agreed(conn)?;
    let clusters = concerned(a, b);
    Ok(way(|c| actor.manages(c), &clusters, same_register, &agreed))
}

/// Clusters of both records, the winner's first.
pub(super) fn own_first(winner: &Record, loser: &Record) -> Vec<String> {
    let mut ids = winner.cluster_ids();
    ids.extend(loser.cluster_ids());
    ids
}

/// Says for which of these clusters the actor acts: the first that they lead.
pub(super) fn acts(work: &mut Work<'_>, who: &Who, clusters: &[String]) {
    let body = clusters.iter().find(|c| who.actor.manages(c)).cloned();
    work.acts_for(body);
}

fn account(who: &Who) -> Option<String> {
    who.actor.account.map(|a| a.to_string())
}

/// Merges the loser into the winner, or proposes it; says which way it went.
pub fn merge_or_propose(work: &mut Work<'_>, who: &Who, pair: Pair) -> Result<Way> {
    if pair.0 == pair.1 {
        return Err(Error::NotFound);
    }
    let (winner, loser) = both(work, &who.actor, pair)?;
    if why(&winner, &loser).is_empty() {
        return Err(Error::Refused("duplicates-refused-unlike"));
    }
    if store::is_kept_apart(work, pair)? {
        return Err(Error::Refused("duplicates-refused-apart"));
    }
    if store::is_proposed(work, pair)? {
        return Err(Error::Refused("duplicates-refused-proposed"));
    }
    let way = way_of(work, &who.actor, &winner, &loser)?;
    acts(work, who, &own_first(&winner, &loser));
    match way {
        Way::AtOnce | Way::ByAgreement => merge(work, pair, account(who))?,
        Way::Proposal => propose(work, who, pair, &concerned(&winner, &loser))?,
    }
    Ok(way)
}

fn propose(work: &mut Work<'_>, who: &Who, pair: Pair, clusters: &[String]) -> Result<()> {
    let (id, at) = (Id::<Proposal>::new(), work.now());
    store::propose(work, id, pair, account(who), at)?;
    for cluster in clusters {
        let mine = who.actor.manages(cluster);
        let actor = account(who).filter(|_| mine);
        store::consent(work, id, cluster, mine, actor, at)?;
    }
    for (organisation, other) in [pair, (pair.1, pair.0)] {
        work.announce(&MergeProposed {
            organisation,
            other,
            proposal: id,
        });
    }
    Ok(())
}

/// Makes two records one: memberships, identifiers, people, classes and
/// remembered lines of the loser become the winner's, and its values where the
/// winner has none.
pub fn merge(work: &mut Work<'_>, pair: Pair, actor: Option<String>) -> Result<()> {
    let (winner, loser) = pair;
    let (id, at) = (Id::<Merge>::new(), work.now());
    let mut found = store::records(work, &[winner, loser])?;
    let both = found.remove(&winner).zip(found.remove(&loser));
    let (kept, gone) = both.ok_or(Error::NotFound)?;
    let mut moved = store::belongings(work, winner, loser)?;
    moved.state = gone.state.as_str().to_owned();
    moved.before = store::memberships(work, pair)?;
    moved.after = united(winner, moved.before.clone());
    store::replace_memberships(work, &moved.before, &moved.after)?;
    belong(work, pair)?;
    store::hand_over(work, &moved, loser, winner)?;
    let is_noted = former_names::note(work, winner, (&gone.name, &kept.name), at)?;
    moved.noted_name = is_noted.then_some(gone.name);
    for code in &moved.classes {
        store::add_class(work, winner, code)?;
    }
    moved.kept = keep::keep(work, winner, loser)?;
    store::set_merged(work, pair, at)?;
    store::insert_merge(work, id, pair, &moved, actor, at)?;
    figures::recount(work)?;
    work.announce(&OrganisationsMerged {
        winner,
        loser,
        merge: id,
        clusters: moved.clusters()?,
    });
    work.announce(&OrganisationChanged {
        organisation: loser,
        fields: Vec::new(),
    });
    Ok(())
}

/// Notes anew which clusters both records belong to.
fn belong(work: &mut Work<'_>, pair: Pair) -> Result<()> {
    list::belongs(work, pair.0)?;
    list::belongs(work, pair.1)
}

/// Takes a merge back; only while its memberships stand as it left them.
pub fn undo(work: &mut Work<'_>, who: &Who, id: Id<Merge>) -> Result<()> {
    let clusters = store::clusters_of_merge(work, id)?;
    if !clusters.iter().any(|c| who.actor.manages(c)) {
        return Err(Error::NotFound);
    }
    acts(work, who, &clusters);
    let at = work.now();
    let ((winner, loser), moved, undone) = store::merge(work, id)?;
    if undone || !store::set_undone(work, id, at)? {
        return Err(Error::Refused("duplicates-refused-undone"));
    }
    let now = store::memberships(work, (winner, loser))?;
    if !moved.after.iter().all(|m| now.contains(m)) {
        return Err(Error::Refused("duplicates-refused-moved-on"));
    }
    store::replace_memberships(work, &moved.after, &moved.before)?;
    belong(work, (winner, loser))?;
    if let Some(name) = &moved.noted_name {
        former_names::forget(work, winner, name)?;
    }
    store::hand_over(work, &moved, winner, loser)?;
    for code in &moved.classes {
        store::drop_class(work, winner, code)?;
    }
    keep::give_back(work, winner, loser, &moved.kept)?;
    store::set_apart(work, loser, &moved.state, at)?;
    figures::recount(work)?;
    work.announce(&MergeUndone {
        winner,
        loser,
        merge: id,
        clusters: moved.clusters()?,
    });
    for organisation in [winner, loser] {
        work.announce(&OrganisationChanged {
            organisation,
            fields: Vec::new(),
        });
    }
    Ok(())
}

/// Remembers that two records are different organisations.
pub fn keep_apart(work: &mut Work<'_>, who: &Who, pair: Pair) -> Result<()> {
    let (a, b) = both(work, &who.actor, pair)?;
    acts(work, who, &own_first(&a, &b));
    part(work, pair, account(who))
}

fn part(work: &mut Work<'_>, pair: Pair, actor: Option<String>) -> Result<()> {
    let at = work.now();
    store::keep_apart(work, pair, actor, at)?;
    for (organisation, other) in [pair, (pair.1, pair.0)] {
        work.announce(&KeptApart {
            organisation,
            other,
        });
    }
    Ok(())
}

/// What an answer to a proposal came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// Everybody agreed: the records are one.
    Merged,
    /// Other clusters are still waited for.
    Noted,
    /// The records stay apart.
    Declined,
}

/// A cluster concerned says yes or no to a proposal.
pub fn answer(work: &mut Work<'_>, who: &Who, id: Id<Proposal>, yes: bool) -> Result<Answered> {
    // One after the other: a yes beside another yes, a no, or a withdrawal.
    store::hold(work, id)?;
    let proposal = store::proposal(work, id)?;
    let pair = (proposal.winner, proposal.loser);
    let asked = store::waiting_for(work, id)?;
    let mine: Vec<&String> = asked
        .iter()
        .map(|(c, _)| c)
        .filter(|c| who.actor.manages(c))
        .collect();
    if mine.is_empty() {
        return Err(Error::NotFound);
    }
    let mine: Vec<String> = mine.into_iter().cloned().collect();
    acts(work, who, &mine);
    let at = work.now();
    let found = store::records(work, &[pair.0, pair.1])?;
    let agreed = store::agreed_to(work, id)?;
    if !found.values().all(|r| is_shown(&who.actor, r, &agreed)) {
        return Err(Error::Refused("duplicates-refused-hidden"));
    }
    is_open(&proposal)?;
    if !yes {
        store::decide(work, id, "declined", at)?;
        part(work, pair, account(who))?;
        return Ok(Answered::Declined);
    }
    for cluster in &mine {
        store::consent(work, id, cluster, true, account(who), at)?;
    }
    if !is_agreed(work, id, pair)? {
        return Ok(Answered::Noted);
    }
    store::decide(work, id, "merged", at)?;
    merge(work, pair, account(who))?;
    Ok(Answered::Merged)
}

/// Refuses what comes after the decision.
fn is_open(proposal: &Proposed) -> Result<()> {
    match (proposal.state.as_str(), proposal.withdrawn_at) {
        ("open", _) => Ok(()),
        (_, Some(_)) => Err(Error::Refused("duplicates-refused-withdrawn")),
        _ => Err(Error::Refused("duplicates-refused-decided")),
    }
}

/// The proposal, if the actor leads a cluster whose management made it; to
/// anybody else it does not exist here.
pub fn own_proposal(conn: &mut Conn, actor: &Actor, id: Id<Proposal>) -> Result<Proposed> {
    let proposal = store::proposal(conn, id)?;
    let by = store::proposed_by(conn, id)?;
    match by.iter().any(|c| actor.manages(c)) {
        true => Ok(proposal),
        false => Err(Error::NotFound),
    }
}

/// Whoever proposed takes an open proposal back. The records may be proposed again.
pub fn withdraw(work: &mut Work<'_>, who: &Who, id: Id<Proposal>) -> Result<()> {
    store::hold(work, id)?;
    let proposal = own_proposal(work, &who.actor, id)?;
    is_open(&proposal)?;
    let (by, at) = (store::proposed_by(work, id)?, work.now());
    acts(work, who, &by);
    store::decide(work, id, "declined", at)?;
    store::set_withdrawn(work, id, at)?;
    let pair = (proposal.winner, proposal.loser);
    for (organisation, other) in [pair, (pair.1, pair.0)] {
        work.announce(&MergeWithdrawn {
            organisation,
            other,
            proposal: id,
        });
    }
    Ok(())
}

/// Whether every cluster that the records belong to today has said yes; one
/// that came meanwhile is asked too.
fn is_agreed(work: &mut Work<'_>, id: Id<Proposal>, pair: Pair) -> Result<bool> {
    let found = store::records(work, &[pair.0, pair.1])?;
    let known: Option<(&Record, &Record)> = found.get(&pair.0).zip(found.get(&pair.1));
    let (a, b) = known.ok_or(Error::NotFound)?;
    if a.state == State::Merged || b.state == State::Merged {
        return Err(Error::Refused("duplicates-refused-gone"));
    }
    let agreed: HashSet<String> = store::agreed_to(work, id)?;
    let at = work.now();
    let mut all = true;
    for cluster in concerned(a, b) {
        if !agreed.contains(&cluster) {
            store::consent(work, id, &cluster, false, None, at)?;
            all = false;
        }
    }
    Ok(all)
}

/// A cluster agrees to merging equal register numbers once and for all, or
/// takes that back.
pub fn agree(work: &mut Work<'_>, who: &Who, cluster: Id<Cluster>, agrees: bool) -> Result<()> {
    let at = work.now();
    if store::set_agreed(work, cluster, agrees, account(who), at)? {
        work.acts_for(Some(cluster.to_string()));
        work.announce(&AgreementChanged { cluster, agrees });
    }
    Ok(())
}

/// The organisation's identifier in a form.
pub fn organisation(text: &str) -> Result<Id<Organisation>> {
    text.parse()
}
