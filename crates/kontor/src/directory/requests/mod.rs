//! Requests from outside: "become a member" of a cluster, and "this is my
//! organisation". Anybody may ask; a manager of the cluster concerned decides.
//!
//! Words: a *request* is open, approved or rejected; a *takeover* asks to keep
//! the page of an organisation that is there already.
//! A rejected request is emptied after 30 days, an approved one by a rule of retention.
//! Always true: what the asker is answered does not depend on what is known of
//! them; a request is decided once; an equal mail domain is a hint and decides
//! nothing.

mod commands;
mod letters;
mod model;
mod pages;
mod review;
mod store;

use axum::Router;
use axum::routing::{get, post};
use kontor_platform::web::Site;

pub use commands::drop_approved;
pub use store::Care;
pub(super) use store::in_care_of;
pub use store::{Left, addresses, count_open, erase_account, erase_address, forget, of_addresses};

/// The sub-room's addresses.
pub fn routes() -> Router<Site> {
    Router::new()
        .route(
            "/cluster/{slug}/mitglied-werden",
            get(pages::membership).post(pages::ask_membership),
        )
        .route(
            "/organisationen/{slug}/uebernehmen",
            get(pages::takeover).post(pages::ask_takeover),
        )
        .route("/verwaltung/anfragen", get(review::list))
        .route("/verwaltung/anfragen/{id}", get(review::show))
        .route("/verwaltung/anfragen/{id}/annehmen", post(review::approve))
        .route("/verwaltung/anfragen/{id}/ablehnen", post(review::reject))
}
