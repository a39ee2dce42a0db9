//! Records that mean one organisation: merged with consent, undone exactly, and
//! nothing hidden is told.

use axum::http::{Method, StatusCode};
use kontor::directory::{self, Cluster, MembershipKind, NewOrganisation, Organisation, Visibility};
use kontor_platform::mail;
use kontor_platform::{Day, Id, Instant, params};

use crate::world::{Answer, World, on_each_demo};

const MINE: &str = "hamburg-aviation";

/// The cluster of the other manager.
fn theirs(world: &World) -> String {
    let find = "SELECT c.slug FROM clusters c JOIN role_assignments r ON r.scope_id = c.id \
        JOIN accounts a ON a.id = r.account WHERE a.demo_key = 'manager_other' \
        AND r.role = 'cluster_manager'";
    let found: (String,) = world.site.db.read_now(|c| c.one(find, params![])).unwrap();
    found.0
}

fn create(
    world: &World,
    name: &'static str,
    cluster: String,
    register: &'static str,
    visibility: Visibility,
) -> Id<Organisation> {
    world.command(move |work| {
        let find = "SELECT id FROM clusters WHERE slug = $1";
        let (cluster,): (Id<Cluster>,) = work.one(find, params![cluster])?;
        let new = NewOrganisation {
            name: name.into(),
            street: format!("Gasse {name}"),
            city: "Hamburg".into(),
            register_number: register.into(),
            classes: vec![
                if name.ends_with("GmbH") {
                    "30.30"
                } else {
                    "62.01"
                }
                .into(),
            ],
            visibility: Some(visibility),
            ..Default::default()
        };
        let id = directory::create_organisation(work, &new)?;
        let since = Day::parse("2026-01-01").expect("a day");
        directory::join_cluster(work, id, cluster, MembershipKind::Member, since)?;
        Ok(id)
    })
}

fn post(world: &World, token: &str, act: &str, form: &str) -> Answer {
    let page = world.get_by(token, "/mein-kontor").body;
    let mark = page
        .split("name=\"_mark\" value=\"")
        .nth(1)
        .expect("a form");
    let mark = mark.split('"').next().expect("a value");
    world
        .ask(Method::POST, &format!("/verwaltung/dubletten/{act}"))
        .by(Some(token))
        .form(&format!("_mark={mark}&{form}"))
        .send()
}

/// Every row that a merge may touch, as one text.
fn rows(world: &World) -> String {
    let misfiled = world.site.db.read_now(kontor::directory::misfiled);
    assert_eq!(misfiled.unwrap(), 0, "lists agree with memberships");
    let of = |sql: &str| -> Vec<(String, String, String)> {
        world.site.db.read_now(|c| c.all(sql, params![])).unwrap()
    };
    let mut all = of(
        "SELECT id || organisation || cluster || kind AS a, state || since AS b, \
         COALESCE(until, '') AS c FROM memberships ORDER BY 1",
    );
    all.extend(of(
        "SELECT organisation, code, '' AS c FROM organisation_classes ORDER BY 1, 2",
    ));
    all.extend(of(
        "SELECT id, state, COALESCE(merged_into, '') AS c FROM organisations ORDER BY 1",
    ));
    format!("{all:?}")
}

/// What stands in the page's hidden field of this name, the first time.
fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let rest = page.split(&start).nth(1).expect("the field");
    rest.split('"').next().expect("a value").to_owned()
}

#[test]
fn own_records_become_one_at_once_and_apart_again() {
    on_each_demo(|world| {
        let a = create(
            world,
            "Zwillingswerk GmbH",
            MINE.into(),
            "",
            Visibility::Public,
        );
        let b = create(world, "Zwillingswerk", MINE.into(), "", Visibility::Public);
        let before = rows(world);
        let token = world.sign_in("manager");
        let page = world.get_by(&token, "/verwaltung/dubletten").body;
        assert!(page.contains("Zwillingswerk GmbH") && page.contains("gleicher Name"));
        let merged = post(
            world,
            &token,
            "zusammenfuehren",
            &format!("winner={a}&loser={b}"),
        );
        assert!(
            merged.header("location").contains("flash-merged"),
            "{}",
            merged.body
        );
        let page = world.get("/organisationen/zwillingswerk");
        assert_eq!(
            page.header("location"),
            "/organisationen/zwillingswerk-gmbh"
        );
        let members: Vec<(i64,)> = world
            .site
            .db
            .read_now(|c| {
                let sql = "SELECT COUNT(*) AS n FROM memberships WHERE organisation IN ($1, $2)";
                c.all(sql, params![a, b])
            })
            .unwrap();
        assert_eq!(members, [(1,)], "overlapping memberships become one");
        let page = world.get_by(&token, "/verwaltung/dubletten").body;
        let undo = format!("merge={}", hidden(&page, "merge"));
        let undone = post(world, &token, "rueckgaengig", &undo);
        assert!(undone.header("location").contains("flash-merge-undone"));
        assert_eq!(rows(world), before);
        let again = post(world, &token, "rueckgaengig", &undo);
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        // Kept apart, the pair is not proposed again.
        let apart = post(world, &token, "trennen", &format!("first={a}&second={b}"));
        assert_eq!(apart.status, StatusCode::SEE_OTHER);
        let page = world.get_by(&token, "/verwaltung/dubletten").body;
        assert!(!page.contains("Zwillingswerk"), "{page}");
    });
}

#[test]
fn another_clusters_record_waits_for_its_yes_and_somebody_is_reminded_once() {
    on_each_demo(|world| {
        let theirs = theirs(world);
        let a = create(
            world,
            "Doppelwerk GmbH",
            MINE.into(),
            "",
            Visibility::Public,
        );
        let b = create(world, "Doppelwerk", theirs, "", Visibility::Public);
        let (token, other) = (world.sign_in("manager"), world.sign_in("manager_other"));
        let sent = post(
            world,
            &token,
            "zusammenfuehren",
            &format!("winner={a}&loser={b}"),
        );
        assert!(sent.header("location").contains("flash-merge-proposed"));
        let page = world.get_by(&token, "/verwaltung/dubletten").body;
        let id = page.contains("value=\"yes\"><span class=\"kern-label\">Ja");
        assert!(!id, "who proposed does not answer");
        let start = world.get_by(&other, "/verwaltung").body;
        assert!(start.contains("Ein Vorschlag wartet"), "{start}");
        let remind = |days: i64| {
            let now = world.site.clock.now().plus_s(days * 24 * 3600);
            directory::duplicates::remind(&world.site, now).unwrap()
        };
        assert_eq!((remind(13), remind(14), remind(15)), (0, 1, 0));
        let db = &world.site.db;
        let all = db.read_now(|c| mail::page(c, None, (Instant(i64::MAX), ""), 50));
        assert_eq!(all.unwrap().len(), 2, "the proposal's and the reminder");
        let page = world.get_by(&other, "/verwaltung/dubletten").body;
        let form = format!("proposal={}&answer=yes", hidden(&page, "proposal"));
        assert_eq!(
            post(world, &token, "antwort", &form).status,
            StatusCode::NOT_FOUND,
            "only who is asked answers"
        );
        let merged = post(world, &other, "antwort", &form);
        assert!(merged.header("location").contains("flash-merged"));
        let page = world.get("/organisationen/doppelwerk-gmbh").body;
        assert!(page.contains("/cluster/hamburg-aviation") && page.contains("62.01"));
    });
}

#[test]
fn equal_register_numbers_merge_at_once_when_every_cluster_has_agreed() {
    on_each_demo(|world| {
        let theirs = theirs(world);
        let a = create(
            world,
            "Nummerwerk",
            MINE.into(),
            "HRB 1",
            Visibility::Public,
        );
        let b = create(
            world,
            "Ziffernwerk",
            theirs.clone(),
            "HRB 1",
            Visibility::Public,
        );
        let (token, other) = (world.sign_in("manager"), world.sign_in("manager_other"));
        for (who, cluster) in [(&token, MINE), (&other, theirs.as_str())] {
            let form = format!("cluster={cluster}&agrees=yes");
            assert_eq!(
                post(world, who, "vereinbarung", &form).status,
                StatusCode::SEE_OTHER
            );
        }
        let merged = post(
            world,
            &token,
            "zusammenfuehren",
            &format!("winner={a}&loser={b}"),
        );
        assert!(merged.header("location").contains("flash-merged"));
        // The other cluster is told, and may take it back.
        let page = world.get_by(&other, "/verwaltung/dubletten").body;
        assert!(page.contains("enthält jetzt Ziffernwerk"), "{page}");
        let undo = format!("merge={}", hidden(&page, "merge"));
        let undone = post(world, &other, "rueckgaengig", &undo);
        assert!(undone.header("location").contains("flash-merge-undone"));
    });
}

#[test]
fn a_hidden_record_of_another_cluster_is_neither_named_nor_merged() {
    on_each_demo(|world| {
        let theirs = theirs(world);
        let a = create(
            world,
            "Schattenwerk GmbH",
            MINE.into(),
            "",
            Visibility::Cluster,
        );
        let b = create(world, "Schattenwerk e. V.", theirs, "", Visibility::Cluster);
        let token = world.sign_in("manager");
        let page = world.get_by(&token, "/verwaltung/dubletten").body;
        assert!(page.contains("Fragen Sie dessen Management"), "{page}");
        assert!(!page.contains("Schattenwerk e. V.") && !page.contains(&b.to_string()));
        let form = format!("winner={a}&loser={b}");
        let refused = post(world, &token, "zusammenfuehren", &form);
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
        let form = format!("first={a}&second={b}");
        assert_eq!(
            post(world, &token, "trennen", &form).status,
            StatusCode::NOT_FOUND
        );
    });
}
