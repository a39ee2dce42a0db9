//! Texts that one engine does not take, and texts that nobody may read in a log.

use super::{MIGRATIONS, add, names, stamp};
use crate::testing::on_each_engine;
use crate::{params, record};

struct Item {
    name: String,
}
record!(Item { name });

#[test]
fn the_character_of_number_zero_reaches_no_engine() {
    on_each_engine(MIGRATIONS, |db| {
        db.write_now(stamp(), |work| add(work, "a\0b")).unwrap();
        assert_eq!(db.read_now(names).unwrap(), ["ab"]);
        let find = "SELECT name FROM items WHERE name = $1";
        let found: Option<Item> = db.read_now(|c| c.first(find, params!["\0ab"])).unwrap();
        assert_eq!(found.expect("the same one").name, "ab");
    });
}

#[test]
fn an_error_names_the_rule_and_no_value() {
    on_each_engine(MIGRATIONS, |db| {
        let mail = "anna@werft.example";
        db.write_now(stamp(), move |work| add(work, mail)).unwrap();
        let twice = db.write_now(stamp(), move |work| add(work, mail));
        let said = twice.unwrap_err().to_string();
        assert!(said.contains("items") && !said.contains(mail), "{said}");
    });
}
