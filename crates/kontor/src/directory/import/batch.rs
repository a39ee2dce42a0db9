//! Rows of an applied import, collected from a plan and written table by table.

use std::collections::BTreeMap;

use kontor_analysis::names::sort_key;
use kontor_platform::db::{Param, Val};
use kontor_platform::{Day, Error, Id, Result, Work};
use serde::{Deserialize, Serialize};

use super::super::list::refile;
use super::super::model::{
    Cluster, MembershipBegan, MembershipEnded, MembershipKind, Organisation, OrganisationCreated,
    Person, PersonCreated, State, Visibility,
};
use super::choices::{self, Choices, Owned};
use super::commands::Source;
use super::model::{Action, Attr, ChangeKind, Field, Import, OrganisationChanged};
use super::news;
use super::plan::{Outcome, Plan};
use super::store::{self, Derived, some, table};

pub(super) fn own(value: impl Param) -> Val<'static> {
    match value.val() {
        Val::Text(text) => Val::Text(text.into_owned().into()),
        Val::Int(n) => Val::Int(n),
        Val::Real(x) => Val::Real(x),
        Val::Null => Val::Null,
    }
}

pub(super) fn text(value: impl Into<String>) -> Val<'static> {
    Val::Text(value.into().into())
}

pub(super) fn number(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

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

/// The country of a new organisation whose list leaves it out.
const HOME: &str = "DE";

/// Rows of every table, collected and written table by table.
pub(super) struct Batch {
    import: Id<Import>,
    cluster: Id<Cluster>,
    visibility: Visibility,
    choices: Choices,
    at: kontor_platform::Instant,
    organisations: Vec<Val<'static>>,
    externals: Vec<Val<'static>>,
    classes: Vec<Val<'static>>,
    memberships: Vec<Val<'static>>,
    people: Vec<Val<'static>>,
    rows: Vec<Val<'static>>,
    changes: Vec<Val<'static>>,
    keys: Vec<Val<'static>>,
    position: i64,
}

impl Batch {
    pub(super) fn new(import: Id<Import>, source: &Source, work: &Work<'_>) -> Batch {
        let choices = source.choices.clone();
        Batch {
            import,
            cluster: source.cluster.id,
            visibility: choices.visibility.unwrap_or(source.cluster.visibility),
            choices,
            at: work.now(),
            organisations: Vec::new(),
            externals: Vec::new(),
            classes: Vec::new(),
            memberships: Vec::new(),
            people: Vec::new(),
            rows: Vec::new(),
            changes: Vec::new(),
            keys: Vec::new(),
            position: 0,
        }
    }

    pub(super) fn write(mut self, work: &mut Work<'_>, plan: &Plan) -> Result<()> {
        for outcome in &plan.outcomes {
            self.row(outcome);
            let Some(organisation) = outcome.organisation else {
                continue;
            };
            match outcome.action {
                Action::New => self.create(work, organisation, outcome)?,
                Action::Changed => self.change(work, organisation, outcome)?,
                Action::Unchanged | Action::Rejected => {}
            }
            if let Some(key) = &outcome.remember {
                self.keys.extend([
                    own(self.cluster),
                    text(key.as_str()),
                    own(self.import),
                    own(organisation),
                    text(serde_json::to_string(&outcome.draft)?),
                ]);
            }
        }
        self.end(work, plan)?;
        for (into, values) in [
            (table::ORGANISATIONS, &self.organisations),
            (table::EXTERNALS, &self.externals),
            (table::CLASSES, &self.classes),
            (table::MEMBERSHIPS, &self.memberships),
            (table::PEOPLE, &self.people),
            (table::ROWS, &self.rows),
            (table::CHANGES, &self.changes),
            (table::ROW_KEYS, &self.keys),
        ] {
            store::insert(work, into, values)?;
        }
        refile(work, self.cluster, self.import)
    }

    /// Keeps what became of a line, without what it said.
    fn row(&mut self, o: &Outcome) {
        self.rows.extend([
            own(self.import),
            Val::Int(number(o.line)),
            text(o.action.as_str()),
            own(o.organisation),
            text(o.reason.as_ref().map_or("", super::model::Reason::key)),
            text(""),
        ]);
    }

    fn create(&mut self, work: &mut Work<'_>, id: Id<Organisation>, o: &Outcome) -> Result<()> {
        let v = &o.draft.values;
        let d = Derived::of(v);
        let get = |attr| text(v.get(attr));
        let size = some(v.get(Attr::Size));
        self.organisations.extend([
            own(id),
            text(o.slug.as_str()),
            get(Attr::Name),
            text(d.sort_key),
            text(d.name_key),
            own(some(v.get(Attr::Side))),
            own(size),
            own(size.map(|_| self.at.day())),
            own(d.founded),
            get(Attr::Street),
            get(Attr::Postcode),
            get(Attr::City),
            text(d.city_key),
            get(Attr::Region),
            text(some(v.get(Attr::Country)).unwrap_or(HOME)),
            get(Attr::Website),
            text(d.web_host),
            get(Attr::MailHost),
            get(Attr::RegisterNumber),
            get(Attr::Summary),
            text(""),
            text(""),
            text(""),
            get(Attr::Competences),
            text(""),
            own(self.visibility),
            text(some(v.get(Attr::State)).unwrap_or(State::Active.as_str())),
            Val::Int(1),
            own(self.at),
            own(self.at),
        ]);
        self.note(
            ChangeKind::Created,
            id,
            id.to_string(),
            String::new(),
            String::new(),
        );
        work.announce(&OrganisationCreated { organisation: id });
        self.add(work, id, o);
        Ok(())
    }

    fn change(&mut self, work: &mut Work<'_>, id: Id<Organisation>, o: &Outcome) -> Result<()> {
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
            let before = Before {
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
            self.note(
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
        self.add(work, id, o);
        Ok(())
    }

    /// Identifiers, classes, membership and person of a line.
    fn add(&mut self, work: &mut Work<'_>, id: Id<Organisation>, o: &Outcome) {
        for (scheme, value) in &o.external {
            self.externals
                .extend([text(scheme.as_str()), text(value.as_str()), own(id)]);
        }
        for code in &o.classes {
            self.classes.extend([own(id), text(code.as_str())]);
        }
        if o.joins {
            let membership = Id::<MembershipKind>::new();
            self.memberships.extend([
                own(membership),
                own(id),
                own(self.cluster),
                own(o.draft.kind.unwrap_or(MembershipKind::Member)),
                text("active"),
                own(store::since(o.draft.since.as_deref(), self.at)),
                Val::Null,
                own(self.at),
            ]);
            let cluster = self.cluster;
            self.note(
                ChangeKind::Joined,
                id,
                membership.to_string(),
                String::new(),
                String::new(),
            );
            work.announce(&MembershipBegan {
                organisation: id,
                cluster,
            });
        }
        let Some(contact) = &o.person else { return };
        let person = Id::<Person>::new();
        self.people.extend([
            own(person),
            text(contact.name.as_str()),
            text(sort_key(&contact.name)),
            text(contact.function.as_str()),
            text(contact.mail.as_str()),
            text(contact.phone.as_str()),
            own(id),
            Val::Null,
            text("import"),
            text("active"),
            own(self.at),
            own(self.import),
            text(self.choices.ground.map_or("", |g| g.as_str())),
        ]);
        self.note(
            ChangeKind::Person,
            id,
            person.to_string(),
            String::new(),
            String::new(),
        );
        work.announce(&PersonCreated { person });
    }

    /// Ends the memberships of records that somebody ticked.
    fn end(&mut self, work: &mut Work<'_>, plan: &Plan) -> Result<()> {
        let cluster = self.cluster;
        for absent in plan.absent.iter().filter(|a| a.ends) {
            let (organisation, day) = (absent.organisation, self.last_day()?);
            for membership in choices::end(work, organisation, cluster, day)? {
                self.note(
                    ChangeKind::Ended,
                    organisation,
                    membership,
                    String::new(),
                    String::new(),
                );
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

    fn note(
        &mut self,
        kind: ChangeKind,
        organisation: Id<Organisation>,
        subject: String,
        before: String,
        after: String,
    ) {
        self.changes.extend([
            own(self.import),
            Val::Int(self.position),
            own(kind),
            own(organisation),
            text(subject),
            text(before),
            text(after),
        ]);
        self.position += 1;
    }
}
