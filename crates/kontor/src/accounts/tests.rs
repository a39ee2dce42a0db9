//! Rules and commands of accounts.

use kontor_platform::db::Db;
use kontor_platform::text::Lang;
use kontor_platform::work::Stamp;
use kontor_platform::{Day, Error, log, secret, testing};

use super::commands::{Invitation, invite, mail_key};
use super::model::{Actor, Purpose, Role, RoleKind, Scope};
use super::passwords::hash_password;
use super::store;
use crate::app::wiring::MIGRATIONS;

fn role(kind: RoleKind, scope: Scope, since: &str, until: Option<&str>) -> Role {
    let day = |text| Day::parse(text).unwrap();
    Role {
        kind,
        scope,
        since: day(since),
        until: until.map(day),
    }
}

fn admin() -> Role {
    role(RoleKind::Admin, Scope::Region, "2026-01-01", None)
}

fn invitation(mail: &str) -> Invitation {
    Invitation {
        mail: mail.into(),
        name: String::new(),
        lang: Lang::De,
        role: admin(),
    }
}

fn invited(db: &Db, mail: &'static str) -> String {
    let stamp = Stamp::system(testing::NOW);
    let token = secret::token();
    let link = token.clone();
    db.write_now(stamp, move |work| {
        invite(work, &invitation(mail), &link, None)
    })
    .unwrap();
    token
}

#[test]
fn a_role_holds_from_its_first_day_until_before_its_last() {
    let auditor = role(
        RoleKind::Auditor,
        Scope::Region,
        "2026-03-01",
        Some("2026-04-01"),
    );
    let on = |text| auditor.holds(Day::parse(text).unwrap());
    assert!(!on("2026-02-28") && on("2026-03-01") && on("2026-03-31") && !on("2026-04-01"));
}

#[test]
fn a_manager_of_one_cluster_manages_no_other() {
    let own = role(
        RoleKind::ClusterManager,
        Scope::Cluster("a".into()),
        "2026-01-01",
        None,
    );
    let member = role(
        RoleKind::Member,
        Scope::Cluster("b".into()),
        "2026-01-01",
        None,
    );
    let actor = Actor {
        account: None,
        roles: vec![own, member],
    };
    assert!(actor.manages("a") && !actor.manages("b"));
    assert_eq!(actor.clusters(), ["a", "b"]);
}

#[test]
fn an_address_is_compared_without_case_and_blanks() {
    assert_eq!(mail_key("  Ada@Example.ORG "), "ada@example.org");
}

#[test]
fn a_password_is_never_stored_as_it_is() {
    let stored = hash_password("ein langer satz").unwrap();
    assert!(
        stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{stored}"
    );
    assert!(!stored.contains("langer"));
}

#[test]
fn an_invitation_is_used_once_and_expires() {
    testing::on_each_engine(MIGRATIONS, |db| {
        let link = secret::hash(&invited(&db, "ada@example.org"));
        let now = testing::NOW;
        let late = now.plus_s(15 * 24 * 3600);
        let open = |at| {
            db.read_now(|conn| store::open_link(conn, &link, Purpose::Invitation, at))
                .unwrap()
        };
        assert!(open(now).is_some());
        assert!(open(late).is_none(), "after 14 days it is closed");
        let take = |at| {
            let link = link.clone();
            db.write_now(Stamp::system(at), move |work| {
                store::use_link(work, &link, at)
            })
            .unwrap()
        };
        assert!(!take(late));
        assert!(take(now));
        assert!(!take(now), "the second one comes too late");
        assert!(open(now).is_none());
    });
}

#[test]
fn inviting_an_address_again_adds_neither_account_nor_role() {
    testing::on_each_engine(MIGRATIONS, |db| {
        invited(&db, "ada@example.org");
        invited(&db, "Ada@Example.org");
        let kinds: Vec<String> = db
            .read_now(|conn| log::after(conn, 0, 100))
            .unwrap()
            .into_iter()
            .map(|e| e.kind)
            .collect();
        let count = |kind: &str| kinds.iter().filter(|k| *k == kind).count();
        assert_eq!(count("accounts.account_created"), 1);
        assert_eq!(count("accounts.role_granted"), 1);
        assert_eq!(count("accounts.invited"), 2);
    });
}

#[test]
fn a_wrong_address_is_refused_and_nothing_is_stored() {
    testing::on_each_engine(MIGRATIONS, |db| {
        for mail in [
            "",
            "ada",
            "ada@",
            "@example.org",
            "a b@example.org",
            "ada@example",
        ] {
            let stamp = Stamp::system(testing::NOW);
            let outcome = db.write_now(stamp, move |work| {
                invite(work, &invitation(mail), "a token", None)
            });
            assert!(matches!(outcome, Err(Error::Invalid(_))), "{mail:?}");
        }
        assert_eq!(db.read_now(log::head).unwrap(), 0);
    });
}

#[test]
fn tries_are_counted_per_window() {
    testing::on_each_engine(MIGRATIONS, |db| {
        let hit = |window| {
            db.write_now(Stamp::system(testing::NOW), move |work| {
                store::add_hit(work, "mail:x", window)?;
                store::hits(work, "mail:x", window)
            })
            .unwrap()
        };
        assert_eq!((hit(1), hit(1), hit(1)), (1, 2, 3));
        assert_eq!(hit(2), 1, "a new window begins at one");
        assert_eq!(
            db.read_now(|conn| store::hits(conn, "mail:x", 1)).unwrap(),
            0
        );
    });
}
