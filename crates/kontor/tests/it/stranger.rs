//! A stranger finds nothing hidden: every answer is, byte for byte, what it was
//! before there was anything to hide.

use axum::http::{Method, StatusCode};
use kontor::accounts::{self, NewAccount};
use kontor::directory::{self, Cluster, MembershipKind, NewOrganisation, NewPerson, Visibility};
use kontor_platform::text::Lang;
use kontor_platform::{Day, Id, params};

use crate::world::{Answer, World, on_each_demo};

/// Words of the hidden organisation and its people, and of nobody else.
const MARKS: [&str; 9] = [
    "Quarzgeist",
    "quarzgeist",
    "Zwirnblau",
    "Hintertupfing",
    "Nebelkunst",
    "Tarnkappe",
    "tarnkappe.example",
    "98.10",
    "ohne ausgeprägten Schwerpunkt",
];

/// Everything that lists, counts, finds or hands out. The XLSX file has the rows
/// of the CSV file, and the hour in which it was written.
const PLACES: [&str; 21] = [
    "/",
    "/cluster",
    "/cluster/hamburg-aviation",
    "/organisationen",
    "/organisationen?cluster=hamburg-aviation",
    "/organisationen?cluster=hamburg-aviation&seite=civil_society&groesse=micro",
    "/organisationen?ort=Hintertupfing",
    "/organisationen?kompetenz=Nebelkunst",
    "/organisationen?wz=98.10",
    "/organisationen.csv",
    "/organisationen.csv?ort=Hintertupfing",
    "/personen",
    "/personen?q=Tarnkappe",
    "/suche",
    "/suche?q=Quarzgeist",
    "/suche?q=Zwirnblau",
    "/suche?q=Tarnkappe",
    "/suche?q=hamburg",
    "/suche/vorschlaege?q=Quarzgeist",
    "/suche/vorschlaege?q=Q",
    "/verwaltung/dubletten",
];

/// Addresses that somebody may guess; `NAME` is a name of an organisation.
const GUESSES: [&str; 8] = [
    "/organisationen/NAME",
    "/organisationen/NAME/kontakt",
    "/organisationen/NAME/uebernehmen",
    "/organisationen/NAME/bearbeiten",
    "/organisationen/NAME/logo/0123456789abcdef",
    "/organisationen/NAME/sperren",
    "/organisationen/NAME/karte.vcf",
    "/cluster/NAME/mitglied-werden",
];

/// A hidden organisation with a former address, and two people: one shows
/// nothing, one only to the own clusters.
fn hide(world: &World) {
    world.command(|work| {
        let find = "SELECT id FROM clusters WHERE slug = 'hamburg-aviation'";
        let (cluster,): (Id<Cluster>,) = work.one(find, params![])?;
        let new = NewOrganisation {
            name: "Quarzgeist".into(),
            helix: directory::Helix::parse("civil_society"),
            size: directory::Size::parse("micro"),
            city: "Hintertupfing".into(),
            summary_de: "Zwirnblau".into(),
            summary_en: "Zwirnblau".into(),
            competences_de: "Nebelkunst".into(),
            competences_en: "Nebelkunst".into(),
            classes: vec!["98.10".into()],
            visibility: Some(Visibility::Cluster),
            ..Default::default()
        };
        let id = directory::create_organisation(work, &new)?;
        let since = Day::parse("2026-01-01").expect("a day");
        directory::join_cluster(work, id, cluster, MembershipKind::Member, since)?;
        directory::recount(work)?;
        let former = "INSERT INTO slugs (kind, slug, target) \
            VALUES ('organisation', 'frueheresding', 'quarzgeist')";
        work.run(former, params![])?;
        for published in [vec![], vec![("name", "clusters"), ("mail", "clusters")]] {
            let account = accounts::create_account(
                work,
                &NewAccount {
                    mail: &format!("{}@tarnkappe.example", published.len()),
                    name: "Tarnkappe",
                    lang: Lang::De,
                    demo_key: None,
                },
            )?;
            let person = NewPerson {
                name: "Tarnkappe".into(),
                mail: "t@tarnkappe.example".into(),
                organisation: Some(id),
                account: Some(account),
                published,
                ..Default::default()
            };
            directory::create_person(work, &person)?;
        }
        Ok(())
    });
    world.index();
}

/// What anybody can tell from an answer: status, headers but for its number, and
/// body, without the name that was asked for.
fn tells(answer: &Answer, asked: &str) -> String {
    let mut heads: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| *name != "x-request-id")
        .map(|(name, value)| format!("{name}: {value:?}"))
        .collect();
    heads.sort();
    let all = format!("{} {heads:?} {}", answer.status, answer.body);
    if asked.is_empty() {
        all
    } else {
        all.replace(asked, "")
    }
}

fn everything(world: &World, token: Option<&str>) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for lang in ["", "/en"] {
        for place in PLACES {
            let path = format!("{lang}{place}");
            let answer = world.ask(Method::GET, &path).by(token).send();
            all.push((path, tells(&answer, "")));
        }
    }
    all
}

#[test]
fn nobody_outside_notices_that_there_is_something_hidden() {
    on_each_demo(|world| {
        world.index();
        // Nobody, a member of another cluster, and its manager.
        let tokens = [
            None,
            Some(world.sign_in("member")),
            Some(world.sign_in("manager_other")),
        ];
        let look = |world: &World| -> Vec<Vec<(String, String)>> {
            let each = |t: &Option<String>| everything(world, t.as_deref());
            tokens.iter().map(each).collect()
        };
        let before = look(world);
        hide(world);
        for (who, (before, after)) in before.iter().zip(look(world)).enumerate() {
            for ((path, was), (_, is)) in before.iter().zip(&after) {
                // What is typed comes back in the field, hidden or not.
                assert!(was == is, "{who}: {path} tells that something is hidden");
            }
        }
        let token = world.sign_in("manager");
        let inside: String = PLACES
            .iter()
            .map(|p| world.get_by(&token, p).body)
            .collect();
        for mark in MARKS {
            assert!(inside.contains(mark), "{mark}: there is something to find");
        }
    });
}

#[test]
fn a_guessed_address_is_answered_as_one_that_never_was() {
    on_each_demo(|world| {
        hide(world);
        let tokens = [None, Some(world.sign_in("member"))];
        for token in tokens.iter().map(Option::as_deref) {
            for lang in ["", "/en"] {
                for guess in GUESSES {
                    for (hidden, never) in [
                        ("quarzgeist", "quarzgeisd"),
                        ("frueheresding", "frueheresdinh"),
                    ] {
                        let get = |name: &str| {
                            let path = format!("{lang}{guess}").replace("NAME", name);
                            let answer = world.ask(Method::GET, &path).by(token).send();
                            (answer.body.len(), tells(&answer, name))
                        };
                        assert_eq!(get(hidden), get(never), "{lang}{guess} {hidden}");
                        let send = |name: &str| {
                            let path = format!("{lang}{guess}").replace("NAME", name);
                            let ask = world.ask(Method::POST, &path).by(token);
                            tells(&ask.form("message=Hallo&name=A").send(), name)
                        };
                        assert_eq!(send(hidden), send(never), "POST {lang}{guess} {hidden}");
                    }
                }
            }
        }
        let card = world.get("/mein-kontor/profil/karte.vcf");
        assert_eq!(card.status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn a_person_who_shows_themselves_does_not_show_a_hidden_employer() {
    on_each_demo(|world| {
        hide(world);
        world.command(|work| {
            let show = "UPDATE contact_publications SET audience = 'public' WHERE field = 'name' \
                AND person IN (SELECT id FROM people WHERE mail = 't@tarnkappe.example')";
            work.run(show, params![])
        });
        let names = |role: &str| {
            let token = world.sign_in(role);
            let page = world.get_by(&token, "/personen?q=Tarnkappe").body;
            assert!(page.contains("<h3 class=\"h-l\">Tarnkappe</h3>"), "{role}");
            page.contains("Quarzgeist") || page.contains("quarzgeist")
        };
        assert!(!names("member") && !names("manager_other"));
        assert!(names("manager"));
    });
}
