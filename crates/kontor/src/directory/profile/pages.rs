//! Handlers of profiles.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kontor_platform::web::{Form, redirect};
use kontor_platform::{Error, FieldErrors, Result};

use super::commands::{self, Outcome, body};
use super::model::{Field, Values};
use super::{forms, store};
use crate::accounts::meanwhile::Difference;
use crate::accounts::{Cx, Frame};
use crate::directory::commands::permitted;
use crate::directory::logos::{self, Logo};
use crate::directory::policy::Act;

#[derive(Template)]
#[template(path = "directory/profile/views/edit.html")]
struct Edit {
    f: Frame,
    slug: String,
    logo: Option<Logo>,
    /// For whom the asker acts.
    acts_for: String,
    version: i64,
    /// What the form holds.
    v: Values,
    /// What it is compared with.
    base: Values,
    differences: Vec<Difference>,
    is_conflict: bool,
    errors: FieldErrors,
}

impl Edit {
    const SIDES: [(&'static str, &'static str); 5] = [
        ("", "requests-side-open"),
        ("business", "directory-helix-business"),
        ("science", "directory-helix-science"),
        ("policy_admin", "directory-helix-policy-admin"),
        ("civil_society", "directory-helix-civil-society"),
    ];
    const SIZES: [(&'static str, &'static str); 5] = [
        ("", "profile-size-open"),
        ("micro", "directory-size-micro"),
        ("small", "directory-size-small"),
        ("medium", "directory-size-medium"),
        ("large", "directory-size-large"),
    ];
    const VISIBILITIES: [(&'static str, &'static str); 3] = [
        ("public", "directory-visibility-public"),
        ("all_clusters", "directory-visibility-all-clusters"),
        ("cluster", "directory-visibility-cluster"),
    ];

    /// The form's value of a field, by its word.
    fn value(&self, word: &str) -> String {
        Field::parse(word).map_or_else(String::new, |field| self.v.get(field).to_owned())
    }

    /// Every field's word with what the form is compared with.
    fn bases(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let pair = |f: &Field| (f.as_str(), self.base.get(*f));
        Field::ALL.iter().map(pair)
    }
}

/// A typed form on its way back to the browser.
struct Typed {
    values: Values,
    base: Values,
    errors: FieldErrors,
    version: i64,
    is_conflict: bool,
}

pub async fn edit(cx: Cx, Path(slug): Path<String>) -> Result<Response> {
    show(&cx, StatusCode::OK, slug, None).await
}

/// The form again, with the reason why a logo was not taken.
pub async fn without_logo(cx: &Cx, slug: String, reason: &'static str) -> Result<Response> {
    page(
        cx,
        StatusCode::UNPROCESSABLE_ENTITY,
        slug,
        None,
        Some(reason),
    )
    .await
}

async fn show(cx: &Cx, status: StatusCode, slug: String, typed: Option<Typed>) -> Result<Response> {
    page(cx, status, slug, typed, None).await
}

async fn page(
    cx: &Cx,
    status: StatusCode,
    slug: String,
    typed: Option<Typed>,
    without_logo: Option<&'static str>,
) -> Result<Response> {
    cx.page_with(status, move |conn, who| {
        who.signed_in()?;
        let (o, clusters) = permitted(conn, &who.actor, &slug, Act::Edit)?;
        let (version, classes) = store::present(conn, o.id)?;
        let present = Values::of(&o, &classes);
        let acts_for = match body(&who.actor, &o, &clusters) {
            Some(id) if id != o.id.to_string() => store::cluster_name(conn, &id)?,
            _ => o.name.clone(),
        };
        let mut page = Edit {
            f: who.frame_t("profile-title"),
            logo: logos::of(conn, o.id)?,
            slug: o.slug,
            acts_for,
            version,
            v: present.clone(),
            base: present.clone(),
            differences: Vec::new(),
            is_conflict: false,
            errors: FieldErrors::default(),
        };
        if let Some(reason) = without_logo {
            page.errors.add("datei", reason);
        }
        let Some(typed) = typed else {
            return Ok(page);
        };
        page.errors = typed.errors;
        page.is_conflict = typed.is_conflict;
        if typed.is_conflict {
            page.differences = differences(&typed.values, &typed.base, &present);
            page.v = typed.values.onto(&typed.base, &present);
        } else {
            // Still the version that was read: a conflict shows when it is sent.
            page.v = typed.values;
            page.base = typed.base;
            page.version = typed.version;
        }
        Ok(page)
    })
    .await
}

fn differences(typed: &Values, base: &Values, present: &Values) -> Vec<Difference> {
    let difference = |field: Field| Difference {
        key: field.key(),
        before: base.get(field).to_owned(),
        present: present.get(field).to_owned(),
        typed: (typed.get(field) != base.get(field)).then(|| typed.get(field).to_owned()),
    };
    let changed = present.differences(base);
    changed.into_iter().map(difference).collect()
}

pub async fn save(cx: Cx, Path(slug): Path<String>, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let version = form.text("version").parse().unwrap_or(0);
    let values = forms::read(&form, "");
    let done = {
        let (slug, values) = (slug.clone(), values.clone());
        cx.write(move |work, who| commands::save(work, who, &slug, version, &values))
            .await
    };
    let mut typed = Typed {
        values,
        base: forms::read(&form, "base-"),
        errors: FieldErrors::default(),
        version,
        is_conflict: false,
    };
    let home =
        |slug: &str, flash: &str| redirect(&cx.href(format!("/organisationen/{slug}?ok={flash}")));
    match done {
        Ok(Outcome::Saved(slug)) => Ok(home(&slug, "flash-organisation-saved")),
        Ok(Outcome::Unchanged(slug)) => Ok(home(&slug, "flash-organisation-unchanged")),
        Ok(Outcome::Conflict) => {
            typed.is_conflict = true;
            show(&cx, StatusCode::CONFLICT, slug, Some(typed)).await
        }
        Err(Error::Invalid(errors)) => {
            typed.errors = errors;
            show(&cx, StatusCode::UNPROCESSABLE_ENTITY, slug, Some(typed)).await
        }
        Err(other) => Err(other),
    }
}
