//! The button that takes a whole import back.

use axum::extract::Path;
use axum::response::Response;
use kontor_platform::web::{Form, redirect};
use kontor_platform::{Error, FieldErrors, Id, Result};

use super::super::model::{Import, ImportState};
use super::super::pages::{own_import, shown_again, standing};
use super::super::runs::{self, Aim, Standing};
use crate::accounts::Cx;

pub async fn take_back(cx: Cx, Path(id): Path<String>, form: Form) -> Result<Response> {
    let id: Id<Import> = id.parse()?;
    let is_sure = form.ticked("sure");
    let done = async {
        cx.check_mark(&form)?;
        // What can be said at once is said at once.
        let import = cx
            .read(move |conn, who| {
                let (import, _) = own_import(conn, who, id)?;
                super::may_go(conn, &import)?;
                Ok(import)
            })
            .await?;
        if !is_sure {
            return Err(invalid("sure", "import-error-undo-sure"));
        }
        match usize::try_from(import.counts.lines()) {
            Ok(lines) if lines > runs::LARGE => take_back_long(&cx, id).await,
            _ => take_back_short(&cx, id).await,
        }
    };
    shown_again(&cx, id, done.await).await
}

fn invalid(field: &'static str, key: &'static str) -> Error {
    let mut errors = FieldErrors::default();
    errors.add(field, key);
    Error::Invalid(errors)
}

async fn take_back_short(cx: &Cx, id: Id<Import>) -> Result<Response> {
    cx.write(move |work, who| {
        let (_, cluster) = own_import(work, who, id)?;
        work.acts_for(Some(cluster.id.to_string()));
        super::undo(work, id)
    })
    .await?;
    let to = format!("/verwaltung/import/{id}?ok=flash-import-undone");
    Ok(redirect(&cx.href(to)))
}

/// Begins to take a long list back beside the request, unless that is under way.
async fn take_back_long(cx: &Cx, id: Id<Import>) -> Result<Response> {
    let page = redirect(&cx.href(format!("/verwaltung/import/{id}")));
    if let Standing::TakingBack(_) = standing(cx, id).await?.0 {
        return Ok(page);
    }
    let now = cx.now;
    cx.write(move |work, who| {
        if own_import(work, who, id)?.0.state != ImportState::Applied {
            return Err(Error::Refused("import-refused-not-applied"));
        }
        runs::store::begin(work, id, now)
    })
    .await?;
    runs::begin(cx, id, Aim::TakeBack, None);
    Ok(page)
}
