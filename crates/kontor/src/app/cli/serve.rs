//! `kontor serve`, `kontor demo` and `kontor migrate`.

use std::path::Path;

use kontor_platform::config::{Config, is_socket};
use kontor_platform::web::Site;
use kontor_platform::work::Stamp;
use kontor_platform::{Clock, Error, Result};
use tokio::net::TcpListener;

use super::{runtime, say, wrong_usage};
use crate::accounts::{self, settings};
use crate::app::{care, demo, folder, server};

/// An address to listen on, as typed.
pub(super) fn address(text: &str) -> Result<String, String> {
    if is_socket(text) {
        Ok(text.to_owned())
    } else {
        Err("write an address and port such as 127.0.0.1:8017".into())
    }
}

/// Brings the database to this version. A new one is made only where a
/// configuration says that this is the place.
pub(super) fn migrate(config: &Config, data: &Path) -> Result<()> {
    let source = folder::source(config, data)?;
    let is_new = folder::installation(&source)?.is_none();
    if is_new && config.file.is_none() && config.database_url.is_empty() {
        return Err(folder::nothing(&source, data));
    }
    server::open(config, data, &Clock::system())?;
    say(if is_new {
        "The database is made."
    } else {
        "The database is up to date."
    });
    Ok(())
}

pub(super) fn serve(config: Config, data: &Path, listen: &str, cache: bool) -> Result<()> {
    let _held = folder::hold(data)?;
    let clock = Clock::system();
    let db = server::open(&config, data, &clock)?;
    let config = Config {
        listen: listen.to_owned(),
        ..config
    };
    let near = config.near_url();
    let site = server::site(config, data, db, clock, cache)?;
    if site.demo {
        return Err(Error::broken(
            "this data folder is a demo with sign-in buttons; use `kontor demo`, or another --data",
        ));
    }
    note_secret(&site)?;
    let setup = accounts::admin::offer_setup(&site.db, &site.clock)?;
    runtime()?.block_on(async {
        let listener = server::bind(listen, false).await?;
        say(&match listen.ends_with(":0") {
            true => format!("Kontor: http://{}", listener.local_addr()?),
            false => format!("Kontor: {near}"),
        });
        if let Some(token) = setup {
            say("Nobody administers this installation yet. Open this link once:");
            say(&format!("  {}/einrichten/{token}", site.base_url()));
        }
        serve_until_stopped(site, listener, data).await
    })
}

/// Says so when the data were last served with another secret: a lost one, or a
/// node beside this one that has one of its own.
fn note_secret(site: &Site) -> Result<()> {
    let key = site.key.clone();
    let stamp = Stamp::system(site.clock.now());
    let is_known = site
        .db
        .write_now(stamp, move |work| settings::note_secret(work, &key))?;
    if !is_known {
        tracing::warn!(
            "this server's secret is not the one that these data were last served with; several \
             nodes need one secret (`secret` in the configuration)"
        );
    }
    Ok(())
}

/// Serves with the daily care beside it; the journal of erasures is written once
/// more at the end.
async fn serve_until_stopped(site: Site, listener: TcpListener, data: &Path) -> Result<()> {
    care::start(&site, data.to_owned());
    let served = server::serve(site.clone(), listener).await;
    tokio::task::block_in_place(|| care::journal(&site, data).and(site.db.tidy()))?;
    served
}

/// Whether the demo may run so, before anything is touched.
fn check_demo(config: &Config, listen: &str) -> Result<()> {
    let address: std::net::SocketAddr = listen
        .parse()
        .map_err(|_| wrong_usage(format!("--listen {listen}: write 127.0.0.1:8017")))?;
    if !address.ip().is_loopback() {
        return Err(wrong_usage(
            "the demo has sign-in buttons without passwords: it listens on loopback only",
        ));
    }
    if !config.database_url.is_empty() {
        return Err(Error::broken(
            "the demo keeps to a SQLite file of its own; unset KONTOR_DATABASE_URL (database_url)",
        ));
    }
    Ok(())
}

pub(super) fn start_demo(
    config: Config,
    data: &Path,
    listen: &str,
    fresh: bool,
    cache: bool,
) -> Result<()> {
    check_demo(&config, listen)?;
    let _held = folder::hold(data)?;
    demo::refuse_others(data)?;
    if fresh || demo::is_half_made(data)? {
        demo::clear(data)?;
    }
    let clock = Clock::system();
    let db = server::open(&config, data, &clock)?;
    // Its people have been at work for weeks when it is opened.
    let past = demo::begin(clock.now());
    let is_new = demo::seed_if_empty(&db, &past)?;
    let runtime = runtime()?;
    if is_new {
        let config = Config {
            listen: listen.to_owned(),
            ..config.clone()
        };
        let site = server::site(config, data, db.clone(), past.clone(), false)?;
        runtime.block_on(demo::play(&site, &past, clock.now()))?;
        server::search_at_once(&site)?;
        start_anew();
    }
    let listener = runtime.block_on(server::bind(listen, true))?;
    let address = listener.local_addr()?;
    let personas = db.read_now(accounts::demo_personas)?;
    let config = Config {
        listen: address.to_string(),
        ..config
    };
    let site = server::site(config, data, db, clock, cache)?;
    server::search_at_once(&site)?;
    say("Kontor, demo region");
    say(&format!("  Address:  http://{address}"));
    say(&format!("  English:  http://{address}/en"));
    say(&format!(
        "  Sign in:  http://{address}/anmelden  (one button per role)"
    ));
    for (key, name) in &personas {
        say(&format!("            {name} – {key}"));
    }
    say(&format!("  Data:     {}", data.display()));
    say("  Stop:     Ctrl C");
    runtime.block_on(async { serve_until_stopped(site, listener, data).await })
}

/// Takes a fresh process in place of the one that has seeded: what seeding
/// needed of memory (half of the server's own) is not kept for all the time of
/// serving. Where that is not possible the present process goes on. The folder
/// is let go and held again: an open file does not pass into the new process.
fn start_anew() {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        let args = std::env::args_os().skip(1).filter(|a| a != "--fresh");
        if let Ok(program) = std::env::current_exe() {
            let error = std::process::Command::new(program).args(args).exec();
            tracing::debug!(%error, "the seeding process goes on serving");
        }
    }
}
