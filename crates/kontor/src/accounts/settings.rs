//! What an operator sets about the region, by name.

use std::collections::HashMap;

use kontor_platform::config::{Config, Smtp};
use kontor_platform::db::Conn;
use kontor_platform::secret::ServerKey;
use kontor_platform::text::Lang;
use kontor_platform::{Result, fact};
use serde::{Deserialize, Serialize};

use super::store;

/// The region as pages name it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Region {
    /// "Hamburg".
    pub name: String,
    /// Who answers for the data (Art. 4 No. 7 GDPR), with address.
    pub controller: String,
    /// The imprint's text.
    pub imprint: String,
    /// Both in English; empty: as in German.
    pub controller_en: String,
    pub imprint_en: String,
}

impl Region {
    /// Who answers for the data, in this language or else in the other one.
    pub fn controller_in(&self, lang: Lang) -> (&str, Lang) {
        either(lang, &self.controller, &self.controller_en)
    }

    /// The imprint, likewise.
    pub fn imprint_in(&self, lang: Lang) -> (&str, Lang) {
        either(lang, &self.imprint, &self.imprint_en)
    }
}

fn either<'a>(lang: Lang, de: &'a str, en: &'a str) -> (&'a str, Lang) {
    match (lang, de.is_empty(), en.is_empty()) {
        (Lang::De, false, _) | (Lang::En, _, true) => (de, Lang::De),
        (Lang::De, true, true) => ("", Lang::De),
        (Lang::De, true, false) | (Lang::En, _, false) => (en, Lang::En),
    }
}

const NAME: &str = "region.name";
const CONTROLLER: &str = "region.controller";
const IMPRINT: &str = "region.imprint";
const CONTROLLER_EN: &str = "region.controller_en";
const IMPRINT_EN: &str = "region.imprint_en";
const PUBLIC_URL: &str = "public_url";
const SMTP: &str = "smtp";

fact!(
    /// A setting of the installation was changed; its name says which group.
    SettingsChanged, "accounts.settings_changed", group: String);

/// Reads the region; empty texts where nothing was set.
pub fn region(conn: &mut Conn) -> Result<Region> {
    let mut all: HashMap<String, String> = store::settings(conn, "region.")?.into_iter().collect();
    let mut take = |name: &str| all.remove(name).unwrap_or_default();
    Ok(Region {
        name: take(NAME),
        controller: take(CONTROLLER),
        imprint: take(IMPRINT),
        controller_en: take(CONTROLLER_EN),
        imprint_en: take(IMPRINT_EN),
    })
}

/// The region's name alone; empty when none was set.
pub fn region_name(conn: &mut Conn) -> Result<String> {
    store::setting(conn, NAME).map(Option::unwrap_or_default)
}

/// Stores the region.
pub fn set_region(conn: &mut Conn, region: &Region) -> Result<()> {
    store::set(conn, NAME, &region.name)?;
    store::set(conn, CONTROLLER, &region.controller)?;
    store::set(conn, IMPRINT, &region.imprint)?;
    store::set(conn, CONTROLLER_EN, &region.controller_en)?;
    store::set(conn, IMPRINT_EN, &region.imprint_en)
}

/// A setting of a higher room, by its name.
pub fn text(conn: &mut Conn, name: &str) -> Result<Option<String>> {
    store::setting(conn, name)
}

/// Every setting of a higher room whose name begins so.
pub fn texts(conn: &mut Conn, start: &str) -> Result<Vec<(String, String)>> {
    store::settings(conn, start)
}

/// Stores a setting of a higher room.
pub fn set_text(conn: &mut Conn, name: &str, value: &str) -> Result<()> {
    store::set(conn, name, value)
}

/// The address that people see, as set in the administration; empty when it
/// was not.
pub fn public_url(conn: &mut Conn) -> Result<String> {
    Ok(store::setting(conn, PUBLIC_URL)?.unwrap_or_default())
}

/// Stores the address that people see.
pub fn set_public_url(conn: &mut Conn, url: &str) -> Result<()> {
    store::set(conn, PUBLIC_URL, url)
}

/// The mail server as stored; its password is sealed with the server's key.
#[derive(Serialize, Deserialize)]
struct StoredSmtp {
    host: String,
    port: u16,
    security: String,
    user: String,
    password: String,
    from: String,
}

/// The mail server that is set.
#[derive(Debug, Clone, Default)]
pub struct MailServer {
    /// Without a host when none is set; without its password when that cannot be
    /// read.
    pub smtp: Smtp,
    /// The password was sealed with another server secret: it must be typed again.
    pub is_unreadable: bool,
}

impl MailServer {
    /// Whether one is set, be it usable or not.
    pub fn is_set(&self) -> bool {
        !self.smtp.host.is_empty()
    }

    /// What mails can be sent by: none while the password cannot be read.
    pub fn usable(self) -> Smtp {
        if self.is_unreadable {
            Smtp::default()
        } else {
            self.smtp
        }
    }
}

/// How mail leaves: by the configuration if it names a server, else as set in
/// the administration.
pub fn smtp(conn: &mut Conn, config: &Config, key: &ServerKey) -> Result<MailServer> {
    if !config.smtp.host.is_empty() {
        return Ok(MailServer {
            smtp: config.smtp.clone(),
            is_unreadable: false,
        });
    }
    let Some(text) = store::setting(conn, SMTP)? else {
        return Ok(MailServer::default());
    };
    let stored: StoredSmtp = serde_json::from_str(&text)?;
    let password = if stored.password.is_empty() {
        Some(String::new())
    } else {
        // Under another secret nobody opens it again; the rest is still true.
        key.unseal(SMTP, &stored.password).ok()
    };
    Ok(MailServer {
        is_unreadable: password.is_none(),
        smtp: Smtp {
            host: stored.host,
            port: stored.port,
            security: stored.security,
            user: stored.user,
            password: password.unwrap_or_default(),
            from: stored.from,
        },
    })
}

/// The mail server's name as set in the administration; empty when it is not.
pub fn smtp_host(conn: &mut Conn) -> Result<String> {
    Ok(match store::setting(conn, SMTP)? {
        Some(text) => serde_json::from_str::<StoredSmtp>(&text)?.host,
        None => String::new(),
    })
}

/// Stores the mail server, its password sealed.
pub fn set_smtp(conn: &mut Conn, key: &ServerKey, smtp: &Smtp) -> Result<()> {
    let password = if smtp.password.is_empty() {
        String::new()
    } else {
        key.seal(SMTP, &smtp.password)?
    };
    let stored = StoredSmtp {
        host: smtp.host.clone(),
        port: smtp.port,
        security: smtp.security.clone(),
        user: smtp.user.clone(),
        password,
        from: smtp.from.clone(),
    };
    store::set(conn, SMTP, &serde_json::to_string(&stored)?)
}

/// The setting that tells the secret of the last start from others.
const SECRET_MARK: &str = "secret_mark";

/// Whether the data were last served with this secret; true as well where nobody
/// has noted one. Several nodes with a secret each turn each other's forms away.
pub fn knows_secret(conn: &mut Conn, key: &ServerKey) -> Result<bool> {
    let mark = store::setting(conn, SECRET_MARK)?;
    Ok(mark.is_none_or(|mark| key.verify("settings", SECRET_MARK, &mark)))
}

/// Notes the secret of this start; false when the last one had another.
pub fn note_secret(conn: &mut Conn, key: &ServerKey) -> Result<bool> {
    let mark = key.sign("settings", SECRET_MARK);
    let last = store::setting(conn, SECRET_MARK)?;
    if last.as_ref() != Some(&mark) {
        store::set(conn, SECRET_MARK, &mark)?;
    }
    Ok(last.is_none_or(|last| last == mark))
}

/// Whether the data folder holds a demo, by its own mark in the data.
pub fn is_demo(conn: &mut Conn) -> Result<bool> {
    Ok(store::setting(conn, "demo")?.is_some())
}

/// Marks the data as a demo. There is no way back.
pub fn mark_demo(conn: &mut Conn) -> Result<()> {
    store::set(conn, "demo", "yes")
}
