//! Every statement means the same on both engines, and so do the tables.

use std::collections::BTreeMap;

use kontor::app::wiring::MIGRATIONS;
use kontor_platform::db::{Conn, STATEMENTS, connect, parameters_in_order};
use kontor_platform::{params, testing};

use crate::sources::{files, rust};

type Columns = BTreeMap<(String, String), (String, bool)>;

/// Runs `ask` on a fresh database of each engine and collects the answers.
fn ask_each<T>(ask: impl Fn(&mut Conn) -> T) -> Vec<T> {
    let answers = std::cell::RefCell::new(Vec::new());
    testing::on_each_engine(MIGRATIONS, |db| {
        let mut conn = connect(db.source()).expect("the engine answers");
        answers.borrow_mut().push(ask(&mut conn));
    });
    answers.into_inner()
}

#[test]
fn every_statement_is_known_to_this_test() {
    let mut declared = 0;
    for file in files("crates/platform/src", ".rs")
        .into_iter()
        .chain(files("crates/kontor/src", ".rs"))
    {
        if file.is_test() || file.path.ends_with("db/sql.rs") {
            continue;
        }
        let code = rust(file.product()).code;
        for (at, _) in code.match_indices("sql! {") {
            let block = code[at..].split("\n}").next().unwrap_or_default();
            declared += block.matches("= \"\";").count();
        }
    }
    assert!(declared > 30, "the test has lost its sight");
    assert_eq!(STATEMENTS.len(), declared, "declared and collected");
}

#[test]
fn every_statement_is_prepared_on_both_engines() {
    let described = ask_each(|conn| {
        let of = |s: &kontor_platform::db::Statement| {
            let shape = conn.describe(s.sql);
            shape.unwrap_or_else(|e| panic!("{}::{}: {e}", s.room, s.name))
        };
        STATEMENTS.iter().map(of).collect::<Vec<_>>()
    });
    for (i, statement) in STATEMENTS.iter().enumerate() {
        let name = format!("{}::{}", statement.room, statement.name);
        assert!(
            parameters_in_order(statement.sql),
            "{name}: $1, $2 … must first appear in that order"
        );
        for shapes in described.windows(2) {
            assert_eq!(shapes[0][i].0, shapes[1][i].0, "{name}: parameters");
            assert_eq!(shapes[0][i].1, shapes[1][i].1, "{name}: names of columns");
        }
        let mut columns = described[0][i].1.clone();
        let all = columns.len();
        columns.sort();
        columns.dedup();
        assert_eq!(columns.len(), all, "{name}: two columns of one name");
    }
}

/// Table and column with the family of its type and whether it may be empty.
fn columns(conn: &mut Conn) -> Columns {
    let sql = if conn.is_postgres() {
        "SELECT table_name, column_name, data_type, CASE is_nullable WHEN 'YES' THEN 1 ELSE 0 END \
         FROM information_schema.columns WHERE table_schema = 'public'"
    } else {
        "SELECT m.name, c.name, c.type, CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN 0 ELSE 1 END \
         FROM sqlite_schema m JOIN pragma_table_info(m.name) c \
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"
    };
    let mut found = Columns::new();
    conn.each(sql, params![], |row| {
        let family = match row.get::<String>(2)?.to_uppercase().as_str() {
            "TEXT" => "text",
            "BIGINT" => "integer",
            "DOUBLE PRECISION" => "real",
            other => panic!("a type that is not portable: {other}"),
        };
        found.insert(
            (row.get(0)?, row.get(1)?),
            (family.into(), row.get::<i64>(3)? == 1),
        );
        Ok(())
    })
    .expect("the engine tells its tables");
    found
}

#[test]
fn both_engines_have_the_same_tables() {
    let found = ask_each(columns);
    assert!(found[0].len() > 100, "the test has lost its sight");
    for pair in found.windows(2) {
        assert_eq!(pair[0], pair[1]);
    }
}

#[test]
fn both_engines_have_the_same_indexes() {
    let found = ask_each(|conn| {
        let sql = if conn.is_postgres() {
            "SELECT indexname, tablename FROM pg_indexes WHERE schemaname = 'public' \
             AND indexname NOT LIKE '%_pkey' AND indexname NOT LIKE '%_key' ORDER BY 1"
        } else {
            "SELECT name, tbl_name FROM sqlite_schema WHERE type = 'index' \
             AND name NOT LIKE 'sqlite_%' ORDER BY 1"
        };
        let rows: Vec<(String, String)> = conn.all(sql, params![]).expect("the engine answers");
        rows
    });
    assert!(found[0].len() > 10, "the test has lost its sight");
    for pair in found.windows(2) {
        assert_eq!(pair[0], pair[1]);
    }
}
