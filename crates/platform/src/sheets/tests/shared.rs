//! Files of others, kept beside the project and not part of it.

use std::path::{Path, PathBuf};

use super::super::Trouble;
use super::{cells, read};

/// The folder of spreadsheets, when it is there.
fn folder() -> Option<PathBuf> {
    let stated = std::env::var_os("KONTOR_SHARED").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|up| up.join("shared"))
        .collect::<Vec<_>>();
    let found = stated
        .into_iter()
        .chain(beside)
        .map(|base| base.join("data/spreadsheets"))
        .find(|path| path.is_dir());
    if found.is_none() {
        #[expect(
            clippy::disallowed_macros,
            reason = "the test runner shows this output"
        )]
        {
            eprintln!(
                "SKIPPED: no folder of shared spreadsheets; set KONTOR_SHARED to check against it"
            );
        }
    }
    found
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found)
        } else {
            found.push(path)
        }
    }
}

#[test]
#[expect(
    clippy::disallowed_macros,
    reason = "the test runner shows what was read"
)]
fn every_shared_file_reads_or_says_why() {
    let Some(folder) = folder() else { return };
    let mut found = Vec::new();
    files(&folder, &mut found);
    found.sort();
    assert!(found.len() > 100, "{} files", found.len());
    for path in &found {
        let bytes = std::fs::read(path).unwrap();
        let name = path.strip_prefix(&folder).unwrap().display().to_string();
        match read(&bytes, &name) {
            Ok(table) => {
                assert!(
                    table
                        .rows
                        .iter()
                        .all(|row| row.cells.len() == table.header.len()),
                    "{name}"
                );
                println!(
                    "{name}: {:?} row {} of {} columns, {} rows, {} above, {} below: {:.100}",
                    table.form,
                    table.header_row,
                    table.header.len(),
                    table.rows.len(),
                    table.skipped_above,
                    table.notes_below,
                    format!("{:?}", table.header)
                );
            }
            Err(trouble) => println!("{name}: {trouble:?}"),
        }
    }
}

#[test]
fn csv_spectrum_reads_as_it_should() {
    let Some(folder) = folder() else { return };
    let mut seen = 0;
    for entry in std::fs::read_dir(folder.join("csv_spectrum/csvs")).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let table = read(&std::fs::read(&path).unwrap(), "x.csv").unwrap();
        let json = std::fs::read(folder.join(format!("csv_spectrum/json/{stem}.json"))).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        // The expectation kept for this one is of another row; its headings are compared.
        if let Some(row) = json.as_object() {
            assert!(row.keys().all(|name| table.header.contains(name)), "{stem}");
            assert_eq!(table.rows.len(), 1, "{stem}");
            continue;
        }
        let expected: Vec<serde_json::Map<String, serde_json::Value>> =
            serde_json::from_value(json).unwrap();
        let expected: Vec<Vec<&str>> = expected
            .iter()
            // Cells are trimmed here, as the table promises.
            .map(|row| {
                table
                    .header
                    .iter()
                    .map(|name| row[name].as_str().unwrap().trim())
                    .collect()
            })
            .collect();
        assert_eq!(cells(&table), expected, "{stem}");
        seen += 1;
    }
    assert!(seen >= 8, "{seen} files");
}

#[test]
fn locked_files_say_so() {
    let Some(folder) = folder() else { return };
    for name in ["pass_protected.xlsx", "pass_protected.ods"] {
        let bytes = std::fs::read(folder.join("calamine").join(name)).unwrap();
        assert_eq!(
            read(&bytes, name),
            Err(Trouble::PasswordProtected),
            "{name}"
        );
    }
}

#[test]
fn real_german_lists_read_whole() {
    let Some(folder) = folder() else { return };
    // File, first heading, row of the headings, columns, rows: counted apart from this reader.
    let expected = [
        ("brussels_unknown_8bit_semicolon.csv", "N", 1, 15, 35),
        (
            "efre_baden_wuerttemberg_2014_2020.xlsx",
            "Name des Begünstigten",
            10,
            10,
            91,
        ),
        (
            "efre_bremen_linebreaks_decimal_comma.csv",
            "NAME DES BEGÜNSTIGTEN",
            1,
            6,
            757,
        ),
        (
            "efre_thueringen_semicolon_utf8.csv",
            "Name des Begünstigten",
            1,
            10,
            500,
        ),
        (
            "esf_saarland_2014_2020.xlsx",
            "Name des Begünstigten",
            11,
            10,
            142,
        ),
        (
            "poland_cf_windows1250_semicolon.csv",
            "Tytuł projektu",
            1,
            7,
            125,
        ),
    ];
    for (name, heading, row, columns, rows) in expected {
        let bytes = std::fs::read(folder.join("german_real").join(name)).unwrap();
        let table = read(&bytes, name).unwrap();
        assert!(
            table.header[0].starts_with(heading),
            "{name}: {:?}",
            table.header[0]
        );
        assert_eq!(
            (table.header_row, table.header.len(), table.rows.len()),
            (row, columns, rows),
            "{name}"
        );
    }
}
