//! Numbers and days as people write them.

use jiff::civil::Date;

/// Reads a German or English decimal: `1.234,5`, `1,234.5`, `1234,5`, `1'234.50`, `12 %`, `3 €`.
///
/// A single separator followed by exactly three digits groups thousands when the number in front
/// has one to three digits other than a lone zero (`1.234` and `1,234` are 1234, `0,125` is a
/// fraction). `None` for anything else, so that text is never taken for a number.
pub fn decimal(text: &str) -> Option<f64> {
    let bare = text
        .trim()
        .trim_start_matches(['€', '$'])
        .trim_end_matches(['€', '$', '%'])
        .trim_end_matches("EUR")
        .trim();
    let (negative, digits) = match bare.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, bare.strip_prefix('+').unwrap_or(bare)),
    };
    let digits: String = digits
        .chars()
        .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '\u{2019}'))
        .collect();
    let first = digits.chars().next()?;
    if !(first.is_ascii_digit() || matches!(first, ',' | '.'))
        || !digits
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, ',' | '.'))
    {
        return None;
    }
    let plain = plain_decimal(&digits)?;
    let value: f64 = plain.parse().ok()?;
    value
        .is_finite()
        .then_some(if negative { -value } else { value })
}

/// Digits with a point, grouping removed.
fn plain_decimal(digits: &str) -> Option<String> {
    let (commas, points) = (digits.matches(',').count(), digits.matches('.').count());
    let (mark, group) = match (commas, points) {
        (0, 0) => return Some(digits.to_owned()),
        (0, 1) => ('.', ','),
        (1, 0) => (',', '.'),
        (0, _) => (',', '.'),
        (_, 0) => ('.', ','),
        // The mark that comes last separates the fraction.
        _ if digits.rfind(',') > digits.rfind('.') => (',', '.'),
        _ => ('.', ','),
    };
    let (whole, fraction) = match digits.split_once(mark) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    if fraction.is_some_and(|part| part.contains([',', '.'])) || !grouped_well(whole, group) {
        return None;
    }
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    match fraction {
        None => Some(whole),
        Some(part) if commas + points == 1 && part.len() == 3 && thousands(&whole) => {
            Some(whole + part)
        }
        Some(part) if whole.is_empty() && part.is_empty() => None,
        Some(part) => Some(format!(
            "{}.{}",
            if whole.is_empty() { "0" } else { &whole },
            if part.is_empty() { "0" } else { part }
        )),
    }
}

/// Whether the part before a lone mark may be the front of a thousands group.
fn thousands(whole: &str) -> bool {
    (1..=3).contains(&whole.len()) && !whole.starts_with('0')
}

/// Groups after the first hold exactly three digits, the first one to three.
fn grouped_well(whole: &str, group: char) -> bool {
    let mut parts = whole.split(group);
    let first = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    rest.is_empty() || ((1..=3).contains(&first.len()) && rest.iter().all(|part| part.len() == 3))
}

/// Reads a day as people write it and returns it as `YYYY-MM-DD`, or a bare year as `YYYY`.
///
/// Accepts `4.2.27`, `04.02.2027`, `2027-02-04`, `2027/2/4`, `4-2-2027`, `4/2/2027` (ambiguous
/// orders are read the German way, day first; a month above 12 turns the order round) and an
/// attached time, which is dropped. Two-digit years up to 69 belong to the 2000s.
pub fn year_or_day(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit()) {
        return (1000..=2999)
            .contains(&text.parse::<i16>().ok()?)
            .then(|| text.to_owned());
    }
    let day = text.split(['T', ' ']).find(|part| !part.is_empty())?;
    // `4. 2. 2027` is common in letters; the blanks after the points carry nothing.
    let joined = text.replace(". ", ".");
    let day = if day.ends_with('.') {
        joined.split(['T', ' ']).next()?
    } else {
        day
    };
    let mark = day.chars().find(|c| !c.is_ascii_digit())?;
    if !matches!(mark, '.' | '-' | '/') {
        return None;
    }
    let parts: Vec<&str> = day.split(mark).collect();
    let [a, b, c] = parts.as_slice() else {
        return None;
    };
    if [a, b, c]
        .iter()
        .any(|part| part.is_empty() || part.len() > 4 || !part.bytes().all(|b| b.is_ascii_digit()))
    {
        return None;
    }
    let (year, month, day) = if a.len() == 4 {
        (*a, *b, *c)
    } else {
        (*c, *b, *a)
    };
    if month.len() > 2 || day.len() > 2 {
        return None;
    }
    let year = full_year(year)?;
    let (month, day): (i8, i8) = (month.parse().ok()?, day.parse().ok()?);
    let found = Date::new(year, month, day).ok().or_else(|| {
        // Only a slash is used for month-first dates.
        (mark == '/')
            .then(|| Date::new(year, day, month).ok())
            .flatten()
    })?;
    Some(found.to_string())
}

/// A year of two or four digits.
fn full_year(text: &str) -> Option<i16> {
    let year: i16 = text.parse().ok()?;
    match text.len() {
        4 if (1000..=2999).contains(&year) => Some(year),
        2 if year < 70 => Some(2000 + year),
        2 => Some(1900 + year),
        _ => None,
    }
}
