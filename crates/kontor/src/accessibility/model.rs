//! The statement and the reports; rules of their dates.

use kontor_platform::text::Lang;
use kontor_platform::{Day, Id, Instant, fact};
use serde::{Deserialize, Serialize};

/// What the operator says about accessibility. Empty texts fall back to what
/// the product can say of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Statement {
    /// Who assessed, and how.
    pub assessor: String,
    pub assessor_en: String,
    /// What is not accessible, why, and what to do instead.
    pub limits: String,
    pub limits_en: String,
    /// The day of the last review, `YYYY-MM-DD`.
    pub reviewed_on: String,
    /// The body that settles disputes, with its address.
    pub arbitration: String,
    pub arbitration_en: String,
}

/// A text of the statement with its language; none was entered where it is empty.
pub type Said<'s> = (&'s str, Lang);

impl Statement {
    fn said<'s>(own: &'s str, english: &'s str, lang: Lang) -> Said<'s> {
        match lang {
            Lang::En if !english.is_empty() => (english, Lang::En),
            _ => (own, Lang::De),
        }
    }

    /// Who assessed, and how, in a language or else in German.
    pub fn assessor_in(&self, lang: Lang) -> Said<'_> {
        Self::said(&self.assessor, &self.assessor_en, lang)
    }

    /// What is not accessible, likewise.
    pub fn limits_in(&self, lang: Lang) -> Said<'_> {
        Self::said(&self.limits, &self.limits_en, lang)
    }

    /// The body that settles disputes, likewise.
    pub fn arbitration_in(&self, lang: Lang) -> Said<'_> {
        Self::said(&self.arbitration, &self.arbitration_en, lang)
    }

    /// Whether the last review is older than twelve months, or there was none
    /// (section 7 BITV 2.0 asks for a yearly one).
    pub fn is_stale(&self, today: Day) -> bool {
        Day::parse(&self.reviewed_on).is_none_or(|on| months_after(on, 12) <= today)
    }
}

/// The same day so many months later; the last of the month where it is missing.
pub fn months_after(day: Day, months: i64) -> Day {
    let span = jiff::Span::new().months(months);
    Day(day.0.checked_add(span).unwrap_or(jiff::civil::Date::MAX))
}

/// A barrier that somebody met.
#[derive(Debug, Clone)]
pub struct Report {
    pub id: Id<Report>,
    /// The page, as a path.
    pub page: String,
    pub message: String,
    /// Where an answer goes; empty when none is wished.
    pub mail: String,
    pub lang: String,
    pub created_at: Instant,
    pub due_on: Day,
    pub answer: String,
    pub answered_at: Option<Instant>,
}

impl Report {
    /// Still waits although its month is over.
    pub fn is_overdue(&self, today: Day) -> bool {
        self.answered_at.is_none() && self.due_on < today
    }
}

fact!(
    /// Somebody reported a barrier.
    BarrierReported, "accessibility.barrier_reported", report: Id<Report>);
fact!(
    /// A report was answered.
    ReportAnswered, "accessibility.report_answered", report: Id<Report>);
