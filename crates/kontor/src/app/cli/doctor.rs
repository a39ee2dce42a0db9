//! `kontor doctor`: what an operator should know before users do.

use std::path::{Path, PathBuf};

use clap::Args;
use kontor_platform::config::Config;
use kontor_platform::db::{Conn, Source, connect, migrate, snapshot, version};
use kontor_platform::secret::ServerKey;
use kontor_platform::text::Lang;
use kontor_platform::{Clock, Error, Instant, Result, log, mail, readers};
use serde::Serialize;

use super::{care, counted, say, wrong_usage};
use crate::accounts::{self, settings};
use crate::app::{backup, folder, server, wiring};
use crate::directory;

const DAY_S: i64 = 24 * 60 * 60;
/// A backup older than this is worth a word, in days.
const BACKUP_DAYS: i64 = 7;
/// More failed mails than this are, in percent of those that were tried.
const FAILED_PERCENT: i64 = 5;

#[derive(Args)]
pub(super) struct Doctor {
    /// Where the nightly backups lie [default: the folder `backups` in the data folder].
    #[arg(long, value_name = "DIR")]
    backups: Option<PathBuf>,
    /// Send a test mail to this address by the mail server that is set.
    #[arg(long, value_name = "ADDRESS")]
    send_test_mail: Option<String>,
    /// One line of JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Ok,
    Warning,
    Broken,
}

#[derive(Serialize)]
struct Check {
    name: &'static str,
    state: State,
    detail: String,
}

#[derive(Default)]
struct Checks(Vec<Check>);

impl Checks {
    fn add(&mut self, name: &'static str, state: State, detail: impl Into<String>) {
        let detail = detail.into();
        self.0.push(Check {
            name,
            state,
            detail,
        });
    }

    fn broken(&self) -> i64 {
        let broken = self.0.iter().filter(|c| c.state == State::Broken);
        i64::try_from(broken.count()).unwrap_or(i64::MAX)
    }
}

/// What the administration has set in the data.
#[derive(Default)]
struct Set {
    public_url: String,
    smtp_host: String,
    /// The mail server's password was sealed with another secret.
    is_unreadable: bool,
}

/// Sends a letter with a file, at once.
fn test_mail(config: &Config, data: &Path, to: &str) -> Result<()> {
    let source = folder::source(config, data)?;
    let is_there = !matches!(&source, Source::Lite(path) if !path.exists());
    // To open what is not there, or is behind, would make or change it.
    if !is_there || server::secret(config, data)?.is_none() {
        return Err(Error::broken("there is no installation yet"));
    }
    if !migrate::pending(&mut connect(&source)?, wiring::MIGRATIONS)?.is_empty() {
        return Err(Error::broken(
            "migrations wait; let kontor migrate run first",
        ));
    }
    let clock = Clock::system();
    let db = server::open(config, data, &clock)?;
    let site = server::site(config.clone(), data, db, clock, false)?;
    if site.demo {
        return Err(Error::broken("a demo sends no mail"));
    }
    let server = site
        .db
        .read_now(|conn| settings::smtp(conn, &site.config, &site.key))?;
    if server.is_unreadable {
        return Err(Error::broken(accounts::admin::UNREADABLE));
    }
    let smtp = server.smtp;
    if smtp.host.is_empty() {
        return Err(Error::broken("no mail server is set"));
    }
    let letter = accounts::admin::test_letter(&site, Lang::En, to)?;
    mail::probe(&smtp, &letter)
}

/// Looks at everything and changes nothing; an error when something is broken.
pub(super) fn run(config: &Config, data: &Path, args: &Doctor) -> Result<()> {
    if let Some(to) = &args.send_test_mail
        && !accounts::looks_like_mail(&to.trim().to_lowercase())
    {
        return Err(wrong_usage(format!(
            "{to}: write an address such as name@example.org"
        )));
    }
    let now = Clock::system().now();
    let mut checks = Checks::default();
    folder(data, &mut checks);
    if let Err(error) = backup::refuse_unfinished(data) {
        checks.add("restore", State::Broken, error.to_string());
    }
    secret(config, data, &mut checks);
    let mut set = Set::default();
    match database(config, data, &mut checks) {
        Ok(found) => set = found,
        Err(error) => checks.add("database", State::Broken, error.to_string()),
    }
    let own = backup::folder(data);
    backups(args.backups.as_deref().unwrap_or(&own), now, &mut checks)?;
    address_and_mail(config, &set, &mut checks);
    if let Some(to) = &args.send_test_mail {
        match test_mail(config, data, to) {
            Ok(()) => checks.add("test mail", State::Ok, format!("accepted for {to}")),
            Err(error) => checks.add("test mail", State::Broken, error.to_string()),
        }
    }
    let broken = checks.broken();
    if args.json {
        let line = serde_json::json!({ "ok": broken == 0, "checks": checks.0 });
        say(&line.to_string());
    } else {
        for check in &checks.0 {
            let mark = match check.state {
                State::Ok => "ok",
                State::Warning => "warning",
                State::Broken => "BROKEN",
            };
            say(&format!("{mark:<8} {}: {}", check.name, check.detail));
        }
    }
    if broken > 0 {
        let checks = counted(broken, "check", "checks");
        return Err(Error::broken(format!("{checks} found a defect")));
    }
    Ok(())
}

fn folder(data: &Path, checks: &mut Checks) {
    let trial = data.join(format!(".doctor.{}", std::process::id()));
    let written = kontor_platform::secret::write_private(&trial, b"x");
    match written.and_then(|()| Ok(std::fs::remove_file(&trial)?)) {
        Ok(()) => match open_to_others(data) {
            None => checks.add("data folder", State::Ok, data.display().to_string()),
            Some(mode) => {
                let data = data.display();
                let detail = format!("{data} has mode {mode:o}; type chmod 700 {data}");
                checks.add("data folder", State::Warning, detail);
            }
        },
        Err(error) => checks.add(
            "data folder",
            State::Broken,
            format!("{} cannot be written: {error}", data.display()),
        ),
    }
}

fn secret(config: &Config, data: &Path, checks: &mut Checks) {
    let path = data.join(server::KEY_FILE);
    if !config.secret.is_empty() {
        checks.add("secret", State::Ok, "from the configuration");
    } else if !path.exists() {
        checks.add("secret", State::Warning, "made when the server starts");
    } else if let Some(mode) = open_to_others(&path) {
        checks.add(
            "secret",
            State::Broken,
            format!("{} has mode {mode:o}; type chmod 600", path.display()),
        );
    } else {
        checks.add("secret", State::Ok, "its owner's alone");
    }
}

/// The mode of a file or folder that others than its owner can use.
fn open_to_others(path: &Path) -> Option<u32> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
        (mode & 0o077 != 0).then_some(mode)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

fn database(config: &Config, data: &Path, checks: &mut Checks) -> Result<Set> {
    let source = folder::source(config, data)?;
    if matches!(&source, Source::Lite(path) if !path.exists()) {
        return Err(Error::broken("there is none yet; kontor serve makes it"));
    }
    let mut conn = connect(&source)?;
    checks.add("database", State::Ok, version(&mut conn)?);
    let pending = match migrate::pending(&mut conn, wiring::MIGRATIONS) {
        Ok(pending) => pending.len(),
        Err(error) => {
            checks.add("migrations", State::Broken, error.to_string());
            return Ok(Set::default());
        }
    };
    if pending > 0 {
        let detail = format!("{pending} waiting; the next start or kontor migrate runs them");
        checks.add("migrations", State::Warning, detail);
        return Ok(Set::default());
    }
    let all = format!("all {}", wiring::MIGRATIONS.len());
    checks.add("migrations", State::Ok, all);
    snapshot(&mut conn, |conn| {
        content(conn, checks)?;
        checks.add("search", State::Ok, care::index(conn, data)?);
        let key = server::secret(config, data)?;
        let key = key.and_then(|text| ServerKey::from_text(&text).ok());
        let (mut is_unreadable, mut is_known) = (false, true);
        if let Some(key) = key {
            is_unreadable = settings::smtp(conn, config, &key)?.is_unreadable;
            is_known = settings::knows_secret(conn, &key)?;
        }
        if !is_known {
            let detail = "not the one that these data were last served with; several nodes need \
                          one secret in their configurations";
            checks.add("secret", State::Warning, detail);
        }
        Ok(Set {
            public_url: settings::public_url(conn)?,
            smtp_host: settings::smtp_host(conn)?,
            is_unreadable,
        })
    })?
}

fn content(conn: &mut Conn, checks: &mut Checks) -> Result<()> {
    let head = log::head(conn)?;
    match log::verify(conn)? {
        None => {
            let detail = format!("{head} facts, the hash chain is verified");
            checks.add("activity log", State::Ok, detail);
        }
        Some(seq) => {
            let detail = format!("the hash chain is broken at fact {seq}; restore a backup");
            checks.add("activity log", State::Broken, detail);
        }
    }
    let parked = readers::parked(conn)?;
    let mut detail = parked.len().to_string();
    for p in &parked {
        let (reader, seq, kind, reason) = (&p.reader, p.seq, &p.kind, &p.reason);
        detail.push_str(&format!("; {reader}: fact {seq} ({kind}): {reason}"));
    }
    let state = if parked.is_empty() {
        State::Ok
    } else {
        State::Warning
    };
    checks.add("parked facts", state, detail);
    match directory::misfiled(conn)? {
        0 => checks.add("lists", State::Ok, "every membership is filed as it should"),
        n => {
            let records = counted(n, "record is", "records are");
            let detail = format!("{records} filed wrongly; kontor reindex files anew");
            checks.add("lists", State::Warning, detail);
        }
    }
    let mails = mail::count_by_state(conn)?;
    let of = |state| mails.iter().find(|m| m.0 == state).map_or(0, |m| m.1);
    let failed = of(mail::State::Failed);
    let tried = failed + of(mail::State::Sent);
    let state = if failed * 100 > tried * FAILED_PERCENT {
        State::Warning
    } else {
        State::Ok
    };
    let waiting = of(mail::State::Waiting);
    let detail = format!("{failed} of {tried} failed, {waiting} waiting");
    checks.add("mails", state, detail);
    Ok(())
}

fn backups(folder: &Path, now: Instant, checks: &mut Checks) -> Result<()> {
    let newest = backup::newest(folder)?;
    let place = folder.display();
    match newest {
        None => checks.add(
            "backup",
            State::Warning,
            format!("none in {place}; kontor backup makes one"),
        ),
        Some(at) => {
            let days = now.seconds_since(at) / DAY_S;
            let state = if days >= BACKUP_DAYS {
                State::Warning
            } else {
                State::Ok
            };
            let age = counted(days, "day", "days");
            let detail = format!("the newest in {place} is {age} old");
            checks.add("backup", state, detail);
        }
    }
    Ok(())
}

fn address_and_mail(config: &Config, set: &Set, checks: &mut Checks) {
    let url = match config.public_url.as_str() {
        "" => set.public_url.as_str(),
        configured => configured,
    };
    if url.starts_with("https://") {
        checks.add("public_url", State::Ok, url);
    } else if url.is_empty() {
        let detail = "not set; links in mails and secure cookies need it";
        checks.add("public_url", State::Warning, detail);
    } else {
        let detail = format!("{url} is not https: cookies travel in the clear");
        checks.add("public_url", State::Warning, detail);
    }
    let host = match config.smtp.host.as_str() {
        "" => set.smtp_host.as_str(),
        configured => configured,
    };
    if set.is_unreadable {
        checks.add("mail server", State::Broken, accounts::admin::UNREADABLE);
    } else if host.is_empty() {
        let detail = "not set: mails are kept in the administration";
        checks.add("mail server", State::Warning, detail);
    } else {
        checks.add("mail server", State::Ok, host);
    }
}
