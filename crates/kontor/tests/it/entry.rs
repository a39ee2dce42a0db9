//! Ways in: links by mail, a new password, a new address, one's own sessions,
//! the first set-up; and the mails that carry them.

use std::cell::Cell;

use axum::http::{Method, StatusCode};
use kontor::accounts::{self, Invitation, Role, RoleKind, Scope, admin};
use kontor::app::mailer;
use kontor_platform::config::{Config, Smtp as SmtpConfig};
use kontor_platform::mail::{self, State, Stored};
use kontor_platform::text::Lang;
use kontor_platform::{Day, Instant};

use crate::support::smtp::Smtp;
use crate::world::{World, on_each_empty};

const ADA: &str = "ada@werft.example";
const PASSWORD: &str = "drei Kräne am Kai";

/// Ada, invited and accepted: her session.
fn ada(world: &World) -> String {
    invite(world, ADA, "first");
    let form = format!("name=Ada+Kran&password={}", enc(PASSWORD));
    let answer = world.post("/einladung/first", &form);
    answer.token().expect("a session")
}

fn invite(world: &World, mail: &'static str, token: &'static str) {
    world.command(move |work| {
        let new = Invitation {
            mail: mail.into(),
            name: String::new(),
            lang: Lang::De,
            role: Some(Role {
                kind: RoleKind::Admin,
                scope: Scope::Region,
                since: Day::parse("2026-01-01").expect("a day"),
                until: None,
            }),
        };
        accounts::invite(work, &new, token, None)
    });
}

fn enc(text: &str) -> String {
    kontor_platform::web::encode(text)
}

fn mails(world: &World) -> Vec<Stored> {
    let db = &world.site.db;
    let mut all = db
        .read_now(|c| mail::page(c, None, (Instant(i64::MAX), ""), 100))
        .expect("mails");
    all.reverse();
    for one in &mut all {
        *one = db.read_now(|c| mail::find(c, one.id)).expect("a mail");
    }
    all
}

/// The path of the only link of this kind in a mail.
fn link(mail: &Stored, path: &str) -> String {
    let start = mail
        .text
        .find(path)
        .unwrap_or_else(|| panic!("{}", mail.text));
    mail.text[start..]
        .split_whitespace()
        .next()
        .unwrap()
        .to_owned()
}

#[test]
fn a_link_signs_in_once_and_looking_does_not_use_it_up() {
    on_each_empty(&Config::default(), |world| {
        ada(world);
        let asked = world.post(
            "/anmelden/link",
            &format!("mail={}", enc("ADA@werft.example")),
        );
        assert_eq!(asked.status, StatusCode::SEE_OTHER);
        let all = mails(world);
        assert_eq!(all.len(), 1);
        assert!(all[0].confidential && all[0].html.contains("<html lang=\"de\">"));
        let path = link(&all[0], "/anmelden/link/");
        for _ in 0..2 {
            let page = world.get(&path);
            assert_eq!(page.status, StatusCode::OK);
            assert!(page.body.contains(ADA));
        }
        assert!(world.post(&path, "").token().is_some());
        assert_eq!(world.post(&path, "").status, StatusCode::CONFLICT);
        // Another one, too late.
        world.post("/anmelden/link", &format!("mail={}", enc(ADA)));
        let path = link(&mails(world)[1], "/anmelden/link/");
        world.clock.advance_s(31 * 60);
        assert_eq!(world.post(&path, "").status, StatusCode::CONFLICT);
    });
}

#[test]
fn a_link_leads_to_the_page_that_was_asked_for_and_never_away() {
    on_each_empty(&Config::default(), |world| {
        ada(world);
        let wanted = [
            (
                "/verwaltung/import?cluster=a&b=c",
                Some("/verwaltung/import?cluster=a&b=c"),
            ),
            ("https://evil.example/", None),
            ("//evil.example", None),
        ];
        for (i, (target, leads)) in wanted.into_iter().enumerate() {
            let form = format!("mail={}&weiter={}", enc(ADA), enc(target));
            world.post("/anmelden/link", &form);
            let path = link(&mails(world)[i], "/anmelden/link/");
            assert_eq!(path.contains("weiter="), leads.is_some(), "{path}");
            let to = world.post(&path, "").header("location").to_owned();
            assert_eq!(to, leads.unwrap_or("/mein-kontor?ok=flash-signed-in"));
        }
        // Somebody else's target in the address of a good link leads nowhere else.
        world.post("/anmelden/link", &format!("mail={}", enc(ADA)));
        let path = link(&mails(world)[3], "/anmelden/link/");
        let foreign = format!("{path}?weiter={}", enc("//evil.example"));
        let to = world.post(&foreign, "").header("location").to_owned();
        assert_eq!(to, "/mein-kontor?ok=flash-signed-in");
    });
}

#[test]
fn nothing_tells_whether_an_address_has_an_account() {
    on_each_empty(&Config::default(), |world| {
        ada(world);
        for path in ["/anmelden/link", "/anmelden/passwort-vergessen"] {
            let ask = |mail: &str| world.post(path, &format!("mail={}", enc(mail)));
            let (known, unknown) = (ask(ADA), ask("bert@werft.example"));
            assert_eq!(known.status, unknown.status);
            assert_eq!(known.header("location"), unknown.header("location"));
            assert_eq!(known.body, unknown.body);
        }
        let to: Vec<String> = mails(world).into_iter().map(|m| m.to).collect();
        assert_eq!(to, [ADA, ADA], "strangers get no mail");
    });
}

#[test]
fn asking_for_links_again_and_again_is_stopped_for_anybody() {
    on_each_empty(&Config::default(), |world| {
        ada(world);
        for mail in [ADA, "bert@werft.example"] {
            let ask = || world.post("/anmelden/link", &format!("mail={}", enc(mail)));
            for _ in 0..4 {
                assert_eq!(ask().status, StatusCode::SEE_OTHER);
            }
            assert_eq!(ask().status, StatusCode::TOO_MANY_REQUESTS, "{mail}");
        }
        assert_eq!(mails(world).len(), 4);
    });
}

#[test]
fn a_new_password_ends_every_other_session() {
    on_each_empty(&Config::default(), |world| {
        let old = ada(world);
        world.post(
            "/anmelden/passwort-vergessen",
            &format!("mail={}", enc(ADA)),
        );
        let path = link(&mails(world)[0], "/anmelden/neues-passwort/");
        let short = world.post(&path, "password=kurz");
        assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
        let set = world.post(&path, "password=ein+ganz+anderes+Wort");
        assert!(set.token().is_some());
        assert_eq!(
            world.get_by(&old, "/mein-kontor/konto").status,
            StatusCode::FORBIDDEN
        );
        let sign_in = |password: &str| {
            let form = format!("mail={}&password={}", enc(ADA), enc(password));
            world.post("/anmelden/passwort", &form).status
        };
        assert_eq!(sign_in(PASSWORD), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(sign_in("ein ganz anderes Wort"), StatusCode::SEE_OTHER);
        let told = mails(world).pop().unwrap();
        assert!(!told.confidential && told.kind == "accounts.changed");
    });
}

#[test]
fn an_address_changes_only_when_the_new_one_is_proved() {
    on_each_empty(&Config::default(), |world| {
        let token = ada(world);
        let to = |mail: &str, password: &str| {
            let form = format!("mail={}&old-password={}", enc(mail), enc(password));
            world.post_by(&token, "/mein-kontor/konto/adresse", &form)
        };
        let wrong = to("neu@werft.example", "falsch");
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("neu@werft.example"), "the form is kept");
        assert_eq!(
            to("neu@werft.example", PASSWORD).status,
            StatusCode::SEE_OTHER
        );
        let proof = mails(world).pop().unwrap();
        assert_eq!(proof.to, "neu@werft.example");
        let page = world.get_by(&token, "/mein-kontor/konto").body;
        assert!(page.contains(ADA) && !page.contains("neu@werft.example"));
        let path = link(&proof, "/adresse/");
        assert_eq!(world.get(&path).status, StatusCode::OK);
        let proved = world.ask(Method::POST, &path).by(Some(&token)).form("");
        assert_eq!(proved.send().status, StatusCode::SEE_OTHER);
        assert_eq!(world.post(&path, "").status, StatusCode::CONFLICT);
        let page = world.get_by(&token, "/mein-kontor/konto").body;
        assert!(page.contains("neu@werft.example"));
        assert_eq!(mails(world).pop().unwrap().to, ADA, "the old one is told");
        // An address of somebody else is refused only to whoever reads its mail.
        invite(world, "carl@werft.example", "second");
        assert_eq!(
            to("carl@werft.example", PASSWORD).status,
            StatusCode::SEE_OTHER
        );
        let path = link(&mails(world).pop().unwrap(), "/adresse/");
        assert_eq!(world.post(&path, "").status, StatusCode::CONFLICT);
    });
}

#[test]
fn sessions_are_listed_and_ended_by_their_owner_alone() {
    on_each_empty(&Config::default(), |world| {
        let phone = ada(world);
        let form = format!("mail={}&password={}", enc(ADA), enc(PASSWORD));
        let desk = world.post("/anmelden/passwort", &form).token().unwrap();
        let page = world.get_by(&desk, "/mein-kontor/konto").body;
        assert_eq!(page.matches("name=\"session\"").count(), 1, "all but this");
        let ended = world.post_by(&desk, "/mein-kontor/konto/sitzungen", "session=");
        assert_eq!(ended.status, StatusCode::SEE_OTHER);
        let at = |token: &str| world.get_by(token, "/mein-kontor/konto").status;
        assert_eq!(
            (at(&phone), at(&desk)),
            (StatusCode::FORBIDDEN, StatusCode::OK)
        );
        // Somebody else's session does not end by its handle.
        invite(world, "carl@werft.example", "second");
        let carl = world.post("/einladung/second", "name=Carl").token();
        let carl = carl.expect("without a password too");
        let handle = &kontor_platform::secret::hash(&carl)[..16];
        world.post_by(
            &desk,
            "/mein-kontor/konto/sitzungen",
            &format!("session={handle}"),
        );
        assert_eq!(at(&carl), StatusCode::OK);
    });
}

#[test]
fn the_set_up_link_works_once_and_only_without_an_administration() {
    on_each_empty(&Config::default(), |world| {
        let offer = || admin::offer_setup(&world.site.db, &world.clock).unwrap();
        // Who is invited only cannot let anybody in.
        invite(world, "eva@werft.example", "never accepted");
        let (first, second) = (offer().unwrap(), offer().unwrap());
        let path = |token: &str| format!("/einrichten/{token}");
        let replaced = world.get(&path(&first));
        assert_eq!(replaced.status, StatusCode::CONFLICT);
        assert!(
            replaced.body.contains("Bei jedem Start"),
            "{}",
            replaced.body
        );
        assert_eq!(world.get(&path(&second)).status, StatusCode::OK);
        let empty = world.post(&path(&second), "region=&name=&mail=x&password=kurz");
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(empty.body.matches("aria-invalid").count(), 4);
        let form = format!(
            "region=Hansestadt&name=Ada&mail={}&password={}",
            enc(ADA),
            enc(PASSWORD)
        );
        let done = world.post(&path(&second), &form);
        let token = done.token().expect("signed in");
        assert_eq!(done.header("location"), "/verwaltung?ok=flash-set-up");
        // The same form once more, and the link, lead on; nobody is signed in by that.
        for again in [world.post(&path(&second), &form), world.get(&path(&second))] {
            assert_eq!(again.header("location"), "/verwaltung");
            assert!(again.token().is_none());
        }
        assert_eq!(world.get(&path(&first)).status, StatusCode::NOT_FOUND);
        assert_eq!(offer(), None);
        let page = world.get_by(&token, "/verwaltung");
        assert_eq!(page.status, StatusCode::OK);
        let region = world.get_by(&token, "/verwaltung/region").body;
        assert!(region.contains("Hansestadt"));
        // The last administration cannot end.
        let roles = world.site.db.read_now(|c| {
            let all = admin::list(c, &admin::Wanted::by(ADA), "", 9)?;
            admin::roles(c, all[0].id)
        });
        let roles = roles.unwrap();
        let form = format!("role={}", roles[0].id);
        let end = format!("/verwaltung/konten/{}/ende", roles[0].account);
        assert_eq!(
            world.post_by(&token, &end, &form).status,
            StatusCode::CONFLICT
        );
    });
}

#[test]
fn a_locked_account_is_out_at_once() {
    on_each_empty(&Config::default(), |world| {
        let boss = ada(world);
        invite(world, "carl@werft.example", "second");
        let carl = world
            .post("/einladung/second", "name=Carl")
            .token()
            .unwrap();
        let all = world
            .site
            .db
            .read_now(|c| admin::list(c, &admin::Wanted::by("carl"), "", 9))
            .unwrap();
        assert_eq!(all.len(), 1);
        let path = format!("/verwaltung/konten/{}/sperre", all[0].id);
        assert_eq!(
            world.post_by(&boss, &path, "locked=1").status,
            StatusCode::SEE_OTHER
        );
        assert_eq!(
            world.get_by(&carl, "/mein-kontor/konto").status,
            StatusCode::FORBIDDEN
        );
        world.post("/anmelden/link", "mail=carl%40werft.example");
        assert!(mails(world).is_empty(), "no link for a locked account");
    });
}

#[test]
fn a_mail_goes_through_a_real_server_once() {
    let Some(server) = Smtp::start() else { return };
    let config = Config {
        smtp: SmtpConfig {
            host: "127.0.0.1".into(),
            port: server.port,
            security: "none".into(),
            from: "Kontor Hamburg <kontor@example.org>".into(),
            ..SmtpConfig::default()
        },
        ..Config::default()
    };
    let seen = Cell::new(0);
    on_each_empty(&config, |world| {
        ada(world);
        world.post("/anmelden/link", &format!("mail={}", enc(ADA)));
        for name in ["refused", "busy"] {
            world.command(move |work| {
                let mail = mail::NewMail {
                    key: name.into(),
                    kind: "test",
                    account: None,
                    to: format!("{name}@example.org"),
                    reply_to: "antwort@example.org".into(),
                    subject: "Probe".into(),
                    text: "Probe".into(),
                    html: "<p>Probe</p>".into(),
                    lang: Lang::De,
                    confidential: false,
                    files: Vec::new(),
                };
                let now = work.now();
                mail::queue(work, &mail, now)
            });
        }
        let outcome = mailer::round(&world.site, &|| false).unwrap();
        assert_eq!((outcome.sent, outcome.not_sent), (1, 2));
        mailer::round(&world.site, &|| false).unwrap();
        let all = mails(world);
        let states: Vec<State> = all.iter().map(|m| m.state).collect();
        assert_eq!(states, [State::Sent, State::Failed, State::Waiting]);
        assert!(all[1].reason.contains("550"), "{}", all[1].reason);
        assert_eq!(all[0].text, "", "the link is gone from the queue");

        let got = server.wait_for(seen.get() + 1);
        assert_eq!(got.len(), seen.get() + 1, "once");
        seen.set(got.len());
        let got = got.last().unwrap();
        assert_eq!(got.to, [ADA]);
        assert!(got.header("from").unwrap().contains("kontor@example.org"));
        assert_eq!(got.header("auto-submitted"), Some("auto-generated"));
        let path = got.text.find("/anmelden/link/").map(|at| {
            let path = &got.text[at..];
            path.split_whitespace().next().unwrap().to_owned()
        });
        assert!(got.html.contains(path.as_deref().unwrap()));
        assert!(world.post(&path.unwrap(), "").token().is_some());
    });
}

#[test]
fn the_test_mail_carries_its_file() {
    let Some(server) = Smtp::start() else { return };
    let seen = Cell::new(0);
    on_each_empty(&Config::default(), |world| {
        let token = ada(world);
        let page = world.post_by(&token, "/verwaltung/mailserver/probe", "");
        assert_eq!(
            page.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "no server yet"
        );
        let form = format!(
            "host=127.0.0.1&port={}&security=none&user=&smtp-password=&from={}",
            server.port,
            enc("Kontor <kontor@example.org>")
        );
        let saved = world.post_by(&token, "/verwaltung/mailserver", &form);
        assert_eq!(saved.status, StatusCode::SEE_OTHER);
        let page = world.post_by(&token, "/verwaltung/mailserver/probe", "");
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let got = server.wait_for(seen.get() + 1).pop().unwrap();
        seen.set(seen.get() + 1);
        assert_eq!(got.to, [ADA]);
        assert_eq!(got.attachments.len(), 1);
        assert_eq!(got.attachments[0].name, "kontor.txt");
        assert!(got.html.contains("<h1"));
    });
}
