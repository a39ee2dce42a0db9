//! Verbs of profiles.

use kontor_platform::{Result, Work};

use super::forms::judge;
use super::model::{Field, Values};
use super::store;
use crate::accounts::{Actor, Who};
use crate::directory::addresses::moved;
use crate::directory::commands::{free_slug, permitted, recount};
use crate::directory::former_names;
use crate::directory::import::OrganisationChanged;
use crate::directory::model::Organisation;
use crate::directory::policy::Act;

/// What became of a changed profile.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is stored; its address.
    Saved(String),
    /// It says what was stored already; its address.
    Unchanged(String),
    /// Somebody else has changed it since it was read. Nothing is stored.
    Conflict,
}

/// For whom the actor acts on an organisation: for itself, or for the first of
/// its clusters that the actor leads. The identifier.
pub fn body(actor: &Actor, o: &Organisation, clusters: &[String]) -> Option<String> {
    let id = o.id.to_string();
    if actor.represents(&id) {
        return Some(id);
    }
    clusters.iter().find(|c| actor.manages(c)).cloned()
}

/// Stores a profile that was read at `version`.
pub fn save(
    work: &mut Work<'_>,
    who: &Who,
    slug: &str,
    version: i64,
    typed: &Values,
) -> Result<Outcome> {
    who.signed_in()?;
    let (o, clusters) = permitted(work, &who.actor, slug, Act::Edit)?;
    let now = work.now();
    let judged = judge(typed, now.day())?;
    let mut typed = typed.clone();
    typed.set(
        Field::SizeAsOf,
        judged.size_as_of.as_deref().unwrap_or_default(),
    );
    let (present_version, classes) = store::present(work, o.id)?;
    if present_version != version {
        return Ok(Outcome::Conflict);
    }
    let changed = typed.differences(&Values::of(&o, &classes));
    if changed.is_empty() {
        return Ok(Outcome::Unchanged(o.slug));
    }
    let new_slug = slug_for(work, &o, typed.get(Field::Name))?;
    if !store::update(work, o.id, version, &new_slug, &typed, &judged, now)? {
        return Ok(Outcome::Conflict);
    }
    if new_slug != o.slug {
        moved(work, "organisation", &o.slug, &new_slug)?;
    }
    former_names::note(work, o.id, (&o.name, typed.get(Field::Name)), now)?;
    if changed.contains(&Field::Classes) {
        store::set_classes(work, o.id, &judged.classes)?;
    }
    if who.actor.represents(&o.id.to_string()) {
        for field in &changed {
            store::owns(work, o.id, *field, who.actor.account, now)?;
        }
    }
    let counted = [Field::Side, Field::Size, Field::Visibility];
    if changed.iter().any(|f| counted.contains(f)) {
        recount(work)?;
    }
    work.acts_for(body(&who.actor, &o, &clusters));
    work.announce(&OrganisationChanged {
        organisation: o.id,
        fields: changed.iter().map(|f| f.as_str().to_owned()).collect(),
    });
    Ok(Outcome::Saved(new_slug))
}

/// The address of an organisation under this name; the present one if it fits,
/// with or without a number behind it.
fn slug_for(work: &mut Work<'_>, o: &Organisation, name: &str) -> Result<String> {
    let plain = kontor_analysis::names::slug(name);
    let rest = o.slug.strip_prefix(&plain);
    let fits = |rest: &str| {
        let number = rest.strip_prefix('-').unwrap_or(rest);
        number.bytes().all(|b| b.is_ascii_digit()) && (rest.is_empty() || rest != number)
    };
    if name == o.name || rest.is_some_and(fits) {
        return Ok(o.slug.clone());
    }
    free_slug(work, name)
}
