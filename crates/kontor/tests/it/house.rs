//! The rules of the building, checked on the sources: rooms look down only,
//! each keeps its tables to itself, and nothing grows too large.

use std::collections::{BTreeMap, BTreeSet};

use crate::sources::{File, files, repository, rust};

/// Floors, lowest first; a room sees the floors below its own.
const FLOORS: &[&str] = &[
    "accounts",
    "consents",
    "directory accessibility",
    "search notifications network indicators reports privacy",
    "spaces",
    "events exchange toolbox strategy foresight news",
    "app",
];
const SOURCES: &str = "crates/kontor/src";
/// The most lines a file may have.
const LINES: usize = 500;
/// Words of the business, which the technical ground does not know.
const BUSINESS: [&str; 5] = [
    "cluster",
    "organisation",
    "organization",
    "membership",
    "helix",
];

fn floor(room: &str) -> Option<usize> {
    FLOORS
        .iter()
        .position(|rooms| rooms.split(' ').any(|r| r == room))
}

/// The room of a file below the application's sources; none for the few files
/// that stand beside the rooms.
fn room(file: &File) -> Option<&str> {
    let inside = file.path.strip_prefix(SOURCES)?.strip_prefix('/')?;
    inside.split_once('/').map(|(room, _)| room)
}

fn none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// The identifiers that follow each `start` in a text.
fn named_after<'a>(text: &'a str, start: &str) -> Vec<&'a str> {
    let word = |c: char| !(c.is_alphanumeric() || c == '_');
    let mut found = Vec::new();
    for (at, _) in text.match_indices(start) {
        if !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            let rest = &text[at + start.len()..];
            found.push(&rest[..rest.find(word).unwrap_or(rest.len())]);
        }
    }
    found
}

#[test]
fn every_room_has_one_floor() {
    let rooms: BTreeSet<String> = files(SOURCES, "")
        .iter()
        .filter_map(|f| room(f).map(str::to_owned))
        .collect();
    assert!(rooms.contains("accounts") && rooms.contains("app"));
    for room in rooms {
        assert!(floor(&room).is_some(), "{room} has no floor");
    }
    let all: Vec<&str> = FLOORS.iter().flat_map(|f| f.split(' ')).collect();
    let once: BTreeSet<&str> = all.iter().copied().collect();
    assert_eq!(all.len(), once.len(), "a room on two floors");
}

#[test]
fn rooms_look_down_only() {
    let mut faults = Vec::new();
    let mut looks = 0;
    for file in files(SOURCES, ".rs") {
        let code = rust(&file.text).code;
        if code.contains("crate::{") || code.contains("crate::*") {
            faults.push(format!(
                "{}: name each room on a line of its own",
                file.path
            ));
        }
        let Some(own) = room(&file) else { continue };
        // `super` as often as modules lie above it leads out of the room.
        let depth = file.path.matches('/').count()
            - SOURCES.matches('/').count()
            - usize::from(file.name() == "mod.rs");
        if code.contains(&"super::".repeat(depth)) {
            faults.push(format!("{}: super leads out of the room", file.path));
        }
        for other in named_after(&code, "crate::") {
            looks += 1;
            // A room's own tests may stand on the whole house.
            if other != own && floor(other) >= floor(own) && !file.is_test() {
                faults.push(format!("{}: {own} looks up to {other}", file.path));
            }
        }
    }
    assert!(looks > 10, "the test has lost its sight");
    for file in files(SOURCES, ".html") {
        let own = room(&file).expect("templates lie in rooms");
        let named = ["{% extends \"", "{% include \"", "{% import \"", "crate::"];
        for other in named.iter().flat_map(|n| named_after(&file.text, n)) {
            let layout = file.text.contains("\"app/layout/") && other == "app";
            if other != own && floor(other) >= floor(own) && !layout {
                faults.push(format!("{}: {own} looks up to {other}", file.path));
            }
        }
    }
    none(&faults);
}

#[test]
fn statements_stand_in_stores_only() {
    let mut faults = Vec::new();
    let mut stores = 0;
    for file in files(SOURCES, ".rs") {
        let code = rust(&file.text).code;
        // A composed statement begins with the database's `Query`.
        let composes = code.lines().any(|line| {
            let line = line.trim_start();
            line.starts_with("use kontor_platform::db::") && line.contains("Query")
        });
        let speaks = composes || code.contains("params![") || code.contains("sql!");
        let may = file.name() == "store.rs" || file.is_test();
        stores += usize::from(speaks && may);
        if speaks && !may {
            faults.push(format!("{}: SQL outside a store", file.path));
        }
    }
    for krate in ["analysis", "press"] {
        for file in files(&format!("crates/{krate}"), ".rs") {
            let code = rust(&file.text).code;
            if code.contains("params!") || code.contains("sql!") {
                faults.push(format!("{}: SQL", file.path));
            }
        }
    }
    assert!(stores >= 2, "the test has lost its sight");
    none(&faults);
}

/// The tables of each migration by the room its header names.
fn owners() -> BTreeMap<String, String> {
    let mut owners = BTreeMap::new();
    for file in files("migrations", ".sql") {
        let room = header(&file).to_owned();
        for table in named_after(&file.text, "CREATE TABLE ") {
            let twice = owners.insert(table.to_owned(), room.clone());
            assert!(twice.is_none(), "{table} is created twice");
        }
    }
    assert!(owners.len() > 10, "the test has lost its sight");
    owners
}

fn header(file: &File) -> &str {
    file.text
        .strip_prefix("-- Room: ")
        .and_then(|rest| rest.split_once('.'))
        .map(|(room, _)| room)
        .unwrap_or_else(|| panic!("{} begins with no `-- Room: X.`", file.path))
}

#[test]
fn a_rooms_tables_are_its_own() {
    let owners = owners();
    let mut faults = Vec::new();
    let mut uses = 0;
    for file in files("crates", ".rs") {
        let own = if file.path.starts_with("crates/platform/") {
            "platform"
        } else if let Some(room) = room(&file) {
            room
        } else {
            continue;
        };
        for sql in rust(file.product()).strings {
            let verbs = ["FROM ", "JOIN ", "INTO ", "UPDATE ", "TABLE "];
            for table in verbs.iter().flat_map(|v| named_after(&sql, v)) {
                // `ON CONFLICT … DO UPDATE SET`, and names that `WITH` gives.
                if table == "SET" || sql.contains(&format!("{table} AS (")) {
                    continue;
                }
                match owners.get(table) {
                    Some(owner) if owner == own => uses += 1,
                    Some(owner) => faults.push(format!("{}: {table} is {owner}'s", file.path)),
                    // The platform asks the engines about themselves; sentences
                    // for operators hold no statement.
                    None if own == "platform" || table.is_empty() => {}
                    None => faults.push(format!("{}: {table:?} is no table: {sql}", file.path)),
                }
            }
        }
    }
    assert!(uses > 30, "the test has lost its sight");
    none(&faults);
}

#[test]
fn migrations_tell_their_room_and_their_undoing() {
    let mut names = Vec::new();
    for file in files("migrations", ".sql") {
        let room = header(&file);
        assert!(room == "platform" || floor(room).is_some(), "{}", file.path);
        let comment: Vec<&str> = file
            .text
            .lines()
            .take_while(|l| l.starts_with("--"))
            .collect();
        let undo = comment.iter().any(|line| line.starts_with("-- To undo:"));
        assert!(undo, "{} does not say how to undo it", file.path);
        names.push(file.name().trim_end_matches(".sql").to_owned());
    }
    let known: Vec<&str> = kontor::app::wiring::MIGRATIONS
        .iter()
        .map(|m| m.name)
        .collect();
    assert_eq!(names, known, "files and the program's list, both in order");
}

#[test]
fn no_file_is_too_long() {
    let mut faults = Vec::new();
    for end in [".rs", ".html", ".ftl"] {
        for file in files("crates", end) {
            let lines = file.text.lines().count();
            if lines > LINES {
                faults.push(format!("{}: {lines} lines", file.path));
            }
        }
    }
    none(&faults);
}

#[test]
fn analysis_is_pure() {
    let path = repository().join("crates/analysis/Cargo.toml");
    let text = std::fs::read_to_string(path).expect("the manifest");
    let manifest: toml::Table = text.parse().expect("the manifest is TOML");
    let parts: Vec<&String> = manifest["dependencies"]
        .as_table()
        .expect("a table")
        .keys()
        .collect();
    for banned in [
        "axum",
        "tokio",
        "rusqlite",
        "postgres",
        "kontor",
        "kontor-platform",
        "kontor-press",
    ] {
        assert!(
            !parts.iter().any(|p| *p == banned),
            "analysis needs no {banned}"
        );
    }
    let mut faults = Vec::new();
    for file in files("crates/analysis/src", ".rs") {
        let code = rust(file.product()).code;
        for banned in ["std::fs", "std::net", "std::time::SystemTime", "std::env"] {
            if code.contains(banned) {
                faults.push(format!("{}: {banned}", file.path));
            }
        }
    }
    none(&faults);
}

#[test]
fn the_ground_knows_no_business_word() {
    let mut faults = Vec::new();
    for file in files("crates/platform/src", ".rs") {
        let taken = rust(file.product());
        let strings = if file.is_test() {
            String::new()
        } else {
            taken.strings.join(" ")
        };
        let text = format!("{} {strings}", taken.code).to_lowercase();
        for word in BUSINESS.iter().filter(|w| text.contains(**w)) {
            faults.push(format!("{}: {word}", file.path));
        }
    }
    none(&faults);
}

#[test]
fn templates_carry_neither_styles_nor_scripts() {
    let mut faults = Vec::new();
    for file in files(SOURCES, ".html") {
        // The one mail: no style sheet travels along with it, no policy of a
        // page's headers applies to it.
        if file.path.ends_with("accounts/mails/views/letter.html") {
            assert!(!file.text.contains("<script") && !file.text.contains("src="));
            continue;
        }
        let text = file.text.to_lowercase();
        let mut fault = |what: &str| faults.push(format!("{}: {what}", file.path));
        for banned in [
            "style=",
            "<style",
            "javascript:",
            "hx-on",
            "src=\"http",
            "url(http",
        ] {
            if text.contains(banned) {
                fault(banned);
            }
        }
        for (at, _) in text.match_indices("<script") {
            let tag = &text[at..];
            let head = &tag[..tag.find("</script>").expect("a closed script")];
            if !head.contains(" src=") || !head.ends_with('>') || head.matches('>').count() > 1 {
                fault("an inline script");
            }
        }
        // Attributes such as onclick="…"; `content=` and `for="ort"` are none.
        for (at, _) in text.match_indices(" on") {
            let name: String = text[at + 1..]
                .chars()
                .take_while(char::is_ascii_alphabetic)
                .collect();
            if text[at + 1 + name.len()..].trim_start().starts_with('=') {
                fault(&name);
            }
        }
    }
    none(&faults);
}
