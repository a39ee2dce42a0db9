//! Purposes, and the words that people agree to.

use kontor_platform::text::{Lang, Speech};
use kontor_platform::{Id, fact, secret, words};

use super::store::Given;

words! {
    /// What personal data is used for.
    pub enum Purpose {
        Account = "account",
        Publication = "publication",
        Contacts = "contacts",
        Requests = "requests",
        Messages = "messages",
        Mails = "mails",
        Barriers = "barriers",
        Security = "security",
    }
}

/// On what ground (Art. 6(1) GDPR).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    Consent,
    Contract,
    LegalObligation,
    LegitimateInterest,
    /// Told with each list: its cluster names the ground.
    NamedByList,
}

impl Basis {
    /// Key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Basis::Consent => "consents-basis-consent",
            Basis::Contract => "consents-basis-contract",
            Basis::LegalObligation => "consents-basis-obligation",
            Basis::LegitimateInterest => "consents-basis-interest",
            Basis::NamedByList => "consents-basis-list",
        }
    }
}

/// What is said of a purpose: keys of its name, of the data, and of its end.
#[derive(Debug, Clone, Copy)]
pub struct About {
    pub title: &'static str,
    pub data: &'static str,
    pub basis: Basis,
    pub ends: &'static str,
    /// The retention rule whose days `ends` names.
    pub rule: Option<&'static str>,
}

const fn about(
    title: &'static str,
    data: &'static str,
    basis: Basis,
    ends: &'static str,
    rule: Option<&'static str>,
) -> About {
    About {
        title,
        data,
        basis,
        ends,
        rule,
    }
}

const ACCOUNT: About = about(
    "consents-account",
    "consents-account-data",
    Basis::Contract,
    "consents-account-ends",
    None,
);
const PUBLICATION: About = about(
    "consents-publication",
    "consents-publication-data",
    Basis::Consent,
    "consents-publication-ends",
    None,
);
const CONTACTS: About = about(
    "consents-contacts",
    "consents-contacts-data",
    Basis::NamedByList,
    "consents-contacts-ends",
    None,
);
const REQUESTS: About = about(
    "consents-requests",
    "consents-requests-data",
    Basis::Contract,
    "consents-requests-ends",
    Some("requests"),
);
const MESSAGES: About = about(
    "consents-messages",
    "consents-messages-data",
    Basis::LegitimateInterest,
    "consents-messages-ends",
    None,
);
const MAILS: About = about(
    "consents-mails",
    "consents-mails-data",
    Basis::LegitimateInterest,
    "consents-days-ends",
    Some("mails"),
);
const BARRIERS: About = about(
    "consents-barriers",
    "consents-barriers-data",
    Basis::LegalObligation,
    "consents-barriers-ends",
    Some("barriers"),
);
const SECURITY: About = about(
    "consents-security",
    "consents-security-data",
    Basis::LegitimateInterest,
    "consents-security-ends",
    Some("links"),
);

impl Purpose {
    /// What is said of it.
    pub fn about(self) -> About {
        match self {
            Purpose::Account => ACCOUNT,
            Purpose::Publication => PUBLICATION,
            Purpose::Contacts => CONTACTS,
            Purpose::Requests => REQUESTS,
            Purpose::Messages => MESSAGES,
            Purpose::Mails => MAILS,
            Purpose::Barriers => BARRIERS,
            Purpose::Security => SECURITY,
        }
    }

    /// Key of the words that people agree to; none where nobody is asked.
    fn words(self) -> Option<&'static str> {
        match self {
            Purpose::Publication => Some("consents-publication-words"),
            _ => None,
        }
    }
}

words! {
    /// Where a consent was given or withdrawn.
    pub enum Place {
        FirstSignIn = "first_sign_in",
        Profile = "profile",
        OwnData = "own_data",
        /// By an objection, a lock or the like: not on a page of one's own.
        Elsewhere = "elsewhere",
    }
}

impl Place {
    /// Key of its words.
    pub fn key(self) -> &'static str {
        match self {
            Place::FirstSignIn => "consents-place-first",
            Place::Profile => "consents-place-profile",
            Place::OwnData => "consents-place-own",
            Place::Elsewhere => "consents-place-elsewhere",
        }
    }
}

/// The words of a purpose as one language shows them. Whoever shows and whoever
/// stores them take them from here, so that both are the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    pub purpose: Purpose,
    pub lang: Lang,
    pub words: String,
}

impl Declaration {
    /// The words of today.
    pub fn new(speech: &Speech, purpose: Purpose) -> Declaration {
        let key = purpose.words().expect("only purposes with words are asked");
        Declaration {
            purpose,
            lang: speech.lang,
            words: speech.t(key).to_owned(),
        }
    }

    /// Tells one version from another.
    pub fn hash(&self) -> String {
        secret::hash(&self.words)
    }
}

fact!(
    /// Somebody agreed to something.
    ConsentGiven, "consents.given", consent: Id<Given>, purpose: Purpose);
fact!(
    /// Somebody took a consent back.
    ConsentWithdrawn, "consents.withdrawn", consent: Id<Given>, purpose: Purpose);

#[cfg(test)]
mod tests {
    use super::Purpose;

    #[test]
    fn every_consent_has_words_and_nothing_else_has() {
        for purpose in Purpose::ALL {
            let is_asked = purpose.about().basis == super::Basis::Consent;
            assert_eq!(purpose.words().is_some(), is_asked, "{purpose:?}");
        }
    }
}
