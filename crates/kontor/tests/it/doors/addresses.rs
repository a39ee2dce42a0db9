//! Former addresses lead on from every page below them, and tell nothing of what
//! may not be seen.

use axum::http::StatusCode;
use kontor_platform::params;

use super::{furnish, post};
use crate::world::{World, on_each_demo};

/// From now on `from` is a former address of the organisation at `to`.
fn moved(world: &World, from: &'static str, to: &'static str) {
    world.command(move |work| {
        let sql = "INSERT INTO slugs (kind, slug, target) VALUES ('organisation', $1, $2)";
        work.run(sql, params![from, to])
    });
}

#[test]
fn a_former_address_leads_on_from_every_page_below_it() {
    on_each_demo(|world| {
        furnish(world);
        moved(world, "althof", "offenhof");
        let page = "/organisationen/althof/kontakt?von=brief";
        let to = "/organisationen/offenhof/kontakt?von=brief";
        assert_eq!(world.get(page).header("location"), to);
        let english = world.get("/en/organisationen/althof/uebernehmen");
        let to = "/en/organisationen/offenhof/uebernehmen";
        assert_eq!(english.header("location"), to);
        let token = world.sign_in("organisation_representative");
        for below in ["bearbeiten", "sperren"] {
            let page = format!("/organisationen/althof/{below}");
            let to = format!("/organisationen/offenhof/{below}");
            assert_eq!(world.get_by(&token, &page).header("location"), to);
        }
        // A form that was open during the change is sent on with what was typed.
        let sent = post(
            world,
            &token,
            "/organisationen/althof/kontakt",
            "message=Hallo",
        );
        assert_eq!(sent.status, StatusCode::TEMPORARY_REDIRECT);
        assert_eq!(sent.header("location"), "/organisationen/offenhof/kontakt");
    });
}

#[test]
fn a_former_address_of_a_hidden_organisation_leads_nowhere() {
    on_each_demo(|world| {
        furnish(world);
        moved(world, "frueherhof", "innenhof");
        moved(world, "offener-name", "offenhof");
        let strip = |text: &str| text.replace("frueherhof", "").replace("niemandhof", "");
        for below in ["", "/kontakt", "/uebernehmen"] {
            let former = world.get(&format!("/organisationen/frueherhof{below}"));
            let unknown = world.get(&format!("/organisationen/niemandhof{below}"));
            assert_eq!(former.status, StatusCode::NOT_FOUND, "{below}");
            assert_eq!(strip(&former.body), strip(&unknown.body), "{below}");
            assert_eq!(former.header("location"), "");
        }
        let manager = world.sign_in("manager");
        let seen = world.get_by(&manager, "/organisationen/frueherhof");
        assert_eq!(seen.header("location"), "/organisationen/innenhof");
    });
}
