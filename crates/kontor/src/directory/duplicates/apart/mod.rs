//! Records that somebody has said are different organisations: shown to whoever may
//! decide on them, and taken back.
//!
//! Always true: a pair is shown to a management that may see both records, and to no
//! other (INV-23).

mod store;

use kontor_platform::db::Conn;
use kontor_platform::{Error, Id, Instant, Result, Work, fact};

use super::commands::{acts, both, own_first};
use super::model::Record;
use super::store::Pair;
use crate::accounts::Who;
use crate::directory::model::Organisation;

fact!(
    /// That two records are different organisations was taken back.
    ApartTakenBack, "directory.apart_taken_back", organisation: Id<Organisation>, other: Id<Organisation>);

/// Most pairs that a page names, the newest first.
const SHOWN: i64 = 50;

/// Two records that are kept apart, and since when.
pub struct Apart {
    pub first: Record,
    pub second: Record,
    pub at: Instant,
}

/// Pairs of these clusters on which the asker may decide.
pub fn list(conn: &mut Conn, who: &Who, clusters: &[&str]) -> Result<Vec<Apart>> {
    let rows = store::of_clusters(conn, clusters, SHOWN)?;
    let ids: Vec<_> = rows.iter().flat_map(|r| [r.first, r.second]).collect();
    let records = super::store::records(conn, &ids)?;
    let mut shown = Vec::new();
    for row in rows {
        let pair = records.get(&row.first).zip(records.get(&row.second));
        if let Some((first, second)) = pair
            && super::commands::may_decide(&who.actor, first, second)
        {
            shown.push(Apart {
                first: first.clone(),
                second: second.clone(),
                at: row.at,
            });
        }
    }
    Ok(shown)
}

/// The two may be the same again; they are found as a pair like any other.
pub fn take_back(work: &mut Work<'_>, who: &Who, pair: Pair) -> Result<()> {
    let (a, b) = both(work, &who.actor, pair)?;
    if !store::take_back(work, pair)? {
        return Err(Error::Refused("duplicates-refused-not-apart"));
    }
    acts(work, who, &own_first(&a, &b));
    for (organisation, other) in [pair, (pair.1, pair.0)] {
        work.announce(&ApartTakenBack {
            organisation,
            other,
        });
    }
    Ok(())
}
