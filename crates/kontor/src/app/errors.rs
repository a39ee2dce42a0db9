//! Calm pages for whatever goes wrong.

use std::any::Any;

use askama::Template;
use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kontor_platform::web::Site;
use kontor_platform::web::answer::{Trouble, html};
use kontor_platform::{Error, Result};

use crate::accounts::{Cx, Frame};

#[derive(Template)]
#[template(path = "app/views/error.html")]
struct ErrorPage {
    f: Frame,
    title: &'static str,
    texts: Vec<&'static str>,
    offer_sign_in: bool,
    /// Shown for defects only: where the operator finds it in the log.
    reference: Option<String>,
}

/// Puts a page in the asker's language in the place of a bare error.
pub async fn calm(State(site): State<Site>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
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
    let mut page = page(&cx, &trouble.0).await.unwrap_or(answer);
    *page.status_mut() = status;
    if let Some(retry) = retry {
        page.headers_mut().insert(header::RETRY_AFTER, retry);
    }
    page
}

async fn page(cx: &Cx, error: &Error) -> Result<Response> {
    let (title, texts) = words(error, cx.token.is_some());
    let reference = matches!(error, Error::Broken(_)).then(|| cx.request_id.clone());
    // When the database is what broke, the page comes without the viewer.
    let frame = match cx.read(|_, who| Ok(who.clone())).await {
        Ok(who) => who.frame_t(title),
        Err(_) => cx.nobody().frame_t(title),
    };
    let offer_sign_in = matches!(error, Error::Forbidden) && frame.viewer.is_empty();
    let page = ErrorPage {
        offer_sign_in,
        f: frame,
        title,
        texts,
        reference,
    };
    Ok(html(StatusCode::OK, page.render()?))
}

fn words(error: &Error, signed_in: bool) -> (&'static str, Vec<&'static str>) {
    match error {
        Error::NotFound => ("error-not-found-title", vec!["error-not-found-text"]),
        Error::Forbidden if signed_in => ("error-forbidden-title", vec!["error-forbidden-text"]),
        Error::Forbidden => ("error-sign-in-title", vec!["error-forbidden-sign-in"]),
        Error::Refused(key) => ("error-refused-title", vec![key]),
        Error::Invalid(fields) => (
            "error-invalid-title",
            fields.0.iter().map(|f| f.key).collect(),
        ),
        Error::TooMany {
            overload: false, ..
        } => ("error-too-many-title", vec!["error-too-many-text"]),
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
