//! Verbs of employments.

use kontor_platform::db::Conn;
use kontor_platform::web::Form;
use kontor_platform::{Day, Error, FieldErrors, Id, Result, Work, mail};

use super::letters;
use super::model::{
    Employment, EmploymentAsked, EmploymentWithdrawn, PersonJoined, PersonLeft, Present, Request,
};
use super::store;
use crate::accounts::{Account, Cx, Holder, Limits, RoleKind, Scope, Who, admin};
use crate::directory::commands::permitted;
use crate::directory::contact;
use crate::directory::model::{Organisation, Person};
use crate::directory::people;
use crate::directory::policy::Act;
use crate::directory::profile::body;

/// Changes that somebody may ask for in a day: each writes to others.
const PER_DAY: i64 = 10;

/// From now on somebody whom a management brought in works for an organisation.
/// Who works elsewhere stays there: only they can change that.
pub fn begin_if_free(
    work: &mut Work<'_>,
    person: Id<Person>,
    organisation: Id<Organisation>,
) -> Result<()> {
    if store::present(work, person)?.organisation.is_some() {
        return Ok(());
    }
    begin(work, person, organisation, None)
}

/// From a day on a person works for an organisation, and no longer for another.
pub(super) fn begin(
    work: &mut Work<'_>,
    person: Id<Person>,
    organisation: Id<Organisation>,
    since: Option<Day>,
) -> Result<()> {
    let present = store::present(work, person)?;
    if present.organisation == Some(organisation) {
        return Ok(());
    }
    let today = work.now().day();
    end(work, person, &present, since.unwrap_or(today))?;
    store::begin(work, person, organisation, since)?;
    work.announce(&PersonJoined {
        person,
        organisation,
    });
    Ok(())
}

/// Ends the present employment, and with it the right to speak for the
/// organisation.
pub(super) fn end(
    work: &mut Work<'_>,
    person: Id<Person>,
    present: &Present,
    until: Day,
) -> Result<()> {
    let Some(organisation) = present.organisation else {
        return Ok(());
    };
    // One that would end before it began never was.
    if present.since.is_none_or(|since| since < until) {
        store::close(work, person, organisation, present.since, until)?;
    }
    store::end(work, person)?;
    if let Some(account) = present.account {
        speak_no_longer(work, account, organisation)?;
    }
    work.announce(&PersonLeft { person });
    Ok(())
}

fn speak_no_longer(
    work: &mut Work<'_>,
    account: Id<Account>,
    organisation: Id<Organisation>,
) -> Result<()> {
    let today = work.now().day();
    let scope = Scope::Organisation(organisation.to_string());
    for held in admin::roles(work, account)? {
        let speaks = held.role.kind == RoleKind::OrganisationRepresentative;
        if speaks && held.role.scope == scope && held.role.holds(today) {
            admin::end_role(work, held.id)?;
        }
    }
    Ok(())
}

/// What somebody typed to be counted among an organisation's people.
#[derive(Debug, Clone)]
struct Typed {
    slug: String,
    since: Day,
    message: String,
}

fn read(form: &Form, today: Day) -> Result<Typed> {
    let mut fields = FieldErrors::default();
    let slug = form.text("organisation").to_owned();
    if slug.is_empty() {
        fields.add("organisation", "employments-error-organisation");
    }
    let since = Day::parse(form.text("since")).filter(|day| *day <= today);
    if since.is_none() {
        fields.add("since", "requests-error-since");
    }
    let message = form.text("message").to_owned();
    if message.chars().count() > 2000 {
        fields.add("message", "requests-error-message");
    }
    fields.done(Typed {
        slug,
        since: since.unwrap_or(today),
        message,
    })
}

/// What an asker meets: the organisation with its clusters, themselves as they
/// stand there, and whether they decide for it anyway.
struct Met {
    organisation: Organisation,
    clusters: Vec<String>,
    account: Id<Account>,
    own: Option<store::Own>,
    decides: bool,
}

fn meet(conn: &mut Conn, who: &Who, typed: &Typed) -> Result<Met> {
    who.signed_in()?;
    let account = who.actor.account.ok_or(Error::Forbidden)?;
    let (organisation, clusters) = permitted(conn, &who.actor, &typed.slug, Act::See)?;
    let own = store::own(conn, account)?;
    let mut fields = FieldErrors::default();
    if let Some(own) = &own {
        if own.organisation == Some(organisation.id) {
            fields.add("organisation", "employments-error-same");
        }
        if own.since.is_some_and(|since| typed.since < since) {
            fields.add("since", "employments-error-before");
        }
    }
    let decides = body(&who.actor, &organisation, &clusters).is_some();
    fields.done(Met {
        organisation,
        clusters,
        account,
        own,
        decides,
    })
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The organisation has yet to confirm it.
    Waits,
    /// The asker decides for the organisation.
    Holds,
}

/// Somebody says that they work for an organisation.
pub async fn ask(cx: &Cx, form: &Form) -> Result<Outcome> {
    let typed = read(form, cx.now.day())?;
    let id = Id::new();
    let letters = {
        let typed = typed.clone();
        cx.read(move |conn, who| {
            let met = meet(conn, who, &typed)?;
            let to = match met.decides {
                true => Vec::new(),
                false => contact::answering(conn, met.organisation.id, who.cx.now.day())?.0,
            };
            let asked = request(id, &met, &typed, who);
            let letter = |h: &Holder| letters::asked(&who.cx.site, &asked, h);
            to.iter().map(letter).collect::<Result<Vec<_>>>()
        })
        .await?
    };
    let who_asks = cx.clone();
    cx.write(move |work, who| {
        let met = meet(work, who, &typed)?;
        let asked = request(id, &met, &typed, who);
        let by = met.account.to_string();
        Limits::new(&who_asks)
            .per_day("employment", &by, PER_DAY)
            .take(work)?;
        let mail = admin::one(work, met.account)?.mail;
        let person = people::ensure(work, met.account, &who.name, &mail)?;
        let organisation = met.organisation.id;
        if met.decides {
            work.acts_for(body(&who.actor, &met.organisation, &met.clusters));
            drop_asked(work, person)?;
            begin(work, person, organisation, Some(typed.since))?;
            return Ok(Outcome::Holds);
        }
        let now = work.now();
        let (since, message) = (asked.since, &asked.message);
        if !store::ask(work, id, person, organisation, since, message, now)? {
            return Err(Error::Refused("employments-refused-asked"));
        }
        for letter in &letters {
            mail::queue(work, letter, now)?;
        }
        work.announce(&EmploymentAsked {
            person,
            organisation,
        });
        Ok(Outcome::Waits)
    })
    .await
}

fn request(id: Id<Request>, met: &Met, typed: &Typed, who: &Who) -> Request {
    Request {
        id,
        // Of somebody who has no record yet, it is made when this is stored.
        person: met.own.as_ref().map_or_else(Id::new, |own| own.person),
        account: Some(met.account),
        name: who.name.clone(),
        function: String::new(),
        organisation: met.organisation.id,
        organisation_name: met.organisation.name.clone(),
        organisation_slug: met.organisation.slug.clone(),
        since: typed.since,
        message: typed.message.clone(),
        created_at: who.cx.now,
    }
}

/// Ends what a person asks, without a word to anybody.
fn drop_asked(work: &mut Work<'_>, person: Id<Person>) -> Result<bool> {
    let Some(asked) = store::asked_by(work, person)? else {
        return Ok(false);
    };
    if !store::settle(work, asked.id)? {
        return Ok(false);
    }
    work.announce(&EmploymentWithdrawn { person });
    Ok(true)
}

/// The asker's own person.
fn own(conn: &mut Conn, who: &Who) -> Result<store::Own> {
    who.signed_in()?;
    let account = who.actor.account.ok_or(Error::Forbidden)?;
    store::own(conn, account)?.ok_or(Error::NotFound)
}

/// Takes back what one has asked.
pub fn withdraw(work: &mut Work<'_>, who: &Who) -> Result<()> {
    let person = own(work, who)?.person;
    match drop_asked(work, person)? {
        true => Ok(()),
        false => Err(Error::Refused("employments-refused-settled")),
    }
}

/// Somebody no longer works for their organisation.
pub fn leave(work: &mut Work<'_>, who: &Who) -> Result<()> {
    let person = own(work, who)?.person;
    let (present, today) = (store::present(work, person)?, work.now().day());
    end(work, person, &present, today)
}

/// Forgets a former employment of one's own.
pub fn remove(work: &mut Work<'_>, who: &Who, id: Id<Employment>) -> Result<()> {
    let person = own(work, who)?.person;
    match store::remove(work, id, person)? {
        true => Ok(()),
        false => Err(Error::NotFound),
    }
}
