//! A database as a whole: dumped, loaded, replaced.

use super::*;
use crate::db::dump::{Extent, dump, load, measure};
use crate::db::replace::{Plan, replace};
use crate::db::schema::{State, Table, state, tables};
use crate::db::snapshot;
use crate::testing::with_postgres;

/// Everything a migration may bring: a key of two columns, keys that point at
/// their own table and in a circle, numbers, nothing, and a row of its own.
const LARGE: &[Migration] = &[
    MIGRATIONS[0],
    Migration {
        name: "0002_things",
        sql:
            "CREATE TABLE \"order\" (name TEXT PRIMARY KEY, above TEXT REFERENCES \"order\" (name));
            CREATE TABLE parts (whole TEXT NOT NULL, at BIGINT NOT NULL, share DOUBLE PRECISION,
                note TEXT, above TEXT REFERENCES \"order\" (name), PRIMARY KEY (whole, at));
            INSERT INTO \"order\" (name, above) VALUES ('of the migration', NULL);",
    },
    Migration {
        name: "0003_later",
        sql: "CREATE TABLE later (name TEXT PRIMARY KEY); INSERT INTO later (name) VALUES ('new');",
    },
];

fn dumps(conn: &mut Conn) -> Vec<(String, Extent, Vec<u8>)> {
    snapshot(conn, |conn| {
        let all = tables(conn).unwrap();
        let of = |table: Table| {
            let mut bytes = Vec::new();
            let extent = dump(conn, &table, &mut bytes).unwrap();
            assert_eq!(measure(conn, &table).unwrap(), extent);
            (table.name, extent, bytes)
        };
        all.into_iter().map(of).collect()
    })
    .unwrap()
}

/// What `source` holds afterwards, loaded from `all` under the first two migrations.
fn refill(source: &Source, all: &[(String, Extent, Vec<u8>)]) -> Result<()> {
    let before: Vec<String> = LARGE[..2].iter().map(|m| m.name.to_owned()).collect();
    let plan = Plan {
        known: LARGE,
        before: &before,
        over_filled: true,
        at: NOW,
    };
    replace(
        source,
        &plan,
        &mut |conn, tables| {
            for table in tables.iter().rev() {
                let (_, extent, bytes) = all.iter().find(|d| d.0 == table.name).expect("dumped");
                assert_eq!(load(conn, table, &mut &bytes[..])?, extent.rows);
            }
            Ok(())
        },
        &|work| {
            work.announce(&ItemAdded {
                item: "after".into(),
            });
            Ok(())
        },
    )
}

fn furnish(db: &Db) {
    db.write_now(stamp(), |work| {
        for i in 0..1_203i64 {
            let name = format!("{i:04} Größe \"x\\\n\u{1F600}");
            let above = (i > 0).then(|| "of the migration".to_owned());
            work.run(
                "INSERT INTO \"order\" (name, above) VALUES ($1, $2)",
                params![name, above],
            )?;
            let share = (i % 3 > 0).then_some(i as f64 / 7.0);
            work.run(
                "INSERT INTO parts (whole, at, share, note, above) VALUES ($1, $2, $3, $4, $5)",
                params![format!("{}", i % 5), i - 600, share, "", name],
            )?;
        }
        // Points at itself and, by way of a part, in a circle.
        work.run(
            "UPDATE \"order\" SET above = name WHERE name LIKE '00%'",
            params![],
        )?;
        work.announce(&ItemAdded { item: "all".into() });
        Ok(())
    })
    .unwrap();
}

#[test]
fn what_is_dumped_is_loaded_in_all_four_directions() {
    on_each_engine(&LARGE[..2], |db| {
        furnish(&db);
        let all = dumps(&mut connect(db.source()).unwrap());
        let names: Vec<&str> = all.iter().map(|d| d.0.as_str()).collect();
        assert!(names.contains(&"order") && names.contains(&"migrations"));
        assert!(all.iter().any(|d| d.0 == "parts" && d.1.rows == 1_203));

        let check = |target: &Source| {
            refill(target, &all).unwrap();
            let mut conn = connect(target).unwrap();
            assert_eq!(state(&mut conn).unwrap(), State::Filled);
            let found = dumps(&mut conn);
            for (name, extent, bytes) in &all {
                let same = found.iter().find(|d| d.0 == *name).expect("a table");
                // The later migration and the fact that followed are new.
                if !["migrations", "log", "log_head"].contains(&name.as_str()) {
                    assert!(same.2 == *bytes, "{name} differs");
                    assert_eq!(same.1, *extent);
                }
            }
            assert!(found.iter().any(|d| d.0 == "later" && d.1.rows == 1));
            assert_eq!(log::head(&mut conn).unwrap(), 2);
            assert_eq!(log::verify(&mut conn).unwrap(), None);
            // Foreign keys are as strict as before.
            conn.batch("BEGIN").unwrap();
            let dangling = "INSERT INTO parts (whole, at, above) VALUES ('x', 1, 'nobody')";
            assert!(conn.run(dangling, params![]).is_err());
        };
        let folder = tempfile::tempdir().unwrap();
        check(&Source::Lite(folder.path().join("new.sqlite")));
        with_postgres(|target| check(&target));
    });
}

#[test]
fn what_cannot_be_loaded_leaves_the_old_rows() {
    on_each_engine(&LARGE[..2], |db| {
        furnish(&db);
        let source = db.source().clone();
        drop(db);
        let all = dumps(&mut connect(&source).unwrap());
        for spoil in [
            b"{\"name\":\"x\",\"above\":\"nobody\"}\n".as_slice(),
            b"{\"name\":\"x\"}\n",
            b"{\"name\":\"x\",\"above\":null,\"more\":1}\n",
            b"{\"name\":",
        ] {
            let mut spoilt = all.clone();
            let at = spoilt.iter().position(|d| d.0 == "order").unwrap();
            spoilt[at].2.extend_from_slice(spoil);
            spoilt[at].1.rows += 1;
            refill(&source, &spoilt).unwrap_err();
            assert_eq!(dumps(&mut connect(&source).unwrap()), all);
        }
        refill(&source, &all).unwrap();
    });
}

#[test]
fn a_database_in_use_or_of_others_is_not_replaced() {
    on_each_engine(&LARGE[..2], |db| {
        furnish(&db);
        let all = dumps(&mut connect(db.source()).unwrap());
        db.read_now(log::head).unwrap();
        let refused = refill(db.source(), &all).unwrap_err().to_string();
        assert!(refused.contains("stop"), "{refused}");
        let source = db.source().clone();
        drop(db);
        let mut conn = connect(&source).unwrap();
        conn.batch("DROP TABLE log_head").unwrap();
        drop(conn);
        let refused = refill(&source, &all).unwrap_err().to_string();
        assert!(refused.contains("not Kontor's"), "{refused}");
    });
}
