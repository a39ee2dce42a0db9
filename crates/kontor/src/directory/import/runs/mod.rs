//! Long lists: read, matched and written beside the request that asked, with
//! their progress to be seen and a way to stop.
//!
//! Words: a *run* works on one list in a thread of this process; it *looks*
//! (reads and matches) or goes on to *apply*, or it *takes back* what was
//! applied. The *desk* holds the runs.
//! Always true: only a run that applies or takes back has a row in the database,
//! and the row goes in the transaction that does it: a row without a living run
//! was interrupted, and nothing of it was done. An import that is in effect and
//! has a row is being taken back.

pub mod pages;
pub mod store;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use kontor_platform::db::Conn;
use kontor_platform::web::Form;
use kontor_platform::work::Stamp;
use kontor_platform::{Error, FieldErrors, Id, Result};

use super::super::policy::{Reach, reach};
use super::batch::Batch;
use super::choices::{Choices, names_people};
use super::columns;
use super::commands::{self, Source};
use super::model::{Field, Import, ImportState};
use super::pages::{Trouble, own_import};
use super::plan::{self, Plan};
use super::progress::{At, Progress, STOPPED, Step};
use super::undo;
use crate::accounts::{Cx, Who};

/// A list of more lines is worked on beside the request.
pub const LARGE: usize = 1_000;
/// For so long a matched list is kept for the next look.
const KEPT: Duration = Duration::from_secs(15 * 60);
/// How often other nodes are told where a run stands, in seconds.
const BEAT_S: u64 = 2;
/// A run that was not heard of for so many seconds is over.
const SILENT_S: i64 = 30;
/// How often a list is matched anew because the directory moved meanwhile.
const TRIES: usize = 5;

/// A list as it was read and matched.
pub struct Looked {
    pub source: Source,
    pub samples: Vec<Vec<String>>,
    pub plan: Arc<Plan>,
    mapping: String,
    reach: Reach,
}

/// How a run ended.
enum End {
    Looked,
    Applied,
    Undone,
    Stopped,
    Failed(Option<&'static str>, FieldErrors),
}

/// What a run is for.
pub enum Aim {
    Look,
    /// With what was decided.
    Apply(Form),
    TakeBack,
}

impl Aim {
    fn is_look(&self) -> bool {
        matches!(self, Aim::Look)
    }

    fn is_undo(&self) -> bool {
        matches!(self, Aim::TakeBack)
    }

    /// Key of what is said when it failed.
    fn failed(&self) -> &'static str {
        match self {
            Aim::TakeBack => "import-refused-undo-failed",
            _ => "import-refused-failed",
        }
    }
}

struct Run {
    progress: Arc<Progress>,
    aim: Aim,
    looked: Mutex<Option<Arc<Looked>>>,
    end: Mutex<Option<End>>,
    begun: Instant,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

type Desk = HashMap<Id<Import>, Arc<Run>>;

/// The runs of this process; ones that ended long ago are cleared away.
fn desk() -> MutexGuard<'static, Desk> {
    static DESK: LazyLock<Mutex<Desk>> = LazyLock::new(Mutex::default);
    let mut desk = held(&DESK);
    desk.retain(|_, run| held(&run.end).is_none() || run.begun.elapsed() < KEPT);
    desk
}

/// Where an import stands for somebody who looks at it.
pub enum Standing {
    /// Short enough to be matched while its page is made, or decided already;
    /// with what kept it from being taken back.
    Here(Trouble),
    /// Matched; with what kept it from being applied.
    Ready(Arc<Looked>, Trouble),
    Running(At),
    TakingBack(At),
    Stopped,
    /// Nobody has begun to match it.
    Unread,
}

/// Where an import stands, and whether it was interrupted.
pub fn standing(conn: &mut Conn, who: &Who, import: &Import) -> Result<(Standing, bool)> {
    let run = desk().get(&import.id).cloned();
    let (at, is_interrupted) = under_way(conn, who, import, run.as_deref())?;
    let is_staged = import.state == ImportState::Staged;
    match at {
        Some(at) if is_staged => return Ok((Standing::Running(at), false)),
        Some(at) => return Ok((Standing::TakingBack(at), false)),
        None => {}
    }
    if !is_staged {
        let run = run.filter(|run| import.state == ImportState::Applied && run.aim.is_undo());
        let trouble = run.map_or_else(Trouble::default, |run| run.trouble());
        return Ok((Standing::Here(trouble), is_interrupted));
    }
    if store::lines(conn, import.id)? <= LARGE {
        return Ok((Standing::Here(Trouble::default()), is_interrupted));
    }
    let Some(run) = run else {
        return Ok((Standing::Unread, is_interrupted));
    };
    let looked = held(&run.looked).clone();
    if let Some(looked) = looked
        && looked.mapping == import.mapping
        && looked.reach == reach(&who.actor)
        && !commands::is_stale(conn, looked.plan.head)?
    {
        return Ok((Standing::Ready(looked, run.trouble()), is_interrupted));
    }
    let is_stopped = matches!(*held(&run.end), Some(End::Stopped));
    let standing = if is_stopped && run.aim.is_look() {
        Standing::Stopped
    } else {
        Standing::Unread
    };
    Ok((standing, is_interrupted))
}

/// How far the run of an import is, here or on another node; without one,
/// whether there should be one.
fn under_way(
    conn: &mut Conn,
    who: &Who,
    import: &Import,
    run: Option<&Run>,
) -> Result<(Option<At>, bool)> {
    let is_live = |run: &&Run| held(&run.end).is_none();
    if let Some(run) = run.filter(is_live) {
        return Ok((Some(run.progress.at()), false));
    }
    if !matches!(import.state, ImportState::Staged | ImportState::Applied) {
        return Ok((None, false));
    }
    let Some(seen) = store::find(conn, import.id)? else {
        return Ok((None, false));
    };
    let is_heard = who.cx.site.clock.now().seconds_since(seen.seen_at) < SILENT_S;
    match who.cx.site.db.is_shared() && is_heard {
        true => Ok((Some(seen.at()), false)),
        false => Ok((None, true)),
    }
}

impl Run {
    /// What kept it from being applied, to be shown with what was typed.
    fn trouble(&self) -> Trouble {
        let (refused, errors) = match &*held(&self.end) {
            Some(End::Failed(key, errors)) => (*key, errors.clone()),
            Some(End::Stopped) => (Some(STOPPED), FieldErrors::default()),
            _ => (None, FieldErrors::default()),
        };
        Trouble {
            refused,
            errors,
            typed: match &self.aim {
                Aim::Apply(form) => form.clone(),
                _ => Form::default(),
            },
            chosen: None,
        }
    }
}

/// Begins a run in a thread of its own, unless one is on its way. What is to be
/// applied takes the place of a mere look.
pub fn begin(cx: &Cx, id: Id<Import>, aim: Aim, looked: Option<Arc<Looked>>) {
    let mut desk = desk();
    let is_look = aim.is_look();
    if let Some(run) = desk.get(&id)
        && held(&run.end).is_none()
    {
        if !run.aim.is_look() || is_look {
            return;
        }
        run.progress.stop();
    }
    let run = Arc::new(Run {
        progress: Arc::default(),
        aim,
        looked: Mutex::new(looked),
        end: Mutex::default(),
        begun: Instant::now(),
    });
    desk.insert(id, Arc::clone(&run));
    drop(desk);
    if !is_look && cx.site.db.is_shared() {
        tokio::spawn(tell(cx.clone(), id, Arc::clone(&run)));
    }
    let cx = cx.clone();
    // Not a task of the runtime: a server that stops does not wait for it.
    std::thread::spawn(move || {
        let worked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(&cx, id, &run)));
        let end = worked.unwrap_or_else(|_| {
            tracing::error!("an import panicked");
            End::Failed(Some(run.aim.failed()), FieldErrors::default())
        });
        if !is_look && !matches!(end, End::Applied | End::Undone) {
            let over = move |work: &mut kontor_platform::Work<'_>| {
                super::store::take_up(work, id)?;
                store::end(work, id)
            };
            let stamp = Stamp::system(cx.site.clock.now());
            if let Err(error) = cx.site.db.write_now(stamp, over) {
                // It is then shown as interrupted, which it is.
                tracing::error!(%error, "the end of an import could not be noted");
            }
        }
        *held(&run.end) = Some(end);
    });
}

/// Tells other nodes where a run stands, and hears whether to stop.
async fn tell(cx: Cx, id: Id<Import>, run: Arc<Run>) {
    loop {
        tokio::time::sleep(Duration::from_secs(BEAT_S)).await;
        if held(&run.end).is_some() {
            return;
        }
        let (at, now) = (run.progress.at(), cx.site.clock.now());
        let stamp = Stamp::system(now);
        let told = cx
            .site
            .db
            .write(stamp, move |work| store::beat(work, id, at, now));
        if matches!(told.await, Ok(true)) {
            run.progress.stop();
        }
    }
}

/// Stops a run here or on another node; false when it is too late.
pub async fn stop(cx: &Cx, id: Id<Import>) -> Result<bool> {
    let run = desk().get(&id).cloned();
    match run {
        // What is being taken back is done before anybody could stop it.
        Some(run) if run.aim.is_undo() => Ok(false),
        Some(run) if held(&run.end).is_none() => Ok(run.progress.stop()),
        _ => cx.write(move |work, _| store::cancel(work, id)).await,
    }
}

/// What to tell of an import that was applied or taken back since it was last
/// asked for: key of the sentence.
pub fn just_done(id: Id<Import>) -> Option<&'static str> {
    let mut desk = desk();
    let key = match *held(&desk.get(&id)?.end) {
        Some(End::Applied) => "flash-import-applied",
        Some(End::Undone) => "flash-import-undone",
        _ => return None,
    };
    desk.remove(&id);
    Some(key)
}

/// Lets go of what is known of a list that was given up.
pub fn forget(id: Id<Import>) {
    if let Some(run) = desk().remove(&id) {
        run.progress.stop();
    }
}

/// Key of the name of an import's state, among those that were begun.
pub fn state_key(begun: &[Id<Import>], import: &Import, is_shared: bool) -> &'static str {
    let is_here = || {
        desk()
            .get(&import.id)
            .is_some_and(|r| held(&r.end).is_none())
    };
    let is_staged = import.state == ImportState::Staged;
    match (begun.contains(&import.id), is_staged) {
        (false, _) => import.state.key(),
        (true, true) if is_shared || is_here() => "import-state-running",
        (true, true) => "import-state-interrupted",
        (true, false) if is_shared || is_here() => "import-state-undoing",
        (true, false) => "import-state-undo-interrupted",
    }
}

fn work(cx: &Cx, id: Id<Import>, run: &Run) -> End {
    let done = match &run.aim {
        Aim::Look => look(cx, id, run).map(|_| End::Looked),
        Aim::Apply(form) => apply(cx, id, run, form),
        Aim::TakeBack => take_back(cx, id, run),
    };
    match done {
        Ok(end) => end,
        Err(Error::Refused(STOPPED)) => End::Stopped,
        Err(Error::Refused(key)) => End::Failed(Some(key), FieldErrors::default()),
        Err(Error::Invalid(errors)) => End::Failed(None, errors),
        Err(error) => {
            tracing::error!(%error, "an import failed");
            End::Failed(Some(run.aim.failed()), FieldErrors::default())
        }
    }
}

/// Reads and matches; only the first part holds a snapshot of the database.
fn look(cx: &Cx, id: Id<Import>, run: &Run) -> Result<Arc<Looked>> {
    run.progress.begin(Step::Reading, 0)?;
    let (import, source, rows, reach, known) = cx.site.db.read_now(|conn| {
        let who = cx.who(conn)?;
        let (import, cluster) = own_import(conn, &who, id)?;
        if import.state != ImportState::Staged {
            return Err(Error::Refused("import-refused-not-staged"));
        }
        let rows = super::store::staged_rows(conn, id)?;
        let reach = reach(&who.actor);
        let known = super::store::known(conn, &cluster, &reach)?;
        let source = Source::of(&import, cluster)?;
        Ok((import, source, rows, reach, known))
    })?;
    run.progress.begin(Step::Reading, rows.len())?;
    let (mut lines, mut samples) = (Vec::with_capacity(rows.len()), Vec::new());
    for (i, (line, cells)) in rows.into_iter().enumerate() {
        run.progress.advance(i)?;
        let cells: Vec<String> = serde_json::from_str(&cells)?;
        let line = usize::try_from(line).unwrap_or_default();
        lines.push(columns::read_line(line, &cells, &source.mapping));
        if samples.len() < super::pages::SAMPLES {
            samples.push(cells);
        }
    }
    let plan = match source.mapping.contains(&Some(Field::Name)) {
        true => plan::plan(lines, &known, &run.progress)?,
        false => Plan {
            head: known.head,
            ..Plan::default()
        },
    };
    let looked = Arc::new(Looked {
        source,
        samples,
        plan: Arc::new(plan),
        mapping: import.mapping,
        reach,
    });
    *held(&run.looked) = Some(Arc::clone(&looked));
    Ok(looked)
}

fn apply(cx: &Cx, id: Id<Import>, run: &Run, form: &Form) -> Result<End> {
    let kept = held(&run.looked).clone();
    let mut looked = match kept {
        Some(looked) => looked,
        None => look(cx, id, run)?,
    };
    for _ in 0..TRIES {
        let (source, plan) = decided(cx, form, &looked)?;
        let (asker, plan) = (cx.clone(), Arc::new(plan));
        let stamp = Stamp::system(cx.site.clock.now());
        let mut batch = Batch::of(&source, &plan, stamp.at)?;
        batch.lay(&cx.site.db, &source, &stamp)?;
        run.progress.begin(Step::Writing, plan.outcomes.len())?;
        let done = cx.site.db.write_large_now(stamp, move |work| {
            let who = asker.who(work)?;
            let (_, cluster) = own_import(work, &who, id)?;
            work.acts(who.actor.account.map(|a| a.to_string()));
            work.acts_for(Some(cluster.id.to_string()));
            if !store::writes(work, id)? {
                return Err(Error::Refused(STOPPED));
            }
            let applied = commands::apply(work, &source, &plan, &batch)?;
            if applied {
                store::end(work, id)?;
            }
            Ok(applied)
        });
        if commands::is_applied(done)? {
            return Ok(End::Applied);
        }
        looked = look(cx, id, run)?;
    }
    Err(Error::Refused("import-refused-failed"))
}

fn take_back(cx: &Cx, id: Id<Import>, run: &Run) -> Result<End> {
    let asker = cx.clone();
    let stamp = Stamp::system(cx.site.clock.now());
    let may = move |work: &mut kontor_platform::Work<'_>| {
        let who = asker.who(work)?;
        let (_, cluster) = own_import(work, &who, id)?;
        work.acts(who.actor.account.map(|a| a.to_string()));
        work.acts_for(Some(cluster.id.to_string()));
        Ok(())
    };
    undo::undo_watched(&cx.site.db, &stamp, id, &run.progress, may)?;
    Ok(End::Undone)
}

/// The plan with what was decided in the form.
pub fn decided(cx: &Cx, form: &Form, looked: &Looked) -> Result<(Source, Plan)> {
    decide(cx, form, looked.source.clone(), Plan::clone(&looked.plan))
}

/// Lets a form decide about a plan, or says what keeps it from being applied.
pub fn decide(cx: &Cx, form: &Form, mut source: Source, mut plan: Plan) -> Result<(Source, Plan)> {
    if !source.mapping.contains(&Some(Field::Name)) {
        return Err(Error::Refused("import-refused-no-name-column"));
    }
    if plan.counts.rejected > 0 && !form.ticked("ueberspringen") {
        return Err(Error::Refused("import-refused-rejected"));
    }
    let is_peopled = names_people(&source.mapping);
    source.choices = Choices::read(form, &plan, is_peopled, cx.now.day())?;
    plan.decide(&source.choices);
    Ok((source, plan))
}
