//! Empties the mail queue while the server runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kontor_platform::config::Smtp;
use kontor_platform::mail::{self, Outcome};
use kontor_platform::web::Site;
use kontor_platform::{Error, Result};

use crate::accounts::settings;

/// Looks once a second for mails that are due; other processes and nodes may
/// queue some, too. Once `is_over` is set, the mail in hand is the last one.
pub fn start(site: &Site, is_over: Arc<AtomicBool>) {
    let site = site.clone();
    tokio::spawn(async move {
        let mut every = tokio::time::interval(Duration::from_secs(1));
        every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while !is_over.load(Ordering::Relaxed) {
            every.tick().await;
            loop {
                let (site, is_over) = (site.clone(), Arc::clone(&is_over));
                let over = move || is_over.load(Ordering::Relaxed);
                let done = tokio::task::spawn_blocking(move || round(&site, &over)).await;
                match done.map_err(|e| Error::Broken(Box::new(e))) {
                    Ok(Ok(outcome)) if outcome.more => {}
                    Ok(Ok(_)) => break,
                    Ok(Err(error)) | Err(error) => {
                        tracing::warn!(%error, "the mail queue cannot be emptied");
                        break;
                    }
                }
            }
        }
    });
}

/// Sends what is due, by the settings of this moment. A demo sends nothing.
/// `is_over` is asked between two mails.
pub fn round(site: &Site, is_over: &dyn Fn() -> bool) -> Result<Outcome> {
    let (server, url, region) = site.db.read_now(|conn| {
        Ok((
            settings::smtp(conn, &site.config, &site.key)?,
            settings::public_url(conn)?,
            settings::region_name(conn)?,
        ))
    })?;
    site.set_public_url(&url);
    site.set_region(&region);
    let smtp = if site.demo {
        Smtp::default()
    } else {
        server.usable()
    };
    mail::send_due(&site.db, &smtp, &site.clock, is_over)
}
