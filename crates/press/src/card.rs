//! A person's own card as vCard 4.0 (RFC 6350).

/// What a card says. Empty fields are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Card {
    /// Given names.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Organisation.
    pub organisation: String,
    /// Function in the organisation.
    pub function: String,
    /// Mail address.
    pub mail: String,
    /// Telephone number as the person writes it.
    pub phone: String,
    /// Address of a page.
    pub url: String,
}

/// Longest line in bytes without its end; longer ones are folded.
const LINE: usize = 75;

/// Writes a card.
pub fn to_vcard(card: &Card) -> String {
    let mut text = String::from("BEGIN:VCARD\r\nVERSION:4.0\r\n");
    let names = [card.given.trim(), card.family.trim()];
    let full = names
        .iter()
        .filter(|name| !name.is_empty())
        .copied()
        .collect::<Vec<_>>()
        .join(" ");
    // The full name is the one line a card must have.
    let full = if full.is_empty() {
        card.organisation.trim()
    } else {
        &full
    };
    line(&mut text, "FN", &escaped(full));
    if names != ["", ""] {
        line(
            &mut text,
            "N",
            &format!("{};{};;;", escaped(names[1]), escaped(names[0])),
        );
    }
    for (name, value) in [
        ("ORG", &card.organisation),
        ("TITLE", &card.function),
        ("EMAIL", &card.mail),
    ] {
        if !value.trim().is_empty() {
            line(&mut text, name, &escaped(value.trim()));
        }
    }
    if !card.phone.trim().is_empty() {
        line(&mut text, "TEL;VALUE=text", &escaped(card.phone.trim()));
    }
    // An address of a page is written bare, so nothing that would end its line may stay in it.
    let url: String = card
        .url
        .trim()
        .chars()
        .filter(|c| !c.is_control() && !c.is_whitespace())
        .collect();
    if !url.is_empty() {
        line(&mut text, "URL", &url);
    }
    text.push_str("END:VCARD\r\n");
    text
}

/// A value whose own marks cannot be taken for the card's.
fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let value = value.replace("\r\n", "\n");
    for c in value.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            ',' => out.push_str("\\,"),
            ';' => out.push_str("\\;"),
            '\n' | '\r' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Appends one line, folded between characters so that none is longer than 75 bytes.
fn line(text: &mut String, name: &str, value: &str) {
    let mut used = 0;
    for c in name.chars().chain([':']).chain(value.chars()) {
        if used + c.len_utf8() > LINE {
            text.push_str("\r\n ");
            used = 1;
        }
        text.push(c);
        used += c.len_utf8();
    }
    text.push_str("\r\n");
}
