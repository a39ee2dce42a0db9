//! What is over ends although something fails, and no restore brings back what
//! has ended: erased people and addresses, sessions, links.

use std::path::Path;
use std::time::Duration;

use kontor::accounts::{self, Invitation, Role, RoleKind, Scope};
use kontor::app::{backup, care, demo, server, wiring};
use kontor::privacy;
use kontor_platform::config::Config;
use kontor_platform::db::{Conn, Db, Source, connect, dump, schema};
use kontor_platform::mail;
use kontor_platform::secret::ServerKey;
use kontor_platform::text::Lang;
use kontor_platform::work::Stamp;
use kontor_platform::{Clock, Day, Result, Work, log, params, testing};

use crate::support::server::Server;
use crate::support::wait_until;
use crate::world::on_each_demo;

const SECRET: &str = "a secret that is long enough for a test";

fn ada(work: &mut Work<'_>) -> Result<()> {
    let new = Invitation {
        mail: "ada@werft.example".into(),
        name: "Ada Kranich".into(),
        lang: Lang::De,
        role: Some(Role {
            kind: RoleKind::Member,
            scope: Scope::Region,
            since: Day::parse("2026-01-01").expect("a day"),
            until: None,
        }),
    };
    let account = accounts::invite(work, &new, "link", None)?;
    accounts::record_session(work, account, "token", "a browser")
}

/// A mail to Ada with a link of her own.
fn letter(work: &mut Work<'_>) -> Result<()> {
    let letter = mail::NewMail {
        key: "invitation of Ada".into(),
        kind: "accounts.invitation",
        account: None,
        to: "ada@werft.example".into(),
        reply_to: String::new(),
        subject: "Einladung".into(),
        text: "/einladung/link".into(),
        html: String::new(),
        lang: Lang::De,
        confidential: true,
        files: Vec::new(),
    };
    mail::queue(work, &letter, testing::NOW)
}

/// What Otto left without a record of his own: a report, and a line of a list.
fn otto(work: &mut Work<'_>) -> Result<()> {
    work.run(
        "INSERT INTO accessibility_feedback (id, page, message, mail, lang, created_at, due_on, \
         answer) VALUES ($1, '/', 'Ottos Meldung', 'Otto@Liste.example', 'de', 1, '2026-12-01', '')",
        params!["01900000-0000-7000-8000-0000000000a1"],
    )?;
    let import = "01900000-0000-7000-8000-0000000000a2";
    work.run(
        "INSERT INTO imports (id, cluster, file_name, file_hash, header, mapping, state, \
         new_rows, changed_rows, unchanged_rows, absent_records, duplicate_rows, rejected_rows, \
         created_at) SELECT $1, id, 'l.csv', '', '', '', 'staged', 0, 0, 0, 0, 0, 0, 1 \
         FROM clusters WHERE slug = 'hamburg-aviation'",
        params![import],
    )?;
    let line = "INSERT INTO import_rows (import, line, action, reason, draft) \
        VALUES ($1, 2, 'staged', '', '[\"Werft\",\"otto@liste.example\"]')";
    work.run(line, params![import]).map(drop)
}

fn everything(conn: &mut Conn) -> String {
    let mut all = Vec::new();
    for table in schema::tables(conn).unwrap() {
        dump::dump(conn, &table, &mut all).unwrap();
    }
    String::from_utf8(all).expect("text")
}

fn leading_to(source: &Source) -> Config {
    Config {
        database_url: match source {
            Source::Lite(_) => String::new(),
            Source::Pg(url) => url.clone(),
        },
        ..Config::default()
    }
}

/// The demo with Ada and Otto, and an archive of it, in a data folder of its own.
fn filled(db: &Db, data: &Path) -> Source {
    let clock = Clock::standing(testing::NOW);
    demo::seed_if_empty(db, &clock).unwrap();
    db.write_now(Stamp::system(testing::NOW), |work| {
        ada(work)?;
        letter(work)?;
        otto(work)
    })
    .unwrap();
    std::fs::write(data.join("secret"), SECRET).unwrap();
    let source = db.source().clone();
    let archive = data.join("a.kontor.tar.gz");
    backup::write(&source, data, Some(SECRET), &archive, testing::NOW).unwrap();
    source
}

/// The database as the data folder's own, where the engine has files.
fn at_home(source: &Source, data: &Path) {
    if let Source::Lite(path) = source {
        // A copy by the engine: the writer's thread may be closing its file yet.
        let to = data.join("kontor.sqlite");
        let mut conn = connect(&Source::Lite(path.clone())).unwrap();
        conn.batch(&format!("VACUUM INTO '{}'", to.display()))
            .unwrap();
    }
}

#[test]
fn a_restore_asks_the_database_that_it_replaces_who_was_erased() {
    testing::on_each_engine(wiring::MIGRATIONS, |db| {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        let source = filled(&db, data);
        let key = ServerKey::from_text(SECRET).unwrap();
        db.write_now(Stamp::system(testing::NOW), move |work| {
            let all = privacy::by_mail(work, "ada@werft.example")?;
            privacy::erase(work, &key, all[0], "officer")?;
            privacy::erase_address(work, &key, "otto@liste.example", "officer")
        })
        .unwrap();
        drop(db);
        at_home(&source, data);
        let config = leading_to(&source);
        let archive = data.join("a.kontor.tar.gz");
        let done = backup::restore(&archive, &config, data, true, testing::NOW).unwrap();
        assert_eq!(done.erasures, 2);
        let mut conn = connect(&config.source(data)).unwrap();
        let all = everything(&mut conn).to_lowercase();
        for gone in ["ada@werft", "ada kranich", "otto@liste", "ottos meldung"] {
            assert!(!all.contains(gone), "{gone}");
        }
        let journal = std::fs::read_to_string(data.join("erasures.jsonl")).unwrap();
        assert!(!journal.contains('@'), "{journal}");
        assert_eq!(journal.lines().count(), 2, "{journal}");
    });
}

#[test]
fn a_restore_ends_sessions_and_open_links_and_empties_mails_with_them() {
    testing::on_each_engine(wiring::MIGRATIONS, |db| {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        let source = filled(&db, data);
        drop(db);
        at_home(&source, data);
        let config = leading_to(&source);
        let open = |conn: &mut Conn| {
            let count = "SELECT (SELECT COUNT(*) FROM sessions) AS s, \
                (SELECT COUNT(*) FROM sign_in_links WHERE used_at IS NULL) AS l, \
                (SELECT COUNT(*) FROM mail_queue WHERE confidential = 1 AND body_text <> '') AS m";
            conn.one::<(i64, i64, i64)>(count, params![]).unwrap()
        };
        let before = open(&mut connect(&config.source(data)).unwrap());
        assert!(before.0 > 0 && before.1 > 0 && before.2 > 0, "{before:?}");
        let archive = data.join("a.kontor.tar.gz");
        backup::restore(&archive, &config, data, true, testing::NOW).unwrap();
        assert_eq!(open(&mut connect(&config.source(data)).unwrap()), (0, 0, 0));
    });
}

#[test]
fn a_restore_that_did_not_end_keeps_the_server_from_starting() {
    testing::on_each_engine(wiring::MIGRATIONS, |db| {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        let source = filled(&db, data);
        drop(db);
        at_home(&source, data);
        let config = leading_to(&source);
        let clock = Clock::standing(testing::NOW);
        let archive = data.join("a.kontor.tar.gz");
        drop(server::open(&config, data, &clock).unwrap());
        // No folder: removing it fails, when the database is replaced already.
        std::fs::write(data.join("index"), b"").unwrap();
        let failed = backup::restore(&archive, &config, data, true, testing::NOW);
        assert!(failed.unwrap_err().to_string().contains("--yes"));
        let refused = server::open(&config, data, &clock).map(drop).unwrap_err();
        let text = refused.to_string();
        assert!(
            text.contains("a.kontor.tar.gz") && text.contains("--yes"),
            "{text}"
        );
        std::fs::remove_file(data.join("index")).unwrap();
        backup::restore(&archive, &config, data, true, testing::NOW).unwrap();
        drop(server::open(&config, data, &clock).unwrap());
    });
}

/// What earlier versions left behind emptied accounts is put right by the update.
#[test]
fn an_update_frees_contacts_of_emptied_accounts() {
    let check = |source: &Source| {
        let here = |m: &kontor_platform::db::Migration| m.name == "0024_erased_addresses";
        let at = wiring::MIGRATIONS
            .iter()
            .position(here)
            .expect("it is there");
        let db = Db::open(source.clone(), &wiring::MIGRATIONS[..at], testing::NOW).unwrap();
        let left = |work: &mut Work<'_>| {
            let account = "01900000-0000-7000-8000-0000000000b1";
            work.run(
                "INSERT INTO accounts (id, mail, mail_key, name, lang, theme, state, created_at) \
                 VALUES ($1, '', $2, '', 'de', 'system', 'closed', 1)",
                params![account, format!("erased:{account}")],
            )?;
            for (n, source) in [(2, "l.csv"), (3, "account")] {
                work.run(
                    "INSERT INTO people (id, name, sort_key, function, mail, phone, account, \
                     source, state, created_at) VALUES ($1, $2, $2, '', 'x@y.example', '', $3, $4, \
                     'active', 1)",
                    params![
                        format!("01900000-0000-7000-8000-0000000000b{n}"),
                        format!("Person {n}"),
                        account,
                        source
                    ],
                )?;
            }
            Ok(())
        };
        db.write_now(Stamp::system(testing::NOW), left).unwrap();
        drop(db);
        let db = Db::open(source.clone(), wiring::MIGRATIONS, testing::NOW).unwrap();
        let find = "SELECT name, state, COALESCE(account, '-') AS a FROM people ORDER BY id";
        let all: Vec<(String, String, String)> = db.read_now(|c| c.all(find, params![])).unwrap();
        let row = |name: &str, state: &str| (name.to_owned(), state.to_owned(), "-".to_owned());
        assert_eq!(all, [row("Person 2", "active"), row("", "erased")]);
    };
    let folder = tempfile::tempdir().unwrap();
    check(&Source::Lite(folder.path().join("kontor.sqlite")));
    testing::with_postgres(|source| check(&source));
}

#[test]
fn one_rule_that_fails_keeps_no_other_from_being_done() {
    on_each_demo(|world| {
        world.command(|work| {
            ada(work)?;
            otto(work)?;
            work.batch("ALTER TABLE mail_files RENAME TO away")
        });
        world.clock.advance_s(200 * 24 * 3600);
        let folder = tempfile::tempdir().unwrap();
        assert!(care::round(&world.site, folder.path(), true).is_err());
        let left = world.site.db.read_now(|c| Ok(everything(c))).unwrap();
        assert!(!left.contains("ada@werft"), "the rule before it");
        assert!(!left.contains("otto@liste"), "the rule behind it");
    });
}

#[test]
fn whoever_is_shown_what_an_address_left_is_noted_without_it() {
    on_each_demo(|world| {
        world.command(otto);
        let officer = world.sign_in("dsb");
        let path = "/verwaltung/datenschutz/auskunft";
        let last = || {
            let db = &world.site.db;
            let head = db.read_now(log::head).unwrap();
            db.read_now(|c| log::after(c, head - 1, 1))
                .unwrap()
                .remove(0)
        };
        let before = last().seq;
        let nobody = world.post_by(&officer, path, "mail=niemand%40liste.example");
        assert_eq!((nobody.status.as_u16(), last().seq), (200, before));
        let seen = world.post_by(&officer, path, "mail=otto%40liste.example");
        assert!(seen.body.contains("Ottos Meldung"));
        let fact = last();
        assert_eq!(fact.kind, "privacy.access_given");
        assert!(
            fact.subject.len() > 20 && !fact.body.contains("otto"),
            "{}",
            fact.body
        );
        // The address of the page alone leads back to the form.
        assert_eq!(world.get_by(&officer, path).status, 303);
    });
}

#[test]
fn the_journal_is_written_when_the_server_stops() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_in(folder.path(), "demo", &[]);
    let file = Source::Lite(folder.path().join("kontor.sqlite"));
    // Not in the round of the start: that one is over once the server answers.
    std::thread::sleep(Duration::from_millis(500));
    connect(&file)
        .unwrap()
        .batch(
            "INSERT INTO erasures (id, account, person, asked_by, at) VALUES \
             ('01900000-0000-7000-8000-0000000000a3', NULL, NULL, 'self', 1)",
        )
        .unwrap();
    assert!(!folder.path().join("erasures.jsonl").exists());
    assert_eq!(server.stop(), Some(0));
    let journal = folder.path().join("erasures.jsonl");
    let written = wait_until(Duration::from_secs(1), || {
        std::fs::read_to_string(&journal).ok()
    });
    assert!(written.expect("a journal").contains("0000000000a3"));
}

#[test]
fn leftovers_of_killed_backups_go_with_the_next_one() {
    testing::on_each_engine(wiring::MIGRATIONS, |db| {
        let folder = tempfile::tempdir().unwrap();
        let stale = folder.path().join(".b-1.kontor.tar.gz.17.part");
        let fresh = folder.path().join(".b-2.kontor.tar.gz.18.part");
        let other = folder.path().join(".notes.19.part");
        let now = std::time::UNIX_EPOCH + Duration::from_micros(testing::NOW.0.unsigned_abs());
        for (path, age) in [(&stale, 7200), (&fresh, 60), (&other, 7200)] {
            let file = std::fs::File::create(path).unwrap();
            file.set_modified(now - Duration::from_secs(age)).unwrap();
        }
        let to = folder.path().join("b-3.kontor.tar.gz");
        backup::write(db.source(), folder.path(), None, &to, testing::NOW).unwrap();
        assert!(!stale.exists() && fresh.exists() && other.exists() && to.exists());
    });
}
