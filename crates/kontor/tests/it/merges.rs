//! What becomes of merges beside the records: told in the histories of clusters.

use kontor::directory::{Organisation, Visibility};
use kontor_platform::{Id, params};

use crate::duplicates::{MINE, another, create, hidden, post, theirs};
use crate::world::{World, on_each_demo};

/// What a role reads in the history of a cluster.
fn history(world: &World, role: &str, slug: &str) -> String {
    let token = world.sign_in(role);
    let answer = world.get_by(&token, &format!("/cluster/{slug}/verlauf"));
    assert!(answer.status.is_success(), "{role}: {slug}");
    answer.body
}

/// Sends a form to the page of duplicates, which must lead to this message.
fn act(world: &World, role: &str, path: &str, form: &str, flash: &str) {
    world.clock.advance_s(60);
    let done = post(world, &world.sign_in(role), path, form);
    assert!(done.header("location").contains(flash), "{}", done.body);
}

fn pair(a: Id<Organisation>, b: Id<Organisation>) -> String {
    format!("winner={a}&loser={b}")
}

const TOLD: &str = "Doppelter Eintrag „Doppelwerk“ gehört jetzt zu:</strong> \
    <a href=\"/organisationen/doppelwerk-gmbh\">Doppelwerk GmbH</a>";

#[test]
fn a_merge_stands_in_the_histories_of_the_clusters_that_it_touched() {
    on_each_demo(|world| {
        let theirs = theirs(world);
        let third = another(world, &theirs);
        let public = Visibility::Public;
        let a = create(world, "Doppelwerk GmbH", MINE.into(), "", public);
        let b = create(world, "Doppelwerk", theirs.clone(), "", public);
        let propose = ("zusammenfuehren", pair(a, b));
        act(
            world,
            "manager",
            propose.0,
            &propose.1,
            "flash-merge-proposed",
        );
        assert!(!history(world, "manager", MINE).contains("Doppelter Eintrag"));
        let page = world.get_by(&world.sign_in("manager_other"), "/verwaltung/dubletten");
        let yes = format!("proposal={}&answer=yes", hidden(&page.body, "proposal"));
        act(world, "manager_other", "antwort", &yes, "flash-merged");
        for (role, slug) in [
            ("manager", MINE),
            ("coordinator", MINE),
            ("manager_other", &theirs),
            ("auditor", &theirs),
        ] {
            let page = history(world, role, slug);
            assert!(page.contains(TOLD), "{role}: {page}");
        }
        let name = "SELECT name FROM clusters WHERE slug = $1";
        let slug = theirs.clone();
        let name = world
            .site
            .db
            .read_now(|c| c.one::<(String,)>(name, params![slug]));
        let by = format!("durch Sie für {}</p>", name.expect("the cluster").0);
        assert!(
            history(world, "manager_other", &theirs).contains(&by),
            "{by}"
        );
        assert!(!history(world, "coordinator", &third).contains("Doppelwerk"));
        let token = world.sign_in("manager");
        let english = world
            .get_by(&token, &format!("/en/cluster/{MINE}/verlauf"))
            .body;
        assert!(english.contains("Duplicate entry “Doppelwerk” now belongs to:"));

        let page = world.get_by(&token, "/verwaltung/dubletten").body;
        let undo = format!("merge={}", hidden(&page, "merge"));
        act(
            world,
            "manager",
            "rueckgaengig",
            &undo,
            "flash-merge-undone",
        );
        let page = history(world, "coordinator", &theirs);
        assert!(page.contains("Zusammenführung mit „Doppelwerk“ rückgängig gemacht:"));
        assert!(page.contains(TOLD), "what happened stays told");
    });
}

#[test]
fn a_merge_with_a_hidden_record_is_told_to_the_clusters_management_alone() {
    on_each_demo(|world| {
        let a = create(
            world,
            "Doppelwerk GmbH",
            MINE.into(),
            "",
            Visibility::Public,
        );
        let b = create(world, "Doppelwerk", MINE.into(), "", Visibility::Cluster);
        act(
            world,
            "manager",
            "zusammenfuehren",
            &pair(a, b),
            "flash-merged",
        );
        for role in ["coordinator", "auditor"] {
            let page = history(world, role, MINE);
            assert!(page.contains("Doppelwerk GmbH"), "{role}: it joined");
            assert!(!page.contains("Doppelter Eintrag"), "{role}: {page}");
        }
        for role in ["manager", "admin"] {
            let page = history(world, role, MINE);
            assert!(page.contains(TOLD), "{role}: {page}");
        }
    });
}

#[test]
fn merges_of_before_the_update_are_told_as_well() {
    const MIGRATION: &str = include_str!("../../../../migrations/0034_merges_told.sql");
    on_each_demo(|world| {
        let public = Visibility::Public;
        let a = create(world, "Doppelwerk GmbH", MINE.into(), "", public);
        let b = create(world, "Doppelwerk", MINE.into(), "", public);
        act(
            world,
            "manager",
            "zusammenfuehren",
            &pair(a, b),
            "flash-merged",
        );
        let told = history(world, "manager", MINE);
        world.command(|work| {
            let forget = "DELETE FROM log_mentions WHERE id IN (SELECT id FROM clusters) AND seq IN \
                (SELECT seq FROM log WHERE kind = 'directory.organisations_merged')";
            assert_eq!(work.run(forget, params![])?, 1);
            Ok(())
        });
        assert!(!history(world, "manager", MINE).contains(TOLD));
        world.command(|work| {
            let statement = MIGRATION.split(";\n").find(|s| s.contains("INSERT"));
            work.run(statement.expect("a statement"), params![])
                .map(drop)
        });
        let again = history(world, "manager", MINE);
        assert!(again.contains(TOLD) && again.len() == told.len());
    });
}
