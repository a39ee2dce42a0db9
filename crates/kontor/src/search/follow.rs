//! The reader of the log that keeps the index up to date. It lives in the
//! processes that serve pages; each has the index of its own data folder.
//!
//! Always true: what the index holds and the number of the last fact in it are
//! committed together; a gap or another history leads to a new index.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::time::{Duration, Instant};

use kontor_platform::db::{Conn, Db};
use kontor_platform::log::{self, Entry};
use kontor_platform::readers::{self, Card, TRIES};
use kontor_platform::work::Stamp;
use kontor_platform::{Clock, Error, Result};

use super::index::{self, Opened, Writer};
use super::model::{Cursor, Source};

/// The reader's name where facts are parked.
pub const READER: &str = "search";
/// Facts of one commit at the most.
const FACTS: i64 = 4000;
/// Facts that change nothing and are not written down for now, at the most.
const UNKEPT: i64 = 20_000;
/// Records read by one statement.
const RECORDS: usize = 256;
/// Without work for so long, the writer gives its buffer back.
const IDLE: Duration = Duration::from_secs(5);

/// What the follower needs of its process.
#[derive(Clone)]
pub struct Feed {
    pub db: Db,
    pub clock: Clock,
    pub sources: &'static [Source],
}

/// Where the follower stands between two steps.
#[derive(Default)]
pub struct Follower {
    writer: Option<Writer>,
    /// The last fact that was taken in.
    at: Option<Cursor>,
    /// The last one that was written down.
    kept: i64,
    /// How often the number of facts per step was halved to find a fault.
    halved: u32,
    failures: u32,
    retry_at: Option<Instant>,
    worked_at: Option<Instant>,
}

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Everything is in the index.
    Done,
    /// There is more.
    More,
    /// A fact failed; it is tried again later.
    Later,
}

/// A record that a fact names: kind of card and identifier.
type Record = (&'static str, String);
/// What becomes of a record's card: a new one, or none.
type Change = (&'static str, String, Option<Card>);

impl Follower {
    /// Opens the index of a folder, or reads everything anew if there is none
    /// that fits the log.
    pub fn open(&mut self, feed: &Feed, place: &Path) -> Result<Opened> {
        self.close();
        match index::open(place) {
            Ok((opened, cursor)) if feed.db.read_now(|c| fits(c, &cursor))? => {
                self.start_at(cursor);
                return Ok(opened);
            }
            Ok(_) => tracing::info!("the search index belongs to another log; reading anew"),
            Err(error) if index::exists(place) => {
                tracing::warn!(%error, "the search index is damaged; reading anew");
            }
            Err(_) => tracing::info!("there is no search index yet; reading everything"),
        }
        self.build(feed, place)?;
        let (opened, cursor) = index::open(place)?;
        self.start_at(cursor);
        Ok(opened)
    }

    fn start_at(&mut self, cursor: Cursor) {
        self.kept = cursor.seq;
        self.at = Some(cursor);
    }

    /// Whether the index has to be opened again.
    pub fn is_lost(&self) -> bool {
        self.at.is_none()
    }

    /// Gives the writer's buffer back and forgets where it stood.
    pub fn close(&mut self) {
        self.writer = None;
        self.at = None;
    }

    /// Reads every record of the tables into a new index beside the old one,
    /// which is answered from until then.
    fn build(&mut self, feed: &Feed, place: &Path) -> Result<()> {
        let begun = Instant::now();
        let fresh = place.with_extension("new");
        let cursor = feed.db.read_now(head)?;
        let (mut writer, index) = index::begin(&fresh)?;
        let mut count = 0;
        let mut failed = Vec::new();
        for source in feed.sources {
            for kind in source.kinds {
                let mut last = String::new();
                loop {
                    let ids = feed
                        .db
                        .read_now(|c| (source.ids)(c, kind.name, &last, RECORDS as i64))?;
                    let Some(end) = ids.last() else { break };
                    last.clone_from(end);
                    count += ids.len();
                    let records = ids.into_iter().map(|id| (kind.name, id)).collect();
                    let (changes, without) = read_each(feed, records);
                    for card in changes.iter().filter_map(|(_, _, card)| card.as_ref()) {
                        writer.add(card)?;
                    }
                    failed.extend(without);
                }
            }
        }
        writer.commit(&cursor)?;
        writer.close()?;
        drop(index);
        if place.exists() {
            std::fs::remove_dir_all(place)?;
        }
        std::fs::rename(&fresh, place)?;
        remove_others(place);
        park_records(feed, failed)?;
        tracing::info!(
            records = count,
            ms = begun.elapsed().as_millis(),
            "the search index is built"
        );
        Ok(())
    }

    /// Takes in the next facts. When a record cannot be read, fewer facts are
    /// taken at a time until the one at fault stands alone.
    pub fn step(&mut self, feed: &Feed, opened: &Opened) -> Result<Step> {
        if self.retry_at.is_some_and(|at| Instant::now() < at) {
            return Ok(Step::Later);
        }
        let Some(at) = self.at.clone() else {
            return Ok(Step::Later);
        };
        let limit = FACTS >> self.halved.min(FACTS.ilog2());
        let Some(entries) = feed.db.read_now(|c| after(c, &at, limit))? else {
            tracing::warn!("the log is not the one the search index was made of");
            self.at = None;
            return Ok(Step::More);
        };
        let Some(last) = entries.last() else {
            self.rest();
            return Ok(Step::Done);
        };
        let next = Cursor {
            seq: last.seq,
            hash: last.hash.clone(),
        };
        let changes = match read(feed, touched(feed.sources, &entries)) {
            Ok(changes) => changes,
            Err(error) => match self.failed(feed, entries.len(), last.seq, &error)? {
                Some(step) => return Ok(step),
                // Parked: it changes nothing.
                None => Vec::new(),
            },
        };
        self.keep(opened, &changes, &next)?;
        self.at = Some(next);
        self.halved = self.halved.saturating_sub(1);
        self.failures = 0;
        Ok(Step::More)
    }

    /// Notes a failure; none when the fact at fault is parked by now.
    fn failed(
        &mut self,
        feed: &Feed,
        facts: usize,
        seq: i64,
        error: &Error,
    ) -> Result<Option<Step>> {
        if facts > 1 {
            self.halved = (FACTS / i64::try_from(facts).unwrap_or(FACTS)).ilog2() + 1;
            return Ok(Some(Step::More));
        }
        self.failures += 1;
        if self.failures < TRIES {
            tracing::warn!(%error, fact = seq, "a fact cannot be taken into the search yet");
            self.retry_at = Some(Instant::now() + readers::pause(self.failures));
            return Ok(Some(Step::Later));
        }
        tracing::error!(%error, fact = seq, "parked a fact of the search");
        park(feed, vec![(seq, error.to_string())])?;
        self.retry_at = None;
        Ok(None)
    }

    /// Writes changes and the place in the log, as one.
    fn keep(&mut self, opened: &Opened, changes: &[Change], next: &Cursor) -> Result<()> {
        // Facts of no record change nothing, today or when they are read again
        // after a restart; only a long run of them is worth a commit.
        if changes.is_empty() && self.writer.is_none() && next.seq - self.kept < UNKEPT {
            return Ok(());
        }
        let mut writer = match self.writer.take() {
            Some(writer) => writer,
            None => Writer::open(&opened.index, opened.fields)?,
        };
        for (kind, id, card) in changes {
            writer.remove(kind, id);
            if let Some(card) = card {
                writer.add(card)?;
            }
        }
        writer.commit(next)?;
        self.writer = Some(writer);
        self.kept = next.seq;
        self.worked_at = Some(Instant::now());
        opened.reader.reload().map_err(index::broken)
    }

    /// Closes a writer that has had nothing to do for a while.
    fn rest(&mut self) {
        let idle = self.worked_at.is_some_and(|at| at.elapsed() > IDLE);
        if idle
            && let Some(writer) = self.writer.take()
            && let Err(error) = writer.close()
        {
            tracing::warn!(%error, "the search index was not closed in order");
        }
    }
}

/// Facts after number `seq` that name a record and wait to be taken in.
pub fn waiting(conn: &mut Conn, sources: &'static [Source], seq: i64) -> Result<usize> {
    let (mut at, mut count) = (seq, 0);
    loop {
        let entries = log::after(conn, at, FACTS)?;
        let Some(last) = entries.last() else {
            return Ok(count);
        };
        at = last.seq;
        count += entries
            .iter()
            .filter(|e| kind_of(sources, &e.kind).is_some())
            .count();
    }
}

/// Where the log ends.
fn head(conn: &mut Conn) -> Result<Cursor> {
    let seq = log::head(conn)?;
    let last = log::after(conn, seq - 1, 1)?;
    Ok(Cursor {
        hash: last.first().map(|e| e.hash.clone()).unwrap_or_default(),
        seq,
    })
}

/// Whether a cursor's fact is in the log as it was.
pub fn fits(conn: &mut Conn, cursor: &Cursor) -> Result<bool> {
    Ok(after(conn, cursor, 0)?.is_some())
}

/// The facts after a cursor; none if the log does not hold the cursor's own.
fn after(conn: &mut Conn, cursor: &Cursor, limit: i64) -> Result<Option<Vec<Entry>>> {
    let mut entries = log::after(conn, cursor.seq - 1, limit + 1)?;
    if cursor.seq > 0 {
        if entries.is_empty() || entries[0].seq != cursor.seq || entries[0].hash != cursor.hash {
            return Ok(None);
        }
        entries.remove(0);
    }
    entries.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(Some(entries))
}

/// The kind of card that the subject of a kind of fact names.
fn kind_of(sources: &'static [Source], fact: &str) -> Option<&'static str> {
    let mut facts = sources.iter().flat_map(|s| s.facts);
    facts.find(|(f, _)| *f == fact).map(|(_, kind)| *kind)
}

/// The records that facts name, each once.
fn touched(sources: &'static [Source], entries: &[Entry]) -> BTreeSet<Record> {
    let named = entries.iter().filter_map(|e| {
        let kind = kind_of(sources, &e.kind)?;
        Some((kind, e.subject.clone()))
    });
    named.collect()
}

/// What the tables say now of records of any kinds.
fn read(feed: &Feed, records: BTreeSet<Record>) -> Result<Vec<Change>> {
    let mut changes = Vec::with_capacity(records.len());
    for source in feed.sources {
        for kind in source.kinds {
            let of_kind = records.iter().filter(|(k, _)| *k == kind.name);
            let ids: Vec<&str> = of_kind.map(|(_, id)| id.as_str()).collect();
            for some in ids.chunks(RECORDS) {
                let cards = feed.db.read_now(|c| (source.cards)(c, kind.name, some))?;
                let mut cards: HashMap<String, Card> =
                    cards.into_iter().map(|c| (c.id.clone(), c)).collect();
                let change = |id: &&str| (kind.name, (*id).to_owned(), cards.remove(*id));
                changes.extend(some.iter().map(change));
            }
        }
    }
    Ok(changes)
}

/// The same for a new index: records that fail together are tried one by one.
/// Those that fail alone are answered with the reason.
fn read_each(feed: &Feed, records: BTreeSet<Record>) -> (Vec<Change>, Vec<(String, String)>) {
    if let Ok(changes) = read(feed, records.clone()) {
        return (changes, Vec::new());
    }
    let (mut changes, mut failed) = (Vec::new(), Vec::new());
    for record in records {
        let (kind, id) = record.clone();
        match read(feed, BTreeSet::from([record])) {
            Ok(change) => changes.extend(change),
            Err(error) => {
                tracing::error!(%error, kind, id, "a record is not in the search");
                failed.push((id, error.to_string()));
            }
        }
    }
    (changes, failed)
}

/// What is parked is what a new index could not take in: the newest fact of
/// each such record.
fn park_records(feed: &Feed, failed: Vec<(String, String)>) -> Result<()> {
    let facts = feed.db.read_now(|c| {
        let mut facts = Vec::new();
        for (id, reason) in failed {
            let newest = log::of_subject(c, &id, 1)?;
            facts.extend(newest.first().map(|e| (e.seq, reason)));
        }
        Ok(facts)
    })?;
    let any = !facts.is_empty()
        || feed
            .db
            .read_now(readers::parked)?
            .iter()
            .any(|p| p.reader == READER);
    if any {
        let stamp = Stamp::system(feed.clock.now());
        feed.db
            .write_now(stamp, |work| readers::unpark(work, READER))?;
        park(feed, facts)?;
    }
    Ok(())
}

fn park(feed: &Feed, facts: Vec<(i64, String)>) -> Result<()> {
    let stamp = Stamp::system(feed.clock.now());
    feed.db.write_now(stamp, move |work| {
        for (seq, reason) in &facts {
            readers::park(work, READER, *seq, reason)?;
        }
        Ok(())
    })
}

/// Removes what older versions left beside the index.
fn remove_others(place: &Path) {
    let Some(folder) = place.parent() else { return };
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten().filter(|e| e.path() != place) {
        // Another process may have been quicker; nothing depends on it.
        let _ = std::fs::remove_dir_all(entry.path());
    }
}
