//! The database: plain synchronous calls over SQLite or PostgreSQL, one SQL
//! text for both, and an asynchronous edge that hops to a blocking thread once
//! per page or command.

mod address;
mod conn;
pub mod dump;
mod lite;
mod many;
pub mod migrate;
mod pg;
mod pool;
mod query;
pub mod replace;
pub mod schema;
mod sql;
#[cfg(test)]
mod tests;
mod value;

use std::path::PathBuf;
use std::sync::Arc;

pub use conn::{Conn, DbError, FromRow, Row};
pub use many::{insert_many, with_many};
pub use migrate::Migration;
pub use query::Query;
pub use sql::{STATEMENTS, Statement, parameters_in_order};
pub use value::{Cell, Column, Param, Val, without_nul};

use crate::error::{Error, Result};
use crate::work::{Stamp, Work};
use pool::Pool;

/// Where the data lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// One SQLite file; its directory must exist.
    Lite(PathBuf),
    /// A PostgreSQL server, as a URL or key-value text.
    Pg(String),
}

/// The database of one process. Clones share it.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

/// Told of every commit with facts, before its callers are answered: the
/// kinds of the facts and the last number. Only on SQLite.
pub type CommitHook = Box<dyn Fn(&mut dyn Iterator<Item = &'static str>, i64) + Send + Sync>;

struct Inner {
    hook: Arc<std::sync::OnceLock<CommitHook>>,
    source: Source,
    pool: Pool,
    writer: Option<lite::Writer>,
    changed: tokio::sync::Notify,
    statements: std::sync::atomic::AtomicU64,
}

/// How busy a database is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Connections that requests hold (the writer's own is not counted).
    pub connections_in_use: usize,
    /// Connections that requests may hold at the most.
    pub connections: usize,
    /// Commands that wait for the one writer; always 0 on PostgreSQL, where
    /// they wait for a connection.
    pub commands_waiting: usize,
}

impl Db {
    /// Opens the database and runs pending migrations.
    pub fn open(source: Source, migrations: &[Migration], now: crate::Instant) -> Result<Db> {
        let readers = std::thread::available_parallelism()
            .map_or(2, usize::from)
            .max(2);
        let mut first = connect(&source)?;
        migrate::run(&mut first, migrations, now)?;
        drop(first);
        let hook = Arc::default();
        let (pool, writer) = match &source {
            Source::Lite(path) => {
                let path = path.clone();
                let writer =
                    lite::Writer::start(lite::open(&path, lite::Role::Writer)?, Arc::clone(&hook))?;
                let pool = Pool::new(readers * 2, move || lite::open(&path, lite::Role::Reader));
                (pool, Some(writer))
            }
            Source::Pg(text) => {
                let text = text.clone();
                (Pool::new(readers * 4, move || pg::open(&text)), None)
            }
        };
        let changed = tokio::sync::Notify::new();
        Ok(Db(Arc::new(Inner {
            hook,
            source,
            pool,
            writer,
            changed,
            statements: std::sync::atomic::AtomicU64::new(0),
        })))
    }

    /// Whether other nodes may write to the same data (PostgreSQL).
    pub fn is_shared(&self) -> bool {
        self.0.writer.is_none()
    }

    /// Where the data lies.
    pub fn source(&self) -> &Source {
        &self.0.source
    }

    /// Statements that reads of this process have run: lets a test count the
    /// queries of a page.
    pub fn statements(&self) -> u64 {
        self.0.statements.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Sets who is told of each commit; once per process.
    pub fn on_commit(&self, hook: CommitHook) {
        // A second hook would be a defect of the caller; the first one stays.
        let _ = self.0.hook.set(hook);
    }

    /// Wakes whoever waits for [`Db::changed`]; called after each commit.
    pub fn announce_change(&self) {
        self.0.changed.notify_waiters();
    }

    /// Resolves after the next commit of this process.
    pub async fn changed(&self) {
        self.0.changed.notified().await;
    }

    /// Whether commands can be taken: on SQLite the one writer must still be there.
    pub fn takes_commands(&self) -> bool {
        self.0.writer.as_ref().is_none_or(lite::Writer::is_alive)
    }

    /// Leaves nothing of what was deleted in the files of the database: after
    /// erasures, once a day, and at the end. PostgreSQL's own vacuum does that.
    pub fn tidy(&self) -> Result<()> {
        match &self.0.source {
            Source::Lite(path) => lite::tidy(path),
            Source::Pg(_) => Ok(()),
        }
    }

    /// How busy the database is at this moment.
    pub fn load(&self) -> Load {
        let (in_use, size) = self.0.pool.in_use();
        Load {
            connections_in_use: in_use,
            connections: size,
            commands_waiting: self.0.writer.as_ref().map_or(0, lite::Writer::waiting),
        }
    }

    /// Runs a page's queries in one snapshot on a blocking thread.
    pub async fn read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        let permit = self.0.pool.permit().await?;
        let db = self.clone();
        tokio::task::spawn_blocking(move || {
            // The permit lives as long as the connection is out, even when the
            // request that asked for it is gone.
            let _permit = permit;
            db.read_now(f)
        })
        .await
        .map_err(|e| Error::Broken(Box::new(e)))?
    }

    /// A connection with a transaction. When the one that waited in the pool is dead,
    /// as after a restart of the server, a new one takes its place.
    fn begun(&self, begin: &str) -> Result<Conn> {
        let mut conn = self.0.pool.take()?;
        match conn.batch(begin) {
            Err(error) if conn.is_closed() || error.is_lost() => {
                tracing::info!(%error, "a connection was lost while it waited");
                conn = self.0.pool.renew()?;
                conn.batch(begin)?;
            }
            outcome => outcome?,
        }
        Ok(conn)
    }

    /// The same on the calling thread: for the command line and for tests.
    pub fn read_now<T>(&self, f: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        let begin = match &self.0.source {
            Source::Lite(_) => SNAPSHOT_LITE,
            Source::Pg(_) => SNAPSHOT_PG,
        };
        let mut conn = self.begun(begin)?;
        let before = conn.statements;
        // A panic drops the connection; a failure at its end closes it as well.
        let answer = f(&mut conn);
        conn.batch("COMMIT")?;
        self.0.statements.fetch_add(
            conn.statements - before,
            std::sync::atomic::Ordering::Relaxed,
        );
        self.0.pool.give_back(conn);
        answer
    }

    /// Runs a command: its rows and its announced facts are committed together
    /// or not at all. On PostgreSQL `f` may run again after a lost race.
    pub async fn write<T, F>(&self, stamp: Stamp, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Work<'_>) -> Result<T> + Send + 'static,
    {
        let answer = match &self.0.writer {
            Some(writer) => {
                let reply = writer.send(stamp, f)?;
                reply
                    .await
                    .map_err(|_| Error::broken("the command panicked"))?
            }
            None => {
                let permit = self.0.pool.permit().await?;
                let db = self.clone();
                tokio::task::spawn_blocking(move || {
                    let _permit = permit;
                    let mut conn = db.begun(pg::BEGIN)?;
                    let answer = pg::write(&mut conn, &stamp, &f);
                    db.0.pool.give_back(conn);
                    answer
                })
                .await
                .map_err(|e| Error::Broken(Box::new(e)))?
            }
        };
        self.announce_change();
        answer
    }

    /// The same on the calling thread, waiting for room in the queue.
    pub fn write_now<T, F>(&self, stamp: Stamp, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Work<'_>) -> Result<T> + Send + 'static,
    {
        self.write_sized(stamp, f, false)
    }

    /// The same for a command that writes very many rows. On SQLite it has a
    /// transaction of its own, whose pages stay in memory until the commit and
    /// are moved from the write-ahead log to the file by a later one, and the
    /// words that a column may hold are not checked: what it writes must come
    /// from closed types. PostgreSQL needs nothing.
    pub fn write_large_now<T, F>(&self, stamp: Stamp, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Work<'_>) -> Result<T> + Send + 'static,
    {
        self.write_sized(stamp, f, true)
    }

    fn write_sized<T, F>(&self, stamp: Stamp, f: F, is_large: bool) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Work<'_>) -> Result<T> + Send + 'static,
    {
        let answer = match &self.0.writer {
            Some(writer) => writer
                .send_waiting(stamp, f, is_large)?
                .blocking_recv()
                .map_err(|_| Error::broken("the command panicked"))?,
            None => {
                let mut conn = self.begun(pg::BEGIN)?;
                let answer = pg::write(&mut conn, &stamp, &f);
                self.0.pool.give_back(conn);
                answer
            }
        };
        self.announce_change();
        answer
    }
}

/// Reads a PostgreSQL server's address and connects to nothing.
///
/// # Errors
/// Says what in it cannot be read; never repeats the password.
pub fn check_address(text: &str) -> Result<()> {
    address::Address::read(text).map(drop)
}

/// One connection outside any pool: for migrations, backups, checks and tests. A
/// SQLite file that is not there is made.
pub fn connect(source: &Source) -> Result<Conn> {
    match source {
        Source::Lite(path) => lite::open(path, lite::Role::Writer),
        Source::Pg(text) => pg::open(text),
    }
}

/// How a snapshot begins.
const SNAPSHOT_PG: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
const SNAPSHOT_LITE: &str = "BEGIN DEFERRED";

/// Runs `f` in one snapshot of a connection. The outer result tells of the
/// connection, the inner one of `f`.
pub fn snapshot<T>(conn: &mut Conn, f: impl FnOnce(&mut Conn) -> T) -> Result<T> {
    conn.batch(if conn.is_postgres() {
        SNAPSHOT_PG
    } else {
        SNAPSHOT_LITE
    })?;
    let answer = f(conn);
    conn.batch("COMMIT")?;
    Ok(answer)
}

/// The engine and its version, as it tells it itself.
pub fn version(conn: &mut Conn) -> Result<String> {
    let (name, sql) = if conn.is_postgres() {
        (
            "PostgreSQL",
            "SELECT CAST(current_setting('server_version') AS TEXT) AS v",
        )
    } else {
        ("SQLite", "SELECT sqlite_version() AS v")
    };
    let (version,): (String,) = conn.one(sql, crate::params![])?;
    Ok(format!("{name} {version}"))
}
