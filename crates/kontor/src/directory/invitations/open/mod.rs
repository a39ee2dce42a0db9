//! Invitations that wait for a yes. A cluster offers to be one of its people, to
//! keep an organisation's profile, or both; nothing of it holds before whoever was
//! invited has accepted, whether they have an account or not.
//!
//! Words: the *contact* of an invitation is what the cluster knows of the person:
//! a line of its list, or what somebody typed.
//! Always true: until the yes a management sees of an invited person what itself
//! wrote down, and nothing of the account behind the address.

mod commands;
mod model;
mod pages;
mod store;

use axum::Router;
use axum::routing::{get, post};
use kontor_platform::web::Site;

pub use commands::{drop_stale, end_for, end_of_account, offer, typed_contact, withdraw};
pub use model::{New, Typed};
pub use pages::for_account;
pub use store::{Open, of_cluster, of_contact};

/// The addresses at which whoever was invited answers.
pub fn routes() -> Router<Site> {
    Router::new()
        .route(
            "/einladung/{token}",
            get(pages::invitation).post(pages::accept),
        )
        .route("/einladung/{token}/ablehnen", post(pages::decline))
        .route("/mein-kontor/einladungen/annehmen", post(pages::accept_own))
        .route(
            "/mein-kontor/einladungen/ablehnen",
            post(pages::decline_own),
        )
}
