//! Industries: the classes of WZ by their names, and codes as they are stored.
//!
//! Words: a *code* names a section (`J`), division (`62`), group (`62.0`), class
//! (`62.01`, the same in NACE) or subclass (`62.09.0`) of the Klassifikation der
//! Wirtschaftszweige; its *title* is its official name, in German only.
//! Always true: WZ 2025 is asked before WZ 2008; where the same code means something
//! else in each, both names stand there; a code that neither knows stays
//! as somebody wrote it; nothing is held in memory but the lists as they are
//! shipped (see the README beside them).

mod sections;

use kontor_analysis::duplicates::{are_similar, letter_pairs};
use kontor_analysis::names::sort_key;

pub use sections::{Section, section};

const WZ_2025: &str = include_str!("wz2025.csv");
const WZ_2008: &str = include_str!("wz2008.csv");

/// A class that an organisation is filed under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Industry {
    pub code: String,
    /// Its official name in German; empty when no list knows the code.
    pub title: &'static str,
    /// Its name in WZ 2008, where the code has another meaning there: nobody says
    /// which of both a list has used. Empty otherwise.
    pub former: &'static str,
}

impl Industry {
    pub fn new(code: &str) -> Industry {
        let code = normal(code);
        Industry {
            title: title(&code).unwrap_or_default(),
            former: former(&code).unwrap_or_default(),
            code,
        }
    }

    /// Its name, in German, with the other one where the editions differ; empty
    /// when no list knows the code.
    pub fn name(&self) -> String {
        match self.former {
            "" => self.title.to_owned(),
            former => format!("{} (WZ 2008: {former})", self.title),
        }
    }

    /// `62.01 Programmierungstätigkeiten`
    pub fn label(&self) -> String {
        format!("{} {}", self.code, self.name())
            .trim_end()
            .to_owned()
    }
}

/// Stored codes with their names, in order, each once.
pub fn named(codes: &[String]) -> Vec<Industry> {
    let mut all: Vec<Industry> = codes.iter().map(|c| Industry::new(c)).collect();
    all.sort_by(|a, b| a.code.cmp(&b.code));
    all.dedup();
    all
}

/// The name in WZ 2008 of a code that means something else in WZ 2025. Names that
/// differ in little but their wording count as one.
fn former(code: &str) -> Option<&'static str> {
    let (new, old) = (find(WZ_2025, code)?, find(WZ_2008, code)?);
    let pairs = |name: &str| letter_pairs(&sort_key(name));
    (!are_similar(&pairs(new), &pairs(old))).then_some(old)
}

/// The official name of a code in its stored form, in German.
pub fn title(code: &str) -> Option<&'static str> {
    find(WZ_2025, code).or_else(|| find(WZ_2008, code))
}

/// A typed or imported code in the form in which it is stored: `62.01` for
/// `6201`, `62.01.0` and `J 62.01`. What no list knows stays as it is.
pub fn normal(typed: &str) -> String {
    let typed = typed.trim();
    let known = shaped(typed).filter(|code| title(code).is_some());
    known.unwrap_or_else(|| typed.to_owned())
}

/// The code of a list's cell, which may name the class behind it, as in `62.01
/// Programmierung`. None where a cell holds only words.
pub fn leading(cell: &str) -> Option<String> {
    let first = cell.split_whitespace().next().filter(|f| f.len() > 1);
    let mut read = [Some(cell), first].into_iter().flatten().map(normal);
    let known = read.find(|code| title(code).is_some());
    let is_short = cell.len() <= 10 && cell.bytes().any(|b| b.is_ascii_digit());
    known.or_else(|| is_short.then(|| cell.to_owned()))
}

/// Whether a stored code looks like one: two digits with at most three more
/// behind points, or the letter of a section.
pub fn is_code(code: &str) -> bool {
    let mut parts = code.split('.');
    let digits = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    let is_section = code.len() == 1 && title(code).is_some();
    is_section
        || parts.next().is_some_and(|p| p.len() == 2 && digits(p, 2))
            && parts.next().is_none_or(|p| digits(p, 2))
            && parts.next().is_none_or(|p| digits(p, 1))
            && parts.next().is_none()
}

/// Digits, with or without points and a section's letter before them, as the
/// lists write them. A subclass 0 is its class.
fn shaped(typed: &str) -> Option<String> {
    let behind = typed.strip_prefix(|c: char| c.is_ascii_alphabetic());
    let rest = behind.unwrap_or(typed).trim_start();
    if rest.is_empty() {
        return behind.map(|_| typed.to_ascii_uppercase());
    }
    let digits = match rest.split_once('.') {
        None => rest.to_owned(),
        Some((division, rest)) => {
            let fits = match rest.split_once('.') {
                None => true,
                Some((class, subclass)) => class.len() == 2 && subclass.len() == 1,
            };
            if !(1..=2).contains(&division.len()) || !fits {
                return None;
            }
            format!("{division:0>2}{}", rest.replace('.', ""))
        }
    };
    if !(2..=5).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let digits = match digits.len() {
        5 => digits.strip_suffix('0').unwrap_or(&digits),
        _ => &digits,
    };
    let parts = [
        digits.get(..2),
        digits.get(2..digits.len().min(4)),
        digits.get(4..),
    ];
    let parts = parts.into_iter().flatten().filter(|p| !p.is_empty());
    Some(parts.collect::<Vec<_>>().join("."))
}

/// Finds a code in a list of lines in the order of their codes, by halves.
fn find(list: &'static str, code: &str) -> Option<&'static str> {
    let bytes = list.as_bytes();
    let (mut low, mut high) = (0, bytes.len());
    while low < high {
        let middle = low + (high - low) / 2;
        // Ends of lines and semicolons are never part of a longer character.
        let start = bytes[low..middle].iter().rposition(|b| *b == b'\n');
        let start = start.map_or(low, |i| low + i + 1);
        let length = bytes[start..high].iter().position(|b| *b == b'\n');
        let end = length.map_or(high, |i| start + i);
        let (found, title) = list[start..end].split_once(';')?;
        match code.cmp(found) {
            std::cmp::Ordering::Equal => return Some(title),
            std::cmp::Ordering::Less => high = start,
            std::cmp::Ordering::Greater => low = end + 1,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_lists_is_found_again() {
        for (list, lines) in [(WZ_2025, 1554), (WZ_2008, 1333)] {
            assert_eq!(list.lines().count(), lines);
            for line in list.lines() {
                let (code, title) = line.split_once(';').unwrap();
                assert_eq!(find(list, code), Some(title), "{code}");
                assert!(!title.is_empty() && is_code(code), "{line}");
                assert_eq!(normal(code), code);
            }
        }
        for unknown in ["", "00", "62.011", "99.99", "Z", "~"] {
            assert_eq!(title(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn the_newer_list_is_asked_first() {
        assert_eq!(title("62.01"), Some("Programmierungstätigkeiten"));
        assert_eq!(title("62.10"), Some("Programmierungstätigkeiten"));
        assert_eq!(title("J"), find(WZ_2025, "J"));
        assert_ne!(find(WZ_2025, "J"), find(WZ_2008, "J"));
    }

    #[test]
    fn codes_come_into_one_form_and_unknown_ones_stay() {
        for typed in ["62.01.0", "6201", "62010", " 62.01", "J62.01", "j 6201"] {
            assert_eq!(normal(typed), "62.01", "{typed}");
        }
        for (typed, stored) in [
            ("J62", "62"),
            ("c", "C"),
            ("620", "62.0"),
            ("1.11", "01.11"),
            ("01.13.2", "01.13.2"),
            ("62.99", "62.99"),
            ("6299", "6299"),
            ("Schiffbau", "Schiffbau"),
            ("7", "7"),
            ("62.01.00.1", "62.01.00.1"),
            ("62.0.1", "62.0.1"),
            ("620.1", "620.1"),
            (".62", ".62"),
            ("٦٢", "٦٢"),
        ] {
            assert_eq!(normal(typed), stored, "{typed}");
        }
        assert_eq!(
            Industry::new("6201").label(),
            "62.01 Programmierungstätigkeiten"
        );
        assert_eq!(Industry::new("62.99").label(), "62.99");
        let twice = named(&["72.19".into(), "62.01.0".into(), "62.01".into()]);
        assert_eq!(twice.len(), 2);
    }

    #[test]
    fn a_cell_may_name_its_class_behind_the_code() {
        let of = |cell| leading(cell).unwrap_or_default();
        assert_eq!(of("62.01 Programmierungstätigkeiten"), "62.01");
        assert_eq!(of("J 62.01"), "62.01");
        assert_eq!(of("62.99"), "62.99");
        assert_eq!(of("J"), "J");
        assert_eq!(leading("Herstellung von Booten, 3 Werften"), None);
    }

    #[test]
    fn a_code_with_two_meanings_shows_both() {
        let label = Industry::new("25.30").label();
        assert!(
            label.contains("Waffen") && label.contains("WZ 2008: "),
            "{label}"
        );
        assert!(label.contains("Dampfkesseln"), "{label}");
        // A feminine form more is no other meaning, and one edition needs no word.
        for code in ["72.1", "62.01", "62.10"] {
            assert_eq!(Industry::new(code).former, "", "{code}");
        }
    }

    #[test]
    fn codes_are_told_from_other_numbers() {
        for good in ["30", "30.3", "30.30", "30.30.1", "J"] {
            assert!(is_code(good), "{good}");
        }
        for bad in [
            "3", "300", "30.", "30.300", "30.30.00", "C30", "30.3.0.1", "٣٠", "Z",
        ] {
            assert!(!is_code(bad), "{bad}");
        }
    }
}
