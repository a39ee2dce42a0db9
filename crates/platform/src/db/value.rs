//! What goes into a statement and what comes out of a row: text, integers,
//! reals, nothing else, the same on both engines.

use std::borrow::Cow;

use postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::error::{Error, Result};

/// The text without the character of number zero: PostgreSQL takes it in no text,
/// and no text of people has it.
pub fn without_nul(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        Cow::Owned(text.replace('\0', ""))
    } else {
        Cow::Borrowed(text)
    }
}

/// A value bound to a statement.
#[derive(Debug, Clone)]
pub enum Val<'a> {
    Null,
    Int(i64),
    Real(f64),
    Text(Cow<'a, str>),
}

/// Something that can be bound to a statement.
pub trait Param: Sync {
    /// Its portable value.
    fn val(&self) -> Val<'_>;
}

/// A value read from a row.
#[derive(Debug, Clone, Copy)]
pub enum Cell<'a> {
    Null,
    Int(i64),
    Real(f64),
    Text(&'a str),
}

/// Something that can be read from a row's column.
pub trait Column: Sized {
    /// Reads the cell; an unexpected kind is a defect.
    fn read(cell: Cell<'_>) -> Result<Self>;
}

impl<'a> TryFrom<Cell<'a>> for &'a str {
    type Error = Error;
    fn try_from(cell: Cell<'a>) -> Result<Self> {
        match cell {
            Cell::Text(text) => Ok(text),
            other => Err(Error::broken(format!("expected text, found {other:?}"))),
        }
    }
}

impl Column for i64 {
    fn read(cell: Cell<'_>) -> Result<Self> {
        match cell {
            Cell::Int(n) => Ok(n),
            other => Err(Error::broken(format!(
                "expected an integer, found {other:?}"
            ))),
        }
    }
}
impl Column for f64 {
    fn read(cell: Cell<'_>) -> Result<Self> {
        match cell {
            Cell::Real(x) => Ok(x),
            Cell::Int(n) => Ok(n as f64),
            other => Err(Error::broken(format!("expected a real, found {other:?}"))),
        }
    }
}
impl Column for bool {
    fn read(cell: Cell<'_>) -> Result<Self> {
        Ok(i64::read(cell)? != 0)
    }
}
impl Column for String {
    fn read(cell: Cell<'_>) -> Result<Self> {
        Ok(<&str>::try_from(cell)?.to_owned())
    }
}
impl<T: Column> Column for Option<T> {
    fn read(cell: Cell<'_>) -> Result<Self> {
        match cell {
            Cell::Null => Ok(None),
            some => T::read(some).map(Some),
        }
    }
}

impl Param for i64 {
    fn val(&self) -> Val<'_> {
        Val::Int(*self)
    }
}
impl Param for f64 {
    fn val(&self) -> Val<'_> {
        Val::Real(*self)
    }
}
impl Param for bool {
    fn val(&self) -> Val<'_> {
        Val::Int(i64::from(*self))
    }
}
impl Param for str {
    fn val(&self) -> Val<'_> {
        Val::Text(Cow::Borrowed(self))
    }
}
impl Param for String {
    fn val(&self) -> Val<'_> {
        Val::Text(Cow::Borrowed(self))
    }
}
impl<T: Param> Param for Option<T> {
    fn val(&self) -> Val<'_> {
        self.as_ref().map_or(Val::Null, Param::val)
    }
}
impl<T: Param + ?Sized> Param for &T {
    fn val(&self) -> Val<'_> {
        (**self).val()
    }
}
impl Param for Val<'_> {
    fn val(&self) -> Val<'_> {
        self.clone()
    }
}

impl rusqlite::ToSql for Val<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, ValueRef};
        Ok(ToSqlOutput::Borrowed(match self {
            Val::Null => ValueRef::Null,
            Val::Int(n) => ValueRef::Integer(*n),
            Val::Real(x) => ValueRef::Real(*x),
            Val::Text(text) => match without_nul(text) {
                Cow::Borrowed(text) => ValueRef::Text(text.as_bytes()),
                Cow::Owned(text) => return Ok(ToSqlOutput::Owned(text.into())),
            },
        }))
    }
}

impl ToSql for Val<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut postgres::types::private::BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Val::Null => Ok(IsNull::Yes),
            Val::Int(n) if *ty == Type::INT4 => i32::try_from(*n)?.to_sql(ty, out),
            Val::Int(n) if *ty == Type::FLOAT8 => (*n as f64).to_sql(ty, out),
            Val::Int(n) => n.to_sql(ty, out),
            Val::Real(x) => x.to_sql(ty, out),
            Val::Text(text) => without_nul(text).as_ref().to_sql(ty, out),
        }
    }
    fn accepts(_: &Type) -> bool {
        true
    }
    to_sql_checked!();
}

/// A portable enum stored as text: name of the type, then `Variant = "word"`.
///
/// Makes `as_str`, `parse`, `ALL`, [`Param`] and [`Column`].
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        $vis enum $name { $($(#[$vmeta])* #[serde(rename = $word)] $variant),+ }
        impl $name {
            /// Every value, in the order of the declaration.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// The stored word.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
            /// The value of a stored word.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some($name::$variant),)+ _ => None }
            }
        }
        impl $crate::db::Param for $name {
            fn val(&self) -> $crate::db::Val<'_> { $crate::db::Val::Text(self.as_str().into()) }
        }
        impl $crate::db::Column for $name {
            fn read(cell: $crate::db::Cell<'_>) -> $crate::Result<Self> {
                let word = <&str>::try_from(cell)?;
                Self::parse(word).ok_or_else(|| $crate::Error::broken(
                    format!(concat!("unknown ", stringify!($name), ": {}"), word)))
            }
        }
    };
}
