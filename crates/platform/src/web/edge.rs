//! What wraps every request: language from the path, request id, security
//! headers, and no change by a foreign site.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::Error;
use crate::secret;
use crate::text::Lang;

/// The number by which an operator finds a request in the log.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// The path as it was asked for, with the language's prefix.
#[derive(Debug, Clone)]
pub struct AskedPath(pub String);

/// Cuts `/en` off the path: routes know one path for both languages.
pub fn choose_language(mut request: Request) -> Request {
    let asked = request.uri().path().to_owned();
    let lang = match asked.strip_prefix("/en") {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => {
            let rest = if rest.is_empty() { "/" } else { rest };
            let target = match request.uri().query() {
                Some(query) => format!("{rest}?{query}"),
                None => rest.to_owned(),
            };
            if let Ok(uri) = target.parse::<Uri>() {
                *request.uri_mut() = uri;
            }
            Lang::En
        }
        _ => Lang::De,
    };
    request.extensions_mut().insert(lang);
    request.extensions_mut().insert(AskedPath(asked));
    request
}

const SECURITY: [(HeaderName, &str); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// Turns away changes that another site's page tries to make.
pub async fn own_changes_only(request: Request, next: Next) -> Response {
    if is_foreign_change(request.method(), request.headers()) {
        Error::Forbidden.into_response()
    } else {
        next.run(request).await
    }
}

/// Gives each request its number and each answer the security headers.
pub async fn guard(mut request: Request, next: Next) -> Response {
    let id = secret::token()[..10].to_owned();
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut answer = next.run(request).await;
    let headers = answer.headers_mut();
    for (name, value) in SECURITY {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert("x-request-id", value);
    }
    answer
}

/// A POST (or the like) that a page of another origin started.
fn is_foreign_change(method: &Method, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return false;
    }
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => origin
            .split_once("://")
            .is_none_or(|(_, place)| place != host),
        _ => false,
    }
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .find_map(|line| {
            line.split(';').find_map(|part| {
                let (key, value) = part.trim().split_once('=')?;
                (key == name).then_some(value)
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(k, v)| (HeaderName::from_static(k), HeaderValue::from_static(v)))
            .collect()
    }

    #[test]
    fn another_sites_form_changes_nothing() {
        let foreign = asked(&[
            ("origin", "https://evil.example"),
            ("host", "kontor.example"),
        ]);
        assert!(is_foreign_change(&Method::POST, &foreign));
        assert!(!is_foreign_change(&Method::GET, &foreign));
        let own = asked(&[
            ("origin", "https://kontor.example"),
            ("host", "kontor.example"),
        ]);
        assert!(!is_foreign_change(&Method::POST, &own));
        assert!(is_foreign_change(
            &Method::POST,
            &asked(&[("sec-fetch-site", "same-site")])
        ));
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let headers = asked(&[("cookie", "a=1; kontor=xyz; b=2")]);
        assert_eq!(cookie(&headers, "kontor"), Some("xyz"));
        assert_eq!(cookie(&headers, "kont"), None);
    }
}
