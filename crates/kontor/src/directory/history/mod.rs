//! Histories ("Verlauf"): what the log tells of an organisation, a cluster, an
//! import or of oneself, in words and day by day.
//!
//! Words: a *telling* says how a kind of fact is told of a noun, and to whom;
//! facts without a telling are kept silent on purpose.
//! Always true: a history shows no record and no person that its reader may
//! not see elsewhere, and no number that counts one; what is told is a fact of
//! the log, and the names are those of today.

mod model;
mod pages;
mod read;
mod store;
#[cfg(test)]
mod tests;
mod words;

use axum::Router;
use axum::routing::get;
use kontor_platform::web::Site;

pub use model::sentence;
pub use read::of_import;
pub use words::Day;

/// The sub-room's addresses.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/organisationen/{slug}/verlauf", get(pages::organisation))
        .route("/cluster/{slug}/verlauf", get(pages::cluster))
        .route("/mein-kontor/verlauf", get(pages::own))
}
