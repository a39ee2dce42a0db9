//! What is stored of one person can be had and ends: in every table, in the
//! search's index, in mails, and in a backup that is restored later.

use axum::http::StatusCode;
use kontor::accounts::{self, Invitation, Role, RoleKind, Scope};
use kontor::app::{backup, care, demo, wiring};
use kontor::directory::{self, Cluster, MembershipKind, NewOrganisation, NewPerson};
use kontor::privacy;
use kontor_platform::config::Config;
use kontor_platform::db::{Db, Source, connect, dump, schema};
use kontor_platform::mail;
use kontor_platform::secret::ServerKey;
use kontor_platform::text::Lang;
use kontor_platform::work::Stamp;
use kontor_platform::{Clock, Day, Id, Result, Work, params, testing};

use crate::world::{World, on_each_demo};

/// Words that name Ada and nobody else. In the dump they must be gone.
const MARKS: [&str; 5] = [
    "Ada Kranich",
    "ada@werft.example",
    "ada.neu@werft.example",
    "+49 40 987654",
    "Kranpoetin",
];

fn admin_of(work: &mut Work<'_>, token: &'static str, mail: &str, kind: RoleKind) -> Result<()> {
    let new = Invitation {
        mail: mail.into(),
        name: "Ada Kranich".into(),
        lang: Lang::De,
        role: Some(Role {
            kind,
            scope: Scope::Region,
            since: Day::parse("2026-01-01").expect("a day"),
            until: None,
        }),
    };
    accounts::invite(work, &new, token, None).map(drop)
}

/// What others enter of Ada: an invitation, a list, a contact.
fn fill_by_others(world: &World) {
    world.command(|work| {
        admin_of(work, "adas-link", "ada@werft.example", RoleKind::Member)?;
        // An upload that nobody has decided on names her, too.
        let (cluster,): (Id<Cluster>,) = work.one(
            "SELECT id FROM clusters WHERE slug = 'hamburg-aviation'",
            params![],
        )?;
        let import = "01900000-0000-7000-8000-0000000000aa";
        work.run(
            "INSERT INTO imports (id, cluster, file_name, file_hash, header, mapping, state, \
             new_rows, changed_rows, unchanged_rows, absent_records, duplicate_rows, \
             rejected_rows, created_at) VALUES ($1, $2, 'l.csv', '', '', '', 'staged', \
             0, 0, 0, 0, 0, 0, $3)",
            params![import, cluster, testing::NOW],
        )?;
        work.run(
            "INSERT INTO import_rows (import, line, action, reason, draft) \
             VALUES ($1, 2, 'staged', '', 'Werft;Ada Kranich;ada@werft.example')",
            params![import],
        )?;
        // A contact of a list with the same address, without an account.
        let new = NewOrganisation {
            name: "Werft am Kai".into(),
            ..Default::default()
        };
        let werft = directory::create_organisation(work, &new)?;
        let since = Day::parse("2026-01-01").expect("a day");
        directory::join_cluster(work, werft, cluster, MembershipKind::Member, since)?;
        let contact = NewPerson {
            name: "Ada Kranich".into(),
            function: "Kranpoetin".into(),
            mail: "ada@werft.example".into(),
            phone: "+49 40 987654".into(),
            organisation: Some(werft),
            source: "l.csv".into(),
            published: vec![("name", "public"), ("phone", "public")],
            ..Default::default()
        };
        directory::create_person(work, &contact).map(drop)
    });
}

/// The mark of the words that the profile shows above its button.
pub fn words_shown(world: &World, token: &str) -> String {
    let page = world.get_by(token, "/mein-kontor/profil").body;
    let mark = page.split("name=\"words\" value=\"").nth(1);
    let mark = mark.and_then(|m| m.split('"').next());
    mark.expect("a form").to_owned()
}

/// Everything that this house can hold of Ada.
fn fill(world: &World) -> String {
    fill_by_others(world);
    let token = world
        .post("/einladung/adas-link", "name=Ada+Kranich")
        .token();
    let token = token.expect("a session");
    let profile = "name=Ada+Kranich&function=Kranpoetin&mail=ada%40werft.example\
        &phone=%2B49+40+987654&show-name=public&show-phone=public";
    let path = "/mein-kontor/profil";
    let unread = world.post_by(&token, path, &format!("{profile}&words=alt"));
    assert_eq!(unread.status, StatusCode::UNPROCESSABLE_ENTITY);
    let profile = format!("{profile}&words={}", words_shown(world, &token));
    assert_eq!(
        world.post_by(&token, path, &profile).status,
        StatusCode::SEE_OTHER
    );
    let form = "mail=ada.neu%40werft.example";
    world.post_by(&token, "/mein-kontor/konto/adresse", form);
    world.post("/anmelden/link", "mail=ada%40werft.example");
    let form = "message=Die+Kranpoetin+findet+nichts&mail=ada%40werft.example";
    world.post("/barrierefreiheit/rueckmeldung", form);
    let form = "organisation=Werft&city=Hamburg&name=Ada+Kranich&function=Kranpoetin\
        &mail=ada%40werft.example&message=Bitte";
    let asked = world.post("/cluster/hamburg-aviation/mitglied-werden", form);
    crate::doors::employments::ada_changes(world, &token);
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    let page = world.get("/organisationen").body;
    let shown = page
        .split("href=\"/organisationen/")
        .nth(1)
        .expect("a link");
    let slug = shown.split('"').next().unwrap();
    let form = "name=Ada+Kranich&mail=ada%40werft.example&message=Guten+Tag";
    let wrote = world.post(&format!("/organisationen/{slug}/kontakt"), form);
    assert_eq!(wrote.status, StatusCode::SEE_OTHER);
    let manager = world.sign_in("manager");
    let list = world.get_by(&manager, "/verwaltung/anfragen").body;
    let request = list.split("href=\"/verwaltung/anfragen/").nth(1);
    let id = request.expect("a request").split('"').next().unwrap();
    let approve = format!("/verwaltung/anfragen/{id}/annehmen");
    let approved = world.post_by(&manager, &approve, "");
    assert_eq!(approved.status, StatusCode::SEE_OTHER);
    world.index();
    token
}

/// Every table, as a backup writes it.
pub fn everything(db: &Db) -> String {
    db.read_now(|conn| {
        let mut all = Vec::new();
        for table in schema::tables(conn)? {
            dump::dump(conn, &table, &mut all)?;
        }
        Ok(String::from_utf8(all).expect("text"))
    })
    .expect("a dump")
}

fn found(text: &str) -> Vec<&'static str> {
    MARKS.into_iter().filter(|m| text.contains(m)).collect()
}

#[test]
fn an_access_export_holds_everything_and_an_erasure_leaves_nothing() {
    on_each_demo(|world| {
        let token = fill(world);
        let before = everything(&world.site.db);
        assert_eq!(
            found(&before),
            MARKS,
            "there is something that could be left"
        );
        assert!(world.get("/organisationen/werft-am-kai").status == StatusCode::NOT_FOUND);

        let export = world.get_by(&token, "/mein-kontor/daten.json");
        assert_eq!(found(&export.body), MARKS, "{}", export.body);
        let data: serde_json::Value = serde_json::from_str(&export.body).expect("JSON");
        assert_eq!(data["person"]["publications"].as_array().unwrap().len(), 2);
        let person = &data["person"];
        assert_eq!(person["former_organisations"].as_array().unwrap().len(), 1);
        let waits = &person["organisation_to_confirm"]["message"];
        assert_eq!(waits, "Die Kranpoetin ist da");
        // Of a list, and of an invitation.
        assert_eq!(data["contacts"].as_array().unwrap().len(), 2);
        let consents = data["consents"].as_array().unwrap();
        assert_eq!(consents.len(), 2);
        assert!(consents[0]["text"].as_str().unwrap().contains("willigen"));
        let left = data["requests_and_messages"].to_string();
        assert!(
            left.contains("approved") && left.contains("\"message\""),
            "{left}"
        );
        assert!(data["activity"].as_array().unwrap().len() > 3);
        let page = world.get_by(&token, "/mein-kontor/daten").body;
        let consents = page.contains("Sie entscheiden für jede Angabe");
        assert!(page.contains("Kranpoetin") && consents, "{page}");
        let unsure = world.post_by(&token, "/mein-kontor/daten/loeschen", "");
        assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
        let gone = world.post_by(&token, "/mein-kontor/daten/loeschen", "sure=1");
        assert_eq!(gone.status, StatusCode::SEE_OTHER);
        assert_eq!(
            world.get_by(&token, "/mein-kontor/konto").status,
            StatusCode::FORBIDDEN
        );
        // The contact of the list is another record with the same address: gone too.
        let officer = world.sign_in("dsb");
        let erase = "/verwaltung/datenschutz/loeschen";
        let form = "mail=ada%40werft.example";
        assert_eq!(
            world.post_by(&officer, erase, form).status,
            StatusCode::NOT_FOUND
        );
        let after = everything(&world.site.db);
        assert_eq!(found(&after), Vec::<&str>::new());
        world.index();
        let hits = world.get("/suche?q=Kranpoetin").body;
        assert!(!hits.contains("Ada Kranich"));
        assert_eq!(
            world
                .site
                .db
                .read_now(kontor_platform::log::verify)
                .unwrap(),
            None,
            "the log's chain holds"
        );
    });
}

/// Withdrawing is one act on the page that lists the consents.
#[test]
fn a_consent_is_withdrawn_where_it_is_listed() {
    on_each_demo(|world| {
        let token = fill(world);
        // The entry of the list stands there with the same number.
        let seen = || {
            let other = world.sign_in("manager_other");
            let page = world.get_by(&other, "/personen?q=Kranich").body;
            page.matches("+49 40 987654").count()
        };
        assert_eq!(seen(), 2);
        let path = "/mein-kontor/profil/zuruecknehmen";
        let done = world.post_by(&token, path, "field=phone");
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        assert_eq!(seen(), 1);
        let data = world.get_by(&token, "/mein-kontor/daten.json").body;
        let data: serde_json::Value = serde_json::from_str(&data).expect("JSON");
        assert_eq!(data["person"]["publications"].as_array().unwrap().len(), 1);
        let phone = &data["consents"]
            .as_array()
            .unwrap()
            .iter()
            .find(|c| c["scope"] == "phone")
            .unwrap();
        assert_eq!(phone["withdrawn_on"], "own_data");
        let unknown = world.post_by(&token, path, "field=shoe");
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    });
}

/// Anything can be typed into a profile: it opens and erases nobody else's data.
#[test]
fn a_typed_address_opens_nothing_of_its_owner() {
    on_each_demo(|world| {
        fill(world);
        let thief = world.sign_in("member");
        let form = "name=M&mail=ada%40werft.example";
        let saved = world.post_by(&thief, "/mein-kontor/profil", form);
        assert_eq!(saved.status, StatusCode::SEE_OTHER);
        let form = "mail=ada%40werft.example";
        world.post_by(&thief, "/mein-kontor/konto/adresse", form);
        let data = world.get_by(&thief, "/mein-kontor/daten.json").body;
        assert!(
            data.contains("ada@werft.example"),
            "what was typed is theirs"
        );
        for hers in ["Kranpoetin", "+49 40 987654", "Ada Kranich"] {
            assert!(!data.contains(hers), "{hers}");
        }
        let before = everything(&world.site.db).matches("Kranpoetin").count();
        let gone = world.post_by(&thief, "/mein-kontor/daten/loeschen", "sure=1");
        assert_eq!(gone.status, StatusCode::SEE_OTHER);
        let after = everything(&world.site.db).matches("Kranpoetin").count();
        assert_eq!(before, after, "hers is all there");
    });
}

#[test]
fn an_address_that_stands_in_a_waiting_list_alone_is_found_and_ends() {
    on_each_demo(|world| {
        fill(world);
        let states = "SELECT state FROM imports WHERE file_name = 'l.csv'";
        let state = || -> String {
            let one = world.site.db.read_now(|c| c.one(states, params![]));
            let (state,): (String,) = one.unwrap();
            state
        };
        let officer = world.sign_in("dsb");
        let erase = "/verwaltung/datenschutz/loeschen";
        let nobody = world.post_by(&officer, erase, "mail=niemand%40werft.example&sure=1");
        assert_eq!(nobody.status, StatusCode::NOT_FOUND);
        world.command(|work| {
            let line = "UPDATE import_rows SET draft = 'Werft;Otto;otto@liste.example' \
                WHERE draft LIKE 'Werft;Ada%'";
            work.run(line, params![])
        });
        assert_eq!(state(), "staged");
        let gone = world.post_by(&officer, erase, "mail=otto%40liste.example&sure=1");
        assert_eq!(gone.status, StatusCode::SEE_OTHER);
        assert_eq!(state(), "cancelled");
        assert!(!everything(&world.site.db).contains("otto@liste.example"));
    });
}

/// Who moved to another address still owns the request that made the account.
#[test]
fn an_approved_request_follows_its_account_and_ends() {
    on_each_demo(|world| {
        let token = fill(world);
        world.command(|work| {
            let moved = "UPDATE accounts SET mail = 'a@neu.example', mail_key = 'a@neu.example' \
                WHERE mail_key = 'ada@werft.example'";
            work.run(moved, params![])
        });
        let export = world.get_by(&token, "/mein-kontor/daten.json").body;
        assert!(export.contains("\"Bitte\""), "{export}");
        let kept = |world: &World| {
            let count = "SELECT COUNT(*) AS n FROM requests WHERE mail <> ''";
            let db = &world.site.db;
            db.read_now(|c| c.one::<(i64,)>(count, params![]))
                .unwrap()
                .0
        };
        let folder = tempfile::tempdir().unwrap();
        world.clock.advance_s(179 * 24 * 3600);
        care::round(&world.site, folder.path(), true).unwrap();
        assert_eq!(kept(world), 1, "not yet");
        world.clock.advance_s(2 * 24 * 3600);
        care::round(&world.site, folder.path(), true).unwrap();
        assert_eq!(kept(world), 0);
    });
}

#[test]
fn the_last_administration_cannot_erase_itself() {
    on_each_demo(|world| {
        let token = world.sign_in("admin");
        let gone = world.post_by(&token, "/mein-kontor/daten/loeschen", "sure=1");
        assert_eq!(gone.status, StatusCode::CONFLICT);
        let page = world.get_by(&token, "/mein-kontor/konto");
        assert_eq!(page.status, StatusCode::OK);
    });
}

/// A mail that waits to leave.
fn waiting() -> mail::NewMail {
    mail::NewMail {
        key: "k".into(),
        kind: "test",
        account: None,
        to: "bert@werft.example".into(),
        reply_to: String::new(),
        subject: "S".into(),
        text: "T".into(),
        html: String::new(),
        lang: Lang::De,
        confidential: false,
        files: Vec::new(),
    }
}

#[test]
fn a_restored_backup_does_not_bring_the_erased_back() {
    testing::on_each_engine(wiring::MIGRATIONS, |db| {
        let clock = Clock::standing(testing::NOW);
        demo::seed_if_empty(&db, &clock).unwrap();
        let source = db.source().clone();
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        db.write_now(Stamp::system(testing::NOW), |work| {
            admin_of(work, "link", "ada@werft.example", RoleKind::Member)?;
            mail::queue(work, &waiting(), testing::NOW)?;
            let contact = NewPerson {
                mail: "Ada@werft.example".into(),
                ..Default::default()
            };
            directory::create_person(work, &contact).map(drop)
        })
        .unwrap();
        let archive = data.join("a.kontor.tar.gz");
        let secret = "a secret that is long enough for a test";
        backup::write(&source, data, Some(secret), &archive, testing::NOW).unwrap();
        let key = ServerKey::from_text(secret).unwrap();
        db.write_now(Stamp::system(testing::NOW), move |work| {
            let all = privacy::by_mail(work, "ada@werft.example")?;
            assert_eq!(all.len(), 1);
            privacy::erase(work, &key, all[0], "officer")
        })
        .unwrap();
        privacy::save_file(&db, data).unwrap();
        drop(db);
        let config = Config {
            database_url: match &source {
                Source::Lite(_) => String::new(),
                Source::Pg(url) => url.clone(),
            },
            ..Config::default()
        };
        backup::restore(&archive, &config, data, true, testing::NOW).unwrap();
        let mut conn = connect(&config.source(data)).unwrap();
        let left = "SELECT COUNT(*) AS n FROM accounts WHERE mail_key = 'ada@werft.example'";
        assert_eq!(conn.one::<(i64,)>(left, params![]).unwrap().0, 0);
        let left = "SELECT COUNT(*) AS n FROM people WHERE LOWER(mail) = 'ada@werft.example'";
        assert_eq!(conn.one::<(i64,)>(left, params![]).unwrap().0, 0);
        let states = mail::count_by_state(&mut conn).unwrap();
        assert_eq!(
            states,
            [(mail::State::Kept, 1)],
            "old mail is not sent again"
        );
        let journal = std::fs::read_to_string(data.join("erasures.jsonl")).unwrap();
        assert!(!journal.contains("ada@") && journal.lines().count() == 2);
    });
}

#[test]
fn what_nobody_needs_ends_by_itself() {
    on_each_demo(|world| {
        fill(world);
        let folder = tempfile::tempdir().unwrap();
        let count = |table: &'static str| {
            let count = format!("SELECT COUNT(*) AS n FROM {table}");
            let db = &world.site.db;
            db.read_now(move |c| c.one::<(i64,)>(&count, params![]))
                .unwrap()
                .0
        };
        world.command(|work| {
            admin_of(work, "never-used", "nie@werft.example", RoleKind::Member)?;
            mail::keep_waiting(work).map(drop)
        });
        care::round(&world.site, folder.path(), true).unwrap();
        assert!(
            count("mail_queue") > 0 && count("import_rows") > 0,
            "not yet"
        );
        world.clock.advance_s(200 * 24 * 3600);
        care::round(&world.site, folder.path(), true).unwrap();
        for table in ["mail_queue", "import_rows", "sign_in_links", "sessions"] {
            assert_eq!(count(table), 0, "{table}");
        }
        assert!(!everything(&world.site.db).contains("nie@werft.example"));
        let kept = everything(&world.site.db);
        assert!(
            kept.contains("ada@werft.example"),
            "an account in use stays"
        );
    });
}

#[test]
fn ones_own_data_read_as_words_and_the_file_keeps_its_keys() {
    on_each_demo(|world| {
        let token = world.sign_in("manager");
        let page = world.get_by(&token, "/mein-kontor/daten").body;
        for said in [
            "Rolle: Clustermanagement; Gilt für: Hamburg Aviation",
            "Passwort gesetzt</th><td class=\"wrap-any\">nein",
            "Angemeldet",
        ] {
            assert!(page.contains(said), "{said}: {page}");
        }
        for raw in [
            "password_set",
            "cluster_manager",
            "accounts.signed_in",
            "Z</td>",
            "role 1",
        ] {
            assert!(!page.contains(raw), "{raw}: {page}");
        }
        let english = world.get_by(&token, "/en/mein-kontor/daten").body;
        assert!(english.contains("Role: Cluster management"), "{english}");
        let file = world.get_by(&token, "/mein-kontor/daten.json").body;
        let file: serde_json::Value = serde_json::from_str(&file).expect("JSON");
        assert_eq!(file["account"]["roles"][0]["role"], "cluster_manager");
        assert_eq!(file["account"]["password_set"], false);
    });
}
