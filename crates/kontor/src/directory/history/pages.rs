//! Handlers of histories.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kontor_platform::{Error, Result};

use super::model::Noun;
use super::read::{self, Asking};
use super::words::Day;
use crate::accounts::{Cx, Frame, Who};
use crate::directory::commands::permitted;
use crate::directory::people;
use crate::directory::policy::{Act, leads_or_sees_all, may_trace_cluster};
use crate::directory::store::find_cluster;

#[derive(Template)]
#[template(path = "directory/history/views/history.html")]
struct History {
    f: Frame,
    /// Paths and names of what lies above, without the start.
    crumbs: Vec<(String, String)>,
    lead: &'static str,
    days: Vec<Day>,
    is_first: bool,
    next: Option<i64>,
}

/// Where the page begins, by the number of the entry before it.
fn begins(cx: &Cx) -> Option<i64> {
    cx.fields().text("vor").parse().ok().filter(|n| *n > 0)
}

fn titled(who: &Who, name: &str) -> Frame {
    let speech = who.cx.site.speak(who.cx.lang);
    who.frame(speech.name("history-title-of", name))
}

pub async fn organisation(cx: Cx, Path(slug): Path<String>) -> Result<Response> {
    cx.page(move |conn, who| {
        who.signed_in()?;
        let permitted = permitted(conn, &who.actor, &slug, Act::Trace);
        // Who sees the page but not its history is not told that there is one.
        let (o, clusters) = permitted.map_err(|e| match e {
            Error::Forbidden => Error::NotFound,
            other => other,
        })?;
        let f = titled(who, &o.name);
        let asking = Asking {
            of: Noun::Organisation,
            ids: vec![o.id.to_string()],
            manages: leads_or_sees_all(&who.actor, &clusters),
        };
        let before = begins(&who.cx);
        let (days, next) = read::page(conn, who, &f, &asking, before)?;
        let area = f.t("directory-organisations-title").to_owned();
        Ok(History {
            crumbs: vec![
                ("/organisationen".into(), area),
                (format!("/organisationen/{}", o.slug), o.name),
            ],
            lead: "history-lead-organisation",
            days,
            is_first: before.is_none(),
            next,
            f,
        })
    })
    .await
}

pub async fn cluster(cx: Cx, Path(slug): Path<String>) -> Result<Response> {
    cx.page(move |conn, who| {
        who.signed_in()?;
        let cluster = find_cluster(conn, &slug)?;
        let id = cluster.id.to_string();
        if !may_trace_cluster(&who.actor, &id) {
            return Err(Error::NotFound);
        }
        let f = titled(who, &cluster.name);
        let asking = Asking {
            of: Noun::Cluster,
            manages: leads_or_sees_all(&who.actor, std::slice::from_ref(&id)),
            ids: vec![id],
        };
        let before = begins(&who.cx);
        let (days, next) = read::page(conn, who, &f, &asking, before)?;
        let area = f.t("directory-clusters-title").to_owned();
        Ok(History {
            crumbs: vec![
                ("/cluster".into(), area),
                (format!("/cluster/{}", cluster.slug), cluster.name),
            ],
            lead: "history-lead-cluster",
            days,
            is_first: before.is_none(),
            next,
            f,
        })
    })
    .await
}

pub async fn own(cx: Cx) -> Result<Response> {
    cx.page(|conn, who| {
        who.signed_in()?;
        let account = who.actor.account.ok_or(Error::Forbidden)?;
        let mut ids = vec![account.to_string()];
        ids.extend(people::of_account(conn, account)?.map(|p| p.to_string()));
        let f = who.frame_t("history-own-act");
        let asking = Asking {
            of: Noun::Person,
            ids,
            manages: false,
        };
        let before = begins(&who.cx);
        let (days, next) = read::page(conn, who, &f, &asking, before)?;
        let mine = f.t("layout-my-kontor").to_owned();
        Ok(History {
            crumbs: vec![("/mein-kontor".into(), mine)],
            lead: "history-lead-own",
            days,
            is_first: before.is_none(),
            next,
            f,
        })
    })
    .await
}
