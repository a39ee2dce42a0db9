//! What the forms of memberships may hold.

use kontor_platform::web::Form;
use kontor_platform::{Day, FieldErrors, Result};

use crate::directory::NewOrganisation;
use crate::directory::manage::{is_web_address, web_address};
use crate::directory::model::{Helix, MembershipKind, Visibility};

/// Kind and first day.
#[derive(Debug, Clone, Copy)]
pub struct Term {
    pub kind: MembershipKind,
    pub since: Day,
}

/// Reads kind and first day, which is no later than today; notes what is wrong.
pub fn term(form: &Form, today: Day, fields: &mut FieldErrors) -> Term {
    let kind = MembershipKind::parse(form.text("kind"));
    if kind.is_none() {
        fields.add("kind", "accounts-error-choice");
    }
    let since = Day::parse(form.text("since")).filter(|day| *day <= today);
    if since.is_none() {
        fields.add("since", "requests-error-since");
    }
    Term {
        kind: kind.unwrap_or(MembershipKind::Member),
        since: since.unwrap_or(today),
    }
}

/// A last day between the first one and today, and the tick beside it.
pub fn last_day(form: &Form, since: Day, today: Day) -> Result<Day> {
    let mut fields = FieldErrors::default();
    let until = Day::parse(form.text("until")).filter(|day| *day <= today);
    match until {
        None => fields.add("until", "requests-error-since"),
        Some(day) if day < since => fields.add("until", "memberships-error-until"),
        Some(_) => {}
    }
    if !form.ticked("sure") {
        fields.add("sure", "memberships-error-sure");
    }
    fields.done(until.unwrap_or(today))
}

/// A new organisation with its first membership.
#[derive(Debug, Clone)]
pub struct Entry {
    pub new: NewOrganisation,
    pub term: Term,
}

/// Reads a new organisation, or answers every field error at once.
pub fn entry(form: &Form, today: Day) -> Result<Entry> {
    let mut fields = FieldErrors::default();
    let text = |name: &str| form.text(name).to_owned();
    let website = web_address(form.text("website"));
    if form.text("name").is_empty() {
        fields.add("name", "requests-error-organisation");
    }
    for (field, most) in [
        ("name", 200),
        ("website", 300),
        ("street", 200),
        ("postcode", 20),
        ("city", 120),
    ] {
        if form.text(field).chars().count() > most {
            fields.add(field, "profile-error-long");
        }
    }
    if !website.is_empty() && !is_web_address(&website) {
        fields.add("website", "manage-error-website");
    }
    if form.text("city").is_empty() {
        fields.add("city", "requests-error-city");
    }
    let term = term(form, today, &mut fields);
    let visibility = Visibility::parse(form.text("visibility"));
    if visibility.is_none() {
        fields.add("visibility", "accounts-error-choice");
    }
    fields.done(Entry {
        term,
        new: NewOrganisation {
            name: text("name"),
            helix: Helix::parse(form.text("side")),
            street: text("street"),
            postcode: text("postcode"),
            city: text("city"),
            country: "DE".into(),
            website,
            visibility,
            ..NewOrganisation::default()
        },
    })
}
