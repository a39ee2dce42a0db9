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

use kontor_platform::db::{Conn, Val};
use kontor_platform::{Error, Id, Instant, Result, Work, log};

use super::super::former_names;
use super::super::list::refile;
use super::super::model::{MembershipResumed, Organisation};
use super::batch::{own, text};
use super::choices;
use super::commands::overtaken;
use super::model::{
    Attr, ChangeKind, Field, Import, ImportState, ImportUndone, MembershipWithdrawn,
    OrganisationChanged, OrganisationWithdrawn, PersonWithdrawn,
};
use super::progress::{Progress, Step};
use super::rewrite::Rewrites;
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
    let at = work.now();
    let mut undoing = Undoing::read(work, id, at, &progress)?;
    // Few enough to be forgotten at once.
    undoing.is_in_one_piece = true;
    match undoing.write(work, &progress)? {
        true => Ok(()),
        false => Err(Error::broken("the log is held, and yet it moved")),
    }
}

/// A changed record that gets its former values back.
struct Restored {
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
    /// Former values of changed records.
    rewrites: Rewrites,
    /// Identifiers and classes that go.
    externals: Vec<Val<'static>>,
    classes: Vec<Val<'static>>,
    /// Whether a later list led to a record that goes.
    has_later_keys: bool,
    /// Whether the keys of its lines are forgotten in the same transaction.
    is_in_one_piece: bool,
}

impl Undoing {
    /// Reads what is to be taken back at a moment.
    ///
    /// # Errors
    /// Refused when the import is not in effect, or when something else happened
    /// to one of its records.
    fn read(conn: &mut Conn, id: Id<Import>, at: Instant, progress: &Progress) -> Result<Undoing> {
        let head = log::head(conn)?;
        let import = imports::import(conn, id)?;
        may_go(conn, &import)?;
        let mut undoing = Undoing {
            import,
            head,
            changes: Vec::new(),
            rewrites: Rewrites::new(at),
            externals: Vec::new(),
            classes: Vec::new(),
            has_later_keys: store::has_later_keys(conn, id)?,
            is_in_one_piece: false,
        };
        let all = store::changes(conn, id)?;
        progress.begin(Step::Reading, all.len())?;
        for (i, change) in all.into_iter().enumerate() {
            progress.advance(i)?;
            let restored = match change.kind {
                ChangeKind::Changed => Some(undoing.restored(&change)?),
                _ => None,
            };
            undoing.changes.push((change, restored));
        }
        Ok(undoing)
    }

    /// Works out what a changed record gets back: it lies in `before` as JSON.
    fn restored(&mut self, change: &Done) -> Result<Restored> {
        let (id, before) = (change.organisation, serde_json::from_str(&change.before)?);
        let before: Before = before;
        let attrs: Vec<Attr> = before.values.keys().copied().collect();
        let mut fields: Vec<String> = attrs.iter().map(|a| a.as_str().to_owned()).collect();
        if !before.classes.is_empty() {
            fields.push(Field::Classes.as_str().to_owned());
        }
        for (scheme, value) in &before.external {
            fields.push(scheme.clone());
            let row = [text(scheme.as_str()), text(value.as_str()), own(id)];
            self.externals.extend(row);
        }
        for code in &before.classes {
            self.classes.extend([own(id), text(code.as_str())]);
        }
        let (values, as_of) = (before.values.clone().into(), before.size_as_of.as_deref());
        self.rewrites.add(id, attrs, &values, as_of)?;
        Ok(Restored { before, fields })
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

    /// Gives changed records back what they had before; says how many.
    fn restore(&self, work: &mut Work<'_>, progress: &Progress) -> Result<usize> {
        let mut done = 0;
        self.rewrites.write(work, |records| {
            done = records;
            progress.advance(done)
        })?;
        store::delete_externals(work, &self.externals)?;
        store::delete_classes(work, &self.classes)?;
        for (change, restored) in &self.changes {
            // What only few of them need goes by itself.
            let Some(Restored { before, .. }) = restored else {
                continue;
            };
            let id = change.organisation;
            if let (true, Some(name)) = (before.is_name_noted, before.values.get(&Attr::Name)) {
                former_names::forget(work, id, name)?;
            }
            choices::own_again(work, id, &before.owned)?;
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
