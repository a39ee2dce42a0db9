//! Configuration: one TOML file and the environment. A wrong key or value
//! names the line, the reason and the right form.

mod keys;
mod proxy;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use crate::db::{self, Source};
use crate::error::{Error, Result};
use keys::{Key, Origins};
pub use proxy::Proxy;

/// A value that does not do.
struct Wrong {
    key: &'static str,
    text: String,
}

impl Wrong {
    /// A value that has not the form of its key.
    fn form(key: &'static str, value: &str) -> Wrong {
        let text = Key::named(key).expect("a key").wrong(&format!("{value:?}"));
        Wrong { key, text }
    }

    /// The error, with the place where the value comes from.
    fn error(self, file: Option<&str>, origins: &Origins) -> Error {
        let Wrong { key, text } = self;
        let place = origins.get(key).map(String::as_str).or(file);
        Error::broken(place.map_or(text.clone(), |place| format!("{place}: {text}")))
    }
}

/// The variables of this process that are Kontor's.
///
/// # Errors
/// When one of them is no text.
pub fn environment() -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    for (name, value) in std::env::vars_os() {
        let Some(name) = name.to_str().filter(|name| name.starts_with("KONTOR_")) else {
            continue;
        };
        let value = value
            .into_string()
            .map_err(|_| Error::broken(format!("{name}: write it in UTF-8")))?;
        found.insert(name.to_owned(), value);
    }
    Ok(found)
}

/// Whether a text is `http(s)://host`, with a port perhaps: pages stand at the
/// root of their server, and a query belongs to none of them.
pub fn is_site_address(url: &str) -> bool {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))
        .unwrap_or_default();
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (host, port) = match rest.rsplit_once(':') {
        // A colon inside of brackets belongs to an address of IPv6.
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (rest, None),
    };
    let bracketed = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
    let is_host = match bracketed {
        Some(inside) => inside.parse::<std::net::Ipv6Addr>().is_ok(),
        None => host
            .chars()
            .all(|c| c.is_alphanumeric() || "-._".contains(c)),
    };
    !host.is_empty() && is_host && port.is_none_or(|port| port.parse::<u16>().is_ok())
}

/// What an operator may set. Every key has a default.
#[derive(Debug, Clone)]
pub struct Config {
    /// PostgreSQL as `postgres://user:password@host/database?sslmode=verify-full`;
    /// the embedded SQLite file in the data folder when empty.
    pub database_url: String,
    /// Address and port to listen on.
    pub listen: String,
    /// The address people see, for links in mails, without a path; `https` makes
    /// cookies Secure.
    pub public_url: String,
    /// Reverse proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Proxy>,
    /// The server secret, for several nodes; else a file in the data folder.
    pub secret: String,
    /// Shown as a bearer token, it opens `/metrics` to others than this machine.
    pub metrics_token: String,
    /// How mail leaves; kept inside and readable when the host is empty.
    pub smtp: Smtp,
    /// The file that was read, if there was one.
    pub file: Option<PathBuf>,
}

/// How mail leaves.
#[derive(Debug, Clone, Default)]
pub struct Smtp {
    pub host: String,
    pub port: u16,
    /// `none`, `starttls` or `tls`.
    pub security: String,
    pub user: String,
    pub password: String,
    /// The sender's address.
    pub from: String,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            database_url: String::new(),
            listen: "127.0.0.1:8017".into(),
            public_url: String::new(),
            trusted_proxies: Vec::new(),
            secret: String::new(),
            metrics_token: String::new(),
            smtp: Smtp::default(),
            file: None,
        }
    }
}

impl Config {
    /// Where a browser on this machine finds the server: one that listens on every
    /// address is not found by that word.
    pub fn near_url(&self) -> String {
        let (host, port) = self.listen.rsplit_once(':').unwrap_or((&self.listen, ""));
        let host = match host {
            "0.0.0.0" => "127.0.0.1",
            "[::]" => "[::1]",
            host => host,
        };
        format!("http://{host}:{port}")
    }

    /// Whether a proxy at this address is believed.
    pub fn is_trusted_proxy(&self, ip: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|proxy| proxy.has(ip))
    }

    /// Reads `file` if it is given or exists as `kontor.toml` in the data
    /// folder, then the environment (see [`environment`]), which wins.
    ///
    /// # Errors
    /// Name file and line, or the variable, and the right form.
    pub fn load(
        file: Option<&Path>,
        data: &Path,
        env: &BTreeMap<String, String>,
    ) -> Result<Config> {
        let default = data.join("kontor.toml");
        let path = file
            .map(Path::to_path_buf)
            .or_else(|| default.exists().then_some(default));
        let shown = path.as_ref().map(|path| path.display().to_string());
        let mut config = Config::default();
        let mut origins = Origins::new();
        if let (Some(path), Some(shown)) = (&path, &shown) {
            let text = std::fs::read_to_string(path).map_err(|e| {
                Error::broken(format!("cannot read the configuration {shown}: {e}"))
            })?;
            keys::from_file(&text, shown, &mut config, &mut origins)?;
        }
        keys::from_environment(env, &mut config, &mut origins)?;
        config
            .check()
            .map_err(|wrong| wrong.error(shown.as_deref(), &origins))?;
        config.file = path;
        Ok(config)
    }

    fn check(&self) -> std::result::Result<(), Wrong> {
        let Smtp {
            host,
            security,
            from,
            ..
        } = &self.smtp;
        let is_long = |text: &str, least: usize| text.is_empty() || text.trim().len() >= least;
        let is_host = !host.contains(|c: char| c.is_whitespace() || c == '/');
        let is_security = ["", "none", "starttls", "tls"].contains(&security.as_str());
        for (key, value, is_right) in [
            ("listen", &self.listen, is_socket(&self.listen)),
            (
                "public_url",
                &self.public_url,
                self.public_url.is_empty() || is_site_address(&self.public_url),
            ),
            ("secret", &self.secret, is_long(&self.secret, 32)),
            (
                "metrics_token",
                &self.metrics_token,
                is_long(&self.metrics_token, 16),
            ),
            ("smtp.host", host, is_host),
            ("smtp.security", security, is_security),
        ] {
            if !is_right {
                return Err(Wrong::form(key, value));
            }
        }
        if !self.database_url.is_empty() {
            db::check_address(&self.database_url).map_err(|e| Wrong {
                key: "database_url",
                text: e.to_string(),
            })?;
        }
        // Without it every mail would fail for good.
        match (host.is_empty(), from.is_empty()) {
            (false, true) => Err(Wrong {
                key: "smtp.from",
                text: "smtp.from is not set, and mails need a sender: write one, such as \
                       \"Kontor <kontor@example.org>\" (in the environment: KONTOR_SMTP_FROM)"
                    .into(),
            }),
            (false, false) if from.parse::<lettre::message::Mailbox>().is_err() => {
                Err(Wrong::form("smtp.from", from))
            }
            _ => Ok(()),
        }
    }

    /// Where the data lies.
    pub fn source(&self, data: &Path) -> Source {
        if self.database_url.is_empty() {
            Source::Lite(PathBuf::from(data).join("kontor.sqlite"))
        } else {
            Source::Pg(self.database_url.clone())
        }
    }
}

/// Whether a text is an address with a port, as a server listens on.
pub fn is_socket(text: &str) -> bool {
    text.parse::<std::net::SocketAddr>().is_ok()
}
