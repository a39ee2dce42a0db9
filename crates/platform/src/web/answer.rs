//! Answers: pages, redirects, and what an error looks like before the
//! application has dressed it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::assets::{accepted, brotli, gzip};
use super::cache::Page;
use crate::error::Error;

/// A page of HTML that only its asker may keep.
pub fn html(status: StatusCode, body: String) -> Response {
    let mut answer = (status, body).into_response();
    let headers = answer.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    answer
}

/// "Done, look there": 303, so that a reload does not repeat the act.
pub fn redirect(to: &str) -> Response {
    let place = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response()
}

/// A weak tag for a body.
pub fn etag(body: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    body.hash(&mut hasher);
    format!("W/\"{:016x}\"", hasher.finish())
}

/// True when the asker already has this version.
pub fn unchanged(asked: &HeaderMap, etag: &str) -> bool {
    asked
        .get(header::IF_NONE_MATCH)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|tags| tags.split(',').any(|tag| tag.trim() == etag))
}

/// "You have it already."
pub fn not_modified(etag: &str) -> Response {
    let mut answer = StatusCode::NOT_MODIFIED.into_response();
    if let Ok(value) = HeaderValue::from_str(etag) {
        answer.headers_mut().insert(header::ETAG, value);
    }
    answer
}

/// A page from the cache, packed as the asker likes it.
pub fn cached(page: &Arc<Page>, asked: &HeaderMap) -> Response {
    if unchanged(asked, &page.etag) {
        return not_modified(&page.etag);
    }
    let (bytes, encoding): (Bytes, _) = match accepted(asked) {
        Some("br") => (
            page.brotli.get_or_init(|| brotli(&page.body, 5)).clone(),
            Some("br"),
        ),
        Some(_) => (
            page.gzip.get_or_init(|| gzip(&page.body)).clone(),
            Some("gzip"),
        ),
        None => (page.body.clone(), None),
    };
    let mut answer = Response::new(Body::from(bytes));
    let headers = answer.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(
        header::VARY,
        HeaderValue::from_static("accept-encoding, cookie"),
    );
    if let Ok(value) = HeaderValue::from_str(&page.etag) {
        headers.insert(header::ETAG, value);
    }
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    answer
}

/// Travels with an answer that is an error, until the application has put a
/// calm page in its place.
#[derive(Clone)]
pub struct Trouble(pub Arc<Error>);

/// Seconds after which a new try makes sense when the data could not be reached.
const OUTAGE_S: u32 = 30;

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = match &self {
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::Forbidden => StatusCode::FORBIDDEN,
            Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Error::Refused(_) => StatusCode::CONFLICT,
            Error::TooMany {
                overload: false, ..
            } => StatusCode::TOO_MANY_REQUESTS,
            Error::TooMany { overload: true, .. } => StatusCode::SERVICE_UNAVAILABLE,
            Error::Broken(_) if self.is_outage() => StatusCode::SERVICE_UNAVAILABLE,
            Error::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let mut answer = status.into_response();
        let retry_after_s = match &self {
            Error::TooMany { retry_after_s, .. } => Some(*retry_after_s),
            _ if self.is_outage() => Some(OUTAGE_S),
            _ => None,
        };
        if let Some(seconds) = retry_after_s {
            let headers = answer.headers_mut();
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        answer.extensions_mut().insert(Trouble(Arc::new(self)));
        answer
    }
}
