//! Looks at pages in both themes and widths, and collects what is wrong.

use std::path::PathBuf;

use super::browser::{Browser, Theme};
use super::server::Server;

/// What a walk through the pages found wrong.
pub struct Walk<'a> {
    /// Begins the names of its pictures.
    name: &'static str,
    browser: &'a Browser,
    server: &'a Server,
    faults: Vec<String>,
}

impl<'a> Walk<'a> {
    /// A walk that has not begun.
    pub fn new(name: &'static str, browser: &'a Browser, server: &'a Server) -> Self {
        Walk {
            name,
            browser,
            server,
            faults: Vec::new(),
        }
    }

    /// What axe finds on the page as it stands now.
    pub fn axe(&mut self, name: &str) {
        let found = self.browser.axe();
        self.faults
            .extend(found.iter().map(|f| format!("{name}: {f}")));
    }

    /// Opens a page and looks at it in every way.
    pub fn visit(&mut self, path: &str) {
        self.browser.size(1360, 900);
        self.browser.theme(Theme::Light);
        // What an earlier page left behind is that page's.
        let _ = self.browser.console_errors();
        self.browser.goto(&self.server.url(path));
        let errors = self.browser.console_errors();
        // The browser reports the very answer of an error page as an error.
        self.look(
            path,
            errors
                .into_iter()
                .filter(|e| !e.contains("status of 404"))
                .collect(),
        );
    }

    /// Looks at the page that is open.
    pub fn look(&mut self, name: &str, errors: Vec<String>) {
        let mut faults: Vec<String> = errors
            .into_iter()
            .map(|e| format!("console: {e}"))
            .collect();
        if self
            .browser
            .title()
            .split("– Kontor")
            .next()
            .unwrap_or_default()
            .trim()
            .is_empty()
        {
            faults.push("no title".to_owned());
        }
        for width in [1360, 390] {
            for theme in [Theme::Light, Theme::Dark] {
                self.browser.size(width, 900);
                self.browser.theme(theme);
                let found = self.browser.axe();
                faults.extend(found.iter().map(|f| format!("{width} px {theme:?}: {f}")));
                self.picture(name, width, theme);
            }
        }
        self.browser.theme(Theme::Light);
        self.browser.size(320, 900);
        faults.extend(
            self.browser
                .too_wide()
                .iter()
                .map(|f| format!("320 px: {f}")),
        );
        self.browser.size(1360, 900);
        self.faults
            .extend(faults.iter().map(|f| format!("{name}: {f}")));
    }

    /// Keeps a picture in the folder that `KONTOR_PICTURES` names.
    fn picture(&self, name: &str, width: u32, theme: Theme) {
        let Some(folder) = std::env::var_os("KONTOR_PICTURES") else {
            return;
        };
        let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
        let name: String = name.chars().map(plain).collect();
        let file = format!("{}{name}-{width}-{theme:?}.png", self.name).to_lowercase();
        self.browser.screenshot(&PathBuf::from(folder).join(file));
    }

    #[track_caller]
    pub fn done(self) {
        assert!(self.faults.is_empty(), "\n{}\n", self.faults.join("\n"));
    }
}
