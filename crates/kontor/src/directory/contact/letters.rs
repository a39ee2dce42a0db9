//! The letters that relay a message.

use kontor_platform::mail::NewMail;
use kontor_platform::text::{Arg, Lang};
use kontor_platform::web::Site;
use kontor_platform::{Result, secret};

use super::model::{Message, Route};
use crate::accounts::{Holder, Letter};

/// The address at which a message's recipients block or report its sender.
fn act(site: &Site, lang: Lang, m: &Message, purpose: &str, path: &str) -> String {
    let mark = site.key.sign(purpose, &m.id.to_string());
    site.link(lang, &format!("/kontakt/{}/{path}/{mark}", m.id))
}

/// The message for one recipient; the answer goes to the sender.
pub fn relayed(site: &Site, m: &Message, to: &Holder, route: Route) -> Result<NewMail> {
    let lang = Lang::parse(&to.lang).unwrap_or_default();
    let s = site.speak(lang);
    let names = [
        ("sender", Arg::Text(&m.name)),
        ("organisation", Arg::Text(&m.organisation_name)),
    ];
    let mut paragraphs = vec![s.with("contact-letter-text", &names)];
    match route {
        Route::Representatives => {}
        Route::Management => paragraphs.push(s.t("contact-letter-management").to_owned()),
        Route::Administration => paragraphs.push(s.t("contact-letter-administration").to_owned()),
    }
    Letter {
        kind: "directory.contact",
        key: format!("contact:{}:{}", m.id, to.id),
        account: Some(to.id),
        to: to.mail.clone(),
        reply_to: m.mail.clone(),
        lang,
        subject: s.name("contact-letter-subject", &m.organisation_name),
        paragraphs,
        quote: Some(m.message.clone()),
        notes: vec![
            (s.t("contact-letter-reply").to_owned(), None),
            (
                s.t("contact-letter-block").to_owned(),
                Some(act(site, lang, m, "block-sender", "sperren")),
            ),
            (
                s.t("contact-letter-report").to_owned(),
                Some(act(site, lang, m, "report-sender", "melden")),
            ),
        ],
        // Holds links of its own, and words that are not kept once delivered.
        confidential: true,
        ..Letter::default()
    }
    .mail(site)
}

/// Tells who looks after the organisation that a sender was reported. Whom and
/// why stands behind the sign-in.
pub fn reported(site: &Site, m: &Message, to: &Holder) -> Result<NewMail> {
    let lang = Lang::parse(&to.lang).unwrap_or_default();
    let s = site.speak(lang);
    Letter {
        kind: "directory.sender_reported",
        key: format!("sender-reported:{}:{}", m.id, to.id),
        account: Some(to.id),
        to: to.mail.clone(),
        lang,
        subject: s.name("contact-reported-subject", &m.organisation_name),
        paragraphs: vec![s.name("contact-reported-text", &m.organisation_name)],
        action: Some((
            s.t("contact-reported-act").to_owned(),
            site.link(lang, "/verwaltung/anfragen"),
        )),
        ..Letter::default()
    }
    .mail(site)
}

/// The sender's own copy; it names nobody.
pub fn copy(site: &Site, m: &Message) -> Result<NewMail> {
    let lang = Lang::parse(&m.lang).unwrap_or_default();
    let s = site.speak(lang);
    Letter {
        kind: "directory.contact_copy",
        key: format!("contact-copy:{}", m.id),
        to: m.mail.clone(),
        lang,
        subject: s.name("contact-copy-subject", &m.organisation_name),
        paragraphs: vec![s.name("contact-copy-text", &m.organisation_name)],
        quote: Some(m.message.clone()),
        confidential: true,
        ..Letter::default()
    }
    .mail(site)
}

/// Asks whether the address is the sender's own. It repeats nothing that was
/// typed: else anybody could send anything to anybody.
pub fn confirmation(site: &Site, m: &Message, token: &str) -> Result<NewMail> {
    let lang = Lang::parse(&m.lang).unwrap_or_default();
    let s = site.speak(lang);
    let link = site.link(lang, &format!("/kontakt/bestaetigen/{token}"));
    Letter {
        kind: "directory.contact_confirmation",
        key: format!("contact-confirmation:{}", secret::hash(token)),
        to: m.mail.clone(),
        lang,
        subject: s.t("contact-confirm-subject").to_owned(),
        paragraphs: vec![s.name("contact-confirm-text", &m.organisation_name)],
        action: Some((s.t("contact-confirm-look").to_owned(), link)),
        notes: vec![(s.t("contact-confirm-lasts").to_owned(), None)],
        confidential: true,
        ..Letter::default()
    }
    .mail(site)
}
