//! One's own account: name, language, appearance, password, address, sessions.

mod commands;
mod pages;
mod store;

use axum::Router;
use axum::routing::{get, post};
use kontor_platform::web::Site;

pub(super) use pages::show;

/// The sub-room's addresses.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/mein-kontor/konto", get(pages::account).post(pages::save))
        .route("/mein-kontor/konto/passwort", post(pages::change_password))
        .route("/mein-kontor/konto/sitzungen", post(pages::end_sessions))
}
