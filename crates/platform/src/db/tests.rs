//! What holds on both engines: commands are whole or absent, and nothing else
//! is disturbed by one that fails.

mod large;
mod lines;
mod many;
mod texts;
mod whole;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use serde::Serialize;

use super::{Conn, Db, Migration, Source, connect, migrate};
use crate::testing::{NOW, on_each_engine};
use crate::work::Stamp;
use crate::{Error, Fact, Result, Work, log, params};

const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "0001_log",
        sql: include_str!("../../../../migrations/0001_log.sql"),
    },
    Migration {
        name: "0002_items",
        sql: "CREATE TABLE items (name TEXT PRIMARY KEY, amount BIGINT NOT NULL CHECK (amount >= 0));",
    },
];

#[derive(Serialize)]
struct ItemAdded {
    item: String,
}
impl Fact for ItemAdded {
    const KIND: &'static str = "items.item_added";
    fn subject(&self) -> String {
        self.item.clone()
    }
}

/// Adds an item and announces it.
fn add(work: &mut Work<'_>, name: &str) -> Result<()> {
    work.run(
        "INSERT INTO items (name, amount) VALUES ($1, 0)",
        params![name],
    )?;
    work.announce(&ItemAdded { item: name.into() });
    Ok(())
}

fn stamp() -> Stamp {
    Stamp::system(NOW)
}

fn names(conn: &mut Conn) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn.all("SELECT name FROM items ORDER BY name", params![])?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

/// The items, and the subjects of the log in its order; both must tell of the
/// same items, numbered from 1 without gaps, in an unbroken chain.
fn world(db: &Db) -> Vec<String> {
    db.read_now(|conn| {
        let items = names(conn)?;
        let facts = log::after(conn, 0, 10_000)?;
        let numbers: Vec<i64> = facts.iter().map(|e| e.seq).collect();
        assert_eq!(numbers, (1..).take(facts.len()).collect::<Vec<i64>>());
        assert_eq!(log::head(conn)?, numbers.last().copied().unwrap_or(0));
        assert_eq!(log::verify(conn)?, None, "the chain holds");
        let mut subjects: Vec<String> = facts.into_iter().map(|e| e.subject).collect();
        subjects.sort();
        assert_eq!(items, subjects, "rows and facts tell the same");
        Ok(items)
    })
    .expect("the world can be read")
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new()
        .expect("a runtime")
        .block_on(work)
}

#[test]
fn a_failing_command_takes_nobody_with_it() {
    on_each_engine(MIGRATIONS, |db| {
        // While the first one sleeps, the others gather behind it: on SQLite
        // they share its transaction.
        let names = ["first", "good", "bad", "twice", "twice", "last"];
        let threads: Vec<_> = names
            .into_iter()
            .map(|name| {
                let db = db.clone();
                let thread = thread::spawn(move || {
                    db.write_now(stamp(), move |work| {
                        add(work, name)?;
                        match name {
                            "first" => thread::sleep(Duration::from_millis(400)),
                            "bad" => return Err(Error::Refused("no")),
                            _ => {}
                        }
                        Ok(())
                    })
                });
                thread::sleep(Duration::from_millis(30));
                thread
            })
            .collect();
        let answers: Vec<_> = threads
            .into_iter()
            .map(|t| t.join().expect("no panic"))
            .collect();
        let done: Vec<bool> = answers.iter().map(Result::is_ok).collect();
        assert_eq!(
            (done[0], done[1], done[5]),
            (true, true, true),
            "{answers:?}"
        );
        assert!(matches!(answers[2], Err(Error::Refused("no"))));
        assert_ne!(done[3], done[4], "one of the two is refused: {answers:?}");
        let refused = answers.into_iter().skip(3).find_map(Result::err);
        assert!(refused.is_some_and(|e| e.is_unique_violation()));
        assert_eq!(world(&db), ["first", "good", "last", "twice"]);
    });
}

#[test]
fn a_panicking_command_leaves_nothing_and_the_next_one_works() {
    on_each_engine(MIGRATIONS, |db| {
        run(async {
            let answer: Result<()> = db
                .write(stamp(), |work| {
                    add(work, "half")?;
                    panic!("a planted defect")
                })
                .await;
            assert!(matches!(answer, Err(Error::Broken(_))), "{answer:?}");
            let answer: Result<()> = db.read(|_| panic!("a planted defect")).await;
            assert!(matches!(answer, Err(Error::Broken(_))), "{answer:?}");
            db.write(stamp(), |work| add(work, "next"))
                .await
                .expect("the next command works");
        });
        assert_eq!(world(&db), ["next"]);
    });
}

#[test]
fn numbers_follow_each_other_however_many_write() {
    on_each_engine(MIGRATIONS, |db| {
        thread::scope(|scope| {
            for writer in 0..6 {
                let db = db.clone();
                scope.spawn(move || {
                    for i in 0..20 {
                        let outcome = db.write_now(stamp(), move |work| {
                            add(work, &format!("{writer}-{i:02}"))?;
                            if i % 5 == 4 {
                                return Err(Error::Forbidden);
                            }
                            add(work, &format!("{writer}-{i:02}-b"))
                        });
                        assert_eq!(outcome.is_err(), i % 5 == 4, "{outcome:?}");
                    }
                });
            }
        });
        assert_eq!(world(&db).len(), 6 * 16 * 2);
    });
}

#[test]
fn a_changed_log_is_found_where_it_was_changed() {
    for (change, found) in [
        ("UPDATE log SET body = '{\"item\":\"x\"}' WHERE seq = 3", 3),
        ("UPDATE log SET actor = 'somebody' WHERE seq = 1", 1),
        ("UPDATE log SET at = at + 1 WHERE seq = 5", 5),
        ("DELETE FROM log WHERE seq = 2", 2),
        ("DELETE FROM log WHERE seq = 5", 5),
        ("UPDATE log_head SET hash = 'x' WHERE id = 1", 6),
    ] {
        on_each_engine(MIGRATIONS, |db| {
            for name in ["a", "b", "c", "d", "e"] {
                db.write_now(stamp(), move |work| add(work, name)).unwrap();
            }
            let mut conn = connect(db.source()).unwrap();
            assert_eq!(log::verify(&mut conn).unwrap(), None);
            assert_eq!(conn.run(change, params![]).unwrap(), 1);
            assert_eq!(log::verify(&mut conn).unwrap(), Some(found), "{change}");
        });
    }
}

#[test]
fn whoever_was_outrun_looks_once_more() {
    on_each_engine(MIGRATIONS, |db| {
        db.write_now(stamp(), |work| add(work, "one")).unwrap();
        let runs = Arc::new(AtomicU32::new(0));
        let counted = runs.clone();
        let outcome = db.write_now(stamp(), move |work| {
            counted.fetch_add(1, Ordering::Relaxed);
            add(work, "one")
        });
        assert!(outcome.unwrap_err().is_unique_violation());
        // On SQLite nobody can be faster: there is one writer.
        let expected = if db.is_shared() { 2 } else { 1 };
        assert_eq!(runs.load(Ordering::Relaxed), expected);
    });
}

#[test]
fn a_rule_of_uniqueness_is_told_from_other_rules() {
    on_each_engine(MIGRATIONS, |db| {
        db.write_now(stamp(), |work| add(work, "one")).unwrap();
        let again = db.write_now(stamp(), |work| add(work, "one")).unwrap_err();
        assert!(again.is_unique_violation() && !again.is_retryable());
        let negative = db
            .write_now(stamp(), |work| {
                work.run(
                    "INSERT INTO items (name, amount) VALUES ('two', -1)",
                    params![],
                )
            })
            .unwrap_err();
        assert!(!negative.is_unique_violation(), "{negative}");
        assert_eq!(world(&db), ["one"]);
    });
}

#[test]
fn a_page_sees_one_moment() {
    on_each_engine(MIGRATIONS, |db| {
        db.write_now(stamp(), |work| add(work, "early")).unwrap();
        let other = db.clone();
        db.read_now(|conn| {
            assert_eq!(names(conn)?, ["early"]);
            thread::spawn(move || other.write_now(stamp(), |work| add(work, "late")))
                .join()
                .expect("no panic")?;
            assert_eq!(names(conn)?, ["early"], "a page's queries agree");
            assert_eq!(log::head(conn)?, 1);
            Ok(())
        })
        .unwrap();
        assert_eq!(world(&db), ["early", "late"]);
    });
}

#[test]
fn a_page_cannot_write() {
    on_each_engine(MIGRATIONS, |db| {
        let write = "INSERT INTO items (name, amount) VALUES ('sly', 0)";
        assert!(db.read_now(|conn| conn.run(write, params![])).is_err());
        assert!(world(&db).is_empty());
    });
}

#[test]
fn cancelled_requests_empty_no_pool_and_leave_no_half_command() {
    on_each_engine(MIGRATIONS, |db| {
        let connections = thread::available_parallelism()
            .map_or(2, usize::from)
            .max(2)
            * if db.is_shared() { 4 } else { 2 };
        run(async {
            for i in 0..connections + 2 {
                let command = db.write(stamp(), move |work| {
                    add(work, &format!("{i:02}-a"))?;
                    thread::sleep(Duration::from_millis(60));
                    add(work, &format!("{i:02}-b"))
                });
                let gone = tokio::time::timeout(Duration::from_millis(10), command).await;
                assert!(gone.is_err(), "given up while it ran");
                let page = db.read(|_| {
                    thread::sleep(Duration::from_millis(60));
                    Ok(())
                });
                let gone = tokio::time::timeout(Duration::from_millis(10), page).await;
                assert!(gone.is_err(), "given up while it ran");
            }
            // All connections at once: each waits until every other one is out too.
            let all = Arc::new(Barrier::new(connections));
            let pages: Vec<_> = (0..connections)
                .map(|_| {
                    let (db, all) = (db.clone(), all.clone());
                    tokio::spawn(async move {
                        db.read(move |conn| {
                            all.wait();
                            names(conn)
                        })
                        .await
                    })
                })
                .collect();
            for page in pages {
                let seen = tokio::time::timeout(Duration::from_secs(9), page).await;
                assert!(seen.expect("the pool is full again").unwrap().is_ok());
            }
            // Behind all that was given up: by then each is done or undone.
            db.write(stamp(), |work| add(work, "end")).await.unwrap();
        });
        let items = world(&db);
        for name in items.iter().filter(|n| n.ends_with("-a")) {
            assert!(items.contains(&name.replace("-a", "-b")), "half of {name}");
        }
        assert_eq!(items.len() % 2, 1, "pairs and the last one: {items:?}");
    });
}

#[test]
fn commands_that_lock_each_other_out_are_run_again() {
    on_each_engine(MIGRATIONS, |db| {
        for name in ["a", "b"] {
            db.write_now(stamp(), move |work| add(work, name)).unwrap();
        }
        thread::scope(|scope| {
            for order in [["a", "b"], ["b", "a"]] {
                let db = db.clone();
                scope.spawn(move || {
                    db.write_now(stamp(), move |work| {
                        for name in order {
                            let one_more = "UPDATE items SET amount = amount + 1 WHERE name = $1";
                            work.run(one_more, params![name])?;
                            thread::sleep(Duration::from_millis(200));
                        }
                        Ok(())
                    })
                    .expect("run again until it got through");
                });
            }
        });
        let sum: (i64,) = db
            .read_now(|conn| conn.one("SELECT CAST(SUM(amount) AS BIGINT) FROM items", params![]))
            .unwrap();
        assert_eq!(sum.0, 4, "each step once");
    });
}

#[test]
fn migrations_run_once_and_hold_to_their_text() {
    on_each_engine(MIGRATIONS, |db| {
        let mut conn = connect(db.source()).unwrap();
        assert_eq!(migrate::run(&mut conn, MIGRATIONS, NOW).unwrap(), 0);

        let mut changed = MIGRATIONS.to_vec();
        changed[1].sql = "CREATE TABLE items (name TEXT PRIMARY KEY);";
        let refused = migrate::run(&mut conn, &changed, NOW).unwrap_err();
        assert!(
            refused.to_string().contains("0002_items was changed"),
            "{refused}"
        );

        let older = &MIGRATIONS[..1];
        let refused = migrate::run(&mut conn, older, NOW).unwrap_err();
        assert!(refused.to_string().contains("newer"), "{refused}");
        assert!(refused.to_string().contains("0002_items"), "{refused}");

        let mut broken = MIGRATIONS.to_vec();
        broken.push(Migration {
            name: "0003_broken",
            sql: "CREATE TABLE half (name TEXT); CREATE TABLE items (name TEXT);",
        });
        assert!(migrate::run(&mut conn, &broken, NOW).is_err());
        assert!(
            conn.describe("SELECT name FROM half").is_err(),
            "undone as a whole"
        );
        broken[2].sql = "CREATE TABLE half (name TEXT);";
        assert_eq!(migrate::run(&mut conn, &broken, NOW).unwrap(), 1);
        let applied: Vec<String> = migrate::applied(&mut conn)
            .unwrap()
            .into_iter()
            .map(|m| m.0)
            .collect();
        assert_eq!(applied, ["0001_log", "0002_items", "0003_broken"]);
    });
}

/// The private test server over TLS, and the file of its authority.
fn server_with_tls() -> Option<(String, String)> {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let found = set("KONTOR_TEST_POSTGRES_TLS").zip(set("KONTOR_TEST_POSTGRES_CA"));
    if found.is_none() {
        assert!(
            std::env::var_os("KONTOR_TEST_REQUIRE_ALL").is_none(),
            "KONTOR_TEST_POSTGRES_TLS is not set, but every test is required"
        );
        let _ = std::io::Write::write_all(
            &mut std::io::stderr(),
            b"SKIPPED: PostgreSQL over TLS (KONTOR_TEST_POSTGRES_TLS is not set)\n",
        );
    }
    found
}

#[test]
fn a_server_over_tls_is_believed_as_far_as_the_address_says() {
    let Some((server, authority)) = server_with_tls() else {
        return;
    };
    let is_encrypted = |rest: &str| -> Result<i64> {
        let mut conn = connect(&Source::Pg(format!("{server} {rest}")))?;
        let sql = "SELECT CASE WHEN ssl THEN 1 ELSE 0 END FROM pg_stat_ssl \
                   WHERE pid = pg_backend_pid()";
        Ok(conn.one::<(i64,)>(sql, params![])?.0)
    };
    assert_eq!(is_encrypted("sslmode=disable").unwrap(), 0);
    assert_eq!(is_encrypted("").unwrap(), 1, "TLS is preferred");
    assert_eq!(is_encrypted("sslmode=require").unwrap(), 1);
    let full = format!("sslmode=verify-full sslrootcert='{authority}'");
    assert_eq!(is_encrypted(&full).unwrap(), 1);

    let stranger = is_encrypted("sslmode=verify-full").unwrap_err().to_string();
    assert!(stranger.contains("sslrootcert=FILE"), "{stranger}");
    let elsewhere = server.replace("host=localhost", "host=127.0.0.1");
    let elsewhere = connect(&Source::Pg(format!("{elsewhere} {full}")));
    let elsewhere = elsewhere.err().expect("another name").to_string();
    assert!(elsewhere.contains("must name"), "{elsewhere}");
}
