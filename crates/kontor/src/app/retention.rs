//! Forgets once an hour what is kept for a time only.

use std::time::Duration;

use kontor_platform::web::Site;
use kontor_platform::work::Stamp;
use kontor_platform::{Error, Result};

use crate::directory;

const EVERY: Duration = Duration::from_secs(3600);

/// Looks when the server starts, and then every hour.
pub fn start(site: &Site) {
    let site = site.clone();
    tokio::spawn(async move {
        let mut every = tokio::time::interval(EVERY);
        loop {
            every.tick().await;
            let site = site.clone();
            let done = tokio::task::spawn_blocking(move || round(&site)).await;
            if let Err(error) = done.map_err(|e| Error::Broken(Box::new(e))).flatten() {
                tracing::warn!(%error, "what is past its time cannot be forgotten");
            }
        }
    });
}

/// Forgets what is past its time at this moment.
pub fn round(site: &Site) -> Result<()> {
    let stamp = Stamp::system(site.clock.now());
    site.db.write_now(stamp, directory::forget)
}
