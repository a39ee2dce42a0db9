//! Verbs of invitations.

use kontor_platform::db::Conn;
use kontor_platform::mail::{self, NewMail};
use kontor_platform::text::Lang;
use kontor_platform::{Error, FieldErrors, Id, Result, Work, fact, secret};

use super::letters::{self, Sender};
use super::store::{self, Contact};
use crate::accounts::{self, Account, Cx, Invitation, Role, RoleKind, Scope, Who, settings};
use crate::consents::{self, Place, Purpose};
use crate::directory::employments;
use crate::directory::lookup;
use crate::directory::model::{Cluster, LegalGround, Organisation, Person};
use crate::directory::people;
use crate::directory::store::find_cluster;

fact!(
    /// A contact was told which data of them came from where.
    ContactInformed, "directory.contact_informed", person: Id<Person>);
fact!(
    /// A contact of a list was invited.
    ContactInvited, "directory.contact_invited", person: Id<Person>, account: Id<Account>);
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
    if account.is_some() || state != "active" || store::has_objected(work, &contact.mail)? {
        return Ok(false);
    }
    let new = Invitation {
        mail: contact.mail.clone(),
        name: contact.name.clone(),
        lang,
        role: member_of(work, cluster),
    };
    let account = accounts::invite(work, &new, token, Some(letter))?;
    let now = work.now();
    store::link(work, contact.id, account, now)?;
    if may_edit {
        speak_for(work, account, contact.organisation)?;
    }
    work.announce(&ContactInvited {
        person: contact.id,
        account,
    });
    Ok(true)
}

/// Membership in a cluster from today on.
fn member_of(work: &Work<'_>, cluster: Id<Cluster>) -> Role {
    Role {
        kind: RoleKind::Member,
        scope: Scope::Cluster(cluster.to_string()),
        since: work.now().day(),
        until: None,
    }
}

/// Lets an account keep an organisation's profile from today on.
fn speak_for(
    work: &mut Work<'_>,
    account: Id<Account>,
    organisation: Id<Organisation>,
) -> Result<()> {
    let role = Role {
        kind: RoleKind::OrganisationRepresentative,
        scope: Scope::Organisation(organisation.to_string()),
        since: work.now().day(),
        until: None,
    };
    accounts::grant(work, account, &role, None)
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
    pub may_edit: bool,
    pub lang: Lang,
}

/// Invites one person who is on no list: they are asked by their own cluster,
/// with what the manager typed and nothing else.
pub async fn invite_one(cx: &Cx, one: One) -> Result<()> {
    let (cluster, by, organisation) = {
        let one = one.clone();
        cx.read(move |conn, who| {
            let cluster = led(conn, who, &one.slug)?;
            let organisation = checked(conn, cluster.id, &one)?;
            Ok((cluster, who.name.clone(), organisation))
        })
        .await?
    };
    let token = secret::token();
    let s = cx.site.speak(one.lang);
    let text = s.with(
        "invitations-one-text",
        &[
            ("by", kontor_platform::text::Arg::Text(&by)),
            ("cluster", kontor_platform::text::Arg::Text(&cluster.name)),
        ],
    );
    let text = vec![text, s.t("invitations-hidden").to_owned()];
    let subject = s.name("invitations-subject", &cluster.name);
    let letter = accounts::invitation_letter(&cx.site, one.lang, &one.mail, &token, subject, text);
    let letter = letter.mail(&cx.site)?;
    let id = cluster.id;
    cx.write(move |work, who| {
        if !who.actor.manages(&id.to_string()) {
            return Err(Error::NotFound);
        }
        if store::has_objected(work, &one.mail)? {
            let mut fields = FieldErrors::default();
            fields.add("mail", "invitations-error-objected");
            return Err(Error::Invalid(fields));
        }
        let new = Invitation {
            mail: one.mail.clone(),
            name: one.name.clone(),
            lang: one.lang,
            role: member_of(work, id),
        };
        let account = accounts::invite(work, &new, &token, Some(&letter))?;
        let person = people::ensure(work, account, &one.name, &one.mail)?;
        people::belongs_to(work, person, id, false)?;
        // It may have left the cluster while the letter was written.
        if let Some(organisation) = organisation
            && lookup::is_member(work, organisation, id)?
        {
            employments::begin_if_free(work, person, organisation)?;
            if one.may_edit {
                speak_for(work, account, organisation)?;
            }
        }
        Ok(())
    })
    .await
}

/// The organisation that is meant; notes whatever is wrong with what was typed.
fn checked(conn: &mut Conn, cluster: Id<Cluster>, one: &One) -> Result<Option<Id<Organisation>>> {
    let mut fields = FieldErrors::default();
    if !accounts::looks_like_mail(&one.mail.to_lowercase()) {
        fields.add("mail", "accounts-error-mail");
    }
    let typed = (one.organisation.as_str(), one.chosen.as_str());
    let organisation = lookup::meant(conn, cluster, typed, "organisation", &mut fields)?;
    fields.done(organisation)
}

/// The cluster that the asker leads, and the address of one of its people.
fn invited_to(
    conn: &mut Conn,
    who: &Who,
    slug: &str,
    account: Id<Account>,
) -> Result<(Cluster, String)> {
    let cluster = led(conn, who, slug)?;
    let all = store::invited(conn, cluster.id)?;
    // Only people of this cluster, whatever identifier was sent.
    let found = all.into_iter().find(|i| i.account == account);
    found.ok_or(Error::NotFound)?;
    Ok((cluster, accounts::admin::one(conn, account)?.mail))
}

/// Sends an open invitation again, with a new link.
pub async fn again(cx: &Cx, slug: &str, account: Id<Account>) -> Result<()> {
    let slug = slug.to_owned();
    let (cluster, to) = {
        let slug = slug.clone();
        cx.read(move |conn, who| invited_to(conn, who, &slug, account))
            .await?
    };
    let token = secret::token();
    let s = cx.site.speak(cx.lang);
    let subject = s.name("invitations-subject", &cluster.name);
    let text = vec![s.name("invitations-again-text", &cluster.name)];
    let letter = accounts::invitation_letter(&cx.site, cx.lang, &to, &token, subject, text);
    let letter = letter.mail(&cx.site)?;
    cx.write(move |work, who| {
        let (_, now) = invited_to(work, who, &slug, account)?;
        // Accepted, withdrawn or moved to another address while the letter was written.
        if now != to || !accounts::send_invitation_again(work, account, &token, &letter)? {
            return Err(Error::Refused("invitations-refused-open"));
        }
        Ok(())
    })
    .await
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

/// A person objects: nothing of them is shown, nothing more is sent, an
/// account that was never used is closed.
pub fn object(work: &mut Work<'_>, person: Id<Person>) -> Result<()> {
    let (_, account, _, mail) = store::objector(work, person)?;
    let now = work.now();
    if !store::object(work, person, now)? {
        return Ok(());
    }
    mail::drop_waiting(work, &mail)?;
    if let Some(account) = account {
        accounts::withdraw_invitation(work, account)?;
        consents::withdraw_all(work, account, Purpose::Publication, Place::Elsewhere)?;
    }
    work.announce(&PersonObjected { person });
    Ok(())
}
