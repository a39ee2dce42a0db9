//! The people: contact persons of example firms, who leads a cluster, and those
//! behind the sign-in buttons.

use kontor_platform::text::Lang;
use kontor_platform::{Day, Error, Id, Result, Work};

use super::content::{Content, People, Persona};
use super::dice::Dice;
use super::region::{Clusters, Made, id_of};
use crate::accounts::{self, NewAccount, Role, RoleKind, Scope};
use crate::consents::{self, Declaration, Place};
use crate::directory::{self, NewOrganisation, NewPerson, Organisation};

/// What somebody may show of themselves, and to whom: the words in which the
/// directory keeps it.
const FIELDS: [&str; 4] = ["name", "function", "mail", "phone"];
const AUDIENCES: [&str; 3] = ["clusters", "all_clusters", "public"];

/// A contact person; most show nothing, as everywhere.
pub fn seed_contact(
    work: &mut Work<'_>,
    content: &Content,
    of: &NewOrganisation,
    organisation: Id<Organisation>,
    dice: &mut Dice,
) -> Result<()> {
    let (given, family) = (
        dice.pick(&content.people.given),
        dice.pick(&content.people.family),
    );
    let host = kontor_analysis::names::web_host(&of.website);
    let local = kontor_analysis::names::slug(&format!("{given} {family}")).replace('-', ".");
    let function = dice.pick(&content.people.functions_de).clone();
    let shows = dice.below(100) < 30;
    directory::create_person(
        work,
        &NewPerson {
            name: format!("{given} {family}"),
            function,
            mail: format!("{local}@{host}"),
            phone: format!("040 66969-{:03}", dice.below(1000)),
            organisation: Some(organisation),
            account: None,
            source: "demo".into(),
            published: if shows {
                vec![("name", "all_clusters"), ("function", "all_clusters")]
            } else {
                Vec::new()
            },
        },
    )?;
    Ok(())
}

/// Everybody with an account: those behind the buttons, and who leads one of
/// the other clusters.
pub fn seed(
    work: &mut Work<'_>,
    people: &People,
    clusters: &Clusters,
    made: &Made,
    declaration: &Declaration,
) -> Result<()> {
    for persona in &people.persona {
        let kind = role_of(&persona.key);
        seed_one(work, persona, kind, clusters, made, declaration)?;
    }
    for lead in &people.lead {
        let kind = RoleKind::ClusterManager;
        seed_one(work, lead, kind, clusters, made, declaration)?;
    }
    Ok(())
}

fn seed_one(
    work: &mut Work<'_>,
    persona: &Persona,
    kind: RoleKind,
    clusters: &Clusters,
    made: &Made,
    declaration: &Declaration,
) -> Result<()> {
    let at = work.now();
    let button = Some(persona.key.as_str()).filter(|key| !key.is_empty());
    let account = accounts::create_account(
        work,
        &NewAccount {
            mail: &persona.mail,
            name: &persona.name,
            lang: Lang::De,
            demo_key: button,
        },
    )?;
    let employer = employer(persona, made)?;
    let scope = scope_of(persona, kind, clusters, employer)?;
    let role = Role {
        kind,
        scope,
        since: at.day(),
        until: persona.days.map(|days| days_after(at.day(), days)),
    };
    accounts::grant(work, account, &role, None)?;
    let published = shown(persona)?;
    let person = directory::create_person(
        work,
        &NewPerson {
            name: persona.name.clone(),
            function: persona.function_de.clone(),
            mail: persona.mail.clone(),
            phone: persona.phone.clone(),
            organisation: employer,
            account: Some(account),
            source: "demo".into(),
            published: published.clone(),
        },
    )?;
    // The example people were asked already.
    directory::people::mark_asked(work, person, at)?;
    for what in published {
        consents::give(work, account, declaration, what, Place::FirstSignIn)?;
    }
    if let Scope::Cluster(cluster) = &role.scope {
        let leads = kind == RoleKind::ClusterManager;
        directory::people::belongs_to(work, person, cluster.parse()?, leads)?;
    }
    Ok(())
}

fn scope_of(
    persona: &Persona,
    kind: RoleKind,
    clusters: &Clusters,
    employer: Option<Id<Organisation>>,
) -> Result<Scope> {
    let cluster = || {
        Ok(Scope::Cluster(
            id_of(clusters, &persona.cluster)?.to_string(),
        ))
    };
    let nowhere = || Error::broken(format!("the demo's {} speaks for nobody", persona.name));
    match kind {
        RoleKind::ClusterManager => cluster(),
        RoleKind::OrganisationRepresentative => {
            let of = employer.ok_or_else(nowhere)?;
            Ok(Scope::Organisation(of.to_string()))
        }
        RoleKind::Member | RoleKind::Expert | RoleKind::Editor if !persona.cluster.is_empty() => {
            cluster()
        }
        _ => Ok(Scope::Region),
    }
}

/// The example organisation whose name begins as it is said.
fn employer(persona: &Persona, made: &Made) -> Result<Option<Id<Organisation>>> {
    if persona.employer.is_empty() {
        return Ok(None);
    }
    let found = made.iter().find(|(n, _)| n.starts_with(&persona.employer));
    let none = || Error::broken(format!("the demo names no {}", persona.employer));
    found.map(|(_, id)| Some(*id)).ok_or_else(none)
}

/// Field and audience of what a person shows.
fn shown(persona: &Persona) -> Result<Vec<(&'static str, &'static str)>> {
    let known = |list: &[&'static str], word: &str| {
        let found = list.iter().find(|w| **w == word).copied();
        found.ok_or_else(|| Error::broken(format!("the demo shows an unknown {word}")))
    };
    let pairs = persona.shows.iter();
    pairs
        .map(|(field, audience)| Ok((known(&FIELDS, field)?, known(&AUDIENCES, audience)?)))
        .collect()
}

fn days_after(day: Day, days: i32) -> Day {
    Day(day.0.saturating_add(jiff::Span::new().days(days)))
}

fn role_of(key: &str) -> RoleKind {
    match key {
        "organisation_representative" => RoleKind::OrganisationRepresentative,
        "manager" | "manager_other" => RoleKind::ClusterManager,
        "coordinator" => RoleKind::Coordinator,
        "facilitator" => RoleKind::Facilitator,
        "editor" => RoleKind::Editor,
        "expert" => RoleKind::Expert,
        "officer" => RoleKind::Officer,
        "auditor" => RoleKind::Auditor,
        "dsb" => RoleKind::DataProtectionOfficer,
        "admin" => RoleKind::Admin,
        _ => RoleKind::Member,
    }
}
