//! Verbs of requests.

use kontor_platform::db::Conn;
use kontor_platform::mail::{self, NewMail};
use kontor_platform::web::Form;
use kontor_platform::{Day, Error, FieldErrors, Id, Instant, Result, Work, secret};

use super::letters;
use super::model::{
    Kind, Request, RequestApproved, RequestMade, RequestRejected, State as RequestState,
};
use super::store::{self, Care};
use crate::accounts::{Account, Cx, Holder, Limits, Who, looks_like_mail};
use crate::directory::commands::{
    NewOrganisation, create_organisation, join_cluster, permitted, recount,
};
use crate::directory::contact;
use crate::directory::invitations::open::{self, New, Typed};
use crate::directory::lookup;
use crate::directory::manage::{is_web_address, web_address};
use crate::directory::model::{Cluster, Helix, MembershipKind, Organisation};
use crate::directory::people;
use crate::directory::policy::Act;
use crate::directory::store::find_cluster;

/// Requests from one network place in a quarter of an hour.
const PER_PLACE: i64 = 5;
/// Requests under one mail address in a day: each is answered by a receipt.
const PER_ASKER: i64 = 5;

/// Reads what was typed, or answers every field error at once.
fn read(cx: &Cx, kind: Kind, form: &Form) -> Result<Request> {
    let mut fields = FieldErrors::default();
    let is_too_long = |name: &str, most: usize| form.text(name).chars().count() > most;
    let website = web_address(form.text("website"));
    if kind == Kind::Membership {
        if form.text("organisation").is_empty() {
            fields.add("organisation", "requests-error-organisation");
        }
        if !website.is_empty() && !is_web_address(&website) {
            fields.add("website", "manage-error-website");
        }
        if form.text("city").is_empty() {
            fields.add("city", "requests-error-city");
        }
        for (field, most) in [("organisation", 200), ("website", 300), ("city", 120)] {
            if is_too_long(field, most) {
                fields.add(field, "profile-error-long");
            }
        }
    }
    if form.text("name").is_empty() || is_too_long("name", 120) {
        fields.add("name", "accounts-error-name");
    }
    if !looks_like_mail(&form.text("mail").to_lowercase()) {
        fields.add("mail", "accounts-error-mail");
    }
    if is_too_long("function", 120) {
        fields.add("function", "people-error-function");
    }
    if is_too_long("message", 2000) {
        fields.add("message", "requests-error-message");
    }
    let text = |name: &str| form.text(name).to_owned();
    fields.done(Request {
        id: Id::new(),
        kind,
        cluster: None,
        cluster_name: String::new(),
        cluster_slug: String::new(),
        organisation: None,
        organisation_slug: None,
        organisation_name: text("organisation"),
        website,
        city: text("city"),
        name: text("name"),
        mail: text("mail"),
        function: text("function"),
        message: text("message"),
        lang: cx.lang.tag().to_owned(),
        state: RequestState::Open,
        reason: String::new(),
        created_at: cx.now,
        decided_at: None,
    })
}

/// Stores a request from outside. What is answered is the same whether the
/// address or the organisation is known.
pub async fn ask(cx: &Cx, kind: Kind, slug: &str, form: &Form) -> Result<()> {
    let typed = read(cx, kind, form)?;
    let limits = Limits::new(cx).per_place("request", PER_PLACE).per_day(
        "asker",
        &typed.mail.to_lowercase(),
        PER_ASKER,
    );
    let slug = slug.to_owned();
    let (request, to) = {
        let slug = slug.clone();
        cx.read(move |conn, who| {
            let request = about(conn, who, &slug, typed)?;
            let to = deciders(conn, &request, who.cx.now.day())?;
            Ok((request, to))
        })
        .await?
    };
    let letter = |h: &Holder| letters::came_in(&cx.site, &request, h).mail(&cx.site);
    let mut letters = to.iter().map(letter).collect::<Result<Vec<_>>>()?;
    letters.push(letters::receipt(&cx.site, &request).mail(&cx.site)?);
    cx.write(move |work, who| {
        let request = about(work, who, &slug, request.clone())?;
        limits.take(work)?;
        let name_key = kontor_analysis::names::name_key(&request.organisation_name);
        if !store::insert(work, &request, &name_key)? {
            return Ok(());
        }
        for letter in &letters {
            mail::queue(work, letter, request.created_at)?;
        }
        work.announce(&RequestMade {
            request: request.id,
            kind,
        });
        Ok(())
    })
    .await
}

/// The request with the cluster or the organisation at this address, if the
/// asker may see it.
fn about(conn: &mut Conn, who: &Who, slug: &str, typed: Request) -> Result<Request> {
    let mut request = typed;
    match request.kind {
        Kind::Membership => {
            let cluster = find_cluster(conn, slug)?;
            request.cluster = Some(cluster.id);
            request.cluster_name = cluster.name;
        }
        Kind::Takeover => {
            let found = permitted(conn, &who.actor, slug, Act::See)?.0;
            request.organisation = Some(found.id);
            request.organisation_name = found.name;
        }
    }
    Ok(request)
}

/// Who decides on a request today: where nobody leads, the administration.
fn deciders(conn: &mut Conn, request: &Request, today: Day) -> Result<Vec<Holder>> {
    Ok(match (request.cluster, request.organisation) {
        (Some(cluster), _) => of_cluster(conn, cluster, today)?.0,
        (None, Some(organisation)) => contact::in_charge(conn, organisation, today)?.0,
        (None, None) => Vec::new(),
    })
}

/// Who decides for a cluster, and in which capacity.
pub fn of_cluster(
    conn: &mut Conn,
    cluster: Id<Cluster>,
    today: Day,
) -> Result<(Vec<Holder>, contact::Route)> {
    contact::deciders(conn, std::iter::once(&cluster.to_string()), today)
}

/// A request that the asker decides on, still open; to anybody else it does
/// not exist.
fn open(conn: &mut Conn, who: &Who, id: Id<Request>) -> Result<Request> {
    who.signed_in()?;
    let care = Care::of(conn, who)?;
    let request = store::find(conn, &care, id)?.ok_or(Error::NotFound)?;
    if request.state == RequestState::Open {
        Ok(request)
    } else {
        Err(Error::Refused("requests-refused-decided"))
    }
}

/// How a request is approved.
#[derive(Debug, Clone, Copy)]
pub struct Choice {
    /// The organisation that is there already; a new one otherwise.
    pub existing: Option<Id<Organisation>>,
    pub helix: Option<Helix>,
    /// First day of the membership.
    pub since: Day,
}

/// Approves: organisation, membership and invitation in one go.
pub async fn approve(cx: &Cx, id: Id<Request>, choice: Choice) -> Result<()> {
    let request = cx.read(move |conn, who| open(conn, who, id)).await?;
    let token = secret::token();
    let letter = letters::approval(&cx.site, &request, &token).mail(&cx.site)?;
    cx.write(move |work, who| {
        let request = open(work, who, id)?;
        let (now, by) = (work.now(), who.actor.account.map(|a| a.to_string()));
        if !store::decide(work, id, RequestState::Approved, "", by.clone(), now)? {
            return Err(Error::Refused("requests-refused-decided"));
        }
        let organisation = match request.kind {
            Kind::Takeover => request.organisation.ok_or(Error::NotFound)?,
            Kind::Membership => settle(work, who, &request, choice)?,
        };
        let account = welcome(work, who, &request, organisation, (&token, &letter))?;
        store::led_to(work, id, organisation, account)?;
        store::close_same(work, id, (organisation, account), by, now)?;
        work.announce(&RequestApproved {
            request: id,
            organisation,
        });
        Ok(())
    })
    .await
}

/// The organisation of an approved membership: the chosen one, which is in the
/// cluster already, or a new one with its membership.
fn settle(
    work: &mut Work<'_>,
    who: &Who,
    request: &Request,
    choice: Choice,
) -> Result<Id<Organisation>> {
    if let Some(chosen) = choice.existing {
        let care = Care::of(work, who)?;
        let all = store::candidates(work, &care, request.id)?;
        let found = all.iter().find(|c| c.organisation == chosen);
        return found.map(|c| c.organisation).ok_or(Error::NotFound);
    }
    let cluster = find_cluster(work, &request.cluster_slug)?;
    let new = NewOrganisation {
        name: request.organisation_name.clone(),
        helix: choice.helix,
        city: request.city.clone(),
        country: "DE".into(),
        website: request.website.clone(),
        visibility: Some(cluster.visibility),
        ..NewOrganisation::default()
    };
    let id = create_organisation(work, &new)?;
    join_cluster(work, id, cluster.id, MembershipKind::Member, choice.since)?;
    recount(work)?;
    Ok(id)
}

/// Invites whoever asked to their place: anybody may have typed the address, so it
/// waits for the yes of its owner. Answers the account.
fn welcome(
    work: &mut Work<'_>,
    who: &Who,
    request: &Request,
    organisation: Id<Organisation>,
    (token, letter): (&str, &NewMail),
) -> Result<Id<Account>> {
    let cluster = match request.cluster {
        Some(cluster) => Some(cluster),
        None => led_by(work, who, organisation)?,
    };
    let contact = Id::new();
    let typed = Typed {
        name: request.name.clone(),
        mail: request.mail.clone(),
        organisation: Some(organisation),
        source: people::OF_ACCOUNT.to_owned(),
        ground: None,
    };
    open::typed_contact(work, contact, cluster, &typed)?;
    let new = New {
        contact,
        name: request.name.clone(),
        mail: request.mail.clone(),
        lang: letters::lang(request),
        cluster,
        joins: request.cluster.is_some(),
        may_edit: true,
    };
    open::offer(work, &new, token, letter)
}

/// A cluster of the organisation that the asker leads: there the invitation is seen.
fn led_by(
    work: &mut Work<'_>,
    who: &Who,
    organisation: Id<Organisation>,
) -> Result<Option<Id<Cluster>>> {
    for led in who.actor.led() {
        let cluster = led.parse()?;
        if lookup::is_member(work, organisation, cluster)? {
            return Ok(Some(cluster));
        }
    }
    Ok(None)
}

/// Rejects with a reason, which goes to the asker by mail.
pub async fn reject(cx: &Cx, id: Id<Request>, reason: &str) -> Result<()> {
    if reason.is_empty() || reason.chars().count() > 2000 {
        let mut fields = FieldErrors::default();
        fields.add("reason", "requests-error-reason");
        return fields.done(());
    }
    let request = cx.read(move |conn, who| open(conn, who, id)).await?;
    let letter = letters::rejection(&cx.site, &request, reason).mail(&cx.site)?;
    let reason = reason.to_owned();
    cx.write(move |work, who| {
        open(work, who, id)?;
        let (now, by) = (work.now(), who.actor.account.map(|a| a.to_string()));
        if !store::decide(work, id, RequestState::Rejected, &reason, by, now)? {
            return Err(Error::Refused("requests-refused-decided"));
        }
        mail::queue(work, &letter, now)?;
        work.announce(&RequestRejected { request: id });
        Ok(())
    })
    .await
}

/// Retention: requests that were approved before `before` name nobody any more.
pub fn drop_approved(work: &mut Work<'_>, before: Instant) -> Result<u64> {
    store::drop_approved(work, before)
}
