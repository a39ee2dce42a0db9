//! The page behind the set-up link.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kontor_platform::web::{Form, redirect};
use kontor_platform::{Error, FieldErrors, Result};

use super::commands::{self, FirstPerson};
use crate::accounts::pages::welcome_at;
use crate::accounts::{Cx, Frame};

#[derive(Template)]
#[template(path = "accounts/admin/views/setup.html")]
struct Setup {
    f: Frame,
    first: FirstPerson,
    errors: FieldErrors,
}

pub async fn form(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    let first = read(&Form::default());
    let of = token.clone();
    let shown = show(&cx, StatusCode::OK, of, first, FieldErrors::default()).await;
    or_on(&cx, token, shown).await
}

/// A link by which somebody has set up leads on to where that led: a form that is
/// sent twice, and a link that is opened once more, get a calm answer. So does a
/// link in whose place a later start has put another one.
async fn or_on(cx: &Cx, token: String, answer: Result<Response>) -> Result<Response> {
    let Err(Error::NotFound) = answer else {
        return answer;
    };
    let used = cx.read(move |conn, who| {
        if commands::awaits_setup(conn, who.cx.now.day())? {
            return Err(Error::Refused("admin-refused-setup-link"));
        }
        commands::is_set_up_by(conn, &token)
    });
    match used.await? {
        true => Ok(redirect(&cx.href("/verwaltung"))),
        false => Err(Error::NotFound),
    }
}

fn read(form: &Form) -> FirstPerson {
    FirstPerson {
        name: form.text("name").to_owned(),
        mail: form.text("mail").to_owned(),
        password: form.raw("password").to_owned(),
        region: form.text("region").to_owned(),
    }
}

async fn show(
    cx: &Cx,
    status: StatusCode,
    token: String,
    first: FirstPerson,
    errors: FieldErrors,
) -> Result<Response> {
    cx.page_with(status, move |conn, who| {
        if !commands::is_setup_open(conn, &token, who.cx.now.day())? {
            return Err(Error::NotFound);
        }
        Ok(Setup {
            f: who.frame_t("admin-setup-title"),
            first,
            errors,
        })
    })
    .await
}

pub async fn set_up(cx: Cx, Path(token): Path<String>, form: Form) -> Result<Response> {
    let first = read(&form);
    match commands::set_up(&cx, &token, &first).await {
        Ok(entered) => {
            cx.site.set_region(first.region.trim());
            Ok(welcome_at(&cx, &entered, "/verwaltung?ok=flash-set-up"))
        }
        Err(Error::Invalid(mut errors)) => {
            // In the order of the page.
            let fields = ["region", "name", "mail", "password"];
            let place = |field: &str| fields.iter().position(|f| *f == field);
            errors.0.sort_by_key(|e| place(e.field));
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            show(&cx, status, token, first, errors).await
        }
        Err(other) => or_on(&cx, token, Err(other)).await,
    }
}
