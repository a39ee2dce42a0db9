//! Verbs of the directory.

use kontor_platform::db::Conn;
use kontor_platform::policy::Governed;
use kontor_platform::{Day, Error, Id, Result, Work};

use super::figures;
use super::model::{
    Cluster, ClusterCreated, Helix, MembershipBegan, MembershipKind, Organisation,
    OrganisationCreated, Person, PersonCreated, Size, State, Visibility, sort_key,
};
use super::policy::{Act, Placed};
use super::store;
use crate::accounts::{Account, Actor};

/// What a new cluster is made of.
#[derive(Debug, Clone, Default)]
pub struct NewCluster {
    pub slug: String,
    pub code: String,
    pub name: String,
    pub purpose_de: String,
    pub purpose_en: String,
    pub about_de: String,
    pub about_en: String,
    /// Themes, parted by bars.
    pub themes_de: String,
    pub themes_en: String,
    pub website: String,
    pub founded: Option<i64>,
}

/// Brings a cluster into the region.
pub fn create_cluster(work: &mut Work<'_>, new: &NewCluster) -> Result<Id<Cluster>> {
    let id = Id::new();
    let at = work.now();
    let n = new.clone();
    let cluster = Cluster {
        id,
        slug: n.slug,
        code: n.code,
        name: n.name,
        purpose_de: n.purpose_de,
        purpose_en: n.purpose_en,
        about_de: n.about_de,
        about_en: n.about_en,
        themes_de: n.themes_de,
        themes_en: n.themes_en,
        website: n.website,
        founded: n.founded,
        visibility: Visibility::Public,
    };
    store::insert_cluster(work, &cluster, &sort_key(&new.name), at)?;
    work.announce(&ClusterCreated { cluster: id });
    Ok(id)
}

/// What a new organisation is made of.
#[derive(Debug, Clone, Default)]
pub struct NewOrganisation {
    pub name: String,
    pub helix: Option<Helix>,
    pub size: Option<Size>,
    pub size_as_of: Option<String>,
    pub founded: Option<i64>,
    pub street: String,
    pub postcode: String,
    pub city: String,
    pub region: String,
    pub country: String,
    pub website: String,
    pub mail_host: String,
    pub register_number: String,
    pub summary_de: String,
    pub summary_en: String,
    pub about_de: String,
    pub about_en: String,
    /// Competences, parted by bars.
    pub competences_de: String,
    pub competences_en: String,
    pub classes: Vec<String>,
    /// Scheme and value, such as `ror` and `0006e6p34`.
    pub external: Vec<(String, String)>,
    pub visibility: Option<Visibility>,
}

/// The organisation at an address and its clusters, if the actor may do this
/// with it. Who may not see it learns nothing.
pub fn permitted(
    conn: &mut Conn,
    actor: &Actor,
    slug: &str,
    act: Act,
) -> Result<(Organisation, Vec<String>)> {
    let organisation = store::find_organisation(conn, slug)?.ok_or(Error::NotFound)?;
    let memberships = store::places(conn, organisation.id)?.0;
    let present = memberships.into_iter().filter(|m| m.until.is_none());
    let clusters: Vec<String> = present.map(|m| m.cluster).collect();
    Placed {
        organisation: &organisation,
        clusters: &clusters,
    }
    .permit(actor, act)?;
    Ok((organisation, clusters))
}

/// Brings an organisation into the directory.
pub fn create_organisation(work: &mut Work<'_>, new: &NewOrganisation) -> Result<Id<Organisation>> {
    let id = Id::new();
    let at = work.now();
    let organisation = Organisation {
        id,
        slug: free_slug(work, &new.name)?,
        name: new.name.clone(),
        helix: new.helix,
        size: new.size,
        size_as_of: new.size_as_of.clone(),
        founded: new.founded,
        street: new.street.clone(),
        postcode: new.postcode.clone(),
        city: new.city.clone(),
        country: new.country.clone(),
        website: new.website.clone(),
        summary_de: new.summary_de.clone(),
        summary_en: new.summary_en.clone(),
        about_de: new.about_de.clone(),
        about_en: new.about_en.clone(),
        competences_de: new.competences_de.clone(),
        competences_en: new.competences_en.clone(),
        visibility: new.visibility.unwrap_or(Visibility::Cluster),
        state: State::Active,
        merged_into: None,
        updated_at: at,
    };
    let keys = store::OrganisationKeys {
        sort_key: &sort_key(&new.name),
        name_key: &kontor_analysis::names::name_key(&new.name),
        city_key: &sort_key(&new.city),
        region: &new.region,
        web_host: &kontor_analysis::names::web_host(&new.website),
        mail_host: &new.mail_host,
        register_number: &new.register_number,
    };
    store::insert_organisation(work, &organisation, &keys)?;
    for class in &new.classes {
        store::insert_class(work, id, class)?;
    }
    for (scheme, value) in &new.external {
        store::insert_external(work, id, scheme, value)?;
    }
    work.announce(&OrganisationCreated { organisation: id });
    Ok(id)
}

/// The name as an address; a number follows when it is taken.
pub fn free_slug(work: &mut Work<'_>, name: &str) -> Result<String> {
    let plain = kontor_analysis::names::slug(name);
    if !store::is_slug_taken(work, &plain)? {
        return Ok(plain);
    }
    for n in 2.. {
        let slug = format!("{plain}-{n}");
        if !store::is_slug_taken(work, &slug)? {
            return Ok(slug);
        }
    }
    unreachable!("the numbers do not end")
}

/// Lets an organisation join a cluster from a day on.
pub fn join_cluster(
    work: &mut Work<'_>,
    organisation: Id<Organisation>,
    cluster: Id<Cluster>,
    kind: MembershipKind,
    since: Day,
) -> Result<()> {
    let at = work.now();
    store::insert_membership(work, organisation, cluster, kind, since, at)?;
    super::list::belongs(work, organisation)?;
    work.announce(&MembershipBegan {
        organisation,
        cluster,
    });
    Ok(())
}

/// What a new person is made of. Nothing of it is published.
#[derive(Debug, Clone, Default)]
pub struct NewPerson {
    pub name: String,
    pub function: String,
    pub mail: String,
    pub phone: String,
    pub organisation: Option<Id<Organisation>>,
    pub account: Option<Id<Account>>,
    /// Where the data came from.
    pub source: String,
    /// Field and audience of what the person agreed to show.
    pub published: Vec<(&'static str, &'static str)>,
}

/// Brings a person into the directory.
pub fn create_person(work: &mut Work<'_>, new: &NewPerson) -> Result<Id<Person>> {
    let id = Id::new();
    create_person_as(work, id, new)?;
    Ok(id)
}

/// The same, under an identifier that a letter names already.
pub fn create_person_as(work: &mut Work<'_>, id: Id<Person>, new: &NewPerson) -> Result<()> {
    let at = work.now();
    store::insert_person(
        work,
        &store::PersonRow {
            id,
            name: &new.name,
            sort_key: &sort_key(&new.name),
            function: &new.function,
            mail: &new.mail,
            phone: &new.phone,
            organisation: new.organisation,
            account: new.account.map(|a| a.to_string()),
            source: &new.source,
        },
        at,
    )?;
    for (field, audience) in &new.published {
        store::publish(work, id, field, audience, at)?;
    }
    work.announce(&PersonCreated { person: id });
    Ok(())
}

/// Forgets what is kept for a time only: words and senders of messages, what a
/// rejected request said, who leads by a role that has ended.
pub fn forget(work: &mut Work<'_>) -> Result<()> {
    let now = work.now();
    super::people::end_leads(work)?;
    super::contact::forget(work, now)?;
    super::requests::forget(work, now)
}

/// Counts the figures of the region and its clusters anew, in the same
/// transaction as whatever changed them.
pub fn recount(work: &mut Work<'_>) -> Result<()> {
    figures::recount(work)
}
