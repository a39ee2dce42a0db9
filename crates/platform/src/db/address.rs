//! How a PostgreSQL server is reached: its address, and what the address says
//! about TLS.
//!
//! `sslmode` is `disable`, `prefer` (the default: TLS when the server offers
//! it), `require` (TLS, whoever answers) or `verify-full` (TLS with a
//! certificate that names the host and comes from an authority of this machine
//! or of the PEM file `sslrootcert`).

use std::path::PathBuf;
use std::str::FromStr;

use postgres::config::{Config, Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::DbError;
use crate::error::{Error, Result};
use crate::tls;

/// What is known of a server's certificate before it is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// Whatever it is.
    Any,
    /// It names the host and comes from a known authority.
    Full,
}

/// A server's address, taken apart.
pub(super) struct Address {
    config: Config,
    trust: Trust,
    roots: Option<PathBuf>,
}

impl Address {
    /// Reads a URL or a key-value text.
    pub fn read(text: &str) -> Result<Address> {
        let (rest, taken) = if text.contains("://") {
            from_url(text)
        } else {
            from_pairs(text)
        };
        let mut mode = SslMode::Prefer;
        let mut trust = Trust::Any;
        let mut roots = None;
        for (key, value) in taken {
            match (key.as_str(), value.as_str()) {
                ("sslmode", "disable") => mode = SslMode::Disable,
                ("sslmode", "prefer") => mode = SslMode::Prefer,
                ("sslmode", "require") => mode = SslMode::Require,
                ("sslmode", "verify-full") => (mode, trust) = (SslMode::Require, Trust::Full),
                ("sslmode", other) => {
                    return Err(Error::broken(format!(
                        "database_url: sslmode={other}: write disable, prefer, require or \
                         verify-full"
                    )));
                }
                (_, path) => roots = Some(PathBuf::from(path)),
            }
        }
        if roots.is_some() && trust != Trust::Full {
            return Err(Error::broken(
                "database_url: sslrootcert needs sslmode=verify-full; without it no certificate \
                 is checked",
            ));
        }
        let mut config = Config::from_str(&rest).map_err(|e| {
            Error::broken(format!(
                "database_url: {e}; write postgres://user:password@host/database"
            ))
        })?;
        config.ssl_mode(mode);
        if config.get_application_name().is_none() {
            config.application_name(APPLICATION);
        }
        Ok(Address {
            config,
            trust,
            roots,
        })
    }

    /// Connects, with TLS as the address asks for.
    pub fn connect(&self) -> Result<postgres::Client> {
        let local = |host: &Host| !matches!(host, Host::Tcp(_));
        let plain = match self.config.get_ssl_mode() {
            SslMode::Disable => true,
            SslMode::Prefer => self.config.get_hosts().iter().all(local),
            _ => false,
        };
        if plain {
            return Ok(self.config.connect(postgres::NoTls)?);
        }
        let config = match self.trust {
            Trust::Any => tls::unchecked(),
            Trust::Full => tls::checked(self.roots.as_deref())?,
        };
        self.config
            .connect(MakeRustlsConnect::new(config))
            .map_err(explain)
    }
}

/// The name that Kontor's connections carry at the server.
pub(super) const APPLICATION: &str = "kontor";

/// Puts what an operator can do behind a failed handshake.
fn explain(error: postgres::Error) -> Error {
    let error = DbError::Pg(error);
    let text = error.to_string();
    if text.contains("does not support TLS") {
        Error::broken(
            "the PostgreSQL server offers no TLS, but sslmode asks for it: set ssl = on there, \
             or write sslmode=disable for the same host or a private network",
        )
    } else if text.contains("TLS handshake") {
        Error::broken(format!(
            "{text}; with sslmode=verify-full the server's certificate must name \
             the host of database_url and come from an authority of this machine or of \
             sslrootcert=FILE"
        ))
    } else {
        error.into()
    }
}

type Taken = Vec<(String, String)>;

/// The keys that are ours to understand; the library knows all others.
fn is_ours(key: &str) -> bool {
    matches!(key, "sslmode" | "sslrootcert")
}

/// Takes our keys out of a URL's query.
fn from_url(text: &str) -> (String, Taken) {
    let Some((place, query)) = text.split_once('?') else {
        return (text.to_owned(), Taken::new());
    };
    let mut taken = Taken::new();
    let mut rest = Vec::new();
    for pair in query.split('&') {
        match pair.split_once('=') {
            Some((key, value)) if is_ours(key) => {
                let value = percent_encoding::percent_decode_str(value).decode_utf8_lossy();
                taken.push((key.to_owned(), value.into_owned()));
            }
            _ => rest.push(pair),
        }
    }
    let rest = match rest.join("&") {
        query if query.is_empty() => place.to_owned(),
        query => format!("{place}?{query}"),
    };
    (rest, taken)
}

/// Takes our keys out of `key=value key='a value'`. What is not understood is
/// left for the library to refuse.
fn from_pairs(text: &str) -> (String, Taken) {
    let mut taken = Taken::new();
    let mut rest = String::new();
    let mut chars = text.chars().peekable();
    loop {
        let mut raw = String::new();
        let mut key = String::new();
        while let Some(c) = chars.next_if(|c| *c != '=') {
            raw.push(c);
            key.push(c);
        }
        raw.extend(chars.next());
        while let Some(c) = chars.next_if(|c| c.is_whitespace()) {
            raw.push(c);
        }
        let mut value = String::new();
        let quoted = chars.peek() == Some(&'\'');
        if quoted {
            raw.extend(chars.next());
        }
        let ends = |c: char| if quoted { c == '\'' } else { c.is_whitespace() };
        while let Some(c) = chars.next() {
            raw.push(c);
            match c {
                '\\' => {
                    let escaped = chars.next();
                    raw.extend(escaped);
                    value.extend(escaped);
                }
                c if ends(c) => break,
                c => value.push(c),
            }
        }
        if is_ours(key.trim()) {
            taken.push((key.trim().to_owned(), value));
        } else {
            rest.push_str(&raw);
        }
        if chars.peek().is_none() {
            return (rest, taken);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Taken {
        let owned = |(k, v): &(&str, &str)| ((*k).to_owned(), (*v).to_owned());
        list.iter().map(owned).collect()
    }

    #[test]
    fn what_is_said_about_tls_is_found_in_both_forms() {
        let url = "postgres://u:p@h/d?sslmode=verify-full&connect_timeout=3&sslrootcert=%2Fa%20b";
        let ours = pairs(&[("sslmode", "verify-full"), ("sslrootcert", "/a b")]);
        let (rest, taken) = from_url(url);
        assert_eq!(rest, "postgres://u:p@h/d?connect_timeout=3");
        assert_eq!(taken, ours);
        let text = r"host=h password='it\'s = x' sslmode=verify-full sslrootcert = '/a b' user=u";
        let (rest, taken) = from_pairs(text);
        assert_eq!(rest, r"host=h password='it\'s = x' user=u");
        assert_eq!(taken, ours);
        let read = Address::read(text).unwrap();
        assert_eq!(read.config.get_password(), Some(&b"it's = x"[..]));
        assert_eq!(read.trust, Trust::Full);
        let plain = Address::read("postgres://h/d?sslmode=disable").unwrap();
        assert_eq!(plain.config.get_ssl_mode(), SslMode::Disable);
        let silent = Address::read("postgres://h/d").unwrap();
        assert_eq!(silent.config.get_ssl_mode(), SslMode::Prefer);
    }

    #[test]
    fn a_wrong_word_names_the_right_ones() {
        let wrong = |text: &str| Address::read(text).err().expect("refused").to_string();
        assert!(wrong("postgres://h/d?sslmode=verify-ca").contains("verify-full"));
        let loose = wrong("host=h sslmode=require sslrootcert=/a.pem");
        assert!(loose.contains("needs sslmode=verify-full"), "{loose}");
        let missing = Address::read("host=h sslmode=verify-full sslrootcert=/nowhere.pem").unwrap();
        let missing = missing.connect().err().expect("refused").to_string();
        assert!(missing.contains("/nowhere.pem"), "{missing}");
    }

    #[test]
    fn a_server_without_tls_is_named_as_one() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = std::thread::spawn(move || {
            let (mut socket, _) = listener.accept().unwrap();
            let mut request = [0u8; 8];
            socket.read_exact(&mut request).unwrap();
            socket.write_all(b"N").unwrap();
            request
        });
        let address = format!("postgres://u@127.0.0.1:{port}/d?sslmode=require");
        let refused = Address::read(&address).unwrap().connect();
        let text = refused.err().expect("refused").to_string();
        assert!(text.contains("offers no TLS"), "{text}");
        // The number that asks a PostgreSQL server for TLS.
        assert_eq!(server.join().unwrap()[4..], 80_877_103u32.to_be_bytes());
    }
}
