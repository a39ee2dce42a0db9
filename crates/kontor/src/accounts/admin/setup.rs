//! The page behind the set-up link.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kontor_platform::web::Form;
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
    show(&cx, StatusCode::OK, token, first, FieldErrors::default()).await
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
        Err(other) => Err(other),
    }
}
