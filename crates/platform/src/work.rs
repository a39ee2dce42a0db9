//! The unit of work: what a command's closure gets. Rows and announced facts
//! are committed together by whoever runs it.

use std::ops::{Deref, DerefMut};

use serde::Serialize;

use crate::db::Conn;
use crate::time::Instant;

/// Who acts, for whom, and when: written on every fact.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// The acting person's identifier, none for the system itself.
    pub actor: Option<String>,
    /// The organisation or body that the person acts for.
    pub acting_for: Option<String>,
    /// The moment of the command.
    pub at: Instant,
}

impl Stamp {
    /// The system acts, at `at`.
    pub fn system(at: Instant) -> Self {
        Stamp {
            actor: None,
            acting_for: None,
            at,
        }
    }
}

/// Something that happened, in the past tense. Holds identifiers only, never
/// names, addresses or free text: facts outlive erasure.
pub trait Fact: Serialize {
    /// `room.what_happened`.
    const KIND: &'static str;
    /// The identifier of the noun it happened to.
    fn subject(&self) -> String;
}

/// Declares a fact: its struct, its kind and which field is its subject (the
/// first one): `fact!(/// What happened. SeatTaken, "events.seat_taken", seat: Id<Seat>);`
#[macro_export]
macro_rules! fact {
    ($(#[$meta:meta])* $name:ident, $kind:literal, $subject:ident: $ty:ty $(, $(#[$fmeta:meta])* $field:ident: $fty:ty)* $(,)?) => {
        $(#[$meta])*
        #[derive(Debug, serde::Serialize, serde::Deserialize)]
        pub struct $name { pub $subject: $ty $(, $(#[$fmeta])* pub $field: $fty)* }
        impl $crate::Fact for $name {
            const KIND: &'static str = $kind;
            fn subject(&self) -> String { self.$subject.to_string() }
        }
    };
}

/// A fact that waits for its number.
#[derive(Debug, Clone)]
pub struct Pending {
    pub kind: &'static str,
    pub subject: String,
    pub body: String,
    pub stamp: std::sync::Arc<Stamp>,
}

/// A connection inside a transaction, and the facts to be announced with it.
///
/// Inside a closure only database calls and pure rules may run: no files, no
/// network, no rendering, no password hashing.
pub struct Work<'c> {
    conn: &'c mut Conn,
    stamp: std::sync::Arc<Stamp>,
    facts: Vec<Pending>,
}

impl<'c> Work<'c> {
    pub(crate) fn new(conn: &'c mut Conn, stamp: Stamp) -> Self {
        Work {
            conn,
            stamp: std::sync::Arc::new(stamp),
            facts: Vec::new(),
        }
    }

    /// Says who acts, once that is known inside the transaction.
    pub fn acts(&mut self, actor: Option<String>) {
        let stamp = Stamp {
            actor,
            ..Stamp::clone(&self.stamp)
        };
        self.stamp = std::sync::Arc::new(stamp);
    }

    /// Says for which organisation or body the acting person acts.
    pub fn acts_for(&mut self, body: Option<String>) {
        let stamp = Stamp {
            acting_for: body,
            ..Stamp::clone(&self.stamp)
        };
        self.stamp = std::sync::Arc::new(stamp);
    }

    /// The moment of the command.
    pub fn now(&self) -> Instant {
        self.stamp.at
    }

    /// Announces that something happened.
    pub fn announce<F: Fact>(&mut self, fact: &F) {
        self.facts.push(Pending {
            kind: F::KIND,
            subject: fact.subject(),
            body: serde_json::to_string(fact).expect("a fact is plain data"),
            stamp: self.stamp.clone(),
        });
    }

    pub(crate) fn into_facts(self) -> Vec<Pending> {
        self.facts
    }
}

impl Deref for Work<'_> {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        self.conn
    }
}
impl DerefMut for Work<'_> {
    fn deref_mut(&mut self) -> &mut Conn {
        self.conn
    }
}
