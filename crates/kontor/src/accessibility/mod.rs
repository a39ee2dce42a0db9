//! Accessibility: the statement, and what people report about barriers.
//!
//! Words: a *statement* says what works and what does not (section 12b BGG); a
//! *report* is a barrier that somebody met, to be answered within a month.
//! Always true: the statement and the form are reached from every page, without
//! signing in.

mod commands;
mod model;
mod pages;
mod store;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::{get, post};
use kontor_platform::web::Site;

pub use model::Statement;
pub use store::{addresses, count_open, drop_answered, forget, of_address, statement};

/// The room's addresses.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/barrierefreiheit", get(pages::statement))
        .route("/barrierefreiheit.json", get(pages::statement_data))
        .route(
            "/barrierefreiheit/rueckmeldung",
            get(pages::form).post(pages::report),
        )
        .route(
            "/verwaltung/barrierefreiheit",
            get(pages::overview).post(pages::save),
        )
        .route("/verwaltung/barrierefreiheit/antwort", post(pages::answer))
}
