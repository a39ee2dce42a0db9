//! Calm pages for whatever goes wrong.

use std::any::Any;

use askama::Template;
use axum::body::{Body, Bytes, HttpBody as _, to_bytes};
use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kontor_platform::web::answer::{Trouble, html};
use kontor_platform::web::{Form, Site};
use kontor_platform::{Error, Result};

use crate::accounts::{Cx, Frame, too_many};

#[derive(Template)]
#[template(path = "app/views/error.html")]
struct ErrorPage {
    f: Frame,
    title: &'static str,
    texts: Vec<&'static str>,
    offer_sign_in: bool,
    /// What was typed into a form that could not be taken, for copying.
    typed: String,
    /// Shown for defects only: where the operator finds it in the log.
    reference: Option<String>,
}

/// Puts a page in the asker's language in the place of a bare error.
pub async fn calm(State(site): State<Site>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let (body, typed) = keep_form(&parts, body).await;
    let cx = Cx::from_request_parts(&mut parts, &site).await;
    // The pattern: a path may hold a token that still opens a door.
    let route = parts.extensions.get::<MatchedPath>().cloned();
    let answer = next.run(Request::from_parts(parts, body)).await;
    let Ok(cx) = cx else { return answer };
    let mut status = answer.status();
    let trouble = match answer.extensions().get::<Trouble>() {
        Some(trouble) => trouble.clone(),
        // The router's own refusals carry no body worth reading; an address that
        // cannot be read leads nowhere.
        None if status == StatusCode::METHOD_NOT_ALLOWED => {
            Trouble(Error::Refused("error-method-text").into())
        }
        None if status == StatusCode::BAD_REQUEST => {
            status = StatusCode::NOT_FOUND;
            Trouble(Error::NotFound.into())
        }
        None => return answer,
    };
    if let Error::Broken(source) = &*trouble.0 {
        let route = route.as_ref().map_or("none", MatchedPath::as_str);
        tracing::error!(request = %cx.request_id, route, error = %source, "request failed");
    }
    let retry = answer.headers().get(header::RETRY_AFTER).cloned();
    let mut page = page(&cx, &trouble.0, &typed).await.unwrap_or(answer);
    *page.status_mut() = status;
    if let Some(retry) = retry {
        page.headers_mut().insert(header::RETRY_AFTER, retry);
    }
    page
}

/// Forms up to so many bytes are kept beside their request.
const KEPT: u64 = 64 * 1024;
const FORM: &[u8] = b"application/x-www-form-urlencoded";

/// The body, and a copy of it where it is a form that somebody typed.
async fn keep_form(parts: &Parts, body: Body) -> (Body, Bytes) {
    let kind = parts.headers.get(header::CONTENT_TYPE);
    let is_form = kind.is_some_and(|k| k.as_bytes().starts_with(FORM));
    let is_short = body.size_hint().upper().is_some_and(|most| most <= KEPT);
    if !is_form || !is_short {
        return (body, Bytes::new());
    }
    match to_bytes(body, usize::MAX).await {
        Ok(bytes) => (Body::from(bytes.clone()), bytes),
        // It broke off: the handler says so.
        Err(_) => (Body::empty(), Bytes::new()),
    }
}

/// Words of a form that somebody typed, without what the page had filled in.
fn typed_words(form: &Form) -> String {
    let typed = form.fields().filter(|(name, value)| {
        let is_own = ["_mark", "version", "words"].contains(name) || name.starts_with("base-");
        let is_secret = name.contains("password");
        let is_filled = form.raw(&format!("base-{name}")) == *value;
        !(is_own || is_secret || is_filled || value.trim().is_empty())
    });
    typed
        .map(|(_, value)| value)
        .collect::<Vec<_>>()
        .join("\n\n")
}

async fn page(cx: &Cx, error: &Error, typed: &Bytes) -> Result<Response> {
    let reference = matches!(error, Error::Broken(_)).then(|| cx.request_id.clone());
    // When the database is what broke, the page comes without the viewer.
    let who = match cx.read(|_, who| Ok(who.clone())).await {
        Ok(who) => who,
        Err(_) => cx.nobody(),
    };
    let is_signed_in = who.actor.account.is_some();
    let (title, texts) = words(error, is_signed_in, cx.token.is_some());
    let offer_sign_in = matches!(error, Error::Forbidden) && !is_signed_in;
    // What can be put right by signing in or by a fresh form is worth keeping.
    let is_kept = offer_sign_in || matches!(error, Error::Refused("form-mark-old"));
    let typed = match std::str::from_utf8(typed) {
        Ok(text) if is_kept => typed_words(&Form::parse(text)),
        _ => String::new(),
    };
    let page = ErrorPage {
        offer_sign_in,
        f: who.frame_t(title),
        typed,
        title,
        texts,
        reference,
    };
    Ok(html(StatusCode::OK, page.render()?))
}

fn words(error: &Error, is_signed_in: bool, has_token: bool) -> (&'static str, Vec<&'static str>) {
    match error {
        Error::NotFound => ("error-not-found-title", vec!["error-not-found-text"]),
        Error::Forbidden if is_signed_in => ("error-forbidden-title", vec!["error-forbidden-text"]),
        Error::Forbidden if has_token => ("error-sign-in-title", vec!["error-session-over"]),
        Error::Forbidden => ("error-sign-in-title", vec!["error-forbidden-sign-in"]),
        Error::Refused(key) => ("error-refused-title", vec![key]),
        Error::Invalid(fields) => (
            "error-invalid-title",
            fields.0.iter().map(|f| f.key).collect(),
        ),
        Error::TooMany {
            overload: false,
            retry_after_s,
        } => ("error-too-many-title", vec![too_many(*retry_after_s)]),
        Error::TooMany { .. } => ("error-too-many-title", vec!["error-busy-text"]),
        Error::Broken(_) if error.is_outage() => ("error-outage-title", vec!["error-outage-text"]),
        Error::Broken(_) => ("error-broken-title", vec!["error-broken-text"]),
    }
}

/// A handler panicked: a defect like any other.
pub fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let what = panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()))
        .unwrap_or_default();
    Error::broken(format!("panicked: {what}")).into_response()
}
