//! Memberships by hand: a management takes an organisation into its cluster, puts
//! kind and first day right, and ends the membership.
//!
//! Words: a membership *begins* on its first day and *ends* on its last; a
//! *likely* organisation is one in the directory that a new one may be.
//! Always true: a management touches memberships of its own clusters only, and learns
//! of no organisation that it may not see.

mod commands;
mod forms;
mod pages;
mod store;

use axum::Router;
use axum::routing::get;
use kontor_platform::web::Site;

/// The sub-room's addresses.
pub fn routes() -> Router<Site> {
    Router::new()
        .route(
            "/verwaltung/mitglieder/neu",
            get(pages::new).post(pages::create),
        )
        .route(
            "/organisationen/{slug}/mitgliedschaft",
            get(pages::membership).post(pages::save),
        )
}
