//! The one thread that writes to the file: commands wait in its queue and share
//! its transactions.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use super::super::{CommitHook, Conn};
use super::{WRITER_KIB, memory};
use crate::error::{Error, Result};
use crate::log;
use crate::work::{Pending, Stamp, Work};

/// Jobs that may wait for the writer before new ones are turned away.
const QUEUE: usize = 1024;
/// Jobs that share one commit at the most.
const BATCH: usize = 128;

/// Settings for one large command. Beyond its cache SQLite writes pages out
/// before the commit, and reads and writes them again when they are needed once
/// more: with indexes in the order of names that is most of them. Checks of a
/// column's words look each one up in a list that is a table to SQLite: a third of
/// an insert. What a large command writes comes from closed types instead.
const ROOMY: &str = "PRAGMA cache_size = -131072; PRAGMA wal_autocheckpoint = 0; \
    PRAGMA ignore_check_constraints = ON;";

/// Ends the settings for a large command, whose memory is given back.
fn settle(conn: &mut Conn) -> Result<()> {
    let settled = conn.batch(&format!(
        "PRAGMA cache_size = -{WRITER_KIB}; PRAGMA wal_autocheckpoint = 1000; \
         PRAGMA ignore_check_constraints = OFF; PRAGMA shrink_memory;"
    ));
    memory::give_back();
    settled
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
type Run = Box<dyn FnOnce(Result<&mut Conn>) -> Option<Done> + Send>;

struct Job {
    run: Run,
    /// Writes very many rows, in a transaction of its own.
    is_large: bool,
}

/// The writer: one thread, one connection, one queue.
pub struct Writer {
    jobs: SyncSender<Job>,
    waiting: Arc<AtomicUsize>,
    thread: JoinHandle<()>,
}

impl Writer {
    pub fn start(mut conn: Conn, hook: Arc<OnceLock<CommitHook>>) -> Result<Writer> {
        let (jobs, receiver) = sync_channel(QUEUE);
        let waiting = Arc::<AtomicUsize>::default();
        let mut queue = Queue {
            jobs: receiver,
            held: None,
            waiting: Arc::clone(&waiting),
        };
        let thread = std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || {
                while let Some(first) = queue.wait() {
                    batch(&mut conn, first, &mut queue, hook.get());
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
        let (job, reply) = job(stamp, f, false);
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

    /// Queues a command and waits for room; a large one gets a transaction of
    /// its own.
    pub fn send_waiting<T, F>(
        &self,
        stamp: Stamp,
        f: F,
        is_large: bool,
    ) -> Result<oneshot::Receiver<Result<T>>>
    where
        T: Send + 'static,
        F: FnOnce(&mut Work<'_>) -> Result<T> + Send + 'static,
    {
        let (job, reply) = job(stamp, f, is_large);
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
    /// A large job that was next while others shared a transaction.
    held: Option<Job>,
    waiting: Arc<AtomicUsize>,
}

impl Queue {
    /// The next job, as soon as there is one; none when nobody can send any more.
    fn wait(&mut self) -> Option<Job> {
        let job = self.held.take().or_else(|| self.jobs.recv().ok());
        self.taken(job)
    }

    /// The next job, if one is waiting by now.
    fn next(&mut self) -> Option<Job> {
        let job = self.held.take().or_else(|| self.jobs.try_recv().ok());
        self.taken(job)
    }

    /// The next job that can share a transaction, if one is waiting by now and
    /// no large one before it.
    fn next_beside(&mut self) -> Option<Job> {
        if self.held.is_none() {
            self.held = self.jobs.try_recv().ok();
        }
        let job = self.held.take_if(|job| !job.is_large);
        self.taken(job)
    }

    fn taken(&self, job: Option<Job>) -> Option<Job> {
        if job.is_some() {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
        }
        job
    }
}

fn job<T, F>(stamp: Stamp, f: F, is_large: bool) -> (Job, oneshot::Receiver<Result<T>>)
where
    T: Send + 'static,
    F: FnOnce(&mut Work<'_>) -> Result<T> + Send + 'static,
{
    let (tell, reply) = oneshot::channel();
    let run: Run = Box::new(move |conn: Result<&mut Conn>| {
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
    (Job { run, is_large }, reply)
}

/// One transaction for the first job and whoever else is waiting by then; a
/// large one has it for itself.
fn batch(conn: &mut Conn, first: Job, queue: &mut Queue, hook: Option<&CommitHook>) {
    let is_large = first.is_large;
    let opened = match is_large {
        true => conn.batch(&format!("{ROOMY} BEGIN IMMEDIATE")),
        false => conn.batch("BEGIN IMMEDIATE"),
    };
    if let Err(error) = opened {
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
    if is_large && let Err(error) = settle(conn) {
        tracing::error!(%error, "the writer keeps its settings for large commands");
    }
}

/// Runs the first job and the waiting ones inside the open transaction.
fn fill(
    conn: &mut Conn,
    first: Job,
    queue: &mut Queue,
    answers: &mut Vec<Answer>,
    facts: &mut Vec<Pending>,
) -> Result<()> {
    let mut next = Some(first);
    let mut taken = 0;
    while let Some(job) = next {
        taken += if job.is_large { BATCH } else { 1 };
        if let Some(done) = one(conn, job)? {
            facts.extend(done.facts.unwrap_or_default());
            answers.push(done.answer);
        }
        next = if taken < BATCH {
            queue.next_beside()
        } else {
            None
        };
    }
    Ok(())
}

/// Answers the first job and all that wait by now: each of them would be kept
/// waiting as long again. Who comes later may be luckier.
fn turn_away(error: &Error, first: Job, queue: &mut Queue) {
    let mut waiting = queue.waiting.load(Ordering::Relaxed);
    let mut next = Some(first);
    while let Some(job) = next {
        (job.run)(Err(if error.is_busy() {
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

/// One job inside its savepoint; `None` when it panicked. A large one does
/// without: SQLite would copy every page that the job changes once more, and
/// walk that list of copies at the end of each of its statements.
fn one(conn: &mut Conn, job: Job) -> Result<Option<Done>> {
    let (begin, keep, undo) = match job.is_large {
        true => ("", "", "ROLLBACK; BEGIN IMMEDIATE"),
        false => (
            "SAVEPOINT job",
            "RELEASE job",
            "ROLLBACK TO job; RELEASE job",
        ),
    };
    if let Err(error) = conn.batch(begin) {
        (job.run)(Err(Error::broken(format!("not begun: {error}"))));
        return Err(error);
    }
    let done = catch_unwind(AssertUnwindSafe(|| (job.run)(Ok(conn))))
        .ok()
        .flatten();
    let is_kept = done.as_ref().is_some_and(|d| d.facts.is_some());
    conn.batch(if is_kept { keep } else { undo })?;
    Ok(done)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::super::{Role, open};
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
        let hook: Arc<OnceLock<CommitHook>> = Arc::default();
        // A hook runs outside of what a command's panic is kept in.
        assert!(hook.set(Box::new(|_, _| panic!("a defect"))).is_ok());
        let mut log =
            crate::db::connect(&crate::db::Source::Lite(folder.path().join("dead.sqlite")))
                .unwrap();
        let tables = include_str!("../../../../../migrations/0001_log.sql");
        log.batch(tables).unwrap();
        let mentions = include_str!("../../../../../migrations/0017_mentions.sql");
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
