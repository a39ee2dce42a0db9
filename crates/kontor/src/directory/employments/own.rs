//! Handlers of one's own employment.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kontor_platform::web::{Form, redirect};
use kontor_platform::{Day, Error, FieldErrors, Result};

use super::commands::{self, Outcome};
use super::model::Request;
use super::store::{self, Past};
use crate::accounts::{Cx, Frame, again};
use crate::directory::lookup::{self, Among, Offered};
use crate::directory::policy::reach;

/// Letters that a search needs at least.
const LETTERS: usize = 2;

#[derive(Template)]
#[template(path = "directory/employments/views/own.html")]
struct OwnPage {
    f: Frame,
    /// Address and name of the organisation.
    employer: Option<(String, String)>,
    since: Option<Day>,
    asked: Option<Request>,
    former: Vec<Past>,
    search: String,
    /// None: nothing was searched for.
    offered: Option<Vec<Offered>>,
    today: Day,
    typed: Form,
    errors: FieldErrors,
}

impl OwnPage {
    fn since_typed(&self) -> String {
        match self.typed.text("since") {
            "" => self.today.to_string(),
            typed => typed.to_owned(),
        }
    }

    /// Whether this one is chosen in the form.
    fn is_chosen(&self, slug: &str) -> bool {
        let alone = self.offered.as_ref().is_some_and(|all| all.len() == 1);
        alone || self.typed.text("organisation") == slug
    }
}

pub async fn show(cx: Cx) -> Result<Response> {
    page(&cx, StatusCode::OK, None, FieldErrors::default()).await
}

async fn page(
    cx: &Cx,
    status: StatusCode,
    typed: Option<Form>,
    errors: FieldErrors,
) -> Result<Response> {
    cx.page_with(status, move |conn, who| {
        who.signed_in()?;
        let account = who.actor.account.ok_or(Error::Forbidden)?;
        let own = store::own(conn, account)?;
        let typed = typed.unwrap_or_else(|| who.cx.fields());
        let search: String = typed.text("q").chars().take(80).collect();
        let (asked, former) = match &own {
            Some(own) => (
                store::asked_by(conn, own.person)?,
                store::former(conn, own.person)?,
            ),
            None => (None, Vec::new()),
        };
        let offered = match search.chars().count() >= LETTERS && asked.is_none() {
            true => {
                let reach = reach(&who.actor);
                Some(lookup::offered(conn, &Among::Seen(&reach), &search)?)
            }
            false => None,
        };
        let since = own.as_ref().and_then(|o| o.since);
        Ok(OwnPage {
            f: who.frame_t("employments-own-title"),
            employer: own.and_then(|o| o.slug.zip(o.employer)),
            since,
            asked,
            former,
            search,
            offered,
            today: who.cx.now.day(),
            typed,
            errors,
        })
    })
    .await
}

pub async fn ask(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    match commands::ask(&cx, &form).await {
        Ok(Outcome::Waits) => Ok(done(&cx, "flash-employment-asked")),
        Ok(Outcome::Holds) => Ok(done(&cx, "flash-employment-begun")),
        Err(error) => {
            let (status, errors) = again(error, "organisation")?;
            page(&cx, status, Some(form), errors).await
        }
    }
}

fn done(cx: &Cx, flash: &str) -> Response {
    redirect(&cx.href(format!("/mein-kontor/taetigkeit?ok={flash}")))
}

pub async fn withdraw(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    cx.write(commands::withdraw).await?;
    Ok(done(&cx, "flash-employment-withdrawn"))
}

pub async fn leave(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    cx.write(commands::leave).await?;
    Ok(done(&cx, "flash-employment-left"))
}

pub async fn remove(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let id = form.text("id").parse()?;
    cx.write(move |work, who| commands::remove(work, who, id))
        .await?;
    Ok(done(&cx, "flash-employment-removed"))
}
