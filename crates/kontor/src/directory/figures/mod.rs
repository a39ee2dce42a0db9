//! Figures of the region and its clusters: how many organisations stand on each
//! side of the helix, for each audience. Kept, so that no page counts.

mod store;

pub use store::{figures, recount};
