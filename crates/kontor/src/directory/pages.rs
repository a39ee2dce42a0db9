//! Handlers of the directory's public face.

use std::rc::Rc;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kontor_platform::db::Conn;
use kontor_platform::policy::Governed;
use kontor_platform::text::{Arg, Lang};
use kontor_platform::{Day, Error, Result};

use super::figures::{self, Audience};
use super::industries::{self, Industry, named};
use super::list::store::Named;
use super::list::{self, Row};
use super::logos::Logo;
use super::model::{
    Cluster, Helix, HelixCounts, Organisation, OrganisationFilter, Size, Visibility, in_language,
    sort_key,
};
use super::people::{Contact, leading, of_organisation};
use super::policy::{Act, Placed, may_trace_cluster, reach};
use super::store::{self, Counted, Membership};
use crate::accounts::{Cx, Frame, Who};

/// Hits are counted so far; beyond, they are many.
const COUNTED: i64 = 1000;

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
    let clusters = store::clusters(conn, &Audience::of(&who.actor))?;
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
            region: figures::region(conn, &who.actor)?,
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
    cx.public_page(&["directory"], move |conn, who| {
        let Counted { cluster, counts } =
            store::counted_cluster(conn, &slug, &Audience::of(&who.actor))?;
        let filter = OrganisationFilter {
            cluster: Some(cluster.id),
            ..Default::default()
        };
        let clusters = list::store::named(conn)?;
        let (rows, next) = list::page(conn, who, &filter, &clusters, 12)?;
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
    .await
}

#[derive(Template)]
#[template(path = "directory/views/organisations.html")]
struct Organisations {
    f: Frame,
    rows: Vec<Row>,
    clusters: Vec<Rc<Named>>,
    /// The industries to choose from.
    industries: Vec<Industry>,
    asked: Asked,
    counts: Option<HelixCounts>,
    next: Option<String>,
    /// What was asked for and does not exist, with the same list without it.
    unknown: Vec<(String, String)>,
    /// How many a filter finds; none where the figures say it.
    hits: Option<i64>,
}

impl Organisations {
    /// Whether an industry is the one that was asked for.
    fn is_asked(&self, industry: &Industry) -> bool {
        industry.code == industries::normal(&self.asked.class)
    }

    /// Each filter that holds, in words, with the same list without it.
    fn held(&self) -> Vec<(String, String)> {
        let (f, asked) = (&self.f, &self.asked);
        let cluster = self.clusters.iter().find(|c| c.slug == asked.cluster);
        let class = self.industries.iter().find(|i| self.is_asked(i));
        let typed = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let side = Helix::parse(&asked.side).map(|side| f.t(side.key()).to_owned());
        let size = Size::parse(&asked.size).map(|size| f.t(size.key()).to_owned());
        let all: [(Option<String>, Field); 6] = [
            (cluster.map(|c| c.name.clone()), |a| &mut a.cluster),
            (side, |a| &mut a.side),
            (size, |a| &mut a.size),
            (typed(&asked.place), |a| &mut a.place),
            (typed(&asked.competence), |a| &mut a.competence),
            (
                class
                    .filter(|_| !asked.class.is_empty())
                    .map(Industry::label),
                |a| &mut a.class,
            ),
        ];
        let held = all
            .into_iter()
            .filter_map(|(word, field)| Some((word?, field)));
        held.map(|(word, field)| (word, asked.without(field)))
            .collect()
    }

    fn count(&self, held: &[(String, String)]) -> i64 {
        i64::try_from(held.len()).unwrap_or(i64::MAX)
    }

    /// The number of hits in words.
    fn hits_in_words(&self, n: &i64) -> String {
        let key = match *n >= COUNTED {
            true => "directory-hits-many",
            false => "directory-hits",
        };
        let most = self.f.number(COUNTED);
        self.f.with(
            key,
            &[("count", Arg::Count(*n)), ("most", Arg::Text(&most))],
        )
    }
}

/// The place of one filter.
type Field = fn(&mut Asked) -> &mut String;

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

    /// Whether more than the cluster is chosen.
    fn narrows(&self) -> bool {
        let without = Asked {
            cluster: String::new(),
            ..self.clone()
        };
        without.any()
    }

    /// The same list without one filter.
    fn without(&self, field: Field) -> String {
        let mut without = self.clone();
        field(&mut without).clear();
        without.address("")
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

    /// What was asked for among fixed choices and is none of them, with the same
    /// list without it.
    pub(super) fn unknown(&self, clusters: &[Rc<Named>]) -> Vec<(String, String)> {
        let is_cluster = clusters.iter().any(|c| c.slug == self.cluster);
        let fields: [(&str, bool, Field); 3] = [
            (&self.cluster, is_cluster, |a| &mut a.cluster),
            (&self.side, Helix::parse(&self.side).is_some(), |a| {
                &mut a.side
            }),
            (&self.size, Size::parse(&self.size).is_some(), |a| {
                &mut a.size
            }),
        ];
        let unknown = fields
            .into_iter()
            .filter(|(v, is_known, _)| !v.is_empty() && !is_known);
        unknown
            .map(|(value, _, field)| (value.to_owned(), self.without(field)))
            .collect()
    }

    pub(super) fn filter(&self, clusters: &[Rc<Named>]) -> OrganisationFilter {
        let chosen = clusters.iter().find(|c| c.slug == self.cluster);
        OrganisationFilter {
            cluster: chosen.and_then(|c| c.id.parse().ok()),
            helix: Helix::parse(&self.side),
            size: Size::parse(&self.size),
            place: sort_key(&self.place),
            class: industries::normal(&self.class),
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
        let clusters = list::store::named(conn)?;
        let filter = asked.filter(&clusters);
        let unknown = asked.unknown(&clusters);
        let (rows, next) = match unknown.is_empty() {
            true => list::page(conn, who, &filter, &clusters, PAGE)?,
            false => (Vec::new(), None),
        };
        let hits = hits(conn, who, &asked, &filter, (rows.len(), next.is_some()))?;
        let counts = match &filter.cluster {
            _ if !unknown.is_empty() => None,
            Some(cluster) => {
                let cluster = cluster.to_string();
                let audience = Audience::of(&who.actor).within(&cluster);
                Some(figures::figures(conn, &cluster, audience)?)
            }
            None if asked.any() => None,
            None => Some(figures::region(conn, &who.actor)?),
        };
        Ok(Organisations {
            f: who.frame_t("directory-organisations-title"),
            rows,
            industries: list::industries(conn, who, &filter.class)?,
            clusters,
            next: next.map(|n| asked.address(&n)),
            asked,
            counts,
            unknown,
            hits,
        })
    })
    .await
}

/// How many organisations a filter finds: what stands on the only page, or else
/// counted. The cluster alone is no filter here: its figures say it.
fn hits(
    conn: &mut Conn,
    who: &Who,
    asked: &Asked,
    filter: &OrganisationFilter,
    (rows, is_more): (usize, bool),
) -> Result<Option<i64>> {
    if !asked.narrows() || rows == 0 {
        return Ok(None);
    }
    if asked.after.is_empty() && !is_more {
        return Ok(i64::try_from(rows).ok());
    }
    list::store::count(conn, &reach(&who.actor), filter, COUNTED).map(Some)
}

#[derive(Template)]
#[template(path = "directory/views/organisation.html")]
struct OrganisationPage {
    f: Frame,
    o: Organisation,
    memberships: Vec<Membership>,
    logo: Option<Logo>,
    classes: Vec<Industry>,
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

    /// The day on which its size was counted.
    fn size_as_of(&self) -> Option<Day> {
        self.o.size_as_of.as_deref().and_then(Day::parse)
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
        let store::Marks {
            classes,
            externals,
            logo,
        } = marks;
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
            logo,
            classes: named(&classes),
            externals,
        })
    })
    .await
}
