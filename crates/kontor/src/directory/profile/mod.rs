//! An organisation's profile as its own people and its clusters' managers keep
//! it.
//!
//! Words: a *body* is what somebody acts for: their organisation, or the
//! cluster they lead; an *own field* was last written by a representative.
//! Always true: nobody overwrites what they have not seen; every change names
//! the body; a former address leads to the present one.

mod commands;
mod forms;
mod model;
mod pages;
mod store;

use axum::Router;
use axum::routing::get;
use kontor_platform::web::Site;

pub use commands::body;
pub use model::Field;
pub use pages::without_logo;

/// The sub-room's addresses.
pub fn routes() -> Router<Site> {
    Router::new().route(
        "/organisationen/{slug}/bearbeiten",
        get(pages::edit).post(pages::save),
    )
}
