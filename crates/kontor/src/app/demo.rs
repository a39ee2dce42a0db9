//! The demo region: real cluster names and public institutions, invented
//! organisations and people, the same from the same seed.

mod content;
mod dice;

use std::path::Path;

use kontor_platform::db::{Db, Source};
use kontor_platform::text::Lang;
use kontor_platform::work::Stamp;
use kontor_platform::{Clock, Day, Error, Id, Result, Work};

use crate::accounts::{self, NewAccount, Role, RoleKind, Scope, settings};
use crate::app::wiring;
use crate::consents::{self, Declaration, Place, Purpose};
use crate::directory::{
    self, Cluster, Helix, MembershipKind, NewCluster, NewOrganisation, NewPerson, Organisation,
    Size, Visibility,
};
use content::{Content, Persona};
pub use dice::Dice;

/// Example organisations per cluster field.
const PER_FIELD: usize = 36;

/// Throws a demo's data away; refuses any folder that is not a demo's.
pub fn clear(data: &Path) -> Result<()> {
    let file = data.join("kontor.sqlite");
    if !file.exists() {
        return Ok(());
    }
    let mut conn = kontor_platform::db::connect(&Source::Lite(file.clone()))?;
    let is_demo = settings::is_demo(&mut conn).unwrap_or(false);
    drop(conn);
    if !is_demo {
        return Err(Error::broken(format!(
            "{} holds data that is not a demo's; --fresh leaves it alone",
            data.display()
        )));
    }
    for end in ["", "-wal", "-shm"] {
        let path = data.join(format!("kontor.sqlite{end}"));
        if path.exists() {
            std::fs::remove_file(path)?;
        }
    }
    crate::search::reset(data).map(drop)
}

/// The people behind the sign-in buttons.
pub fn personas() -> Result<Vec<Persona>> {
    Ok(Content::load()?.people.persona)
}

/// Seeds an empty database and says so; leaves a demo alone; refuses anything
/// else.
pub fn seed_if_empty(db: &Db, clock: &Clock) -> Result<bool> {
    let (is_demo, head) =
        db.read_now(|conn| Ok((settings::is_demo(conn)?, kontor_platform::log::head(conn)?)))?;
    if is_demo {
        return Ok(false);
    }
    if head > 0 {
        return Err(Error::broken(
            "this data folder is in real use; give the demo another --data",
        ));
    }
    let content = Content::load()?;
    let speech = wiring::texts()?.speak(Lang::De);
    let declaration = Declaration::new(&speech, Purpose::Publication);
    db.write_now(Stamp::system(clock.now()), move |work| {
        seed(work, &content, &declaration)
    })?;
    Ok(true)
}

fn seed(work: &mut Work<'_>, content: &Content, declaration: &Declaration) -> Result<()> {
    settings::mark_demo(work)?;
    settings::set_region(
        work,
        &settings::Region {
            name: "Hamburg".into(),
            ..settings::Region::default()
        },
    )?;
    let mut dice = Dice::new(2026);
    let clusters = seed_clusters(work, content)?;
    for institution in &content.institutions {
        let mut new = NewOrganisation {
            name: institution.name.clone(),
            helix: Helix::parse(&institution.helix),
            city: institution.city.clone(),
            country: institution.country.clone(),
            website: institution.website.clone(),
            summary_de: institution.about_de.clone(),
            summary_en: institution.about_en.clone(),
            visibility: Some(Visibility::Public),
            ..Default::default()
        };
        if !institution.ror.is_empty() {
            new.external.push(("ror".into(), institution.ror.clone()));
        }
        directory::create_organisation(work, &new)?;
    }
    let first = seed_firms(work, content, &clusters, &mut dice)?;
    seed_others(work, content, &clusters, &mut dice)?;
    seed_personas(work, content, &clusters, first, declaration)?;
    directory::recount(work)
}

type Clusters = Vec<(String, Id<Cluster>)>;

fn seed_clusters(work: &mut Work<'_>, content: &Content) -> Result<Clusters> {
    let mut clusters = Vec::new();
    for c in &content.clusters {
        let new = NewCluster {
            slug: c.slug.clone(),
            code: c.code.clone(),
            name: c.name.clone(),
            purpose_de: c.purpose_de.clone(),
            purpose_en: c.purpose_en.clone(),
            about_de: c.about_de.clone(),
            about_en: c.about_en.clone(),
            themes_de: c.themes_de.join("|"),
            themes_en: c.themes_en.join("|"),
            website: c.website.clone(),
            founded: c.founded,
        };
        clusters.push((c.slug.clone(), directory::create_cluster(work, &new)?));
    }
    Ok(clusters)
}

/// Example firms of every field; answers the first one of all.
fn seed_firms(
    work: &mut Work<'_>,
    content: &Content,
    clusters: &Clusters,
    dice: &mut Dice,
) -> Result<Option<Id<Organisation>>> {
    let mut first = None;
    for field in &content.words.field {
        let home = id_of(clusters, &field.cluster)?;
        for n in 0..PER_FIELD {
            let stem = &field.stems[n % field.stems.len()];
            let suffix = dice.pick(&field.suffixes);
            let form = dice.weighted(&content.words.legal_forms, |f| f.1);
            let mut new = profile(content, dice, &field.texts());
            new.name = format!("{stem} {suffix} {}", form.0);
            new.website = format!(
                "https://{}.example",
                kontor_analysis::names::slug(&format!("{stem} {suffix}"))
            );
            new.helix = Some(Helix::Business);
            new.size = Some(*dice.weighted(
                &[
                    (Size::Micro, 30),
                    (Size::Small, 38),
                    (Size::Medium, 24),
                    (Size::Large, 8),
                ],
                |s| s.1,
            ))
            .map(|s| s.0);
            new.size_as_of = Some("2026-01-01".into());
            new.founded = Some(1950 + dice.below(74));
            new.classes = vec![dice.pick(&field.wz).clone()];
            new.visibility = Some(dice.weighted(&VISIBILITY, |v| v.1).0);
            let id = directory::create_organisation(work, &new)?;
            first = first.or(Some(id));
            join_some(work, id, home, clusters, dice)?;
            seed_contact(work, content, &new, id, dice)?;
        }
    }
    Ok(first)
}

const VISIBILITY: [(Visibility, u32); 3] = [
    (Visibility::Public, 70),
    (Visibility::AllClusters, 22),
    (Visibility::Cluster, 8),
];

/// Example institutes, associations and offices.
fn seed_others(
    work: &mut Work<'_>,
    content: &Content,
    clusters: &Clusters,
    dice: &mut Dice,
) -> Result<()> {
    let words = &content.words;
    let sides = [
        (
            Helix::Science,
            &words.helix_examples.science,
            &words.helix_texts.science,
        ),
        (
            Helix::CivilSociety,
            &words.helix_examples.civil_society,
            &words.helix_texts.civil_society,
        ),
        (
            Helix::PolicyAdmin,
            &words.helix_examples.policy_admin,
            &words.helix_texts.policy_admin,
        ),
    ];
    for (side, names, texts) in sides {
        for name in names {
            let field = dice.pick(&words.field);
            let mut all = field.texts();
            all.summary_de = &texts.summary_de;
            all.summary_en = &texts.summary_en;
            all.detail_de = &texts.detail_de;
            all.detail_en = &texts.detail_en;
            let mut new = profile(content, dice, &all);
            new.name.clone_from(name);
            new.website = format!("https://{}.example", kontor_analysis::names::slug(name));
            new.helix = Some(side);
            new.visibility = Some(Visibility::Public);
            let home = id_of(clusters, &field.cluster)?;
            let id = directory::create_organisation(work, &new)?;
            join_some(work, id, home, clusters, dice)?;
        }
    }
    Ok(())
}

/// Address, competences and texts of an example organisation.
fn profile(content: &Content, dice: &mut Dice, texts: &content::Texts<'_>) -> NewOrganisation {
    let city = dice.weighted(&content.words.cities, |c| c.2);
    let chosen = dice.several(texts.competences_de.len(), 4);
    let summary = dice.index(texts.summary_de.len());
    let detail = dice.index(texts.detail_de.len());
    let street = dice.pick(&content.words.streets);
    let fill = |pattern: &str, competences: &[String]| {
        pattern
            .replace("{competence1}", &competences[chosen[0]])
            .replace("{competence2}", &competences[chosen[1]])
            .replace("{city}", &city.0)
    };
    let list = |c: &[String]| {
        chosen
            .iter()
            .map(|i| c[*i].clone())
            .collect::<Vec<_>>()
            .join("|")
    };
    NewOrganisation {
        street: format!("{street} {}", 1 + dice.below(140)),
        postcode: dice.pick(&city.1).clone(),
        city: city.0.clone(),
        region: city.3.clone(),
        country: "DE".into(),
        summary_de: fill(&texts.summary_de[summary], texts.competences_de),
        summary_en: fill(&texts.summary_en[summary], texts.competences_en),
        about_de: fill(&texts.detail_de[detail], texts.competences_de),
        about_en: fill(&texts.detail_en[detail], texts.competences_en),
        competences_de: list(texts.competences_de),
        competences_en: list(texts.competences_en),
        ..Default::default()
    }
}

/// The home cluster, and for some one or two more.
fn join_some(
    work: &mut Work<'_>,
    organisation: Id<Organisation>,
    home: Id<Cluster>,
    clusters: &Clusters,
    dice: &mut Dice,
) -> Result<()> {
    let mut joined = vec![home];
    for chance in [16, 4] {
        if dice.below(100) < chance {
            let other = dice.pick(clusters).1;
            if !joined.contains(&other) {
                joined.push(other);
            }
        }
    }
    for cluster in joined {
        let since = format!("20{:02}-{:02}-01", 10 + dice.below(16), 1 + dice.below(12));
        let since = Day::parse(&since).ok_or_else(|| Error::broken("the demo's calendar"))?;
        let kind = dice
            .weighted(
                &[(MembershipKind::Member, 90), (MembershipKind::Partner, 10)],
                |k| k.1,
            )
            .0;
        directory::join_cluster(work, organisation, cluster, kind, since)?;
    }
    Ok(())
}

/// A contact person; most show nothing, as everywhere.
fn seed_contact(
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

/// What the people of a management show of themselves, and to whom.
const SHOWN: [(&str, &str); 3] = [
    ("name", "public"),
    ("function", "public"),
    ("mail", "all_clusters"),
];

fn seed_personas(
    work: &mut Work<'_>,
    content: &Content,
    clusters: &Clusters,
    first: Option<Id<Organisation>>,
    declaration: &Declaration,
) -> Result<()> {
    let at = work.now();
    for persona in &content.people.persona {
        let account = accounts::create_account(
            work,
            &NewAccount {
                mail: &persona.mail,
                name: &persona.name,
                lang: Lang::De,
                demo_key: Some(&persona.key),
            },
        )?;
        let kind = role_of(&persona.key);
        let scope = match kind {
            RoleKind::ClusterManager => {
                Scope::Cluster(id_of(clusters, &persona.cluster)?.to_string())
            }
            RoleKind::OrganisationRepresentative => {
                Scope::Organisation(first.map(|o| o.to_string()).unwrap_or_default())
            }
            RoleKind::Member | RoleKind::Expert | RoleKind::Editor
                if !persona.cluster.is_empty() =>
            {
                Scope::Cluster(id_of(clusters, &persona.cluster)?.to_string())
            }
            _ => Scope::Region,
        };
        let since = work.now().day();
        let role = Role {
            kind,
            scope,
            since,
            until: None,
        };
        accounts::grant(work, account, &role, None)?;
        let published = match kind {
            RoleKind::ClusterManager | RoleKind::Coordinator => SHOWN.to_vec(),
            _ => Vec::new(),
        };
        let person = directory::create_person(
            work,
            &NewPerson {
                name: persona.name.clone(),
                function: persona.function_de.clone(),
                mail: persona.mail.clone(),
                account: Some(account),
                source: "demo".into(),
                published: published.clone(),
                ..Default::default()
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
    }
    Ok(())
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

fn id_of(clusters: &Clusters, slug: &str) -> Result<Id<Cluster>> {
    clusters
        .iter()
        .find(|(s, _)| s == slug)
        .map(|(_, id)| *id)
        .ok_or_else(|| Error::broken(format!("the demo names an unknown cluster: {slug}")))
}
