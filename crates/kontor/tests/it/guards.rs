//! What keeps others out of an account: limits that hold for tries at once,
//! links and changes that end with a new password.

use axum::http::{Method, StatusCode};
use kontor::accounts::{self, Account, Invitation, Role, RoleKind, Scope, admin};
use kontor_platform::config::Config;
use kontor_platform::mail::{self, Stored};
use kontor_platform::text::Lang;
use kontor_platform::{Day, Id, Instant, params, secret};

use crate::world::{World, on_each_empty};

pub const ADA: &str = "ada@werft.example";
const PASSWORD: &str = "drei Kräne am Kai";
const OWN: &str = "/mein-kontor/konto";

pub fn each(check: impl Fn(&World)) {
    on_each_empty(&Config::default(), check);
}

fn enc(text: &str) -> String {
    kontor_platform::web::encode(text)
}

/// Invites an address to the administration by the link that holds `token`.
pub fn invite(world: &World, mail: &'static str, token: &'static str) -> Id<Account> {
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
    })
}

/// Ada with a password: her session.
pub fn ada(world: &World) -> String {
    invite(world, ADA, "first");
    let form = format!("name=Ada+Kran&password={}", enc(PASSWORD));
    let answer = world.post("/einladung/first", &form);
    answer.token().expect("a session")
}

fn sign_in(world: &World, password: &str) -> StatusCode {
    let form = format!("mail={}&password={}", enc(ADA), enc(password));
    world.post("/anmelden/passwort", &form).status
}

fn last_mail(world: &World) -> Stored {
    let db = &world.site.db;
    let newest = db.read_now(|c| mail::page(c, None, (Instant(i64::MAX), ""), 1));
    let id = newest.expect("mails")[0].id;
    db.read_now(|c| mail::find(c, id)).expect("a mail")
}

/// The path of the link of this kind in the newest mail.
fn link(world: &World, path: &str) -> String {
    let text = last_mail(world).text;
    let start = text.find(path).unwrap_or_else(|| panic!("{text}"));
    text[start..].split_whitespace().next().unwrap().to_owned()
}

/// Asks, as a thief with session and password would, for another address.
fn ask_for_address(world: &World, token: &str, mail: &str) -> String {
    let form = format!("mail={}&old-password={}", enc(mail), enc(PASSWORD));
    let asked = world.post_by(token, &format!("{OWN}/adresse"), &form);
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    world.clock.advance_s(1);
    link(world, "/adresse/")
}

fn rows(world: &World, sql: &'static str) -> Vec<String> {
    let all = world.site.db.read_now(|c| c.all(sql, params![]));
    let all: Vec<(String,)> = all.expect("rows");
    all.into_iter().map(|(one,)| one).collect()
}

#[test]
fn a_new_password_ends_a_change_of_address_that_somebody_else_asked_for() {
    each(|world| {
        let token = ada(world);
        // By the link that was sent to the owner.
        let proof = ask_for_address(world, &token, "evil@elsewhere.example");
        let ask = format!("mail={}", enc(ADA));
        world.post("/anmelden/passwort-vergessen", &ask);
        let path = link(world, "/anmelden/neues-passwort/");
        let set = world.post(&path, &format!("password={}", enc(PASSWORD)));
        let token = set.token().expect("signed in");
        assert_eq!(world.post(&proof, "").status, StatusCode::CONFLICT);
        // By the form of one's own account, with open links.
        let proof = ask_for_address(world, &token, "evil@elsewhere.example");
        world.post("/anmelden/link", &ask);
        world.clock.advance_s(1);
        let into = link(world, "/anmelden/link/");
        let form = format!(
            "current-password={}&new-password={}",
            enc(PASSWORD),
            enc("ein ganz anderes Wort")
        );
        let changed = world.post_by(&token, &format!("{OWN}/passwort"), &form);
        assert_eq!(changed.status, StatusCode::SEE_OTHER);
        assert_eq!(world.post(&proof, "").status, StatusCode::CONFLICT);
        assert_eq!(world.post(&into, "").status, StatusCode::CONFLICT);
        assert!(world.get_by(&token, OWN).body.contains(ADA));
        let told = "SELECT COUNT(*) AS n FROM mail_queue WHERE kind = 'accounts.changed' \
            AND recipient_key = $1 AND body_text LIKE '%/impressum%'";
        let told = world
            .site
            .db
            .read_now(|c| c.one::<(i64,)>(told, params![ADA]));
        assert_eq!(told.expect("a number").0, 2, "each new password is told");
        let form = format!(
            "mail={}&old-password={}",
            enc(ADA),
            enc("ein ganz anderes Wort")
        );
        let same = world.post_by(&token, &format!("{OWN}/adresse"), &form);
        assert_eq!(same.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(same.body.contains("schon Ihre Adresse"), "{}", same.body);
    });
}

#[test]
fn locking_ends_links_and_changes_for_good() {
    each(|world| {
        let boss = invite(world, "boss@werft.example", "boss");
        world.post("/einladung/boss", "name=Boss");
        let token = ada(world);
        let proof = ask_for_address(world, &token, "neu@werft.example");
        let found = world
            .site
            .db
            .read_now(|c| admin::list(c, &admin::Wanted::by(ADA), "", 9));
        let id = found.expect("accounts")[0].id;
        for locked in [true, false] {
            world.command(move |work| admin::set_locked(work, Some(boss), id, locked));
        }
        assert_eq!(world.post(&proof, "").status, StatusCode::CONFLICT);
    });
}

#[test]
fn a_proved_address_ends_what_was_sent_to_the_old_one() {
    each(|world| {
        let phone = ada(world);
        let form = format!("mail={}&password={}", enc(ADA), enc(PASSWORD));
        let desk = world.post("/anmelden/passwort", &form).token().unwrap();
        let other = ask_for_address(world, &desk, "dritte@werft.example");
        let proof = ask_for_address(world, &desk, "neu@werft.example");
        world.post("/anmelden/link", &format!("mail={}", enc(ADA)));
        world.clock.advance_s(1);
        let into = link(world, "/anmelden/link/");
        let proved = world.ask(Method::POST, &proof).by(Some(&desk)).form("");
        assert_eq!(proved.send().status, StatusCode::SEE_OTHER);
        assert_eq!(world.post(&into, "").status, StatusCode::CONFLICT);
        assert_eq!(world.post(&other, "").status, StatusCode::CONFLICT);
        let at = |token: &str| world.get_by(token, OWN).status;
        assert_eq!(
            (at(&phone), at(&desk)),
            (StatusCode::FORBIDDEN, StatusCode::OK),
            "who proved it stays, others sign in anew"
        );
    });
}

#[test]
fn tries_at_once_do_not_all_find_room() {
    each(|world| {
        ada(world);
        let wrong = format!("mail={}&password=falsch", enc(ADA));
        let forms = vec![("/anmelden/passwort".to_owned(), wrong); 40];
        let answers = world.post_at_once(&forms);
        let count = |status| answers.iter().filter(|s| **s == status).count();
        assert_eq!(count(StatusCode::UNPROCESSABLE_ENTITY), 10);
        assert_eq!(count(StatusCode::TOO_MANY_REQUESTS), 30);
        let ask = ("/anmelden/link".to_owned(), format!("mail={}", enc(ADA)));
        let answers = world.post_at_once(&vec![ask; 12]);
        let sent = answers.iter().filter(|s| **s == StatusCode::SEE_OTHER);
        assert_eq!(sent.count(), 4);
    });
}

#[test]
fn a_right_password_is_no_try() {
    each(|world| {
        ada(world);
        for _ in 0..15 {
            assert_eq!(sign_in(world, PASSWORD), StatusCode::SEE_OTHER);
        }
    });
}

#[test]
fn who_has_a_session_cannot_try_passwords_without_end() {
    each(|world| {
        let token = ada(world);
        let change = |old: &str| {
            let form = format!("current-password={}&new-password=kurz", enc(old));
            world
                .post_by(&token, &format!("{OWN}/passwort"), &form)
                .status
        };
        let move_to = |old: &str| {
            let form = format!("mail=neu%40werft.example&old-password={}", enc(old));
            world
                .post_by(&token, &format!("{OWN}/adresse"), &form)
                .status
        };
        for _ in 0..5 {
            assert_eq!(change("falsch"), StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(move_to("falsch"), StatusCode::UNPROCESSABLE_ENTITY);
        }
        for old in ["falsch", PASSWORD] {
            assert_eq!(change(old), StatusCode::TOO_MANY_REQUESTS);
            assert_eq!(move_to(old), StatusCode::TOO_MANY_REQUESTS);
        }
        world.clock.advance_s(15 * 60);
        assert_eq!(move_to(PASSWORD), StatusCode::SEE_OTHER);
        // Nobody's mailbox is filled by it either.
        let again: Vec<StatusCode> = (0..4).map(|_| move_to(PASSWORD)).collect();
        assert_eq!(again[2], StatusCode::SEE_OTHER);
        assert_eq!(again[3], StatusCode::TOO_MANY_REQUESTS);
    });
}

#[test]
fn a_stranger_elsewhere_keeps_nobody_out() {
    each(|world| {
        ada(world);
        let post = |ip: &str, path: &str, form: &str| {
            world
                .ask(Method::POST, path)
                .from(ip)
                .form(form)
                .send()
                .status
        };
        let ask = format!("mail={}", enc(ADA));
        let wrong = format!("{ask}&password=falsch");
        let right = format!("{ask}&password={}", enc(PASSWORD));
        // One line has many addresses.
        for i in 0..12 {
            post(&format!("2001:db8::{i}"), "/anmelden/passwort", &wrong);
            post(&format!("2001:db8::{i}"), "/anmelden/link", &ask);
        }
        for path in ["/anmelden/passwort", "/anmelden/link"] {
            let stranger = post("2001:db8::ffff", path, &right);
            assert_eq!(stranger, StatusCode::TOO_MANY_REQUESTS);
            assert_eq!(post("192.0.2.1", path, &right), StatusCode::SEE_OTHER);
        }
        // From very many places together there is an end all the same.
        for i in 0..100 {
            post(&format!("198.51.100.{i}"), "/anmelden/passwort", &wrong);
        }
        let last = post("203.0.113.1", "/anmelden/passwort", &wrong);
        assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    });
}

#[test]
fn the_table_of_tries_names_nobody() {
    each(|world| {
        ada(world);
        let form = format!("mail={}&password=falsch", enc(ADA));
        let ask = world.ask(Method::POST, "/anmelden/passwort");
        ask.from("192.0.2.1").form(&form).send();
        let buckets = rows(world, "SELECT bucket FROM rate_limits ORDER BY bucket");
        assert_eq!(buckets.len(), 3, "{buckets:?}");
        for guess in [ADA, "192.0.2.1", "ada@werft.example 192.0.2.1"] {
            let hash = secret::hash(guess);
            assert!(
                buckets
                    .iter()
                    .all(|b| !b.contains(&hash) && !b.contains(guess))
            );
        }
    });
}

#[test]
fn an_invitation_does_not_sign_an_account_in_use_in() {
    each(|world| {
        let token = ada(world);
        invite(world, ADA, "second");
        invite(world, ADA, "third");
        let answer = world.post("/einladung/second", "");
        assert_eq!(answer.token(), None);
        let to = "/anmelden?ok=flash-invitation-accepted";
        assert_eq!(answer.header("location"), to);
        assert!(world.get(to).body.contains("Die Einladung ist angenommen"));
        let again = world.post("/einladung/second", "");
        assert_eq!(again.status, StatusCode::CONFLICT);
        let here = world.ask(Method::POST, "/einladung/third").by(Some(&token));
        let here = here.form("").send();
        let to = "/mein-kontor?ok=flash-invitation-accepted";
        assert_eq!(here.header("location"), to);
    });
}

#[test]
fn a_withdrawn_invitation_leaves_nothing_and_another_one_works() {
    each(|world| {
        ada(world);
        let account = invite(world, "carl@werft.example", "one");
        world.command(move |work| accounts::withdraw_invitation(work, account));
        assert_eq!(world.get("/einladung/one").status, StatusCode::CONFLICT);
        let kept = world.site.db.read_now(|c| {
            let row = admin::one(c, account)?;
            Ok((row.mail, row.name, admin::roles(c, account)?.len()))
        });
        assert_eq!(kept.unwrap(), (String::new(), String::new(), 0));
        assert_ne!(invite(world, "carl@werft.example", "two"), account);
        let in_use = world.post("/einladung/two", "name=Carl");
        assert!(in_use.token().is_some());
        // An account in use is not withdrawn.
        let found = world
            .site
            .db
            .read_now(|c| admin::list(c, &admin::Wanted::by(ADA), "", 9));
        let id = found.expect("accounts")[0].id;
        world.command(move |work| accounts::withdraw_invitation(work, id));
        assert_eq!(sign_in(world, PASSWORD), StatusCode::SEE_OTHER);
    });
}

#[test]
fn the_first_person_may_not_take_an_address_and_two_are_not_first() {
    each(|world| {
        invite(world, "eva@werft.example", "never accepted");
        let offer = || admin::offer_setup(&world.site.db, &world.clock).unwrap();
        let path = format!("/einrichten/{}", offer().unwrap());
        let form = |mail: &str| {
            let (mail, password) = (enc(mail), enc(PASSWORD));
            format!("region=Hansestadt&name=Eva&mail={mail}&password={password}")
        };
        let taken = world.post(&path, &form("eva@werft.example"));
        assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(taken.body.contains("hat schon ein Konto"), "{}", taken.body);
        assert!(taken.body.contains("Hansestadt"), "the form is kept");
        let forms: Vec<(String, String)> = (0..5)
            .map(|i| (path.clone(), form(&format!("eva{i}@werft.example"))))
            .collect();
        // All are led on, and one has set up.
        let answers = world.post_at_once(&forms);
        let led_on = answers.iter().filter(|s| **s == StatusCode::SEE_OTHER);
        assert_eq!(led_on.count(), 5, "{answers:?}");
        let accounts = world
            .site
            .db
            .read_now(|c| admin::list(c, &admin::Wanted::by("eva"), "", 9));
        assert_eq!(accounts.unwrap().len(), 2, "the invited one and the first");
    });
}

#[test]
fn no_page_links_to_another_site_by_its_own_address() {
    each(|world| {
        for (path, straight) in [
            ("/en//evil.example/", "/en/evil.example"),
            ("//evil.example/", "/evil.example"),
        ] {
            let answer = world.get(path);
            assert_eq!(answer.header("location"), straight);
        }
        for path in ["/en//evil.example", "//evil.example"] {
            let page = world.get(path);
            assert_eq!(page.status, StatusCode::NOT_FOUND);
            assert!(page.body.contains("evil.example"), "the switch leads back");
            assert!(!page.body.contains("\"//evil"), "{}", page.body);
        }
    });
}

#[test]
fn browsers_are_told_to_stay_with_tls_where_there_is_tls() {
    let config = Config {
        public_url: "https://kontor.example".into(),
        ..Config::default()
    };
    let name = "strict-transport-security";
    on_each_empty(&config, |world| {
        assert_eq!(world.get("/").header(name), "max-age=31536000");
    });
    each(|world| assert_eq!(world.get("/").header(name), ""));
}
