//! Which reasons speak for two records being one and the same organisation.
//!
//! Whoever looks for duplicates finds candidates by equal keys and asks this
//! function; scores over more than one reason take its place later.

use crate::names::{name_key, sort_key, web_host};

/// What of an organisation is compared; empty where nothing is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Features<'a> {
    pub name: &'a str,
    pub website: &'a str,
    pub mail_host: &'a str,
    pub register_number: &'a str,
    pub street: &'a str,
    pub postcode: &'a str,
    pub city: &'a str,
    /// Names it was listed under before, as [`name_key`] makes them.
    pub former_names: &'a [String],
}

/// Why two records may be the same, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    RegisterNumber,
    Name,
    /// The name of one is a former name of the other.
    FormerName,
    WebHost,
    MailHost,
    SimilarName,
    Address,
}

/// How many letters of ten must agree for a similar name (Dice, in percent).
const SIMILAR: usize = 85;
/// Names shorter than this are too alike by chance.
const SHORT: usize = 6;
/// Names are only compared letter by letter when they begin alike.
const BEGINNING: usize = 3;

/// Every two bytes that follow each other in a name, sorted.
pub type LetterPairs = Box<[[u8; 2]]>;

/// The pairs of letters of a name as [`name_key`] makes it.
pub fn letter_pairs(name_key: &str) -> LetterPairs {
    let windows = name_key.as_bytes().windows(2);
    let mut pairs: Vec<[u8; 2]> = windows.map(|w| [w[0], w[1]]).collect();
    pairs.sort_unstable();
    pairs.into()
}

/// What two names must share to be compared letter by letter: place and beginning.
/// None for a name that is too short.
pub fn similarity_block(name_key: &str, city_key: &str) -> Option<(String, String)> {
    let beginning = || name_key.chars().take(BEGINNING).collect();
    (name_key.len() >= SHORT).then(|| (city_key.to_owned(), beginning()))
}

/// Whether at least [`SIMILAR`] percent of the pairs of letters of both names agree
/// (Dice, *Measures of the amount of ecologic association between species*, 1945).
pub fn are_similar(a: &[[u8; 2]], b: &[[u8; 2]]) -> bool {
    // So many pairs may be without their like; lengths alone can say that there
    // are more.
    let all = a.len() + b.len();
    let most = all * (100 - SIMILAR) / 100;
    let (mut i, mut j, mut alone) = (0, 0, 0);
    if a.len().abs_diff(b.len()) > most {
        return false;
    }
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => (i, alone) = (i + 1, alone + 1),
            std::cmp::Ordering::Greater => (j, alone) = (j + 1, alone + 1),
            std::cmp::Ordering::Equal => (i, j) = (i + 1, j + 1),
        }
        if alone > most {
            return false;
        }
    }
    alone + (a.len() - i) + (b.len() - j) <= most
}

/// Whether two names of one place are nearly the same, and not the same.
fn has_similar_name(a: &Features<'_>, b: &Features<'_>) -> bool {
    let (x, y) = (name_key(a.name), name_key(b.name));
    let block = similarity_block(&x, &sort_key(a.city));
    x != y
        && block.is_some()
        && block == similarity_block(&y, &sort_key(b.city))
        && are_similar(&letter_pairs(&x), &letter_pairs(&y))
}

/// Mail hosts that anybody can have an address at.
const PUBLIC_MAIL: &[&str] = &[
    "aol.com",
    "arcor.de",
    "freenet.de",
    "gmail.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "hotmail.de",
    "icloud.com",
    "live.de",
    "mail.de",
    "mailbox.org",
    "me.com",
    "online.de",
    "outlook.com",
    "outlook.de",
    "posteo.de",
    "proton.me",
    "protonmail.com",
    "t-online.de",
    "web.de",
    "yahoo.com",
    "yahoo.de",
];

/// Whether anybody can have an address at this mail host.
pub fn is_public_mail(host: &str) -> bool {
    PUBLIC_MAIL.contains(&host)
}

/// A register number as it compares: without case, blanks and signs.
pub fn register_key(number: &str) -> String {
    let plain = number.chars().filter(|c| c.is_alphanumeric());
    plain.flat_map(char::to_lowercase).collect()
}

fn address_key(f: &Features<'_>) -> String {
    let street = sort_key(f.street)
        .replace("strasse", "str")
        .replace(' ', "");
    if street.is_empty() || (f.postcode.is_empty() && f.city.is_empty()) {
        return String::new();
    }
    let place = if f.postcode.is_empty() {
        f.city
    } else {
        f.postcode
    };
    format!("{street} {}", sort_key(place))
}

/// What speaks for both being one and the same; nothing when only their
/// address agrees: many firms share a house.
pub fn reasons(a: &Features<'_>, b: &Features<'_>) -> Vec<Reason> {
    let same = |x: String, y: String| !x.is_empty() && x == y;
    let mut found = Vec::new();
    if same(
        register_key(a.register_number),
        register_key(b.register_number),
    ) {
        found.push(Reason::RegisterNumber);
    }
    let (x, y) = (name_key(a.name), name_key(b.name));
    let is_former = a.former_names.contains(&y) || b.former_names.contains(&x);
    if same(x, y) {
        found.push(Reason::Name);
    } else if is_former {
        found.push(Reason::FormerName);
    }
    if same(web_host(a.website), web_host(b.website)) {
        found.push(Reason::WebHost);
    }
    let mail = a.mail_host.to_lowercase();
    if !is_public_mail(&mail) && same(mail, b.mail_host.to_lowercase()) {
        found.push(Reason::MailHost);
    }
    if has_similar_name(a, b) {
        found.push(Reason::SimilarName);
    }
    if !found.is_empty() && same(address_key(a), address_key(b)) {
        found.push(Reason::Address);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kai<'a>(name: &'a str, mail_host: &'a str) -> Features<'a> {
        Features {
            name,
            mail_host,
            street: "Kaistraße 1",
            postcode: "20457",
            ..Features::default()
        }
    }

    #[test]
    fn the_legal_form_and_spelling_of_a_street_make_no_difference() {
        let b = Features {
            street: "Kaistr. 1",
            ..kai("Elbfaser", "")
        };
        let found = reasons(&kai("Elbfaser GmbH", ""), &b);
        assert_eq!(found, [Reason::Name, Reason::Address]);
    }

    #[test]
    fn neighbours_and_customers_of_one_mail_provider_are_not_the_same() {
        assert_eq!(
            reasons(&kai("Moorwerk", "gmx.de"), &kai("Tidewerk", "gmx.de")),
            []
        );
        let found = reasons(
            &kai("Moorwerk", "werk.example"),
            &kai("Tidewerk", "werk.example"),
        );
        assert_eq!(found, [Reason::MailHost, Reason::Address]);
    }

    #[test]
    fn a_slip_in_a_name_is_seen_in_one_place_only() {
        let of = |name, city| Features {
            name,
            city,
            ..Features::default()
        };
        let slip = of("Reetdach Werkstadt Nord GmbH", "Kiel");
        assert_eq!(
            reasons(&of("Reetdach Werkstatt Nord", "Kiel"), &slip),
            [Reason::SimilarName]
        );
        assert_eq!(reasons(&of("Reetdach Werkstatt Nord", "Lübeck"), &slip), []);
        assert_eq!(reasons(&of("Reetdach Handel", "Kiel"), &slip), []);
        assert_eq!(reasons(&of("Werft", "Kiel"), &of("Werff", "Kiel")), []);
    }

    #[test]
    fn a_former_name_is_a_reason_and_a_name_in_common_the_better_one() {
        let formerly = ["elbfaser".to_owned()];
        let renamed = Features {
            former_names: &formerly,
            ..kai("Nordfaser GmbH", "")
        };
        let old = kai("Elbfaser GmbH", "");
        let expected = [Reason::FormerName, Reason::Address];
        assert_eq!(reasons(&renamed, &old), expected);
        assert_eq!(reasons(&old, &renamed), expected);
        let same = reasons(&renamed, &kai("Nordfaser", ""));
        assert_eq!(same, [Reason::Name, Reason::Address]);
        assert_eq!(reasons(&renamed, &kai("Moorwerk", "")), []);
    }

    #[test]
    fn a_register_number_compares_without_blanks() {
        let of = |register_number| Features {
            register_number,
            ..Features::default()
        };
        let found = reasons(&of("HRB 12 345"), &of("hrb12345"));
        assert_eq!(found, [Reason::RegisterNumber]);
        assert_eq!(reasons(&of(""), &of("")), []);
    }
}
