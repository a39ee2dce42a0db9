//! What every page keeps: its budget of queries, its headers, its language, its
//! silence about what may not be known, its freshness.

use axum::http::{Method, StatusCode};
use kontor::accounts::{self, NewAccount};
use kontor::directory::{self, Cluster, NewCluster, NewOrganisation, Visibility};
use kontor_platform::config::Config;
use kontor_platform::text::Lang;
use kontor_platform::{Day, Id, params};

use crate::world::{World, on_each_demo, on_each_empty};

/// Pages of the demo region that anybody may see.
const PAGES: [&str; 12] = [
    "/",
    "/cluster",
    "/cluster/hamburg-aviation",
    "/organisationen",
    "/organisationen?cluster=hamburg-aviation&seite=business",
    "/personen",
    "/suche",
    "/suche?q=wasserstoff",
    "/anmelden",
    "/barrierefreiheit",
    "/datenschutz",
    "/impressum",
];

/// An organisation of Hamburg Aviation with this visibility; its slug.
fn organisation(world: &World, name: &'static str, visibility: Visibility) -> String {
    world.command(move |work| {
        let find = "SELECT id FROM clusters WHERE slug = 'hamburg-aviation'";
        let (cluster,): (Id<Cluster>,) = work.one(find, params![])?;
        let new = NewOrganisation {
            name: name.into(),
            visibility: Some(visibility),
            classes: vec!["30.30".into()],
            external: vec![("ror".into(), "0006e6p34".into())],
            ..Default::default()
        };
        let id = directory::create_organisation(work, &new)?;
        let since = Day::parse("2026-01-01").expect("a day");
        let kind = directory::MembershipKind::Member;
        directory::join_cluster(work, id, cluster, kind, since)
    });
    name.to_lowercase()
}

#[test]
fn no_page_asks_the_database_too_often() {
    // Page, most queries for somebody signed in (one of them: who asks).
    const MOST: [(&str, u64); 17] = [
        ("/", 2),
        ("/cluster", 3),
        ("/cluster/hamburg-aviation", 5),
        ("/organisationen", 6),
        ("/organisationen?cluster=hamburg-aviation&ort=Ham", 5),
        ("/organisationen/zaehlwerk", 4),
        ("/organisationen/zaehlwerk/verlauf", 7),
        ("/cluster/hamburg-aviation/verlauf", 6),
        ("/mein-kontor/verlauf", 7),
        ("/mein-kontor", 15),
        ("/mein-kontor/taetigkeit?q=werk", 6),
        ("/organisationen/zaehlwerk/mitarbeitende", 6),
        ("/personen", 2),
        ("/suche", 1),
        ("/suche?q=Zaehlwerk", 3),
        ("/suche/vorschlaege?q=e", 3),
        ("/datenschutz", 5),
    ];
    on_each_demo(|world| {
        organisation(world, "Zaehlwerk", Visibility::Cluster);
        let token = world.sign_in("manager");
        world.index();
        for (page, most) in MOST {
            let before = world.site.db.statements();
            let answer = world.get_by(&token, page);
            let asked = world.site.db.statements() - before;
            assert_eq!(answer.status, StatusCode::OK, "{page}");
            assert!(asked >= 1, "{page}: who asks is one query");
            assert!(asked <= most, "{page}: {asked} queries, {most} at most");
        }
        let page = world.get_by(&token, "/organisationen/zaehlwerk").body;
        assert!(page.contains("30.30") && page.contains("ror.org/0006e6p34"));
    });
}

/// A list comes before its filters: they are closed, whatever holds, and say so.
#[test]
fn filters_are_closed_and_each_can_be_taken_away() {
    on_each_demo(|world| {
        organisation(world, "Zaehlwerk", Visibility::Public);
        world.command(directory::recount);
        let all = world.get("/organisationen").body;
        assert!(all.contains("<details class=\"filters__box\"><summary>"));
        let total = world
            .get("/organisationen.csv")
            .body
            .trim_end()
            .lines()
            .count()
            - 1;
        let words = format!("role=\"status\">{total} Organisationen</p>");
        assert!(all.contains(&words) || total == 1, "{words}");
        let some = world
            .get("/organisationen?cluster=hamburg-aviation&ort=Ham")
            .body;
        assert!(some.contains("<details class=\"filters__box\"><summary>"));
        assert!(some.contains("(2 gesetzt)"));
        for without in ["cluster=hamburg", "ort=Ham\""] {
            let chip = format!("class=\"chip chip--line\" href=\"/organisationen?{without}");
            assert!(some.contains(&chip), "{chip}");
        }
    });
}

/// The numbers above a list count the list, whoever looks: with one cluster, with
/// several, for an organisation, for everything.
#[test]
fn the_figures_of_the_region_count_what_its_list_holds() {
    on_each_demo(|world| {
        organisation(world, "Zaehlwerk", Visibility::Cluster);
        world.command(directory::recount);
        let one = "member organisation_representative manager manager_other coordinator \
            facilitator officer auditor admin";
        for role in one.split_whitespace() {
            let token = world.sign_in(role);
            let page = world.get_by(&token, "/organisationen").body;
            let table = page.split("helix__table").nth(1).expect("figures");
            let table = table.split("</table>").next().expect("its end");
            let cells = table.split("<td class=\"num\">").skip(1);
            let number = |cell: &str| -> usize {
                let cell = cell.split('<').next().expect("a number");
                cell.parse().expect("digits")
            };
            let sum: usize = cells.map(number).sum();
            let list = world.get_by(&token, "/organisationen.csv").body;
            assert_eq!(sum, list.trim_end().lines().count() - 1, "{role}");
        }
    });
}

#[test]
fn every_answer_carries_the_security_headers_and_a_number() {
    on_each_demo(|world| {
        let token = world.sign_in("member");
        let mut numbers = Vec::new();
        let others = [
            "/nirgends",
            "/mein-kontor",
            "/healthz",
            "/assets/nothing.css",
            "/robots.txt",
        ];
        for path in PAGES.into_iter().chain(others) {
            for by in [None, Some(token.as_str())] {
                let answer = world.ask(Method::GET, path).by(by).send();
                for (name, value) in [
                    (
                        "content-security-policy",
                        "default-src 'none'; script-src 'self';",
                    ),
                    ("x-content-type-options", "nosniff"),
                    ("x-frame-options", "DENY"),
                    ("referrer-policy", "same-origin"),
                    ("cross-origin-opener-policy", "same-origin"),
                    ("permissions-policy", "camera=()"),
                ] {
                    let found = answer.header(name);
                    assert!(found.starts_with(value), "{path}: {name}: {found}");
                }
                assert!(!answer.header("content-security-policy").contains("unsafe"));
                numbers.push(answer.header("x-request-id").to_owned());
                if by.is_some() && answer.header("content-type").starts_with("text/html") {
                    let kept = answer.header("cache-control");
                    assert!(kept.starts_with("private"), "{path}: {kept}");
                }
            }
        }
        let all = numbers.len();
        numbers.sort();
        numbers.dedup();
        assert_eq!(numbers.len(), all, "each request has a number of its own");
        assert!(numbers.iter().all(|n| n.len() == 10), "{numbers:?}");
    });
}

#[test]
fn every_page_speaks_both_languages() {
    on_each_demo(|world| {
        for page in PAGES.into_iter().chain(["/nirgends"]) {
            let (de, en) = (world.get(page), world.get(&format!("/en{page}")));
            assert_eq!(de.status, en.status, "{page}");
            assert!(de.body.contains("<html lang=\"de\""), "{page}");
            assert!(en.body.contains("<html lang=\"en\""), "{page}");
            assert_ne!(title(&de.body), title(&en.body), "{page}: its title");
            assert!(de.body.contains("hreflang=\"en\"") && en.body.contains("hreflang=\"de\""));
        }
        assert_eq!(world.get("/en").status, StatusCode::OK);
        assert_eq!(world.get("/english").status, StatusCode::NOT_FOUND);
        let missing = world.get("/nirgends");
        assert_eq!(missing.status, StatusCode::NOT_FOUND);
        assert!(missing.body.contains("<h1>Diese Seite gibt es nicht</h1>"));
        assert!(
            missing.body.contains("href=\"/organisationen\""),
            "a way on"
        );
    });
}

/// A page's title; the cluster's own name and "Cluster" are the same in both
/// languages, so the first sentence joins it.
fn title(body: &str) -> String {
    let part = |start: &str| {
        let rest = body.split(start).nth(1).unwrap_or_default();
        rest.split("</").next().unwrap_or_default().to_owned()
    };
    format!("{} {}", part("<title>"), part("<p class=\"measure-s\">"))
}

#[test]
fn a_foreign_site_changes_nothing() {
    on_each_demo(|world| {
        let token = world.sign_in("member");
        let foreign = [
            ("origin", "https://evil.example"),
            ("sec-fetch-site", "cross-site"),
        ];
        for (name, value) in foreign {
            for path in ["/abmelden", "/anmelden/demo", "/anmelden/passwort"] {
                let ask = world.ask(Method::POST, path).by(Some(&token));
                let answer = ask.with(name, value).form("role=admin").send();
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {name}");
                assert_eq!(answer.header("set-cookie"), "");
            }
        }
        assert_eq!(world.get_by(&token, "/mein-kontor").status, StatusCode::OK);
        let own = world
            .ask(Method::POST, "/anmelden/demo")
            .form("role=member");
        let answer = own.with("origin", "http://kontor.test").send();
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    });
}

#[test]
fn an_organisation_of_one_cluster_is_nowhere_else() {
    on_each_demo(|world| {
        let slug = organisation(world, "Aalwerk", Visibility::Cluster);
        let page = format!("/organisationen/{slug}");
        let list = "/organisationen?cluster=hamburg-aviation&wz=30.30";
        let sees = |role: Option<&str>| {
            let token = role.map(|r| world.sign_in(r));
            let get = |path: &str| world.ask(Method::GET, path).by(token.as_deref()).send();
            let (on_page, on_list) = (get(&page), get(list));
            let listed = on_list.body.contains(&page);
            assert_eq!(
                listed,
                on_page.status == StatusCode::OK,
                "{role:?}: list and page"
            );
            let file = get(&list.replace("organisationen?", "organisationen.csv?"));
            assert_eq!(
                file.body.contains("Aalwerk"),
                listed,
                "{role:?}: list and file"
            );
            if !listed {
                assert_eq!(on_page.status, StatusCode::NOT_FOUND);
                let unknown = get("/organisationen/gibt-es-nicht").body;
                let strip = |b: &str| b.replace(&slug, "").replace("gibt-es-nicht", "");
                assert_eq!(strip(&on_page.body), strip(&unknown), "tells nothing");
            }
            listed
        };
        assert!(!sees(None), "nobody");
        assert!(!sees(Some("manager_other")), "another cluster's manager");
        assert!(!sees(Some("member")), "another cluster's member");
        assert!(!sees(Some("auditor")));
        assert!(sees(Some("manager")), "its manager");
        assert!(!sees(None), "still nobody, after somebody saw it");
    });
}

#[test]
fn a_kept_page_falls_with_the_write_that_changes_it() {
    on_each_demo(|world| {
        let list = "/organisationen?cluster=hamburg-aviation&wz=30.30";
        let (first, second) = (world.get(list), world.get(list));
        assert_eq!(first.body, second.body);
        let tag = first.header("etag").to_owned();
        assert!(
            tag.starts_with("W/\"") && tag == second.header("etag"),
            "{tag}"
        );
        let ask = |tag: &str| {
            world
                .ask(Method::GET, list)
                .with("if-none-match", tag)
                .send()
        };
        let same = ask(&format!("\"x\", {tag}"));
        assert_eq!(
            (same.status, same.body.as_str()),
            (StatusCode::NOT_MODIFIED, "")
        );
        assert_eq!(same.header("etag"), tag);

        let before = world.site.db.statements();
        world.get(list);
        let followed = u64::from(world.site.db.is_shared());
        assert_eq!(
            world.site.db.statements() - before,
            followed,
            "from the cache"
        );

        organisation(world, "Aalbau", Visibility::Public);
        let changed = ask(&tag);
        assert_eq!(changed.status, StatusCode::OK);
        assert!(changed.body.contains("/organisationen/aalbau"));
        assert_ne!(changed.header("etag"), tag);

        let token = world.sign_in("manager");
        let mine = world
            .ask(Method::GET, list)
            .by(Some(&token))
            .with("if-none-match", &tag);
        let mine = mine.send();
        assert_eq!(mine.status, StatusCode::OK);
        assert!(mine.body.contains("_mark"), "signed in pages are made anew");
        assert!(
            !world.get(list).body.contains("_mark"),
            "and kept for nobody else"
        );
    });
}

#[test]
fn outside_a_demo_there_are_no_buttons() {
    on_each_empty(&Config::default(), |world| {
        world.command(|work| {
            let new = NewAccount {
                mail: "a@kontor.example",
                name: "A",
                lang: Lang::De,
                demo_key: Some("admin"),
            };
            accounts::create_account(work, &new)
        });
        let answer = world.post("/anmelden/demo", "role=admin");
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert_eq!(answer.token(), None);
        let page = world.get("/anmelden").body;
        assert!(!page.contains("/anmelden/demo") && page.contains("/anmelden/passwort"));
        for page in ["/", "/cluster", "/organisationen", "/personen", "/en"] {
            assert_eq!(
                world.get(page).status,
                StatusCode::OK,
                "{page} of an empty region"
            );
        }
        assert_eq!(world.get("/cluster/x").status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_wrong_password_is_told_kindly_ten_times() {
    on_each_empty(&Config::default(), |world| {
        let send = |mail: &str| {
            world.post(
                "/anmelden/passwort",
                &format!("mail={mail}&password=falsch"),
            )
        };
        for i in 1..=10 {
            let answer = send("j%C3%B6rdis%40kontor.example");
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "try {i}");
            assert!(
                answer.body.contains("value=\"jördis@kontor.example\""),
                "kept"
            );
            assert!(answer.body.contains("aria-invalid=\"true\""));
            assert!(
                !answer.body.contains("falsch"),
                "the password is not repeated"
            );
            assert_eq!(answer.token(), None);
        }
        // The same address, written otherwise, is the same address.
        let answer = send("%20J%C3%96RDIS%40kontor.example");
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(answer.header("retry-after"), "900");
        assert!(
            answer
                .body
                .contains("<h1>Bitte warten Sie einen Moment</h1>")
        );
        assert_eq!(
            send("andere%40kontor.example").status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        // The quarters are the clock's own: what is left of this one is to be waited.
        world.clock.advance_s(840);
        let refused = send("j%C3%B6rdis%40kontor.example");
        assert_eq!(refused.header("retry-after"), "60");
        world.clock.advance_s(60);
        let later = send("j%C3%B6rdis%40kontor.example");
        assert_eq!(
            later.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "a quarter of an hour later"
        );
    });
}

#[test]
fn the_session_is_kept_from_scripts_and_ends() {
    on_each_demo(|world| {
        let answer = world.post("/anmelden/demo", "role=member");
        let cookie = answer.header("set-cookie");
        for part in ["Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=2592000"] {
            assert!(cookie.split("; ").any(|p| p == part), "{part}: {cookie}");
        }
        assert!(!cookie.contains("Secure"), "plain http");
        assert_eq!(answer.header("location"), "/mein-kontor?ok=flash-signed-in");
        let first = answer.token().expect("a session");
        // Signing in again ends the session before.
        let again = world.ask(Method::POST, "/anmelden/demo").by(Some(&first));
        let second = again.form("role=member").send().token().expect("a session");
        assert_ne!(first, second);
        assert_eq!(
            world.get_by(&first, "/mein-kontor").status,
            StatusCode::FORBIDDEN
        );
        assert_eq!(world.get_by(&second, "/mein-kontor").status, StatusCode::OK);
        world.clock.advance_s(30 * 24 * 3600);
        assert_eq!(
            world.get_by(&second, "/mein-kontor").status,
            StatusCode::FORBIDDEN
        );
    });
}

#[test]
fn behind_tls_the_cookie_is_secure() {
    let config = Config {
        public_url: "https://kontor.example".into(),
        ..Default::default()
    };
    on_each_empty(&config, |world| {
        let answer = world.post("/abmelden", "");
        let cookie = answer.header("set-cookie").to_owned();
        assert!(
            cookie.ends_with("; Secure") && cookie.contains("Max-Age=0"),
            "{cookie}"
        );
    });
}

#[test]
fn a_clusters_own_words_show_in_both_languages() {
    on_each_empty(&Config::default(), |world| {
        world.command(|work| {
            let new = NewCluster {
                slug: "probe".into(),
                code: "PR".into(),
                name: "Probe <b>& Co".into(),
                purpose_de: "Nur deutsch".into(),
                ..Default::default()
            };
            directory::create_cluster(work, &new)
        });
        let page = world.get("/cluster/probe");
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.body.contains("<b>& Co"), "names are text, not markup");
        let english = world.get("/en/cluster").body;
        assert!(
            english.contains("<p lang=\"de\">Nur deutsch"),
            "marked as German"
        );
    });
}
