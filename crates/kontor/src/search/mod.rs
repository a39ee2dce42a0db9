//! Search: finding what one may see. An index per process, derived from the
//! log and the tables, asked by the search page and the palette.
//!
//! Words: a *card* says what can be found and for whom; a *source* is what one
//! room gives; a *question* is what somebody typed; a *hit* is a found record
//! as the tables hold it now.
//! Always true: what an asker may not open is neither found, nor counted, nor
//! suggested; the index may be thrown away at any moment.

mod find;
mod follow;
mod index;
mod model;
mod pages;
mod question;
mod show;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use kontor_platform::db::{Conn, Db};
use kontor_platform::web::Site;
use kontor_platform::{Clock, Result};

pub use follow::{Step, waiting};
pub use model::{Kind, Source};

use find::{Found, Range};
use follow::{Feed, Follower};
use index::Opened;
use model::Cursor;
use question::Question;

/// How often the log is looked at for what other processes wrote.
const EVERY: Duration = Duration::from_millis(500);

/// The room's addresses.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/suche", get(pages::search))
        .route("/suche/vorschlaege", get(pages::suggestions))
}

/// The index of one process. Clones share it.
#[derive(Clone)]
pub struct Search(Arc<Inner>);

struct Inner {
    place: PathBuf,
    feed: Feed,
    opened: RwLock<Option<Arc<Opened>>>,
    follower: Mutex<Follower>,
    /// An answer failed: the index has to be looked at.
    is_broken: AtomicBool,
}

fn held<T>(result: Result<T, PoisonError<T>>) -> T {
    result.unwrap_or_else(PoisonError::into_inner)
}

impl Search {
    /// The search of a data folder; nothing is opened or made yet.
    pub fn new(data: &Path, db: Db, clock: Clock, sources: &'static [Source]) -> Search {
        Search(Arc::new(Inner {
            place: index::place(&folder(data)),
            feed: Feed { db, clock, sources },
            opened: RwLock::default(),
            follower: Mutex::default(),
            is_broken: AtomicBool::new(false),
        }))
    }

    /// Every source.
    pub fn sources(&self) -> &'static [Source] {
        self.0.feed.sources
    }

    fn opened(&self) -> Option<Arc<Opened>> {
        held(self.0.opened.read()).clone()
    }

    /// What is found; none while there is no index to ask.
    fn find(&self, question: &Question, words: &[String], ranges: &[Range]) -> Option<Found> {
        let opened = self.opened()?;
        match find::find(&opened, question, words, ranges) {
            Ok(found) => Some(found),
            Err(error) => {
                tracing::error!(%error, "the search index cannot be asked; reading anew");
                self.0.is_broken.store(true, Ordering::Relaxed);
                None
            }
        }
    }

    /// Takes in the next facts, on the calling thread.
    pub fn step(&self) -> Result<Step> {
        let inner = &self.0;
        let mut follower: MutexGuard<'_, Follower> = held(inner.follower.lock());
        if inner.is_broken.swap(false, Ordering::Relaxed) {
            throw_away(&inner.place)?;
        }
        let opened = match self.opened() {
            Some(opened) if !follower.is_lost() && index::exists(&inner.place) => opened,
            _ => {
                let opened = Arc::new(follower.open(&inner.feed, &inner.place)?);
                *held(inner.opened.write()) = Some(Arc::clone(&opened));
                opened
            }
        };
        let step = follower.step(&inner.feed, &opened);
        if step.is_err() {
            follower.close();
        }
        step
    }

    /// Takes in everything there is.
    pub fn catch_up(&self) -> Result<()> {
        loop {
            match self.step()? {
                Step::Done => return Ok(()),
                Step::More => {}
                Step::Later => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }

    /// Follows the log until this search and its site are gone.
    pub async fn follow(self) {
        let weak = Arc::downgrade(&self.0);
        let db = self.0.feed.db.clone();
        drop(self);
        let mut failures = 0;
        loop {
            let Some(search) = weak.upgrade().map(Search) else {
                return;
            };
            let step = tokio::task::spawn_blocking(move || search.step()).await;
            match step {
                Ok(Ok(step)) => {
                    failures = 0;
                    if step == Step::More {
                        continue;
                    }
                }
                failed => {
                    match failed {
                        Err(error) => tracing::error!(%error, "the search's reader panicked"),
                        Ok(Err(error)) => {
                            tracing::warn!(%error, "the search cannot follow the log");
                        }
                        Ok(Ok(_)) => {}
                    }
                    // What failed may be the making of a whole index, on a full disk:
                    // over and over it would keep everybody from the database.
                    tokio::time::sleep(pause(failures)).await;
                    failures += 1;
                    continue;
                }
            }
            // The pause also sees what other processes wrote.
            let _ = tokio::time::timeout(EVERY, db.changed()).await;
        }
    }
}

/// How long nothing is tried after so many failures in a row: from a second to
/// some four minutes.
fn pause(failures: u32) -> Duration {
    Duration::from_secs(1 << failures.min(8))
}

fn folder(data: &Path) -> PathBuf {
    data.join("index")
}

/// What an index says of itself, for the operator.
pub struct State {
    pub documents: u64,
    /// The number of the last fact that is in it.
    pub seq: i64,
    cursor: Cursor,
}

impl State {
    /// Whether the index was made of this log.
    pub fn fits(&self, conn: &mut Conn) -> Result<bool> {
        follow::fits(conn, &self.cursor)
    }
}

/// Looks at the index of a data folder without writing to it; none if there is
/// no whole one.
pub fn state(data: &Path) -> Option<State> {
    let (opened, cursor) = index::open(&index::place(&folder(data))).ok()?;
    Some(State {
        documents: opened.reader.searcher().num_docs(),
        seq: cursor.seq,
        cursor,
    })
}

/// Throws the index of a data folder away; says whether there was one. The
/// process that serves the folder, or its next start, makes a new one.
pub fn reset(data: &Path) -> Result<bool> {
    let folder = folder(data);
    let there = folder.exists();
    throw_away(&folder)?;
    Ok(there)
}

/// Moves a folder out of the way first: whoever still writes to it must not
/// meet half of it.
fn throw_away(folder: &Path) -> Result<()> {
    if folder.exists() {
        let away = folder.with_extension(format!("old-{}", std::process::id()));
        std::fs::rename(folder, &away)?;
        std::fs::remove_dir_all(&away)?;
    }
    Ok(())
}
