//! Links by mail: signing in, choosing a new password, proving a new address.
//!
//! Always true: looking at a link does not use it up (mail programs look
//! before people do); the answer to "send me a link" is the same, and takes
//! the same work, whether the address has an account or not.

mod commands;
mod letters;
mod pages;
mod store;

use axum::Router;
use axum::routing::{get, post};
use kontor_platform::web::Site;

pub use commands::end_open;
pub use letters::{changed, invitation};

/// The sub-room's addresses.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/anmelden/link", post(pages::ask_sign_in))
        .route(
            "/anmelden/link/{token}",
            get(pages::sign_in).post(pages::use_sign_in),
        )
        .route("/anmelden/unterwegs", get(pages::on_its_way))
        .route(
            "/anmelden/passwort-vergessen",
            get(pages::forgotten).post(pages::ask_password),
        )
        .route(
            "/anmelden/neues-passwort/{token}",
            get(pages::new_password).post(pages::set_password),
        )
        .route("/mein-kontor/konto/adresse", post(pages::ask_address))
        .route(
            "/adresse/{token}",
            get(pages::address).post(pages::prove_address),
        )
}
