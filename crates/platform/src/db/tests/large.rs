//! A command that writes very much, among others.

use std::thread;
use std::time::Duration;

use super::{MIGRATIONS, add, stamp, world};
use crate::testing::on_each_engine;
use crate::{Error, Result, params};

/// What becomes of a large command while others wait before and behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Good,
    Refused,
    Panicked,
}

#[test]
fn a_large_command_stands_or_falls_alone() {
    for end in [End::Good, End::Refused, End::Panicked] {
        on_each_engine(MIGRATIONS, |db| {
            // The first one sleeps until all the others have gathered.
            let small = |name: &'static str, sleeps: u64| {
                let db = db.clone();
                let thread = thread::spawn(move || {
                    db.write_now(stamp(), move |work| {
                        add(work, name)?;
                        thread::sleep(Duration::from_millis(sleeps));
                        Ok(())
                    })
                });
                thread::sleep(Duration::from_millis(40));
                thread
            };
            let mut before = vec![small("a", 300), small("b", 0)];
            let large = {
                let db = db.clone();
                thread::spawn(move || {
                    db.write_large_now(stamp(), move |work| {
                        for n in 0..500 {
                            add(work, &format!("row {n}"))?;
                        }
                        match end {
                            End::Good => Ok(()),
                            End::Refused => Err(Error::Refused("no")),
                            End::Panicked => panic!("a defect"),
                        }
                    })
                })
            };
            thread::sleep(Duration::from_millis(40));
            before.push(small("c", 0));
            for thread in before {
                thread.join().expect("no panic").expect("done");
            }
            let answer: Option<Result<()>> = large.join().ok();
            let is_good = matches!(answer, Some(Ok(())));
            assert_eq!(is_good, end == End::Good, "{answer:?}");
            let rows = if is_good { 503 } else { 3 };
            assert_eq!(world(&db).len(), rows, "{end:?}");
            db.write_now(stamp(), |work| add(work, "d")).unwrap();
            assert_eq!(world(&db).len(), rows + 1, "the writer goes on");
            let broken = db.write_now(stamp(), |work| {
                work.run("UPDATE items SET amount = -1", params![])
            });
            assert!(broken.is_err(), "with every check");
        });
    }
}
