//! Long imports that are taken back: beside the request, once, whole or not at
//! all; what keeps them is told at once.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use axum::http::StatusCode;
use kontor_platform::work::Stamp;
use kontor_platform::{log, params};

use crate::imports::{MEMBERS, RUNS, count, list, upload, wait};
use crate::world::{Answer, World, on_each_demo};

/// A long list that is in effect; the address of its import.
fn applied(world: &World, token: &str, members: i64) -> String {
    let path = upload(world, token, &list(1200));
    wait(world, token, &path, "1.200 neu");
    let begun = world.post_by(token, &format!("{path}/anwenden"), "visibility=public");
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    wait(world, token, &path, "flash-import-applied");
    assert_eq!((count(world, MEMBERS), count(world, RUNS)), (members, 0));
    path
}

fn take_back(world: &World, token: &str, path: &str) -> Answer {
    world.post_by(token, &format!("{path}/rueckgaengig"), "sure=1")
}

/// Keeps everybody else from committing facts, in a transaction of its own, until
/// it is let go.
struct Holder {
    go: Sender<()>,
    begun: Receiver<()>,
    thread: JoinHandle<()>,
}

impl Holder {
    fn of(world: &World) -> Holder {
        let ((go, wait), (tell, begun)) = (channel::<()>(), channel::<()>());
        let (wait, db) = (Mutex::new(wait), world.site.db.clone());
        let stamp = Stamp::system(world.clock.now());
        let thread = std::thread::spawn(move || {
            let held = db.write_large_now(stamp, move |work| {
                log::hold(work)?;
                let _ = tell.send(());
                let wait = wait.lock().expect("nobody else waits");
                // It ends when the sender is dropped.
                let _ = wait.recv_timeout(Duration::from_secs(60));
                Ok(())
            });
            held.expect("a large command");
        });
        Holder { go, begun, thread }
    }

    fn has_begun(&self) {
        let minute = Duration::from_secs(60);
        self.begun.recv_timeout(minute).expect("the holder begins");
    }

    fn let_go(self) {
        drop(self.go);
        self.thread.join().expect("the holder ends");
    }
}

/// Waits until so many commands wait for the one writer of a file.
fn queued(world: &World, commands: usize) {
    while world.site.db.load().commands_waiting != commands {
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Begins to take an import back, and keeps the undoing itself waiting.
fn begun_and_held(world: &World, token: &str, path: &str) -> Holder {
    let click = || {
        let answer = take_back(world, token, path);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        assert_eq!(answer.header("location"), path);
    };
    let first = Holder::of(world);
    first.has_begun();
    if world.site.db.is_shared() {
        // Only facts are kept waiting there.
        click();
        return first;
    }
    std::thread::scope(|scope| {
        let clicked = scope.spawn(click);
        queued(world, 1);
        // Between the note that it begins and the undoing itself.
        let second = Holder::of(world);
        queued(world, 2);
        first.let_go();
        clicked.join().expect("a click");
        second.has_begun();
        second
    })
}

#[test]
fn a_long_import_is_taken_back_beside_the_request_and_once() {
    on_each_demo(|world| {
        let token = world.sign_in("manager");
        let path = applied(world, &token, 1200);
        let other = world.sign_in("manager_other");
        assert_eq!(
            take_back(world, &other, &path).status,
            StatusCode::NOT_FOUND
        );
        let holder = begun_and_held(world, &token, &path);
        for _ in 0..2 {
            let page = world.get_by(&token, &path);
            assert!(page.body.contains("Der Import wird rückgängig gemacht"));
            assert!(
                page.body.contains("http-equiv=\"refresh\""),
                "it asks again"
            );
            assert!(!page.body.contains("/abbrechen"), "{}", page.body);
        }
        let still = world.get_by(&token, &format!("{path}?still=1"));
        assert!(!still.body.contains("http-equiv=\"refresh\""));
        let all = world.get_by(&token, "/verwaltung/importe").body;
        assert!(all.contains("wird rückgängig gemacht"), "{all}");
        assert_eq!(world.get_by(&other, &path).status, StatusCode::NOT_FOUND);
        // Neither a second click nor a stop changes anything.
        let again = take_back(world, &token, &path);
        assert_eq!(again.status, StatusCode::SEE_OTHER);
        assert_eq!(again.header("location"), path);
        assert_eq!(count(world, MEMBERS), 1200);
        holder.let_go();
        wait(world, &token, &path, "flash-import-undone");
        assert_eq!((count(world, MEMBERS), count(world, RUNS)), (0, 0));
        let undone = "SELECT COUNT(*) AS n FROM log WHERE kind = 'directory.import_undone'";
        assert_eq!(count(world, undone), 1);
        let keys = "SELECT COUNT(*) AS n FROM row_keys WHERE draft LIKE '%Elbwerk%'";
        assert_eq!(count(world, keys), 0);
        let page = world.get_by(&token, &path).body;
        assert!(page.contains("Rückgängig gemacht am") && !page.contains("/rueckgaengig"));
        let late = take_back(world, &token, &path);
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(late.body.contains("nicht mehr wirksam"), "{}", late.body);
        assert_eq!(count(world, undone), 1);
    });
}

#[test]
fn an_import_is_taken_back_only_by_who_says_that_they_are_sure() {
    on_each_demo(|world| {
        let token = world.sign_in("manager");
        let short = upload(world, &token, "Firma;Ort\nElbwerk Nord;Kiel\n");
        let done = world.post_by(&token, &format!("{short}/anwenden"), "visibility=public");
        assert!(done.header("location").contains("applied"), "{}", done.body);
        let long = applied(world, &token, 1201);
        for (path, members) in [(short, 1201), (long, 1200)] {
            let page = world.get_by(&token, &path).body;
            assert!(page.contains("name=\"sure\"") && !page.contains("aria-invalid"));
            let asked = world.post_by(&token, &format!("{path}/rueckgaengig"), "");
            assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
            let said = "Bestätigen Sie, dass der ganze Import rückgängig gemacht werden soll.";
            assert_eq!(asked.body.matches(said).count(), 2, "{}", asked.body);
            assert!(asked.body.contains("href=\"#sure\"") && asked.body.contains("id=\"sure\""));
            assert_eq!((count(world, MEMBERS), count(world, RUNS)), (members, 0));
            take_back(world, &token, &path);
            wait(world, &token, &path, "Rückgängig gemacht am");
        }
        assert_eq!(count(world, MEMBERS), 0);
    });
}

#[test]
fn an_interrupted_undoing_is_told_and_begun_again() {
    on_each_demo(|world| {
        let token = world.sign_in("manager");
        let path = applied(world, &token, 1200);
        let id = path.rsplit('/').next().expect("an id").to_owned();
        let now = world.clock.now();
        // The process that had begun it is gone.
        world.command(move |work| {
            let begin = "INSERT INTO import_runs (import, step, done, total, cancelled, \
                seen_at) VALUES ($1, 'writing', 3, 5, 0, $2)";
            work.run(begin, params![id, now]).map(drop)
        });
        if world.site.db.is_shared() {
            // Another node may still be at work, until nothing is heard of it.
            let page = world.get_by(&token, &path).body;
            assert!(page.contains("3 / 5") && page.contains("wird rückgängig gemacht"));
            let click = take_back(world, &token, &path);
            assert_eq!(click.header("location"), path);
            world.post_by(&token, &format!("{path}/abbrechen"), "");
            let stops = "SELECT COUNT(*) AS n FROM import_runs WHERE cancelled <> 0";
            assert_eq!(count(world, stops), 0);
            world.clock.advance_s(60);
        } else {
            let all = world.get_by(&token, "/verwaltung/importe").body;
            assert!(all.contains("Rückgängigmachen unterbrochen"), "{all}");
        }
        let page = world.get_by(&token, &path).body;
        assert!(page.contains("Das Rückgängigmachen wurde unterbrochen"));
        assert_eq!(count(world, MEMBERS), 1200);
        assert!(page.contains("/rueckgaengig"), "{page}");
        take_back(world, &token, &path);
        wait(world, &token, &path, "flash-import-undone");
        assert_eq!((count(world, MEMBERS), count(world, RUNS)), (0, 0));
    });
}

#[test]
fn what_keeps_a_long_import_is_told_at_once() {
    on_each_demo(|world| {
        let token = world.sign_in("manager");
        let path = applied(world, &token, 1200);
        let later = "Firma;Ort;Beschäftigte\nElbwerk 0 0 Nr 0 GmbH;Kiel;800\n";
        let changes = upload(world, &token, later);
        let done = world.post_by(&token, &format!("{changes}/anwenden"), "");
        assert!(done.header("location").contains("applied"), "{}", done.body);
        let refused = take_back(world, &token, &path);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("lässt sich nicht mehr rückgängig"));
        assert!(refused.body.contains("Elbwerk 0 0 Nr 0 GmbH"));
        assert!(!refused.body.contains("Elbwerk 0 0 Nr 1 GmbH"));
        assert_eq!((count(world, MEMBERS), count(world, RUNS)), (1200, 0));
    });
}
