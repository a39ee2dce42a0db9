//! Identifiers: UUID version 7, typed by the noun they name.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use uuid::Uuid;

use crate::db::{Cell, Column, Param, Val};
use crate::error::{Error, Result};

/// The identifier of a `T`: 36 lower-case characters in the database and in
/// addresses; sorts by age.
pub struct Id<T: ?Sized>(Uuid, PhantomData<fn() -> T>);

impl<T: ?Sized> Id<T> {
    /// A new identifier; the only place that makes them.
    #[allow(clippy::new_without_default, clippy::disallowed_methods)]
    pub fn new() -> Self {
        Id(Uuid::now_v7(), PhantomData)
    }

    /// The identifier with these bytes: for reproducible worlds (the demo, tests).
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Id(
            uuid::Builder::from_custom_bytes(bytes).into_uuid(),
            PhantomData,
        )
    }

    /// The same identifier as one of another noun (a person is an actor).
    pub fn cast<U: ?Sized>(self) -> Id<U> {
        Id(self.0, PhantomData)
    }
}

impl<T: ?Sized> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T: ?Sized> Copy for Id<T> {}
impl<T: ?Sized> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T: ?Sized> Eq for Id<T> {}
impl<T: ?Sized> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T: ?Sized> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T: ?Sized> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T: ?Sized> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}
impl<T: ?Sized> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl<T: ?Sized> FromStr for Id<T> {
    type Err = Error;
    /// Reads an identifier; anything else cannot name a thing: [`Error::NotFound`].
    fn from_str(text: &str) -> Result<Self> {
        let uuid = Uuid::try_parse(text).map_err(|_| Error::NotFound)?;
        Ok(Id(uuid, PhantomData))
    }
}
impl<T: ?Sized> serde::Serialize for Id<T> {
    fn serialize<S: serde::Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de, T: ?Sized> serde::Deserialize<'de> for Id<T> {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> std::result::Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse()
            .map_err(|_| serde::de::Error::custom("not an identifier"))
    }
}
impl<T: ?Sized> Param for Id<T> {
    fn val(&self) -> Val<'_> {
        Val::Text(self.to_string().into())
    }
}
impl<T: ?Sized> Column for Id<T> {
    fn read(cell: Cell<'_>) -> Result<Self> {
        <&str as TryFrom<Cell<'_>>>::try_from(cell)?
            .parse()
            .map_err(|_| Error::broken("a column that should hold an identifier does not"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_sort_by_age_and_survive_text() {
        let a = Id::<str>::new();
        let b = Id::<str>::new();
        assert!(a < b);
        assert_eq!(a.to_string().parse::<Id<str>>().unwrap(), a);
        assert!("nonsense".parse::<Id<str>>().is_err());
    }
}
