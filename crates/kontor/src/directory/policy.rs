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
    /// Everything.
    Everything,
}

/// The reach of an actor. Officer and auditor see what is shared with all
/// clusters; only administration and data protection see everything.
pub fn reach(actor: &Actor) -> Reach {
    if actor.is(RoleKind::Admin) || actor.is(RoleKind::DataProtectionOfficer) {
        Reach::Everything
    } else if actor.takes_part() {
        Reach::Clusters(actor.clusters().into_iter().map(str::to_owned).collect())
    } else {
        Reach::Public
    }
}

/// What can be done with an organisation.
#[derive(Debug, PartialEq, Eq)]
pub enum Act {
    See,
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
                let shown = match self.organisation.visibility {
                    Visibility::Public => true,
                    Visibility::AllClusters => actor.takes_part(),
                    Visibility::Cluster => false,
                };
                let own = match reach(actor) {
                    Reach::Everything => true,
                    Reach::Clusters(mine) => self.clusters.iter().any(|c| mine.contains(c)),
                    Reach::Public => false,
                };
                (shown || own || actor.represents(&id))
                    && self.organisation.state != State::Proposed
            }
        }
    }
}
