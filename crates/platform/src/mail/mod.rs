//! Mail: a queue in the database, and a sender that empties it.
//!
//! Words: a mail *waits*, is *sent*, has *failed* or is *kept* (no server is
//! configured; people read it in the administration).
//! Always true: a mail is queued in the transaction of what caused it, once
//! per key; a mail that the server has accepted is not sent again, save for a
//! crash in the moment between the server's answer and our note of it.

mod send;
mod store;
#[cfg(test)]
mod tests;

pub use send::{Outcome, probe, send_due};
pub use store::{
    Stored, addresses, count_by_state, drop_older, drop_waiting, empty_confidential, find, forget,
    is_queued, keep_waiting, of_person, page, queue, send_again, take_back,
};

use crate::text::Lang;
use crate::words;

words! {
    /// Where a mail stands.
    pub enum State {
        Waiting = "waiting",
        Sent = "sent",
        Failed = "failed",
        Kept = "kept",
    }
}

/// A mail as it is queued.
#[derive(Debug, Clone)]
pub struct NewMail {
    /// The same key is queued once, whatever happens: cause and recipient.
    pub key: String,
    /// What it is about, as `accounts.invitation`.
    pub kind: &'static str,
    /// The account it is for, if there is one.
    pub account: Option<String>,
    pub to: String,
    /// Where an answer goes; the sender's own address when empty.
    pub reply_to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub lang: Lang,
    /// Holds a personal link: the body is dropped once the mail is sent.
    pub confidential: bool,
    pub files: Vec<File>,
}

/// A file that goes along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub name: String,
    /// As `text/calendar; charset=utf-8`.
    pub media_type: String,
    pub bytes: Vec<u8>,
}
