//! The page of a list that is being worked on, and stopping it.

use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use kontor_platform::web::{Form, redirect};
use kontor_platform::{Error, Id, Result};

use super::super::model::Import;
use super::super::pages::own_import;
use super::super::progress::{At, Step};
use crate::accounts::{Cx, Frame};

/// Seconds after which the page asks again.
const AGAIN_S: &str = "3";

#[derive(Template)]
#[template(path = "directory/import/views/running.html")]
struct Running {
    f: Frame,
    import: Import,
    cluster: String,
    /// None: it was stopped.
    at: Option<At>,
    /// Whether the page loads itself anew.
    is_live: bool,
}

impl Running {
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
    let is_live = at.is_some() && cx.fields().text("still") != "1";
    let mut page = cx
        .page(move |conn, who| {
            let (import, cluster) = own_import(conn, who, id)?;
            Ok(Running {
                f: who.frame_t("import-title"),
                import,
                cluster: cluster.name,
                at,
                is_live,
            })
        })
        .await?;
    if is_live {
        let again = HeaderValue::from_static(AGAIN_S);
        page.headers_mut().insert(header::REFRESH, again);
    }
    Ok(page)
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
    super::begin(&cx, id, None, None);
    Ok(redirect(&cx.href(format!("/verwaltung/import/{id}"))))
}
