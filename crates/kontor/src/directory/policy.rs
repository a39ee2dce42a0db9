//! Who may do what in the directory, and the same as a condition for lists.

use kontor_platform::policy::Governed;

use super::model::{Organisation, State, Visibility};
use crate::accounts::{Actor, RoleKind};

/// How far an actor's eyes reach in lists of organisations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Organisations marked public.
    Public,
    /// Those, what all clusters share, and everything of these clusters.
    Clusters(Vec<String>),
    /// The same, and these organisations, for which the actor speaks.
    Representing {
        clusters: Vec<String>,
        organisations: Vec<String>,
    },
    /// Everything.
    Everything,
}

impl Reach {
    /// Whether a record of this visibility in these clusters lies within it,
    /// whoever speaks for it. [`Placed`] adds that; `store::within` says all of
    /// it in SQL.
    pub fn covers(&self, visibility: Visibility, clusters: &[String]) -> bool {
        match self {
            Reach::Everything => true,
            Reach::Public => visibility == Visibility::Public,
            Reach::Clusters(mine) | Reach::Representing { clusters: mine, .. } => {
                visibility != Visibility::Cluster || clusters.iter().any(|c| mine.contains(c))
            }
        }
    }
}

/// The reach of an actor. Officer and auditor see what is shared with all
/// clusters; only administration and data protection see everything.
pub fn reach(actor: &Actor) -> Reach {
    if actor.is(RoleKind::Admin) || actor.is(RoleKind::DataProtectionOfficer) {
        Reach::Everything
    } else if actor.takes_part() {
        let owned = |ids: Vec<&str>| ids.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let (clusters, organisations) = (owned(actor.clusters()), owned(actor.organisations()));
        if organisations.is_empty() {
            Reach::Clusters(clusters)
        } else {
            Reach::Representing {
                clusters,
                organisations,
            }
        }
    } else {
        Reach::Public
    }
}

/// Words under which a record of this visibility in these clusters is kept for
/// a search: an actor may see it exactly if [`words`] has one of them.
pub fn audience(id: &str, visibility: Visibility, clusters: &[String]) -> Vec<String> {
    let mut audience = vec!["everything".to_owned(), format!("organisation:{id}")];
    match visibility {
        Visibility::Public => audience.push("public".into()),
        Visibility::AllClusters => audience.push("all".into()),
        Visibility::Cluster => audience.extend(clusters.iter().map(|c| format!("cluster:{c}"))),
    }
    audience
}

/// The words that open records to an actor: those of the reach and of the
/// organisations that the actor speaks for.
pub fn words(actor: &Actor) -> Vec<String> {
    let mut words: Vec<String> = match reach(actor) {
        Reach::Everything => vec!["everything".into()],
        Reach::Public => vec!["public".into()],
        Reach::Clusters(mine) | Reach::Representing { clusters: mine, .. } => {
            let shared = ["public", "all"].map(str::to_owned);
            let own = mine.iter().map(|c| format!("cluster:{c}"));
            shared.into_iter().chain(own).collect()
        }
    };
    let spoken_for = actor.organisations();
    words.extend(spoken_for.iter().map(|o| format!("organisation:{o}")));
    words
}

/// What can be done with an organisation.
#[derive(Debug, PartialEq, Eq)]
pub enum Act {
    See,
    /// Change what the organisation says of itself.
    Edit,
    /// Read what happened to it.
    Trace,
}

/// Whether the actor watches over what happens in the region: coordination,
/// administration, data protection, and auditors in their period.
fn oversees(actor: &Actor) -> bool {
    [
        RoleKind::Coordinator,
        RoleKind::Admin,
        RoleKind::DataProtectionOfficer,
        RoleKind::Auditor,
    ]
    .iter()
    .any(|kind| actor.is(*kind))
}

/// Whether the actor may read what happened in a cluster.
pub fn may_trace_cluster(actor: &Actor, cluster: &str) -> bool {
    actor.manages(cluster) || oversees(actor)
}

/// Whether the actor manages one of these clusters or may see everything: to
/// them a history tells numbers, imports and the work on duplicates too.
pub fn leads_or_sees_all(actor: &Actor, clusters: &[String]) -> bool {
    clusters.iter().any(|c| actor.manages(c)) || reach(actor) == Reach::Everything
}

/// An organisation together with the clusters it belongs to today.
pub struct Placed<'a> {
    pub organisation: &'a Organisation,
    pub clusters: &'a [String],
}

impl Governed<Actor> for Placed<'_> {
    type Act = Act;
    const SEE: Act = Act::See;

    fn allows(&self, actor: &Actor, act: &Act) -> bool {
        let id = self.organisation.id.to_string();
        match act {
            Act::See => {
                let covered = reach(actor).covers(self.organisation.visibility, self.clusters);
                (covered || actor.represents(&id))
                    && !matches!(self.organisation.state, State::Proposed | State::Merged)
            }
            Act::Edit => {
                let is_kept = !matches!(
                    self.organisation.state,
                    State::Merged | State::Dissolved | State::Proposed
                );
                let leads = self.clusters.iter().any(|c| actor.manages(c));
                is_kept && (leads || actor.represents(&id))
            }
            Act::Trace => {
                let leads = self.clusters.iter().any(|c| actor.manages(c));
                self.allows(actor, &Act::See) && (leads || actor.represents(&id) || oversees(actor))
            }
        }
    }
}
