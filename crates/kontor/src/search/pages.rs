//! The search page and what the palette suggests while somebody types.

use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kontor_platform::db::Conn;
use kontor_platform::readers::Hit;
use kontor_platform::text::{Arg, Speech};
use kontor_platform::web::encode;
use kontor_platform::{Error, Result};
use serde::Serialize;

use super::Search;
use super::find::Range;
use super::model::Kind;
use super::question::{LONGEST, Question};
use super::show::{Piece, marked, passage};
use crate::accounts::{Cx, Frame, Who};

/// Hits of each kind while all are shown, of one kind on a page, and the last
/// page: who has not found it by then asks otherwise.
const FEW: usize = 8;
const MANY: usize = 20;
const LAST_PAGE: usize = 10;
/// Suggestions of each kind.
const SUGGESTED: usize = 5;

/// What the address asks for.
struct Asked {
    text: String,
    question: Question,
    /// Only this kind.
    kind: Option<&'static Kind>,
    /// From 1.
    page: usize,
}

impl Asked {
    fn read(cx: &Cx, search: &Search) -> Asked {
        let form = cx.fields();
        let text: String = form.text("q").chars().take(LONGEST).collect();
        let page = form.text("blatt").parse().unwrap_or(1);
        Asked {
            question: Question::read(&text),
            kind: kinds(search).find(|k| k.name == form.text("art")),
            page: usize::clamp(page, 1, LAST_PAGE),
            text,
        }
    }

    fn address(&self, kind: &str, page: usize) -> String {
        let mut address = format!("/suche?q={}", encode(&self.text));
        if !kind.is_empty() {
            address.push_str(&format!("&art={kind}"));
        }
        if page > 1 {
            address.push_str(&format!("&blatt={page}"));
        }
        address
    }
}

fn kinds(search: &Search) -> impl Iterator<Item = &'static Kind> + use<> {
    search.sources().iter().flat_map(|s| s.kinds)
}

fn search_of(cx: &Cx) -> Result<Search> {
    let search = cx.site.kept.get::<Search>().cloned();
    search.ok_or_else(|| Error::broken("the site was put together without a search"))
}

/// Hits of one kind, as the asker may see them.
struct Answer {
    kind: &'static Kind,
    total: usize,
    hits: Vec<Hit>,
}

struct Answers {
    groups: Vec<Answer>,
    is_near: bool,
}

impl Answers {
    fn total(&self) -> usize {
        self.groups.iter().map(|g| g.total).sum()
    }
}

/// Asks the index, and then the tables whether what was found may still be
/// seen: what is gone or hidden by now is neither shown nor counted. None
/// while there is no index.
fn answers(
    conn: &mut Conn,
    who: &Who,
    search: &Search,
    question: &Question,
    ranges: &[Range],
) -> Result<Option<Answers>> {
    let mut words: Vec<String> = Vec::new();
    for source in search.sources() {
        words.extend((source.words)(&who.actor));
    }
    let Some(found) = search.find(question, &words, ranges) else {
        return Ok(None);
    };
    let mut shown = Vec::new();
    for source in search.sources() {
        let of_source = |kind: &str| source.kinds.iter().any(|k| k.name == kind);
        let groups = found.groups.iter().filter(|g| of_source(g.kind));
        let wanted: Vec<(&str, &str)> = groups
            .flat_map(|g| g.ids.iter().map(|id| (g.kind, id.as_str())))
            .collect();
        if !wanted.is_empty() {
            shown.extend((source.hits)(conn, who, &wanted)?);
        }
    }
    let group = |g: super::find::Group| {
        let mut hits = Vec::new();
        for id in &g.ids {
            if let Some(at) = shown.iter().position(|h| h.kind == g.kind && h.id == *id) {
                hits.push(shown.swap_remove(at));
            }
        }
        let kind = kinds(search).find(|k| k.name == g.kind)?;
        let total = g.total - (g.ids.len() - hits.len());
        Some(Answer { kind, total, hits })
    };
    Ok(Some(Answers {
        groups: found.groups.into_iter().filter_map(group).collect(),
        is_near: found.is_near,
    }))
}

/// One hit on the page.
struct Row {
    path: String,
    title: Vec<Piece>,
    text: Vec<Piece>,
    lang: Option<&'static str>,
    facts: Vec<(&'static str, String)>,
    marks: Vec<(String, String)>,
}

/// One kind on the page.
struct Group {
    kind: &'static Kind,
    total: i64,
    rows: Vec<Row>,
    /// Whether there is more than these rows.
    more: bool,
}

#[derive(Template)]
#[template(path = "search/views/search.html")]
struct Page {
    f: Frame,
    asked: Asked,
    /// None while the index is being made.
    groups: Option<Vec<Group>>,
    is_near: bool,
    total: i64,
    /// Number of pages of the chosen kind.
    pages: usize,
}

impl Page {
    /// Groups to be listed: of the chosen kind, else those with hits.
    fn listed(&self) -> impl Iterator<Item = &Group> {
        let groups = self.groups.iter().flatten();
        groups
            .filter(|g| !g.rows.is_empty() && self.asked.kind.is_none_or(|k| k.name == g.kind.name))
    }

    /// How many hits there are, in words.
    fn hits(&self) -> String {
        let (count, name) = (Arg::Count(self.total), Arg::Text(&self.asked.text));
        self.f
            .with("search-hits", &[("count", count), ("name", name)])
    }

    /// Which page this is, in words.
    fn page_of(&self) -> String {
        let (page, pages) = (
            Arg::Count(count(self.asked.page)),
            Arg::Count(count(self.pages)),
        );
        self.f
            .with("search-page-of", &[("page", page), ("count", pages)])
    }

    fn is_of(&self, kind: &Kind) -> bool {
        self.asked.kind.is_some_and(|k| k.name == kind.name)
    }

    /// Whether hits lie behind the last page.
    fn is_cut(&self) -> bool {
        let chosen = self.groups.iter().flatten().find(|g| self.is_of(g.kind));
        chosen.is_some_and(|g| g.total > count(LAST_PAGE * MANY)) && self.asked.page == LAST_PAGE
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn row(hit: Hit, question: &Question, speech: &Speech) -> Row {
    let (lang, text) =
        passage(question, &hit.texts, speech.lang).unwrap_or((speech.lang, Vec::new()));
    Row {
        title: marked(question, &hit.title),
        lang: (lang != speech.lang).then(|| lang.tag()),
        text,
        path: hit.path,
        facts: hit.facts,
        marks: hit.marks,
    }
}

/// The answers to a page; every kind is asked for, because the tabs tell the
/// numbers.
fn paged(conn: &mut Conn, who: &Who, search: &Search, asked: &Asked) -> Result<Option<Answers>> {
    let range = |k: &'static Kind| Range {
        kind: k.name,
        from: asked.kind.map_or(0, |_| (asked.page - 1) * MANY),
        many: match asked.kind {
            None => FEW,
            Some(chosen) if chosen.name == k.name => MANY,
            Some(_) => 0,
        },
    };
    let ranges: Vec<Range> = kinds(search).map(range).collect();
    answers(conn, who, search, &asked.question, &ranges)
}

/// Number of pages of the chosen kind.
fn pages(answers: Option<&Answers>, asked: &Asked) -> usize {
    let mut groups = answers.iter().flat_map(|a| &a.groups);
    let chosen = groups.find(|a| asked.kind.is_some_and(|k| k.name == a.kind.name));
    chosen.map_or(0, |a| a.total.div_ceil(MANY).min(LAST_PAGE))
}

pub async fn search(cx: Cx) -> Result<Response> {
    let search = search_of(&cx)?;
    let mut asked = Asked::read(&cx, &search);
    asked.question = asked.question.settled();
    cx.page(move |conn, who| {
        let mut answers = paged(conn, who, &search, &asked)?;
        let pages = pages(answers.as_ref(), &asked);
        if asked.page > pages.max(1) {
            asked.page = pages.max(1);
            answers = paged(conn, who, &search, &asked)?;
        }
        let f = if asked.text.is_empty() {
            who.frame_t("search-title")
        } else {
            let speech = who.cx.site.speak(who.cx.lang);
            who.frame(speech.name("search-title-of", &asked.text))
        };
        let total = answers.as_ref().map_or(0, |a| count(a.total()));
        let is_near = answers.as_ref().is_some_and(|a| a.is_near);
        let group = |a: Answer| Group {
            more: a.total > a.hits.len(),
            kind: a.kind,
            total: count(a.total),
            rows: a
                .hits
                .into_iter()
                .map(|h| row(h, &asked.question, &f))
                .collect(),
        };
        let groups = answers.map(|a| a.groups.into_iter().map(group).collect());
        Ok(Page {
            pages,
            f,
            groups,
            is_near,
            total,
            asked,
        })
    })
    .await
}

/// What the palette shows: see the head of kontor.js.
#[derive(Serialize, Default)]
struct Suggestions {
    groups: Vec<SuggestedGroup>,
}

#[derive(Serialize)]
struct SuggestedGroup {
    title: String,
    items: Vec<Suggested>,
}

#[derive(Serialize)]
struct Suggested {
    title: String,
    hint: String,
    href: String,
    /// The address of its icon.
    icon: String,
    /// Signs and names of what it belongs to.
    marks: Vec<(String, String)>,
}

pub async fn suggestions(cx: Cx) -> Result<Response> {
    let search = search_of(&cx)?;
    let asked = Asked::read(&cx, &search);
    let found = cx.read(move |conn, who| {
        let range = |k: &'static Kind| Range {
            kind: k.name,
            from: 0,
            many: SUGGESTED,
        };
        let ranges: Vec<Range> = kinds(&search).map(range).collect();
        let answers = answers(conn, who, &search, &asked.question, &ranges)?;
        Ok(answers.map_or_else(Suggestions::default, |a| suggested(who, &asked, a)))
    });
    let body = serde_json::to_vec(&found.await?)?;
    let mut answer = body.into_response();
    let headers = answer.headers_mut();
    let json = HeaderValue::from_static("application/json");
    headers.insert(header::CONTENT_TYPE, json);
    let kept = HeaderValue::from_static("private, no-store");
    headers.insert(header::CACHE_CONTROL, kept);
    Ok(answer)
}

fn suggested(who: &Who, asked: &Asked, answers: Answers) -> Suggestions {
    let cx = &who.cx;
    let speech = cx.site.speak(cx.lang);
    let icon = |name: &str| format!("{}#i-{name}", cx.site.assets.address("icons.svg"));
    let total = count(answers.total());
    let mut groups = Vec::new();
    for answer in answers.groups.into_iter().filter(|a| !a.hits.is_empty()) {
        let item = |hit: Hit| {
            let pieces = passage(&asked.question, &hit.texts, speech.lang);
            let hint = pieces.map(|(_, p)| p.into_iter().map(|p| p.text).collect());
            Suggested {
                hint: hint.unwrap_or_default(),
                href: cx.href(&hit.path),
                icon: icon(answer.kind.icon),
                title: hit.title,
                marks: hit.marks,
            }
        };
        groups.push(SuggestedGroup {
            title: speech.t(answer.kind.title).to_owned(),
            items: answer.hits.into_iter().map(item).collect(),
        });
    }
    if !groups.is_empty() {
        let args = [
            ("count", Arg::Count(total)),
            ("name", Arg::Text(&asked.text)),
        ];
        groups.push(SuggestedGroup {
            title: speech.t("search-title").to_owned(),
            items: vec![Suggested {
                title: speech.with("search-palette-all", &args),
                hint: String::new(),
                href: cx.href(asked.address("", 1)),
                icon: icon("search"),
                marks: Vec::new(),
            }],
        });
    }
    Suggestions { groups }
}
