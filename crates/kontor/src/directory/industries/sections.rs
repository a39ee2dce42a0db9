//! What lies below a section: its divisions in either edition, without classes that
//! only the other edition has.
//!
//! Always true: nobody says which edition a code was taken from, so that a section's
//! letter means what either edition calls so; a code that one edition alone knows
//! belongs to the section of that edition, one that neither knows to the sections
//! of its division.

use super::{WZ_2008, WZ_2025, find};

/// First and last division of each section of WZ 2008, as NACE Rev. 2 has them.
#[rustfmt::skip]
const SECTIONS_2008: &[(char, u8, u8)] = &[
    ('A', 1, 3), ('B', 5, 9), ('C', 10, 33), ('D', 35, 35), ('E', 36, 39), ('F', 41, 43),
    ('G', 45, 47), ('H', 49, 53), ('I', 55, 56), ('J', 58, 63), ('K', 64, 66), ('L', 68, 68),
    ('M', 69, 75), ('N', 77, 82), ('O', 84, 84), ('P', 85, 85), ('Q', 86, 88), ('R', 90, 93),
    ('S', 94, 96), ('T', 97, 98), ('U', 99, 99),
];

/// The same of WZ 2025, as NACE Rev. 2.1 has them.
#[rustfmt::skip]
const SECTIONS_2025: &[(char, u8, u8)] = &[
    ('A', 1, 3), ('B', 5, 9), ('C', 10, 33), ('D', 35, 35), ('E', 36, 39), ('F', 41, 43),
    ('G', 46, 47), ('H', 49, 53), ('I', 55, 56), ('J', 58, 60), ('K', 61, 63), ('L', 64, 66),
    ('M', 68, 68), ('N', 69, 75), ('O', 77, 82), ('P', 84, 84), ('Q', 85, 85), ('R', 86, 88),
    ('S', 90, 93), ('T', 94, 96), ('U', 97, 98), ('V', 99, 99),
];

/// An edition: its list and its sections.
type Edition = (&'static str, &'static [(char, u8, u8)]);
const EDITIONS: [Edition; 2] = [(WZ_2025, SECTIONS_2025), (WZ_2008, SECTIONS_2008)];

/// What is filed below a section.
#[derive(Debug, PartialEq, Eq)]
pub struct Section {
    /// Its letter, under which something may be filed itself.
    pub letter: String,
    /// Divisions from the first to the last, as two digits.
    pub divisions: Vec<(String, String)>,
    /// Beginnings of codes in these divisions that belong elsewhere, without points.
    pub without: Vec<String>,
}

/// The section of a code that is its letter.
pub fn section(code: &str) -> Option<Section> {
    let mut signs = code.chars();
    let (Some(letter), None) = (signs.next(), signs.next()) else {
        return None;
    };
    let mut section = Section {
        letter: letter.to_string(),
        divisions: Vec::new(),
        without: Vec::new(),
    };
    let mut last = 0;
    // Divisions that only one of the editions, by its number, has in the section.
    let mut alone: Vec<(usize, String)> = Vec::new();
    for number in 1..=99 {
        let holds = |n: &usize| holds(&EDITIONS[*n], letter, number);
        let of: Vec<usize> = (0..EDITIONS.len()).filter(holds).collect();
        let division = format!("{number:02}");
        if let [only] = of.as_slice() {
            alone.push((*only, division.clone()));
        }
        match section.divisions.last_mut() {
            _ if of.is_empty() => continue,
            Some(range) if last + 1 == number => range.1 = division,
            _ => section.divisions.push((division.clone(), division)),
        }
        last = number;
    }
    section.without = elsewhere(&alone);
    (!section.divisions.is_empty()).then_some(section)
}

fn holds((_, sections): &Edition, letter: char, division: u8) -> bool {
    let mut all = sections.iter();
    all.any(|(l, first, last)| *l == letter && (*first..=*last).contains(&division))
}

/// Beginnings of the codes of these divisions that only the other edition knows; none
/// of them begins another.
fn elsewhere(alone: &[(usize, String)]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (n, (own, _)) in EDITIONS.iter().enumerate() {
        let divisions: Vec<&str> = of_edition(alone, n).collect();
        let others = EDITIONS.iter().filter(|(other, _)| other != own);
        let lines = others.flat_map(|(other, _)| other.lines());
        let codes = lines.filter_map(|line| line.split(';').next());
        let here = codes.filter(|c| c.get(..2).is_some_and(|d| divisions.contains(&d)));
        for code in here.filter(|c| find(own, c).is_none()) {
            let code = code.replace('.', "");
            let begun = |before: &String| code.starts_with(before.as_str());
            // In the order of codes a beginning stands right before what it begins.
            if !found.last().is_some_and(begun) {
                found.push(code);
            }
        }
    }
    found
}

fn of_edition(alone: &[(usize, String)], n: usize) -> impl Iterator<Item = &str> {
    let own = alone.iter().filter(move |(of, _)| *of == n);
    own.map(|(_, division)| division.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether something filed under this code lies below the section.
    fn below(letter: &str, code: &str) -> bool {
        is_in(&section(letter).expect("a section"), code)
    }

    fn is_in(section: &Section, code: &str) -> bool {
        let division = &code[..2];
        let mut ranges = section.divisions.iter();
        let bare = code.replace('.', "");
        ranges.any(|(first, last)| (first.as_str()..=last.as_str()).contains(&division))
            && !section.without.iter().any(|w| bare.starts_with(w.as_str()))
    }

    #[test]
    fn every_division_lies_in_one_section_of_its_edition() {
        for (list, sections) in EDITIONS {
            let codes: Vec<&str> = list.lines().filter_map(|l| l.split(';').next()).collect();
            let letters = codes.iter().filter(|c| c.len() == 1);
            let known: Vec<String> = sections.iter().map(|s| s.0.to_string()).collect();
            assert!(letters.copied().eq(known.iter().map(String::as_str)));
            for division in codes.iter().filter(|c| c.len() == 2) {
                let number: u8 = division.parse().expect("digits");
                let of = sections.iter().filter(|s| (s.1..=s.2).contains(&number));
                assert_eq!(of.count(), 1, "{division}");
            }
        }
    }

    #[test]
    fn a_letter_means_what_either_edition_calls_so() {
        let j = section("J").expect("a section");
        assert_eq!(j.divisions, [("58".to_owned(), "63".to_owned())]);
        let l = section("L").expect("a section");
        let both = [("64", "66"), ("68", "68")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(l.divisions, both);
        let c = section("C").expect("a section");
        assert!(c.without.is_empty(), "the same in both");
        assert_eq!(section("V").expect("of WZ 2025").letter, "V");
        for unknown in ["", "W", "62", "JJ", "j"] {
            assert_eq!(section(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_code_of_one_edition_lies_in_its_section_alone() {
        // Programming: 62.01 in WZ 2008, section J; 62.10 in WZ 2025, section K.
        assert!(below("J", "62.01") && !below("K", "62.01"));
        assert!(below("K", "62.10") && !below("J", "62.10"));
        // In both, or in neither: either letter finds it.
        for code in ["62", "62.77"] {
            assert!(below("J", code) && below("K", code), "{code}");
        }
        assert!(below("J", "58.11") && !below("K", "58.11"));
        assert!(below("C", "30.30") && !below("D", "30.30"));
    }

    #[test]
    fn every_code_lies_below_a_section_of_each_edition_that_knows_it() {
        for (list, sections) in EDITIONS {
            for (letter, first, last) in sections {
                let section = section(&letter.to_string()).expect("a section");
                let codes = list.lines().filter_map(|l| l.split(';').next());
                for code in codes.filter(|c| c.len() > 1) {
                    let number: u8 = code[..2].parse().expect("digits");
                    let is_of = (*first..=*last).contains(&number);
                    assert!(!is_of || is_in(&section, code), "{letter}: {code}");
                }
            }
        }
    }
}
