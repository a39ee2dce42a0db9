//! One connection, whichever engine stands behind it.

use std::collections::HashMap;
use std::sync::Arc;

use super::value::{Cell, Column, Param, Val};
use crate::error::{Error, Result};

/// What an engine said when it failed.
#[derive(Debug)]
pub enum DbError {
    Lite(rusqlite::Error),
    Pg(postgres::Error),
}

impl DbError {
    /// A rule of uniqueness was hurt. (SQLite does not tell which.)
    pub fn is_unique_violation(&self) -> bool {
        match self {
            DbError::Lite(rusqlite::Error::SqliteFailure(e, _)) => {
                matches!(e.extended_code, 1555 | 2067)
            }
            DbError::Lite(_) => false,
            DbError::Pg(e) => e.code() == Some(&postgres::error::SqlState::UNIQUE_VIOLATION),
        }
    }

    /// Somebody else held the lock for longer than we wait. Only on SQLite:
    /// PostgreSQL waits without a limit.
    pub fn is_busy(&self) -> bool {
        use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
        match self {
            DbError::Lite(e) => {
                matches!(e.sqlite_error_code(), Some(DatabaseBusy | DatabaseLocked))
            }
            DbError::Pg(_) => false,
        }
    }

    /// The transaction lost a race, or may have: what it looked for in vain was
    /// put there by somebody faster. It may be run once more, and will find it.
    pub fn is_outrun(&self) -> bool {
        matches!(self, DbError::Pg(_)) && self.is_unique_violation()
    }

    /// The data cannot be reached or written just now: the server is away, the
    /// disk is full or failing. Not a defect of the program.
    pub fn is_outage(&self) -> bool {
        use rusqlite::ErrorCode;
        match self {
            DbError::Lite(e) => matches!(
                e.sqlite_error_code(),
                Some(
                    ErrorCode::DiskFull
                        | ErrorCode::ReadOnly
                        | ErrorCode::SystemIoFailure
                        | ErrorCode::CannotOpen
                )
            ),
            DbError::Pg(e) => {
                let source = std::error::Error::source(e);
                let is_network = source.is_some_and(|s| s.is::<std::io::Error>());
                is_network
                    || e.code() == Some(&postgres::error::SqlState::DISK_FULL)
                    || self.is_lost()
            }
        }
    }

    /// The connection to the server has ended, or the server is ending it.
    pub fn is_lost(&self) -> bool {
        use postgres::error::SqlState;
        match self {
            DbError::Lite(_) => false,
            DbError::Pg(e) => {
                e.is_closed()
                    || matches!(
                        e.code(),
                        Some(
                            &SqlState::ADMIN_SHUTDOWN
                                | &SqlState::CRASH_SHUTDOWN
                                | &SqlState::IDLE_SESSION_TIMEOUT
                                | &SqlState::CONNECTION_FAILURE
                        )
                    )
            }
        }
    }

    /// The transaction lost a race and may be run again.
    pub fn is_retryable(&self) -> bool {
        use postgres::error::SqlState;
        match self {
            DbError::Lite(_) => false,
            DbError::Pg(e) => matches!(
                e.code(),
                Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED)
            ),
        }
    }
}

impl std::fmt::Display for DbError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DbError::Lite(e) => write!(f, "SQLite: {e}"),
            DbError::Pg(e) => match e.as_db_error() {
                Some(db) => describe(db, f),
                None => match std::error::Error::source(e) {
                    Some(cause) => write!(f, "PostgreSQL: {e}: {cause}"),
                    None => write!(f, "PostgreSQL: {e}"),
                },
            },
        }
    }
}
/// What the server said, without its "detail": that holds values of the row.
fn describe(db: &postgres::error::DbError, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    write!(f, "PostgreSQL: {}: {}", db.severity(), db.message())?;
    for (name, value) in [("constraint", db.constraint()), ("table", db.table())] {
        if let Some(value) = value {
            write!(f, " ({name} {value})")?;
        }
    }
    Ok(())
}

impl std::error::Error for DbError {}
impl From<rusqlite::Error> for DbError {
    fn from(e: rusqlite::Error) -> Self {
        DbError::Lite(e)
    }
}
impl From<postgres::Error> for DbError {
    fn from(e: postgres::Error) -> Self {
        DbError::Pg(e)
    }
}
impl From<rusqlite::Error> for Error {
    fn from(e: rusqlite::Error) -> Self {
        DbError::Lite(e).into()
    }
}
impl From<postgres::Error> for Error {
    fn from(e: postgres::Error) -> Self {
        DbError::Pg(e).into()
    }
}

/// A connection to PostgreSQL with its prepared statements.
pub struct PgConn {
    pub(super) client: postgres::Client,
    prepared: HashMap<Arc<str>, postgres::Statement>,
}

/// Statements kept prepared per connection; composed filters make many texts.
const PREPARED_MAX: usize = 400;

impl PgConn {
    pub(super) fn new(client: postgres::Client) -> Self {
        PgConn {
            client,
            prepared: HashMap::new(),
        }
    }

    fn statement(&mut self, sql: &str) -> Result<postgres::Statement> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        if self.prepared.len() >= PREPARED_MAX {
            self.prepared.clear();
        }
        let statement = self.client.prepare(sql)?;
        self.prepared.insert(sql.into(), statement.clone());
        Ok(statement)
    }
}

/// The engine behind a connection.
pub enum Engine {
    Lite(rusqlite::Connection),
    Pg(Box<PgConn>),
}

/// A connection. Statements are one portable text with `$1`, `$2` … in the
/// order of their first use (a test holds every statement to that).
pub struct Conn {
    pub(super) engine: Engine,
    /// Statements run so far: lets a test count the queries of a page.
    pub statements: u64,
}

impl Conn {
    pub(super) fn new(engine: Engine) -> Self {
        Conn {
            engine,
            statements: 0,
        }
    }

    /// True when the connection to a server is lost and must not be used again.
    pub(super) fn is_closed(&self) -> bool {
        match &self.engine {
            Engine::Lite(_) => false,
            Engine::Pg(pg) => pg.client.is_closed(),
        }
    }

    /// True on PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        matches!(self.engine, Engine::Pg(_))
    }

    /// Every row of a query.
    pub fn all<T: FromRow>(&mut self, sql: &str, params: &[&dyn Param]) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        self.each(sql, params, |row| {
            rows.push(T::from_row(row)?);
            Ok(())
        })?;
        Ok(rows)
    }

    /// The first row of a query, if there is one.
    pub fn first<T: FromRow>(&mut self, sql: &str, params: &[&dyn Param]) -> Result<Option<T>> {
        let mut found = None;
        self.each(sql, params, |row| {
            if found.is_none() {
                found = Some(T::from_row(row)?);
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// The one row of a query; none is [`Error::NotFound`].
    pub fn one<T: FromRow>(&mut self, sql: &str, params: &[&dyn Param]) -> Result<T> {
        self.first(sql, params)?.ok_or(Error::NotFound)
    }

    /// Calls `take` for every row.
    pub fn each(
        &mut self,
        sql: &str,
        params: &[&dyn Param],
        mut take: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        self.statements += 1;
        match &mut self.engine {
            Engine::Lite(lite) => {
                let mut statement = lite.prepare_cached(sql)?;
                bind(&mut statement, params)?;
                let mut rows = statement.raw_query();
                while let Some(row) = rows.next()? {
                    take(&Row::Lite(row))?;
                }
            }
            Engine::Pg(pg) => {
                let statement = pg.statement(sql)?;
                let values: Vec<Val<'_>> = params.iter().map(|p| p.val()).collect();
                for row in pg.client.query(&statement, &borrowed(&values))? {
                    take(&Row::Pg(&row))?;
                }
            }
        }
        Ok(())
    }

    /// Runs a statement that changes rows; says how many.
    pub fn run(&mut self, sql: &str, params: &[&dyn Param]) -> Result<u64> {
        self.statements += 1;
        match &mut self.engine {
            Engine::Lite(lite) => {
                let mut statement = lite.prepare_cached(sql)?;
                bind(&mut statement, params)?;
                Ok(statement.raw_execute()? as u64)
            }
            Engine::Pg(pg) => {
                let statement = pg.statement(sql)?;
                let values: Vec<Val<'_>> = params.iter().map(|p| p.val()).collect();
                Ok(pg.client.execute(&statement, &borrowed(&values))?)
            }
        }
    }

    /// Runs a text of several statements without parameters.
    pub fn batch(&mut self, sql: &str) -> Result<()> {
        match &mut self.engine {
            Engine::Lite(lite) => lite.execute_batch(sql)?,
            Engine::Pg(pg) => pg.client.batch_execute(sql)?,
        }
        Ok(())
    }

    /// Prepares a text without running it: its number of parameters and the
    /// names of its columns. For the statement test.
    pub fn describe(&mut self, sql: &str) -> Result<(usize, Vec<String>)> {
        match &mut self.engine {
            Engine::Lite(lite) => {
                let statement = lite.prepare(sql)?;
                let names = statement.column_names().map(String::from).collect();
                Ok((statement.parameter_count(), names))
            }
            Engine::Pg(pg) => {
                let statement = pg.client.prepare(sql)?;
                let names = statement
                    .columns()
                    .iter()
                    .map(|c| c.name().to_owned())
                    .collect();
                Ok((statement.params().len(), names))
            }
        }
    }
}

fn bind(statement: &mut rusqlite::CachedStatement<'_>, params: &[&dyn Param]) -> Result<()> {
    for (i, param) in params.iter().enumerate() {
        statement.raw_bind_parameter(i + 1, param.val())?;
    }
    Ok(())
}

fn borrowed<'a>(values: &'a [Val<'a>]) -> Vec<&'a (dyn postgres::types::ToSql + Sync)> {
    values.iter().map(|v| v as _).collect()
}

/// One row of an answer.
pub enum Row<'a> {
    Lite(&'a rusqlite::Row<'a>),
    Pg(&'a postgres::Row),
}

impl Row<'_> {
    /// Reads the column at `i`, counted from 0.
    pub fn get<T: Column>(&self, i: usize) -> Result<T> {
        T::read(self.cell(i)?)
    }

    fn cell(&self, i: usize) -> Result<Cell<'_>> {
        use postgres::types::Type;
        use rusqlite::types::ValueRef;
        match self {
            Row::Lite(row) => Ok(match row.get_ref(i)? {
                ValueRef::Null => Cell::Null,
                ValueRef::Integer(n) => Cell::Int(n),
                ValueRef::Real(x) => Cell::Real(x),
                ValueRef::Text(bytes) => {
                    Cell::Text(std::str::from_utf8(bytes).map_err(|e| Error::Broken(Box::new(e)))?)
                }
                ValueRef::Blob(_) => return Err(Error::broken("bytes are not a portable column")),
            }),
            Row::Pg(row) => {
                let ty = row.columns()[i].type_();
                Ok(match *ty {
                    Type::INT8 => row
                        .try_get::<_, Option<i64>>(i)?
                        .map_or(Cell::Null, Cell::Int),
                    Type::INT4 => row
                        .try_get::<_, Option<i32>>(i)?
                        .map_or(Cell::Null, |n| Cell::Int(n.into())),
                    Type::FLOAT8 => row
                        .try_get::<_, Option<f64>>(i)?
                        .map_or(Cell::Null, Cell::Real),
                    Type::BOOL => row
                        .try_get::<_, Option<bool>>(i)?
                        .map_or(Cell::Null, |b| Cell::Int(b.into())),
                    _ => row
                        .try_get::<_, Option<&str>>(i)?
                        .map_or(Cell::Null, Cell::Text),
                })
            }
        }
    }
}

/// Something made from a whole row.
pub trait FromRow: Sized {
    /// Reads the row's columns in order.
    fn from_row(row: &Row<'_>) -> Result<Self>;
}

macro_rules! tuples {
    ($($($t:ident $i:tt),+;)+) => { $(
        impl<$($t: Column),+> FromRow for ($($t,)+) {
            fn from_row(row: &Row<'_>) -> Result<Self> { Ok(($(row.get::<$t>($i)?,)+)) }
        }
    )+ };
}
tuples! {
    A 0; A 0, B 1; A 0, B 1, C 2; A 0, B 1, C 2, D 3; A 0, B 1, C 2, D 3, E 4;
    A 0, B 1, C 2, D 3, E 4, F 5; A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
}

/// Makes a struct readable from a row whose columns stand in the order named.
#[macro_export]
macro_rules! record {
    ($name:ty { $($field:ident),+ $(,)? }) => {
        impl $crate::db::FromRow for $name {
            fn from_row(row: &$crate::db::Row<'_>) -> $crate::Result<Self> {
                let mut at = 0..;
                $( let $field = row.get(at.next().unwrap_or_default())?; )+
                Ok(Self { $($field),+ })
            }
        }
    };
}

/// The parameters of a statement: `params![id, name]`.
#[macro_export]
macro_rules! params {
    ($($p:expr),* $(,)?) => { &[$(&$p as &dyn $crate::db::Param),*] };
}
