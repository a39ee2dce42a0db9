//! Editing an organisation's profile: nothing is lost, everything follows.

use axum::http::StatusCode;
use kontor::directory::{self, NewOrganisation, Visibility};

use super::{count, furnish, post};
use crate::world::{World, on_each_demo};

/// The form of a profile as the page shows it, with changes.
pub fn profile(page: &str, changes: &[(&str, &str)]) -> String {
    let version = page
        .split("name=\"version\" value=\"")
        .nth(1)
        .expect("a version");
    let version = version.split('"').next().unwrap();
    let mut form = format!("version={version}");
    for base in page.split("name=\"base-").skip(1) {
        let (name, rest) = base.split_once('"').unwrap();
        let value = rest
            .split("value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        let typed = changes.iter().find(|(n, _)| *n == name);
        let typed = typed.map_or(value, |(_, v)| v);
        let encode = kontor_platform::web::encode;
        form += &format!("&base-{name}={}&{name}={}", encode(value), encode(typed));
    }
    form
}

/// Gives an organisation another name by its form.
pub fn renamed(world: &World, role: &str, slug: &str, name: &'static str) {
    let token = world.sign_in(role);
    let path = format!("/organisationen/{slug}/bearbeiten");
    let form = profile(&world.get_by(&token, &path).body, &[("name", name)]);
    let saved = post(world, &token, &path, &form);
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
}

#[test]
fn two_editors_lose_nothing() {
    on_each_demo(|world| {
        furnish(world);
        let representative = world.sign_in("organisation_representative");
        let manager = world.sign_in("manager");
        let path = "/organisationen/innenhof/bearbeiten";
        let hers = world.get_by(&representative, path).body;
        assert!(hers.contains("Sie handeln für Innenhof"));
        let his = world.get_by(&manager, path).body;
        assert!(his.contains("Sie handeln für Hamburg Aviation"));
        let first = profile(&hers, &[("city", "Bremen"), ("street", "Kai 7")]);
        let saved = post(world, &representative, path, &first);
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        let second = profile(&his, &[("city", "Rostock"), ("summary", "Höfe am Kai")]);
        let conflict = post(world, &manager, path, &second);
        assert_eq!(conflict.status, StatusCode::CONFLICT);
        for word in ["Kiel", "Bremen", "Rostock", "Kai 7", "Höfe am Kai"] {
            assert!(conflict.body.contains(word), "{word}");
        }
        assert!(conflict.body.contains("id=\"city\" name=\"city\" type=\"text\" autocomplete=\"address-level2\" value=\"Rostock\""));
        let merged = profile(
            &conflict.body,
            &[("city", "Rostock"), ("summary", "Höfe am Kai")],
        );
        assert_eq!(
            post(world, &manager, path, &merged).status,
            StatusCode::SEE_OTHER
        );
        let page = world.get_by(&manager, "/organisationen/innenhof").body;
        assert!(page.contains("Rostock") && page.contains("Kai 7") && page.contains("Höfe am Kai"));
        // What the representative wrote is theirs; whom everyone acted for is noted.
        let own = "SELECT COUNT(*) AS n FROM own_fields WHERE field IN ('city', 'street')";
        assert_eq!(count(world, own), 2);
        assert_eq!(count(world, "SELECT COUNT(*) AS n FROM own_fields"), 2);
        let bodies = "SELECT COUNT(DISTINCT acting_for) AS n FROM log \
            WHERE kind = 'directory.organisation_changed' AND acting_for IS NOT NULL";
        assert_eq!(count(world, bodies), 2, "the organisation and the cluster");
    });
}

#[test]
fn errors_name_field_and_limit_in_the_order_of_the_form() {
    on_each_demo(|world| {
        furnish(world);
        let token = world.sign_in("organisation_representative");
        let start = world.get_by(&token, "/mein-kontor").body;
        let path = "/organisationen/innenhof/bearbeiten";
        assert!(start.contains(path), "one's own page is on the start page");
        let page = world.get_by(&token, path).body;
        let (name, summary) = ("n".repeat(201), "s".repeat(301));
        let changes = [
            ("classes", "99.99, quatsch"),
            ("summary", summary.as_str()),
            ("name", &name),
        ];
        let wrong = post(world, &token, path, &profile(&page, &changes)).body;
        let said = [
            "Kürzen Sie den Namen der Organisation auf höchstens 200 Zeichen.",
            "Kürzen Sie die Kurzbeschreibung auf höchstens 300 Zeichen.",
            "Das sind keine Schlüssel: quatsch.",
        ];
        let summary = wrong.split("</ul></div></div>").next().expect("a summary");
        let places = said.map(|words| summary.find(words).expect(words));
        assert!(places.is_sorted(), "{summary}");
        assert!(
            !wrong.contains("99.99, quatsch."),
            "only what is wrong is named"
        );
        let many: Vec<String> = (10..31).map(|n| n.to_string()).collect();
        let many = many.join(", ");
        let wrong = post(world, &token, path, &profile(&page, &[("classes", &many)])).body;
        assert!(wrong.contains("höchstens zwanzig Schlüssel"));
    });
}

#[test]
fn a_new_name_moves_the_page_and_a_new_visibility_the_figures() {
    on_each_demo(|world| {
        furnish(world);
        let token = world.sign_in("organisation_representative");
        let list = world.get_by(&token, "/organisationen?ort=Kiel").body;
        assert!(
            list.contains("Innenhof"),
            "one's own organisation is in the list"
        );
        let path = "/organisationen/innenhof/bearbeiten";
        let page = world.get_by(&token, path).body;
        let bad = profile(&page, &[("classes", "Schiffbau"), ("about", "Ein <Text>")]);
        let bad = post(world, &token, path, &bad);
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.body.contains("Ein &#60;Text&#62;") && bad.body.contains("Schiffbau"));
        let figures =
            "SELECT science AS n FROM figures WHERE scope = 'region' AND audience = 'public'";
        let before = count(world, figures);
        let changes = [
            ("name", "Sternwarte Kiel"),
            ("side", "science"),
            ("visibility", "public"),
            ("classes", "72.19"),
        ];
        let saved = post(world, &token, path, &profile(&page, &changes));
        assert!(
            saved
                .header("location")
                .starts_with("/organisationen/sternwarte-kiel")
        );
        assert_eq!(count(world, figures), before + 1);
        let moved = world.get("/organisationen/innenhof");
        assert_eq!(moved.header("location"), "/organisationen/sternwarte-kiel");
        let page = world.get("/organisationen/sternwarte-kiel").body;
        assert!(page.contains("72.19") && !page.contains("/bearbeiten"));
        // The old name's address is free again, and the redirect gives way.
        world.command(|work| {
            let new = NewOrganisation {
                name: "Innenhof".into(),
                visibility: Some(Visibility::Public),
                ..Default::default()
            };
            directory::create_organisation(work, &new)
        });
        assert_eq!(world.get("/organisationen/innenhof").status, StatusCode::OK);
    });
}
