//! The page of a list that is being worked on, and stopping it.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kontor_platform::web::{Form, redirect};
use kontor_platform::{Error, Id, Result};

use super::super::model::Import;
use super::super::pages::own_import;
use super::super::progress::{At, Step};
use crate::accounts::{Cx, Frame};

#[derive(Template)]
#[template(path = "directory/import/views/running.html")]
struct Running {
    f: Frame,
    import: Import,
    cluster: String,
    /// None: it was stopped.
    at: Option<At>,
    /// Whether it is being taken back.
    is_undo: bool,
    /// Whether the page loads itself anew.
    is_live: bool,
}

impl Running {
    /// The steps in their order, with the keys of their names.
    fn steps(&self) -> Vec<(Step, &'static str)> {
        match self.is_undo {
            true => vec![
                (Step::Reading, "import-step-checking"),
                (Step::Writing, "import-step-undoing"),
            ],
            false => Step::ALL.iter().map(|step| (*step, step.key())).collect(),
        }
    }

    fn path(&self, act: &str) -> String {
        self.f
            .href(format!("/verwaltung/import/{}{act}", self.import.id))
    }

    fn number(&self, n: &usize) -> String {
        self.f.number(i64::try_from(*n).unwrap_or(i64::MAX))
    }
}

/// Where a list stands; none: that it was stopped.
pub async fn progress(cx: &Cx, id: Id<Import>, at: Option<At>) -> Result<Response> {
    running(cx, id, at, false).await
}

/// How far a list is taken back.
pub async fn taking_back(cx: &Cx, id: Id<Import>, at: At) -> Result<Response> {
    running(cx, id, Some(at), true).await
}

async fn running(cx: &Cx, id: Id<Import>, at: Option<At>, is_undo: bool) -> Result<Response> {
    let is_live = at.is_some() && cx.fields().text("still") != "1";
    cx.page(move |conn, who| {
        let (import, cluster) = own_import(conn, who, id)?;
        Ok(Running {
            f: who.frame_t("import-title"),
            import,
            cluster: cluster.name,
            at,
            is_undo,
            is_live,
        })
    })
    .await
}

pub async fn stop(cx: Cx, Path(id): Path<String>, form: Form) -> Result<Response> {
    let id: Id<Import> = id.parse()?;
    cx.read(move |conn, who| own_import(conn, who, id).map(drop))
        .await?;
    cx.check_mark(&form)?;
    let ok = match super::stop(&cx, id).await? {
        true => "?ok=flash-import-stopped",
        false => "",
    };
    Ok(redirect(&cx.href(format!("/verwaltung/import/{id}{ok}"))))
}

/// Matches a stopped list again.
pub async fn again(cx: Cx, Path(id): Path<String>, form: Form) -> Result<Response> {
    let id: Id<Import> = id.parse()?;
    let (import, _) = cx.read(move |conn, who| own_import(conn, who, id)).await?;
    cx.check_mark(&form)?;
    if import.state != super::ImportState::Staged {
        return Err(Error::Refused("import-refused-not-staged"));
    }
    super::begin(&cx, id, super::Aim::Look, None);
    Ok(redirect(&cx.href(format!("/verwaltung/import/{id}"))))
}
