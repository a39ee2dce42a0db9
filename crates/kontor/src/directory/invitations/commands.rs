//! Verbs of invitations.

use kontor_platform::db::Conn;
use kontor_platform::mail::{self, NewMail};
use kontor_platform::text::Lang;
use kontor_platform::{Error, FieldErrors, Id, Result, Work, fact, secret};

use super::letters::{self, Sender};
use super::open::{self, New, Open, Typed};
use super::store::{self, Contact};
use crate::accounts::{self, Account, Cx, RoleKind, Scope, Who, settings};
use crate::consents::{self, Place, Purpose};
use crate::directory::lookup;
use crate::directory::model::{Cluster, LegalGround, Person};
use crate::directory::store::find_cluster;

fact!(
    /// A contact was told which data of them came from where.
    ContactInformed, "directory.contact_informed", person: Id<Person>);
fact!(
    /// A person objected to the keeping of their data (Art. 21 GDPR).
    PersonObjected, "directory.person_objected", person: Id<Person>);
fact!(
    /// Contacts of a cluster's lists got a legal ground afterwards.
    GroundGiven, "directory.ground_given", cluster: Id<Cluster>, ground: LegalGround);

/// Most contacts of one stage.
pub const STAGE: i64 = 100;

/// The cluster that the asker leads, by its address; to anybody else it does
/// not exist here.
pub fn led(conn: &mut Conn, who: &Who, slug: &str) -> Result<Cluster> {
    who.signed_in()?;
    let cluster = find_cluster(conn, slug)?;
    if who.actor.manages(&cluster.id.to_string()) {
        Ok(cluster)
    } else {
        Err(Error::NotFound)
    }
}

/// Who writes for a cluster.
fn sender(conn: &mut Conn, who: &Who, cluster: &Cluster, lang: Lang) -> Result<Sender> {
    let from = Sender {
        name: who.name.clone(),
        cluster: cluster.name.clone(),
        region: settings::region(conn)?,
        lang,
    };
    // The notice must name who answers for the data (Art. 14(1)(a) GDPR).
    if from.region.controller_in(lang).0.is_empty() {
        return Err(Error::Refused("invitations-refused-controller"));
    }
    Ok(from)
}

/// Invites, or only informs, the next contacts of a cluster. Answers how many.
pub async fn stage(
    cx: &Cx,
    slug: &str,
    most: i64,
    lang: Lang,
    only_inform: bool,
    may_edit: bool,
) -> Result<i64> {
    let slug = slug.to_owned();
    let (cluster, from, contacts) = cx
        .read(move |conn, who| {
            let cluster = led(conn, who, &slug)?;
            let from = sender(conn, who, &cluster, lang)?;
            let limit = most.clamp(1, STAGE);
            let contacts = store::ready(conn, cluster.id, only_inform, limit)?;
            Ok((cluster, from, contacts))
        })
        .await?;
    let prepared = contacts
        .into_iter()
        .map(|contact| {
            let token = secret::token();
            let letter = if only_inform {
                letters::information(&cx.site, &from, &contact)
            } else {
                letters::invitation(&cx.site, &from, &contact, &token)
            };
            Ok((contact, token, letter.mail(&cx.site)?))
        })
        .collect::<Result<Vec<_>>>()?;
    let id = cluster.id;
    cx.write(move |work, who| {
        // The role may have ended while the letters were written.
        if !who.actor.manages(&id.to_string()) {
            return Err(Error::NotFound);
        }
        let mut done = 0;
        for (contact, token, letter) in &prepared {
            let sent = if only_inform {
                inform(work, contact, letter)?
            } else {
                invite(work, id, contact, token, letter, lang, may_edit)?
            };
            done += i64::from(sent);
        }
        Ok(done)
    })
    .await
}

fn inform(work: &mut Work<'_>, contact: &Contact, letter: &NewMail) -> Result<bool> {
    let now = work.now();
    if store::has_objected(work, &contact.mail)? {
        return Ok(false);
    }
    if !store::informed(work, contact.id, now)? {
        return Ok(false);
    }
    mail::queue(work, letter, now)?;
    work.announce(&ContactInformed { person: contact.id });
    Ok(true)
}

fn invite(
    work: &mut Work<'_>,
    cluster: Id<Cluster>,
    contact: &Contact,
    token: &str,
    letter: &NewMail,
    lang: Lang,
    may_edit: bool,
) -> Result<bool> {
    // Somebody else may have invited them, or they have objected, meanwhile.
    let (_, account, state, _) = store::objector(work, contact.id)?;
    let is_free = account.is_none() && open::of_contact(work, contact.id)?.is_none();
    if !is_free || state != "active" || store::has_objected(work, &contact.mail)? {
        return Ok(false);
    }
    let new = New {
        contact: contact.id,
        name: contact.name.clone(),
        mail: contact.mail.clone(),
        lang,
        cluster: Some(cluster),
        joins: true,
        may_edit,
    };
    open::offer(work, &new, token, letter)?;
    Ok(true)
}

/// One person, by hand.
#[derive(Clone)]
pub struct One {
    pub slug: String,
    pub mail: String,
    pub name: String,
    /// Name or address of their organisation in the cluster, or nothing.
    pub organisation: String,
    /// Address of the one that was chosen where several were offered.
    pub chosen: String,
    /// Where the data come from, and on which ground they are kept.
    pub source: String,
    pub ground: Option<LegalGround>,
    pub may_edit: bool,
    pub lang: Lang,
}

/// Invites one person: a contact of the cluster's lists with this address, or else
/// whom the manager typed. They are told the same as those of a stage.
pub async fn invite_one(cx: &Cx, one: One) -> Result<()> {
    let (cluster, from, to) = {
        let one = one.clone();
        cx.read(move |conn, who| {
            let cluster = led(conn, who, &one.slug)?;
            let to = checked(conn, cluster.id, &one)?;
            let from = sender(conn, who, &cluster, one.lang)?;
            Ok((cluster, from, to))
        })
        .await?
    };
    let token = secret::token();
    let letter = letters::invitation(&cx.site, &from, &to.contact, &token).mail(&cx.site)?;
    let id = cluster.id;
    cx.write(move |work, who| {
        if !who.actor.manages(&id.to_string()) {
            return Err(Error::NotFound);
        }
        let contact = &to.contact;
        if store::has_objected(work, &contact.mail)? {
            let mut fields = FieldErrors::default();
            fields.add("mail", "invitations-error-objected");
            return Err(Error::Invalid(fields));
        }
        if !to.is_listed {
            let typed = Typed {
                name: contact.name.clone(),
                mail: contact.mail.clone(),
                organisation: contact.organisation,
                source: contact.source.clone(),
                ground: Some(contact.ground),
            };
            open::typed_contact(work, contact.id, Some(id), &typed)?;
        }
        let new = New {
            contact: contact.id,
            name: contact.name.clone(),
            mail: contact.mail.clone(),
            lang: one.lang,
            cluster: Some(id),
            joins: true,
            may_edit: one.may_edit && contact.organisation.is_some(),
        };
        open::offer(work, &new, &token, &letter).map(drop)
    })
    .await
}

/// Whom somebody typed: a contact of the cluster's lists, or somebody new.
struct Meant {
    contact: Contact,
    is_listed: bool,
}

/// Whom the form means; notes whatever is wrong with what was typed.
fn checked(conn: &mut Conn, cluster: Id<Cluster>, one: &One) -> Result<Meant> {
    let mut fields = FieldErrors::default();
    let mail = one.mail.trim();
    if !accounts::looks_like_mail(&mail.to_lowercase()) {
        fields.add("mail", "accounts-error-mail");
    }
    let listed = store::listed(conn, cluster, &mail.to_lowercase())?;
    let typed = (one.organisation.as_str(), one.chosen.as_str());
    let organisation = lookup::meant(conn, cluster, typed, "organisation", &mut fields)?;
    if let Some(contact) = listed {
        return fields.done(Meant {
            contact,
            is_listed: true,
        });
    }
    if one.source.is_empty() {
        fields.add("one-source", "invitations-error-source");
    }
    if one.ground.is_none() {
        fields.add("one-ground", "invitations-error-ground");
    }
    let names = store::names_of(conn, organisation.into_iter())?;
    let employer = names.into_values().next().unwrap_or_default();
    fields.done(Meant {
        is_listed: false,
        contact: Contact {
            id: Id::new(),
            name: one.name.clone(),
            mail: mail.to_owned(),
            function: String::new(),
            phone: String::new(),
            organisation,
            employer,
            ground: one.ground.unwrap_or(LegalGround::LegitimateInterest),
            source: one.source.clone(),
        },
    })
}

/// The cluster that the asker leads, and one of its invitations without an answer.
fn invited_by(
    conn: &mut Conn,
    who: &Who,
    slug: &str,
    contact: Id<Person>,
) -> Result<(Cluster, Open)> {
    let cluster = led(conn, who, slug)?;
    let open = open::of_contact(conn, contact)?;
    // Only one of this cluster, whatever identifier was sent.
    let open = open.filter(|o| o.cluster == Some(cluster.id));
    Ok((cluster, open.ok_or(Error::NotFound)?))
}

/// Sends an open invitation again, with a new link, in the language it had.
pub async fn again(cx: &Cx, slug: &str, contact: Id<Person>) -> Result<()> {
    let slug = slug.to_owned();
    let (cluster, before) = {
        let slug = slug.clone();
        cx.read(move |conn, who| invited_by(conn, who, &slug, contact))
            .await?
    };
    let token = secret::token();
    let lang = Lang::parse(&before.lang).unwrap_or(cx.lang);
    let letter = letters::again(&cx.site, lang, &cluster.name, &before, &token).mail(&cx.site)?;
    cx.write(move |work, who| {
        let (_, open) = match invited_by(work, who, &slug, contact) {
            Err(Error::NotFound) => return Err(Error::Refused("invitations-refused-answered")),
            other => other?,
        };
        // Answered, or moved to another address, while the letter was written.
        if open.mail != before.mail || open.declined_at.is_some() {
            return Err(Error::Refused("invitations-refused-answered"));
        }
        let new = New {
            contact,
            name: open.name.clone(),
            mail: open.mail.clone(),
            lang,
            cluster: open.cluster,
            joins: open.joins,
            may_edit: open.may_edit,
        };
        open::offer(work, &new, &token, &letter).map(drop)
    })
    .await
}

/// Takes an invitation back, or one that was declined out of the list.
pub fn withdraw(work: &mut Work<'_>, who: &Who, slug: &str, contact: Id<Person>) -> Result<()> {
    let (_, open) = invited_by(work, who, slug, contact)?;
    open::withdraw(work, &open)
}

/// Ends the roles in which an account speaks for organisations of the cluster.
pub async fn end_representation(cx: &Cx, slug: &str, account: Id<Account>) -> Result<()> {
    let slug = slug.to_owned();
    cx.write(move |work, who| {
        let cluster = led(work, who, &slug)?;
        let today = work.now().day();
        let roles = accounts::admin::roles(work, account)?;
        let places = roles.iter().filter_map(|a| match &a.role.scope {
            Scope::Organisation(id) => Some(id.as_str()),
            _ => None,
        });
        let places: Vec<&str> = places.collect();
        let present = store::present(work, cluster.id, &places)?;
        let mut ended = 0;
        for assigned in roles {
            let is_of_cluster = match &assigned.role.scope {
                Scope::Organisation(id) => present.contains_key(id),
                _ => false,
            };
            let speaks = assigned.role.kind == RoleKind::OrganisationRepresentative;
            if speaks && is_of_cluster && assigned.role.holds(today) {
                work.acts_for(Some(cluster.id.to_string()));
                accounts::admin::end_role(work, assigned.id)?;
                ended += 1;
            }
        }
        if ended == 0 {
            return Err(Error::NotFound);
        }
        Ok(())
    })
    .await
}

/// Gives ground and source to contacts that came in without.
pub fn give_ground(
    work: &mut Work<'_>,
    cluster: Id<Cluster>,
    ground: LegalGround,
    source: &str,
) -> Result<()> {
    if store::set_ground(work, cluster, ground, source)? > 0 {
        work.announce(&GroundGiven { cluster, ground });
    }
    Ok(())
}

/// A person objects: nothing of them is shown, nothing more is sent, an open
/// invitation ends, and with it an account that was made for it.
pub fn object(work: &mut Work<'_>, person: Id<Person>) -> Result<()> {
    let (_, account, _, mail) = store::objector(work, person)?;
    let now = work.now();
    if !store::object(work, person, now)? {
        return Ok(());
    }
    mail::drop_waiting(work, &mail)?;
    open::end_for(work, person)?;
    if let Some(account) = account {
        consents::withdraw_all(work, account, Purpose::Publication, Place::Elsewhere)?;
    }
    work.announce(&PersonObjected { person });
    Ok(())
}
