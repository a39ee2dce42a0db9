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
use super::news;
use super::plan::{Outcome, Plan};
use super::store::{self, table};

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
                Action::Changed => self.change(work, organisation, outcome, &mut late)?,
                Action::Unchanged | Action::Rejected => continue,
            }
            if outcome.joins {
                work.announce(&MembershipBegan {
                    organisation,
                    cluster,
                });
            }
            if let Some(person) = self.persons[i] {
                work.announce(&PersonCreated { person });
            }
        }
        self.end(work, plan, &mut late)?;
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

    /// Values that a line changes in a record.
    fn change(
        &self,
        work: &mut Work<'_>,
        id: Id<Organisation>,
        o: &Outcome,
        notes: &mut Notes,
    ) -> Result<()> {
        if !(o.changes.is_empty() && o.external.is_empty() && o.classes.is_empty()) {
            let now = store::organisation(work, id)?;
            let values = news::changed(&now.record.values, &o.changes);
            let resized = o.changes.iter().any(|c| c.attr == Attr::Size);
            let as_of = if resized {
                Some(self.at.day().to_string())
            } else {
                now.size_as_of.clone()
            };
            store::update_organisation(work, id, &values, as_of.as_deref(), self.at)?;
            let names = (now.record.values.get(Attr::Name), values.get(Attr::Name));
            let before = Before {
                is_name_noted: former_names::note(work, id, names, self.at)?,
                values: o
                    .changes
                    .iter()
                    .map(|c| (c.attr, c.before.clone()))
                    .collect(),
                size_as_of: now.size_as_of,
                external: o.external.clone(),
                classes: o.classes.clone(),
                owned: choices::disown(work, id, &o.taken)?,
            };
            let after: BTreeMap<Attr, &str> = o
                .changes
                .iter()
                .map(|c| (c.attr, c.after.as_str()))
                .collect();
            notes.add(
                ChangeKind::Changed,
                id,
                id.to_string(),
                serde_json::to_string(&before)?,
                serde_json::to_string(&after)?,
            );
            work.announce(&OrganisationChanged {
                organisation: id,
                fields: fields(o),
            });
        }
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
