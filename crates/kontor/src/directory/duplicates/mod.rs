//! Duplicates: records that may be one and the same, merged with the consent of
//! every cluster concerned.
//!
//! Words: a *pair* is two records with *reasons*; the *winner* of a *merge*
//! stays, the *loser* leads to it; a *proposal* waits for the other clusters'
//! yes; an *agreement* says yes in advance for equal register numbers.
//! Always true: no cluster's record is merged against its management; a merge
//! loses no membership and can be undone; what the asker may not see is not
//! named (INV-02, INV-23).

mod apart;
mod commands;
mod keep;
mod letters;
mod model;
mod pages;
mod pairs;
mod store;

use axum::Router;
use axum::routing::{get, post};
use kontor_platform::web::Site;

pub use letters::remind;
pub use pairs::{Pairs, count_pairs};
pub use store::{count_waiting, successor};

/// The sub-room's addresses.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/verwaltung/dubletten", get(pages::overview))
        .route("/verwaltung/dubletten/zusammenfuehren", post(pages::merge))
        .route("/verwaltung/dubletten/trennen", post(pages::keep_apart))
        .route(
            "/verwaltung/dubletten/doch-gleich",
            post(pages::take_apart_back),
        )
        .route("/verwaltung/dubletten/antwort", post(pages::answer))
        .route("/verwaltung/dubletten/zurueckziehen", post(pages::withdraw))
        .route("/verwaltung/dubletten/rueckgaengig", post(pages::undo))
        .route("/verwaltung/dubletten/vereinbarung", post(pages::agree))
}
