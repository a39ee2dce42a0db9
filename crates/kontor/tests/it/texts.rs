//! Every sentence exists in both languages, with the same variables; none is
//! asked for in vain, none is kept in vain.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use kontor::app::wiring::{DE, EN};

use crate::sources::{files, rust};

/// Keys with the variables of their texts.
type Book = BTreeMap<String, BTreeSet<String>>;

fn book(sources: &[&str]) -> Book {
    let mut book = Book::new();
    for source in sources {
        let resource = fluent_syntax::parser::parse(*source)
            .unwrap_or_else(|(_, errors)| panic!("not Fluent: {errors:?}"));
        for entry in &resource.body {
            if let Entry::Message(message) = entry {
                let mut variables = BTreeSet::new();
                let text = message.value.as_ref().expect("a text");
                of_pattern(text, &mut variables);
                let twice = book.insert(message.id.name.to_owned(), variables);
                assert!(twice.is_none(), "{} is there twice", message.id.name);
            }
        }
    }
    assert!(book.len() > 80, "the test has lost its sight");
    book
}

fn of_pattern(pattern: &Pattern<&str>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            of_expression(expression, found);
        }
    }
}

fn of_expression(expression: &Expression<&str>, found: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => of_inline(inline, found),
        Expression::Select { selector, variants } => {
            of_inline(selector, found);
            for variant in variants {
                of_pattern(&variant.value, found);
            }
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, found: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            found.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => of_expression(expression, found),
        InlineExpression::FunctionReference { arguments, .. } => {
            for argument in &arguments.positional {
                of_inline(argument, found);
            }
        }
        _ => {}
    }
}

#[test]
fn both_languages_say_the_same() {
    let (de, en) = (book(DE), book(EN));
    let only = |a: &Book, b: &Book| -> Vec<String> {
        a.keys().filter(|k| !b.contains_key(*k)).cloned().collect()
    };
    assert_eq!(only(&de, &en), Vec::<String>::new(), "in German only");
    assert_eq!(only(&en, &de), Vec::<String>::new(), "in English only");
    for (key, variables) in &de {
        assert_eq!(variables, &en[key], "variables of {key}");
    }
}

#[test]
fn every_text_file_is_read() {
    let loaded: BTreeSet<&str> = DE.iter().chain(EN).copied().collect();
    for file in files("crates/kontor/src", ".ftl") {
        assert!(
            loaded.contains(file.text.as_str()),
            "{} is not in wiring.rs",
            file.path
        );
    }
}

/// A string in Rust or a template, with what stands before it.
struct Said {
    path: String,
    before: String,
    string: String,
}

fn said() -> Vec<Said> {
    let mut all = Vec::new();
    for folder in ["crates/kontor/src", "crates/platform/src"] {
        for file in files(folder, ".rs").iter().filter(|f| !f.is_test()) {
            let taken = rust(file.product());
            for (before, string) in taken.before.into_iter().zip(taken.strings) {
                all.push(Said {
                    path: file.path.clone(),
                    before,
                    string,
                });
            }
        }
    }
    for file in files("crates/kontor/src", ".html") {
        // Only what the template engine reads: between its braces.
        for open in ["{{", "{%"] {
            for piece in file.text.split(open).skip(1) {
                let close = if open == "{{" { "}}" } else { "%}" };
                let piece = piece.split(close).next().unwrap_or_default();
                let parts: Vec<&str> = piece.split('"').collect();
                for pair in parts.chunks(2).filter(|p| p.len() == 2) {
                    all.push(Said {
                        path: file.path.clone(),
                        before: pair[0].trim_end().to_owned(),
                        string: pair[1].to_owned(),
                    });
                }
            }
        }
    }
    assert!(all.len() > 300, "the test has lost its sight");
    all
}

/// Whether a string has the form of a key of one of the rooms.
fn is_like_a_key(string: &str, rooms: &BTreeSet<&str>) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    string.chars().all(plain)
        && string
            .split_once('-')
            .is_some_and(|(room, rest)| rooms.contains(room) && !rest.is_empty())
}

#[test]
fn every_text_that_is_asked_for_exists() {
    let book = book(DE);
    let rooms: BTreeSet<&str> = book.keys().filter_map(|k| k.split('-').next()).collect();
    let mut faults = Vec::new();
    for Said {
        path,
        before,
        string,
    } in said()
    {
        if !path.starts_with("crates/kontor/") && !is_like_a_key(&string, &rooms) {
            continue;
        }
        let asked = |how: &str| before.ends_with(how);
        let none = asked(".t(") || asked("frame_t(") || asked("Refused(");
        let (one, count) = (asked(".name("), asked(".n("));
        if !(none || one || count || asked(".with(") || is_like_a_key(&string, &rooms)) {
            continue;
        }
        let Some(variables) = book.get(&string) else {
            faults.push(format!("{path}: no text {string:?}"));
            continue;
        };
        let given: &[&str] = if one { &["name"] } else { &["count"] };
        if none && !variables.is_empty()
            || (one || count) && variables.iter().any(|v| !given.contains(&v.as_str()))
        {
            faults.push(format!("{path}: {string} wants {variables:?}"));
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn no_text_is_kept_in_vain() {
    let said: BTreeSet<String> = said().into_iter().map(|s| s.string).collect();
    let unused: Vec<String> = book(DE).into_keys().filter(|k| !said.contains(k)).collect();
    assert_eq!(unused, Vec::<String>::new());
}
