//! Accounts: who asks. Sign-in, sessions, roles with scope and period.
//!
//! Words: an *account* signs in; an *actor* is whoever asks, with the roles
//! that hold today; *Cx* is one request, *Who* is its asker inside a snapshot.
//! Always true: a role counts only inside its period [since, until).

mod commands;
mod cx;
mod frame;
mod model;
mod pages;
pub mod settings;
mod store;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::{get, post};
use kontor_platform::web::Site;

pub use commands::{NewAccount, any_demo_account, create_account, grant, invite, record_session};
pub use cx::{Cx, Who};
pub use frame::{Flash, Frame};
pub use model::{Account, Actor, Role, RoleKind, Scope};
pub use store::count_mails;

/// The room's addresses.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/anmelden", get(pages::sign_in))
        .route(
            "/anmelden/passwort",
            get(pages::to_sign_in).post(pages::sign_in_by_password),
        )
        .route("/anmelden/demo", post(pages::sign_in_by_button))
        .route("/abmelden", post(pages::sign_out))
        .route(
            "/einladung/{token}",
            get(pages::invitation).post(pages::accept_invitation),
        )
}
