//! The list of organisations as a file: what the viewer may see, no more.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kontor_platform::db::Conn;
use kontor_platform::{Error, Result};
use kontor_press::{Cell, Column, Dialect, Kind, Sheet, to_csv, to_xlsx};

use super::list::store as list;
use super::pages::Asked;
use super::policy::reach;
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
    let clusters = list::named(conn)?;
    let lines = list::lines(
        conn,
        &reach(&who.actor),
        &asked.filter(&clusters),
        who.cx.lang,
        ROWS,
    )?;
    let column = |key: &str| Column {
        heading: speech.t(key).to_owned(),
        kind: Kind::Text,
    };
    let rows = lines.iter().map(|line| {
        let names: Vec<_> = line
            .clusters_among(&clusters)
            .into_iter()
            .map(|c| c.name.clone())
            .collect();
        let key = |key: Option<&str>| key.map(|k| speech.t(k).to_owned()).unwrap_or_default();
        vec![
            Cell::Text(line.name.clone()),
            Cell::Text(key(line.helix.map(|h| h.key()))),
            Cell::Text(key(line.size.map(|s| s.key()))),
            Cell::Text(line.city.clone()),
            Cell::Text(names.join(", ")),
            Cell::Text(line.summary.clone()),
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
