//! Verbs of accessibility.

use kontor_platform::mail;
use kontor_platform::text::Lang;
use kontor_platform::{Day, Error, FieldErrors, Id, Result, Work};

use super::model::{BarrierReported, Report, ReportAnswered, Statement, months_after};
use super::store;
use crate::accounts::settings::SettingsChanged;
use crate::accounts::{Cx, Letter, Limits, looks_like_mail};

/// Reports from one network place in a quarter of an hour.
const REPORTS_PER_PLACE: i64 = 10;

/// Stores what somebody met; the clock of one month begins.
pub async fn report(cx: &Cx, page: &str, message: &str, mail: &str) -> Result<Id<Report>> {
    let mut fields = FieldErrors::default();
    let length = message.chars().count();
    if length == 0 || length > 4000 {
        fields.add("message", "accessibility-error-message");
    }
    if !mail.is_empty() && !looks_like_mail(&mail.to_lowercase()) {
        fields.add("mail", "accounts-error-mail");
    }
    fields.done(())?;
    let limits = Limits::new(cx).per_place("barrier", REPORTS_PER_PLACE);
    let today = cx.now.day();
    let report = Report {
        id: Id::new(),
        page: page.chars().take(300).collect(),
        message: message.to_owned(),
        mail: mail.to_owned(),
        lang: cx.lang.tag().to_owned(),
        created_at: cx.now,
        due_on: months_after(today, 1),
        answer: String::new(),
        answered_at: None,
    };
    cx.write(move |work, _| {
        limits.take(work)?;
        store::insert(work, &report)?;
        work.announce(&BarrierReported { report: report.id });
        Ok(report.id)
    })
    .await
}

/// Answers a report; by mail too, where an address was left.
pub async fn answer(cx: &Cx, id: Id<Report>, text: &str) -> Result<()> {
    let mut fields = FieldErrors::default();
    if text.is_empty() || text.chars().count() > 4000 {
        fields.add("answer", "accessibility-refused-answer");
    }
    fields.done(())?;
    let report = cx
        .read(move |conn, who| {
            who.administers()?;
            store::find(conn, id)
        })
        .await?;
    let lang = Lang::parse(&report.lang).unwrap_or_default();
    let s = cx.site.speak(lang);
    let letter = Letter {
        kind: "accessibility.answer",
        key: format!("barrier-answer:{id}"),
        to: report.mail.clone(),
        lang,
        subject: s.t("accessibility-answer-subject").to_owned(),
        paragraphs: vec![s.t("accessibility-answer-text").to_owned(), text.to_owned()],
        quote: Some(report.message.clone()),
        ..Letter::default()
    }
    .mail(&cx.site)?;
    let text = text.to_owned();
    cx.write(move |work, who| {
        who.administers()?;
        let now = work.now();
        let by = who.actor.account.map(|a| a.to_string());
        if !store::answer(work, id, &text, by.as_deref(), now)? {
            return Err(Error::Refused("accessibility-refused-answered"));
        }
        // Whoever reported may have been erased since the letter was written.
        let mail_now = store::find(work, id)?.mail;
        if !mail_now.is_empty() && mail_now == letter.to {
            mail::queue(work, &letter, now)?;
        }
        work.announce(&ReportAnswered { report: id });
        Ok(())
    })
    .await
}

/// Stores the statement. A review lies in the past.
pub fn save(work: &mut Work<'_>, statement: &Statement) -> Result<()> {
    let mut fields = FieldErrors::default();
    let today = work.now().day();
    let on = Day::parse(&statement.reviewed_on);
    if !statement.reviewed_on.is_empty() && on.is_none_or(|on| on > today) {
        fields.add("reviewed-on", "accessibility-error-reviewed");
    }
    fields.done(())?;
    store::set_statement(work, statement)?;
    work.announce(&SettingsChanged {
        group: "accessibility".into(),
    });
    Ok(())
}
