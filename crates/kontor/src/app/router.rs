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
    let figures = Metrics::default();
    Router::new()
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
        .fallback(straight::unknown)
        .layer(DefaultBodyLimit::max(1024 * 1024))
        .layer(middleware::from_fn(edge::own_changes_only))
        .layer(middleware::from_fn_with_state(site.clone(), errors::calm))
        .layer(CatchPanicLayer::custom(errors::panicked))
        .layer(middleware::from_fn(edge::guard))
        .layer(Extension(figures.clone()))
        .layer(middleware::from_fn_with_state(figures, measure))
        .with_state(site)
}

async fn asset(State(site): State<Site>, Path(name): Path<String>, asked: HeaderMap) -> Response {
    site.assets.serve(&name, &asked)
}

/// Ready to answer: the database does.
async fn ready(State(site): State<Site>) -> Result<&'static str, StatusCode> {
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
