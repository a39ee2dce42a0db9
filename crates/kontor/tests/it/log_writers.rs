//! The log under writers of several processes: a reader that follows it misses
//! nothing and sees everything in the order of the commits, and what was
//! acknowledged outlives a process that is killed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use kontor::app::wiring;
use kontor_platform::db::{Db, Migration, Source, connect};
use kontor_platform::log::{self, Entry};
use kontor_platform::work::Stamp;
use kontor_platform::{Fact, Result, Work, params, testing};
use serde::Serialize;

/// Where a writer process finds the database; its absence makes the test of
/// that name an empty one.
const PLACE: &str = "KONTOR_TEST_WRITER_PLACE";
const PROCESS: &str = "KONTOR_TEST_WRITER_PROCESS";
/// Commands per thread.
const COMMANDS: &str = "KONTOR_TEST_WRITER_COMMANDS";
const THREADS: usize = 4;

fn migrations() -> Vec<Migration> {
    let marks = Migration {
        name: "9999_marks",
        sql: "CREATE TABLE marks (name TEXT PRIMARY KEY);",
    };
    vec![wiring::MIGRATIONS[0], marks]
}

#[derive(Serialize)]
struct MarkMade {
    mark: String,
}
impl Fact for MarkMade {
    const KIND: &'static str = "marks.mark_made";
    fn subject(&self) -> String {
        self.mark.clone()
    }
}

fn mark(work: &mut Work<'_>, name: &str) -> Result<()> {
    work.run("INSERT INTO marks (name) VALUES ($1)", params![name])?;
    work.announce(&MarkMade { mark: name.into() });
    Ok(())
}

// --- the writer process ---------------------------------------------------------

/// Not a test of its own: the process that the tests below start.
#[test]
fn writer_process() {
    let Ok(place) = std::env::var(PLACE) else {
        return;
    };
    let set = |name: &str| std::env::var(name).expect("set by the test");
    let (process, commands) = (set(PROCESS), set(COMMANDS).parse().expect("a number"));
    let source = match place.strip_prefix("file:") {
        Some(path) => Source::Lite(path.into()),
        None => Source::Pg(place),
    };
    let db = Db::open(source, &migrations(), testing::NOW).expect("the database opens");
    thread::scope(|scope| {
        for writer in 0..THREADS {
            let (db, process) = (db.clone(), process.clone());
            scope.spawn(move || write(&db, &format!("{process}{writer}"), commands));
        }
    });
}

/// Marks one after the other, each told on standard output once it is kept.
fn write(db: &Db, writer: &str, commands: usize) {
    for i in 0..commands {
        let name = format!("{writer}-{i:05}");
        // One of them is slow: everybody else must get past it.
        let stalls = writer.ends_with('0') && i == 3 && db.is_shared();
        let marked = name.clone();
        db.write_now(Stamp::system(testing::NOW), move |work| {
            mark(work, &marked)?;
            if stalls {
                thread::sleep(Duration::from_millis(1200));
            }
            Ok(())
        })
        .expect("a write");
        let mut out = std::io::stdout().lock();
        writeln!(out, "\nkept {name}").expect("the test reads");
        out.flush().expect("the test reads");
    }
}

fn start(db: &Db, process: &str, commands: usize) -> Child {
    let place = match db.source() {
        Source::Lite(path) => format!("file:{}", path.display()),
        Source::Pg(text) => text.clone(),
    };
    Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "log_writers::writer_process", "--nocapture"])
        .env(PLACE, place)
        .env(PROCESS, process)
        .env(COMMANDS, commands.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the writer process starts")
}

/// The marks a process says are kept, as it says so; ends with the process.
fn kept(child: &mut Child) -> mpsc::Receiver<String> {
    let out = child.stdout.take().expect("asked for");
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(out)
            .lines()
            .map_while(std::result::Result::ok)
        {
            if let Some(name) = line.strip_prefix("kept ") {
                // The test may have heard enough.
                let _ = tell.send(name.to_owned());
            }
        }
    });
    told
}

// --- a reader -------------------------------------------------------------------

/// Follows the log with a cursor until `enough` facts are there.
fn follow(db: &Db, enough: usize) -> Vec<Entry> {
    let end = Instant::now() + Duration::from_secs(120);
    let mut seen: Vec<Entry> = Vec::new();
    let mut asked = 0;
    while seen.len() < enough {
        assert!(
            Instant::now() < end,
            "{} of {enough} facts after 2 min",
            seen.len()
        );
        let cursor = seen.last().map_or(0, |e| e.seq);
        asked += 1;
        let next = db
            .read_now(|conn| log::after(conn, cursor, 7 + asked % 20))
            .expect("the log");
        seen.extend(next);
    }
    assert!(
        asked > 20,
        "the reader read while they wrote: {asked} times"
    );
    seen
}

/// Keeps others from writing for a while, as a stalled process does.
fn hold(db: &Db) {
    let mut conn = connect(db.source()).expect("the engine answers");
    if db.is_shared() {
        conn.batch("BEGIN").expect("a transaction");
        let lock = "UPDATE log_head SET seq = seq + 1 WHERE id = 1";
        assert_eq!(conn.run(lock, params![]).expect("the last lock"), 1);
    } else {
        conn.batch("BEGIN IMMEDIATE").expect("the write lock");
    }
    thread::sleep(Duration::from_millis(700));
    conn.batch("ROLLBACK").expect("given back");
}

#[test]
fn a_reader_misses_nothing_of_eight_writers_in_two_processes() {
    const EACH: usize = 40;
    testing::on_each_engine(&migrations(), |db| {
        let total = 2 * THREADS * EACH;
        let mut children = ["a", "b"].map(|process| start(&db, process, EACH));
        let told = children.each_mut().map(kept);
        let holder = thread::spawn({
            let db = db.clone();
            move || {
                thread::sleep(Duration::from_millis(300));
                hold(&db);
            }
        });
        let seen = follow(&db, total);
        holder.join().expect("no panic");
        for child in &mut children {
            assert!(child.wait().expect("our child").success());
        }
        let rest = db
            .read_now(|conn| log::after(conn, seen.last().map_or(0, |e| e.seq), 10))
            .expect("the log");
        assert_eq!(rest, [], "count and total agree");

        let numbers: Vec<i64> = seen.iter().map(|e| e.seq).collect();
        assert_eq!(numbers, (1..).take(total).collect::<Vec<i64>>(), "no gap");
        let mut order: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for entry in &seen {
            let (writer, n) = entry.subject.split_once('-').expect("writer-number");
            order.entry(writer).or_default().push(n);
        }
        assert_eq!(order.len(), 2 * THREADS);
        let each: Vec<String> = (0..EACH).map(|i| format!("{i:05}")).collect();
        for (writer, numbers) in order {
            assert_eq!(numbers, each, "the order in which {writer} wrote");
        }
        let said: BTreeSet<String> = told.iter().flatten().collect();
        let subjects: BTreeSet<String> = seen.into_iter().map(|e| e.subject).collect();
        assert_eq!(said, subjects);
        let verified = db.read_now(log::verify).expect("the log");
        assert_eq!(verified, None, "the chain holds");
    });
}

#[test]
fn what_was_acknowledged_outlives_a_killed_process() {
    testing::on_each_engine(&migrations(), |db| {
        let mut child = start(&db, "k", 100_000);
        let told = kept(&mut child);
        let mut said: Vec<String> = (0..80)
            .map(|_| {
                told.recv_timeout(Duration::from_secs(60))
                    .expect("the process writes")
            })
            .collect();
        child.kill().expect("killed as by a power cut");
        child.wait().expect("our child");
        said.extend(told.iter());
        assert!(said.len() < 100_000 * THREADS, "killed in the middle");

        // Opened anew, as after a restart.
        let again = Db::open(db.source().clone(), &migrations(), testing::NOW).expect("opens");
        again
            .write_now(Stamp::system(testing::NOW), |work| mark(work, "after"))
            .expect("writing goes on");
        let (marks, facts, verified) = again
            .read_now(|conn| {
                let marks: Vec<(String,)> = conn.all("SELECT name FROM marks", params![])?;
                Ok((marks, log::after(conn, 0, i64::MAX)?, log::verify(conn)?))
            })
            .expect("the database");
        let marks: BTreeSet<String> = marks.into_iter().map(|m| m.0).collect();
        let subjects: BTreeSet<String> = facts.iter().map(|e| e.subject.clone()).collect();
        let lost: Vec<&String> = said.iter().filter(|name| !marks.contains(*name)).collect();
        assert_eq!(lost, Vec::<&String>::new(), "acknowledged and gone");
        assert_eq!(marks, subjects, "each with its fact");
        assert_eq!(facts.len(), marks.len());
        assert_eq!(verified, None, "the chain holds");
    });
}
