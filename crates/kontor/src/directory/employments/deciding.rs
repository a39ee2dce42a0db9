//! Verbs of whoever decides for an organisation who works there.

use kontor_platform::db::Conn;
use kontor_platform::{Error, FieldErrors, Id, Result, Work, mail};

use super::commands::{begin, end};
use super::letters;
use super::model::{EmploymentDeclined, Present, Request};
use super::store;
use crate::accounts::{Account, Cx, Holder, Who, holder};
use crate::directory::commands::permitted;
use crate::directory::model::{Organisation, Person};
use crate::directory::people;
use crate::directory::policy::Act;
use crate::directory::profile::body;
use crate::directory::requests::Care;

/// The organisation for which the asker decides who works there, and for whom
/// they act: who may edit it, and the administration where nobody leads.
pub fn decided(conn: &mut Conn, who: &Who, slug: &str) -> Result<(Organisation, Option<String>)> {
    who.signed_in()?;
    let refused = match permitted(conn, &who.actor, slug, Act::Edit) {
        Ok((o, clusters)) => {
            let body = body(&who.actor, &o, &clusters);
            return Ok((o, body));
        }
        Err(error) => error,
    };
    who.administers().map_err(|_| refused)?;
    let organisation = permitted(conn, &who.actor, slug, Act::See)?.0;
    let care = Care::of(conn, who)?;
    match store::is_in_care(conn, &care, organisation.id)? {
        true => Ok((organisation, None)),
        false => Err(Error::Forbidden),
    }
}

/// One of the organisation's open requests.
fn open(conn: &mut Conn, o: &Organisation, id: Id<Request>) -> Result<Request> {
    let all = store::asked_of(conn, o.id)?;
    let found = all.into_iter().find(|r| r.id == id);
    found.ok_or(Error::Refused("employments-refused-settled"))
}

/// The letter that answers, if the person still has an account in use.
fn answer(
    conn: &mut Conn,
    account: Option<Id<Account>>,
    letter: impl Fn(&Holder) -> Result<mail::NewMail>,
) -> Result<Option<mail::NewMail>> {
    let to = account.map(|account| holder(conn, account)).transpose()?;
    to.flatten().as_ref().map(letter).transpose()
}

/// Confirms that a person works here.
pub async fn confirm(cx: &Cx, slug: &str, id: Id<Request>) -> Result<()> {
    let slug = slug.to_owned();
    let letter = {
        let slug = slug.clone();
        cx.read(move |conn, who| {
            let o = decided(conn, who, &slug)?.0;
            let asked = open(conn, &o, id)?;
            answer(conn, asked.account, |to| {
                letters::confirmed(&who.cx.site, &asked, to)
            })
        })
        .await?
    };
    cx.write(move |work, who| {
        let (o, body) = decided(work, who, &slug)?;
        let asked = settle(work, &o, id)?;
        work.acts_for(body);
        begin(work, asked.person, o.id, Some(asked.since))?;
        if let Some(letter) = &letter {
            let now = work.now();
            mail::queue(work, letter, now)?;
        }
        Ok(())
    })
    .await
}

/// Takes an open request from the list, once.
fn settle(work: &mut Work<'_>, o: &Organisation, id: Id<Request>) -> Result<Request> {
    let asked = open(work, o, id)?;
    match store::settle(work, id)? {
        true => Ok(asked),
        false => Err(Error::Refused("employments-refused-settled")),
    }
}

/// Declines, with a reason if there is one.
pub async fn decline(cx: &Cx, slug: &str, id: Id<Request>, reason: &str) -> Result<()> {
    if reason.chars().count() > 2000 {
        let mut fields = FieldErrors::default();
        fields.add("reason", "employments-error-reason");
        return fields.done(());
    }
    let (slug, reason) = (slug.to_owned(), reason.to_owned());
    let letter = {
        let slug = slug.clone();
        cx.read(move |conn, who| {
            let o = decided(conn, who, &slug)?.0;
            let asked = open(conn, &o, id)?;
            answer(conn, asked.account, |to| {
                letters::declined(&who.cx.site, &asked, to, &reason)
            })
        })
        .await?
    };
    cx.write(move |work, who| {
        let (o, body) = decided(work, who, &slug)?;
        let asked = settle(work, &o, id)?;
        work.acts_for(body);
        if let Some(letter) = &letter {
            let now = work.now();
            mail::queue(work, letter, now)?;
        }
        work.announce(&EmploymentDeclined {
            person: asked.person,
            organisation: o.id,
        });
        Ok(())
    })
    .await
}

/// Whose employment was ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Own,
    Other,
}

/// Somebody who decides for an organisation says that a person, whom they see
/// there, no longer works for it; the person is told.
pub async fn end_here(cx: &Cx, slug: &str, person: Id<Person>) -> Result<Ended> {
    let slug = slug.to_owned();
    let letter = {
        let slug = slug.clone();
        cx.read(move |conn, who| {
            let (o, present) = employed(conn, who, &slug, person)?;
            answer(conn, present.account, |to| {
                letters::ended(&who.cx.site, &o.name, to)
            })
        })
        .await?
    };
    cx.write(move |work, who| {
        let (o, present) = employed(work, who, &slug, person)?;
        let body = decided(work, who, &o.slug)?.1;
        work.acts_for(body);
        let now = work.now();
        end(work, person, &present, now.day())?;
        if let Some(letter) = &letter {
            mail::queue(work, letter, now)?;
        }
        Ok(match present.account == who.actor.account {
            true => Ended::Own,
            false => Ended::Other,
        })
    })
    .await
}

/// A person whom the asker sees at an organisation for which they decide.
fn employed(
    conn: &mut Conn,
    who: &Who,
    slug: &str,
    person: Id<Person>,
) -> Result<(Organisation, Present)> {
    let o = decided(conn, who, slug)?.0;
    let seen = people::of_organisation(conn, &who.actor, o.id)?;
    if !seen.iter().any(|contact| contact.id == person) {
        return Err(Error::NotFound);
    }
    let present = store::present(conn, person)?;
    Ok((o, present))
}
