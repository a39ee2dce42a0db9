//! Former addresses: whoever follows an old link arrives, on every page below it.
//!
//! Always true: a former address leads to the present one in one step, and only
//! those who may see what stands there. To anybody else it was never there.

mod store;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kontor_platform::db::Conn;
use kontor_platform::web::answer::Trouble;
use kontor_platform::web::{Site, redirect};
use kontor_platform::{Error, Result};

use super::commands::permitted;
use super::duplicates::successor;
use super::policy::Act;
use super::store::find_cluster;
use crate::accounts::{Cx, Who};

#[cfg(test)]
pub use store::leads_to;
pub use store::moved;

/// Kind of a former address, and the path before it.
const AREAS: [(&str, &str); 2] = [
    ("cluster", "/cluster/"),
    ("organisation", "/organisationen/"),
];

/// A path as area, name and what follows it.
fn parts(path: &str) -> Option<(&'static str, &'static str, &str, &str)> {
    let (kind, start) = AREAS.into_iter().find(|(_, s)| path.starts_with(s))?;
    let rest = &path[start.len()..];
    let end = rest.find('/').unwrap_or(rest.len());
    Some((kind, start, &rest[..end], &rest[end..]))
}

/// Sends on whoever asks for a page below a former address. A form that was
/// opened before the change is sent on with what was typed.
pub async fn follow(State(site): State<Site>, request: Request, next: Next) -> Response {
    let Some(asked) = parts(request.uri().path())
        .map(|(k, s, slug, rest)| (k, s, slug.to_owned(), rest.to_owned()))
    else {
        return next.run(request).await;
    };
    let (mut head, body) = request.into_parts();
    let cx = Cx::from_request_parts(&mut head, &site).await;
    let method = head.method.clone();
    let answer = next.run(Request::from_parts(head, body)).await;
    let Ok(cx) = cx else { return answer };
    let is_missing = |t: &Trouble| matches!(&*t.0, Error::NotFound);
    if !answer.extensions().get::<Trouble>().is_some_and(is_missing) {
        return answer;
    }
    let (kind, start, slug, rest) = asked;
    // Addresses are written small, whoever may see what stands there.
    let small = slug.to_lowercase();
    let found = match small == slug {
        true => {
            cx.read(move |conn, who| present(conn, who, kind, slug))
                .await
        }
        false => Ok(Some(small)),
    };
    let Ok(Some(slug)) = found else { return answer };
    let query = match cx.query.as_str() {
        "" => String::new(),
        query => format!("?{query}"),
    };
    let to = cx.href(format!("{start}{slug}{rest}{query}"));
    if method == Method::GET || method == Method::HEAD {
        return redirect(&to);
    }
    let again = (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, to)]);
    again.into_response()
}

/// Where a former address, or that of a merged record, leads now; none when the
/// asker may not see it.
fn present(conn: &mut Conn, who: &Who, kind: &str, slug: String) -> Result<Option<String>> {
    if kind == "cluster" {
        let to = store::leads_to(conn, kind, &slug)?;
        let is_seen = |to: &String| find_cluster(conn, to).is_ok();
        return Ok(to.filter(is_seen));
    }
    let mut at = slug;
    // A winner may have become a loser later; rings cannot come about.
    loop {
        let next = match store::leads_to(conn, kind, &at)? {
            Some(next) => Some(next),
            None => successor(conn, &at)?,
        };
        let Some(next) = next else { return Ok(None) };
        match permitted(conn, &who.actor, &next, Act::See) {
            Ok(_) => return Ok(Some(next)),
            Err(Error::NotFound) => at = next,
            Err(other) => return Err(other),
        }
    }
}
