//! Small samples of our own.

use super::super::package::{Part, pack};
use super::super::{Form, Limits, Trouble, decimal, year_or_day};
use super::{cells, read};

/// An XLSX of one sheet from the XML inside its `worksheet` element.
pub(super) fn xlsx(inside: &str) -> Vec<u8> {
    let part = |name: &str, text: &str| Part {
        name: name.into(),
        data: text.as_bytes().to_vec(),
    };
    pack(&[
        part("[Content_Types].xml", "<Types/>"),
        part(
            "_rels/.rels",
            r#"<Relationships><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        part(
            "xl/workbook.xml",
            r#"<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Liste" sheetId="1" r:id="s1"/></sheets></workbook>"#,
        ),
        part(
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships><Relationship Id="s1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
        part(
            "xl/styles.xml",
            r#"<styleSheet><numFmts><numFmt numFmtId="170" formatCode="00000"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>"#,
        ),
        part("xl/worksheets/sheet1.xml", &format!("<worksheet>{inside}</worksheet>")),
    ])
    .unwrap()
}

/// An ODS from the XML inside its `table:table` element.
pub(super) fn ods(inside: &str) -> Vec<u8> {
    let part = |name: &str, text: String| Part {
        name: name.into(),
        data: text.into_bytes(),
    };
    pack(&[
        part("mimetype", "application/vnd.oasis.opendocument.spreadsheet".into()),
        part("META-INF/manifest.xml", "<manifest:manifest/>".into()),
        part(
            "content.xml",
            format!("<office:document-content><table:table table:name=\"Liste\">{inside}</table:table></office:document-content>"),
        ),
    ])
    .unwrap()
}

fn text_cell(at: &str, text: &str) -> String {
    format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

#[test]
fn title_gap_and_notes_stand_around_the_list() {
    let text = "Mitglieder des Netzwerks\n\nName;Ort;PLZ;Seit\n\"Müller; Söhne\";Köln;01067;2020\nBäcker;\"Bad\nTölz\";83646;2021\nSumme;;2;\n\n* ohne Gäste\n";
    let table = read(text.as_bytes(), "liste.csv").unwrap();
    assert_eq!(table.header, ["Name", "Ort", "PLZ", "Seit"]);
    assert_eq!(
        (table.header_row, table.skipped_above, table.notes_below),
        (3, 1, 2)
    );
    assert_eq!(table.rows[1].line, 5);
    assert_eq!(
        cells(&table),
        [
            ["Müller; Söhne", "Köln", "01067", "2020"],
            ["Bäcker", "Bad\nTölz", "83646", "2021"]
        ]
    );
    assert_eq!(
        table.form,
        Form::Csv {
            encoding: "UTF-8",
            separator: ';'
        }
    );
}

/// German text in the Macintosh's own encoding.
fn macintosh(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| match c {
            'ä' => 0x8A,
            'ö' => 0x9A,
            'ü' => 0x9F,
            'ß' => 0xA7,
            'Ä' => 0x80,
            'Ö' => 0x85,
            c => u8::try_from(u32::from(c)).unwrap(),
        })
        .collect()
}

#[test]
fn every_encoding_and_separator_reads_the_same() {
    let plain = "Name;Straße;Größe\nJörg Weiß;Am Hügel 1;1,5\nÄnne Öhm;Gäßchen 2;2,5\n";
    for separator in [';', ',', '\t', '|'] {
        let text = if separator == ',' {
            plain
                .replace("1,5", "\"1,5\"")
                .replace("2,5", "\"2,5\"")
                .replace(';', ",")
        } else {
            plain.replace(';', &separator.to_string())
        };
        let wide =
            |unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        let western: Vec<u8> = text
            .chars()
            .map(|c| u8::try_from(u32::from(c)).unwrap())
            .collect();
        let mac = macintosh(&text);
        let kinds = [
            ("UTF-8", text.clone().into_bytes()),
            ("UTF-8", [b"\xEF\xBB\xBF", text.as_bytes()].concat()),
            ("UTF-16LE", wide(u16::to_le_bytes)),
            (
                "UTF-16LE",
                [b"\xFF\xFE".to_vec(), wide(u16::to_le_bytes)].concat(),
            ),
            ("UTF-16BE", wide(u16::to_be_bytes)),
            (
                "UTF-16BE",
                [b"\xFE\xFF".to_vec(), wide(u16::to_be_bytes)].concat(),
            ),
            ("iso-8859-1", western.clone()),
            ("windows-1252", [western, b"\x80uro".to_vec()].concat()),
            ("macintosh", mac),
        ];
        for (encoding, bytes) in kinds {
            let table = read(&bytes, "x.xlsx").unwrap();
            assert_eq!(
                table.header,
                ["Name", "Straße", "Größe"],
                "{encoding} {separator:?}"
            );
            assert_eq!(table.rows[0].cells, ["Jörg Weiß", "Am Hügel 1", "1,5"]);
            assert_eq!(table.rows[1].cells, ["Änne Öhm", "Gäßchen 2", "2,5"]);
            let Form::Csv {
                encoding: found,
                separator: mark,
            } = table.form
            else {
                panic!()
            };
            assert_eq!(
                (found.to_ascii_lowercase(), mark),
                (encoding.to_ascii_lowercase(), separator)
            );
        }
    }
}

#[test]
fn quotes_ragged_rows_and_a_stated_separator() {
    let text = "sep=;\r\nName;Mail;Rolle\r\n\"sagt \"\"ja\"\"\";a@b.de\r\nX;;Leitung;zu viel\r\n";
    let table = read(text.as_bytes(), "a.csv").unwrap();
    assert_eq!(table.header, ["Name", "Mail", "Rolle", ""]);
    assert_eq!(
        cells(&table),
        [
            ["sagt \"ja\"", "a@b.de", "", ""],
            ["X", "", "Leitung", "zu viel"]
        ]
    );
    assert_eq!((table.header_row, table.rows[0].line), (2, 3));

    let open = "Name,Ort\n\"Meier,Ulm\nSchmidt,Aalen\n";
    assert_eq!(
        cells(&read(open.as_bytes(), "a.csv").unwrap()),
        [["\"Meier", "Ulm"], ["Schmidt", "Aalen"]]
    );
}

#[test]
fn the_last_member_with_a_name_only_is_kept() {
    let table = read(
        "Name;Ort;Mail\nA;B;c@d.de\nNur Name;;\n".as_bytes(),
        "a.csv",
    )
    .unwrap();
    assert_eq!((table.rows.len(), table.notes_below), (2, 0));
}

#[test]
fn troubles_say_what_is_wrong() {
    let other = |looks_like| Err(Trouble::WrongExtension { looks_like });
    assert_eq!(read(b"", "a.csv"), Err(Trouble::Empty));
    assert_eq!(read(b" \n\r\n;;\n", "a.csv"), Err(Trouble::Empty));
    assert_eq!(read(b"%PDF-1.7 ...", "a.xlsx"), other("pdf"));
    assert_eq!(read(b"<html><table><tr><td>a", "a.xls"), other("html"));
    assert_eq!(read(b"BEGIN:VCARD\r\nVERSION:4.0", "a.csv"), other("vcard"));
    assert_eq!(read(b"a,b\0,c\nd,e\0\0,f", "a.csv"), Err(Trouble::Binary));
    assert_eq!(read(b"1,2,3\n4,5,6\n", "a.csv"), Err(Trouble::NoHeader));
    assert_eq!(
        read(b"PK\x03\x04 and no more", "a.xlsx"),
        Err(Trouble::Truncated)
    );
    let small = Limits {
        rows: 2,
        columns: 3,
        ..Limits::default()
    };
    let with = |text: &str| super::super::read(text.as_bytes(), "a.csv", &small, None);
    assert_eq!(with("a;b\nc;d\ne;f\n").map(|table| table.rows.len()), Ok(2));
    assert_eq!(
        with("a;b\nc;d\ne;f\ng;h\n"),
        Err(Trouble::TooManyRows { limit: 2 })
    );
    assert_eq!(
        with("a;b;c;d\n1;2;3;4\n"),
        Err(Trouble::TooManyColumns { found: 4, limit: 3 })
    );
    let none = Limits {
        file_mib: 0,
        ..Limits::default()
    };
    assert_eq!(
        super::super::read(b"a", "a", &none, None),
        Err(Trouble::TooLarge { limit_mib: 0 })
    );
}

#[test]
fn xlsx_days_numbers_postal_codes_and_merges() {
    let rows = [
        format!("<row r=\"2\">{}</row>", text_cell("A2", "Liste 2027")),
        format!(
            "<row r=\"4\">{}{}{}{}</row>",
            text_cell("B4", "Cluster"), text_cell("C4", "Seit"), text_cell("D4", "PLZ"), text_cell("E4", "Aktiv")
        ),
        format!("<row r=\"5\">{}<c r=\"C5\" s=\"1\"><v>46422</v></c><c r=\"D5\" s=\"2\"><v>1067</v></c><c r=\"E5\" t=\"b\"><v>1</v></c></row>", text_cell("B5", "Holz")),
        "<row r=\"6\"><c r=\"C6\" s=\"1\"><v>46423.5</v></c><c r=\"D6\"><v>0.30000000000000004</v></c><c r=\"E6\" t=\"e\"><v>#REF!</v></c></row>".to_owned(),
    ];
    let inside = format!(
        "<sheetData>{}</sheetData><mergeCells><mergeCell ref=\"B5:B6\"/></mergeCells>",
        rows.concat()
    );
    let table = read(&xlsx(&inside), "a.xlsx").unwrap();
    assert_eq!(table.header, ["Cluster", "Seit", "PLZ", "Aktiv"]);
    assert_eq!(
        (table.header_row, table.skipped_above, table.form),
        (4, 1, Form::Xlsx)
    );
    let found: Vec<_> = table.rows.iter().map(|row| row.cells.clone()).collect();
    assert_eq!(found[0], ["Holz", "2027-02-04", "01067", "true"]);
    assert_eq!(found[1], ["Holz", "2027-02-05 12:00", "0.3", ""]);
    assert_eq!(table.sheet.as_deref(), Some("Liste"));
    let named = super::super::read(&xlsx(&inside), "a", &Limits::default(), Some("Anders"));
    assert_eq!(named, Err(Trouble::NoSuchSheet));
}

#[test]
fn ods_repeats_spans_and_kinds() {
    let cell = |text: &str| {
        format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let inside = format!(
        "<table:table-row>{}{}{}</table:table-row>\
         <table:table-row><table:table-cell table:number-rows-spanned=\"2\"><text:p>Holz<text:s/>&amp; Bau</text:p><office:annotation><text:p>geheim</text:p></office:annotation></table:table-cell>\
         <table:table-cell office:value-type=\"date\" office:date-value=\"2027-02-04\"><text:p>4.2.27</text:p></table:table-cell>\
         <table:table-cell office:value-type=\"float\" office:value=\"12\"/></table:table-row>\
         <table:table-row table:number-rows-repeated=\"2\"><table:covered-table-cell/>{}<table:table-cell office:value-type=\"boolean\" office:boolean-value=\"false\"/></table:table-row>\
         <table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>",
        cell("Cluster"),
        cell("Seit"),
        cell("Zahl"),
        cell("offen"),
    );
    let table = read(&ods(&inside), "a.ods").unwrap();
    assert_eq!(
        cells(&table),
        [
            ["Holz & Bau", "2027-02-04", "12"],
            ["Holz & Bau", "offen", "false"],
            ["", "offen", "false"]
        ]
    );
}

#[test]
fn decimals_of_both_traditions() {
    let read = |pairs: &[(&str, f64)]| {
        for (text, n) in pairs {
            assert_eq!(decimal(text), Some(*n), "{text}");
        }
    };
    read(&[
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1234,5", 1234.5),
        ("0,125", 0.125),
        ("1.234", 1234.0),
        ("1,234", 1234.0),
        ("1.234.567", 1_234_567.0),
        ("159.965,00", 159_965.0),
        ("-3,5 %", -3.5),
        ("12 €", 12.0),
        ("1 234,5", 1234.5),
        ("+7", 7.0),
        (",5", 0.5),
        ("1'234.50", 1234.5),
        ("2.5", 2.5),
    ]);
    for text in [
        "",
        "a",
        "1.2.3",
        "1,23,4",
        "12a",
        "1e5",
        "-",
        "4.2.2027",
        "NaN",
        ".",
        "1,2.3,4",
        "+49 351-1",
    ] {
        assert_eq!(decimal(text), None, "{text}");
    }
}

#[test]
fn days_as_people_write_them() {
    for text in [
        "4.2.27",
        "04.02.2027",
        "2027-02-04",
        "4/2/2027",
        "2027/2/4",
        "4-2-2027",
        "4. 2. 2027",
        "2027-02-04T00:00:00",
        "04.02.2027 12:30",
    ] {
        assert_eq!(year_or_day(text).as_deref(), Some("2027-02-04"), "{text}");
    }
    assert_eq!(year_or_day("2/13/2027").as_deref(), Some("2027-02-13"));
    assert_eq!(year_or_day(" 2027 ").as_deref(), Some("2027"));
    assert_eq!(year_or_day("1.1.85").as_deref(), Some("1985-01-01"));
    for text in [
        "",
        "2/4",
        "31.02.2027",
        "13.13.2027",
        "4.2.027",
        "x",
        "0351/123456",
        "9999",
        "1.2.3.4",
    ] {
        assert_eq!(year_or_day(text), None, "{text}");
    }
}
