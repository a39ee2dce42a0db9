//! Tables of consents and of the words agreed to.

use kontor_platform::db::{Conn, FromRow, Row};
use kontor_platform::{Id, Instant, Result, params, record, sql};

use super::model::{Declaration, Place, Purpose};
use crate::accounts::Account;

sql! {
    TEXT = "SELECT id FROM consent_texts WHERE purpose = $1 AND lang = $2 AND hash = $3";
    LAST = "SELECT COALESCE(MAX(version), 0) AS n FROM consent_texts WHERE purpose = $1 AND lang = $2";
    KEEP = "INSERT INTO consent_texts (id, purpose, lang, version, hash, words, since) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    OPEN = "SELECT id, choice FROM consents \
        WHERE account = $1 AND purpose = $2 AND scope = $3 AND withdrawn_at IS NULL";
    INSERT = "INSERT INTO consents (id, account, purpose, scope, choice, text, given_at, given_on) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    WITHDRAW = "UPDATE consents SET withdrawn_at = $1, withdrawn_on = $2 \
        WHERE id = $3 AND withdrawn_at IS NULL";
    OF_ACCOUNT = "SELECT c.id, c.purpose, c.scope, c.choice, c.given_at, c.given_on, \
        c.withdrawn_at, c.withdrawn_on, t.lang, t.version, t.words \
        FROM consents c JOIN consent_texts t ON t.id = c.text \
        WHERE c.account = $1 ORDER BY c.given_at DESC, c.id DESC";
    ERASE = "DELETE FROM consents WHERE account = $1";
}

/// A consent as its giver sees it.
#[derive(Debug, Clone)]
pub struct Given {
    pub id: Id<Given>,
    pub purpose: Purpose,
    /// The thing it is about, as a field of the profile.
    pub scope: String,
    /// What was chosen, as an audience.
    pub choice: String,
    pub given_at: Instant,
    pub given_on: Place,
    pub withdrawn_at: Option<Instant>,
    pub withdrawn_on: Option<Place>,
    /// Language, version and words of the text agreed to.
    pub lang: String,
    pub version: i64,
    pub words: String,
}

impl FromRow for Given {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Given {
            id: row.get(0)?,
            purpose: row.get(1)?,
            scope: row.get(2)?,
            choice: row.get(3)?,
            given_at: row.get(4)?,
            given_on: row.get(5)?,
            withdrawn_at: row.get(6)?,
            withdrawn_on: row.get(7)?,
            lang: row.get(8)?,
            version: row.get(9)?,
            words: row.get(10)?,
        })
    }
}

/// The identifier of these words; a new version when they are new.
pub fn keep(conn: &mut Conn, d: &Declaration, now: Instant) -> Result<String> {
    let (lang, hash) = (d.lang.tag(), d.hash());
    if let Some((id,)) = conn.first::<(String,)>(TEXT, params![d.purpose, lang, hash])? {
        return Ok(id);
    }
    let (last,): (i64,) = conn.one(LAST, params![d.purpose, lang])?;
    let id = Id::<Declaration>::new().to_string();
    conn.run(
        KEEP,
        params![id, d.purpose, lang, last + 1, hash, d.words, now],
    )?;
    Ok(id)
}

/// The open consent to one thing.
pub struct Open {
    pub id: Id<Given>,
    pub choice: String,
}
record!(Open { id, choice });

pub fn open(
    conn: &mut Conn,
    account: Id<Account>,
    purpose: Purpose,
    scope: &str,
) -> Result<Option<Open>> {
    conn.first(OPEN, params![account, purpose, scope])
}

/// A consent about to be stored; `text` is the identifier of its words.
pub struct NewConsent<'a> {
    pub id: Id<Given>,
    pub account: Id<Account>,
    pub purpose: Purpose,
    pub scope: &'a str,
    pub choice: &'a str,
    pub text: &'a str,
    pub at: Instant,
    pub place: Place,
}

pub fn insert(conn: &mut Conn, c: &NewConsent<'_>) -> Result<()> {
    conn.run(
        INSERT,
        params![
            c.id, c.account, c.purpose, c.scope, c.choice, c.text, c.at, c.place
        ],
    )
    .map(drop)
}

pub fn withdraw(conn: &mut Conn, id: Id<Given>, at: Instant, place: Place) -> Result<()> {
    conn.run(WITHDRAW, params![at, place, id]).map(drop)
}

/// Every consent of an account, the newest first.
pub fn of_account(conn: &mut Conn, account: Id<Account>) -> Result<Vec<Given>> {
    conn.all(OF_ACCOUNT, params![account])
}

pub fn erase(conn: &mut Conn, account: Id<Account>) -> Result<()> {
    conn.run(ERASE, params![account]).map(drop)
}
