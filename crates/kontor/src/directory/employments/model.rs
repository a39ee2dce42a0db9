//! What is known of employments.

use kontor_platform::{Day, Id, Instant, fact};

use crate::accounts::Account;
use crate::directory::model::{Organisation, Person};

/// A former employment.
pub struct Employment;

/// What a person asks of an organisation: to be counted among its people.
#[derive(Debug, Clone)]
pub struct Request {
    pub id: Id<Request>,
    pub person: Id<Person>,
    pub account: Option<Id<Account>>,
    pub name: String,
    pub function: String,
    pub organisation: Id<Organisation>,
    pub organisation_name: String,
    pub organisation_slug: String,
    /// First day of the employment.
    pub since: Day,
    pub message: String,
    pub created_at: Instant,
}

/// The present employment; its parts are missing where the person has none.
#[derive(Debug, Clone, Default)]
pub struct Present {
    pub organisation: Option<Id<Organisation>>,
    /// None: nobody said it.
    pub since: Option<Day>,
    pub account: Option<Id<Account>>,
}

/// How many people wait for an organisation's yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub slug: String,
    pub name: String,
    pub count: i64,
}

fact!(
    /// A person began to work for an organisation.
    PersonJoined, "directory.person_joined", person: Id<Person>, organisation: Id<Organisation>);
fact!(
    /// A person no longer works for their organisation.
    PersonLeft, "directory.person_left", person: Id<Person>);
fact!(
    /// A person said that they work for an organisation, which has yet to confirm it.
    EmploymentAsked, "directory.employment_asked", person: Id<Person>, organisation: Id<Organisation>);
fact!(
    /// A person took back what they had asked.
    EmploymentWithdrawn, "directory.employment_withdrawn", person: Id<Person>);
fact!(
    /// Whoever decides for the organisation said that the person does not work there.
    EmploymentDeclined, "directory.employment_declined", person: Id<Person>, organisation: Id<Organisation>);
