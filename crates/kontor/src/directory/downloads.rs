//! The list of organisations as a file: what the viewer may see, no more.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kontor_platform::db::Conn;
use kontor_platform::{Error, Result};
use kontor_press::{Cell, Column, Dialect, Kind, Sheet, to_csv, to_xlsx};

use super::model::in_language;
use super::pages::{Asked, audience};
use super::policy::reach;
use super::store;
use crate::accounts::{Cx, Who};

/// Rows of one file at the most; a region has about 4,000.
const ROWS: i64 = 50_000;

pub async fn csv(cx: Cx) -> Result<Response> {
    let bytes = read(&cx, |conn, who, asked| {
        Ok(to_csv(&sheet(conn, who, asked)?, Dialect::default()))
    });
    Ok(file(
        bytes.await?,
        "text/csv; charset=utf-8",
        "organisationen.csv",
    ))
}

pub async fn xlsx(cx: Cx) -> Result<Response> {
    let bytes = read(&cx, |conn, who, asked| {
        to_xlsx(&sheet(conn, who, asked)?).map_err(|e| Error::Broken(Box::new(e)))
    });
    let mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(file(bytes.await?, mime, "organisationen.xlsx"))
}

/// Reads with the filters that the address asks for.
async fn read<F>(cx: &Cx, f: F) -> Result<Vec<u8>>
where
    F: FnOnce(&mut Conn, &Who, &Asked) -> Result<Vec<u8>> + Send + 'static,
{
    let asked = Asked::read(cx);
    cx.read(move |conn, who| f(conn, who, &asked)).await
}

fn sheet(conn: &mut Conn, who: &Who, asked: &Asked) -> Result<Sheet> {
    let speech = who.cx.site.speak(who.cx.lang);
    let filter = asked.filter(&store::clusters(conn, audience(who))?);
    let lines = store::list_organisations(conn, &reach(&who.actor), &filter, ROWS)?;
    let places = store::all_clusters_of(conn)?;
    let column = |key: &str| Column {
        heading: speech.t(key).to_owned(),
        kind: Kind::Text,
    };
    let rows = lines.iter().map(|line| {
        let clusters = places
            .get(&line.id)
            .map(|names| names.join(", "))
            .unwrap_or_default();
        let key = |key: Option<&str>| key.map(|k| speech.t(k).to_owned()).unwrap_or_default();
        vec![
            Cell::Text(line.name.clone()),
            Cell::Text(key(line.helix.map(|h| h.key()))),
            Cell::Text(key(line.size.map(|s| s.key()))),
            Cell::Text(line.city.clone()),
            Cell::Text(clusters),
            Cell::Text(
                in_language(who.cx.lang, &line.summary_de, &line.summary_en)
                    .0
                    .to_owned(),
            ),
            Cell::Text(format!(
                "{}{}",
                who.cx.site.config.public_url,
                speech.href(format!("/organisationen/{}", line.slug))
            )),
        ]
    });
    Ok(Sheet {
        title: speech.t("directory-organisations-title").to_owned(),
        rows: rows.collect(),
        columns: vec![
            column("directory-column-name"),
            column("directory-filter-side"),
            column("directory-filter-size"),
            column("directory-filter-place"),
            column("directory-filter-cluster"),
            column("directory-column-summary"),
            column("directory-column-address"),
        ],
    })
}

fn file(bytes: Vec<u8>, mime: &'static str, name: &str) -> Response {
    let mut answer = bytes.into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-store"),
    );
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    answer
}
