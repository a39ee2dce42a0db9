//! People: what of a person is seen by whom, one's own profile, one's own card.
//!
//! Words: a *publication* lets one audience see one field; an audience is the
//! person's own clusters, all clusters, or the public.
//! Always true: without a publication nobody sees a field (INV-03); whoever
//! does not see the name sees nothing of the person.

mod commands;
mod model;
mod pages;
mod privacy;
mod store;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::{get, post};
use kontor_platform::web::Site;

pub use commands::{OF_ACCOUNT, belongs_to, end_leads, ensure};
pub use model::{Audience, Field};
pub use privacy::{addresses, collect, erase, erase_addresses, of_addresses, part_from};
pub use store::{
    Contact, address, all_of_account, by_mail, is_asked, is_free, leading, mark_asked, named,
    of_account, of_organisation, own_id,
};

/// The sub-room's addresses.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/personen", get(pages::people))
        .route("/mein-kontor/profil", get(pages::profile).post(pages::save))
        .route("/mein-kontor/profil/zuruecknehmen", post(pages::hide))
        .route("/mein-kontor/profil/karte.vcf", get(pages::card))
}
