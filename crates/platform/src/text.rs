//! Sentences for people: Fluent texts in German and English.
//!
//! Texts without variables are formatted once at start; the rest on demand.

use std::borrow::{Borrow, Cow};
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use rustc_hash::FxHashMap;

use crate::error::{Error, Result};

/// A language of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    #[default]
    De,
    En,
}

impl Lang {
    /// Both, the first one first.
    pub const ALL: [Lang; 2] = [Lang::De, Lang::En];

    /// The tag for `lang=` and headers.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::De => "de",
            Lang::En => "en",
        }
    }

    /// The language of a tag.
    pub fn parse(tag: &str) -> Option<Lang> {
        Lang::ALL.into_iter().find(|l| l.tag() == tag)
    }

    /// The other one.
    pub fn other(self) -> Lang {
        match self {
            Lang::De => Lang::En,
            Lang::En => Lang::De,
        }
    }

    /// What precedes a path in this language.
    pub fn prefix(self) -> &'static str {
        match self {
            Lang::De => "",
            Lang::En => "/en",
        }
    }
}

/// All texts of one language.
struct Book {
    plain: FxHashMap<String, String>,
    bundle: FluentBundle<FluentResource>,
}

/// All texts of the product. Clones share them.
#[derive(Clone)]
pub struct Texts(Arc<[Book; 2]>);

impl Texts {
    /// Reads the Fluent sources of each language; every key once per language.
    pub fn load(de: &[&str], en: &[&str]) -> Result<Texts> {
        Ok(Texts(Arc::new([book(Lang::De, de)?, book(Lang::En, en)?])))
    }

    /// The words of one language.
    pub fn speak(&self, lang: Lang) -> Speech {
        Speech {
            texts: self.clone(),
            lang,
        }
    }

    /// Every key of one language, for tests.
    pub fn keys(sources: &[&str]) -> Vec<String> {
        sources
            .iter()
            .flat_map(|source| {
                let resource = fluent_syntax::parser::parse(*source).unwrap_or_else(|(r, _)| r);
                resource.body.into_iter().filter_map(|entry| match entry {
                    fluent_syntax::ast::Entry::Message(m) => Some(m.id.name.to_owned()),
                    _ => None,
                })
            })
            .collect()
    }
}

/// Between groups of three digits.
const fn mark(lang: Lang) -> char {
    match lang {
        Lang::De => '.',
        Lang::En => ',',
    }
}

fn grouped_de<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    whole(value).map(|n| grouped(n, mark(Lang::De)))
}

fn grouped_en<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    whole(value).map(|n| grouped(n, mark(Lang::En)))
}

/// A variable's whole number.
fn whole(value: &FluentValue<'_>) -> Option<i64> {
    match value {
        FluentValue::Number(n) => n.as_string().parse().ok(),
        _ => None,
    }
}

/// Digits in groups of three.
fn grouped(n: i64, mark: char) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::from(if n < 0 { "-" } else { "" });
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(mark);
        }
        out.push(digit);
    }
    out
}

fn book(lang: Lang, sources: &[&str]) -> Result<Book> {
    let tag = match lang {
        Lang::De => "de-DE",
        Lang::En => "en-GB",
    };
    let tag = tag
        .parse()
        .map_err(|_| Error::broken("not a language tag"))?;
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    bundle.set_use_isolating(false);
    // Numbers stand in texts as everywhere else on the page.
    match lang {
        Lang::De => bundle.set_formatter(Some(grouped_de)),
        Lang::En => bundle.set_formatter(Some(grouped_en)),
    }
    let mut keys = Vec::new();
    for source in sources {
        keys.extend(Texts::keys(&[source]));
        let resource = FluentResource::try_new((*source).to_owned())
            .map_err(|(_, errors)| Error::broken(format!("a Fluent text: {errors:?}")))?;
        bundle
            .add_resource(resource)
            .map_err(|errors| Error::broken(format!("a Fluent key twice: {errors:?}")))?;
    }
    let mut plain = FxHashMap::default();
    for key in keys {
        let Some(pattern) = bundle.get_message(&key).and_then(|m| m.value()) else {
            continue;
        };
        let mut errors = Vec::new();
        let text = bundle
            .format_pattern(pattern, None, &mut errors)
            .into_owned();
        if errors.is_empty() {
            plain.insert(key, text);
        }
    }
    Ok(Book { plain, bundle })
}

/// Speaks one language.
#[derive(Clone)]
pub struct Speech {
    texts: Texts,
    /// The language spoken.
    pub lang: Lang,
}

impl Speech {
    fn book(&self) -> &Book {
        &self.texts.0[self.lang as usize]
    }

    /// A text without variables. An unknown key shows itself (a test sees to it
    /// that there is none).
    pub fn t<'a>(&'a self, key: &'a str) -> &'a str {
        self.book().plain.get(key).map_or(key, String::as_str)
    }

    /// A text with variables.
    pub fn with(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        let mut values = FluentArgs::new();
        for (name, value) in args {
            values.set(*name, value.fluent());
        }
        let book = self.book();
        let Some(pattern) = book.bundle.get_message(key).and_then(|m| m.value()) else {
            return key.to_owned();
        };
        book.bundle
            .format_pattern(pattern, Some(&values), &mut Vec::new())
            .into_owned()
    }

    /// A text with one name or phrase in it, as `$name`.
    pub fn name(&self, key: &str, name: impl AsRef<str>) -> String {
        self.with(key, &[("name", Arg::Text(name.as_ref()))])
    }

    /// A text with one number in it, as `$count`.
    pub fn n(&self, key: &str, count: impl Borrow<i64>) -> String {
        self.with(key, &[("count", Arg::Count(*count.borrow()))])
    }

    /// A whole number with the language's thousands mark.
    pub fn number(&self, n: impl Borrow<i64>) -> String {
        grouped(*n.borrow(), mark(self.lang))
    }

    /// A day in words: "4. Februar 2027", "4 February 2027".
    pub fn day(&self, day: &crate::time::Day) -> String {
        let month = self.t(MONTHS[usize::from(day.0.month().unsigned_abs()) - 1]);
        match self.lang {
            Lang::De => format!("{}. {month} {}", day.0.day(), day.0.year()),
            Lang::En => format!("{} {month} {}", day.0.day(), day.0.year()),
        }
    }

    /// A moment in words, on the region's wall clock.
    pub fn moment(&self, at: &crate::time::Instant) -> String {
        format!("{}, {}", self.day(&at.day()), self.clock(at))
    }

    /// The time of day of a moment, on the region's wall clock.
    pub fn clock(&self, at: &crate::time::Instant) -> String {
        let zoned = at.zoned();
        match self.lang {
            Lang::De => format!("{}.{:02} Uhr", zoned.hour(), zoned.minute()),
            Lang::En => format!("{:02}:{:02}", zoned.hour(), zoned.minute()),
        }
    }

    /// A path inside the product, in this language.
    pub fn href(&self, path: impl AsRef<str>) -> String {
        match (self.lang, path.as_ref()) {
            (Lang::De, path) => path.to_owned(),
            (Lang::En, "/") => "/en".to_owned(),
            (Lang::En, path) => format!("/en{path}"),
        }
    }
}

/// A text without signs that no reader sees and that change what they read:
/// control characters and marks that turn the direction of writing. Ends of
/// lines and tabs stay.
pub fn printable(text: &str) -> Cow<'_, str> {
    let is_hidden = |c: char| {
        c.is_control() && !matches!(c, '\n' | '\r' | '\t')
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    match text.contains(is_hidden) {
        true => text.replace(is_hidden, "").into(),
        false => text.into(),
    }
}

/// Keys of the months' names, January first.
pub const MONTHS: [&str; 12] = [
    "month-1", "month-2", "month-3", "month-4", "month-5", "month-6", "month-7", "month-8",
    "month-9", "month-10", "month-11", "month-12",
];

/// A variable of a text.
#[derive(Debug, Clone, Copy)]
pub enum Arg<'a> {
    Text(&'a str),
    /// A number that also chooses the plural form, as `{ $count }`; the text
    /// shows it through `{ $count_text }` where it may pass 999.
    Count(i64),
}

impl Arg<'_> {
    fn fluent(&self) -> FluentValue<'static> {
        match self {
            Arg::Text(text) => FluentValue::from((*text).to_owned()),
            Arg::Count(n) => FluentValue::from(*n),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Day;

    fn texts() -> Texts {
        let de = "hallo = Guten Tag\nfirmen = { $count ->\n    [one] eine Firma\n   *[other] { $count } Firmen\n}\nmonth-2 = Februar\n";
        let en = "hallo = Good day\nfirmen = { $count ->\n    [one] one firm\n   *[other] { $count } firms\n}\nmonth-2 = February\n";
        Texts::load(&[de], &[en]).unwrap()
    }

    #[test]
    fn a_printable_text_reads_in_one_direction() {
        assert_eq!(printable("Werft\u{202e}GmbH\u{0}\u{7f}"), "WerftGmbH");
        assert_eq!(printable("\u{feff}A\u{2066}b\u{2069}"), "Ab");
        let whole = "Zeile 1\r\n\tZeile 2, 👩‍🔬 می‌خواهم";
        assert_eq!(printable(whole), whole, "joiners belong to words");
    }

    #[test]
    fn both_languages_have_their_plurals_numbers_and_days() {
        let (de, en) = (texts().speak(Lang::De), texts().speak(Lang::En));
        assert_eq!(de.n("firmen", 1), "eine Firma");
        assert_eq!(en.n("firmen", 3), "3 firms");
        assert_eq!(de.n("firmen", 30_002), "30.002 Firmen");
        assert_eq!(en.n("firmen", 3316), "3,316 firms");
        assert_eq!(de.number(1_234_567), "1.234.567");
        assert_eq!(en.number(-1200), "-1,200");
        let day = Day::parse("2027-02-04").unwrap();
        assert_eq!(de.day(&day), "4. Februar 2027");
        assert_eq!(en.day(&day), "4 February 2027");
        assert_eq!(en.href("/cluster"), "/en/cluster");
    }
}
