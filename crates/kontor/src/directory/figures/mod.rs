//! Figures of the region and its clusters: how many organisations stand on each
//! side of the helix, for each audience. Kept, so that no page counts.
//!
//! Always true: they count what the lists show, organisations included whose
//! side nobody has said yet.

mod store;

use kontor_platform::Result;
use kontor_platform::db::Conn;

pub use store::{figures, recount};

use super::model::HelixCounts;
use super::policy::{Reach, reach};
use crate::accounts::Actor;

/// The figures of the whole region as its list shows it to an actor: what all
/// clusters share, and what they see besides by their clusters and organisations.
pub fn region(conn: &mut Conn, actor: &Actor) -> Result<HelixCounts> {
    match reach(actor) {
        Reach::Clusters(own) if own.len() == 1 => store::region_and_own(conn, &own[0]),
        Reach::Clusters(own) if !own.is_empty() => store::region_with(conn, &own, &[]),
        Reach::Representing {
            clusters,
            organisations,
        } => store::region_with(conn, &clusters, &organisations),
        _ => figures(conn, REGION, Audience::of(actor).wide),
    }
}

/// The scope of the region's figures.
const REGION: &str = "region";

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

    /// The audience whose figures of a cluster an actor may know.
    pub fn within(&self, scope: &str) -> &'static str {
        match self.own.split(' ').any(|id| id == scope) {
            true => "cluster",
            false => self.wide,
        }
    }
}
