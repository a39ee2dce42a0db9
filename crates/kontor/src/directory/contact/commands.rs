//! Verbs of contact.

use kontor_platform::db::Conn;
use kontor_platform::mail::{self, NewMail};
use kontor_platform::web::Form;
use kontor_platform::{Day, Error, FieldErrors, Id, Instant, Result, Work, secret};

use super::letters;
use super::model::{
    Message, MessageRelayed, ReportSettled, Route, SenderBlocked, SenderReported, SenderUnblocked,
    State,
};
use super::store;
use crate::accounts::privacy::addresses;
use crate::accounts::{
    Cx, Holder, Limits, RoleKind, Scope, Who, admin, holders, looks_like_mail, managers,
};
use crate::directory::commands::permitted;
use crate::directory::model::Organisation;
use crate::directory::policy::Act;
use crate::directory::requests::Care;
use crate::directory::store::places;

/// Messages from one network place in a quarter of an hour.
const PER_PLACE: i64 = 10;
/// Messages of one sender in a day.
const PER_SENDER: i64 = 5;
const DAY_S: i64 = 24 * 3600;
/// Days after which words, name and address are forgotten.
const KEEP_DAYS: i64 = 14;

/// How often somebody may write: from a network place, and under an address.
fn limits(cx: &Cx, mail: &str) -> Limits {
    Limits::new(cx).per_place("contact", PER_PLACE).per_day(
        "sender",
        &mail.to_lowercase(),
        PER_SENDER,
    )
}

/// Who answers for an organisation today: those who speak for it, else who looks
/// after it.
pub fn answering(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    today: Day,
) -> Result<(Vec<Holder>, Route)> {
    let scope = Scope::Organisation(organisation.to_string());
    let speak = holders(conn, RoleKind::OrganisationRepresentative, &scope, today)?;
    if !speak.is_empty() {
        return Ok((speak, Route::Representatives));
    }
    in_charge(conn, organisation, today)
}

/// Who gets a message to an organisation today.
fn recipients(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    today: Day,
) -> Result<(Vec<Holder>, Route)> {
    let found = answering(conn, organisation, today)?;
    match found.0.is_empty() {
        true => Err(Error::Refused("contact-refused-nobody")),
        false => Ok(found),
    }
}

/// Who looks after an organisation today: those who lead its clusters, else the
/// administration.
pub fn in_charge(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    today: Day,
) -> Result<(Vec<Holder>, Route)> {
    let memberships = places(conn, organisation)?.0;
    let open = memberships.iter().filter(|m| m.until.is_none());
    deciders(conn, open.map(|m| &m.cluster), today)
}

/// Who decides for these clusters today: those who lead them, where nobody does
/// the administration.
pub fn deciders<'a>(
    conn: &mut Conn,
    clusters: impl Iterator<Item = &'a String>,
    today: Day,
) -> Result<(Vec<Holder>, Route)> {
    let lead = managers(conn, clusters, today)?;
    if !lead.is_empty() {
        return Ok((lead, Route::Management));
    }
    let administer = holders(conn, RoleKind::Admin, &Scope::Region, today)?;
    Ok((administer, Route::Administration))
}

/// Reads what was typed; name and address of somebody signed in are their own.
fn read(form: &Form, own: Option<(String, String)>) -> Result<(String, String, String)> {
    let mut fields = FieldErrors::default();
    let is_own = own.is_some();
    let (name, mail) =
        own.unwrap_or_else(|| (form.text("name").to_owned(), form.text("mail").to_owned()));
    let message = form.text("message").to_owned();
    if !is_own && (name.is_empty() || name.chars().count() > 120) {
        fields.add("name", "accounts-error-name");
    }
    if !is_own && !looks_like_mail(&mail.to_lowercase()) {
        fields.add("mail", "accounts-error-mail");
    }
    if message.is_empty() || message.chars().count() > 4000 {
        fields.add("message", "contact-error-message");
    }
    fields.done((name, mail, message))
}

/// Letters that relay a message and the sender's copy.
struct Prepared {
    letters: Vec<NewMail>,
    copy: NewMail,
}

fn prepare(cx: &Cx, m: &Message, to: &[Holder], route: Route) -> Result<Prepared> {
    let relayed = |holder: &Holder| letters::relayed(&cx.site, m, holder, route);
    Ok(Prepared {
        letters: to.iter().map(relayed).collect::<Result<_>>()?,
        copy: letters::copy(&cx.site, m)?,
    })
}

/// Queues the letters. Of a blocked sender only the copy goes out: nothing
/// tells them from anybody else.
fn deliver(work: &mut Work<'_>, m: &Message, p: &Prepared, is_blocked: bool) -> Result<()> {
    let now = work.now();
    if !is_blocked {
        for letter in &p.letters {
            mail::queue(work, letter, now)?;
        }
    }
    mail::queue(work, &p.copy, now)?;
    work.announce(&MessageRelayed {
        message: m.id,
        organisation: m.organisation,
    });
    Ok(())
}

fn state(is_blocked: bool) -> State {
    if is_blocked {
        State::Withheld
    } else {
        State::Relayed
    }
}

fn keep_until(now: Instant) -> Instant {
    now.plus_s(KEEP_DAYS * DAY_S)
}

/// A message that somebody has typed, before it goes anywhere.
struct Written {
    message: Message,
    /// Keys of every address that the sender has or had; none without an account.
    own_keys: Option<Vec<String>>,
    to: Vec<Holder>,
    route: Route,
}

fn write(conn: &mut Conn, who: &Who, slug: &str, form: &Form) -> Result<Written> {
    let organisation = permitted(conn, &who.actor, slug, Act::See)?.0;
    let own = match who.actor.account {
        Some(account) => Some((who.name.clone(), admin::one(conn, account)?.mail)),
        None => None,
    };
    let (name, mail, message) = read(form, own)?;
    let key_of = |mail: &str| who.cx.site.key.sign("sender", &mail.to_lowercase());
    // Who was blocked under a former address is blocked.
    let own_keys = match who.actor.account {
        Some(account) => Some(
            addresses(conn, account)?
                .iter()
                .map(|a| key_of(a))
                .collect(),
        ),
        None => None,
    };
    let (to, route) = recipients(conn, organisation.id, who.cx.now.day())?;
    Ok(Written {
        message: Message {
            id: Id::new(),
            organisation: organisation.id,
            organisation_name: organisation.name,
            organisation_slug: organisation.slug,
            sender_key: key_of(&mail),
            name,
            mail,
            message,
            lang: who.cx.lang.tag().to_owned(),
            state: State::Unconfirmed,
        },
        own_keys,
        to,
        route,
    })
}

/// Takes a message: relays it for who is signed in, asks anybody else for
/// confirmation. Answers whether it waits for that.
pub async fn send(cx: &Cx, slug: &str, form: &Form) -> Result<bool> {
    let (slug, form) = (slug.to_owned(), form.clone());
    let written = cx.read(move |conn, who| write(conn, who, &slug, &form));
    let Written {
        message,
        own_keys,
        to,
        route,
    } = written.await?;
    let limits = limits(cx, &message.mail);
    if let Some(keys) = own_keys {
        let prepared = prepare(cx, &message, &to, route)?;
        cx.write(move |work, _| {
            let now = work.now();
            limits.take(work)?;
            let is_blocked = store::is_blocked(work, message.organisation, &keys)?;
            let kept = Message {
                message: String::new(),
                state: state(is_blocked),
                ..message.clone()
            };
            store::insert(work, &kept, "", now, keep_until(now))?;
            deliver(work, &message, &prepared, is_blocked)
        })
        .await?;
        return Ok(false);
    }
    let token = secret::token();
    let letter = letters::confirmation(&cx.site, &message, &token)?;
    let hash = secret::hash(&token);
    cx.write(move |work, _| {
        let now = work.now();
        limits.take(work)?;
        store::insert(work, &message, &hash, now, keep_until(now))?;
        mail::queue(work, &letter, now)
    })
    .await?;
    Ok(true)
}

/// Relays a message whose sender has proved their address. Answers the
/// organisation's address.
pub async fn confirm(cx: &Cx, token: &str) -> Result<String> {
    let hash = secret::hash(token);
    let gone = || Error::Refused("contact-refused-link");
    let (message, (to, route)) = cx
        .read(move |conn, who| {
            let found = store::by_token(conn, &hash, who.cx.now)?.ok_or_else(gone)?;
            let to = recipients(conn, found.organisation, who.cx.now.day())?;
            Ok((found, to))
        })
        .await?;
    let prepared = prepare(cx, &message, &to, route)?;
    let slug = message.organisation_slug.clone();
    cx.write(move |work, _| {
        let keys = [message.sender_key.clone()];
        let is_blocked = store::is_blocked(work, message.organisation, &keys)?;
        if !store::confirm(work, message.id, state(is_blocked))? {
            return Err(gone());
        }
        deliver(work, &message, &prepared, is_blocked)
    })
    .await?;
    Ok(slug)
}

/// Blocks the sender of a message for its organisation.
pub fn block(work: &mut Work<'_>, id: Id<Message>) -> Result<()> {
    let message = store::one(work, id)?;
    let now = work.now();
    if store::block(work, &message, now)? {
        work.announce(&SenderBlocked {
            organisation: message.organisation,
            message: id,
        });
    }
    Ok(())
}

/// Reports the sender of a message to the management, which gets a letter.
pub async fn report(cx: &Cx, id: Id<Message>, note: &str) -> Result<()> {
    let (message, to) = cx
        .read(move |conn, who| {
            let message = store::one(conn, id)?;
            let to = in_charge(conn, message.organisation, who.cx.now.day())?.0;
            Ok((message, to))
        })
        .await?;
    let letter = |h: &Holder| letters::reported(&cx.site, &message, h);
    let letters = to.iter().map(letter).collect::<Result<Vec<_>>>()?;
    let note = note.to_owned();
    cx.write(move |work, _| {
        let message = store::one(work, id)?;
        let now = work.now();
        if !store::report(work, &message, &note, now)? {
            return Ok(());
        }
        for letter in &letters {
            mail::queue(work, letter, now)?;
        }
        work.announce(&SenderReported {
            message: id,
            organisation: message.organisation,
        });
        Ok(())
    })
    .await
}

/// Lets a blocked sender write to the organisation again.
pub fn unblock(work: &mut Work<'_>, organisation: Id<Organisation>, sender: &str) -> Result<()> {
    if !store::unblock(work, organisation, sender)? {
        return Err(Error::NotFound);
    }
    work.announce(&SenderUnblocked { organisation });
    Ok(())
}

/// Notes that the management has dealt with a report.
pub async fn settle(cx: &Cx, id: Id<Message>) -> Result<()> {
    cx.write(move |work, who| {
        who.signed_in()?;
        let care = Care::of(work, who)?;
        let waiting = store::reports(work, &care)?;
        if !waiting.iter().any(|r| r.message == id) {
            return Err(Error::NotFound);
        }
        let (now, by) = (work.now(), who.actor.account.map(|a| a.to_string()));
        if store::settle(work, id, by, now)? {
            work.announce(&ReportSettled { message: id });
        }
        Ok(())
    })
    .await
}
