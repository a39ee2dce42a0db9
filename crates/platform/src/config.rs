//! Configuration: one TOML file and the environment. A wrong key or value
//! names the line, the reason and the right form.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::db::Source;
use crate::error::{Error, Result};

/// A value that does not do.
struct Wrong {
    /// The last part of its key.
    key: &'static str,
    text: String,
}

impl Wrong {
    /// The error, with the place where the value comes from.
    fn error(
        self,
        file: &str,
        path: &Option<PathBuf>,
        env: &impl Fn(&str) -> Option<String>,
    ) -> Error {
        let Wrong { key, text } = self;
        for name in [key.to_uppercase(), format!("SMTP_{}", key.to_uppercase())] {
            let name = format!("KONTOR_{name}");
            if env(&name).is_some() {
                return Error::broken(format!("{name}: {text}"));
            }
        }
        let is_set = |line: &str| line.split('=').next().is_some_and(|k| k.trim() == key);
        let line = file.lines().position(is_set).map(|n| n + 1);
        Error::broken(match (path, line) {
            (Some(path), Some(line)) => format!("{}: line {line}: {text}", path.display()),
            (Some(path), None) => format!("{}: {text}", path.display()),
            (None, _) => text,
        })
    }
}

/// What an operator may set. Every key has a default.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// PostgreSQL as `postgres://user:password@host/database?sslmode=verify-full`;
    /// the embedded SQLite file in the data folder when empty.
    pub database_url: String,
    /// Address and port to listen on.
    pub listen: String,
    /// The address people see, for links in mails; `https` makes cookies Secure.
    pub public_url: String,
    /// Addresses of reverse proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// The server secret, for several nodes; else a file in the data folder.
    pub secret: String,
    /// Shown as a bearer token, it opens `/metrics` to others than this machine.
    pub metrics_token: String,
    /// How mail leaves; kept inside and readable when the host is empty.
    pub smtp: Smtp,
}

/// How mail leaves.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
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
        }
    }
}

impl Config {
    /// Whether a proxy at this address is believed. A socket for both kinds of
    /// addresses shows those of IPv4 inside IPv6: they are the same.
    pub fn is_trusted_proxy(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        self.trusted_proxies
            .iter()
            .any(|proxy| proxy.to_canonical() == ip)
    }

    /// Reads `file` if it is given or exists as `kontor.toml` in the data
    /// folder, then the environment, which wins.
    pub fn load(
        file: Option<&Path>,
        data: &Path,
        env: impl Fn(&str) -> Option<String>,
    ) -> Result<Config> {
        let default = data.join("kontor.toml");
        let path = file
            .map(Path::to_path_buf)
            .or_else(|| default.exists().then_some(default));
        let text = match &path {
            Some(path) => std::fs::read_to_string(path).map_err(|e| {
                let path = path.display();
                Error::broken(format!("cannot read the configuration {path}: {e}"))
            })?,
            None => String::new(),
        };
        let named = |e: Error| match &path {
            Some(path) => Error::broken(format!("{}: {e}", path.display())),
            None => e,
        };
        let mut config = Self::parse(&text).map_err(named)?;
        config.take_environment(&env)?;
        config
            .check()
            .map_err(|wrong| wrong.error(&text, &path, &env))?;
        Ok(config)
    }

    /// Reads a TOML text; the error names line, reason and right form.
    pub fn parse(text: &str) -> Result<Config> {
        toml::from_str(text).map_err(|e| {
            let line = e
                .span()
                .map_or(1, |s| text[..s.start].matches('\n').count() + 1);
            Error::broken(format!("line {line}: {}", e.message()))
        })
    }

    fn take_environment(&mut self, env: &impl Fn(&str) -> Option<String>) -> Result<()> {
        let texts: [(&str, &mut String); 10] = [
            ("KONTOR_DATABASE_URL", &mut self.database_url),
            ("KONTOR_LISTEN", &mut self.listen),
            ("KONTOR_PUBLIC_URL", &mut self.public_url),
            ("KONTOR_SECRET", &mut self.secret),
            ("KONTOR_METRICS_TOKEN", &mut self.metrics_token),
            ("KONTOR_SMTP_HOST", &mut self.smtp.host),
            ("KONTOR_SMTP_SECURITY", &mut self.smtp.security),
            ("KONTOR_SMTP_USER", &mut self.smtp.user),
            ("KONTOR_SMTP_PASSWORD", &mut self.smtp.password),
            ("KONTOR_SMTP_FROM", &mut self.smtp.from),
        ];
        for (key, place) in texts {
            if let Some(value) = env(key) {
                *place = value;
            }
        }
        // Unit files set names to nothing to leave them out.
        let given = |key: &str| env(key).filter(|value| !value.trim().is_empty());
        if let Some(port) = given("KONTOR_SMTP_PORT") {
            self.smtp.port = port
                .parse()
                .map_err(|_| Error::broken("KONTOR_SMTP_PORT: write a port number such as 587"))?;
        }
        if let Some(list) = given("KONTOR_TRUSTED_PROXIES") {
            self.trusted_proxies = list
                .split(',')
                .map(|a| a.trim().parse())
                .collect::<std::result::Result<_, _>>()
                .map_err(|_| {
                    Error::broken("KONTOR_TRUSTED_PROXIES: write addresses such as 10.0.0.1,::1")
                })?;
        }
        Ok(())
    }

    fn check(&self) -> std::result::Result<(), Wrong> {
        let wrong = |key, text: String| Err(Wrong { key, text });
        if self.listen.parse::<std::net::SocketAddr>().is_err() {
            let form = "write an address and port such as \"127.0.0.1:8017\"";
            return wrong("listen", format!("listen = {:?}: {form}", self.listen));
        }
        let url = &self.public_url;
        if !url.is_empty() && !url.starts_with("http://") && !url.starts_with("https://") {
            let form = "write an address such as \"https://kontor.example.org\"";
            return wrong("public_url", format!("public_url = {url:?}: {form}"));
        }
        if !self.metrics_token.is_empty() && self.metrics_token.len() < 16 {
            let form = "metrics_token: write at least 16 random characters";
            return wrong("metrics_token", form.into());
        }
        let Smtp {
            host,
            security,
            from,
            ..
        } = &self.smtp;
        if !["", "none", "starttls", "tls"].contains(&security.as_str()) {
            let form = "write \"none\", \"starttls\" or \"tls\"";
            return wrong("security", format!("smtp.security = {security:?}: {form}"));
        }
        // Without it every mail would fail for good.
        if !host.is_empty() && from.parse::<lettre::message::Mailbox>().is_err() {
            let form = "write the sender, such as \"Kontor <kontor@example.org>\"";
            return wrong("from", format!("smtp.from = {from:?}: {form}"));
        }
        Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_key_names_its_line() {
        let error = Config::parse("listen = \"127.0.0.1:1\"\nlisten_on = 3\n").unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("line 2: unknown field `listen_on`"),
            "{error}"
        );
    }

    #[test]
    fn a_wrong_value_names_the_right_form() {
        let env = |key: &str| (key == "KONTOR_LISTEN").then(|| "eight".to_owned());
        let error = Config::load(None, Path::new("/nowhere"), env).unwrap_err();
        assert!(
            error.to_string().contains("such as \"127.0.0.1:8017\""),
            "{error}"
        );
    }

    fn load(text: &str, env: &[(&str, &str)]) -> Result<Config> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("kontor.toml"), text).unwrap();
        let find = |key: &str| {
            let found = env.iter().find(|(name, _)| *name == key);
            found.map(|(_, value)| (*value).to_owned())
        };
        Config::load(None, folder.path(), find)
    }

    #[test]
    fn a_mail_server_needs_a_sender_and_the_place_is_named() {
        let said = |text, env: &[_]| load(text, env).unwrap_err().to_string();
        let without = said("listen = \"127.0.0.1:1\"\n[smtp]\nhost = \"mail\"\n", &[]);
        assert!(without.contains("kontor.toml: smtp.from"), "{without}");
        let bad = said("[smtp]\nhost = \"mail\"\nfrom = \"nobody\"\n", &[]);
        assert!(bad.contains("kontor.toml: line 3: smtp.from"), "{bad}");
        let env = [("KONTOR_SMTP_HOST", "mail"), ("KONTOR_SMTP_FROM", "x")];
        assert!(said("", &env).starts_with("KONTOR_SMTP_FROM: "));
        let good = "[smtp]\nhost = \"mail\"\nfrom = \"Kontor <k@example.org>\"\n";
        assert_eq!(load(good, &[]).unwrap().smtp.host, "mail");
    }

    #[test]
    fn a_name_set_to_nothing_is_not_set() {
        let env = [("KONTOR_SMTP_PORT", ""), ("KONTOR_TRUSTED_PROXIES", " ")];
        let config = load("trusted_proxies = [\"10.0.0.1\"]\n", &env).unwrap();
        assert_eq!((config.smtp.port, config.trusted_proxies.len()), (0, 1));
    }
}
