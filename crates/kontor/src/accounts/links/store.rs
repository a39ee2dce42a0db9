//! The only place that knows the table of address changes.

use kontor_platform::db::Conn;
use kontor_platform::{Id, Instant, Result, params, record, sql};

use crate::accounts::model::Account;

sql! {
    ASK = "INSERT INTO address_changes (token_hash, account, mail, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5)";
    OPEN = "SELECT c.account, c.mail, a.mail AS old_mail, a.lang FROM address_changes c \
        JOIN accounts a ON a.id = c.account WHERE c.token_hash = $1 AND c.used_at IS NULL \
        AND c.expires_at > $2 AND a.state = 'active'";
    USE = "UPDATE address_changes SET used_at = $1 WHERE token_hash = $2 AND used_at IS NULL";
    MOVE = "UPDATE accounts SET mail = $1, mail_key = $2 WHERE id = $3";
    KEEP_FORMER = "INSERT INTO former_addresses (account, mail_key, until) VALUES ($1, $2, $3) \
        ON CONFLICT (account, mail_key) DO UPDATE SET until = $3";
    DROP_FORMER = "DELETE FROM former_addresses WHERE account = $1 AND mail_key = $2";
    END = "UPDATE address_changes SET used_at = $1 WHERE account = $2 AND used_at IS NULL";
}

/// A change of address that waits for its proof.
pub struct Change {
    pub account: Id<Account>,
    pub mail: String,
    pub old_mail: String,
    pub lang: String,
}
record!(Change {
    account,
    mail,
    old_mail,
    lang
});

pub fn ask_address(
    conn: &mut Conn,
    token_hash: &str,
    account: Id<Account>,
    mail: &str,
    now: Instant,
    expires: Instant,
) -> Result<()> {
    conn.run(ASK, params![token_hash, account, mail, now, expires])
        .map(drop)
}

pub fn open_change(conn: &mut Conn, token_hash: &str, now: Instant) -> Result<Option<Change>> {
    conn.first(OPEN, params![token_hash, now])
}

/// Takes the change; false when somebody was faster.
pub fn use_change(conn: &mut Conn, token_hash: &str, now: Instant) -> Result<bool> {
    Ok(conn.run(USE, params![now, token_hash])? == 1)
}

/// Gives an account another address, as written and as it compares; the `old` one
/// becomes a former one.
pub fn set_address(
    conn: &mut Conn,
    account: Id<Account>,
    (mail, key): (&str, &str),
    old: &str,
    now: Instant,
) -> Result<()> {
    conn.run(MOVE, params![mail, key, account])?;
    conn.run(KEEP_FORMER, params![account, old, now])?;
    // Who goes back has it as their present one.
    conn.run(DROP_FORMER, params![account, key]).map(drop)
}

/// Ends every change of an account that waits for its proof.
pub fn end_changes(conn: &mut Conn, account: Id<Account>, now: Instant) -> Result<()> {
    conn.run(END, params![now, account]).map(drop)
}
