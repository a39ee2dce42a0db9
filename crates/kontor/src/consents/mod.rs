//! Consents: for what personal data is used here, and what people agreed to.
//!
//! Words: a *purpose* is what data is used for, with its legal basis; a *consent*
//! is given for one purpose and one thing, as a field, until it is withdrawn;
//! a *declaration* is the text somebody agreed to, in their language.
//! Always true: no consent without the stored words that were shown, the moment
//! and the person (INV-04); a text is stored once per version and never changed;
//! one thing has one open consent at most.

mod commands;
mod model;
mod store;

pub use commands::{collect, erase, give, withdraw, withdraw_all};
pub use model::{About, Basis, Declaration, Place, Purpose};
pub use store::{Given, of_account};
