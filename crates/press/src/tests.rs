use std::io::Cursor;

use calamine::{Data, DataType, Reader, Xlsx};

use super::*;

fn members() -> Sheet {
    let column = |heading: &str, kind| Column {
        heading: heading.into(),
        kind,
    };
    Sheet {
        title: "Mitglieder: 2027/28".into(),
        columns: vec![
            column("Name", Kind::Text),
            column("Beschäftigte", Kind::Number),
            column("Seit", Kind::Day),
        ],
        rows: vec![
            vec![
                Cell::Text("Müller; \"Söhne\"\nGmbH".into()),
                Cell::Number(-12.5),
                Cell::Day {
                    year: 2027,
                    month: 2,
                    day: 4,
                },
            ],
            vec![
                Cell::Text("=HYPERLINK(\"x\")".into()),
                Cell::Number(f64::NAN),
                Cell::Empty,
            ],
            vec![Cell::Text("+49 351 1234".into())],
        ],
    }
}

fn csv_rows(bytes: &[u8], separator: u8) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(bytes);
    reader
        .records()
        .map(|record| record.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

#[test]
fn csv_reads_back_and_runs_no_formula() {
    let bytes = to_csv(
        &members(),
        Dialect {
            separator: ';',
            bom: true,
        },
    );
    let rest = bytes
        .strip_prefix(b"\xEF\xBB\xBF")
        .expect("a mark in front");
    let rows = csv_rows(rest, b';');
    assert_eq!(rows[0], ["Name", "Beschäftigte", "Seit"]);
    assert_eq!(rows[1], ["Müller; \"Söhne\"\nGmbH", "-12,5", "2027-02-04"]);
    assert_eq!(rows[2], ["'=HYPERLINK(\"x\")", "", ""]);
    assert_eq!(rows[3], ["'+49 351 1234", "", ""]);

    let plain = to_csv(
        &members(),
        Dialect {
            separator: ',',
            bom: false,
        },
    );
    assert_eq!(csv_rows(&plain, b',')[1][1], "-12.5");
}

#[test]
fn every_start_of_a_formula_is_guarded() {
    for start in ["=1", "+1", "-1", "@a", "\t=1", "\r=1", " =1", "\u{ff1d}1"] {
        let sheet = Sheet {
            title: String::new(),
            columns: vec![Column {
                heading: start.into(),
                kind: Kind::Text,
            }],
            rows: vec![vec![Cell::Text(start.into())]],
        };
        for row in csv_rows(
            &to_csv(
                &sheet,
                Dialect {
                    separator: ',',
                    bom: false,
                },
            ),
            b',',
        ) {
            assert_eq!(row, [format!("'{start}")], "{start:?}");
        }
    }
}

#[test]
fn xlsx_reads_back_with_real_numbers_and_days() {
    let bytes = to_xlsx(&members()).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["Mitglieder  2027 28"]);
    let range = book.worksheet_range("Mitglieder  2027 28").unwrap();
    let at = |row, column| range.get((row, column)).cloned().unwrap_or_default();
    assert_eq!(at(0, 1), Data::String("Beschäftigte".into()));
    assert_eq!(at(1, 0), Data::String("Müller; \"Söhne\"\nGmbH".into()));
    assert_eq!(at(1, 1), Data::Float(-12.5));
    let Data::DateTime(day) = at(1, 2) else {
        panic!("no day: {:?}", at(1, 2))
    };
    assert_eq!(day.to_ymd_hms_milli(), (2027, 2, 4, 0, 0, 0, 0));
    assert_eq!(at(2, 0), Data::String("=HYPERLINK(\"x\")".into()));
    assert!(at(2, 1).is_empty());
    let formulas = book.worksheet_formula("Mitglieder  2027 28").unwrap();
    assert!(formulas.is_empty(), "text is never a formula");
}

#[test]
fn xlsx_takes_any_title_and_an_empty_list() {
    for title in [
        "",
        "'a'",
        "[]:*?/\\",
        "ein Titel, der viel länger ist als ein Reiter sein darf",
    ] {
        let sheet = Sheet {
            title: title.into(),
            columns: Vec::new(),
            rows: vec![vec![Cell::Number(1.0)]],
        };
        assert!(to_xlsx(&sheet).is_ok(), "{title}");
    }
    let mut sheet = members();
    sheet.rows = vec![vec![Cell::Day {
        year: 2027,
        month: 2,
        day: 31,
    }]];
    assert!(to_xlsx(&sheet).is_err(), "a day that is none is refused");
}

#[test]
fn vcard_folds_and_escapes() {
    let card = Card {
        given: "Jörg".into(),
        family: "Weiß; Söhne".into(),
        organisation:
            "Netzwerk für Werkstoffe, Oberflächen und Fügetechnik im Ländlichen Raum e. V.".into(),
        function: "Leiter\nNetzwerk".into(),
        mail: "j.weiss@example.org".into(),
        phone: "+49 351 123".into(),
        url: "https://example.org/a,b\r\nX:1".into(),
    };
    let text = to_vcard(&card);
    assert!(
        text.split("\r\n")
            .all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])),
        "{text}"
    );
    let whole = text.replace("\r\n ", "");
    let lines: Vec<&str> = whole.trim_end().split("\r\n").collect();
    assert_eq!(
        lines,
        [
            "BEGIN:VCARD",
            "VERSION:4.0",
            "FN:Jörg Weiß\\; Söhne",
            "N:Weiß\\; Söhne;Jörg;;;",
            "ORG:Netzwerk für Werkstoffe\\, Oberflächen und Fügetechnik im Ländlichen Raum e. V.",
            "TITLE:Leiter\\nNetzwerk",
            "EMAIL:j.weiss@example.org",
            "TEL;VALUE=text:+49 351 123",
            "URL:https://example.org/a,bX:1",
            "END:VCARD",
        ]
    );
}

#[test]
fn a_card_of_an_organisation_has_its_name() {
    let text = to_vcard(&Card {
        organisation: "Verbund".into(),
        ..Card::default()
    });
    assert_eq!(
        text,
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Verbund\r\nORG:Verbund\r\nEND:VCARD\r\n"
    );
}
