//! Nouns of open invitations.

use kontor_platform::text::Lang;
use kontor_platform::{Id, fact};

use crate::accounts::Account;
use crate::directory::model::{Cluster, LegalGround, Organisation, Person};

fact!(
    /// A contact was invited; the account of their address may have been there before.
    ContactInvited, "directory.contact_invited", person: Id<Person>, account: Id<Account>);
fact!(
    /// Somebody accepted what a cluster had offered them.
    InvitationAccepted, "directory.invitation_accepted", person: Id<Person>, account: Id<Account>);
fact!(
    /// Somebody declined what a cluster had offered them.
    InvitationDeclined, "directory.invitation_declined", person: Id<Person>);
fact!(
    /// A management took an invitation back.
    InvitationTakenBack, "directory.invitation_taken_back", person: Id<Person>);

/// What is offered to whom.
#[derive(Debug, Clone)]
pub struct New {
    pub contact: Id<Person>,
    pub name: String,
    pub mail: String,
    pub lang: Lang,
    pub cluster: Option<Id<Cluster>>,
    /// To be one of the cluster's people.
    pub joins: bool,
    /// To keep the profile of the contact's organisation.
    pub may_edit: bool,
}

/// Somebody who is on no list, as a management typed them.
#[derive(Debug, Clone)]
pub struct Typed {
    pub name: String,
    pub mail: String,
    pub organisation: Option<Id<Organisation>>,
    pub source: String,
    /// None where the person has given the data themselves.
    pub ground: Option<LegalGround>,
}
