//! Separated text: which encoding, then which rows.

use encoding_rs::{Encoding, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::{Form, Limits, Sheet, Table, Trouble, dialect, header};

/// How many bytes the encoding is judged by.
const JUDGED: usize = 256 * 1024;

/// Reads separated text into a table.
pub(super) fn read(bytes: &[u8], file_name: &str, limits: &Limits) -> Result<Table, Trouble> {
    let (text, encoding) = decode(bytes)?;
    if !text.chars().any(char::is_alphanumeric) {
        return Err(Trouble::Empty);
    }
    let (separator, rows) = dialect::split(&text, file_name, limits)?;
    if rows.is_empty() {
        return Err(Trouble::Empty);
    }
    let sheet = Sheet { name: None, rows };
    header::table(
        sheet,
        Form::Csv {
            encoding,
            separator,
        },
    )
}

/// Turns bytes into text and names the encoding found.
pub(super) fn decode(bytes: &[u8]) -> Result<(String, &'static str), Trouble> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let text = encoding
            .decode_without_bom_handling(&bytes[mark..])
            .0
            .into_owned();
        return clean(text, encoding.name());
    }
    if let Some(encoding) = wide(bytes) {
        return clean(
            encoding.decode_without_bom_handling(bytes).0.into_owned(),
            encoding.name(),
        );
    }
    if bytes.contains(&0) {
        return Err(Trouble::Binary);
    }
    if mostly_utf8(bytes) {
        return clean(String::from_utf8_lossy(bytes).into_owned(), UTF_8.name());
    }
    let encoding = single_byte(bytes);
    let text = encoding.decode_without_bom_handling(bytes).0.into_owned();
    // Without bytes in 80..9F the two Western encodings are the same text.
    let latin1 = encoding == WINDOWS_1252 && !bytes.iter().any(|b| (0x80..0xA0).contains(b));
    clean(
        text,
        if latin1 {
            "iso-8859-1"
        } else {
            encoding.name()
        },
    )
}

/// Refuses text full of control characters and drops the end mark of old programs.
fn clean(mut text: String, encoding: &'static str) -> Result<(String, &'static str), Trouble> {
    while text.ends_with('\u{1a}') {
        text.pop();
    }
    // No database takes it, wherever in the list it stands.
    if text.contains('\0') {
        return Err(Trouble::Binary);
    }
    let (mut controls, mut all) = (0_usize, 0_usize);
    for c in text.chars().take(JUDGED) {
        all += 1;
        let odd = c.is_control() && !matches!(c, '\t' | '\r' | '\n' | '\u{b}' | '\u{c}' | '\u{85}');
        controls += usize::from(odd || c == char::REPLACEMENT_CHARACTER);
    }
    // A list may hold a stray control character or two, a program file holds many.
    if controls * 20 > all {
        Err(Trouble::Binary)
    } else {
        Ok((text, encoding))
    }
}

/// UTF-16 without a mark: every other byte of Western text is zero.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(JUDGED) & !1];
    if sample.len() < 4 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let (mut even, mut odd) = (0, 0);
    for pair in sample.chunks_exact(2) {
        if pair == [0, 0] {
            return None;
        }
        even += usize::from(pair[0] == 0);
        odd += usize::from(pair[1] == 0);
    }
    let pairs = sample.len() / 2;
    if odd * 10 > pairs * 6 && even * 20 < pairs {
        Some(UTF_16LE)
    } else if even * 10 > pairs * 6 && odd * 20 < pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// UTF-8, also when a few bytes were damaged on the way.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    bad == 0 || good > bad * 10
}

/// The one-byte (or East Asian) encoding of text that is not UTF-8.
fn single_byte(bytes: &[u8]) -> &'static Encoding {
    if only_umlauts(bytes, b"\x8A\x9A\x9F\xA7\x80\x85\x86")
        && between_letters(bytes, b"\x8A\x9A\x9F")
    {
        return MACINTOSH;
    }
    // Short lists give statistics too little to go by; German and French letters decide.
    if only_umlauts(bytes, b"\xE4\xF6\xFC\xC4\xD6\xDC\xDF\xE9\xE8\xE0\xEA\xE7\xA7\xB0\xA0\xAB\xBB\x80\x84\x93\x94\x96\x91\x92") {
        return WINDOWS_1252;
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(JUDGED)], true);
    detector.guess(None, chardetng::Utf8Detection::Deny)
}

/// Whether every byte above ASCII is one of these.
fn only_umlauts(bytes: &[u8], letters: &[u8]) -> bool {
    bytes.iter().all(|b| b.is_ascii() || letters.contains(b))
}

/// Whether one of these bytes stands beside an ASCII letter at both sides.
fn between_letters(bytes: &[u8], letters: &[u8]) -> bool {
    bytes.windows(3).any(|w| {
        w[0].is_ascii_alphabetic() && letters.contains(&w[1]) && w[2].is_ascii_alphabetic()
    })
}
