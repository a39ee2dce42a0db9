//! A barrier is reported from any page, without signing in, and answered.

use axum::http::{Method, StatusCode};
use kontor_platform::Instant;
use kontor_platform::mail;

use crate::world::{World, on_each_demo};

fn mark(world: &World, token: &str) -> String {
    let page = world.get_by(token, "/mein-kontor").body;
    let after = page
        .split("name=\"_mark\" value=\"")
        .nth(1)
        .expect("a form");
    after.split('"').next().unwrap().to_owned()
}

#[test]
fn a_reported_barrier_is_answered_within_its_month() {
    on_each_demo(|world| {
        let page = world.get("/cluster/hamburg-aviation").body;
        let link = "/barrierefreiheit/rueckmeldung?seite=/cluster/hamburg-aviation";
        assert!(page.contains(link), "reached from every page");
        let form = world.get(link).body;
        assert!(form.contains("value=\"/cluster/hamburg-aviation\""));
        let sent = world.post(
            "/barrierefreiheit/rueckmeldung",
            "message=Das+Bild+hat+keinen+Text&page=%2Fcluster&mail=eva%40example.org",
        );
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
        let thanks = world.get(sent.header("location")).body;
        assert!(
            thanks.contains("22. Dezember 2026"),
            "the month's end is told"
        );

        let token = world.sign_in("admin");
        let list = world.get_by(&token, "/verwaltung/barrierefreiheit").body;
        assert!(list.contains("Das Bild hat keinen Text") && list.contains("Antwort bis"));
        let id = list
            .split("name=\"report\" value=\"")
            .nth(1)
            .expect("a form");
        let id = id.split('"').next().unwrap();
        let form = format!(
            "_mark={}&report={id}&answer=Ist+behoben",
            mark(world, &token)
        );
        let answer = || {
            world
                .ask(Method::POST, "/verwaltung/barrierefreiheit/antwort")
                .by(Some(&token))
                .form(&form)
                .send()
                .status
        };
        assert_eq!(answer(), StatusCode::SEE_OTHER);
        assert_eq!(answer(), StatusCode::CONFLICT, "one answer");
        let mails = world
            .site
            .db
            .read_now(|c| mail::page(c, None, (Instant(i64::MAX), ""), 9))
            .unwrap();
        let to: Vec<&str> = mails.iter().map(|m| m.to.as_str()).collect();
        assert_eq!(to, ["eva@example.org"]);
        world.clock.advance_s(40 * 24 * 3600);
        let list = world.get_by(&token, "/verwaltung/barrierefreiheit").body;
        assert!(!list.contains("Überfällig seit"));
    });
}

#[test]
fn an_overdue_report_stands_on_the_administrations_first_page() {
    on_each_demo(|world| {
        let told = |part: &str| {
            let token = world.sign_in("admin");
            world.get_by(&token, "/verwaltung").body.contains(part)
        };
        let sent = world.post(
            "/barrierefreiheit/rueckmeldung",
            "message=Das+Bild+hat+keinen+Text&page=%2Fcluster",
        );
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
        assert!(!told("überfällig"));
        world.clock.advance_s(40 * 24 * 3600);
        assert!(told("Eine gemeldete Barriere ist überfällig"));
    });
}

#[test]
fn the_statement_is_there_for_machines_too() {
    on_each_demo(|world| {
        let data = world.get("/barrierefreiheit.json");
        let value: serde_json::Value = serde_json::from_str(&data.body).expect("JSON");
        assert!(value["standard"].as_str().unwrap().contains("WCAG 2.2"));
        assert!(
            value["feedback"]
                .as_str()
                .unwrap()
                .ends_with("/barrierefreiheit/rueckmeldung")
        );
    });
}

#[test]
fn the_statement_speaks_both_languages_and_says_where_it_does_not() {
    on_each_demo(|world| {
        let admin = world.sign_in("admin");
        let save = |texts: &str| {
            let form = format!(
                "_mark={}&reviewed-on=2026-01-10&{texts}",
                mark(world, &admin)
            );
            let asked = world.ask(Method::POST, "/verwaltung/barrierefreiheit");
            let saved = asked.by(Some(&admin)).form(&form).send();
            assert_eq!(saved.status, StatusCode::SEE_OTHER);
        };
        let note = "This text is only available in German so far.";
        save("limits=Karten+fehlen&arbitration=Stelle");
        let english = world.get("/en/barrierefreiheit").body;
        assert!(english.contains("<p class=\"pre\" lang=\"de\">Karten fehlen</p>"));
        assert!(english.contains(note), "{english}");
        save("limits=Karten+fehlen&limits-en=No+maps&arbitration=Stelle&arbitration-en=Body");
        let english = world.get("/en/barrierefreiheit").body;
        assert!(english.contains("<p class=\"pre\" lang=\"en\">No maps</p>"));
        assert!(!english.contains(note) && !english.contains("Karten fehlen"));
        let german = world.get("/barrierefreiheit").body;
        assert!(german.contains("<p class=\"pre\" lang=\"de\">Karten fehlen</p>"));
        let data = world.get("/en/barrierefreiheit.json").body;
        assert!(data.contains("No maps") && data.contains("Body"), "{data}");
    });
}
