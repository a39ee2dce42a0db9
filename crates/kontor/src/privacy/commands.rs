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

/// An address that nobody has: what an account left is looked for alone.
const NOBODY: &str = "-";

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

/// The address by which everything else of the subject is found, in lower case:
/// the account's, which was proved by a link. What somebody typed into their
/// profile proves nothing, else it would open a stranger's data.
fn address(conn: &mut Conn, subject: Subject) -> Result<Option<String>> {
    let found = match (subject.account, subject.person) {
        (Some(account), _) => accounts::privacy::address(conn, account)?,
        (None, Some(person)) => people::address(conn, person)?,
        (None, None) => None,
    };
    Ok(found.map(|a| a.to_lowercase()).filter(|a| !a.is_empty()))
}

/// Contacts of lists beside the subject's own person: those that an invitation has
/// tied to the account, and those with its address that nobody has.
fn contacts(conn: &mut Conn, subject: Subject) -> Result<Vec<Id<Person>>> {
    let Some(account) = subject.account else {
        return Ok(Vec::new());
    };
    let mut found = people::all_of_account(conn, account)?;
    found.retain(|person| Some(*person) != subject.person);
    if let Some(address) = address(conn, subject)? {
        found.extend(people::by_mail(conn, &address)?);
    }
    Ok(found)
}

/// Everything that is stored of a person, as JSON (Art. 15 and 20 GDPR).
pub fn collect(conn: &mut Conn, subject: Subject) -> Result<Value> {
    let address = address(conn, subject)?;
    let account = subject.account.map(|a| a.to_string());
    let contacts = contacts(conn, subject)?;
    let mut same = Vec::new();
    for person in &contacts {
        same.push(people::collect(conn, *person)?);
    }
    let mut left = of_address(
        conn,
        address.as_deref().unwrap_or(NOBODY),
        account.as_deref(),
    )?;
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

fn mails(conn: &mut Conn, address: &str, account: Option<&str>) -> Result<Vec<Value>> {
    let mut mails = Vec::new();
    for m in mail::of_person(conn, account, &[address.to_owned()])? {
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
    let address = address(work, subject)?.map(|address| mark(key, &address));
    erase_all(work, account.as_deref(), person.as_deref())?;
    let erasure = Erasure {
        id: Id::new(),
        account,
        person,
        asked_by: asked_by.to_owned(),
        at: work.now(),
        address,
    };
    note(work, &erasure)
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
    let address = address(work, subject)?;
    forget(work, address.as_deref(), account)?;
    if let Some(person) = subject.person {
        people::erase(work, person)?;
    }
    if let Some(account) = subject.account {
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
    let mut closed = 0;
    for account in accounts::privacy::stale_invitations(work, before)? {
        people::part_from(work, account)?;
        consents::erase(work, account)?;
        accounts::privacy::erase(work, account)?;
        closed += 1;
    }
    Ok(closed)
}

/// What somebody left from an address without a record of their own, or before
/// they had this account, and the mails to and from it.
pub fn of_address(conn: &mut Conn, address: &str, account: Option<&str>) -> Result<Value> {
    Ok(json!({
        "mails": mails(conn, address, account)?,
        "barrier_reports": accessibility::of_address(conn, address)?,
        "requests_and_messages": people::of_address(conn, address, account)?,
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
    let erasure = Erasure {
        id: Id::new(),
        account: None,
        person: None,
        asked_by: asked_by.to_owned(),
        at: work.now(),
        address: Some(mark(key, address)),
    };
    note(work, &erasure)
}

/// The same without a note; safe to repeat.
pub fn forget_address(work: &mut Work<'_>, address: &str) -> Result<()> {
    forget(work, Some(&address.to_lowercase()), None)
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

fn forget(work: &mut Work<'_>, address: Option<&str>, account: Option<&str>) -> Result<()> {
    let known = address.unwrap_or(NOBODY);
    accessibility::forget(work, known)?;
    people::erase_address(work, known, account)?;
    // Lists that nobody has decided on yet would bring the address back.
    if let Some(address) = address {
        import::discard_naming(work, address)?;
    }
    let addresses: Vec<String> = address.map(str::to_owned).into_iter().collect();
    mail::forget(work, account, &addresses)
}
