//! Import of member lists into the directory.
//!
//! Words: a *line* of a list says a *draft*; a *plan* decides what becomes of
//! every line; an *import* is staged, applied or cancelled, and may be undone.
//! Always true: new + changed + unchanged + rejected = lines; two lines never
//! claim one record; the same file again changes nothing (INV-28); a record
//! that the viewer may not see is never named (INV-23).

mod batch;
mod choices;
pub mod columns;
mod commands;
mod known;
mod model;
mod news;
mod pages;
mod plan;
mod progress;
mod ready;
mod retention;
mod rewrite;
mod runs;
mod store;
#[cfg(test)]
mod tests;
mod twins;
mod undo;
mod upload;
mod words;
mod writing;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use kontor_platform::web::Site;

pub use super::policy::Reach;
pub use choices::Choices;
pub use commands::{Source, plan, plan_watched, remembered_columns, run, run_watched};
pub use model::{
    Action, Attr, Change as ValueChange, Counts, Field, Import, Likeness, Line,
    OrganisationChanged, Other, Reason, Twin,
};
pub use plan::{Outcome, Plan};
pub use progress::{Progress, Step};
pub use retention::{addresses, discard_naming, drop_staged, naming};
pub use undo::undo_watched;
pub use upload::NO_ROWS;
pub use words::{value_in_words, values};

/// The largest upload, in bytes: a list of 20 MiB and the form around it.
const UPLOAD: usize = 20 * 1024 * 1024 + 64 * 1024;

/// The addresses of imports.
pub fn routes() -> Router<Site> {
    Router::new()
        .route(
            "/verwaltung/import",
            get(upload::choose)
                .post(upload::upload)
                .layer(DefaultBodyLimit::max(UPLOAD)),
        )
        .route("/verwaltung/importe", get(pages::list))
        .route("/verwaltung/import/{id}", get(pages::show))
        .route("/verwaltung/import/{id}/spalten", post(pages::columns))
        .route("/verwaltung/import/{id}/anwenden", post(pages::apply))
        .route("/verwaltung/import/{id}/abbrechen", post(runs::pages::stop))
        .route(
            "/verwaltung/import/{id}/abgleichen",
            post(runs::pages::again),
        )
        .route("/verwaltung/import/{id}/verwerfen", post(pages::discard))
        .route(
            "/verwaltung/import/{id}/rueckgaengig",
            post(undo::pages::take_back),
        )
}
