//! `kontor user …`.

use std::path::Path;

use kontor_platform::config::Config;
use kontor_platform::text::Lang;
use kontor_platform::work::Stamp;
use kontor_platform::{Clock, Day, Error, Result, secret};

use super::say;
use crate::accounts::{self, Invitation, Role, RoleKind, Scope, settings};
use crate::app::server;
use crate::directory;

/// Invites an address and prints the link.
pub fn invite(
    config: &Config,
    data: &Path,
    mail: &str,
    role: &str,
    cluster: Option<&str>,
    until: Option<&str>,
    lang: &str,
) -> Result<()> {
    let kind = RoleKind::parse(role).ok_or_else(|| {
        let known: Vec<&str> = RoleKind::ALL.iter().map(|r| r.as_str()).collect();
        Error::broken(format!("--role {role}: write one of {}", known.join(", ")))
    })?;
    let clock = Clock::system();
    let today = clock.now().day();
    let until = until.map(|text| ends(text, today)).transpose()?;
    let db = server::open(config, data, &clock)?;
    let scope = match (kind, cluster) {
        (RoleKind::ClusterManager, None) => {
            return Err(Error::broken("a cluster_manager needs --cluster SLUG"));
        }
        (RoleKind::OrganisationRepresentative, _) => {
            return Err(Error::broken(
                "representatives are invited by their cluster's manager",
            ));
        }
        (kind, Some(_)) if kind.is_regional() => {
            return Err(Error::broken(format!(
                "{role} holds for the whole region: leave --cluster out"
            )));
        }
        (_, None) => Scope::Region,
        (_, Some(slug)) => Scope::Cluster(cluster_id(&db, slug)?),
    };
    let lang = Lang::parse(lang).unwrap_or_default();
    let invitation = Invitation {
        mail: mail.to_owned(),
        name: String::new(),
        lang,
        role: Role {
            kind,
            scope,
            since: today,
            until,
        },
    };
    let token = secret::token();
    let link = token.clone();
    db.write_now(Stamp::system(clock.now()), move |work| {
        accounts::invite(work, &invitation, &link, None)
    })
    .map_err(|error| match error {
        Error::Invalid(_) => {
            Error::broken(format!("{mail}: write an address such as name@example.org"))
        }
        other => other,
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

/// The day before which a role with this last day ends.
fn ends(last: &str, today: Day) -> Result<Day> {
    Day::parse(last)
        .filter(|last| *last >= today)
        .map(Day::next)
        .ok_or_else(|| {
            let what = "write the role's last day, from today on, as 2027-03-31";
            Error::broken(format!("--until {last}: {what}"))
        })
}

fn cluster_id(db: &kontor_platform::db::Db, slug: &str) -> Result<String> {
    db.read_now(|conn| directory::cluster_by_slug(conn, slug))?
        .map(|cluster| cluster.id.to_string())
        .map_err(|known| Error::broken(format!("--cluster {slug}: known are {}", known.join(", "))))
}
