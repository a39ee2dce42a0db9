//! Pages that look over several rooms, and the legal ones.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kontor_platform::db::Conn;
use kontor_platform::text::Lang;
use kontor_platform::web::{answer, redirect};
use kontor_platform::{Error, Result};

use crate::accounts::settings::{self, Region};
use crate::accounts::{Cx, Frame, RoleKind, Who};
use crate::consents::{About, Purpose};
use crate::directory;
use crate::directory::employments::{self, Waiting};
use crate::directory::invitations::open;
use crate::directory::start::{self, Held, Managing};
use crate::privacy;

#[derive(Template)]
#[template(path = "app/views/home.html")]
struct Home {
    f: Frame,
    tiles: Vec<directory::Tile>,
}

impl Home {
    fn count(&self) -> i64 {
        i64::try_from(self.tiles.len()).unwrap_or(0)
    }
}

pub async fn home(cx: Cx) -> Result<Response> {
    cx.public_page(&["directory", "accounts"], |conn, who| {
        Ok(Home {
            f: who.frame_t("home-title"),
            tiles: directory::cluster_grid(conn, who)?,
        })
    })
    .await
}

#[derive(Template)]
#[template(path = "app/views/mine.html")]
struct Mine {
    f: Frame,
    roles: Vec<Held>,
    /// Identifier and sentences of each invitation that waits for the asker's answer.
    invitations: Vec<(String, Vec<String>)>,
    /// Requests and reports that wait for the asker.
    waiting: i64,
    /// Organisations that the asker speaks for, and of which somebody waits for
    /// a yes.
    employments: Vec<Waiting>,
    /// Proposals to merge that wait for the asker's yes.
    merges: i64,
    /// What waits where the asker leads.
    managing: Option<Managing>,
}

impl Mine {
    /// Key of what one finds at a place of the navigation.
    fn hint(&self, path: &str) -> Option<&'static str> {
        match path {
            "/cluster" => Some("mine-hint-clusters"),
            "/organisationen" => Some("mine-hint-organisations"),
            "/personen" => Some("mine-hint-people"),
            _ => None,
        }
    }

    /// Name and page of each organisation whose profile the asker edits.
    fn edited(&self) -> impl Iterator<Item = (&str, &str)> {
        let speaks = |r: &&Held| r.kind == RoleKind::OrganisationRepresentative;
        let held = self.roles.iter().filter(speaks);
        held.filter_map(|r| Some((r.place.as_deref()?, r.path.as_deref()?)))
    }
}

/// What waits for the asker: requests with reports, and proposals to merge.
pub(super) fn waiting(conn: &mut Conn, who: &Who) -> Result<(i64, i64)> {
    let care = directory::requests::Care::of(conn, who)?;
    let asked = directory::requests::count_open(conn, &care)?
        + directory::contact::count_reports(conn, &care)?
        + directory::employments::count_in_care(conn, &care)?;
    Ok((
        asked,
        directory::duplicates::count_waiting(conn, &who.actor)?,
    ))
}

/// The start page. Who takes part and has never said what may be seen of them
/// is asked that first, once.
pub async fn mine(cx: Cx) -> Result<Response> {
    let page = cx
        .read(|conn, who| {
            who.signed_in()?;
            let account = who.actor.account.ok_or(Error::Forbidden)?;
            if who.actor.takes_part() && !directory::people::is_asked(conn, account)? {
                return Ok(None);
            }
            let f = who.frame_t("mine-title");
            let (waiting, merges) = match f.manages || f.administers {
                true => waiting(conn, who)?,
                false => (0, 0),
            };
            let page = Mine {
                invitations: open::for_account(conn, who, account)?,
                f,
                waiting,
                employments: employments::of_organisations(conn, &who.actor.organisations())?,
                merges,
                roles: start::held(conn, &who.actor.roles)?,
                managing: start::managing(conn, who)?,
            };
            Ok(Some(page.render()?))
        })
        .await?;
    Ok(match page {
        Some(body) => answer::html(StatusCode::OK, body),
        None => redirect(&cx.href("/mein-kontor/profil")),
    })
}

#[derive(Template)]
#[template(path = "app/views/privacy.html")]
struct Privacy {
    f: Frame,
    region: Region,
    held: Vec<privacy::Held>,
}

impl Privacy {
    /// Who answers for the data, and in which language that is written.
    fn controller(&self) -> (&str, Lang) {
        self.region.controller_in(self.f.lang)
    }

    /// When data of a purpose ends, with the days that hold now.
    fn ends(&self, about: &About) -> String {
        let Some(rule) = about.rule else {
            return self.f.t(about.ends).to_owned();
        };
        let held = self.held.iter().find(|h| h.rule.name == rule);
        self.f.n(about.ends, held.map_or(0, |h| h.days))
    }
}

pub async fn privacy(cx: Cx) -> Result<Response> {
    cx.page(|conn, who| {
        Ok(Privacy {
            f: who.frame_t("app-privacy-title"),
            region: settings::region(conn)?,
            held: privacy::held(conn)?,
        })
    })
    .await
}

#[derive(Template)]
#[template(path = "app/views/imprint.html")]
struct Imprint {
    f: Frame,
    region: Region,
}

impl Imprint {
    /// The imprint, and in which language it is written.
    fn text(&self) -> (&str, Lang) {
        self.region.imprint_in(self.f.lang)
    }
}

pub async fn imprint(cx: Cx) -> Result<Response> {
    cx.page(|conn, who| {
        Ok(Imprint {
            f: who.frame_t("app-imprint-title"),
            region: settings::region(conn)?,
        })
    })
    .await
}
