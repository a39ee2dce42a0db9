//! Names under which an organisation was listed before: its own, and those of
//! records that were merged into it.
//!
//! Always true: a former name makes two records a possible duplicate and nothing
//! more; a name may have passed to another organisation, so people decide.

mod store;

use kontor_analysis::names::name_key;
use kontor_platform::db::Conn;
use kontor_platform::{Id, Instant, Result};

use super::model::Organisation;
pub use store::{all, hand_over, keys, of};

/// Notes that an organisation was listed under `old` until it got the name `new`;
/// false when that makes no difference (a legal form, a capital letter) or was
/// noted before.
pub fn note(
    conn: &mut Conn,
    id: Id<Organisation>,
    (old, new): (&str, &str),
    at: Instant,
) -> Result<bool> {
    let key = name_key(old);
    if key.is_empty() || key == name_key(new) {
        return Ok(false);
    }
    store::insert(conn, id, &key, old, at)
}

/// Takes back that an organisation was listed under a name.
pub fn forget(conn: &mut Conn, id: Id<Organisation>, name: &str) -> Result<()> {
    store::delete(conn, id, &name_key(name))
}
