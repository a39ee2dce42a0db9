//! Long lists: their progress is seen, they can be stopped, and nothing of an
//! interrupted one is there.

use std::time::{Duration, Instant};

use axum::http::{Method, StatusCode};
use kontor_platform::params;

use crate::world::{Answer, World, on_each_demo};

/// So many organisations of one place whose names begin alike.
pub fn list(lines: usize) -> String {
    let mut list = String::from("Firma;Ort;Mitglied seit\n");
    for n in 0..lines {
        let (a, b) = (n.wrapping_mul(2_654_435_761) % 9973, n * 7919 % 9967);
        list += &format!("Elbwerk {a} {b} Nr {n} GmbH;Kiel;2012\n");
    }
    list
}

/// Uploads a list for Hamburg Aviation; the address of the import.
pub fn upload(world: &World, token: &str, list: &str) -> String {
    let page = world.get_by(token, "/verwaltung/import").body;
    let mark = page
        .split("name=\"_mark\" value=\"")
        .nth(1)
        .expect("a form");
    let mark = mark.split('"').next().expect("a value");
    let fields = [("_mark", mark), ("cluster", "hamburg-aviation")];
    let ask = world
        .ask(Method::POST, "/verwaltung/import")
        .by(Some(token));
    let answer = ask.upload(&fields, "lang.csv", list).send();
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.header("location").to_owned()
}

/// Loads the page until it holds a text.
pub fn wait(world: &World, token: &str, path: &str, text: &str) -> Answer {
    let until = Instant::now() + Duration::from_secs(90);
    loop {
        let page = world.get_by(token, path);
        if page.body.contains(text) || page.header("location").contains(text) {
            return page;
        }
        assert!(Instant::now() < until, "no {text:?}: {}", page.body);
        std::thread::sleep(Duration::from_millis(100));
    }
}

pub fn count(world: &World, sql: &'static str) -> i64 {
    let one = |c: &mut kontor_platform::db::Conn| c.one::<(i64,)>(sql, params![]);
    world.site.db.read_now(one).expect("a number").0
}

pub const MEMBERS: &str = "SELECT COUNT(*) AS n FROM organisations WHERE name LIKE 'Elbwerk %'";
pub const RUNS: &str = "SELECT COUNT(*) AS n FROM import_runs";

#[test]
fn a_long_list_is_worked_on_beside_the_request() {
    on_each_demo(|world| {
        let token = world.sign_in("manager");
        let path = upload(world, &token, &list(1200));
        let first = world.get_by(&token, &path);
        assert!(first.body.contains("Die Liste wird bearbeitet"));
        assert!(
            first.body.contains("http-equiv=\"refresh\""),
            "it asks again"
        );
        let still = world.get_by(&token, &format!("{path}?still=1"));
        let asks = still.body.contains("http-equiv=\"refresh\"");
        assert!(!asks, "who reads is left in peace");
        wait(world, &token, &path, "1.200 neu");
        let other = world.sign_in("manager_other");
        assert_eq!(world.get_by(&other, &path).status, StatusCode::NOT_FOUND);
        for act in ["abbrechen", "abgleichen"] {
            let path = format!("{path}/{act}");
            assert_eq!(
                world.post_by(&other, &path, "").status,
                StatusCode::NOT_FOUND
            );
        }

        // What can be said at once is said at once.
        let apply = format!("{path}/anwenden");
        let begun = world.post_by(&token, &apply, "visibility=public");
        assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
        wait(world, &token, &path, "flash-import-applied");
        assert!(world.get_by(&token, &path).body.contains("/rueckgaengig"));
        assert_eq!((count(world, MEMBERS), count(world, RUNS)), (1200, 0));
        let page = world
            .get_by(&token, "/cluster/hamburg-aviation/verlauf")
            .body;
        assert!(page.contains("1.200 Organisationen neu im Cluster"));
    });
}

#[test]
fn a_long_list_can_be_stopped_before_it_is_written() {
    on_each_demo(|world| {
        let token = world.sign_in("manager");
        let path = upload(world, &token, &list(9000));
        assert!(world.get_by(&token, &path).body.contains("Abbrechen"));
        let stopped = world.post_by(&token, &format!("{path}/abbrechen"), "");
        assert!(stopped.header("location").ends_with("flash-import-stopped"));
        wait(world, &token, &path, "Noch einmal abgleichen");
        assert_eq!(count(world, MEMBERS), 0);
        // Another try; it is not applied unseen while it is matched.
        world.post_by(&token, &format!("{path}/abgleichen"), "");
        let apply = format!("{path}/anwenden");
        world.post_by(&token, &apply, "visibility=public");
        world.post_by(&token, &format!("{path}/abbrechen"), "");
        wait(world, &token, &path, "Noch einmal abgleichen");
        assert_eq!((count(world, MEMBERS), count(world, RUNS)), (0, 0));
        let gone = world.post_by(&token, &format!("{path}/verwerfen"), "");
        assert!(gone.header("location").contains("flash-import-discarded"));
        assert_eq!(count(world, "SELECT COUNT(*) AS n FROM import_rows"), 0);
    });
}

#[test]
fn an_interrupted_import_is_told_and_begun_again_or_dropped() {
    on_each_demo(|world| {
        let token = world.sign_in("manager");
        for again in [true, false] {
            let path = upload(world, &token, &list(5));
            let id = path.rsplit('/').next().expect("an id").to_owned();
            let now = world.clock.now();
            // The process that had begun it is gone.
            world.command(move |work| {
                let begin = "INSERT INTO import_runs (import, step, done, total, cancelled, \
                    seen_at) VALUES ($1, 'matching', 3, 5, 0, $2)";
                work.run(begin, params![id, now]).map(drop)
            });
            if world.site.db.is_shared() {
                // Another node may still be at work, until nothing is heard of it.
                let page = world.get_by(&token, &path);
                assert!(page.body.contains("3 / 5"), "{}", page.body);
                world.clock.advance_s(60);
            }
            let page = world.get_by(&token, &path).body;
            assert!(page.contains("wurde unterbrochen") && page.contains("/anwenden"));
            if !world.site.db.is_shared() {
                let all = world.get_by(&token, "/verwaltung/importe").body;
                assert!(all.contains("unterbrochen"));
            }
            let (act, flash, n) = match again {
                true => ("anwenden", "flash-import-applied", 5),
                false => ("verwerfen", "flash-import-discarded", 5),
            };
            let form = "visibility=public";
            let done = world.post_by(&token, &format!("{path}/{act}"), form);
            assert!(done.header("location").contains(flash), "{}", done.body);
            assert_eq!((count(world, MEMBERS), count(world, RUNS)), (n, 0));
        }
    });
}

/// Uploads a list and shows the page that refuses it.
fn refused(world: &World, token: &str, name: &str, list: &str) -> String {
    let page = world.get_by(token, "/verwaltung/import").body;
    let mark = page.split("name=\"_mark\" value=\"").nth(1);
    let mark = mark.and_then(|m| m.split('"').next()).expect("a form");
    let fields = [("_mark", mark), ("cluster", "hamburg-aviation")];
    let ask = world.ask(Method::POST, "/verwaltung/import");
    let answer = ask.by(Some(token)).upload(&fields, name, list).send();
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    answer.body
}

#[test]
fn a_list_without_lines_is_refused_with_its_reason() {
    on_each_demo(|world| {
        let token = world.sign_in("manager");
        let body = refused(world, &token, "leer.csv", "Firma;Ort;Mitglied seit\n");
        assert!(body.contains("steht keine einzige Zeile"), "{body}");
        let body = refused(world, &token, "liste.xlsx", "%PDF-1.7 und mehr");
        assert!(body.contains("ein PDF-Dokument"));
        let imports = "SELECT COUNT(*) AS n FROM imports";
        assert_eq!(count(world, imports), 0);
    });
}

#[test]
fn two_columns_of_one_meaning_are_named_and_every_choice_is_kept() {
    on_each_demo(|world| {
        let token = world.sign_in("manager");
        let path = upload(
            world,
            &token,
            "Firma;Ort;Xyz;Abc\nHaus Nord;Kiel;eins;zwei\n",
        );
        let columns = format!("{path}/spalten");
        let twice = world.post_by(&token, &columns, "s0=name&s1=&s2=summary&s3=summary");
        assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
        let words = "„Abc“ und „Xyz“ haben dieselbe Bedeutung: Kurzbeschreibung.";
        assert_eq!(
            twice.body.matches(words).count(),
            2,
            "above and at the column"
        );
        assert!(twice.body.contains("<a href=\"#s3\">"));
        let kept = "<option value=\"summary\" selected>";
        assert_eq!(twice.body.matches(kept).count(), 2, "{}", twice.body);
        let city = "<option value=\"city\" selected>";
        assert!(!twice.body.contains(city), "what was taken away stays away");
        // Nothing of it was stored.
        assert!(world.get_by(&token, &path).body.contains(city));

        let once = "s0=name&s1=city&s2=summary&s3=ignored";
        let saved = world.post_by(&token, &columns, once);
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        let page = world.get_by(&token, &path).body;
        let counts = "3 von 4 Spalten werden übernommen: 2 an der Überschrift erkannt, \
            1 von Hand zugeordnet. 1 bleibt weg.";
        assert!(page.contains(counts), "{page}");
    });
}

#[test]
fn a_preview_says_what_it_recognised_and_shows_what_needs_a_look() {
    on_each_demo(|world| {
        let token = world.sign_in("manager");
        let path = upload(world, &token, "Xyz;Abc\neins;zwei\n");
        let page = world.get_by(&token, &path).body;
        assert!(page.contains("0 von 2 Spalten werden übernommen"));
        assert!(page.contains("2 bleiben weg."));
        assert!(!page.contains("Jede Spalte"));

        let list = "Firma;Ort;Mitglied seit\nHaus\u{202e} Nord;Kiel;bald\n;Kiel;2020\n";
        let path = upload(world, &token, list);
        let page = world.get_by(&token, &path).body;
        assert!(page.contains("Jede Spalte wurde an ihrer Überschrift erkannt."));
        for said in [
            "</span> abgelehnte Zeile<",
            "</span> neue Organisation<",
            "„bald“",
            "Haus Nord",
        ] {
            assert!(page.contains(said), "{said}: {page}");
        }
        assert!(
            page.contains(
                "<details class=\"more\" open><summary><span class=\"chip chip--klinker\">"
            )
        );
        assert!(
            page.contains("<span class=\"chip\">0 geändert</span>"),
            "zero has no colour"
        );
        let absent: Vec<String> = page
            .split("name=\"end\" value=\"")
            .skip(1)
            .filter_map(|box_| Some(box_.split("<span>").nth(1)?.split('<').next()?.to_owned()))
            .map(|name| kontor_analysis::names::sort_key(&name))
            .collect();
        assert!(absent.len() > 3 && absent.is_sorted(), "{absent:?}");
    });
}

#[test]
fn looking_at_somebodys_data_does_not_keep_an_import() {
    on_each_demo(|world| {
        let token = world.sign_in("manager");
        let list =
            "Firma;Ort;Ansprechperson;E-Mail\nElbwerk Nord;Kiel;Ada Kranich;ada@elbwerk.example\n";
        let path = upload(world, &token, list);
        let form = "visibility=public&source=Antrag&ground=contract";
        let waits = world.get_by(&token, "/mein-kontor").body;
        assert!(waits.contains("lang.csv") && waits.contains("noch nicht eingelesen"));
        // The same form once more gets the same answer.
        for _ in 0..2 {
            let done = world.post_by(&token, &format!("{path}/anwenden"), form);
            assert!(done.header("location").contains("applied"), "{}", done.body);
        }
        assert_eq!(count(world, MEMBERS), 1);
        let start = world.get_by(&token, "/mein-kontor").body;
        assert!(!start.contains("noch nicht eingelesen"), "{start}");
        let on = "/verwaltung/einladungen?cluster=hamburg-aviation";
        let page = world.get_by(&token, &path).body;
        assert!(page.contains(on) && page.contains("/organisationen?cluster=hamburg-aviation"));
        let officer = world.sign_in("dsb");
        let look = "/verwaltung/datenschutz/auskunft";
        let seen = world.get_by(&officer, &format!("{look}?mail=ada@elbwerk.example"));
        let seen = match seen.status {
            StatusCode::OK => seen,
            _ => world.post_by(&officer, look, "mail=ada%40elbwerk.example"),
        };
        assert!(seen.body.contains("Ada Kranich"), "{}", seen.body);
        let told = "Herkunft der Daten</th><td class=\"wrap-any\">Antrag</td>";
        assert!(seen.body.contains(told), "{}", seen.body);
        let given = "SELECT COUNT(*) AS n FROM log WHERE kind = 'privacy.access_given'";
        assert_eq!(count(world, given), 1);
        let undone = world.post_by(&token, &format!("{path}/rueckgaengig"), "sure=1");
        assert!(
            undone.header("location").contains("undone"),
            "{}",
            undone.body
        );
        assert_eq!(count(world, MEMBERS), 0);
    });
}

/// What the preview calls a possible duplicate is listed for a decision once the
/// list is applied, near names too, and gone when the list is taken back.
#[test]
fn possible_duplicates_of_a_list_wait_for_a_decision() {
    on_each_demo(|world| {
        let token = world.sign_in("manager");
        let list = "Firma;Ort\nReetdach Werkstatt Nord GmbH;Kiel\n\
            Reetdach Werkstadt Nord GmbH;Kiel\nReetdach Werkstatt Nort;Eutin\n";
        let path = upload(world, &token, list);
        let preview = world.get_by(&token, &path).body;
        assert!(preview.contains("eine mögliche Dublette"), "{preview}");
        let form = "visibility=public&source=Antrag&ground=contract";
        world.post_by(&token, &format!("{path}/anwenden"), form);
        let page = world.get_by(&token, &path).body;
        assert!(page.contains("href=\"/verwaltung/dubletten\""), "{page}");
        let pairs = world.get_by(&token, "/verwaltung/dubletten").body;
        assert!(pairs.contains("fast gleicher Name"), "{pairs}");
        assert!(pairs.contains("Werkstadt Nord") && !pairs.contains("Nort"));
        let undone = world.post_by(&token, &format!("{path}/rueckgaengig"), "sure=1");
        assert!(undone.header("location").contains("undone"));
        assert_eq!(count(world, "SELECT COUNT(*) AS n FROM likely_pairs"), 0);
    });
}

/// Somebody who says that they work for a new record keeps the list from being
/// taken back, and is not lost with it.
#[test]
fn who_works_for_a_new_record_keeps_its_import() {
    on_each_demo(|world| {
        let token = world.sign_in("manager");
        let path = upload(world, &token, "Firma;Ort\nArbeitswerk Kiel;Kiel\n");
        let form = "visibility=public&source=Antrag&ground=contract";
        world.post_by(&token, &format!("{path}/anwenden"), form);
        let member = world.sign_in("member");
        let form = "organisation=arbeitswerk-kiel&since=2026-01-02&message=";
        let asked = world.post_by(&member, "/mein-kontor/taetigkeit", form);
        assert!(asked.header("location").contains("asked"), "{}", asked.body);
        let undo = format!("{path}/rueckgaengig");
        let kept = world.post_by(&token, &undo, "sure=1");
        assert!(!kept.header("location").contains("undone"));
        assert!(kept.body.contains("Arbeitswerk Kiel"), "{}", kept.body);
        world.post_by(&member, "/mein-kontor/taetigkeit/zurueckziehen", "");
        let undone = world.post_by(&token, &undo, "sure=1");
        assert!(undone.header("location").contains("undone"));
    });
}
