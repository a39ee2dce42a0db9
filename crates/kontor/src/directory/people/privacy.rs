//! What the directory holds of a person, for access and erasure.

use std::collections::BTreeSet;

use kontor_platform::db::Conn;
use kontor_platform::{Id, Instant, Result, Work};
use serde_json::{Value, json};

use super::commands::OF_ACCOUNT;
use super::model::PersonErased;
use super::store;
use crate::accounts::Account;
use crate::directory::contact;
use crate::directory::employments;
use crate::directory::import;
use crate::directory::invitations::open;
use crate::directory::model::Person;
use crate::directory::requests;

/// Everything that is stored of a person.
pub fn collect(conn: &mut Conn, person: Id<Person>) -> Result<Value> {
    let p = store::whole(conn, person)?;
    let published: Vec<Value> = store::published(conn, person)?
        .into_iter()
        .map(|(field, audience)| json!({ "field": field.as_str(), "audience": audience.as_str() }))
        .collect();
    let former: Vec<Value> = employments::former(conn, person)?
        .into_iter()
        .map(|e| {
            json!({
                "organisation": e.organisation,
                "since": e.since.map(|day| day.to_string()),
                "until": e.until.to_string(),
            })
        })
        .collect();
    let asked = employments::asked_by(conn, person)?.map(|r| {
        json!({
            "organisation": r.organisation_name, "since": r.since.to_string(),
            "message": r.message, "at": r.created_at.rfc3339(),
        })
    });
    let invited = open::of_contact(conn, person)?.map(|open| {
        json!({
            "sent": open.sent_at.rfc3339(),
            "may_edit": open.may_edit,
            "declined": open.declined_at.map(Instant::rfc3339),
        })
    });
    Ok(json!({
        "id": person.to_string(),
        "name": p.name,
        "function": p.function,
        "mail": p.mail,
        "telephone": p.phone,
        "organisation": p.employer,
        "organisation_since": p.employed_since.map(|day| day.to_string()),
        "former_organisations": former,
        "organisation_to_confirm": asked,
        "open_invitation": invited,
        // The same as the notice to them says.
        "origin": p.told.filter(|told| !told.is_empty()).unwrap_or(p.source),
        "legal_ground": p.legal_ground,
        "state": p.state,
        "created": p.created_at.rfc3339(),
        "informed": p.informed_at.map(Instant::rfc3339),
        "objected": p.objected_at.map(Instant::rfc3339),
        "publications": published,
        "clusters": store::clusters_of(conn, person)?,
    }))
}

/// Empties a person; the mark of a list's line stays: it names nobody, and keeps the
/// same list from bringing the person back.
pub fn erase(work: &mut Work<'_>, person: Id<Person>) -> Result<()> {
    employments::erase(work, person)?;
    open::end_for(work, person)?;
    store::erase(work, person)?;
    work.announce(&PersonErased { person });
    Ok(())
}

/// The account of an invitation that nobody has accepted ends: a contact of a list
/// stays in the list without it; a person made for the account is emptied.
pub fn part_from(work: &mut Work<'_>, account: Id<Account>) -> Result<()> {
    for person in store::all_of_account(work, account)? {
        if store::whole(work, person)?.source == OF_ACCOUNT {
            erase(work, person)?;
        } else {
            store::unlink(work, person)?;
        }
    }
    Ok(())
}

/// What somebody left at the public doors: from these addresses, or before an
/// approval gave them this account.
pub fn of_addresses(
    conn: &mut Conn,
    addresses: &[String],
    account: Option<&str>,
) -> Result<Vec<Value>> {
    let mut all = Vec::new();
    for r in requests::of_addresses(conn, addresses, account)? {
        all.push(json!({
            "kind": "request", "organisation": r.organisation, "name": r.name, "mail": r.mail,
            "function": r.function, "message": r.message, "state": r.state.as_str(),
            "at": r.at.rfc3339(),
        }));
    }
    for address in addresses {
        for (organisation, message, at) in contact::of_address(conn, address)? {
            all.push(json!({
                "kind": "message", "organisation": organisation, "message": message,
                "at": at.rfc3339(),
            }));
        }
        for at in import::naming(conn, address)? {
            all.push(json!({ "kind": "waiting_list", "at": at.rfc3339() }));
        }
        // What others wrote about it is theirs (Art. 15(4) GDPR).
        for (organisation, at) in contact::reports_of(conn, address)? {
            let at = at.rfc3339();
            all.push(json!({ "kind": "reported", "organisation": organisation, "at": at }));
        }
    }
    Ok(all)
}

/// Every address, in lower case, from which something was left there or that a
/// waiting list names.
pub fn addresses(conn: &mut Conn) -> Result<BTreeSet<String>> {
    let mut all = import::addresses(conn)?;
    let left = requests::addresses(conn)?.into_iter();
    all.extend(
        left.chain(contact::addresses(conn)?)
            .map(|a| a.to_lowercase()),
    );
    Ok(all)
}

/// Empties what was left there.
pub fn erase_addresses(
    work: &mut Work<'_>,
    addresses: &[String],
    account: Option<&str>,
) -> Result<()> {
    requests::erase_account(work, account)?;
    for address in addresses {
        requests::erase_address(work, address)?;
        contact::erase_address(work, address)?;
    }
    Ok(())
}
