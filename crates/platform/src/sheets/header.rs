//! Where in a sheet the list is: its headings, its rows, and what stands around it.

use std::collections::HashSet;

use super::{Form, Sheet, SheetRow, Table, TableRow, Trouble, decimal, year_or_day};

/// Headings stand within this many filled rows.
const SEARCHED: usize = 60;

/// Longer cells are sentences, not headings.
const LONGEST_LABEL: usize = 400;

/// How a row below a list starts that adds it up.
const SUMS: [&str; 7] = [
    "summe",
    "gesamt",
    "insgesamt",
    "gesamtsumme",
    "total",
    "sum",
    "totals",
];

/// How a note below a list starts.
const NOTES: [&str; 12] = [
    "*",
    "quelle",
    "source",
    "stand:",
    "stand ",
    "hinweis",
    "anmerkung",
    "note:",
    "notes:",
    "erstellt",
    "legende",
    "¹",
];

/// Finds the list in a sheet.
pub(super) fn table(sheet: Sheet, form: Form) -> Result<Table, Trouble> {
    let rows = sheet.rows;
    if rows.is_empty() {
        return Err(Trouble::Empty);
    }
    let at = heading(&rows).ok_or(Trouble::NoHeader)?;
    let notes_below = notes(&rows[at..]);
    let end = rows.len() - notes_below;
    let mut top = rows[at].clone();
    let mut first = at + 1;
    while first < end && first <= at + 2 && continues(&rows[first], &rows[first + 1..end]) {
        append(&mut top, &rows[first]);
        first += 1;
    }
    let body = &rows[first..end];
    let columns = used_columns(&top, body);
    let cut = |row: &SheetRow| -> Vec<String> {
        columns
            .iter()
            .map(|column| row.cells.get(*column).cloned().unwrap_or_default())
            .collect()
    };
    Ok(Table {
        header: cut(&top),
        header_row: rows[at].line,
        rows: body
            .iter()
            .map(|row| TableRow {
                line: row.line,
                cells: cut(row),
            })
            .collect(),
        form,
        sheet: sheet.name,
        other_sheets: Vec::new(),
        skipped_above: at,
        notes_below,
    })
}

/// Whether a row below the headings is their second line (often a translation): it holds labels
/// in columns that hold only figures and days from there on.
fn continues(row: &SheetRow, below: &[SheetRow]) -> bool {
    let below = &below[..below.len().min(SEARCHED)];
    let (mut labels, mut figures) = (0, 0);
    for (column, cell) in row
        .cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| !cell.is_empty())
    {
        let values: Vec<&String> = below
            .iter()
            .filter_map(|row| row.cells.get(column))
            .filter(|cell| !cell.is_empty())
            .collect();
        let numeric = values.iter().filter(|cell| is_figure(cell)).count();
        if values.len() >= 3 && numeric * 10 >= values.len() * 9 {
            labels += usize::from(is_label(cell));
            figures += usize::from(is_figure(cell));
        }
    }
    labels >= 2 && figures == 0
}

fn is_figure(cell: &str) -> bool {
    decimal(cell).is_some() || year_or_day(cell).is_some()
}

/// Adds a second line to the headings.
fn append(top: &mut SheetRow, more: &SheetRow) {
    if top.cells.len() < more.cells.len() {
        top.cells.resize(more.cells.len(), String::new());
    }
    for (heading, cell) in top
        .cells
        .iter_mut()
        .zip(&more.cells)
        .filter(|(h, c)| h != c && !c.is_empty())
    {
        if !heading.is_empty() {
            heading.push('\n');
        }
        heading.push_str(cell);
    }
}

/// Columns that hold a heading or a value.
fn used_columns(header: &SheetRow, body: &[SheetRow]) -> Vec<usize> {
    let mut used: Vec<bool> = Vec::new();
    for row in std::iter::once(header).chain(body) {
        if used.len() < row.cells.len() {
            used.resize(row.cells.len(), false);
        }
        for (slot, cell) in used.iter_mut().zip(&row.cells) {
            *slot |= !cell.is_empty();
        }
    }
    used.iter()
        .enumerate()
        .filter(|(_, used)| **used)
        .map(|(column, _)| column)
        .collect()
}

/// The row of headings: the first with (nearly) the most different labels, in a row that is
/// mostly labels and is not just a title over a wider list.
fn heading(rows: &[SheetRow]) -> Option<usize> {
    let searched = &rows[..rows.len().min(SEARCHED)];
    let labels: Vec<usize> = searched.iter().map(distinct_labels).collect();
    let best = labels.iter().copied().max().filter(|best| *best > 0)?;
    // A narrow list has no headings to spare, a wide one may leave some columns unnamed.
    let enough = if best <= 3 {
        best
    } else {
        (best * 3).div_ceil(5)
    };
    let at = labels.iter().position(|count| *count >= enough)?;
    let filled = filled(&searched[at]);
    let alone = rows.len() == 1 && filled < 2;
    (labels[at] * 2 >= filled && !alone).then_some(at)
}

fn filled(row: &SheetRow) -> usize {
    row.cells.iter().filter(|cell| !cell.is_empty()).count()
}

fn distinct_labels(row: &SheetRow) -> usize {
    let labels: HashSet<String> = row
        .cells
        .iter()
        .filter(|cell| is_label(cell))
        .map(|cell| cell.to_lowercase())
        .collect();
    labels.len()
}

/// Whether a cell may be a heading: words, or a year over a column of figures.
fn is_label(cell: &str) -> bool {
    if cell.is_empty() || cell.len() > LONGEST_LABEL || cell.contains('@') || cell.contains("://") {
        return false;
    }
    if cell.len() == 4 && year_or_day(cell).is_some() {
        return true;
    }
    cell.chars().any(char::is_alphabetic) && decimal(cell).is_none() && year_or_day(cell).is_none()
}

/// How many rows at the end (the first row given is the headings) are no members of the list.
fn notes(rows: &[SheetRow]) -> usize {
    let width = filled(&rows[0]);
    if width < 2 {
        return 0;
    }
    let mut end = rows.len();
    loop {
        let block = last_block(&rows[..end]);
        // Behind a gap, rows far narrower than the list are notes.
        let narrow = block > 1
            && rows[block..end]
                .iter()
                .all(|row| filled(row) <= (width / 4).max(1));
        if narrow {
            end = block;
        } else if end > 1 && (is_sum(&rows[end - 1]) || is_note(&rows[end - 1])) {
            end -= 1;
        } else {
            return rows.len() - end;
        }
    }
}

/// Start of the last run of rows without an empty row between them; 0 when there is no gap.
fn last_block(rows: &[SheetRow]) -> usize {
    rows.windows(2)
        .rposition(|pair| pair[1].line > pair[0].line + 1)
        .map_or(0, |at| at + 1)
}

/// A row that starts with a word for a sum and otherwise holds numbers.
fn is_sum(row: &SheetRow) -> bool {
    let mut cells = row.cells.iter().filter(|cell| !cell.is_empty());
    let Some(first) = cells.next() else {
        return false;
    };
    let word = first.to_lowercase();
    let word = word
        .split(|c: char| !c.is_alphabetic())
        .next()
        .unwrap_or_default();
    SUMS.contains(&word) && cells.all(|cell| decimal(cell).is_some())
}

/// A single cell that reads like a remark.
fn is_note(row: &SheetRow) -> bool {
    let Some(text) = row.cells.iter().find(|cell| !cell.is_empty()) else {
        return false;
    };
    let lower = text.to_lowercase();
    let numbered = text.starts_with(|c: char| c.is_ascii_digit()) && text.get(1..2) == Some(")");
    filled(row) == 1 && (numbered || NOTES.iter().any(|start| lower.starts_with(start)))
}
