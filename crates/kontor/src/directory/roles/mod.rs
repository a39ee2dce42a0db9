//! Who is what in the region: accounts with their roles in clusters and
//! organisations, for the administration.

mod commands;
mod pages;
mod store;

use axum::Router;
use axum::routing::{get, post};
use kontor_platform::web::Site;

pub use commands::has_role;

/// The sub-room's addresses.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/verwaltung/konten", get(pages::list).post(pages::invite))
        .route("/verwaltung/konten/{id}", get(pages::account))
        .route("/verwaltung/konten/{id}/rolle", post(pages::grant))
        .route("/verwaltung/konten/{id}/ende", post(pages::end))
        .route("/verwaltung/konten/{id}/sperre", post(pages::lock))
}
