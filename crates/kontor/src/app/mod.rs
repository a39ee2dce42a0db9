//! The top floor: joins the rooms. Routes, texts, migrations, layout, the
//! command line and the demo region.

pub mod backup;
mod bench;
pub mod cli;
pub mod demo;
mod errors;
mod metrics;
mod pages;
pub mod router;
pub mod server;
pub mod wiring;
