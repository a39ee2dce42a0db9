//! The search as it is asked over the web: who finds what, how soon, and that
//! nothing of it tells what may not be known.

use std::time::{Duration, Instant};

use axum::http::{Method, StatusCode};
use kontor::directory::import::OrganisationChanged;
use kontor::directory::{self, Cluster, MembershipKind, NewOrganisation, Visibility};
use kontor_platform::{Day, Id, params};
use serde_json::Value;

use crate::support::{http, server, wait_until};
use crate::world::{Answer, World, on_each_demo};

/// Organisations of Hamburg Aviation, one of each visibility.
fn furnish(world: &World) {
    world.command(|work| {
        let find = "SELECT id FROM clusters WHERE slug = 'hamburg-aviation'";
        let (cluster,): (Id<Cluster>,) = work.one(find, params![])?;
        for (name, visibility) in [
            ("Quarzwerk Offen", Visibility::Public),
            ("Quarzwerk Rund", Visibility::AllClusters),
            ("Quarzwerk Innen", Visibility::Cluster),
        ] {
            let new = NewOrganisation {
                name: name.into(),
                summary_de: "Wir prüfen <b>Quarz</b> & mehr".into(),
                visibility: Some(visibility),
                ..Default::default()
            };
            let id = directory::create_organisation(work, &new)?;
            let since = Day::parse("2026-01-01").expect("a day");
            directory::join_cluster(work, id, cluster, MembershipKind::Member, since)?;
        }
        Ok(())
    });
}

fn get(world: &World, token: Option<&str>, path: &str) -> Answer {
    let answer = world.ask(Method::GET, path).by(token).send();
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    answer
}

/// Titles of the suggested organisations, and the last entry's words.
fn suggested(answer: &Answer) -> (Vec<String>, String) {
    assert_eq!(answer.header("content-type"), "application/json");
    assert!(answer.header("cache-control").contains("no-store"));
    let found: Value = serde_json::from_str(&answer.body).expect("JSON");
    let text = |v: &Value| v.as_str().expect("a text").to_owned();
    let mut titles = Vec::new();
    let mut last = String::new();
    for group in found["groups"].as_array().expect("groups") {
        let items = group["items"].as_array().expect("items");
        assert!(!items.is_empty() && items.len() <= 5, "{group}");
        for item in items {
            assert!(text(&item["icon"]).contains("icons"), "{item}");
            if text(&item["href"]).contains("/organisationen/") {
                titles.push(text(&item["title"]));
            }
            last = text(&item["title"]);
        }
    }
    (titles, last)
}

#[test]
fn nobody_finds_counts_or_is_suggested_what_is_hidden() {
    on_each_demo(|world| {
        furnish(world);
        world.index();
        let roles = [
            (None, vec!["Offen"]),
            (Some("manager_other"), vec!["Offen", "Rund"]),
            (Some("auditor"), vec!["Offen", "Rund"]),
            (Some("manager"), vec!["Offen", "Rund", "Innen"]),
            (Some("admin"), vec!["Offen", "Rund", "Innen"]),
            (None, vec!["Offen"]),
        ];
        for (role, names) in roles {
            let token = role.map(|r| world.sign_in(r));
            let token = token.as_deref();
            let page = get(world, token, "/suche?q=quarzwerk").body;
            let (titles, last) = suggested(&get(world, token, "/suche/vorschlaege?q=quarz"));
            for name in ["Offen", "Rund", "Innen"] {
                let may = names.contains(&name);
                let title = format!("Quarzwerk {name}");
                let slug = format!("quarzwerk-{}", name.to_lowercase());
                assert_eq!(page.contains(&slug), may, "{role:?}: page, {name}");
                assert_eq!(titles.contains(&title), may, "{role:?}: palette, {name}");
            }
            let hits = match names.len() {
                1 => "Ein Treffer für".to_owned(),
                n => format!("{n} Treffer für"),
            };
            assert!(page.contains(&hits), "{role:?}: {hits}");
            assert_eq!(titles.len(), names.len(), "{role:?}");
            let all = match names.len() {
                1 => "Den Treffer".to_owned(),
                n => format!("Alle {n} Treffer"),
            };
            assert!(last.starts_with(&all), "{role:?}: {last}");
        }
    });
}

#[test]
fn what_was_hidden_since_is_dropped_before_it_is_shown() {
    on_each_demo(|world| {
        furnish(world);
        world.index();
        // The index does not know it yet.
        world.command(|work| {
            let hide =
                "UPDATE organisations SET visibility = 'cluster' WHERE slug LIKE 'quarzwerk-%'";
            work.run(hide, params![])
        });
        let page = get(world, None, "/suche?q=quarzwerk").body;
        assert!(!page.contains("/organisationen/quarzwerk") && page.contains("Nichts gefunden"));
        let (titles, last) = suggested(&get(world, None, "/suche/vorschlaege?q=quarzwerk"));
        assert!(titles.is_empty() && last.is_empty(), "{titles:?} {last}");
        let token = world.sign_in("manager");
        let page = get(world, Some(&token), "/suche?q=quarzwerk").body;
        assert!(page.contains("3 Treffer"), "its cluster still finds it");
    });
}

#[test]
fn a_change_of_visibility_reaches_the_index() {
    on_each_demo(|world| {
        furnish(world);
        world.index();
        let set = |visibility: &'static str, told: bool| {
            world.command(move |work| {
                let sql = "UPDATE organisations SET visibility = $1 WHERE slug = 'quarzwerk-offen' \
                           RETURNING id";
                let (organisation,) = work.one(sql, params![visibility])?;
                if told {
                    work.announce(&OrganisationChanged {
                        organisation,
                        fields: Vec::new(),
                    });
                }
                Ok(())
            });
            world.index();
            get(world, None, "/suche?q=quarzwerk").body
        };
        assert!(set("public", false).contains("Ein Treffer"));
        assert!(set("cluster", true).contains("Nichts gefunden"));
        // Only the index knows it now, and it does.
        assert!(set("public", false).contains("Nichts gefunden"));
        assert!(set("public", true).contains("Ein Treffer"));
    });
}

#[test]
fn what_is_written_is_found_within_a_second() {
    on_each_demo(|world| {
        world.index();
        world.follow();
        for round in 0..3 {
            let name = format!("Zitterwerk Nummer{round}");
            let new = NewOrganisation {
                name: name.clone(),
                visibility: Some(Visibility::Public),
                ..Default::default()
            };
            world.command(move |work| directory::create_organisation(work, &new));
            let written = Instant::now();
            let path = format!("/suche?q=nummer{round}");
            let found = wait_until(Duration::from_secs(10), || {
                get(world, None, &path)
                    .body
                    .contains("zitterwerk")
                    .then(|| written.elapsed())
            });
            let after = found.expect("it is found at all");
            assert!(after < Duration::from_secs(1), "found after {after:?}");
        }
    });
}

#[test]
fn pages_say_what_was_asked_and_escape_it() {
    on_each_demo(|world| {
        furnish(world);
        let before = get(world, None, "/suche?q=quarz").body;
        assert!(before.contains("Die Suche wird gerade aufgebaut"));
        let none = get(world, None, "/suche/vorschlaege?q=quarz").body;
        assert_eq!(none, "{\"groups\":[]}");
        world.index();

        let page = get(world, None, "/suche?q=quarz").body;
        assert!(
            page.contains("prüfen &lt;b&gt;<mark>Quarz</mark>&lt;/b&gt; &amp; mehr")
                || page.contains("prüfen &#60;b&#62;<mark>Quarz</mark>&#60;/b&#62; &#38; mehr"),
            "marked and escaped"
        );
        assert!(page.contains("<mark>Quarz</mark>werk Offen"));
        let hostile = get(
            world,
            None,
            "/suche?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        )
        .body;
        assert!(!hostile.contains("<script>alert"));
        assert!(hostile.contains("Nichts gefunden"));
        let english = get(world, None, "/en/suche?q=quarz").body;
        assert!(
            english.contains("One result for")
                && english.contains("href=\"/en/organisationen/quarzwerk-offen\"")
        );
        assert!(english.contains("lang=\"de\""), "the text's own language");
        assert!(
            get(world, None, "/suche")
                .body
                .contains("Wonach suchen Sie?")
        );

        // Pages of one kind, none twice, up to the tenth.
        let all = get(world, None, "/suche?q=hamburg&art=organisation").body;
        let second = get(world, None, "/suche?q=hamburg&art=organisation&blatt=2").body;
        let links = |body: &str| -> Vec<String> {
            let parts = body.split("<h3><a href=\"").skip(1);
            parts
                .map(|p| p.split('"').next().unwrap_or_default().to_owned())
                .collect()
        };
        assert_eq!(links(&all).len(), 20);
        assert!(links(&second).iter().all(|l| !links(&all).contains(l)));
        assert!(all.contains("blatt=2") && second.contains("rel=\"prev\""));
        let far = get(world, None, "/suche?q=hamburg&art=organisation&blatt=999").body;
        assert!(!links(&far).is_empty(), "the last page there is");
        assert!(far.contains("rel=\"prev\"") && !far.contains("rel=\"next\""));
        let few = get(world, None, "/suche?q=desy&art=organisation&blatt=7").body;
        assert_eq!(links(&few).len(), 1, "one page");
    });
}

/// How many entries the doctor finds in an index that is up to date.
fn entries(told: &str) -> Option<u64> {
    let line = told.lines().find(|line| line.contains("search: "))?;
    let said = line.split("search: ").nth(1)?;
    said.strip_suffix(" entries, up to date")?.parse().ok()
}

#[test]
fn an_import_by_another_process_is_found_within_a_second() {
    let served = server::Server::start("demo", &[]);
    let list = served.data.join("liste.csv");
    let rows: String = (0..60)
        .map(|n| format!("Zitronenwerk {n} GmbH;Hamburg\n"))
        .collect();
    std::fs::write(&list, format!("Name;Ort\n{rows}")).expect("a file");
    let data = served.data.to_str().expect("a path");
    let list = list.to_str().expect("a path");
    let doctor = server::run(&["doctor", "--data", data]);
    let before = entries(&String::from_utf8_lossy(&doctor.stdout)).expect("an index");
    let import = ["import", "members", list, "--cluster", "hamburg-aviation"];
    let done = server::run(&[&import[..], &["--data", data]].concat());
    assert!(done.status.success(), "{done:?}");
    let written = Instant::now();
    let found = wait_until(Duration::from_secs(20), || {
        let page = http::get(&served.url("/suche?q=zitronenwerk")).expect("an answer");
        let all = page.body.contains("60 Treffer");
        all.then(|| written.elapsed())
    });
    let after = found.expect("it is found at all");
    assert!(after < Duration::from_secs(1), "found after {after:?}");

    // Thrown away while serving: made anew, and the old one answers until then.
    let done = server::run(&["reindex", "--data", data]);
    assert!(done.status.success(), "{done:?}");
    let page = http::get(&served.url("/suche?q=zitronenwerk")).expect("an answer");
    assert!(page.body.contains("60 Treffer"));
    let mut told = String::new();
    let again = wait_until(Duration::from_secs(20), || {
        let doctor = server::run(&["doctor", "--data", data]);
        told = String::from_utf8_lossy(&doctor.stdout).into_owned();
        entries(&told).filter(|n| *n == before + 60)
    });
    assert!(again.is_some(), "{told}\n{}", served.output());
}
