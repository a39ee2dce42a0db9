//! Verbs of people.

use kontor_platform::{FieldErrors, Id, Result, Work};

use super::model::{Audience, Field, PersonChanged, PublicationChanged};
use super::store::{self, Own};
use crate::accounts::{Account, looks_like_mail};
use crate::directory::commands::{NewPerson, create_person};
use crate::directory::model::{Cluster, Person, sort_key};
use crate::directory::store::publish;

/// The person of an account; made from its name and address when there is none.
pub fn ensure(
    work: &mut Work<'_>,
    account: Id<Account>,
    name: &str,
    mail: &str,
) -> Result<Id<Person>> {
    if let Some(own) = store::own(work, account)? {
        return Ok(own.id);
    }
    create_person(
        work,
        &NewPerson {
            name: name.to_owned(),
            mail: mail.to_owned(),
            account: Some(account),
            source: "account".into(),
            ..NewPerson::default()
        },
    )
}

/// Notes that a person belongs to a cluster, and whether they lead it.
pub fn belongs_to(
    work: &mut Work<'_>,
    person: Id<Person>,
    cluster: Id<Cluster>,
    leads: bool,
) -> Result<()> {
    store::join_cluster(work, person, cluster, leads)
}

/// What a person says of themselves, and who may see it.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    pub name: String,
    pub function: String,
    pub mail: String,
    pub phone: String,
    /// An audience for each field; nobody when it is missing.
    pub shown: Vec<(Field, Audience)>,
    /// No longer works for the organisation.
    pub leaves: bool,
}

/// Stores one's own profile and publications. What is switched off is gone
/// from the next answer on (INV-03).
pub fn save(work: &mut Work<'_>, person: Own, profile: &Profile) -> Result<()> {
    check(profile)?;
    let id = person.id;
    let now = work.now();
    let own = Own {
        name: profile.name.clone(),
        function: profile.function.clone(),
        mail: profile.mail.clone(),
        phone: profile.phone.clone(),
        ..person
    };
    store::save(work, &own, &sort_key(&own.name), now)?;
    if profile.leaves && own.organisation.is_some() {
        store::leave(work, id)?;
    }
    work.announce(&PersonChanged { person: id });
    let before = store::published(work, id)?;
    for field in Field::ALL {
        let of = |list: &[(Field, Audience)]| {
            let found = list.iter().find(|(f, _)| f == field);
            found.map(|(_, audience)| *audience)
        };
        let (old, new) = (of(&before), of(&profile.shown));
        if old == new {
            continue;
        }
        match new {
            Some(audience) => publish(work, id, field.as_str(), audience.as_str(), now)?,
            None => store::withdraw(work, id, *field)?,
        }
        work.announce(&PublicationChanged {
            person: id,
            field: *field,
            audience: new.map_or("nobody", Audience::as_str).to_owned(),
        });
    }
    Ok(())
}

fn check(profile: &Profile) -> Result<()> {
    let mut fields = FieldErrors::default();
    if profile.name.is_empty() || profile.name.chars().count() > 120 {
        fields.add("name", "accounts-error-name");
    }
    if profile.function.chars().count() > 120 {
        fields.add("function", "people-error-function");
    }
    if !profile.mail.is_empty() && !looks_like_mail(&profile.mail.to_lowercase()) {
        fields.add("mail", "accounts-error-mail");
    }
    let phone_ok = |c: char| c.is_ascii_digit() || " +-/().".contains(c);
    if profile.phone.chars().count() > 40 || !profile.phone.chars().all(phone_ok) {
        fields.add("phone", "people-error-phone");
    }
    fields.done(())
}
