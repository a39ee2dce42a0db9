//! The demo has life on every page, the same from the same seed.

use std::sync::Mutex;

use axum::http::StatusCode;

use crate::world::{World, on_each_played_demo};

/// A page's words without its markup.
fn words(page: &str) -> String {
    let main = page.split("<main").nth(1).unwrap_or(page);
    let pieces = main
        .split('<')
        .map(|p| p.split_once('>').map_or("", |(_, text)| text));
    pieces.collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn holds(page: &str, wanted: &[&str]) {
    for word in wanted {
        assert!(page.contains(word), "{word}: {}", words(page));
    }
}

/// The page of the import of a list with this name.
fn import(world: &World, token: &str, list: &str) -> String {
    let page = world.get_by(token, "/verwaltung/importe").body;
    let entry = page.split("<a href=\"").find(|e| e.contains(list));
    let path = entry.expect(list).split('"').next().expect("an address");
    world.get_by(token, path).body
}

#[test]
fn a_management_finds_its_work() {
    on_each_played_demo(|world| {
        let token = world.sign_in("manager");
        let get = |path: &str| world.get_by(&token, path).body;
        let waits = ["4 Anfragen", "Ein Vorschlag zum Zusammenführen", "Paare"];
        holds(&get("/mein-kontor"), &["Mitgliederliste.csv"]);
        holds(&get("/mein-kontor"), &waits);
        let applied = import(world, &token, "Mitgliederliste.csv");
        holds(
            &applied,
            &["4 neu", "/rueckgaengig\"", "geändert", "unverändert"],
        );
        assert!(!applied.contains("0 geändert") && !applied.contains("0 unverändert"));
        let staged = import(world, &token, "Mitgliederliste-neu.csv");
        holds(
            &staged,
            &["1 neu", "1 abgelehnt", "name=\"take\"", "name=\"end\""],
        );
        // Of the contacts some are invited, some are told, some wait.
        let people = get("/verwaltung/einladungen");
        holds(&people, &["name=\"what\" value=\"invite\"", "eingeladen"]);
        let pairs = get("/verwaltung/dubletten");
        let asked = [
            "Seglerholm Avionics",
            "Tidewerk Sensorik Hamburg",
            "name=\"answer\"",
        ];
        holds(&pairs, &asked);
        holds(
            &pairs,
            &[
                "/dubletten/rueckgaengig\"",
                "Gierwinkel Messtechnik Hamburg",
            ],
        );
        holds(
            &get("/verwaltung/anfragen"),
            &["Spornrad", "Kanzelkate", "Spantkoog Avionik"],
        );
        // A reported sender, and nothing of whom another management looks after.
        let reports = get("/verwaltung/anfragen");
        holds(
            &reports,
            &["angebote@platz-eins.example", "Das ist Werbung."],
        );
        assert!(!reports.contains("verzeichnis-gold"), "not theirs");
        holds(&get("/personen"), &["Jördis Kowalczyk"]);

        let other = world.sign_in("manager_other");
        let get = |path: &str| world.get_by(&other, path).body;
        holds(&get("/verwaltung/importe"), &["Mitglieder-Nord.csv"]);
        holds(
            &get("/verwaltung/dubletten"),
            &["Tidewerk Sensorik GmbH", "name=\"answer\""],
        );
        holds(&get("/verwaltung/anfragen"), &["Reedbank Imaging"]);
    });
}

#[test]
fn an_administration_finds_mails_requests_and_a_barrier() {
    on_each_played_demo(|world| {
        let token = world.sign_in("admin");
        let get = |path: &str| world.get_by(&token, path).body;
        let post = get("/verwaltung/post");
        holds(
            &post,
            &["rieke.sobczak@seglerholm.example", "hauke.duehrkop@"],
        );
        let requests = get("/verwaltung/anfragen");
        let reported = [
            "Pflegewarf",
            "eintrag@verzeichnis-gold.example",
            "Scheinrechnung",
        ];
        holds(&requests, &reported);
        assert!(
            requests.contains("action=\"/verwaltung/meldungen/"),
            "to be settled"
        );
        holds(&get("/verwaltung/barrierefreiheit"), &["Bildschirmlupe"]);
        // Nobody stays signed in whom nobody has let in.
        let first = world.sign_in("manager");
        let sessions = world.get_by(&first, "/mein-kontor/konto").body;
        assert_eq!(
            sessions.matches("name=\"session\"").count(),
            0,
            "{}",
            words(&sessions)
        );
        for role in ["auditor", "facilitator"] {
            let token = world.sign_in(role);
            let page = world.get_by(&token, "/mein-kontor").body;
            holds(&page, &["befristet bis"]);
        }
        let auditor = world
            .get_by(&world.sign_in("expert"), "/mein-kontor/profil")
            .body;
        holds(&auditor, &["Prielhörn"]);
        let speaker = world.sign_in("organisation_representative");
        let start = world.get_by(&speaker, "/mein-kontor").body;
        holds(&start, &["Eine Person wartet auf ein Ja"]);
        let find = "SELECT o.slug FROM contact_blocks b JOIN organisations o \
            ON o.id = b.organisation WHERE o.name LIKE 'Spantkoog%'";
        let blocked = world.site.db.read_now(|c| c.one::<(String,)>(find, &[]));
        let blocks = format!("/organisationen/{}/sperren", blocked.expect("a block").0);
        holds(
            &world.get_by(&speaker, &blocks).body,
            &["Lennart Auerswald"],
        );
    });
}

/// The roles that have a button.
const ROLES: [&str; 12] = [
    "member",
    "organisation_representative",
    "manager",
    "manager_other",
    "coordinator",
    "facilitator",
    "editor",
    "expert",
    "officer",
    "auditor",
    "dsb",
    "admin",
];

#[test]
fn no_page_of_ones_own_shows_a_key_instead_of_a_sentence() {
    let starts = [
        " history-",
        " privacy-",
        " accounts-",
        " people-",
        " mine-",
        " roles-",
    ];
    on_each_played_demo(|world| {
        for role in ROLES {
            let token = world.sign_in(role);
            for path in ["", "/verlauf", "/daten", "/profil", "/konto"] {
                for lang in ["", "/en"] {
                    let path = format!("{lang}/mein-kontor{path}");
                    let said = words(&world.get_by(&token, &path).body);
                    let key = starts.iter().find(|start| said.contains(*start));
                    assert_eq!(key, None, "{role}: {path}: {said}");
                    assert!(said.len() > 200, "{role}: {path}: {said}");
                }
            }
        }
    });
}

#[test]
fn a_visitor_reads_whose_demo_it_is_and_one_cluster_shows_nobody() {
    on_each_played_demo(|world| {
        let legal = [
            ("/impressum", "keinen Anbieter"),
            ("/en/impressum", "no provider"),
            ("/datenschutz", "erfunden"),
            ("/en/datenschutz", "invented"),
        ];
        for (path, word) in legal {
            holds(&world.get(path).body, &[word]);
        }
        let grid = world.get("/cluster").body;
        let mut slugs: Vec<&str> = grid.split("href=\"/cluster/").skip(1).collect();
        slugs = slugs
            .iter()
            .map(|s| s.split('"').next().expect("an address"))
            .collect();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), 8);
        for slug in slugs {
            let page = world.get(&format!("/cluster/{slug}"));
            assert_eq!(page.status, StatusCode::OK);
            // A page that shows a person is not kept.
            let is_kept = !page.header("etag").is_empty();
            assert_eq!(is_kept, slug == "gesundheitswirtschaft", "{slug}");
            assert_eq!(page.body.contains("Beispielperson"), !is_kept, "{slug}");
        }
    });
}

#[test]
fn two_demos_of_one_moment_are_the_same() {
    let seen = Mutex::new(Vec::new());
    let look = || {
        on_each_played_demo(|world| {
            let manager = world.sign_in("manager");
            let admin = world.sign_in("admin");
            let list = world.get_by(&manager, "/organisationen.csv").body;
            let paths = [
                "/personen",
                "/verwaltung/importe",
                "/verwaltung/einladungen",
            ];
            let mut all: Vec<String> = paths.map(|p| words(&world.get_by(&manager, p).body)).into();
            all.push(words(&world.get_by(&admin, "/verwaltung/post").body));
            all.push(list);
            seen.lock().expect("nobody has panicked").push(all);
        });
    };
    look();
    look();
    let seen = seen.into_inner().expect("nobody has panicked");
    assert!(seen.len() >= 2);
    for other in &seen[1..] {
        for (a, b) in seen[0].iter().zip(other) {
            assert!(a.len() > 200, "something is there: {a}");
            assert_eq!(a, b);
        }
    }
}
