//! Figures of the region and its clusters: how many organisations stand on each
//! side of the helix, for each audience. Kept, so that no page counts.
//!
//! Always true: they count what the lists show, organisations included whose
//! side nobody has said yet.

mod store;

pub use store::{figures, recount};

use super::policy::{Reach, reach};
use crate::accounts::Actor;

/// Which figures an asker may know.
pub struct Audience {
    /// Of the region, and of clusters that are not the asker's own.
    pub wide: &'static str,
    /// Identifiers of the asker's own clusters, with blanks between: of these
    /// all members are counted, those that only the cluster sees included.
    pub own: String,
}

impl Audience {
    /// What everybody may know.
    pub const PUBLIC: Audience = Audience {
        wide: "public",
        own: String::new(),
    };

    /// What an actor may know.
    pub fn of(actor: &Actor) -> Audience {
        match reach(actor) {
            Reach::Everything => Audience {
                wide: "cluster",
                own: String::new(),
            },
            Reach::Public => Audience::PUBLIC,
            Reach::Clusters(own) | Reach::Representing { clusters: own, .. } => Audience {
                wide: "all_clusters",
                own: own.join(" "),
            },
        }
    }

    /// The figures of a scope ("region" or a cluster's identifier).
    pub fn within(&self, scope: &str) -> &'static str {
        match self.own.split(' ').any(|id| id == scope) {
            true => "cluster",
            false => self.wide,
        }
    }
}
