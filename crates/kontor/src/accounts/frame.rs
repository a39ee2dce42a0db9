//! What the layout of every page needs to know.

use std::ops::Deref;

use kontor_platform::text::Speech;
use kontor_platform::web::{NavItem, Site, encode};

use super::cx::Who;
use super::target::local;

/// A message about what just happened, by its text's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flash(pub &'static str);

impl Flash {
    /// Every message that an address may ask for: nothing else is shown.
    pub const ALL: &'static [&'static str] = &[
        "flash-signed-in",
        "flash-signed-out",
        "flash-address-asked",
        "flash-address-changed",
        "flash-account-saved",
        "flash-password-changed",
        "flash-sessions-ended",
        "flash-invitation-accepted",
        "flash-invitation-declined",
        "flash-invitation-taken-back",
        "flash-set-up",
        "flash-settings-saved",
        "flash-erased",
        "flash-answered",
        "flash-mail-again",
        "flash-mail-not-again",
        "flash-cluster-founded",
        "flash-cluster-saved",
        "flash-invited",
        "flash-contacts-invited",
        "flash-contacts-informed",
        "flash-nobody-to-write-to",
        "flash-member-created",
        "flash-membership-begun",
        "flash-membership-saved",
        "flash-membership-ended",
        "flash-membership-resumed",
        "flash-merged",
        "flash-merge-proposed",
        "flash-merge-noted",
        "flash-merge-undone",
        "flash-merge-withdrawn",
        "flash-merge-agreement",
        "flash-kept-apart",
        "flash-apart-taken-back",
        "flash-ground-given",
        "flash-request-sent",
        "flash-request-approved",
        "flash-request-rejected",
        "flash-organisation-saved",
        "flash-organisation-unchanged",
        "flash-logo-set",
        "flash-logo-removed",
        "flash-contact-sent",
        "flash-contact-confirm",
        "flash-report-settled",
        "flash-unblocked",
        "flash-representation-ended",
        "flash-profile-saved",
        "flash-profile-saved-nameless",
        "flash-employment-asked",
        "flash-employment-begun",
        "flash-employment-withdrawn",
        "flash-employment-left",
        "flash-employment-removed",
        "flash-employment-confirmed",
        "flash-employment-declined",
        "flash-employment-ended",
        "flash-consent-withdrawn",
        "flash-role-granted",
        "flash-role-ended",
        "flash-account-locked",
        "flash-account-unlocked",
        "flash-import-applied",
        "flash-import-undone",
        "flash-import-discarded",
        "flash-import-stopped",
    ];
}

/// The address of an icon, written without a detour: a list shows hundreds.
/// Names of icons stand in templates and in code, never in what people type.
pub struct Icon<'a> {
    sprite: &'a str,
    name: &'a str,
}

impl std::fmt::Display for Icon<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.sprite)?;
        f.write_str(self.name)
    }
}

impl askama::FastWritable for Icon<'_> {
    fn write_into(
        &self,
        dest: &mut dyn std::fmt::Write,
        _: &dyn askama::Values,
    ) -> askama::Result<()> {
        dest.write_str(self.sprite)?;
        Ok(dest.write_str(self.name)?)
    }
}

impl askama::filters::HtmlSafe for Icon<'_> {}

/// The frame around a page: words, navigation, viewer.
pub struct Frame {
    site: Site,
    speech: Speech,
    /// The page's title without the product's name.
    pub title: String,
    /// The region's name, empty when none is set.
    pub region: String,
    /// The path without the language's prefix.
    pub path: String,
    query: String,
    /// The viewer's name, empty for nobody.
    pub viewer: String,
    pub theme: String,
    pub demo: bool,
    /// The mark that this session's forms carry.
    pub mark: String,
    pub flash: Option<Flash>,
    pub manages: bool,
    pub administers: bool,
    /// Watches over data protection, without administering.
    pub watches: bool,
}

impl Frame {
    pub(super) fn new(who: &Who, title: String) -> Self {
        use super::model::RoleKind;
        let cx = &who.cx;
        let asked = cx.fields();
        let flash = Flash::ALL
            .iter()
            .find(|k| **k == asked.text("ok"))
            .map(|k| Flash(k));
        Frame {
            speech: cx.site.speak(cx.lang),
            title,
            region: cx.site.region(),
            path: cx.path.clone(),
            query: cx.query.clone(),
            viewer: who.name.clone(),
            theme: who.theme.clone(),
            demo: cx.site.demo,
            mark: cx
                .token
                .as_ref()
                .map(|t| cx.site.key.sign("form", t))
                .unwrap_or_default(),
            flash,
            manages: who.actor.is(RoleKind::ClusterManager),
            administers: who.actor.is(RoleKind::Admin),
            watches: who.actor.is(RoleKind::DataProtectionOfficer),
            site: cx.site.clone(),
        }
    }

    /// The areas that are built.
    pub fn nav(&self) -> &'static [NavItem] {
        self.site.nav
    }

    /// Whether the page lies in the area at `path`.
    pub fn is_here(&self, path: &str) -> bool {
        let rest = self.path.strip_prefix(path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The hashed address of an asset.
    pub fn asset(&self, name: &str) -> &str {
        self.site.assets.address(name)
    }

    /// The address of an icon in the sprite.
    pub fn icon<'a>(&'a self, name: &'a str) -> Icon<'a> {
        Icon {
            sprite: self.site.assets.icons(),
            name,
        }
    }

    /// This page in the other language.
    pub fn other_href(&self) -> String {
        let path = self.site.speak(self.speech.lang.other()).href(&self.path);
        if self.query.is_empty() {
            path
        } else {
            format!("{path}?{}", self.query)
        }
    }

    /// The sign-in, which leads back to this page.
    pub fn sign_in_href(&self) -> String {
        let here = match self.query.is_empty() {
            true => self.path.clone(),
            false => format!("{}?{}", self.path, self.query),
        };
        match local(&here) {
            Some(here) => self.href(format!("/anmelden?weiter={}", encode(here))),
            None => self.href("/anmelden"),
        }
    }

    /// Up to two initials of the viewer.
    pub fn initials(&self) -> String {
        initials(&self.viewer)
    }
}

/// Up to two initials of a name.
pub fn initials(name: &str) -> String {
    let mut letters = name.split_whitespace().filter_map(|w| w.chars().next());
    let first = letters.next();
    let last = letters.next_back();
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

impl Deref for Frame {
    type Target = Speech;
    fn deref(&self) -> &Speech {
        &self.speech
    }
}
