//! Accounts: who asks. Sign-in, sessions, roles with scope and period.
//!
//! Words: an *account* signs in; an *actor* is whoever asks, with the roles
//! that hold today; *Cx* is one request, *Who* is its asker inside a snapshot.
//! A *letter* is what the product writes to people; a *link* by mail signs in,
//! sets a password or proves an address.
//! Always true: a role counts only inside its period [since, until).

pub mod admin;
mod again;
mod commands;
mod cx;
mod entry;
mod frame;
mod limits;
mod links;
mod mails;
pub mod meanwhile;
mod model;
mod own;
mod pages;
mod passwords;
pub mod privacy;
pub mod settings;
mod store;
mod target;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::{get, post};
use kontor_platform::web::Site;

pub use again::{again, too_many};
pub use commands::{
    Invitation, NewAccount, any_demo_account, create_account, demo_personas, end_invitation, grant,
    invite, looks_like_mail, withdraw_invitation,
};
pub use cx::{Cx, Who};
pub use entry::{Taken, record_session};
pub use frame::{Flash, Frame, initials};
pub use limits::Limits;
pub use links::invitation as invitation_letter;
pub use mails::{Letter, has_server};
pub use model::{Account, Actor, Role, RoleKind, Scope};
pub use pages::{Offer, accept_invitation, decline_invitation, show_invitation};
pub use store::{Holder, holder, holders, led_clusters, managers};

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
        .merge(admin::routes())
        .merge(links::routes())
        .merge(mails::routes())
        .merge(own::routes())
}
