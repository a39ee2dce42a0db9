//! What people decide about a list: where its personal data come from, who may
//! see new organisations, which kept fields are overwritten nevertheless, and
//! whose membership ends.

mod store;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use kontor_platform::db::Conn;
use kontor_platform::web::Form;
use kontor_platform::{Day, Error, FieldErrors, Id, Instant, Result, Work};
use serde::{Deserialize, Serialize};

use super::super::model::{Cluster, LegalGround, Organisation, Visibility};
use super::model::{Action, Attr, Field, Import};
use super::plan::Plan;

pub use store::owned;

/// Decisions about a plan. By default everything stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// Where the personal data of the list come from, in words.
    pub source: String,
    /// None: the people it makes stay hidden and are not written to.
    pub ground: Option<LegalGround>,
    /// Who may first see new organisations; none: as the cluster has it.
    pub visibility: Option<Visibility>,
    /// Fields that are taken from the list although the organisation keeps them.
    pub taken: HashSet<(Id<Organisation>, Attr)>,
    /// Absent organisations whose membership ends.
    pub ended: HashSet<Id<Organisation>>,
    /// The first day on which those are no members any more.
    pub ends_on: Option<Day>,
}

/// The longest text that says where data come from.
const SOURCE: usize = 200;

impl Choices {
    /// Reads what was decided in the preview; every error at once.
    pub fn read(form: &Form, plan: &Plan, asks_ground: bool, today: Day) -> Result<Choices> {
        let mut errors = FieldErrors::default();
        let source: String = form.text("source").chars().take(SOURCE).collect();
        let ground = LegalGround::parse(form.text("ground"));
        if asks_ground && source.is_empty() {
            errors.add("source", "import-error-source");
        }
        if asks_ground && ground.is_none() {
            errors.add("ground", "import-error-ground");
        }
        let pair = |value: &str| {
            let (id, attr) = value.split_once(':')?;
            Some((id.parse().ok()?, Attr::parse(attr)?))
        };
        let choices = Choices {
            source,
            ground,
            visibility: Visibility::parse(form.text("visibility")),
            taken: form.all("take").filter_map(pair).collect(),
            ended: form.all("end").filter_map(|id| id.parse().ok()).collect(),
            ends_on: Day::parse(form.text("ends-on")),
        };
        let any = plan
            .absent
            .iter()
            .any(|a| choices.ended.contains(&a.organisation));
        let in_a_year = today.0.saturating_add(jiff::Span::new().years(1));
        if any && choices.ends_on.is_none_or(|day| day.0 > in_a_year) {
            errors.add("ends-on", "import-error-ends-on");
        }
        errors.done(choices)
    }
}

impl Plan {
    /// Lets the decisions take effect on a fresh plan.
    pub fn decide(&mut self, choices: &Choices) {
        for outcome in &mut self.outcomes {
            let Some(organisation) = outcome.organisation else {
                continue;
            };
            let takes = |attr| choices.taken.contains(&(organisation, attr));
            let (taken, asked): (Vec<_>, Vec<_>) =
                outcome.asked.drain(..).partition(|c| takes(c.attr));
            outcome.asked = asked;
            if taken.is_empty() {
                continue;
            }
            outcome.taken = taken.iter().map(|c| c.attr).collect();
            outcome.changes.extend(taken);
            if outcome.action == Action::Unchanged {
                outcome.action = Action::Changed;
                self.counts.unchanged -= 1;
                self.counts.changed += 1;
            }
        }
        for absent in &mut self.absent {
            absent.ends = choices.ended.contains(&absent.organisation);
        }
    }

    /// Whether there is anything for people to decide.
    pub fn asks(&self) -> bool {
        !self.absent.is_empty() || self.outcomes.iter().any(|o| !o.asked.is_empty())
    }
}

/// Whether a list with these columns names people.
pub fn names_people(mapping: &[Option<Field>]) -> bool {
    mapping.iter().flatten().any(|field| field.is_of_person())
}

/// A field that an organisation kept itself, since when and by whom.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Owned {
    pub field: Attr,
    pub account: Option<String>,
    pub at: i64,
}

/// The fields are the list's again; says what to restore.
pub fn disown(
    work: &mut Work<'_>,
    organisation: Id<Organisation>,
    fields: &[Attr],
) -> Result<Vec<Owned>> {
    let mut before = Vec::new();
    for &field in fields {
        if let Some((account, at)) = store::disown(work, organisation, field)? {
            before.push(Owned {
                field,
                account,
                at: at.0,
            });
        }
    }
    Ok(before)
}

/// Gives fields back to the organisation.
pub fn own_again(work: &mut Work<'_>, organisation: Id<Organisation>, all: &[Owned]) -> Result<()> {
    for o in all {
        store::own(
            work,
            organisation,
            o.field,
            o.account.as_deref(),
            Instant(o.at),
        )?;
    }
    Ok(())
}

/// Ends every open membership of an organisation in a cluster; says which.
pub fn end(
    work: &mut Work<'_>,
    organisation: Id<Organisation>,
    cluster: Id<Cluster>,
    day: Day,
) -> Result<Vec<String>> {
    let open = store::open_memberships(work, organisation, cluster)?;
    for (id, since) in &open {
        if day < *since {
            return Err(Error::Refused("import-refused-ends-before-start"));
        }
        store::end(work, id, day)?;
    }
    Ok(open.into_iter().map(|(id, _)| id).collect())
}

/// Stores where the list's people come from with the import.
pub fn remember_ground(work: &mut Work<'_>, import: Id<Import>, choices: &Choices) -> Result<()> {
    match choices.ground {
        Some(ground) => store::set_ground(work, import, &choices.source, ground),
        None => Ok(()),
    }
}

/// What the cluster's last list with people said: source and ground.
pub fn suggestion(conn: &mut Conn, cluster: Id<Cluster>) -> Result<(String, String)> {
    store::last_ground(conn, cluster)
}
