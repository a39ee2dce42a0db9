//! A plan in words: what the preview shows of every line.

use std::collections::BTreeMap;

use kontor_platform::text::{Arg, Speech};

use super::columns::{self, Mapping};
use super::model::{Action, Attr, Change, Field, Other, Twin};
use super::plan::{Outcome, Plan};
use super::writing::Before;
use crate::accounts::Frame;

const REJECTED: &str = "import-group-rejected";
const DUPLICATES: &str = "import-group-duplicates";

/// Lines shown of each kind.
const SHOWN: usize = 200;

/// A column of the list.
pub struct Column {
    pub heading: String,
    pub field: Option<Field>,
    /// The first filled cell, shortened.
    pub example: String,
}

impl Column {
    /// Whether the column was recognised as this field.
    pub fn holds(&self, field: &Field) -> bool {
        self.field == Some(*field)
    }
}

/// Columns with what they hold and an example.
pub fn columns_of(header: &[String], mapping: &Mapping, samples: &[Vec<String>]) -> Vec<Column> {
    let pairs = header.iter().zip(mapping).enumerate();
    pairs
        .map(|(i, (heading, field))| {
            let mut cells = samples.iter().filter_map(|cells| cells.get(i));
            let example = cells.find(|c| !c.is_empty());
            Column {
                heading: heading.clone(),
                field: *field,
                example: example.map_or_else(String::new, |c| c.chars().take(60).collect()),
            }
        })
        .collect()
}

/// How many columns of a list are taken, in words: what somebody chose or the
/// cluster remembers was not recognised at its heading.
pub fn columns_in_words(columns: &[Column], f: &Frame) -> String {
    let header: Vec<String> = columns.iter().map(|c| c.heading.clone()).collect();
    let shipped = columns::recognise(&header, &BTreeMap::new());
    let is_taken = |c: &Column| c.field.is_some_and(|field| field != Field::Ignored);
    let taken = columns.iter().filter(|c| is_taken(c)).count();
    let pairs = columns.iter().zip(&shipped);
    let known = pairs.filter(|(c, s)| is_taken(c) && c.field == **s).count();
    if known == columns.len() {
        return f.t("import-columns-all").to_owned();
    }
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let counts = [
        ("taken", Arg::Count(number(taken))),
        ("all", Arg::Count(number(columns.len()))),
        ("known", Arg::Count(number(known))),
        ("chosen", Arg::Count(number(taken - known))),
        ("left", Arg::Count(number(columns.len() - taken))),
    ];
    f.with("import-columns-some", &counts)
}

/// A column whose meaning an earlier one has already.
pub struct Clash {
    /// Its place in the list.
    pub at: usize,
    /// Both headings and the meaning, in a sentence.
    pub words: String,
}

/// Columns with a meaning that an earlier one has.
pub fn clashes(columns: &[Column], f: &Frame) -> Vec<Clash> {
    let heading = |c: &Column| match c.heading.as_str() {
        "" => f.t("import-column-nameless").to_owned(),
        heading => heading.to_owned(),
    };
    let earlier = |(at, column): (usize, &Column)| {
        let field = column.field.filter(|field| *field != Field::Ignored)?;
        let first = columns[..at].iter().find(|c| c.field == Some(field))?;
        let (first, second) = (heading(first), heading(column));
        let names = [
            ("first", Arg::Text(&first)),
            ("second", Arg::Text(&second)),
            ("meaning", Arg::Text(f.t(field.key()))),
        ];
        let words = f.with("import-columns-clash", &names);
        Some(Clash { at, words })
    };
    columns.iter().enumerate().filter_map(earlier).collect()
}

/// Lines of one kind.
pub struct Group {
    pub key: &'static str,
    /// Class of the chip.
    pub chip: &'static str,
    pub count: i64,
    pub rows: Vec<Row>,
    /// What somebody has to look at is shown at once.
    pub is_open: bool,
}

/// One line in words.
pub struct Row {
    pub line: Option<usize>,
    pub name: String,
    /// Path of the record, if it exists already.
    pub path: Option<String>,
    pub notes: Vec<String>,
}

/// The kinds of lines, the ones to look at first.
pub fn groups(plan: &Plan, f: &Frame) -> Vec<Group> {
    let c = plan.counts;
    let of = |action: Action| plan.outcomes.iter().filter(move |o| o.action == action);
    let rows = |action: Action| of(action).take(SHOWN).map(|o| row(o, f)).collect();
    let twins = plan.outcomes.iter().filter(|o| !o.twins.is_empty());
    let twins = twins.take(SHOWN).map(|o| twin_row(o, f)).collect();
    let group = |key: &'static str, chip, count, rows| Group {
        key,
        chip,
        count,
        rows,
        is_open: matches!(key, REJECTED | DUPLICATES),
    };
    let all = vec![
        group(
            REJECTED,
            "chip--klinker",
            c.rejected,
            rows(Action::Rejected),
        ),
        group(DUPLICATES, "chip--warn", c.duplicates, twins),
        group("import-group-new", "chip--ok", c.new, rows(Action::New)),
        group(
            "import-group-changed",
            "chip--elbe",
            c.changed,
            rows(Action::Changed),
        ),
        group(
            "import-group-unchanged",
            "chip--line",
            c.unchanged,
            rows(Action::Unchanged),
        ),
    ];
    all
}

/// A field that an organisation keeps itself and the list says otherwise.
pub struct Question {
    pub name: String,
    /// What the box sends when the list's value is taken.
    pub value: String,
    pub words: String,
}

/// One question per field that an organisation keeps itself.
pub fn questions(plan: &Plan, f: &Frame) -> Vec<Question> {
    let mut all = Vec::new();
    for o in &plan.outcomes {
        let Some(organisation) = o.organisation else {
            continue;
        };
        all.extend(o.asked.iter().map(|c| Question {
            name: o.name.clone(),
            value: format!("{organisation}:{}", c.attr.as_str()),
            words: change("import-note-asked", c, f),
        }));
    }
    all
}

fn row(o: &Outcome, f: &Frame) -> Row {
    let mut notes = Vec::new();
    if let Some(reason) = &o.reason {
        notes.push(f.with(reason.key(), &[("line", Arg::Count(reason.line()))]));
    }
    if o.action == Action::New {
        let value = |attr| o.draft.values.get(attr);
        let place = format!("{} {}", value(Attr::Postcode), value(Attr::City));
        let said = [value(Attr::Street), place.trim(), value(Attr::Website)];
        let said: Vec<&str> = said.into_iter().filter(|v| !v.is_empty()).collect();
        notes.extend((!said.is_empty()).then(|| said.join(", ")));
    }
    notes.extend(o.changes.iter().map(|c| change("import-note-change", c, f)));
    notes.extend(o.kept.iter().map(|c| change("import-note-kept", c, f)));
    notes.extend(o.asked.iter().map(|c| change("import-note-asked", c, f)));
    if o.action == Action::Changed {
        let added = o
            .external
            .iter()
            .map(|(s, v)| format!("{} {v}", s.to_uppercase()));
        let added = added.chain(o.classes.iter().cloned());
        notes.extend(added.map(|what| f.name("import-note-added", what)));
        if o.joins {
            notes.push(f.t("import-note-joins").to_owned());
        }
    }
    let people = o.people.iter();
    notes.extend(people.map(|person| f.name("import-note-person", &person.name)));
    notes.extend(o.unread.iter().map(|(field, cell)| {
        let args = [
            ("name", Arg::Text(f.t(field.key()))),
            ("cell", Arg::Text(cell)),
        ];
        f.with("import-note-unread", &args)
    }));
    let known = matches!(o.action, Action::Changed | Action::Unchanged);
    Row {
        line: Some(o.line),
        name: o.name.clone(),
        path: known.then(|| format!("/organisationen/{}", o.slug)),
        notes,
    }
}

fn change(key: &str, c: &Change, f: &Frame) -> String {
    let (before, after) = (
        value_in_words(f, c.attr, &c.before),
        value_in_words(f, c.attr, &c.after),
    );
    f.with(
        key,
        &[
            ("name", Arg::Text(f.t(c.attr.key()))),
            ("before", Arg::Text(&before)),
            ("after", Arg::Text(&after)),
        ],
    )
}

/// A value as people read it.
pub fn value_in_words(f: &Speech, attr: Attr, text: &str) -> String {
    let word = |key: &'static str| f.t(key).to_owned();
    match text {
        "" => word("import-none"),
        text => stored_word(attr, text).map_or_else(|| text.replace('|', ", "), word),
    }
}

/// What an import changed, from what it kept of the record before and after.
pub fn values(before: &str, after: &str) -> Vec<Change> {
    let before: Option<Before> = serde_json::from_str(before).ok();
    let after: Option<BTreeMap<Attr, String>> = serde_json::from_str(after).ok();
    let (Some(mut before), Some(after)) = (before, after) else {
        return Vec::new();
    };
    let change = |(attr, after): (Attr, String)| Change {
        attr,
        before: before.values.remove(&attr).unwrap_or_default(),
        after,
    };
    after.into_iter().map(change).collect()
}

/// Key of a stored word's name.
fn stored_word(attr: Attr, word: &str) -> Option<&'static str> {
    use super::super::model::{Helix, Size};
    match attr {
        Attr::Side => Helix::parse(word).map(Helix::key),
        Attr::Size => Size::parse(word).map(Size::key),
        Attr::State if word == "inactive" => Some("import-word-inactive"),
        Attr::State => Some("import-word-active"),
        _ => None,
    }
}

fn twin_row(o: &Outcome, f: &Frame) -> Row {
    Row {
        line: Some(o.line),
        name: o.name.clone(),
        path: None,
        notes: o.twins.iter().map(|twin| like(twin, f)).collect(),
    }
}

fn like(twin: &Twin, f: &Frame) -> String {
    let why = f.t(twin.likeness.key());
    match &twin.other {
        Other::Hidden => f.t("import-like-hidden").to_owned(),
        Other::Record { name, .. } => format!("{name} {why}"),
        Other::Line { line, name } => {
            let line = i64::try_from(*line).unwrap_or(0);
            f.with(
                "import-note-twin-line",
                &[
                    ("name", Arg::Text(name)),
                    ("line", Arg::Count(line)),
                    ("why", Arg::Text(why)),
                ],
            )
        }
    }
}
