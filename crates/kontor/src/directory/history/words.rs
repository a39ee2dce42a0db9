//! Facts in words: what happened, who did it and for whom, what changed.

use kontor_platform::Instant;
use kontor_platform::text::{Arg, Speech};
use serde_json::Value;

use super::model::Noun;
use super::read::{Asking, Fact, Known};
use crate::accounts::RoleKind;
use crate::directory::import::{self, ValueChange};
use crate::directory::model::LegalGround;
use crate::directory::{manage, people, profile};

/// What happened on one day, the newest first.
pub struct Day {
    pub title: String,
    pub items: Vec<Item>,
}

/// One thing that happened.
pub struct Item {
    /// Its place in the log.
    pub seq: i64,
    pub at: Instant,
    pub clock: String,
    pub what: String,
    /// Path, if it has a page, and name of the record or person it names.
    pub link: Option<(Option<String>, String)>,
    /// Who did it, and for whom.
    pub by: String,
    /// Names of the fields that changed, where the values are not known; of a
    /// list, how much it brought.
    pub fields: Vec<String>,
    /// Field, value before, value after.
    pub values: Vec<(String, String, String)>,
    /// The list it came from: path, if the reader may open it, and name.
    pub source: Option<(Option<String>, String)>,
}

/// Items by days.
pub fn days(speech: &Speech, items: Vec<Item>) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for item in items {
        let title = speech.day(&item.at.day());
        match days.last_mut().filter(|d| d.title == title) {
            Some(day) => day.items.push(item),
            None => days.push(Day {
                title,
                items: vec![item],
            }),
        }
    }
    days
}

/// The fact as this reader may know it; none if it is hidden.
pub fn item(speech: &Speech, asking: &Asking, known: &Known, fact: &Fact) -> Option<Item> {
    let entry = &fact.told.entry;
    let link = link(asking, known, fact)?;
    let (changed, source) = from_list(speech, known, fact);
    let listed = fact.named(&["import"]).and_then(|id| known.imports.get(id));
    let fields = match listed {
        Some(i) if entry.kind == "directory.import_applied" => [
            (i.new, "import-count-new"),
            (i.changed, "import-count-changed"),
        ]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, key)| speech.n(key, n))
        .collect(),
        Some(_) => Vec::new(),
        None if changed.is_empty() => fields(speech, fact),
        None => Vec::new(),
    };
    Some(Item {
        seq: entry.seq,
        at: entry.at,
        clock: speech.clock(&entry.at),
        what: sentence(speech, fact, link.as_ref().and_then(|_| other(known, fact))),
        link: link.filter(|_| fact.told.facts == 1),
        by: by(speech, asking, known, fact),
        fields,
        values: changed,
        source,
    })
}

/// When a list was uploaded, and by whom.
pub fn uploaded(speech: &Speech, known: &Known, by: Option<&String>, at: Instant) -> Item {
    let name = actor(speech, known, by.map(String::as_str));
    Item {
        seq: 0,
        at,
        clock: speech.clock(&at),
        what: speech.t("history-uploaded").to_owned(),
        link: None,
        by: speech.name("history-by", name),
        fields: Vec::new(),
        values: Vec::new(),
        source: None,
    }
}

type Link = Option<(Option<String>, String)>;

/// What the fact names, to be linked. The outer option: none if the fact must
/// not be told, because what it names is hidden from the reader.
fn link(asking: &Asking, known: &Known, fact: &Fact) -> Option<Link> {
    let told_unnamed = fact.telling.is_told_unnamed;
    if asking.of == Noun::Cluster
        && let Some((winner, loser)) = fact.merged()
    {
        // Of two records both are named or none: one alone would tell of the other.
        return match (
            known.organisations.get(winner),
            known.organisations.get(loser),
        ) {
            (Some(winner), Some(_)) => Some(Some(linked(winner))),
            _ => asking.manages.then_some(None),
        };
    }
    if asking.of != Noun::Person
        && let Some(id) = fact.human()
    {
        let name = known.people.get(id)?;
        return Some(Some((None, name.clone())));
    }
    if let Some(id) = fact.organisation() {
        // Whoever manages a cluster knows that somebody joined or left it, but
        // not who, once they may not see them; and nobody else may count.
        let told_unnamed = told_unnamed || (asking.of == Noun::Cluster && asking.manages);
        return match known.organisations.get(id) {
            Some(found) if fact.told.facts == 1 => Some(Some(linked(found))),
            _ => told_unnamed.then_some(None),
        };
    }
    if let Some(id) = fact.named(&["cluster"])
        && asking.of != Noun::Import
    {
        let found = known.clusters.get(id);
        return Some(found.map(|(slug, name)| (Some(format!("/cluster/{slug}")), name.clone())));
    }
    if let Some(listed) = fact.named(&["import"]).and_then(|id| known.imports.get(id)) {
        let leads = asking.ids.iter().any(|id| known.led.contains(id));
        let path = leads.then(|| format!("/verwaltung/import/{}", listed.id));
        return Some(Some((path, listed.file_name.clone())));
    }
    Some(None)
}

/// Path, if it has a page, and name of an organisation.
fn linked((slug, name): &(String, String)) -> (Option<String>, String) {
    let path = (!slug.is_empty()).then(|| format!("/organisationen/{slug}"));
    (path, name.clone())
}

/// Name of the record that a merge ended, or brought back.
fn other<'a>(known: &'a Known, fact: &Fact) -> Option<&'a str> {
    let (_, loser) = fact.merged()?;
    let found = known.organisations.get(loser);
    found.map(|(_, name)| name.as_str())
}

fn sentence(speech: &Speech, fact: &Fact, other: Option<&str>) -> String {
    let text = |field: &str| fact.body.get(field).and_then(Value::as_str).unwrap_or("");
    if let (Some(many), true) = (fact.telling.many, fact.told.facts > 1) {
        let number = speech.number(fact.told.facts);
        let args = [
            ("count", Arg::Count(fact.told.facts)),
            ("number", Arg::Text(&number)),
        ];
        return speech.with(many, &args);
    }
    let key = |found: Option<&'static str>| found.map_or("", |key| speech.t(key)).to_owned();
    let role = key(RoleKind::parse(text("role")).map(RoleKind::key));
    let field = key(people::Field::parse(text("field")).map(people::Field::key));
    let ground = key(LegalGround::parse(text("ground")).map(LegalGround::key));
    let audience = match people::Audience::parse(text("audience")) {
        Some(audience) => speech.t(audience.key()),
        None => speech.t("people-audience-nobody"),
    };
    let agrees = match fact.body.get("agrees").and_then(Value::as_bool) {
        Some(true) => "yes",
        _ => "no",
    };
    let args = [
        ("role", Arg::Text(&role)),
        ("field", Arg::Text(&field)),
        ("ground", Arg::Text(&ground)),
        ("audience", Arg::Text(audience)),
        ("agrees", Arg::Text(agrees)),
        (
            "named",
            Arg::Text(if other.is_some() { "yes" } else { "no" }),
        ),
        ("other", Arg::Text(other.unwrap_or_default())),
    ];
    speech.with(fact.telling.words, &args)
}

/// Who did it and for whom, as far as the reader may know.
fn by(speech: &Speech, asking: &Asking, known: &Known, fact: &Fact) -> String {
    let entry = &fact.told.entry;
    // What one does before one is signed in has no name; one knows it oneself.
    if entry.actor.is_none() && asking.of == Noun::Person {
        return String::new();
    }
    let name = actor(speech, known, entry.actor.as_deref());
    let body = entry.acting_for.as_ref().and_then(|id| {
        let own = || known.organisations.get(id);
        known.clusters.get(id).or_else(own)
    });
    // For the noun itself goes without its name: it stands above.
    let is_own = entry
        .acting_for
        .as_ref()
        .is_some_and(|id| asking.ids.contains(id));
    match body {
        _ if is_own && asking.of == Noun::Organisation => speech.name("history-by-itself", name),
        Some((_, body)) => {
            let args = [("name", Arg::Text(name)), ("body", Arg::Text(body))];
            speech.with("history-by-for", &args)
        }
        None => speech.name("history-by", name),
    }
}

fn actor<'a>(speech: &'a Speech, known: &'a Known, id: Option<&str>) -> &'a str {
    let Some(id) = id else {
        return speech.t("history-by-system");
    };
    if known.me.as_deref() == Some(id) {
        return speech.t("history-by-you");
    }
    let hidden = || speech.t("history-by-somebody");
    known.people.get(id).map_or_else(hidden, String::as_str)
}

/// Names of the fields that a fact names as changed.
fn fields(speech: &Speech, fact: &Fact) -> Vec<String> {
    let Some(Value::Array(words)) = fact.body.get("fields") else {
        return Vec::new();
    };
    let key = |word: &str| {
        let own = || profile::Field::parse(word).map(profile::Field::key);
        let listed = || import::Field::parse(word).map(import::Field::key);
        let value = || import::Attr::parse(word).map(import::Attr::key);
        match fact.telling.of {
            Noun::Cluster => manage::field_key(word),
            _ => own().or_else(listed).or_else(value),
        }
    };
    let named = words.iter().filter_map(|w| key(w.as_str()?));
    named.map(|key| speech.t(key).to_owned()).collect()
}

type Changed = Vec<(String, String, String)>;

/// What a list changed, value by value, if the fact came from one.
fn from_list(speech: &Speech, known: &Known, fact: &Fact) -> (Changed, Link) {
    let entry = &fact.told.entry;
    let of_this = known.changes.iter().filter(|c| c.applied_at == entry.at);
    let all: Vec<_> = of_this.collect();
    let Some(first) = all.first() else {
        return (Vec::new(), None);
    };
    let source = match known.led.contains(&first.cluster) {
        true => {
            let path = format!("/verwaltung/import/{}", first.import);
            (Some(path), first.file_name.clone())
        }
        false => (None, speech.t("history-a-list").to_owned()),
    };
    let mut values = Vec::new();
    if entry.kind == "directory.organisation_changed" {
        for change in all {
            for ValueChange {
                attr,
                before,
                after,
            } in import::values(&change.before, &change.after)
            {
                // The page does not show the others, so neither does its history.
                if attr.is_shown() {
                    let value = |text: &str| import::value_in_words(speech, attr, text);
                    let name = speech.t(attr.key()).to_owned();
                    values.push((name, value(&before), value(&after)));
                }
            }
        }
    }
    (values, Some(source))
}
