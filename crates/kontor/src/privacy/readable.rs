//! The access export as people read it: every key with a name, days and words
//! in the reader's language, places by their names. The file for machines keeps
//! its keys.

use std::collections::HashMap;

use kontor_platform::db::Conn;
use kontor_platform::text::Speech;
use kontor_platform::{Day, Instant, Result};
use serde_json::{Map, Value};

use crate::accounts::{RoleKind, Who};
use crate::consents::{Place, Purpose};
use crate::directory::people::{Audience, Field};
use crate::directory::{LegalGround, history, start};

/// A part of the export as lines: what, and its value.
pub struct Part {
    pub key: &'static str,
    pub lines: Vec<(String, String)>,
}

/// Parts of the export in the order of the page, with the keys of their titles.
const PARTS: [(&str, &str); 8] = [
    ("account", "privacy-part-account"),
    ("consents", "consents-title"),
    ("person", "privacy-part-person"),
    ("contacts", "privacy-part-contacts"),
    ("mails", "privacy-part-mails"),
    ("barrier_reports", "privacy-part-reports"),
    ("requests_and_messages", "privacy-part-doors"),
    ("activity", "privacy-part-activity"),
];

/// Names of the export's keys.
#[rustfmt::skip]
const LABELS: &[(&str, &str)] = &[
    ("addresses_asked_for", "privacy-data-address"), ("answer", "accessibility-field-answer"),
    ("at", "privacy-data-at"), ("audience", "privacy-data-audience"),
    ("choice", "privacy-data-audience"), ("clusters", "directory-filter-cluster"),
    ("created", "roles-since"), ("device", "privacy-data-device"), ("field", "privacy-data-field"),
    ("function", "people-field-function"), ("given", "privacy-data-given"),
    ("given_on", "privacy-data-where"), ("id", "privacy-data-id"),
    ("informed", "privacy-data-informed"), ("kind", "privacy-data-kind"),
    ("language", "accounts-field-lang"), ("last_sign_in", "roles-col-last"),
    ("legal_ground", "import-ground"), ("mail", "accounts-field-mail"),
    ("message", "privacy-data-message"), ("name", "people-field-name"),
    ("declined", "privacy-data-declined"), ("may_edit", "invitations-may-edit"),
    ("open_invitation", "privacy-data-invitation"), ("sent", "privacy-data-sent"),
    ("objected", "privacy-data-objected"), ("organisation", "people-work"),
    ("organisation_since", "employments-since"),
    ("former_addresses", "privacy-data-former-address"),
    ("former_organisations", "employments-former"),
    ("organisation_to_confirm", "employments-waits-title"),
    ("origin", "import-source"), ("page", "accessibility-field-page"),
    ("password_set", "privacy-data-password"), ("publications", "privacy-data-publication"),
    ("purpose", "privacy-data-purpose"), ("role", "roles-field-role"),
    ("roles", "roles-field-role"), ("scope", "roles-field-cluster"),
    ("sessions", "privacy-data-session"), ("since", "directory-membership-since"),
    ("state", "roles-col-state"), ("subject", "mail-col-subject"),
    ("telephone", "people-field-phone"), ("text", "privacy-data-text"),
    ("text_language", "accounts-field-lang"), ("text_version", "privacy-data-version"),
    ("theme", "accounts-field-theme"), ("to", "mail-col-to"),
    ("until", "directory-membership-until"), ("withdrawn", "privacy-data-withdrawn"),
    ("withdrawn_on", "privacy-data-where"),
];

/// Stored words that stand for a sentence, by the key of what they tell.
#[rustfmt::skip]
const WORDS: &[(&str, &str, &str)] = &[
    ("state", "active", "roles-state-active"), ("state", "invited", "roles-state-invited"),
    ("state", "locked", "roles-state-locked"), ("state", "closed", "roles-state-closed"),
    ("state", "waiting", "mail-state-waiting"), ("state", "sent", "mail-state-sent"),
    ("state", "failed", "mail-state-failed"), ("state", "kept", "mail-state-kept"),
    ("state", "open", "requests-state-open"), ("state", "approved", "requests-state-approved"),
    ("state", "rejected", "requests-state-rejected"),
    ("state", "restricted", "privacy-state-restricted"),
    ("language", "de", "accounts-lang-de"), ("language", "en", "accounts-lang-en"),
    ("text_language", "de", "accounts-lang-de"), ("text_language", "en", "accounts-lang-en"),
    ("theme", "system", "accounts-theme-system"), ("theme", "light", "accounts-theme-light"),
    ("theme", "dark", "accounts-theme-dark"), ("scope", "region", "roles-region"),
    ("kind", "request", "privacy-kind-request"), ("kind", "message", "privacy-kind-message"),
    ("kind", "waiting_list", "privacy-kind-list"), ("kind", "reported", "privacy-kind-reported"),
    ("fact", "accounts.settings_changed", "privacy-fact-settings"),
    ("fact", "privacy.access_given", "privacy-fact-access"),
    ("fact", "privacy.person_erased", "privacy-fact-erased"),
    ("fact", "directory.request_made", "privacy-kind-request"),
    ("fact", "directory.request_rejected", "privacy-fact-rejected"),
    ("fact", "directory.message_relayed", "privacy-kind-message"),
    // In a history these sentences name what the list here does not hold.
    ("fact", "accounts.role_granted", "privacy-fact-role-granted"),
    ("fact", "accounts.role_ended", "privacy-fact-role-ended"),
    ("fact", "directory.publication_changed", "privacy-fact-publication"),
    ("fact", "directory.ground_given", "privacy-fact-ground"),
    ("fact", "directory.merge_agreement_changed", "privacy-fact-agreement"),
    ("fact", "directory.person_joined", "privacy-fact-joined"),
    ("fact", "directory.employment_asked", "privacy-fact-employment-asked"),
    ("fact", "directory.employment_declined", "privacy-fact-employment-declined"),
    ("fact", "directory.merge_proposed", "privacy-fact-merge-proposed"),
    ("fact", "directory.merge_withdrawn", "privacy-fact-merge-withdrawn"),
    ("fact", "directory.kept_apart", "privacy-fact-kept-apart"),
    ("fact", "directory.apart_taken_back", "privacy-fact-apart-taken-back"),
    ("fact", "directory.organisation_withdrawn", "privacy-fact-entry-withdrawn"),
    ("fact", "directory.person_withdrawn", "privacy-fact-entry-withdrawn"),
    ("fact", "directory.person_erased", "privacy-fact-erased"),
    ("fact", "directory.sender_blocked", "privacy-fact-sender-blocked"),
    ("fact", "directory.sender_unblocked", "privacy-fact-sender-unblocked"),
    ("fact", "directory.sender_reported", "privacy-fact-sender-reported"),
    ("fact", "directory.report_settled", "privacy-fact-report-settled"),
    ("fact", "accounts.account_erased", "privacy-fact-account-erased"),
    ("fact", "consents.given", "privacy-fact-consent-given"),
    ("fact", "consents.withdrawn", "privacy-fact-consent-withdrawn"),
    ("fact", "accessibility.barrier_reported", "privacy-fact-barrier-reported"),
    ("fact", "accessibility.report_answered", "privacy-fact-barrier-answered"),
    ("fact", "privacy.retention_changed", "privacy-fact-retention"),
    ("origin", "account", "privacy-source-account"), ("origin", "demo", "privacy-source-demo"),
    ("origin", "import", "privacy-source-import"),
];

/// The filled parts of an export in the asker's language.
pub fn parts(conn: &mut Conn, who: &Who, data: &Value) -> Result<Vec<Part>> {
    let roles = data["account"]["roles"].as_array();
    let ids: Vec<&str> = roles
        .into_iter()
        .flatten()
        .filter_map(|role| role["place"].as_str())
        .collect();
    let reader = Reader {
        names: start::names(conn, &ids)?,
        speech: who.cx.site.speak(who.cx.lang),
    };
    let part = |(name, key): (&str, &'static str)| {
        let lines = reader.lines(&data[name]);
        (!lines.is_empty()).then_some(Part { key, lines })
    };
    Ok(PARTS.into_iter().filter_map(part).collect())
}

/// Whether an export holds nothing at all.
pub fn is_empty(data: &Value) -> bool {
    match data {
        Value::Null => true,
        Value::Object(map) => map.values().all(is_empty),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

struct Reader {
    speech: Speech,
    /// Names of clusters and organisations by identifier.
    names: HashMap<String, String>,
}

impl Reader {
    fn label(&self, key: &str) -> String {
        let found = LABELS.iter().find(|(known, _)| *known == key);
        found
            .map_or(key, |(_, text)| self.speech.t(text))
            .to_owned()
    }

    /// One line for each value, and for each entry of a list.
    fn lines(&self, value: &Value) -> Vec<(String, String)> {
        let mut lines = Vec::new();
        match value {
            Value::Object(map) => {
                for (key, inner) in map {
                    match inner {
                        Value::Array(list) if list.iter().any(Value::is_object) => {
                            for (i, entry) in list.iter().enumerate() {
                                let what = format!("{} {}", self.label(key), i + 1);
                                lines.push((what, self.said(key, entry)));
                            }
                        }
                        inner => lines.push((self.label(key), self.said(key, inner))),
                    }
                }
            }
            Value::Array(list) => {
                for (i, entry) in list.iter().enumerate() {
                    let at = entry["at"].as_str().map(|at| self.word("at", at));
                    let what = at.unwrap_or_else(|| (i + 1).to_string());
                    lines.push((what, self.said("", entry)));
                }
            }
            _ => {}
        }
        lines.retain(|(_, value)| !value.is_empty());
        lines
    }

    /// A value in words.
    fn said(&self, key: &str, value: &Value) -> String {
        match value {
            Value::Null => String::new(),
            Value::Bool(true) => self.speech.t("privacy-data-yes").to_owned(),
            Value::Bool(false) => self.speech.t("privacy-data-no").to_owned(),
            Value::Number(n) => n.to_string(),
            Value::String(text) => self.word(key, text),
            Value::Array(list) => {
                let all: Vec<String> = list.iter().map(|v| self.said(key, v)).collect();
                all.join(", ")
            }
            Value::Object(map) => self.entry(map),
        }
    }

    /// An entry of a list as one line.
    fn entry(&self, map: &Map<String, Value>) -> String {
        if map.contains_key("seq") {
            let kind = map.get("kind").and_then(Value::as_str);
            return kind.map_or_else(String::new, |kind| self.fact(kind));
        }
        let place = map.get("place").and_then(Value::as_str);
        let place = place.and_then(|id| self.names.get(id));
        let mut said = Vec::new();
        for (key, value) in map
            .iter()
            .filter(|(key, _)| !matches!(key.as_str(), "at" | "place"))
        {
            let value = match place.filter(|_| key == "scope") {
                Some(name) => name.clone(),
                None => self.said(key, value),
            };
            let of_consent = key == "scope" && map.contains_key("purpose");
            let label = self.label(if of_consent { "field" } else { key });
            if !value.is_empty() {
                said.push(format!("{label}: {value}"));
            }
        }
        said.join("; ")
    }

    fn fact(&self, kind: &str) -> String {
        match fact_key(kind) {
            Some(key) => self.speech.t(key).to_owned(),
            None => self.speech.name("privacy-fact-other", kind),
        }
    }

    /// A stored text as people read it.
    fn word(&self, key: &str, text: &str) -> String {
        let known = WORDS
            .iter()
            .find(|(of, word, _)| *of == key && *word == text);
        let known = known.map(|(.., key)| *key).or_else(|| match key {
            "role" => RoleKind::parse(text).map(RoleKind::key),
            "audience" | "choice" => Audience::parse(text).map(Audience::key),
            // A consent holds for a field; a role's place has a name of its own.
            "field" | "scope" => Field::parse(text).map(Field::key),
            "legal_ground" => LegalGround::parse(text).map(LegalGround::key),
            "purpose" => Purpose::parse(text).map(|purpose| purpose.about().title),
            "given_on" | "withdrawn_on" => Place::parse(text).map(Place::key),
            _ => None,
        });
        if let Some(key) = known {
            return self.speech.t(key).to_owned();
        }
        if !is_time(key) {
            return text.to_owned();
        }
        match (
            Day::parse(text).filter(|_| text.len() == 10),
            Instant::parse(text),
        ) {
            (Some(day), _) => self.speech.day(&day),
            (None, Some(at)) => self.speech.moment(&at),
            (None, None) => text.to_owned(),
        }
    }
}

/// Key of the sentence that tells a kind of fact. It stands alone: no name
/// follows it here.
pub(super) fn fact_key(kind: &str) -> Option<&'static str> {
    let known = WORDS
        .iter()
        .find(|(of, word, _)| *of == "fact" && *word == kind);
    known
        .map(|(.., key)| *key)
        .or_else(|| history::sentence(kind))
}

/// Whether a key holds a day or a moment, and no text of somebody.
fn is_time(key: &str) -> bool {
    let known = [
        "at",
        "created",
        "last_sign_in",
        "since",
        "organisation_since",
        "until",
        "informed",
        "objected",
        "given",
        "withdrawn",
    ];
    known.contains(&key)
}
