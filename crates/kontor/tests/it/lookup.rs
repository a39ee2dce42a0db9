//! An organisation is named by hand where somebody is invited: a page holds few of
//! them, however many there are.

use axum::http::StatusCode;
use kontor::directory::Visibility;
use kontor_platform::params;

use crate::duplicates::{MINE, create, theirs};
use crate::world::{Answer, World, on_each_demo};

const PATH: &str = "/verwaltung/einladungen";

fn page(world: &World, token: &str) -> String {
    world.get_by(token, &format!("{PATH}?cluster={MINE}")).body
}

/// Invites an address to the cluster, with what was typed for the organisation.
fn invite(world: &World, token: &str, mail: &str, organisation: &str) -> Answer {
    let form = format!(
        "cluster={MINE}&lang=de&mail={mail}%40neu.example&name=Neu&may-edit=1\
         &organisation={organisation}&one-source=Messe&one-ground=consent"
    );
    let answer = world.post_by(token, &format!("{PATH}/eine"), &form);
    world.clock.advance_s(60);
    answer
}

/// Name of the organisation to which somebody is invited, and to keep its page.
fn works_for(world: &World, mail: &str) -> Option<(String, i64)> {
    let find = "SELECT o.name, (SELECT COUNT(*) FROM open_invitations v WHERE v.contact = p.id \
        AND v.may_edit = 1) AS keeps FROM people p JOIN organisations o ON o.id = p.organisation \
        WHERE p.mail = $1";
    let mail = format!("{mail}@neu.example");
    world
        .site
        .db
        .read_now(|c| c.first(find, params![mail]))
        .expect("the database")
}

fn offered(page: &str) -> usize {
    page.matches("name=\"chosen\"").count()
}

#[test]
fn an_organisation_is_named_and_a_page_stays_small() {
    on_each_demo(|world| {
        let public = Visibility::Public;
        let token = world.sign_in("manager");
        let before = page(world, &token).len();
        for name in ["Rebenwerk GmbH", "Übungswerk", "Zwieselwerk", "Zwieselwerk"] {
            create(world, name, MINE.into(), "", public);
        }
        create(world, "Fernwerk", theirs(world), "", public);
        let whole = page(world, &token);
        assert_eq!(whole.len(), before, "whatever the cluster has");
        assert!(!whole.contains("Rebenwerk") && !whole.contains("<option value=\"rebenwerk"));

        // By the name, however it is written; by its address; by nothing.
        for (mail, typed, name) in [
            ("a", "rebenwerk%20gmbh", "Rebenwerk GmbH"),
            ("b", "Ubungswerk", "Übungswerk"),
            (
                "c",
                "https://kontor.example/en/organisationen/rebenwerk-gmbh",
                "Rebenwerk GmbH",
            ),
            ("d", "zwieselwerk-2", "Zwieselwerk"),
        ] {
            let done = invite(world, &token, mail, typed);
            assert!(
                done.header("location").contains("flash-invited"),
                "{}",
                done.body
            );
            assert_eq!(
                works_for(world, mail),
                Some((name.to_owned(), 1)),
                "{typed}"
            );
        }
        assert_eq!(invite(world, &token, "e", "").status, StatusCode::SEE_OTHER);
        assert_eq!(works_for(world, "e"), None);
    });
}

#[test]
fn what_may_mean_several_is_chosen_from_few() {
    on_each_demo(|world| {
        let public = Visibility::Public;
        for name in ["Zwieselwerk", "Zwieselwerk", "Rebenwerk GmbH"] {
            create(world, name, MINE.into(), "", public);
        }
        create(world, "Fernwerk", theirs(world), "", public);
        let token = world.sign_in("manager");
        // Part of a name, one name of two, none at all, one of another cluster.
        for (typed, number, words) in [
            ("Rebenwe", 1, "Wählen Sie unten"),
            ("Zwieselwerk", 2, "Wählen Sie unten"),
            ("e", 20, "Es gibt mehr Treffer"),
            ("Gibtsnicht", 0, "So heißt keine Organisation"),
            ("Fernwerk", 0, "So heißt keine Organisation"),
            ("%23%23", 0, "So heißt keine Organisation"),
        ] {
            let asked = invite(world, &token, "x", typed);
            assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
            assert_eq!(offered(&asked.body), number, "{typed}");
            assert!(asked.body.contains(words), "{typed}");
            assert!(
                asked.body.contains("value=\"x@neu.example\""),
                "typed words stay"
            );
        }
        assert_eq!(works_for(world, "x"), None);
        let count = "SELECT COUNT(*) AS n FROM accounts WHERE mail_key = 'x@neu.example'";
        let invited = world
            .site
            .db
            .read_now(|c| c.one::<(i64,)>(count, params![]));
        assert_eq!(invited.unwrap().0, 0, "nobody was invited");

        let done = invite(world, &token, "x", "Zwieselwerk&chosen=zwieselwerk-2");
        assert!(
            done.header("location").contains("flash-invited"),
            "{}",
            done.body
        );
        assert!(works_for(world, "x").is_some());
        // What was chosen counts as long as it fits what is typed.
        let anew = invite(world, &token, "y", "Rebenwerk%20GmbH&chosen=zwieselwerk-2");
        assert!(anew.header("location").contains("flash-invited"));
        assert_eq!(
            works_for(world, "y"),
            Some(("Rebenwerk GmbH".to_owned(), 1))
        );
        let none = invite(world, &token, "z", "&chosen=zwieselwerk-2");
        assert!(none.header("location").contains("flash-invited"));
        assert_eq!(works_for(world, "z"), None);
        let foreign = invite(world, &token, "w", "Fern&chosen=fernwerk");
        assert_eq!(foreign.status, StatusCode::UNPROCESSABLE_ENTITY);
    });
}
