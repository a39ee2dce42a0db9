//! `kontor bench`: speed as ratios, measured in one process over loopback.
//!
//! A page is compared with a bare handler that answers the same bytes to the
//! same client. Figures depend on the machine; ratios much less.

mod client;
mod growth;
mod import;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use kontor_platform::config::Config;
use kontor_platform::db::Db;
use kontor_platform::work::Stamp;
use kontor_platform::{Clock, Error, Result, secret};
use serde::Serialize;
use tokio::net::TcpListener;

use super::{demo, server};
use crate::accounts;

pub use growth::growth;
pub use import::import;

/// Connections that ask at once.
const CONNECTIONS: usize = 16;
/// Writers that wait for their commit at once.
const WRITERS: usize = 64;

/// One measured figure.
#[derive(Debug, Serialize)]
pub struct Figure {
    pub name: String,
    pub value: f64,
    pub unit: &'static str,
    /// What it should reach, if that was set.
    pub bar: Option<f64>,
    pub met: Option<bool>,
}

impl Figure {
    fn new(name: impl Into<String>, value: f64, unit: &'static str, bar: Option<f64>) -> Self {
        let value = (value * 1000.0).round() / 1000.0;
        Figure {
            name: name.into(),
            value,
            unit,
            bar,
            met: bar.map(|b| value >= b),
        }
    }
}

/// Which pages are measured: name, path, signed in, bar with and without cache.
/// The first cluster of the demo shows nobody; the second names who leads it, and
/// a page that shows a person is made anew for each visit, cache or not.
const PAGES: [(&str, &str, bool, f64, f64); 5] = [
    (
        "cluster page, anonymous",
        "/cluster/gesundheitswirtschaft",
        false,
        1.0 / 3.0,
        0.125,
    ),
    (
        "cluster page with people, anonymous",
        "/cluster/hamburg-aviation",
        false,
        0.125,
        0.125,
    ),
    (
        "organisation list, anonymous",
        "/organisationen",
        false,
        1.0 / 3.0,
        0.125,
    ),
    ("organisation page, anonymous", "", false, 1.0 / 3.0, 0.125),
    ("organisation page, signed in", "", true, 0.125, 0.125),
];

/// Measures pages of a fresh demo region, with and without the page cache.
pub async fn pages(config: &Config, data: &Path, seconds: u64) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for cache in [true, false] {
        // Opening and seeding wait for the writer: not on an asynchronous thread.
        let site = tokio::task::block_in_place(|| {
            let clock = Clock::system();
            let db = seeded(config, data, &clock)?;
            server::site(config.clone(), data, db, clock, cache)
        })?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let running = tokio::spawn(server::serve(site, listener));
        let cookie = client::sign_in(address, "manager").await?;
        let list = client::once(address, "/organisationen", "").await?;
        let found = first_organisation(&list)?;
        let mark = if cache { "cached" } else { "uncached" };
        for (name, path, signed, bar_cached, bar_uncached) in PAGES {
            let path = if path.is_empty() {
                found.as_str()
            } else {
                path
            };
            let cookie = if signed { cookie.as_str() } else { "" };
            let bytes = client::once(address, path, cookie).await?;
            let page = client::load(address, path, cookie, CONNECTIONS, seconds).await?;
            let bare = bare(bytes, seconds).await?;
            let bar = if cache { bar_cached } else { bar_uncached };
            figures.push(Figure::new(
                format!("{name}, {mark}"),
                page.per_second,
                "requests/s",
                None,
            ));
            figures.push(Figure::new(
                format!("{name}, {mark}, of bare"),
                page.per_second / bare.per_second,
                "ratio",
                Some(bar),
            ));
            figures.push(Figure::new(
                format!("{name}, {mark}, p99"),
                page.p99_ms,
                "ms",
                None,
            ));
        }
        running.abort();
    }
    Ok(figures)
}

/// The demo region on the configured engine.
fn seeded(config: &Config, data: &Path, clock: &Clock) -> Result<Db> {
    let db = server::open(config, data, clock)?;
    demo::seed_if_empty(&db, clock)?;
    Ok(db)
}

/// The same bytes from a handler that does nothing else.
async fn bare(bytes: Vec<u8>, seconds: u64) -> Result<client::Load> {
    let body = axum::body::Bytes::from(bytes);
    let app: Router = Router::new().route("/", get(move || async move { body }));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let running = tokio::spawn(async move { axum::serve(listener, app).await });
    let load = client::load(address, "/", "", CONNECTIONS, seconds).await;
    running.abort();
    load
}

fn first_organisation(list: &[u8]) -> Result<String> {
    let text = String::from_utf8_lossy(list);
    let start = text
        .find("href=\"/organisationen/")
        .ok_or_else(|| Error::broken("the list of organisations is empty"))?;
    let rest = &text[start + 6..];
    Ok(rest[..rest.find('"').unwrap_or(0)].to_owned())
}

/// Measures durable commands: a session opened, its expired ones removed, the
/// account touched, one fact; each answered after its commit.
pub async fn commands(config: &Config, data: &Path, seconds: u64) -> Result<Vec<Figure>> {
    let clock = Clock::system();
    let (db, account, before) = tokio::task::block_in_place(|| {
        let db = seeded(config, data, &clock)?;
        let account = db.read_now(accounts::any_demo_account)?;
        let before = db.read_now(kontor_platform::log::head)?;
        Ok::<_, Error>((db, account, before))
    })?;
    let count = Arc::new(AtomicU64::new(0));
    let until = tokio::time::Instant::now() + Duration::from_secs(seconds);
    let mut writers = Vec::new();
    for _ in 0..WRITERS {
        let (db, count, clock) = (db.clone(), Arc::clone(&count), clock.clone());
        writers.push(tokio::spawn(async move {
            while tokio::time::Instant::now() < until {
                let hash = secret::hash(&secret::token());
                db.write(Stamp::system(clock.now()), move |work| {
                    accounts::record_session(work, account, &hash, "bench")
                })
                .await?;
                count.fetch_add(1, Ordering::Relaxed);
            }
            Ok::<(), Error>(())
        }));
    }
    for writer in writers {
        writer.await.map_err(|e| Error::Broken(Box::new(e)))??;
    }
    let done = count.load(Ordering::Relaxed);
    let after = tokio::task::block_in_place(|| db.read_now(kontor_platform::log::head))?;
    if after - before != i64::try_from(done).unwrap_or(-1) {
        return Err(Error::broken("the log does not hold one fact per command"));
    }
    let engine = if db.is_shared() {
        "PostgreSQL"
    } else {
        "SQLite"
    };
    let bar = (!db.is_shared()).then_some(5000.0);
    let per_second = done as f64 / seconds as f64;
    Ok(vec![Figure::new(
        format!("durable commands, {engine}"),
        per_second,
        "commands/s",
        bar,
    )])
}
