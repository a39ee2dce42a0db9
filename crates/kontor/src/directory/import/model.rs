//! Nouns of an import: what a line says, what becomes of it and why.

use std::collections::BTreeMap;

use kontor_analysis::names::sort_key;
use kontor_platform::{Id, fact, secret, words};
use serde::{Deserialize, Serialize};

use super::super::model::{Cluster, MembershipKind, Organisation, Person};

words! {
    /// What a column of a list can hold.
    pub enum Field {
        Name = "name",
        Street = "street",
        Postcode = "postcode",
        City = "city",
        Region = "region",
        Country = "country",
        Website = "website",
        Summary = "summary",
        Founded = "founded",
        Employees = "employees",
        Size = "size",
        Side = "side",
        Classes = "classes",
        Competences = "competences",
        RegisterNumber = "register_number",
        Status = "status",
        MembershipKind = "membership_kind",
        MemberSince = "member_since",
        MemberNumber = "member_number",
        Ror = "ror",
        Pic = "pic",
        Vat = "vat",
        Lei = "lei",
        Isni = "isni",
        Wikidata = "wikidata",
        ContactName = "contact_name",
        ContactTitle = "contact_title",
        ContactFirst = "contact_first",
        ContactLast = "contact_last",
        ContactFunction = "contact_function",
        ContactMail = "contact_mail",
        ContactPhone = "contact_phone",
        SecondName = "second_name",
        SecondFunction = "second_function",
        SecondMail = "second_mail",
        SecondPhone = "second_phone",
        Ignored = "ignored",
    }
}

impl Field {
    /// Key of the field's name.
    pub fn key(self) -> &'static str {
        match self {
            Field::Name => "import-field-name",
            Field::Street => "import-field-street",
            Field::Postcode => "import-field-postcode",
            Field::City => "import-field-city",
            Field::Region => "import-field-region",
            Field::Country => "import-field-country",
            Field::Website => "import-field-website",
            Field::Summary => "import-field-summary",
            Field::Founded => "import-field-founded",
            Field::Employees => "import-field-employees",
            Field::Size => "import-field-size",
            Field::Side => "import-field-side",
            Field::Classes => "import-field-classes",
            Field::Competences => "import-field-competences",
            Field::RegisterNumber => "import-field-register-number",
            Field::Status => "import-field-status",
            Field::MembershipKind => "import-field-membership-kind",
            Field::MemberSince => "import-field-member-since",
            Field::MemberNumber => "import-field-member-number",
            Field::Ror => "import-field-ror",
            Field::Pic => "import-field-pic",
            Field::Vat => "import-field-vat",
            Field::Lei => "import-field-lei",
            Field::Isni => "import-field-isni",
            Field::Wikidata => "import-field-wikidata",
            Field::ContactName => "import-field-contact-name",
            Field::ContactTitle => "import-field-contact-title",
            Field::ContactFirst => "import-field-contact-first",
            Field::ContactLast => "import-field-contact-last",
            Field::ContactFunction => "import-field-contact-function",
            Field::ContactMail => "import-field-contact-mail",
            Field::ContactPhone => "import-field-contact-phone",
            Field::SecondName => "import-field-second-name",
            Field::SecondFunction => "import-field-second-function",
            Field::SecondMail => "import-field-second-mail",
            Field::SecondPhone => "import-field-second-phone",
            Field::Ignored => "import-field-ignored",
        }
    }

    /// Schemes of external identifiers, the strongest first.
    pub const SCHEMES: [Field; 6] = [
        Field::Ror,
        Field::Pic,
        Field::Vat,
        Field::Lei,
        Field::Isni,
        Field::Wikidata,
    ];

    /// Whether the column tells of a person.
    pub fn is_of_person(self) -> bool {
        Field::SECOND.contains(&self)
            || matches!(
                self,
                Field::ContactName
                    | Field::ContactTitle
                    | Field::ContactFirst
                    | Field::ContactLast
                    | Field::ContactFunction
                    | Field::ContactMail
                    | Field::ContactPhone
            )
    }

    /// What tells of a line's second person.
    pub const SECOND: [Field; 4] = [
        Field::SecondName,
        Field::SecondFunction,
        Field::SecondMail,
        Field::SecondPhone,
    ];
}

words! {
    /// A value of an organisation that an import may set.
    pub enum Attr {
        Name = "name",
        Side = "side",
        Size = "size",
        Founded = "founded",
        Street = "street",
        Postcode = "postcode",
        City = "city",
        Region = "region",
        Country = "country",
        Website = "website",
        MailHost = "mail_host",
        RegisterNumber = "register_number",
        Summary = "summary",
        Competences = "competences",
        State = "state",
    }
}

impl Attr {
    /// Whether an organisation's page shows the value.
    pub fn is_shown(self) -> bool {
        !matches!(self, Attr::MailHost | Attr::RegisterNumber | Attr::Region)
    }

    /// Key of the value's name.
    pub fn key(self) -> &'static str {
        match self {
            Attr::Name => Field::Name.key(),
            Attr::Side => Field::Side.key(),
            Attr::Size => Field::Size.key(),
            Attr::Founded => Field::Founded.key(),
            Attr::Street => Field::Street.key(),
            Attr::Postcode => Field::Postcode.key(),
            Attr::City => Field::City.key(),
            Attr::Region => Field::Region.key(),
            Attr::Country => Field::Country.key(),
            Attr::Website => Field::Website.key(),
            Attr::MailHost => "import-field-mail-host",
            Attr::RegisterNumber => Field::RegisterNumber.key(),
            Attr::Summary => Field::Summary.key(),
            Attr::Competences => Field::Competences.key(),
            Attr::State => Field::Status.key(),
        }
    }
}

/// An organisation's values as text, empty where there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<Attr, String>", into = "BTreeMap<Attr, String>")]
pub struct Values([String; Attr::ALL.len()]);

impl Values {
    pub fn get(&self, attr: Attr) -> &str {
        &self.0[attr as usize]
    }

    pub fn set(&mut self, attr: Attr, value: impl Into<String>) {
        self.0[attr as usize] = value.into();
    }
}

impl From<BTreeMap<Attr, String>> for Values {
    fn from(map: BTreeMap<Attr, String>) -> Self {
        let mut values = Values::default();
        for (attr, value) in map {
            values.set(attr, value);
        }
        values
    }
}

impl From<Values> for BTreeMap<Attr, String> {
    fn from(values: Values) -> Self {
        let pairs = Attr::ALL.iter().copied().zip(values.0);
        pairs.filter(|(_, v)| !v.is_empty()).collect()
    }
}

/// A person named in a line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    pub name: String,
    pub function: String,
    pub mail: String,
    pub phone: String,
}

impl Contact {
    /// Says whether the same person was named before, without naming them.
    pub fn mark(&self) -> String {
        let mail = self.mail.to_lowercase();
        secret::hash(&format!("{mail}|{}", sort_key(&self.name)))
    }

    /// Whether both are the same person: one name, or one mail address.
    pub fn is(&self, other: &Contact) -> bool {
        let mail = self.mail.to_lowercase();
        sort_key(&self.name) == sort_key(&other.name)
            || (!mail.is_empty() && mail == other.mail.to_lowercase())
    }
}

/// What a line says about an organisation, read and put in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub values: Values,
    pub classes: Vec<String>,
    /// Scheme and value, the strongest scheme first.
    pub external: Vec<(String, String)>,
    pub kind: Option<MembershipKind>,
    /// `YYYY-MM-DD`.
    pub since: Option<String>,
    /// The cluster's own number of the member.
    pub number: String,
    /// Never kept with the draft; only their marks are.
    #[serde(skip)]
    pub contacts: Vec<Contact>,
    /// The mark of the first person.
    pub contact_mark: String,
    /// The mark of the second one; none in drafts from before there was one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub second_mark: String,
    /// Cells that could not be understood: left out, listed.
    #[serde(skip)]
    pub unread: Vec<(Field, String)>,
}

/// A line of the list with what it says, or why it cannot be used.
#[derive(Debug, Clone)]
pub struct Line {
    /// The row a person sees in a spreadsheet program.
    pub line: usize,
    pub draft: Result<Draft, Reason>,
    /// What the name column holds.
    pub name: String,
}

/// Why a line is rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    NoName,
    TooLong,
    /// The same record stands in this line of the file already.
    SameLine(usize),
}

impl Reason {
    /// Key of the sentence.
    pub fn key(&self) -> &'static str {
        match self {
            Reason::NoName => "import-reason-no-name",
            Reason::TooLong => "import-reason-too-long",
            Reason::SameLine(_) => "import-reason-same-line",
        }
    }

    /// The other line, 0 when there is none.
    pub fn line(&self) -> i64 {
        match self {
            Reason::SameLine(line) => i64::try_from(*line).unwrap_or(0),
            _ => 0,
        }
    }
}

words! {
    /// Why two records may be the same.
    pub enum Likeness {
        Identifier = "identifier",
        NameAndPlace = "name_and_place",
        Name = "name",
        FormerName = "former_name",
        Similar = "similar",
        WebHost = "web_host",
        MailHost = "mail_host",
    }
}

impl Likeness {
    /// Key of the sentence.
    pub fn key(self) -> &'static str {
        match self {
            Likeness::Identifier => "import-like-identifier",
            Likeness::NameAndPlace => "import-like-name-and-place",
            Likeness::Name => "import-like-name",
            Likeness::FormerName => "import-like-former-name",
            Likeness::Similar => "import-like-similar",
            Likeness::WebHost => "import-like-web-host",
            Likeness::MailHost => "import-like-mail-host",
        }
    }
}

/// The other record of a possible duplicate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Other {
    /// A record the viewer may see.
    Record {
        id: Id<Organisation>,
        slug: String,
        name: String,
    },
    /// Another line of the same file.
    Line { line: usize, name: String },
    /// A record of another cluster that the viewer may not see (INV-23).
    Hidden,
}

/// A possible duplicate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    pub likeness: Likeness,
    pub other: Other,
}

words! {
    /// What becomes of a line.
    pub enum Action {
        New = "new",
        Changed = "changed",
        Unchanged = "unchanged",
        Rejected = "rejected",
    }
}

/// One value and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub attr: Attr,
    pub before: String,
    pub after: String,
}

/// How many lines came to what; `absent` counts records, `duplicates` lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub new: i64,
    pub changed: i64,
    pub unchanged: i64,
    pub absent: i64,
    pub duplicates: i64,
    pub rejected: i64,
}

impl Counts {
    /// How many lines the list has.
    pub fn lines(&self) -> i64 {
        self.new + self.changed + self.unchanged + self.rejected
    }
}

words! {
    /// Where an import stands.
    pub enum ImportState {
        Staged = "staged",
        Applied = "applied",
        Undone = "undone",
        Cancelled = "cancelled",
    }
}

impl ImportState {
    /// Key of the state's name.
    pub fn key(self) -> &'static str {
        match self {
            ImportState::Staged => "import-state-staged",
            ImportState::Applied => "import-state-applied",
            ImportState::Undone => "import-state-undone",
            ImportState::Cancelled => "import-state-cancelled",
        }
    }
}

words! {
    /// What an import did to a record.
    pub enum ChangeKind {
        Created = "created",
        Changed = "changed",
        Joined = "joined",
        Person = "person",
        Ended = "ended",
    }
}

/// One import of a member list.
#[derive(Debug, Clone)]
pub struct Import {
    pub id: Id<Import>,
    pub cluster: Id<Cluster>,
    pub file_name: String,
    pub file_hash: String,
    /// Headings as JSON.
    pub header: String,
    /// The field of each column as JSON.
    pub mapping: String,
    pub state: ImportState,
    pub counts: Counts,
    pub created_at: kontor_platform::Instant,
    pub applied_at: Option<kontor_platform::Instant>,
    pub undone_at: Option<kontor_platform::Instant>,
}

fact!(
    /// A member list was imported.
    ImportApplied, "directory.import_applied", import: Id<Import>, cluster: Id<Cluster>);
fact!(
    /// An import was taken back.
    ImportUndone, "directory.import_undone", import: Id<Import>, cluster: Id<Cluster>);
fact!(
    /// Values of an organisation changed; words of the fields, none where a
    /// whole record was moved and in facts from before they were kept.
    OrganisationChanged, "directory.organisation_changed", organisation: Id<Organisation>, #[serde(default)] fields: Vec<String>);
fact!(
    /// An organisation left the directory because its import was undone.
    OrganisationWithdrawn, "directory.organisation_withdrawn", organisation: Id<Organisation>);
fact!(
    /// A membership vanished because its import was undone.
    MembershipWithdrawn, "directory.membership_withdrawn", organisation: Id<Organisation>, cluster: Id<Cluster>);
fact!(
    /// A person left the directory because their import was undone.
    PersonWithdrawn, "directory.person_withdrawn", person: Id<Person>);
