//! The administration's settings, and the first set-up of an empty folder.
//!
//! Always true: the set-up link works while there is no administration, and
//! only once; what the configuration file sets cannot be changed here.

mod commands;
mod forms;
mod pages;
mod setup;
mod store;

use axum::Router;
use axum::routing::{get, post};
use kontor_platform::web::Site;

pub use commands::{
    UNREADABLE, end_role, keep_administration, offer_setup, set_locked, test_letter,
};
pub use store::{
    Assigned, Listed, Wanted, addresses, list, names, one, roles, speakers, speaking, standing,
    states,
};

/// The sub-room's addresses.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/einrichten/{token}", get(setup::form).post(setup::set_up))
        .route(
            "/verwaltung/region",
            get(pages::region).post(pages::save_region),
        )
        .route(
            "/verwaltung/mailserver",
            get(pages::mail_server).post(pages::save_mail_server),
        )
        .route("/verwaltung/mailserver/probe", post(pages::probe))
}
