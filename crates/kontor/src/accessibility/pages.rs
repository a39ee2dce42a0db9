//! Handlers of accessibility.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kontor_platform::web::{Form, redirect};
use kontor_platform::{Day, Error, FieldErrors, Id, Result};

use super::model::{Report, Said, Statement};
use super::{commands, store};
use crate::accounts::{Cx, Frame, again};

#[derive(Template)]
#[template(path = "accessibility/views/statement.html")]
struct StatementPage {
    f: Frame,
    s: Statement,
}

impl StatementPage {
    fn assessor(&self) -> Said<'_> {
        self.s.assessor_in(self.f.lang)
    }

    fn limits(&self) -> Said<'_> {
        self.s.limits_in(self.f.lang)
    }

    fn arbitration(&self) -> Said<'_> {
        self.s.arbitration_in(self.f.lang)
    }

    fn reviewed(&self) -> Option<Day> {
        Day::parse(&self.s.reviewed_on)
    }
}

pub async fn statement(cx: Cx) -> Result<Response> {
    cx.page(|conn, who| {
        Ok(StatementPage {
            f: who.frame_t("accessibility-title"),
            s: store::statement(conn)?,
        })
    })
    .await
}

/// The statement for machines.
pub async fn statement_data(cx: Cx) -> Result<Response> {
    let s = cx.read(|conn, _| store::statement(conn)).await?;
    let speech = cx.site.speak(cx.lang);
    let or = |said: Said<'_>, key| match said.0 {
        "" => speech.t(key).to_owned(),
        text => text.to_owned(),
    };
    let data = serde_json::json!({
        "address": cx.site.base_url(),
        "standard": "EN 301 549 V3.2.1, WCAG 2.2 AA",
        "method": or(s.assessor_in(cx.lang), "accessibility-method"),
        "not_accessible": or(s.limits_in(cx.lang), "accessibility-limits"),
        "last_review": s.reviewed_on,
        "feedback": cx.site.link(cx.lang, "/barrierefreiheit/rueckmeldung"),
        "arbitration": s.arbitration_in(cx.lang).0,
        "language": cx.lang.tag(),
    });
    let kind = HeaderValue::from_static("application/json; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind)], data.to_string()).into_response())
}

#[derive(Template)]
#[template(path = "accessibility/views/form.html")]
struct FormPage {
    f: Frame,
    page: String,
    message: String,
    mail: String,
    errors: FieldErrors,
    /// The day by which an answer is due: the report has come in.
    due: Option<Day>,
}

pub async fn form(cx: Cx) -> Result<Response> {
    let asked = cx.fields();
    let due = Day::parse(asked.text("bis"));
    let page = asked.text("seite").chars().take(300).collect();
    let typed = (page, String::new(), String::new());
    show_form(&cx, StatusCode::OK, typed, FieldErrors::default(), due).await
}

async fn show_form(
    cx: &Cx,
    status: StatusCode,
    (page, message, mail): (String, String, String),
    errors: FieldErrors,
    due: Option<Day>,
) -> Result<Response> {
    cx.page_with(status, move |_, who| {
        Ok(FormPage {
            f: who.frame_t("accessibility-form-title"),
            page,
            message,
            mail,
            errors,
            due,
        })
    })
    .await
}

pub async fn report(cx: Cx, form: Form) -> Result<Response> {
    let text = |name: &str| form.text(name).to_owned();
    let typed = (text("page"), text("message"), text("mail"));
    match commands::report(&cx, &typed.0, &typed.1, &typed.2).await {
        Ok(_) => {
            let due = super::model::months_after(cx.now.day(), 1);
            Ok(redirect(
                &cx.href(format!("/barrierefreiheit/rueckmeldung?bis={due}")),
            ))
        }
        Err(error) => {
            let (status, errors) = again(error, "message")?;
            show_form(&cx, status, typed, errors, None).await
        }
    }
}

#[derive(Template)]
#[template(path = "accessibility/views/overview.html")]
struct Overview {
    f: Frame,
    s: Statement,
    reports: Vec<Report>,
    today: Day,
    /// The answer that was typed to a report and could not be stored.
    answer: Option<(Id<Report>, String)>,
    errors: FieldErrors,
}

impl Overview {
    /// What was typed as the answer to a report.
    fn typed(&self, report: &Id<Report>) -> Option<&str> {
        let typed = self.answer.as_ref().filter(|(id, _)| id == report);
        typed.map(|(_, text)| text.as_str())
    }
}

/// What was typed on the page and is shown again.
#[derive(Default)]
struct Typed {
    statement: Option<Statement>,
    answer: Option<(Id<Report>, String)>,
}

pub async fn overview(cx: Cx) -> Result<Response> {
    let (typed, errors) = (Typed::default(), FieldErrors::default());
    show_overview(&cx, StatusCode::OK, typed, errors).await
}

async fn show_overview(
    cx: &Cx,
    status: StatusCode,
    typed: Typed,
    errors: FieldErrors,
) -> Result<Response> {
    cx.page_with(status, move |conn, who| {
        who.administers()?;
        let s = match typed.statement {
            Some(typed) => typed,
            None => store::statement(conn)?,
        };
        Ok(Overview {
            f: who.frame_t("accessibility-admin-title"),
            s,
            reports: store::list(conn, 200)?,
            today: who.cx.now.day(),
            answer: typed.answer,
            errors,
        })
    })
    .await
}

pub async fn save(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let text = |name: &str| form.text(name).chars().take(8000).collect::<String>();
    let typed = Statement {
        assessor: text("assessor"),
        assessor_en: text("assessor-en"),
        limits: text("limits"),
        limits_en: text("limits-en"),
        reviewed_on: text("reviewed-on"),
        arbitration: text("arbitration"),
        arbitration_en: text("arbitration-en"),
    };
    let saved = {
        let typed = typed.clone();
        cx.write(move |work, who| {
            who.administers()?;
            commands::save(work, &typed)
        })
        .await
    };
    match saved {
        Ok(()) => Ok(redirect(
            &cx.href("/verwaltung/barrierefreiheit?ok=flash-settings-saved"),
        )),
        Err(Error::Invalid(errors)) => {
            let typed = Typed {
                statement: Some(typed),
                answer: None,
            };
            show_overview(&cx, StatusCode::UNPROCESSABLE_ENTITY, typed, errors).await
        }
        Err(other) => Err(other),
    }
}

pub async fn answer(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let (report, text) = (form.text("report").parse()?, form.text("answer"));
    let error = match commands::answer(&cx, report, text).await {
        Ok(()) => {
            return Ok(redirect(
                &cx.href("/verwaltung/barrierefreiheit?ok=flash-answered"),
            ));
        }
        Err(error) => error,
    };
    let typed = Typed {
        statement: None,
        answer: Some((report, text.to_owned())),
    };
    match error {
        // Somebody else was faster: theirs stands there, with what was typed.
        Error::Refused(_) => {
            show_overview(&cx, StatusCode::CONFLICT, typed, FieldErrors::default()).await
        }
        error => {
            let (status, errors) = again(error, "answer")?;
            show_overview(&cx, status, typed, errors).await
        }
    }
}
