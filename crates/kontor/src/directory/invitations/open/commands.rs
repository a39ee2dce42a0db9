//! Verbs of open invitations.

use kontor_platform::mail::NewMail;
use kontor_platform::{Error, Id, Instant, Result, Work, secret};

use super::model::{
    ContactInvited, InvitationAccepted, InvitationDeclined, InvitationTakenBack, New, Typed,
};
use super::store::{self, Open};
use crate::accounts::{self, Account, Invitation, Role, RoleKind, Scope, admin};
use crate::directory::commands::{NewPerson, create_person_as};
use crate::directory::employments;
use crate::directory::invitations::store as listed;
use crate::directory::lookup;
use crate::directory::model::{Cluster, Person};
use crate::directory::people;

/// Invites a contact by the letter that holds `token`. A link of an earlier letter
/// ends. Answers the account of the address, which may be in use since long: it
/// gets nothing before its owner's yes.
pub fn offer(work: &mut Work<'_>, new: &New, token: &str, letter: &NewMail) -> Result<Id<Account>> {
    if let Some(before) = store::of_contact(work, new.contact)? {
        accounts::end_invitation(work, &before.link)?;
    }
    let whom = Invitation {
        mail: new.mail.clone(),
        name: new.name.clone(),
        lang: new.lang,
        role: None,
    };
    let account = accounts::invite(work, &whom, token, Some(letter))?;
    let at = work.now();
    store::note(work, new, account, &secret::hash(token), at)?;
    listed::informed(work, new.contact, at)?;
    work.announce(&ContactInvited {
        person: new.contact,
        account,
    });
    Ok(account)
}

/// The contact of whoever was typed. An invitation of the same cluster to the same
/// address that waits gives way to the new one.
pub fn typed_contact(
    work: &mut Work<'_>,
    id: Id<Person>,
    cluster: Option<Id<Cluster>>,
    typed: &Typed,
) -> Result<()> {
    if let Some(cluster) = cluster {
        for before in store::of_mail(work, cluster, &typed.mail.to_lowercase())? {
            if let Some(open) = store::of_contact(work, before)? {
                end(work, &open, true)?;
            }
        }
    }
    create_person_as(
        work,
        id,
        &NewPerson {
            name: typed.name.clone(),
            mail: typed.mail.clone(),
            organisation: typed.organisation,
            source: typed.source.clone(),
            ..NewPerson::default()
        },
    )?;
    match typed.ground {
        Some(ground) => store::set_ground(work, id, ground),
        None => Ok(()),
    }
}

/// Takes the invitation away, whatever was answered: its link ends, its letter is
/// not sent any more, an account that was made for it and for nothing else is
/// emptied, and `with_contact` so is a contact that somebody typed.
fn end(work: &mut Work<'_>, open: &Open, with_contact: bool) -> Result<()> {
    if !store::drop_one(work, open.contact)? {
        return Ok(());
    }
    accounts::end_invitation(work, &open.link)?;
    close_unused(work, open)?;
    if with_contact && !open.is_listed && people::is_free(work, open.contact)? {
        people::erase(work, open.contact)?;
    }
    Ok(())
}

/// Empties the account of an address that nobody has accepted and nobody else has
/// invited.
fn close_unused(work: &mut Work<'_>, open: &Open) -> Result<()> {
    let waits = |o: &Open| o.contact != open.contact && o.declined_at.is_none();
    let others = store::of_account(work, open.account)?;
    if others.iter().any(waits) || !admin::roles(work, open.account)?.is_empty() {
        return Ok(());
    }
    accounts::withdraw_invitation(work, open.account)
}

/// A management takes its invitation back. A contact of a list can be invited again.
pub fn withdraw(work: &mut Work<'_>, open: &Open) -> Result<()> {
    end(work, open, true)?;
    work.announce(&InvitationTakenBack {
        person: open.contact,
    });
    Ok(())
}

/// Ends a contact's invitation because the contact has objected or is being erased.
pub fn end_for(work: &mut Work<'_>, contact: Id<Person>) -> Result<()> {
    match store::of_contact(work, contact)? {
        Some(open) => end(work, &open, false),
        None => Ok(()),
    }
}

/// An account is being emptied: nothing waits for its yes any more.
pub fn end_of_account(work: &mut Work<'_>, account: Id<Account>) -> Result<()> {
    store::drop_of_account(work, account)
}

/// Retention: invitations whose last letter went out before `before`.
pub fn drop_stale(work: &mut Work<'_>, before: Instant) -> Result<u64> {
    let mut ended = 0;
    for contact in store::stale(work, before)? {
        if let Some(open) = store::of_contact(work, contact)? {
            end(work, &open, true)?;
            ended += 1;
        }
    }
    Ok(ended)
}

/// The invitation of a contact, if it waits for this account's answer.
fn waits_for(work: &mut Work<'_>, account: Id<Account>, contact: Id<Person>) -> Result<Open> {
    let open = store::of_contact(work, contact)?;
    open.filter(|o| o.account == account && o.declined_at.is_none())
        .ok_or(Error::Refused("invitations-refused-gone"))
}

/// The yes of whoever was invited: from now on they have what was offered.
pub fn accept(work: &mut Work<'_>, account: Id<Account>, contact: Id<Person>) -> Result<()> {
    let open = waits_for(work, account, contact)?;
    if !store::take(work, contact)? {
        return Err(Error::Refused("invitations-refused-gone"));
    }
    accounts::end_invitation(work, &open.link)?;
    let person = person_of(work, account, &open)?;
    if let (Some(cluster), true) = (open.cluster, open.joins) {
        people::belongs_to(work, person, cluster, false)?;
        let scope = Scope::Cluster(cluster.to_string());
        grant(work, account, RoleKind::Member, scope)?;
    }
    if let Some(organisation) = open.organisation {
        // It may have left the cluster while the invitation waited.
        let is_member = match open.cluster {
            Some(cluster) => lookup::is_member(work, organisation, cluster)?,
            None => true,
        };
        if is_member {
            employments::begin_if_free(work, person, organisation)?;
        }
        if is_member && open.may_edit {
            let scope = Scope::Organisation(organisation.to_string());
            grant(work, account, RoleKind::OrganisationRepresentative, scope)?;
        }
    }
    work.announce(&InvitationAccepted { person, account });
    Ok(())
}

/// The account's own person. A contact becomes it where there is none; a list's line
/// is tied to the account in any case, and what was typed is not needed any more.
fn person_of(work: &mut Work<'_>, account: Id<Account>, open: &Open) -> Result<Id<Person>> {
    let own = people::own_id(work, account)?;
    if own.is_none() || open.is_listed {
        let at = work.now();
        listed::link(work, open.contact, account, at)?;
    } else if own != Some(open.contact) {
        people::erase(work, open.contact)?;
    }
    Ok(own.unwrap_or(open.contact))
}

fn grant(work: &mut Work<'_>, account: Id<Account>, kind: RoleKind, scope: Scope) -> Result<()> {
    let since = work.now().day();
    let role = Role {
        kind,
        scope,
        since,
        until: None,
    };
    accounts::grant(work, account, &role, None)
}

/// The no of whoever was invited. The management sees it; an account that was made
/// for the invitation is emptied.
pub fn decline(work: &mut Work<'_>, account: Id<Account>, contact: Id<Person>) -> Result<()> {
    let open = waits_for(work, account, contact)?;
    let at = work.now();
    store::decline(work, contact, at)?;
    accounts::end_invitation(work, &open.link)?;
    close_unused(work, &open)?;
    work.announce(&InvitationDeclined { person: contact });
    Ok(())
}
