//! Many rows in few statements.

use super::{MIGRATIONS, stamp};
use crate::db::{Conn, Migration, Val, insert_many, with_many};
use crate::testing::on_each_engine;
use crate::{Result, params};

const GOODS: &[Migration] = &[
    MIGRATIONS[0],
    Migration {
        name: "0002_goods",
        sql: "CREATE TABLE goods (name TEXT PRIMARY KEY, kind TEXT, amount BIGINT, \
            weight DOUBLE PRECISION, version BIGINT NOT NULL);",
    },
];

type Good = (String, Option<String>, Option<i64>, Option<f64>, i64);

/// More than one statement takes, and a remainder of each size.
const ROWS: i64 = 443;

fn good(n: i64) -> String {
    format!("good {n:04}")
}

fn goods(conn: &mut Conn) -> Result<Vec<Good>> {
    let all = "SELECT name, kind, amount, weight, version FROM goods ORDER BY name";
    conn.all(all, params![])
}

/// What a good with this number gets: every third has nothing.
fn news(n: i64) -> [Val<'static>; 4] {
    let name = Val::Text(good(n).into());
    match n % 3 {
        0 => [name, Val::Null, Val::Null, Val::Null],
        _ => [
            name,
            Val::Text("neu".into()),
            Val::Int(n * 1_000_000_000_000),
            Val::Real(0.5),
        ],
    }
}

#[test]
fn each_of_many_rows_gets_its_own_values() {
    on_each_engine(GOODS, |db| {
        let old: Vec<Val<'_>> = (0..ROWS)
            .flat_map(|n| [Val::Text(good(n).into()), Val::Int(1)])
            .collect();
        let into = ("INSERT INTO goods (name, version)", 2);
        db.write_now(stamp(), move |work| insert_many(work, into, &old))
            .unwrap();
        // The first row of the first statement has no values, and one name is unknown.
        let new: Vec<Val<'_>> = (0..ROWS - 1).chain([ROWS]).flat_map(news).collect();
        let met = db.write_now(stamp(), move |work| {
            with_many(
                work,
                "WITH v AS (name TEXT, kind TEXT, amount BIGINT, weight DOUBLE PRECISION) \
                 UPDATE goods SET kind = v.kind, amount = v.amount, weight = v.weight, \
                 version = version + 1 FROM v WHERE goods.name = v.name",
                &new,
            )
        });
        assert_eq!(met.unwrap(), 442);
        for (n, found) in (0..).zip(db.read_now(goods).unwrap()) {
            let expected = match (n % 3, n) {
                (_, 442) => (good(n), None, None, None, 1),
                (0, _) => (good(n), None, None, None, 2),
                _ => {
                    let amount = Some(n * 1_000_000_000_000);
                    (good(n), Some("neu".to_owned()), amount, Some(0.5), 2)
                }
            };
            assert_eq!(found, expected);
        }
        let gone: Vec<Val<'_>> = (0..ROWS - 3)
            .flat_map(|n| [Val::Text(good(n).into()), Val::Int(2)])
            .collect();
        let named = "WITH v AS (name TEXT, version BIGINT) DELETE FROM goods \
            WHERE (name, version) IN (SELECT v.name, v.version FROM v)";
        let gone = db.write_now(stamp(), move |work| with_many(work, named, &gone));
        assert_eq!(gone.unwrap(), 440);
        let left: Vec<String> = db
            .read_now(goods)
            .unwrap()
            .into_iter()
            .map(|g| g.0)
            .collect();
        assert_eq!(left, [good(440), good(441), good(442)]);
        let nothing = db.write_now(stamp(), move |work| with_many(work, named, &[]));
        assert_eq!(nothing.unwrap(), 0);
        let nameless = "DELETE FROM goods WHERE name IN (SELECT v.name FROM v)";
        let broken = db.write_now(stamp(), |work| with_many(work, nameless, &[]));
        assert!(broken.is_err());
    });
}
