//! The queue as the administration sees it.

use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kontor_platform::db::Conn;
use kontor_platform::mail::{self, NewMail, State, Stored};
use kontor_platform::web::{Form, redirect};
use kontor_platform::{Error, Id, Instant, Result};

use crate::accounts::settings::{self, MailServer};
use crate::accounts::{Cx, Frame, Who};

/// Rows on one page.
const PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "accounts/mails/views/list.html")]
struct List {
    f: Frame,
    mails: Vec<Stored>,
    state: Option<State>,
    counts: Vec<(State, i64)>,
    next: Option<String>,
    has_server: bool,
}

/// Key of a state's name.
fn state_key(state: State) -> &'static str {
    match state {
        State::Waiting => "mail-state-waiting",
        State::Sent => "mail-state-sent",
        State::Failed => "mail-state-failed",
        State::Kept => "mail-state-kept",
    }
}

/// The look of a state's chip.
fn state_chip(state: State) -> &'static str {
    match state {
        State::Waiting => "chip--elbe",
        State::Sent => "chip--ok",
        State::Failed => "chip--danger",
        State::Kept => "chip--line",
    }
}

impl List {
    fn key(&self, state: &State) -> &'static str {
        state_key(*state)
    }
    fn chip(&self, state: &State) -> &'static str {
        state_chip(*state)
    }
    fn is(&self, state: &State) -> bool {
        self.state == Some(*state)
    }
    fn count(&self, state: &State) -> i64 {
        let found = self.counts.iter().find(|(s, _)| s == state);
        found.map_or(0, |(_, n)| *n)
    }
}

pub async fn list(cx: Cx) -> Result<Response> {
    cx.page(|conn, who| {
        who.administers()?;
        let asked = who.cx.fields();
        let state = State::parse(asked.text("stand"));
        let before = asked.text("vor").split_once('~');
        let before = before.and_then(|(at, id)| Some((Instant(at.parse().ok()?), id)));
        let before = before.unwrap_or((Instant(i64::MAX), ""));
        let limit = usize::try_from(PAGE).unwrap_or(usize::MAX);
        let mut mails = mail::page(conn, state, before, PAGE + 1)?;
        let more = mails.len() > limit;
        mails.truncate(limit);
        let next = mails.last().filter(|_| more).map(|m| {
            let stand = state.map_or("", State::as_str);
            format!(
                "/verwaltung/post?stand={stand}&vor={}~{}",
                m.created_at.0, m.id
            )
        });
        Ok(List {
            f: who.frame_t("mail-list-title"),
            mails,
            state,
            counts: mail::count_by_state(conn)?,
            next,
            has_server: has_server(conn, who)?,
        })
    })
    .await
}

/// The server that carries mails; none in a demo.
fn server(conn: &mut Conn, who: &Who) -> Result<MailServer> {
    let site = &who.cx.site;
    if site.demo {
        return Ok(MailServer::default());
    }
    settings::smtp(conn, &site.config, &site.key)
}

/// Whether mails leave the house: without a server they are kept.
pub fn has_server(conn: &mut Conn, who: &Who) -> Result<bool> {
    Ok(server(conn, who)?.is_set())
}

#[derive(Template)]
#[template(path = "accounts/mails/views/show.html")]
struct Show {
    f: Frame,
    m: Stored,
    /// A personal link is shown only where there is no server to carry it.
    readable: bool,
    can_send: bool,
}

impl Show {
    fn key(&self) -> &'static str {
        state_key(self.m.state)
    }
    fn chip(&self) -> &'static str {
        state_chip(self.m.state)
    }
}

/// Whoever reads a personal link can use it: only where no server is set that
/// could carry it to its owner.
fn is_readable(m: &Stored, has_server: bool) -> bool {
    !m.text.is_empty() && (!m.confidential || (m.state == State::Kept && !has_server))
}

pub async fn show(cx: Cx, Path(id): Path<Id<NewMail>>) -> Result<Response> {
    cx.page(move |conn, who| {
        who.administers()?;
        let m = mail::find(conn, id)?;
        let again = matches!(m.state, State::Failed | State::Kept) && !m.text.is_empty();
        let server = server(conn, who)?;
        Ok(Show {
            f: who.frame(m.subject.clone()),
            readable: is_readable(&m, server.is_set()),
            can_send: again && !server.usable().host.is_empty(),
            m,
        })
    })
    .await
}

/// The HTML part alone, as a mail program would show it: no script, no form,
/// nothing loaded.
pub async fn html(cx: Cx, Path(id): Path<Id<NewMail>>) -> Result<Response> {
    let body = cx
        .read(move |conn, who| {
            who.administers()?;
            let m = mail::find(conn, id)?;
            if is_readable(&m, has_server(conn, who)?) {
                Ok(m.html)
            } else {
                Err(Error::NotFound)
            }
        })
        .await?;
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ]
    .map(|(name, value)| (name, HeaderValue::from_static(value)));
    Ok((headers, body).into_response())
}

pub async fn send_again(cx: Cx, Path(id): Path<Id<NewMail>>, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let again = cx
        .write(move |work, who| {
            who.administers()?;
            let now = work.now();
            mail::send_again(work, id, now)
        })
        .await?;
    let flash = if again { "again" } else { "not-again" };
    Ok(redirect(&cx.href(format!(
        "/verwaltung/post/{id}?ok=flash-mail-{flash}"
    ))))
}
