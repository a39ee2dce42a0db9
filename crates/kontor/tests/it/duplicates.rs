//! Records that mean one organisation: merged with consent, undone exactly, and
//! nothing hidden is told.

use axum::http::{Method, StatusCode};
use kontor::accounts::{self, Account, Role, RoleKind, Scope};
use kontor::directory::{self, Cluster, MembershipKind, NewOrganisation, Organisation, Visibility};
use kontor_platform::mail;
use kontor_platform::{Day, Id, Instant, params};

use crate::world::{Answer, World, on_each_demo};

pub const MINE: &str = "hamburg-aviation";

/// The cluster of the other manager.
pub fn theirs(world: &World) -> String {
    let find = "SELECT c.slug FROM clusters c JOIN role_assignments r ON r.scope_id = c.id \
        JOIN accounts a ON a.id = r.account WHERE a.demo_key = 'manager_other' \
        AND r.role = 'cluster_manager'";
    let found: (String,) = world.site.db.read_now(|c| c.one(find, params![])).unwrap();
    found.0
}

pub fn create(
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

pub fn post(world: &World, token: &str, act: &str, form: &str) -> Answer {
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
pub fn hidden(page: &str, name: &str) -> String {
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
        let (found, apart) = page.split_once("h-apart").expect("both parts");
        assert!(!found.contains("Zwillingswerk"), "{page}");
        assert!(apart.contains("Zwillingswerk"), "it can be taken back");
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
        assert!(
            start.contains("Ein Vorschlag zum Zusammenführen wartet"),
            "{start}"
        );
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

/// A cluster that neither manager leads.
pub fn another(world: &World, theirs: &str) -> String {
    let find = "SELECT slug FROM clusters WHERE slug NOT IN ($1, $2) ORDER BY slug LIMIT 1";
    let db = &world.site.db;
    let found = db.read_now(|c| c.one::<(String,)>(find, params![MINE, theirs]));
    found.unwrap().0
}

/// What the winner's page and its representatives come to, as one text.
fn winner(world: &World, id: Id<Organisation>) -> String {
    let of = |sql: &str| -> Vec<(String,)> {
        let id = id.to_string();
        world.site.db.read_now(|c| c.all(sql, params![id])).unwrap()
    };
    let values = "SELECT street || '|' || city || '|' || register_number || '|' || website || '|' \
        || about_de || '|' || summary_de AS v FROM organisations WHERE id = $1";
    let speakers = "SELECT a.demo_key AS v FROM role_assignments r JOIN accounts a \
        ON a.id = r.account WHERE r.scope_id = $1 AND (r.until IS NULL OR r.until > r.since)";
    let own = "SELECT field AS v FROM own_fields WHERE organisation = $1 ORDER BY field";
    let blocks = "SELECT sender_key AS v FROM contact_blocks WHERE organisation = $1";
    let requests = "SELECT name AS v FROM requests WHERE organisation = $1";
    let all = [values, speakers, own, blocks, requests].map(of);
    format!("{all:?}")
}

/// What others gave the record that will be merged: a profile, somebody who
/// speaks for it, a request, a blocked sender.
fn furnish(world: &World, loser: Id<Organisation>) {
    world.command(move |work| {
        let find = "SELECT id FROM accounts WHERE demo_key = 'organisation_representative'";
        let (account,): (Id<Account>,) = work.one(find, params![])?;
        let role = Role {
            kind: RoleKind::OrganisationRepresentative,
            scope: Scope::Organisation(loser.to_string()),
            since: Day::parse("2026-01-01").expect("a day"),
            until: None,
        };
        accounts::grant(work, account, &role, None)?;
        let fill = "UPDATE organisations SET about_de = 'Seit 1900.', summary_de = 'Die.', \
            website = 'https://bleibt.example', web_host = 'bleibt.example' WHERE id = $1";
        work.run(fill, params![loser])?;
        let own = "INSERT INTO own_fields (organisation, field, account, at) \
            VALUES ($1, 'about', $2, 1)";
        work.run(own, params![loser, account.to_string()])?;
        let block = "INSERT INTO contact_blocks (organisation, sender_key, since) \
            VALUES ($1, 'kk', 1)";
        work.run(block, params![loser])?;
        let ask = "INSERT INTO requests (id, kind, organisation, organisation_name, name_key, \
            website, city, name, mail, function, message, lang, state, reason, created_at) \
            VALUES ('r', 'takeover', $1, '', '', '', '', 'Olga', 'o@o.example', '', '', 'de', \
            'open', '', 1)";
        work.run(ask, params![loser]).map(drop)
    });
}

#[test]
fn a_winner_keeps_what_it_lacks_and_undoing_takes_it_back() {
    on_each_demo(|world| {
        let (mine, public) = (MINE.to_owned(), Visibility::Public);
        let a = create(world, "Bleibwerk GmbH", mine.clone(), "", public);
        let b = create(world, "Bleibwerk", mine, "HRB 7", public);
        furnish(world, b);
        world.command(move |work| {
            let own = "UPDATE organisations SET summary_de = 'Wir.' WHERE id = $1";
            work.run(own, params![a]).map(drop)
        });
        let (before, rows_before) = (winner(world, a), rows(world));
        let token = world.sign_in("manager");
        let form = format!("winner={a}&loser={b}");
        post(world, &token, "zusammenfuehren", &form);
        let kept = winner(world, a);
        assert!(
            kept.contains(
                "Gasse Bleibwerk GmbH|Hamburg|HRB 7|https://bleibt.example|Seit 1900.|Wir."
            ),
            "{kept}"
        );
        for part in ["organisation_representative", "about", "kk", "Olga"] {
            assert!(kept.contains(part), "{part}: {kept}");
        }
        let speaker = world.sign_in("organisation_representative");
        let edit = world.get_by(&speaker, "/organisationen/bleibwerk/bearbeiten");
        let to = "/organisationen/bleibwerk-gmbh/bearbeiten";
        assert_eq!(edit.header("location"), to);
        assert_eq!(world.get_by(&speaker, to).status, StatusCode::OK);

        let page = world.get_by(&token, "/verwaltung/dubletten").body;
        let undo = format!("merge={}", hidden(&page, "merge"));
        post(world, &token, "rueckgaengig", &undo);
        assert_eq!(winner(world, a), before);
        assert_eq!(rows(world), rows_before);
    });
}

/// The record is the manager's, too; they see the third cluster as a member, and
/// the auditor leads it.
fn share(world: &World, a: Id<Organisation>, third: String) {
    world.command(move |work| {
        let find = "SELECT id FROM clusters WHERE slug = $1";
        let (cluster,): (Id<Cluster>,) = work.one(find, params![MINE])?;
        let since = Day::parse("2026-01-01").expect("a day");
        directory::join_cluster(work, a, cluster, MembershipKind::Member, since)?;
        for (key, kind) in [
            ("manager", RoleKind::Member),
            ("auditor", RoleKind::ClusterManager),
        ] {
            let find = "SELECT id FROM accounts WHERE demo_key = $1";
            let (account,): (Id<Account>,) = work.one(find, params![key])?;
            let (cluster,): (Id<Cluster>,) =
                work.one("SELECT id FROM clusters WHERE slug = $1", params![third])?;
            let role = Role {
                kind,
                scope: Scope::Cluster(cluster.to_string()),
                since,
                until: None,
            };
            accounts::grant(work, account, &role, None)?;
        }
        Ok(())
    });
}

#[test]
fn a_hidden_record_is_named_to_others_only_when_its_own_management_agrees() {
    on_each_demo(|world| {
        let theirs = theirs(world);
        let third = another(world, &theirs);
        // The manager sees the hidden record as a member of its cluster.
        let a = create(
            world,
            "Nebelwerk",
            theirs.clone(),
            "HRB 9",
            Visibility::Public,
        );
        let b = create(
            world,
            "Nebelschatten",
            third.clone(),
            "HRB 9",
            Visibility::Cluster,
        );
        share(world, a, third);
        let (token, other) = (world.sign_in("manager"), world.sign_in("manager_other"));
        let form = format!("winner={a}&loser={b}");
        let sent = post(world, &token, "zusammenfuehren", &form);
        assert!(sent.header("location").contains("flash-merge-proposed"));
        let db = &world.site.db;
        let all = db.read_now(|c| mail::page(c, None, (Instant(i64::MAX), ""), 50));
        for m in all.unwrap() {
            let whole = db.read_now(|c| mail::find(c, m.id)).unwrap();
            assert!(!whole.text.contains("Nebelschatten"), "{}", whole.text);
        }
        let page = world.get_by(&other, "/verwaltung/dubletten").body;
        assert!(page.contains("Fragen Sie dessen Management"), "{page}");
        assert!(!page.contains("Nebelschatten") && !page.contains(&b.to_string()));
        assert!(!page.contains("name=\"proposal\""), "nothing to answer yet");
        let owner = world.sign_in("auditor");
        let own = world.get_by(&owner, "/verwaltung/dubletten").body;
        let form = format!("proposal={}&answer=yes", hidden(&own, "proposal"));
        let early = post(world, &other, "antwort", &form);
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
        let noted = post(world, &owner, "antwort", &form);
        assert!(noted.header("location").contains("flash-merge-noted"));
        let page = world.get_by(&other, "/verwaltung/dubletten").body;
        assert!(page.contains("Nebelschatten"), "its management has agreed");
        let merged = post(world, &other, "antwort", &form);
        assert!(merged.header("location").contains("flash-merged"));
    });
}

#[test]
fn a_changed_agreement_is_a_fact() {
    on_each_demo(|world| {
        let token = world.sign_in("manager");
        for agrees in ["yes", "yes", "no", "no"] {
            let form = format!("cluster={MINE}&agrees={agrees}");
            post(world, &token, "vereinbarung", &form);
        }
        let find =
            "SELECT body FROM log WHERE kind = 'directory.merge_agreement_changed' ORDER BY seq";
        let facts: Vec<(String,)> = world.site.db.read_now(|c| c.all(find, params![])).unwrap();
        assert_eq!(facts.len(), 2, "what stood so already is none");
        assert!(facts[0].0.contains("true") && facts[1].0.contains("false"));
    });
}
