//! Rules of taking a long import back, on both engines.

use std::sync::Arc;

use kontor_platform::db::Db;
use kontor_platform::testing::NOW;
use kontor_platform::work::Stamp;
use kontor_platform::{Error, Id, Result};

use super::super::model::Import;
use super::super::progress::{Progress, Step};
use super::super::tests::{LIST, names, on_each, run};
use super::{Undoing, store, undo_watched};

fn take_back(db: &Db, id: Id<Import>) -> (Result<()>, Arc<Progress>) {
    let progress = Arc::<Progress>::default();
    let done = undo_watched(db, &Stamp::system(NOW), id, &progress, |_| Ok(()));
    (done, progress)
}

#[test]
fn what_a_later_list_knew_of_a_record_goes_with_it() {
    on_each(|db| {
        let first = run(db, LIST).1.unwrap();
        // It leads to the record and changes nothing of it.
        let both = "Firma;Ort\nElbfaser GmbH;Hamburg\nFährhaus AG;Hamburg\n";
        let (plan, second) = run(db, both);
        assert_eq!((plan.counts.new, plan.counts.unchanged), (1, 1));
        assert!(db.read_now(|c| store::has_later_keys(c, first)).unwrap());
        let (done, progress) = take_back(db, first);
        done.unwrap();
        let at = progress.at();
        assert_eq!((at.step, at.done, at.total), (Step::Writing, 5, 5));
        assert_eq!(names(db, "nord"), ["Fährhaus AG"]);
        let again = take_back(db, first).0.unwrap_err().to_string();
        assert!(again.contains("import-refused-not-applied"), "{again}");
        let (plan, _) = run(db, both);
        assert_eq!((plan.counts.new, plan.counts.unchanged), (1, 1));
        assert!(take_back(db, second.unwrap()).0.is_ok());
    });
}

#[test]
fn former_values_and_ended_memberships_come_back_in_the_long_way_too() {
    on_each(|db| {
        let before = run(db, LIST).1.unwrap();
        let list = "Firma;Ort;Beschäftigte\nElbfaser GmbH;Hamburg;800\n";
        let (plan, changed) = run(db, list);
        assert_eq!(plan.counts.changed, 1);
        let size = |db: &Db| {
            let sql = "SELECT size FROM organisations WHERE name = 'Elbfaser GmbH'";
            db.read_now(|c| c.one::<(Option<String>,)>(sql, &[]))
                .unwrap()
                .0
        };
        assert_eq!(size(db).as_deref(), Some("large"));
        let blocked = take_back(db, before).0.unwrap_err().to_string();
        assert!(blocked.contains("import-refused-blocked"), "{blocked}");
        take_back(db, changed.unwrap()).0.unwrap();
        assert_eq!(size(db).as_deref(), Some("small"));
    });
}

#[test]
fn nothing_is_taken_back_on_the_strength_of_yesterdays_look() {
    on_each(|db| {
        let first = run(db, LIST).1.unwrap();
        let progress = Progress::default();
        let read = |db: &Db| db.read_now(|c| Undoing::read(c, first, NOW, &progress));
        let old = read(db).unwrap();
        run(db, "Firma;Ort\nFährhaus AG;Hamburg\n");
        let new = read(db).unwrap();
        let write = |undoing: Undoing| {
            let progress = Progress::default();
            let act = move |work: &mut kontor_platform::Work<'_>| undoing.write(work, &progress);
            db.write_large_now(Stamp::system(NOW), act)
        };
        assert!(!write(old).unwrap());
        assert_eq!(names(db, "nord").len(), 3);
        // Whoever may not, takes nothing back either.
        let watched = Arc::<Progress>::default();
        let no = |_: &mut kontor_platform::Work<'_>| Err(Error::NotFound);
        let refused = undo_watched(db, &Stamp::system(NOW), first, &watched, no);
        assert!(matches!(refused, Err(Error::NotFound)));
        assert_eq!(names(db, "nord").len(), 3);
        assert!(write(new).unwrap());
        assert_eq!(names(db, "nord"), ["Fährhaus AG"]);
    });
}
