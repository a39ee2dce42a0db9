//! The queue's tables.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{File, NewMail, State};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::time::Instant;
use crate::{params, record, sql};

sql! {
    QUEUE = "INSERT INTO mail_queue (id, dedup_key, kind, account, recipient, reply_to, subject, \
        body_text, body_html, lang, confidential, state, tries, next_try_at, reason, created_at, \
        recipient_key, reply_key) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'waiting', 0, $12, '', $12, $13, $14) \
        ON CONFLICT (dedup_key) DO NOTHING";
    ADD_FILE = "INSERT INTO mail_files (mail, position, name, media_type, content) \
        VALUES ($1, $2, $3, $4, $5)";
    DUE = "SELECT id FROM mail_queue WHERE state = 'waiting' AND next_try_at <= $1 \
        ORDER BY next_try_at, id LIMIT $2";
    CLAIM = "UPDATE mail_queue SET next_try_at = $1, tries = tries + 1 \
        WHERE id = $2 AND state = 'waiting' AND next_try_at <= $3";
    FIND = "SELECT id, kind, account, recipient, reply_to, subject, body_text, body_html, lang, \
        confidential, state, tries, next_try_at, reason, created_at, sent_at FROM mail_queue WHERE id = $1";
    PAGE = "SELECT id, kind, account, recipient, reply_to, subject, '' AS body_text, \
        '' AS body_html, lang, confidential, state, tries, next_try_at, reason, created_at, sent_at \
        FROM mail_queue WHERE (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT $3";
    PAGE_OF = "SELECT id, kind, account, recipient, reply_to, subject, '' AS body_text, \
        '' AS body_html, lang, confidential, state, tries, next_try_at, reason, created_at, sent_at \
        FROM mail_queue WHERE (created_at, id) < ($1, $2) AND state = $3 \
        ORDER BY created_at DESC, id DESC LIMIT $4";
    FILES = "SELECT name, media_type, content FROM mail_files WHERE mail = $1 ORDER BY position";
    SENT = "UPDATE mail_queue SET state = 'sent', sent_at = $1, reason = '', \
        body_text = CASE WHEN confidential = 1 THEN '' ELSE body_text END, \
        body_html = CASE WHEN confidential = 1 THEN '' ELSE body_html END WHERE id = $2";
    NOT_SENT = "UPDATE mail_queue SET state = $1, next_try_at = $2, reason = $3 WHERE id = $4";
    KEEP = "UPDATE mail_queue SET state = 'kept' WHERE state = 'waiting'";
    EMPTY = "UPDATE mail_queue SET body_text = '', body_html = '' WHERE confidential = 1";
    AGAIN = "UPDATE mail_queue SET state = 'waiting', tries = 0, next_try_at = $1, reason = '' \
        WHERE id = $2 AND state IN ('failed', 'kept') AND body_text <> ''";
    DROP_FILES = "DELETE FROM mail_files WHERE mail IN \
        (SELECT id FROM mail_queue WHERE recipient_key = $1 AND state = 'waiting')";
    DROP_WAITING = "DELETE FROM mail_queue WHERE recipient_key = $1 AND state = 'waiting'";
    TAKE_BACK_FILES = "DELETE FROM mail_files WHERE mail IN \
        (SELECT id FROM mail_queue WHERE dedup_key = $1 AND state = 'waiting')";
    TAKE_BACK = "DELETE FROM mail_queue WHERE dedup_key = $1 AND state = 'waiting'";
    OF = "SELECT id, kind, account, recipient, reply_to, subject, '' AS body_text, \
        '' AS body_html, lang, confidential, state, tries, next_try_at, reason, created_at, sent_at \
        FROM mail_queue WHERE recipient_key = $1 OR reply_key = $1 OR account = $2 ORDER BY created_at, id";
    FORGET_FILES = "DELETE FROM mail_files WHERE mail IN (SELECT id FROM mail_queue \
        WHERE recipient_key = $1 OR reply_key = $1 OR account = $2)";
    FORGET = "DELETE FROM mail_queue WHERE recipient_key = $1 OR reply_key = $1 OR account = $2";
    ADDRESSES = "SELECT recipient_key AS address FROM mail_queue \
        UNION SELECT reply_key AS address FROM mail_queue";
    DROP_OLD_FILES = "DELETE FROM mail_files WHERE mail IN \
        (SELECT id FROM mail_queue WHERE state <> 'waiting' AND created_at < $1)";
    DROP_OLD = "DELETE FROM mail_queue WHERE state <> 'waiting' AND created_at < $1";
    /// A key belongs to one mail at most.
    IS_QUEUED = "SELECT COUNT(*) AS n FROM mail_queue WHERE dedup_key = $1";
    COUNTS = "SELECT state, COUNT(*) AS n FROM mail_queue GROUP BY state";
}

/// Queues a mail; a second one with the same key is not queued.
pub fn queue(conn: &mut Conn, mail: &NewMail, now: Instant) -> Result<()> {
    let id = Id::<NewMail>::new();
    let new = conn.run(
        QUEUE,
        params![
            id,
            mail.key,
            mail.kind,
            mail.account,
            mail.to,
            mail.reply_to,
            mail.subject,
            mail.text,
            mail.html,
            mail.lang.tag(),
            mail.confidential,
            now,
            mail.to.to_lowercase(),
            mail.reply_to.to_lowercase()
        ],
    )?;
    if new == 0 {
        return Ok(());
    }
    for (position, file) in (0i64..).zip(&mail.files) {
        let content = STANDARD.encode(&file.bytes);
        conn.run(
            ADD_FILE,
            params![id, position, file.name, file.media_type, content],
        )?;
    }
    Ok(())
}

/// Whether a mail with one of these keys was queued, whatever became of it, and is
/// not forgotten yet.
pub fn is_queued(conn: &mut Conn, keys: &[String]) -> Result<bool> {
    for key in keys {
        if conn.one::<(i64,)>(IS_QUEUED, params![key.as_str()])?.0 > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A mail as the queue holds it.
#[derive(Debug, Clone)]
pub struct Stored {
    pub id: Id<NewMail>,
    pub kind: String,
    pub account: Option<String>,
    pub to: String,
    pub reply_to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub lang: String,
    pub confidential: bool,
    pub state: State,
    pub tries: i64,
    pub next_try_at: Instant,
    /// Why it could not be sent, in the server's words.
    pub reason: String,
    pub created_at: Instant,
    pub sent_at: Option<Instant>,
}
record!(Stored {
    id,
    kind,
    account,
    to,
    reply_to,
    subject,
    text,
    html,
    lang,
    confidential,
    state,
    tries,
    next_try_at,
    reason,
    created_at,
    sent_at
});

/// One mail with its body. [`Error::NotFound`] when there is none.
pub fn find(conn: &mut Conn, id: Id<NewMail>) -> Result<Stored> {
    conn.one(FIND, params![id])
}

/// Mails older than `before` (moment and identifier), newest first, without
/// their bodies.
pub fn page(
    conn: &mut Conn,
    state: Option<State>,
    before: (Instant, &str),
    limit: i64,
) -> Result<Vec<Stored>> {
    match state {
        None => conn.all(PAGE, params![before.0, before.1, limit]),
        Some(state) => conn.all(PAGE_OF, params![before.0, before.1, state, limit]),
    }
}

/// Lets a failed or kept mail wait again; false when it cannot be sent again
/// (it is sent, or its body is gone).
pub fn send_again(conn: &mut Conn, id: Id<NewMail>, now: Instant) -> Result<bool> {
    Ok(conn.run(AGAIN, params![now, id])? == 1)
}

/// Without a server every waiting mail is kept; says how many.
pub fn keep_waiting(conn: &mut Conn) -> Result<u64> {
    conn.run(KEEP, params![])
}

/// Empties mails with personal links, which lead nowhere any more: nobody can send them again.
pub fn empty_confidential(conn: &mut Conn) -> Result<u64> {
    conn.run(EMPTY, params![])
}

/// Drops what still waits for a recipient: they want no mail.
pub fn drop_waiting(conn: &mut Conn, recipient: &str) -> Result<u64> {
    let recipient = recipient.to_lowercase();
    conn.run(DROP_FILES, params![recipient])?;
    conn.run(DROP_WAITING, params![recipient])
}

/// Drops the mail with this key, if it still waits: what it says is over.
pub fn take_back(conn: &mut Conn, key: &str) -> Result<()> {
    conn.run(TAKE_BACK_FILES, params![key])?;
    conn.run(TAKE_BACK, params![key]).map(drop)
}

/// Mails of an account and of its addresses, oldest first, without bodies.
pub fn of_person(
    conn: &mut Conn,
    account: Option<&str>,
    addresses: &[String],
) -> Result<Vec<Stored>> {
    let mut all: Vec<Stored> = Vec::new();
    for address in keys(addresses) {
        let address = address.to_lowercase();
        let found: Vec<Stored> = conn.all(OF, params![address, account])?;
        all.extend(
            found
                .into_iter()
                .filter(|m| all.iter().all(|known| known.id != m.id))
                .collect::<Vec<_>>(),
        );
    }
    Ok(all)
}

/// Every address, in lower case, to which a mail goes or from which it is answered.
pub fn addresses(conn: &mut Conn) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn.all(ADDRESSES, params![])?;
    Ok(rows.into_iter().map(|(address,)| address).collect())
}

/// Deletes every mail of an account and of its addresses.
pub fn forget(conn: &mut Conn, account: Option<&str>, addresses: &[String]) -> Result<()> {
    for address in keys(addresses) {
        let address = address.to_lowercase();
        conn.run(FORGET_FILES, params![address, account])?;
        conn.run(FORGET, params![address, account])?;
    }
    Ok(())
}

/// The addresses, or one that nobody has, so that the account is looked for.
fn keys(addresses: &[String]) -> Vec<&str> {
    if addresses.is_empty() {
        vec!["-"]
    } else {
        addresses.iter().map(String::as_str).collect()
    }
}

/// Deletes mails that no longer wait and are older than `before`; says how many.
pub fn drop_older(conn: &mut Conn, before: Instant) -> Result<u64> {
    conn.run(DROP_OLD_FILES, params![before])?;
    conn.run(DROP_OLD, params![before])
}

/// Mails by state.
pub fn count_by_state(conn: &mut Conn) -> Result<Vec<(State, i64)>> {
    conn.all(COUNTS, params![])
}

pub(super) fn due(conn: &mut Conn, now: Instant, limit: i64) -> Result<Vec<Id<NewMail>>> {
    let rows: Vec<(Id<NewMail>,)> = conn.all(DUE, params![now, limit])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Takes a due mail until `until`; false when somebody was faster.
pub(super) fn claim(
    conn: &mut Conn,
    id: Id<NewMail>,
    now: Instant,
    until: Instant,
) -> Result<bool> {
    Ok(conn.run(CLAIM, params![until, id, now])? == 1)
}

pub(super) fn files(conn: &mut Conn, id: Id<NewMail>) -> Result<Vec<File>> {
    let rows: Vec<(String, String, String)> = conn.all(FILES, params![id])?;
    rows.into_iter()
        .map(|(name, media_type, content)| {
            let bytes = STANDARD
                .decode(content)
                .map_err(|e| Error::Broken(Box::new(e)))?;
            Ok(File {
                name,
                media_type,
                bytes,
            })
        })
        .collect()
}

pub(super) fn sent(conn: &mut Conn, id: Id<NewMail>, now: Instant) -> Result<()> {
    conn.run(SENT, params![now, id]).map(drop)
}

pub(super) fn not_sent(
    conn: &mut Conn,
    id: Id<NewMail>,
    state: State,
    next: Instant,
    reason: &str,
) -> Result<()> {
    conn.run(NOT_SENT, params![state, next, reason, id])
        .map(drop)
}
