//! A whole site inside the test's own process: the real routes over a fresh
//! database of each engine, without a network in between.

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, Method, StatusCode, header};
use http_body_util::BodyExt as _;
use kontor::app::{demo, router, server, wiring};
use kontor_platform::config::Config;
use kontor_platform::db::Db;
use kontor_platform::web::{Site, edge};
use kontor_platform::work::Stamp;
use kontor_platform::{Clock, Result, Work, testing};
use tower::util::{MapRequest, MapRequestLayer};
use tower::{Layer as _, ServiceExt as _};

type App = MapRequest<Router, fn(Request) -> Request>;

/// A site and the way to ask it.
pub struct World {
    pub site: Site,
    pub clock: Clock,
    app: App,
    /// Its data folder, where the search keeps its index.
    _data: tempfile::TempDir,
    runtime: tokio::runtime::Runtime,
}

/// What was answered.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// A header's value, empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |v| v.to_str().expect("a readable header"))
    }

    /// The session's token, if the answer sets one.
    pub fn token(&self) -> Option<String> {
        let line = self.header("set-cookie").strip_prefix("kontor=")?;
        let token = line.split(';').next().unwrap_or_default();
        (!token.is_empty()).then(|| token.to_owned())
    }
}

/// A request in the making.
pub struct Ask<'w> {
    world: &'w World,
    request: axum::http::request::Builder,
    form: Option<Vec<u8>>,
}

impl Ask<'_> {
    /// As the owner of this session, if there is one.
    pub fn by(self, token: Option<&str>) -> Self {
        match token {
            Some(token) => self.with("cookie", &format!("other=1; kontor={token}")),
            None => self,
        }
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    /// From this network address.
    pub fn from(mut self, ip: &str) -> Self {
        let peer = std::net::SocketAddr::new(ip.parse().expect("an address"), 1);
        self.request = self.request.extension(ConnectInfo(peer));
        self
    }

    /// With a form as it goes over the line.
    pub fn form(mut self, form: &str) -> Self {
        self.form = Some(form.as_bytes().to_vec());
        self.with("content-type", "application/x-www-form-urlencoded")
    }

    /// With one file and text fields, as a browser uploads them.
    pub fn upload(self, fields: &[(&str, &str)], name: &str, list: &str) -> Self {
        self.upload_bytes(fields, name, list.as_bytes())
    }

    /// The same with any bytes.
    pub fn upload_bytes(mut self, fields: &[(&str, &str)], name: &str, file: &[u8]) -> Self {
        let part = |head: String, body: &[u8]| {
            let head = format!("--rand\r\nContent-Disposition: form-data; {head}\r\n\r\n");
            [head.as_bytes(), body, b"\r\n"].concat()
        };
        let texts = fields
            .iter()
            .map(|(n, v)| part(format!("name=\"{n}\""), v.as_bytes()));
        let file = part(format!("name=\"datei\"; filename=\"{name}\""), file);
        let end = b"--rand--\r\n".to_vec();
        let all: Vec<Vec<u8>> = texts.chain([file, end]).collect();
        self.form = Some(all.concat());
        self.with("content-type", "multipart/form-data; boundary=rand")
    }

    pub fn send(self) -> Answer {
        let body = self.form.map_or_else(Body::empty, Body::from);
        let request = self.request.body(body).expect("a whole request");
        let app = self.world.app.clone();
        self.world.runtime.block_on(async move {
            let answer = app.oneshot(request).await.expect("routes do not fail");
            let (parts, body) = answer.into_parts();
            let bytes = body.collect().await.expect("a whole answer").to_bytes();
            Answer {
                status: parts.status,
                headers: parts.headers,
                body: String::from_utf8_lossy(&bytes).into_owned(),
            }
        })
    }
}

impl World {
    fn new(db: Db, clock: Clock, config: Config) -> World {
        let config = Config {
            secret: "a secret that is long enough for a test".into(),
            ..config
        };
        let data = tempfile::tempdir().expect("a folder");
        let site = server::site(config, data.path(), db, clock.clone(), true).expect("a site");
        let choose: fn(Request) -> Request = edge::choose_language;
        World {
            app: MapRequestLayer::new(choose).layer(router::router(site.clone())),
            _data: data,
            runtime: tokio::runtime::Runtime::new().expect("a runtime"),
            site,
            clock,
        }
    }

    pub fn ask(&self, method: Method, path: &str) -> Ask<'_> {
        Ask {
            world: self,
            request: Request::builder()
                .method(method)
                .uri(path)
                .header(header::HOST, "kontor.test"),
            form: None,
        }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path).send()
    }

    pub fn get_by(&self, token: &str, path: &str) -> Answer {
        self.ask(Method::GET, path).by(Some(token)).send()
    }

    pub fn post(&self, path: &str, form: &str) -> Answer {
        self.ask(Method::POST, path).form(form).send()
    }

    /// Sends these forms at the same moment; the status of each answer.
    pub fn post_at_once(&self, forms: &[(String, String)]) -> Vec<StatusCode> {
        let mut all = tokio::task::JoinSet::new();
        let _inside = self.runtime.enter();
        for (path, form) in forms {
            let request = Request::builder()
                .method(Method::POST)
                .uri(path)
                .header(header::HOST, "kontor.test")
                .header("content-type", "application/x-www-form-urlencoded")
                .body(Body::from(form.clone()))
                .expect("a whole request");
            let app = self.app.clone();
            all.spawn(async move {
                let answer = app.oneshot(request).await.expect("routes do not fail");
                answer.status()
            });
        }
        self.runtime.block_on(all.join_all())
    }

    /// A form as a session's page sends it, with the session's mark.
    #[track_caller]
    pub fn post_by(&self, token: &str, path: &str, form: &str) -> Answer {
        let page = self.get_by(token, "/mein-kontor/konto").body;
        let mark = page.split("name=\"_mark\" value=\"").nth(1);
        let mark = mark.expect("a form").split('"').next().expect("a value");
        self.ask(Method::POST, path)
            .by(Some(token))
            .form(&format!("_mark={mark}&{form}"))
            .send()
    }

    /// Signs in by the button of a role; the session's token.
    #[track_caller]
    pub fn sign_in(&self, role: &str) -> String {
        let answer = self.post("/anmelden/demo", &format!("role={role}"));
        answer
            .token()
            .unwrap_or_else(|| panic!("no session for {role}: {}", answer.status))
    }

    /// Brings the search up to date.
    pub fn index(&self) {
        let search = server::search_of(&self.site).expect("a search");
        search.catch_up().expect("an index");
    }

    /// Lets the search follow the log from now on, as a server does.
    pub fn follow(&self) {
        let search = server::search_of(&self.site).expect("a search");
        self.runtime.spawn(search.follow());
    }

    /// Runs a command as the system.
    pub fn command<T: Send + 'static>(
        &self,
        f: impl Fn(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> T {
        let stamp = Stamp::system(self.clock.now());
        self.site
            .db
            .write_now(stamp, f)
            .expect("the command is done")
    }
}

/// The demo region on each engine.
pub fn on_each_demo(check: impl Fn(&World)) {
    testing::on_each_engine(wiring::MIGRATIONS, |db| {
        let clock = Clock::standing(testing::NOW);
        demo::seed_if_empty(&db, &clock).expect("the demo is seeded");
        check(&World::new(db, clock, Config::default()));
    });
}

/// The demo region on each engine after its people have played their scenes.
pub fn on_each_played_demo(check: impl Fn(&World)) {
    testing::on_each_engine(wiring::MIGRATIONS, |db| {
        let clock = demo::begin(testing::NOW);
        demo::seed_if_empty(&db, &clock).expect("the demo is seeded");
        let world = World::new(db, clock, Config::default());
        let played = demo::play(&world.site, &world.clock, testing::NOW);
        world
            .runtime
            .block_on(played)
            .expect("the scenes are played");
        check(&world);
    });
}

/// An installation in real use, still empty, on each engine.
pub fn on_each_empty(config: &Config, check: impl Fn(&World)) {
    testing::on_each_engine(wiring::MIGRATIONS, |db| {
        check(&World::new(
            db,
            Clock::standing(testing::NOW),
            config.clone(),
        ));
    });
}
