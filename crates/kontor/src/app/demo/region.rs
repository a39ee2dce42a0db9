//! The region: settings, clusters, institutions, example organisations and
//! their memberships.

use kontor_platform::{Day, Error, Id, Result, Work};

use super::content::{self, Content};
use super::dice::Dice;
use super::people::{self, seed_contact};
use crate::accounts::settings;
use crate::consents::Declaration;
use crate::directory::{
    self, Cluster, Helix, MembershipKind, NewCluster, NewOrganisation, Organisation, Size,
    Visibility,
};

/// Example organisations per cluster field.
const PER_FIELD: usize = 36;

/// Everything that the region consists of, in one transaction.
pub fn seed(work: &mut Work<'_>, content: &Content, declaration: &Declaration) -> Result<()> {
    settings::mark_demo(work)?;
    let texts = &content.scenes.region;
    settings::set_region(
        work,
        &settings::Region {
            name: texts.name.clone(),
            controller: texts.controller_de.clone(),
            imprint: texts.imprint_de.clone(),
            controller_en: texts.controller_en.clone(),
            imprint_en: texts.imprint_en.clone(),
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
    let mut made = seed_firms(work, content, &clusters, &mut dice)?;
    made.extend(seed_others(work, content, &clusters, &mut dice)?);
    people::seed(work, &content.people, &clusters, &made, declaration)?;
    directory::recount(work)
}

/// Every cluster's address and identifier.
pub type Clusters = Vec<(String, Id<Cluster>)>;
/// Names and identifiers of the example organisations.
pub type Made = Vec<(String, Id<Organisation>)>;

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

/// Example firms of every field.
fn seed_firms(
    work: &mut Work<'_>,
    content: &Content,
    clusters: &Clusters,
    dice: &mut Dice,
) -> Result<Made> {
    let mut made = Made::new();
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
            join_some(work, id, home, clusters, dice)?;
            seed_contact(work, content, &new, id, dice)?;
            made.push((new.name, id));
        }
    }
    Ok(made)
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
) -> Result<Made> {
    let mut made = Made::new();
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
        for (name, cluster) in names {
            let of = |f: &&content::Field| f.cluster == *cluster;
            let field = words
                .field
                .iter()
                .find(of)
                .ok_or_else(|| unknown(cluster))?;
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
            made.push((new.name, id));
        }
    }
    Ok(made)
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

/// The cluster at an address.
pub fn id_of(clusters: &Clusters, slug: &str) -> Result<Id<Cluster>> {
    clusters
        .iter()
        .find(|(s, _)| s == slug)
        .map(|(_, id)| *id)
        .ok_or_else(|| unknown(slug))
}

fn unknown(slug: &str) -> Error {
    Error::broken(format!("the demo names an unknown cluster: {slug}"))
}
