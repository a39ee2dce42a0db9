//! What an account's owner sees and changes of it.

use kontor_platform::db::Conn;
use kontor_platform::{Id, Instant, Result, params, record, sql};

use crate::accounts::model::Account;
use crate::accounts::store::name_key;

sql! {
    OWN = "SELECT mail, name, lang, theme, shortcuts, \
        CASE WHEN password_hash IS NULL THEN 0 ELSE 1 END AS has_password \
        FROM accounts WHERE id = $1";
    SAVE = "UPDATE accounts SET name = $1, name_key = $2, lang = $3, theme = $4, shortcuts = $5 \
        WHERE id = $6";
    SESSIONS = "SELECT token_hash, device, created_at FROM sessions \
        WHERE account = $1 AND expires_at > $2 ORDER BY created_at DESC, token_hash";
    END_ONE = "DELETE FROM sessions WHERE account = $1 AND substr(token_hash, 1, 16) = $2";
}

/// An account as its owner sees it.
pub struct Own {
    pub mail: String,
    pub name: String,
    pub lang: String,
    pub theme: String,
    /// Whether single keys act as shortcuts (WCAG 2.2, 2.1.4).
    pub shortcuts: bool,
    pub has_password: bool,
}
record!(Own {
    mail,
    name,
    lang,
    theme,
    shortcuts,
    has_password
});

pub fn own(conn: &mut Conn, account: Id<Account>) -> Result<Own> {
    conn.one(OWN, params![account])
}

pub fn save(conn: &mut Conn, account: Id<Account>, own: &Own) -> Result<()> {
    let key = name_key(&own.name);
    conn.run(
        SAVE,
        params![own.name, key, own.lang, own.theme, own.shortcuts, account],
    )
    .map(drop)
}

/// A session by the hash of its token, with the browser's own words.
pub struct Session {
    pub token_hash: String,
    pub device: String,
    pub created_at: Instant,
}
record!(Session {
    token_hash,
    device,
    created_at
});

pub fn sessions(conn: &mut Conn, account: Id<Account>, now: Instant) -> Result<Vec<Session>> {
    conn.all(SESSIONS, params![account, now])
}

/// Ends one session of this account by the beginning of its hash.
pub fn end_session(conn: &mut Conn, account: Id<Account>, handle: &str) -> Result<u64> {
    conn.run(END_ONE, params![account, handle])
}
