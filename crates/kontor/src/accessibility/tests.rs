//! The clocks of the statement and of reports.

use kontor_platform::{Day, Id, Instant};

use super::model::{Report, Statement, months_after};

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

#[test]
fn a_month_ends_on_the_same_day_or_the_last_there_is() {
    assert_eq!(months_after(day("2027-01-15"), 1), day("2027-02-15"));
    assert_eq!(months_after(day("2027-01-31"), 1), day("2027-02-28"));
    assert_eq!(months_after(day("2028-02-29"), 12), day("2029-02-28"));
}

#[test]
fn a_statement_is_stale_after_a_year_or_without_a_review() {
    let on = |reviewed_on: &str| Statement {
        reviewed_on: reviewed_on.into(),
        ..Statement::default()
    };
    assert!(on("").is_stale(day("2027-01-01")));
    assert!(!on("2026-01-02").is_stale(day("2027-01-01")));
    assert!(on("2026-01-01").is_stale(day("2027-01-01")));
}

#[test]
fn an_answered_report_is_never_overdue() {
    let mut report = Report {
        id: Id::new(),
        page: "/".into(),
        message: "x".into(),
        mail: String::new(),
        lang: "de".into(),
        created_at: Instant(0),
        due_on: day("2027-01-31"),
        answer: String::new(),
        answered_at: None,
    };
    assert!(!report.is_overdue(day("2027-01-31")));
    assert!(report.is_overdue(day("2027-02-01")));
    report.answered_at = Some(Instant(1));
    assert!(!report.is_overdue(day("2027-02-01")));
}
