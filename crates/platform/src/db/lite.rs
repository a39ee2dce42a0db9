//! SQLite: how a file is opened, and the one thread that writes to it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::conn::Engine;
use super::{Conn, DbError};
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

/// Pages that the writer keeps in memory, in KiB.
const WRITER_KIB: i64 = 8192;
/// Settings for one large command. Beyond its cache SQLite writes pages out
/// before the commit, and reads and writes them again when they are needed once
/// more: with indexes in the order of names that is most of them.
pub(super) const ROOMY: &str = "PRAGMA cache_size = -131072; PRAGMA wal_autocheckpoint = 0;";

/// Ends the settings for a large command, whose memory is given back.
fn settle(conn: &mut Conn) -> Result<()> {
    conn.is_roomy = false;
    conn.batch(&format!(
        "PRAGMA cache_size = -{WRITER_KIB}; PRAGMA wal_autocheckpoint = 1000; PRAGMA shrink_memory;"
    ))
}

pub(super) fn open(path: &Path, role: Role) -> Result<Conn> {
    let lite = rusqlite::Connection::open(path)?;
    lite.set_prepared_statement_cache_capacity(400);
    // Without this promise SQLite prepares a statement anew whenever a bound
    // value could change its plan: at every call, for most of ours.
    lite.set_db_config(
        rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG,
        true,
    )?;
    let cache_kib = match role {
        Role::Writer => WRITER_KIB,
        Role::Reader => 2048,
    };
    lite.execute_batch(&format!(
        "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
         PRAGMA foreign_keys = ON; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY; \
         PRAGMA secure_delete = ON; \
         PRAGMA cache_size = -{cache_kib};"
    ))?;
    if role == Role::Reader {
        lite.execute_batch("PRAGMA query_only = ON;")?;
    }
    Ok(Conn::new(Engine::Lite(lite)))
}

/// How long a connection that is just being closed is waited for.
const PATIENCE: Duration = Duration::from_secs(3);

/// Says whether somebody else has the file open. Leaving the write-ahead log
/// needs the file for oneself, so that is what is tried.
pub(super) fn is_alone(path: &Path) -> Result<()> {
    if !path.exists() {
        return Ok(());
    }
    let lite = rusqlite::Connection::open(path)?;
    lite.busy_timeout(Duration::from_millis(50))?;
    let end = Instant::now() + PATIENCE;
    loop {
        let mode = lite.pragma_update_and_check(None, "journal_mode", "DELETE", |row| {
            row.get::<_, String>(0)
        });
        match mode.map_err(DbError::from) {
            Ok(mode) if mode == "delete" => return Ok(()),
            Err(error) if !error.is_busy() => return Err(error.into()),
            _ if Instant::now() > end => {
                return Err(Error::broken(format!(
                    "another process uses {}; stop the server first",
                    path.display()
                )));
            }
            _ => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}

/// Moves the write-ahead log into the file and empties it, so that what was
/// deleted lies in neither (`secure_delete` overwrites it in the pages). Whoever
/// reads an older state at this moment keeps it from being done: then the next
/// time does it.
pub(super) fn tidy(path: &Path) -> Result<()> {
    let conn = open(path, Role::Writer)?;
    if let Engine::Lite(lite) = &conn.engine {
        lite.busy_timeout(Duration::from_secs(2))?;
        lite.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    }
    Ok(())
}

/// Puts a complete file in the place of another, which nobody may have open.
pub(super) fn swap(new: &Path, old: &Path) -> Result<()> {
    is_alone(old)?;
    std::fs::File::open(new)?.sync_all()?;
    std::fs::rename(new, old)?;
    if let Some(folder) = old.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Removes a file with its companions, if it is there.
pub(super) fn remove(path: &Path) -> Result<()> {
    for end in ["", "-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        match std::fs::remove_file(name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

/// What a job leaves behind: its facts if it may be committed, and how its
/// caller is answered once that is known.
struct Done {
    facts: Option<Vec<Pending>>,
    answer: Answer,
}

type Answer = Box<dyn FnOnce(Result<()>) + Send>;

/// A job is given its connection, or the reason why there is none; in the
/// second case it answers its caller at once and leaves nothing behind.
type Job = Box<dyn FnOnce(Result<&mut Conn>) -> Option<Done> + Send>;

/// The writer: one thread, one connection, one queue.
pub(super) struct Writer {
    jobs: SyncSender<Job>,
    waiting: Arc<AtomicUsize>,
    thread: JoinHandle<()>,
}

impl Writer {
    pub fn start(mut conn: Conn, hook: Arc<OnceLock<super::CommitHook>>) -> Result<Writer> {
        let (jobs, receiver) = sync_channel(QUEUE);
        let waiting = Arc::<AtomicUsize>::default();
        let queue = Queue {
            jobs: receiver,
            waiting: Arc::clone(&waiting),
        };
        let thread = std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || {
                while let Some(first) = queue.wait() {
                    batch(&mut conn, first, &queue, hook.get());
                }
            })?;
        Ok(Writer {
            jobs,
            waiting,
            thread,
        })
    }

    /// Whether the thread is there that takes commands: a panic outside of them
    /// would have ended it.
    pub fn is_alive(&self) -> bool {
        !self.thread.is_finished()
    }

    /// Commands that wait for the writer at this moment.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Queues a command; a full queue turns it away at once.
    pub fn send<T, F>(&self, stamp: Stamp, f: F) -> Result<oneshot::Receiver<Result<T>>>
    where
        T: Send + 'static,
        F: FnOnce(&mut Work<'_>) -> Result<T> + Send + 'static,
    {
        let (job, reply) = job(stamp, f);
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let sent = self.jobs.try_send(job);
        if sent.is_err() {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
        }
        match sent {
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
        self.waiting.fetch_add(1, Ordering::Relaxed);
        self.jobs.send(job).map_err(|_| {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            Error::broken("the writer has stopped")
        })?;
        Ok(reply)
    }
}

/// The writer's end of the queue; keeps count of who waits.
struct Queue {
    jobs: Receiver<Job>,
    waiting: Arc<AtomicUsize>,
}

impl Queue {
    /// The next job, as soon as there is one; none when nobody can send any more.
    fn wait(&self) -> Option<Job> {
        self.taken(self.jobs.recv().ok())
    }

    /// The next job, if one is waiting by now.
    fn next(&self) -> Option<Job> {
        self.taken(self.jobs.try_recv().ok())
    }

    fn taken(&self, job: Option<Job>) -> Option<Job> {
        if job.is_some() {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
        }
        job
    }
}

fn job<T, F>(stamp: Stamp, f: F) -> (Job, oneshot::Receiver<Result<T>>)
where
    T: Send + 'static,
    F: FnOnce(&mut Work<'_>) -> Result<T> + Send + 'static,
{
    let (tell, reply) = oneshot::channel();
    let job = Box::new(move |conn: Result<&mut Conn>| {
        let conn = match conn {
            Ok(conn) => conn,
            Err(reason) => {
                // The caller may be gone; then nobody needs the reason.
                let _ = tell.send(Err(reason));
                return None;
            }
        };
        let mut work = Work::new(conn, stamp);
        let outcome = f(&mut work);
        let facts = outcome.is_ok().then(|| work.into_facts());
        let answer = move |committed: Result<()>| {
            // The caller may be gone; the work is committed all the same.
            let _ = tell.send(committed.and(outcome));
        };
        Some(Done {
            facts,
            answer: Box::new(answer),
        })
    });
    (job, reply)
}

/// One transaction for the first job and whoever else is waiting by then.
fn batch(conn: &mut Conn, first: Job, queue: &Queue, hook: Option<&super::CommitHook>) {
    if let Err(error) = conn.batch("BEGIN IMMEDIATE") {
        tracing::error!(%error, "no transaction could be opened for writing");
        turn_away(&error, first, queue);
        return;
    }
    let mut answers = Vec::new();
    let mut facts = Vec::new();
    let outcome = fill(conn, first, queue, &mut answers, &mut facts).and_then(|()| {
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
    if conn.is_roomy
        && let Err(error) = settle(conn)
    {
        tracing::error!(%error, "the writer keeps its settings for large commands");
    }
}

/// Runs the first job and the waiting ones inside the open transaction.
fn fill(
    conn: &mut Conn,
    first: Job,
    queue: &Queue,
    answers: &mut Vec<Answer>,
    facts: &mut Vec<Pending>,
) -> Result<()> {
    let mut next = Some(first);
    let mut taken = 0;
    while let Some(job) = next {
        taken += 1;
        if let Some(done) = one(conn, job)? {
            facts.extend(done.facts.unwrap_or_default());
            answers.push(done.answer);
        }
        next = if taken < BATCH { queue.next() } else { None };
    }
    Ok(())
}

/// Answers the first job and all that wait by now: each of them would be kept
/// waiting as long again. Who comes later may be luckier.
fn turn_away(error: &Error, first: Job, queue: &Queue) {
    let mut waiting = queue.waiting.load(Ordering::Relaxed);
    let mut next = Some(first);
    while let Some(job) = next {
        job(Err(if error.is_busy() {
            Error::TooMany {
                retry_after_s: 5,
                overload: true,
            }
        } else {
            Error::broken(format!("nothing can be written: {error}"))
        }));
        next = if waiting > 0 { queue.next() } else { None };
        waiting = waiting.saturating_sub(1);
    }
}

/// One job inside its savepoint; `None` when it panicked.
fn one(conn: &mut Conn, job: Job) -> Result<Option<Done>> {
    if let Err(error) = conn.batch("SAVEPOINT job") {
        job(Err(Error::broken(format!("not begun: {error}"))));
        return Err(error);
    }
    let done = catch_unwind(AssertUnwindSafe(|| job(Ok(conn))))
        .ok()
        .flatten();
    if done.as_ref().is_some_and(|d| d.facts.is_some()) {
        conn.batch("RELEASE job")?;
    } else {
        conn.batch("ROLLBACK TO job; RELEASE job")?;
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOW;

    fn stamp() -> Stamp {
        Stamp::system(NOW)
    }

    #[test]
    fn a_busy_file_is_told_to_all_that_wait() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("busy.sqlite");
        let mut other = open(&path, Role::Writer).unwrap();
        other.batch("BEGIN IMMEDIATE").unwrap();
        let mut conn = open(&path, Role::Writer).unwrap();
        conn.batch("PRAGMA busy_timeout = 100").unwrap();
        let writer = Writer::start(conn, Arc::default()).unwrap();
        let replies = [1, 2, 3].map(|n| writer.send(stamp(), move |_| Ok(n)).unwrap());
        for reply in replies {
            let answer = reply.blocking_recv().expect("an answer, not a panic");
            let overload = matches!(answer, Err(Error::TooMany { overload: true, .. }));
            assert!(overload, "{answer:?}");
        }
        other.batch("ROLLBACK").unwrap();
        let reply = writer.send(stamp(), |_| Ok("free")).unwrap();
        assert_eq!(reply.blocking_recv().unwrap().unwrap(), "free");
        assert_eq!(writer.waiting(), 0);
    }

    #[test]
    fn a_writer_that_has_ended_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let conn = open(&folder.path().join("dead.sqlite"), Role::Writer).unwrap();
        let hook: Arc<OnceLock<crate::db::CommitHook>> = Arc::default();
        // A hook runs outside of what a command's panic is kept in.
        assert!(hook.set(Box::new(|_, _| panic!("a defect"))).is_ok());
        let mut log =
            crate::db::connect(&crate::db::Source::Lite(folder.path().join("dead.sqlite")))
                .unwrap();
        let tables = include_str!("../../../../migrations/0001_log.sql");
        log.batch(tables).unwrap();
        let mentions = include_str!("../../../../migrations/0017_mentions.sql");
        log.batch(mentions).unwrap();
        let writer = Writer::start(conn, hook).unwrap();
        assert!(writer.is_alive());
        let reply = writer.send(stamp(), |work| {
            work.announce(&Noted {
                subject: "x".into(),
            });
            Ok(())
        });
        assert!(reply.unwrap().blocking_recv().is_err(), "nobody answers");
        let end = Instant::now() + Duration::from_secs(10);
        while writer.is_alive() && Instant::now() < end {
            std::thread::yield_now();
        }
        assert!(!writer.is_alive());
    }

    crate::fact!(
        /// Something for the log.
        Noted, "test.noted", subject: String);

    #[test]
    fn what_was_deleted_lies_in_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tidy.sqlite");
        let mut conn = open(&path, Role::Writer).unwrap();
        let holds = || {
            let files = std::fs::read_dir(folder.path()).unwrap();
            let files = files.map(|f| std::fs::read(f.unwrap().path()).unwrap());
            let needle = b"polat@leitwerk.example";
            let at = |bytes: Vec<u8>| bytes.windows(needle.len()).any(|w| w == needle);
            files.into_iter().any(at)
        };
        conn.batch(
            "CREATE TABLE people (mail TEXT PRIMARY KEY); INSERT INTO people VALUES \
             ('polat@leitwerk.example'), ('somebody@else.example')",
        )
        .unwrap();
        tidy(&path).unwrap();
        assert!(holds(), "it can be seen while it is there");
        conn.batch("DELETE FROM people WHERE mail LIKE 'polat%'")
            .unwrap();
        assert!(holds(), "the log before the deletion");
        tidy(&path).unwrap();
        assert!(!holds());
    }

    #[test]
    fn a_full_queue_turns_the_next_command_away() {
        let folder = tempfile::tempdir().unwrap();
        let conn = open(&folder.path().join("full.sqlite"), Role::Writer).unwrap();
        let writer = Writer::start(conn, Arc::default()).unwrap();
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let slow = writer
            .send(stamp(), move |_| {
                wait.recv_timeout(Duration::from_secs(60))
                    .map_err(|e| Error::Broken(Box::new(e)))
            })
            .unwrap();
        while writer.waiting() > 0 {
            std::thread::yield_now();
        }
        let all: Vec<_> = (0..QUEUE)
            .map(|_| writer.send(stamp(), |_| Ok(())).expect("there is room"))
            .collect();
        assert_eq!(writer.waiting(), QUEUE);
        let refused = writer.send(stamp(), |_| Ok(())).map(|_| ()).unwrap_err();
        let overload = matches!(refused, Error::TooMany { overload: true, .. });
        assert!(overload, "{refused:?}");
        go.send(()).unwrap();
        slow.blocking_recv().unwrap().unwrap();
        for reply in all {
            reply.blocking_recv().unwrap().unwrap();
        }
    }
}
