//! Accounts and roles as the administration lists and changes them.

use std::collections::HashMap;

use kontor_platform::db::{Conn, FromRow, Param as _, Query, Row};
use kontor_platform::{Day, Id, Instant, Result, params, record, sql};

use crate::accounts::model::{Account, Role, RoleKind, Scope};
use crate::accounts::store::name_key;

sql! {
    ROLES = "SELECT id, account, role, scope_kind, scope_id, since, until FROM role_assignments \
        WHERE account = $1 ORDER BY since, id";
    ROLE = "SELECT id, account, role, scope_kind, scope_id, since, until FROM role_assignments \
        WHERE id = $1";
    SPEAKERS = "SELECT DISTINCT account FROM role_assignments WHERE scope_id = $1 \
        AND role = $2 AND scope_kind = 'organisation' \
        AND (until IS NULL OR until > $3) ORDER BY account";
    END_ROLE = "UPDATE role_assignments SET until = $1 WHERE id = $2 \
        AND (until IS NULL OR until > $1)";
    ONE = "SELECT id, mail, mail_key, name, state, created_at, last_sign_in_at FROM accounts WHERE id = $1";
    SET_STATE = "UPDATE accounts SET state = $1 WHERE id = $2 AND state = $3";
}

/// An account as the administration sees it.
#[derive(Debug, Clone)]
pub struct Listed {
    pub id: Id<Account>,
    pub mail: String,
    /// What the list is sorted by.
    pub mail_key: String,
    pub name: String,
    pub state: String,
    pub created_at: Instant,
    pub last_sign_in_at: Option<Instant>,
}
record!(Listed {
    id,
    mail,
    mail_key,
    name,
    state,
    created_at,
    last_sign_in_at
});

/// A role with its row's identifier.
#[derive(Debug, Clone)]
pub struct Assigned {
    pub id: Id<Role>,
    pub account: Id<Account>,
    pub role: Role,
}

impl FromRow for Assigned {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Assigned {
            id: row.get(0)?,
            account: row.get(1)?,
            role: Role {
                kind: row.get(2)?,
                scope: Scope::read(&row.get::<String>(3)?, row.get(4)?),
                since: row.get::<Day>(5)?,
                until: row.get::<Option<Day>>(6)?,
            },
        })
    }
}

/// Which accounts a list asks for.
#[derive(Debug, Clone, Default)]
pub struct Wanted<'a> {
    /// Their address or name holds it.
    pub search: &'a str,
    /// They have this role on the day, or will.
    pub role: Option<(RoleKind, Day)>,
}

impl<'a> Wanted<'a> {
    /// Whatever their roles.
    pub fn by(search: &'a str) -> Wanted<'a> {
        Wanted { search, role: None }
    }
}

/// Accounts by address, after the one with this key. An emptied account is nobody's.
pub fn list(conn: &mut Conn, wanted: &Wanted<'_>, after: &str, limit: i64) -> Result<Vec<Listed>> {
    let mut needle = String::from("%");
    for c in name_key(wanted.search).chars() {
        if matches!(c, '%' | '_' | '!') {
            needle.push('!');
        }
        needle.push(c);
    }
    needle.push('%');
    let mut q = Query::new(
        "SELECT id, mail, mail_key, name, state, created_at, last_sign_in_at FROM accounts \
         WHERE mail <> ''",
    );
    q.bind(" AND (mail_key LIKE ", needle.val());
    q.bind(" ESCAPE '!' OR name_key LIKE ", needle.val());
    q.push(" ESCAPE '!')");
    q.bind(" AND mail_key > ", after.val());
    if let Some((role, today)) = &wanted.role {
        q.bind(
            " AND id IN (SELECT account FROM role_assignments WHERE role = ",
            role.val(),
        );
        q.bind(" AND (until IS NULL OR until > ", today.val());
        q.push("))");
    }
    q.bind(" ORDER BY mail_key LIMIT ", limit.val());
    q.all(conn)
}

/// The roles that these accounts have on a day, or will, in one query.
pub fn standing(
    conn: &mut Conn,
    ids: impl Iterator<Item = Id<Account>>,
    today: Day,
) -> Result<Vec<Assigned>> {
    let mut q = Query::new(
        "SELECT id, account, role, scope_kind, scope_id, since, until FROM role_assignments \
         WHERE account",
    );
    q.among(ids);
    q.bind(" AND (until IS NULL OR until > ", today.val());
    q.push(") ORDER BY since, id");
    q.all(conn)
}

/// One account.
pub fn one(conn: &mut Conn, id: Id<Account>) -> Result<Listed> {
    conn.one(ONE, params![id])
}

/// The states of several accounts, in one query.
pub fn states(
    conn: &mut Conn,
    ids: impl Iterator<Item = Id<Account>>,
) -> Result<HashMap<Id<Account>, String>> {
    let mut q = Query::new("SELECT id, state FROM accounts WHERE id");
    q.among(ids);
    let rows: Vec<(Id<Account>, String)> = q.all(conn)?;
    Ok(rows.into_iter().collect())
}

const REPRESENTATIVE: RoleKind = RoleKind::OrganisationRepresentative;

/// Accounts that speak for an organisation today, or will.
pub fn speakers(conn: &mut Conn, organisation: &str, today: Day) -> Result<Vec<Id<Account>>> {
    let rows: Vec<(Id<Account>,)> =
        conn.all(SPEAKERS, params![organisation, REPRESENTATIVE, today])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// For which organisations these accounts speak today, or will: account and
/// organisation.
pub fn speaking(
    conn: &mut Conn,
    ids: impl Iterator<Item = Id<Account>>,
    today: Day,
) -> Result<Vec<(Id<Account>, String)>> {
    let mut q = Query::new(
        "SELECT account, scope_id FROM role_assignments WHERE scope_kind = 'organisation' \
         AND account",
    );
    q.among(ids);
    q.and("role = ", REPRESENTATIVE.val());
    q.bind(" AND (until IS NULL OR until > ", today.val());
    q.push(") ORDER BY account, scope_id");
    q.all(conn)
}

/// The names of several accounts, in one query.
pub fn names(
    conn: &mut Conn,
    ids: impl Iterator<Item = Id<Account>>,
) -> Result<HashMap<Id<Account>, String>> {
    let mut q = Query::new("SELECT id, name FROM accounts WHERE id");
    q.among(ids);
    let rows: Vec<(Id<Account>, String)> = q.all(conn)?;
    Ok(rows.into_iter().collect())
}

/// Names and addresses of several accounts, in one query.
pub fn addresses(
    conn: &mut Conn,
    ids: impl Iterator<Item = Id<Account>>,
) -> Result<HashMap<Id<Account>, (String, String)>> {
    let mut q = Query::new("SELECT id, name, mail FROM accounts WHERE id");
    q.among(ids);
    let rows: Vec<(Id<Account>, String, String)> = q.all(conn)?;
    let pair = |(id, name, mail)| (id, (name, mail));
    Ok(rows.into_iter().map(pair).collect())
}

/// Every role of an account, past ones too.
pub fn roles(conn: &mut Conn, account: Id<Account>) -> Result<Vec<Assigned>> {
    conn.all(ROLES, params![account])
}

/// One role.
pub fn role(conn: &mut Conn, id: Id<Role>) -> Result<Assigned> {
    conn.one(ROLE, params![id])
}

/// Ends a role on a day; false when it ends no later anyhow.
pub fn end_role(conn: &mut Conn, id: Id<Role>, on: Day) -> Result<bool> {
    Ok(conn.run(END_ROLE, params![on, id])? == 1)
}

/// Moves an account from one state to another; false when it was in none.
pub fn set_state(conn: &mut Conn, id: Id<Account>, from: &str, to: &str) -> Result<bool> {
    Ok(conn.run(SET_STATE, params![to, id, from])? == 1)
}
