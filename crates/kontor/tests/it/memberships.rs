//! Memberships by hand: a management brings an organisation in, puts kind and first
//! day right, ends and resumes; for its own cluster, and with all that lists count.

use axum::http::StatusCode;
use kontor::directory::Visibility;
use kontor_platform::params;

use crate::duplicates::{MINE, create, theirs};
use crate::world::{Answer, World, on_each_demo};

const NEW: &str = "/verwaltung/mitglieder/neu";

fn add(world: &World, token: &str, more: &str) -> Answer {
    let form = format!(
        "cluster={MINE}&name=Rebenwerk+GmbH&city=Kiel&side=business&kind=member\
         &since=2026-01-01&visibility=cluster{more}"
    );
    world.post_by(token, NEW, &form)
}

/// Kind, first and last day of the memberships of Rebenwerk.
fn terms(world: &World) -> Vec<(String, String, String)> {
    let find = "SELECT m.kind, m.since, COALESCE(m.until, '') AS u FROM memberships m \
        JOIN organisations o ON o.id = m.organisation WHERE o.slug = 'rebenwerk-gmbh' \
        ORDER BY m.since";
    let db = &world.site.db;
    db.read_now(|c| c.all(find, params![])).expect("terms")
}

fn term(kind: &str, since: &str, until: &str) -> (String, String, String) {
    (kind.to_owned(), since.to_owned(), until.to_owned())
}

/// The identifier of the newest membership of Rebenwerk.
fn newest(world: &World) -> String {
    let find = "SELECT m.id FROM memberships m JOIN organisations o ON o.id = m.organisation \
        WHERE o.slug = 'rebenwerk-gmbh' ORDER BY m.since DESC LIMIT 1";
    let db = &world.site.db;
    let (id,): (String,) = db.read_now(|c| c.one(find, params![])).expect("one");
    id
}

fn act(world: &World, token: &str, what: &str, more: &str) -> Answer {
    let id = newest(world);
    let form = format!("cluster={MINE}&mitgliedschaft={id}&what={what}{more}");
    world.post_by(
        token,
        "/organisationen/rebenwerk-gmbh/mitgliedschaft",
        &form,
    )
}

/// What the cluster's page says of its members, for its management.
fn members(world: &World, token: &str) -> bool {
    let list = format!("/organisationen?cluster={MINE}&ort=Kiel");
    world.get_by(token, &list).body.contains("Rebenwerk GmbH")
}

#[test]
fn an_organisation_comes_in_by_hand_once() {
    on_each_demo(|world| {
        let token = world.sign_in("manager");
        let bad = add(world, &token, "&city=&since=2999-01-01");
        assert_eq!(bad.status, StatusCode::SEE_OTHER, "the first of two counts");
        let form = format!("cluster={MINE}&name=Nurname&kind=member&since=2999-01-01");
        let bad = world.post_by(&token, NEW, &form);
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            bad.body.contains("value=\"Nurname\""),
            "what was typed stays"
        );
        assert!(members(world, &token));
        let stranger = world.get("/organisationen/rebenwerk-gmbh");
        assert_eq!(stranger.status, StatusCode::NOT_FOUND);
        // Again, by a double click or by a colleague: it is there already.
        let again = add(world, &token, "");
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.body.contains("Gibt es sie schon?"));
        assert!(
            again
                .body
                .contains("/organisationen/rebenwerk-gmbh/mitgliedschaft")
        );
        assert!(again.body.contains("value=\"Kiel\""));
        let other = add(world, &token, "&other=1");
        let to = "/organisationen/rebenwerk-gmbh-2?ok=flash-member-created";
        assert_eq!(other.header("location"), to);
    });
}

#[test]
fn nothing_hidden_is_offered_and_nobody_else_can() {
    on_each_demo(|world| {
        create(
            world,
            "Rebenwerk GmbH",
            theirs(world),
            "",
            Visibility::Cluster,
        );
        let token = world.sign_in("manager");
        let done = add(world, &token, "");
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        // The hidden one of the other cluster does not exist for this management.
        let hidden = world.get_by(&token, "/organisationen/rebenwerk-gmbh/mitgliedschaft");
        assert_eq!(hidden.status, StatusCode::NOT_FOUND);
        let form = format!("cluster={MINE}&what=begin&kind=member&since=2026-01-01");
        let path = "/organisationen/rebenwerk-gmbh/mitgliedschaft";
        assert_eq!(
            world.post_by(&token, path, &form).status,
            StatusCode::NOT_FOUND
        );
        let other = world.sign_in("manager_other");
        assert_eq!(
            world.post_by(&other, path, &form).status,
            StatusCode::NOT_FOUND,
            "not for a cluster that one does not lead"
        );
    });
}

#[test]
fn a_membership_is_put_right_ended_and_taken_up_again() {
    on_each_demo(|world| {
        let token = world.sign_in("manager");
        add(world, &token, "");
        let bad = act(world, &token, "change", "&kind=partner&since=2999-01-01");
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        act(world, &token, "change", "&kind=partner&since=2025-03-01");
        assert_eq!(terms(world), [term("partner", "2025-03-01", "")]);
        // Without the tick, or before it began, nothing ends.
        for more in ["&until=2025-12-31", "&until=2025-02-01&sure=1"] {
            let bad = act(world, &token, "end", more);
            assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY, "{more}");
        }
        let end = "&until=2025-12-31&sure=1";
        assert_eq!(act(world, &token, "end", end).status, StatusCode::SEE_OTHER);
        assert_eq!(act(world, &token, "end", end).status, StatusCode::CONFLICT);
        assert_eq!(terms(world), [term("partner", "2025-03-01", "2025-12-31")]);
        assert!(!members(world, &token));
        // It has left the only cluster that could see it; its page of membership stays.
        let page = "/organisationen/rebenwerk-gmbh/mitgliedschaft";
        let seen = world.get_by(&token, page);
        assert_eq!(seen.status, StatusCode::OK);
        assert!(seen.body.contains("Ende zurücknehmen"));
        assert_eq!(
            act(world, &token, "resume", "").status,
            StatusCode::SEE_OTHER
        );
        assert_eq!(terms(world), [term("partner", "2025-03-01", "")]);
        assert!(members(world, &token));
        act(world, &token, "end", end);
        let early = act(world, &token, "begin", "&kind=partner&since=2025-12-31");
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
        act(world, &token, "begin", "&kind=partner&since=2026-01-01");
        let both = [
            term("partner", "2025-03-01", "2025-12-31"),
            term("partner", "2026-01-01", ""),
        ];
        assert_eq!(terms(world), both);
        assert!(members(world, &token));
        let told = world
            .get_by(&token, "/organisationen/rebenwerk-gmbh/verlauf")
            .body;
        for words in [
            "Art oder Beginn der Mitgliedschaft geändert",
            "Ende der Mitgliedschaft zurückgenommen",
        ] {
            assert!(told.contains(words), "{words}");
        }
        let misfiled = world.site.db.read_now(kontor::directory::misfiled);
        assert_eq!(misfiled.expect("a count"), 0);
    });
}
