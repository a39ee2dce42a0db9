//! What every request of one process shares.

use std::ops::Deref;
use std::sync::Arc;

use super::{Assets, PageCache};
use crate::config::Config;
use crate::db::Db;
use crate::secret::ServerKey;
use crate::text::{Lang, Speech, Texts};
use crate::time::Clock;

/// A place in the main navigation; only built areas appear.
#[derive(Debug, Clone, Copy)]
pub struct NavItem {
    pub path: &'static str,
    /// Key of its name.
    pub key: &'static str,
    /// With "g" before it, the keys that lead there.
    pub letter: &'static str,
}

/// The parts of a running site.
pub struct SiteParts {
    pub db: Db,
    pub texts: Texts,
    pub assets: Assets,
    pub config: Config,
    pub key: ServerKey,
    pub clock: Clock,
    pub cache: PageCache,
    /// The data folder is marked as a demo.
    pub demo: bool,
    pub nav: &'static [NavItem],
    /// What a room keeps for the whole process, by its type.
    pub kept: axum::http::Extensions,
}

/// Everything that requests share. Clones are cheap.
#[derive(Clone)]
pub struct Site(Arc<SiteParts>);

impl Site {
    /// Puts the parts together.
    pub fn new(parts: SiteParts) -> Self {
        Site(Arc::new(parts))
    }

    /// The words of a language.
    pub fn speak(&self, lang: Lang) -> Speech {
        self.texts.speak(lang)
    }

    /// Whether cookies must be marked Secure.
    pub fn is_https(&self) -> bool {
        self.config.public_url.starts_with("https://")
    }
}

impl Deref for Site {
    type Target = SiteParts;
    fn deref(&self) -> &SiteParts {
        &self.0
    }
}
