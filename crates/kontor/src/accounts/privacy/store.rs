//! Statements over everything that accounts hold of a person.

use kontor_platform::db::Conn;
use kontor_platform::{Id, Instant, Result, params, record, sql};

use crate::accounts::model::Account;
use crate::accounts::store::end_sessions;

sql! {
    BY_MAIL = "SELECT id FROM accounts WHERE mail_key = $1";
    BY_FORMER_MAIL = "SELECT account FROM former_addresses WHERE mail_key = $1 \
        ORDER BY until DESC, account LIMIT 1";
    ADDRESS = "SELECT mail_key FROM accounts WHERE id = $1 AND mail <> ''";
    /// One that is somebody else's by now is no longer this account's.
    FORMER = "SELECT f.mail_key FROM former_addresses f WHERE f.account = $1 AND NOT EXISTS \
        (SELECT 1 FROM accounts a WHERE a.mail_key = f.mail_key) ORDER BY f.until DESC, f.mail_key";
    ERASE_FORMER = "DELETE FROM former_addresses WHERE account = $1";
    ROW = "SELECT mail, name, lang, theme, state, created_at, last_sign_in_at, \
        CASE WHEN password_hash IS NULL THEN 0 ELSE 1 END AS has_password FROM accounts WHERE id = $1";
    SESSIONS = "SELECT device, created_at FROM sessions WHERE account = $1 ORDER BY created_at";
    ASKED = "SELECT mail FROM address_changes WHERE account = $1 ORDER BY created_at";
    ERASE = "UPDATE accounts SET mail = '', mail_key = $1, name = '', name_key = '', password_hash = NULL, \
        lang = 'de', theme = 'system', state = 'closed', demo_key = NULL, last_sign_in_at = NULL \
        WHERE id = $2";
    ERASE_LINKS = "DELETE FROM sign_in_links WHERE account = $1";
    ERASE_CHANGES = "DELETE FROM address_changes WHERE account = $1";
    ERASE_ROLES = "DELETE FROM role_assignments WHERE account = $1";
    DROP_LINKS = "DELETE FROM sign_in_links WHERE expires_at < $1";
    DROP_CHANGES = "DELETE FROM address_changes WHERE expires_at < $1";
    DROP_SESSIONS = "DELETE FROM sessions WHERE expires_at < $1";
    DROP_LIMITS = "DELETE FROM rate_limits WHERE window_start < $1";
    END_SESSIONS = "DELETE FROM sessions";
    END_CHANGES = "DELETE FROM address_changes";
    USE_UP_LINKS = "UPDATE sign_in_links SET used_at = $1 WHERE used_at IS NULL";
    STALE = "SELECT a.id FROM accounts a WHERE a.state = 'invited' AND a.created_at < $1 \
        AND NOT EXISTS (SELECT 1 FROM sign_in_links l WHERE l.account = a.id AND l.expires_at >= $1)";
}

/// The account with an address, else the last one that had it.
pub fn by_mail(conn: &mut Conn, address: &str) -> Result<Option<Id<Account>>> {
    for sql in [BY_MAIL, BY_FORMER_MAIL] {
        if let Some((id,)) = conn.first::<(Id<Account>,)>(sql, params![address])? {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// The account's address in lower case, then those it had before. Those it has
/// asked to change to are not proved.
pub fn addresses(conn: &mut Conn, account: Id<Account>) -> Result<Vec<String>> {
    let own = conn.first::<(String,)>(ADDRESS, params![account])?;
    let own = own.into_iter().map(|(mail,)| mail);
    Ok(own.chain(former_addresses(conn, account)?).collect())
}

/// Addresses that the account had before.
pub fn former_addresses(conn: &mut Conn, account: Id<Account>) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn.all(FORMER, params![account])?;
    Ok(rows.into_iter().map(|(mail,)| mail).collect())
}

pub struct Own {
    pub mail: String,
    pub name: String,
    pub lang: String,
    pub theme: String,
    pub state: String,
    pub created_at: Instant,
    pub last_sign_in_at: Option<Instant>,
    pub has_password: bool,
}
record!(Own {
    mail,
    name,
    lang,
    theme,
    state,
    created_at,
    last_sign_in_at,
    has_password
});

pub fn row(conn: &mut Conn, account: Id<Account>) -> Result<Own> {
    conn.one(ROW, params![account])
}

pub fn sessions(conn: &mut Conn, account: Id<Account>) -> Result<Vec<(String, Instant)>> {
    conn.all(SESSIONS, params![account])
}

pub fn asked_addresses(conn: &mut Conn, account: Id<Account>) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn.all(ASKED, params![account])?;
    Ok(rows.into_iter().map(|(mail,)| mail).collect())
}

/// Empties the account's row and deletes what hangs on it.
pub fn erase(conn: &mut Conn, account: Id<Account>) -> Result<()> {
    end_sessions(conn, account, "")?;
    for statement in [ERASE_LINKS, ERASE_CHANGES, ERASE_FORMER, ERASE_ROLES] {
        conn.run(statement, params![account])?;
    }
    let key = format!("erased:{account}");
    conn.run(ERASE, params![key, account]).map(drop)
}

/// Links, address changes, sessions and limits that ended before `before`.
pub fn drop_links(conn: &mut Conn, before: Instant) -> Result<u64> {
    let mut ended = 0;
    for statement in [DROP_LINKS, DROP_CHANGES, DROP_SESSIONS] {
        ended += conn.run(statement, params![before])?;
    }
    // Windows begin at a second since 1970; the longest lasts a day.
    let begun = before.plus_s(-24 * 3600).0 / 1_000_000;
    Ok(ended + conn.run(DROP_LIMITS, params![begun])?)
}

/// Ends every session and every link that is still open.
pub fn end_everything_open(conn: &mut Conn, now: Instant) -> Result<()> {
    conn.run(END_SESSIONS, params![])?;
    conn.run(END_CHANGES, params![])?;
    conn.run(USE_UP_LINKS, params![now]).map(drop)
}

/// Accounts that were invited and have no link that ended after `before`.
pub fn stale_invitations(conn: &mut Conn, before: Instant) -> Result<Vec<Id<Account>>> {
    let rows: Vec<(Id<Account>,)> = conn.all(STALE, params![before])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
