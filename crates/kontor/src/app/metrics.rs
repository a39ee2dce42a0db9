//! `/metrics`: how the house is, for a monitoring system.
//!
//! Strangers get "not found". It answers whoever asks from this machine itself,
//! not by way of a proxy, or shows the configuration's `metrics_token`.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Extension, Request, State};
use axum::http::header::{self, HeaderMap};
use axum::response::{IntoResponse, Response};
use kontor_platform::config::Config;
use kontor_platform::db::Conn;
use kontor_platform::web::Site;
use kontor_platform::web::metrics::{Exposition, MEDIA_TYPE, Metrics, resident_bytes};
use kontor_platform::{Error, Result, log, mail, readers, secret};

/// Headers by which a proxy tells that it asks for somebody else.
const BY_PROXY: [&str; 3] = ["x-forwarded-for", "forwarded", "via"];

pub async fn answer(
    State(site): State<Site>,
    Extension(metrics): Extension<Metrics>,
    request: Request,
) -> Result<Response> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    if !may_read(&site.config, peer.map(|c| c.0), request.headers()) {
        return Err(Error::NotFound);
    }
    let stored = site.db.read(stored).await;
    let page = page(&site, &metrics, stored.as_ref().ok());
    Ok(([(header::CONTENT_TYPE, MEDIA_TYPE)], page).into_response())
}

fn may_read(config: &Config, peer: Option<SocketAddr>, headers: &HeaderMap) -> bool {
    let shown = headers
        .get(header::AUTHORIZATION)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.strip_prefix("Bearer "));
    if let Some(shown) = shown {
        let token = &config.metrics_token;
        return !token.is_empty() && secret::equal(shown.trim(), token);
    }
    peer.is_some_and(|peer| {
        peer.ip().to_canonical().is_loopback() && !config.is_trusted_proxy(peer.ip())
    }) && !BY_PROXY.iter().any(|name| headers.contains_key(*name))
}

/// What the database tells.
struct Stored {
    head: i64,
    parked: i64,
    mails: Vec<(mail::State, i64)>,
}

fn stored(conn: &mut Conn) -> Result<Stored> {
    Ok(Stored {
        head: log::head(conn)?,
        parked: readers::count_parked(conn)?,
        mails: mail::count_by_state(conn)?,
    })
}

fn page(site: &Site, metrics: &Metrics, stored: Option<&Stored>) -> String {
    let mut page = Exposition::default();
    let name = "kontor_build_info";
    page.family(name, "gauge", "The program that runs.");
    let engine = if site.db.is_shared() {
        "postgresql"
    } else {
        "sqlite"
    };
    let version = env!("CARGO_PKG_VERSION");
    page.sample(name, &[("version", version), ("engine", engine)], 1);
    if let Some(bytes) = resident_bytes() {
        let name = "process_resident_memory_bytes";
        page.gauge(name, "Memory that the process holds.", bytes);
    }
    let load = site.db.load();
    let (in_use, most) = (load.connections_in_use, load.connections);
    let name = "kontor_database_connections_in_use";
    page.gauge(name, "Connections that requests hold.", in_use);
    let name = "kontor_database_connections_max";
    page.gauge(name, "Connections that requests may hold.", most);
    let name = "kontor_commands_waiting";
    page.gauge(
        name,
        "Commands that wait for the writer.",
        load.commands_waiting,
    );
    let name = "kontor_database_up";
    let up = u8::from(stored.is_some());
    page.gauge(name, "1 when the database answers.", up);
    if let Some(stored) = stored {
        let name = "kontor_log_facts";
        page.gauge(name, "The number of the newest fact.", stored.head);
        let name = "kontor_log_facts_parked";
        page.gauge(name, "Facts that wait for the operator.", stored.parked);
        let name = "kontor_mails";
        page.family(name, "gauge", "Mails by state.");
        for state in mail::State::ALL {
            let row = stored.mails.iter().find(|(s, _)| s == state);
            let count = row.map_or(0, |(_, n)| *n);
            page.sample(name, &[("state", state.as_str())], count);
        }
    }
    metrics.write(&mut page);
    page.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_or_the_token_may_read() {
        let config = Config {
            metrics_token: "a token for the tests".into(),
            trusted_proxies: vec!["127.0.0.9".parse().unwrap()],
            ..Config::default()
        };
        let asked = |peer: &str, pairs: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().unwrap());
            }
            may_read(&config, peer.parse().ok(), &headers)
        };
        assert!(asked("127.0.0.1:4", &[]) && asked("[::1]:4", &[]));
        assert!(asked("[::ffff:127.0.0.1]:4", &[]));
        assert!(!asked("10.0.0.1:4", &[]) && !asked("", &[]));
        assert!(!asked("127.0.0.9:4", &[]), "a trusted proxy");
        assert!(!asked("127.0.0.1:4", &[("x-forwarded-for", "127.0.0.1")]));
        let right = ("authorization", "Bearer a token for the tests");
        assert!(asked("10.0.0.1:4", &[right]));
        assert!(asked(
            "127.0.0.9:4",
            &[right, ("x-forwarded-for", "10.0.0.1")]
        ));
        assert!(!asked("127.0.0.1:4", &[("authorization", "Bearer wrong")]));
        let none = Config::default();
        let mut headers = HeaderMap::new();
        headers.insert("authorization", "Bearer ".parse().unwrap());
        assert!(!may_read(&none, "10.0.0.1:4".parse().ok(), &headers));
    }
}
