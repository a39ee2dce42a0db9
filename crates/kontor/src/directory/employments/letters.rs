//! The letters about employments.

use kontor_platform::mail::NewMail;
use kontor_platform::text::Lang;
use kontor_platform::web::Site;
use kontor_platform::{Id, Result};

use super::model::Request;
use crate::accounts::{Holder, Letter};

/// A letter of one paragraph about an organisation, with what to look at.
fn plain(site: &Site, to: &Holder, words: &Words, about: &str, path: &str) -> Letter {
    let lang = Lang::parse(&to.lang).unwrap_or_default();
    let s = site.speak(lang);
    Letter {
        kind: words.kind,
        account: Some(to.id),
        to: to.mail.clone(),
        lang,
        subject: s.name(words.subject, about),
        paragraphs: vec![s.name(words.text, about)],
        action: Some((s.t(words.act).to_owned(), site.link(lang, path))),
        ..Letter::default()
    }
}

/// What a letter says: its kind, and the keys of its sentences.
struct Words {
    kind: &'static str,
    subject: &'static str,
    text: &'static str,
    act: &'static str,
}

/// Tells somebody who decides that a person says they work there. Who it is
/// stands behind the sign-in.
pub fn asked(site: &Site, r: &Request, to: &Holder) -> Result<NewMail> {
    let words = Words {
        kind: "directory.employment_asked",
        subject: "employments-asked-subject",
        text: "employments-asked-text",
        act: "employments-asked-act",
    };
    let path = format!("/organisationen/{}/mitarbeitende", r.organisation_slug);
    let letter = plain(site, to, &words, &r.organisation_name, &path);
    Letter {
        key: format!("employment-asked:{}:{}", r.id, to.id),
        ..letter
    }
    .mail(site)
}

/// Tells the person that the organisation confirmed it.
pub fn confirmed(site: &Site, r: &Request, to: &Holder) -> Result<NewMail> {
    let words = Words {
        kind: "directory.employment_confirmed",
        subject: "employments-confirmed-subject",
        text: "employments-confirmed-text",
        act: "employments-own-act",
    };
    let letter = plain(site, to, &words, &r.organisation_name, OWN);
    Letter {
        key: format!("employment-confirmed:{}", r.id),
        ..letter
    }
    .mail(site)
}

/// Tells the person that it was declined, with the reason if there is one.
pub fn declined(site: &Site, r: &Request, to: &Holder, reason: &str) -> Result<NewMail> {
    let words = Words {
        kind: "directory.employment_declined",
        subject: "employments-declined-subject",
        text: "employments-declined-text",
        act: "employments-own-act",
    };
    let letter = plain(site, to, &words, &r.organisation_name, OWN);
    Letter {
        key: format!("employment-declined:{}", r.id),
        quote: (!reason.is_empty()).then(|| reason.to_owned()),
        ..letter
    }
    .mail(site)
}

/// Tells a person that somebody else has ended their employment here.
pub fn ended(site: &Site, organisation: &str, to: &Holder) -> Result<NewMail> {
    let words = Words {
        kind: "directory.employment_ended",
        subject: "employments-ended-subject",
        text: "employments-ended-text",
        act: "employments-own-act",
    };
    let letter = plain(site, to, &words, organisation, OWN);
    Letter {
        key: format!("employment-ended:{}", Id::<Request>::new()),
        ..letter
    }
    .mail(site)
}

/// The page on which people see and change their own.
const OWN: &str = "/mein-kontor/taetigkeit";
