//! Verbs of privacy.

use kontor_platform::db::Conn;
use kontor_platform::{Error, Id, Result, Work, fact, log, mail};
use serde_json::{Value, json};

use super::store::{self, Erasure};
use crate::accessibility;
use crate::accounts::{self, Account};
use crate::directory::{Person, people};

fact!(
    /// A person was erased; the journal's entry says which.
    PersonErased, "privacy.person_erased", erasure: Id<Erasure>);
fact!(
    /// Somebody was given everything that is stored of them.
    AccessGiven, "privacy.access_given", subject: String);

/// Most facts of one export: what is older stays in the log.
const FACTS: i64 = 10_000;

/// Whom an export or an erasure is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Subject {
    pub account: Option<Id<Account>>,
    pub person: Option<Id<Person>>,
}

/// The subject behind an account: with its person, if there is one.
pub fn of_account(conn: &mut Conn, account: Id<Account>) -> Result<Subject> {
    Ok(Subject {
        account: Some(account),
        person: people::of_account(conn, account)?,
    })
}

/// Everybody with this mail address: accounts and contacts of lists.
pub fn by_mail(conn: &mut Conn, address: &str) -> Result<Vec<Subject>> {
    let mut found = Vec::new();
    if let Some(account) = accounts::privacy::by_mail(conn, address)? {
        found.push(of_account(conn, account)?);
    }
    for (person, account) in people::by_mail(conn, address)? {
        let subject = Subject {
            account,
            person: Some(person),
        };
        if !found.iter().any(|s| s.person == Some(person)) {
            found.push(subject);
        }
    }
    Ok(found)
}

/// Every mail address that is stored of the subject.
fn addresses(conn: &mut Conn, subject: Subject) -> Result<Vec<String>> {
    let mut all = Vec::new();
    if let Some(account) = subject.account {
        all.extend(accounts::privacy::addresses(conn, account)?);
    }
    if let Some(person) = subject.person {
        all.extend(people::address(conn, person)?);
    }
    all.retain(|a| !a.is_empty());
    all.sort();
    all.dedup();
    Ok(all)
}

/// Everything that is stored of a person, as JSON (Art. 15 and 20 GDPR).
pub fn collect(conn: &mut Conn, subject: Subject) -> Result<Value> {
    let addresses = addresses(conn, subject)?;
    let mut mails = Vec::new();
    for m in mail::of_person(
        conn,
        subject.account.map(|a| a.to_string()).as_deref(),
        &addresses,
    )? {
        mails.push(json!({
            "subject": m.subject, "to": m.to, "state": m.state.as_str(),
            "at": m.created_at.rfc3339(),
        }));
    }
    let mut reports = Vec::new();
    let mut doors = Vec::new();
    for address in &addresses {
        let address = address.to_lowercase();
        reports.extend(accessibility::of_address(conn, &address)?);
        doors.extend(people::of_address(conn, &address)?);
    }
    let mut facts = Vec::new();
    for id in [
        subject.account.map(|a| a.to_string()),
        subject.person.map(|p| p.to_string()),
    ]
    .into_iter()
    .flatten()
    {
        for e in log::about(conn, &id, FACTS)? {
            facts.push(json!({ "seq": e.seq, "kind": e.kind, "at": e.at.rfc3339() }));
        }
    }
    Ok(json!({
        "account": match subject.account {
            Some(account) => accounts::privacy::collect(conn, account)?,
            None => Value::Null,
        },
        "person": match subject.person {
            Some(person) => people::collect(conn, person)?,
            None => Value::Null,
        },
        "mails": mails,
        "barrier_reports": reports,
        "requests_and_messages": doors,
        "activity": facts,
    }))
}

/// Takes a person out of every table, and notes it in the journal. The last
/// administration stays until somebody else has the role.
pub fn erase(work: &mut Work<'_>, subject: Subject, asked_by: &str) -> Result<()> {
    if let Some(account) = subject.account
        && accounts::admin::is_last(work, account)?
    {
        return Err(Error::Refused("admin-refused-last"));
    }
    let account = subject.account.map(|a| a.to_string());
    let person = subject.person.map(|p| p.to_string());
    erase_all(work, account.as_deref(), person.as_deref())?;
    let erasure = Erasure {
        id: Id::new(),
        account,
        person,
        asked_by: asked_by.to_owned(),
        at: work.now(),
    };
    store::insert(work, &erasure)?;
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
    let addresses = addresses(work, subject)?;
    for address in &addresses {
        forget_address(work, address)?;
    }
    mail::forget(work, account, &addresses)?;
    if let Some(person) = subject.person {
        people::erase(work, person)?;
    }
    if let Some(account) = subject.account {
        accounts::privacy::erase(work, account)?;
    }
    Ok(())
}

/// What somebody left from an address without a record of their own.
pub fn of_address(conn: &mut Conn, address: &str) -> Result<Value> {
    Ok(json!({
        "barrier_reports": accessibility::of_address(conn, address)?,
        "requests_and_messages": people::of_address(conn, address)?,
    }))
}

/// Empties it, and the mails to and from that address.
pub fn forget_address(work: &mut Work<'_>, address: &str) -> Result<()> {
    let address = address.to_lowercase();
    accessibility::forget(work, &address)?;
    people::erase_address(work, &address)?;
    mail::forget(work, None, &[address])
}
