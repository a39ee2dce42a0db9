//! What an operator's machines ask and what the command line hands out.

use std::path::Path;
use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::http::Method;
use kontor::app::wiring;
use kontor_platform::config::Config;
use kontor_platform::db::{Db, Source, connect, migrate};
use kontor_platform::work::Stamp;
use kontor_platform::{log, testing};
use serde_json::Value;

use crate::support::server::{Server, kontor, run};
use crate::support::{http, wait_until};
use crate::world::{on_each_demo, on_each_empty};

#[test]
fn a_full_queue_answers_at_once_and_says_when_to_come_back() {
    on_each_demo(|world| {
        let db = &world.site.db;
        if db.is_shared() {
            return; // there the pool is what fills, and it waits
        }
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (begun, go) = (
            Arc::new(AtomicBool::new(false)),
            Arc::new(AtomicBool::new(false)),
        );
        let places = 1_024;
        let send = || {
            let (db, begun, go) = (db.clone(), Arc::clone(&begun), Arc::clone(&go));
            runtime.spawn(async move {
                db.write(Stamp::system(testing::NOW), move |_| {
                    begun.store(true, Ordering::Relaxed);
                    while !go.load(Ordering::Relaxed) {
                        std::thread::sleep(Duration::from_millis(1));
                    }
                    Ok(())
                })
                .await
            });
        };
        send();
        let is_begun = || begun.load(Ordering::Relaxed).then_some(());
        wait_until(Duration::from_secs(20), is_begun).expect("the writer is busy");
        for _ in 0..places {
            send();
        }
        let full = || (db.load().commands_waiting == places).then_some(());
        wait_until(Duration::from_secs(20), full).expect("the queue fills");
        let answer = world.post("/anmelden/demo", "role=member");
        assert_eq!(answer.status, 503);
        assert_eq!(answer.header("retry-after"), "2");
        assert!(answer.header("content-type").starts_with("text/html"));
        go.store(true, Ordering::Relaxed);
        let empty = || (db.load().commands_waiting == 0).then_some(());
        wait_until(Duration::from_secs(20), empty).expect("the queue empties");
        assert_eq!(world.post("/anmelden/demo", "role=member").status, 303);
    });
}

#[test]
fn figures_are_for_whoever_shows_the_token() {
    let config = Config {
        metrics_token: "sixteen letters at least".into(),
        ..Config::default()
    };
    on_each_empty(&config, |world| {
        assert_eq!(world.get("/cluster").status, 200);
        assert_eq!(world.get("/cluster/keiner-davon").status, 404);
        assert_eq!(world.get("/nirgends/geheim").status, 404);
        assert_eq!(world.get("/metrics").status, 404, "off to strangers");
        let ask = |token: &str| {
            let ask = world.ask(Method::GET, "/metrics");
            ask.with("authorization", &format!("Bearer {token}")).send()
        };
        assert_eq!(ask("sixteen letters at most").status, 404);
        let answer = ask("sixteen letters at least");
        assert_eq!(answer.status, 200);
        assert!(
            answer
                .header("content-type")
                .starts_with("text/plain; version=0.0.4")
        );
        let has = |start: &str| answer.body.lines().any(|l| l.starts_with(start));
        let count = "kontor_http_request_duration_seconds_count";
        for line in [
            "kontor_build_info{version=",
            "process_resident_memory_bytes ",
            "kontor_database_up 1",
            "kontor_database_connections_in_use ",
            "kontor_commands_waiting 0",
            "kontor_log_facts 0",
            "kontor_log_facts_parked 0",
            "kontor_mails{state=\"waiting\"} 0",
            &format!("{count}{{method=\"GET\",route=\"/cluster\",status=\"2xx\"}} 1"),
            &format!("{count}{{method=\"GET\",route=\"/cluster/{{slug}}\",status=\"4xx\"}} 1"),
            &format!("{count}{{method=\"GET\",route=\"none\",status=\"4xx\"}} 1"),
        ] {
            assert!(has(line), "{line}\n{}", answer.body);
        }
        for asked in ["keiner-davon", "geheim"] {
            assert!(
                !answer.body.contains(asked),
                "{asked} is an address that was tried"
            );
        }
    });
}

fn json(said: &Output) -> Value {
    let text = String::from_utf8_lossy(&said.stdout);
    assert_eq!(text.lines().count(), 1, "{said:?}");
    serde_json::from_str(&text).expect("a line of JSON")
}

/// What the doctor says of one thing.
fn state(line: &Value, name: &str) -> String {
    let checks = line["checks"].as_array().expect("checks");
    let check = checks.iter().find(|c| c["name"] == name);
    check.unwrap_or_else(|| panic!("{name}: {line}"))["state"]
        .as_str()
        .expect("a state")
        .to_owned()
}

#[test]
fn the_doctor_tells_what_is_broken_and_what_is_only_to_be_looked_at() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("data");
    let server = Server::start_in(&folder, "demo", &[]);
    let data = folder.to_str().unwrap();
    let doctor = || run(&["doctor", "--data", data, "--json"]);
    let said = doctor();
    assert_eq!(said.status.code(), Some(0), "warnings only: {said:?}");
    let line = json(&said);
    for (name, expected) in [
        ("data folder", "ok"),
        ("secret", "ok"),
        ("database", "ok"),
        ("migrations", "ok"),
        ("activity log", "ok"),
        ("parked facts", "ok"),
        ("lists", "ok"),
        ("mails", "ok"),
        ("backup", "warning"),
        ("public_url", "warning"),
        ("mail server", "warning"),
    ] {
        assert_eq!(state(&line, name), expected, "{name}: {line}");
    }
    assert!(run(&["backup", "--data", data]).status.success());
    assert_eq!(state(&json(&doctor()), "backup"), "ok");

    // The real thing asks from this machine itself.
    let figures = http::get(&server.url("/metrics")).unwrap();
    assert_eq!(figures.status, 200);
    assert!(
        figures.body.contains("kontor_build_info"),
        "{}",
        figures.body
    );
    drop(server);

    let open = std::os::unix::fs::PermissionsExt::from_mode(0o640);
    std::fs::set_permissions(Path::new(data).join("secret"), open).unwrap();
    let said = doctor();
    assert_eq!(said.status.code(), Some(1));
    assert_eq!(state(&json(&said), "secret"), "broken");

    let file = Source::Lite(folder.join("kontor.sqlite"));
    let mut conn = connect(&file).unwrap();
    conn.batch("UPDATE organisations SET clusters = ''")
        .unwrap();
    assert_eq!(state(&json(&doctor()), "lists"), "warning");
    assert!(run(&["reindex", "--data", data]).status.success());
    assert_eq!(state(&json(&doctor()), "lists"), "ok");
    conn.batch("UPDATE log SET at = at + 1 WHERE seq = 3")
        .unwrap();
    drop(conn);
    assert_eq!(state(&json(&doctor()), "activity log"), "broken");

    let nothing = tempfile::tempdir().unwrap();
    let said = run(&[
        "doctor",
        "--data",
        nothing.path().to_str().unwrap(),
        "--json",
    ]);
    assert_eq!(said.status.code(), Some(1));
    assert_eq!(state(&json(&said), "database"), "broken");
    let left = std::fs::read_dir(nothing.path()).unwrap().count();
    assert_eq!(left, 0, "a doctor only looks");
}

/// Runs `kontor export` over a database.
fn export(source: &Source, data: &Path, args: &[&str]) -> Output {
    let mut command = kontor();
    command.args(["export", "--data"]).arg(data).args(args);
    match source {
        Source::Lite(path) => {
            let place = data.join("kontor.sqlite");
            if !place.exists() {
                std::os::unix::fs::symlink(path, place).unwrap();
            }
        }
        Source::Pg(url) => {
            command.env("KONTOR_DATABASE_URL", url);
        }
    }
    command.output().unwrap()
}

fn lines(said: &Output) -> Vec<Value> {
    assert!(said.status.success(), "{said:?}");
    let text = String::from_utf8(said.stdout.clone()).unwrap();
    let read = |l| serde_json::from_str(l).unwrap();
    text.lines().map(read).collect()
}

#[test]
fn lists_go_out_and_contact_data_only_when_asked_for() {
    testing::on_each_engine(kontor::app::wiring::MIGRATIONS, |db| {
        let clock = kontor_platform::Clock::standing(testing::NOW);
        kontor::app::demo::seed_if_empty(&db, &clock).unwrap();
        let head = db.read_now(log::head).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        let export = |args: &[&str]| export(db.source(), data, args);
        let facts = lines(&export(&["--what", "log"]));
        assert_eq!(facts.len() as i64, head);
        assert_eq!(facts[0]["seq"], 1);

        let plain = lines(&export(&["-", "--what", "organisations"]));
        assert!(plain.len() > 300 && plain.iter().all(|o| o.get("contacts").is_none()));
        let member = plain
            .iter()
            .find(|o| o["memberships"].as_array().unwrap().len() > 1);
        assert!(member.unwrap()["memberships"][0]["cluster"].is_string());
        let full = lines(&export(&["--what", "organisations", "--with-contacts"]));
        let mails = full.iter().flat_map(|o| o["contacts"].as_array().unwrap());
        let mails: Vec<&str> = mails.filter_map(|c| c["mail"].as_str()).collect();
        assert!(
            mails.iter().any(|m| m.contains('@')),
            "somebody has an address"
        );

        let out = data.join("lists");
        let said = export(&[
            out.to_str().unwrap(),
            "--what",
            "organisations,clusters",
            "--format",
            "csv",
        ]);
        assert!(said.status.success(), "{said:?}");
        let csv = std::fs::read_to_string(out.join("organisations.csv")).unwrap();
        assert!(csv.starts_with("id,slug,name,"));
        for mail in mails.iter().filter(|m| m.contains('@')) {
            assert!(!csv.contains(mail), "{mail}");
        }
        assert!(out.join("clusters.csv").exists());
        for wrong in [
            ["--what", "log", "--format", "csv"],
            ["--what", "log,clusters", "--format", "jsonl"],
        ] {
            assert_eq!(export(&wrong).status.code(), Some(2));
        }
    });
}

#[test]
fn lists_that_are_there_stay_unless_they_may_be_replaced() {
    testing::on_each_engine(wiring::MIGRATIONS, |db| {
        kontor::app::demo::seed_if_empty(&db, &kontor_platform::Clock::standing(testing::NOW))
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("lists");
        let args = ["--what", "organisations,clusters", "--format", "csv"];
        let args = [&[out.to_str().unwrap()], &args[..]].concat();
        let export =
            |more: &[&str]| export(db.source(), folder.path(), &[&args[..], more].concat());
        std::fs::create_dir(&out).unwrap();
        std::fs::write(out.join("clusters.csv"), "mine").unwrap();
        let said = export(&[]);
        assert_eq!(said.status.code(), Some(1));
        let said = String::from_utf8_lossy(&said.stderr).into_owned();
        assert!(said.contains("clusters.csv is there already"), "{said}");
        assert!(!out.join("organisations.csv").exists(), "all or nothing");
        let read = || std::fs::read_to_string(out.join("clusters.csv")).unwrap();
        assert_eq!(read(), "mine");
        let said = export(&["--replace"]);
        assert!(said.status.success(), "{said:?}");
        assert!(read().starts_with("id,slug,code"), "{}", read());
    });
}

#[test]
fn a_test_mail_migrates_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = Source::Lite(folder.path().join("kontor.sqlite"));
    let (_, older) = wiring::MIGRATIONS.split_last().unwrap();
    drop(Db::open(file.clone(), older, testing::NOW).unwrap());
    let secret = "a secret that is long enough for a test";
    std::fs::write(folder.path().join("secret"), secret).unwrap();
    let data = folder.path().to_str().unwrap();
    let to = "ada@werft.example";
    let said = run(&["doctor", "--data", data, "--json", "--send-test-mail", to]);
    assert_eq!(state(&json(&said), "test mail"), "broken");
    let pending = migrate::pending(&mut connect(&file).unwrap(), wiring::MIGRATIONS);
    assert_eq!(pending.unwrap().len(), 1, "still as it was");
}

#[test]
fn a_closed_pipe_is_no_defect() {
    let nothing = tempfile::tempdir().unwrap();
    let mut child = kontor()
        .args(["doctor", "--data", nothing.path().to_str().unwrap()])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended = child.wait().unwrap();
    assert_eq!(ended.code(), Some(1), "the doctor's own answer");
}
