//! All addresses of the product, and what wraps them.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Extension, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware;
use axum::response::Response;
use axum::routing::get;
use kontor_platform::web::metrics::{Metrics, measure};
use kontor_platform::web::{Site, edge};
use tower_http::catch_panic::CatchPanicLayer;

use super::{admin, errors, metrics, pages, straight};
use crate::accessibility;
use crate::accounts;
use crate::directory;
use crate::privacy;
use crate::search;

/// Every route; the language's prefix is cut off before (see `server`).
pub fn router(site: Site) -> Router {
    let routes = Router::new()
        .route("/", get(pages::home))
        .route("/mein-kontor", get(pages::mine))
        .route("/verwaltung", get(admin::overview))
        .route("/datenschutz", get(pages::privacy))
        .route("/impressum", get(pages::imprint))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics::answer))
        .route("/robots.txt", get(robots))
        .route("/assets/{name}", get(asset))
        .merge(accessibility::routes())
        .merge(accounts::routes())
        .merge(directory::routes().layer(middleware::from_fn_with_state(
            site.clone(),
            directory::follow,
        )))
        .merge(privacy::routes())
        .merge(search::routes())
        .fallback(straight::unknown);
    wrapped(routes, site)
}

/// What lies around every route, the innermost first.
fn wrapped(routes: Router<Site>, site: Site) -> Router {
    let figures = Metrics::default();
    routes
        .layer(DefaultBodyLimit::max(1024 * 1024))
        .layer(middleware::from_fn(edge::own_changes_only))
        // Inside of the calm pages: a panic is a defect like any other.
        .layer(CatchPanicLayer::custom(errors::panicked))
        .layer(middleware::from_fn_with_state(site.clone(), errors::calm))
        .layer(middleware::from_fn_with_state(site.clone(), edge::tls_only))
        .layer(middleware::from_fn(edge::guard))
        .layer(Extension(figures.clone()))
        .layer(middleware::from_fn_with_state(figures, measure))
        .with_state(site)
}

async fn asset(State(site): State<Site>, Path(name): Path<String>, asked: HeaderMap) -> Response {
    site.assets.serve(&name, &asked)
}

/// Ready to answer: the database does, and takes commands.
async fn ready(State(site): State<Site>) -> Result<&'static str, StatusCode> {
    if !site.db.takes_commands() {
        return Err(StatusCode::SERVICE_UNAVAILABLE);
    }
    let answer = site.db.read(kontor_platform::log::head).await;
    answer
        .map(|_| "ready\n")
        .map_err(|_| StatusCode::SERVICE_UNAVAILABLE)
}

async fn robots(State(site): State<Site>) -> &'static str {
    if site.demo {
        "User-agent: *\nDisallow: /\n"
    } else {
        "User-agent: *\nDisallow: /anmelden\n"
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use axum::body::Body;
    use axum::extract::Request;
    use http_body_util::BodyExt as _;
    use kontor_platform::config::Config;
    use kontor_platform::{Clock, testing};
    use tower::ServiceExt as _;

    use super::*;
    use crate::app::{server, wiring};

    /// What was logged.
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_panic_is_a_calm_page_and_the_log_has_its_number_and_no_token() {
        testing::on_each_engine(wiring::MIGRATIONS, |db| {
            let data = tempfile::tempdir().unwrap();
            let clock = Clock::standing(testing::NOW);
            let site = server::site(Config::default(), data.path(), db, clock, true).unwrap();
            async fn boom(Path(_): Path<String>) -> &'static str {
                panic!("boom")
            }
            let routes = Router::new().route("/tuer/{token}", get(boom));
            let app = wrapped(routes, site);
            let log = Log::default();
            let writer = log.clone();
            let subscriber = tracing_subscriber::fmt()
                .with_ansi(false)
                .with_writer(move || writer.clone())
                .finish();
            let guard = tracing::subscriber::set_default(subscriber);
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            let (status, number, body) = runtime.block_on(async {
                let asked = Request::get("/tuer/geheimes-zeichen").body(Body::empty());
                let answer = app.oneshot(asked.unwrap()).await.unwrap();
                let status = answer.status();
                let number = answer.headers()["x-request-id"]
                    .to_str()
                    .unwrap()
                    .to_owned();
                let body = answer.into_body().collect().await.unwrap().to_bytes();
                (status, number, String::from_utf8_lossy(&body).into_owned())
            });
            drop(guard);
            assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
            assert!(body.contains("<h1") && body.contains(&number), "{body}");
            let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
            assert!(
                log.contains(&number) && log.contains("/tuer/{token}"),
                "{log}"
            );
            assert!(log.contains("boom") && !log.contains("geheimes"), "{log}");
        });
    }
}
