//! Handlers of links by mail.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kontor_platform::web::{Form, redirect};
use kontor_platform::{Error, FieldErrors, Result, secret};

use super::{commands, store};
use crate::accounts::model::Purpose;
use crate::accounts::pages::{go_on, wanted, welcome};
use crate::accounts::{Cx, Frame, store as accounts};

/// What a page with nothing but words and one button needs.
#[derive(Template)]
#[template(path = "accounts/links/views/one_button.html")]
struct OneButton {
    f: Frame,
    lead: String,
    act: Option<&'static str>,
}

pub async fn ask_sign_in(cx: Cx, form: Form) -> Result<Response> {
    let target = wanted(&form);
    match commands::ask(&cx, Purpose::SignIn, form.text("mail"), &target).await {
        Ok(()) => Ok(redirect(&cx.href("/anmelden/unterwegs"))),
        Err(Error::Invalid(errors)) => {
            show_forgotten(&cx, "accounts-link-title", &form, errors).await
        }
        Err(other) => Err(other),
    }
}

/// "If the address has an account, a link is on its way."
pub async fn on_its_way(cx: Cx) -> Result<Response> {
    cx.page(|_, who| {
        let f = who.frame_t("accounts-on-its-way-title");
        Ok(OneButton {
            lead: f.t("accounts-on-its-way-lead").to_owned(),
            f,
            act: None,
        })
    })
    .await
}

pub async fn sign_in(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    cx.page(move |conn, who| {
        let link = secret::hash(&token);
        let found = accounts::open_link(conn, &link, Purpose::SignIn, who.cx.now)?;
        let found = found.ok_or(Error::Refused("accounts-refused-link"))?;
        let f = who.frame_t("accounts-sign-in-title");
        Ok(OneButton {
            lead: f.name("accounts-link-lead", found.mail),
            f,
            act: Some("accounts-sign-in-act"),
        })
    })
    .await
}

pub async fn use_sign_in(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    match commands::use_sign_in(&cx, &token).await {
        Ok(entered) => Ok(go_on(&cx, &entered, &cx.fields())),
        Err(Error::NotFound) => Err(Error::Refused("accounts-refused-link")),
        Err(other) => Err(other),
    }
}

#[derive(Template)]
#[template(path = "accounts/links/views/forgotten.html")]
struct Forgotten {
    f: Frame,
    mail: String,
    /// The page to go on to; empty where none was asked for.
    target: String,
    lead: &'static str,
    action: &'static str,
    errors: FieldErrors,
}

pub async fn forgotten(cx: Cx) -> Result<Response> {
    let key = "accounts-forgotten-title";
    let typed = Form::default();
    show(&cx, StatusCode::OK, key, &typed, FieldErrors::default()).await
}

async fn show_forgotten(
    cx: &Cx,
    title: &'static str,
    typed: &Form,
    errors: FieldErrors,
) -> Result<Response> {
    show(cx, StatusCode::UNPROCESSABLE_ENTITY, title, typed, errors).await
}

async fn show(
    cx: &Cx,
    status: StatusCode,
    title: &'static str,
    typed: &Form,
    errors: FieldErrors,
) -> Result<Response> {
    let (mail, target) = (typed.text("mail").to_owned(), wanted(typed));
    let (lead, action) = if title == "accounts-link-title" {
        ("accounts-link-hint", "/anmelden/link")
    } else {
        ("accounts-forgotten-lead", "/anmelden/passwort-vergessen")
    };
    cx.page_with(status, move |_, who| {
        Ok(Forgotten {
            f: who.frame_t(title),
            mail,
            target,
            lead,
            action,
            errors,
        })
    })
    .await
}

pub async fn ask_password(cx: Cx, form: Form) -> Result<Response> {
    match commands::ask(&cx, Purpose::Password, form.text("mail"), "").await {
        Ok(()) => Ok(redirect(&cx.href("/anmelden/unterwegs"))),
        Err(Error::Invalid(errors)) => {
            show_forgotten(&cx, "accounts-forgotten-title", &form, errors).await
        }
        Err(other) => Err(other),
    }
}

#[derive(Template)]
#[template(path = "accounts/links/views/new_password.html")]
struct NewPassword {
    f: Frame,
    mail: String,
    errors: FieldErrors,
}

pub async fn new_password(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    show_new_password(&cx, StatusCode::OK, token, FieldErrors::default()).await
}

async fn show_new_password(
    cx: &Cx,
    status: StatusCode,
    token: String,
    errors: FieldErrors,
) -> Result<Response> {
    cx.page_with(status, move |conn, who| {
        let link = secret::hash(&token);
        let found = accounts::open_link(conn, &link, Purpose::Password, who.cx.now)?;
        let found = found.ok_or(Error::Refused("accounts-refused-link"))?;
        Ok(NewPassword {
            f: who.frame_t("accounts-new-password-title"),
            mail: found.mail,
            errors,
        })
    })
    .await
}

pub async fn set_password(cx: Cx, Path(token): Path<String>, form: Form) -> Result<Response> {
    match commands::set_password(&cx, &token, form.raw("password")).await {
        Ok(entered) => Ok(welcome(&cx, &entered)),
        Err(Error::Invalid(errors)) => {
            show_new_password(&cx, StatusCode::UNPROCESSABLE_ENTITY, token, errors).await
        }
        Err(Error::NotFound) => Err(Error::Refused("accounts-refused-link")),
        Err(other) => Err(other),
    }
}

pub async fn ask_address(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let (mail, password) = (form.text("mail"), form.raw("old-password"));
    match commands::ask_address(&cx, mail, password).await {
        Ok(()) => Ok(redirect(
            &cx.href("/mein-kontor/konto?ok=flash-address-asked"),
        )),
        Err(Error::Invalid(errors)) => {
            crate::accounts::own::show(&cx, StatusCode::UNPROCESSABLE_ENTITY, form, errors).await
        }
        Err(other) => Err(other),
    }
}

pub async fn address(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    cx.page(move |conn, who| {
        let found = store::open_change(conn, &secret::hash(&token), who.cx.now)?;
        let found = found.ok_or(Error::Refused("accounts-refused-link"))?;
        let f = who.frame_t("accounts-address-title");
        Ok(OneButton {
            lead: f.name("accounts-address-lead", found.mail),
            f,
            act: Some("accounts-address-act"),
        })
    })
    .await
}

pub async fn prove_address(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    match commands::prove_address(&cx, &token).await {
        Ok(()) if cx.token.is_some() => Ok(redirect(
            &cx.href("/mein-kontor/konto?ok=flash-address-changed"),
        )),
        Ok(()) => Ok(redirect(&cx.href("/anmelden?ok=flash-address-changed"))),
        Err(Error::NotFound) => Err(Error::Refused("accounts-refused-link")),
        Err(other) => Err(other),
    }
}
