//! A question put to the index: what is found, for whom, in which order.
//!
//! Always true: only cards that one of the asker's words opens are found and
//! counted.

use kontor_analysis::words::Word;
use kontor_platform::Result;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, FuzzyTermQuery, Occur, PhraseQuery, Query,
    TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::{TantivyDocument, Term};

use super::index::{Fields, Opened, broken};
use super::question::{Clause, Question};

/// What a match is worth: as spelled in a name, by its stem in a name, in a
/// text; less for a part of a compound or a beginning.
const SPELLED: f32 = 6.0;
const NAMED: f32 = 3.0;
const SAID: f32 = 1.0;
const PART: f32 = 0.6;
const BEGINNING: f32 = 0.5;
/// A word of fewer letters is not looked for with a slip in it.
const SLIP: usize = 5;

type Node = Box<dyn Query>;

/// Hits of one kind: how many there are, and those of one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub kind: &'static str,
    pub total: usize,
    pub ids: Vec<String>,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    pub groups: Vec<Group>,
    /// Nothing was found as it was typed: these come close.
    pub is_near: bool,
}

impl Found {
    /// Hits of all kinds together.
    pub fn total(&self) -> usize {
        self.groups.iter().map(|g| g.total).sum()
    }
}

/// Which hits of each kind are wanted: the first number, then how many.
#[derive(Debug, Clone, Copy)]
pub struct Range {
    pub kind: &'static str,
    pub from: usize,
    pub many: usize,
}

/// Looks for a question in the index with the asker's words.
pub fn find(
    opened: &Opened,
    question: &Question,
    words: &[String],
    ranges: &[Range],
) -> Result<Found> {
    if question.is_empty() {
        return Ok(Found::default());
    }
    let asked = Asked {
        fields: opened.fields,
        question,
        words,
    };
    let mut found = Found {
        groups: run(opened, &asked, ranges, false)?,
        is_near: false,
    };
    if found.total() == 0 && asked.has_long_word() {
        found.groups = run(opened, &asked, ranges, true)?;
        found.is_near = found.total() > 0;
    }
    Ok(found)
}

fn run(opened: &Opened, asked: &Asked<'_>, ranges: &[Range], near: bool) -> Result<Vec<Group>> {
    let searcher = opened.reader.searcher();
    let mut groups = Vec::new();
    for range in ranges {
        let query = asked.query(range.kind, near);
        let best = TopDocs::with_limit(range.many.max(1)).and_offset(range.from);
        let (total, best) = searcher
            .search(&query, &(Count, best.order_by_score()))
            .map_err(broken)?;
        let mut ids = Vec::new();
        for (_, address) in best.into_iter().take(range.many) {
            let document: TantivyDocument = searcher.doc(address).map_err(broken)?;
            let key = document.get_first(opened.fields.key);
            let key = key.and_then(|k| k.as_str()).unwrap_or_default();
            ids.extend(key.split_once(':').map(|(_, id)| id.to_owned()));
        }
        groups.push(Group {
            kind: range.kind,
            total,
            ids,
        });
    }
    Ok(groups)
}

struct Asked<'a> {
    fields: Fields,
    question: &'a Question,
    words: &'a [String],
}

fn term(field: Field, text: &str, worth: f32) -> Node {
    let term = Term::from_field_text(field, text);
    let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
    Box::new(BoostQuery::new(Box::new(query), worth))
}

/// Terms side by side; one alone is itself.
fn side_by_side(field: Field, texts: &[&str], worth: f32) -> Node {
    if let [one] = texts {
        return term(field, one, worth);
    }
    let terms = texts.iter().map(|t| Term::from_field_text(field, t));
    let query = PhraseQuery::new(terms.collect());
    Box::new(BoostQuery::new(Box::new(query), worth))
}

/// All of the terms, wherever they stand.
fn apart(field: Field, texts: &[String]) -> Node {
    let terms = texts.iter().map(|t| term(field, t, SAID * PART));
    Box::new(BooleanQuery::intersection(terms.collect()))
}

fn any(queries: Vec<Node>) -> Node {
    Box::new(BooleanQuery::union(queries))
}

impl Asked<'_> {
    fn has_long_word(&self) -> bool {
        let mut clauses = self.question.wanted.iter().filter(|c| !c.is_phrase);
        clauses.any(|c| c.words[0].fold.chars().count() >= SLIP)
    }

    /// The whole question for one kind of card.
    fn query(&self, kind: &str, near: bool) -> BooleanQuery {
        let mut all: Vec<(Occur, Node)> = Vec::new();
        let last = self.question.wanted.len().saturating_sub(1);
        for (n, clause) in self.question.wanted.iter().enumerate() {
            let is_open = self.question.is_open && n == last;
            all.push((Occur::Must, self.clause(clause, is_open, near)));
        }
        for clause in &self.question.unwanted {
            all.push((Occur::MustNot, self.clause(clause, false, false)));
        }
        let kind = Term::from_field_text(self.fields.kind, kind);
        let opened = self
            .words
            .iter()
            .map(|w| Term::from_field_text(self.fields.audience, w));
        let filters: [Node; 2] = [
            Box::new(TermQuery::new(kind, IndexRecordOption::Basic)),
            Box::new(TermSetQuery::new(opened)),
        ];
        for filter in filters {
            all.push((Occur::Must, Box::new(ConstScoreQuery::new(filter, 0.0))));
        }
        BooleanQuery::new(all)
    }

    fn clause(&self, clause: &Clause, is_open: bool, near: bool) -> Node {
        let Fields {
            exact,
            name,
            de,
            en,
            ..
        } = self.fields;
        if let [word] = &clause.words[..]
            && !clause.is_phrase
        {
            return any(self.word(word, is_open, near));
        }
        let words = &clause.words;
        let folds: Vec<&str> = words.iter().map(|w| w.fold.as_str()).collect();
        let english: Vec<&str> = words.iter().map(|w| w.english.as_str()).collect();
        let german: Vec<&str> = words.iter().flat_map(sequence).collect();
        any(vec![
            side_by_side(exact, &folds, SPELLED),
            side_by_side(name, &german, NAMED),
            side_by_side(de, &german, SAID),
            side_by_side(en, &english, SAID),
        ])
    }

    /// Every way in which one word may be met.
    fn word(&self, word: &Word, is_open: bool, near: bool) -> Vec<Node> {
        let Fields {
            exact,
            name,
            de,
            en,
            ..
        } = self.fields;
        let mut ways = vec![
            term(exact, &word.fold, SPELLED),
            term(name, &word.german, NAMED),
            term(de, &word.german, SAID),
            term(en, &word.english, SAID),
        ];
        ways.extend(word.spelled.as_ref().map(|s| term(exact, s, SPELLED)));
        if word.english != word.german {
            ways.push(term(name, &word.english, NAMED));
        }
        if !word.parts.is_empty() {
            let parts: Vec<&str> = word.parts.iter().map(String::as_str).collect();
            ways.push(side_by_side(name, &parts, NAMED * PART));
            ways.push(side_by_side(de, &parts, SAID * PART));
        }
        let loose = |field, text: &str, distance, is_open: bool, worth| -> Node {
            let term = Term::from_field_text(field, text);
            let query = match is_open {
                true => FuzzyTermQuery::new_prefix(term, distance, true),
                false => FuzzyTermQuery::new(term, distance, true),
            };
            Box::new(BoostQuery::new(Box::new(query), worth))
        };
        let letters = word.fold.chars().count();
        if is_open && letters >= 2 {
            for (field, worth) in [(exact, NAMED), (name, NAMED), (de, SAID), (en, SAID)] {
                ways.push(loose(field, &word.fold, 0, true, worth * BEGINNING));
            }
        }
        if near && !word.parts.is_empty() {
            ways.push(apart(de, &word.parts));
        }
        if near && letters >= SLIP {
            ways.push(loose(exact, &word.fold, 1, false, NAMED));
            ways.push(loose(name, &word.german, 1, false, SAID));
            ways.push(loose(de, &word.german, 1, false, SAID));
            ways.push(loose(en, &word.english, 1, false, SAID));
        }
        ways
    }
}

/// A word inside a phrase: its parts stand side by side in the index.
fn sequence(word: &Word) -> Vec<&str> {
    if word.parts.is_empty() {
        vec![&word.german]
    } else {
        word.parts.iter().map(String::as_str).collect()
    }
}
