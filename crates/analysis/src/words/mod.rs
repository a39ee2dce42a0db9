//! Words of a text as a search compares them: as they are spelled, as their
//! German and English stems, and as the parts of a German compound.
//!
//! Always true: a text and a question are taken apart by the same rules, and
//! any text can be taken apart.

mod compound;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use waken_snowball::{Algorithm, stem};

use crate::names::sort_key;

pub use compound::PARTS;

/// Letters of a word that count at the most; what follows is left out.
const LONGEST: usize = 64;

/// A word and where it stands in its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Bytes from and to, on letters' borders.
    pub from: usize,
    pub to: usize,
    /// Lower case without marks: ä as a, ß as ss.
    pub fold: String,
    /// The same with ä as ae, where that differs.
    pub spelled: Option<String>,
    /// The German stem; ä and ae are one in it.
    pub german: String,
    pub english: String,
    /// The stems of a compound's parts, none for any other word.
    pub parts: Vec<String>,
}

/// The words of a text in their order.
pub fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        let inside = c.is_alphanumeric() || (start.is_some() && is_combining_mark(c));
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                found.extend(word(text, from, at));
                start = None;
            }
            _ => {}
        }
    }
    found.extend(start.and_then(|from| word(text, from, text.len())));
    found
}

fn word(text: &str, from: usize, to: usize) -> Option<Word> {
    let plain: String = text[from..to]
        .nfc()
        .flat_map(char::to_lowercase)
        .take(LONGEST)
        .collect();
    let fold = fold(&plain);
    if fold.is_empty() {
        return None;
    }
    let spelled = fold_spelled(&plain);
    let german = stem(Algorithm::German, &plain).into_owned();
    Some(Word {
        from,
        to,
        spelled: (spelled != fold).then_some(spelled),
        english: stem(Algorithm::English, &fold).into_owned(),
        parts: compound::split(&german),
        fold,
        german,
    })
}

/// Lower case, only letters and digits, ä as a and ß as ss.
fn fold(plain: &str) -> String {
    sort_key(plain).replace(' ', "")
}

fn fold_spelled(plain: &str) -> String {
    let mut long = String::with_capacity(plain.len() + 2);
    for c in plain.chars() {
        match c {
            'ä' => long.push_str("ae"),
            'ö' => long.push_str("oe"),
            'ü' => long.push_str("ue"),
            other => long.push(other),
        }
    }
    fold(&long)
}

/// Words that say nothing of what is looked for.
const LITTLE: &[&str] = &[
    "a", "als", "am", "an", "and", "auf", "aus", "bei", "by", "das", "dem", "den", "der", "des",
    "die", "ein", "eine", "einem", "einen", "einer", "eines", "for", "from", "fur", "im", "in",
    "ist", "mit", "nach", "oder", "of", "on", "or", "the", "to", "um", "und", "von", "vom", "was",
    "wer", "wie", "with", "wo", "zu", "zum", "zur",
];

impl Word {
    /// Whether the word says nothing of what is looked for: an article, a
    /// preposition.
    pub fn is_little(&self) -> bool {
        LITTLE.contains(&self.fold.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one(text: &str) -> Word {
        let mut all = words(text);
        assert_eq!(all.len(), 1, "{text}");
        all.remove(0)
    }

    #[test]
    fn forms_of_one_word_meet_in_its_stem() {
        for (a, b) in [
            ("Häuser", "Haus"),
            ("Haeuser", "Hauses"),
            ("Größe", "Groesse"),
            ("Wasserstofftechnologien", "Wasserstofftechnologie"),
            ("Prüfstände", "Pruefstand"),
            ("Förderanträge", "Förderantrag"),
        ] {
            assert_eq!(one(a).german, one(b).german, "{a}, {b}");
        }
        assert_ne!(one("Hafen").german, one("Haus").german);
        assert_eq!(one("technologies").english, one("technology").english);
    }

    #[test]
    fn a_compound_meets_its_parts() {
        for (whole, parts) in [
            (
                "Wasserstofftechnologien",
                vec!["Wasserstoff", "Technologie"],
            ),
            ("Luftfahrtforschung", vec!["Luftfahrt", "Forschung"]),
            ("Förderanträge", vec!["Förderung", "Anträge"]),
            ("Windenergieanlagen", vec!["Wind", "Energie", "Anlage"]),
            ("Forschungszentrum", vec!["Forschung", "Zentrum"]),
            ("Häuserbau", vec!["Haus", "Bau"]),
        ] {
            let stems: Vec<String> = parts.iter().map(|p| one(p).german).collect();
            assert_eq!(one(whole).parts, stems, "{whole}");
        }
        for whole in [
            "Wasserstoff",
            "Hamburg",
            "Verwaltung",
            "Nordlicht",
            "DESY",
            "Bau",
        ] {
            assert_eq!(one(whole).parts, Vec::<String>::new(), "{whole}");
        }
    }

    #[test]
    fn umlauts_are_found_in_each_spelling() {
        let name = one("Müller");
        assert_eq!(name.fold, "muller");
        assert_eq!(name.spelled.as_deref(), Some("mueller"));
        assert_eq!(one("Straße").fold, "strasse");
        assert_eq!(one("Cafe\u{301}").fold, "cafe");
        assert_eq!(one("Cafe\u{301}").spelled, None);
    }

    #[test]
    fn words_know_where_they_stand() {
        let text = "„Öl & Gas“: nextMedia.Hamburg";
        let found: Vec<&str> = words(text).iter().map(|w| &text[w.from..w.to]).collect();
        assert_eq!(found, ["Öl", "Gas", "nextMedia", "Hamburg"]);
        assert!(one("für").is_little() && !one("Hafen").is_little());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]
        #[test]
        fn any_text_can_be_taken_apart(text in "\\PC{0,80}") {
            let mut last = 0;
            for word in words(&text) {
                prop_assert!(word.from >= last && word.from < word.to);
                prop_assert!(!text[word.from..word.to].is_empty());
                prop_assert!(!word.fold.is_empty() && word.parts.len() != 1);
                last = word.to;
            }
        }
    }
}
