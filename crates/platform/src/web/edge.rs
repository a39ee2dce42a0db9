//! What wraps every request: language from the path, request id, security
//! headers, and no change by a foreign site.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::Error;
use crate::secret;
use crate::text::Lang;
use crate::web::Site;

/// The number by which an operator finds a request in the log.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// The path as it was asked for, with the language's prefix.
#[derive(Debug, Clone)]
pub struct AskedPath(pub String);

/// Cuts `/en` off the path: routes know one path for both languages. Of several
/// slashes at a path's beginning one is left: a browser takes `//name/` in a link
/// for another site (and a backslash for a slash).
pub fn choose_language(mut request: Request) -> Request {
    let asked = request.uri().path().to_owned();
    let (lang, rest) = match asked.strip_prefix("/en") {
        Some(rest) if rest.is_empty() || rest.starts_with(['/', '\\']) => (Lang::En, rest),
        _ => (Lang::De, asked.as_str()),
    };
    let path = format!("/{}", rest.trim_start_matches(['/', '\\']));
    if path != asked {
        let target = match request.uri().query() {
            Some(query) => format!("{path}?{query}"),
            None => path,
        };
        if let Ok(uri) = target.parse::<Uri>() {
            *request.uri_mut() = uri;
        }
    }
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
    if is_foreign_change(request.method(), request.uri(), request.headers()) {
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

/// Tells browsers to come by TLS only from now on, where the installation is
/// reached by it.
pub async fn tls_only(State(site): State<Site>, request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    if site.is_https() {
        let year = HeaderValue::from_static("max-age=31536000");
        answer
            .headers_mut()
            .insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    answer
}

/// A POST (or the like) that a page of another origin started.
fn is_foreign_change(method: &Method, uri: &Uri, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return false;
    }
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    let Some(origin) = headers.get(header::ORIGIN) else {
        // Every browser names the origin of a form from another site.
        return false;
    };
    // HTTP/2 says in the address whom it asks.
    let host = uri.authority().map(|a| a.as_str()).or_else(|| text("host"));
    let place = origin.to_str().ok().and_then(|o| o.split_once("://"));
    match (place, host) {
        (Some((_, place)), Some(host)) => place != host,
        _ => true,
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
        let is_foreign = |method: &Method, headers: &HeaderMap| {
            is_foreign_change(method, &Uri::from_static("/anmelden"), headers)
        };
        assert!(is_foreign(&Method::POST, &foreign));
        assert!(!is_foreign(&Method::GET, &foreign));
        let nowhere = asked(&[("origin", "https://evil.example")]);
        assert!(
            is_foreign(&Method::POST, &nowhere),
            "nobody knows whose it is"
        );
        let at = Uri::from_static("https://kontor.example/anmelden");
        assert!(is_foreign_change(&Method::POST, &at, &nowhere));
        let own = asked(&[("origin", "https://kontor.example")]);
        assert!(!is_foreign_change(&Method::POST, &at, &own));
        let own = asked(&[
            ("origin", "https://kontor.example"),
            ("host", "kontor.example"),
        ]);
        assert!(!is_foreign(&Method::POST, &own));
        assert!(is_foreign(
            &Method::POST,
            &asked(&[("sec-fetch-site", "same-site")])
        ));
    }

    #[test]
    fn no_path_begins_like_another_sites_address() {
        for (asked, path, lang) in [
            ("/en//evil.example/?a=1", "/evil.example/?a=1", Lang::En),
            ("/en/\\evil.example/", "/evil.example/", Lang::En),
            ("//evil.example/", "/evil.example/", Lang::De),
            ("/en", "/", Lang::En),
            ("/enten", "/enten", Lang::De),
            ("/", "/", Lang::De),
        ] {
            // As a server reads it from the line: a path, not a whole address.
            let path_and_query = asked.parse::<axum::http::uri::PathAndQuery>().unwrap();
            let mut request = Request::new(axum::body::Body::empty());
            *request.uri_mut() = Uri::from(path_and_query);
            let chosen = choose_language(request);
            assert_eq!(chosen.uri().to_string(), path, "{asked}");
            assert_eq!(chosen.extensions().get::<Lang>(), Some(&lang), "{asked}");
        }
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let headers = asked(&[("cookie", "a=1; kontor=xyz; b=2")]);
        assert_eq!(cookie(&headers, "kontor"), Some("xyz"));
        assert_eq!(cookie(&headers, "kont"), None);
    }
}
