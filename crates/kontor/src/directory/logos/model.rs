//! Nouns and facts of logos.

use kontor_platform::{Id, fact};

use crate::directory::model::Organisation;

/// What a page needs to show a logo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// SHA-256 of the picture in hexadecimal.
    pub hash: String,
    /// In points of the picture.
    pub width: i64,
    pub height: i64,
}

impl Logo {
    /// Reads `320 107`, as one statement says width and height.
    pub fn sized(hash: String, size: &str) -> Option<Logo> {
        let (width, height) = size.split_once(' ')?;
        Some(Logo {
            hash,
            width: width.parse().ok()?,
            height: height.parse().ok()?,
        })
    }

    /// Its path, without the language's prefix.
    pub fn path(&self, slug: &str) -> String {
        format!("/organisationen/{slug}/logo/{}", self.hash)
    }
}

fact!(
    /// An organisation got a logo, or another one.
    LogoSet, "directory.logo_set", organisation: Id<Organisation>);
fact!(
    /// An organisation's logo was removed.
    LogoRemoved, "directory.logo_removed", organisation: Id<Organisation>);
