//! Every key of the configuration: its name, its right form, and how its value
//! is taken from the file or from the environment.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Config, Proxy};
use crate::error::{Error, Result};

/// A setting.
pub(super) struct Key {
    /// As in the file, with its section: `smtp.port`.
    pub name: &'static str,
    /// What to write in the file.
    form: &'static str,
    place: Place,
}

/// Where a setting is kept.
enum Place {
    Text(fn(&mut Config) -> &mut String),
    /// A text that errors do not repeat.
    Secret(fn(&mut Config) -> &mut String),
    Port(fn(&mut Config) -> &mut u16),
    Proxies(fn(&mut Config) -> &mut Vec<Proxy>),
}
use Place::{Port, Proxies, Secret, Text};

const fn key(name: &'static str, form: &'static str, place: Place) -> Key {
    Key { name, form, place }
}

const KEYS: [Key; 12] = [
    key(
        "database_url",
        "\"postgres://user:password@host/database\"",
        Secret(|c| &mut c.database_url),
    ),
    key(
        "listen",
        "an address and port such as \"127.0.0.1:8017\"",
        Text(|c| &mut c.listen),
    ),
    key(
        "public_url",
        "the server's address without a path, such as \"https://kontor.example.org\"",
        Text(|c| &mut c.public_url),
    ),
    key(
        "trusted_proxies",
        "addresses or networks in brackets, such as [\"10.0.0.1\", \"172.16.0.0/12\"]",
        Proxies(|c| &mut c.trusted_proxies),
    ),
    key(
        "secret",
        "at least 32 random characters in quotes",
        Secret(|c| &mut c.secret),
    ),
    key(
        "metrics_token",
        "at least 16 random characters in quotes",
        Secret(|c| &mut c.metrics_token),
    ),
    key(
        "smtp.host",
        "the mail server's name, such as \"mail.example.org\"",
        Text(|c| &mut c.smtp.host),
    ),
    key(
        "smtp.port",
        "a port number without quotes, such as 587",
        Port(|c| &mut c.smtp.port),
    ),
    key(
        "smtp.security",
        "\"none\", \"starttls\" or \"tls\"",
        Text(|c| &mut c.smtp.security),
    ),
    key(
        "smtp.user",
        "the user's name in quotes",
        Text(|c| &mut c.smtp.user),
    ),
    key(
        "smtp.password",
        "the password in quotes",
        Secret(|c| &mut c.smtp.password),
    ),
    key(
        "smtp.from",
        "the sender, such as \"Kontor <kontor@example.org>\"",
        Text(|c| &mut c.smtp.from),
    ),
];
/// The section of the file.
const SECTION: &str = "smtp";
/// Variables that are no keys of the file.
const OTHERS: [&str; 2] = ["KONTOR_DATA", "KONTOR_LOG"];
/// What the tests of this project are told by; it means nothing to the program.
const OF_TESTS: [&str; 3] = ["KONTOR_TEST_", "KONTOR_PICTURES", "KONTOR_SHARED"];

/// Where each key was set: file and line, or the variable.
pub(super) type Origins = BTreeMap<&'static str, String>;

impl Key {
    pub(super) fn named(name: &str) -> Option<&'static Key> {
        KEYS.iter().find(|key| key.name == name)
    }

    /// Its name in the environment.
    pub(super) fn variable(&self) -> String {
        format!("KONTOR_{}", self.name.to_uppercase().replace('.', "_"))
    }

    /// What is said of a wrong value; `shown` is the value as it was written.
    pub(super) fn wrong(&self, shown: &str) -> String {
        let Key { name, form, place } = self;
        match place {
            Secret(_) => format!("{name}: write {form}"),
            _ => format!("{name} = {shown}: write {form}"),
        }
    }

    /// Takes a value of the file; the place of what does not do.
    fn take(&self, value: &Spanned<DeValue<'_>>, config: &mut Config) -> Result<(), Range<usize>> {
        let wrong = || value.span();
        match (&self.place, value.get_ref()) {
            (Text(at) | Secret(at), DeValue::String(text)) => *at(config) = text.to_string(),
            (Port(at), DeValue::Integer(number)) => {
                let port = u16::from_str_radix(number.as_str(), number.radix());
                *at(config) = port.map_err(|_| wrong())?;
            }
            (Proxies(at), DeValue::Array(list)) => {
                let proxy = |entry: &Spanned<DeValue<'_>>| {
                    let text = entry.get_ref().as_str();
                    let proxy = text.and_then(|t| t.parse().ok());
                    proxy.ok_or_else(|| entry.span())
                };
                *at(config) = list.iter().map(proxy).collect::<Result<_, _>>()?;
            }
            _ => return Err(wrong()),
        }
        Ok(())
    }

    /// Takes a value of the environment; the right form of one that does not do.
    fn take_text(&self, text: &str, config: &mut Config) -> Result<(), &'static str> {
        match self.place {
            Text(at) | Secret(at) => text.clone_into(at(config)),
            // Unit files set names to nothing to leave them out.
            _ if text.trim().is_empty() => {}
            Port(at) => {
                let port = text.trim().parse();
                *at(config) = port.map_err(|_| "write a port number such as 587")?;
            }
            Proxies(at) => {
                let all = text.split(',').map(|a| a.trim().parse());
                let all = all.collect::<Result<_, _>>();
                let form = "write addresses or networks such as 10.0.0.1,172.16.0.0/12";
                *at(config) = all.map_err(|_| form)?;
            }
        }
        Ok(())
    }
}

/// Takes every key of a file. Errors begin with `file` and the line.
pub(super) fn from_file(
    text: &str,
    file: &str,
    config: &mut Config,
    origins: &mut Origins,
) -> Result<()> {
    let line = |at: usize| text.get(..at).map_or(1, |t| t.matches('\n').count() + 1);
    let wrong = |at: usize, what: &str| Error::broken(format!("{file}: line {}: {what}", line(at)));
    let root =
        DeTable::parse(text).map_err(|e| wrong(e.span().map_or(0, |s| s.start), e.message()))?;
    for (name, at, value) in entries(root.get_ref()) {
        if name == SECTION {
            return Err(wrong(
                at,
                "smtp is a section: write [smtp] on a line of its own, and its keys below",
            ));
        }
        let key = Key::named(&name).ok_or_else(|| {
            let all = KEYS.iter().map(|key| key.name.to_owned());
            let near = nearest(&name, all);
            wrong(at, &format!("unknown key {name}; did you mean {near}?"))
        })?;
        key.take(value, config)
            .map_err(|span| wrong(span.start, &key.wrong(&text[span])))?;
        origins.insert(key.name, format!("{file}: line {}", line(at)));
    }
    Ok(())
}

/// Keys with their full names, where they stand, and values, as they follow in
/// the file.
fn entries<'t, 'i>(root: &'t DeTable<'i>) -> Vec<(String, usize, &'t Spanned<DeValue<'i>>)> {
    let mut found = Vec::new();
    for (name, value) in root {
        match value.get_ref() {
            DeValue::Table(section) if name.get_ref() == SECTION => {
                found.extend(section.iter().map(|(name, value)| {
                    let full = format!("{SECTION}.{}", name.get_ref());
                    (full, name.span().start, value)
                }));
            }
            _ => found.push((name.get_ref().to_string(), name.span().start, value)),
        }
    }
    found.sort_by_key(|entry| entry.1);
    found
}

/// Takes every variable of the environment; all of them begin with `KONTOR_`.
pub(super) fn from_environment(
    env: &BTreeMap<String, String>,
    config: &mut Config,
    origins: &mut Origins,
) -> Result<()> {
    for name in env.keys() {
        let is_ours = KEYS.iter().any(|key| key.variable() == *name);
        let is_other = OTHERS.contains(&name.as_str());
        let of_tests = OF_TESTS.iter().any(|start| name.starts_with(start));
        if !(is_ours || is_other || of_tests || is_of_a_service(name, env)) {
            let all = KEYS.iter().map(Key::variable);
            let near = nearest(name, all.chain(OTHERS.map(str::to_owned)));
            return Err(Error::broken(format!(
                "{name}: there is no such setting; did you mean {near}?"
            )));
        }
    }
    for key in &KEYS {
        let variable = key.variable();
        let Some(value) = env.get(&variable) else {
            continue;
        };
        key.take_text(value, config)
            .map_err(|form| Error::broken(format!("{variable} = {value:?}: {form}")))?;
        origins.insert(key.name, variable);
    }
    Ok(())
}

/// Whether a container platform has set a variable to say where a service is:
/// one named "kontor" gets `KONTOR_SERVICE_HOST`, `KONTOR_PORT` and more.
fn is_of_a_service(name: &str, env: &BTreeMap<String, String>) -> bool {
    let mut services = env.keys().filter_map(|n| n.strip_suffix("_SERVICE_HOST"));
    services.any(|service| {
        let rest = name.strip_prefix(service).unwrap_or_default();
        rest.starts_with("_SERVICE_") || rest == "_PORT" || rest.starts_with("_PORT_")
    })
}

/// The right name that is most like a wrong one.
fn nearest(wrong: &str, right: impl Iterator<Item = String>) -> String {
    right
        .min_by_key(|name| distance(wrong, name))
        .expect("there are settings")
}

/// Letters to add, to take out or to change (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let changed = before + usize::from(a != *b);
            before = row[j + 1];
            row[j + 1] = changed.min(before + 1).min(row[j] + 1);
        }
    }
    row[other.len()]
}
