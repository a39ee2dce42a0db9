//! What the data protection officer sees and erases for whoever asks in writing.

use axum::http::StatusCode;
use kontor_platform::mail::{self, NewMail};
use kontor_platform::text::Lang;
use kontor_platform::{params, testing};

use crate::world::{World, on_each_demo};

const LOOK: &str = "/verwaltung/datenschutz/auskunft";
const ERASE: &str = "/verwaltung/datenschutz/loeschen";

fn number(world: &World, sql: &'static str) -> i64 {
    let db = &world.site.db;
    let (n,): (i64,) = db.read_now(|c| c.one(sql, params![])).expect("a number");
    n
}

/// A copy to a guest, who left nothing else.
fn copy() -> NewMail {
    NewMail {
        key: "copy".into(),
        kind: "test",
        account: None,
        to: "Gast@Kai.example".into(),
        reply_to: String::new(),
        subject: "Ihre Nachricht an die Werft".into(),
        text: "T".into(),
        html: String::new(),
        lang: Lang::De,
        confidential: false,
        files: Vec::new(),
    }
}

#[test]
fn a_guests_mails_are_shown_and_end_at_the_second_yes() {
    on_each_demo(|world| {
        world.command(|work| mail::queue(work, &copy(), testing::NOW));
        let mails = "SELECT COUNT(*) AS n FROM mail_queue WHERE recipient_key = 'gast@kai.example'";
        let looks = "SELECT COUNT(*) AS n FROM log WHERE kind = 'privacy.access_given'";
        let officer = world.sign_in("dsb");
        let form = "mail=gast%40kai.example";
        let slip = world.post_by(&officer, LOOK, "mail=gast%40kai+example");
        assert_eq!(slip.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            slip.body.contains("value=\"gast@kai example\""),
            "{}",
            slip.body
        );
        assert!(slip.body.contains("Geben Sie eine E-Mail-Adresse ein"));
        let seen = world.post_by(&officer, LOOK, form);
        assert_eq!(seen.status, StatusCode::OK);
        assert!(
            seen.body.contains("Ihre Nachricht an die Werft"),
            "{}",
            seen.body
        );
        assert_eq!(number(world, looks), 1);

        let unsure = world.post_by(&officer, ERASE, form);
        assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            unsure.body.contains("Bestätigen Sie, dass alles"),
            "{}",
            unsure.body
        );
        assert!(
            unsure.body.contains("Ihre Nachricht an die Werft"),
            "the form comes back"
        );
        assert_eq!(number(world, looks), 2, "no look without its note");
        assert_eq!(number(world, mails), 1);

        let gone = world.post_by(&officer, ERASE, "mail=gast%40kai.example&sure=1");
        assert_eq!(gone.status, StatusCode::SEE_OTHER);
        assert_eq!(number(world, mails), 0);
        let after = world.post_by(&officer, LOOK, form);
        assert!(
            after.body.contains("ist nichts gespeichert"),
            "{}",
            after.body
        );
        assert_eq!(number(world, looks), 2, "there was nothing to be given");
        let again = world.post_by(&officer, ERASE, "mail=gast%40kai.example&sure=1");
        assert_eq!(again.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn what_somebody_agreed_to_reads_as_words() {
    on_each_demo(|world| {
        let find = "SELECT MIN(a.mail) AS mail FROM accounts a JOIN consents c ON c.account = a.id \
            WHERE c.given_on = 'first_sign_in'";
        let (mail,): (String,) = world.site.db.read_now(|c| c.one(find, params![])).unwrap();
        let officer = world.sign_in("dsb");
        let form = format!("mail={}", kontor_platform::web::encode(&mail));
        let page = world.post_by(&officer, LOOK, &form).body;
        for said in [
            "Zweck: Anzeigen Ihrer",
            "Wo: bei der ersten Anmeldung",
            "Angabe: Name",
        ] {
            assert!(page.contains(said), "{said}: {page}");
        }
        for raw in ["first_sign_in", ": publication", ": name", ": mail;"] {
            assert!(!page.contains(raw), "{raw}: {page}");
        }
    });
}
