//! A batch in the writer's transaction: what the plan adds, what it changes,
//! and the facts of both.

use std::collections::BTreeMap;

use kontor_platform::db::insert_many;
use kontor_platform::{Day, Error, Id, Result, Work};
use serde::{Deserialize, Serialize};

use super::super::former_names;
use super::super::list::refile;
use super::super::model::{
    MembershipBegan, MembershipEnded, Organisation, OrganisationCreated, PersonCreated,
};
use super::batch::{Batch, Notes};
use super::choices::{self, Owned};
use super::model::{Action, Attr, ChangeKind, Field, OrganisationChanged};
use super::plan::{Outcome, Plan};
use super::store::table;

/// What an import found before it changed a record: for undoing.
#[derive(Serialize, Deserialize)]
pub(super) struct Before {
    pub(super) values: BTreeMap<Attr, String>,
    pub(super) size_as_of: Option<String>,
    pub(super) external: Vec<(String, String)>,
    pub(super) classes: Vec<String>,
    /// Fields that the organisation kept itself until the list was taken.
    #[serde(default)]
    pub(super) owned: Vec<Owned>,
    /// Whether its name became a former one.
    #[serde(default)]
    pub(super) is_name_noted: bool,
}

/// Whether a line changes values, identifiers or classes of a record.
pub(super) fn is_rewritten(o: &Outcome) -> bool {
    let is_same = o.changes.is_empty() && o.external.is_empty() && o.classes.is_empty();
    o.action == Action::Changed && !is_same
}

/// Whether what undoing needs of a changed record is only known to the writer. It
/// costs statements of its own, so it must be so for few.
pub(super) fn is_late(o: &Outcome) -> bool {
    !o.taken.is_empty() || renamed(o).is_some()
}

/// The name before and after, where a line changes it.
fn renamed(o: &Outcome) -> Option<(&str, &str)> {
    let mut changes = o.changes.iter();
    let name = changes.find(|c| c.attr == Attr::Name)?;
    Some((&name.before, &name.after))
}

/// What only the writer knows of a changed record.
#[derive(Default)]
pub(super) struct Late {
    owned: Vec<Owned>,
    is_name_noted: bool,
}

/// Notes what undoing needs of a changed record.
pub(super) fn note(notes: &mut Notes, id: Id<Organisation>, o: &Outcome, late: Late) -> Result<()> {
    let changes = o.changes.iter();
    let before = Before {
        values: changes
            .clone()
            .map(|c| (c.attr, c.before.clone()))
            .collect(),
        size_as_of: o.size_as_of.clone(),
        external: o.external.clone(),
        classes: o.classes.clone(),
        owned: late.owned,
        is_name_noted: late.is_name_noted,
    };
    let after: BTreeMap<Attr, &str> = changes.map(|c| (c.attr, c.after.as_str())).collect();
    notes.add(
        ChangeKind::Changed,
        id,
        id.to_string(),
        serde_json::to_string(&before)?,
        serde_json::to_string(&after)?,
    );
    Ok(())
}

/// Words of the fields that a line changes.
fn fields(o: &Outcome) -> Vec<String> {
    let mut all: Vec<String> = o
        .changes
        .iter()
        .map(|c| c.attr.as_str().to_owned())
        .collect();
    if !o.classes.is_empty() {
        all.push(Field::Classes.as_str().to_owned());
    }
    all.extend(o.external.iter().map(|(scheme, _)| scheme.clone()));
    all
}

impl Batch {
    /// Writes all that does not lie ready, and announces it.
    pub(super) fn write(&self, work: &mut Work<'_>, plan: &Plan) -> Result<()> {
        let cluster = self.cluster;
        let mut late = Notes {
            import: self.import,
            position: self.notes.position,
            values: Vec::new(),
        };
        for (i, organisation, outcome) in plan.by_organisation() {
            match outcome.action {
                Action::New => work.announce(&OrganisationCreated { organisation }),
                Action::Changed => self.change(work, (i, organisation), outcome, &mut late)?,
                Action::Unchanged | Action::Rejected => continue,
            }
            if outcome.joins {
                work.announce(&MembershipBegan {
                    organisation,
                    cluster,
                });
            }
            for &person in &self.persons[i] {
                work.announce(&PersonCreated { person });
            }
        }
        late.position = self.notes.position;
        self.end(work, plan, &mut late)?;
        self.rewrites.write(work, |_| Ok(()))?;
        for (into, values) in [
            (table::ORGANISATIONS, &self.organisations),
            (table::EXTERNALS, &self.externals),
            (table::CLASSES, &self.classes),
            (table::MEMBERSHIPS, &self.memberships),
            (table::PEOPLE, &self.people),
            (table::CHANGES, &self.notes.values),
            (table::CHANGES, &late.values),
            (table::ROW_KEYS, &self.keys),
            (table::LIKELY_PAIRS, &self.likely),
        ] {
            insert_many(work, into, values)?;
        }
        // New records were filed as they were made.
        if self.is_to_file || plan.absent.iter().any(|a| a.ends) {
            refile(work, cluster, self.import)?;
        }
        Ok(())
    }

    /// Announces what a line changes in a record; its values are written with those
    /// of the others. Whatever else a few records need goes by itself here, for
    /// those whose notes are late.
    fn change(
        &self,
        work: &mut Work<'_>,
        (i, id): (usize, Id<Organisation>),
        o: &Outcome,
        late: &mut Notes,
    ) -> Result<()> {
        if !is_rewritten(o) {
            return Ok(());
        }
        if let Some(position) = self.late.get(&i) {
            late.position = *position;
            let found = Late {
                owned: choices::disown(work, id, &o.taken)?,
                is_name_noted: match renamed(o) {
                    Some(names) => former_names::note(work, id, names, self.at)?,
                    None => false,
                },
            };
            note(late, id, o, found)?;
        }
        work.announce(&OrganisationChanged {
            organisation: id,
            fields: fields(o),
        });
        Ok(())
    }

    /// Ends the memberships of records that somebody ticked.
    fn end(&self, work: &mut Work<'_>, plan: &Plan, notes: &mut Notes) -> Result<()> {
        let cluster = self.cluster;
        for absent in plan.absent.iter().filter(|a| a.ends) {
            let (organisation, day) = (absent.organisation, self.last_day()?);
            for membership in choices::end(work, organisation, cluster, day)? {
                notes.plain(ChangeKind::Ended, organisation, membership);
                work.announce(&MembershipEnded {
                    organisation,
                    cluster,
                });
            }
        }
        Ok(())
    }

    fn last_day(&self) -> Result<Day> {
        let missing = Error::Refused("import-error-ends-on");
        self.choices.ends_on.ok_or(missing)
    }
}
