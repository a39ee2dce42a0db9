//! "Contact": a message to an organisation, relayed by mail to those who speak
//! for it.
//!
//! Words: a message is *unconfirmed* until somebody without account has proved
//! their address by a link; it is *relayed*, or *withheld* when its sender is
//! *blocked*; a *report* tells the cluster's management of a sender.
//! Always true: no recipient's address is shown to the sender; what the sender
//! is told does not depend on a block; a message's words are kept until it is
//! relayed and 14 days at most, and never stand in a fact.

mod commands;
mod letters;
mod model;
mod pages;
mod store;

use axum::Router;
use axum::routing::{get, post};
use kontor_platform::web::Site;

pub use commands::{answering, deciders, in_charge};
pub use model::{Report, Route};
pub use store::{addresses, count_reports, erase_address, forget, of_address, reports, reports_of};

/// The sub-room's addresses.
pub fn routes() -> Router<Site> {
    Router::new()
        .route(
            "/organisationen/{slug}/kontakt",
            get(pages::form).post(pages::send),
        )
        .route(
            "/organisationen/{slug}/sperren",
            get(pages::blocks).post(pages::unblock),
        )
        .route(
            "/kontakt/bestaetigen/{token}",
            get(pages::look).post(pages::confirm),
        )
        .route(
            "/kontakt/{message}/sperren/{mark}",
            get(pages::look_block).post(pages::block),
        )
        .route(
            "/kontakt/{message}/melden/{mark}",
            get(pages::look_report).post(pages::report),
        )
        .route("/verwaltung/meldungen/{message}", post(pages::settle))
}
