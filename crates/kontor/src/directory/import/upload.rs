//! Handlers of uploads: a list is chosen, read and put aside.

use askama::Template;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::http::StatusCode;
use axum::response::Response;
use kontor_platform::sheets::{self, Limits, Table};
use kontor_platform::web::{Form, encode, redirect};
use kontor_platform::{Error, Result, secret};

use super::super::model::Cluster;
use super::choices::Choices;
use super::columns;
use super::commands::{self, Source};
use super::pages::managed;
use super::store;
use crate::accounts::{Cx, Frame};

/// Key of the reason against a list of headings only.
pub const NO_ROWS: &str = "sheets-trouble-no-rows";

#[derive(Template)]
#[template(path = "directory/import/views/choose.html")]
struct Choose {
    f: Frame,
    clusters: Vec<Cluster>,
    chosen: String,
    refused: Option<&'static str>,
}

pub async fn choose(cx: Cx) -> Result<Response> {
    let chosen = cx.fields().text("cluster").to_owned();
    show_choose(&cx, StatusCode::OK, chosen, None).await
}

async fn show_choose(
    cx: &Cx,
    status: StatusCode,
    chosen: String,
    refused: Option<&'static str>,
) -> Result<Response> {
    cx.page_with(status, move |conn, who| {
        Ok(Choose {
            clusters: managed(conn, who)?,
            f: who.frame_t("import-title"),
            chosen,
            refused,
        })
    })
    .await
}

/// What came with the upload.
#[derive(Default)]
struct Upload {
    fields: String,
    name: String,
    bytes: Vec<u8>,
}

async fn receive(parts: Result<Multipart, MultipartRejection>) -> Result<Upload> {
    let refused = |_| Error::Refused("sheets-trouble-too-large");
    let mut parts = parts.map_err(|_| Error::Refused("import-refused-no-file"))?;
    let mut upload = Upload::default();
    while let Some(part) = parts.next_field().await.map_err(refused)? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "datei" {
            upload.name = part.file_name().unwrap_or_default().to_owned();
            upload.bytes = part.bytes().await.map_err(refused)?.to_vec();
        } else {
            let value = part.text().await.map_err(refused)?;
            upload.fields += &format!("{}={}&", encode(&name), encode(&value));
        }
    }
    Ok(upload)
}

pub async fn upload(cx: Cx, parts: Result<Multipart, MultipartRejection>) -> Result<Response> {
    cx.read(|conn, who| managed(conn, who).map(drop)).await?;
    let upload = match receive(parts).await {
        Ok(upload) => upload,
        Err(Error::Refused(key)) => return again(&cx, String::new(), key).await,
        Err(other) => return Err(other),
    };
    let form = Form::parse(&upload.fields);
    let chosen = form.text("cluster").to_owned();
    if let Err(Error::Refused(key)) = cx.check_mark(&form) {
        return again(&cx, chosen, key).await;
    }
    if upload.name.is_empty() && upload.bytes.is_empty() {
        return again(&cx, chosen, "import-refused-no-file").await;
    }
    let (name, hash) = (upload.name.clone(), secret::hash_bytes(&upload.bytes));
    let read = tokio::task::spawn_blocking(move || {
        sheets::read(&upload.bytes, &upload.name, &Limits::default(), None)
    });
    match read.await.map_err(|e| Error::Broken(Box::new(e)))? {
        Err(trouble) => again(&cx, chosen, trouble.text_key()).await,
        // An empty list would read as if every member had left.
        Ok(table) if table.rows.is_empty() => again(&cx, chosen, NO_ROWS).await,
        Ok(table) => stage(&cx, chosen, name, hash, table).await,
    }
}

async fn again(cx: &Cx, chosen: String, key: &'static str) -> Result<Response> {
    show_choose(cx, StatusCode::UNPROCESSABLE_ENTITY, chosen, Some(key)).await
}

async fn stage(
    cx: &Cx,
    slug: String,
    file_name: String,
    file_hash: String,
    table: Table,
) -> Result<Response> {
    let id = cx
        .write(move |work, who| {
            let clusters = managed(work, who)?;
            let cluster = clusters.into_iter().find(|c| c.slug == slug);
            let cluster = cluster.ok_or(Error::NotFound)?;
            let remembered = store::mapping(work, cluster.id)?;
            let source = Source {
                cluster,
                file_name: file_name.clone(),
                file_hash: file_hash.clone(),
                header: table.header.clone(),
                mapping: columns::recognise(&table.header, &remembered),
                staged: None,
                actor: who.actor.account.map(|a| a.to_string()),
                choices: Choices::default(),
            };
            let rows = table.rows.iter().map(|r| (r.line, r.cells.clone()));
            let rows: Vec<_> = rows.collect();
            commands::stage(work, &source, &rows)
        })
        .await?;
    Ok(redirect(&cx.href(format!("/verwaltung/import/{id}"))))
}
