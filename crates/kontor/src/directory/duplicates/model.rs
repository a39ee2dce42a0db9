//! Nouns of merging and their pure rules.

use std::collections::HashSet;

use kontor_analysis::duplicates::{Features, Reason, reasons};
use kontor_platform::{Id, Result, fact};
use serde::{Deserialize, Serialize};

use super::keep::Kept;
use crate::directory::model::{Cluster, Organisation, State, Visibility};

/// A proposal to merge two records.
#[derive(Debug)]
pub struct Proposal;
/// Two records that became one.
#[derive(Debug)]
pub struct Merge;

fact!(
    /// Two records became one; the loser leads to the winner. The clusters are those
    /// whose records it touched, so that it stands in their histories as well.
    OrganisationsMerged, "directory.organisations_merged", winner: Id<Organisation>, loser: Id<Organisation>, merge: Id<Merge>, #[serde(default)] clusters: Vec<Id<Cluster>>);
fact!(
    /// A merge was taken back.
    MergeUndone, "directory.merge_undone", winner: Id<Organisation>, loser: Id<Organisation>, merge: Id<Merge>, #[serde(default)] clusters: Vec<Id<Cluster>>);
fact!(
    /// Somebody said that two records are different organisations.
    KeptApart, "directory.kept_apart", organisation: Id<Organisation>, other: Id<Organisation>);
fact!(
    /// A merge waits for the yes of other clusters.
    MergeProposed, "directory.merge_proposed", organisation: Id<Organisation>, other: Id<Organisation>, proposal: Id<Proposal>);
fact!(
    /// Whoever proposed a merge took the proposal back.
    MergeWithdrawn, "directory.merge_withdrawn", organisation: Id<Organisation>, other: Id<Organisation>, proposal: Id<Proposal>);

fact!(
    /// A cluster agreed to merging equal register numbers, or no longer does.
    AgreementChanged, "directory.merge_agreement_changed", cluster: Id<Cluster>, agrees: bool);

/// A record as duplicates are judged by.
#[derive(Debug, Clone)]
pub struct Record {
    pub id: Id<Organisation>,
    pub slug: String,
    pub name: String,
    pub website: String,
    pub mail_host: String,
    pub register_number: String,
    pub street: String,
    pub postcode: String,
    pub city: String,
    /// Former names as they compare.
    pub former_names: Vec<String>,
    pub visibility: Visibility,
    pub state: State,
    /// Identifier and name of the clusters it is a member of.
    pub clusters: Vec<(String, String)>,
}

impl Record {
    fn features(&self) -> Features<'_> {
        Features {
            name: &self.name,
            website: &self.website,
            mail_host: &self.mail_host,
            register_number: &self.register_number,
            street: &self.street,
            postcode: &self.postcode,
            city: &self.city,
            former_names: &self.former_names,
        }
    }

    /// Identifiers of its clusters.
    pub fn cluster_ids(&self) -> Vec<String> {
        self.clusters.iter().map(|(id, _)| id.clone()).collect()
    }
}

/// What speaks for two records being the same.
pub fn why(a: &Record, b: &Record) -> Vec<Reason> {
    reasons(&a.features(), &b.features())
}

/// Key of a reason's sentence.
pub fn reason_key(reason: Reason) -> &'static str {
    match reason {
        Reason::RegisterNumber => "duplicates-reason-register",
        Reason::Name => "duplicates-reason-name",
        Reason::FormerName => "duplicates-reason-former-name",
        Reason::WebHost => "duplicates-reason-web",
        Reason::MailHost => "duplicates-reason-mail",
        Reason::SimilarName => "duplicates-reason-similar",
        Reason::Address => "duplicates-reason-address",
    }
}

/// How two records may become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The actor manages every cluster of both.
    AtOnce,
    /// Equal register numbers, and every cluster has agreed to that once.
    ByAgreement,
    /// The other clusters' yes is needed.
    Proposal,
}

/// The way for these clusters of both records.
pub fn way(
    manages: impl Fn(&str) -> bool,
    clusters: &[String],
    same_register: bool,
    agreed: &HashSet<String>,
) -> Way {
    if clusters.iter().all(|c| manages(c)) {
        Way::AtOnce
    } else if same_register && clusters.iter().all(|c| agreed.contains(c)) {
        Way::ByAgreement
    } else {
        Way::Proposal
    }
}

/// A membership as its row stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    pub id: String,
    pub organisation: String,
    pub cluster: String,
    pub kind: String,
    pub state: String,
    /// `YYYY-MM-DD`; the period is [since, until).
    pub since: String,
    pub until: Option<String>,
    pub created_at: i64,
}

impl Membership {
    /// Whether its period was ever one of membership.
    fn counts(&self) -> bool {
        !matches!(self.state.as_str(), "applied" | "rejected")
    }

    fn rank(&self) -> usize {
        let order = ["active", "suspended", "applied", "ended", "rejected"];
        order
            .iter()
            .position(|s| *s == self.state)
            .unwrap_or(order.len())
    }

    fn overlaps(&self, later: &Membership) -> bool {
        self.until.as_ref().is_none_or(|until| later.since < *until)
    }

    fn absorb(&mut self, other: Membership) {
        if other.counts() && self.counts() {
            self.until = match (self.until.take(), other.until.clone()) {
                (Some(a), Some(b)) => Some(a.max(b)),
                _ => None,
            };
        } else if other.counts() {
            (self.since, self.until) = (other.since.clone(), other.until.clone());
        }
        if other.rank() < self.rank() {
            self.state = other.state;
        }
    }
}

/// The memberships of both as the winner's: none is lost, overlapping ones of
/// one kind in one cluster become one.
pub fn united(winner: Id<Organisation>, mut all: Vec<Membership>) -> Vec<Membership> {
    all.sort_by(|a, b| {
        let key = |m: &Membership| {
            (
                m.cluster.clone(),
                m.kind.clone(),
                m.since.clone(),
                m.id.clone(),
            )
        };
        key(a).cmp(&key(b))
    });
    let mut united: Vec<Membership> = Vec::new();
    for mut membership in all {
        membership.organisation = winner.to_string();
        match united.last_mut() {
            Some(last)
                if last.cluster == membership.cluster
                    && last.kind == membership.kind
                    && last.overlaps(&membership) =>
            {
                last.absorb(membership);
            }
            _ => united.push(membership),
        }
    }
    united
}

/// What a merge moved: what undoing it needs. Identifiers and values.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Moved {
    /// The loser's state before.
    pub state: String,
    pub before: Vec<Membership>,
    pub after: Vec<Membership>,
    /// Scheme and value.
    pub external: Vec<(String, String)>,
    /// Classes that the winner did not have.
    pub classes: Vec<String>,
    pub people: Vec<String>,
    /// Employments that have ended, and what waits to be confirmed.
    pub former: Vec<String>,
    pub asked: Vec<String>,
    /// Former names that the winner did not have, as they compare.
    pub former_names: Vec<String>,
    /// The loser's name, where it became a former name of the winner.
    pub noted_name: Option<String>,
    /// Cluster, key and import of lines that led to the loser.
    pub keys: Vec<(String, String, String)>,
    pub kept: Kept,
}

impl Moved {
    /// Clusters whose records the merge touched, each once.
    pub fn clusters(&self) -> Result<Vec<Id<Cluster>>> {
        let mut all: Vec<&str> = self.before.iter().map(|m| m.cluster.as_str()).collect();
        all.sort_unstable();
        all.dedup();
        all.into_iter().map(str::parse).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(id: &str, kind: &str, since: &str, until: Option<&str>, state: &str) -> Membership {
        Membership {
            id: id.into(),
            organisation: "o".into(),
            cluster: "c".into(),
            kind: kind.into(),
            state: state.into(),
            since: since.into(),
            until: until.map(str::to_owned),
            created_at: 1,
        }
    }

    #[test]
    fn overlapping_memberships_of_one_kind_become_one_and_none_is_lost() {
        let all = vec![
            of("1", "member", "2020-01-01", None, "active"),
            of("2", "member", "2015-01-01", Some("2021-01-01"), "ended"),
            of("3", "member", "2010-01-01", Some("2012-01-01"), "ended"),
            of("4", "partner", "2020-01-01", None, "active"),
        ];
        let united = united(Id::new(), all);
        let periods: Vec<_> = united
            .iter()
            .map(|m| {
                (
                    m.kind.as_str(),
                    m.since.as_str(),
                    m.until.as_deref(),
                    m.state.as_str(),
                )
            })
            .collect();
        assert_eq!(
            periods,
            [
                ("member", "2010-01-01", Some("2012-01-01"), "ended"),
                ("member", "2015-01-01", None, "active"),
                ("partner", "2020-01-01", None, "active"),
            ]
        );
    }

    #[test]
    fn only_who_manages_all_clusters_or_has_their_agreement_merges_at_once() {
        let clusters = ["a".to_owned(), "b".to_owned()];
        let both = HashSet::from(clusters.clone());
        let none = HashSet::new();
        let one = HashSet::from(["a".to_owned()]);
        let of = |mine: &str, same, agreed| way(|c| mine.contains(c), &clusters, same, agreed);
        assert_eq!(of("ab", false, &none), Way::AtOnce);
        assert_eq!(of("a", true, &both), Way::ByAgreement);
        assert_eq!(of("a", false, &both), Way::Proposal);
        assert_eq!(of("a", true, &one), Way::Proposal);
    }
}
