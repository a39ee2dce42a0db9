//! That two records are different can be taken back, and whoever proposed a merge, or
//! was part of one, is told of another cluster's no.

use axum::http::StatusCode;
use kontor::directory::Visibility;
use kontor_platform::{Instant, mail};

use crate::duplicates::{MINE, create, hidden, post, theirs};
use crate::world::{World, on_each_demo};

const PAGE: &str = "/verwaltung/dubletten";
const APART: &str = "Als verschieden vermerkt";

/// Subjects of the letters to whoever signs in by this button.
fn told(world: &World, role: &str) -> Vec<String> {
    let db = &world.site.db;
    let find = format!("SELECT mail FROM accounts WHERE demo_key = '{role}'");
    let (to,): (String,) = db.read_now(|c| c.one(&find, &[])).expect("an address");
    let page = db.read_now(|c| mail::page(c, None, (Instant(i64::MAX), ""), 99));
    let mut all = page.expect("mails");
    all.retain(|m| m.to == to);
    all.into_iter().map(|m| m.subject).collect()
}

#[test]
fn two_that_are_kept_apart_may_be_the_same_after_all() {
    on_each_demo(|world| {
        let public = Visibility::Public;
        let a = create(world, "Doppelwerk GmbH", MINE.into(), "", public);
        let b = create(world, "Doppelwerk", MINE.into(), "", public);
        let token = world.sign_in("manager");
        assert!(!world.get_by(&token, PAGE).body.contains(APART));
        let both = format!("first={a}&second={b}");
        post(world, &token, "trennen", &both);
        let page = world.get_by(&token, PAGE).body;
        assert!(page.contains(APART) && page.contains("Doppelwerk GmbH"));
        let merge = format!("winner={a}&loser={b}");
        let refused = post(world, &token, "zusammenfuehren", &merge);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        // Whoever leads neither has no say, and reads nothing of it.
        let other = world.sign_in("manager_other");
        assert!(!world.get_by(&other, PAGE).body.contains(APART));
        let foreign = post(world, &other, "doch-gleich", &both);
        assert_eq!(foreign.status, StatusCode::NOT_FOUND);
        // The order in which the two are named does not matter; twice is once.
        let turned = format!("first={b}&second={a}");
        let done = post(world, &token, "doch-gleich", &turned);
        assert!(done.header("location").contains("flash-apart-taken-back"));
        let again = post(world, &token, "doch-gleich", &both);
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = world.get_by(&token, PAGE).body;
        assert!(!page.contains(APART) && page.contains("Doppelwerk GmbH"));
        let history = world.get_by(&token, "/organisationen/doppelwerk-gmbh/verlauf");
        assert!(history.body.contains("Nicht mehr als verschieden"));
        let merged = post(world, &token, "zusammenfuehren", &merge);
        assert!(merged.header("location").contains("flash-merged"));
    });
}

#[test]
fn a_no_and_an_undoing_are_told_to_the_other_side() {
    on_each_demo(|world| {
        let public = Visibility::Public;
        let propose = |names: [&'static str; 2]| {
            let a = create(world, names[0], MINE.into(), "", public);
            let b = create(world, names[1], theirs(world), "", public);
            let token = world.sign_in("manager");
            post(
                world,
                &token,
                "zusammenfuehren",
                &format!("winner={a}&loser={b}"),
            );
            world.clock.advance_s(60);
        };
        let other = world.sign_in("manager_other");
        let answer = |yes: &str| {
            let page = world.get_by(&other, PAGE).body;
            let form = format!("proposal={}&answer={yes}", hidden(&page, "proposal"));
            post(world, &other, "antwort", &form);
            world.clock.advance_s(60);
        };
        propose(["Doppelwerk GmbH", "Doppelwerk"]);
        answer("no");
        let subject = "Vorschlag zum Zusammenführen abgelehnt".to_owned();
        assert_eq!(told(world, "manager"), vec![subject.clone()]);
        assert!(
            !told(world, "manager_other").contains(&subject),
            "not oneself"
        );
        propose(["Zwillingshof GmbH", "Zwillingshof"]);
        answer("yes");
        assert_eq!(
            told(world, "manager").len(),
            1,
            "a yes brings no letter of a no"
        );
        let page = world.get_by(&other, PAGE).body;
        let merge = format!("merge={}", hidden(&page, "merge"));
        post(world, &other, "rueckgaengig", &merge);
        let undone = "Zusammenführen rückgängig gemacht".to_owned();
        assert!(told(world, "manager").contains(&undone));
        assert!(!told(world, "manager_other").contains(&undone));
        // Refused the second time, and told once.
        post(world, &other, "rueckgaengig", &merge);
        let letters = told(world, "manager");
        assert_eq!(letters.iter().filter(|s| **s == undone).count(), 1);
    });
}
