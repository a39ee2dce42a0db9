//! Time: instants in UTC microseconds, calendar days, and the clock that is
//! handed to whoever needs it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::tz::TimeZone;

use crate::db::{Cell, Column, Param, Val};
use crate::error::{Error, Result};

/// A moment, in microseconds since 1970-01-01 UTC.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct Instant(pub i64);

/// The zone of a region's wall clocks.
pub const ZONE: &str = "Europe/Berlin";

impl Instant {
    /// This moment moved by so many seconds.
    pub fn plus_s(self, seconds: i64) -> Self {
        Instant(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// Whole seconds from `earlier` to this moment.
    pub fn seconds_since(self, earlier: Instant) -> i64 {
        (self.0 - earlier.0) / 1_000_000
    }

    /// The calendar day of this moment on the region's wall clock.
    pub fn day(self) -> Day {
        Day(self.zoned().date())
    }

    /// This moment on the region's wall clock.
    pub fn zoned(self) -> jiff::Zoned {
        let zone = TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
        jiff::Timestamp::from_microsecond(self.0)
            .unwrap_or_default()
            .to_zoned(zone)
    }

    /// Reads RFC 3339.
    pub fn parse(text: &str) -> Option<Instant> {
        let at: jiff::Timestamp = text.parse().ok()?;
        Some(Instant(at.as_microsecond()))
    }

    /// RFC 3339 in UTC, for machines.
    pub fn rfc3339(self) -> String {
        jiff::Timestamp::from_microsecond(self.0)
            .unwrap_or_default()
            .to_string()
    }
}

impl Param for Instant {
    fn val(&self) -> Val<'_> {
        Val::Int(self.0)
    }
}
impl Column for Instant {
    fn read(cell: Cell<'_>) -> Result<Self> {
        Ok(Instant(i64::read(cell)?))
    }
}

/// A calendar day without a time, stored as `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub jiff::civil::Date);

impl Day {
    /// Reads `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Option<Day> {
        text.trim().parse().ok().map(Day)
    }

    /// The day after; the last day of the calendar is its own.
    #[must_use]
    pub fn next(self) -> Day {
        self.0.tomorrow().map_or(self, Day)
    }

    /// The day before; the first day of the calendar is its own.
    #[must_use]
    pub fn before(self) -> Day {
        self.0.yesterday().map_or(self, Day)
    }
}
impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
impl Param for Day {
    fn val(&self) -> Val<'_> {
        Val::Text(self.to_string().into())
    }
}
impl Column for Day {
    fn read(cell: Cell<'_>) -> Result<Self> {
        let text = <&str>::try_from(cell)?;
        Day::parse(text).ok_or_else(|| Error::broken(format!("not a day: {text}")))
    }
}

/// Tells the time. Real in service, set by hand in tests.
#[derive(Clone, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Clock(None)
    }

    /// A clock that stands still at `at` until it is moved.
    pub fn standing(at: Instant) -> Self {
        Clock(Some(Arc::new(AtomicI64::new(at.0))))
    }

    /// Moves a standing clock forward.
    pub fn advance_s(&self, seconds: i64) {
        if let Some(at) = &self.0 {
            at.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
        }
    }

    /// The present moment.
    #[allow(clippy::disallowed_methods)]
    pub fn now(&self) -> Instant {
        match &self.0 {
            Some(at) => Instant(at.load(Ordering::SeqCst)),
            None => Instant(jiff::Timestamp::now().as_microsecond()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_before_midnight_utc_is_the_next_day_in_hamburg() {
        let at: jiff::Timestamp = "2026-07-01T22:30:00Z".parse().unwrap();
        assert_eq!(Instant(at.as_microsecond()).day().to_string(), "2026-07-02");
    }
}
