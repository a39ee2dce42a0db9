//! Handlers of the administration's settings.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kontor_platform::config::Smtp;
use kontor_platform::db::Conn;
use kontor_platform::web::{Form, redirect};
use kontor_platform::{Error, FieldErrors, Result};

use super::commands;
use super::forms::{self, RegionForm, SECURITIES};
use crate::accounts::meanwhile::{Difference, Met, bases, meet};
use crate::accounts::settings::{self, SettingsChanged};
use crate::accounts::{Cx, Frame};

#[derive(Template)]
#[template(path = "accounts/admin/views/region.html")]
struct Region {
    f: Frame,
    form: RegionForm,
    /// The configuration names the public address: it cannot be changed here.
    fixed_url: String,
    /// What the form showed, field by field.
    bases: Vec<(String, String)>,
    /// What somebody else has changed meanwhile.
    differences: Vec<Difference>,
    errors: FieldErrors,
}

/// A form on its way back to the browser.
enum Back {
    /// With what is wrong; it goes on carrying what it showed.
    Wrong(Form, FieldErrors),
    /// Laid onto what somebody else has saved meanwhile.
    Met(Met),
}

/// The form of what is stored.
fn stored(conn: &mut Conn) -> Result<RegionForm> {
    Ok(RegionForm {
        region: settings::region(conn)?,
        public_url: settings::public_url(conn)?,
    })
}

pub async fn region(cx: Cx) -> Result<Response> {
    show_region(&cx, StatusCode::OK, None).await
}

async fn show_region(cx: &Cx, status: StatusCode, back: Option<Back>) -> Result<Response> {
    cx.page_with(status, move |conn, who| {
        who.administers()?;
        let fixed_url = who.cx.site.config.public_url.clone();
        let form = stored(conn)?;
        let present = form.present(fixed_url.is_empty());
        let mut page = Region {
            f: who.frame_t("admin-region-title"),
            form,
            fixed_url,
            bases: bases(&Form::default(), &present),
            differences: Vec::new(),
            errors: FieldErrors::default(),
        };
        match back {
            None => {}
            Some(Back::Wrong(typed, errors)) => {
                page.form = RegionForm::read(&typed);
                page.bases = bases(&typed, &present);
                page.errors = errors;
            }
            Some(Back::Met(met)) => {
                page.form = RegionForm::read(&met.form);
                page.differences = met.differences;
            }
        }
        Ok(page)
    })
    .await
}

pub async fn save_region(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let saved = {
        let (form, is_free) = (form.clone(), cx.site.config.public_url.is_empty());
        cx.write(move |work, who| {
            who.administers()?;
            let present = stored(work)?;
            let mut met = meet(&form, &present.present(is_free));
            if met.is_conflict {
                return Ok(Err(met));
            }
            if !is_free {
                met.form.set("public-url", &present.public_url);
            }
            let typed = RegionForm::read(&met.form);
            commands::save_region(work, &typed)?;
            Ok(Ok(typed))
        })
        .await
    };
    match saved {
        Ok(Ok(typed)) => {
            cx.site.set_public_url(&typed.public_url);
            cx.site.set_region(&typed.region.name);
            Ok(redirect(&cx.href("/verwaltung?ok=flash-settings-saved")))
        }
        Ok(Err(met)) => show_region(&cx, StatusCode::CONFLICT, Some(Back::Met(met))).await,
        Err(Error::Invalid(errors)) => {
            let back = Back::Wrong(form, errors);
            show_region(&cx, StatusCode::UNPROCESSABLE_ENTITY, Some(back)).await
        }
        Err(other) => Err(other),
    }
}

#[derive(Template)]
#[template(path = "accounts/admin/views/mail_server.html")]
struct MailServer {
    f: Frame,
    smtp: Smtp,
    /// The stored password must be typed again.
    is_unreadable: bool,
    port: String,
    /// Set by the configuration file or the environment.
    is_fixed: bool,
    errors: FieldErrors,
    /// The test mail: to whom, and the server's refusal if there was one.
    probed: Option<(String, Option<String>)>,
}

impl MailServer {
    const SECURITIES: [(&'static str, &'static str); 3] = SECURITIES;
}

pub async fn mail_server(cx: Cx) -> Result<Response> {
    show_mail_server(&cx, StatusCode::OK, None, FieldErrors::default(), None).await
}

async fn show_mail_server(
    cx: &Cx,
    status: StatusCode,
    typed: Option<Form>,
    errors: FieldErrors,
    probed: Option<(String, Option<String>)>,
) -> Result<Response> {
    cx.page_with(status, move |conn, who| {
        who.administers()?;
        let site = &who.cx.site;
        let server = settings::smtp(conn, &site.config, &site.key)?;
        let is_unreadable = server.is_unreadable;
        let mut smtp = server.smtp;
        let mut port = match smtp.port {
            0 => String::new(),
            port => port.to_string(),
        };
        if smtp.security.is_empty() {
            smtp.security = "starttls".into();
        }
        if let Some(form) = typed {
            smtp.host = form.text("host").to_owned();
            smtp.user = form.text("user").to_owned();
            smtp.from = form.text("from").to_owned();
            smtp.security = form.text("security").to_owned();
            port = form.text("port").to_owned();
        }
        Ok(MailServer {
            f: who.frame_t("admin-mail-title"),
            smtp,
            is_unreadable,
            port,
            is_fixed: !site.config.smtp.host.is_empty(),
            errors,
            probed,
        })
    })
    .await
}

pub async fn save_mail_server(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let typed = form.clone();
    let key = cx.site.key.clone();
    let fixed = !cx.site.config.smtp.host.is_empty();
    let config = cx.site.config.clone();
    let saved = cx
        .write(move |work, who| {
            who.administers()?;
            if fixed {
                return Err(Error::Refused("admin-refused-fixed"));
            }
            let stored = settings::smtp(work, &config, &key)?;
            let smtp = forms::read_smtp(&form, &stored)?;
            settings::set_smtp(work, &key, &smtp)?;
            work.announce(&SettingsChanged {
                group: "mail".into(),
            });
            Ok(())
        })
        .await;
    match saved {
        Ok(()) => Ok(redirect(
            &cx.href("/verwaltung/mailserver?ok=flash-settings-saved"),
        )),
        Err(Error::Invalid(errors)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            show_mail_server(&cx, status, Some(typed), errors, None).await
        }
        Err(other) => Err(other),
    }
}

/// Sends a mail to the asking person and shows what the server said.
pub async fn probe(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let (to, sent) = commands::probe(&cx).await?;
    let (status, refusal) = match sent {
        Ok(()) => (StatusCode::OK, None),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, Some(error.to_string())),
    };
    let probed = Some((to, refusal));
    show_mail_server(&cx, status, None, FieldErrors::default(), probed).await
}
