//! What becomes of every line of a list. Pure: lines and what is known go in,
//! outcomes come out; the database is neither read nor written here.
//!
//! Identity, in order: identifier, this cluster's last list, name with place
//! and country. Two lines never claim one record.

use std::collections::{HashMap, HashSet};

use kontor_analysis::names::{slug, sort_key};
use kontor_platform::{Id, Result};

use super::super::industries::normal;
use super::super::model::{Organisation, State};
use super::columns::{place_key, row_key};
use super::known::{Index, Known, Record};
use super::model::{Action, Attr, Change, Contact, Counts, Draft, Field, Line, Reason, Twin};
use super::news::News;
use super::progress::{Progress, Step as Stage};
use super::twins;

/// What becomes of one line.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub line: usize,
    pub name: String,
    pub action: Action,
    /// The record it creates or means; none when rejected.
    pub organisation: Option<Id<Organisation>>,
    /// The record's address.
    pub slug: String,
    pub reason: Option<Reason>,
    /// Values that are set.
    pub changes: Vec<Change>,
    /// Values that somebody keeps otherwise by now: asked, never overwritten.
    pub kept: Vec<Change>,
    /// Values of fields that the organisation keeps itself: only taken from the
    /// list where somebody says so.
    pub asked: Vec<Change>,
    /// Those that somebody took.
    pub taken: Vec<Attr>,
    /// The day on which the record's size was counted before.
    pub size_as_of: Option<String>,
    /// Whether a membership begins.
    pub joins: bool,
    pub people: Vec<Contact>,
    /// Identifiers and classes that are added.
    pub external: Vec<(String, String)>,
    pub classes: Vec<String>,
    pub twins: Vec<Twin>,
    /// What is remembered for the next list; none when that is known already.
    pub remember: Option<String>,
    pub draft: Draft,
    pub unread: Vec<(Field, String)>,
}

/// A record of the cluster that the list does not name.
#[derive(Debug, Clone)]
pub struct Absent {
    pub organisation: Id<Organisation>,
    pub slug: String,
    pub name: String,
    /// Whether somebody says that its membership ends.
    pub ends: bool,
}

/// What becomes of a list.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    pub outcomes: Vec<Outcome>,
    pub absent: Vec<Absent>,
    pub counts: Counts,
    /// The log's head that the plan was made at.
    pub head: i64,
}

impl Plan {
    /// Whether applying it would change a record.
    pub fn has_effect(&self) -> bool {
        self.counts.new + self.counts.changed > 0 || self.absent.iter().any(|a| a.ends)
    }

    /// What is written, in the order of its records: the place of the line, the
    /// record, and what becomes of it.
    pub(super) fn by_organisation(&self) -> Vec<(usize, Id<Organisation>, &Outcome)> {
        let lines = self.outcomes.iter().enumerate();
        let mut all: Vec<_> = lines
            .filter_map(|(i, o)| Some((i, o.organisation?, o)))
            .collect();
        all.sort_by_key(|(_, organisation, _)| *organisation);
        all
    }
}

impl Outcome {
    /// The record that it makes.
    fn made(&self) -> Option<Id<Organisation>> {
        self.organisation.filter(|_| self.action == Action::New)
    }
}

/// Decides about every line.
///
/// # Errors
/// Refused when somebody stops it.
pub fn plan(lines: Vec<Line>, known: &Known, progress: &Progress) -> Result<Plan> {
    progress.begin(Stage::Matching, lines.len())?;
    let index = Index::new(&known.records);
    let repeated = repeated(&lines);
    let matched = Matching::run(&lines, &repeated, known, &index);
    let mut planner = Planner {
        known,
        twins: twins::Finder::new(known, index),
        slugs: known.slugs.clone(),
        ids: known
            .records
            .iter()
            .flat_map(|r| r.external.iter().cloned())
            .collect(),
    };
    let mut outcomes = Vec::with_capacity(lines.len());
    for (i, line) in lines.into_iter().enumerate() {
        progress.advance(i)?;
        outcomes.push(planner.outcome(line, repeated.get(&i), matched.of(i)));
    }
    number_by_name(&mut outcomes);
    let absent = absent(known, &matched);
    Ok(Plan {
        counts: count(&outcomes, absent.len()),
        outcomes,
        absent,
        head: known.head,
    })
}

/// Gives new records their identifiers in the order of names: most indexes
/// stand in one of these orders, and a row that is written in both lies beside
/// the one before.
fn number_by_name(outcomes: &mut [Outcome]) {
    let mut ids: Vec<_> = outcomes.iter().filter_map(Outcome::made).collect();
    ids.sort_unstable();
    let mut new: Vec<&mut Outcome> = outcomes.iter_mut().filter(|o| o.made().is_some()).collect();
    new.sort_by_cached_key(|o| sort_key(&o.name));
    for (outcome, id) in new.into_iter().zip(ids) {
        outcome.organisation = Some(id);
    }
}

fn absent(known: &Known, matched: &Matching) -> Vec<Absent> {
    let records = known.records.iter().enumerate();
    let mut absent: Vec<Absent> = records
        .filter(|(i, r)| r.is_member(known.cluster) && !matched.claimed.contains_key(i))
        .map(|(_, r)| Absent {
            organisation: r.id,
            slug: r.slug.clone(),
            name: r.values.get(Attr::Name).to_owned(),
            ends: false,
        })
        .collect();
    absent.sort_by_cached_key(|a| (sort_key(&a.name), a.organisation));
    absent
}

fn count(outcomes: &[Outcome], absent: usize) -> Counts {
    let of = |action| outcomes.iter().filter(|o| o.action == action).count();
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    Counts {
        new: number(of(Action::New)),
        changed: number(of(Action::Changed)),
        unchanged: number(of(Action::Unchanged)),
        rejected: number(of(Action::Rejected)),
        duplicates: number(outcomes.iter().filter(|o| !o.twins.is_empty()).count()),
        absent: number(absent),
    }
}

/// Lines that say the same record twice, with the earlier line: the same
/// number, the same strongest identifier, or the same name and address.
fn repeated(lines: &[Line]) -> HashMap<usize, usize> {
    let mut first: HashMap<String, usize> = HashMap::new();
    let mut again = HashMap::new();
    for (i, line) in lines.iter().enumerate() {
        let Ok(draft) = &line.draft else { continue };
        let mut keys = vec![row_key(draft)];
        if let Some((scheme, value)) = draft.external.first() {
            keys.push(format!("{scheme}:{value}"));
        }
        let earlier = keys.iter().find_map(|key| first.get(key).copied());
        match earlier {
            Some(line) => {
                again.insert(i, line);
            }
            None => first.extend(keys.into_iter().map(|key| (key, line.line))),
        }
    }
    again
}

/// Finds the records that a line may mean, the likeliest first.
type Step<'a> = &'a dyn Fn(&Draft) -> Vec<usize>;

/// Which record each line means.
struct Matching {
    of_line: HashMap<usize, usize>,
    /// Record to line.
    claimed: HashMap<usize, usize>,
}

impl Matching {
    fn run(
        lines: &[Line],
        repeated: &HashMap<usize, usize>,
        known: &Known,
        index: &Index,
    ) -> Matching {
        let mut matching = Matching {
            of_line: HashMap::new(),
            claimed: HashMap::new(),
        };
        let steps: [Step<'_>; 4] = [
            &|draft| by_identifier(draft, known, index),
            &|draft| by_last_list(draft, known, index),
            &|draft| by_name(draft, known, index, true),
            &|draft| by_name(draft, known, index, false),
        ];
        for step in steps {
            for (i, line) in lines.iter().enumerate() {
                let Ok(draft) = &line.draft else { continue };
                if repeated.contains_key(&i) || matching.of_line.contains_key(&i) {
                    continue;
                }
                let free = step(draft)
                    .into_iter()
                    .find(|r| !matching.claimed.contains_key(r));
                if let Some(record) = free {
                    matching.of_line.insert(i, record);
                    matching.claimed.insert(record, line.line);
                }
            }
        }
        matching
    }

    fn of(&self, line: usize) -> Option<usize> {
        self.of_line.get(&line).copied()
    }
}

/// A record may be meant when the viewer may see it and it is not merged away.
fn usable(record: &Record) -> bool {
    record.visible && record.state != State::Merged
}

fn by_identifier(draft: &Draft, known: &Known, index: &Index) -> Vec<usize> {
    let pairs = draft.external.iter().enumerate();
    pairs
        .filter_map(|(strength, pair)| {
            let record = *index.by_external.get(pair)?;
            let r = &known.records[record];
            // A stronger identifier that differs says it is another one.
            (usable(r) && !r.contradicts(&draft.external[..strength])).then_some(record)
        })
        .collect()
}

fn by_last_list(draft: &Draft, known: &Known, index: &Index) -> Vec<usize> {
    known
        .remembered
        .get(&row_key(draft))
        .and_then(|seen| index.by_id.get(seen).copied())
        .filter(|r| usable(&known.records[*r]))
        .into_iter()
        .collect()
}

/// Candidates with the same name at the same place, the likeliest first.
fn by_name(draft: &Draft, known: &Known, index: &Index, exact: bool) -> Vec<usize> {
    let (name, city) = place_key(&draft.values);
    let mut found: Vec<usize> = index.by_name.get(&name).map_or_else(Vec::new, |all| {
        all.iter()
            .copied()
            .filter(|r| {
                let r = &known.records[*r];
                usable(r)
                    && r.city_key == city
                    && !r.is_elsewhere(draft)
                    && !r.contradicts(&draft.external)
                    && (!exact || r.values.get(Attr::Name) == draft.values.get(Attr::Name))
            })
            .collect()
    });
    let other = |r: &Record, attr| r.values.get(attr) != draft.values.get(attr);
    found.sort_by_key(|i| {
        let r = &known.records[*i];
        (
            !r.is_member(known.cluster),
            other(r, Attr::Postcode),
            other(r, Attr::Street),
            r.id,
        )
    });
    found
}

struct Planner<'k> {
    known: &'k Known,
    twins: twins::Finder<'k>,
    slugs: HashSet<String>,
    /// Identifiers that a record has, or a line before takes.
    ids: HashSet<(String, String)>,
}

impl Planner<'_> {
    fn outcome(&mut self, line: Line, again: Option<&usize>, record: Option<usize>) -> Outcome {
        let mut outcome = Outcome {
            line: line.line,
            name: line.name,
            action: Action::Rejected,
            organisation: None,
            slug: String::new(),
            reason: None,
            changes: Vec::new(),
            kept: Vec::new(),
            asked: Vec::new(),
            taken: Vec::new(),
            size_as_of: None,
            joins: false,
            people: Vec::new(),
            external: Vec::new(),
            classes: Vec::new(),
            twins: Vec::new(),
            remember: None,
            draft: Draft::default(),
            unread: Vec::new(),
        };
        match (line.draft, again) {
            (Err(reason), _) => outcome.reason = Some(reason),
            (Ok(_), Some(earlier)) => outcome.reason = Some(Reason::SameLine(*earlier)),
            (Ok(draft), None) => {
                outcome.unread.clone_from(&draft.unread);
                outcome.draft = draft;
                match record {
                    Some(i) => self.update(&mut outcome, &self.known.records[i]),
                    None => match self.absorbed(&outcome.draft) {
                        Some(record) => {
                            outcome.action = Action::Unchanged;
                            outcome.organisation = Some(record.id);
                            outcome.slug.clone_from(&record.slug);
                        }
                        None => self.create(&mut outcome),
                    },
                }
            }
        }
        outcome
    }

    /// The record that this line's record was merged into, if another line of
    /// the list speaks for it already: a list that still names both changes
    /// nothing.
    fn absorbed(&self, draft: &Draft) -> Option<&Record> {
        let id = self.known.remembered.get(&row_key(draft))?;
        let is_winner = self.known.winners.contains(id);
        let records = &self.known.records;
        records
            .iter()
            .find(|r| is_winner && r.id == *id && usable(r))
    }

    fn create(&mut self, outcome: &mut Outcome) {
        outcome.action = Action::New;
        outcome.twins = self.twins.find(&outcome.draft, outcome.line);
        outcome.organisation = Some(Id::new());
        outcome.slug = self.free_slug(outcome.draft.values.get(Attr::Name));
        outcome.joins = true;
        outcome.people = std::mem::take(&mut outcome.draft.contacts);
        outcome.classes.clone_from(&outcome.draft.classes);
        outcome.external = self.free_ids(&outcome.draft.external);
        outcome.remember = Some(row_key(&outcome.draft));
    }

    fn update(&mut self, outcome: &mut Outcome, record: &Record) {
        outcome.organisation = Some(record.id);
        outcome.slug.clone_from(&record.slug);
        outcome.size_as_of.clone_from(&record.size_as_of);
        let key = row_key(&outcome.draft);
        let said = self.known.said.get(&record.id);
        let news = News {
            draft: &outcome.draft,
            record,
            said,
            own: record.is_member(self.known.cluster) || record.clusters.is_empty(),
        };
        (outcome.changes, outcome.kept, outcome.asked) = news.values();
        let new = |pair: &&(String, String)| {
            let (scheme, _) = pair;
            !said.is_some_and(|s| s.external.contains(pair))
                && !record.external.iter().any(|(s, _)| s == scheme)
        };
        let external: Vec<_> = outcome.draft.external.iter().filter(new).cloned().collect();
        outcome.external = self.free_ids(&external);
        let added = |code: &&String| {
            let said = said.iter().flat_map(|s| &s.classes);
            !said.map(|c| normal(c)).any(|c| c == **code) && !record.classes.contains(code)
        };
        let classes = outcome.draft.classes.iter().filter(added).cloned();
        // Who keeps the classes has left out what is not there.
        outcome.classes = match record.keeps(Field::Classes.as_str()) {
            true => Vec::new(),
            false => classes.collect(),
        };
        outcome.joins = said.is_none() && !record.is_member(self.known.cluster);
        let repeated = |c: &Contact| {
            said.is_some_and(|s| [&s.contact_mark, &s.second_mark].contains(&&c.mark()))
        };
        outcome.people = std::mem::take(&mut outcome.draft.contacts);
        let people = &mut outcome.people;
        people.retain(|c| !repeated(c) && !self.is_known_person(record, c));
        let news = !outcome.changes.is_empty()
            || !outcome.external.is_empty()
            || !outcome.classes.is_empty()
            || outcome.joins
            || !outcome.people.is_empty();
        outcome.action = if news {
            Action::Changed
        } else {
            Action::Unchanged
        };
        let same = said.is_some_and(|s| {
            *s == Draft {
                contacts: Vec::new(),
                unread: Vec::new(),
                ..outcome.draft.clone()
            }
        });
        outcome.remember = (!same).then_some(key);
    }

    fn is_known_person(&self, record: &Record, contact: &Contact) -> bool {
        let name = sort_key(&contact.name);
        let mail = contact.mail.to_lowercase();
        self.known.people.get(&record.id).is_some_and(|people| {
            people
                .iter()
                .any(|(m, n)| *n == name || (!mail.is_empty() && *m == mail))
        })
    }

    fn free_ids(&mut self, pairs: &[(String, String)]) -> Vec<(String, String)> {
        let free = pairs.iter().filter(|pair| self.ids.insert((*pair).clone()));
        free.cloned().collect()
    }

    fn free_slug(&mut self, name: &str) -> String {
        let plain = slug(name);
        if self.slugs.insert(plain.clone()) {
            return plain;
        }
        for n in 2.. {
            let numbered = format!("{plain}-{n}");
            if self.slugs.insert(numbered.clone()) {
                return numbered;
            }
        }
        unreachable!("the numbers do not end")
    }
}
