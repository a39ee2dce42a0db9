//! Verbs of people.

use kontor_platform::{FieldErrors, Id, Result, Work};

use super::model::{Audience, Field, PersonChanged, PublicationChanged};
use super::store::{self, Own};
use crate::accounts::{Account, Role, RoleKind, Scope, admin, looks_like_mail};
use crate::consents::{self, Declaration, Place, Purpose};
use crate::directory::commands::{NewPerson, create_person};
use crate::directory::model::{Cluster, Person, sort_key};
use crate::directory::store::publish;

/// The source of a person who was made for an account.
pub const OF_ACCOUNT: &str = "account";

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
            source: OF_ACCOUNT.into(),
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

/// Nobody is shown as leading a cluster whose role has come to its end.
pub fn end_leads(work: &mut Work<'_>) -> Result<()> {
    let today = work.now().day();
    for lead in store::leads(work)? {
        let scope = Scope::Cluster(lead.cluster.to_string());
        let roles = admin::roles(work, lead.account)?;
        let leads =
            |r: &Role| r.kind == RoleKind::ClusterManager && r.scope == scope && r.holds(today);
        if !roles.iter().any(|assigned| leads(&assigned.role)) {
            store::lead_no_longer(work, lead.person, lead.cluster)?;
        }
    }
    Ok(())
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
}

impl Profile {
    /// Whether a field is for more people than the name: whoever does not see the
    /// name sees nothing of the person.
    pub fn is_hidden_by_name(&self) -> bool {
        let of = |field| {
            self.shown
                .iter()
                .find(|(f, _)| *f == field)
                .map(|(_, a)| *a)
        };
        let named = of(Field::Name);
        self.shown
            .iter()
            .any(|(_, audience)| Some(*audience) > named)
    }
}

/// Who says so, by agreeing to which words.
#[derive(Debug, Clone)]
pub struct Agreement {
    pub account: Id<Account>,
    /// The words as the page shows them today.
    pub declaration: Declaration,
    /// The mark of the words that were shown with the form.
    pub shown: String,
}

/// Stores one's own profile and publications, and the consent to each. What is
/// switched off is gone from the next answer on (INV-03).
pub fn save(
    work: &mut Work<'_>,
    person: Own,
    profile: &Profile,
    agreement: &Agreement,
) -> Result<()> {
    check(profile, agreement)?;
    let place = match person.asked_at {
        None => Place::FirstSignIn,
        Some(_) => Place::Profile,
    };
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
    work.announce(&PersonChanged { person: id });
    let before = store::published(work, id)?;
    for field in Field::ALL {
        let of = |list: &[(Field, Audience)]| {
            let found = list.iter().find(|(f, _)| f == field);
            found.map(|(_, audience)| *audience)
        };
        let (old, new) = (of(&before), of(&profile.shown));
        agree(work, agreement, *field, new, place)?;
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

/// Keeps the consent to showing a field, or its withdrawal.
fn agree(
    work: &mut Work<'_>,
    agreement: &Agreement,
    field: Field,
    audience: Option<Audience>,
    place: Place,
) -> Result<()> {
    let account = agreement.account;
    match audience {
        Some(audience) => {
            let what = (field.as_str(), audience.as_str());
            consents::give(work, account, &agreement.declaration, what, place)
        }
        None => {
            consents::withdraw(work, account, Purpose::Publication, field.as_str(), place).map(drop)
        }
    }
}

/// Takes one field back from everybody: one act, no harder than giving it.
pub fn hide(work: &mut Work<'_>, account: Id<Account>, field: Field) -> Result<()> {
    let scope = field.as_str();
    consents::withdraw(work, account, Purpose::Publication, scope, Place::OwnData)?;
    let Some(own) = store::own(work, account)? else {
        return Ok(());
    };
    let was = store::published(work, own.id)?;
    if was.iter().any(|(f, _)| *f == field) {
        store::withdraw(work, own.id, field)?;
        work.announce(&PublicationChanged {
            person: own.id,
            field,
            audience: "nobody".to_owned(),
        });
    }
    Ok(())
}

fn check(profile: &Profile, agreement: &Agreement) -> Result<()> {
    let mut fields = FieldErrors::default();
    // Nothing is published under words that were not shown.
    if !profile.shown.is_empty() && agreement.shown != agreement.declaration.hash() {
        fields.add("words", "consents-error-text");
    }
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
