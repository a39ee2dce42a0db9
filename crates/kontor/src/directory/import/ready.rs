//! What an import notes about its lines, laid ready before the transaction that
//! applies it, so that others wait for the writer less long.
//!
//! Always true: notes that lie ready belong to an import that is not applied,
//! and nobody reads them until it is; what a killed process left is swept away.

use std::mem::take;

use kontor_platform::db::{Db, Val, insert_many};
use kontor_platform::work::Stamp;
use kontor_platform::{Id, Result, Work};

use super::batch::Batch;
use super::commands::{Source, begin};
use super::model::{Import, ImportState};
use super::runs::LARGE;
use super::store::{self, table};

/// Rows that are laid ready at once.
const AT_ONCE: usize = 4_000;

impl Batch {
    /// Lays the notes of a long list ready; a shorter one is written in one piece.
    /// An import without staged lines
    /// counts as given up until it is applied.
    pub(super) fn lay(&mut self, db: &Db, source: &Source, stamp: &Stamp) -> Result<()> {
        if self.persons.len() <= LARGE {
            return Ok(());
        }
        let (import, source) = (self.import, source.clone());
        db.write_now(stamp.clone(), move |work| {
            if source.staged.is_none() {
                begin(work, &source, import, ImportState::Cancelled)?;
            }
            store::take_up(work, import)
        })?;
        let mut laid = 0;
        for (into, values) in [
            (table::CHANGES, take(&mut self.notes.values)),
            (table::ROW_KEYS, take(&mut self.keys)),
        ] {
            for rows in values.chunks(AT_ONCE * into.1) {
                let rows: Vec<Val<'static>> = rows.to_vec();
                laid += i64::try_from(rows.len() / into.1).unwrap_or(i64::MAX);
                db.write_now(stamp.clone(), move |work| insert_many(work, into, &rows))?;
            }
        }
        self.laid = Some(laid);
        Ok(())
    }

    /// Whether all that was laid ready still lies there.
    pub(super) fn lies(&self, work: &mut Work<'_>) -> Result<bool> {
        match self.laid {
            None => Ok(true),
            Some(laid) => Ok(store::laid(work, self.import)? == laid),
        }
    }
}

/// Takes away what lies ready for an import that is not going to be applied,
/// and the import itself where no line of it was staged.
pub(super) fn take_up(db: &Db, source: &Source, import: Id<Import>, stamp: &Stamp) -> Result<()> {
    let is_staged = source.staged.is_some();
    db.write_now(stamp.clone(), move |work| {
        store::take_up(work, import)?;
        if !is_staged {
            store::delete_unapplied(work, import)?;
        }
        Ok(())
    })
}
