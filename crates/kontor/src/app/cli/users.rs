//! `kontor user …`.

use std::path::Path;

use kontor_platform::config::Config;
use kontor_platform::text::Lang;
use kontor_platform::work::Stamp;
use kontor_platform::{Clock, Error, Result};

use super::say;
use crate::accounts::{self, Role, RoleKind, Scope};
use crate::app::server;
use crate::directory;

/// Invites an address and prints the link.
pub fn invite(
    config: &Config,
    data: &Path,
    mail: &str,
    role: &str,
    cluster: Option<&str>,
    lang: &str,
) -> Result<()> {
    let kind = RoleKind::parse(role).ok_or_else(|| {
        let known: Vec<&str> = RoleKind::ALL.iter().map(|r| r.as_str()).collect();
        Error::broken(format!("--role {role}: write one of {}", known.join(", ")))
    })?;
    let clock = Clock::system();
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
        (_, None) => Scope::Region,
        (_, Some(slug)) => Scope::Cluster(cluster_id(&db, slug)?),
    };
    let lang = Lang::parse(lang).unwrap_or_default();
    let role = Role {
        kind,
        scope,
        since: clock.now().day(),
        until: None,
    };
    let address = mail.to_owned();
    let token = db
        .write_now(Stamp::system(clock.now()), move |work| {
            accounts::invite(work, &address, lang, &role)
        })
        .map_err(|error| match error {
            Error::Invalid(_) => {
                Error::broken(format!("{mail}: write an address such as name@example.org"))
            }
            other => other,
        })?;
    let base = if config.public_url.is_empty() {
        format!("http://{}", config.listen)
    } else {
        config.public_url.trim_end_matches('/').to_owned()
    };
    say(&format!("{base}{}/einladung/{token}", lang.prefix()));
    Ok(())
}

fn cluster_id(db: &kontor_platform::db::Db, slug: &str) -> Result<String> {
    db.read_now(|conn| directory::cluster_by_slug(conn, slug))?
        .map(|cluster| cluster.id.to_string())
        .map_err(|known| Error::broken(format!("--cluster {slug}: known are {}", known.join(", "))))
}
