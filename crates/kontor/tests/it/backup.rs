//! What an operator takes home every night comes back whole, on either engine,
//! or nothing is touched.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use kontor::app::{backup, demo, server, wiring};
use kontor_platform::config::Config;
use kontor_platform::db::dump::{Extent, measure};
use kontor_platform::db::{Conn, Db, Source, connect, schema, snapshot};
use kontor_platform::work::Stamp;
use kontor_platform::{Clock, log, params, testing};
use serde_json::Value;

use crate::sources::files;
use crate::support::server::{Server, run};

const SECRET: &str = "a secret that is long enough for a test";

/// Every table with what it holds.
fn dumps(conn: &mut Conn) -> Vec<(String, Extent)> {
    let tables = schema::tables(conn).unwrap();
    snapshot(conn, |conn| {
        let of = |t: schema::Table| {
            let extent = measure(conn, &t).unwrap();
            (t.name, extent)
        };
        tables.into_iter().map(of).collect()
    })
    .unwrap()
}

fn dumps_of(source: &Source) -> Vec<(String, Extent)> {
    dumps(&mut connect(source).unwrap())
}

/// The configuration that leads to a database.
fn leading_to(source: &Source) -> Config {
    let database_url = match source {
        Source::Lite(_) => String::new(),
        Source::Pg(url) => url.clone(),
    };
    Config {
        database_url,
        ..Config::default()
    }
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn names(folder: &Path) -> BTreeSet<String> {
    let name = |e: std::io::Result<std::fs::DirEntry>| {
        e.unwrap().file_name().to_string_lossy().into_owned()
    };
    std::fs::read_dir(folder).unwrap().map(name).collect()
}

/// The demo region on each engine, as an archive beside two uploaded files.
fn on_each_demo(check: impl Fn(&Source, &Path)) {
    testing::on_each_engine(wiring::MIGRATIONS, |db| {
        demo::seed_if_empty(&db, &Clock::standing(testing::NOW)).unwrap();
        let source = db.source().clone();
        drop(db);
        let folder = tempfile::tempdir().unwrap();
        let files = folder.path().join("files/ab");
        std::fs::create_dir_all(&files).unwrap();
        std::fs::write(files.join("logo.png"), [7u8; 2_000]).unwrap();
        std::fs::write(files.join("empty"), b"").unwrap();
        let archive = folder.path().join("demo.kontor.tar.gz");
        backup::write(&source, folder.path(), Some(SECRET), &archive, testing::NOW).unwrap();
        check(&source, &archive);
    });
}

#[test]
fn the_demo_comes_back_in_all_four_directions() {
    on_each_demo(|source, archive| {
        assert_eq!(mode(archive), 0o600);
        let manifest = backup::verify(archive).unwrap();
        assert!(manifest.rows() > 1_000 && manifest.files.len() == 2);
        let before = dumps_of(source);
        let check = |target: &Source, data: &Path| {
            std::fs::create_dir_all(data.join("index")).unwrap();
            std::fs::write(data.join("index/meta"), b"old").unwrap();
            let done = backup::restore(archive, &leading_to(target), data, false, testing::NOW);
            let done = done.unwrap();
            assert_eq!((done.rows, done.secret), (manifest.rows(), true));
            let mut conn = connect(target).unwrap();
            assert_eq!(dumps(&mut conn), before);
            assert_eq!(log::verify(&mut conn).unwrap(), None);
            let secret = data.join("secret");
            assert_eq!(std::fs::read_to_string(&secret).unwrap(), SECRET);
            assert_eq!(mode(&secret), 0o600);
            let logo = std::fs::read(data.join("files/ab/logo.png")).unwrap();
            assert_eq!(logo, [7u8; 2_000]);
            assert!(!data.join("index").exists(), "the index is made anew");
        };
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join("kontor.sqlite");
        check(&Source::Lite(path.clone()), data.path());
        assert_eq!(mode(&path), 0o600);
        testing::with_postgres(|target| check(&target, tempfile::tempdir().unwrap().path()));
    });
}

#[test]
fn no_table_of_a_migration_can_be_forgotten() {
    let mut expected = BTreeSet::from(["migrations".to_owned(), "a_later_one".to_owned()]);
    for file in files("migrations", ".sql") {
        let rest = file.text.split("CREATE TABLE ").skip(1);
        // A migration may drop an older table before it makes its own.
        for gone in file.text.split("DROP TABLE ").skip(1) {
            expected.remove(gone.split([' ', ';']).next().unwrap());
        }
        expected.extend(rest.map(|t| t.split([' ', '(']).next().unwrap().to_owned()));
        for renamed in file.text.split("ALTER TABLE ").skip(1) {
            let words: Vec<&str> = renamed.split([' ', ';']).collect();
            if let [from, "RENAME", "TO", to, ..] = words[..] {
                expected.remove(from);
                expected.insert(to.to_owned());
            }
        }
    }
    assert!(expected.len() > 15, "the test has lost its sight");
    testing::on_each_engine(wiring::MIGRATIONS, |db| {
        let mut conn = connect(db.source()).unwrap();
        conn.batch(
            "CREATE TABLE a_later_one (name TEXT PRIMARY KEY); \
             INSERT INTO a_later_one (name) VALUES ('x');",
        )
        .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("a.kontor.tar.gz");
        backup::write(db.source(), folder.path(), None, &archive, testing::NOW).unwrap();
        let manifest = backup::verify(&archive).unwrap();
        let found: BTreeSet<String> = manifest.tables.iter().map(|t| t.name.clone()).collect();
        assert_eq!(found, expected);
        let later = manifest.tables.iter().find(|t| t.name == "a_later_one");
        assert_eq!(later.unwrap().extent.rows, 1);
    });
}

#[test]
fn a_backup_beside_a_writer_shows_one_moment() {
    testing::on_each_engine(wiring::MIGRATIONS, |db| {
        let stop = AtomicBool::new(false);
        let folder = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for n in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    note(&db, n);
                }
            });
            let mut seen = Vec::new();
            for i in 0..6 {
                let archive = folder.path().join(format!("{i}.kontor.tar.gz"));
                let made = backup::write(db.source(), folder.path(), None, &archive, testing::NOW);
                let manifest = backup::verify(&archive).unwrap();
                let rows = |name: &str| {
                    let table = manifest.tables.iter().find(|t| t.name == name);
                    table.unwrap().extent.rows
                };
                let facts = made.unwrap().log_seq.unsigned_abs();
                assert_eq!((rows("log"), rows("slugs")), (facts, facts));
                seen.push(facts);
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            stop.store(true, Ordering::Relaxed);
            assert!(
                seen.first() < seen.last(),
                "somebody wrote meanwhile: {seen:?}"
            );
        });
    });
}

#[derive(serde::Serialize)]
struct Noted {
    name: String,
}
impl kontor_platform::Fact for Noted {
    const KIND: &'static str = "test.noted";
    fn subject(&self) -> String {
        self.name.clone()
    }
}

/// One row and one fact.
fn note(db: &Db, n: i64) {
    db.write_now(Stamp::system(testing::NOW), move |work| {
        let name = format!("{n:06}");
        work.run(
            "INSERT INTO slugs (kind, slug, target) VALUES ('test', $1, 'x')",
            params![name],
        )?;
        work.announce(&Noted { name });
        Ok(())
    })
    .unwrap();
}

/// Path and content.
type Entries = Vec<(String, Vec<u8>)>;
/// An archive, and a part of what must be said of it.
type Spoilt = Vec<(PathBuf, &'static str)>;

/// An archive's entries.
fn unpack(archive: &Path) -> Entries {
    let file = std::fs::File::open(archive).unwrap();
    let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(file));
    let read = |entry: std::io::Result<tar::Entry<_>>| {
        let mut entry = entry.unwrap();
        let path = String::from_utf8(entry.path_bytes().into_owned()).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        (path, bytes)
    };
    tar.entries().unwrap().map(read).collect()
}

fn pack(entries: &[(String, Vec<u8>)], to: &Path) {
    let file = std::fs::File::create(to).unwrap();
    let out = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    let mut tar = tar::Builder::new(out);
    for (path, bytes) in entries {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        tar.append_data(&mut header, path, &bytes[..]).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap();
}

/// Spoilt copies of an archive, each with a part of what must be said of it.
fn spoilt(archive: &Path, folder: &Path) -> Spoilt {
    let whole = std::fs::read(archive).unwrap();
    let mut made = Spoilt::new();
    let mut raw = |name: &str, bytes: &[u8], says| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        made.push((path, says));
    };
    raw("empty", b"", "no backup of Kontor");
    raw(
        "foreign",
        b"PK\x03\x04 something else",
        "no backup of Kontor",
    );
    raw("begun", &whole[..40], "damaged");
    raw("half", &whole[..whole.len() / 2], "copy it again");
    raw("nearly", &whole[..whole.len() - 4], "copy it again");
    let mut flipped = whole.clone();
    let at = whole.len() / 2;
    flipped[at] ^= 0x10;
    raw("flipped", &flipped, "damaged");

    made.extend(repacked(archive, folder));
    made
}

/// The same with whole archives of other content.
fn repacked(archive: &Path, folder: &Path) -> Spoilt {
    let mut made = Spoilt::new();
    let entries = unpack(archive);
    let mut repacked = |name: &str, says, change: &dyn Fn(&mut Entries)| {
        let mut changed = entries.clone();
        change(&mut changed);
        let path = folder.join(name);
        pack(&changed, &path);
        made.push((path, says));
    };
    let manifest = |change: fn(&mut Value)| {
        move |entries: &mut Entries| {
            let mut json: Value = serde_json::from_slice(&entries[0].1).unwrap();
            change(&mut json);
            entries[0].1 = serde_json::to_vec(&json).unwrap();
        }
    };
    repacked("other", "no backup of Kontor", &|e| drop(e.remove(0)));
    repacked("short", "secret is not what stands there", &|e| {
        drop(e.remove(1))
    });
    repacked("long", "not in the manifest", &|e| {
        e.push(("x".into(), b"x".into()))
    });
    repacked("tampered", "is not what the manifest says", &|e| {
        let table = e.iter_mut().find(|e| e.0 == "tables/clusters.jsonl");
        let bytes = &mut table.unwrap().1;
        let at = bytes.iter().position(|b| *b == b'a').unwrap();
        bytes[at] = b'b';
    });
    repacked(
        "format",
        "restore it with that version",
        &manifest(|m| m["format"] = 99.into()),
    );
    repacked(
        "newer",
        "restore it with that version",
        &manifest(|m| m["migrations"][0]["name"] = "9999_new".into()),
    );
    repacked(
        "edited",
        "another text of migration",
        &manifest(|m| m["migrations"][0]["checksum"] = "00".into()),
    );
    repacked(
        "way out",
        "outside of its folder",
        &manifest(|m| m["files"][0]["path"] = "../secret".into()),
    );
    // Everything fits but the rows do not: found before the commit.
    repacked(
        "chain",
        "the log ends otherwise",
        &manifest(|m| m["log_seq"] = 1.into()),
    );
    repacked("missing", "is missing", &|e| drop(e.pop()));
    made
}

#[test]
fn a_spoilt_archive_is_named_and_nothing_is_touched() {
    on_each_demo(|source, archive| {
        let folder = tempfile::tempdir().unwrap();
        let data = tempfile::tempdir().unwrap();
        let target = match source {
            Source::Lite(_) => Source::Lite(data.path().join("kontor.sqlite")),
            pg => pg.clone(),
        };
        let config = leading_to(&target);
        if let Source::Lite(_) = source {
            backup::restore(archive, &config, data.path(), false, testing::NOW).unwrap();
        }
        let (before, there) = (dumps_of(&target), names(data.path()));
        let spoilt = spoilt(archive, folder.path());
        assert!(spoilt.len() > 12);
        for (path, says) in spoilt {
            let refused = backup::restore(&path, &config, data.path(), true, testing::NOW);
            let refused = refused.map(|_| ()).expect_err(&path.display().to_string());
            let text = refused.to_string();
            assert!(text.contains(says), "{}: {text}", path.display());
            assert_eq!(dumps_of(&target), before, "{}", path.display());
            let mut left = names(data.path());
            left.retain(|n| !n.ends_with("-wal") && !n.ends_with("-shm"));
            assert!(left.is_subset(&there), "{left:?}");
        }
    });
}

#[test]
fn data_is_replaced_only_when_it_is_said() {
    on_each_demo(|source, archive| {
        let check = |target: &Source, data: &Path| {
            let db = Db::open(target.clone(), wiring::MIGRATIONS, testing::NOW).unwrap();
            note(&db, 1);
            drop(db);
            let config = leading_to(target);
            let before = dumps_of(target);
            let refused = backup::restore(archive, &config, data, false, testing::NOW);
            let refused = refused.map(|_| ()).unwrap_err().to_string();
            assert!(refused.contains("--yes"), "{refused}");
            assert_eq!(dumps_of(target), before);
            backup::restore(archive, &config, data, true, testing::NOW).unwrap();
            assert_eq!(dumps_of(target), dumps_of(source));
        };
        let data = tempfile::tempdir().unwrap();
        check(
            &Source::Lite(data.path().join("kontor.sqlite")),
            data.path(),
        );
        testing::with_postgres(|target| check(&target, tempfile::tempdir().unwrap().path()));
    });
}

#[test]
fn an_update_backs_up_first_and_the_backup_leads_forward_again() {
    let check = |source: &Source, data: &Path| {
        let (last, older) = wiring::MIGRATIONS.split_last().unwrap();
        let db = Db::open(source.clone(), older, testing::NOW).unwrap();
        note(&db, 1);
        drop(db);
        let before = dumps_of(source);
        let folder = backup::folder(data);
        kontor_platform::secret::private_folder(&folder).unwrap();
        for second in 1..=5 {
            let at = kontor_platform::Instant(second * 1_000_000);
            std::fs::write(folder.join(backup::name("before-0001_log", at)), b"").unwrap();
        }
        let config = leading_to(source);
        let clock = Clock::standing(testing::NOW);
        // As if the first start had failed in the migration.
        let tried = backup::before_migrating(&config, data, &clock).unwrap();
        clock.advance_s(60);
        let again = backup::before_migrating(&config, data, &clock).unwrap();
        assert_eq!(tried, again, "nothing has happened since");
        assert!(tried.is_some());
        drop(server::open(&config, data, &clock).unwrap());
        drop(server::open(&config, data, &clock).unwrap());
        let all = backup::archives(&folder, "before-").unwrap();
        assert_eq!(all.len(), 5, "the newest five are kept");
        let archive = &all[4].1;
        let name = backup::name(&format!("before-{}", last.name), testing::NOW);
        assert_eq!(archive.file_name().unwrap().to_str(), Some(name.as_str()));
        assert_eq!((mode(archive), mode(&folder)), (0o600, 0o700));
        let manifest = backup::verify(archive).unwrap();
        assert_eq!(manifest.migrations.len(), older.len());

        backup::restore(archive, &config, data, true, testing::NOW).unwrap();
        let restored = dumps_of(source);
        for part in before.iter().filter(|t| t.0 != "migrations") {
            assert!(restored.contains(part), "{}", part.0);
        }
        let applied = restored.iter().find(|t| t.0 == "migrations").unwrap();
        assert_eq!(applied.1.rows, wiring::MIGRATIONS.len() as u64);
    };
    let data = tempfile::tempdir().unwrap();
    check(
        &Source::Lite(data.path().join("kontor.sqlite")),
        data.path(),
    );
    testing::with_postgres(|target| check(&target, tempfile::tempdir().unwrap().path()));
}

#[test]
fn the_commands_work_beside_a_server_and_say_so_in_json() {
    let server = Server::start("demo", &[]);
    let out = tempfile::tempdir().unwrap();
    let (data, folder) = (server.data.to_str().unwrap(), out.path().to_str().unwrap());
    for kept in ["3", "1"] {
        // Names tell seconds: the second archive needs another one.
        std::thread::sleep(std::time::Duration::from_millis(1_100));
        let said = run(&["backup", folder, "--data", data, "--keep", kept, "--json"]);
        assert!(said.status.success(), "{said:?}");
        let line: Value = serde_json::from_slice(&said.stdout).unwrap();
        assert_eq!(
            line["removed"].as_array().unwrap().len(),
            usize::from(kept == "1")
        );
    }
    let made = names(out.path());
    assert_eq!(made.len(), 1, "{made:?}");
    let archive = out.path().join(made.first().unwrap());
    let archive = archive.to_str().unwrap();

    let refused = run(&["restore", archive, "--data", data, "--yes"]);
    assert_eq!(refused.status.code(), Some(1));
    let text = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        text.contains("nothing was restored") && text.contains("stop the server"),
        "{text}"
    );

    let elsewhere = tempfile::tempdir().unwrap();
    let place = elsewhere.path().to_str().unwrap();
    let done = run(&["restore", archive, "--data", place, "--json"]);
    assert!(done.status.success(), "{done:?}");
    let line: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert!(line["rows"].as_u64().unwrap() > 1_000, "{line}");
    let again = run(&["backup", archive, "--data", place]);
    assert_eq!(
        again.status.code(),
        Some(1),
        "an archive is not overwritten"
    );
    let nothing = run(&["backup", "--data", folder]);
    let text = String::from_utf8_lossy(&nothing.stderr).into_owned();
    assert!(text.contains("there is no data"), "{text}");
    // The restored region is served.
    drop(Server::start_in(elsewhere.path(), "demo", &[]));
}
