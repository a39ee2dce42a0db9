//! The sheets of an OpenDocument spreadsheet.
//!
//! An own reader, because rows and cells may be declared repeated a million times: here a repeat
//! costs nothing unless it holds text, and every repeat with text is counted against the limits.

use super::markup::{Markup, Step, attribute};
use super::workbook::{CELL, Collector, tidy_number};
use super::{Limits, Sheet, Trouble};

/// Elements whose text is not the cell's own.
const ASIDE: [&str; 5] = [
    "office:annotation",
    "draw:frame",
    "draw:custom-shape",
    "text:note",
    "table:shapes",
];

/// Reads all sheets; the flag says whether a sheet is shown.
pub(super) fn sheets(content: &[u8], limits: &Limits) -> Result<Vec<(Sheet, bool)>, Trouble> {
    let content = std::str::from_utf8(content).map_err(|_| Trouble::Unreadable)?;
    let mut walk = Walk::new(limits);
    let mut last = "";
    for step in Markup::new(content) {
        match step {
            Step::Open {
                name,
                attributes,
                closed,
            } => {
                walk.open(name, attributes)?;
                if closed {
                    walk.close(name)?;
                }
            }
            Step::Close(name) => {
                walk.close(name)?;
                last = name;
            }
            Step::Text(text) => walk.text(&text),
        }
    }
    // The root's closing tag comes last in every whole file.
    if last == "office:document-content" {
        Ok(walk.done)
    } else {
        Err(Trouble::Truncated)
    }
}

/// A cell being read.
struct Cell {
    repeat: usize,
    rows_spanned: usize,
    value: Option<String>,
    text: String,
    paragraphs: usize,
    covered: bool,
}

struct Walk<'a> {
    limits: &'a Limits,
    done: Vec<(Sheet, bool)>,
    hidden_styles: Vec<String>,
    style: Option<String>,
    sheet: Option<(String, bool, Collector<'a>)>,
    row: usize,
    row_repeat: usize,
    /// Filled cells of the row: column, columns it repeats over, text, rows it spans.
    cells: Vec<(usize, usize, String, usize)>,
    column: usize,
    cell: Option<Cell>,
    aside: usize,
    /// What the cells of the sheets that are done take, in bytes.
    taken: usize,
    /// Room for the texts of the file, each counted once.
    text_left: usize,
}

impl<'a> Walk<'a> {
    fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            done: Vec::new(),
            hidden_styles: Vec::new(),
            style: None,
            sheet: None,
            row: 0,
            row_repeat: 1,
            cells: Vec::new(),
            column: 0,
            cell: None,
            aside: 0,
            taken: 0,
            text_left: limits.unpacked_bytes(),
        }
    }

    fn open(&mut self, name: &str, attributes: &str) -> Result<(), Trouble> {
        if ASIDE.contains(&name) {
            self.aside += 1;
            return Ok(());
        }
        if self.aside > 0 {
            return Ok(());
        }
        match name {
            "style:style" => self.style = attribute(attributes, "style:name"),
            "style:table-properties" => {
                if attribute(attributes, "table:display").is_some_and(|shown| shown == "false") {
                    self.hidden_styles.extend(self.style.clone());
                }
            }
            "table:table" if self.sheet.is_none() => self.open_sheet(attributes),
            "table:table-row" if self.sheet.is_some() => {
                self.row_repeat = count(attributes, "table:number-rows-repeated");
                self.column = 0;
                self.cells.clear();
            }
            "table:table-cell" | "table:covered-table-cell" if self.sheet.is_some() => {
                self.cell = Some(open_cell(name, attributes));
            }
            _ => self.open_text(name, attributes),
        }
        Ok(())
    }

    fn open_sheet(&mut self, attributes: &str) {
        let name = attribute(attributes, "table:name").unwrap_or_default();
        let hidden = attribute(attributes, "table:style-name")
            .is_some_and(|style| self.hidden_styles.contains(&style));
        self.sheet = Some((name, !hidden, Collector::new(self.limits, self.taken)));
        self.row = 0;
    }

    /// Marks inside a cell's text: paragraphs, runs of blanks, tabs and line breaks.
    fn open_text(&mut self, name: &str, attributes: &str) {
        let Some(cell) = &mut self.cell else { return };
        match name {
            "text:p" => {
                if cell.paragraphs > 0 {
                    cell.text.push('\n');
                }
                cell.paragraphs += 1;
            }
            "text:s" => {
                let blanks = count(attributes, "text:c").min(100);
                cell.text.extend(std::iter::repeat_n(' ', blanks));
            }
            "text:tab" => cell.text.push('\t'),
            "text:line-break" => cell.text.push('\n'),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.aside == 0
            && let Some(cell) = &mut self.cell
            && cell.paragraphs > 0
        {
            cell.text.push_str(text);
        }
    }

    fn close(&mut self, name: &str) -> Result<(), Trouble> {
        if ASIDE.contains(&name) {
            self.aside = self.aside.saturating_sub(1);
            return Ok(());
        }
        if self.aside > 0 {
            return Ok(());
        }
        match name {
            "table:table-cell" | "table:covered-table-cell" => self.close_cell()?,
            "table:table-row" => self.close_row()?,
            "table:table" => {
                if let Some((name, shown, collector)) = self.sheet.take() {
                    self.taken = collector.taken;
                    self.done.push((collector.finish(Some(name)), shown));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn close_cell(&mut self) -> Result<(), Trouble> {
        let Some(cell) = self.cell.take() else {
            return Ok(());
        };
        let text = cell.value.unwrap_or(cell.text);
        let text = text.trim();
        if !text.is_empty() && !cell.covered {
            let end = self.column.saturating_add(cell.repeat);
            if end > self.limits.columns {
                let limit = self.limits.columns;
                return Err(Trouble::TooManyColumns { found: end, limit });
            }
            self.text_left =
                self.text_left
                    .checked_sub(text.len() + CELL)
                    .ok_or(Trouble::TooLarge {
                        limit_mib: self.limits.unpacked_mib,
                    })?;
            self.cells
                .push((self.column, cell.repeat, text.to_owned(), cell.rows_spanned));
        }
        self.column = self.column.saturating_add(cell.repeat);
        Ok(())
    }

    fn close_row(&mut self) -> Result<(), Trouble> {
        let start = self.row;
        self.row = self.row.saturating_add(self.row_repeat);
        let Some((_, _, collector)) = &mut self.sheet else {
            return Ok(());
        };
        if self.cells.is_empty() {
            return Ok(());
        }
        if self.row_repeat > self.limits.rows {
            return Err(Trouble::TooManyRows {
                limit: self.limits.rows,
            });
        }
        for row in start..self.row {
            for (column, repeat, text, rows_spanned) in &self.cells {
                for column in *column..column + repeat {
                    collector.put(row, column, text.clone())?;
                }
                if *rows_spanned > 1 {
                    collector.merge(row, row.saturating_add(rows_spanned - 1), *column);
                }
            }
        }
        Ok(())
    }
}

/// A repeat or span; at least one.
fn count(attributes: &str, name: &str) -> usize {
    attribute(attributes, name)
        .and_then(|n| n.trim().parse().ok())
        .map_or(1, |n: usize| n.max(1))
}

fn open_cell(name: &str, attributes: &str) -> Cell {
    let get = |name| attribute(attributes, name);
    let value = match get("office:value-type").as_deref() {
        Some("float" | "currency" | "percentage") => get("office:value")
            .and_then(|n| n.trim().parse::<f64>().ok())
            .map(tidy_number),
        Some("date") => get("office:date-value").map(|day| tidy_day(&day)),
        Some("time") => get("office:time-value").map(|time| tidy_time(&time)),
        Some("boolean") => get("office:boolean-value"),
        Some("string") => get("office:string-value"),
        _ => None,
    };
    // A failed formula shows its error as text; it holds no value.
    let error = get("calcext:value-type").is_some_and(|kind| kind == "error");
    Cell {
        repeat: count(attributes, "table:number-columns-repeated"),
        rows_spanned: count(attributes, "table:number-rows-spanned"),
        value: if error { Some(String::new()) } else { value },
        text: String::new(),
        paragraphs: 0,
        covered: name == "table:covered-table-cell",
    }
}

/// `2027-02-04T00:00:00` is a day without a time.
fn tidy_day(text: &str) -> String {
    let Some((day, time)) = text.split_once('T') else {
        return text.to_owned();
    };
    let time = time.split('.').next().unwrap_or_default();
    let time = time
        .strip_suffix(":00")
        .filter(|short| short.len() == 5)
        .unwrap_or(time);
    if time == "00:00" {
        day.to_owned()
    } else {
        format!("{day} {time}")
    }
}

/// `PT14H57M13S` as `14:57:13`, `PT09H30M00S` as `09:30`.
fn tidy_time(text: &str) -> String {
    let mut parts = [0_u32; 3];
    let Some(mut rest) = text.strip_prefix("PT") else {
        return text.to_owned();
    };
    for (slot, mark) in parts.iter_mut().zip(['H', 'M', 'S']) {
        if let Some((digits, tail)) = rest.split_once(mark) {
            let whole = digits.split(['.', ',']).next().unwrap_or_default();
            let Ok(n) = whole.parse() else {
                return text.to_owned();
            };
            *slot = n;
            rest = tail;
        }
    }
    match parts {
        [h, m, 0] => format!("{h:02}:{m:02}"),
        [h, m, s] => format!("{h:02}:{m:02}:{s:02}"),
    }
}
