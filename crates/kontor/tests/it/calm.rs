//! Whatever is typed into an address or a form, the answer is a calm page, and what
//! was typed is not lost.

use axum::http::{Method, StatusCode};
use kontor_platform::log;

use crate::world::on_each_demo;

#[test]
fn an_address_that_nobody_can_read_leads_nowhere() {
    on_each_demo(|world| {
        let admin = world.sign_in("admin");
        for path in [
            "/organisationen/%00",
            "/organisationen?q=%00",
            "/suche?q=a%00b",
            "/cluster/%FF",
            "/verwaltung/konten/xyz",
        ] {
            let answer = world.get_by(&admin, path);
            assert!(answer.body.contains("<h1"), "{path}: {}", answer.body);
            let is_list = path.contains('?');
            let expected = if is_list { 200 } else { 404 };
            assert_eq!(answer.status, expected, "{path}");
        }
    });
}

#[test]
fn a_zero_in_a_form_is_stored_by_no_engine() {
    on_each_demo(|world| {
        let token = world.sign_in("member");
        let saved = world.post_by(&token, "/mein-kontor/profil", "name=Mi%00ra");
        assert_eq!(saved.status, StatusCode::SEE_OTHER);
        let page = world.get_by(&token, "/mein-kontor/profil").body;
        assert!(page.contains("value=\"Mira\""), "{page}");
    });
}

#[test]
fn what_was_typed_stays_when_there_were_too_many() {
    on_each_demo(|world| {
        let path = "/barrierefreiheit/rueckmeldung";
        let mut last = None;
        for _ in 0..11 {
            last = Some(world.post(path, "message=Ein+langer+Text"));
        }
        let last = last.unwrap();
        assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(last.body.contains(">Ein langer Text</textarea>"));
        assert!(last.body.contains("zu viele Versuche"), "{}", last.body);
    });
}

/// A session may end while somebody writes: they are asked to sign in, not to ask
/// for rights, and what they wrote is there to be copied.
#[test]
fn what_was_typed_stays_when_the_session_is_over() {
    on_each_demo(|world| {
        let token = world.sign_in("organisation_representative");
        let home = "/mein-kontor/profil";
        let body = world.get_by(&token, home).body;
        let mark = body
            .split("name=\"_mark\" value=\"")
            .nth(1)
            .expect("a form");
        let mark = mark.split('"').next().expect("a value").to_owned();
        world.command(|work| {
            let end = "DELETE FROM sessions";
            work.run(end, kontor_platform::params![]).map(drop)
        });
        let ask = world.ask(Method::POST, home).by(Some(&token));
        let form = format!(
            "_mark={mark}&version=7&base-name=Alt&name=Alt&new-password=geheim\
             &function=Ein+langer+%3CText%3E"
        );
        let over = ask.form(&form).send();
        assert_eq!(over.status, StatusCode::FORBIDDEN);
        assert!(
            over.body.contains("Bitte melden Sie sich an"),
            "{}",
            over.body
        );
        assert!(over.body.contains("abgelaufen oder wurde beendet"));
        assert!(over.body.contains(">Ein langer &#60;Text&#62;</textarea>"));
        for own in [&*mark, "geheim", ">Alt"] {
            assert!(!over.body.contains(own), "{own}");
        }
        let page = world.get_by(&token, home);
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(page.body.contains("abgelaufen") && !page.body.contains("textarea"));
    });
}

#[test]
fn what_is_used_up_for_today_says_so() {
    on_each_demo(|world| {
        let token = world.sign_in("member");
        let path = "/organisationen/fachhochschule-wedel/kontakt";
        for _ in 0..5 {
            let sent = world.post_by(&token, path, "message=Hallo");
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        }
        let last = world.post_by(&token, path, "message=Noch+einmal");
        assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(
            last.body.contains("Versuchen Sie es morgen"),
            "{}",
            last.body
        );
        assert!(last.body.contains(">Noch einmal</textarea>"));
    });
}

#[test]
fn an_answer_that_cannot_be_stored_is_shown_again() {
    on_each_demo(|world| {
        let path = "/barrierefreiheit/rueckmeldung";
        world.post(path, "message=Der+Knopf+fehlt&mail=ada%40werft.example");
        let admin = world.sign_in("admin");
        let home = "/verwaltung/barrierefreiheit";
        let page = world.get_by(&admin, home).body;
        let id = page
            .split("name=\"report\" value=\"")
            .nth(1)
            .expect("a form");
        let id = id.split('"').next().unwrap();
        let answer = |text: &str| {
            let form = format!("report={id}&answer={text}");
            world.post_by(&admin, &format!("{home}/antwort"), &form)
        };
        let long = "x".repeat(4001);
        let refused = answer(&long);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(&format!(">{long}</textarea>")));
        assert_eq!(answer("Danke").status, StatusCode::SEE_OTHER);
        let late = answer("Auch+ich+danke");
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.body.contains("Auch ich danke"), "{}", late.body);
    });
}

#[test]
fn days_that_were_typed_stay_and_who_changed_them_is_known() {
    on_each_demo(|world| {
        let officer = world.sign_in("dsb");
        let days = |links: &str| {
            let form = format!(
                "links={links}&invitations=180&mails=90&staged=30&requests=180&barriers=77"
            );
            world.post_by(&officer, "/verwaltung/datenschutz", &form)
        };
        let refused = days("0");
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("value=\"77\""), "what was typed");
        assert_eq!(days("30").status, StatusCode::SEE_OTHER);
        let db = &world.site.db;
        let head = db.read_now(log::head).unwrap();
        let last = db.read_now(|c| log::after(c, head - 1, 1)).unwrap();
        assert_eq!(last[0].kind, "privacy.retention_changed");
        assert_eq!(last[0].subject, "barriers");
        assert!(last[0].actor.is_some());
        assert_eq!(days("30").status, StatusCode::SEE_OTHER);
        assert_eq!(db.read_now(log::head).unwrap(), head, "nothing has changed");
    });
}
