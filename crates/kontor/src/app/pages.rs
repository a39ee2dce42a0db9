//! Pages that look over several rooms, and the legal ones.

use askama::Template;
use axum::response::Response;
use kontor_platform::Result;

use crate::accounts::settings::{self, Region};
use crate::accounts::{Cx, Frame, Role};
use crate::directory;

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
    roles: Vec<Role>,
}

pub async fn mine(cx: Cx) -> Result<Response> {
    cx.page(|_, who| {
        who.signed_in()?;
        Ok(Mine {
            f: who.frame_t("mine-title"),
            roles: who.actor.roles.clone(),
        })
    })
    .await
}

#[derive(Template)]
#[template(path = "app/views/accessibility.html")]
struct Accessibility {
    f: Frame,
}

pub async fn accessibility(cx: Cx) -> Result<Response> {
    cx.public_page(&[], |_, who| {
        Ok(Accessibility {
            f: who.frame_t("app-accessibility-title"),
        })
    })
    .await
}

#[derive(Template)]
#[template(path = "app/views/privacy.html")]
struct Privacy {
    f: Frame,
    region: Region,
}

pub async fn privacy(cx: Cx) -> Result<Response> {
    cx.page(|conn, who| {
        Ok(Privacy {
            f: who.frame_t("app-privacy-title"),
            region: settings::region(conn)?,
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

pub async fn imprint(cx: Cx) -> Result<Response> {
    cx.page(|conn, who| {
        Ok(Imprint {
            f: who.frame_t("app-imprint-title"),
            region: settings::region(conn)?,
        })
    })
    .await
}
