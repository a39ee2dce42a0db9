//! Handlers of memberships by hand.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kontor_platform::db::Conn;
use kontor_platform::web::{Form, encode, redirect};
use kontor_platform::{Day, Error, FieldErrors, Result};

use super::commands::{self, Deed};
use super::forms;
use super::store::{Likely, Row};
use crate::accounts::{Cx, Frame, Who};
use crate::directory::figures::Audience;
use crate::directory::store::{Counted, clusters};

/// Word and key of each kind of membership.
type Choices = &'static [(&'static str, &'static str)];

const KINDS: Choices = &[
    ("member", "directory-membership-member"),
    ("partner", "directory-membership-partner"),
    ("guest", "directory-membership-guest"),
];

/// Clusters that the asker leads.
fn led(conn: &mut Conn, who: &Who) -> Result<Vec<Counted>> {
    who.signed_in()?;
    let mut all = clusters(conn, &Audience::of(&who.actor))?;
    all.retain(|c| who.actor.manages(&c.cluster.id.to_string()));
    match all.is_empty() {
        true => Err(Error::NotFound),
        false => Ok(all),
    }
}

/// The one that is asked for among them, else the first.
fn chosen<'a>(led: &'a [Counted], slug: &str) -> Result<&'a Counted> {
    match led.iter().find(|c| c.cluster.slug == slug) {
        Some(found) => Ok(found),
        None if slug.is_empty() => led.first().ok_or(Error::NotFound),
        None => Err(Error::NotFound),
    }
}

/// Address and name of each.
fn named(led: &[Counted]) -> Vec<(String, String)> {
    let pair = |c: &Counted| (c.cluster.slug.clone(), c.cluster.name.clone());
    led.iter().map(pair).collect()
}

#[derive(Template)]
#[template(path = "directory/memberships/views/new.html")]
struct New {
    f: Frame,
    clusters: Vec<(String, String)>,
    slug: String,
    /// What the cluster proposes for whom a new organisation may be seen by.
    visibility: &'static str,
    today: Day,
    /// Organisations that the typed one may be.
    likely: Vec<Likely>,
    typed: Form,
    errors: FieldErrors,
}

impl New {
    const KINDS: Choices = KINDS;
    const SIDES: Choices = &[
        ("", "requests-side-open"),
        ("business", "directory-helix-business"),
        ("science", "directory-helix-science"),
        ("policy_admin", "directory-helix-policy-admin"),
        ("civil_society", "directory-helix-civil-society"),
    ];
    const VISIBILITIES: Choices = &[
        ("public", "directory-visibility-public"),
        ("all_clusters", "directory-visibility-all-clusters"),
        ("cluster", "directory-visibility-cluster"),
    ];

    /// The first day that was typed, else today.
    fn since(&self) -> String {
        self.or("since", &self.today.to_string())
    }

    /// What was typed, else `other`.
    fn or(&self, name: &str, other: &str) -> String {
        match self.typed.has(name) {
            true => self.typed.text(name).to_owned(),
            false => other.to_owned(),
        }
    }
}

pub async fn new(cx: Cx) -> Result<Response> {
    let asked = cx.fields().text("cluster").to_owned();
    let (typed, errors) = (Form::default(), FieldErrors::default());
    show_new(&cx, StatusCode::OK, asked, typed, errors, Vec::new()).await
}

async fn show_new(
    cx: &Cx,
    status: StatusCode,
    asked: String,
    typed: Form,
    errors: FieldErrors,
    likely: Vec<Likely>,
) -> Result<Response> {
    cx.page_with(status, move |conn, who| {
        let led = led(conn, who)?;
        let cluster = &chosen(&led, &asked)?.cluster;
        Ok(New {
            f: who.frame_t("memberships-new-title"),
            slug: cluster.slug.clone(),
            visibility: cluster.visibility.as_str(),
            clusters: named(&led),
            today: who.cx.now.day(),
            likely,
            typed,
            errors,
        })
    })
    .await
}

pub async fn create(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let slug = form.text("cluster").to_owned();
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    let entry = match forms::entry(&form, cx.now.day()) {
        Ok(entry) => entry,
        Err(Error::Invalid(errors)) => {
            return show_new(&cx, status, slug, form, errors, Vec::new()).await;
        }
        Err(other) => return Err(other),
    };
    if !form.ticked("other") {
        let (asked, entry) = (slug.clone(), entry.clone());
        let likely = cx
            .read(move |conn, who| {
                commands::led(conn, who, &asked)?;
                commands::likely(conn, who, &entry)
            })
            .await?;
        if !likely.is_empty() {
            return show_new(&cx, status, slug, form, FieldErrors::default(), likely).await;
        }
    }
    let made = cx
        .write(move |work, who| commands::create(work, who, &slug, &entry))
        .await?;
    Ok(redirect(&cx.href(format!(
        "/organisationen/{made}?ok=flash-member-created"
    ))))
}

#[derive(Template)]
#[template(path = "directory/memberships/views/membership.html")]
struct Membership {
    f: Frame,
    slug: String,
    name: String,
    clusters: Vec<(String, String)>,
    cluster: (String, String),
    /// The membership that the forms are about, if one holds.
    open: Option<Row>,
    /// All of them, also those that have ended.
    rows: Vec<Row>,
    today: Day,
    typed: Form,
    errors: FieldErrors,
}

impl Membership {
    const KINDS: Choices = KINDS;

    /// The kind that was typed, else the present one.
    fn kind(&self) -> String {
        let present = self.open.as_ref().map_or("member", |r| r.kind.as_str());
        self.or("kind", present)
    }

    fn since(&self) -> String {
        let present = self.open.as_ref().map_or(self.today, |r| r.since);
        self.or("since", &present.to_string())
    }

    fn until(&self) -> String {
        self.or("until", &self.today.to_string())
    }

    fn or(&self, name: &str, other: &str) -> String {
        match self.typed.has(name) {
            true => self.typed.text(name).to_owned(),
            false => other.to_owned(),
        }
    }

    /// Memberships that have ended; the end of the newest can be taken back while
    /// none holds.
    fn ended(&self) -> impl Iterator<Item = (&Row, bool)> {
        let ended = self.rows.iter().filter(|r| !r.is_open);
        let is_free = self.open.is_none();
        ended.enumerate().map(move |(i, r)| (r, is_free && i == 0))
    }

    /// Others that hold beside the one of the forms.
    fn others(&self) -> impl Iterator<Item = &Row> {
        let shown = self.open.as_ref().map(|r| r.id.clone());
        let other = move |r: &&Row| r.is_open && shown.as_ref() != Some(&r.id);
        self.rows.iter().filter(other)
    }
}

pub async fn membership(cx: Cx, Path(slug): Path<String>) -> Result<Response> {
    let asked = cx.fields();
    let (typed, errors) = (Form::default(), FieldErrors::default());
    show(&cx, StatusCode::OK, slug, &asked, typed, errors).await
}

async fn show(
    cx: &Cx,
    status: StatusCode,
    slug: String,
    asked: &Form,
    typed: Form,
    errors: FieldErrors,
) -> Result<Response> {
    let (cluster, id) = (
        asked.text("cluster").to_owned(),
        asked.text("mitgliedschaft").to_owned(),
    );
    cx.page_with(status, move |conn, who| {
        let led = led(conn, who)?;
        let cluster = &chosen(&led, &cluster)?.cluster;
        let (organisation, rows) = commands::found(conn, who, &slug, cluster)?;
        let meant = rows.iter().find(|r| r.is_open && r.id == id);
        let open = meant.or(rows.iter().find(|r| r.is_open)).cloned();
        Ok(Membership {
            f: who.frame_t("memberships-title"),
            slug: organisation.slug,
            name: organisation.name,
            cluster: (cluster.slug.clone(), cluster.name.clone()),
            clusters: named(&led),
            open,
            rows,
            today: who.cx.now.day(),
            typed,
            errors,
        })
    })
    .await
}

pub async fn save(cx: Cx, Path(slug): Path<String>, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let id = form.text("mitgliedschaft").to_owned();
    let (deed, flash) = match form.text("what") {
        "begin" => (Deed::Begin, "flash-membership-begun"),
        "change" => (Deed::Change(id), "flash-membership-saved"),
        "end" => (Deed::End(id), "flash-membership-ended"),
        "resume" => (Deed::Resume(id), "flash-membership-resumed"),
        _ => return Err(Error::NotFound),
    };
    let cluster = form.text("cluster").to_owned();
    let done = {
        let (slug, cluster, form) = (slug.clone(), cluster.clone(), form.clone());
        cx.write(move |work, who| commands::act(work, who, (&slug, &cluster), &deed, &form))
            .await
    };
    match done {
        Ok(()) => Ok(redirect(&cx.href(format!(
            "/organisationen/{}/mitgliedschaft?cluster={}&ok={flash}",
            encode(&slug),
            encode(&cluster)
        )))),
        Err(Error::Invalid(errors)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let asked = form.clone();
            show(&cx, status, slug, &asked, form, errors).await
        }
        Err(other) => Err(other),
    }
}
