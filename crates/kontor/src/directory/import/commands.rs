//! Verbs of imports: plan, stage, apply in one transaction, give up.

use std::collections::BTreeMap;

use kontor_analysis::names::sort_key;
use kontor_platform::db::{Conn, Db, Param, Val};
use kontor_platform::work::Stamp;
use kontor_platform::{Error, Id, Result, Work, log};
use serde::{Deserialize, Serialize};

use super::super::model::{
    Cluster, MembershipBegan, MembershipKind, Organisation, OrganisationCreated, Person,
    PersonCreated, State, Visibility,
};
use super::super::policy::Reach;
use super::columns::{self, Mapping};
use super::known::Known;
use super::model::{
    Action, Attr, ChangeKind, Field, Import, ImportApplied, ImportState, Line, OrganisationChanged,
};
use super::plan::{self, Outcome, Plan};
use super::store::{self, Derived, some, table};

/// Where a list came from and how its columns are read.
#[derive(Debug, Clone)]
pub struct Source {
    pub cluster: Cluster,
    pub file_name: String,
    pub file_hash: String,
    pub header: Vec<String>,
    pub mapping: Mapping,
    /// The import that is staged already, if there is one.
    pub staged: Option<Id<Import>>,
    pub actor: Option<String>,
}

/// What a cluster's earlier lists taught about headings.
pub fn remembered_columns(conn: &mut Conn, cluster: &Cluster) -> Result<BTreeMap<String, Field>> {
    store::mapping(conn, cluster.id)
}

/// Plans an import in the snapshot of the connection.
pub fn plan(conn: &mut Conn, cluster: &Cluster, reach: &Reach, lines: Vec<Line>) -> Result<Plan> {
    let known: Known = store::known(conn, cluster, reach)?;
    Ok(plan::plan(lines, &known))
}

/// How often a plan is made anew because the directory moved meanwhile.
const TRIES: usize = 5;

/// Plans and applies on the calling thread; says the plan that was applied and
/// the import, none when nothing changes.
pub fn run(
    db: &Db,
    source: &Source,
    reach: &Reach,
    lines: &[Line],
    stamp: &Stamp,
) -> Result<(Plan, Option<Id<Import>>)> {
    for _ in 0..TRIES {
        let plan = db.read_now(|conn| plan(conn, &source.cluster, reach, lines.to_vec()))?;
        if !plan.has_effect() && source.staged.is_none() {
            return Ok((plan, None));
        }
        let plan = std::sync::Arc::new(plan);
        let (handed, source) = (plan.clone(), source.clone());
        let applied = db.write_now(stamp.clone(), move |work| apply(work, &source, &handed))?;
        if let Some(id) = applied {
            let plan = std::sync::Arc::unwrap_or_clone(plan);
            return Ok((plan, Some(id)));
        }
    }
    Err(Error::TooMany {
        retry_after_s: 2,
        overload: true,
    })
}

/// Whether the directory has moved since a plan was made.
fn is_stale(conn: &mut Conn, head: i64) -> Result<bool> {
    let mut seen = head;
    loop {
        let facts = log::after(conn, seen, 1000)?;
        let Some(last) = facts.last() else {
            return Ok(false);
        };
        seen = last.seq;
        if facts.iter().any(|f| f.kind.starts_with("directory.")) {
            return Ok(true);
        }
    }
}

/// Applies a plan: everything or nothing. `None` when the directory has moved
/// since the plan was made; then it has to be made again.
pub fn apply(work: &mut Work<'_>, source: &Source, plan: &Plan) -> Result<Option<Id<Import>>> {
    if is_stale(work, plan.head)? {
        return Ok(None);
    }
    let at = work.now();
    let id = match source.staged {
        Some(id) => id,
        None => stage(work, source, &[])?,
    };
    if store::import(work, id)?.state != ImportState::Staged {
        return Err(Error::Refused("import-refused-not-staged"));
    }
    store::delete_rows(work, id)?;
    if plan.has_effect() {
        let batch = Batch::new(id, source.cluster.id, source.cluster.visibility, work);
        batch.write(work, plan)?;
        remember_columns(work, source)?;
        super::super::figures::recount(work)?;
        work.announce(&ImportApplied {
            import: id,
            cluster: source.cluster.id,
        });
    }
    let mapping = serde_json::to_string(&source.mapping)?;
    store::set_applied(work, id, &plan.counts, &mapping, at)?;
    Ok(Some(id))
}

/// Puts a list aside until somebody decides; its cells are forgotten then.
pub fn stage(
    work: &mut Work<'_>,
    source: &Source,
    rows: &[(usize, Vec<String>)],
) -> Result<Id<Import>> {
    let id = Id::new();
    let at = work.now();
    store::insert_import(
        work,
        &store::NewImport {
            id,
            cluster: source.cluster.id,
            file_name: &source.file_name,
            file_hash: &source.file_hash,
            header: &serde_json::to_string(&source.header)?,
            mapping: &serde_json::to_string(&source.mapping)?,
            actor: source.actor.as_deref(),
        },
        at,
    )?;
    let mut values = Vec::with_capacity(rows.len() * table::ROWS.1);
    for (line, cells) in rows {
        values.extend([
            own(id),
            Val::Int(number(*line)),
            text("staged"),
            Val::Null,
            text(""),
            text(serde_json::to_string(cells)?),
        ]);
    }
    store::insert(work, table::ROWS, &values)?;
    Ok(id)
}

/// Remembers what somebody corrected, so that the next list needs no hand.
fn remember_columns(work: &mut Work<'_>, source: &Source) -> Result<()> {
    let shipped = columns::recognise(&source.header, &BTreeMap::new());
    let mut remembered = store::mapping(work, source.cluster.id)?;
    let before = remembered.clone();
    for ((heading, field), known) in source.header.iter().zip(&source.mapping).zip(shipped) {
        let key = columns::heading_key(heading);
        if *field == known {
            remembered.remove(&key);
        } else if !key.is_empty() {
            remembered.insert(key, field.unwrap_or(Field::Ignored));
        }
    }
    if remembered != before {
        store::set_mapping(work, source.cluster.id, &remembered)?;
    }
    Ok(())
}

fn own(value: impl Param) -> Val<'static> {
    match value.val() {
        Val::Text(text) => Val::Text(text.into_owned().into()),
        Val::Int(n) => Val::Int(n),
        Val::Real(x) => Val::Real(x),
        Val::Null => Val::Null,
    }
}

fn text(value: impl Into<String>) -> Val<'static> {
    Val::Text(value.into().into())
}

fn number(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// What an import found before it changed a record: for undoing.
#[derive(Serialize, Deserialize)]
pub(super) struct Before {
    pub(super) values: BTreeMap<Attr, String>,
    pub(super) size_as_of: Option<String>,
    pub(super) external: Vec<(String, String)>,
    pub(super) classes: Vec<String>,
}

/// The country of a new organisation whose list leaves it out.
const HOME: &str = "DE";

/// Rows of every table, collected and written table by table.
struct Batch {
    import: Id<Import>,
    cluster: Id<Cluster>,
    visibility: Visibility,
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
    fn new(
        import: Id<Import>,
        cluster: Id<Cluster>,
        visibility: Visibility,
        work: &Work<'_>,
    ) -> Batch {
        Batch {
            import,
            cluster,
            visibility,
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

    fn write(mut self, work: &mut Work<'_>, plan: &Plan) -> Result<()> {
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
        Ok(())
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
            let values = plan::changed(&now.record.values, &o.changes);
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
            work.announce(&OrganisationChanged { organisation: id });
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

/// Gives a staged import up.
pub fn cancel(work: &mut Work<'_>, id: Id<Import>) -> Result<()> {
    if store::set_cancelled(work, id)? == 0 {
        return Err(Error::Refused("import-refused-not-staged"));
    }
    store::delete_rows(work, id)
}
