//! Rules of imports, on both engines; and real lists where they are present.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use kontor_platform::db::Db;
use kontor_platform::sheets::{self, Limits};
use kontor_platform::testing::{NOW, on_each_engine};
use kontor_platform::work::Stamp;
use kontor_platform::{Id, Result, Work, log};

use super::super::model::{Cluster, MembershipKind, Organisation, Visibility};
use super::super::{
    NewCluster, NewOrganisation, create_cluster, create_organisation, join_cluster,
};
use super::Reach;
use super::batch::Batch;
use super::columns;

use super::commands::{self, Source};
use super::model::{Action, Attr, Counts, Field, Import, Other, Reason, Values};
use super::plan::Plan;
use super::progress::Progress;
use super::rewrite::Rewrites;
use crate::app::wiring;

pub(super) const LIST: &str = "Firma;Straße;PLZ;Ort;Web;Ansprechpartner;E-Mail;Beschäftigte;Mitglied seit\n\
    Elbfaser GmbH;Kai 1;20457;Hamburg;elbfaser.example;Jana Moor;moor@elbfaser.example;12;2012\n\
    Deichlicht e. V.;Deich 2;21129;Hamburg;;;;3;01.05.2020\n\
    ;Kai 9;20457;Hamburg;;;;;\n";

pub(super) fn on_each(check: impl Fn(&Db)) {
    on_each_engine(wiring::MIGRATIONS, |db| {
        db.write_now(Stamp::system(NOW), |work| {
            for (slug, code) in [("nord", "NO"), ("sued", "SU")] {
                create_cluster(
                    work,
                    &NewCluster {
                        slug: slug.into(),
                        code: code.into(),
                        name: slug.into(),
                        ..Default::default()
                    },
                )?;
            }
            Ok(())
        })
        .unwrap();
        check(&db);
    });
}

fn cluster(db: &Db, slug: &str) -> Cluster {
    db.read_now(|conn| super::super::store::cluster_by_slug(conn, slug))
        .unwrap()
        .unwrap()
}

pub(super) fn source(db: &Db, slug: &str, bytes: &[u8]) -> (Source, Vec<super::Line>) {
    let table = sheets::read(bytes, "list.csv", &Limits::default(), None).unwrap();
    let mapping = columns::recognise(&table.header, &Default::default());
    let lines = columns::lines(&table, &mapping);
    let source = Source {
        cluster: cluster(db, slug),
        file_name: "list.csv".into(),
        file_hash: String::new(),
        header: table.header,
        mapping,
        staged: None,
        actor: None,
        choices: Default::default(),
    };
    (source, lines)
}

fn run_as(db: &Db, slug: &str, list: &[u8], reach: &Reach) -> (Plan, Option<Id<Import>>) {
    let (source, lines) = source(db, slug, list);
    commands::run(db, &source, reach, &lines, &Stamp::system(NOW)).unwrap()
}

pub(super) fn run(db: &Db, list: &str) -> (Plan, Option<Id<Import>>) {
    run_as(db, "nord", list.as_bytes(), &Reach::Everything)
}

/// Somebody sets one value of a record.
pub(super) fn set_by_hand(
    work: &mut Work<'_>,
    id: Id<Organisation>,
    attr: Attr,
    value: &str,
) -> Result<()> {
    let (mut values, mut rewrites) = (Values::default(), Rewrites::new(NOW));
    values.set(attr, value);
    rewrites.add(id, vec![attr], &values, None)?;
    rewrites.write(work, |_| Ok(()))
}

fn head(db: &Db) -> i64 {
    db.read_now(log::head).unwrap()
}

pub(super) fn undo(db: &Db, id: Id<Import>) -> Result<()> {
    db.write_now(Stamp::system(NOW), move |work| super::undo::undo(work, id))
}

pub(super) fn names(db: &Db, slug: &str) -> Vec<String> {
    let cluster = cluster(db, slug);
    let mut names: Vec<String> = db
        .read_now(|conn| super::store::known(conn, &cluster, &Reach::Everything))
        .unwrap()
        .records
        .iter()
        .map(|r| r.values.get(Attr::Name).to_owned())
        .collect();
    names.sort();
    let misfiled = db.read_now(crate::directory::misfiled).unwrap();
    assert_eq!(misfiled, 0, "lists agree with memberships");
    names
}

fn counts(
    new: i64,
    changed: i64,
    unchanged: i64,
    absent: i64,
    duplicates: i64,
    rejected: i64,
) -> Counts {
    Counts {
        new,
        changed,
        unchanged,
        absent,
        duplicates,
        rejected,
    }
}

#[test]
fn every_line_comes_to_something_and_the_same_list_again_to_nothing() {
    on_each(|db| {
        let (plan, id) = run(db, LIST);
        assert_eq!(plan.counts, counts(2, 0, 0, 0, 0, 1));
        assert_eq!(plan.outcomes[2].reason, Some(Reason::NoName));
        assert!(id.is_some());
        let before = head(db);
        let (again, id) = run(db, LIST);
        assert_eq!(again.counts, counts(0, 0, 2, 0, 0, 1));
        assert_eq!((id, head(db)), (None, before));
        let next = "Firma;PLZ;Ort;Web;Beschäftigte\n\
            Elbfaser AG;20457;Hamburg;www.elbfaser.example;80\n\
            Neufaser GmbH;20457;Hamburg;elbfaser.example;1\n";
        let (plan, _) = run(db, next);
        assert_eq!(plan.counts, counts(1, 1, 0, 1, 1, 0));
        let set: Vec<Attr> = plan.outcomes[0].changes.iter().map(|c| c.attr).collect();
        assert_eq!(set, [Attr::Name, Attr::Size]);
        assert_eq!(plan.absent[0].name, "Deichlicht e. V.");
        assert_eq!(db.read_now(log::verify).unwrap(), None);
    });
}

#[test]
fn a_record_changed_by_somebody_else_is_asked_about_not_overwritten() {
    on_each(|db| {
        run(db, "Firma;PLZ;Ort\nElbfaser GmbH;20457;Hamburg\n");
        // Somebody else says another postcode; here another list does.
        db.write_now(Stamp::system(NOW), |work| {
            let cluster = super::super::store::cluster_by_slug(work, "nord")?.unwrap();
            let known = super::store::known(work, &cluster, &Reach::Everything)?;
            set_by_hand(work, known.records[0].id, Attr::Postcode, "20459")
        })
        .unwrap();
        let (same, _) = run(db, "Firma;PLZ;Ort\nElbfaser GmbH;20457;Hamburg\n");
        assert_eq!(same.counts, counts(0, 0, 1, 0, 0, 0));
        let (other, _) = run(db, "Firma;PLZ;Ort\nElbfaser GmbH;20999;Hamburg\n");
        assert_eq!(other.counts.unchanged, 1);
        assert_eq!(other.outcomes[0].kept[0].before, "20459");
    });
}

#[test]
fn an_import_is_undone_as_if_it_had_not_been() {
    on_each(|db| {
        run(db, "Firma;Ort\nElbfaser GmbH;Hamburg\n");
        let before = names(db, "nord");
        let (plan, id) = run(db, &LIST.replace("Elbfaser GmbH", "ELBFASER GmbH"));
        assert_eq!((plan.counts.new, plan.counts.changed), (1, 1));
        undo(db, id.unwrap()).unwrap();
        assert_eq!(names(db, "nord"), before);
        let people: (i64,) = db
            .read_now(|conn| conn.one("SELECT COUNT(*) FROM people", &[]))
            .unwrap();
        assert_eq!(people.0, 0);
        assert!(undo(db, id.unwrap()).is_err());
        // The list can be imported again afterwards.
        let (plan, _) = run(db, LIST);
        assert_eq!((plan.counts.new, plan.counts.changed), (1, 1));
    });
}

#[test]
fn a_second_contact_of_a_line_is_a_person_like_the_first() {
    const TWO: &str = "Firma;Ort;Ansprechpartner;E-Mail;Ansprechpartner 2;E-Mail 2;Telefon 2\n\
        Elbfaser GmbH;Hamburg;Ada Nord;ada@elbfaser.example;Süd, Bo;bo@elbfaser.example;040 2\n\
        Alsterwerk GmbH;Hamburg;Cem Ost;cem@alster.example;Cem Ost;;\n\
        Billefunk GmbH;Hamburg;;;Dana West;;\n";
    on_each(|db| {
        let people = || {
            let all = "SELECT name, mail, phone FROM people ORDER BY name";
            db.read_now(|conn| conn.all::<(String, String, String)>(all, &[]))
                .unwrap()
        };
        let (plan, id) = run(db, TWO);
        assert_eq!(plan.counts.new, 3);
        let found = people();
        let names: Vec<&str> = found.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(names, ["Ada Nord", "Bo Süd", "Cem Ost", "Dana West"]);
        assert_eq!(found[1].1, "bo@elbfaser.example");
        assert_eq!(found[1].2, "040 2");
        let (plan, _) = run(db, TWO);
        assert_eq!(plan.counts.unchanged, 3, "the same list changes nothing");
        undo(db, id.unwrap()).unwrap();
        assert_eq!(people(), []);

        // Who comes second later comes alone.
        run(db, &TWO.replace("Süd, Bo;bo@elbfaser.example;040 2", ";;"));
        assert_eq!(people().len(), 3);
        let (plan, _) = run(db, TWO);
        assert_eq!((plan.counts.changed, plan.counts.unchanged), (1, 2));
        assert_eq!(people().len(), 4);
    });
}

#[test]
fn an_import_cannot_be_undone_after_something_else_happened() {
    on_each(|db| {
        let (_, first) = run(db, LIST);
        let (_, second) = run(db, "Firma;Ort;Beschäftigte\nElbfaser GmbH;Hamburg;800\n");
        let first = first.unwrap();
        let error = undo(db, first).unwrap_err();
        assert!(
            error.to_string().contains("import-refused-blocked"),
            "{error}"
        );
        let blockers = db
            .read_now(|conn| {
                let import = super::store::import(conn, first)?;
                super::undo::blockers(conn, &import)
            })
            .unwrap();
        assert_eq!(blockers.len(), 1);
        assert_eq!(blockers[0].2, "Elbfaser GmbH");
        undo(db, second.unwrap()).unwrap();
        assert_eq!(names(db, "nord").len(), 2);
    });
}

#[test]
fn two_lines_of_one_list_never_mean_one_record() {
    on_each(|db| {
        let list =
            "Firma;Ort\nElbfaser GmbH;Hamburg\nELBFASER GmbH;Hamburg\nElbfaser GmbH;Hamburg\n";
        let (plan, _) = run(db, list);
        assert_eq!(plan.counts, counts(2, 0, 0, 0, 1, 1));
        assert_eq!(plan.outcomes[2].reason, Some(Reason::SameLine(2)));
        // Another cluster's list with both spellings finds both records.
        let two = "Firma;Ort\nELBFASER GmbH;Hamburg\nElbfaser GmbH;Hamburg\n";
        let (plan, _) = run_as(db, "sued", two.as_bytes(), &Reach::Everything);
        assert_eq!(plan.counts.changed, 2);
        assert_ne!(plan.outcomes[0].organisation, plan.outcomes[1].organisation);
    });
}

#[test]
fn a_hidden_record_of_another_cluster_is_never_told() {
    on_each(|db| {
        db.write_now(Stamp::system(NOW), |work| {
            let sued = super::super::store::cluster_by_slug(work, "sued")?.unwrap();
            let id = create_organisation(
                work,
                &NewOrganisation {
                    name: "Elbfaser Geheim GmbH".into(),
                    city: "Hamburg".into(),
                    country: "DE".into(),
                    street: "Verborgene Gasse 1".into(),
                    visibility: Some(Visibility::Cluster),
                    external: vec![("ror".into(), "0abc".into())],
                    ..Default::default()
                },
            )?;
            join_cluster(work, id, sued.id, MembershipKind::Member, NOW.day())
        })
        .unwrap();
        let mine = Reach::Clusters(vec![cluster(db, "nord").id.to_string()]);
        let list = "Firma;Ort;Straße;ROR\nElbfaser Geheim GmbH;Hamburg;Kai 1;0abc\n";
        let (plan, _) = run_as(db, "nord", list.as_bytes(), &mine);
        assert_eq!(plan.counts, counts(1, 0, 0, 0, 1, 0));
        assert_eq!(plan.outcomes[0].twins[0].other, Other::Hidden);
        assert!(!format!("{plan:?}").contains("Verborgene"));
        let (again, _) = run_as(db, "nord", list.as_bytes(), &mine);
        assert_eq!(again.counts, counts(0, 0, 1, 0, 0, 0));
    });
}

fn noted(db: &Db, import: Id<Import>) -> i64 {
    db.read_now(|conn| super::store::laid(conn, import))
        .unwrap()
}

#[test]
fn what_a_killed_import_laid_ready_counts_for_nothing() {
    on_each(|db| {
        let mut list = String::from("Firma;Ort\n");
        for n in 0..1_200 {
            list.push_str(&format!("Werk {n} GmbH;Hamburg\n"));
        }
        let stamp = Stamp::system(NOW);
        let (source, lines) = source(db, "nord", list.as_bytes());
        let (reach, progress) = (Reach::Everything, Progress::default());
        let plan = commands::plan_watched(db, &source.cluster, &reach, lines, &progress).unwrap();
        let mut killed = Batch::of(&source, &plan, NOW).unwrap();
        killed.lay(db, &source, &stamp).unwrap();
        let left = killed.import;
        assert_eq!(noted(db, left), 3_600, "made, joined and remembered");
        assert!(names(db, "nord").is_empty());
        // The same list is as new as it was, and the plan of the killed one old.
        let (again, import) = run(db, &list);
        assert_eq!(again.counts.new, 1_200);
        let late = db.write_now(stamp, move |work| {
            commands::apply(work, &source, &plan, &killed)
        });
        assert!(!late.unwrap(), "planned before somebody else's list");
        assert_eq!(run(db, &list).0.counts.unchanged, 1_200);
        db.write_now(Stamp::system(NOW), |work| {
            super::retention::drop_staged(work, kontor_platform::Instant(NOW.0 + 1))
        })
        .unwrap();
        assert_eq!(noted(db, left), 0);
        let import = import.unwrap();
        assert_eq!(noted(db, import), 3_600, "what was applied keeps its notes");
        undo(db, import).unwrap();
        assert!(names(db, "nord").is_empty());
    });
}

#[test]
fn headings_are_recognised_in_both_languages_and_as_corrected() {
    let of = |text: &str| -> Vec<Option<Field>> {
        let header: Vec<String> = text.split(';').map(str::to_owned).collect();
        columns::recognise(&header, &Default::default())
    };
    use Field::{City, ContactFirst, ContactLast, Name, Street, Website};
    assert_eq!(
        of("Firmenname*;Straße u. Nr.;Ort;Web-Site"),
        [Some(Name), Some(Street), Some(City), Some(Website)]
    );
    assert_eq!(
        of("Name;Vorname;Firma"),
        [Some(ContactLast), Some(ContactFirst), Some(Name)]
    );
    assert_eq!(of("Company;Quatsch;Town"), [Some(Name), None, Some(City)]);
    use Field::{ContactMail, SecondFunction, SecondMail, SecondName, SecondPhone};
    assert_eq!(
        of("Firma;E-Mail;Ansprechpartner 2;E-Mail 2;Tel. 2;Funktion Ansprechpartner 2"),
        [
            Name,
            ContactMail,
            SecondName,
            SecondMail,
            SecondPhone,
            SecondFunction
        ]
        .map(Some)
    );
    assert_eq!(
        of("Company;Contact 2;Contact 2 email;Phone 2;Job title 2"),
        [Name, SecondName, SecondMail, SecondPhone, SecondFunction].map(Some)
    );
    assert_eq!(of("Firma;E-Mail 2"), [Some(Name), None], "nobody's address");
    let remembered = [("quatsch".to_owned(), Street)].into();
    let header = ["Company".to_owned(), "Quatsch".to_owned()];
    assert_eq!(
        columns::recognise(&header, &remembered),
        [Some(Name), Some(Street)]
    );
}

#[test]
fn the_messy_list_of_the_demo_is_read() {
    on_each(|db| {
        let list = include_bytes!("../../../demo/sample_list_messy.csv");
        let (plan, _) = run_as(db, "nord", list, &Reach::Everything);
        assert_eq!((plan.counts.new, plan.counts.rejected), (39, 1));
        assert!(plan.counts.duplicates >= 4, "{:?}", plan.counts);
        let (again, _) = run_as(db, "nord", list, &Reach::Everything);
        assert_eq!((again.counts.unchanged, again.counts.rejected), (39, 1));
    });
}

/// A real list beside the project, unpacked; `None` says so loudly.
fn real(name: &str) -> Option<Vec<u8>> {
    let stated = std::env::var_os("KONTOR_SHARED").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|up| up.join("shared"));
    let found = stated
        .into_iter()
        .chain(beside)
        .map(|base| base.join("data").join(name))
        .find(|path| path.is_file());
    let Some(path) = found else {
        let _ = writeln!(std::io::stderr(), "SKIPPED: {name} (set KONTOR_SHARED)");
        return None;
    };
    let mut bytes = Vec::new();
    flate2::read::MultiGzDecoder::new(std::fs::File::open(path).unwrap())
        .read_to_end(&mut bytes)
        .unwrap();
    Some(bytes)
}

fn real_list(name: &str, lines: i64) {
    let Some(list) = real(name) else { return };
    on_each(|db| {
        let (plan, _) = run_as(db, "nord", &list, &Reach::Everything);
        assert_eq!((plan.counts.new, plan.counts.rejected), (lines, 0));
        let before = head(db);
        let (again, _) = run_as(db, "nord", &list, &Reach::Everything);
        assert_eq!(again.counts, counts(0, 0, lines, 0, 0, 0));
        assert_eq!(head(db), before);
        if name.starts_with("ror/") {
            let of = |o: &&super::Outcome| o.draft.values.get(Attr::State) == "inactive";
            // 113 withdrawn and 79 inactive.
            assert_eq!(plan.outcomes.iter().filter(of).count(), 192);
            assert!(plan.outcomes.iter().all(|o| o.action == Action::New));
        }
    });
}

#[test]
fn the_research_organisations_of_north_central_europe_are_imported() {
    real_list("ror/organisations_north_central_europe.csv.gz", 3258);
}

#[test]
fn the_participants_of_horizon_2020_are_imported() {
    real_list("cordis_h2020/organisations.csv.gz", 8307);
}
