//! Verbs of consents.

use kontor_platform::db::Conn;
use kontor_platform::{Id, Instant, Result, Work};
use serde_json::{Value, json};

use super::model::{ConsentGiven, ConsentWithdrawn, Declaration, Place, Purpose};
use super::store::{self, Given};
use crate::accounts::Account;

/// Keeps that the account's owner agreed to these words, for one thing and with
/// one choice. An open consent to the same choice stays as it is; one to
/// another choice ends.
pub fn give(
    work: &mut Work<'_>,
    account: Id<Account>,
    declaration: &Declaration,
    (scope, choice): (&str, &str),
    place: Place,
) -> Result<()> {
    let purpose = declaration.purpose;
    if let Some(open) = store::open(work, account, purpose, scope)? {
        if open.choice == choice {
            return Ok(());
        }
        withdraw(work, account, purpose, scope, place)?;
    }
    let now = work.now();
    let text = store::keep(work, declaration, now)?;
    let consent = Id::new();
    let row = store::NewConsent {
        id: consent,
        account,
        purpose,
        scope,
        choice,
        text: &text,
        at: now,
        place,
    };
    store::insert(work, &row)?;
    work.announce(&ConsentGiven { consent, purpose });
    Ok(())
}

/// Ends the consent to one thing; false when there was none.
pub fn withdraw(
    work: &mut Work<'_>,
    account: Id<Account>,
    purpose: Purpose,
    scope: &str,
    place: Place,
) -> Result<bool> {
    let Some(open) = store::open(work, account, purpose, scope)? else {
        return Ok(false);
    };
    let now = work.now();
    store::withdraw(work, open.id, now, place)?;
    work.announce(&ConsentWithdrawn {
        consent: open.id,
        purpose,
    });
    Ok(true)
}

/// Ends every open consent of an account to one purpose.
pub fn withdraw_all(
    work: &mut Work<'_>,
    account: Id<Account>,
    purpose: Purpose,
    place: Place,
) -> Result<()> {
    for given in store::of_account(work, account)? {
        if given.purpose == purpose && given.withdrawn_at.is_none() {
            withdraw(work, account, purpose, &given.scope, place)?;
        }
    }
    Ok(())
}

/// Every consent of an account with its words, for an access export.
pub fn collect(conn: &mut Conn, account: Id<Account>) -> Result<Vec<Value>> {
    let all = store::of_account(conn, account)?;
    let line = |g: Given| {
        json!({
            "purpose": g.purpose.as_str(),
            "scope": g.scope,
            "choice": g.choice,
            "given": g.given_at.rfc3339(),
            "given_on": g.given_on.as_str(),
            "withdrawn": g.withdrawn_at.map(Instant::rfc3339),
            "withdrawn_on": g.withdrawn_on.map(Place::as_str),
            "text_language": g.lang,
            "text_version": g.version,
            "text": g.words,
        })
    };
    Ok(all.into_iter().map(line).collect())
}

/// Erasure: nothing tells any more what the account's owner agreed to.
pub fn erase(work: &mut Work<'_>, account: Id<Account>) -> Result<()> {
    store::erase(work, account)
}
