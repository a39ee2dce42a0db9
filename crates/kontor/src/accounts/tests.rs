//! Rules and commands of accounts.

use kontor_platform::db::Db;
use kontor_platform::text::Lang;
use kontor_platform::work::Stamp;
use kontor_platform::{Day, Error, Id, log, secret, testing};

use super::commands::{
    Invitation, NewAccount, create_account, grant, invite, looks_like_mail, mail_key,
};
use super::model::{Account, Actor, Purpose, Role, RoleKind, Scope};
use super::passwords::hash_password;
use super::{admin as administration, privacy, store};
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
        role: Some(admin()),
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
fn addresses_as_people_have_them_are_taken() {
    for mail in [
        "ada@example.org",
        "ada.kran+kontor@werft.example",
        "o'neill@a-b.example",
        "jürgen@müller.example",
    ] {
        assert!(looks_like_mail(mail), "{mail}");
    }
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
            "a<ada@example.org>",
            "ada@example.org>",
            "ada@example.org,bert@example.org",
            "\"a b\"@example.org",
            "ada(work)@example.org",
            "ada@bert@example.org",
            "ada\u{7f}@example.org",
            "ada..b@example.org",
            "ada@example..org",
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
        let take = |start| {
            db.write_now(Stamp::system(testing::NOW), move |work| {
                store::take(work, "mail:x", start, 3)
            })
            .unwrap()
        };
        assert_eq!([0; 4].map(take), [true, true, true, false]);
        db.write_now(Stamp::system(testing::NOW), |work| {
            store::give_back(work, "mail:x", 0)
        })
        .unwrap();
        assert!(take(0) && !take(0), "a good try made room for one");
        assert!(take(900), "a new window begins empty");
    });
}

#[test]
fn a_days_limit_outlives_the_daily_care() {
    testing::on_each_engine(MIGRATIONS, |db| {
        let now = testing::NOW.0 / 1_000_000;
        let take = move |start| {
            move |work: &mut kontor_platform::Work<'_>| store::take(work, "sender:x", start, 1)
        };
        let stamp = || Stamp::system(testing::NOW);
        let today = now - now % (24 * 3600);
        assert!(db.write_now(stamp(), take(today)).unwrap());
        db.write_now(stamp(), |work| privacy::drop_links(work, testing::NOW))
            .unwrap();
        assert!(!db.write_now(stamp(), take(today)).unwrap());
        // What is really over goes.
        db.write_now(stamp(), |work| {
            privacy::drop_links(work, testing::NOW.plus_s(3 * 24 * 3600))
        })
        .unwrap();
        assert!(db.write_now(stamp(), take(today)).unwrap());
    });
}

/// Runs one command per item at the same time; what each answered.
fn at_once<T, F>(db: &Db, commands: Vec<F>) -> Vec<kontor_platform::Result<T>>
where
    T: Send + 'static,
    F: Fn(&mut kontor_platform::Work<'_>) -> kontor_platform::Result<T> + Send + 'static,
{
    let start = std::sync::Barrier::new(commands.len());
    std::thread::scope(|scope| {
        let run = |command| {
            let start = &start;
            scope.spawn(move || {
                start.wait();
                db.write_now(Stamp::system(testing::NOW), command)
            })
        };
        let all: Vec<_> = commands.into_iter().map(run).collect();
        all.into_iter().map(|t| t.join().unwrap()).collect()
    })
}

#[test]
fn a_role_given_twice_at_once_is_there_once() {
    testing::on_each_engine(MIGRATIONS, |db| {
        let account = active(&db, "ada@example.org", &[]);
        let give = move |work: &mut kontor_platform::Work<'_>| grant(work, account, &admin(), None);
        for outcome in at_once(&db, vec![give; 6]) {
            outcome.unwrap();
        }
        let roles = db.read_now(|conn| administration::roles(conn, account));
        assert_eq!(roles.unwrap().len(), 1);
    });
}

#[test]
fn two_who_end_each_others_administration_leave_one() {
    testing::on_each_engine(MIGRATIONS, |db| {
        let of = |mail| active(&db, mail, &[admin()]);
        let both = [of("ada@example.org"), of("bert@example.org")];
        let role = |account| {
            let roles = db.read_now(|conn| administration::roles(conn, account));
            roles.unwrap()[0].id
        };
        let end = |id| {
            move |work: &mut kontor_platform::Work<'_>| administration::end_role(work, id).map(drop)
        };
        let done = at_once(&db, both.map(|account| end(role(account))).into());
        let refused = |o: &&kontor_platform::Result<()>| {
            matches!(o, Err(Error::Refused("admin-refused-last")))
        };
        assert_eq!(done.iter().filter(refused).count(), 1, "{done:?}");
        // Nor do two lock each other out.
        let of = |mail| active(&db, mail, &[admin()]);
        let others = [of("carl@example.org"), of("dora@example.org")];
        let left = both.into_iter().chain(others);
        let lock = |account| {
            move |work: &mut kontor_platform::Work<'_>| {
                administration::set_locked(work, None, account, true)
            }
        };
        let done = at_once(&db, left.map(lock).collect());
        assert_eq!(done.iter().filter(refused).count(), 1, "{done:?}");
        let today = testing::NOW.day();
        assert_eq!(
            db.read_now(|c| store::count_admins(c, today)).unwrap(),
            1,
            "somebody is left"
        );
    });
}

#[test]
fn two_roles_of_one_account_are_one_administration() {
    testing::on_each_engine(MIGRATIONS, |db| {
        let limited = role(
            RoleKind::Admin,
            Scope::Region,
            "2026-01-01",
            Some("2027-01-01"),
        );
        let ada = active(&db, "ada@example.org", &[admin(), limited.clone()]);
        active(&db, "bert@example.org", &[limited]);
        let today = testing::NOW.day();
        assert_eq!(db.read_now(|c| store::count_admins(c, today)).unwrap(), 2);
        let roles = db
            .read_now(|conn| administration::roles(conn, ada))
            .unwrap();
        let lasting = roles.iter().find(|r| r.role.until.is_none()).unwrap().id;
        let ended = db.write_now(Stamp::system(testing::NOW), move |work| {
            administration::end_role(work, lasting)
        });
        assert!(
            matches!(ended, Err(Error::Refused("admin-refused-last"))),
            "who administers for a while leaves nobody behind"
        );
    });
}

/// An account in use with these roles.
fn active(db: &Db, mail: &'static str, roles: &[Role]) -> Id<Account> {
    let roles = roles.to_vec();
    db.write_now(Stamp::system(testing::NOW), move |work| {
        let new = NewAccount {
            mail,
            name: "",
            lang: Lang::De,
            demo_key: None,
        };
        let id = create_account(work, &new)?;
        for role in &roles {
            grant(work, id, role, None)?;
        }
        Ok(id)
    })
    .unwrap()
}
