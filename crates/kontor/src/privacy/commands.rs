//! Verbs of privacy.

use std::collections::{BTreeMap, BTreeSet};

use kontor_platform::db::Conn;
use kontor_platform::secret::ServerKey;
use kontor_platform::{Id, Instant, Result, Work, fact, log, mail};
use serde_json::{Value, json};

use super::store::{self, Erasure};
use crate::accessibility;
use crate::accounts::{self, Account};
use crate::consents;
use crate::directory::import;
use crate::directory::invitations::open;
use crate::directory::{Person, people};

fact!(
    /// A person was erased; the journal's entry says which.
    PersonErased, "privacy.person_erased", erasure: Id<Erasure>);
fact!(
    /// Somebody was given everything that is stored of them: a person, an account,
    /// or the mark of an address.
    AccessGiven, "privacy.access_given", subject: String);

/// Most facts of one export: what is older stays in the log.
const FACTS: i64 = 10_000;

/// Whom an export or an erasure is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Subject {
    pub account: Option<Id<Account>>,
    pub person: Option<Id<Person>>,
}

impl Subject {
    /// The person's identifier, else the account's.
    pub fn id(&self) -> Option<String> {
        let person = self.person.map(|p| p.to_string());
        person.or(self.account.map(|a| a.to_string()))
    }
}

/// The subject behind an account: with its person, if there is one.
pub fn of_account(conn: &mut Conn, account: Id<Account>) -> Result<Subject> {
    Ok(Subject {
        account: Some(account),
        person: people::of_account(conn, account)?,
    })
}

/// Everybody with this mail address: an account with the contacts that have its
/// address, or each contact of its own.
pub fn by_mail(conn: &mut Conn, address: &str) -> Result<Vec<Subject>> {
    if let Some(account) = accounts::privacy::by_mail(conn, address)? {
        return Ok(vec![of_account(conn, account)?]);
    }
    let contact = |person| Subject {
        account: None,
        person: Some(person),
    };
    Ok(people::by_mail(conn, address)?
        .into_iter()
        .map(contact)
        .collect())
}

/// The addresses by which everything else of the subject is found, in lower case:
/// the account's, which were proved by links. What somebody typed into their
/// profile proves nothing, else it would open a stranger's data.
fn addresses_of(conn: &mut Conn, subject: Subject) -> Result<Vec<String>> {
    let mut found = match (subject.account, subject.person) {
        (Some(account), _) => accounts::privacy::addresses(conn, account)?,
        (None, Some(person)) => Vec::from_iter(people::address(conn, person)?),
        (None, None) => Vec::new(),
    };
    found.iter_mut().for_each(|a| *a = a.to_lowercase());
    found.retain(|a| !a.is_empty());
    Ok(found)
}

/// Contacts of lists beside the subject's own person: those that an invitation has
/// tied to the account, and those with its address that nobody has.
fn contacts(conn: &mut Conn, subject: Subject) -> Result<Vec<Id<Person>>> {
    let Some(account) = subject.account else {
        return Ok(Vec::new());
    };
    let mut found = people::all_of_account(conn, account)?;
    found.retain(|person| Some(*person) != subject.person);
    for address in addresses_of(conn, subject)? {
        found.extend(people::by_mail(conn, &address)?);
    }
    Ok(found)
}

/// Everything that is stored of a person, as JSON (Art. 15 and 20 GDPR).
pub fn collect(conn: &mut Conn, subject: Subject) -> Result<Value> {
    let addresses = addresses_of(conn, subject)?;
    let account = subject.account.map(|a| a.to_string());
    let contacts = contacts(conn, subject)?;
    let mut same = Vec::new();
    for person in &contacts {
        same.push(people::collect(conn, *person)?);
    }
    let mut left = of_addresses(conn, &addresses, account.as_deref())?;
    Ok(json!({
        "account": match subject.account {
            Some(account) => accounts::privacy::collect(conn, account)?,
            None => Value::Null,
        },
        "consents": match subject.account {
            Some(account) => consents::collect(conn, account)?,
            None => Vec::new(),
        },
        "person": match subject.person {
            Some(person) => people::collect(conn, person)?,
            None => Value::Null,
        },
        "contacts": same,
        "mails": left["mails"].take(),
        "barrier_reports": left["barrier_reports"].take(),
        "requests_and_messages": left["requests_and_messages"].take(),
        "activity": activity(conn, subject, &contacts)?,
    }))
}

/// Mails to the subject. One that carries their words to somebody else is not among
/// them: whom it went to is that person's to tell, and whether it went, too.
fn mails(conn: &mut Conn, addresses: &[String], account: Option<&str>) -> Result<Vec<Value>> {
    let mut mails = Vec::new();
    for m in mail::of_person(conn, account, addresses)? {
        let is_to_them = addresses.contains(&m.to.to_lowercase());
        if !is_to_them && (m.account.is_none() || m.account.as_deref() != account) {
            continue;
        }
        mails.push(json!({
            "subject": m.subject, "to": m.to, "state": m.state.as_str(),
            "at": m.created_at.rfc3339(),
        }));
    }
    Ok(mails)
}

/// Facts that the subject caused or that are about them.
fn activity(conn: &mut Conn, subject: Subject, contacts: &[Id<Person>]) -> Result<Vec<Value>> {
    let mut facts = BTreeMap::new();
    let people = subject.person.iter().chain(contacts);
    let ids = subject.account.map(|a| a.to_string()).into_iter();
    for id in ids.chain(people.map(|p| p.to_string())) {
        for e in log::about(conn, &id, FACTS)? {
            // One fact may be theirs twice: by them, and about them.
            let fact = json!({ "seq": e.seq, "kind": e.kind, "at": e.at.rfc3339() });
            facts.insert(e.seq, fact);
        }
    }
    Ok(facts.into_values().rev().collect())
}

/// Takes a person out of every table, and notes it in the journal. The last
/// administration stays until somebody else has the role.
pub fn erase(work: &mut Work<'_>, key: &ServerKey, subject: Subject, asked_by: &str) -> Result<()> {
    if let Some(account) = subject.account {
        accounts::admin::keep_administration(work, account)?;
    }
    // Each contact has an entry of its own, so that a restore erases it again.
    for person in contacts(work, subject)? {
        let contact = Subject {
            account: None,
            person: Some(person),
        };
        erase_one(work, key, contact, asked_by)?;
    }
    erase_one(work, key, subject, asked_by)
}

fn erase_one(work: &mut Work<'_>, key: &ServerKey, subject: Subject, asked_by: &str) -> Result<()> {
    let account = subject.account.map(|a| a.to_string());
    let person = subject.person.map(|p| p.to_string());
    // An older backup may hold what was written from the address before there was
    // this record.
    let addresses = addresses_of(work, subject)?;
    let mut marks = addresses.iter().map(|address| mark(key, address));
    let address = marks.next();
    let former: Vec<String> = marks.collect();
    erase_all(work, account.as_deref(), person.as_deref())?;
    let erasure = Erasure {
        id: Id::new(),
        account,
        person,
        asked_by: asked_by.to_owned(),
        at: work.now(),
        address,
    };
    note(work, &erasure)?;
    // Each has an entry of its own: an older backup may know it without the account.
    for mark in former {
        let at = work.now();
        note(work, &Erasure::of_address(mark, asked_by, at))?;
    }
    Ok(())
}

/// The mark by which the journal tells an address without holding it.
pub fn mark(key: &ServerKey, address: &str) -> String {
    key.sign("erasure", &address.to_lowercase())
}

fn note(work: &mut Work<'_>, erasure: &Erasure) -> Result<()> {
    store::insert(work, erasure)?;
    work.announce(&PersonErased {
        erasure: erasure.id,
    });
    Ok(())
}

/// The rows themselves; safe to repeat.
pub fn erase_all(work: &mut Work<'_>, account: Option<&str>, person: Option<&str>) -> Result<()> {
    let subject = Subject {
        account: account.map(str::parse).transpose()?,
        person: person.map(str::parse).transpose()?,
    };
    let addresses = addresses_of(work, subject)?;
    forget(work, &addresses, account)?;
    if let Some(person) = subject.person {
        people::erase(work, person)?;
    }
    if let Some(account) = subject.account {
        open::end_of_account(work, account)?;
        consents::erase(work, account)?;
        accounts::privacy::erase(work, account)?;
    }
    Ok(())
}

/// Retention: invitations whose last link ended before `before`, and which nobody
/// has accepted. A contact goes back to the list it came from, where it can be
/// found, erased and invited again; whoever was typed in by hand goes with the
/// account.
pub fn close_invitations(work: &mut Work<'_>, before: Instant) -> Result<u64> {
    let mut closed = open::drop_stale(work, before)?;
    for account in accounts::privacy::stale_invitations(work, before)? {
        people::part_from(work, account)?;
        consents::erase(work, account)?;
        accounts::privacy::erase(work, account)?;
        closed += 1;
    }
    Ok(closed)
}

/// What somebody left from an address without a record of their own, and the mails
/// to it.
pub fn of_address(conn: &mut Conn, address: &str) -> Result<Value> {
    of_addresses(conn, &[address.to_owned()], None)
}

/// The same of several, and what was left before there was this account.
fn of_addresses(conn: &mut Conn, addresses: &[String], account: Option<&str>) -> Result<Value> {
    let mut reports = Vec::new();
    for address in addresses {
        reports.extend(accessibility::of_address(conn, address)?);
    }
    Ok(json!({
        "mails": mails(conn, addresses, account)?,
        "barrier_reports": reports,
        "requests_and_messages": people::of_addresses(conn, addresses, account)?,
    }))
}

/// Empties it, and the mails to and from that address; noted in the journal.
pub fn erase_address(
    work: &mut Work<'_>,
    key: &ServerKey,
    address: &str,
    asked_by: &str,
) -> Result<()> {
    forget_address(work, address)?;
    let at = work.now();
    note(work, &Erasure::of_address(mark(key, address), asked_by, at))
}

/// The same without a note; safe to repeat.
pub fn forget_address(work: &mut Work<'_>, address: &str) -> Result<()> {
    forget(work, &[address.to_lowercase()], None)
}

/// Every address, in lower case, from which something was left or to which a mail
/// goes.
pub fn addresses(conn: &mut Conn) -> Result<BTreeSet<String>> {
    let mut all = BTreeSet::from_iter(mail::addresses(conn)?);
    all.extend(accessibility::addresses(conn)?);
    all.extend(people::addresses(conn)?);
    all.remove("");
    Ok(all)
}

fn forget(work: &mut Work<'_>, addresses: &[String], account: Option<&str>) -> Result<()> {
    people::erase_addresses(work, addresses, account)?;
    for address in addresses {
        accessibility::forget(work, address)?;
        // Lists that nobody has decided on yet would bring the address back.
        import::discard_naming(work, address)?;
    }
    mail::forget(work, account, addresses)
}
