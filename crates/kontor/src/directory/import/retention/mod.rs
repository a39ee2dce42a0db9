//! Uploaded lists that nobody decided on do not stay.

mod store;

pub use store::{addresses, naming};

use kontor_platform::{Instant, Result, Work};

use super::runs;

/// Discards lists staged before `before`, and the lines of discarded ones.
pub fn drop_staged(work: &mut Work<'_>, before: Instant) -> Result<u64> {
    store::discard_older(work, before)
}

/// Discards every staged list that names this address.
pub fn discard_naming(work: &mut Work<'_>, address: &str) -> Result<()> {
    for import in store::discard_naming(work, address)? {
        // What this process has read of it goes too.
        runs::forget(import.parse()?);
    }
    Ok(())
}
