//! Nouns of the directory and their pure rules.

use kontor_platform::{Id, fact, words};

words! {
    /// Side of the quadruple helix.
    pub enum Helix {
        Business = "business",
        Science = "science",
        PolicyAdmin = "policy_admin",
        CivilSociety = "civil_society",
    }
}

impl Helix {
    /// Key of the side's name.
    pub fn key(self) -> &'static str {
        match self {
            Helix::Business => "directory-helix-business",
            Helix::Science => "directory-helix-science",
            Helix::PolicyAdmin => "directory-helix-policy-admin",
            Helix::CivilSociety => "directory-helix-civil-society",
        }
    }

    /// Name of the side's icon.
    pub fn icon(self) -> &'static str {
        match self {
            Helix::Business => "factory",
            Helix::Science => "graduation-cap",
            Helix::PolicyAdmin => "landmark",
            Helix::CivilSociety => "heart-handshake",
        }
    }
}

words! {
    /// Size class of an enterprise (Recommendation 2003/361/EC).
    pub enum Size {
        Micro = "micro",
        Small = "small",
        Medium = "medium",
        Large = "large",
    }
}

impl Size {
    /// Key of the class's name.
    pub fn key(self) -> &'static str {
        match self {
            Size::Micro => "directory-size-micro",
            Size::Small => "directory-size-small",
            Size::Medium => "directory-size-medium",
            Size::Large => "directory-size-large",
        }
    }
}

words! {
    /// Who may see an organisation.
    pub enum Visibility {
        Public = "public",
        AllClusters = "all_clusters",
        Cluster = "cluster",
    }
}

impl Visibility {
    /// Key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Visibility::Public => "directory-visibility-public",
            Visibility::AllClusters => "directory-visibility-all-clusters",
            Visibility::Cluster => "directory-visibility-cluster",
        }
    }
}

words! {
    /// How an organisation belongs to a cluster.
    pub enum MembershipKind {
        Member = "member",
        Partner = "partner",
        Guest = "guest",
    }
}

impl MembershipKind {
    /// Key of the kind's name.
    pub fn key(self) -> &'static str {
        match self {
            MembershipKind::Member => "directory-membership-member",
            MembershipKind::Partner => "directory-membership-partner",
            MembershipKind::Guest => "directory-membership-guest",
        }
    }
}

words! {
    /// Where an organisation stands in its life.
    pub enum State {
        Proposed = "proposed",
        Verified = "verified",
        Active = "active",
        Inactive = "inactive",
        Merged = "merged",
        Dissolved = "dissolved",
    }
}

/// Number of organisations on each side of the helix and without one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HelixCounts {
    pub business: i64,
    pub science: i64,
    pub policy_admin: i64,
    pub civil_society: i64,
    /// Whose side nobody has said yet.
    pub unassigned: i64,
}

impl HelixCounts {
    /// All of them.
    pub fn total(&self) -> i64 {
        self.business + self.science + self.policy_admin + self.civil_society + self.unassigned
    }

    /// One side's number.
    pub fn of(&self, side: impl std::borrow::Borrow<Helix>) -> i64 {
        match side.borrow() {
            Helix::Business => self.business,
            Helix::Science => self.science,
            Helix::PolicyAdmin => self.policy_admin,
            Helix::CivilSociety => self.civil_society,
        }
    }

    /// Segments of a bar 1,000 units long: side, start, length. Lengths are
    /// whole; what they leave free at the end are those without a side.
    pub fn segments(&self) -> Vec<(Helix, i64, i64)> {
        let total = self.total();
        if total == 0 {
            return Vec::new();
        }
        let mut passed = 0;
        Helix::ALL
            .iter()
            .map(|&side| {
                let start = passed * 1000 / total;
                passed += self.of(side);
                (side, start, passed * 1000 / total - start)
            })
            .collect()
    }
}

/// A regional concentration of an industry, with its managing body.
#[derive(Debug, Clone)]
pub struct Cluster {
    pub id: Id<Cluster>,
    pub slug: String,
    pub code: String,
    pub name: String,
    pub purpose_de: String,
    pub purpose_en: String,
    pub about_de: String,
    pub about_en: String,
    pub themes_de: String,
    pub themes_en: String,
    pub website: String,
    pub founded: Option<i64>,
    pub visibility: Visibility,
}

/// An organisation with its public profile.
#[derive(Debug, Clone)]
pub struct Organisation {
    pub id: Id<Organisation>,
    pub slug: String,
    pub name: String,
    pub helix: Option<Helix>,
    pub size: Option<Size>,
    pub size_as_of: Option<String>,
    pub founded: Option<i64>,
    pub street: String,
    pub postcode: String,
    pub city: String,
    pub country: String,
    pub website: String,
    pub summary_de: String,
    pub summary_en: String,
    pub about_de: String,
    pub about_en: String,
    pub competences_de: String,
    pub competences_en: String,
    pub visibility: Visibility,
    pub state: State,
    pub merged_into: Option<Id<Organisation>>,
    pub updated_at: kontor_platform::Instant,
}

/// Which organisations a list asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrganisationFilter {
    pub cluster: Option<Id<Cluster>>,
    pub helix: Option<Helix>,
    pub size: Option<Size>,
    /// Beginning of a place's name, folded.
    pub place: String,
    /// Beginning of a WZ class, or the letter of a section.
    pub class: String,
    /// A competence, as it stands on chips.
    pub competence: String,
    /// Only after this sort key and identifier.
    pub after: Option<(String, String)>,
}

/// A human being who belongs to an organisation.
#[derive(Debug, Clone)]
pub struct Person;

words! {
    /// The ground on which a person's data may be kept (Art. 6(1) GDPR).
    pub enum LegalGround {
        /// Needed for a contract, such as a membership: (b).
        Contract = "contract",
        /// A task in the public interest: (e).
        PublicTask = "public_task",
        /// Legitimate interests: (f).
        LegitimateInterest = "legitimate_interest",
        /// The person agreed: (a).
        Consent = "consent",
    }
}

impl LegalGround {
    /// Key of its name.
    pub fn key(self) -> &'static str {
        match self {
            LegalGround::Contract => "directory-ground-contract",
            LegalGround::PublicTask => "directory-ground-public-task",
            LegalGround::LegitimateInterest => "directory-ground-legitimate-interest",
            LegalGround::Consent => "directory-ground-consent",
        }
    }
}

/// What a title in German and English falls back to, with its language.
pub fn in_language<'a>(
    lang: kontor_platform::text::Lang,
    de: &'a str,
    en: &'a str,
) -> (&'a str, kontor_platform::text::Lang) {
    use kontor_platform::text::Lang;
    match lang {
        Lang::De if !de.is_empty() || en.is_empty() => (de, Lang::De),
        Lang::En if en.is_empty() => (de, Lang::De),
        _ => (en, Lang::En),
    }
}

/// A name as it sorts, bytewise, in a German list: ä as a, ß as ss (DIN 5007-1),
/// lower case, only letters, digits and single spaces.
pub fn sort_key(name: &str) -> String {
    kontor_analysis::names::sort_key(name)
}

fact!(
    /// A cluster joined the region.
    ClusterCreated, "directory.cluster_created", cluster: Id<Cluster>);
fact!(
    /// A cluster's words or address were changed; words of the fields, none in
    /// facts from before they were kept.
    ClusterChanged, "directory.cluster_changed", cluster: Id<Cluster>, #[serde(default)] fields: Vec<String>);
fact!(
    /// An organisation came into the directory.
    OrganisationCreated, "directory.organisation_created", organisation: Id<Organisation>);
fact!(
    /// An organisation joined a cluster.
    MembershipBegan, "directory.membership_began", organisation: Id<Organisation>, cluster: Id<Cluster>);
fact!(
    /// Kind or first day of a membership were put right.
    MembershipChanged, "directory.membership_changed", organisation: Id<Organisation>, cluster: Id<Cluster>);
fact!(
    /// An organisation's membership in a cluster came to its end.
    MembershipEnded, "directory.membership_ended", organisation: Id<Organisation>, cluster: Id<Cluster>);
fact!(
    /// The end of a membership was taken back.
    MembershipResumed, "directory.membership_resumed", organisation: Id<Organisation>, cluster: Id<Cluster>);
fact!(
    /// A person came into the directory.
    PersonCreated, "directory.person_created", person: Id<Person>);
