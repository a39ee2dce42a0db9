//! What every request of one process shares.

use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};

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
    /// The address that people see, as it is set now; empty when it is not.
    pub public_url: RwLock<String>,
    /// The region's name as it is set now; empty when it is not.
    pub region: RwLock<String>,
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
        self.base_url().starts_with("https://")
    }

    /// The address for links in mails, without a slash at its end: as set, or
    /// where the server listens.
    pub fn base_url(&self) -> String {
        let set = self
            .public_url
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        if set.is_empty() {
            self.config.near_url()
        } else {
            set.trim_end_matches('/').to_owned()
        }
    }

    /// A page's full address in a language.
    pub fn link(&self, lang: Lang, path: &str) -> String {
        format!("{}{}", self.base_url(), self.speak(lang).href(path))
    }

    /// The region's name for headers and titles; empty when none is set.
    pub fn region(&self) -> String {
        let name = self.region.read().unwrap_or_else(PoisonError::into_inner);
        name.clone()
    }

    /// Changes the region's name: no kept page shows the old one.
    pub fn set_region(&self, name: &str) {
        if self.region() == name {
            return;
        }
        let mut set = self.region.write().unwrap_or_else(PoisonError::into_inner);
        name.clone_into(&mut set);
        drop(set);
        self.cache.clear();
    }

    /// Changes the address that people see. The configuration's own wins.
    pub fn set_public_url(&self, url: &str) {
        if self.config.public_url.is_empty() {
            let mut set = self
                .public_url
                .write()
                .unwrap_or_else(PoisonError::into_inner);
            url.clone_into(&mut set);
        }
    }
}

impl Deref for Site {
    type Target = SiteParts;
    fn deref(&self) -> &SiteParts {
        &self.0
    }
}
