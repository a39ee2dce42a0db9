//! Values of records that are there, set many at a time: those that a list
//! changes, and those that come back when it is taken back.
//!
//! Always true: only columns of the values named are written, so that a record
//! keeps what somebody else sets beside, and no index is touched in vain; what
//! follows from a value is written with it, and memberships are filed under a
//! new sort key.

mod store;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use kontor_platform::db::{Conn, Val};
use kontor_platform::{Error, Id, Instant, Result};

use super::super::model::{Helix, Organisation, Size, State};
use super::batch::{own, text};
use super::commands::overtaken;
use super::model::{Attr, Values};
use super::store::Derived;

/// Records that are written before somebody is told how far it is.
const AT_ONCE: usize = 2_000;

/// What records get, by the values that are set of them: the rows of each are
/// written together.
pub struct Rewrites {
    at: Instant,
    by_values: BTreeMap<Vec<Attr>, Vec<Val<'static>>>,
    /// Records with their sort keys, where the name is among the values.
    names: Vec<Val<'static>>,
}

impl Rewrites {
    /// None yet; what is added changes its record at this moment.
    pub fn new(at: Instant) -> Rewrites {
        Rewrites {
            at,
            by_values: BTreeMap::new(),
            names: Vec::new(),
        }
    }

    /// A record gets these values, and a new version even if there are none.
    /// `size_as_of` says when the size was counted, if that is among them.
    pub fn add(
        &mut self,
        organisation: Id<Organisation>,
        mut attrs: Vec<Attr>,
        values: &Values,
        size_as_of: Option<&str>,
    ) -> Result<()> {
        attrs.sort_unstable();
        attrs.dedup();
        let derived = Derived::of(values);
        let mut row = vec![own(organisation), own(self.at)];
        for attr in &attrs {
            set(*attr, values, &derived, size_as_of, &mut row)?;
        }
        if attrs.contains(&Attr::Name) {
            self.names
                .extend([own(organisation), text(derived.sort_key)]);
        }
        self.by_values.entry(attrs).or_default().extend(row);
        Ok(())
    }

    /// Writes them; `told` hears now and then how many records are done.
    ///
    /// # Errors
    /// Too many when a record is not there: somebody else came first and took it
    /// away, which on PostgreSQL shows only now.
    pub fn write(&self, conn: &mut Conn, mut told: impl FnMut(usize) -> Result<()>) -> Result<()> {
        let mut done = 0;
        for (attrs, rows) in &self.by_values {
            let columns: Vec<&str> = attrs.iter().flat_map(|a| columns(*a)).copied().collect();
            let width = 2 + columns.len();
            for rows in rows.chunks(AT_ONCE * width) {
                let records = rows.len() / width;
                if store::set(conn, &columns, rows)? != records {
                    return Err(overtaken());
                }
                done += records;
                told(done)?;
            }
        }
        store::file_under(conn, &self.names)
    }
}

/// Columns of a value and of what follows from it, with their types.
fn columns(attr: Attr) -> &'static [&'static str] {
    match attr {
        Attr::Name => &["name TEXT", "sort_key TEXT", "name_key TEXT"],
        Attr::Side => &["helix TEXT"],
        Attr::Size => &["size TEXT", "size_as_of TEXT"],
        Attr::Founded => &["founded BIGINT"],
        Attr::Street => &["street TEXT"],
        Attr::Postcode => &["postcode TEXT"],
        Attr::City => &["city TEXT", "city_key TEXT"],
        Attr::Region => &["region TEXT"],
        Attr::Country => &["country TEXT"],
        Attr::Website => &["website TEXT", "web_host TEXT"],
        Attr::MailHost => &["mail_host TEXT"],
        Attr::RegisterNumber => &["register_number TEXT"],
        Attr::Summary => &["summary_de TEXT"],
        Attr::Competences => &["competences_de TEXT"],
        Attr::State => &["state TEXT"],
    }
}

/// Adds what stands in the columns of a value.
fn set(
    attr: Attr,
    values: &Values,
    derived: &Derived,
    size_as_of: Option<&str>,
    row: &mut Vec<Val<'static>>,
) -> Result<()> {
    let value = values.get(attr);
    match attr {
        Attr::Name => row.extend([
            text(value),
            text(derived.sort_key.as_str()),
            text(derived.name_key.as_str()),
        ]),
        Attr::Side => row.push(own(Helix::parse(value))),
        Attr::Size => row.extend([own(Size::parse(value)), own(size_as_of)]),
        Attr::Founded => row.push(own(derived.founded)),
        Attr::City => row.extend([text(value), text(derived.city_key.as_str())]),
        Attr::Website => row.extend([text(value), text(derived.web_host.as_str())]),
        // A large command does not check words: they come from closed types.
        Attr::State => match State::parse(value) {
            Some(state) => row.push(own(state)),
            None => return Err(Error::broken("a record has a state")),
        },
        _ => row.push(text(value)),
    }
    Ok(())
}
