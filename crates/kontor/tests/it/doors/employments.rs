//! People say where they work; the organisation confirms it.

use axum::http::StatusCode;
use kontor_platform::params;

use super::{count, furnish, post, to};
use crate::world::{World, on_each_demo};

const OWN: &str = "/mein-kontor/taetigkeit";
const HERE: &str = "/organisationen/offenhof/mitarbeitende";
const WAITING: &str = "SELECT COUNT(*) AS n FROM employment_requests";
const FORMER: &str = "SELECT COUNT(*) AS n FROM former_employments";

fn text(world: &World, sql: &'static str) -> String {
    let db = &world.site.db;
    let found = db.read_now(|c| c.first::<(String,)>(sql, params![]));
    found.unwrap().map_or_else(String::new, |(text,)| text)
}

/// Where the demo's member works.
fn employer(world: &World) -> String {
    text(
        world,
        "SELECT o.slug || ' ' || COALESCE(p.employed_since, '?') FROM people p \
         JOIN organisations o ON o.id = p.organisation JOIN accounts a ON a.id = p.account \
         WHERE a.demo_key = 'member'",
    )
}

fn address(world: &World, key: &'static str) -> String {
    let find = "SELECT mail FROM accounts WHERE demo_key = $1";
    let db = &world.site.db;
    let (mail,): (String,) = db.read_now(|c| c.one(find, params![key])).unwrap();
    mail
}

fn waiting(world: &World) -> String {
    format!(
        "request={}",
        text(world, "SELECT id FROM employment_requests")
    )
}

fn ask(world: &World, token: &str, slug: &str, since: &str) -> crate::world::Answer {
    let form = format!("organisation={slug}&since={since}&message=Frag+Frau+Kai");
    post(world, token, OWN, &form)
}

/// The member works for an organisation before anything is asked.
fn begin_elsewhere(world: &World) {
    world.command(|work| {
        let sql = "UPDATE people SET organisation = (SELECT id FROM organisations \
            WHERE slug = 'leerhof'), employed_since = '2025-01-01' WHERE account = \
            (SELECT id FROM accounts WHERE demo_key = 'member')";
        work.run(sql, params![]).map(drop)
    });
}

#[test]
fn an_organisation_confirms_that_somebody_works_there() {
    on_each_demo(|world| {
        furnish(world);
        begin_elsewhere(world);
        let member = world.sign_in("member");
        let speaker = world.sign_in("organisation_representative");
        let search = world.get_by(&member, &format!("{OWN}?q=offenh")).body;
        assert!(search.contains("value=\"offenhof\""));
        let sent = ask(world, &member, "offenhof", "2026-01-15");
        assert!(sent.header("location").contains("flash-employment-asked"));
        let again = ask(world, &member, "offenhof", "2026-01-15");
        assert_eq!(again.status, StatusCode::CONFLICT, "one at a time");
        assert!(
            employer(world).starts_with("leerhof"),
            "not by one's own word"
        );
        assert!(
            world
                .get_by(&member, OWN)
                .body
                .contains("noch nicht bestätigt")
        );

        let told = to(world, &address(world, "organisation_representative"));
        assert_eq!(told.len(), 1);
        assert!(told[0].text.contains("Offenhof") && !told[0].text.contains("Frau Kai"));
        let start = world.get_by(&speaker, "/mein-kontor").body;
        assert!(start.contains("Eine Person wartet auf ein Ja"));
        let page = world.get_by(&speaker, HERE).body;
        assert!(page.contains("Frag Frau Kai") && page.contains(&address(world, "member")));
        let (yes, request) = (format!("{HERE}/annehmen"), waiting(world));
        for stranger in ["manager_other", "member", "admin"] {
            let token = world.sign_in(stranger);
            let status = post(world, &token, &yes, &request).status;
            assert_eq!(status, StatusCode::FORBIDDEN, "{stranger}");
        }
        let done = post(world, &speaker, &yes, &request);
        assert!(
            done.header("location")
                .contains("flash-employment-confirmed")
        );
        let late = post(world, &speaker, &yes, &request);
        assert_eq!(late.status, StatusCode::CONFLICT, "decided once");
        assert_eq!(employer(world), "offenhof 2026-01-15");
        let edit = world.get_by(&member, "/organisationen/offenhof/bearbeiten");
        assert_eq!(edit.status, StatusCode::FORBIDDEN, "no right to edit");
        let letters = to(world, &address(world, "member"));
        assert!(letters[0].subject.contains("Offenhof hat bestätigt"));
        // What was before is the person's own, and theirs to delete.
        let former = "SELECT since || ' ' || until FROM former_employments";
        assert_eq!(text(world, former), "2025-01-01 2026-01-15");
        assert!(world.get_by(&member, OWN).body.contains("Leerhof"));
        let entry = format!("id={}", text(world, "SELECT id FROM former_employments"));
        let remove = format!("{OWN}/entfernen");
        let foreign = post(world, &speaker, &remove, &entry);
        assert_eq!(foreign.status, StatusCode::NOT_FOUND);
        post(world, &member, &remove, &entry);
        assert_eq!(count(world, FORMER), 0);
    });
}

#[test]
fn who_is_declined_or_takes_it_back_stays_where_they_were() {
    on_each_demo(|world| {
        furnish(world);
        begin_elsewhere(world);
        let member = world.sign_in("member");
        let manager = world.sign_in("manager");
        ask(world, &member, "leerhof-x", "2026-01-15");
        assert_eq!(count(world, WAITING), 0);
        ask(world, &member, "offenhof", "2026-01-15");
        let back = post(world, &member, &format!("{OWN}/zurueckziehen"), "");
        assert!(back.header("location").contains("withdrawn"));
        let twice = post(world, &member, &format!("{OWN}/zurueckziehen"), "");
        assert_eq!(twice.status, StatusCode::CONFLICT);
        ask(world, &member, "offenhof", "2026-01-15");
        let list = world.get_by(&manager, "/verwaltung/anfragen").body;
        assert!(list.contains("Eine Person wartet auf ein Ja") && list.contains(HERE));
        let start = world.get_by(&manager, "/verwaltung").body;
        assert!(start.contains("wartet auf Sie"));
        let (no, request) = (format!("{HERE}/ablehnen"), waiting(world));
        let long = format!("{request}&reason={}", "x".repeat(2001));
        let refused = post(world, &manager, &no, &long);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("xxxx"), "what was typed stays");
        let form = format!("{request}&reason=Kennt+hier+niemand");
        let done = post(world, &manager, &no, &form);
        assert!(done.header("location").contains("declined"));
        assert_eq!(employer(world), "leerhof 2025-01-01");
        let letters = to(world, &address(world, "member"));
        assert!(letters[0].text.contains("Kennt hier niemand"));
        let told = "SELECT COUNT(*) AS n FROM log WHERE body LIKE '%Kennt%' OR body LIKE '%Kai%'";
        assert_eq!(count(world, told), 0, "no words in facts");
        let history = world.get_by(&member, "/mein-kontor/verlauf").body;
        assert!(history.contains("Nicht bestätigt von"), "{history}");
    });
}

#[test]
fn whoever_speaks_for_an_organisation_needs_no_yes_and_loses_it_by_leaving() {
    on_each_demo(|world| {
        furnish(world);
        let speaker = world.sign_in("organisation_representative");
        let edit = "/organisationen/offenhof/bearbeiten";
        let sent = ask(world, &speaker, "offenhof", "2026-01-15");
        assert!(sent.header("location").contains("flash-employment-begun"));
        assert_eq!(world.get_by(&speaker, edit).status, StatusCode::OK);
        let left = post(world, &speaker, &format!("{OWN}/beenden"), "");
        assert!(left.header("location").contains("flash-employment-left"));
        assert_eq!(world.get_by(&speaker, edit).status, StatusCode::FORBIDDEN);
        // The right at another organisation stays.
        let other = "/organisationen/innenhof/bearbeiten";
        assert_eq!(world.get_by(&speaker, other).status, StatusCode::OK);
        let until = "SELECT COUNT(*) AS n FROM former_employments WHERE since = '2026-01-15'";
        assert_eq!(count(world, until), 1);
    });
}

#[test]
fn a_form_says_what_is_wrong_and_nothing_hidden() {
    on_each_demo(|world| {
        furnish(world);
        begin_elsewhere(world);
        let member = world.sign_in("member");
        for (slug, since, reason) in [
            ("", "2026-01-15", "Wählen Sie eine Organisation aus"),
            ("offenhof", "2999-01-01", "Wählen Sie einen Tag bis heute"),
            ("offenhof", "gestern", "Wählen Sie einen Tag bis heute"),
            ("offenhof", "2024-12-31", "vor dem Beginn"),
            ("leerhof", "2026-01-15", "gehören schon"),
        ] {
            let form = format!("q=hof&organisation={slug}&since={since}&message=Bitte+bald");
            let answer = post(world, &member, OWN, &form);
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{reason}");
            assert!(answer.body.contains(reason), "{reason}: {}", answer.body);
            assert!(answer.body.contains("Bitte bald"), "what was typed stays");
        }
        let other = world.sign_in("manager_other");
        let found = world.get_by(&other, &format!("{OWN}?q=hof")).body;
        assert!(found.contains("offenhof") && !found.contains("innenhof"));
        let hidden = ask(world, &other, "innenhof", "2026-01-15");
        let none = ask(world, &other, "gibt-es-nicht", "2026-01-15");
        assert_eq!(
            (hidden.status, none.status),
            (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND)
        );
        let page = world.get_by(&other, "/organisationen/innenhof/mitarbeitende");
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert_eq!(count(world, WAITING), 0);
    });
}

#[test]
fn an_organisation_ends_only_what_it_may_see() {
    on_each_demo(|world| {
        furnish(world);
        let member = world.sign_in("member");
        let speaker = world.sign_in("organisation_representative");
        ask(world, &member, "offenhof", "2026-01-15");
        post(
            world,
            &speaker,
            &format!("{HERE}/annehmen"),
            &waiting(world),
        );
        world.command(|work| {
            let hide = "DELETE FROM contact_publications WHERE person = (SELECT id FROM people \
                WHERE account = (SELECT id FROM accounts WHERE demo_key = 'member'))";
            work.run(hide, params![]).map(drop)
        });
        let find = "SELECT id FROM people WHERE account = \
            (SELECT id FROM accounts WHERE demo_key = 'member')";
        let person = format!("person={}", text(world, find));
        let end = format!("{HERE}/beenden");
        let unseen = post(world, &speaker, &end, &person);
        assert_eq!(unseen.status, StatusCode::NOT_FOUND);
        world.command(|work| {
            let show = "INSERT INTO contact_publications (person, field, audience, since) \
                SELECT id, 'name', 'all_clusters', 1 FROM people WHERE account = \
                (SELECT id FROM accounts WHERE demo_key = 'member')";
            work.run(show, params![]).map(drop)
        });
        let ended = post(world, &speaker, &end, &person);
        assert!(ended.header("location").contains("flash-employment-ended"));
        assert_eq!(employer(world), "");
        let letters = to(world, &address(world, "member"));
        assert!(
            letters
                .iter()
                .any(|m| m.text.contains("nicht mehr arbeiten"))
        );
    });
}

/// A press of a button is not enough: what happens stands behind a summary, and
/// nobody throws themselves out from the list of their own organisation.
#[test]
fn ending_an_employment_asks_first_and_leads_to_a_page_that_may_be_seen() {
    on_each_demo(|world| {
        furnish(world);
        let member = world.sign_in("member");
        let speaker = world.sign_in("organisation_representative");
        for token in [&speaker, &member] {
            ask(world, token, "offenhof", "2026-01-15");
        }
        let yes = format!("{HERE}/annehmen");
        post(world, &speaker, &yes, &waiting(world));
        world.command(|work| {
            let show = "INSERT INTO contact_publications (person, field, audience, since) \
                SELECT id, 'name', 'all_clusters', 1 FROM people WHERE account IN \
                (SELECT id FROM accounts WHERE demo_key IN ('member', 'organisation_representative')) \
                ON CONFLICT DO NOTHING";
            work.run(show, params![]).map(drop)
        });
        let own = world.get_by(&member, OWN).body;
        let (before, form) = own.split_once(&format!("{OWN}/beenden")).expect("a form");
        assert!(before.ends_with("<form class=\"stack gap-3\" method=\"post\" action=\""));
        let open = before
            .rsplit("<details class=\"more\">")
            .next()
            .expect("a part");
        assert!(open.contains("Ich arbeite dort nicht mehr") && !open.contains("</details>"));
        assert!(form.contains("Tätigkeit bei Offenhof am heutigen Tag"));
        let list = world.get_by(&speaker, HERE).body;
        assert_eq!(list.matches("Das sind Sie").count(), 1);
        let ends = list.matches(&format!("{HERE}/beenden")).count();
        let people = list.matches("<h3 class=\"h-l\">").count();
        assert_eq!(ends + 1, people, "everybody but oneself");
        // Whoever sends the form for themselves all the same is not shut out.
        let find = "SELECT id FROM people WHERE account = \
            (SELECT id FROM accounts WHERE demo_key = 'organisation_representative')";
        let person = format!("person={}", text(world, find));
        let done = post(world, &speaker, &format!("{HERE}/beenden"), &person);
        assert_eq!(
            done.header("location"),
            format!("{OWN}?ok=flash-employment-left")
        );
        assert_eq!(world.get_by(&speaker, OWN).status, StatusCode::OK);
    });
}

#[test]
fn what_waits_follows_a_merge_and_its_undoing() {
    on_each_demo(|world| {
        furnish(world);
        begin_elsewhere(world);
        let member = world.sign_in("member");
        let manager = world.sign_in("manager");
        post(world, &member, &format!("{OWN}/beenden"), "");
        ask(world, &member, "leerhof", "2026-01-15");
        let id = |slug: &'static str| {
            let find = "SELECT id FROM organisations WHERE slug = $1";
            let db = &world.site.db;
            db.read_now(|c| c.one::<(String,)>(find, params![slug]))
                .unwrap()
                .0
        };
        let places = || {
            let (a, b) = (
                "SELECT organisation FROM employment_requests",
                "SELECT organisation FROM former_employments",
            );
            [text(world, a), text(world, b)]
        };
        let (winner, loser) = (id("offenhof"), id("leerhof"));
        assert_eq!(places(), [loser.clone(), loser.clone()]);
        let form = format!("winner={winner}&loser={loser}");
        let merged = post(
            world,
            &manager,
            "/verwaltung/dubletten/zusammenfuehren",
            &form,
        );
        assert!(
            merged.header("location").contains("flash-merged"),
            "{}",
            merged.body
        );
        assert_eq!(places(), [winner.clone(), winner]);
        let form = format!("merge={}", text(world, "SELECT id FROM merges"));
        post(world, &manager, "/verwaltung/dubletten/rueckgaengig", &form);
        assert_eq!(places(), [loser.clone(), loser]);
    });
}

/// Ada has worked somewhere, and says that she works somewhere else now.
pub fn ada_changes(world: &World, token: &str) {
    world.command(|work| {
        let sql = "INSERT INTO former_employments (id, person, organisation, since, until) \
            SELECT '01900000-0000-7000-8000-0000000000bb', p.id, o.id, NULL, '2026-01-02' \
            FROM people p JOIN organisations o ON o.slug = 'werft-am-kai' \
            WHERE p.account IS NOT NULL AND p.name = 'Ada Kranich'";
        assert_eq!(work.run(sql, params![])?, 1);
        Ok(())
    });
    let page = world.get_by(token, "/mein-kontor/taetigkeit?q=er").body;
    let slug = page.split("name=\"organisation\" value=\"").nth(1);
    let slug = slug.and_then(|s| s.split('"').next()).expect("a choice");
    let form = format!("organisation={slug}&since=2026-01-02&message=Die+Kranpoetin+ist+da");
    let asked = world.post_by(token, "/mein-kontor/taetigkeit", &form);
    assert!(asked.header("location").contains("asked"), "{}", asked.body);
}
