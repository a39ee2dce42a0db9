//! What people decide about a list is done, kept and taken back.

use std::collections::HashSet;

use kontor_platform::db::Db;
use kontor_platform::testing::{NOW, on_each_engine};
use kontor_platform::work::Stamp;
use kontor_platform::{Day, Id, params};

use super::super::commands::{self, Source};
use super::super::model::{Attr, Counts, Import};
use super::super::plan::Plan;
use super::super::tests::set_by_hand;
use super::super::{columns, undo};
use super::Choices;
use crate::app::wiring;
use crate::directory::model::{LegalGround, Visibility};
use crate::directory::policy::Reach;
use crate::directory::{NewCluster, create_cluster};

const LIST: &str = "Firma;Ort;Web;Ansprechpartner;E-Mail;Mitglied seit\n\
    Elbfaser GmbH;Hamburg;elbfaser.example;Jana Moor;moor@elbfaser.example;2012\n\
    Deichlicht e. V.;Hamburg;deichlicht.example;;;2020\n";

fn on_each(check: impl Fn(&Db)) {
    on_each_engine(wiring::MIGRATIONS, |db| {
        let nord = NewCluster {
            slug: "nord".into(),
            code: "NO".into(),
            name: "Nord".into(),
            ..Default::default()
        };
        db.write_now(Stamp::system(NOW), move |work| create_cluster(work, &nord))
            .unwrap();
        check(&db);
    });
}

fn run(
    db: &Db,
    list: &str,
    choices: Choices,
) -> kontor_platform::Result<(Plan, Option<Id<Import>>)> {
    let limits = kontor_platform::sheets::Limits::default();
    let table = kontor_platform::sheets::read(list.as_bytes(), "l.csv", &limits, None).unwrap();
    let mapping = columns::recognise(&table.header, &Default::default());
    let lines = columns::lines(&table, &mapping);
    let find = |conn: &mut _| crate::directory::store::cluster_by_slug(conn, "nord");
    let source = Source {
        cluster: db.read_now(find).unwrap().unwrap(),
        file_name: "l.csv".into(),
        file_hash: String::new(),
        header: table.header,
        mapping,
        staged: None,
        actor: None,
        choices,
    };
    commands::run(db, &source, &Reach::Everything, &lines, &Stamp::system(NOW))
}

fn ask<T: kontor_platform::db::FromRow>(db: &Db, sql: &str) -> Vec<T> {
    db.read_now(|conn| conn.all(sql, params![])).unwrap()
}

fn figures(changed: i64, unchanged: i64, absent: i64) -> Counts {
    Counts {
        changed,
        unchanged,
        absent,
        ..Counts::default()
    }
}

#[test]
fn people_of_a_list_carry_its_ground_and_new_organisations_its_visibility() {
    on_each(|db| {
        let choices = Choices {
            source: "Mitgliedsantrag".into(),
            ground: Some(LegalGround::Contract),
            visibility: Some(Visibility::Cluster),
            ..Choices::default()
        };
        let (_, id) = run(db, LIST, choices).unwrap();
        let people: Vec<(String, String)> = ask(db, "SELECT import, legal_ground FROM people");
        assert_eq!(people, [(id.unwrap().to_string(), "contract".to_owned())]);
        let seen: Vec<(String,)> = ask(db, "SELECT DISTINCT visibility FROM organisations");
        assert_eq!(seen, [("cluster".to_owned(),)]);
        let (cluster,) = ask::<(String,)>(db, "SELECT id FROM clusters").remove(0);
        let last = db.read_now(|conn| super::suggestion(conn, cluster.parse().unwrap()));
        let said = ("Mitgliedsantrag".to_owned(), "contract".to_owned());
        assert_eq!(last.unwrap(), said);
        // Without a ground people come in too, with none.
        run(
            db,
            "Firma;Ansprechpartner\nWattwerk;Ole Watt\n",
            Choices::default(),
        )
        .unwrap();
        let without = "SELECT name FROM people WHERE legal_ground = ''";
        assert_eq!(ask::<(String,)>(db, without), [("Ole Watt".to_owned(),)]);
    });
}

/// Says that the organisation of this name keeps its website itself, as
/// `own.example`.
fn edit(db: &Db, name: &'static str) {
    db.write_now(Stamp::system(NOW), move |work| {
        let find = "SELECT id FROM organisations WHERE name = $1";
        let (id,) = work.one(find, params![name])?;
        set_by_hand(work, id, Attr::Website, "https://own.example")?;
        super::store::own(work, id, Attr::Website, None, NOW)
    })
    .unwrap();
}

fn website(db: &Db) -> String {
    let sql = "SELECT website FROM organisations WHERE name = 'Elbfaser GmbH'";
    ask::<(String,)>(db, sql).remove(0).0
}

#[test]
fn what_an_organisation_keeps_itself_is_asked_about_and_taken_only_when_ticked() {
    on_each(|db| {
        run(db, LIST, Choices::default()).unwrap();
        edit(db, "Elbfaser GmbH");
        // What the list said before is no question.
        let (same, _) = run(db, LIST, Choices::default()).unwrap();
        assert_eq!(same.counts, figures(0, 2, 0));
        assert!(same.outcomes[0].asked.is_empty());
        let news = LIST.replace("elbfaser.example;J", "neu.example;J");
        let (plan, id) = run(db, &news, Choices::default()).unwrap();
        assert_eq!((plan.counts, id), (figures(0, 2, 0), None));
        assert_eq!(plan.outcomes[0].asked[0].before, "https://own.example");
        assert_eq!(website(db), "https://own.example");
        let organisation = plan.outcomes[0].organisation.unwrap();
        let taken = Choices {
            taken: HashSet::from([(organisation, Attr::Website)]),
            ..Choices::default()
        };
        let (plan, id) = run(db, &news, taken).unwrap();
        assert_eq!(plan.counts, figures(1, 1, 0));
        assert!(website(db).contains("neu.example"), "{}", website(db));
        let owned = "SELECT field FROM own_fields";
        assert!(ask::<(String,)>(db, owned).is_empty());
        take_back(db, id.unwrap());
        assert_eq!(website(db), "https://own.example");
        assert_eq!(ask::<(String,)>(db, owned), [("website".to_owned(),)]);
    });
}

fn take_back(db: &Db, id: Id<Import>) {
    db.write_now(Stamp::system(NOW), move |work| undo::undo(work, id))
        .unwrap();
}

fn memberships(db: &Db) -> Vec<(String, Option<String>)> {
    assert_eq!(db.read_now(crate::directory::misfiled).unwrap(), 0);
    let sql = "SELECT m.state, m.until FROM memberships m JOIN organisations o \
        ON o.id = m.organisation WHERE o.name = 'Deichlicht e. V.' ORDER BY m.id";
    ask(db, sql)
}

#[test]
fn absent_members_leave_only_when_ticked_and_come_back_with_the_undo() {
    on_each(|db| {
        run(db, LIST, Choices::default()).unwrap();
        let shorter = "Firma;Ort\nElbfaser GmbH;Hamburg\n";
        let (plan, _) = run(db, shorter, Choices::default()).unwrap();
        assert_eq!(plan.counts.absent, 1);
        assert_eq!(memberships(db), [("active".to_owned(), None)]);
        let ticked = |day: &str| Choices {
            ended: HashSet::from([plan.absent[0].organisation]),
            ends_on: Day::parse(day),
            ..Choices::default()
        };
        let early = run(db, shorter, ticked("2019-12-31")).unwrap_err();
        let early = early.to_string();
        assert!(
            early.contains("import-refused-ends-before-start"),
            "{early}"
        );
        let (_, id) = run(db, shorter, ticked("2026-12-31")).unwrap();
        let ended = ("ended".to_owned(), Some("2026-12-31".to_owned()));
        assert_eq!(memberships(db), std::slice::from_ref(&ended));
        take_back(db, id.unwrap());
        assert_eq!(memberships(db), [("active".to_owned(), None)]);
        run(db, shorter, ticked("2026-12-31")).unwrap();
        let (again, nothing) = run(db, shorter, Choices::default()).unwrap();
        assert_eq!((again.counts.absent, nothing), (0, None));
        // Whoever stands in a later list again joins anew.
        run(db, LIST, Choices::default()).unwrap();
        assert_eq!(memberships(db), [ended, ("active".to_owned(), None)]);
        let log = db.read_now(|conn| kontor_platform::log::after(conn, 0, 1000));
        let log = log.unwrap();
        let facts: Vec<&str> = log
            .iter()
            .filter_map(|e| e.kind.strip_prefix("directory.membership_"))
            .collect();
        assert_eq!(
            facts,
            ["began", "began", "ended", "resumed", "ended", "began"]
        );
    });
}
