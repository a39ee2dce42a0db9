//! Privacy: what is stored of a person, and that it ends.
//!
//! Words: an *access export* is everything stored of one person (Art. 15 GDPR);
//! an *erasure* takes it out of every table (Art. 17); *retention* does the
//! same to what nobody needs any more; the *journal* lists who was erased, so
//! that no restored backup brings them back.
//! Always true: a row of the journal holds identifiers and keyed marks only; a
//! later capability that stores personal data joins `collect` and `erase`.

mod commands;
mod journal;
mod pages;
mod readable;
mod retention;
mod store;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::{get, post};
use kontor_platform::web::Site;

pub use commands::{Subject, by_mail, erase, erase_address};
pub use journal::{replay, save_file, save_of};
pub use retention::{Held, Rule, held, sweep};

/// The room's addresses.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/mein-kontor/daten", get(pages::own))
        .route("/mein-kontor/daten.json", get(pages::own_json))
        .route(
            "/mein-kontor/daten/loeschen",
            get(pages::confirm).post(pages::erase_own),
        )
        .route(
            "/verwaltung/datenschutz",
            get(pages::overview).post(pages::save_retention),
        )
        .route(
            "/verwaltung/datenschutz/auskunft",
            get(pages::ask_again).post(pages::of_somebody),
        )
        .route(
            "/verwaltung/datenschutz/loeschen",
            post(pages::erase_somebody),
        )
}
