//! Nobody is left standing: start pages show what waits, addresses typed nearly
//! right lead on, a sign-in leads back, a choice that does not exist says so.

use axum::http::{Method, StatusCode};
use kontor::accounts::{self, Role, RoleKind, Scope};
use kontor::directory::{self, Cluster, MembershipKind, NewOrganisation, Visibility};
use kontor_platform::{Day, Id, params};

use crate::imports::upload;
use crate::world::{World, on_each_demo};

/// Two records of one name in Hamburg Aviation, for the first of which the
/// demo's representative speaks until a day.
fn twins(world: &World) {
    world.command(|work| {
        let find = "SELECT id FROM clusters WHERE slug = 'hamburg-aviation'";
        let (cluster,): (Id<Cluster>,) = work.one(find, params![])?;
        let since = Day::parse("2026-01-01").expect("a day");
        for city in ["Kiel", "Plön"] {
            let new = NewOrganisation {
                name: "Zwillingswerk".into(),
                street: "Kai 1".into(),
                postcode: "24103".into(),
                city: city.into(),
                country: "DE".into(),
                website: "https://zwilling.example".into(),
                founded: Some(1912),
                competences_de: "Segeln|Löten".into(),
                classes: vec!["30.30".into()],
                visibility: Some(Visibility::Public),
                ..Default::default()
            };
            let id = directory::create_organisation(work, &new)?;
            directory::join_cluster(work, id, cluster, MembershipKind::Member, since)?;
            if city == "Kiel" {
                let find = "SELECT id FROM accounts WHERE demo_key = 'organisation_representative'";
                let (account,) = work.one(find, params![])?;
                let role = Role {
                    kind: RoleKind::OrganisationRepresentative,
                    scope: Scope::Organisation(id.to_string()),
                    since,
                    until: Day::parse("2099-05-01"),
                };
                accounts::grant(work, account, &role, None)?;
            }
        }
        Ok(())
    });
}

/// The number of pairs on the page of duplicates, as a start page says it.
fn pairs(world: &World, token: &str) -> String {
    let page = world.get_by(token, "/verwaltung/dubletten").body;
    let listed = page.split("id=\"h-pairs\"").nth(1).expect("a list");
    let listed = listed.split("</section>").next().unwrap_or_default();
    match listed.matches("card stack gap-4").count() {
        0 => panic!("no pair: {page}"),
        1 => "Ein mögliches Paar von Dubletten wartet".to_owned(),
        n => format!("{n} mögliche Paare von Dubletten warten"),
    }
}

#[test]
fn a_start_page_shows_what_waits_and_what_was_done() {
    on_each_demo(|world| {
        let token = world.sign_in("manager");
        for page in ["/verwaltung", "/mein-kontor"] {
            let body = world.get_by(&token, page).body;
            assert!(!body.contains("Letzter Import"), "{page}");
        }
        twins(world);
        let path = upload(
            world,
            &token,
            "Firma;Ort\nNeubau Nord;Kiel\nNeubau Süd;Kiel\n",
        );
        let apply = format!("{path}/anwenden");
        world.post_by(&token, &apply, "visibility=public");
        for page in ["/verwaltung", "/mein-kontor"] {
            let body = world.get_by(&token, page).body;
            for said in [
                "Letzter Import",
                "lang.csv",
                "2 neu",
                &pairs(world, &token),
                &format!("{path}#entscheiden"),
            ] {
                assert!(body.contains(said), "{page}: {said}");
            }
        }
        let other = world.sign_in("manager_other");
        let body = world.get_by(&other, "/mein-kontor").body;
        assert!(!body.contains("lang.csv"), "another cluster's import");
        world.post_by(&token, &format!("{path}/rueckgaengig"), "sure=1");
        let body = world.get_by(&token, "/mein-kontor").body;
        assert!(body.contains("Rückgängig gemacht am") && !body.contains("#entscheiden"));
    });
}

#[test]
fn a_role_says_where_and_until_when_it_holds() {
    on_each_demo(|world| {
        twins(world);
        let token = world.sign_in("organisation_representative");
        let body = world.get_by(&token, "/mein-kontor").body;
        assert!(body.contains("<a href=\"/organisationen/zwillingswerk\">Zwillingswerk</a>"));
        assert!(body.contains("ab 1. Januar 2026") && body.contains("bis 30. April 2099"));
        let token = world.sign_in("admin");
        let body = world.get_by(&token, "/mein-kontor").body;
        assert!(body.contains("Ganze Region"));
    });
}

#[test]
fn addresses_typed_nearly_right_lead_on() {
    on_each_demo(|world| {
        for (asked, there) in [
            ("/cluster/", "/cluster"),
            ("/Cluster", "/cluster"),
            ("/en/cluster/?a=b", "/en/cluster?a=b"),
            ("/cluster/hamburg-aviation/", "/cluster/hamburg-aviation"),
            ("/cluster/HAMBURG-AVIATION", "/cluster/hamburg-aviation"),
            (
                "/organisationen/GIBT-es-Nicht",
                "/organisationen/gibt-es-nicht",
            ),
        ] {
            let answer = world.get(asked);
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{asked}");
            assert_eq!(answer.header("location"), there, "{asked}");
        }
        // Slashes in front are one: never another host.
        let answer = world.get("//evil.example/");
        assert_eq!(answer.header("location"), "/evil.example");
        for asked in ["/organisationen/gibt-es-nicht", "/nirgends"] {
            let answer = world.get(asked);
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{asked}");
        }
        let posted = world.post("/cluster/", "");
        assert_eq!(
            posted.status,
            StatusCode::NOT_FOUND,
            "a form is not repeated"
        );
        let form_only = world.get("/abmelden");
        assert_eq!(form_only.status, StatusCode::METHOD_NOT_ALLOWED);
        assert!(form_only.body.contains("gehört zu einem Formular"));
    });
}

#[test]
fn a_sign_in_leads_back_and_never_away() {
    on_each_demo(|world| {
        let refused = world.get("/verwaltung/import?cluster=hamburg-aviation");
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(refused.body.contains("<h1>Bitte melden Sie sich an</h1>"));
        let link = "/anmelden?weiter=%2Fverwaltung%2Fimport%3Fcluster%3Dhamburg%2Daviation";
        assert!(refused.body.contains(link), "{}", refused.body);
        let hidden = "name=\"weiter\" value=\"/verwaltung/import?cluster=hamburg-aviation\"";
        assert!(world.get(link).body.contains(hidden));
        let enter = |target: &str| {
            let form = format!("role=manager&weiter={target}");
            let answer = world.ask(Method::POST, "/anmelden/demo").form(&form).send();
            assert_eq!(answer.status, StatusCode::SEE_OTHER);
            answer.header("location").to_owned()
        };
        assert_eq!(enter("%2Fverwaltung%2Fimport"), "/verwaltung/import");
        for foreign in [
            "https%3A%2F%2Fevil.example",
            "%2F%2Fevil.example",
            "%2F%5Cevil.example",
        ] {
            assert_eq!(
                enter(foreign),
                "/mein-kontor?ok=flash-signed-in",
                "{foreign}"
            );
            let page = world.get(&format!("/anmelden?weiter={foreign}")).body;
            assert!(!page.contains("name=\"weiter\""), "{foreign}");
        }
        let wrong = "mail=a%40b.example&password=falsch&weiter=%2Fverwaltung";
        let again = world.post("/anmelden/passwort", wrong);
        assert!(again.body.contains("name=\"weiter\" value=\"/verwaltung\""));
    });
}

#[test]
fn a_choice_that_does_not_exist_says_so() {
    on_each_demo(|world| {
        for (asked, without) in [
            ("cluster=nix&ort=Ham", "/organisationen?ort=Ham"),
            ("groesse=huge", "/organisationen"),
            ("seite=%3Cb%3E", "/organisationen"),
        ] {
            let page = world.get(&format!("/organisationen?{asked}")).body;
            assert!(page.contains("gibt es nicht.") && !page.contains("<b>\u{201c}"));
            assert!(
                page.contains(&format!("<a href=\"{without}\">Ohne sie")),
                "{page}"
            );
            assert!(!page.contains("class=\"ledger\""), "{asked} shows nothing");
            let file = world.get(&format!("/organisationen.csv?{asked}")).body;
            assert_eq!(file.trim().lines().count(), 1, "{asked}: headings only");
        }
        twins(world);
        // A part of the word does, if it is no mere syllable.
        for part in ["L%C3%B6ten", "l%C3%B6te", "LOETEN", "L%C3%B6t"] {
            let page = world.get(&format!("/organisationen?kompetenz={part}")).body;
            let is_found = page.contains("2 Organisationen gefunden");
            assert_eq!(is_found, part.contains("te"), "{part}");
        }
        let many = world.get("/organisationen?seite=business").body;
        let said = many.split(" Organisationen gefunden").next();
        let said = said.and_then(|s| s.rsplit('>').next()).expect("a number");
        assert!(said.parse::<i64>().expect("a number") > 50, "{said}");
    });
}

#[test]
fn a_list_as_a_file_holds_what_the_pages_show() {
    on_each_demo(|world| {
        world.site.set_public_url("https://kontor.example/");
        twins(world);
        let file = world.get("/organisationen.csv?kompetenz=Segeln").body;
        let (headings, first) = file.split_once('\n').expect("two lines");
        for heading in [
            "Straße",
            "Postleitzahl",
            "Land",
            "Website",
            "Kompetenzen",
            "Gegründet",
        ] {
            assert!(headings.contains(heading), "{heading}: {headings}");
        }
        assert!(!headings.contains("Region"), "what no public page shows");
        for value in [
            "Kai 1",
            "24103",
            "https://zwilling.example",
            "Segeln, Löten",
            "30.30",
            "1912",
            "Hamburg Aviation: Mitglied, ab 1. Januar 2026",
            "https://kontor.example/organisationen/zwillingswerk",
        ] {
            assert!(first.contains(value), "{value}: {first}");
        }
        let token = world.sign_in("member");
        let inside = world
            .get_by(&token, "/en/organisationen.csv?kompetenz=Segeln")
            .body;
        assert!(inside.contains("Region") && inside.contains("https://kontor.example/en/org"));
    });
}

#[test]
fn the_region_has_its_name_on_every_page_and_its_imprint_in_two_languages() {
    on_each_demo(|world| {
        assert!(
            world
                .get("/cluster")
                .body
                .contains("– Kontor Hamburg</title>")
        );
        let token = world.sign_in("admin");
        let form = "name=Elbland&controller=Werk+am+Kai&imprint=Kai+1&imprint-en=Quay+1";
        let saved = world.post_by(&token, "/verwaltung/region", form);
        assert_eq!(saved.status, StatusCode::SEE_OTHER);
        for page in ["/", "/cluster", "/organisationen"] {
            let body = world.get(page).body;
            assert!(body.contains("– Kontor Elbland</title>"), "{page}");
        }
        assert!(world.get("/").body.contains("Das Verzeichnis für Elbland"));
        let (de, en) = (
            world.get("/impressum").body,
            world.get("/en/impressum").body,
        );
        assert!(de.contains("lang=\"de\">Kai 1<") && en.contains("lang=\"en\">Quay 1<"));
        let en = world.get("/en/datenschutz").body;
        assert!(en.contains("lang=\"de\">Werk am Kai<"));
        assert!(en.contains("only available in German"), "{en}");
    });
}

#[test]
fn a_cluster_that_says_nothing_of_itself_has_no_heading_over_nothing() {
    on_each_demo(|world| {
        world.command(|work| {
            let silent = "UPDATE clusters SET about_de = '', about_en = '', themes_de = '', \
                themes_en = '' WHERE slug = 'hamburg-aviation'";
            work.run(silent, params![])
        });
        let heading = "Worum es geht";
        assert!(
            !world
                .get("/cluster/hamburg-aviation")
                .body
                .contains(heading)
        );
        assert!(world.get("/cluster/nextmedia").body.contains(heading));
    });
}
