//! SQLite: how a file is opened, and the one thread that writes to it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, OnceLock};

use tokio::sync::oneshot;

use super::Conn;
use super::conn::Engine;
use crate::error::{Error, Result};
use crate::log;
use crate::work::{Pending, Stamp, Work};

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Reader,
    Writer,
}

/// Jobs that may wait for the writer before new ones are turned away.
const QUEUE: usize = 1024;
/// Jobs that share one commit at the most.
const BATCH: usize = 128;

pub(super) fn open(path: &Path, role: Role) -> Result<Conn> {
    let lite = rusqlite::Connection::open(path)?;
    lite.set_prepared_statement_cache_capacity(400);
    // Without this promise SQLite prepares a statement anew whenever a bound
    // value could change its plan: at every call, for most of ours.
    lite.set_db_config(
        rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG,
        true,
    )?;
    let cache_kib = if role == Role::Writer { 8192 } else { 2048 };
    lite.execute_batch(&format!(
        "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
         PRAGMA foreign_keys = ON; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY; \
         PRAGMA cache_size = -{cache_kib};"
    ))?;
    if role == Role::Reader {
        lite.execute_batch("PRAGMA query_only = ON;")?;
    }
    Ok(Conn::new(Engine::Lite(lite)))
}

pub(super) fn copy(from: &Path, to: &Path) -> Result<()> {
    let source = rusqlite::Connection::open(from)?;
    let mut target = rusqlite::Connection::open(to)?;
    let backup = rusqlite::backup::Backup::new(&source, &mut target)?;
    backup.run_to_completion(1000, std::time::Duration::from_millis(1), None)?;
    Ok(())
}

/// What a job leaves behind: its facts if it may be committed, and how its
/// caller is answered once that is known.
struct Done {
    facts: Option<Vec<Pending>>,
    answer: Box<dyn FnOnce(Result<()>) + Send>,
}

type Job = Box<dyn FnOnce(&mut Conn) -> Done + Send>;

/// The writer: one thread, one connection, one queue.
pub(super) struct Writer {
    jobs: SyncSender<Job>,
}

impl Writer {
    pub fn start(mut conn: Conn, hook: Arc<OnceLock<super::CommitHook>>) -> Result<Writer> {
        let (jobs, waiting) = sync_channel(QUEUE);
        std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || {
                while let Ok(first) = waiting.recv() {
                    batch(&mut conn, first, &waiting, hook.get());
                }
            })?;
        Ok(Writer { jobs })
    }

    /// Queues a command; a full queue turns it away at once.
    pub fn send<T, F>(&self, stamp: Stamp, f: F) -> Result<oneshot::Receiver<Result<T>>>
    where
        T: Send + 'static,
        F: FnOnce(&mut Work<'_>) -> Result<T> + Send + 'static,
    {
        let (job, reply) = job(stamp, f);
        match self.jobs.try_send(job) {
            Ok(()) => Ok(reply),
            Err(TrySendError::Full(_)) => Err(Error::TooMany {
                retry_after_s: 2,
                overload: true,
            }),
            Err(TrySendError::Disconnected(_)) => Err(Error::broken("the writer has stopped")),
        }
    }

    /// Queues a command and waits for room.
    pub fn send_waiting<T, F>(&self, stamp: Stamp, f: F) -> Result<oneshot::Receiver<Result<T>>>
    where
        T: Send + 'static,
        F: FnOnce(&mut Work<'_>) -> Result<T> + Send + 'static,
    {
        let (job, reply) = job(stamp, f);
        self.jobs
            .send(job)
            .map_err(|_| Error::broken("the writer has stopped"))?;
        Ok(reply)
    }
}

fn job<T, F>(stamp: Stamp, f: F) -> (Job, oneshot::Receiver<Result<T>>)
where
    T: Send + 'static,
    F: FnOnce(&mut Work<'_>) -> Result<T> + Send + 'static,
{
    let (tell, reply) = oneshot::channel();
    let job = Box::new(move |conn: &mut Conn| {
        let mut work = Work::new(conn, stamp);
        let outcome = f(&mut work);
        let facts = outcome.is_ok().then(|| work.into_facts());
        let answer = move |committed: Result<()>| {
            // The caller may be gone; the work is committed all the same.
            let _ = tell.send(committed.and(outcome));
        };
        Done {
            facts,
            answer: Box::new(answer),
        }
    });
    (job, reply)
}

/// One transaction for the first job and whoever else is waiting by then.
fn batch(conn: &mut Conn, first: Job, waiting: &Receiver<Job>, hook: Option<&super::CommitHook>) {
    let mut answers = Vec::new();
    let mut facts = Vec::new();
    let outcome = conn.batch("BEGIN IMMEDIATE").and_then(|()| {
        let mut next = Some(first);
        let mut taken = 0;
        while let Some(job) = next {
            taken += 1;
            if let Some(done) = one(conn, job)? {
                facts.extend(done.facts.unwrap_or_default());
                answers.push(done.answer);
            }
            next = if taken < BATCH {
                waiting.try_recv().ok()
            } else {
                None
            };
        }
        let last = log::append(conn, &facts)?;
        conn.batch("COMMIT")?;
        if let (Some(hook), false) = (hook, facts.is_empty()) {
            hook(&mut facts.iter().map(|f: &Pending| f.kind), last);
        }
        Ok(())
    });
    if let Err(error) = &outcome {
        tracing::error!(%error, "a batch of writes failed");
        // Nothing to do when there is no transaction left to roll back.
        let _ = conn.batch("ROLLBACK");
    }
    for answer in answers {
        answer(match &outcome {
            Ok(()) => Ok(()),
            Err(error) => Err(Error::broken(format!("not committed: {error}"))),
        });
    }
}

/// One job inside its savepoint; `None` when it panicked.
fn one(conn: &mut Conn, job: Job) -> Result<Option<Done>> {
    conn.batch("SAVEPOINT job")?;
    let done = catch_unwind(AssertUnwindSafe(|| job(conn))).ok();
    if done.as_ref().is_some_and(|d| d.facts.is_some()) {
        conn.batch("RELEASE job")?;
    } else {
        conn.batch("ROLLBACK TO job; RELEASE job")?;
    }
    Ok(done)
}
