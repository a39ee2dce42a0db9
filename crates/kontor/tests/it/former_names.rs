//! Names under which an organisation was listed before: a list that still uses one
//! is noticed, whoever gave the new name; taken back with it; nothing hidden is told.

use kontor::directory::Visibility;
use kontor_platform::{Id, params};

use crate::doors::renamed;
use crate::duplicates::{MINE, create, hidden, post, theirs};
use crate::imports::{count, upload};
use crate::world::{World, on_each_demo};

const NOTED: &str = "SELECT COUNT(*) AS n FROM former_names";
const LIKE: &str = "hat mit ihr einen früheren Namen gemeinsam";

/// Uploads a list; its address and preview.
fn preview(world: &World, token: &str, list: &str) -> (String, String) {
    world.clock.advance_s(60);
    let path = upload(world, token, list);
    let page = world.get_by(token, &path).body;
    (path, page)
}

fn apply(world: &World, token: &str, path: &str) {
    let form = "visibility=public&source=Antrag&ground=contract";
    let done = world.post_by(token, &format!("{path}/anwenden"), form);
    assert!(done.header("location").contains("applied"), "{}", done.body);
}

fn take_back(world: &World, token: &str, path: &str) {
    let undo = format!("{path}/rueckgaengig");
    let done = world.post_by(token, &undo, "sure=1");
    assert!(done.header("location").contains("undone"), "{}", done.body);
}

#[test]
fn a_list_that_uses_the_name_from_before_another_list_is_noticed() {
    on_each_demo(|world| {
        let token = world.sign_in("manager");
        let list = |name| format!("Mitgliedsnummer;Firma;Ort\n4711;{name};Kiel\n");
        let (path, _) = preview(world, &token, &list("Elbfaser GmbH"));
        apply(world, &token, &path);
        let (spelling, _) = preview(world, &token, &list("ELBFASER AG"));
        apply(world, &token, &spelling);
        assert_eq!(count(world, NOTED), 0, "the same name in other letters");
        let (renaming, page) = preview(world, &token, &list("Nordgarn GmbH"));
        assert!(page.contains("1 geändert"), "{page}");
        apply(world, &token, &renaming);
        assert_eq!(count(world, NOTED), 1);

        let old = "Firma;Ort\nElbfaser;Eutin\n";
        let (path, page) = preview(world, &token, old);
        assert!(page.contains("1 neu"), "{page}");
        assert!(page.contains(&format!("Nordgarn GmbH {LIKE}")), "{page}");
        apply(world, &token, &path);
        let pairs = world.get_by(&token, "/verwaltung/dubletten").body;
        let reason = "eine stand früher unter dem Namen der anderen";
        assert!(pairs.contains(reason), "{pairs}");
        let english = world.get_by(&token, "/en/verwaltung/dubletten").body;
        assert!(english.contains("one was previously listed under the other’s name"));
        take_back(world, &token, &path);

        take_back(world, &token, &renaming);
        assert_eq!(count(world, NOTED), 0);
        let (_, page) = preview(world, &token, old);
        assert!(!page.contains(LIKE), "{page}");
        assert!(page.contains("heißt an einem anderen Ort genauso"));
    });
}

#[test]
fn a_name_that_somebody_changed_by_hand_or_by_merging_is_remembered() {
    on_each_demo(|world| {
        let token = world.sign_in("manager");
        let public = Visibility::Public;
        let winner = create(world, "Neuhafen GmbH", MINE.into(), "HRB 4712", public);
        let loser = create(world, "Althafen GmbH", MINE.into(), "HRB 4712", public);
        renamed(world, "manager", "althafen-gmbh", "Mittelhafen GmbH");
        let pair = format!("winner={winner}&loser={loser}");
        world.clock.advance_s(60);
        let merged = post(world, &token, "zusammenfuehren", &pair);
        assert!(merged.header("location").contains("merged"));
        assert_eq!(count(world, NOTED), 2);
        for name in ["Althafen", "Mittelhafen"] {
            let (_, page) = preview(world, &token, &format!("Firma;Ort\n{name};Eutin\n"));
            let told = format!("Neuhafen GmbH {LIKE}");
            assert!(page.contains(&told), "{name}: {page}");
        }

        let page = world.get_by(&token, "/verwaltung/dubletten").body;
        let merge = format!("merge={}", hidden(&page, "merge"));
        let apart = post(world, &token, "rueckgaengig", &merge);
        assert!(
            apart.header("location").contains("undone"),
            "{}",
            apart.body
        );
        assert_eq!(count(world, NOTED), 1);
        let (_, page) = preview(world, &token, "Firma;Ort\nAlthafen;Eutin\n");
        assert!(page.contains(&format!("Mittelhafen GmbH {LIKE}")), "{page}");
        assert!(!page.contains(&format!("Neuhafen GmbH {LIKE}")), "{page}");
        let (_, page) = preview(world, &token, "Firma;Ort\nMittelhafen;Eutin\n");
        assert!(!page.contains(LIKE), "its present name: {page}");
    });
}

#[test]
fn a_name_that_states_the_one_before_is_noticed() {
    on_each_demo(|world| {
        let token = world.sign_in("manager");
        let public = Visibility::Public;
        create(world, "Elbfaser GmbH", MINE.into(), "", public);
        let list = "Firma;Ort\nNordgarn GmbH (ehem. Elbfaser GmbH);Eutin\n";
        let (path, page) = preview(world, &token, list);
        assert!(page.contains(&format!("Elbfaser GmbH {LIKE}")), "{page}");
        apply(world, &token, &path);
        let pairs = world.get_by(&token, "/verwaltung/dubletten").body;
        assert!(pairs.contains("eine stand früher unter dem Namen der anderen"));
    });
}

/// Somebody else's record that may not be seen: that there is one, and no more.
#[test]
fn a_former_name_tells_nothing_of_what_is_hidden() {
    on_each_demo(|world| {
        let hidden = create(world, "Geheimwerk", theirs(world), "", Visibility::Cluster);
        renamed(world, "manager_other", "geheimwerk", "Stillwerk");
        let noted = "SELECT organisation FROM former_names";
        let noted = world
            .site
            .db
            .read_now(|c| c.one::<(Id<_>,)>(noted, params![]));
        assert_eq!(noted.expect("a former name").0, hidden);
        let token = world.sign_in("manager");
        let (path, page) = preview(world, &token, "Firma;Ort\nGeheimwerk;Eutin\n");
        assert!(page.contains("mögliche Übereinstimmung"), "{page}");
        assert!(!page.contains(LIKE) && !page.contains("Stillwerk"));
        apply(world, &token, &path);
        let pairs = world.get_by(&token, "/verwaltung/dubletten").body;
        assert!(pairs.contains("Geheimwerk") && !pairs.contains("Stillwerk"));
        assert!(!pairs.contains("stand früher"), "{pairs}");
    });
}
