//! Taking a long import back beside the request: read before the writer is
//! asked, written alone, and what nobody reads any more forgotten afterwards.

use std::sync::Arc;

use kontor_platform::db::Db;
use kontor_platform::work::Stamp;
use kontor_platform::{Error, Id, Result, Work, log};

use super::super::super::model::Cluster;
use super::super::commands::overtaken;
use super::super::model::Import;
use super::super::progress::{Progress, Step};
use super::{Undoing, store};

/// How often it is read anew because the directory moved meanwhile.
const TRIES: usize = 5;
/// Keys of lines that are forgotten at once.
const AT_ONCE: i64 = 4_000;

/// Takes an import back on the calling thread, everything or nothing. `may`
/// says within the transaction whether that is allowed.
///
/// # Errors
/// Refused as a short one is; too many when the directory never stood still.
pub fn undo_watched<F>(
    db: &Db,
    stamp: &Stamp,
    id: Id<Import>,
    progress: &Arc<Progress>,
    may: F,
) -> Result<()>
where
    F: Fn(&mut Work<'_>) -> Result<()> + Clone + Send + 'static,
{
    for _ in 0..TRIES {
        progress.begin(Step::Reading, 0)?;
        let undoing = db.read_now(|conn| Undoing::read(conn, id, stamp.at, progress))?;
        let (head, cluster) = (undoing.head, undoing.import.cluster);
        let (may, watched) = (may.clone(), Arc::clone(progress));
        let done = db.write_large_now(stamp.clone(), move |work| {
            may(work)?;
            undoing.write(work, &watched)
        });
        match done {
            Ok(true) => {
                forget_keys(db, stamp, cluster, id);
                return Ok(());
            }
            Ok(false) => {}
            // Somebody was faster, and may have come to a record that was to go.
            Err(Error::TooMany { .. } | Error::Broken(_))
                if db.read_now(|conn| log::has_after(conn, head, "directory."))? => {}
            Err(error) => return Err(error),
        }
    }
    Err(overtaken())
}

/// Forgets where the lines of an import led to: nobody asks for that any more.
/// What is left when this ends early goes with the rule for lists.
fn forget_keys(db: &Db, stamp: &Stamp, cluster: Id<Cluster>, id: Id<Import>) {
    loop {
        let some = db.write_now(stamp.clone(), move |work| {
            store::forget_some_keys(work, cluster, id, AT_ONCE)
        });
        match some {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "keys of an import that was taken back are left");
                return;
            }
        }
    }
}
