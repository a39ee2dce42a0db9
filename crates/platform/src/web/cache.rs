//! The page cache: anonymous pages without person fields and forms. A page
//! carries tags (the rooms whose facts change it) and is served only while
//! none of them has changed.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, RwLock};

use axum::body::Bytes;

use crate::db::Db;
use crate::error::Result as Outcome;
use crate::log;

/// Bytes of pages that are kept at the most.
const LIMIT: usize = 12 * 1024 * 1024;

/// A rendered page.
pub struct Page {
    pub body: Bytes,
    pub etag: String,
    /// Packed forms, made when first asked for.
    pub brotli: OnceLock<Bytes>,
    pub gzip: OnceLock<Bytes>,
    versions: Vec<(&'static str, i64)>,
}

/// The cache of one process.
pub struct PageCache {
    on: bool,
    pages: RwLock<HashMap<String, Arc<Page>>>,
    size: AtomicUsize,
    versions: RwLock<HashMap<String, i64>>,
    seen: AtomicI64,
}

impl PageCache {
    /// A cache, or one that keeps nothing (for measuring).
    pub fn new(on: bool) -> Self {
        PageCache {
            on,
            pages: RwLock::default(),
            size: AtomicUsize::new(0),
            versions: RwLock::default(),
            seen: AtomicI64::new(0),
        }
    }

    /// Whether it keeps anything at all.
    pub fn is_on(&self) -> bool {
        self.on
    }

    /// A page that is still true.
    pub fn get(&self, key: &str) -> Option<Arc<Page>> {
        if !self.on {
            return None;
        }
        let page = lock(self.pages.read()).get(key)?.clone();
        let versions = lock(self.versions.read());
        let fresh = page
            .versions
            .iter()
            .all(|(tag, v)| versions.get(*tag).unwrap_or(&0) == v);
        fresh.then_some(page)
    }

    /// The versions of `tags`, taken before the page's queries run.
    pub fn versions(&self, tags: &[&'static str]) -> Vec<(&'static str, i64)> {
        let versions = lock(self.versions.read());
        tags.iter()
            .map(|tag| (*tag, versions.get(*tag).copied().unwrap_or(0)))
            .collect()
    }

    /// Keeps a page under the versions that held before it was made.
    pub fn put(
        &self,
        key: String,
        body: Bytes,
        etag: String,
        versions: Vec<(&'static str, i64)>,
    ) -> Arc<Page> {
        let size = body.len() * 4 / 3 + key.len() + 200;
        let page = Arc::new(Page {
            body,
            etag,
            brotli: OnceLock::new(),
            gzip: OnceLock::new(),
            versions,
        });
        if !self.on {
            return page;
        }
        let mut pages = lock(self.pages.write());
        if self.size.load(Ordering::Relaxed) > LIMIT {
            pages.clear();
            self.size.store(0, Ordering::Relaxed);
        }
        // A packed form of about a third of the size may join the page later.
        self.size.fetch_add(size, Ordering::Relaxed);
        pages.insert(key, Arc::clone(&page));
        page
    }

    /// Lets go of every page: something that all of them show has changed.
    pub fn clear(&self) {
        lock(self.pages.write()).clear();
        self.size.store(0, Ordering::Relaxed);
    }

    /// Notes that the room `tag` changed with fact number `seq`.
    fn bump(&self, tag: &str, seq: i64) {
        let mut versions = lock(self.versions.write());
        match versions.get_mut(tag) {
            Some(version) => *version = seq.max(*version),
            None => {
                versions.insert(tag.to_owned(), seq);
            }
        }
    }

    /// Follows the log to its head; called before each page on a shared
    /// database, and now and then when another process may have written.
    pub fn follow(&self, db: &Db) -> Outcome<()> {
        loop {
            let seen = self.seen.load(Ordering::SeqCst);
            let entries = db.read_now(move |conn| log::after(conn, seen, 2000))?;
            let Some(last) = entries.last().map(|e| e.seq) else {
                return Ok(());
            };
            for entry in &entries {
                self.bump(room(&entry.kind), entry.seq);
            }
            self.seen.fetch_max(last, Ordering::SeqCst);
        }
    }

    /// Notes a commit of this process: the kinds of its facts, the last number.
    /// What is seen of the log stays where it is: another process may have
    /// written facts just below these numbers.
    pub fn committed(&self, kinds: &mut dyn Iterator<Item = &'static str>, seq: i64) {
        for kind in kinds {
            self.bump(room(kind), seq);
        }
    }

    /// Starts at the log's head: nothing older can be in the cache.
    pub fn start_at(&self, seq: i64) {
        self.seen.store(seq, Ordering::SeqCst);
    }
}

/// The room of a fact's kind: what stands before the point.
fn room(kind: &str) -> &str {
    kind.split('.').next().unwrap_or(kind)
}

fn lock<T>(result: Result<T, std::sync::PoisonError<T>>) -> T {
    result.unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Migration;
    use crate::testing::{NOW, on_each_engine};
    use crate::work::Stamp;

    const LOG: &[Migration] = &[Migration {
        name: "0001_log",
        sql: include_str!("../../../../migrations/0001_log.sql"),
    }];

    #[derive(serde::Serialize)]
    struct HouseBuilt;
    impl crate::Fact for HouseBuilt {
        const KIND: &'static str = "houses.house_built";
        fn subject(&self) -> String {
            "1".into()
        }
    }

    fn keep(cache: &PageCache) {
        let versions = cache.versions(&["houses"]);
        cache.put("/".into(), Bytes::new(), String::new(), versions);
        assert!(cache.get("/").is_some());
    }

    #[test]
    fn a_page_falls_with_its_own_rooms_only() {
        let cache = PageCache::new(true);
        keep(&cache);
        cache.committed(&mut ["trees.tree_grown"].into_iter(), 1);
        assert!(cache.get("/").is_some());
        cache.committed(&mut ["houses.house_built"].into_iter(), 2);
        assert!(cache.get("/").is_none());
    }

    #[test]
    fn another_process_is_followed_though_this_one_wrote_after_it() {
        on_each_engine(LOG, |db| {
            let cache = PageCache::new(true);
            keep(&cache);
            // Number 1 comes from elsewhere; this process commits number 2.
            db.write_now(Stamp::system(NOW), |work| {
                work.announce(&HouseBuilt);
                Ok(())
            })
            .unwrap();
            cache.committed(&mut ["trees.tree_grown"].into_iter(), 2);
            assert!(cache.get("/").is_some(), "not known yet");
            cache.follow(&db).unwrap();
            assert!(cache.get("/").is_none());
        });
    }
}
