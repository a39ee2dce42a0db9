//! Possible duplicates of one's clusters, page by page, as the asker may see them.
//!
//! Words: a *place* is where a page ends, and the next one begins behind it.
//! Always true: every pair stands on exactly one page, whoever leads which clusters
//! of both records; of what may not be seen, one notice stands by the own record,
//! and no address of a page names it (INV-23).

mod store;

use std::collections::HashSet;

use kontor_analysis::duplicates::Reason;
use kontor_platform::Result;
use kontor_platform::db::Conn;

use super::commands;
use super::model::{Record, Way, reason_key, way, why};
use super::store::{agreed, records};
use crate::accounts::Who;
use crate::directory::policy::reach;
use store::Found;

/// Pairs on one page.
pub const PAGE: usize = 20;
/// The start page counts so far.
const COUNTED: usize = 50;
/// Pairs read at once beside those wanted: some are not shown.
const SPARE: usize = 40;
/// Most pairs read at once.
const ROUND: usize = 6000;

/// Two records side by side.
pub struct PairView {
    pub first: Record,
    /// None: it belongs to another cluster and may not be seen here (INV-23).
    pub second: Option<Record>,
    pub reasons: Vec<&'static str>,
    /// Key of what merging would mean.
    pub way: &'static str,
    sort_key: String,
}

/// Where a page ends: the last own record with the last other one that was named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    pub sort_key: String,
    pub first: String,
    /// Empty while no pair of the first record was named.
    pub second: String,
    /// The notice about hidden records stood by the first one.
    pub is_told: bool,
}

impl Place {
    /// From an address; the beginning, if it does not look like one.
    pub fn parse(text: &str) -> Place {
        let mut parts = text.rsplitn(4, '~');
        let mut next = || parts.next().unwrap_or_default().to_owned();
        let (told, second, first, sort_key) = (next(), next(), next(), next());
        Place {
            sort_key,
            first,
            second,
            is_told: told == "1",
        }
    }

    /// As it stands in an address, not yet encoded.
    pub fn address(&self) -> String {
        let told = i32::from(self.is_told);
        format!("{}~{}~{}~{told}", self.sort_key, self.first, self.second)
    }

    /// Behind the last of these, which follow `self`.
    fn behind(&self, shown: &[PairView]) -> Option<Place> {
        let last = &shown.last()?.first;
        let mut place = match *self.first == last.id.to_string() {
            true => self.clone(),
            false => Place::default(),
        };
        for view in shown.iter().filter(|v| v.first.id == last.id) {
            place.sort_key.clone_from(&view.sort_key);
            place.first = last.id.to_string();
            match &view.second {
                Some(second) => place.second = second.id.to_string(),
                None => place.is_told = true,
            }
        }
        Some(place)
    }
}

/// One page of at most `size` pairs behind a place, in the order of the own
/// records' names, and where the next one begins.
pub fn page(
    conn: &mut Conn,
    who: &Who,
    led: &[&str],
    from: &Place,
    size: usize,
) -> Result<(Vec<PairView>, Option<Place>)> {
    let mut judge = Judge {
        who,
        led,
        agreed: agreed(conn)?,
        told: HashSet::new(),
    };
    if from.is_told {
        judge.told.insert(from.first.clone());
    }
    let (mut at, mut limit) = (from.clone(), size + SPARE);
    let mut views = Vec::new();
    // What is not shown leaves no gap: read on until the page is full.
    loop {
        let found = store::after(conn, led, &at, limit)?;
        if let Some(last) = found.last() {
            at.sort_key.clone_from(&last.sort_key);
            at.first = last.first.to_string();
            at.second = last.second.to_string();
        }
        let is_done = found.len() < limit;
        judge.views(conn, found, &mut views)?;
        if is_done || views.len() > size {
            break;
        }
        limit = ROUND.min(limit * 4);
    }
    let more = views.len() > size;
    views.truncate(size);
    let next = from.behind(&views).filter(|_| more);
    Ok((views, next))
}

/// How many pairs the pages of duplicates show.
pub struct Pairs {
    pub count: i64,
    /// There are more than were counted.
    pub is_more: bool,
}

/// Open pairs in the clusters that the asker leads.
pub fn count_pairs(conn: &mut Conn, who: &Who, led: &[&str]) -> Result<Pairs> {
    let (views, next) = page(conn, who, led, &Place::default(), COUNTED)?;
    Ok(Pairs {
        count: i64::try_from(views.len()).unwrap_or(i64::MAX),
        is_more: next.is_some(),
    })
}

/// Says which pairs are shown to somebody, and how.
struct Judge<'a> {
    who: &'a Who,
    /// Clusters whose pairs are asked for.
    led: &'a [&'a str],
    /// Clusters that agreed to equal register numbers.
    agreed: HashSet<String>,
    /// Own records by which the notice about hidden ones stands.
    told: HashSet<String>,
}

impl Judge<'_> {
    /// Adds the pairs that are shown, in their order.
    fn views(
        &mut self,
        conn: &mut Conn,
        found: Vec<Found>,
        views: &mut Vec<PairView>,
    ) -> Result<()> {
        if found.is_empty() {
            return Ok(());
        }
        let mut ids: Vec<_> = found.iter().flat_map(|f| [f.first, f.second]).collect();
        ids.sort();
        ids.dedup();
        let records = records(conn, &ids)?;
        for found in found {
            let Some((first, second)) = records.get(&found.first).zip(records.get(&found.second))
            else {
                continue;
            };
            views.extend(self.view(found.sort_key, first, second));
        }
        Ok(())
    }

    fn view(&mut self, sort_key: String, first: &Record, second: &Record) -> Option<PairView> {
        let reasons = why(first, second);
        // Where both are one's own, the pair is found from either side.
        let is_led = |r: &Record| r.clusters.iter().any(|(id, _)| self.led.contains(&&**id));
        if reasons.is_empty() || (second.id < first.id && is_led(second)) {
            return None;
        }
        let is_seen = reach(&self.who.actor).covers(second.visibility, &second.cluster_ids());
        // Weak likeness to a hidden record would tell too much about it, and one
        // notice per own record is enough.
        let is_strong = reasons[0] <= Reason::FormerName;
        let is_shown = is_seen || (is_strong && self.told.insert(first.id.to_string()));
        if !is_shown {
            return None;
        }
        let same = reasons.contains(&Reason::RegisterNumber);
        let clusters = commands::concerned(first, second);
        let way = way(|c| self.who.actor.manages(c), &clusters, same, &self.agreed);
        Some(PairView {
            first: first.clone(),
            reasons: match is_seen {
                true => reasons.into_iter().map(reason_key).collect(),
                false => Vec::new(),
            },
            second: is_seen.then(|| second.clone()),
            way: match way {
                Way::AtOnce => "duplicates-way-at-once",
                Way::ByAgreement => "duplicates-way-agreement",
                Way::Proposal => "duplicates-way-proposal",
            },
            sort_key,
        })
    }
}
