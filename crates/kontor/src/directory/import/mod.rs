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

pub use commands::{Source, plan, run, undo};
pub use model::{Action, Counts, Field, Import, Likeness, Other, Reason};
pub use plan::Plan;
