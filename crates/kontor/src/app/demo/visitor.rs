//! Somebody at the site's own doors. What they do is what their browser would
//! send, so that every rule, fact and letter of the rooms is as in real life.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use kontor_platform::text::Lang;
use kontor_platform::web::{Site, encode};
use kontor_platform::{Error, Result};
use tower::ServiceExt as _;

/// The line between the parts of an upload.
const LINE: &str = "kontor-demo";

/// A visitor, signed in or not.
pub struct Visitor<'a> {
    site: &'a Site,
    doors: &'a Router,
    lang: Lang,
    /// The session's token.
    token: Option<String>,
}

/// What a page answered.
struct Answer {
    status: StatusCode,
    location: String,
    cookie: String,
    bytes: Vec<u8>,
}

impl<'a> Visitor<'a> {
    /// Somebody without a session.
    pub fn outside(site: &'a Site, doors: &'a Router, lang: Lang) -> Visitor<'a> {
        Visitor {
            site,
            doors,
            lang,
            token: None,
        }
    }

    /// Whoever stands behind a role's button.
    pub async fn signed_in(site: &'a Site, doors: &'a Router, key: &str) -> Result<Visitor<'a>> {
        let mut visitor = Visitor::outside(site, doors, Lang::De);
        let form = form(&[("role", key)]);
        let answer = visitor.post_body("/anmelden/demo", form, FORM).await?;
        let token = answer.cookie.strip_prefix("kontor=");
        let token = token.and_then(|rest| rest.split(';').next());
        let none = || Error::broken(format!("the demo's {key} cannot sign in"));
        visitor.token = Some(token.ok_or_else(none)?.to_owned());
        Ok(visitor)
    }

    /// Ends the session.
    pub async fn leave(self) -> Result<()> {
        self.post("/abmelden", &[]).await.map(drop)
    }

    /// A page's bytes.
    pub async fn file(&self, path: &str) -> Result<Vec<u8>> {
        let answer = self.send(Method::GET, path, Body::empty(), "").await?;
        match answer.status {
            StatusCode::OK => Ok(answer.bytes),
            other => Err(wrong(path, other)),
        }
    }

    /// A page's markup.
    pub async fn page(&self, path: &str) -> Result<String> {
        Ok(String::from_utf8_lossy(&self.file(path).await?).into_owned())
    }

    /// Sends a form, with the session's mark; answers where it leads.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Result<String> {
        let mark = self.mark();
        let mut all = vec![("_mark", mark.as_str())];
        all.extend(fields);
        let answer = self.post_body(path, form(&all), FORM).await?;
        Ok(answer.location)
    }

    /// Uploads a member list for a cluster; answers where its import stands.
    pub async fn upload(&self, cluster: &str, name: &str, list: &str) -> Result<String> {
        let part = |head: &str, body: &str| {
            format!("--{LINE}\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n")
        };
        let body = part("name=\"_mark\"", &self.mark())
            + &part("name=\"cluster\"", cluster)
            + &part(&format!("name=\"datei\"; filename=\"{name}\""), list)
            + &format!("--{LINE}--\r\n");
        let kind = format!("multipart/form-data; boundary={LINE}");
        let answer = self.post_body("/verwaltung/import", body, &kind).await?;
        Ok(answer.location)
    }

    fn mark(&self) -> String {
        let token = self.token.as_deref().unwrap_or_default();
        self.site.key.sign("form", token)
    }

    async fn post_body(&self, path: &str, body: String, kind: &str) -> Result<Answer> {
        let answer = self.send(Method::POST, path, body.into(), kind).await?;
        match answer.status {
            StatusCode::SEE_OTHER => Ok(answer),
            other => Err(wrong(path, other)),
        }
    }

    async fn send(&self, method: Method, path: &str, body: Body, kind: &str) -> Result<Answer> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "kontor-demo.example")
            .extension(self.lang);
        if !kind.is_empty() {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        if let Some(token) = &self.token {
            request = request.header(header::COOKIE, format!("kontor={token}"));
        }
        let request = request.body(body).map_err(|e| Error::Broken(Box::new(e)))?;
        let Ok(answer) = self.doors.clone().oneshot(request).await;
        let text = |name| {
            let value = answer.headers().get(name).and_then(|v| v.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        Ok(Answer {
            status: answer.status(),
            location: text(header::LOCATION),
            cookie: text(header::SET_COOKIE),
            bytes: to_bytes(answer.into_body(), usize::MAX)
                .await
                .map_err(|e| Error::Broken(Box::new(e)))?
                .to_vec(),
        })
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

fn form(fields: &[(&str, &str)]) -> String {
    let pairs = fields.iter();
    let pairs = pairs.map(|(name, value)| format!("{name}={}", encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn wrong(path: &str, status: StatusCode) -> Error {
    Error::broken(format!("the demo's people got {status} from {path}"))
}
