//! How each kind of fact is told. Pure.

/// Whose history is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    Organisation,
    Cluster,
    Import,
    /// Oneself: the person and the account.
    Person,
}

/// How a kind of fact is told in the history of a noun.
#[derive(Debug, Clone, Copy)]
pub struct Telling {
    pub of: Noun,
    pub kind: &'static str,
    /// The fact happened to something else and names the noun.
    pub is_named: bool,
    /// Told only to whoever manages the noun or may see everything.
    pub to_management: bool,
    /// Whether it is told without the record it names, if that is hidden.
    pub is_told_unnamed: bool,
    /// Key of the sentence; a record or person may follow it.
    pub words: &'static str,
    /// Key of the sentence for several of them, with their number.
    pub many: Option<&'static str>,
}

/// Happened to the noun itself.
const fn own(of: Noun, kind: &'static str, words: &'static str) -> Telling {
    Telling {
        of,
        kind,
        is_named: false,
        to_management: false,
        is_told_unnamed: false,
        words,
        many: None,
    }
}

/// Happened to something else and names the noun.
const fn named(of: Noun, kind: &'static str, words: &'static str) -> Telling {
    Telling {
        is_named: true,
        ..own(of, kind, words)
    }
}

impl Telling {
    const fn to_management(self) -> Telling {
        Telling {
            to_management: true,
            ..self
        }
    }

    const fn unnamed(self) -> Telling {
        Telling {
            is_told_unnamed: true,
            ..self
        }
    }

    const fn many(self, key: &'static str) -> Telling {
        Telling {
            many: Some(key),
            ..self
        }
    }
}

use Noun::{Cluster, Import, Organisation, Person};

/// Everything that histories tell.
#[rustfmt::skip]
pub const TELLINGS: &[Telling] = &[
    own(Organisation, "directory.organisation_created", "history-organisation-created"),
    own(Organisation, "directory.organisation_changed", "history-organisation-changed"),
    own(Organisation, "directory.logo_set", "history-logo-set"),
    own(Organisation, "directory.logo_removed", "history-logo-removed"),
    own(Organisation, "directory.membership_began", "history-joined"),
    own(Organisation, "directory.membership_changed", "history-membership-changed"),
    own(Organisation, "directory.membership_ended", "history-left"),
    own(Organisation, "directory.membership_resumed", "history-resumed"),
    own(Organisation, "directory.membership_withdrawn", "history-join-withdrawn"),
    own(Organisation, "directory.organisations_merged", "history-merged").unnamed(),
    own(Organisation, "directory.merge_undone", "history-merge-undone").unnamed(),
    named(Organisation, "directory.merge_undone", "history-merge-undone").unnamed(),
    own(Organisation, "directory.merge_proposed", "history-merge-proposed").to_management(),
    own(Organisation, "directory.merge_withdrawn", "history-merge-withdrawn").to_management(),
    own(Organisation, "directory.kept_apart", "history-kept-apart").to_management(),
    own(Organisation, "directory.apart_taken_back", "history-apart-taken-back").to_management(),
    named(Organisation, "directory.request_approved", "history-request-approved").to_management(),
    named(Organisation, "directory.person_joined", "history-person-joined"),
    named(Organisation, "accounts.role_granted", "history-role-granted").many("history-roles-granted"),
    named(Organisation, "accounts.role_ended", "history-role-ended").many("history-roles-ended"),
    own(Cluster, "directory.cluster_created", "history-cluster-created"),
    own(Cluster, "directory.cluster_changed", "history-cluster-changed"),
    own(Cluster, "directory.ground_given", "history-ground-given").to_management(),
    own(Cluster, "directory.merge_agreement_changed", "history-merge-agreement").to_management(),
    named(Cluster, "directory.membership_began", "history-member-joined").many("history-members-joined"),
    named(Cluster, "directory.membership_changed", "history-member-changed"),
    named(Cluster, "directory.membership_ended", "history-member-left").many("history-members-left"),
    named(Cluster, "directory.membership_resumed", "history-member-resumed").many("history-members-resumed"),
    named(Cluster, "directory.membership_withdrawn", "history-member-withdrawn").many("history-members-withdrawn"),
    named(Cluster, "directory.organisations_merged", "history-member-merged"),
    named(Cluster, "directory.merge_undone", "history-member-merge-undone"),
    named(Cluster, "directory.import_applied", "history-import-applied").to_management(),
    named(Cluster, "directory.import_undone", "history-import-undone").to_management(),
    named(Cluster, "accounts.role_granted", "history-role-granted"),
    named(Cluster, "accounts.role_ended", "history-role-ended"),
    own(Import, "directory.import_applied", "history-import-applied"),
    own(Import, "directory.import_undone", "history-import-undone"),
    own(Person, "directory.person_created", "history-person-created"),
    own(Person, "directory.person_changed", "history-person-changed"),
    own(Person, "directory.publication_changed", "history-publication-changed"),
    own(Person, "directory.person_joined", "history-works-for").unnamed(),
    own(Person, "directory.person_left", "history-works-no-more"),
    own(Person, "directory.employment_asked", "history-employment-asked").unnamed(),
    own(Person, "directory.employment_withdrawn", "history-employment-withdrawn"),
    own(Person, "directory.employment_declined", "history-employment-declined").unnamed(),
    own(Person, "directory.contact_informed", "history-informed"),
    own(Person, "directory.contact_invited", "history-contact-invited"),
    own(Person, "directory.invitation_accepted", "history-offer-accepted"),
    own(Person, "directory.invitation_declined", "history-offer-declined"),
    own(Person, "directory.invitation_taken_back", "history-invitation-withdrawn"),
    own(Person, "directory.person_objected", "history-objected"),
    own(Person, "accounts.account_created", "history-account-created"),
    own(Person, "accounts.invited", "history-invited"),
    own(Person, "accounts.invitation_accepted", "history-invitation-accepted"),
    own(Person, "accounts.invitation_withdrawn", "history-invitation-withdrawn"),
    own(Person, "accounts.role_granted", "history-own-role-granted").unnamed(),
    own(Person, "accounts.role_ended", "history-own-role-ended").unnamed(),
    own(Person, "accounts.signed_in", "history-signed-in"),
    own(Person, "accounts.sessions_ended", "history-sessions-ended"),
    own(Person, "accounts.password_set", "history-password-set"),
    own(Person, "accounts.address_changed", "history-address-changed"),
    own(Person, "accounts.account_changed", "history-account-changed"),
    own(Person, "accounts.account_locked", "history-account-locked"),
    own(Person, "accounts.account_unlocked", "history-account-unlocked"),
];

/// Facts that name one of these nouns and are not told there, with the noun.
#[cfg(test)]
#[rustfmt::skip]
pub const SILENT: &[(Noun, &str)] = &[
    // The record is gone, or nobody is left who could read.
    (Organisation, "directory.organisation_withdrawn"),
    (Person, "directory.person_withdrawn"),
    (Person, "directory.person_erased"),
    (Person, "accounts.account_erased"),
    // Letters are between their sender and those who speak for the organisation.
    (Organisation, "directory.message_relayed"),
    // Until it is confirmed, it is between the person and who decides.
    (Organisation, "directory.employment_asked"),
    (Organisation, "directory.employment_declined"),
    (Organisation, "directory.sender_blocked"),
    (Organisation, "directory.sender_unblocked"),
    (Organisation, "directory.sender_reported"),
];

/// The telling of a kind of fact, if this reader gets one.
pub fn telling(of: Noun, kind: &str, is_named: bool, manages: bool) -> Option<&'static Telling> {
    let mut all = TELLINGS.iter();
    all.find(|t| {
        t.of == of && t.kind == kind && t.is_named == is_named && (manages || !t.to_management)
    })
}

/// Kinds told of a noun: those that happened to it, or those that name it.
pub fn kinds(of: Noun, is_named: bool, manages: bool) -> Vec<&'static str> {
    let all = TELLINGS.iter();
    all.filter(|t| t.of == of && t.is_named == is_named && (manages || !t.to_management))
        .map(|t| t.kind)
        .collect()
}

/// Key of the sentence for a kind of fact, whoever reads it; best as it is told
/// to whom it happened.
pub fn sentence(kind: &str) -> Option<&'static str> {
    let of = |noun: Option<Noun>| {
        let mut all = TELLINGS.iter();
        all.find(|t| t.kind == kind && noun.is_none_or(|noun| t.of == noun))
    };
    of(Some(Noun::Person)).or_else(|| of(None)).map(|t| t.words)
}
