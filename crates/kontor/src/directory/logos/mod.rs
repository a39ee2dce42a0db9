//! Logos: one small picture for an organisation, which its own people and its
//! clusters' managers set and remove.
//!
//! Words: a *picture* is an upload that was read and drawn anew; its *hash* is
//! part of its address, so that a browser may keep it.
//! Always true: no byte of an upload is stored or handed out, only a picture
//! that was drawn anew from its points; nothing is drawn in a transaction; a
//! logo is seen by exactly those who may see its organisation.

mod commands;
mod model;
mod pages;
mod picture;
mod store;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use kontor_platform::web::Site;

pub use commands::{give_back, hand_over};
pub use model::Logo;
pub use store::of;

/// The largest request, in bytes: what is somewhat too large is read to its end,
/// or else a browser shows a broken connection in place of the reason.
const UPLOAD: usize = 8 * 1024 * 1024;

/// The sub-room's addresses.
pub fn routes() -> Router<Site> {
    Router::new()
        .route(
            "/organisationen/{slug}/logo",
            post(pages::upload).layer(DefaultBodyLimit::max(UPLOAD)),
        )
        .route("/organisationen/{slug}/logo/entfernen", post(pages::remove))
        .route("/organisationen/{slug}/logo/{hash}", get(pages::picture))
}
