//! What the directory tells the readers of the log: cards of clusters and
//! organisations for the search, and what of a found record may be shown.
//!
//! Always true: no field of a person stands on a card.

mod store;

use std::collections::HashMap;

use kontor_platform::db::Conn;
use kontor_platform::readers::{Card, Hit};
use kontor_platform::text::Lang;
use kontor_platform::{Error, Result};

use super::industries::Industry;
use super::policy;
use crate::accounts::{Actor, Who};

/// The kinds of cards the directory hands out.
pub const CLUSTER: &str = "cluster";
pub const ORGANISATION: &str = "organisation";

/// What firms of each two-digit class of WZ 2008 (NACE Rev. 2) do, in own
/// words: class, German, English.
const BRANCHES: &str = include_str!("branches.csv");

/// Identifiers of a kind's records after one, in their order, for a search
/// that reads everything anew.
pub fn ids(conn: &mut Conn, kind: &str, after: &str, limit: i64) -> Result<Vec<String>> {
    match kind {
        CLUSTER => store::cluster_ids(conn, after, limit),
        ORGANISATION => store::organisation_ids(conn, after, limit),
        other => Err(Error::broken(format!("the directory has no {other}"))),
    }
}

/// Cards of these records. What is gone or not listed has none.
pub fn cards(conn: &mut Conn, kind: &str, ids: &[&str]) -> Result<Vec<Card>> {
    match kind {
        CLUSTER => clusters(conn, ids),
        ORGANISATION => organisations(conn, ids),
        other => Err(Error::broken(format!("the directory has no {other}"))),
    }
}

/// The words that open cards to an actor.
pub fn words(actor: &Actor) -> Vec<String> {
    policy::words(actor)
}

fn both(texts: [(String, String); 3]) -> Vec<(Lang, String)> {
    let pairs = texts.map(|(de, en)| [(Lang::De, de), (Lang::En, en)]);
    let said = pairs.into_iter().flatten();
    said.filter(|(_, text)| !text.is_empty()).collect()
}

fn clusters(conn: &mut Conn, ids: &[&str]) -> Result<Vec<Card>> {
    let card = |c: store::ClusterText| Card {
        kind: CLUSTER,
        // Every active cluster is public; it has no narrower visibility yet.
        audience: ["public", "everything"].map(str::to_owned).into(),
        id: c.id,
        title: c.name,
        names: vec![c.code, c.slug],
        texts: both([c.purpose, c.about, c.themes]),
    };
    let found = store::cluster_texts(conn, ids)?;
    Ok(found.into_iter().map(card).collect())
}

fn organisations(conn: &mut Conn, ids: &[&str]) -> Result<Vec<Card>> {
    let mut filed: HashMap<String, Vec<(String, String)>> = HashMap::new();
    for (organisation, what, value) in store::filed_under(conn, ids)? {
        filed.entry(organisation).or_default().push((what, value));
    }
    let found = store::organisation_texts(conn, ids)?;
    Ok(found
        .into_iter()
        .map(|o| {
            let filed = filed.remove(&o.id).unwrap_or_default();
            organisation(o, filed)
        })
        .collect())
}

fn organisation(o: store::OrganisationText, filed: Vec<(String, String)>) -> Card {
    let mut texts = both([o.summary, o.about, o.competences]);
    texts.push((Lang::De, o.city));
    let (mut names, mut clusters) = (Vec::new(), Vec::new());
    for (what, value) in filed {
        match what.as_str() {
            "cluster" => clusters.push(value),
            "class" => {
                if let Some((de, en)) = branch(&value) {
                    texts.push((Lang::De, de.to_owned()));
                    texts.push((Lang::En, en.to_owned()));
                }
                let industry = Industry::new(&value);
                texts.push((Lang::De, industry.name()));
                names.push(industry.code);
            }
            _ => names.push(value),
        }
    }
    Card {
        kind: ORGANISATION,
        audience: policy::audience(&o.id, o.visibility, &clusters),
        id: o.id,
        title: o.name,
        names,
        texts,
    }
}

/// What a class of WZ is about, in German and English.
fn branch(class: &str) -> Option<(&'static str, &'static str)> {
    let line = BRANCHES
        .lines()
        .find(|l| class.get(..2).is_some_and(|two| l.starts_with(two)))?;
    let (_, words) = line.split_once(';')?;
    words.split_once(';')
}

/// Those of the named records that the asker may see now, as the tables hold
/// them now: two statements, whatever their number.
pub fn hits(conn: &mut Conn, who: &Who, wanted: &[(&str, &str)]) -> Result<Vec<Hit>> {
    let of = |kind| {
        let of_kind = wanted.iter().filter(move |(k, _)| *k == kind);
        of_kind.map(|(_, id)| *id).collect::<Vec<_>>()
    };
    let (clusters, organisations) = (of(CLUSTER), of(ORGANISATION));
    let reach = policy::reach(&who.actor);
    let spoken_for = who.actor.organisations();
    let found = store::shown(conn, &reach, &spoken_for, &clusters, &organisations)?;
    let mut marks: HashMap<String, Vec<(String, String)>> = HashMap::new();
    if !organisations.is_empty() {
        for (organisation, code, name) in store::clusters_of(conn, &organisations)? {
            marks.entry(organisation).or_default().push((code, name));
        }
    }
    let speech = who.cx.site.speak(who.cx.lang);
    let hit = |s: store::Shown| {
        let side = s.helix.map(|h| (h.icon(), speech.t(h.key()).to_owned()));
        let place = (!s.city.is_empty()).then_some(("map-pin", s.city));
        let texts = [
            (s.summary_de, s.summary_en),
            (s.about_de, s.about_en),
            (bars(s.competences_de), bars(s.competences_en)),
        ];
        Hit {
            kind: if s.is_cluster { CLUSTER } else { ORGANISATION },
            path: match s.is_cluster {
                true => format!("/cluster/{}", s.slug),
                false => format!("/organisationen/{}", s.slug),
            },
            facts: side.into_iter().chain(place).collect(),
            marks: match s.is_cluster {
                true => vec![(s.code, String::new())],
                false => marks.remove(&s.id).unwrap_or_default(),
            },
            texts: both(texts),
            id: s.id,
            title: s.name,
        }
    };
    Ok(found.into_iter().map(hit).collect())
}

/// A list parted by bars, as a line.
fn bars(list: String) -> String {
    list.replace('|', ", ")
}
