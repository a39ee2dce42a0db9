//! The letters that carry links.

use kontor_platform::text::Lang;
use kontor_platform::web::{Site, encode};

use crate::accounts::commands::letter_key;
use crate::accounts::mails::Letter;

/// An invitation: `subject` and `paragraphs` say to what and by whom.
pub fn invitation(
    site: &Site,
    lang: Lang,
    to: &str,
    token: &str,
    subject: String,
    paragraphs: Vec<String>,
) -> Letter {
    let s = site.speak(lang);
    let link = site.link(lang, &format!("/einladung/{token}"));
    Letter {
        kind: "accounts.invitation",
        key: letter_key(&kontor_platform::secret::hash(token)),
        to: to.to_owned(),
        lang,
        subject,
        paragraphs,
        action: Some((s.t("mail-invitation-act").to_owned(), link)),
        notes: vec![(s.t("mail-invitation-lasts").to_owned(), None)],
        confidential: true,
        ..Letter::default()
    }
}

/// A letter with one link and nothing else.
fn with_link(
    site: &Site,
    lang: Lang,
    to: &str,
    token: &str,
    path: &str,
    keys: [&'static str; 5],
) -> Letter {
    let s = site.speak(lang);
    let [kind, subject, text, act, lasts] = keys;
    let link = site.link(lang, &format!("{path}/{token}"));
    Letter {
        kind,
        key: format!("{kind}:{}", kontor_platform::secret::hash(token)),
        to: to.to_owned(),
        lang,
        subject: s.t(subject).to_owned(),
        paragraphs: vec![s.t(text).to_owned()],
        action: Some((s.t(act).to_owned(), link)),
        notes: vec![(s.t(lasts).to_owned(), None)],
        confidential: true,
        ..Letter::default()
    }
}

/// The link that signs in and goes on to a page of this site, if one was asked for.
pub fn sign_in(site: &Site, lang: Lang, to: &str, token: &str, target: &str) -> Letter {
    let keys = [
        "accounts.sign_in_link",
        "mail-sign-in-subject",
        "mail-sign-in-text",
        "mail-sign-in-act",
        "mail-sign-in-lasts",
    ];
    let mut letter = with_link(site, lang, to, token, "/anmelden/link", keys);
    if let (Some((_, link)), false) = (&mut letter.action, target.is_empty()) {
        link.push_str(&format!("?weiter={}", encode(target)));
    }
    letter
}

/// The link to a new password.
pub fn password(site: &Site, lang: Lang, to: &str, token: &str) -> Letter {
    let keys = [
        "accounts.password_link",
        "mail-password-subject",
        "mail-password-text",
        "mail-password-act",
        "mail-password-lasts",
    ];
    with_link(site, lang, to, token, "/anmelden/neues-passwort", keys)
}

/// The proof of a new address.
pub fn address(site: &Site, lang: Lang, to: &str, token: &str) -> Letter {
    let keys = [
        "accounts.address_link",
        "mail-address-subject",
        "mail-address-text",
        "mail-address-act",
        "mail-address-lasts",
    ];
    with_link(site, lang, to, token, "/adresse", keys)
}

/// Tells the owner that something about their account has changed.
pub fn changed(site: &Site, lang: Lang, to: &str, cause: &str, keys: [&'static str; 2]) -> Letter {
    let s = site.speak(lang);
    let [subject, text] = keys;
    Letter {
        kind: "accounts.changed",
        key: format!("changed:{cause}"),
        to: to.to_owned(),
        lang,
        subject: s.t(subject).to_owned(),
        paragraphs: vec![s.t(text).to_owned(), s.t("mail-changed-not-you").to_owned()],
        // It names whoever runs this place, and how they are reached.
        action: Some((
            s.t("app-imprint-title").to_owned(),
            site.link(lang, "/impressum"),
        )),
        ..Letter::default()
    }
}
