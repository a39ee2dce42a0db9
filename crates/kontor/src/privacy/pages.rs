//! Handlers of privacy.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kontor_platform::db::Conn;
use kontor_platform::web::{Form, redirect};
use kontor_platform::{Error, FieldErrors, Result};

use super::commands::{self, AccessGiven, Subject};
use super::readable::{self, Part, parts};
use super::retention::{self, Held};
use super::store;
use crate::accounts::{Cx, Frame, RoleKind, Who, looks_like_mail};
use crate::consents::{self, Given};
use crate::directory::people::{Audience, Field};

/// The part that one's own page shows with buttons.
const CONSENTS: &str = "consents";

#[derive(Template)]
#[template(path = "privacy/views/data.html")]
struct Data {
    f: Frame,
    parts: Vec<Part>,
    /// One's own consents, the newest first; none of somebody else.
    consents: Option<Vec<Given>>,
    /// The address asked for, when it is not one's own data.
    of: Option<String>,
    /// Something is stored of it.
    is_known: bool,
    errors: FieldErrors,
}

impl Data {
    /// Key of what a consent is about.
    fn about(given: &Given) -> &'static str {
        let field = Field::parse(&given.scope);
        field.map_or(given.purpose.about().title, Field::key)
    }

    /// Key of what was chosen.
    fn choice(given: &Given) -> &'static str {
        let audience = Audience::parse(&given.choice);
        audience.map_or("consents-title", Audience::key)
    }
}

fn own_subject(conn: &mut Conn, who: &Who) -> Result<Subject> {
    let account = who.actor.account.ok_or(Error::Forbidden)?;
    commands::of_account(conn, account)
}

/// Everything that is stored of the asker, to be read.
pub async fn own(cx: Cx) -> Result<Response> {
    cx.page(|conn, who| {
        let subject = own_subject(conn, who)?;
        let mut data = commands::collect(conn, subject)?;
        data[CONSENTS].take();
        let account = who.actor.account.ok_or(Error::Forbidden)?;
        Ok(Data {
            f: who.frame_t("privacy-own-title"),
            parts: parts(conn, who, &data)?,
            consents: Some(consents::of_account(conn, account)?),
            of: None,
            is_known: true,
            errors: FieldErrors::default(),
        })
    })
    .await
}

/// The same as a file.
pub async fn own_json(cx: Cx) -> Result<Response> {
    let data = cx
        .read(|conn, who| {
            let subject = own_subject(conn, who)?;
            commands::collect(conn, subject)
        })
        .await?;
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"kontor-daten.json\"",
        ),
        (header::CACHE_CONTROL, "private, no-store"),
    ]
    .map(|(name, value)| (name, HeaderValue::from_static(value)));
    Ok((headers, serde_json::to_string_pretty(&data)?).into_response())
}

#[derive(Template)]
#[template(path = "privacy/views/erase.html")]
struct Erase {
    f: Frame,
    errors: FieldErrors,
}

pub async fn confirm(cx: Cx) -> Result<Response> {
    show_confirm(&cx, StatusCode::OK, FieldErrors::default()).await
}

async fn show_confirm(cx: &Cx, status: StatusCode, errors: FieldErrors) -> Result<Response> {
    cx.page_with(status, move |_, who| {
        who.signed_in()?;
        Ok(Erase {
            f: who.frame_t("privacy-erase-title"),
            errors,
        })
    })
    .await
}

/// Erases the asker, who has said so twice.
pub async fn erase_own(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    if !form.ticked("sure") {
        let mut errors = FieldErrors::default();
        errors.add("sure", "privacy-error-sure");
        return show_confirm(&cx, StatusCode::UNPROCESSABLE_ENTITY, errors).await;
    }
    let key = cx.site.key.clone();
    cx.write(move |work, who| {
        let subject = own_subject(work, who)?;
        commands::erase(work, &key, subject, "self")
    })
    .await?;
    tidy(&cx).await;
    Ok(redirect(&cx.href("/?ok=flash-erased")))
}

/// Takes what was erased out of the database's files as well. What cannot be done
/// now is done by the daily care.
async fn tidy(cx: &Cx) {
    let db = cx.site.db.clone();
    let done = tokio::task::spawn_blocking(move || db.tidy()).await;
    if let Ok(Err(error)) | Err(error) = done.map_err(|e| Error::Broken(Box::new(e))) {
        tracing::warn!(%error, "the database's files are tidied later");
    }
}

/// Watches over privacy: the data protection officer and the administration.
fn watches(who: &Who) -> Result<()> {
    who.signed_in()?;
    if who.actor.is(RoleKind::DataProtectionOfficer) || who.actor.is(RoleKind::Admin) {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// A rule of retention with its days, as stored or as typed.
struct Shown {
    key: &'static str,
    name: &'static str,
    days: String,
}

#[derive(Template)]
#[template(path = "privacy/views/overview.html")]
struct Overview {
    f: Frame,
    rules: Vec<Shown>,
    erased: i64,
    /// The address that is looked up, as typed.
    mail: String,
    errors: FieldErrors,
}

pub async fn overview(cx: Cx) -> Result<Response> {
    show_overview(&cx, StatusCode::OK, None, FieldErrors::default()).await
}

async fn show_overview(
    cx: &Cx,
    status: StatusCode,
    typed: Option<Form>,
    errors: FieldErrors,
) -> Result<Response> {
    cx.page_with(status, move |conn, who| {
        watches(who)?;
        let shown = |held: Held| Shown {
            key: held.rule.key,
            name: held.rule.name,
            days: match typed.as_ref().filter(|form| form.has(held.rule.name)) {
                Some(form) => form.text(held.rule.name).to_owned(),
                None => held.days.to_string(),
            },
        };
        Ok(Overview {
            f: who.frame_t("privacy-title"),
            rules: retention::held(conn)?.into_iter().map(shown).collect(),
            erased: store::count(conn)?,
            mail: typed
                .as_ref()
                .map_or("", |form| form.text("mail"))
                .to_owned(),
            errors,
        })
    })
    .await
}

pub async fn save_retention(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let typed = form.clone();
    let saved = cx
        .write(move |work, who| {
            watches(who)?;
            let mut fields = FieldErrors::default();
            let mut wished = Vec::new();
            for rule in retention::RULES {
                let days = form.text(rule.name).parse::<i64>().ok();
                match days.filter(|d| (1..=3650).contains(d)) {
                    Some(days) => wished.push((rule, days)),
                    None => fields.add(rule.name, "privacy-error-days"),
                }
            }
            fields.done(())?;
            retention::set(work, &wished)
        })
        .await;
    match saved {
        Ok(()) => Ok(redirect(
            &cx.href("/verwaltung/datenschutz?ok=flash-settings-saved"),
        )),
        Err(Error::Invalid(errors)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            show_overview(&cx, status, Some(typed), errors).await
        }
        Err(other) => Err(other),
    }
}

/// The look-up stands in a form: an address in a link would stay in histories and
/// in the records of servers on the way.
pub async fn ask_again(cx: Cx) -> Result<Response> {
    cx.read(|_, who| watches(who)).await?;
    Ok(redirect(&cx.href("/verwaltung/datenschutz")))
}

/// What is stored under a mail address, for whoever asks in writing.
pub async fn of_somebody(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let address = form.text("mail").to_lowercase();
    if !looks_like_mail(&address) {
        // Nothing is stored under a slip of the keys: that would be a wrong answer.
        let mut errors = FieldErrors::default();
        errors.add("mail", "accounts-error-mail");
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return show_overview(&cx, status, Some(form), errors).await;
    }
    show_somebody(&cx, StatusCode::OK, address, FieldErrors::default()).await
}

/// Notes in the log that somebody was given what is stored under an address.
async fn note_access(cx: &Cx, address: String) -> Result<()> {
    let key = cx.site.key.clone();
    let given = cx
        .read(move |conn, who| {
            watches(who)?;
            let subjects = commands::by_mail(conn, &address)?;
            let mut given: Vec<String> = subjects.iter().filter_map(Subject::id).collect();
            if subjects.is_empty() && !is_unknown(conn, &address)? {
                given.push(commands::mark(&key, &address));
            }
            Ok(given)
        })
        .await?;
    if given.is_empty() {
        return Ok(());
    }
    cx.write(move |work, who| {
        watches(who)?;
        for subject in &given {
            work.announce(&AccessGiven {
                subject: subject.clone(),
            });
        }
        Ok(())
    })
    .await
}

/// Nothing was left from an address without a record of its own.
fn is_unknown(conn: &mut Conn, address: &str) -> Result<bool> {
    let left = commands::of_address(conn, address, None)?;
    Ok(readable::is_empty(&left))
}

/// Shows it, whatever was asked: no look without its note.
async fn show_somebody(
    cx: &Cx,
    status: StatusCode,
    address: String,
    errors: FieldErrors,
) -> Result<Response> {
    note_access(cx, address.clone()).await?;
    cx.page_with(status, move |conn, who| {
        watches(who)?;
        let subjects = commands::by_mail(conn, &address)?;
        let mut all = Vec::new();
        for subject in &subjects {
            let data = commands::collect(conn, *subject)?;
            all.extend(parts(conn, who, &data)?);
        }
        if subjects.is_empty() {
            let data = commands::of_address(conn, &address, None)?;
            all.extend(parts(conn, who, &data)?);
        }
        Ok(Data {
            f: who.frame_t("privacy-access-title"),
            is_known: !all.is_empty(),
            parts: all,
            consents: None,
            of: Some(address),
            errors,
        })
    })
    .await
}

/// Erases everybody with a mail address, on their written demand; the officer has
/// said so twice.
pub async fn erase_somebody(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let address = form.text("mail").to_lowercase();
    let key = cx.site.key.clone();
    let is_sure = form.ticked("sure");
    let of = address.clone();
    let erased = cx
        .write(move |work, who| {
            watches(who)?;
            let subjects = commands::by_mail(work, &address)?;
            if subjects.is_empty() && is_unknown(work, &address)? {
                return Err(Error::NotFound);
            }
            let mut fields = FieldErrors::default();
            if !is_sure {
                fields.add("sure", "privacy-error-sure-somebody");
            }
            fields.done(())?;
            if subjects.is_empty() {
                return commands::erase_address(work, &key, &address, "officer");
            }
            for subject in subjects {
                commands::erase(work, &key, subject, "officer")?;
            }
            commands::forget_address(work, &address)
        })
        .await;
    match erased {
        Ok(()) => {}
        Err(Error::Invalid(errors)) => {
            return show_somebody(&cx, StatusCode::UNPROCESSABLE_ENTITY, of, errors).await;
        }
        Err(other) => return Err(other),
    }
    tidy(&cx).await;
    Ok(redirect(
        &cx.href("/verwaltung/datenschutz?ok=flash-erased"),
    ))
}
