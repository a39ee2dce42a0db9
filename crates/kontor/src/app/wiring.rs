//! What belongs to the product: its texts, its tables, its places.

use kontor_platform::Result;
use kontor_platform::db::Migration;
use kontor_platform::text::Texts;
use kontor_platform::web::NavItem;

use crate::directory;
use crate::search::{Kind, Source};

macro_rules! migrations {
    ($($name:literal),+ $(,)?) => {
        &[$(Migration { name: $name, sql: include_str!(concat!("../../../../migrations/", $name, ".sql")) }),+]
    };
}

/// Every migration in order.
pub const MIGRATIONS: &[Migration] = migrations![
    "0001_log",
    "0002_accounts",
    "0003_directory",
    "0004_import",
    "0005_mail",
    "0006_own_account",
    "0009_people",
    "0010_grounds",
    "0011_accessibility",
    "0012_requests",
    "0013_contact",
    "0014_duplicates",
    "0015_endings",
    "0016_erasures",
    "0017_mentions",
    "0017a_import_runs",
    "0018_consents",
    "0019_asked_anew",
    "0020_lists",
    "0021_roles",
    "0022_objected",
    "0023_found_by_key",
    "0024_erased_addresses",
    "0025_row_keys",
    "0027_figures",
    "0028_lean_indexes",
    "0029_logos",
    "0030_employments",
    "0031_gone_organisations",
    "0032_likely_pairs",
    "0034_merges_told",
    "0034a_withdrawn_proposals",
    "0035_former_names",
    "0036_former_addresses",
    "0037_open_invitations",
];

/// The rooms' sentences in German.
pub const DE: &[&str] = &[
    include_str!("texts/de.ftl"),
    include_str!("../accessibility/texts/de.ftl"),
    include_str!("../accounts/texts/de.ftl"),
    include_str!("../consents/texts/de.ftl"),
    include_str!("../directory/texts/de.ftl"),
    include_str!("../directory/duplicates/texts/de.ftl"),
    include_str!("../directory/employments/texts/de.ftl"),
    include_str!("../directory/history/texts/de.ftl"),
    include_str!("../directory/import/texts/de.ftl"),
    include_str!("../directory/invitations/texts/de.ftl"),
    include_str!("../directory/logos/texts/de.ftl"),
    include_str!("../directory/memberships/texts/de.ftl"),
    include_str!("../privacy/texts/de.ftl"),
    include_str!("../search/texts/de.ftl"),
    include_str!("../directory/contact/texts/de.ftl"),
    include_str!("../directory/profile/texts/de.ftl"),
    include_str!("../directory/requests/texts/de.ftl"),
];

/// The rooms' sentences in English.
pub const EN: &[&str] = &[
    include_str!("texts/en.ftl"),
    include_str!("../accessibility/texts/en.ftl"),
    include_str!("../accounts/texts/en.ftl"),
    include_str!("../consents/texts/en.ftl"),
    include_str!("../directory/texts/en.ftl"),
    include_str!("../directory/duplicates/texts/en.ftl"),
    include_str!("../directory/employments/texts/en.ftl"),
    include_str!("../directory/history/texts/en.ftl"),
    include_str!("../directory/import/texts/en.ftl"),
    include_str!("../directory/invitations/texts/en.ftl"),
    include_str!("../directory/logos/texts/en.ftl"),
    include_str!("../directory/memberships/texts/en.ftl"),
    include_str!("../privacy/texts/en.ftl"),
    include_str!("../search/texts/en.ftl"),
    include_str!("../directory/contact/texts/en.ftl"),
    include_str!("../directory/profile/texts/en.ftl"),
    include_str!("../directory/requests/texts/en.ftl"),
];

/// All sentences.
pub fn texts() -> Result<Texts> {
    Texts::load(DE, EN)
}

/// What the search reads: which facts name which card of which room.
pub const SOURCES: &[Source] = &[Source {
    kinds: &[
        Kind {
            name: directory::readers::CLUSTER,
            title: "search-group-clusters",
            all: "search-all-clusters",
            icon: "network",
        },
        Kind {
            name: directory::readers::ORGANISATION,
            title: "search-group-organisations",
            all: "search-all-organisations",
            icon: "building-2",
        },
    ],
    facts: &[
        ("directory.cluster_created", directory::readers::CLUSTER),
        ("directory.cluster_changed", directory::readers::CLUSTER),
        (
            "directory.organisation_created",
            directory::readers::ORGANISATION,
        ),
        (
            "directory.organisation_changed",
            directory::readers::ORGANISATION,
        ),
        (
            "directory.organisation_withdrawn",
            directory::readers::ORGANISATION,
        ),
        (
            "directory.membership_changed",
            directory::readers::ORGANISATION,
        ),
        (
            "directory.membership_began",
            directory::readers::ORGANISATION,
        ),
        (
            "directory.membership_ended",
            directory::readers::ORGANISATION,
        ),
        (
            "directory.membership_resumed",
            directory::readers::ORGANISATION,
        ),
        (
            "directory.organisations_merged",
            directory::readers::ORGANISATION,
        ),
        (
            "directory.membership_withdrawn",
            directory::readers::ORGANISATION,
        ),
    ],
    ids: directory::readers::ids,
    cards: directory::readers::cards,
    words: directory::readers::words,
    hits: directory::readers::hits,
}];

/// The main navigation: areas that are built.
pub const NAV: &[NavItem] = &[
    NavItem {
        path: "/cluster",
        key: "nav-clusters",
        letter: "c",
    },
    NavItem {
        path: "/organisationen",
        key: "nav-organisations",
        letter: "o",
    },
    NavItem {
        path: "/personen",
        key: "nav-people",
        letter: "p",
    },
];

/// The embedded styles, scripts, fonts and pictures.
#[derive(rust_embed::RustEmbed)]
#[folder = "assets/"]
#[include = "*.css"]
#[include = "*.js"]
#[include = "*.svg"]
#[include = "*.woff2"]
pub struct Embedded;
