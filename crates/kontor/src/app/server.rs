//! Opens the data, serves the pages, stops gracefully.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::ServiceExt;
use axum::extract::Request;
use kontor_platform::config::Config;
use kontor_platform::db::Db;
use kontor_platform::secret::{self, ServerKey};
use kontor_platform::web::{Assets, PageCache, Site, SiteParts, edge};
use kontor_platform::{Clock, Error, Result, log};
use tower::Layer;
use tower::util::MapRequestLayer;
use tower_http::compression::CompressionLayer;

use super::{backup, folder, wiring};
use crate::accounts::settings;
use crate::directory::Industries;
use crate::search::Search;

/// The name of the file with the server's secret.
pub(super) const KEY_FILE: &str = "secret";

/// The server's secret as it is in effect, if there is one yet.
pub(super) fn secret(config: &Config, data: &Path) -> Result<Option<String>> {
    if !config.secret.is_empty() {
        return Ok(Some(config.secret.clone()));
    }
    match std::fs::read_to_string(data.join(KEY_FILE)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        text => Ok(Some(text?)),
    }
}

/// Opens the database of a data folder, and makes what is not there. One that is
/// behind is backed up, then migrated.
pub fn open(config: &Config, data: &Path, clock: &Clock) -> Result<Db> {
    secret::private_folder(data)?;
    backup::refuse_unfinished(data)?;
    backup::before_migrating(config, data, clock)?;
    let source = folder::source(config, data)?;
    let db = Db::open(source.clone(), wiring::MIGRATIONS, clock.now())?;
    folder::note_elsewhere(&source, data)?;
    Ok(db)
}

/// As [`open`], of an installation that must be there: a mistyped folder stays as
/// it is.
pub fn open_existing(config: &Config, data: &Path, clock: &Clock) -> Result<Db> {
    folder::existing(config, data)?;
    open(config, data, clock)
}

/// Puts a site together around an open database.
pub fn site(config: Config, data: &Path, db: Db, clock: Clock, cache: bool) -> Result<Site> {
    let key = if config.secret.is_empty() {
        ServerKey::at(&data.join(KEY_FILE))?
    } else {
        ServerKey::from_text(&config.secret)?
    };
    let (demo, head, url, region) = db.read_now(|conn| {
        Ok((
            settings::is_demo(conn)?,
            log::head(conn)?,
            settings::public_url(conn)?,
            settings::region(conn)?.name,
        ))
    })?;
    let public_url = if config.public_url.is_empty() {
        url
    } else {
        config.public_url.clone()
    };
    let cache = PageCache::new(cache);
    cache.start_at(head);
    let mut kept = axum::http::Extensions::new();
    kept.insert(Search::new(
        data,
        db.clone(),
        clock.clone(),
        wiring::SOURCES,
    ));
    kept.insert(Industries::default());
    let site = Site::new(SiteParts {
        texts: wiring::texts()?,
        assets: Assets::load::<wiring::Embedded>(),
        nav: wiring::NAV,
        db,
        config,
        key,
        clock,
        cache,
        demo,
        public_url: public_url.into(),
        region: region.into(),
        kept,
    });
    let hooked = site.clone();
    site.db.on_commit(Box::new(move |kinds, seq| {
        hooked.cache.committed(kinds, seq)
    }));
    Ok(site)
}

/// The search of a site.
pub fn search_of(site: &Site) -> Result<Search> {
    let search = site.kept.get::<Search>().cloned();
    search.ok_or_else(|| Error::broken("the site was put together without a search"))
}

/// Facts up to which an index is made before the first page is served.
const SOON: i64 = 20_000;

/// Brings the search up to date now, unless that may take its time.
pub fn search_at_once(site: &Site) -> Result<()> {
    if site.db.read_now(log::head)? > SOON {
        return Ok(());
    }
    search_of(site)?.catch_up()
}

/// The port to listen on: the wished one, or a free one near it.
pub async fn bind(listen: &str, search: bool) -> Result<tokio::net::TcpListener> {
    let first: SocketAddr = listen
        .parse()
        .map_err(|_| Error::broken(format!("not an address: {listen}")))?;
    let mut at = first;
    loop {
        match tokio::net::TcpListener::bind(at).await {
            Ok(listener) => return Ok(listener),
            Err(error) if search && at.port() < first.port().saturating_add(50) => {
                tracing::debug!(%error, address = %at, "busy, trying the next port");
                at.set_port(at.port() + 1);
            }
            Err(error) => return Err(Error::broken(format!("cannot listen on {at}: {error}"))),
        }
    }
}

/// Serves until a signal says stop; running requests are finished.
pub async fn serve(site: Site, listener: tokio::net::TcpListener) -> Result<()> {
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        address = %listener.local_addr()?,
        database = if site.db.is_shared() { "PostgreSQL" } else { "SQLite" },
        "serving"
    );
    follow_other_processes(&site);
    let is_over = Arc::new(AtomicBool::new(false));
    super::mailer::start(&site, Arc::clone(&is_over));
    tokio::spawn(search_of(&site)?.follow());
    let app = super::router::router(site).layer(CompressionLayer::new().br(true).gzip(true));
    let app = MapRequestLayer::new(edge::choose_language).layer(app);
    let service = ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(app);
    axum::serve(listener, service)
        .with_graceful_shutdown(async move {
            stop().await;
            tracing::info!("stopping: what is under way is finished");
            is_over.store(true, Ordering::Relaxed);
        })
        .await?;
    tracing::info!("stopped");
    Ok(())
}

/// On SQLite, another process (the command line) may write to the same file:
/// the page cache looks at the log every half second.
fn follow_other_processes(site: &Site) {
    if site.db.is_shared() {
        return;
    }
    let site = site.clone();
    tokio::spawn(async move {
        let mut every = tokio::time::interval(std::time::Duration::from_millis(500));
        loop {
            every.tick().await;
            let site = site.clone();
            let followed = tokio::task::spawn_blocking(move || site.cache.follow(&site.db)).await;
            if let Ok(Err(error)) = followed {
                tracing::warn!(%error, "cannot follow the log");
            }
        }
    });
}

async fn stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! { _ = interrupted => {}, _ = terminate.recv() => {} }
            return;
        }
    }
    // Without a signal handler the process simply ends with its terminal.
    let _ = interrupted.await;
}
