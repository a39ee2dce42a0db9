//! The table of imports that are being applied or taken back.

use kontor_platform::db::Conn;
use kontor_platform::{Id, Instant, Result, params, record, sql};

use super::super::model::Import;
use super::super::progress::{At, Step};

sql! {
    FIND = "SELECT step, done, total, seen_at FROM import_runs WHERE import = $1";
    ALL = "SELECT r.import FROM import_runs r JOIN imports i ON i.id = r.import \
        WHERE i.state IN ('staged', 'applied')";
    BEGIN = "INSERT INTO import_runs (import, step, done, total, cancelled, seen_at) \
        VALUES ($1, 'reading', 0, 0, 0, $2) ON CONFLICT (import) DO UPDATE SET \
        step = 'reading', done = 0, total = 0, cancelled = 0, seen_at = $2";
    BEAT = "UPDATE import_runs SET step = $1, done = $2, total = $3, seen_at = $4 WHERE import = $5 \
        RETURNING cancelled";
    CANCEL = "UPDATE import_runs SET cancelled = 1 WHERE import = $1 AND step <> 'writing' \
        AND EXISTS (SELECT 1 FROM imports i WHERE i.id = $1 AND i.state = 'staged')";
    WRITING = "UPDATE import_runs SET step = 'writing' WHERE import = $1 AND cancelled = 0";
    END = "DELETE FROM import_runs WHERE import = $1";
    LINES = "SELECT COUNT(*) AS n FROM import_rows WHERE import = $1 AND action = 'staged'";
}

/// A run as its process last told of it.
pub struct Seen {
    step: Step,
    done: i64,
    total: i64,
    pub seen_at: Instant,
}
record!(Seen {
    step,
    done,
    total,
    seen_at
});

impl Seen {
    /// Where it stood then.
    pub fn at(&self) -> At {
        At {
            step: self.step,
            done: usize::try_from(self.done).unwrap_or_default(),
            total: usize::try_from(self.total).unwrap_or_default(),
        }
    }
}

pub fn find(conn: &mut Conn, import: Id<Import>) -> Result<Option<Seen>> {
    conn.first(FIND, params![import])
}

/// Imports whose applying or taking back was begun and is not over.
pub fn begun(conn: &mut Conn) -> Result<Vec<Id<Import>>> {
    let rows: Vec<(Id<Import>,)> = conn.all(ALL, params![])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub fn begin(conn: &mut Conn, import: Id<Import>, now: Instant) -> Result<()> {
    conn.run(BEGIN, params![import, now]).map(drop)
}

/// Says where it stands; answers whether somebody asked to stop.
pub fn beat(conn: &mut Conn, import: Id<Import>, at: At, now: Instant) -> Result<bool> {
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let row: Option<(i64,)> = conn.first(
        BEAT,
        params![at.step, number(at.done), number(at.total), now, import],
    )?;
    Ok(row.is_some_and(|(cancelled,)| cancelled != 0))
}

/// Asks the process that carries it out to stop; false when that is too late.
pub fn cancel(conn: &mut Conn, import: Id<Import>) -> Result<bool> {
    Ok(conn.run(CANCEL, params![import])? > 0)
}

/// From here on nobody stops it; false when somebody has.
pub fn writes(conn: &mut Conn, import: Id<Import>) -> Result<bool> {
    Ok(conn.run(WRITING, params![import])? > 0)
}

pub fn end(conn: &mut Conn, import: Id<Import>) -> Result<()> {
    conn.run(END, params![import]).map(drop)
}

/// How many lines wait for a decision.
pub fn lines(conn: &mut Conn, import: Id<Import>) -> Result<usize> {
    let (n,): (i64,) = conn.one(LINES, params![import])?;
    Ok(usize::try_from(n).unwrap_or_default())
}
