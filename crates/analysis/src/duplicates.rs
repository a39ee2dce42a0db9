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
}

/// Why two records may be the same, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    RegisterNumber,
    Name,
    WebHost,
    MailHost,
    Address,
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
    if same(name_key(a.name), name_key(b.name)) {
        found.push(Reason::Name);
    }
    if same(web_host(a.website), web_host(b.website)) {
        found.push(Reason::WebHost);
    }
    let mail = a.mail_host.to_lowercase();
    if !is_public_mail(&mail) && same(mail, b.mail_host.to_lowercase()) {
        found.push(Reason::MailHost);
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
