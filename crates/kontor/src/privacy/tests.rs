//! Every fact of the log is told to the person it is about, in a whole sentence.

use std::path::Path;

use super::readable::fact_key;
use crate::app::wiring::{DE, EN};

/// Kinds of every fact that the sources declare.
fn kinds(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            kinds(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = std::fs::read_to_string(&path).expect("a source");
            for part in text.split("\nfact!(").skip(1) {
                let code = part.lines().filter(|l| !l.trim_start().starts_with("//"));
                let code = code.collect::<String>();
                let kind = code.split('"').nth(1).expect("a kind");
                found.push(kind.to_owned());
            }
        }
    }
}

/// A text as it stands in a book; none if it goes over several lines.
fn text<'a>(book: &[&'a str], key: &str) -> Option<&'a str> {
    let start = format!("{key} = ");
    let mut lines = book.iter().flat_map(|file| file.lines());
    lines.find_map(|line| line.strip_prefix(start.as_str()))
}

#[test]
fn every_fact_is_told_in_a_sentence_that_is_whole_by_itself() {
    const OPEN: [&str; 14] = [
        "von", "mit", "zu", "bei", "durch", "für", "an", "with", "from", "to", "by", "of", "for",
        "at",
    ];
    let mut found = Vec::new();
    kinds(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut found,
    );
    assert!(found.len() > 40, "the test has lost its sight");
    let mut faults = Vec::new();
    for kind in &found {
        let Some(key) = fact_key(kind) else {
            faults.push(format!("{kind} is not told"));
            continue;
        };
        for book in [DE, EN] {
            let said = text(book, key).unwrap_or("{");
            let last = said.rsplit(' ').next().unwrap_or_default();
            if said.contains('{') || said.ends_with(':') || OPEN.contains(&last) {
                faults.push(format!("{kind}: {key} = {said}"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}
