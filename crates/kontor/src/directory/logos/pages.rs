//! Handlers of logos.

use axum::body::Bytes;
use axum::extract::Path;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kontor_platform::web::answer::{not_modified, unchanged};
use kontor_platform::web::{Form, encode, redirect};
use kontor_platform::{Error, Result, secret};

use super::model::Logo;
use super::picture::{MOST_BYTES, Picture, draw};
use super::{commands, store};
use crate::accounts::Cx;
use crate::directory::commands::permitted;
use crate::directory::model::Visibility;
use crate::directory::policy::Act;
use crate::directory::profile;

/// The logo with this hash. Whoever may not see the organisation, or asks for a
/// former logo, finds nothing.
pub async fn picture(cx: Cx, Path((slug, hash)): Path<(String, String)>) -> Result<Response> {
    let asked = hash.clone();
    let (content, is_public) = cx
        .read(move |conn, who| {
            let (o, _) = permitted(conn, &who.actor, &slug, Act::See)?;
            let content = store::content(conn, o.id, &asked)?.ok_or(Error::NotFound)?;
            Ok((content, o.visibility == Visibility::Public))
        })
        .await?;
    let tag = format!("\"{hash}\"");
    let mut answer = match unchanged(&cx.headers, &tag) {
        true => not_modified(&tag),
        false => {
            let bytes = STANDARD.decode(content);
            let bytes = bytes.map_err(|e| Error::Broken(Box::new(e)))?;
            let mut answer = bytes.into_response();
            let kind = HeaderValue::from_static("image/png");
            answer.headers_mut().insert(header::CONTENT_TYPE, kind);
            answer
        }
    };
    let headers = answer.headers_mut();
    // What not everybody may see is asked for each time: who may can change.
    let keep = match is_public {
        true => "public, max-age=31536000, immutable",
        false => "private, no-cache",
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    if let Ok(value) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, value);
    }
    Ok(answer)
}

/// What came with the upload.
#[derive(Default)]
struct Upload {
    fields: String,
    bytes: Bytes,
}

async fn receive(parts: Result<Multipart, MultipartRejection>) -> Result<Upload> {
    let refused = |_| Error::Refused("logo-trouble-bytes");
    let mut parts = parts.map_err(|_| Error::Refused("logo-trouble-none"))?;
    let mut upload = Upload::default();
    while let Some(part) = parts.next_field().await.map_err(refused)? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "datei" {
            upload.bytes = part.bytes().await.map_err(refused)?;
        } else {
            let value = part.text().await.map_err(refused)?;
            upload.fields += &format!("{}={}&", encode(&name), encode(&value));
        }
    }
    match upload.bytes.len() {
        0 => Err(Error::Refused("logo-trouble-none")),
        n if n > MOST_BYTES => Err(Error::Refused("logo-trouble-bytes")),
        _ => Ok(upload),
    }
}

/// The picture of an upload, drawn on a thread of its own.
async fn drawn(cx: &Cx, parts: Result<Multipart, MultipartRejection>) -> Result<Picture> {
    let upload = receive(parts).await?;
    cx.check_mark(&Form::parse(&upload.fields))?;
    let drawn = tokio::task::spawn_blocking(move || draw(&upload.bytes)).await;
    drawn
        .map_err(|e| Error::Broken(Box::new(e)))?
        .map_err(Error::Refused)
}

pub async fn upload(
    cx: Cx,
    Path(slug): Path<String>,
    parts: Result<Multipart, MultipartRejection>,
) -> Result<Response> {
    let asked = slug.clone();
    cx.read(move |conn, who| {
        who.signed_in()?;
        permitted(conn, &who.actor, &asked, Act::Edit).map(drop)
    })
    .await?;
    let picture = match drawn(&cx, parts).await {
        Ok(picture) => picture,
        Err(Error::Refused(key)) => return profile::without_logo(&cx, slug, key).await,
        Err(other) => return Err(other),
    };
    let logo = Logo {
        hash: secret::hash_bytes(&picture.png),
        width: picture.width.into(),
        height: picture.height.into(),
    };
    let content = STANDARD.encode(&picture.png);
    let of = slug.clone();
    cx.write(move |work, who| commands::set(work, who, &of, &logo, &content))
        .await?;
    Ok(back(&cx, &slug, "flash-logo-set"))
}

pub async fn remove(cx: Cx, Path(slug): Path<String>, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let of = slug.clone();
    cx.write(move |work, who| commands::remove(work, who, &of))
        .await?;
    Ok(back(&cx, &slug, "flash-logo-removed"))
}

fn back(cx: &Cx, slug: &str, flash: &str) -> Response {
    redirect(&cx.href(format!("/organisationen/{slug}/bearbeiten?ok={flash}")))
}
