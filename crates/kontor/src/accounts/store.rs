//! The only place that knows the tables of accounts, roles, sessions,
//! settings and rate limits.

use kontor_platform::db::{Conn, FromRow, Param as _, Query, Row};
use kontor_platform::{Day, Id, Instant, Result, params, record, sql};

use super::model::{Account, Purpose, Role, RoleKind, Scope};

sql! {
    SETTINGS = "SELECT name, value FROM settings WHERE substr(name, 1, $1) = $2";
    SETTING = "SELECT value FROM settings WHERE name = $1";
    SET = "INSERT INTO settings (name, value) VALUES ($1, $2) \
        ON CONFLICT (name) DO UPDATE SET value = $2";
    INSERT_ACCOUNT = "INSERT INTO accounts (id, mail, mail_key, name, name_key, password_hash, \
        lang, theme, state, demo_key, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, 'system', $8, $9, $10)";
    INSERT_ROLE = "INSERT INTO role_assignments (id, account, role, scope_kind, scope_id, since, \
        until, granted_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    INSERT_SESSION = "INSERT INTO sessions (token_hash, account, device, created_at, last_seen_at, \
        expires_at) VALUES ($1, $2, $3, $4, $4, $5)";
    DELETE_SESSION = "DELETE FROM sessions WHERE token_hash = $1";
    END_SESSIONS = "DELETE FROM sessions WHERE account = $1 AND token_hash <> $2";
    DELETE_EXPIRED = "DELETE FROM sessions WHERE expires_at <= $1";
    TOUCH_SIGN_IN = "UPDATE accounts SET last_sign_in_at = $1 WHERE id = $2";
    ASKER = "SELECT a.id, a.name, a.theme, r.role, r.scope_kind, r.scope_id, r.since, r.until \
        FROM sessions s JOIN accounts a ON a.id = s.account \
        LEFT JOIN role_assignments r ON r.account = a.id \
        WHERE s.token_hash = $1 AND s.expires_at > $2 AND a.state = 'active'";
    CREDENTIALS = "SELECT id, password_hash, state FROM accounts WHERE mail_key = $1";
    FIND_BY_MAIL = "SELECT id, mail, lang, state FROM accounts WHERE mail_key = $1";
    HAS_ROLE = "SELECT COUNT(*) AS n FROM role_assignments WHERE account = $1 AND role = $2 \
        AND scope_kind = $3 AND scope_id = $4 AND (until IS NULL OR until = $5)";
    INSERT_LINK = "INSERT INTO sign_in_links (token_hash, account, purpose, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5)";
    OPEN_LINK = "SELECT a.id, a.mail, a.name, a.state FROM sign_in_links l \
        JOIN accounts a ON a.id = l.account \
        WHERE l.token_hash = $1 AND l.purpose = $2 AND l.used_at IS NULL \
        AND l.expires_at > $3 AND a.state IN ('invited', 'active')";
    USE_LINK = "UPDATE sign_in_links SET used_at = $1 WHERE token_hash = $2 AND used_at IS NULL \
        AND expires_at > $1";
    ACTIVATE = "UPDATE accounts SET name = $1, name_key = $2, password_hash = $3, \
        state = 'active' WHERE id = $4 AND state = 'invited'";
    END_LINKS = "UPDATE sign_in_links SET used_at = $1 WHERE account = $2 AND used_at IS NULL";
    HOLD_INVITED = "UPDATE accounts SET state = state WHERE id = $1 AND state = 'invited'";
    UNSET = "DELETE FROM settings WHERE name = $1";
    COUNT_ADMINS = "SELECT COUNT(DISTINCT r.account) AS n FROM role_assignments r \
        JOIN accounts a ON a.id = r.account WHERE r.role = 'admin' AND r.scope_kind = 'region' \
        AND a.state = 'active' AND (r.until IS NULL OR r.until > $1)";
    OTHER_ADMINS = "SELECT COUNT(DISTINCT r.account) AS n FROM role_assignments r \
        JOIN accounts a ON a.id = r.account WHERE r.role = 'admin' AND r.scope_kind = 'region' \
        AND a.state = 'active' AND r.until IS NULL AND r.account <> $1";
    SET_PASSWORD = "UPDATE accounts SET password_hash = $1 WHERE id = $2";
    MAIL = "SELECT mail FROM accounts WHERE id = $1";
    PASSWORD = "SELECT password_hash FROM accounts WHERE id = $1";
    LANG = "SELECT lang FROM accounts WHERE id = $1";
    DEMO_ACCOUNTS = "SELECT demo_key, name, id FROM accounts WHERE demo_key IS NOT NULL ORDER BY created_at, id";
    DEMO_ACCOUNT = "SELECT id FROM accounts WHERE demo_key = $1";
    HOLDERS = "SELECT DISTINCT a.id, a.mail, a.lang FROM accounts a JOIN role_assignments r \
        ON r.account = a.id WHERE r.role = $1 AND r.scope_kind = $2 AND r.scope_id = $3 \
        AND r.since <= $4 AND (r.until IS NULL OR r.until > $4) AND a.state = 'active' \
        ORDER BY a.id";
    HOLDER = "SELECT id, mail, lang FROM accounts WHERE id = $1 AND state = 'active'";
    LED_CLUSTERS = "SELECT DISTINCT r.scope_id FROM role_assignments r JOIN accounts a ON a.id = r.account \
        WHERE r.role = $1 AND r.scope_kind = 'cluster' AND r.since <= $2 \
        AND (r.until IS NULL OR r.until > $2) AND a.state = 'active' ORDER BY r.scope_id";
    /// One row when the bucket had room, none when it was full.
    TAKE = "INSERT INTO rate_limits (bucket, window_start, hits) VALUES ($1, $2, 1) \
        ON CONFLICT (bucket) DO UPDATE SET hits = \
        CASE WHEN rate_limits.window_start = $2 THEN rate_limits.hits + 1 ELSE 1 END, \
        window_start = $2 WHERE rate_limits.window_start <> $2 OR rate_limits.hits < $3";
    GIVE_BACK = "UPDATE rate_limits SET hits = hits - 1 \
        WHERE bucket = $1 AND window_start = $2 AND hits > 0";
}

pub fn setting(conn: &mut Conn, name: &str) -> Result<Option<String>> {
    Ok(conn
        .first::<(String,)>(SETTING, params![name])?
        .map(|(v,)| v))
}

/// Every setting whose name begins so, with its value.
pub fn settings(conn: &mut Conn, start: &str) -> Result<Vec<(String, String)>> {
    let length = i64::try_from(start.len()).unwrap_or(i64::MAX);
    conn.all(SETTINGS, params![length, start])
}

pub fn set(conn: &mut Conn, name: &str, value: &str) -> Result<()> {
    conn.run(SET, params![name, value]).map(drop)
}

/// Removes a setting; false when somebody was faster or it was not there.
pub fn remove(conn: &mut Conn, name: &str) -> Result<bool> {
    Ok(conn.run(UNSET, params![name])? == 1)
}

/// Accounts that administer the installation today: an invitation that nobody
/// has accepted and an account that is locked do not.
pub fn count_admins(conn: &mut Conn, today: Day) -> Result<i64> {
    Ok(conn.one::<(i64,)>(COUNT_ADMINS, params![today])?.0)
}

/// Accounts beside this one that administer the installation without an end: who
/// does so for a while only leaves nobody behind.
pub fn other_admins(conn: &mut Conn, account: Id<Account>) -> Result<i64> {
    Ok(conn.one::<(i64,)>(OTHER_ADMINS, params![account])?.0)
}

/// An account as it is stored first.
pub struct AccountRow<'a> {
    pub id: Id<Account>,
    pub mail: &'a str,
    pub mail_key: &'a str,
    pub name: &'a str,
    pub password_hash: Option<&'a str>,
    pub lang: &'a str,
    pub state: &'a str,
    pub demo_key: Option<&'a str>,
    pub at: Instant,
}

/// A name as the list of accounts is searched by it.
pub fn name_key(name: &str) -> String {
    name.to_lowercase()
}

pub fn insert_account(conn: &mut Conn, a: &AccountRow<'_>) -> Result<()> {
    conn.run(
        INSERT_ACCOUNT,
        params![
            a.id,
            a.mail,
            a.mail_key,
            a.name,
            name_key(a.name),
            a.password_hash,
            a.lang,
            a.state,
            a.demo_key,
            a.at
        ],
    )
    .map(drop)
}

pub fn insert_role(
    conn: &mut Conn,
    account: Id<Account>,
    role: &Role,
    by: Option<&str>,
    at: Instant,
) -> Result<()> {
    let (kind, id) = role.scope.stored();
    let row = Id::<Role>::new();
    conn.run(
        INSERT_ROLE,
        params![
            row, account, role.kind, kind, id, role.since, role.until, by, at
        ],
    )
    .map(drop)
}

pub fn insert_session(
    conn: &mut Conn,
    token_hash: &str,
    account: Id<Account>,
    device: &str,
    now: Instant,
    expires: Instant,
) -> Result<()> {
    conn.run(DELETE_EXPIRED, params![now])?;
    conn.run(
        INSERT_SESSION,
        params![token_hash, account, device, now, expires],
    )?;
    conn.run(TOUCH_SIGN_IN, params![now, account]).map(drop)
}

pub fn delete_session(conn: &mut Conn, token_hash: &str) -> Result<()> {
    conn.run(DELETE_SESSION, params![token_hash]).map(drop)
}

/// Ends every session of an account but the one with this hash; none is kept
/// under an empty one. Answers how many.
pub fn end_sessions(conn: &mut Conn, account: Id<Account>, keep: &str) -> Result<u64> {
    conn.run(END_SESSIONS, params![account, keep])
}

/// One role of the one who asks, with the account on every row.
pub struct AskerRow {
    pub id: Id<Account>,
    pub name: String,
    pub theme: String,
    pub role: Option<Role>,
}

impl FromRow for AskerRow {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let role = match row.get::<Option<RoleKind>>(3)? {
            None => None,
            Some(kind) => Some(Role {
                kind,
                scope: Scope::read(&row.get::<String>(4)?, row.get(5)?),
                since: row.get::<Day>(6)?,
                until: row.get::<Option<Day>>(7)?,
            }),
        };
        Ok(AskerRow {
            id: row.get(0)?,
            name: row.get(1)?,
            theme: row.get(2)?,
            role,
        })
    }
}

/// Session, account and roles in one query.
pub fn asker(conn: &mut Conn, token_hash: &str, now: Instant) -> Result<Vec<AskerRow>> {
    conn.all(ASKER, params![token_hash, now])
}

pub struct Credentials {
    pub id: Id<Account>,
    pub password_hash: Option<String>,
    pub state: String,
}
record!(Credentials {
    id,
    password_hash,
    state
});

pub fn credentials(conn: &mut Conn, mail_key: &str) -> Result<Option<Credentials>> {
    conn.first(CREDENTIALS, params![mail_key])
}

/// An account found by its address.
pub struct Found {
    pub id: Id<Account>,
    pub mail: String,
    pub lang: String,
    pub state: String,
}
record!(Found {
    id,
    mail,
    lang,
    state
});

pub fn find_by_mail(conn: &mut Conn, mail_key: &str) -> Result<Option<Found>> {
    conn.first(FIND_BY_MAIL, params![mail_key])
}

/// Whether an account has this role in this scope until the same day, or without
/// an end.
pub fn has_role(conn: &mut Conn, account: Id<Account>, role: &Role) -> Result<bool> {
    let (kind, id) = role.scope.stored();
    let (n,): (i64,) = conn.one(HAS_ROLE, params![account, role.kind, kind, id, role.until])?;
    Ok(n > 0)
}

pub fn insert_link(
    conn: &mut Conn,
    token_hash: &str,
    account: Id<Account>,
    purpose: Purpose,
    now: Instant,
    expires: Instant,
) -> Result<()> {
    conn.run(
        INSERT_LINK,
        params![token_hash, account, purpose, now, expires],
    )
    .map(drop)
}

/// The account behind a link that still works.
pub struct Linked {
    pub account: Id<Account>,
    pub mail: String,
    pub name: String,
    pub state: String,
}
record!(Linked {
    account,
    mail,
    name,
    state
});

/// Whom an unused, unexpired link of this purpose belongs to.
pub fn open_link(
    conn: &mut Conn,
    token_hash: &str,
    purpose: Purpose,
    now: Instant,
) -> Result<Option<Linked>> {
    conn.first(OPEN_LINK, params![token_hash, purpose, now])
}

/// Takes the link; false when somebody was faster or it has expired.
pub fn use_link(conn: &mut Conn, token_hash: &str, now: Instant) -> Result<bool> {
    Ok(conn.run(USE_LINK, params![now, token_hash])? == 1)
}

pub fn activate(
    conn: &mut Conn,
    account: Id<Account>,
    name: &str,
    password_hash: Option<&str>,
) -> Result<()> {
    let key = name_key(name);
    conn.run(ACTIVATE, params![name, key, password_hash, account])
        .map(drop)
}

/// An account in use, with address and language.
#[derive(Debug, Clone)]
pub struct Holder {
    pub id: Id<Account>,
    pub mail: String,
    /// Tag of the language that its owner reads.
    pub lang: String,
}
record!(Holder { id, mail, lang });

/// An account with address and language, while it is in use.
pub fn holder(conn: &mut Conn, account: Id<Account>) -> Result<Option<Holder>> {
    conn.first(HOLDER, params![account])
}

/// Accounts in use that have a role in a scope today.
pub fn holders(conn: &mut Conn, kind: RoleKind, scope: &Scope, today: Day) -> Result<Vec<Holder>> {
    let (scope, id) = scope.stored();
    conn.all(HOLDERS, params![kind, scope, id, today])
}

/// Who manages these clusters today; everybody once, in one query.
pub fn managers<'a>(
    conn: &mut Conn,
    clusters: impl Iterator<Item = &'a String>,
    today: Day,
) -> Result<Vec<Holder>> {
    let mut q = Query::new(
        "SELECT DISTINCT a.id, a.mail, a.lang FROM accounts a JOIN role_assignments r \
         ON r.account = a.id WHERE a.state = 'active' AND r.scope_kind = 'cluster' \
         AND r.scope_id",
    );
    q.among(clusters);
    q.and("r.role = ", RoleKind::ClusterManager.val());
    q.and("r.since <= ", today.val());
    q.bind(" AND (r.until IS NULL OR r.until > ", today.val());
    q.push(") ORDER BY a.id");
    q.all(conn)
}

/// Identifiers of the clusters that somebody leads today.
pub fn led_clusters(conn: &mut Conn, today: Day) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn.all(LED_CLUSTERS, params![RoleKind::ClusterManager, today])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Ends every open link of an account.
pub fn end_links(conn: &mut Conn, account: Id<Account>, now: Instant) -> Result<()> {
    conn.run(END_LINKS, params![now, account]).map(drop)
}

/// Whether an account waits for its invitation to be accepted; if so, nobody
/// accepts it before this command has ended.
pub fn hold_invited(conn: &mut Conn, account: Id<Account>) -> Result<bool> {
    Ok(conn.run(HOLD_INVITED, params![account])? == 1)
}

pub fn set_password(conn: &mut Conn, account: Id<Account>, hash: &str) -> Result<()> {
    conn.run(SET_PASSWORD, params![hash, account]).map(drop)
}

/// The address of an account.
pub fn mail(conn: &mut Conn, account: Id<Account>) -> Result<String> {
    Ok(conn.one::<(String,)>(MAIL, params![account])?.0)
}

/// The stored hash of an account's password, if it has one.
pub fn password(conn: &mut Conn, account: Id<Account>) -> Result<Option<String>> {
    Ok(conn.one::<(Option<String>,)>(PASSWORD, params![account])?.0)
}

/// The tag of the language that an account's owner reads.
pub fn lang(conn: &mut Conn, account: Id<Account>) -> Result<String> {
    Ok(conn.one::<(String,)>(LANG, params![account])?.0)
}

pub fn demo_accounts(conn: &mut Conn) -> Result<Vec<(String, String, Id<Account>)>> {
    conn.all(DEMO_ACCOUNTS, params![])
}

pub fn demo_account(conn: &mut Conn, key: &str) -> Result<Id<Account>> {
    Ok(conn.one::<(Id<Account>,)>(DEMO_ACCOUNT, params![key])?.0)
}

/// Counts a try in a bucket that holds `most` in the window that began at `start`
/// (seconds since 1970); false when it is full.
pub fn take(conn: &mut Conn, bucket: &str, start: i64, most: i64) -> Result<bool> {
    Ok(conn.run(TAKE, params![bucket, start, most])? == 1)
}

/// Takes a try out of a bucket again, if its window is still the present one.
pub fn give_back(conn: &mut Conn, bucket: &str, start: i64) -> Result<()> {
    conn.run(GIVE_BACK, params![bucket, start]).map(drop)
}
