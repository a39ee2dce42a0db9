//! What a room works out of its tables, kept until one of its facts is newer.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::db::Conn;
use crate::error::Result;
use crate::log;

/// Values that are kept at the most; then all are worked out anew.
const MOST: usize = 500;

/// Values by name, each with the head of the log that it was worked out at.
/// Unlike a page of the page cache, a value is asked for inside a snapshot and
/// is as new as that snapshot, whoever else writes.
pub struct Kept<T> {
    /// Facts whose kinds begin so change the values.
    facts: &'static str,
    values: RwLock<HashMap<String, (i64, Arc<T>)>>,
}

impl<T> Kept<T> {
    /// Nothing yet; facts whose kinds begin with `facts` change the values.
    pub fn new(facts: &'static str) -> Self {
        Kept {
            facts,
            values: RwLock::default(),
        }
    }

    /// The value of this name: kept, or worked out now. One statement where
    /// nothing has happened since, two where something else has.
    pub fn get(
        &self,
        conn: &mut Conn,
        name: &str,
        work_out: impl FnOnce(&mut Conn) -> Result<T>,
    ) -> Result<Arc<T>> {
        let head = log::head(conn)?;
        let kept = {
            let values = self.values.read().unwrap_or_else(PoisonError::into_inner);
            values.get(name).cloned()
        };
        let value = match kept {
            Some((seq, value)) if seq >= head => return Ok(value),
            Some((seq, value)) if !log::has_after(conn, seq, self.facts)? => value,
            _ => Arc::new(work_out(conn)?),
        };
        let mut values = self.values.write().unwrap_or_else(PoisonError::into_inner);
        if values.len() >= MOST {
            values.clear();
        }
        let is_newer = values.get(name).is_none_or(|(seq, _)| *seq < head);
        if is_newer {
            values.insert(name.to_owned(), (head, Arc::clone(&value)));
        }
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Migration;
    use crate::testing::{NOW, on_each_engine};
    use crate::work::Stamp;

    const LOG: &[Migration] = &[Migration {
        name: "0001_log",
        sql: include_str!("../../../../migrations/0001_log.sql"),
    }];

    crate::fact!(
        /// A house is built.
        HouseBuilt, "houses.house_built", house: String);
    crate::fact!(
        /// A tree has grown.
        TreeGrown, "trees.tree_grown", tree: String);

    #[test]
    fn a_value_is_worked_out_again_only_after_a_fact_of_its_room() {
        on_each_engine(LOG, |db| {
            let kept = Kept::new("houses.");
            let worked_out = std::cell::Cell::new(0);
            let ask = |name: &str| {
                let get = |conn: &mut Conn| {
                    kept.get(conn, name, |_| {
                        worked_out.set(worked_out.get() + 1);
                        Ok(worked_out.get())
                    })
                };
                *db.read_now(get).unwrap()
            };
            assert_eq!((ask("a"), ask("a"), ask("b"), ask("b")), (1, 1, 2, 2));
            let tree = |work: &mut crate::Work<'_>| {
                work.announce(&TreeGrown { tree: "1".into() });
                Ok(())
            };
            db.write_now(Stamp::system(NOW), tree).unwrap();
            assert_eq!((ask("a"), ask("a")), (1, 1), "another room's fact");
            let house = |work: &mut crate::Work<'_>| {
                work.announce(&HouseBuilt { house: "1".into() });
                Ok(())
            };
            db.write_now(Stamp::system(NOW), house).unwrap();
            assert_eq!((ask("a"), ask("a"), ask("b")), (3, 3, 4));
        });
    }
}
