//! Employments: for which organisation a person works, since when, and for which
//! they worked before.
//!
//! Words: an *employment* is a period [since, until) in which a person works for
//! an organisation; the present one has no end, and no beginning where nobody
//! said it. Who changes to another organisation *asks*; whoever may edit that
//! organisation confirms or declines.
//! Always true: a person works for one organisation at a time, and asks one at a
//! time; nobody belongs to an organisation by their own word alone; working
//! somewhere gives no right to edit, and leaving ends the one that was there.

mod commands;
mod deciding;
mod letters;
mod model;
mod own;
mod pages;
mod store;

use axum::Router;
use axum::routing::{get, post};
use kontor_platform::web::Site;

pub use commands::begin_if_free;
pub use model::Waiting;
pub use store::{
    asked_by, belonging, count_in_care, erase, former, hand_over, in_care, of_organisations,
};

/// The sub-room's addresses.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/mein-kontor/taetigkeit", get(own::show).post(own::ask))
        .route("/mein-kontor/taetigkeit/zurueckziehen", post(own::withdraw))
        .route("/mein-kontor/taetigkeit/beenden", post(own::leave))
        .route("/mein-kontor/taetigkeit/entfernen", post(own::remove))
        .route("/organisationen/{slug}/mitarbeitende", get(pages::show))
        .route(
            "/organisationen/{slug}/mitarbeitende/annehmen",
            post(pages::confirm),
        )
        .route(
            "/organisationen/{slug}/mitarbeitende/ablehnen",
            post(pages::decline),
        )
        .route(
            "/organisationen/{slug}/mitarbeitende/beenden",
            post(pages::end),
        )
}
