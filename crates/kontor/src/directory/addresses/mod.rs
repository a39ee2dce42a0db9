//! Former addresses: whoever follows an old link arrives.
//!
//! Always true: a former address leads to the present one in one step.

mod store;

pub use store::{leads_to, moved};
