//! Addresses that were typed nearly right: a slash too many at the end, or the
//! name of an area or the mark of the language in capitals.

use axum::http::Method;
use axum::response::{IntoResponse, Response};
use kontor_platform::Error;
use kontor_platform::web::redirect;

use super::wiring;
use crate::accounts::Cx;

/// Answers whatever no route knows.
pub async fn unknown(method: Method, cx: Cx) -> Response {
    let is_look = method == Method::GET || method == Method::HEAD;
    match straightened(&cx.path).filter(|_| is_look) {
        Some(path) if cx.query.is_empty() => redirect(&cx.href(path)),
        Some(path) => redirect(&cx.href(format!("{path}?{}", cx.query))),
        None => Error::NotFound.into_response(),
    }
}

/// The address that was meant; none when it reads like none.
fn straightened(path: &str) -> Option<String> {
    // Two slashes at the beginning would name another host.
    if path.starts_with("//") || path.contains('\\') {
        return None;
    }
    let bare = path.trim_end_matches('/');
    let end = bare[1.min(bare.len())..]
        .find('/')
        .map_or(bare.len(), |i| i + 1);
    let area = bare[..end].to_lowercase();
    let is_known = area == "/en" || wiring::NAV.iter().any(|item| item.path == area);
    let meant = match is_known {
        true => format!("{area}{}", &bare[end..]),
        false => bare.to_owned(),
    };
    (!meant.is_empty() && meant != path).then_some(meant)
}

#[cfg(test)]
mod tests {
    use super::straightened;

    #[test]
    fn an_address_is_put_straight_and_never_leads_away() {
        for (asked, meant) in [
            ("/cluster/", Some("/cluster")),
            ("/Cluster", Some("/cluster")),
            ("/ORGANISATIONEN/Werft/", Some("/organisationen/Werft")),
            (
                "/cluster/hamburg-aviation/",
                Some("/cluster/hamburg-aviation"),
            ),
            ("/EN", Some("/en")),
            ("/En/Cluster", Some("/en/Cluster")),
            ("/Nirgends", None),
            ("/nirgends", None),
            ("//evil.example/", None),
            ("/\\evil.example/", None),
            ("/", None),
        ] {
            assert_eq!(straightened(asked).as_deref(), meant, "{asked}");
        }
    }
}
