//! What happens by itself while the server runs: once a day what is over ends,
//! and the journal of erasures is kept beside the database.

use std::path::{Path, PathBuf};
use std::time::Duration;

use kontor_platform::web::Site;
use kontor_platform::work::Stamp;
use kontor_platform::{Error, Result};

use crate::directory;
use crate::privacy;

/// Looks every ten minutes whether the journal must be written, and once a day what
/// is over.
pub fn start(site: &Site, data: PathBuf) {
    let site = site.clone();
    tokio::spawn(async move {
        let mut every = tokio::time::interval(Duration::from_secs(600));
        let mut rounds = 0u64;
        loop {
            every.tick().await;
            let (site, data, daily) = (site.clone(), data.clone(), rounds.is_multiple_of(24 * 6));
            let done = tokio::task::spawn_blocking(move || round(&site, &data, daily)).await;
            if let Ok(Err(error)) | Err(error) = done.map_err(|e| Error::Broken(Box::new(e))) {
                tracing::warn!(%error, "the daily care failed");
            }
            rounds += 1;
        }
    });
}

/// One round; `daily` ends what is over as well.
pub fn round(site: &Site, data: &Path, daily: bool) -> Result<()> {
    privacy::save_file(&site.db, data)?;
    // Messages and requests at the public doors are kept for days, to the hour.
    let now = site.clock.now();
    site.db.write_now(Stamp::system(now), directory::forget)?;
    if daily {
        directory::duplicates::remind(site, now)?;
        let ended = privacy::sweep(site)?;
        if ended > 0 {
            tracing::info!(ended, "what was over has ended");
        }
    }
    Ok(())
}
