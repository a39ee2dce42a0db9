//! The one error of Kontor, with six endings.
//!
//! A room's rule says "no" by its own small `Refusal` enum, which turns into
//! [`Error::Refused`] with the key of a Fluent text. Whatever nobody foresaw
//! is [`Error::Broken`]: logged once, shown as one calm page.

use std::fmt;

/// The result of everything that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// How a request can end without success.
#[derive(Debug)]
pub enum Error {
    /// There is no such thing, or the asker may not know that there is.
    NotFound,
    /// The thing may be seen, but this may not be done with it.
    Forbidden,
    /// The input needs correction; every field error at once.
    Invalid(FieldErrors),
    /// A rule says no; the key of the text that says why.
    Refused(&'static str),
    /// Too many requests, or too much work waiting.
    TooMany {
        /// Seconds after which a new try makes sense.
        retry_after_s: u32,
        /// True when the service is full, false when this asker asked too often.
        overload: bool,
    },
    /// A defect or an outage.
    Broken(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// A defect described in English for the operator's log.
    pub fn broken(what: impl Into<String>) -> Self {
        Error::Broken(what.into().into())
    }

    /// True when a database rule of uniqueness said no.
    pub fn is_unique_violation(&self) -> bool {
        self.database()
            .is_some_and(crate::db::DbError::is_unique_violation)
    }

    /// True when somebody faster may have put there what was looked for in vain.
    pub fn is_outrun(&self) -> bool {
        self.database().is_some_and(crate::db::DbError::is_outrun)
    }

    /// True when the transaction may simply be tried again.
    pub fn is_retryable(&self) -> bool {
        self.database()
            .is_some_and(crate::db::DbError::is_retryable)
    }

    /// True when the data cannot be reached or written just now.
    pub fn is_outage(&self) -> bool {
        self.database().is_some_and(crate::db::DbError::is_outage)
    }

    /// True when the connection to the database's server has ended.
    pub fn is_lost(&self) -> bool {
        self.database().is_some_and(crate::db::DbError::is_lost)
    }

    /// True when somebody else kept the database for too long.
    pub fn is_busy(&self) -> bool {
        self.database().is_some_and(crate::db::DbError::is_busy)
    }

    fn database(&self) -> Option<&crate::db::DbError> {
        match self {
            Error::Broken(source) => source.downcast_ref(),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotFound => f.write_str("not found"),
            Error::Forbidden => f.write_str("forbidden"),
            Error::Invalid(fields) => write!(f, "invalid input: {fields:?}"),
            Error::Refused(key) => write!(f, "refused: {key}"),
            Error::TooMany { retry_after_s, .. } => {
                write!(f, "too many requests, try again in {retry_after_s} s")
            }
            Error::Broken(source) => write!(f, "{source}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<crate::db::DbError> for Error {
    fn from(source: crate::db::DbError) -> Self {
        Error::Broken(Box::new(source))
    }
}

impl From<std::io::Error> for Error {
    fn from(source: std::io::Error) -> Self {
        Error::Broken(Box::new(source))
    }
}

impl From<serde_json::Error> for Error {
    fn from(source: serde_json::Error) -> Self {
        Error::Broken(Box::new(source))
    }
}

impl From<askama::Error> for Error {
    fn from(source: askama::Error) -> Self {
        Error::Broken(Box::new(source))
    }
}

/// What must be corrected, field by field, in the order of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(pub Vec<FieldError>);

/// One field and the text that says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name, which is also its HTML id.
    pub field: &'static str,
    /// The key of the text.
    pub key: &'static str,
    /// What the text names as its `$name`; empty where it names nothing.
    pub name: String,
}

impl FieldErrors {
    /// Notes that a field needs correction.
    pub fn add(&mut self, field: &'static str, key: &'static str) {
        self.add_named(field, key, String::new());
    }

    /// Notes that a field needs correction, and what in it.
    pub fn add_named(&mut self, field: &'static str, key: &'static str, name: String) {
        self.0.push(FieldError { field, key, name });
    }

    /// In the order in which the form has these fields; others stay behind them.
    #[must_use]
    pub fn in_order(mut self, form: &[&str]) -> Self {
        let place = |e: &FieldError| form.iter().position(|field| *field == e.field);
        self.0.sort_by_key(|e| place(e).unwrap_or(usize::MAX));
        self
    }

    /// The first error of a field, if it needs correction.
    pub fn first(&self, field: &str) -> Option<&FieldError> {
        self.0.iter().find(|e| e.field == field)
    }

    /// The text key for a field, if it needs correction.
    pub fn of(&self, field: &str) -> Option<&'static str> {
        self.first(field).map(|e| e.key)
    }

    /// True when nothing needs correction.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok` when nothing needs correction.
    pub fn done<T>(self, value: T) -> Result<T> {
        if self.is_empty() {
            Ok(value)
        } else {
            Err(Error::Invalid(self))
        }
    }
}
