use super::*;
use crate::config::Smtp;
use crate::db::Migration;
use crate::testing::{NOW, on_each_engine};
use crate::time::{Clock, Instant};
use crate::work::Stamp;

const TABLES: &[Migration] = &[
    Migration {
        name: "0001_log",
        sql: include_str!("../../../../migrations/0001_log.sql"),
    },
    Migration {
        name: "0002_accounts",
        sql: include_str!("../../../../migrations/0002_accounts.sql"),
    },
    Migration {
        name: "0005_mail",
        sql: include_str!("../../../../migrations/0005_mail.sql"),
    },
    Migration {
        name: "0023_found_by_key",
        sql: include_str!("../../../../migrations/0023_found_by_key.sql"),
    },
];

fn letter(key: &str) -> NewMail {
    NewMail {
        key: key.into(),
        kind: "test.letter",
        account: None,
        to: "anna@example.org".into(),
        reply_to: String::new(),
        subject: "Grüße".into(),
        text: "Guten Tag".into(),
        html: "<p>Guten Tag</p>".into(),
        lang: Lang::De,
        confidential: true,
        files: vec![File {
            name: "a.txt".into(),
            media_type: "text/plain".into(),
            bytes: b"a".to_vec(),
        }],
    }
}

#[test]
fn one_key_is_queued_once_and_kept_without_a_server() {
    on_each_engine(TABLES, |db| {
        let clock = Clock::standing(NOW);
        for _ in 0..2 {
            db.write_now(Stamp::system(NOW), |work| queue(work, &letter("one"), NOW))
                .unwrap();
        }
        send_due(&db, &Smtp::default(), &clock, &|| false).unwrap();
        let states = db.read_now(count_by_state).unwrap();
        assert_eq!(states, [(State::Kept, 1)]);
        let all = db
            .read_now(|c| page(c, None, (Instant(i64::MAX), ""), 9))
            .unwrap();
        let id = all[0].id;
        // A kept mail can still go out, once a server is there.
        let again = |id| db.write_now(Stamp::system(NOW), move |w| send_again(w, id, NOW));
        assert!(again(id).unwrap());
        assert!(!again(id).unwrap(), "it waits already");
    });
}

#[test]
fn an_unreachable_server_is_tried_later_and_given_up_at_last() {
    on_each_engine(TABLES, |db| {
        let clock = Clock::standing(NOW);
        // Port 9 (discard) of loopback: nobody listens there.
        let smtp = Smtp {
            host: "127.0.0.1".into(),
            port: 9,
            security: "none".into(),
            from: "Kontor <kontor@example.org>".into(),
            ..Smtp::default()
        };
        db.write_now(Stamp::system(NOW), |w| queue(w, &letter("two"), NOW))
            .unwrap();
        let state = || {
            db.read_now(|c| page(c, None, (Instant(i64::MAX), ""), 9))
                .unwrap()
                .remove(0)
        };
        assert_eq!(send_due(&db, &smtp, &clock, &|| false).unwrap().not_sent, 1);
        let first = state();
        assert_eq!((first.state, first.tries), (State::Waiting, 1));
        assert!(!first.reason.is_empty());
        assert_eq!(
            send_due(&db, &smtp, &clock, &|| false).unwrap(),
            Outcome::default(),
            "not before its time"
        );
        for _ in 0..7 {
            clock.advance_s(100_000);
            send_due(&db, &smtp, &clock, &|| false).unwrap();
        }
        assert_eq!((state().state, state().tries), (State::Failed, 8));
    });
}

#[test]
fn an_address_that_is_none_fails_at_once() {
    on_each_engine(TABLES, |db| {
        let clock = Clock::standing(NOW);
        let smtp = Smtp {
            host: "127.0.0.1".into(),
            port: 9,
            security: "none".into(),
            from: "kontor@example.org".into(),
            ..Smtp::default()
        };
        db.write_now(Stamp::system(NOW), |w| {
            let bad = NewMail {
                to: "nobody\nBcc: all@example.org".into(),
                ..letter("three")
            };
            queue(w, &bad, NOW)
        })
        .unwrap();
        send_due(&db, &smtp, &clock, &|| false).unwrap();
        assert_eq!(db.read_now(count_by_state).unwrap(), [(State::Failed, 1)]);
    });
}

#[test]
fn a_mail_is_found_however_its_address_was_typed() {
    on_each_engine(TABLES, |db| {
        for (key, to, reply_to) in [
            ("a", "\u{c4}nna@Example.org", ""),
            ("b", "bert@example.org", "\u{e4}nna@example.ORG"),
        ] {
            let mail = NewMail {
                to: to.into(),
                reply_to: reply_to.into(),
                ..letter(key)
            };
            db.write_now(Stamp::system(NOW), move |w| queue(w, &mail, NOW))
                .unwrap();
        }
        let anna = vec!["\u{e4}nna@example.org".to_owned()];
        let of = |addresses: Vec<String>| {
            let found = db.read_now(|c| of_person(c, None, &addresses)).unwrap();
            found.len()
        };
        assert_eq!(of(anna.clone()), 2);
        assert_eq!(
            db.read_now(addresses).unwrap().len(),
            3,
            "with the empty one"
        );
        db.write_now(Stamp::system(NOW), |w| {
            drop_waiting(w, "\u{c4}NNA@example.org")
        })
        .unwrap();
        assert_eq!(
            of(anna.clone()),
            1,
            "hers is dropped, an answer to her is not"
        );
        let again = anna.clone();
        db.write_now(Stamp::system(NOW), move |w| forget(w, None, &again))
            .unwrap();
        assert_eq!(of(anna), 0);
    });
}
