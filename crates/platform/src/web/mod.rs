//! The web kit: what every page needs and no page should think about.

pub mod answer;
pub mod assets;
pub mod cache;
pub mod edge;
pub mod form;
mod kept;
pub mod metrics;
mod site;

pub use answer::{html, redirect};
pub use assets::Assets;
pub use cache::PageCache;
pub use form::Form;
pub use kept::Kept;
pub use site::{NavItem, Site, SiteParts};

/// A value inside an address's query.
pub fn encode(value: &str) -> String {
    percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC).to_string()
}
