//! Handlers for whoever was invited.

use axum::extract::Path;
use axum::response::Response;
use kontor_platform::db::Conn;
use kontor_platform::text::Speech;
use kontor_platform::web::{Form, redirect};
use kontor_platform::{Error, Id, Result, Work};

use super::{commands, store};
use crate::accounts::{
    Account, Cx, Offer, Taken, Who, accept_invitation, decline_invitation, show_invitation,
};

/// What an invitation brings, in sentences.
fn sentences(s: &Speech, offered: &store::Offered) -> Vec<String> {
    let mut brings = Vec::new();
    if let (Some(cluster), true) = (&offered.cluster, offered.joins) {
        brings.push(s.name("invitations-offer-joins", cluster));
    }
    if let Some(organisation) = &offered.organisation {
        let key = match offered.may_edit {
            true => "invitations-offer-edit",
            false => "invitations-offer-work",
        };
        brings.push(s.name(key, organisation));
    }
    brings
}

fn offered(conn: &mut Conn, who: &Who, taken: &Taken) -> Result<Offer> {
    let all = store::waiting(conn, taken.account)?;
    let s = who.cx.site.speak(who.cx.lang);
    let of_link = all.iter().filter(|o| o.link == taken.link);
    Ok(Offer {
        brings: of_link.flat_map(|o| sentences(&s, o)).collect(),
    })
}

/// What waits for an account's answer: identifier and sentences of each.
pub fn for_account(
    conn: &mut Conn,
    who: &Who,
    account: Id<Account>,
) -> Result<Vec<(String, Vec<String>)>> {
    let s = who.cx.site.speak(who.cx.lang);
    let all = store::waiting(conn, account)?;
    let told = all
        .iter()
        .map(|o| (o.contact.to_string(), sentences(&s, o)));
    Ok(told.collect())
}

/// Answers what the link in a letter offers; what others offer the same account
/// waits for an answer of its own.
fn answer_link(
    work: &mut Work<'_>,
    taken: &Taken,
    answer: fn(&mut Work<'_>, &Taken, &store::Offered) -> Result<()>,
) -> Result<()> {
    for offered in store::waiting(work, taken.account)? {
        if offered.link == taken.link {
            answer(work, taken, &offered)?;
        }
    }
    Ok(())
}

pub async fn invitation(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    show_invitation(&cx, token, offered).await
}

pub async fn accept(cx: Cx, Path(token): Path<String>, form: Form) -> Result<Response> {
    let brings = |work: &mut Work<'_>, taken: &Taken| {
        answer_link(work, taken, |work, taken, offered| {
            commands::accept(work, taken.account, offered.contact)
        })
    };
    accept_invitation(cx, token, form, brings, offered).await
}

pub async fn decline(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    decline_invitation(cx, token, |work, taken| {
        answer_link(work, taken, |work, taken, offered| {
            commands::decline(work, taken.account, offered.contact)
        })
    })
    .await
}

pub async fn accept_own(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let contact = form.text("invitation").parse()?;
    cx.write(move |work, who| {
        let account = who.actor.account.ok_or(Error::Forbidden)?;
        commands::accept(work, account, contact)
    })
    .await?;
    Ok(redirect(
        &cx.href("/mein-kontor?ok=flash-invitation-accepted"),
    ))
}

pub async fn decline_own(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let contact = form.text("invitation").parse()?;
    cx.write(move |work, who| {
        let account = who.actor.account.ok_or(Error::Forbidden)?;
        commands::decline(work, account, contact)
    })
    .await?;
    Ok(redirect(
        &cx.href("/mein-kontor?ok=flash-invitation-declined"),
    ))
}
