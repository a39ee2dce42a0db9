//! Inviting a cluster's contacts: in stages, with the notice that the law asks
//! for, and the right to object in one click.
//!
//! Words: a *contact* is a person whom a list of the cluster brought in; a
//! *notice* tells them which data came from where (Art. 14 GDPR); an
//! *objection* (Art. 21) hides and silences everything of them.
//! Always true: without a legal ground nobody is written to; a manager sees
//! contacts of their own cluster's lists and no others; who objected is not
//! written to again.

mod commands;
mod letters;
pub mod open;
mod pages;
mod store;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::{get, post};
use kontor_platform::web::Site;

/// The sub-room's addresses.
pub fn routes() -> Router<Site> {
    Router::new()
        .route(
            "/verwaltung/einladungen",
            get(pages::overview).post(pages::invite),
        )
        .route("/verwaltung/einladungen/eine", post(pages::invite_one))
        .route("/verwaltung/einladungen/noch-einmal", post(pages::again))
        .route(
            "/verwaltung/einladungen/zuruecknehmen",
            post(pages::withdraw),
        )
        .route(
            "/verwaltung/einladungen/vertretung",
            post(pages::end_representation),
        )
        .route(
            "/widerspruch/{person}/{mark}",
            get(pages::objection).post(pages::object),
        )
        .merge(open::routes())
}
