//! The administration's first page: what is set up, what waits, where things are.

use askama::Template;
use axum::response::Response;
use kontor_platform::db::Conn;
use kontor_platform::mail::{self, State};
use kontor_platform::{Error, Result, log, readers};

use crate::accessibility;
use crate::accounts::settings::{self, Region};
use crate::accounts::{Cx, Frame, Who};
use crate::directory;
use crate::directory::start::{self, Managing};

/// A step of setting the region up.
struct Step {
    key: &'static str,
    hint: &'static str,
    path: &'static str,
    done: bool,
}

/// What the operator wants to know at eight in the morning.
struct Health {
    facts: i64,
    parked: i64,
    waiting: i64,
    failed: i64,
    /// Reports of barriers that wait for an answer.
    reports: i64,
    /// Those of them that should have been answered by law.
    overdue: i64,
    is_shared: bool,
}

#[derive(Template)]
#[template(path = "app/views/admin.html")]
struct Admin {
    f: Frame,
    steps: Vec<Step>,
    health: Option<Health>,
    /// Requests and reports that wait for the asker.
    waiting: i64,
    /// Proposals to merge that wait for the asker's yes.
    merges: i64,
    /// What waits where the asker leads.
    managing: Option<Managing>,
    version: &'static str,
}

impl Admin {
    fn is_set_up(&self) -> bool {
        self.steps.iter().all(|s| s.done)
    }
    fn done(&self) -> i64 {
        i64::try_from(self.steps.iter().filter(|s| s.done).count()).unwrap_or(0)
    }
}

/// For the administration and for whoever leads a cluster.
pub async fn overview(cx: Cx) -> Result<Response> {
    cx.page(|conn, who| {
        who.signed_in()?;
        let f = who.frame_t("admin-title");
        if !f.administers && !f.manages {
            return Err(Error::NotFound);
        }
        let (steps, health) = if f.administers {
            (steps(conn, who)?, Some(health(conn, who)?))
        } else {
            (Vec::new(), None)
        };
        let (waiting, merges) = super::pages::waiting(conn, who)?;
        Ok(Admin {
            f,
            steps,
            health,
            waiting,
            merges,
            managing: start::managing(conn, who)?,
            version: env!("CARGO_PKG_VERSION"),
        })
    })
    .await
}

fn steps(conn: &mut Conn, who: &Who) -> Result<Vec<Step>> {
    let site = &who.cx.site;
    let Region {
        controller,
        imprint,
        ..
    } = settings::region(conn)?;
    let url_set = !site.config.public_url.is_empty() || !settings::public_url(conn)?.is_empty();
    let server = settings::smtp(conn, &site.config, &site.key)?;
    let (clusters, organisations) = directory::sizes(conn)?;
    let step = |key, hint, path, done| Step {
        key,
        hint,
        path,
        done,
    };
    Ok(vec![
        step(
            "admin-step-imprint",
            "admin-step-imprint-hint",
            "/verwaltung/region",
            !controller.is_empty() && !imprint.is_empty(),
        ),
        step(
            "admin-step-url",
            "admin-step-url-hint",
            "/verwaltung/region",
            url_set,
        ),
        step(
            "admin-step-mail",
            "admin-step-mail-hint",
            "/verwaltung/mailserver",
            server.is_set() && !server.is_unreadable,
        ),
        step(
            "admin-step-cluster",
            "admin-step-cluster-hint",
            "/verwaltung/cluster/neu",
            clusters > 0,
        ),
        step(
            "admin-step-import",
            "admin-step-import-hint",
            if who.actor.is(crate::accounts::RoleKind::ClusterManager) {
                "/verwaltung/import"
            } else {
                "/verwaltung/konten"
            },
            organisations > 0,
        ),
    ])
}

fn health(conn: &mut Conn, who: &Who) -> Result<Health> {
    let states = mail::count_by_state(conn)?;
    let count = |state| {
        let found = states.iter().find(|(s, _)| *s == state);
        found.map_or(0, |(_, n)| *n)
    };
    let (reports, overdue) = accessibility::count_open(conn, who.cx.now.day())?;
    Ok(Health {
        facts: log::head(conn)?,
        parked: readers::count_parked(conn)?,
        waiting: count(State::Waiting),
        failed: count(State::Failed),
        reports,
        overdue,
        is_shared: who.cx.site.db.is_shared(),
    })
}
