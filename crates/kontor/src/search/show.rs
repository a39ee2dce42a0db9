//! What of a hit is shown: the passage that holds the words asked for, with
//! those words marked.

use kontor_analysis::words::{Word, words};
use kontor_platform::text::Lang;

use super::question::Question;

/// Characters of a passage, about; and of what stands before its first hit.
const PASSAGE: usize = 200;
const BEFORE: usize = 60;

/// A piece of a text: asked for, or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub is_hit: bool,
}

/// How many bytes of a word were asked for; none if it was not.
fn asked_bytes(question: &Question, text: &str, word: &Word) -> Option<usize> {
    let whole = word.to - word.from;
    let last = question.wanted.len().checked_sub(1)?;
    for (n, clause) in question.wanted.iter().enumerate() {
        for asked in &clause.words {
            let is_same = asked.fold == word.fold
                || asked.german == word.german
                || asked.english == word.english
                || asked.spelled.as_ref() == Some(&word.fold)
                || word.spelled.as_ref() == Some(&asked.fold)
                || word.parts.contains(&asked.german)
                || (!asked.parts.is_empty() && asked.parts == word.parts);
            if is_same {
                return Some(whole);
            }
            if question.is_open && n == last && word.fold.starts_with(&asked.fold) {
                let typed = asked.fold.chars().count();
                let end = text[word.from..word.to].char_indices().nth(typed);
                return Some(end.map_or(whole, |(at, _)| at));
            }
        }
    }
    None
}

/// A text in pieces.
pub fn marked(question: &Question, text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut push = |text: &str, is_hit| {
        if !text.is_empty() {
            let text = text.to_owned();
            pieces.push(Piece { text, is_hit });
        }
    };
    for word in words(text) {
        if let Some(bytes) = asked_bytes(question, text, &word) {
            push(&text[at..word.from], false);
            at = word.from + bytes;
            push(&text[word.from..at], true);
        }
    }
    push(&text[at..], false);
    pieces
}

/// The best passage of several texts: one in the asker's language that holds
/// what was asked for, else one in the other language, else the first one.
pub fn passage(
    question: &Question,
    texts: &[(Lang, String)],
    lang: Lang,
) -> Option<(Lang, Vec<Piece>)> {
    let mut ordered: Vec<&(Lang, String)> = texts.iter().collect();
    ordered.sort_by_key(|(l, _)| *l != lang);
    let first_hit = |text: &str| {
        let mut all = words(text).into_iter();
        let hit = all.find(|w| asked_bytes(question, text, w).is_some());
        hit.map(|w| w.from)
    };
    let found = ordered.iter().find_map(|(lang, text)| {
        let at = first_hit(text)?;
        Some((*lang, cut(text, at)))
    });
    let (lang, text) = match found {
        Some(found) => found,
        None => ordered.first().map(|(l, text)| (*l, cut(text, 0)))?,
    };
    Some((lang, marked(question, &text)))
}

/// A part of a text around a place, from word to word.
fn cut(text: &str, at: usize) -> String {
    let count = text.chars().count();
    if count <= PASSAGE + BEFORE {
        return text.to_owned();
    }
    let before = text[..at].chars().count();
    let start = before.saturating_sub(BEFORE).min(count - PASSAGE);
    let part: String = text.chars().skip(start).take(PASSAGE).collect();
    let mut part = part.as_str();
    if start > 0
        && let Some((_, rest)) = part.split_once(' ')
    {
        part = rest;
    }
    if start + PASSAGE < count
        && let Some((rest, _)) = part.rsplit_once(' ')
    {
        part = rest;
    }
    let lead = if start > 0 { "… " } else { "" };
    let tail = if start + PASSAGE < count { " …" } else { "" };
    format!("{lead}{part}{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hits(question: &str, text: &str) -> Vec<String> {
        let pieces = marked(&Question::read(question), text);
        let joined: String = pieces.iter().map(|p| p.text.as_str()).collect();
        assert_eq!(joined, text, "nothing is lost");
        let hits = pieces.into_iter().filter(|p| p.is_hit);
        hits.map(|p| p.text).collect()
    }

    #[test]
    fn words_are_marked_in_each_form() {
        let text = "Häuser am Wasser: Wasserstofftechnologien aus Hamburg";
        assert_eq!(hits("haus ", text), ["Häuser"]);
        assert_eq!(hits("wasser", text), ["Wasser", "Wasser"]);
        assert_eq!(hits("Technologie", text), ["Wasserstofftechnologien"]);
        assert_eq!(hits("-Hamburg Haus", text), ["Häuser"]);
        assert_eq!(hits("straße", "Strasse"), ["Strasse"]);
        assert_eq!(hits("", text), Vec::<String>::new());
    }

    #[test]
    fn a_passage_lies_around_its_first_hit() {
        let long = format!(
            "{} Wasserstoff {}",
            "vorher ".repeat(60),
            "nachher ".repeat(60)
        );
        let texts = [(Lang::De, long), (Lang::En, "hydrogen".to_owned())];
        let (lang, pieces) = passage(&Question::read("wasserstoff"), &texts, Lang::De).unwrap();
        let text: String = pieces.iter().map(|p| p.text.as_str()).collect();
        assert_eq!(lang, Lang::De);
        assert!(
            text.starts_with("… vorher") && text.ends_with("nachher …"),
            "{text}"
        );
        assert!(text.chars().count() <= PASSAGE + 4);
        assert!(pieces.iter().any(|p| p.is_hit && p.text == "Wasserstoff"));
        let (lang, _) = passage(&Question::read("hydrogen"), &texts, Lang::De).unwrap();
        assert_eq!(lang, Lang::En, "only there");
        assert!(passage(&Question::read("x"), &[], Lang::De).is_none());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]
        #[test]
        fn any_text_is_shown_whole(question in "\\PC{0,20}", text in "\\PC{0,400}") {
            let question = Question::read(&question);
            let joined: String = marked(&question, &text).into_iter().map(|p| p.text).collect();
            prop_assert_eq!(joined, text.clone());
            let texts = [(Lang::De, text)];
            let shown = passage(&question, &texts, Lang::En);
            prop_assert!(shown.is_some());
        }
    }
}
