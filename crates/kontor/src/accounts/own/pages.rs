//! Handlers of one's own account.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kontor_platform::text::Lang;
use kontor_platform::web::{Form, redirect};
use kontor_platform::{Error, FieldErrors, Instant, Result, secret};

use super::commands;
use super::store::{self, Own};
use crate::accounts::{Cx, Frame};

/// A session as the page shows it.
struct Session {
    handle: String,
    /// Browser and system, as far as they say.
    device: Option<String>,
    since: Instant,
    is_this: bool,
}

#[derive(Template)]
#[template(path = "accounts/own/views/account.html")]
struct Account {
    f: Frame,
    own: Own,
    new_mail: String,
    sessions: Vec<Session>,
    errors: FieldErrors,
}

impl Account {
    const LANGS: [(&'static str, &'static str); 2] =
        [("de", "accounts-lang-de"), ("en", "accounts-lang-en")];
    const THEMES: [(&'static str, &'static str); 3] = [
        ("system", "accounts-theme-system"),
        ("light", "accounts-theme-light"),
        ("dark", "accounts-theme-dark"),
    ];
}

pub async fn account(cx: Cx) -> Result<Response> {
    show(&cx, StatusCode::OK, Form::default(), FieldErrors::default()).await
}

/// The page, with what was typed in one of its forms.
pub async fn show(
    cx: &Cx,
    status: StatusCode,
    typed: Form,
    errors: FieldErrors,
) -> Result<Response> {
    cx.page_with(status, move |conn, who| {
        let account = who.actor.account.ok_or(Error::Forbidden)?;
        let mut own = store::own(conn, account)?;
        if typed.has("name") {
            typed.text("name").clone_into(&mut own.name);
            typed.text("lang").clone_into(&mut own.lang);
            typed.text("theme").clone_into(&mut own.theme);
            own.shortcuts = typed.ticked("shortcuts");
        }
        let this = who
            .cx
            .token
            .as_deref()
            .map(secret::hash)
            .unwrap_or_default();
        let sessions = store::sessions(conn, account, who.cx.now)?;
        let sessions = sessions.into_iter().map(|s| Session {
            handle: s.token_hash.chars().take(16).collect(),
            device: device(&s.device),
            since: s.created_at,
            is_this: s.token_hash == this,
        });
        Ok(Account {
            f: who.frame_t("accounts-own-title"),
            own,
            new_mail: typed.text("mail").to_owned(),
            sessions: sessions.collect(),
            errors,
        })
    })
    .await
}

pub async fn save(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let typed = form.clone();
    let saved = cx
        .write(move |work, who| {
            let account = who.actor.account.ok_or(Error::Forbidden)?;
            let own = Own {
                name: form.text("name").to_owned(),
                lang: form.text("lang").to_owned(),
                theme: form.text("theme").to_owned(),
                shortcuts: form.ticked("shortcuts"),
                ..store::own(work, account)?
            };
            commands::save(work, account, &own)?;
            Ok(Lang::parse(&own.lang).unwrap_or_default())
        })
        .await;
    match saved {
        Ok(lang) => {
            let page = "/mein-kontor/konto?ok=flash-account-saved";
            Ok(redirect(&cx.site.speak(lang).href(page)))
        }
        Err(Error::Invalid(errors)) => {
            show(&cx, StatusCode::UNPROCESSABLE_ENTITY, typed, errors).await
        }
        Err(other) => Err(other),
    }
}

pub async fn change_password(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let (old, new) = (form.raw("current-password"), form.raw("new-password"));
    match commands::change_password(&cx, old, new).await {
        Ok(()) => Ok(redirect(
            &cx.href("/mein-kontor/konto?ok=flash-password-changed"),
        )),
        Err(Error::Invalid(errors)) => {
            show(&cx, StatusCode::UNPROCESSABLE_ENTITY, form, errors).await
        }
        Err(other) => Err(other),
    }
}

pub async fn end_sessions(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let one = Some(form.text("session"))
        .filter(|handle| !handle.is_empty())
        .map(str::to_owned);
    commands::end_sessions(&cx, one).await?;
    Ok(redirect(
        &cx.href("/mein-kontor/konto?ok=flash-sessions-ended"),
    ))
}

/// Browser and system out of what a browser says of itself.
fn device(agent: &str) -> Option<String> {
    // The first that fits counts: Edge and Chrome also call themselves Safari.
    let browsers = [
        ("Firefox/", "Firefox"),
        ("Edg", "Edge"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let systems = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    let find = |list: &[(&str, &'static str)]| {
        let hit = list.iter().find(|(mark, _)| agent.contains(mark));
        hit.map(|(_, name)| *name)
    };
    match (find(&browsers), find(&systems)) {
        (Some(browser), Some(system)) => Some(format!("{browser}, {system}")),
        (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn a_browser_is_named_by_what_it_is() {
        let edge =
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0";
        assert_eq!(device(edge).as_deref(), Some("Edge, Windows"));
        let phone =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1";
        assert_eq!(device(phone).as_deref(), Some("Safari, iPhone"));
        assert_eq!(device("curl/8"), None);
    }
}
