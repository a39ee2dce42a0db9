//! Fields of a person and who may see them.

use kontor_platform::{Id, fact, words};

use crate::directory::model::Person;

words! {
    /// What of a person can be published.
    pub enum Field {
        Name = "name",
        Function = "function",
        Mail = "mail",
        Phone = "phone",
    }
}

impl Field {
    /// Key of the field's name.
    pub fn key(self) -> &'static str {
        match self {
            Field::Name => "people-field-name",
            Field::Function => "people-field-function",
            Field::Mail => "people-field-mail",
            Field::Phone => "people-field-phone",
        }
    }
}

words! {
    /// Who may see a published field, the fewest first.
    pub enum Audience {
        Clusters = "clusters",
        AllClusters = "all_clusters",
        Public = "public",
    }
}

impl Audience {
    /// Key of the audience's name.
    pub fn key(self) -> &'static str {
        match self {
            Audience::Clusters => "people-audience-clusters",
            Audience::AllClusters => "people-audience-all-clusters",
            Audience::Public => "people-audience-public",
        }
    }

    /// Whether somebody belongs to it: a participant of any cluster, and of one
    /// of the person's own.
    pub fn includes(self, takes_part: bool, shares_a_cluster: bool) -> bool {
        match self {
            Audience::Public => true,
            Audience::AllClusters => takes_part,
            Audience::Clusters => takes_part && shares_a_cluster,
        }
    }
}

fact!(
    /// A person changed their own profile.
    PersonChanged, "directory.person_changed", person: Id<Person>);
fact!(
    /// Who may see a field of a person was changed: the audience's word, or
    /// "nobody".
    PublicationChanged, "directory.publication_changed", person: Id<Person>, field: Field, audience: String);
fact!(
    /// A person was emptied: nothing names them any more.
    PersonErased, "directory.person_erased", person: Id<Person>);
