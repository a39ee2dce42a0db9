//! Reading a history: facts from the log, then the names they need, each looked
//! up once and only as far as the reader may see it.

use std::collections::{BTreeSet, HashMap};

use kontor_platform::db::Conn;
use kontor_platform::log::{self, Told, Wanted};
use kontor_platform::text::Speech;
use kontor_platform::{Id, Result};
use serde_json::Value;

use super::model::{Noun, Telling, kinds, telling};
use super::store::{self, Change, Listed};
use super::words::{self, Day, Item};
use crate::accounts::{Account, RoleKind, Who, admin};
use crate::directory::import::Import;
use crate::directory::model::Organisation;
use crate::directory::people;
use crate::directory::policy::reach;

/// Entries on one page.
pub const PAGE: usize = 50;
/// Facts read at once.
const ROUND: i64 = 120;

/// A history that somebody asks for.
pub struct Asking {
    pub of: Noun,
    /// The noun's identifiers: two for a person with an account.
    pub ids: Vec<String>,
    /// The reader manages the noun, or may see everything.
    pub manages: bool,
}

/// What a fact names, by the word of its field.
pub type Names = Vec<(String, String)>;

/// A fact that is told to this reader.
pub struct Fact {
    pub told: Told,
    pub telling: &'static Telling,
    pub body: Value,
    /// Field and identifier of what it names beside the noun.
    pub names: Names,
}

impl Fact {
    /// The identifier in one of these fields.
    pub fn named(&self, fields: &[&str]) -> Option<&str> {
        let found = self
            .names
            .iter()
            .find(|(f, _)| fields.contains(&f.as_str()));
        found.map(|(_, id)| id.as_str())
    }

    /// The other organisation of the fact.
    pub fn organisation(&self) -> Option<&str> {
        self.named(&["organisation", "winner", "loser", "other"])
    }

    /// Winner and loser, if it tells a third that two organisations were merged.
    pub fn merged(&self) -> Option<(&str, &str)> {
        self.named(&["winner"]).zip(self.named(&["loser"]))
    }

    /// The account, or else the person, that it names.
    pub fn human(&self) -> Option<&str> {
        self.named(&["account", "person"])
    }
}

/// What facts name, as far as the reader may see it.
#[derive(Default)]
pub struct Known {
    /// Address and name by identifier.
    pub organisations: HashMap<String, (String, String)>,
    pub clusters: HashMap<String, (String, String)>,
    /// Names of people by the identifiers of person and account.
    pub people: HashMap<String, String>,
    pub imports: HashMap<String, Listed>,
    /// What imports did to the organisation whose history this is.
    pub changes: Vec<Change>,
    /// Clusters that the reader manages.
    pub led: Vec<String>,
    /// The reader's own account.
    pub me: Option<String>,
}

/// One page of a history before a number, by days, and where the next begins.
pub fn page(
    conn: &mut Conn,
    who: &Who,
    speech: &Speech,
    asking: &Asking,
    before: Option<i64>,
) -> Result<(Vec<Day>, Option<i64>)> {
    let mut at = before.unwrap_or(i64::MAX);
    let mut items: Vec<Item> = Vec::new();
    // What is hidden leaves no gap: read on until the page is full.
    loop {
        let facts = facts(conn, asking, at)?;
        let last = facts.last().map(|f| f.seq());
        let is_done = i64::try_from(facts.len()).unwrap_or(ROUND) < ROUND;
        let known = known(conn, who, asking, &facts)?;
        let told = facts.iter();
        items.extend(told.filter_map(|f| words::item(speech, asking, &known, f)));
        match last {
            Some(last) if !is_done && items.len() <= PAGE => at = last,
            _ => break,
        }
    }
    let more = items.len() > PAGE;
    items.truncate(PAGE);
    let next = items.last().filter(|_| more).map(|i| i.seq);
    Ok((words::days(speech, items), next))
}

impl Fact {
    /// Its place in the log.
    pub fn seq(&self) -> i64 {
        self.told.entry.seq
    }
}

/// Facts with a telling for this reader, the newest first.
fn facts(conn: &mut Conn, asking: &Asking, before: i64) -> Result<Vec<Fact>> {
    let own = kinds(asking.of, false, asking.manages);
    let named = kinds(asking.of, true, asking.manages);
    let mut found = Vec::new();
    for id in &asking.ids {
        let wanted = Wanted {
            id,
            own: &own,
            named: &named,
            before,
            limit: ROUND,
        };
        found.extend(log::concerning(conn, &wanted)?);
    }
    found.sort_by_key(|t| std::cmp::Reverse(t.entry.seq));
    found.truncate(usize::try_from(ROUND).unwrap_or_default());
    let fact = |told: Told| {
        let is_named = !asking.ids.contains(&told.entry.subject);
        let body: Value = serde_json::from_str(&told.entry.body)?;
        let telling = telling(asking.of, &told.entry.kind, is_named, asking.manages);
        let names = names(&body, &asking.ids);
        Ok(telling.map(|telling| Fact {
            told,
            telling,
            body,
            names,
        }))
    };
    let all: Result<Vec<Option<Fact>>> = found.into_iter().map(fact).collect();
    Ok(all?.into_iter().flatten().collect())
}

/// Fields of a fact that name something, without the nouns themselves.
fn names(body: &Value, own: &[String]) -> Names {
    let Value::Object(fields) = body else {
        return Vec::new();
    };
    let mut names = Names::new();
    for (field, value) in fields {
        match value {
            Value::String(id) => names.push((field.clone(), id.clone())),
            // A role's scope: {"Cluster": "…"}.
            Value::Object(scope) => names.extend(scope.iter().filter_map(|(kind, id)| {
                let id = id.as_str()?;
                Some((kind.to_lowercase(), id.to_owned()))
            })),
            _ => {}
        }
    }
    names.retain(|(_, id)| !own.contains(id));
    names
}

fn collected<'a>(ids: impl Iterator<Item = Option<&'a str>>) -> Vec<String> {
    let once: BTreeSet<&str> = ids.flatten().collect();
    once.into_iter().map(str::to_owned).collect()
}

/// Looks up what the facts name: at most one statement per kind of thing.
fn known(conn: &mut Conn, who: &Who, asking: &Asking, facts: &[Fact]) -> Result<Known> {
    let acting = |f: &'_ Fact| f.told.entry.acting_for.clone();
    let acting: Vec<Option<String>> = facts.iter().map(acting).collect();
    let acting = acting.iter().map(Option::as_deref);
    let merged = || facts.iter().filter_map(Fact::merged);
    let winners = merged().map(|(winner, _)| Some(winner));
    let named = facts.iter().map(Fact::organisation).chain(winners);
    let organisations = collected(named.chain(acting));
    let actors = facts.iter().map(|f| f.told.entry.actor.as_deref());
    let humans = collected(facts.iter().map(Fact::human).chain(actors));
    let imports = collected(facts.iter().map(|f| f.named(&["import"])));
    let triples = |all: Vec<store::Named>| {
        let pair = |(id, slug, name)| (id, (slug, name));
        all.into_iter().map(pair).collect()
    };
    let changes = match (asking.of, asking.ids.first()) {
        (Noun::Organisation, Some(id)) => store::changes(conn, id.parse::<Id<Organisation>>()?)?,
        _ => Vec::new(),
    };
    let imports = store::imports(conn, &imports)?;
    let mut seen = store::organisations(conn, &reach(&who.actor), &organisations)?;
    if asking.of == Noun::Cluster && asking.manages {
        let both = collected(merged().flat_map(|(winner, loser)| [Some(winner), Some(loser)]));
        let is_hidden = |id: &String| seen.iter().all(|(known, ..)| known != id);
        let hidden: Vec<String> = both.into_iter().filter(is_hidden).collect();
        seen.extend(store::merged(conn, &hidden)?);
    }
    Ok(Known {
        organisations: triples(seen),
        clusters: triples(store::clusters(conn)?),
        people: people_named(conn, who, &humans)?,
        imports: imports.into_iter().map(|i| (i.id.clone(), i)).collect(),
        changes,
        led: who.actor.led().into_iter().map(str::to_owned).collect(),
        me: who.actor.account.map(|a| a.to_string()),
    })
}

/// Names of people and accounts that the reader may see: those who show them,
/// and to the administration the names it keeps.
fn people_named(conn: &mut Conn, who: &Who, ids: &[String]) -> Result<HashMap<String, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut names = people::named(conn, &who.actor, ids)?;
    if who.actor.is(RoleKind::Admin) {
        let accounts = ids.iter().filter_map(|id| id.parse::<Id<Account>>().ok());
        for (id, name) in admin::names(conn, accounts)? {
            names.entry(id.to_string()).or_insert(name);
        }
    }
    names.retain(|_, name| !name.is_empty());
    Ok(names)
}

/// What happened to an import, for whoever manages its cluster.
pub fn of_import(
    conn: &mut Conn,
    who: &Who,
    speech: &Speech,
    import: Id<Import>,
) -> Result<Vec<Day>> {
    let asking = Asking {
        of: Noun::Import,
        ids: vec![import.to_string()],
        manages: true,
    };
    let facts = facts(conn, &asking, i64::MAX)?;
    let (uploader, at) = store::uploaded(conn, import)?;
    let mut known = known(conn, who, &asking, &facts)?;
    let uploader: Vec<String> = uploader.into_iter().collect();
    let missing = uploader.iter().any(|a| !known.people.contains_key(a));
    if missing {
        known.people.extend(people_named(conn, who, &uploader)?);
    }
    let mut items: Vec<Item> = facts
        .iter()
        .filter_map(|f| words::item(speech, &asking, &known, f))
        .collect();
    items.push(words::uploaded(speech, &known, uploader.first(), at));
    Ok(words::days(speech, items))
}
