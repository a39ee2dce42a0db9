//! What stands beside merging itself: pages of pairs, proposals that are taken back,
//! and merges in the histories of clusters.

use axum::http::StatusCode;
use kontor::directory::{self, Organisation, Visibility};
use kontor_platform::mail;
use kontor_platform::{Id, Instant, params};

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

/// The texts between two marks of a page, one per place where they stand.
fn between<'a>(page: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    let parts = page.split(start).skip(1);
    parts
        .map(|p| p.split(end).next().unwrap_or_default())
        .collect()
}

/// Every page of the pairs, from the first to the last.
fn pages(world: &World, token: &str) -> Vec<(String, String)> {
    let mut path = "/verwaltung/dubletten".to_owned();
    let mut pages = Vec::new();
    loop {
        let page = world.get_by(token, &path).body;
        let next = between(&page, "rel=\"next\" href=\"", "\"");
        let next = next.first().map(|n| (*n).to_owned());
        pages.push((path, page));
        match next {
            Some(next) => path = next,
            None => return pages,
        }
    }
}

/// The pairs that can be decided on a page, by identifiers.
fn decidable(page: &str) -> Vec<String> {
    let forms = between(page, "/verwaltung/dubletten/trennen\"", "</form>");
    let of = |form: &&str| {
        format!(
            "first={}&second={}",
            hidden(form, "first"),
            hidden(form, "second")
        )
    };
    forms.iter().map(of).collect()
}

const NAMES: [(&str, &str); 6] = [
    ("Ahornwerk GmbH", "Ahornwerk"),
    ("Birkenwerk GmbH", "Birkenwerk"),
    ("Chromwerk GmbH", "Chromwerk"),
    ("Dachwerk GmbH", "Dachwerk"),
    ("Eichenwerk GmbH", "Eichenwerk"),
    ("Farnwerk GmbH", "Farnwerk"),
];

#[test]
fn every_pair_stands_on_one_page_and_the_start_page_counts_them() {
    on_each_demo(|world| {
        let token = world.sign_in("manager");
        let before: usize = pages(world, &token)
            .iter()
            .map(|(_, p)| decidable(p).len())
            .sum();
        // Four records of one name are six pairs.
        for (long, short) in NAMES {
            for name in [long, short, long, short] {
                create(world, name, MINE.into(), "", Visibility::Public);
            }
        }
        let all = pages(world, &token);
        let mut found: Vec<String> = all.iter().flat_map(|(_, p)| decidable(p)).collect();
        let sizes: Vec<usize> = all.iter().map(|(_, p)| decidable(p).len()).collect();
        assert_eq!(found.len(), before + 36, "{sizes:?}");
        assert!(
            sizes.len() > 1 && sizes[..sizes.len() - 1].iter().all(|n| *n == 20),
            "{sizes:?}"
        );
        let start = world.get_by(&token, "/mein-kontor").body;
        assert!(
            start.contains(&format!("{} mögliche Paare", found.len())),
            "{start}"
        );
        found.sort();
        found.dedup();
        assert_eq!(found.len(), before + 36, "each once");

        // Who decides on the second page stays there.
        let (path, page) = &all[1];
        let form = format!("{}&nach={}", decidable(page)[0], hidden(page, "nach"));
        let apart = post(world, &token, "trennen", &form.replace('~', "%7E"));
        assert_eq!(apart.status, StatusCode::SEE_OTHER);
        let back = apart.header("location").replace("&ok=flash-kept-apart", "");
        assert_eq!(back, *path);
        let left: usize = pages(world, &token)
            .iter()
            .map(|(_, p)| decidable(p).len())
            .sum();
        assert_eq!(left, before + 35);
        let odd = world.get_by(&token, "/verwaltung/dubletten?nach=~~%27~x%C3%A4");
        assert_eq!(odd.status, StatusCode::OK);
    });
}

#[test]
fn what_may_not_be_seen_is_noticed_once_whatever_the_page() {
    on_each_demo(|world| {
        let theirs = theirs(world);
        let mut secret = Vec::new();
        for (long, short) in NAMES {
            for _ in 0..4 {
                create(world, long, MINE.into(), "", Visibility::Public);
            }
            for _ in 0..2 {
                secret.push(create(
                    world,
                    short,
                    theirs.clone(),
                    "",
                    Visibility::Cluster,
                ));
            }
        }
        let token = world.sign_in("manager");
        let all = pages(world, &token);
        let notice = "Fragen Sie dessen Management";
        let told: usize = all.iter().map(|(_, p)| p.matches(notice).count()).sum();
        assert_eq!(told, 24, "one by each own record");
        assert!(all.len() >= 3);
        for (path, page) in &all {
            for id in &secret {
                assert!(!page.contains(&id.to_string()) && !path.contains(&id.to_string()));
            }
        }
    });
}

/// Kind and text of every mail, the oldest first.
fn mails(world: &World) -> Vec<(String, String)> {
    let db = &world.site.db;
    let all = db.read_now(|c| mail::page(c, None, (Instant(i64::MAX), ""), 50));
    let mut all = all.expect("the queue");
    all.sort_by_key(|m| m.created_at);
    let whole = |id| db.read_now(|c| mail::find(c, id)).expect("a mail");
    let all = all.into_iter().map(|m| whole(m.id));
    all.map(|m| (m.kind, m.text)).collect()
}

/// The manager proposes to merge two records; the form that answers.
fn proposed(world: &World, names: [&'static str; 2]) -> String {
    let public = Visibility::Public;
    let a = create(world, names[0], MINE.into(), "", public);
    let b = create(world, names[1], theirs(world), "", public);
    act(
        world,
        "manager",
        "zusammenfuehren",
        &pair(a, b),
        "flash-merge-proposed",
    );
    let page = world.get_by(&world.sign_in("manager_other"), "/verwaltung/dubletten");
    format!("proposal={}", hidden(&page.body, "proposal"))
}

const DOUBLE: [&str; 2] = ["Doppelwerk GmbH", "Doppelwerk"];

#[test]
fn who_proposed_takes_it_back_and_who_was_told_is_told() {
    on_each_demo(|world| {
        let form = proposed(world, DOUBLE);
        let own = world
            .get_by(&world.sign_in("manager"), "/verwaltung/dubletten")
            .body;
        assert!(own.contains("Der Vorschlag ist von Ihnen."), "{own}");
        let other = world.sign_in("manager_other");
        let page = world.get_by(&other, "/verwaltung/dubletten").body;
        assert!(page.contains("Doppelwerk") && !page.contains("ist von Ihnen"));
        let refused = post(world, &other, "zurueckziehen", &form);
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "it is not theirs");

        act(
            world,
            "manager",
            "zurueckziehen",
            &form,
            "flash-merge-withdrawn",
        );
        let waits = "Ein Vorschlag zum Zusammenführen wartet";
        assert!(!world.get_by(&other, "/verwaltung").body.contains(waits));
        let page = world.get_by(&other, "/verwaltung/dubletten").body;
        assert!(!page.contains("name=\"proposal\""), "{page}");
        let told = mails(world);
        let kinds: Vec<&str> = told.iter().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(
            kinds,
            ["directory.merge_proposed", "directory.merge_withdrawn"]
        );
        let text = "„Doppelwerk“ mit „Doppelwerk GmbH“ zusammenzuführen, ist zurückgezogen.";
        assert!(told[1].1.contains(text), "{}", told[1].1);
        let late = world.site.clock.now().plus_s(30 * 24 * 3600);
        assert_eq!(directory::duplicates::remind(&world.site, late).unwrap(), 0);
        let token = world.sign_in("manager");
        let traced = world
            .get_by(&token, "/organisationen/doppelwerk-gmbh/verlauf")
            .body;
        assert!(traced.contains("Vorschlag zurückgezogen, zusammenzuführen mit:"));

        // Too late for a yes, and for taking it back twice.
        let words = "Dieser Vorschlag ist zurückgezogen.";
        let yes = post(world, &other, "antwort", &format!("{form}&answer=yes"));
        assert_eq!(yes.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(yes.body.contains(words));
        assert!(
            post(world, &token, "zurueckziehen", &form)
                .body
                .contains(words)
        );
        // The pair is open again, and may be proposed again.
        let page = world.get_by(&token, "/verwaltung/dubletten").body;
        let ids = (hidden(&page, "winner"), hidden(&page, "loser"));
        let again = format!("winner={}&loser={}", ids.0, ids.1);
        act(
            world,
            "manager",
            "zusammenfuehren",
            &again,
            "flash-merge-proposed",
        );
        assert_eq!(mails(world).len(), 3);
    });
}

#[test]
fn nobody_gets_a_mail_about_a_withdrawal_who_got_none_about_the_proposal() {
    on_each_demo(|world| {
        let form = proposed(world, DOUBLE);
        world.command(|work| {
            let gone = work.run("DELETE FROM mail_queue", params![])?;
            assert_eq!(gone, 1, "the proposal had been mailed");
            Ok(())
        });
        act(
            world,
            "manager",
            "zurueckziehen",
            &form,
            "flash-merge-withdrawn",
        );
        assert!(mails(world).is_empty());
    });
}

#[test]
fn after_the_yes_there_is_nothing_to_withdraw() {
    on_each_demo(|world| {
        let form = proposed(world, DOUBLE);
        let yes = format!("{form}&answer=yes");
        act(world, "manager_other", "antwort", &yes, "flash-merged");
        let late = post(world, &world.sign_in("manager"), "zurueckziehen", &form);
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            late.body
                .contains("Über diesen Vorschlag ist schon entschieden.")
        );
        let moved = world.get("/organisationen/doppelwerk");
        assert_eq!(moved.header("location"), "/organisationen/doppelwerk-gmbh");
        assert_eq!(
            mails(world).len(),
            1,
            "nobody is told of what did not happen"
        );
    });
}

#[test]
fn a_yes_and_a_withdrawal_at_the_same_moment_are_one_decision() {
    on_each_demo(|world| {
        let (token, other) = (world.sign_in("manager"), world.sign_in("manager_other"));
        for (long, short) in NAMES {
            let form = proposed(world, [long, short]);
            let yes = format!("{form}&answer=yes");
            let (taken, agreed) = std::thread::scope(|s| {
                let taken = s.spawn(|| post(world, &token, "zurueckziehen", &form).status);
                let agreed = s.spawn(|| post(world, &other, "antwort", &yes).status);
                (taken.join().unwrap(), agreed.join().unwrap())
            });
            let (done, refused) = (StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(
                [(done, refused), (refused, done)].contains(&(taken, agreed)),
                "{taken} {agreed}"
            );
            let find = "SELECT state FROM organisations WHERE slug = $1";
            let slug = short.to_lowercase();
            let (state,) = world
                .site
                .db
                .read_now(|c| c.one::<(String,)>(find, params![slug]))
                .unwrap();
            assert_eq!(state == "merged", agreed == done, "{short}");
        }
    });
}
