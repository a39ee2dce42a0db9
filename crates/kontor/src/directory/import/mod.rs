//! Import of member lists into the directory.
//!
//! Words: a *line* of a list says a *draft*; a *plan* decides what becomes of
//! every line; an *import* is staged, applied or cancelled, and may be undone.
//! Always true: new + changed + unchanged + rejected = lines; two lines never
//! claim one record; the same file again changes nothing (INV-28); a record
//! that the viewer may not see is never named (INV-23).

pub mod columns;
mod commands;
mod known;
mod model;
mod plan;
mod store;
#[cfg(test)]
mod tests;
mod twins;

pub use super::policy::Reach;
pub use commands::{Source, cluster_by_slug, plan, remembered_columns, run, undo};
pub use model::{Action, Counts, Field, Import, Likeness, Line, Other, Reason, Twin};
pub use plan::{Outcome, Plan};
