//! Handlers of keeping clusters.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kontor_platform::db::Conn;
use kontor_platform::web::{Form, redirect};
use kontor_platform::{Error, FieldErrors, Result};

use super::commands;
use super::forms::ClusterForm;
use crate::accounts::meanwhile::{Difference, Met, bases, meet};
use crate::accounts::{Cx, Frame, RoleKind, Who};
use crate::directory::figures::Audience;
use crate::directory::model::Cluster;
use crate::directory::store::{Counted, clusters, find_cluster};

#[derive(Template)]
#[template(path = "directory/manage/views/list.html")]
struct List {
    f: Frame,
    clusters: Vec<Counted>,
}

/// Clusters that the asker keeps: all of them, or those they lead.
fn kept(conn: &mut Conn, who: &Who) -> Result<Vec<Counted>> {
    who.signed_in()?;
    let admin = who.actor.is(RoleKind::Admin);
    let mut all = clusters(conn, &Audience::of(&who.actor))?;
    all.retain(|c| admin || who.actor.manages(&c.cluster.id.to_string()));
    if all.is_empty() && !admin {
        return Err(Error::NotFound);
    }
    Ok(all)
}

/// One of them; to anybody else the page does not exist.
fn one(conn: &mut Conn, who: &Who, slug: &str) -> Result<Cluster> {
    who.signed_in()?;
    let cluster = find_cluster(conn, slug)?;
    let may = who.actor.is(RoleKind::Admin) || who.actor.manages(&cluster.id.to_string());
    if may {
        Ok(cluster)
    } else {
        Err(Error::NotFound)
    }
}

pub async fn list(cx: Cx) -> Result<Response> {
    cx.page(|conn, who| {
        Ok(List {
            clusters: kept(conn, who)?,
            f: who.frame_t("manage-list-title"),
        })
    })
    .await
}

#[derive(Template)]
#[template(path = "directory/manage/views/cluster.html")]
struct ClusterPage {
    f: Frame,
    /// The present address; none while it is being founded.
    slug: Option<String>,
    form: ClusterForm,
    /// What the form showed, field by field; nothing while it is being founded.
    bases: Vec<(String, String)>,
    /// What somebody else has changed meanwhile.
    differences: Vec<Difference>,
    errors: FieldErrors,
}

impl ClusterPage {
    const VISIBILITIES: [(&'static str, &'static str); 3] = [
        ("public", "directory-visibility-public"),
        ("all_clusters", "directory-visibility-all-clusters"),
        ("cluster", "directory-visibility-cluster"),
    ];

    fn action(&self) -> String {
        match &self.slug {
            Some(slug) => format!("/verwaltung/cluster/{slug}"),
            None => "/verwaltung/cluster/neu".to_owned(),
        }
    }
}

pub async fn new(cx: Cx) -> Result<Response> {
    let form = ClusterForm {
        visibility: "public".into(),
        ..ClusterForm::default()
    };
    show_new(&cx, StatusCode::OK, form, FieldErrors::default()).await
}

async fn show_new(
    cx: &Cx,
    status: StatusCode,
    form: ClusterForm,
    errors: FieldErrors,
) -> Result<Response> {
    cx.page_with(status, move |_, who| {
        who.administers()?;
        Ok(ClusterPage {
            f: who.frame_t("manage-new-title"),
            slug: None,
            form,
            bases: Vec::new(),
            differences: Vec::new(),
            errors,
        })
    })
    .await
}

pub async fn create(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let typed = ClusterForm::read(&form);
    let done = {
        let typed = typed.clone();
        cx.write(move |work, who| {
            who.administers()?;
            commands::found(work, &who.actor, &typed)
        })
        .await
    };
    match done {
        Ok(_) => Ok(redirect(&cx.href("/verwaltung?ok=flash-cluster-founded"))),
        Err(Error::Invalid(errors)) => {
            show_new(&cx, StatusCode::UNPROCESSABLE_ENTITY, typed, errors).await
        }
        Err(other) => Err(other),
    }
}

/// A form on its way back to the browser.
enum Back {
    /// With what is wrong; it goes on carrying what it showed.
    Wrong(Form, FieldErrors),
    /// Laid onto what somebody else has saved meanwhile.
    Met(Met),
}

pub async fn edit(cx: Cx, Path(slug): Path<String>) -> Result<Response> {
    show_edit(&cx, StatusCode::OK, slug, None).await
}

async fn show_edit(
    cx: &Cx,
    status: StatusCode,
    slug: String,
    back: Option<Back>,
) -> Result<Response> {
    cx.page_with(status, move |conn, who| {
        let cluster = one(conn, who, &slug)?;
        let present = ClusterForm::of(&cluster).present();
        let mut page = ClusterPage {
            f: who.frame(cluster.name.clone()),
            bases: bases(&Form::default(), &present),
            form: ClusterForm::of(&cluster),
            slug: Some(cluster.slug),
            differences: Vec::new(),
            errors: FieldErrors::default(),
        };
        match back {
            None => {}
            Some(Back::Wrong(typed, errors)) => {
                page.form = ClusterForm::read(&typed);
                page.bases = bases(&typed, &present);
                page.errors = errors;
            }
            Some(Back::Met(met)) => {
                page.form = ClusterForm::read(&met.form);
                page.differences = met.differences;
            }
        }
        Ok(page)
    })
    .await
}

pub async fn save(cx: Cx, Path(slug): Path<String>, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let done = {
        let (form, slug) = (form.clone(), slug.clone());
        cx.write(move |work, who| {
            let cluster = one(work, who, &slug)?;
            let met = meet(&form, &ClusterForm::of(&cluster).present());
            if met.is_conflict {
                return Ok(Err(met));
            }
            commands::change(work, &cluster, &ClusterForm::read(&met.form)).map(Ok)
        })
        .await
    };
    match done {
        Ok(Ok(slug)) => Ok(redirect(
            &cx.href(format!("/cluster/{slug}?ok=flash-cluster-saved")),
        )),
        Ok(Err(met)) => show_edit(&cx, StatusCode::CONFLICT, slug, Some(Back::Met(met))).await,
        Err(Error::Invalid(errors)) => {
            let back = Back::Wrong(form, errors);
            show_edit(&cx, StatusCode::UNPROCESSABLE_ENTITY, slug, Some(back)).await
        }
        Err(other) => Err(other),
    }
}
