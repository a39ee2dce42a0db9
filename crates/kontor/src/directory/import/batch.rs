//! Rows of an import, worked out from a plan before the writer is asked.

use std::collections::{BTreeMap, HashMap};

use kontor_analysis::names;
use kontor_platform::db::{Param, Val};
use kontor_platform::{Id, Instant, Result};

use super::super::model::{
    Cluster, Helix, MembershipKind, Organisation, Person, Size, State, Visibility,
};
use super::choices::Choices;
use super::commands::Source;
use super::model::{Action, Attr, ChangeKind, Contact, Import, Likeness, Other, Twin, Values};
use super::plan::{Outcome, Plan};
use super::rewrite::Rewrites;
use super::store::{self, Derived, some};
use super::writing;

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

/// The country of a new organisation whose list leaves it out.
const HOME: &str = "DE";

/// What an import did to one record, one after another: for undoing it.
pub(super) struct Notes {
    pub(super) import: Id<Import>,
    pub(super) position: i64,
    pub(super) values: Vec<Val<'static>>,
}

impl Notes {
    pub(super) fn add(
        &mut self,
        kind: ChangeKind,
        organisation: Id<Organisation>,
        subject: String,
        before: String,
        after: String,
    ) {
        self.values.extend([
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

    pub(super) fn plain(
        &mut self,
        kind: ChangeKind,
        organisation: Id<Organisation>,
        subject: String,
    ) {
        self.add(kind, organisation, subject, String::new(), String::new());
    }

    /// Keeps a position free for a note that comes later.
    fn skip(&mut self) -> i64 {
        self.position += 1;
        self.position - 1
    }
}

/// What a plan adds and changes, worked out.
pub struct Batch {
    pub(super) import: Id<Import>,
    pub(super) cluster: Id<Cluster>,
    visibility: Visibility,
    pub(super) choices: Choices,
    pub(super) at: Instant,
    pub(super) organisations: Vec<Val<'static>>,
    pub(super) externals: Vec<Val<'static>>,
    pub(super) classes: Vec<Val<'static>>,
    pub(super) memberships: Vec<Val<'static>>,
    pub(super) people: Vec<Val<'static>>,
    /// For each outcome the people that it makes.
    pub(super) persons: Vec<Vec<Id<Person>>>,
    /// Values that it changes in records that are there.
    pub(super) rewrites: Rewrites,
    pub(super) notes: Notes,
    /// Positions of the notes that only the writer can write, by the place of their
    /// lines.
    pub(super) late: BTreeMap<usize, i64>,
    pub(super) keys: Vec<Val<'static>>,
    /// New records with another one of nearly the same name.
    pub(super) likely: Vec<Val<'static>>,
    /// How many notes and keys lie in their tables already.
    pub(super) laid: Option<i64>,
    /// Whether a record that was there before joins.
    pub(super) is_to_file: bool,
}

/// What equal keys do not find again.
const NOT_BY_KEY: [Likeness; 2] = [Likeness::FormerName, Likeness::Similar];

/// Each new record with the first other one whose name is nearly the same, or a
/// former one that the list states, as far as the viewer may see it: what else is
/// alike is found again by equal keys.
fn likely(plan: &Plan) -> Vec<Val<'static>> {
    let lines: HashMap<usize, Id<Organisation>> = plan
        .outcomes
        .iter()
        .filter_map(|o| Some((o.line, o.organisation?)))
        .collect();
    let other = |twin: &Twin| match &twin.other {
        Other::Record { id, .. } => Some(*id),
        Other::Line { line, .. } => lines.get(line).copied(),
        Other::Hidden => None,
    };
    let mut all = Vec::new();
    for (_, new, outcome) in plan.by_organisation() {
        let mut alike = outcome.twins.iter();
        let alike = alike.find(|t| NOT_BY_KEY.contains(&t.likeness));
        let second = alike.and_then(other).filter(|second| *second != new);
        if outcome.action == Action::New {
            all.extend(second.into_iter().flat_map(|id| [own(new), own(id)]));
        }
    }
    all
}

impl Batch {
    /// Works out what a plan adds and changes at a moment.
    pub(super) fn of(source: &Source, plan: &Plan, at: Instant) -> Result<Batch> {
        let choices = source.choices.clone();
        let import = source.staged.unwrap_or_else(Id::new);
        let mut batch = Batch {
            import,
            cluster: source.cluster.id,
            visibility: choices.visibility.unwrap_or(source.cluster.visibility),
            choices,
            at,
            organisations: Vec::new(),
            externals: Vec::new(),
            classes: Vec::new(),
            memberships: Vec::new(),
            people: Vec::new(),
            persons: vec![Vec::new(); plan.outcomes.len()],
            rewrites: Rewrites::new(at),
            notes: Notes {
                import,
                position: 0,
                values: Vec::new(),
            },
            late: BTreeMap::new(),
            keys: Vec::new(),
            likely: likely(plan),
            laid: None,
            is_to_file: false,
        };
        let all = plan.by_organisation();
        for &(i, organisation, outcome) in &all {
            match outcome.action {
                Action::New => batch.create(i, organisation, outcome),
                Action::Changed => {
                    batch.is_to_file |= outcome.joins;
                    batch.add(i, organisation, outcome, String::new());
                }
                Action::Unchanged | Action::Rejected => {}
            }
            if let Some(key) = &outcome.remember {
                batch.keys.extend([
                    own(batch.cluster),
                    text(key.as_str()),
                    own(import),
                    own(organisation),
                    text(serde_json::to_string(&outcome.draft)?),
                ]);
            }
        }
        // Behind the notes of what is added: an undoing tells its facts in their order.
        for (i, organisation, outcome) in all {
            if writing::is_rewritten(outcome) {
                batch.rewrite(i, organisation, outcome)?;
            }
        }
        Ok(batch)
    }

    /// What a line changes in a record; `i` is its place.
    fn rewrite(&mut self, i: usize, id: Id<Organisation>, o: &Outcome) -> Result<()> {
        let mut values = Values::default();
        for change in &o.changes {
            values.set(change.attr, change.after.as_str());
        }
        let attrs = o.changes.iter().map(|c| c.attr).collect();
        let today = self.at.day().to_string();
        self.rewrites.add(id, attrs, &values, Some(&today))?;
        if writing::is_late(o) {
            self.late.insert(i, self.notes.skip());
            return Ok(());
        }
        writing::note(&mut self.notes, id, o, writing::Late::default())
    }

    /// A new record; `i` is the place of its line.
    fn create(&mut self, i: usize, id: Id<Organisation>, o: &Outcome) {
        let v = &o.draft.values;
        let d = Derived::of(v);
        let get = |attr| text(v.get(attr));
        let size = Size::parse(v.get(Attr::Size));
        self.organisations.extend([
            own(id),
            text(o.slug.as_str()),
            get(Attr::Name),
            text(d.sort_key.as_str()),
            text(d.name_key),
            own(Helix::parse(v.get(Attr::Side))),
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
            own(State::parse(v.get(Attr::State)).unwrap_or(State::Active)),
            Val::Int(1),
            own(self.at),
            own(self.at),
            own(self.cluster),
        ]);
        self.notes.plain(ChangeKind::Created, id, id.to_string());
        self.add(i, id, o, d.sort_key);
    }

    /// Identifiers, classes, membership and people of a line. A membership
    /// without a sort key is filed later.
    fn add(&mut self, i: usize, id: Id<Organisation>, o: &Outcome, sort_key: String) {
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
                text(sort_key),
            ]);
            self.notes
                .plain(ChangeKind::Joined, id, membership.to_string());
        }
        for contact in &o.people {
            self.meet(i, id, contact);
        }
    }

    /// A person whom a line names.
    fn meet(&mut self, i: usize, id: Id<Organisation>, contact: &Contact) {
        let person = Id::<Person>::new();
        self.people.extend([
            own(person),
            text(contact.name.as_str()),
            text(names::sort_key(&contact.name)),
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
        self.notes.plain(ChangeKind::Person, id, person.to_string());
        self.persons[i].push(person);
    }
}
