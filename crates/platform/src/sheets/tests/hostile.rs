//! Files made to do harm, and files that met it.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

use super::super::Trouble;
use super::super::package::{Part, pack};
use super::own::{ods, xlsx};
use super::read;

/// The same cases in every run.
fn fixed() -> Config {
    Config {
        cases: 256,
        rng_seed: RngSeed::Fixed(20_270_204),
        failure_persistence: None,
        ..Config::default()
    }
}

fn samples() -> Vec<Vec<u8>> {
    let row = "<sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Name</t></is></c><c r=\"B1\" t=\"inlineStr\"><is><t>Ort</t></is></c></row><row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\" s=\"1\"><v>46422</v></c></row></sheetData>";
    let cells = "<table:table-row><table:table-cell><text:p>Name</text:p></table:table-cell><table:table-cell><text:p>Ort</text:p></table:table-cell></table:table-row>";
    vec![
        xlsx(row),
        ods(cells),
        "Name;Ort\n\"Müller; \"\"S\"\"\";Köln\n\nSumme;3\n"
            .as_bytes()
            .to_vec(),
        "Name\tOrt\r\nMüller\tKöln"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect(),
        [
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(),
            vec![0; 18],
            vec![62, 0, 3, 0, 0xFE, 0xFF, 9, 0, 6, 0],
            vec![0; 2000],
        ]
        .concat(),
    ]
}

proptest! {
    #![proptest_config(fixed())]

    #[test]
    fn any_bytes_end_in_a_table_or_a_trouble(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = read(&bytes, "x.csv");
    }

    #[test]
    fn a_damaged_file_ends_in_a_table_or_a_trouble(
        which in 0_usize..5,
        hits in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..12),
        kept in any::<proptest::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let mut bytes = samples().swap_remove(which);
        for (at, byte) in hits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if cut {
            bytes.truncate(kept.index(bytes.len()));
        }
        if let Ok(table) = read(&bytes, "x.xlsx") {
            prop_assert!(table.rows.iter().all(|row| row.cells.len() == table.header.len()));
        }
    }

    #[test]
    fn any_text_is_a_number_or_day_or_none(text in "[0-9.,'/ €%+-]{0,14}") {
        let _ = super::super::decimal(&text);
        let _ = super::super::year_or_day(&text);
    }
}

#[test]
fn a_far_corner_costs_nothing() {
    let far = "<dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Name</t></is></c></row><row r=\"1048576\"><c r=\"B1048576\"><v>1</v></c></row></sheetData>";
    assert_eq!(
        read(&xlsx(far), "a.xlsx").map(|table| table.rows[0].line),
        Ok(1_048_576)
    );
    let wide = "<sheetData><row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row></sheetData>";
    assert_eq!(
        read(&xlsx(wide), "a.xlsx"),
        Err(Trouble::TooManyColumns {
            found: 16_384,
            limit: 200
        })
    );
    let tall = "<table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell table:number-columns-repeated=\"100\"><text:p>x</text:p></table:table-cell></table:table-row>";
    assert_eq!(
        read(&ods(tall), "a.ods"),
        Err(Trouble::TooManyRows { limit: 100_000 })
    );
}

#[test]
fn a_cell_costs_more_than_its_letter() {
    // Twenty million cells in a file of one kilobyte.
    let heading = "<table:table-row><table:table-cell table:number-columns-repeated=\"200\"><text:p>x</text:p></table:table-cell></table:table-row>";
    let many = heading.replace(
        "<table:table-row>",
        "<table:table-row table:number-rows-repeated=\"100000\">",
    );
    let too_large = Err(Trouble::TooLarge { limit_mib: 200 });
    assert_eq!(read(&ods(&many), "a.ods"), too_large);
    // One cell at the far end of each row needs the places before it.
    let far = "<table:table-row table:number-rows-repeated=\"100000\"><table:table-cell table:number-columns-repeated=\"199\"/><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>";
    assert_eq!(read(&ods(far), "a.ods"), too_large);
    // The budget is one for all sheets: each of these fits alone.
    let half = heading.replace(
        "<table:table-row>",
        "<table:table-row table:number-rows-repeated=\"10000\">",
    );
    let sheets = format!("{half}</table:table><table:table table:name=\"b\">{half}");
    assert_ne!(read(&ods(&half), "a.ods"), too_large);
    assert_eq!(read(&ods(&sheets), "a.ods"), too_large);
    let csv = "x;".repeat(199) + "x\n";
    assert_eq!(read(csv.repeat(20_000).as_bytes(), "a.csv"), too_large);
}

#[test]
fn a_line_of_separators_is_no_table() {
    let line = ";".repeat(5_000_000);
    assert!(
        read(
            format!("Name;Ort\nMeyer;Kiel\n{line}\n").as_bytes(),
            "a.csv"
        )
        .is_ok()
    );
}

#[test]
fn a_zero_far_inside_a_list_is_seen() {
    let mut list = "\u{feff}Name;Ort\n".to_owned() + &"Meyer;Kiel\n".repeat(30_000);
    assert!(read(list.as_bytes(), "a.csv").is_ok());
    list.push_str("Mey\0er;Kiel\n");
    assert_eq!(read(list.as_bytes(), "a.csv"), Err(Trouble::Binary));
}

#[test]
fn markup_cut_short_ends() {
    let whole = "<office:document-content><table:table table:name=\"a\"><table:table-row>";
    let part = Part {
        name: "content.xml".into(),
        data: whole.as_bytes().to_vec(),
    };
    assert_eq!(
        read(&pack(&[part]).unwrap(), "a.ods"),
        Err(Trouble::Truncated)
    );
    let short = "<sheetData><row r=\"1\"><c r=\"A1\"><v>1";
    assert!(read(&xlsx(short), "a.xlsx").is_err());
}

#[test]
fn a_bomb_is_not_unpacked() {
    use std::io::Write;
    // 300 MiB of zeros become some 300 KiB.
    let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..300 {
        packer.write_all(&vec![0; 1024 * 1024]).unwrap();
    }
    let packed = packer.finish().unwrap();
    // Written as stored, then both headers are told that it is deflated.
    let mut bytes = pack(&[Part {
        name: "xl/workbook.xml".into(),
        data: packed,
    }])
    .unwrap();
    bytes[8] = 8;
    let directory = bytes.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
    bytes[directory + 10] = 8;
    assert_eq!(
        read(&bytes, "a.xlsx"),
        Err(Trouble::TooLarge { limit_mib: 200 })
    );
}

#[test]
fn promised_texts_reserve_nothing() {
    let bytes = pack(&[
        Part {
            name: "[Content_Types].xml".into(),
            data: b"<Types/>".to_vec(),
        },
        Part {
            name: "xl/sharedStrings.xml".into(),
            data: b"<sst uniqueCount=\"99999999999\"></sst>".to_vec(),
        },
    ]);
    assert_eq!(read(&bytes.unwrap(), "a.xlsx"), Err(Trouble::Unreadable));
}
