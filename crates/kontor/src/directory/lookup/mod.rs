//! An organisation that somebody names in a form: looked up by what they typed, and
//! offered to choose from where it may mean several.
//!
//! Words: *offered* are at most twenty whose names hold what was typed.
//! Always true: a form holds no more organisations than it offers, however many
//! there are; none is offered that the asker may not see.

mod store;

use kontor_platform::db::Conn;
use kontor_platform::{FieldErrors, Id, Result};

use super::model::{Cluster, Organisation};
use super::policy::Reach;

pub use store::{Offered, is_member, offered};

/// Most organisations offered at once.
pub const OFFERED: usize = 20;

/// Among which organisations somebody looks.
pub enum Among<'a> {
    /// Those that the asker may see.
    Seen(&'a Reach),
    /// The members of a cluster that the asker leads.
    Members(Id<Cluster>),
}

/// The member of a cluster that a form means: by its name, or by the last part of
/// its page's address; or that one of the offered which was `chosen`, as long as its
/// name holds what is typed. None where nothing is typed; what means none or
/// several is noted as an error of `field`.
pub fn meant(
    conn: &mut Conn,
    cluster: Id<Cluster>,
    (typed, chosen): (&str, &str),
    field: &'static str,
    errors: &mut FieldErrors,
) -> Result<Option<Id<Organisation>>> {
    if typed.is_empty() {
        return Ok(None);
    }
    let among = Among::Members(cluster);
    let fitting = offered(conn, &among, typed)?;
    let marked = fitting.iter().find(|o| o.slug == chosen);
    if let Some(found) = marked {
        return Ok(Some(found.id));
    }
    let exact = store::exact(conn, cluster, slug(typed), typed)?;
    let by_address = exact.iter().find(|o| o.slug == slug(typed));
    match (by_address, exact.as_slice()) {
        (Some(found), _) | (None, [found]) => return Ok(Some(found.id)),
        (None, _) => {}
    }
    let key = match fitting.is_empty() {
        true => "lookup-error-none",
        false => "lookup-error-choose",
    };
    errors.add(field, key);
    Ok(None)
}

/// The last part of a page's address, or what was typed.
fn slug(typed: &str) -> &str {
    let typed = typed.trim().trim_end_matches('/');
    let path = typed.split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_address_is_read_by_its_last_part() {
        for typed in [
            "kielwerk",
            " /organisationen/kielwerk/ ",
            "https://kontor.example/en/organisationen/kielwerk?ok=x",
            "kielwerk#kontakt",
        ] {
            assert_eq!(super::slug(typed), "kielwerk", "{typed}");
        }
    }
}
