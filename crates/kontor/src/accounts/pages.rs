//! Handlers of sign-in.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use kontor_platform::db::Conn;
use kontor_platform::web::{Form, redirect};
use kontor_platform::{Error, FieldErrors, Result, Work, secret};

use super::cx::{COOKIE, Cx, Who};
use super::entry::{self, Accepted, Entered, Taken, enter};
use super::frame::Frame;
use super::model::Purpose;
use super::store;
use super::target::local;

/// A sign-in button of the demo.
struct Button {
    key: String,
    name: String,
}

#[derive(Template)]
#[template(path = "accounts/views/sign_in.html")]
struct SignIn {
    f: Frame,
    mail: String,
    /// Where to go on afterwards; empty for the start page.
    target: String,
    refused: Option<&'static str>,
    buttons: Vec<Button>,
}

impl SignIn {
    fn note(&self, key: &str) -> &'static str {
        match key {
            "member" => "accounts-demo-member",
            "organisation_representative" => "accounts-demo-organisation-representative",
            "manager" => "accounts-demo-manager",
            "manager_other" => "accounts-demo-manager-other",
            "coordinator" => "accounts-demo-coordinator",
            "facilitator" => "accounts-demo-facilitator",
            "editor" => "accounts-demo-editor",
            "expert" => "accounts-demo-expert",
            "officer" => "accounts-demo-officer",
            "auditor" => "accounts-demo-auditor",
            "dsb" => "accounts-demo-dsb",
            _ => "accounts-demo-admin",
        }
    }
}

pub async fn sign_in(cx: Cx) -> Result<Response> {
    let target = wanted(&cx.fields());
    show(&cx, StatusCode::OK, String::new(), target, None).await
}

/// The page that asked for the sign-in, if it is one of this site.
pub(super) fn wanted(form: &Form) -> String {
    local(form.text("weiter")).unwrap_or_default().to_owned()
}

/// Leads whoever is signed in now to what was asked for.
pub(super) fn go_on(cx: &Cx, entered: &Entered, form: &Form) -> Response {
    match wanted(form) {
        none if none.is_empty() => welcome(cx, entered),
        target => welcome_at(cx, entered, &target),
    }
}

async fn show(
    cx: &Cx,
    status: StatusCode,
    mail: String,
    target: String,
    refused: Option<&'static str>,
) -> Result<Response> {
    cx.page_with(status, move |conn, who| {
        let buttons = if who.cx.site.demo {
            store::demo_accounts(conn)?
        } else {
            Vec::new()
        };
        let buttons = buttons
            .into_iter()
            .map(|(key, name, _)| Button { key, name })
            .collect();
        Ok(SignIn {
            f: who.frame_t("accounts-sign-in-title"),
            mail,
            target,
            refused,
            buttons,
        })
    })
    .await
}

/// Who opens the form's own address (the language switch beside a refusal, a
/// bookmark) is shown the form.
pub async fn to_sign_in(cx: Cx) -> Response {
    redirect(&cx.href("/anmelden"))
}

pub async fn sign_in_by_password(cx: Cx, form: Form) -> Result<Response> {
    let mail = form.text("mail").to_owned();
    match entry::by_password(&cx, &mail, form.raw("password")).await {
        Ok(entered) => Ok(go_on(&cx, &entered, &form)),
        Err(Error::Refused(key)) => {
            let target = wanted(&form);
            show(
                &cx,
                StatusCode::UNPROCESSABLE_ENTITY,
                mail,
                target,
                Some(key),
            )
            .await
        }
        Err(other) => Err(other),
    }
}

/// The demo's buttons; anywhere else this address does not exist.
pub async fn sign_in_by_button(cx: Cx, form: Form) -> Result<Response> {
    if !cx.site.demo {
        return Err(Error::NotFound);
    }
    let key = form.text("role").to_owned();
    let entered = enter(&cx, move |work, _| store::demo_account(work, &key)).await?;
    Ok(go_on(&cx, &entered, &form))
}

/// Leads whoever is signed in now to the start page, in the language of the
/// profile.
pub(super) fn welcome(cx: &Cx, entered: &Entered) -> Response {
    welcome_at(cx, entered, "/mein-kontor?ok=flash-signed-in")
}

/// The same, leading to another page.
pub(super) fn welcome_at(cx: &Cx, entered: &Entered, page: &str) -> Response {
    let mut answer = redirect(&cx.site.speak(entered.lang).href(page));
    set_cookie(cx, &mut answer, &entered.token, 30 * 24 * 3600);
    answer
}

/// What a room above offers by an invitation.
#[derive(Debug, Clone, Default)]
pub struct Offer {
    /// Sentences; none where the invitation is to the house alone.
    pub brings: Vec<String>,
}

#[derive(Template)]
#[template(path = "accounts/views/invitation.html")]
struct Invitation {
    f: Frame,
    mail: String,
    name: String,
    /// A new account asks for name and password; one in use does not.
    is_new: bool,
    offer: Offer,
    /// Where the invitation is declined.
    decline: String,
    errors: FieldErrors,
}

/// The page behind an invitation's link. Looking does not use it up: mail
/// programs look at links before people do. `offered` says what the link brings.
pub async fn show_invitation<F>(cx: &Cx, token: String, offered: F) -> Result<Response>
where
    F: FnOnce(&mut Conn, &Who, &Taken) -> Result<Offer> + Send + 'static,
{
    let (typed, errors) = (None, FieldErrors::default());
    show_typed(cx, StatusCode::OK, token, typed, errors, offered).await
}

async fn show_typed<F>(
    cx: &Cx,
    status: StatusCode,
    token: String,
    typed: Option<String>,
    errors: FieldErrors,
    offered: F,
) -> Result<Response>
where
    F: FnOnce(&mut Conn, &Who, &Taken) -> Result<Offer> + Send + 'static,
{
    cx.page_with(status, move |conn, who| {
        let link = secret::hash(&token);
        let found = store::open_link(conn, &link, Purpose::Invitation, who.cx.now)?;
        let found = found.ok_or(Error::Refused("accounts-refused-invitation"))?;
        let taken = Taken {
            account: found.account,
            link,
        };
        Ok(Invitation {
            offer: offered(conn, who, &taken)?,
            f: who.frame_t("accounts-invitation-title"),
            mail: found.mail,
            name: typed.unwrap_or(found.name),
            is_new: found.state == "invited",
            decline: format!("/einladung/{token}/ablehnen"),
            errors,
        })
    })
    .await
}

/// Accepts: `brings` gives what is offered, `offered` says it once more where the
/// form comes back.
pub async fn accept_invitation<F, G>(
    cx: Cx,
    token: String,
    form: Form,
    brings: F,
    offered: G,
) -> Result<Response>
where
    F: Fn(&mut Work<'_>, &Taken) -> Result<()> + Send + 'static,
    G: FnOnce(&mut Conn, &Who, &Taken) -> Result<Offer> + Send + 'static,
{
    let name = form.text("name").to_owned();
    match entry::accept(&cx, &token, &name, form.raw("password"), brings).await {
        Ok(Accepted::New(entered)) => Ok(welcome(&cx, &entered)),
        Ok(Accepted::Known { is_here: true }) => Ok(redirect(
            &cx.href("/mein-kontor?ok=flash-invitation-accepted"),
        )),
        Ok(Accepted::Known { is_here: false }) => {
            Ok(redirect(&cx.href("/anmelden?ok=flash-invitation-accepted")))
        }
        Err(Error::Invalid(errors)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            show_typed(&cx, status, token, Some(name), errors, offered).await
        }
        Err(Error::NotFound) => Err(Error::Refused("accounts-refused-invitation")),
        Err(other) => Err(other),
    }
}

/// Declines by the link of a letter.
pub async fn decline_invitation<F>(cx: Cx, token: String, declines: F) -> Result<Response>
where
    F: Fn(&mut Work<'_>, &Taken) -> Result<()> + Send + 'static,
{
    match entry::decline(&cx, &token, declines).await {
        Ok(()) => Ok(redirect(&cx.href("/?ok=flash-invitation-declined"))),
        Err(Error::NotFound) => Err(Error::Refused("accounts-refused-invitation")),
        Err(other) => Err(other),
    }
}

pub async fn sign_out(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    entry::close_session(&cx).await?;
    let mut answer = redirect(&cx.href("/?ok=flash-signed-out"));
    set_cookie(&cx, &mut answer, "", 0);
    Ok(answer)
}

fn set_cookie(cx: &Cx, answer: &mut Response, token: &str, max_age_s: i64) {
    let secure = if cx.site.is_https() { "; Secure" } else { "" };
    let cookie =
        format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_s}{secure}");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        answer.headers_mut().insert(header::SET_COOKIE, value);
    }
}
