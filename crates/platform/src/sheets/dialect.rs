//! The dialect of separated text: its separator, its quotes, its line ends.

use super::workbook::{CELL, GAP};
use super::{Limits, SheetRow, Trouble};

/// Candidates, the preferred first where two explain the text equally well.
const SEPARATORS: [char; 4] = ['\t', ';', '|', ','];

/// How many records and characters the separator is judged by.
const JUDGED_RECORDS: usize = 300;
const JUDGED_BYTES: usize = 256 * 1024;

/// Empty fields beyond so many are not kept; no sheet is wider.
const MOST_FIELDS: usize = 16_384;

/// One field and whether it stood in quotes.
type Field = (String, bool);

/// Finds the separator and splits the text into filled rows.
pub(super) fn split(
    text: &str,
    file_name: &str,
    limits: &Limits,
) -> Result<(char, Vec<SheetRow>), Trouble> {
    let (stated, body) = stated_separator(text);
    let separator = stated.unwrap_or_else(|| guess(body, file_name));
    let first_line = if stated.is_some() { 2 } else { 1 };
    let mut rows = Vec::new();
    let mut line = first_line;
    let mut trouble = None;
    let mut taken = 0;
    records(body, separator, |fields| {
        let mut cells: Vec<String> = fields.into_iter().map(|(cell, _)| trimmed(cell)).collect();
        while cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        if cells.len() > limits.columns {
            trouble = Some(Trouble::TooManyColumns {
                found: cells.len(),
                limit: limits.columns,
            });
        } else if !cells.is_empty() {
            taken += cells.iter().map(|cell| size(cell)).sum::<usize>();
            if taken > limits.unpacked_bytes() {
                trouble = Some(Trouble::TooLarge {
                    limit_mib: limits.unpacked_mib,
                });
            }
            rows.push(SheetRow { line, cells });
            if rows.len() > limits.rows.saturating_add(1) {
                trouble = Some(Trouble::TooManyRows { limit: limits.rows });
            }
        }
        line += 1;
        trouble.is_none()
    });
    trouble.map_or(Ok((separator, rows)), Err)
}

/// What a cell takes, in bytes.
fn size(cell: &str) -> usize {
    if cell.is_empty() {
        GAP
    } else {
        CELL + cell.len()
    }
}

/// The cell without blanks around it; no new allocation when there are none.
fn trimmed(cell: String) -> String {
    let bare = cell.trim();
    if bare.len() == cell.len() {
        cell
    } else {
        bare.to_owned()
    }
}

/// A first line `sep=;`, as spreadsheet programs write it, and the text below it.
fn stated_separator(text: &str) -> (Option<char>, &str) {
    let Some((first, rest)) = text.split_once('\n') else {
        return (None, text);
    };
    let first = first.trim_end_matches('\r').trim_matches('"');
    let stated = first
        .get(..4)
        .filter(|head| head.eq_ignore_ascii_case("sep="))
        .map(|_| &first[4..]);
    match stated
        .map(|mark| mark.chars().collect::<Vec<_>>())
        .as_deref()
    {
        Some([mark]) if SEPARATORS.contains(mark) => (Some(*mark), rest),
        _ => (None, text),
    }
}

/// The separator that cuts the text into the most even and cleanest rows.
fn guess(text: &str, file_name: &str) -> char {
    let mut sample = &text[..text.floor_char_boundary(JUDGED_BYTES)];
    if sample.len() < text.len() {
        // The last line of a sample is cut anywhere and would count as ragged.
        sample = sample.rfind('\n').map_or(sample, |end| &sample[..end]);
    }
    let tabs_expected = file_name.to_ascii_lowercase().ends_with(".tsv");
    let mut best = (',', 0.0_f64);
    for separator in SEPARATORS {
        let bonus = if tabs_expected && separator == '\t' {
            0.2
        } else {
            0.0
        };
        let score = evenness(sample, separator);
        if score > 0.0 && score + bonus > best.1 + 1e-9 {
            best = (separator, score + bonus);
        }
    }
    best.0
}

/// 0 when the separator never divides; up to 1 when every row has the same number of clean cells.
fn evenness(sample: &str, separator: char) -> f64 {
    let (mut widths, mut cells, mut clean) = (Vec::new(), 0_usize, 0_usize);
    records(sample, separator, |fields| {
        if fields.iter().any(|(cell, _)| !cell.trim().is_empty()) {
            widths.push(fields.len());
            for (cell, quoted) in &fields {
                cells += 1;
                // Another separator left inside an unquoted cell speaks against this one. Commas
                // are ordinary in German numbers and sentences.
                let foreign = SEPARATORS[..3]
                    .iter()
                    .any(|mark| *mark != separator && cell.contains(*mark));
                clean += usize::from(*quoted || !foreign);
            }
        }
        widths.len() < JUDGED_RECORDS
    });
    let mut sorted = widths.clone();
    sorted.sort_unstable();
    let (mut mode, mut hits) = (0, 0_usize);
    for group in sorted.chunk_by(|a, b| a == b).filter(|group| group[0] > 1) {
        if group.len() >= hits {
            (mode, hits) = (group[0], group.len());
        }
    }
    if mode < 2 {
        return 0.0;
    }
    // A title has fewer cells than the list and says nothing against the separator; a row that is
    // wider than the list does.
    let weight: f64 = widths
        .iter()
        .map(|width| {
            if *width == mode {
                1.0
            } else if *width > 1 {
                0.4
            } else {
                0.1
            }
        })
        .sum();
    let even = weight / widths.len() as f64;
    // Many columns agreeing is stronger evidence than two.
    even * (clean as f64 / cells as f64) * (1.0 - 0.25 / mode as f64)
}

/// Cuts text into records and hands each to `take` until that returns false.
///
/// Quotes count only at the start of a cell; doubled quotes inside stand for one. A quote that is
/// never closed is taken literally, so that one slip does not swallow the rest of a list.
fn records(text: &str, separator: char, mut take: impl FnMut(Vec<Field>) -> bool) {
    let mut reader = Reader {
        text,
        at: 0,
        separator,
        literal_quotes: false,
    };
    while let Some(fields) = reader.record() {
        if !take(fields) {
            return;
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    separator: char,
    literal_quotes: bool,
}

impl Reader<'_> {
    fn record(&mut self) -> Option<Vec<Field>> {
        if self.at >= self.text.len() {
            return None;
        }
        let mut fields = Vec::new();
        loop {
            let (field, ended) = self.field();
            // A line of separators alone could take thirty times its length.
            if fields.len() < MOST_FIELDS || !field.0.is_empty() {
                fields.push(field);
            }
            if ended {
                return Some(fields);
            }
        }
    }

    /// The next field and whether the record ends behind it.
    fn field(&mut self) -> (Field, bool) {
        let mut cell = String::new();
        let mut quoted = false;
        let rest = &self.text[self.at..];
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        if !self.literal_quotes && rest[blanks..].starts_with('"') {
            match closed_quote(&rest[blanks + 1..]) {
                Some((inside, used)) => {
                    cell = inside;
                    quoted = true;
                    self.at += blanks + 1 + used;
                }
                None => self.literal_quotes = true,
            }
        }
        let rest = &self.text[self.at..];
        let separator = self.separator;
        let end = rest.find([separator, '\n', '\r']).unwrap_or(rest.len());
        cell.push_str(&rest[..end]);
        self.at += end;
        ((cell, quoted), self.step_over_mark())
    }

    /// Steps over the separator or line end; true at the end of a record.
    fn step_over_mark(&mut self) -> bool {
        let rest = &self.text[self.at..];
        if rest.starts_with(self.separator) {
            self.at += self.separator.len_utf8();
            return false;
        }
        self.at += if rest.starts_with("\r\n") {
            2
        } else {
            usize::from(!rest.is_empty())
        };
        true
    }
}

/// The text up to the closing quote and how many bytes it took, `None` when it never closes.
fn closed_quote(rest: &str) -> Option<(String, usize)> {
    let mut inside = String::new();
    let mut at = 0;
    loop {
        let quote = at + rest[at..].find('"')?;
        inside.push_str(&rest[at..quote]);
        if !rest[quote + 1..].starts_with('"') {
            return Some((inside, quote + 1));
        }
        inside.push('"');
        at = quote + 2;
    }
}
