//! Contacts of a list: nobody is written to without a ground, everybody is told,
//! and an objection ends it all.

use axum::http::StatusCode;
use kontor::directory::{self, Cluster, MembershipKind, NewOrganisation, NewPerson, Visibility};
use kontor_platform::mail::{self, State, Stored};
use kontor_platform::{Day, Id, Instant, params};

use crate::privacy::words_shown;
use crate::world::{Answer, World, on_each_demo};

/// A list of Hamburg Aviation with three contacts of one organisation, and a
/// list of Life Science Nord with one.
fn furnish(world: &World) {
    world.command(|work| {
        for (slug, code, people) in [
            ("hamburg-aviation", "1", &["carla", "dora", "emil"][..]),
            ("life-science-nord", "2", &["fremd"][..]),
        ] {
            let find = "SELECT id FROM clusters WHERE slug = $1";
            let (cluster,): (Id<Cluster>,) = work.one(find, params![slug])?;
            let import = format!("01900000-0000-7000-8000-00000000000{code}");
            work.run(
                "INSERT INTO imports (id, cluster, file_name, file_hash, header, mapping, state, \
                 new_rows, changed_rows, unchanged_rows, absent_records, duplicate_rows, \
                 rejected_rows, created_at) VALUES ($1, $2, 'l.csv', '', '', '', 'applied', \
                 0, 0, 0, 0, 0, 0, 1)",
                params![import, cluster],
            )?;
            let new = NewOrganisation {
                name: format!("Kontaktwerk {code}"),
                visibility: Some(Visibility::Cluster),
                ..Default::default()
            };
            let organisation = directory::create_organisation(work, &new)?;
            let since = Day::parse("2026-01-01").expect("a day");
            directory::join_cluster(work, organisation, cluster, MembershipKind::Member, since)?;
            for name in people {
                let person = directory::create_person(
                    work,
                    &NewPerson {
                        name: format!("Person {name}"),
                        mail: format!("{name}@kontaktwerk.example"),
                        organisation: Some(organisation),
                        source: "l.csv".into(),
                        ..Default::default()
                    },
                )?;
                let tie = "UPDATE people SET import = $1 WHERE id = $2";
                work.run(tie, params![import, person])?;
            }
        }
        Ok(())
    });
}

fn post(world: &World, token: &str, path: &str, form: &str) -> Answer {
    world.post_by(token, path, &format!("cluster=hamburg-aviation&{form}"))
}

fn mails(world: &World) -> Vec<Stored> {
    let db = &world.site.db;
    let all = db.read_now(|c| mail::page(c, None, (Instant(i64::MAX), ""), 50));
    let one = |m: Stored| db.read_now(|c| mail::find(c, m.id)).expect("a mail");
    let mut all: Vec<Stored> = all.expect("mails").into_iter().map(one).collect();
    all.sort_by(|a, b| a.to.cmp(&b.to));
    all
}

/// A notice names who answers for the data (Art. 14 GDPR): without, none goes out.
#[test]
fn nobody_is_written_to_before_somebody_answers_for_the_data() {
    on_each_demo(|world| {
        furnish(world);
        let token = world.sign_in("manager");
        let path = "/verwaltung/einladungen";
        let ground = "what=ground&ground=contract&source=Mitgliedsantrag";
        post(world, &token, path, ground);
        assert!(
            !world
                .get_by(&token, path)
                .body
                .contains("Art. 14 DSGVO). Tragen")
        );
        world.command(|work| {
            let hide = "UPDATE settings SET value = '' WHERE name LIKE 'region.controller%'";
            work.run(hide, params![]).map(drop)
        });
        let page = world.get_by(&token, path).body;
        assert!(page.contains("Art. 14 DSGVO). Tragen"), "{page}");
        for what in ["invite", "inform"] {
            let form = format!("what={what}&most=10&lang=de");
            let refused = post(world, &token, path, &form);
            assert_eq!(refused.status, StatusCode::CONFLICT);
            assert!(
                refused
                    .body
                    .contains("wer für die Daten verantwortlich ist")
            );
        }
        assert!(mails(world).is_empty());
    });
}

#[test]
fn contacts_are_invited_in_stages_once_there_is_a_ground() {
    on_each_demo(|world| {
        furnish(world);
        let token = world.sign_in("manager");
        let page = world.get_by(&token, "/verwaltung/einladungen").body;
        assert!(page.contains("Zu 3 Personen fehlt die Angabe"), "{page}");
        let invited = |n: i64| format!("<dt>Eingeladen</dt><dd>{n}</dd>");
        assert!(page.contains(&invited(0)), "{page}");
        let has_people =
            page.contains("/verwaltung/einladungen/") && !page.contains("Noch hat niemand");
        assert!(has_people, "people with an account whom nobody has invited");
        let invite = |most| {
            let form = format!("what=invite&most={most}&lang=de&may-edit=1");
            post(world, &token, "/verwaltung/einladungen", &form)
        };
        assert!(invite(10).header("location").contains("nobody"));
        let bad = post(
            world,
            &token,
            "/verwaltung/einladungen",
            "what=ground&ground=&source=Messe",
        );
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.body.contains("value=\"Messe\""), "what was typed stays");
        let form = "what=ground&ground=contract&source=Mitgliedsantrag";
        post(world, &token, "/verwaltung/einladungen", form);
        assert!(invite(2).header("location").contains("invited"));
        let first = mails(world);
        let to: Vec<&str> = first.iter().map(|m| m.to.as_str()).collect();
        assert_eq!(
            to,
            ["carla@kontaktwerk.example", "dora@kontaktwerk.example"]
        );
        for mail in &first {
            assert!(
                mail.text.contains("Herkunft: Mitgliedsantrag"),
                "{}",
                mail.text
            );
            assert!(mail.text.contains("/widerspruch/") && mail.text.contains("/einladung/"));
            assert!(mail.html.contains("/widerspruch/"));
        }
        assert!(invite(100).header("location").contains("invited"));
        assert_eq!(
            mails(world).len(),
            3,
            "nobody twice, nobody of another cluster"
        );
        assert!(invite(100).header("location").contains("nobody"));

        // Carla comes in and may keep her organisation's profile.
        let path = link(&first[0], "/einladung/");
        let carla = world.post(&path, "name=Carla").token().expect("a session");
        let page = world.get_by(&carla, "/mein-kontor/profil").body;
        assert!(page.contains("Kontaktwerk 1"));
        let page = world.get_by(&token, "/verwaltung/einladungen").body;
        assert!(page.contains("Person carla") && !page.contains("Person fremd"));
        assert!(page.contains(&invited(3)), "{page}");
    });
}

/// The path of the only link of this kind in a mail.
fn link(mail: &Stored, path: &str) -> String {
    let start = mail.text.find(path).expect("a link");
    mail.text[start..]
        .split_whitespace()
        .next()
        .unwrap()
        .to_owned()
}

#[test]
fn who_objects_is_neither_shown_nor_written_to_again() {
    on_each_demo(|world| {
        furnish(world);
        let token = world.sign_in("manager");
        let form = "what=ground&ground=contract&source=Mitgliedsantrag";
        post(world, &token, "/verwaltung/einladungen", form);
        post(
            world,
            &token,
            "/verwaltung/einladungen",
            "what=invite&most=1&lang=de",
        );
        let letter = mails(world).remove(0);
        assert_eq!(letter.state, State::Waiting);
        let (objection, invitation) =
            (link(&letter, "/widerspruch/"), link(&letter, "/einladung/"));
        assert!(world.get(&objection).body.contains("Person carla"));
        assert_eq!(
            world.get(&invitation).status,
            StatusCode::OK,
            "looking changes nothing"
        );
        // Another person's link does not fit.
        let foreign = objection.replace("/widerspruch/0", "/widerspruch/1");
        assert_eq!(world.post(&foreign, "").status, StatusCode::NOT_FOUND);
        for _ in 0..2 {
            assert_eq!(world.post(&objection, "").status, StatusCode::SEE_OTHER);
        }
        assert!(mails(world).is_empty(), "what waited is dropped");
        assert_eq!(world.get(&invitation).status, StatusCode::CONFLICT);
        let sent = post(
            world,
            &token,
            "/verwaltung/einladungen",
            "what=invite&most=100&lang=de",
        );
        assert!(sent.header("location").contains("invited"));
        let to: Vec<String> = mails(world).into_iter().map(|m| m.to).collect();
        assert_eq!(to, ["dora@kontaktwerk.example", "emil@kontaktwerk.example"]);
        let page = world.get_by(&token, "/verwaltung/einladungen").body;
        assert!(!page.contains("Person carla"));
    });
}

/// An objection holds for the address, whoever has it on another list or types it.
#[test]
fn who_has_objected_is_not_asked_by_another_road() {
    on_each_demo(|world| {
        furnish(world);
        let (token, other) = (world.sign_in("manager"), world.sign_in("manager_other"));
        let path = "/verwaltung/einladungen";
        let ground = "what=ground&ground=contract&source=Mitgliedsantrag";
        post(world, &token, path, ground);
        post(world, &token, path, "what=invite&most=1&lang=de");
        let objection = link(&mails(world)[0], "/widerspruch/");
        world.command(|work| {
            let person = directory::create_person(
                work,
                &NewPerson {
                    name: "C. Arla".into(),
                    mail: "Carla@Kontaktwerk.example".into(),
                    source: "l.csv".into(),
                    ..Default::default()
                },
            )?;
            let tie = "UPDATE people SET import = $1, organisation = (SELECT f.organisation \
                FROM people f WHERE f.mail = 'fremd@kontaktwerk.example') WHERE id = $2";
            let import = "01900000-0000-7000-8000-000000000002";
            work.run(tie, params![import, person])
        });
        world.post(&objection, "");
        let of = |form: &str| format!("cluster=life-science-nord&{form}");
        world.post_by(&other, path, &of(ground));
        for what in ["inform", "invite"] {
            let form = of(&format!("what={what}&most=100&lang=de"));
            world.post_by(&other, path, &form);
        }
        let to: Vec<String> = mails(world).into_iter().map(|m| m.to).collect();
        assert_eq!(to, ["fremd@kontaktwerk.example"; 2]);
        let form = "mail=CARLA%40kontaktwerk.example&name=Carla&lang=de\
            &one-source=Messe&one-ground=consent";
        let refused = post(world, &token, &format!("{path}/eine"), form);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            refused
                .body
                .contains("hat der Nutzung ihrer Daten widersprochen")
        );
        assert_eq!(mails(world).len(), 2);
    });
}

/// Whoever has come in and objects later has withdrawn every consent by that.
#[test]
fn an_objection_withdraws_what_was_agreed_to() {
    on_each_demo(|world| {
        furnish(world);
        let token = world.sign_in("manager");
        let form = "what=ground&ground=contract&source=Mitgliedsantrag";
        post(world, &token, "/verwaltung/einladungen", form);
        let form = "what=invite&most=1&lang=de";
        post(world, &token, "/verwaltung/einladungen", form);
        let letter = mails(world).remove(0);
        let path = link(&letter, "/einladung/");
        let carla = world.post(&path, "name=Carla").token().expect("a session");
        let words = words_shown(world, &carla);
        let form = format!("name=Carla&show-name=public&words={words}");
        world.post_by(&carla, "/mein-kontor/profil", &form);
        let states = || {
            let find = "SELECT given_on, COALESCE(withdrawn_on, '-') AS w FROM consents c \
                JOIN accounts a ON a.id = c.account WHERE a.name = 'Carla'";
            let db = &world.site.db;
            let all: Vec<(String, String)> = db.read_now(|c| c.all(find, params![])).unwrap();
            all
        };
        let of = |withdrawn: &str| vec![("first_sign_in".to_owned(), withdrawn.to_owned())];
        assert_eq!(states(), of("-"));
        world.post(&link(&letter, "/widerspruch/"), "");
        assert_eq!(states(), of("elsewhere"));
        let seen = world.get_by(&token, "/personen?q=Carla").body;
        assert!(!seen.contains("Carla</h3>"));
    });
}

#[test]
fn an_open_invitation_is_sent_again_by_its_own_cluster_only() {
    on_each_demo(|world| {
        furnish(world);
        let token = world.sign_in("manager");
        let form = "what=ground&ground=contract&source=Mitgliedsantrag";
        post(world, &token, "/verwaltung/einladungen", form);
        let form = "what=invite&most=1&lang=en";
        post(world, &token, "/verwaltung/einladungen", form);
        let first = link(&mails(world)[0], "/einladung/");
        let find = "SELECT contact FROM open_invitations";
        let (contact,): (String,) = world.site.db.read_now(|c| c.one(find, params![])).unwrap();
        let form = format!("invitation={contact}");
        let path = "/verwaltung/einladungen/noch-einmal";
        assert_eq!(
            post(world, &token, path, &form).status,
            StatusCode::SEE_OTHER
        );
        assert_eq!(
            world.get(&first).status,
            StatusCode::CONFLICT,
            "the old link ends"
        );
        let links: Vec<String> = mails(world)
            .iter()
            .map(|m| link(m, "/einladung/"))
            .collect();
        let new = links
            .iter()
            .find(|l| **l != first)
            .expect("a second letter");
        assert_eq!(world.get(new).status, StatusCode::OK);
        // Another cluster's management cannot reach it by its identifier.
        let other = world.sign_in("manager_other");
        let form = format!("cluster=life-science-nord&{form}");
        for path in [path, "/verwaltung/einladungen/zuruecknehmen"] {
            assert_eq!(
                world.post_by(&other, path, &form).status,
                StatusCode::NOT_FOUND
            );
        }
    });
}

/// An invitation that nobody accepts ends by itself, and leaves nobody behind whom
/// neither the list nor an erasure could find.
#[test]
fn who_never_came_can_be_invited_again_or_erased() {
    on_each_demo(|world| {
        furnish(world);
        let token = world.sign_in("manager");
        let form = "what=ground&ground=contract&source=Mitgliedsantrag";
        post(world, &token, "/verwaltung/einladungen", form);
        let form = "what=invite&most=1&lang=de&may-edit=1";
        post(world, &token, "/verwaltung/einladungen", form);
        let by_hand = "mail=gerd%40kontaktwerk.example&name=Person+gerd&lang=de\
            &one-source=Messe&one-ground=consent";
        post(world, &token, "/verwaltung/einladungen/eine", by_hand);
        let tied = || {
            let find = "SELECT name, COALESCE(account, '-') AS a FROM people \
                WHERE mail LIKE 'carla@%' OR mail LIKE 'gerd@%' ORDER BY name";
            let db = &world.site.db;
            let all: Vec<(String, String)> = db.read_now(|c| c.all(find, params![])).unwrap();
            all
        };
        assert_eq!(tied().len(), 2);
        let folder = tempfile::tempdir().unwrap();
        world.clock.advance_s(200 * 24 * 3600);
        kontor::app::care::round(&world.site, folder.path(), true).unwrap();
        assert_eq!(tied(), [("Person carla".to_owned(), "-".to_owned())]);
        let token = world.sign_in("manager");
        let form = "what=invite&most=1&lang=de";
        let sent = post(world, &token, "/verwaltung/einladungen", form);
        assert!(sent.header("location").contains("invited"));
        assert_eq!(mails(world)[0].to, "carla@kontaktwerk.example");
        let officer = world.sign_in("dsb");
        let form = "mail=carla%40kontaktwerk.example";
        let seen = world.post_by(&officer, "/verwaltung/datenschutz/auskunft", form);
        assert!(seen.body.contains("Person carla"), "{}", seen.body);
        let form = format!("{form}&sure=1");
        let gone = world.post_by(&officer, "/verwaltung/datenschutz/loeschen", &form);
        assert_eq!(gone.status, StatusCode::SEE_OTHER);
        assert!(tied().is_empty());
    });
}
