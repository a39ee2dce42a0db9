//! What a file's first bytes say it is.

use super::Trouble;

/// The families of files that may hold a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Anything without a known signature: perhaps separated text.
    Text,
    /// A zip archive: XLSX, ODS and others.
    Package,
    /// A compound file: XLS, or an encrypted XLSX.
    Compound,
}

/// Signatures of formats that hold no list, with the name [`Trouble::WrongExtension`] gives them.
const OTHERS: [(&[u8], &str); 12] = [
    (b"%PDF", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "image"),
    (b"\xFF\xD8\xFF", "image"),
    (b"GIF8", "image"),
    (b"\x1F\x8B", "archive"),
    (b"7z\xBC\xAF", "archive"),
    (b"Rar!", "archive"),
    (b"BZh", "archive"),
    (b"\xFD7zXZ", "archive"),
    (b"BEGIN:VCARD", "vcard"),
    (b"BEGIN:VCALENDAR", "calendar"),
];

/// Says which family the bytes belong to.
pub(super) fn of(bytes: &[u8]) -> Result<Kind, Trouble> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Ok(Kind::Package);
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Ok(Kind::Compound);
    }
    let body = bytes
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(bytes)
        .trim_ascii_start();
    if body.is_empty() {
        return Err(Trouble::Empty);
    }
    for (signature, looks_like) in OTHERS {
        if body.len() >= signature.len() && body[..signature.len()].eq_ignore_ascii_case(signature)
        {
            return Err(Trouble::WrongExtension { looks_like });
        }
    }
    markup(body).map_or(Ok(Kind::Text), |looks_like| {
        Err(Trouble::WrongExtension { looks_like })
    })
}

/// Web pages and XML exports are often sent under the name `.xls`.
fn markup(body: &[u8]) -> Option<&'static str> {
    let start = String::from_utf8_lossy(&body[..body.len().min(512)]).to_ascii_lowercase();
    let html = [
        "<!doctype html",
        "<html",
        "<table",
        "<meta",
        "<head",
        "<body",
    ];
    if html.iter().any(|tag| start.starts_with(tag)) {
        return Some("html");
    }
    if start.starts_with("<?xml") {
        return Some(if start.contains("<html") {
            "html"
        } else {
            "xml"
        });
    }
    None
}
