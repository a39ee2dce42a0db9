//! The only place that knows the table of reports.

use kontor_platform::db::Conn;
use kontor_platform::{Day, Id, Instant, Result, params, record, sql};

use super::model::{Report, Statement};
use crate::accounts::settings;

sql! {
    INSERT = "INSERT INTO accessibility_feedback (id, page, message, mail, lang, created_at, \
        due_on, answer) VALUES ($1, $2, $3, $4, $5, $6, $7, '')";
    LIST = "SELECT id, page, message, mail, lang, created_at, due_on, answer, answered_at \
        FROM accessibility_feedback ORDER BY CASE WHEN answered_at IS NULL THEN 0 ELSE 1 END, \
        due_on, id LIMIT $1";
    FIND = "SELECT id, page, message, mail, lang, created_at, due_on, answer, answered_at \
        FROM accessibility_feedback WHERE id = $1";
    ANSWER = "UPDATE accessibility_feedback SET answer = $1, answered_at = $2, answered_by = $3 \
        WHERE id = $4 AND answered_at IS NULL";
    OF_ADDRESS = "SELECT id, page, message, mail, lang, created_at, due_on, answer, answered_at \
        FROM accessibility_feedback WHERE LOWER(mail) = $1 ORDER BY id";
    ADDRESSES = "SELECT DISTINCT mail FROM accessibility_feedback WHERE mail <> ''";
    FORGET = "UPDATE accessibility_feedback SET mail = '', message = '', answer = '' \
        WHERE LOWER(mail) = $1";
    DROP = "DELETE FROM accessibility_feedback WHERE answered_at < $1";
    COUNT_OPEN = "SELECT COUNT(*) AS n, COALESCE(SUM(CASE WHEN due_on < $1 THEN 1 ELSE 0 END), 0) AS overdue \
        FROM accessibility_feedback WHERE answered_at IS NULL";
}

record!(Report {
    id,
    page,
    message,
    mail,
    lang,
    created_at,
    due_on,
    answer,
    answered_at
});

const STATEMENT: &str = "accessibility.statement";

/// What the operator says about accessibility.
pub fn statement(conn: &mut Conn) -> Result<Statement> {
    Ok(match settings::text(conn, STATEMENT)? {
        Some(text) => serde_json::from_str(&text)?,
        None => Statement::default(),
    })
}

pub fn set_statement(conn: &mut Conn, statement: &Statement) -> Result<()> {
    settings::set_text(conn, STATEMENT, &serde_json::to_string(statement)?)
}

pub fn insert(conn: &mut Conn, r: &Report) -> Result<()> {
    conn.run(
        INSERT,
        params![
            r.id,
            r.page,
            r.message,
            r.mail,
            r.lang,
            r.created_at,
            r.due_on
        ],
    )
    .map(drop)
}

/// Reports, open ones first, the most urgent on top.
pub fn list(conn: &mut Conn, limit: i64) -> Result<Vec<Report>> {
    conn.all(LIST, params![limit])
}

pub fn find(conn: &mut Conn, id: Id<Report>) -> Result<Report> {
    conn.one(FIND, params![id])
}

/// Stores an answer; false when there was one already.
pub fn answer(
    conn: &mut Conn,
    id: Id<Report>,
    text: &str,
    by: Option<&str>,
    at: Instant,
) -> Result<bool> {
    Ok(conn.run(ANSWER, params![text, at, by, id])? == 1)
}

/// Reports that wait for an answer, and those of them whose day is over.
pub fn count_open(conn: &mut Conn, today: Day) -> Result<(i64, i64)> {
    conn.one(COUNT_OPEN, params![today])
}

/// What was reported from an address, for an access export.
pub fn of_address(conn: &mut Conn, address: &str) -> Result<Vec<serde_json::Value>> {
    let found: Vec<Report> = conn.all(OF_ADDRESS, params![address.to_lowercase()])?;
    let value = |r: Report| {
        serde_json::json!({
            "page": r.page, "message": r.message, "answer": r.answer, "at": r.created_at.rfc3339(),
        })
    };
    Ok(found.into_iter().map(value).collect())
}

/// Every address from which something was reported, in lower case.
pub fn addresses(conn: &mut Conn) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn.all(ADDRESSES, params![])?;
    Ok(rows
        .into_iter()
        .map(|(mail,)| mail.to_lowercase())
        .collect())
}

/// Erasure: the words of whoever wrote from an address, and the address.
pub fn forget(conn: &mut Conn, address: &str) -> Result<()> {
    conn.run(FORGET, params![address.to_lowercase()]).map(drop)
}

/// Retention: reports answered before `before`.
pub fn drop_answered(work: &mut kontor_platform::Work<'_>, before: Instant) -> Result<u64> {
    work.run(DROP, params![before])
}
