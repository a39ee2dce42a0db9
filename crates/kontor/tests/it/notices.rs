//! What others made is named: every package in `THIRD_PARTY.md`, every vendored
//! file in `vendor.lock` with its checksum.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::sources::{repository, walk};

fn read(path: &str) -> String {
    let path = repository().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn every_package_is_named_with_its_licence() {
    let lock: toml::Table = read("Cargo.lock").parse().expect("the lock is TOML");
    let foreign: BTreeSet<(String, String)> = lock["package"]
        .as_array()
        .expect("packages")
        .iter()
        .filter(|p| p.get("source").is_some())
        .map(|p| {
            let text = |key: &str| p[key].as_str().expect("a text").to_owned();
            (text("name"), text("version"))
        })
        .collect();
    assert!(foreign.len() > 100, "the test has lost its sight");

    let notices = read("THIRD_PARTY.md");
    let mut named = BTreeMap::new();
    for line in notices.lines().filter(|l| l.starts_with("| ")).skip(1) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 4, "name, version, licence, source: {line}");
        assert!(!cells[2].is_empty(), "no licence: {line}");
        named.insert(
            (cells[0].to_owned(), cells[1].to_owned()),
            cells[2].to_owned(),
        );
    }
    let missing: Vec<_> = foreign.iter().filter(|p| !named.contains_key(p)).collect();
    assert!(
        missing.is_empty(),
        "run scripts/notices.sh; missing: {missing:?}"
    );
    let gone: Vec<_> = named.keys().filter(|p| !foreign.contains(p)).collect();
    assert!(
        gone.is_empty(),
        "run scripts/notices.sh; not used any more: {gone:?}"
    );
}

#[test]
fn every_vendored_file_is_what_was_vendored() {
    let folder = repository().join("crates/kontor/assets/vendor");
    if !folder.exists() {
        return; // nothing is vendored
    }
    let lock: toml::Table = read("crates/kontor/assets/vendor/vendor.lock")
        .parse()
        .expect("the lock is TOML");
    let mut sums = BTreeMap::new();
    for package in lock["package"].as_array().expect("packages") {
        for key in ["name", "version", "licence"] {
            let text = package.get(key).and_then(toml::Value::as_str);
            assert!(text.is_some_and(|t| !t.is_empty()), "no {key}: {package}");
        }
        for file in package["files"].as_array().expect("files") {
            let text = |key: &str| file[key].as_str().expect("a text").to_owned();
            let twice = sums.insert(text("path"), text("sha256"));
            assert!(twice.is_none(), "{} twice", text("path"));
        }
    }
    // What was made from a package may lie outside the folder, as the icons do.
    for (path, sum) in &sums {
        let bytes = std::fs::read(repository().join(path))
            .unwrap_or_else(|e| panic!("{path} is in vendor.lock: {e}"));
        let found = kontor_platform::secret::hex(&Sha256::digest(&bytes));
        assert_eq!(sum, &found, "{path}: checksum in vendor.lock");
    }
    walk(&folder, &mut |path| {
        let inside = path
            .strip_prefix(repository())
            .expect("below the repository");
        let name = inside.to_string_lossy().replace('\\', "/");
        let known = name.ends_with("/vendor.lock") || sums.contains_key(&name);
        assert!(known, "{name} is not in vendor.lock");
    });
}
