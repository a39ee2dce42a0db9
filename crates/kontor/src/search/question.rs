//! What somebody typed into the search, taken apart. Any input is a question.
//!
//! Words narrow the search together; "…" asks for words side by side; a minus
//! before a word or a phrase leaves out what holds it.

use kontor_analysis::words::{Word, words};

/// Characters that are read at the most.
pub const LONGEST: usize = 200;
/// Words that count at the most.
const MOST: usize = 12;

/// Letters of a word that is too short to be the beginning of another.
const SHORT: usize = 3;

/// A word, or words side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Never empty.
    pub words: Vec<Word>,
    /// It stood in quotation marks.
    pub is_phrase: bool,
    /// What holds it is left out.
    pub is_unwanted: bool,
}

/// A question: empty when nothing can be looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    pub wanted: Vec<Clause>,
    pub unwanted: Vec<Clause>,
    /// Whether the last wanted word may be only the beginning of one.
    pub is_open: bool,
}

impl Question {
    /// Takes a text apart.
    pub fn read(text: &str) -> Question {
        let text: String = text.chars().take(LONGEST).collect();
        let mut all = clauses(&text);
        all.truncate(MOST);
        let (unwanted, mut wanted): (Vec<_>, Vec<_>) = all.into_iter().partition(|c| c.is_unwanted);
        let last = wanted.last().cloned();
        let is_little = |c: &Clause| !c.is_phrase && c.words.iter().all(Word::is_little);
        if !wanted.iter().all(is_little) {
            wanted.retain(|c| !is_little(c));
        }
        let is_open = wanted.last() == last.as_ref() && last.is_some_and(|c| !c.is_phrase);
        Question {
            wanted,
            unwanted,
            is_open,
        }
    }

    /// Takes a short last word as it stands: who asks for "HA" means that.
    pub fn settled(mut self) -> Question {
        let is_short = |c: &Clause| c.words.iter().all(|w| w.fold.chars().count() <= SHORT);
        self.is_open &= !self.wanted.last().is_some_and(is_short);
        self
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '„' | '“' | '”' | '«' | '»')
}

/// The text in pieces: inside and outside of quotation marks.
fn clauses(text: &str) -> Vec<Clause> {
    let mut all = Vec::new();
    let mut is_unwanted = false;
    for (n, piece) in text.split(is_quote).enumerate() {
        if n % 2 == 1 {
            add(&mut all, piece, true, is_unwanted);
            is_unwanted = false;
            continue;
        }
        for chunk in piece.split_whitespace() {
            // A minus inside a word joins: Wasserstoff-Speicher.
            let bare = chunk.trim_start_matches(['-', '−']);
            let minus = bare.len() < chunk.len();
            if minus && bare.is_empty() {
                is_unwanted = piece.ends_with(['-', '−']);
            } else {
                add(&mut all, bare, false, minus);
            }
        }
    }
    all
}

/// Outside of quotation marks every word stands for itself.
fn add(all: &mut Vec<Clause>, text: &str, is_phrase: bool, is_unwanted: bool) {
    let found = words(text);
    if is_phrase && !found.is_empty() {
        all.push(Clause {
            words: found,
            is_phrase,
            is_unwanted,
        });
        return;
    }
    for word in found {
        all.push(Clause {
            words: vec![word],
            is_phrase,
            is_unwanted,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn said(clauses: &[Clause]) -> Vec<String> {
        let one = |c: &Clause| {
            let folds: Vec<&str> = c.words.iter().map(|w| w.fold.as_str()).collect();
            folds.join(" ")
        };
        clauses.iter().map(one).collect()
    }

    #[test]
    fn words_phrases_and_minus_are_told_apart() {
        let asked =
            Question::read("Häfen \"grüner Strom\" -Kohle Wasserstoff-Speicher -„alte Anlage“");
        assert_eq!(
            said(&asked.wanted),
            ["hafen", "gruner strom", "wasserstoff", "speicher"]
        );
        assert_eq!(said(&asked.unwanted), ["kohle", "alte anlage"]);
        assert!(asked.is_open, "the last wanted word is one being typed");
    }

    #[test]
    fn little_words_count_only_among_themselves() {
        assert_eq!(
            said(&Question::read("Forschung für die Luft").wanted),
            ["forschung", "luft"]
        );
        assert_eq!(said(&Question::read("die").wanted), ["die"]);
        assert!(
            !Question::read("HA").settled().is_open,
            "an acronym is whole"
        );
        assert!(Question::read("Hafen").settled().is_open);
        assert!(!Question::read("Forschung für").is_open);
        assert!(!Question::read("\"Forschung\"").is_open);
    }

    #[test]
    fn what_holds_no_word_asks_for_nothing() {
        for text in ["", "   ", "-", "\"\"", "--- \"", "-\"", "(){}[]^~*:/\\"] {
            assert!(Question::read(text).is_empty(), "{text:?}");
        }
        assert!(Question::read("-kohle").is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]
        #[test]
        fn any_input_is_a_question(text in "(\\PC|[-\"„“ *:()]){0,60}") {
            let asked = Question::read(&text);
            let all = asked.wanted.iter().chain(&asked.unwanted);
            prop_assert!(asked.wanted.len() + asked.unwanted.len() <= MOST);
            for clause in all {
                prop_assert!(!clause.words.is_empty());
            }
        }
    }
}
