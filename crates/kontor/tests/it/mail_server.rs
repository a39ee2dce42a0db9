//! The mail server's settings: what happens when their password cannot be read any
//! more, and who reads a personal link.

use axum::http::StatusCode;
use kontor::accounts::{self, Invitation, Role, RoleKind, Scope, settings};
use kontor::app::mailer;
use kontor_platform::config::{Config, Smtp};
use kontor_platform::mail::{self, State};
use kontor_platform::secret::ServerKey;
use kontor_platform::text::Lang;
use kontor_platform::{Day, Id, Instant};

use crate::world::{World, on_each_empty};

/// Ada administers: her session.
fn ada(world: &World) -> String {
    world.command(|work| {
        let new = Invitation {
            mail: "ada@werft.example".into(),
            name: "Ada".into(),
            lang: Lang::De,
            role: Some(Role {
                kind: RoleKind::Admin,
                scope: Scope::Region,
                since: Day::parse("2026-01-01").expect("a day"),
                until: None,
            }),
        };
        accounts::invite(work, &new, "first", None)
    });
    let answer = world.post("/einladung/first", "name=Ada");
    answer.token().expect("a session")
}

fn smtp() -> Smtp {
    Smtp {
        host: "127.0.0.1".into(),
        port: 9,
        security: "none".into(),
        user: "kontor".into(),
        password: "geheim".into(),
        from: "kontor@example.org".into(),
    }
}

fn first_mail(world: &World) -> mail::Stored {
    let db = &world.site.db;
    let all = db.read_now(|c| mail::page(c, None, (Instant(i64::MAX), ""), 9));
    let id: Id<mail::NewMail> = all.unwrap()[0].id;
    db.read_now(|c| mail::find(c, id)).unwrap()
}

#[test]
fn another_server_secret_leaves_the_administration_open() {
    on_each_empty(&Config::default(), |world| {
        let token = ada(world);
        let other = ServerKey::from_text("an older secret that is long enough, too").unwrap();
        world.command(move |work| settings::set_smtp(work, &other, &smtp()));
        for path in ["/verwaltung", "/verwaltung/post"] {
            assert_eq!(world.get_by(&token, path).status, StatusCode::OK, "{path}");
        }
        let page = world.get_by(&token, "/verwaltung/mailserver");
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("Geben Sie das Passwort neu ein"));
        world.post("/anmelden/link", "mail=ada%40werft.example");
        mailer::round(&world.site, &|| false).unwrap();
        assert_eq!(first_mail(world).state, State::Kept, "as without a server");
        let probe = world.post_by(&token, "/verwaltung/mailserver/probe", "");
        assert!(probe.body.contains("another server secret"));

        let form = "host=127.0.0.1&port=9&security=none&user=kontor&from=kontor%40example.org";
        let path = "/verwaltung/mailserver";
        let without = world.post_by(&token, path, &format!("{form}&smtp-password="));
        assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
        let saved = world.post_by(&token, path, &format!("{form}&smtp-password=neu"));
        assert_eq!(saved.status, StatusCode::SEE_OTHER);
        let page = world.get_by(&token, path).body;
        assert!(!page.contains("Geben Sie das Passwort neu ein"));
    });
}

#[test]
fn a_kept_personal_link_is_unreadable_once_a_server_is_set() {
    on_each_empty(&Config::default(), |world| {
        let token = ada(world);
        world.post("/anmelden/link", "mail=ada%40werft.example");
        mailer::round(&world.site, &|| false).unwrap();
        let id = first_mail(world).id;
        let show = || {
            let page = world.get_by(&token, &format!("/verwaltung/post/{id}"));
            assert_eq!(page.status, StatusCode::OK);
            page.body.contains("/anmelden/link/")
        };
        let html = || {
            let page = world.get_by(&token, &format!("/verwaltung/post/{id}/html"));
            page.status
        };
        assert!(show() && html() == StatusCode::OK, "there is no other way");
        let key = world.site.key.clone();
        world.command(move |work| settings::set_smtp(work, &key, &smtp()));
        assert!(!show());
        assert_eq!(html(), StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_process_that_ends_begins_no_further_mail() {
    on_each_empty(&Config::default(), |world| {
        ada(world);
        let key = world.site.key.clone();
        world.command(move |work| settings::set_smtp(work, &key, &smtp()));
        world.post("/anmelden/link", "mail=ada%40werft.example");
        let outcome = mailer::round(&world.site, &|| true).unwrap();
        assert_eq!(outcome, mail::Outcome::default());
        assert_eq!(first_mail(world).tries, 0, "not even claimed");
        assert_eq!(mailer::round(&world.site, &|| false).unwrap().not_sent, 1);
    });
}
