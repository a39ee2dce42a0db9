//! Handlers of who works for an organisation.

use std::collections::HashMap;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kontor_platform::web::{Form, redirect};
use kontor_platform::{FieldErrors, Id, Result};

use super::deciding::{self, Ended, decided};
use super::model::Request;
use super::store;
use crate::accounts::{Account, Cx, Frame, admin};
use crate::directory::model::Person;
use crate::directory::people::{Contact, of_organisation};

#[derive(Template)]
#[template(path = "directory/employments/views/people.html")]
struct PeoplePage {
    f: Frame,
    slug: String,
    organisation: String,
    asked: Vec<Request>,
    /// Name and proved address of the askers' accounts.
    accounts: HashMap<Id<Account>, (String, String)>,
    people: Vec<Contact>,
    /// Who looks at the page, if they have a record.
    viewer: Option<Id<Person>>,
    /// The request whose answer was typed, and what.
    answered: String,
    reason: String,
    errors: FieldErrors,
}

impl PeoplePage {
    fn act(&self, what: &str) -> String {
        format!("/organisationen/{}/mitarbeitende/{what}", self.slug)
    }

    /// Nobody ends their own employment from here by mistake.
    fn is_viewer(&self, contact: &Contact) -> bool {
        self.viewer == Some(contact.id)
    }

    fn name(&self, r: &Request) -> String {
        let of_account = || r.account.and_then(|id| self.accounts.get(&id));
        match r.name.is_empty() {
            true => of_account().map_or_else(String::new, |(name, _)| name.clone()),
            false => r.name.clone(),
        }
    }

    fn mail(&self, r: &Request) -> &str {
        let found = r.account.and_then(|id| self.accounts.get(&id));
        found.map_or("", |(_, mail)| mail)
    }

    /// What was typed as a reason for this request.
    fn reason_for(&self, r: &Request) -> &str {
        match self.answered == r.id.to_string() {
            true => &self.reason,
            false => "",
        }
    }

    fn is_wrong(&self, r: &Request) -> bool {
        self.answered == r.id.to_string() && !self.errors.is_empty()
    }
}

pub async fn show(cx: Cx, Path(slug): Path<String>) -> Result<Response> {
    let (typed, errors) = (Form::default(), FieldErrors::default());
    page(&cx, StatusCode::OK, slug, typed, errors).await
}

async fn page(
    cx: &Cx,
    status: StatusCode,
    slug: String,
    typed: Form,
    errors: FieldErrors,
) -> Result<Response> {
    cx.page_with(status, move |conn, who| {
        let organisation = decided(conn, who, &slug)?.0;
        let asked = store::asked_of(conn, organisation.id)?;
        let accounts = match asked.is_empty() {
            true => HashMap::new(),
            false => admin::addresses(conn, asked.iter().filter_map(|r| r.account))?,
        };
        let own = match who.actor.account {
            Some(account) => store::own(conn, account)?,
            None => None,
        };
        Ok(PeoplePage {
            viewer: own.map(|own| own.person),
            f: who.frame_t("employments-people-title"),
            slug: organisation.slug,
            organisation: organisation.name,
            asked,
            accounts,
            people: of_organisation(conn, &who.actor, organisation.id)?,
            answered: typed.text("request").to_owned(),
            reason: typed.text("reason").to_owned(),
            errors,
        })
    })
    .await
}

fn done(cx: &Cx, slug: &str, flash: &str) -> Response {
    redirect(&cx.href(format!("/organisationen/{slug}/mitarbeitende?ok={flash}")))
}

pub async fn confirm(cx: Cx, Path(slug): Path<String>, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    deciding::confirm(&cx, &slug, form.text("request").parse()?).await?;
    Ok(done(&cx, &slug, "flash-employment-confirmed"))
}

pub async fn decline(cx: Cx, Path(slug): Path<String>, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let id = form.text("request").parse()?;
    match deciding::decline(&cx, &slug, id, form.text("reason")).await {
        Ok(()) => Ok(done(&cx, &slug, "flash-employment-declined")),
        Err(kontor_platform::Error::Invalid(errors)) => {
            page(&cx, StatusCode::UNPROCESSABLE_ENTITY, slug, form, errors).await
        }
        Err(other) => Err(other),
    }
}

pub async fn end(cx: Cx, Path(slug): Path<String>, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let person = form.text("person").parse()?;
    match deciding::end_here(&cx, &slug, person).await? {
        Ended::Other => Ok(done(&cx, &slug, "flash-employment-ended")),
        // With it may go the right to see this page.
        Ended::Own => Ok(redirect(
            &cx.href("/mein-kontor/taetigkeit?ok=flash-employment-left"),
        )),
    }
}
