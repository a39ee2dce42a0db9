//! Handlers of the directory's public face.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kontor_platform::db::Conn;
use kontor_platform::policy::Governed;
use kontor_platform::text::Lang;
use kontor_platform::web::redirect;
use kontor_platform::{Error, Result};

use super::addresses::leads_to;
use super::figures;
use super::model::{
    Cluster, Helix, HelixCounts, Organisation, OrganisationFilter, Size, Visibility, in_language,
    sort_key,
};
use super::people::{Contact, leading, of_organisation};
use super::policy::{Act, Placed, may_trace_cluster, reach};
use super::store::{self, Counted, Line, Membership};
use crate::accounts::{Cx, Frame, Who};

/// Rows on one page of a list.
const PAGE: usize = 50;

/// A cluster as a tile: its words in the page's language.
pub struct Tile {
    pub slug: String,
    pub code: String,
    pub name: String,
    pub purpose: String,
    pub lang: &'static str,
    pub counts: HelixCounts,
}

/// Tiles of all clusters, with the figures that the asker may know.
pub fn cluster_grid(conn: &mut Conn, who: &Who) -> Result<Vec<Tile>> {
    let clusters = store::clusters(conn, audience(who))?;
    Ok(clusters.into_iter().map(|c| tile(who, c)).collect())
}

fn tile(who: &Who, counted: Counted) -> Tile {
    let Counted { cluster: c, counts } = counted;
    let (purpose, lang) = in_language(who.cx.lang, &c.purpose_de, &c.purpose_en);
    Tile {
        purpose: purpose.to_owned(),
        lang: lang.tag(),
        slug: c.slug,
        code: c.code,
        name: c.name,
        counts,
    }
}

/// Which figures the asker may know.
pub(super) fn audience(who: &Who) -> &'static str {
    if who.actor.takes_part() {
        "all_clusters"
    } else {
        "public"
    }
}

#[derive(Template)]
#[template(path = "directory/views/clusters.html")]
struct Clusters {
    f: Frame,
    tiles: Vec<Tile>,
    region: HelixCounts,
}

pub async fn clusters(cx: Cx) -> Result<Response> {
    cx.public_page(&["directory"], |conn, who| {
        Ok(Clusters {
            f: who.frame_t("directory-clusters-title"),
            tiles: cluster_grid(conn, who)?,
            region: figures::figures(conn, "region", audience(who))?,
        })
    })
    .await
}

#[derive(Template)]
#[template(path = "directory/views/cluster.html")]
struct ClusterPage {
    f: Frame,
    cluster: Cluster,
    counts: HelixCounts,
    rows: Vec<Row>,
    more: bool,
    may_edit: bool,
    may_trace: bool,
    /// Who leads it, as far as the asker may see them.
    list: Vec<Contact>,
}

impl ClusterPage {
    fn words<'a>(&self, de: &'a str, en: &'a str) -> &'a str {
        in_language(self.f.lang, de, en).0
    }
}

pub async fn cluster(cx: Cx, Path(slug): Path<String>) -> Result<Response> {
    let asked = slug.clone();
    let found = cx
        .public_page(&["directory"], move |conn, who| {
            let Counted { cluster, counts } = store::find_cluster(conn, &slug, audience(who))?;
            let filter = OrganisationFilter {
                cluster: Some(cluster.id),
                ..Default::default()
            };
            let (rows, next) = list(conn, who, &filter, 12)?;
            let people = leading(conn, &who.actor, cluster.id)?;
            if !people.is_empty() {
                who.keep_out_of_cache();
            }
            let f = who.frame(cluster.name.clone());
            Ok(ClusterPage {
                list: people,
                may_trace: may_trace_cluster(&who.actor, &cluster.id.to_string()),
                may_edit: f.administers || who.actor.manages(&cluster.id.to_string()),
                f,
                cluster,
                counts,
                rows,
                more: next.is_some(),
            })
        })
        .await;
    or_moved(&cx, found, "cluster", asked).await
}

/// The page found, or the present address behind a former one.
async fn or_moved(
    cx: &Cx,
    found: Result<Response>,
    kind: &'static str,
    slug: String,
) -> Result<Response> {
    if !matches!(found, Err(Error::NotFound)) {
        return found;
    }
    let to = cx.read(move |conn, _| leads_to(conn, kind, &slug)).await?;
    let to = to.ok_or(Error::NotFound)?;
    let area = if kind == "cluster" {
        "cluster"
    } else {
        "organisationen"
    };
    Ok(redirect(&cx.href(format!("/{area}/{to}"))))
}

/// A row of a list of organisations, in the page's language.
struct Row {
    slug: String,
    name: String,
    summary: String,
    lang: Option<&'static str>,
    city: String,
    helix: Option<Helix>,
    size: Option<Size>,
    clusters: Vec<(String, String)>,
}

/// One page of rows, and where the next one begins.
fn list(
    conn: &mut Conn,
    who: &Who,
    filter: &OrganisationFilter,
    size: usize,
) -> Result<(Vec<Row>, Option<String>)> {
    let limit = i64::try_from(size).unwrap_or(i64::MAX - 1) + 1;
    let mut lines = store::list_organisations(conn, &reach(&who.actor), filter, limit)?;
    let more = lines.len() > size;
    lines.truncate(size);
    let next = lines
        .last()
        .filter(|_| more)
        .map(|l| format!("{}~{}", l.sort_key, l.id));
    let places = store::clusters_of(conn, &lines)?;
    let row = |line: Line| {
        let (summary, lang) = in_language(who.cx.lang, &line.summary_de, &line.summary_en);
        let of = places.iter().filter(|(id, _, _)| *id == line.id);
        Row {
            clusters: of
                .map(|(_, code, name)| (code.clone(), name.clone()))
                .collect(),
            summary: summary.to_owned(),
            lang: (lang != who.cx.lang).then(|| lang.tag()),
            slug: line.slug,
            name: line.name,
            city: line.city,
            helix: line.helix,
            size: line.size,
        }
    };
    Ok((lines.into_iter().map(row).collect(), next))
}

#[derive(Template)]
#[template(path = "directory/views/organisations.html")]
struct Organisations {
    f: Frame,
    rows: Vec<Row>,
    clusters: Vec<(String, String)>,
    asked: Asked,
    counts: Option<HelixCounts>,
    next: Option<String>,
}

/// The filters as they were asked for, to be shown again.
#[derive(Clone, Default)]
pub(super) struct Asked {
    cluster: String,
    side: String,
    size: String,
    place: String,
    class: String,
    competence: String,
    after: String,
}

impl Asked {
    pub(super) fn read(cx: &Cx) -> Asked {
        let form = cx.fields();
        let text = |name: &str| form.text(name).chars().take(80).collect::<String>();
        Asked {
            cluster: text("cluster"),
            side: text("seite"),
            size: text("groesse"),
            place: text("ort"),
            class: text("wz"),
            competence: text("kompetenz"),
            after: form.text("nach").chars().take(400).collect(),
        }
    }

    /// Whether any filter is set.
    fn any(&self) -> bool {
        [
            &self.cluster,
            &self.side,
            &self.size,
            &self.place,
            &self.class,
            &self.competence,
        ]
        .iter()
        .any(|v| !v.is_empty())
    }

    /// The same list from another place on.
    fn address(&self, after: &str) -> String {
        self.at("/organisationen", after)
    }

    /// The same selection as a file.
    fn file(&self, end: &str) -> String {
        self.at(&format!("/organisationen.{end}"), "")
    }

    fn at(&self, path: &str, after: &str) -> String {
        let pairs = [
            ("cluster", self.cluster.as_str()),
            ("seite", &self.side),
            ("groesse", &self.size),
            ("ort", &self.place),
            ("wz", &self.class),
            ("kompetenz", &self.competence),
            ("nach", after),
        ];
        let set: Vec<String> = pairs
            .iter()
            .filter(|(_, v)| !v.is_empty())
            .map(|(k, v)| format!("{k}={}", kontor_platform::web::encode(v)))
            .collect();
        if set.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{}", set.join("&"))
        }
    }

    pub(super) fn filter(&self, clusters: &[Counted]) -> OrganisationFilter {
        OrganisationFilter {
            cluster: clusters
                .iter()
                .find(|c| c.cluster.slug == self.cluster)
                .map(|c| c.cluster.id),
            helix: Helix::parse(&self.side),
            size: Size::parse(&self.size),
            place: sort_key(&self.place),
            class: self.class.clone(),
            competence: self.competence.clone(),
            after: self
                .after
                .split_once('~')
                .map(|(k, i)| (k.to_owned(), i.to_owned())),
        }
    }
}

pub async fn organisations(cx: Cx) -> Result<Response> {
    let asked = Asked::read(&cx);
    cx.public_page(&["directory"], move |conn, who| {
        let clusters = store::clusters(conn, audience(who))?;
        let filter = asked.filter(&clusters);
        let (rows, next) = list(conn, who, &filter, PAGE)?;
        let chosen = clusters
            .iter()
            .find(|c| Some(c.cluster.id) == filter.cluster);
        let counts = match chosen {
            Some(chosen) => Some(chosen.counts),
            None if !asked.any() => Some(figures::figures(conn, "region", audience(who))?),
            None => None,
        };
        Ok(Organisations {
            f: who.frame_t("directory-organisations-title"),
            rows,
            clusters: clusters
                .into_iter()
                .map(|c| (c.cluster.slug, c.cluster.name))
                .collect(),
            next: next.map(|n| asked.address(&n)),
            asked,
            counts,
        })
    })
    .await
}

#[derive(Template)]
#[template(path = "directory/views/organisation.html")]
struct OrganisationPage {
    f: Frame,
    o: Organisation,
    memberships: Vec<Membership>,
    classes: Vec<String>,
    externals: Vec<(String, String)>,
    /// Its people, as far as the asker may see them.
    list: Vec<Contact>,
    may_edit: bool,
    may_trace: bool,
}

impl OrganisationPage {
    fn words<'a>(&self, de: &'a str, en: &'a str) -> &'a str {
        in_language(self.f.lang, de, en).0
    }

    /// The language mark of a text that falls back.
    fn foreign(&self, de: &str, en: &str) -> Option<Lang> {
        let (text, lang) = in_language(self.f.lang, de, en);
        (lang != self.f.lang && !text.is_empty()).then_some(lang)
    }

    /// Whether the page is hidden from the public.
    fn is_hidden(&self) -> bool {
        self.o.visibility != Visibility::Public
    }

    fn initials(&self) -> String {
        self.o.name.chars().take(2).collect()
    }

    /// Where an external identifier can be looked up.
    fn external_href(&self, scheme: &str, value: &str) -> Option<String> {
        (scheme == "ror").then(|| format!("https://ror.org/{value}"))
    }
}

pub async fn organisation(cx: Cx, Path(slug): Path<String>) -> Result<Response> {
    let found = {
        let slug = slug.clone();
        cx.public_page(&["directory"], move |conn, who| {
            let o = store::find_organisation(conn, &slug)?.ok_or(Error::NotFound)?;
            let (memberships, marks) = store::places(conn, o.id)?;
            let clusters: Vec<String> = memberships
                .iter()
                .filter(|m| m.until.is_none())
                .map(|m| m.cluster.clone())
                .collect();
            let placed = Placed {
                organisation: &o,
                clusters: &clusters,
            };
            placed.permit(&who.actor, Act::See)?;
            let may_edit = placed.allows(&who.actor, &Act::Edit);
            let may_trace = placed.allows(&who.actor, &Act::Trace);
            let store::Marks { classes, externals } = marks;
            let people = of_organisation(conn, &who.actor, o.id)?;
            if !people.is_empty() {
                who.keep_out_of_cache();
            }
            let f = who.frame(o.name.clone());
            Ok(OrganisationPage {
                list: people,
                may_edit,
                may_trace,
                f,
                o,
                memberships,
                classes,
                externals,
            })
        })
        .await
    };
    if matches!(found, Err(Error::NotFound))
        && let Some(winner) = super::duplicates::successor(&cx, &slug).await?
    {
        return Ok(redirect(&cx.href(format!("/organisationen/{winner}"))));
    }
    or_moved(&cx, found, "organisation", slug).await
}
