//! Handlers of those who decide.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kontor_platform::web::{Form, redirect};
use kontor_platform::{Day, Error, FieldErrors, Id, Result};

use super::commands::{self, Choice};
use super::model::{Candidate, Kind, Request, State};
use super::store;
use crate::accounts::{Cx, Frame, Who};
use crate::directory::contact;
use crate::directory::employments::{self, Waiting};
use crate::directory::model::Helix;

/// Rows of each list.
const ROWS: i64 = 100;

#[derive(Template)]
#[template(path = "directory/requests/views/list.html")]
struct List {
    f: Frame,
    open: Vec<Request>,
    decided: Vec<Request>,
    reports: Vec<contact::Report>,
    /// Organisations in care of which somebody waits for a yes.
    employments: Vec<Waiting>,
}

/// For whoever leads a cluster, and for the administration; to others the page
/// does not exist.
fn decides(who: &Who) -> Result<()> {
    who.signed_in()?;
    if who.actor.led().is_empty() {
        who.administers()
    } else {
        Ok(())
    }
}

pub async fn list(cx: Cx) -> Result<Response> {
    cx.page(|conn, who| {
        decides(who)?;
        let care = store::Care::of(conn, who)?;
        Ok(List {
            f: who.frame_t("requests-title"),
            open: store::list(conn, &care, true, ROWS)?,
            decided: store::list(conn, &care, false, ROWS)?,
            reports: contact::reports(conn, &care)?,
            employments: employments::in_care(conn, &care)?,
        })
    })
    .await
}

#[derive(Template)]
#[template(path = "directory/requests/views/request.html")]
struct RequestPage {
    f: Frame,
    r: Request,
    candidates: Vec<Candidate>,
    since: String,
    existing: String,
    helix: String,
    reason: String,
    errors: FieldErrors,
}

impl RequestPage {
    fn is_open(&self) -> bool {
        self.r.state == State::Open
    }
    fn is_membership(&self) -> bool {
        self.r.kind == Kind::Membership
    }
    fn act(&self, what: &str) -> String {
        format!("/verwaltung/anfragen/{}/{what}", self.r.id)
    }
}

pub async fn show(cx: Cx, Path(id): Path<Id<Request>>) -> Result<Response> {
    page(&cx, StatusCode::OK, id, None, FieldErrors::default()).await
}

async fn page(
    cx: &Cx,
    status: StatusCode,
    id: Id<Request>,
    typed: Option<Form>,
    errors: FieldErrors,
) -> Result<Response> {
    cx.page_with(status, move |conn, who| {
        decides(who)?;
        let care = store::Care::of(conn, who)?;
        let r = store::find(conn, &care, id)?.ok_or(Error::NotFound)?;
        let candidates = store::candidates(conn, &care, id)?;
        let typed_text = |name: &str| typed.as_ref().map(|t| t.text(name).to_owned());
        let first = candidates.first().map(|c| c.organisation.to_string());
        Ok(RequestPage {
            f: who.frame(r.organisation_name.clone()),
            since: typed_text("since").unwrap_or_else(|| who.cx.now.day().to_string()),
            existing: typed_text("existing").or(first).unwrap_or_default(),
            helix: typed_text("helix").unwrap_or_default(),
            reason: typed_text("reason").unwrap_or_default(),
            r,
            candidates,
            errors,
        })
    })
    .await
}

/// What the form of an approval says.
fn read(cx: &Cx, form: &Form) -> Result<Choice> {
    let mut fields = FieldErrors::default();
    let today = cx.now.day();
    let since = match form.text("since") {
        "" => Some(today),
        typed => Day::parse(typed).filter(|day| *day <= today),
    };
    if since.is_none() {
        fields.add("since", "requests-error-since");
    }
    let existing = match form.text("existing") {
        "" => None,
        id => Some(id.parse()?),
    };
    fields.done(Choice {
        existing,
        helix: Helix::parse(form.text("helix")),
        since: since.unwrap_or(today),
    })
}

pub async fn approve(cx: Cx, Path(id): Path<Id<Request>>, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let done = match read(&cx, &form) {
        Ok(choice) => commands::approve(&cx, id, choice).await,
        Err(error) => Err(error),
    };
    answer(&cx, id, form, done, "flash-request-approved").await
}

pub async fn reject(cx: Cx, Path(id): Path<Id<Request>>, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let done = commands::reject(&cx, id, form.text("reason")).await;
    answer(&cx, id, form, done, "flash-request-rejected").await
}

async fn answer(
    cx: &Cx,
    id: Id<Request>,
    form: Form,
    done: Result<()>,
    flash: &str,
) -> Result<Response> {
    match done {
        Ok(()) => Ok(redirect(
            &cx.href(format!("/verwaltung/anfragen?ok={flash}")),
        )),
        Err(Error::Invalid(errors)) => {
            page(cx, StatusCode::UNPROCESSABLE_ENTITY, id, Some(form), errors).await
        }
        Err(other) => Err(other),
    }
}
