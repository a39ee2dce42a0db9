//! Industries stand with their official names wherever their codes do, and codes
//! that are written otherwise are found as well.

use axum::http::{Method, StatusCode};
use kontor::directory::{self, Cluster, MembershipKind, NewOrganisation, Visibility};
use kontor_platform::{Day, Id, params};

use crate::imports::upload;
use crate::world::{World, on_each_demo};

/// Organisations of Hamburg Aviation by name, each filed under one code as a list
/// once wrote it.
fn furnish(world: &World, all: &'static [(&'static str, &'static str, Visibility)]) {
    world.command(move |work| {
        let find = "SELECT id FROM clusters WHERE slug = 'hamburg-aviation'";
        let (cluster,): (Id<Cluster>,) = work.one(find, params![])?;
        for (name, code, visibility) in all {
            let new = NewOrganisation {
                name: (*name).into(),
                classes: vec![(*code).into()],
                visibility: Some(*visibility),
                ..Default::default()
            };
            let id = directory::create_organisation(work, &new)?;
            let since = Day::parse("2026-01-01").expect("a day");
            directory::join_cluster(work, id, cluster, MembershipKind::Member, since)?;
        }
        Ok(())
    });
}

/// Codes in every form; the last organisation is hidden.
const CODES: [(&str, &str, Visibility); 4] = [
    ("Rebwerk", "01.21.0", Visibility::Public),
    ("Tiefwerk", "0121", Visibility::Public),
    ("Hutwerk", "97.77", Visibility::Public),
    ("Uhrwerk", "98.20", Visibility::Cluster),
];

/// Both editions' classes; the last organisation is hidden.
const SECTIONS: [(&str, &str, Visibility); 7] = [
    ("Jotwerk", "J", Visibility::Public),
    ("Altcodewerk", "6201", Visibility::Public),
    ("Neucodewerk", "62.10", Visibility::Public),
    ("Abteilungswerk", "63", Visibility::Public),
    ("Verlagswerk", "58.11", Visibility::Public),
    ("Bankwerk", "64.19", Visibility::Public),
    ("Schattencodewerk", "59.11", Visibility::Cluster),
];

/// The choices of the filter for industries.
fn choices(page: &str) -> Vec<String> {
    let select = page.split("name=\"wz\">").nth(1).expect("a filter");
    let select = select.split("</select>").next().unwrap_or_default();
    let options = select.split("<option value=\"").skip(1);
    options
        .map(|o| o.split('"').next().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn a_class_is_shown_chosen_and_handed_out_with_its_name() {
    on_each_demo(|world| {
        furnish(world, &CODES);
        let german = world.get("/organisationen/rebwerk").body;
        let named = "wz=01%2E21\">01.21 Anbau von Wein- und Tafeltrauben</a>";
        assert!(german.contains(named), "{german}");
        let english = world.get("/en/organisationen/rebwerk").body;
        assert!(english.contains("wz=01%2E21\" lang=\"de\">01.21 Anbau"));
        let unknown = world.get("/organisationen/hutwerk").body;
        assert!(unknown.contains("wz=97%2E77\">97.77</a>"), "stays as it is");
        // All three ways of writing it find both.
        for asked in ["01.21", "0121", "A01.21.0", "01"] {
            let list = world.get(&format!("/organisationen?wz={asked}")).body;
            assert!(
                list.contains("Rebwerk") && list.contains("Tiefwerk"),
                "{asked}"
            );
            assert!(!list.contains("Hutwerk"), "{asked}");
        }
        let chosen = world.get("/organisationen?wz=0121").body;
        assert!(chosen.contains("<option value=\"01.21\" selected>01.21 Anbau"));
        let all = choices(&chosen);
        let count = |code: &str| all.iter().filter(|c| *c == code).count();
        assert_eq!(
            (count("01.21"), count("01"), count("97.77")),
            (1, 1, 1),
            "{all:?}"
        );
        let file = world.get("/organisationen.csv?wz=01.21").body;
        let (headings, rows) = file.split_once('\n').expect("two lines");
        assert!(
            headings.contains("Wirtschaftszweig;\"Wirtschaftszweig, Bezeichnung\"")
                || headings.contains("Wirtschaftszweig;Wirtschaftszweig, Bezeichnung"),
            "{headings}"
        );
        for row in rows.lines().filter(|r| !r.trim().is_empty()) {
            assert!(
                row.contains("01.21;Anbau von Wein- und Tafeltrauben"),
                "{row}"
            );
        }
        let list = world
            .site
            .db
            .read_now(|c| directory::export::organisations(c, false));
        let list = list.expect("an export");
        let row = list
            .rows
            .iter()
            .find(|r| r["name"] == "Tiefwerk")
            .expect("it");
        assert_eq!(row["class_names"][0], "Anbau von Wein- und Tafeltrauben");
    });
}

#[test]
fn an_industry_that_only_hidden_organisations_have_is_not_offered() {
    on_each_demo(|world| {
        furnish(world, &CODES);
        let offered = |page: String| choices(&page).contains(&"98.20".to_owned());
        let manager = world.sign_in("manager");
        assert!(offered(world.get_by(&manager, "/organisationen").body));
        let other = world.sign_in("manager_other");
        assert!(!offered(world.get_by(&other, "/organisationen").body));
        assert!(!offered(world.get("/organisationen").body));
    });
}

#[test]
fn the_search_finds_a_class_by_its_name() {
    on_each_demo(|world| {
        let before = world.get("/suche?q=Tafeltrauben").body;
        assert!(!before.contains("/organisationen/rebwerk"));
        furnish(world, &CODES);
        world.index();
        let found = world.get("/suche?q=Tafeltrauben").body;
        assert!(found.contains("/organisationen/rebwerk"), "{found}");
    });
}

#[test]
fn typed_and_imported_codes_are_stored_in_one_form() {
    on_each_demo(|world| {
        let token = world.sign_in("manager");
        let list = "Name;Ort;WZ\nWebwerk Nord;Kiel;6201\n\
            Funkwerk Nord;Kiel;62.01 Programmierung | J63\nRatwerk Nord;Kiel;97.77\n";
        let path = upload(world, &token, list);
        let page = world.get_by(&token, &path).body;
        let mark = page
            .split("name=\"_mark\" value=\"")
            .nth(1)
            .expect("a form");
        let mark = mark.split('"').next().expect("a value");
        let apply = format!("{path}/anwenden");
        let done = world.post_by(&token, &apply, &format!("_mark={mark}"));
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let sql = "SELECT o.name, k.code FROM organisation_classes k JOIN organisations o \
            ON o.id = k.organisation WHERE o.name LIKE '%werk Nord' ORDER BY 1, 2";
        let stored: Vec<(String, String)> = world
            .site
            .db
            .read_now(|c| c.all(sql, params![]))
            .expect("rows");
        let codes: Vec<&str> = stored.iter().map(|(_, code)| code.as_str()).collect();
        assert_eq!(codes, ["62.01", "63", "97.77", "62.01"], "{stored:?}");
    });
}

#[test]
fn a_section_finds_everything_below_it_and_its_number_agrees() {
    const NAMES: [&str; 7] = [
        "Jotwerk",
        "Altcodewerk",
        "Neucodewerk",
        "Abteilungswerk",
        "Verlagswerk",
        "Bankwerk",
        "Schattencodewerk",
    ];
    on_each_demo(|world| {
        furnish(world, &SECTIONS);
        let found = |token: Option<&str>, asked: &str| -> Vec<&str> {
            let file = format!("/organisationen.csv?{asked}");
            let file = world.ask(Method::GET, &file).by(token).send().body;
            let rows: Vec<&str> = file.trim_end().lines().skip(1).collect();
            // What stands above the list is the number of its rows.
            let page = world.ask(Method::GET, &format!("/organisationen?{asked}"));
            let page = page.by(token).send().body;
            let said = match rows.len() {
                1 => "Eine Organisation".to_owned(),
                n => format!("{n} Organisationen"),
            };
            assert!(page.contains(&said), "{asked}: {said}");
            let is_in = |name: &&str| rows.iter().any(|row| row.contains(*name));
            NAMES.into_iter().filter(is_in).collect()
        };
        // J of WZ 2008 holds 58 to 63, J of WZ 2025 58 to 60.
        let j = ["Jotwerk", "Altcodewerk", "Abteilungswerk", "Verlagswerk"];
        for asked in ["wz=J", "wz=j", "wz=J&cluster=hamburg-aviation"] {
            assert_eq!(found(None, asked), j, "{asked}");
        }
        // K of WZ 2025 holds 61 to 63, K of WZ 2008 64 to 66.
        let k = ["Neucodewerk", "Abteilungswerk", "Bankwerk"];
        assert_eq!(found(None, "wz=K"), k);
        assert_eq!(found(None, "wz=L"), ["Bankwerk"]);
        let manager = world.sign_in("manager");
        let own = found(Some(&manager), "wz=J");
        assert_eq!(own.last(), Some(&"Schattencodewerk"));
        let page = world.get("/organisationen?wz=J").body;
        assert!(
            page.contains("<option value=\"J\" selected>J Verlagswesen"),
            "its name"
        );
    });
}
