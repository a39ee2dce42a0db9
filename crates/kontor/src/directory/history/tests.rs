//! Every fact about these nouns is told, or kept silent on purpose.

use std::collections::BTreeSet;
use std::path::Path;

use super::model::{Noun, SILENT, TELLINGS};

/// Kind and types of the fields of every fact that the sources declare.
fn facts(folder: &Path, found: &mut Vec<(String, Vec<String>)>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            facts(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = std::fs::read_to_string(&path).expect("a source");
            for part in text.split("\nfact!(").skip(1) {
                let whole = part.split(");\n").next().unwrap_or_default();
                let lines = whole.lines().filter(|l| !l.trim_start().starts_with("//"));
                let line = lines.collect::<String>();
                let mut cells = line.split(',').map(|cell| cell.trim().to_owned());
                let kind = cells.nth(1).expect("a kind").trim_matches('"').to_owned();
                found.push((kind, cells.collect()));
            }
        }
    }
}

fn nouns(ty: &str) -> Vec<Noun> {
    let of = |word: &str| ty.contains(&format!("Id<{word}>"));
    let mut nouns = Vec::new();
    for (is_it, noun) in [
        (
            of("Organisation") || ty.ends_with("Scope"),
            Noun::Organisation,
        ),
        (of("Cluster") || ty.ends_with("Scope"), Noun::Cluster),
        (of("Import"), Noun::Import),
        (of("Person") || of("Account"), Noun::Person),
    ] {
        if is_it {
            nouns.push(noun);
        }
    }
    nouns
}

#[test]
fn every_fact_about_them_has_words_or_is_silent_on_purpose() {
    let mut found = Vec::new();
    facts(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut found,
    );
    assert!(found.len() > 40, "the test has lost its sight");
    let told = |noun: Noun, kind: &str| {
        let told = TELLINGS.iter().any(|t| t.of == noun && t.kind == kind);
        let silent = SILENT.iter().any(|(n, k)| *n == noun && *k == kind);
        assert!(!(told && silent), "{kind} is both");
        told || silent
    };
    let mut faults = Vec::new();
    for (kind, fields) in &found {
        for noun in fields.iter().flat_map(|f| nouns(f)) {
            if !told(noun, kind) {
                faults.push(format!("{kind} has no words for {noun:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
    let known: BTreeSet<&str> = found.iter().map(|(kind, _)| kind.as_str()).collect();
    let named = TELLINGS.iter().map(|t| t.kind);
    for kind in named.chain(SILENT.iter().map(|(_, k)| *k)) {
        assert!(known.contains(kind), "{kind} never happens");
    }
}
