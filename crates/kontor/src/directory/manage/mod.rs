//! Clusters as the administration and their managers keep them: founding one,
//! changing its words, moving its address.
//!
//! Always true: a former address of a cluster leads to the present one.

mod commands;
mod forms;
mod pages;
mod store;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::get;
use kontor_platform::web::Site;

pub use forms::{bars, field_key, is_web_address, web_address};

/// The sub-room's addresses.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/verwaltung/cluster", get(pages::list))
        .route(
            "/verwaltung/cluster/neu",
            get(pages::new).post(pages::create),
        )
        .route(
            "/verwaltung/cluster/{slug}",
            get(pages::edit).post(pages::save),
        )
}
