//! Handlers of invitations.

use std::collections::HashSet;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kontor_platform::db::Conn;
use kontor_platform::text::Lang;
use kontor_platform::web::{Form, redirect};
use kontor_platform::{Error, FieldErrors, Id, Result};

use super::commands::{self, One};
use super::open::{self, Open};
use super::store::{self, Counts, Invited};
use crate::accounts::{Cx, Frame, Who, admin, has_server, settings};
use crate::directory::figures::Audience;
use crate::directory::lookup::{self, Among, Offered};
use crate::directory::model::{Cluster, LegalGround, Person};
use crate::directory::store::clusters;

/// Thirty days: the month within which people must know (Art. 14(3) GDPR).
const MONTH_S: i64 = 30 * 24 * 3600;

/// A person with an account, by their own yes or by the administration's deed.
struct Row {
    person: Invited,
    /// The administration has invited them, and they have not come in yet.
    is_expected: bool,
    /// Organisations of the cluster whose profile they may keep.
    keeps: Vec<String>,
}

/// An invitation as the cluster wrote it, with the name of the organisation.
struct Waiting {
    open: Open,
    employer: Option<String>,
}

#[derive(Template)]
#[template(path = "directory/invitations/views/overview.html")]
struct Overview {
    f: Frame,
    /// Whether somebody answers for the data: without, nobody is written to.
    has_controller: bool,
    /// Whether mails leave the house.
    has_server: bool,
    /// Address and name of the clusters that the asker leads.
    clusters: Vec<(String, String)>,
    slug: String,
    counts: Counts,
    waiting: Vec<Waiting>,
    rows: Vec<Row>,
    /// Invitations: those that wait, and those that brought somebody in.
    invited: i64,
    /// Organisations that what was typed for one may mean.
    offered: Vec<Offered>,
    typed: Form,
    errors: FieldErrors,
}

impl Overview {
    /// Tag of the language of a letter to one person: the chosen, else the asker's.
    fn one_lang(&self) -> &str {
        match self.typed.text("lang") {
            "" => self.f.lang.tag(),
            chosen => chosen,
        }
    }
}

pub async fn overview(cx: Cx) -> Result<Response> {
    let slug = cx.fields().text("cluster").to_owned();
    show(
        &cx,
        StatusCode::OK,
        slug,
        Form::default(),
        FieldErrors::default(),
    )
    .await
}

async fn show(
    cx: &Cx,
    status: StatusCode,
    slug: String,
    typed: Form,
    errors: FieldErrors,
) -> Result<Response> {
    cx.page_with(status, move |conn, who| {
        who.signed_in()?;
        let mut led = clusters(conn, &Audience::PUBLIC)?;
        led.retain(|c| who.actor.manages(&c.cluster.id.to_string()));
        let cluster = match led.iter().find(|c| c.cluster.slug == slug) {
            Some(chosen) => chosen,
            None if slug.is_empty() => led.first().ok_or(Error::NotFound)?,
            None => return Err(Error::NotFound),
        };
        let id = cluster.cluster.id;
        let counts = store::counts(conn, id, who.cx.now.plus_s(-MONTH_S))?;
        let people = store::invited(conn, id)?;
        let waiting = open::of_cluster(conn, id)?;
        let invited: i64 = people.iter().map(|p| i64::from(p.was_invited)).sum();
        let invited = invited + i64::try_from(waiting.len()).unwrap_or(0);
        let rows = rows(conn, who, id, people)?;
        Ok(Overview {
            f: who.frame_t("invitations-title"),
            has_controller: !settings::region(conn)?.controller.is_empty(),
            has_server: has_server(conn, who)?,
            slug: cluster.cluster.slug.clone(),
            counts,
            waiting: named(conn, waiting)?,
            rows,
            invited,
            offered: match errors.of("organisation") {
                Some(_) => lookup::offered(conn, &Among::Members(id), typed.text("organisation"))?,
                None => Vec::new(),
            },
            clusters: led
                .into_iter()
                .map(|c| (c.cluster.slug, c.cluster.name))
                .collect(),
            typed,
            errors,
        })
    })
    .await
}

/// Each account once, with what it keeps.
fn rows(
    conn: &mut Conn,
    who: &Who,
    cluster: Id<Cluster>,
    mut people: Vec<Invited>,
) -> Result<Vec<Row>> {
    let mut seen = HashSet::new();
    people.retain(|p| seen.insert(p.account));
    let accounts = || people.iter().map(|p| p.account);
    let states = admin::states(conn, accounts())?;
    let speaking = admin::speaking(conn, accounts(), who.cx.now.day())?;
    let spoken_for: Vec<&str> = speaking.iter().map(|(_, o)| o.as_str()).collect();
    let present = store::present(conn, cluster, &spoken_for)?;
    let row = |person: Invited| {
        let of = speaking.iter().filter(|(a, _)| *a == person.account);
        Row {
            is_expected: states.get(&person.account).is_some_and(|s| s == "invited"),
            keeps: of.filter_map(|(_, o)| present.get(o).cloned()).collect(),
            person,
        }
    };
    Ok(people.into_iter().map(row).collect())
}

/// Invitations with the names of their organisations.
fn named(conn: &mut Conn, waiting: Vec<Open>) -> Result<Vec<Waiting>> {
    let ids = waiting.iter().filter_map(|o| o.organisation);
    let names = store::names_of(conn, ids)?;
    let with_name = |open: Open| Waiting {
        employer: open.organisation.and_then(|id| names.get(&id).cloned()),
        open,
    };
    Ok(waiting.into_iter().map(with_name).collect())
}

fn done(cx: &Cx, slug: &str, flash: &str) -> Response {
    let slug = kontor_platform::web::encode(slug);
    redirect(&cx.href(format!("/verwaltung/einladungen?cluster={slug}&ok={flash}")))
}

/// The next stage, or ground and source for those who have none.
pub async fn invite(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let slug = form.text("cluster").to_owned();
    if form.text("what") == "ground" {
        return give_ground(cx, slug, form).await;
    }
    let most = form.text("most").parse().unwrap_or(25);
    let lang = Lang::parse(form.text("lang")).unwrap_or(cx.lang);
    let only_inform = form.text("what") == "inform";
    let may_edit = form.ticked("may-edit");
    let sent = commands::stage(&cx, &slug, most, lang, only_inform, may_edit).await?;
    let flash = match (sent, only_inform) {
        (0, _) => "flash-nobody-to-write-to",
        (_, true) => "flash-contacts-informed",
        (_, false) => "flash-contacts-invited",
    };
    Ok(done(&cx, &slug, flash))
}

async fn give_ground(cx: Cx, slug: String, form: Form) -> Result<Response> {
    let mut fields = FieldErrors::default();
    let ground = LegalGround::parse(form.text("ground"));
    if ground.is_none() {
        fields.add("ground", "invitations-error-ground");
    }
    let source: String = form.text("source").chars().take(200).collect();
    if source.is_empty() {
        fields.add("source", "invitations-error-source");
    }
    let Some(ground) = ground.filter(|_| fields.is_empty()) else {
        return show(&cx, StatusCode::UNPROCESSABLE_ENTITY, slug, form, fields).await;
    };
    let of = slug.clone();
    cx.write(move |work, who| {
        let cluster = commands::led(work, who, &of)?;
        commands::give_ground(work, cluster.id, ground, &source)
    })
    .await?;
    Ok(done(&cx, &slug, "flash-ground-given"))
}

pub async fn invite_one(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let slug = form.text("cluster").to_owned();
    let one = One {
        slug: slug.clone(),
        mail: form.text("mail").to_owned(),
        name: form.text("name").chars().take(120).collect(),
        organisation: form.text("organisation").chars().take(200).collect(),
        chosen: form.text("chosen").to_owned(),
        source: form.text("one-source").chars().take(200).collect(),
        ground: LegalGround::parse(form.text("one-ground")),
        may_edit: form.ticked("may-edit"),
        lang: Lang::parse(form.text("lang")).unwrap_or(cx.lang),
    };
    match commands::invite_one(&cx, one).await {
        Ok(()) => Ok(done(&cx, &slug, "flash-invited")),
        Err(Error::Invalid(errors)) => {
            show(&cx, StatusCode::UNPROCESSABLE_ENTITY, slug, form, errors).await
        }
        Err(other) => Err(other),
    }
}

pub async fn again(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let slug = form.text("cluster").to_owned();
    commands::again(&cx, &slug, form.text("invitation").parse()?).await?;
    Ok(done(&cx, &slug, "flash-invited"))
}

/// Takes an invitation back.
pub async fn withdraw(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let slug = form.text("cluster").to_owned();
    let contact = form.text("invitation").parse()?;
    let of = slug.clone();
    cx.write(move |work, who| commands::withdraw(work, who, &of, contact))
        .await?;
    Ok(done(&cx, &slug, "flash-invitation-taken-back"))
}

/// Ends somebody's right to keep profiles of organisations of the cluster.
pub async fn end_representation(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let slug = form.text("cluster").to_owned();
    commands::end_representation(&cx, &slug, form.text("account").parse()?).await?;
    Ok(done(&cx, &slug, "flash-representation-ended"))
}

#[derive(Template)]
#[template(path = "directory/invitations/views/objection.html")]
struct Objection {
    f: Frame,
    name: String,
    is_done: bool,
}

fn is_meant(cx: &Cx, person: Id<Person>, mark: &str) -> Result<()> {
    if cx.site.key.verify("objection", &person.to_string(), mark) {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// The page behind the link in every letter. Looking changes nothing: mail
/// programs look before people do.
pub async fn objection(
    cx: Cx,
    Path((person, mark)): Path<(Id<Person>, String)>,
) -> Result<Response> {
    is_meant(&cx, person, &mark)?;
    cx.page(move |conn, who| {
        let (name, _, state, _) = store::objector(conn, person)?;
        Ok(Objection {
            f: who.frame_t("invitations-objection-title"),
            name,
            is_done: state != "active",
        })
    })
    .await
}

pub async fn object(cx: Cx, Path((person, mark)): Path<(Id<Person>, String)>) -> Result<Response> {
    is_meant(&cx, person, &mark)?;
    cx.write(move |work, _| commands::object(work, person))
        .await?;
    Ok(redirect(&cx.href(format!("/widerspruch/{person}/{mark}"))))
}
