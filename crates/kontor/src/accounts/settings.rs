//! What an operator sets about the region, by name.

use kontor_platform::Result;
use kontor_platform::db::Conn;

use super::store;

/// The region as pages name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// "Hamburg".
    pub name: String,
    /// Who answers for the data (Art. 4 No. 7 GDPR), with address.
    pub controller: String,
    /// The imprint's text.
    pub imprint: String,
}

const NAME: &str = "region.name";
const CONTROLLER: &str = "region.controller";
const IMPRINT: &str = "region.imprint";

/// Reads the region; empty texts where nothing was set.
pub fn region(conn: &mut Conn) -> Result<Region> {
    let mut read = |name| store::setting(conn, name).map(Option::unwrap_or_default);
    Ok(Region {
        name: read(NAME)?,
        controller: read(CONTROLLER)?,
        imprint: read(IMPRINT)?,
    })
}

/// Stores the region.
pub fn set_region(conn: &mut Conn, region: &Region) -> Result<()> {
    store::set(conn, NAME, &region.name)?;
    store::set(conn, CONTROLLER, &region.controller)?;
    store::set(conn, IMPRINT, &region.imprint)
}

/// Whether the data folder holds a demo, by its own mark in the data.
pub fn is_demo(conn: &mut Conn) -> Result<bool> {
    Ok(store::setting(conn, "demo")?.is_some())
}

/// Marks the data as a demo. There is no way back.
pub fn mark_demo(conn: &mut Conn) -> Result<()> {
    store::set(conn, "demo", "yes")
}
