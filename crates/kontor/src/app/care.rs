//! What happens by itself while the server runs: once a day what is over ends,
//! and the journal of erasures is kept beside the database.

use std::path::{Path, PathBuf};
use std::time::Duration;

use kontor_platform::web::Site;
use kontor_platform::work::Stamp;
use kontor_platform::{Day, Error, Instant, Result};

use crate::directory;
use crate::privacy;

/// How often the journal of erasures is looked at, in seconds; operators are told
/// so.
const JOURNAL_S: u64 = 60;
/// How often the public doors are looked at, in seconds: their messages are kept
/// to the hour.
const DOORS_S: i64 = 600;
/// How long a day's care that failed is left alone, in seconds.
const AGAIN_S: i64 = 3600;

/// When what was done last.
#[derive(Default)]
struct Done {
    doors: Option<Instant>,
    tried: Option<Instant>,
    /// The last day whose care was done without a fault.
    day: Option<Day>,
}

impl Done {
    /// What is due now: the public doors, the day's care.
    fn due(&self, now: Instant) -> (bool, bool) {
        let over = |at: Option<Instant>, s| at.is_none_or(|at| now.seconds_since(at) >= s);
        let daily = self.day != Some(now.day()) && over(self.tried, AGAIN_S);
        (daily || over(self.doors, DOORS_S), daily)
    }
}

/// Looks every minute whether the journal must be written, and once a day what is
/// over.
pub fn start(site: &Site, data: PathBuf) {
    let site = site.clone();
    tokio::spawn(async move {
        let mut every = tokio::time::interval(Duration::from_secs(JOURNAL_S));
        every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut done = Done::default();
        loop {
            every.tick().await;
            let now = site.clock.now();
            let (doors, daily) = done.due(now);
            let (of, data) = (site.clone(), data.clone());
            let task = tokio::task::spawn_blocking(move || {
                if doors {
                    round(&of, &data, daily)
                } else {
                    journal(&of, &data)
                }
            });
            let outcome = task.await.map_err(|e| Error::Broken(Box::new(e)));
            if let Err(error) = &outcome {
                tracing::error!(%error, "the daily care panicked");
            }
            if doors {
                done.doors = Some(now);
            }
            if daily {
                done.tried = Some(now);
                if matches!(outcome, Ok(Ok(()))) {
                    done.day = Some(now.day());
                }
            }
        }
    });
}

/// Writes the journal of erasures beside the database.
pub fn journal(site: &Site, data: &Path) -> Result<()> {
    noted("journal", privacy::save_file(&site.db, data))
}

/// One round; `daily` ends what is over as well. A step that fails keeps no other
/// from being done; the first error is answered, all are logged.
pub fn round(site: &Site, data: &Path, daily: bool) -> Result<()> {
    let now = site.clock.now();
    let mut done = journal(site, data);
    // Messages and requests at the public doors are kept for days, to the hour.
    let doors = site.db.write_now(Stamp::system(now), directory::forget);
    done = done.and(noted("public doors", doors));
    if daily {
        let reminded = directory::duplicates::remind(site, now);
        done = done.and(noted("reminders", reminded.map(|_| ())));
        let ended = privacy::sweep(site);
        if let Ok(ended @ 1..) = &ended {
            tracing::info!(ended, "what was over has ended");
        }
        done = done.and(noted("retention", ended.map(|_| ())));
        done = done.and(noted("files", site.db.tidy()));
    }
    done
}

/// Logs an error with the step's name.
fn noted(step: &'static str, done: Result<()>) -> Result<()> {
    if let Err(error) = &done {
        tracing::warn!(step, %error, "a step of the daily care failed");
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_failed_is_tried_again_within_the_hour() {
        let now = Instant(1_795_338_000_000_000);
        let mut done = Done::default();
        assert_eq!(done.due(now), (true, true), "at the start");
        (done.doors, done.tried) = (Some(now), Some(now));
        assert_eq!(done.due(now.plus_s(599)), (false, false));
        assert_eq!(done.due(now.plus_s(600)), (true, false));
        assert_eq!(done.due(now.plus_s(3600)), (true, true), "it failed");
        done.day = Some(now.day());
        assert_eq!(done.due(now.plus_s(3600)), (true, false), "it was done");
        assert_eq!(done.due(now.plus_s(86_400)), (true, true), "the next day");
    }
}
