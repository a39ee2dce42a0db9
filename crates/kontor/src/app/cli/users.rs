//! `kontor user …`.

use std::path::Path;

use clap::{Args, Subcommand};
use kontor_platform::config::Config;
use kontor_platform::db::Db;
use kontor_platform::text::Lang;
use kontor_platform::work::Stamp;
use kontor_platform::{Clock, Day, Error, Result, secret};

use super::{say, say_wrong, wrong_usage};
use crate::accounts::{self, Invitation, Role, RoleKind, Scope, settings};
use crate::app::{folder, server};
use crate::directory;

#[derive(Subcommand)]
pub(super) enum User {
    /// Invite an address to a role; prints the link, good for 14 days.
    #[command(
        after_help = "Example:\n  kontor user invite it@kontor.example.org --role admin\n  \
        kontor user invite anna@cluster.example.org --role cluster_manager --cluster hamburg-aviation"
    )]
    Invite(Invite),
}

#[derive(Args)]
pub(super) struct Invite {
    mail: String,
    /// admin, dsb, coordinator, cluster_manager, facilitator, editor, expert, officer, auditor, member
    #[arg(long, value_parser = role)]
    role: RoleKind,
    /// The cluster of a cluster_manager or member.
    #[arg(long, value_name = "SLUG")]
    cluster: Option<String>,
    /// The role's last day; it then ends by itself. An auditor needs one.
    #[arg(long, value_name = "YYYY-MM-DD")]
    until: Option<String>,
    /// The language of the link's page.
    #[arg(long, default_value = "de", value_parser = ["de", "en"])]
    lang: String,
}

/// A role that can be given from the shell.
fn role(word: &str) -> Result<RoleKind, String> {
    let not_here = RoleKind::OrganisationRepresentative;
    match RoleKind::parse(word) {
        Some(kind) if kind == not_here => {
            Err("representatives are invited by their cluster's manager".into())
        }
        Some(kind) => Ok(kind),
        None => {
            let known = RoleKind::ALL.iter().filter(|kind| **kind != not_here);
            let known: Vec<&str> = known.map(|kind| kind.as_str()).collect();
            Err(format!("write one of {}", known.join(", ")))
        }
    }
}

/// Runs one of the commands about accounts.
pub(super) fn run(config: &Config, data: &Path, what: &User) -> Result<()> {
    let User::Invite(args) = what;
    invite(config, data, args)
}

/// Invites an address and prints the link. What can be seen to be wrong is told
/// before a database is opened.
fn invite(config: &Config, data: &Path, args: &Invite) -> Result<()> {
    let (mail, kind) = (args.mail.as_str(), args.role);
    if !accounts::looks_like_mail(&mail.trim().to_lowercase()) {
        return Err(wrong_usage(format!(
            "{mail}: write an address such as name@example.org"
        )));
    }
    if kind == RoleKind::ClusterManager && args.cluster.is_none() {
        return Err(wrong_usage("a cluster_manager needs --cluster SLUG"));
    }
    if kind.is_regional() && args.cluster.is_some() {
        return Err(wrong_usage(format!(
            "{} holds for the whole region: leave --cluster out",
            kind.as_str()
        )));
    }
    if kind.needs_end() && args.until.is_none() {
        return Err(wrong_usage(format!(
            "{} is given for a period only: add its last day as --until YYYY-MM-DD",
            kind.as_str()
        )));
    }
    let clock = Clock::system();
    let today = clock.now().day();
    let until = args.until.as_deref().map(|text| ends(text, today));
    let until = until.transpose()?;
    let db = open(config, data, kind, &clock)?;
    let scope = match &args.cluster {
        None => Scope::Region,
        Some(slug) => Scope::Cluster(cluster_id(&db, slug)?),
    };
    let lang = Lang::parse(&args.lang).unwrap_or_default();
    let invitation = Invitation {
        mail: mail.to_owned(),
        name: String::new(),
        lang,
        role: Some(Role {
            kind,
            scope,
            since: today,
            until,
        }),
    };
    let token = secret::token();
    let link = token.clone();
    db.write_now(Stamp::system(clock.now()), move |work| {
        accounts::invite(work, &invitation, &link, None)
    })?;
    let set = db.read_now(settings::public_url)?;
    let base = match (config.public_url.as_str(), set.as_str()) {
        ("", "") => format!("http://{}", config.listen),
        ("", set) => set.trim_end_matches('/').to_owned(),
        (configured, _) => configured.trim_end_matches('/').to_owned(),
    };
    say(&format!("{base}{}/einladung/{token}", lang.prefix()));
    Ok(())
}

/// The installation; a first administration begins one where there is none.
fn open(config: &Config, data: &Path, kind: RoleKind, clock: &Clock) -> Result<Db> {
    if kind != RoleKind::Admin {
        return server::open_existing(config, data, clock);
    }
    let is_new = folder::installation(&folder::source(config, data)?)?.is_none();
    let db = server::open(config, data, clock)?;
    if is_new {
        say_wrong(&format!(
            "A new installation begins with this invitation; its data folder is {}.",
            data.display()
        ));
    }
    Ok(db)
}

/// The day before which a role with this last day ends.
fn ends(last: &str, today: Day) -> Result<Day> {
    Day::parse(last)
        .filter(|last| *last >= today)
        .map(Day::next)
        .ok_or_else(|| {
            let what = "write the role's last day, from today on, as 2027-03-31";
            wrong_usage(format!("--until {last}: {what}"))
        })
}

fn cluster_id(db: &Db, slug: &str) -> Result<String> {
    db.read_now(|conn| directory::cluster_by_slug(conn, slug))?
        .map(|cluster| cluster.id.to_string())
        .map_err(|known| unknown_cluster(slug, &known))
}

/// What is said of a cluster that is not there.
pub(super) fn unknown_cluster(slug: &str, known: &[String]) -> Error {
    let known = match known {
        [] => "none is founded yet".to_owned(),
        known => format!("there are {}", known.join(", ")),
    };
    wrong_usage(format!(
        "--cluster {slug}: there is no such cluster; {known}"
    ))
}
