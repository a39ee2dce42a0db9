//! One request: site, language, time, and the asker, who is looked up in the
//! same snapshot as the page's own queries.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use askama::Template;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use kontor_platform::config::Config;
use kontor_platform::db::Conn;
use kontor_platform::text::Lang;
use kontor_platform::web::edge::{RequestId, cookie};
use kontor_platform::web::{Form, Site, answer};
use kontor_platform::work::Stamp;
use kontor_platform::{Error, Instant, Result, Work, secret};

use super::frame::Frame;
use super::model::{Actor, RoleKind};
use super::store;

/// The name of the session's cookie.
pub const COOKIE: &str = "kontor";

/// One request at the web's edge. Clones share it.
#[derive(Clone)]
pub struct Cx(Arc<Asked>);

/// What came with a request.
pub struct Asked {
    pub site: Site,
    pub lang: Lang,
    pub now: Instant,
    /// The path without the language's prefix.
    pub path: String,
    pub query: String,
    pub headers: HeaderMap,
    pub request_id: String,
    /// The session's token, if a cookie came along.
    pub token: Option<String>,
    /// Where the request came from; behind a trusted proxy, what it says.
    pub peer: Option<IpAddr>,
}

/// The asker inside a snapshot or a command.
#[derive(Clone)]
pub struct Who {
    pub actor: Actor,
    /// The account's name, empty for nobody.
    pub name: String,
    pub theme: String,
    pub cx: Cx,
    /// The page holds what may change without a fact of its rooms.
    uncached: Arc<AtomicBool>,
}

impl FromRequestParts<Site> for Cx {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self> {
        let peer = parts
            .extensions
            .get::<ConnectInfo<std::net::SocketAddr>>()
            .map(|c| c.0.ip());
        Ok(Cx(Arc::new(Asked {
            lang: parts.extensions.get::<Lang>().copied().unwrap_or_default(),
            now: site.clock.now(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            request_id: parts
                .extensions
                .get::<RequestId>()
                .map_or_else(String::new, |r| r.0.clone()),
            token: cookie(&parts.headers, COOKIE).map(str::to_owned),
            peer: peer.map(|ip| behind_proxy(ip, &parts.headers, &site.config)),
            headers: parts.headers.clone(),
            site: site.clone(),
        })))
    }
}

impl std::ops::Deref for Cx {
    type Target = Asked;
    fn deref(&self) -> &Asked {
        &self.0
    }
}

/// Who asked the outermost trusted proxy. Each proxy writes at the end of the
/// list whom it heard; what stands before the first stranger was sent by that
/// stranger and proves nothing.
fn behind_proxy(peer: IpAddr, headers: &HeaderMap, config: &Config) -> IpAddr {
    let peer = peer.to_canonical();
    if !config.is_trusted_proxy(peer) {
        return peer;
    }
    let lines: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .map(|line| line.to_str().unwrap_or("-"))
        .collect();
    let mut last = peer;
    for heard in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Ok(heard) = heard.trim().parse::<IpAddr>() else {
            return peer;
        };
        last = heard.to_canonical();
        if !config.is_trusted_proxy(last) {
            break;
        }
    }
    last
}

/// Room that a page is given at once: most fit, none is copied often.
const PAGE: usize = 48 * 1024;

fn write(view: &impl Template) -> Result<String> {
    let mut body = String::with_capacity(PAGE);
    view.render_into(&mut body)?;
    Ok(body)
}

impl Cx {
    /// The query's fields.
    pub fn fields(&self) -> Form {
        Form::parse(&self.query)
    }

    /// The asker as nobody, when the database cannot tell.
    pub fn nobody(&self) -> Who {
        Who {
            actor: Actor::anonymous(),
            name: String::new(),
            theme: "system".into(),
            cx: self.clone(),
            uncached: Arc::default(),
        }
    }

    /// Who asks, looked up inside the given snapshot: one query.
    pub fn who(&self, conn: &mut Conn) -> Result<Who> {
        let mut who = self.nobody();
        let Some(token) = &self.token else {
            return Ok(who);
        };
        let today = self.now.day();
        for row in store::asker(conn, &secret::hash(token), self.now)? {
            who.actor.account = Some(row.id);
            who.name = row.name;
            who.theme = row.theme;
            who.actor.roles.extend(row.role.filter(|r| r.holds(today)));
        }
        Ok(who)
    }

    /// Runs a page's queries in one snapshot.
    pub async fn read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn, &Who) -> Result<T> + Send + 'static,
    {
        let cx = self.clone();
        self.site
            .db
            .read(move |conn| {
                let who = cx.who(conn)?;
                f(conn, &who)
            })
            .await
    }

    /// A page: queries and rendering in one go on a blocking thread.
    pub async fn page<V, F>(&self, f: F) -> Result<Response>
    where
        V: Template + 'static,
        F: FnOnce(&mut Conn, &Who) -> Result<V> + Send + 'static,
    {
        self.page_with(StatusCode::OK, f).await
    }

    /// The same with another status, as 422 for a form shown again.
    pub async fn page_with<V, F>(&self, status: StatusCode, f: F) -> Result<Response>
    where
        V: Template + 'static,
        F: FnOnce(&mut Conn, &Who) -> Result<V> + Send + 'static,
    {
        let body = self.read(move |conn, who| write(&f(conn, who)?)).await?;
        Ok(answer::html(status, body))
    }

    /// A page without person fields and forms: kept for nobody's next visit
    /// until a fact of one of the rooms `tags` changes it.
    pub async fn public_page<V, F>(&self, tags: &[&'static str], f: F) -> Result<Response>
    where
        V: Template + 'static,
        F: FnOnce(&mut Conn, &Who) -> Result<V> + Send + 'static,
    {
        if self.token.is_some() {
            return self.page(f).await;
        }
        let cache = &self.site.cache;
        if self.site.db.is_shared() {
            // Other nodes write too: one single-row read tells whether they did.
            let site = self.site.clone();
            tokio::task::spawn_blocking(move || site.cache.follow(&site.db))
                .await
                .map_err(|e| Error::Broken(Box::new(e)))??;
        }
        let key = format!("{}{}?{}", self.lang.prefix(), self.path, self.query);
        if let Some(page) = cache.get(&key) {
            return Ok(answer::cached(&page, &self.headers));
        }
        let versions = cache.versions(tags);
        let (body, uncached) = self
            .read(move |conn, who| {
                let body = write(&f(conn, who)?)?;
                Ok((body, who.uncached.load(Ordering::Relaxed)))
            })
            .await?;
        if uncached || !cache.is_on() {
            return Ok(answer::html(StatusCode::OK, body));
        }
        let etag = answer::etag(body.as_bytes());
        let page = cache.put(key, body.into(), etag, versions);
        Ok(answer::cached(&page, &self.headers))
    }

    /// Runs a command: rows and announced facts together.
    pub async fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Work<'_>, &Who) -> Result<T> + Send + 'static,
    {
        let cx = self.clone();
        self.site
            .db
            .write(Stamp::system(self.now), move |work| {
                let who = cx.who(work)?;
                work.acts(who.actor.account.map(|a| a.to_string()));
                f(work, &who)
            })
            .await
    }

    /// Whether a submitted form carries this session's mark.
    pub fn check_mark(&self, form: &Form) -> Result<()> {
        match &self.token {
            None => Ok(()),
            Some(token) if self.site.key.verify("form", token, form.raw("_mark")) => Ok(()),
            Some(_) => Err(Error::Refused("form-mark-old")),
        }
    }

    /// The path of a page in the asker's language.
    pub fn href(&self, path: impl AsRef<str>) -> String {
        self.site.speak(self.lang).href(path)
    }
}

impl Who {
    /// What the layout needs, with the page's title already in words.
    pub fn frame(&self, title: impl Into<String>) -> Frame {
        Frame::new(self, title.into())
    }

    /// The same with the title's key.
    pub fn frame_t(&self, key: &str) -> Frame {
        let speech = self.cx.site.speak(self.cx.lang);
        self.frame(speech.t(key).to_owned())
    }

    /// Keeps this page out of the page cache: it shows fields of a person.
    pub fn keep_out_of_cache(&self) {
        self.uncached.store(true, Ordering::Relaxed);
    }

    /// Signed in, or told to.
    pub fn signed_in(&self) -> Result<()> {
        if self.actor.is_signed_in() {
            Ok(())
        } else {
            Err(Error::Forbidden)
        }
    }

    /// Administers the installation. To anybody else the administration's
    /// pages do not exist; who is not signed in is told to.
    pub fn administers(&self) -> Result<()> {
        self.signed_in()?;
        if self.actor.is(RoleKind::Admin) {
            Ok(())
        } else {
            Err(Error::NotFound)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_trusted_proxy_heard_counts() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let config = Config {
            trusted_proxies: ["10.0.0.1", "::ffff:10.0.0.2"]
                .map(|p| p.parse().unwrap())
                .into(),
            ..Config::default()
        };
        let of = |peer: &str, lines: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("x-forwarded-for", line.parse().unwrap());
            }
            behind_proxy(ip(peer), &headers, &config).to_string()
        };
        assert_eq!(of("192.0.2.9", &["1.1.1.1"]), "192.0.2.9", "a stranger");
        assert_eq!(of("::ffff:10.0.0.1", &["1.1.1.1"]), "1.1.1.1");
        // A visitor's own line stands before the proxy's.
        assert_eq!(of("10.0.0.1", &["6.6.6.6", "1.1.1.1"]), "1.1.1.1");
        assert_eq!(of("10.0.0.1", &["6.6.6.6, 1.1.1.1, 10.0.0.2"]), "1.1.1.1");
        assert_eq!(of("10.0.0.1", &["6.6.6.6, unknown"]), "10.0.0.1");
        assert_eq!(of("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(of("10.0.0.1", &["10.0.0.2"]), "10.0.0.2");
    }
}
