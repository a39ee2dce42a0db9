//! Verbs of imports: plan, stage, apply in one transaction, give up.

use std::collections::BTreeMap;
use std::sync::Arc;

use kontor_platform::db::{Conn, Db, Val, insert_many};
use kontor_platform::work::Stamp;
use kontor_platform::{Error, Id, Result, Work, log};

use super::super::model::Cluster;
use super::super::policy::Reach;
use super::batch::{Batch, number, own, text};
use super::choices::{self, Choices};
use super::columns::{self, Mapping};
use super::known::Known;
use super::model::{Field, Import, ImportApplied, ImportState, Line};
use super::plan::{self, Plan};
use super::progress::{Progress, Step};
use super::ready;
use super::runs;
use super::store::{self, table};

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
    /// What somebody decided about it.
    pub choices: Choices,
}

impl Source {
    /// The source of a staged import; nothing is decided yet.
    pub fn of(import: &Import, cluster: Cluster) -> Result<Source> {
        Ok(Source {
            cluster,
            file_name: import.file_name.clone(),
            file_hash: import.file_hash.clone(),
            header: serde_json::from_str(&import.header)?,
            mapping: serde_json::from_str(&import.mapping)?,
            staged: Some(import.id),
            actor: None,
            choices: Choices::default(),
        })
    }
}

/// What a cluster's earlier lists taught about headings.
pub fn remembered_columns(conn: &mut Conn, cluster: &Cluster) -> Result<BTreeMap<String, Field>> {
    store::mapping(conn, cluster.id)
}

/// Plans an import in the snapshot of the connection.
pub fn plan(conn: &mut Conn, cluster: &Cluster, reach: &Reach, lines: Vec<Line>) -> Result<Plan> {
    let known: Known = store::known(conn, cluster, reach)?;
    plan::plan(lines, &known, &Progress::default())
}

/// Plans on the calling thread; the database is only held to be read.
pub fn plan_watched(
    db: &Db,
    cluster: &Cluster,
    reach: &Reach,
    lines: Vec<Line>,
    progress: &Progress,
) -> Result<Plan> {
    let known: Known = db.read_now(|conn| store::known(conn, cluster, reach))?;
    plan::plan(lines, &known, progress)
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
    run_watched(db, source, reach, lines, stamp, &Progress::default())
}

/// The same, with somebody looking on.
pub fn run_watched(
    db: &Db,
    source: &Source,
    reach: &Reach,
    lines: &[Line],
    stamp: &Stamp,
    progress: &Progress,
) -> Result<(Plan, Option<Id<Import>>)> {
    for _ in 0..TRIES {
        let mut plan = plan_watched(db, &source.cluster, reach, lines.to_vec(), progress)?;
        plan.decide(&source.choices);
        if !plan.has_effect() && source.staged.is_none() {
            return Ok((plan, None));
        }
        let plan = Arc::new(plan);
        let mut batch = Batch::of(source, &plan, stamp.at)?;
        let import = batch.import;
        let (handed, of) = (Arc::clone(&plan), source.clone());
        let done = batch.lay(db, source, stamp).and_then(|()| {
            progress.begin(Step::Writing, plan.outcomes.len())?;
            let is_long = batch.laid.is_some();
            let act = move |work: &mut Work<'_>| apply(work, &of, &handed, &batch);
            if is_long {
                db.write_large_now(stamp.clone(), act)
            } else {
                db.write_now(stamp.clone(), act)
            }
        });
        if !matches!(done, Ok(true)) {
            ready::take_up(db, source, import, stamp)?;
        }
        if is_applied(done)? {
            return Ok((Arc::unwrap_or_clone(plan), Some(import)));
        }
    }
    Err(overtaken())
}

/// Somebody else's command came first; what was planned has to be planned anew.
pub(super) fn overtaken() -> Error {
    Error::TooMany {
        retry_after_s: 2,
        overload: true,
    }
}

/// Whether a plan was applied; false as well when somebody else came first.
///
/// # Errors
/// Whatever else kept it from being applied.
pub(super) fn is_applied(done: Result<bool>) -> Result<bool> {
    match done {
        Err(Error::TooMany { .. }) => Ok(false),
        done => done,
    }
}

/// What happens at the public doors, to who may see what of a person, and to
/// proposals, changes nothing that a list is matched with.
const ASIDE: [&str; 9] = [
    "directory.request_made",
    "directory.request_rejected",
    "directory.message_",
    "directory.sender_",
    "directory.report_",
    "directory.contact_",
    "directory.publication_",
    "directory.merge_proposed",
    "directory.merge_agreement_changed",
];

/// Whether a fact may change what becomes of a list's lines.
fn counts(kind: &str) -> bool {
    kind.starts_with("directory.") && !ASIDE.iter().any(|aside| kind.starts_with(aside))
}

/// Whether the directory has moved since a plan was made.
pub(super) fn is_stale(conn: &mut Conn, head: i64) -> Result<bool> {
    let mut seen = head;
    loop {
        let facts = log::after(conn, seen, 1000)?;
        let Some(last) = facts.last() else {
            return Ok(false);
        };
        seen = last.seq;
        if facts.iter().any(|f| counts(&f.kind)) {
            return Ok(true);
        }
    }
}

/// Applies a plan: everything or nothing. False when the directory has moved
/// since the plan was made; then nothing is written, and it has to be made again.
///
/// # Errors
/// Too many when the directory moved while it was written: nothing may be
/// committed then.
pub fn apply(work: &mut Work<'_>, source: &Source, plan: &Plan, batch: &Batch) -> Result<bool> {
    if is_stale(work, plan.head)? || !batch.lies(work)? {
        return Ok(false);
    }
    let (at, id) = (work.now(), batch.import);
    let waits = match (source.staged, batch.laid) {
        (None, Some(_)) => ImportState::Cancelled,
        _ => ImportState::Staged,
    };
    if source.staged.is_none() && batch.laid.is_none() {
        begin(work, source, id, waits)?;
    }
    if store::import(work, id)?.state != waits {
        return Err(Error::Refused("import-refused-not-staged"));
    }
    store::delete_rows(work, id)?;
    let mapping = serde_json::to_string(&source.mapping)?;
    store::set_applied(work, id, &plan.counts, &mapping, at)?;
    if plan.has_effect() {
        batch.write(work, plan)?;
        choices::remember_ground(work, id, &source.choices)?;
        remember_columns(work, source)?;
    }
    // On PostgreSQL others commit until here; from here on nobody does.
    log::hold(work)?;
    if is_stale(work, plan.head)? {
        return Err(overtaken());
    }
    if plan.has_effect() {
        super::super::figures::recount(work)?;
        work.announce(&ImportApplied {
            import: id,
            cluster: source.cluster.id,
        });
    }
    Ok(true)
}

/// Notes that an import begins.
pub(super) fn begin(
    work: &mut Work<'_>,
    source: &Source,
    id: Id<Import>,
    state: ImportState,
) -> Result<()> {
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
            state,
            actor: source.actor.as_deref(),
        },
        at,
    )
}

/// Puts a list aside until somebody decides; its cells are forgotten then.
pub fn stage(
    work: &mut Work<'_>,
    source: &Source,
    rows: &[(usize, Vec<String>)],
) -> Result<Id<Import>> {
    let id = Id::new();
    begin(work, source, id, ImportState::Staged)?;
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
    insert_many(work, table::ROWS, &values)?;
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

/// Gives a staged import up.
pub fn cancel(work: &mut Work<'_>, id: Id<Import>) -> Result<()> {
    if store::set_cancelled(work, id)? == 0 {
        return Err(Error::Refused("import-refused-not-staged"));
    }
    runs::store::end(work, id)?;
    store::take_up(work, id)?;
    store::delete_rows(work, id)
}
