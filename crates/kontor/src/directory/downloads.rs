//! The list of organisations as a file: what the viewer may see, no more.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kontor_platform::db::Conn;
use kontor_platform::text::Speech;
use kontor_platform::web::Site;
use kontor_platform::{Day, Error, Result};
use kontor_press::{Cell, Column, Dialect, Kind, Sheet, to_csv, to_xlsx};

use super::industries::named;
use super::list::store as list;
use super::list::whole::{Whole, whole};
use super::model::{Helix, Size, in_language};
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

/// The columns of the file: key of the heading, what it holds, and the cell of
/// an organisation.
type Columns = Vec<(&'static str, Kind, fn(&Speech, &Site, &Whole) -> Cell)>;

fn text(value: impl Into<String>) -> Cell {
    Cell::Text(value.into())
}

fn word(speech: &Speech, key: Option<&'static str>) -> Cell {
    text(key.map_or("", |key| speech.t(key)))
}

/// What stands in the reader's language, or else in the other one.
fn either(speech: &Speech, (de, en): &(String, String)) -> String {
    in_language(speech.lang, de, en).0.replace('|', ", ")
}

fn day(stored: Option<&str>) -> Cell {
    let Some(day) = stored.and_then(Day::parse) else {
        return Cell::Empty;
    };
    Cell::Day {
        year: day.0.year().unsigned_abs(),
        month: day.0.month().unsigned_abs(),
        day: day.0.day().unsigned_abs(),
    }
}

fn memberships(speech: &Speech, o: &Whole) -> Cell {
    let said = o.members.iter().map(|m| {
        let (kind, since) = (speech.t(m.kind.key()), speech.day(&m.since));
        let since = speech.name("roles-from", since);
        format!("{}: {kind}, {since}", m.cluster)
    });
    text(said.collect::<Vec<_>>().join("; "))
}

fn clusters(o: &Whole) -> Cell {
    let mut names: Vec<&str> = o.members.iter().map(|m| m.cluster.as_str()).collect();
    names.dedup();
    text(names.join(", "))
}

fn external(o: &Whole) -> Cell {
    let marks = o.external.iter();
    let marks = marks.map(|(scheme, value)| format!("{} {value}", scheme.to_uppercase()));
    text(marks.collect::<Vec<_>>().join("; "))
}

fn codes(o: &Whole) -> Cell {
    let codes = named(&o.classes).into_iter().map(|i| i.code);
    text(codes.collect::<Vec<_>>().join(", "))
}

/// The official names of its classes, in German.
fn titles(o: &Whole) -> Cell {
    let titles = named(&o.classes).into_iter().map(|i| i.name());
    let titles = titles.filter(|t| !t.is_empty());
    text(titles.collect::<Vec<_>>().join("; "))
}

/// The columns for whoever takes part, or for the public.
fn columns(takes_part: bool) -> Columns {
    // No public page shows these two.
    let inside = ["import-field-region", "profile-field-visibility"];
    let mut all = every_column();
    all.retain(|(key, ..)| takes_part || !inside.contains(key));
    all
}

fn every_column() -> Columns {
    vec![
        ("directory-column-name", Kind::Text, |_, _, o| text(&o.name)),
        ("directory-filter-side", Kind::Text, |s, _, o| {
            word(s, o.helix.map(Helix::key))
        }),
        ("directory-filter-size", Kind::Text, |s, _, o| {
            word(s, o.size.map(Size::key))
        }),
        ("directory-column-size-as-of", Kind::Day, |_, _, o| {
            day(o.size_as_of.as_deref())
        }),
        ("directory-founded", Kind::Number, |_, _, o| {
            o.founded.map_or(Cell::Empty, |y| Cell::Number(y as f64))
        }),
        ("import-field-street", Kind::Text, |_, _, o| text(&o.street)),
        ("import-field-postcode", Kind::Text, |_, _, o| {
            text(&o.postcode)
        }),
        ("directory-filter-place", Kind::Text, |_, _, o| {
            text(&o.city)
        }),
        ("import-field-region", Kind::Text, |_, _, o| text(&o.region)),
        ("import-field-country", Kind::Text, |_, _, o| {
            text(&o.country)
        }),
        ("import-field-website", Kind::Text, |_, _, o| {
            text(&o.website)
        }),
        ("directory-filter-class", Kind::Text, |_, _, o| codes(o)),
        ("directory-column-class-names", Kind::Text, |_, _, o| {
            titles(o)
        }),
        ("import-field-competences", Kind::Text, |s, _, o| {
            text(either(s, &o.competences))
        }),
        ("directory-filter-cluster", Kind::Text, |_, _, o| {
            clusters(o)
        }),
        (
            "directory-organisation-memberships",
            Kind::Text,
            |s, _, o| memberships(s, o),
        ),
        ("directory-column-external", Kind::Text, |_, _, o| {
            external(o)
        }),
        ("directory-column-summary", Kind::Text, |s, _, o| {
            text(either(s, &o.summary))
        }),
        ("profile-field-visibility", Kind::Text, |s, _, o| {
            text(s.t(o.visibility.key()))
        }),
        ("directory-column-address", Kind::Text, |s, site, o| {
            text(site.link(s.lang, &format!("/organisationen/{}", o.slug)))
        }),
    ]
}

fn sheet(conn: &mut Conn, who: &Who, asked: &Asked) -> Result<Sheet> {
    let site = &who.cx.site;
    let speech = site.speak(who.cx.lang);
    let clusters = list::named(conn)?;
    let found = match asked.unknown(&clusters).is_empty() {
        true => {
            let filter = asked.filter(&clusters);
            whole(conn, &reach(&who.actor), &filter, ROWS)?
        }
        false => Vec::new(),
    };
    let columns = columns(who.actor.takes_part());
    let row = |o: &Whole| {
        columns
            .iter()
            .map(|(_, _, of)| of(&speech, site, o))
            .collect()
    };
    Ok(Sheet {
        title: speech.t("directory-organisations-title").to_owned(),
        rows: found.iter().map(row).collect(),
        columns: columns
            .iter()
            .map(|(key, kind, _)| Column {
                heading: speech.t(key).to_owned(),
                kind: *kind,
            })
            .collect(),
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
