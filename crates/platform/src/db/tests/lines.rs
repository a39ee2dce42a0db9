//! Connections that end while they wait.

use super::{MIGRATIONS, add, names, run, stamp};
use crate::db::{Db, connect};
use crate::testing::{NOW, with_postgres};

#[test]
fn a_server_that_was_started_anew_costs_nobody_an_answer() {
    with_postgres(|source| {
        let db = Db::open(source.clone(), MIGRATIONS, NOW).unwrap();
        db.write_now(stamp(), |work| add(work, "before")).unwrap();
        let cut = || {
            let mut other = connect(&source).unwrap();
            other
                .batch(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                     WHERE datname = current_database() AND pid <> pg_backend_pid()",
                )
                .unwrap();
            std::thread::sleep(std::time::Duration::from_millis(200));
        };
        cut();
        assert_eq!(db.read_now(names).unwrap(), ["before"]);
        cut();
        db.write_now(stamp(), |work| add(work, "then")).unwrap();
        assert_eq!(db.read_now(names).unwrap(), ["before", "then"]);
    });
}

#[test]
fn the_last_holder_may_be_an_asynchronous_thread() {
    with_postgres(|source| {
        let db = Db::open(source, MIGRATIONS, NOW).unwrap();
        run(async move {
            let seen = db.read(names).await.unwrap();
            assert_eq!(seen, Vec::<String>::new());
            drop(db);
        });
    });
}
