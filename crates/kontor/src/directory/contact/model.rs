//! Messages to organisations.

use kontor_platform::{Id, Instant, fact, words};

use crate::directory::model::Organisation;

words! {
    /// Where a message stands.
    pub enum State {
        Unconfirmed = "unconfirmed",
        Relayed = "relayed",
        Withheld = "withheld",
    }
}

/// A message with its sender, as far as they are still kept.
#[derive(Debug, Clone)]
pub struct Message {
    pub id: Id<Message>,
    pub organisation: Id<Organisation>,
    pub organisation_name: String,
    pub organisation_slug: String,
    /// A keyed hash of the sender's address.
    pub sender_key: String,
    pub name: String,
    pub mail: String,
    pub message: String,
    /// Tag of the sender's language.
    pub lang: String,
    pub state: State,
}

/// Who gets a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    Representatives,
    /// The managers of its clusters: nobody of the organisation has an account.
    Management,
    /// The administration: it is in no cluster that somebody leads.
    Administration,
}

/// A sender that was reported and waits for the management.
#[derive(Debug, Clone)]
pub struct Report {
    pub message: Id<Message>,
    pub organisation_name: String,
    pub name: String,
    pub mail: String,
    pub note: String,
    pub created_at: Instant,
}

/// A sender that an organisation has blocked.
#[derive(Debug, Clone)]
pub struct Block {
    /// A keyed hash of the sender's address.
    pub sender_key: String,
    pub since: Instant,
    /// Their name, while it is still kept with a message of theirs.
    pub name: Option<String>,
}

fact!(
    /// A message was relayed to those who speak for an organisation, or withheld.
    MessageRelayed, "directory.message_relayed", message: Id<Message>, organisation: Id<Organisation>);
fact!(
    /// The sender of a message may not write to the organisation any more.
    SenderBlocked, "directory.sender_blocked", organisation: Id<Organisation>, message: Id<Message>);
fact!(
    /// A blocked sender may write to the organisation again.
    SenderUnblocked, "directory.sender_unblocked", organisation: Id<Organisation>);
fact!(
    /// The sender of a message was reported to the management.
    SenderReported, "directory.sender_reported", message: Id<Message>, organisation: Id<Organisation>);
fact!(
    /// The management has dealt with a report.
    ReportSettled, "directory.report_settled", message: Id<Message>);
