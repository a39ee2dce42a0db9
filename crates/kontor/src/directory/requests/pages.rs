//! Handlers of the public forms.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kontor_platform::web::{Form, redirect};
use kontor_platform::{FieldErrors, Result};

use super::commands;
use super::model::Kind;
use crate::accounts::{Cx, Frame, admin, again};
use crate::directory::commands::permitted;
use crate::directory::contact::{self, Route};
use crate::directory::policy::Act;
use crate::directory::store::find_cluster;

#[derive(Template)]
#[template(path = "directory/requests/views/ask.html")]
struct Ask {
    f: Frame,
    kind: Kind,
    slug: String,
    /// The cluster or the organisation that it is about.
    about: String,
    /// The administration decides, because nobody leads here.
    is_administered: bool,
    name: String,
    mail: String,
    typed: Form,
    errors: FieldErrors,
}

impl Ask {
    fn is_membership(&self) -> bool {
        self.kind == Kind::Membership
    }

    /// The page that the form belongs to.
    fn home(&self) -> String {
        home(self.kind, &self.slug)
    }

    fn action(&self) -> String {
        let end = match self.kind {
            Kind::Membership => "mitglied-werden",
            Kind::Takeover => "uebernehmen",
        };
        format!("{}/{end}", self.home())
    }
}

fn home(kind: Kind, slug: &str) -> String {
    match kind {
        Kind::Membership => format!("/cluster/{slug}"),
        Kind::Takeover => format!("/organisationen/{slug}"),
    }
}

pub async fn membership(cx: Cx, Path(slug): Path<String>) -> Result<Response> {
    let (typed, errors) = (None, FieldErrors::default());
    show(&cx, StatusCode::OK, Kind::Membership, slug, typed, errors).await
}

pub async fn takeover(cx: Cx, Path(slug): Path<String>) -> Result<Response> {
    let (typed, errors) = (None, FieldErrors::default());
    show(&cx, StatusCode::OK, Kind::Takeover, slug, typed, errors).await
}

async fn show(
    cx: &Cx,
    status: StatusCode,
    kind: Kind,
    slug: String,
    typed: Option<Form>,
    errors: FieldErrors,
) -> Result<Response> {
    cx.page_with(status, move |conn, who| {
        let today = who.cx.now.day();
        let (about, title, route) = match kind {
            Kind::Membership => {
                let cluster = find_cluster(conn, &slug)?;
                let route = commands::of_cluster(conn, cluster.id, today)?.1;
                (cluster.name, "requests-membership-title", route)
            }
            Kind::Takeover => {
                let organisation = permitted(conn, &who.actor, &slug, Act::See)?.0;
                let route = contact::in_charge(conn, organisation.id, today)?.1;
                (organisation.name, "requests-takeover-title", route)
            }
        };
        let (name, mail) = match (&typed, who.actor.account) {
            (Some(typed), _) => (typed.text("name").to_owned(), typed.text("mail").to_owned()),
            (None, Some(account)) => (who.name.clone(), admin::one(conn, account)?.mail),
            (None, None) => (String::new(), String::new()),
        };
        Ok(Ask {
            f: who.frame_t(title),
            kind,
            slug,
            about,
            is_administered: route == Route::Administration,
            name,
            mail,
            typed: typed.unwrap_or_default(),
            errors,
        })
    })
    .await
}

pub async fn ask_membership(cx: Cx, Path(slug): Path<String>, form: Form) -> Result<Response> {
    ask(cx, Kind::Membership, slug, form).await
}

pub async fn ask_takeover(cx: Cx, Path(slug): Path<String>, form: Form) -> Result<Response> {
    ask(cx, Kind::Takeover, slug, form).await
}

/// The fields of the forms in their order.
const FIELDS: [&str; 7] = [
    "organisation",
    "website",
    "city",
    "name",
    "mail",
    "function",
    "message",
];

/// Errors in the order of the form; what is too long says of what and how long.
fn of_form(mut errors: FieldErrors) -> FieldErrors {
    for error in errors
        .0
        .iter_mut()
        .filter(|e| e.key == "profile-error-long")
    {
        error.key = match error.field {
            "organisation" => "profile-error-long-name",
            "website" => "profile-error-long-website",
            "city" => "requests-error-city-long",
            _ => error.key,
        };
    }
    errors.in_order(&FIELDS)
}

async fn ask(cx: Cx, kind: Kind, slug: String, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    match commands::ask(&cx, kind, &slug, &form).await {
        Ok(()) => Ok(redirect(
            &cx.href(format!("{}?ok=flash-request-sent", home(kind, &slug))),
        )),
        Err(error) => {
            let (status, errors) = again(error, "message")?;
            let errors = of_form(errors);
            show(&cx, status, kind, slug, Some(form), errors).await
        }
    }
}
