//! What an account's owner sees and changes of it.

use kontor_platform::db::Conn;
use kontor_platform::{Id, Instant, Result, params, record, sql};

use crate::accounts::model::Account;

sql! {
    OWN = "SELECT mail, name, lang, theme, shortcuts, \
        CASE WHEN password_hash IS NULL THEN 0 ELSE 1 END AS has_password \
        FROM accounts WHERE id = $1";
    SAVE = "UPDATE accounts SET name = $1, lang = $2, theme = $3, shortcuts = $4 WHERE id = $5";
    SESSIONS = "SELECT token_hash, device, created_at FROM sessions \
        WHERE account = $1 AND expires_at > $2 ORDER BY created_at DESC, token_hash";
    END_ONE = "DELETE FROM sessions WHERE account = $1 AND substr(token_hash, 1, 16) = $2";
    END_OTHERS = "DELETE FROM sessions WHERE account = $1 AND token_hash <> $2";
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
    conn.run(
        SAVE,
        params![own.name, own.lang, own.theme, own.shortcuts, account],
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

/// Ends all sessions of this account but one.
pub fn end_others(conn: &mut Conn, account: Id<Account>, keep: &str) -> Result<u64> {
    conn.run(END_OTHERS, params![account, keep])
}
