//! The top floor: joins the rooms. Routes, texts, migrations, layout, the
//! command line and the demo region.

mod admin;
pub mod backup;
mod bench;
pub mod care;
pub mod cli;
pub mod demo;
mod errors;
pub mod folder;
pub mod mailer;
mod metrics;
mod pages;
pub mod router;
pub mod server;
mod straight;
pub mod wiring;
