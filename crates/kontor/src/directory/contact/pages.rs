//! Handlers of contact.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kontor_platform::web::{Form, redirect};
use kontor_platform::{Error, FieldErrors, Id, Result, secret};

use super::model::{Block, Message, Route, State};
use super::{commands, store};
use crate::accounts::{Cx, Frame, admin, again};
use crate::directory::commands::permitted;
use crate::directory::policy::Act;

#[derive(Template)]
#[template(path = "directory/contact/views/form.html")]
struct FormPage {
    f: Frame,
    slug: String,
    organisation: String,
    /// Name and address of who is signed in.
    own: Option<(String, String)>,
    /// Key of what says who gets the message.
    relay: &'static str,
    typed: Form,
    errors: FieldErrors,
}

pub async fn form(cx: Cx, Path(slug): Path<String>) -> Result<Response> {
    let (typed, errors) = (Form::default(), FieldErrors::default());
    show(&cx, StatusCode::OK, slug, typed, errors).await
}

async fn show(
    cx: &Cx,
    status: StatusCode,
    slug: String,
    typed: Form,
    errors: FieldErrors,
) -> Result<Response> {
    cx.page_with(status, move |conn, who| {
        let organisation = permitted(conn, &who.actor, &slug, Act::See)?.0;
        let route = commands::answering(conn, organisation.id, who.cx.now.day())?.1;
        let own = match who.actor.account {
            Some(account) => Some((who.name.clone(), admin::one(conn, account)?.mail)),
            None => None,
        };
        Ok(FormPage {
            f: who.frame_t("contact-title"),
            slug,
            organisation: organisation.name,
            relay: match route {
                Route::Representatives => "contact-how-relay",
                Route::Management => "contact-how-relay-management",
                Route::Administration => "contact-how-relay-administration",
            },
            own,
            typed,
            errors,
        })
    })
    .await
}

pub async fn send(cx: Cx, Path(slug): Path<String>, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    match commands::send(&cx, &slug, &form).await {
        Ok(waits) => {
            let flash = if waits {
                "flash-contact-confirm"
            } else {
                "flash-contact-sent"
            };
            Ok(redirect(
                &cx.href(format!("/organisationen/{slug}?ok={flash}")),
            ))
        }
        Err(error) => {
            let (status, errors) = again(error, "message")?;
            show(&cx, status, slug, form, errors).await
        }
    }
}

#[derive(Template)]
#[template(path = "directory/contact/views/blocks.html")]
struct Blocks {
    f: Frame,
    slug: String,
    organisation: String,
    list: Vec<Block>,
}

/// Whom an organisation has blocked, for those who keep its page.
pub async fn blocks(cx: Cx, Path(slug): Path<String>) -> Result<Response> {
    cx.page(move |conn, who| {
        who.signed_in()?;
        let (o, _) = permitted(conn, &who.actor, &slug, Act::Edit)?;
        Ok(Blocks {
            f: who.frame_t("contact-blocks-title"),
            slug: o.slug,
            list: store::blocks(conn, o.id)?,
            organisation: o.name,
        })
    })
    .await
}

pub async fn unblock(cx: Cx, Path(slug): Path<String>, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let (sender, of) = (form.text("sender").to_owned(), slug.clone());
    cx.write(move |work, who| {
        who.signed_in()?;
        let (o, _) = permitted(work, &who.actor, &of, Act::Edit)?;
        commands::unblock(work, o.id, &sender)
    })
    .await?;
    let home = format!("/organisationen/{slug}/sperren?ok=flash-unblocked");
    Ok(redirect(&cx.href(home)))
}

/// A page with a few words and one button.
#[derive(Template)]
#[template(path = "directory/contact/views/act.html")]
struct ActPage {
    f: Frame,
    lead: String,
    text: &'static str,
    quote: Option<String>,
    sender: Option<String>,
    /// Whether a note can be added.
    has_note: bool,
    /// The button; none when it is done.
    act: Option<&'static str>,
}

/// The page behind the link of a confirmation. Looking changes nothing.
pub async fn look(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    cx.page(move |conn, who| {
        let found = store::by_token(conn, &secret::hash(&token), who.cx.now)?;
        let found = found.ok_or(Error::Refused("contact-refused-link"))?;
        let f = who.frame_t("contact-confirm-title");
        Ok(ActPage {
            lead: f.name("contact-confirm-lead", found.organisation_name),
            f,
            text: "contact-confirm-hint",
            quote: Some(found.message),
            sender: None,
            has_note: false,
            act: Some("contact-confirm-act"),
        })
    })
    .await
}

pub async fn confirm(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    let slug = commands::confirm(&cx, &token).await?;
    let home = format!("/organisationen/{slug}?ok=flash-contact-sent");
    Ok(redirect(&cx.href(home)))
}

/// A recipient's link: the mark fits the message and what it is for.
fn is_meant(cx: &Cx, purpose: &str, message: Id<Message>, mark: &str) -> Result<()> {
    if cx.site.key.verify(purpose, &message.to_string(), mark) {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

pub async fn look_block(
    cx: Cx,
    Path((message, mark)): Path<(Id<Message>, String)>,
) -> Result<Response> {
    is_meant(&cx, "block-sender", message, &mark)?;
    cx.page(move |conn, who| {
        let m = store::one(conn, message)?;
        let is_done = store::is_blocked(conn, m.organisation, std::slice::from_ref(&m.sender_key))?;
        let f = who.frame_t("contact-block-title");
        let lead = if is_done {
            "contact-block-done"
        } else {
            "contact-block-lead"
        };
        Ok(ActPage {
            lead: f.name(lead, m.organisation_name),
            f,
            text: "contact-block-hint",
            quote: None,
            sender: (!m.name.is_empty()).then_some(m.name),
            has_note: false,
            act: (!is_done && m.state != State::Unconfirmed).then_some("contact-block-act"),
        })
    })
    .await
}

pub async fn block(cx: Cx, Path((message, mark)): Path<(Id<Message>, String)>) -> Result<Response> {
    is_meant(&cx, "block-sender", message, &mark)?;
    cx.write(move |work, _| commands::block(work, message))
        .await?;
    Ok(redirect(
        &cx.href(format!("/kontakt/{message}/sperren/{mark}")),
    ))
}

pub async fn look_report(
    cx: Cx,
    Path((message, mark)): Path<(Id<Message>, String)>,
) -> Result<Response> {
    is_meant(&cx, "report-sender", message, &mark)?;
    cx.page(move |conn, who| {
        let m = store::one(conn, message)?;
        let is_done = store::is_reported(conn, message)?;
        let f = who.frame_t("contact-report-title");
        let lead = if is_done {
            "contact-report-done"
        } else {
            "contact-report-lead"
        };
        Ok(ActPage {
            lead: f.name(lead, m.organisation_name),
            f,
            text: "contact-report-hint",
            quote: None,
            sender: (!m.name.is_empty()).then_some(m.name),
            has_note: !is_done,
            act: (!is_done).then_some("contact-report-act"),
        })
    })
    .await
}

pub async fn report(
    cx: Cx,
    Path((message, mark)): Path<(Id<Message>, String)>,
    form: Form,
) -> Result<Response> {
    is_meant(&cx, "report-sender", message, &mark)?;
    let note: String = form.text("note").chars().take(2000).collect();
    commands::report(&cx, message, &note).await?;
    Ok(redirect(
        &cx.href(format!("/kontakt/{message}/melden/{mark}")),
    ))
}

pub async fn settle(cx: Cx, Path(message): Path<Id<Message>>, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    commands::settle(&cx, message).await?;
    Ok(redirect(
        &cx.href("/verwaltung/anfragen?ok=flash-report-settled"),
    ))
}
