//! The letters to contacts.

use kontor_platform::Id;
use kontor_platform::text::{Arg, Lang};
use kontor_platform::web::Site;

use super::open::Open;
use super::store::Contact;
use crate::accounts::settings::Region;
use crate::accounts::{Letter, invitation_letter};
use crate::directory::model::Person;

/// Who writes, on behalf of which cluster, in which region.
#[derive(Debug, Clone)]
pub struct Sender {
    pub name: String,
    pub cluster: String,
    pub region: Region,
    pub lang: Lang,
}

/// The notice of Art. 14 GDPR as paragraphs: which data, from where, on which
/// ground, what for, who answers for them, what can be done.
fn notice(site: &Site, from: &Sender, to: &Contact) -> Vec<String> {
    let s = site.speak(from.lang);
    let mut fields = Vec::new();
    for (value, key) in [
        (&to.name, "people-field-name"),
        (&to.function, "people-field-function"),
        (&to.mail, "accounts-field-mail"),
        (&to.phone, "people-field-phone"),
    ] {
        if !value.is_empty() {
            fields.push(s.t(key));
        }
    }
    if !to.employer.is_empty() {
        fields.push(&to.employer);
    }
    let data = fields.join(", ");
    let mut text = vec![
        s.with(
            "invitations-notice-data",
            &[
                ("cluster", Arg::Text(&from.cluster)),
                ("data", Arg::Text(&data)),
                ("source", Arg::Text(&to.source)),
            ],
        ),
        s.with(
            "invitations-notice-ground",
            &[("ground", Arg::Text(s.t(to.ground.key())))],
        ),
        s.t("invitations-notice-rights").to_owned(),
    ];
    let (controller, _) = from.region.controller_in(from.lang);
    if !controller.is_empty() {
        text.push(s.name("invitations-notice-controller", controller));
    }
    text
}

/// The address at which this person objects.
pub fn objection_link(site: &Site, lang: Lang, person: &str) -> String {
    let mark = site.key.sign("objection", person);
    site.link(lang, &format!("/widerspruch/{person}/{mark}"))
}

fn notes(site: &Site, lang: Lang, to: Id<Person>) -> Vec<(String, Option<String>)> {
    let s = site.speak(lang);
    vec![
        (
            s.t("invitations-object").to_owned(),
            Some(objection_link(site, lang, &to.to_string())),
        ),
        (
            s.t("app-privacy-title").to_owned(),
            Some(site.link(lang, "/datenschutz")),
        ),
    ]
}

/// An invitation that waits, with a new link.
pub fn again(site: &Site, lang: Lang, cluster: &str, to: &Open, token: &str) -> Letter {
    let s = site.speak(lang);
    let subject = s.name("invitations-subject", cluster);
    let text = vec![s.name("invitations-again-text", cluster)];
    let mut letter = invitation_letter(site, lang, &to.mail, token, subject, text);
    letter.notes.extend(notes(site, lang, to.contact));
    letter
}

/// The invitation of a contact, with the notice in it.
pub fn invitation(site: &Site, from: &Sender, to: &Contact, token: &str) -> Letter {
    let s = site.speak(from.lang);
    let subject = s.name("invitations-subject", &from.cluster);
    let names = [
        ("by", Arg::Text(&from.name)),
        ("cluster", Arg::Text(&from.cluster)),
        ("organisation", Arg::Text(&to.employer)),
    ];
    let mut text = vec![match to.employer.is_empty() {
        true => s.with("invitations-one-text", &names[..2]),
        false => s.with("invitations-text", &names),
    }];
    text.push(s.t("invitations-hidden").to_owned());
    text.extend(notice(site, from, to));
    let mut letter = invitation_letter(site, from.lang, &to.mail, token, subject, text);
    letter.notes.extend(notes(site, from.lang, to.id));
    letter
}

/// The notice alone.
pub fn information(site: &Site, from: &Sender, to: &Contact) -> Letter {
    let s = site.speak(from.lang);
    Letter {
        kind: "directory.notice",
        key: format!("notice:{}", to.id),
        to: to.mail.clone(),
        lang: from.lang,
        subject: s.name("invitations-notice-subject", &from.cluster),
        paragraphs: notice(site, from, to),
        notes: notes(site, from.lang, to.id),
        // Holds the link that objects for this person.
        confidential: true,
        ..Letter::default()
    }
}
