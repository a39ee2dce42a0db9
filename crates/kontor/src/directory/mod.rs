//! Directory: who is in the region. Clusters, organisations of the quadruple
//! helix, memberships in several clusters, people and what of them may be seen.
//!
//! Words: an *organisation* has a *membership* in a *cluster*, of a kind and a
//! period; a *publication* says who may see one field of a person.
//! Always true: a field of a person is seen by nobody unless it is published;
//! periods are half open and open memberships of one kind never overlap.

mod addresses;
mod commands;
pub mod contact;
mod downloads;
pub mod duplicates;
pub mod employments;
pub mod export;
mod figures;
mod former_names;
pub mod history;
pub mod import;
mod industries;
pub mod invitations;
mod list;
mod logos;
mod lookup;
mod manage;
mod memberships;
mod model;
mod pages;
pub mod people;
mod policy;
mod profile;
pub mod readers;
pub mod requests;
mod roles;
pub mod start;
mod store;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::get;
use kontor_platform::web::Site;

pub use addresses::follow;
pub use commands::{
    NewCluster, NewOrganisation, NewPerson, create_cluster, create_organisation, create_person,
    forget, join_cluster, recount,
};
pub(crate) use list::is_any_foreign;
pub use list::{Industries, misfiled, refile_all};
pub use model::{
    Cluster, Helix, HelixCounts, LegalGround, MembershipKind, Organisation, Person, Size,
    Visibility, sort_key,
};
pub use pages::{Tile, cluster_grid};
pub use store::{cluster_by_slug, sizes};

/// The room's addresses.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/cluster", get(pages::clusters))
        .route("/cluster/{slug}", get(pages::cluster))
        .route("/organisationen", get(pages::organisations))
        .route("/organisationen.csv", get(downloads::csv))
        .route("/organisationen.xlsx", get(downloads::xlsx))
        .route("/organisationen/{slug}", get(pages::organisation))
        .merge(contact::routes())
        .merge(duplicates::routes())
        .merge(employments::routes())
        .merge(history::routes())
        .merge(import::routes())
        .merge(invitations::routes())
        .merge(logos::routes())
        .merge(manage::routes())
        .merge(memberships::routes())
        .merge(people::routes())
        .merge(profile::routes())
        .merge(requests::routes())
        .merge(roles::routes())
}
