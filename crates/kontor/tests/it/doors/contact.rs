//! Messages to organisations: relayed without an address, proved, blocked,
//! reported, forgotten.

use axum::http::StatusCode;
use kontor_platform::mail::Stored;
use kontor_platform::params;

use super::{count, furnish, link, post, to};
use crate::world::{World, on_each_demo};

/// Messages of which a name or address is still kept.
const KEPT: &str = "SELECT COUNT(*) AS n FROM contact_messages WHERE mail <> '' OR name <> ''";

/// The address of the demo account of a role.
pub fn address(world: &World, key: &'static str) -> String {
    let find = "SELECT mail FROM accounts WHERE demo_key = $1";
    let db = &world.site.db;
    let (mail,): (String,) = db.read_now(|c| c.one(find, params![key])).unwrap();
    mail
}

/// The paths that block and report a message's sender.
pub fn acts(mail: &Stored) -> Vec<String> {
    let words = mail.text.split_whitespace();
    let path = |w: &str| w.find("/kontakt/").map(|at| w[at..].to_owned());
    words.filter_map(path).collect()
}

#[test]
fn a_message_reaches_the_representatives_and_shows_nobodys_address() {
    on_each_demo(|world| {
        furnish(world);
        let spokes = address(world, "organisation_representative");
        let path = "/organisationen/offenhof/kontakt";
        assert_eq!(world.get("/organisationen/innenhof/kontakt").status, 404);
        let token = world.sign_in("member");
        let own = address(world, "member");
        let page = world.get_by(&token, path).body;
        assert!(page.contains(&own) && !page.contains(&spokes));
        // A typed address of somebody else counts for nothing.
        let form = "name=Fremd&mail=fremd%40b.example&message=Guten+Tag+vom+Kai";
        let sent = post(world, &token, path, form);
        assert!(sent.header("location").ends_with("ok=flash-contact-sent"));
        let relayed = to(world, &spokes);
        assert_eq!(relayed.len(), 1);
        assert_eq!(relayed[0].reply_to, own);
        assert!(relayed[0].text.contains("> Guten Tag vom Kai"));
        let copy = to(world, &own);
        assert_eq!(copy.len(), 1);
        assert!(!copy[0].text.contains(&spokes) && !copy[0].html.contains(&spokes));
        assert!(copy[0].reply_to.is_empty());
        assert!(to(world, "fremd@b.example").is_empty());
        let kept = "SELECT COUNT(*) AS n FROM contact_messages WHERE message <> ''";
        assert_eq!(count(world, kept), 0);
        let told = "SELECT COUNT(*) AS n FROM log WHERE body LIKE '%Kai%' OR body LIKE '%@%'";
        assert_eq!(count(world, told), 0, "no words and no addresses in facts");
        for page in [
            "/organisationen/offenhof",
            "/organisationen/offenhof?ok=flash-contact-sent",
        ] {
            assert!(!world.get(page).body.contains(&spokes));
        }
    });
}

#[test]
fn an_organisation_without_accounts_is_reached_through_its_cluster() {
    on_each_demo(|world| {
        furnish(world);
        let token = world.sign_in("member");
        post(
            world,
            &token,
            "/organisationen/leerhof/kontakt",
            "message=Hallo",
        );
        let managers = to(world, &address(world, "manager"));
        assert_eq!(managers.len(), 1);
        assert!(managers[0].text.contains("weil Sie ein Cluster leiten"));
    });
}

#[test]
fn without_account_a_message_waits_for_its_senders_proof() {
    on_each_demo(|world| {
        furnish(world);
        let spokes = address(world, "organisation_representative");
        let path = "/organisationen/offenhof/kontakt";
        let form = "name=Gast&mail=gast%40fern.example&message=Ein+Wort+an+Sie";
        let sent = world.post(path, form);
        assert!(
            sent.header("location")
                .ends_with("ok=flash-contact-confirm")
        );
        assert!(to(world, &spokes).is_empty(), "nothing goes out before");
        let letters = to(world, "gast@fern.example");
        assert_eq!(letters.len(), 1);
        assert!(
            !letters[0].text.contains("Ein Wort"),
            "nothing typed is repeated"
        );
        let confirm = link(&letters[0], "/kontakt/bestaetigen/");
        for _ in 0..2 {
            let page = world.get(&confirm);
            assert!(
                page.body.contains("Ein Wort an Sie"),
                "looking changes nothing"
            );
        }
        assert!(to(world, &spokes).is_empty());
        assert_eq!(world.post(&confirm, "").status, StatusCode::SEE_OTHER);
        assert_eq!(to(world, &spokes).len(), 1);
        assert_eq!(world.post(&confirm, "").status, StatusCode::CONFLICT);
        assert_eq!(to(world, &spokes).len(), 1, "once");
        assert_eq!(to(world, "gast@fern.example").len(), 2, "the copy");

        // What is never confirmed is forgotten after fourteen days.
        world.post(path, form);
        let letter = to(world, "gast@fern.example").pop().expect("a letter");
        kontor::app::care::round(&world.site, std::path::Path::new("/nonexistent"), false)
            .expect("nothing is due");
        assert_eq!(count(world, KEPT), 2);
        world.clock.advance_s(15 * 24 * 3600);
        let late = link(&letter, "/kontakt/bestaetigen/");
        assert_eq!(world.get(&late).status, StatusCode::CONFLICT);
        kontor::app::care::round(&world.site, std::path::Path::new("/nonexistent"), false)
            .expect("forgotten");
        assert_eq!(count(world, KEPT), 0, "of the relayed one, too");
    });
}

#[test]
fn who_is_blocked_is_told_nothing_and_reaches_nobody() {
    on_each_demo(|world| {
        furnish(world);
        let spokes = address(world, "organisation_representative");
        let path = "/organisationen/offenhof/kontakt";
        let token = world.sign_in("member");
        let first = post(world, &token, path, "message=Erste");
        let letter = to(world, &spokes).remove(0);
        let block = acts(&letter).remove(0);
        assert!(block.contains("/sperren/"));
        // The mark of one deed does not do the other.
        let crossed = block.replace("/sperren/", "/melden/");
        assert_eq!(world.post(&crossed, "").status, StatusCode::NOT_FOUND);
        world.get(&block);
        assert_eq!(count(world, "SELECT COUNT(*) AS n FROM contact_blocks"), 0);
        for _ in 0..2 {
            assert_eq!(world.post(&block, "").status, StatusCode::SEE_OTHER);
        }
        assert!(
            world
                .get(&block)
                .body
                .contains("erreicht Offenhof nicht mehr")
        );
        let second = post(world, &token, path, "message=Zweite");
        assert_eq!(first.status, second.status);
        assert_eq!(first.header("location"), second.header("location"));
        assert_eq!(to(world, &spokes).len(), 1, "withheld");
        assert_eq!(to(world, &address(world, "member")).len(), 2, "both copies");
        // Others, and other organisations, are not concerned.
        post(
            world,
            &token,
            "/organisationen/leerhof/kontakt",
            "message=Dritte",
        );
        assert_eq!(to(world, &address(world, "manager")).len(), 1);

        let report = acts(&letter).remove(1);
        world.post(&report, "note=Wirbt+ohne+Ende");
        let manager = world.sign_in("manager");
        let page = world.get_by(&manager, "/verwaltung/anfragen").body;
        assert!(page.contains("Wirbt ohne Ende") && page.contains(&address(world, "member")));
        let other = world.sign_in("manager_other");
        let theirs = world.get_by(&other, "/verwaltung/anfragen").body;
        assert!(!theirs.contains("Wirbt ohne Ende"));
        let id = report.split('/').nth(2).unwrap();
        let settle = format!("/verwaltung/meldungen/{id}");
        assert_eq!(
            post(world, &other, &settle, "").status,
            StatusCode::NOT_FOUND
        );
        assert_eq!(
            post(world, &manager, &settle, "").status,
            StatusCode::SEE_OTHER
        );
        let page = world.get_by(&manager, "/verwaltung/anfragen").body;
        assert!(!page.contains("Wirbt ohne Ende"));
        let kept = "SELECT COUNT(*) AS n FROM contact_reports WHERE mail <> '' OR note <> ''";
        assert_eq!(count(world, kept), 0);
    });
}

#[test]
fn a_sender_has_five_messages_a_day() {
    on_each_demo(|world| {
        furnish(world);
        let token = world.sign_in("member");
        let send = || {
            let path = "/organisationen/offenhof/kontakt";
            post(world, &token, path, "message=Hallo").status.as_u16()
        };
        let codes: Vec<u16> = (0..6).map(|_| send()).collect();
        assert_eq!(codes, [303, 303, 303, 303, 303, 429]);
        world.clock.advance_s(24 * 3600);
        assert_eq!(send(), 303);
    });
}
