//! Taking a whole import back, as long as nothing else happened to its records.
//!
//! Words: an *undoing* is what is known of an import before it is taken back.
//! Always true: an import is taken back in one transaction, or not at all; its
//! last look, with the log held, is whether the directory has moved since the
//! undoing was read.

mod long;
pub mod pages;
mod store;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use kontor_platform::db::Conn;
use kontor_platform::{Error, Id, Result, Work, log};

use super::super::former_names;
use super::super::list::refile;
use super::super::model::{MembershipResumed, Organisation};
use super::choices;
use super::commands::overtaken;
use super::model::{
    Attr, ChangeKind, Field, Import, ImportState, ImportUndone, MembershipWithdrawn,
    OrganisationChanged, OrganisationWithdrawn, PersonWithdrawn, Values,
};
use super::progress::{Progress, Step};
use super::writing::Before;
use super::{runs, store as imports};
use store::Done;

pub use long::undo_watched;

/// Records that keep an import from being undone: something else happened to
/// them since. Identifier, address, name.
pub fn blockers(
    conn: &mut Conn,
    import: &Import,
) -> Result<Vec<(Id<Organisation>, String, String)>> {
    let own = log::of_subject(conn, &import.id.to_string(), 10)?;
    let Some(applied) = own.iter().find(|f| f.kind == "directory.import_applied") else {
        return Ok(Vec::new());
    };
    let later: HashSet<String> = log::subjects_after(conn, applied.seq, "directory.")?
        .into_iter()
        .collect();
    let mut touched = store::peopled_since(conn, import.id)?;
    if !later.is_empty() {
        let changed = store::subjects(conn, import.id)?;
        let met = changed.into_iter().filter(|(organisation, subject)| {
            later.contains(subject) || later.contains(&organisation.to_string())
        });
        touched.extend(met.map(|(organisation, _)| organisation));
    }
    if touched.is_empty() {
        return Ok(Vec::new());
    }
    let named = store::touched(conn, import.id)?;
    Ok(named
        .into_iter()
        .filter(|(id, _, _)| touched.contains(id))
        .collect())
}

/// Whether an import can be taken back as it stands.
///
/// # Errors
/// Refused when it is not in effect, or when something else happened to one of
/// its records.
pub fn may_go(conn: &mut Conn, import: &Import) -> Result<()> {
    if import.state != ImportState::Applied {
        return Err(Error::Refused("import-refused-not-applied"));
    }
    match blockers(conn, import)?.is_empty() {
        true => Ok(()),
        false => Err(Error::Refused("import-refused-blocked")),
    }
}

/// Takes a whole import back, unless something else happened since to a record
/// that it touched.
pub fn undo(work: &mut Work<'_>, id: Id<Import>) -> Result<()> {
    // Nothing may commit between the question and the answer.
    log::hold(work)?;
    let progress = Progress::default();
    let mut undoing = Undoing::read(work, id, &progress)?;
    // Few enough to be forgotten at once.
    undoing.is_in_one_piece = true;
    match undoing.write(work, &progress)? {
        true => Ok(()),
        false => Err(Error::broken("the log is held, and yet it moved")),
    }
}

/// A record as it is after its import was taken back.
struct Restored {
    values: Values,
    before: Before,
    /// Words of the fields that change.
    fields: Vec<String>,
}

/// What is taken back, read before the writer is asked.
struct Undoing {
    import: Import,
    /// Number of the newest fact when it was read.
    head: i64,
    /// In their order, those of kind `changed` with what they become.
    changes: Vec<(Done, Option<Restored>)>,
    /// Whether a later list led to a record that goes.
    has_later_keys: bool,
    /// Whether the keys of its lines are forgotten in the same transaction.
    is_in_one_piece: bool,
}

impl Undoing {
    /// Reads it.
    ///
    /// # Errors
    /// Refused when the import is not in effect, or when something else happened
    /// to one of its records.
    fn read(conn: &mut Conn, id: Id<Import>, progress: &Progress) -> Result<Undoing> {
        let head = log::head(conn)?;
        let import = imports::import(conn, id)?;
        may_go(conn, &import)?;
        let mut now = store::changed(conn, id)?;
        let all = store::changes(conn, id)?;
        progress.begin(Step::Reading, all.len())?;
        let mut changes = Vec::with_capacity(all.len());
        for (i, change) in all.into_iter().enumerate() {
            progress.advance(i)?;
            let restored = match change.kind {
                ChangeKind::Changed => {
                    let now = now.remove(&change.organisation);
                    let now = now.ok_or_else(|| Error::broken("a changed record is there"))?;
                    Some(restored(now, &change.before)?)
                }
                _ => None,
            };
            changes.push((change, restored));
        }
        Ok(Undoing {
            has_later_keys: store::has_later_keys(conn, id)?,
            import,
            head,
            changes,
            is_in_one_piece: false,
        })
    }

    /// Whether something of the directory has happened since it was read.
    fn is_stale(&self, conn: &mut Conn) -> Result<bool> {
        log::has_after(conn, self.head, "directory.")
    }

    /// Takes it back; false when the directory has moved since it was read, and
    /// then nothing is written.
    ///
    /// # Errors
    /// Too many when the directory moved meanwhile: nothing may be committed then.
    fn write(&self, work: &mut Work<'_>, progress: &Progress) -> Result<bool> {
        if self.is_stale(work)? {
            return Ok(false);
        }
        let (id, cluster, at) = (self.import.id, self.import.cluster, work.now());
        if store::set_undone(work, id, at)? == 0 {
            return Err(Error::Refused("import-refused-not-applied"));
        }
        progress.begin(Step::Writing, self.changes.len())?;
        let mut done = self.restore(work, progress)?;
        done += store::resume_ended(work, id)?;
        progress.advance(done)?;
        if self.is_in_one_piece {
            store::forget_keys(work, id)?;
        } else if self.has_later_keys {
            store::forget_later_keys(work, id)?;
        }
        store::delete_created(work, id, |gone| {
            done += gone;
            progress.advance(done)
        })?;
        if self.announce(work)? {
            refile(work, cluster, id)?;
        }
        runs::store::end(work, id)?;
        // On PostgreSQL others commit until here; from here on nobody does.
        log::hold(work)?;
        if self.is_stale(work)? {
            return Err(overtaken());
        }
        super::super::figures::recount(work)?;
        work.announce(&ImportUndone {
            import: id,
            cluster,
        });
        Ok(true)
    }

    /// Gives changed records their former values back; says how many.
    fn restore(&self, work: &mut Work<'_>, progress: &Progress) -> Result<usize> {
        let mut done = 0;
        for (change, restored) in &self.changes {
            let Some(Restored { values, before, .. }) = restored else {
                continue;
            };
            let (id, at) = (change.organisation, work.now());
            imports::update_organisation(work, id, values, before.size_as_of.as_deref(), at)?;
            for (scheme, value) in &before.external {
                store::delete_external(work, id, scheme, value)?;
            }
            for code in &before.classes {
                store::delete_class(work, id, code)?;
            }
            if before.is_name_noted {
                former_names::forget(work, id, values.get(Attr::Name))?;
            }
            choices::own_again(work, id, &before.owned)?;
            done += 1;
            progress.advance(done)?;
        }
        Ok(done)
    }

    /// Announces what is taken back; whether records that stay belong to other
    /// clusters than before.
    fn announce(&self, work: &mut Work<'_>) -> Result<bool> {
        let cluster = self.import.cluster;
        let of_kind = |kind| self.changes.iter().filter(move |(c, _)| c.kind == kind);
        let created: HashSet<Id<Organisation>> = of_kind(ChangeKind::Created)
            .map(|(c, _)| c.organisation)
            .collect();
        let mut is_to_file = false;
        for (change, restored) in &self.changes {
            let organisation = change.organisation;
            match change.kind {
                ChangeKind::Created => work.announce(&OrganisationWithdrawn { organisation }),
                ChangeKind::Person => work.announce(&PersonWithdrawn {
                    person: change.subject.parse()?,
                }),
                ChangeKind::Joined if created.contains(&organisation) => {}
                ChangeKind::Joined => {
                    is_to_file = true;
                    work.announce(&MembershipWithdrawn {
                        organisation,
                        cluster,
                    });
                }
                ChangeKind::Ended => {
                    is_to_file = true;
                    work.announce(&MembershipResumed {
                        organisation,
                        cluster,
                    });
                }
                ChangeKind::Changed => work.announce(&OrganisationChanged {
                    organisation,
                    fields: restored
                        .as_ref()
                        .map_or_else(Vec::new, |r| r.fields.clone()),
                }),
            }
        }
        Ok(is_to_file)
    }
}

/// A record with its former values, which lie in `before` as JSON.
fn restored(mut values: Values, before: &str) -> Result<Restored> {
    let before: Before = serde_json::from_str(before)?;
    let attrs = before.values.keys().map(|a| a.as_str().to_owned());
    let mut fields: Vec<String> = attrs.collect();
    if !before.classes.is_empty() {
        fields.push(Field::Classes.as_str().to_owned());
    }
    fields.extend(before.external.iter().map(|(scheme, _)| scheme.clone()));
    for (attr, value) in &before.values {
        values.set(*attr, value.clone());
    }
    Ok(Restored {
        values,
        before,
        fields,
    })
}
