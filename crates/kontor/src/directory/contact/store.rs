//! Tables of messages, blocks and reports.

use kontor_platform::db::{Conn, Query};
use kontor_platform::{Id, Instant, Result, params, record, sql};

use super::model::{Block, Message, Report, State};
use crate::directory::model::Organisation;
use crate::directory::requests::{Care, in_care_of};

sql! {
    INSERT = "INSERT INTO contact_messages (id, organisation, sender_key, name, mail, message, \
        lang, token_hash, state, created_at, keep_until) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    BY_TOKEN = "SELECT m.id, m.organisation, o.name AS organisation_name, \
        o.slug AS organisation_slug, m.sender_key, m.name, m.mail, m.message, m.lang, m.state \
        FROM contact_messages m JOIN organisations o ON o.id = m.organisation \
        WHERE m.token_hash = $1 AND m.state = 'unconfirmed' AND m.keep_until > $2";
    ONE = "SELECT m.id, m.organisation, o.name AS organisation_name, \
        o.slug AS organisation_slug, m.sender_key, m.name, m.mail, m.message, m.lang, m.state \
        FROM contact_messages m JOIN organisations o ON o.id = m.organisation WHERE m.id = $1";
    CONFIRM = "UPDATE contact_messages SET state = $1, message = '', token_hash = '' \
        WHERE id = $2 AND state = 'unconfirmed'";
    DROP_UNCONFIRMED = "DELETE FROM contact_messages WHERE keep_until < $1 AND state = 'unconfirmed'";
    FORGET = "UPDATE contact_messages SET name = '', mail = '', message = '' \
        WHERE keep_until < $1 AND (name <> '' OR mail <> '' OR message <> '')";
    OF_ADDRESS = "SELECT o.name, m.message, m.created_at FROM contact_messages m \
        JOIN organisations o ON o.id = m.organisation WHERE LOWER(m.mail) = $1 ORDER BY m.id";
    REPORTS_OF = "SELECT o.name, p.created_at FROM contact_reports p \
        JOIN organisations o ON o.id = p.organisation WHERE LOWER(p.mail) = $1 ORDER BY p.message";
    ADDRESSES = "SELECT mail FROM contact_messages WHERE mail <> '' \
        UNION SELECT mail FROM contact_reports WHERE mail <> ''";
    ERASE_MESSAGES = "UPDATE contact_messages SET name = '', mail = '', message = '' \
        WHERE LOWER(mail) = $1";
    ERASE_REPORTS = "UPDATE contact_reports SET name = '', mail = '', note = '' WHERE LOWER(mail) = $1";
    IS_BLOCKED = "SELECT COUNT(*) AS n FROM contact_blocks WHERE organisation = $1 AND sender_key = $2";
    BLOCK = "INSERT INTO contact_blocks (organisation, sender_key, since) VALUES ($1, $2, $3) \
        ON CONFLICT (organisation, sender_key) DO NOTHING";
    UNBLOCK = "DELETE FROM contact_blocks WHERE organisation = $1 AND sender_key = $2";
    BLOCKS = "SELECT b.sender_key, b.since, (SELECT MAX(m.name) FROM contact_messages m \
        WHERE m.organisation = b.organisation AND m.sender_key = b.sender_key AND m.name <> '') \
        AS name FROM contact_blocks b WHERE b.organisation = $1 ORDER BY b.since DESC, b.sender_key";
    REPORT = "INSERT INTO contact_reports (message, organisation, name, mail, note, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (message) DO NOTHING";
    IS_REPORTED = "SELECT COUNT(*) AS n FROM contact_reports WHERE message = $1";
    SETTLE = "UPDATE contact_reports SET settled_at = $1, settled_by = $2, name = '', mail = '', \
        note = '' WHERE message = $3 AND settled_at IS NULL";
}

record!(Message {
    id,
    organisation,
    organisation_name,
    organisation_slug,
    sender_key,
    name,
    mail,
    message,
    lang,
    state
});
record!(Block {
    sender_key,
    since,
    name
});
record!(Report {
    message,
    organisation_name,
    name,
    mail,
    note,
    created_at
});

/// Stores a message; `token_hash` is empty unless it waits for confirmation.
pub fn insert(
    conn: &mut Conn,
    m: &Message,
    token_hash: &str,
    at: Instant,
    keep_until: Instant,
) -> Result<()> {
    conn.run(
        INSERT,
        params![
            m.id,
            m.organisation,
            m.sender_key,
            m.name,
            m.mail,
            m.message,
            m.lang,
            token_hash,
            m.state,
            at,
            keep_until
        ],
    )
    .map(drop)
}

/// The message that waits for this confirmation.
pub fn by_token(conn: &mut Conn, token_hash: &str, now: Instant) -> Result<Option<Message>> {
    conn.first(BY_TOKEN, params![token_hash, now])
}

pub fn one(conn: &mut Conn, id: Id<Message>) -> Result<Message> {
    conn.one(ONE, params![id])
}

/// Takes a confirmation and empties the words; false when somebody was faster.
pub fn confirm(conn: &mut Conn, id: Id<Message>, state: State) -> Result<bool> {
    Ok(conn.run(CONFIRM, params![state, id])? == 1)
}

/// Forgets what has been kept long enough.
pub fn forget(conn: &mut Conn, now: Instant) -> Result<()> {
    conn.run(DROP_UNCONFIRMED, params![now])?;
    conn.run(FORGET, params![now]).map(drop)
}

/// Whether an organisation has blocked a sender under one of their keys.
pub fn is_blocked(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    sender_keys: &[String],
) -> Result<bool> {
    for key in sender_keys {
        let (n,): (i64,) = conn.one(IS_BLOCKED, params![organisation, key])?;
        if n > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Blocks a message's sender for its organisation; false when they were.
pub fn block(conn: &mut Conn, m: &Message, at: Instant) -> Result<bool> {
    Ok(conn.run(BLOCK, params![m.organisation, m.sender_key, at])? == 1)
}

/// Senders that an organisation has blocked, the newest first.
pub fn blocks(conn: &mut Conn, organisation: Id<Organisation>) -> Result<Vec<Block>> {
    conn.all(BLOCKS, params![organisation])
}

/// Lifts a block; false when there is none.
pub fn unblock(conn: &mut Conn, organisation: Id<Organisation>, sender_key: &str) -> Result<bool> {
    Ok(conn.run(UNBLOCK, params![organisation, sender_key])? == 1)
}

pub fn is_reported(conn: &mut Conn, id: Id<Message>) -> Result<bool> {
    Ok(conn.one::<(i64,)>(IS_REPORTED, params![id])?.0 > 0)
}

/// Reports a message's sender; false when that was done.
pub fn report(conn: &mut Conn, m: &Message, note: &str, at: Instant) -> Result<bool> {
    let row = params![m.id, m.organisation, m.name, m.mail, note, at];
    Ok(conn.run(REPORT, row)? == 1)
}

/// Settles a report and forgets whom it named; false when that was done.
pub fn settle(conn: &mut Conn, id: Id<Message>, by: Option<String>, now: Instant) -> Result<bool> {
    Ok(conn.run(SETTLE, params![now, by, id])? == 1)
}

fn open_reports(columns: &str, care: &Care) -> Query<'static> {
    let mut q = Query::new(&format!(
        "SELECT {columns} FROM contact_reports p JOIN organisations o ON o.id = p.organisation \
         WHERE p.settled_at IS NULL AND "
    ));
    in_care_of(&mut q, care, "p.organisation");
    q
}

/// Reports that wait for the actor, the oldest first.
pub fn reports(conn: &mut Conn, care: &Care) -> Result<Vec<Report>> {
    let columns = "p.message, o.name, p.name, p.mail, p.note, p.created_at";
    let mut q = open_reports(columns, care);
    q.push(" ORDER BY p.created_at, p.message LIMIT 100");
    q.all(conn)
}

/// How many wait for the actor.
pub fn count_reports(conn: &mut Conn, care: &Care) -> Result<i64> {
    let q = open_reports("COUNT(*)", care);
    Ok(q.all::<(i64,)>(conn)?.first().map_or(0, |(n,)| *n))
}

/// Messages from an address: organisation, words, moment.
pub fn of_address(conn: &mut Conn, address: &str) -> Result<Vec<(String, String, Instant)>> {
    conn.all(OF_ADDRESS, params![address])
}

/// Reports of a sender: organisation, moment.
pub fn reports_of(conn: &mut Conn, address: &str) -> Result<Vec<(String, Instant)>> {
    conn.all(REPORTS_OF, params![address])
}

/// Every address from which somebody wrote.
pub fn addresses(conn: &mut Conn) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn.all(ADDRESSES, params![])?;
    Ok(rows.into_iter().map(|(mail,)| mail).collect())
}

/// Erasure: nothing names who wrote from an address any more.
pub fn erase_address(conn: &mut Conn, address: &str) -> Result<()> {
    conn.run(ERASE_MESSAGES, params![address])?;
    conn.run(ERASE_REPORTS, params![address]).map(drop)
}
