//! A list as a file: organisations with everything that their pages show.

mod store;

pub use store::{Whole, whole};
