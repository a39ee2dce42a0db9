//! Nouns of the search.

use kontor_platform::Result;
use kontor_platform::db::Conn;
use kontor_platform::readers::{Card, Hit};

use crate::accounts::{Actor, Who};

/// A kind of card, and what a list of its hits is called.
#[derive(Debug)]
pub struct Kind {
    pub name: &'static str,
    /// Key of the group's title.
    pub title: &'static str,
    /// Key of "all … of this kind", with their number.
    pub all: &'static str,
    pub icon: &'static str,
}

/// Kind and identifier of a found record.
pub type Wanted<'a> = (&'a str, &'a str);

/// What one room gives to the search. Joined in `app/wiring.rs`: the search
/// knows no fact and no table.
#[derive(Clone, Copy)]
pub struct Source {
    pub kinds: &'static [Kind],
    /// Kind of fact, and the kind of card that its subject names.
    pub facts: &'static [(&'static str, &'static str)],
    /// Identifiers of a kind after one, in their order, at most so many.
    pub ids: fn(&mut Conn, &str, &str, i64) -> Result<Vec<String>>,
    /// Cards of the records that are still to be found.
    pub cards: fn(&mut Conn, &str, &[&str]) -> Result<Vec<Card>>,
    /// The words that open cards to an actor.
    pub words: fn(&Actor) -> Vec<String>,
    /// Those of the found records that the asker may see now.
    pub hits: fn(&mut Conn, &Who, &[Wanted<'_>]) -> Result<Vec<Hit>>,
}

/// Where an index stands in the log: the number of the last fact that is in it
/// and that fact's hash, which tells another history of the same length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    pub seq: i64,
    pub hash: String,
}

impl Cursor {
    /// As it is stored with a commit.
    pub fn stored(&self) -> String {
        format!("{} {}", self.seq, self.hash)
    }

    /// Reads the stored form; none if it is not one.
    pub fn read(stored: &str) -> Option<Cursor> {
        let (seq, hash) = stored.split_once(' ')?;
        Some(Cursor {
            seq: seq.parse().ok()?,
            hash: hash.to_owned(),
        })
    }
}
