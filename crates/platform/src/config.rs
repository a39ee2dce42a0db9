//! Configuration: one TOML file and the environment. A wrong key or value
//! names the line, the reason and the right form.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::db::Source;
use crate::error::{Error, Result};

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
        let mut config = match path {
            Some(path) => Self::parse(&std::fs::read_to_string(&path).map_err(|e| {
                Error::broken(format!(
                    "cannot read the configuration {}: {e}",
                    path.display()
                ))
            })?)
            .map_err(|e| Error::broken(format!("{}: {e}", path.display())))?,
            None => Config::default(),
        };
        config.take_environment(&env)?;
        config.check()?;
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
        if let Some(port) = env("KONTOR_SMTP_PORT") {
            self.smtp.port = port
                .parse()
                .map_err(|_| Error::broken("KONTOR_SMTP_PORT: write a port number such as 587"))?;
        }
        if let Some(list) = env("KONTOR_TRUSTED_PROXIES") {
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

    fn check(&self) -> Result<()> {
        if self.listen.parse::<std::net::SocketAddr>().is_err() {
            return Err(Error::broken(format!(
                "listen = {:?}: write an address and port such as \"127.0.0.1:8017\"",
                self.listen
            )));
        }
        let url = &self.public_url;
        if !url.is_empty() && !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(Error::broken(format!(
                "public_url = {url:?}: write an address such as \"https://kontor.example.org\""
            )));
        }
        if !self.metrics_token.is_empty() && self.metrics_token.len() < 16 {
            return Err(Error::broken(
                "metrics_token: write at least 16 random characters",
            ));
        }
        if !["", "none", "starttls", "tls"].contains(&self.smtp.security.as_str()) {
            return Err(Error::broken(format!(
                "smtp.security = {:?}: write \"none\", \"starttls\" or \"tls\"",
                self.smtp.security
            )));
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
}
