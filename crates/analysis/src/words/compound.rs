//! German compounds: a stem is split where parts from a list cover all of it.
//! Splitting comes after stemming, or every plural would be missed.

use std::collections::HashMap;
use std::sync::LazyLock;

use waken_snowball::{Algorithm, stem};

/// The list of parts; whoever keeps what was split must keep its version too.
pub const PARTS: &str = include_str!("parts.txt");

/// What may stand between two parts.
const LINKS: [&str; 7] = ["", "s", "n", "en", "er", "es", "e"];
/// A shorter stem is not looked at.
const SHORTEST: usize = 6;

/// What a part may look like, with the stem it has when it stands alone.
#[derive(Default)]
struct Forms {
    /// At a compound's end.
    heads: HashMap<String, String>,
    /// Before its end.
    first: HashMap<String, String>,
    longest: usize,
}

static FORMS: LazyLock<Forms> = LazyLock::new(forms);

fn forms() -> Forms {
    let mut forms = Forms::default();
    let words = PARTS.lines().filter(|l| !l.starts_with('#'));
    for word in words.map(str::trim).filter(|w| !w.is_empty()) {
        let alone = stem(Algorithm::German, word).into_owned();
        let plain = plain(word);
        // Behind another word the ending may be cut shorter: Forschung keeps
        // its ending, Luftfahrtforschung does not.
        let behind = format!("wasserstoff{word}");
        let behind = stem(Algorithm::German, &behind);
        if let Some(head) = behind.strip_prefix("wasserstoff") {
            forms.heads.insert(head.to_owned(), alone.clone());
        }
        forms.heads.insert(alone.clone(), alone.clone());
        forms.longest = forms.longest.max(plain.len());
        // "maschine" loses its "e" in "maschin|en|bau".
        for form in [plain.clone(), alone.clone()] {
            forms.first.insert(form, alone.clone());
        }
    }
    forms
}

/// As the stemmer leaves a word's inside: without marks.
fn plain(word: &str) -> String {
    word.replace('ä', "a")
        .replace('ö', "o")
        .replace('ü', "u")
        .replace('ß', "ss")
}

/// The parts of a stem, each as its own stem; none if it is no compound of
/// known parts.
pub fn split(whole: &str) -> Vec<String> {
    let forms = &*FORMS;
    if whole.len() < SHORTEST || !whole.is_ascii() || forms.heads.contains_key(whole) {
        return Vec::new();
    }
    let mut parts = Vec::new();
    if cover(forms, whole, &mut parts, &mut 200) {
        parts
    } else {
        Vec::new()
    }
}

/// Covers the rest of a stem, longest part first; `tries` bounds the work.
fn cover(forms: &Forms, rest: &str, parts: &mut Vec<String>, tries: &mut u32) -> bool {
    *tries = tries.saturating_sub(1);
    if *tries == 0 {
        return false;
    }
    if !parts.is_empty()
        && let Some(head) = forms.heads.get(rest)
    {
        parts.push(head.clone());
        return true;
    }
    for end in (2..=rest.len().min(forms.longest)).rev() {
        let Some(part) = forms.first.get(&rest[..end]) else {
            continue;
        };
        parts.push(part.clone());
        for link in LINKS {
            if let Some(next) = rest[end..].strip_prefix(link)
                && next.len() > 2
                && cover(forms, next, parts, tries)
            {
                return true;
            }
        }
        parts.pop();
    }
    false
}
