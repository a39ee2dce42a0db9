//! A list that changes more records than one statement takes, and taking it back,
//! on both engines.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use kontor_platform::db::Db;
use kontor_platform::testing::NOW;
use kontor_platform::work::Stamp;
use kontor_platform::{Error, Id, Result, log, params};

use super::super::choices::{self, Choices};
use super::super::commands::{self, Source};
use super::super::model::{Attr, Import, Values};
use super::super::tests::{on_each, source};
use super::super::undo::undo_watched;
use super::super::{Plan, Reach};
use super::Rewrites;
use crate::directory::model::Organisation;

/// More than are written at once, and a remainder of each size.
const RECORDS: usize = 2_227;

/// A list of so many members; the second one says something new of each.
fn list(records: usize, is_second: bool) -> String {
    let mut text = String::from("Mitgliedsnummer;Firma;Ort;Web;Beschäftigte;USt-IdNr;WZ\n");
    for n in 0..records {
        let of = |every: usize| is_second && n % every == 0;
        let name = if of(10) { "Neuwerk" } else { "Altwerk" };
        let host = if is_second { "neu" } else { "alt" };
        let staff = if of(7) { "800" } else { "12" };
        let vat = if of(50) { n.to_string() } else { String::new() };
        let class = if of(40) { "30.30" } else { "" };
        text.push_str(&format!(
            "{n};{name} {n};Hamburg;{host}{n}.example;{staff};DE{vat};{class}\n"
        ));
    }
    text.replace(";DE;", ";;")
}

fn apply(db: &Db, list: &str, choices: Choices) -> (Plan, Id<Import>) {
    let (source, lines) = source(db, "nord", list.as_bytes());
    let source = Source { choices, ..source };
    let stamp = Stamp::system(NOW);
    let done = commands::run(db, &source, &Reach::Everything, &lines, &stamp);
    let (plan, import) = done.unwrap();
    (plan, import.unwrap())
}

fn take_back(db: &Db, import: Id<Import>, is_long: bool) {
    let stamp = Stamp::system(NOW);
    if is_long {
        undo_watched(db, &stamp, import, &Arc::default(), |_| Ok(())).unwrap();
    } else {
        super::super::tests::undo(db, import).unwrap();
    }
}

/// What is stored of organisations, each row as one text.
fn stored(db: &Db) -> Vec<String> {
    db.read_now(|conn| {
        let mut all = Vec::new();
        for sql in [
            "SELECT o.id || ';' || o.slug || ';' || o.name || ';' || o.sort_key || ';' || o.name_key \
             || ';' || COALESCE(o.helix, '-') || ';' || COALESCE(o.size, '-') AS a, \
             COALESCE(o.size_as_of, '-') || ';' || COALESCE(o.founded, 0) || ';' || o.street || ';' \
             || o.postcode || ';' || o.city || ';' || o.city_key || ';' || o.region AS b, \
             o.country || ';' || o.website || ';' || o.web_host || ';' || o.mail_host || ';' \
             || o.register_number || ';' || o.summary_de || ';' || o.competences_de || ';' \
             || o.state || ';' || o.visibility || ';' || o.clusters AS c \
             FROM organisations o ORDER BY o.id",
            "SELECT id AS a, organisation AS b, sort_key AS c FROM memberships ORDER BY id",
            "SELECT scheme AS a, value AS b, organisation AS c FROM external_ids ORDER BY 1, 2",
            "SELECT organisation AS a, code AS b, '' AS c FROM organisation_classes ORDER BY 1, 2",
            "SELECT organisation AS a, field AS b, COALESCE(account, '-') || ';' || at AS c \
             FROM own_fields ORDER BY 1, 2",
            "SELECT organisation AS a, name_key AS b, name AS c FROM former_names ORDER BY 1, 2",
        ] {
            for (a, b, c) in conn.all::<(String, String, String)>(sql, params![])? {
                all.push(format!("{a};{b};{c}"));
            }
        }
        Ok(all)
    })
    .unwrap()
}

fn count(db: &Db, sql: &str) -> i64 {
    db.read_now(|conn| conn.one::<(i64,)>(sql, params![]))
        .unwrap()
        .0
}

/// Sizes were counted long ago, and every hundredth website is kept by its
/// organisation.
fn aged(db: &Db, kept: Vec<Id<Organisation>>) {
    db.write_now(Stamp::system(NOW), move |work| {
        work.run(
            "UPDATE organisations SET size_as_of = '2020-02-02'",
            params![],
        )?;
        for id in &kept {
            let own = "INSERT INTO own_fields (organisation, field, at) VALUES ($1, 'website', 7)";
            work.run(own, params![id])?;
        }
        Ok(())
    })
    .unwrap();
}

/// What the second list changes in the record of a line, in words.
fn words(n: usize) -> Vec<&'static str> {
    let every = |every: usize, word: &'static str| n.is_multiple_of(every).then_some(word);
    let website = Some("website");
    let all = [every(10, "name"), every(7, "size"), website];
    let added = [every(40, "classes"), every(50, "vat")];
    all.into_iter().chain(added).flatten().collect()
}

/// Looks at each record after the second list.
fn is_as_listed(db: &Db, ids: &[Id<Organisation>]) {
    type Whole = (String, String, String, String, String, String, String, i64);
    let whole = "SELECT id, name, website, web_host, COALESCE(size, ''), \
        COALESCE(size_as_of, ''), sort_key, version FROM organisations";
    let rows: Vec<Whole> = db.read_now(|conn| conn.all(whole, params![])).unwrap();
    assert_eq!(rows.len(), ids.len());
    let rows: HashMap<String, Whole> = rows.into_iter().map(|r| (r.0.clone(), r)).collect();
    let today = NOW.day().to_string();
    for (n, id) in ids.iter().enumerate() {
        let row = &rows[&id.to_string()];
        let name = if n % 10 == 0 { "Neuwerk" } else { "Altwerk" };
        assert_eq!(row.1, format!("{name} {n}"));
        assert!(row.2.contains(&format!("neu{n}.example")), "{row:?}");
        assert_eq!(row.3, format!("neu{n}.example"));
        let (size, as_of) = match n % 7 {
            0 => ("large", today.as_str()),
            _ => ("small", "2020-02-02"),
        };
        assert_eq!((row.4.as_str(), row.5.as_str()), (size, as_of));
        assert_eq!(row.6, kontor_analysis::names::sort_key(&row.1));
        assert_eq!(row.7, 2);
    }
    assert_eq!(db.read_now(crate::directory::misfiled).unwrap(), 0);
    assert_eq!(count(db, "SELECT COUNT(*) AS n FROM own_fields"), 0);
    let former = count(db, "SELECT COUNT(*) AS n FROM former_names");
    assert_eq!(usize::try_from(former), Ok(ids.len().div_ceil(10)));
    let notes = "SELECT COUNT(*) - MAX(position) AS n FROM import_changes \
        WHERE kind = 'changed' AND import = (SELECT MAX(id) FROM imports)";
    assert_eq!(count(db, notes), 1, "positions from 0, without a gap");
}

/// Each change is told in the order of records, and then an end.
fn is_told(db: &Db, ids: &[Id<Organisation>], after: i64, end: &str) {
    let records = ids.iter().enumerate();
    let mut expected: Vec<_> = records.map(|(n, id)| (id.to_string(), words(n))).collect();
    expected.sort();
    let mut told = db.read_now(|conn| log::after(conn, after, 10_000)).unwrap();
    assert_eq!(told.pop().expect("an end").kind, end);
    assert_eq!(told.len(), expected.len());
    for (fact, (id, words)) in told.iter().zip(&expected) {
        assert_eq!(fact.kind, "directory.organisation_changed");
        assert_eq!(&fact.subject, id);
        let body: serde_json::Value = serde_json::from_str(&fact.body).unwrap();
        let fields = body["fields"].as_array().expect("fields").iter();
        let mut fields: Vec<&str> = fields.filter_map(serde_json::Value::as_str).collect();
        // One that was taken stands behind the others.
        fields.sort_unstable();
        let mut words = words.clone();
        words.sort_unstable();
        assert_eq!(fields, words);
    }
}

fn changes_are_written_and_taken_back(db: &Db, records: usize) {
    let (plan, _) = apply(db, &list(records, false), Choices::default());
    assert_eq!(usize::try_from(plan.counts.new), Ok(records));
    let ids: Vec<Id<Organisation>> = plan
        .outcomes
        .iter()
        .filter_map(|o| o.organisation)
        .collect();
    let kept: Vec<_> = ids.iter().step_by(100).copied().collect();
    aged(db, kept.clone());
    let (before, head) = (stored(db), db.read_now(log::head).unwrap());
    let taken = kept.iter().map(|id| (*id, Attr::Website));
    let choices = Choices {
        taken: taken.collect::<HashSet<_>>(),
        ..Choices::default()
    };
    let (plan, import) = apply(db, &list(records, true), choices);
    assert_eq!(usize::try_from(plan.counts.changed), Ok(records));
    is_as_listed(db, &ids);
    is_told(db, &ids, head, "directory.import_applied");
    assert!(before.iter().all(|row| !row.contains("Neuwerk")));
    assert!(stored(db).iter().any(|row| row.contains("Neuwerk")));

    let head = db.read_now(log::head).unwrap();
    take_back(db, import, records > 1_000);
    assert_eq!(stored(db), before);
    is_told(db, &ids, head, "directory.import_undone");
    let versions = "SELECT COUNT(*) AS n FROM organisations WHERE version = 3";
    assert_eq!(usize::try_from(count(db, versions)), Ok(records));
    assert_eq!(db.read_now(log::verify).unwrap(), None);
}

#[test]
fn a_long_list_of_changes_is_written_and_taken_back() {
    on_each(|db| changes_are_written_and_taken_back(db, RECORDS));
}

#[test]
fn a_short_list_of_changes_is_written_and_taken_back() {
    on_each(|db| changes_are_written_and_taken_back(db, 205));
}

#[test]
fn a_record_that_is_gone_meanwhile_stops_all() {
    on_each(|db| {
        let write = db.write_now(Stamp::system(NOW), |work| {
            let mut rewrites = Rewrites::new(NOW);
            rewrites.add(Id::new(), Vec::new(), &Values::default(), None)?;
            rewrites.write(work, |_| Ok(()))
        });
        assert!(matches!(write, Err(Error::TooMany { .. })), "{write:?}");
        let none: Result<()> = db.write_now(Stamp::system(NOW), |work| {
            Rewrites::new(NOW).write(work, |_| Ok(()))
        });
        none.unwrap();
    });
}

#[test]
fn whoever_looks_on_hears_how_far_it_is() {
    on_each(|db| {
        let (plan, _) = apply(db, &list(RECORDS, false), Choices::default());
        let ids: Vec<Id<Organisation>> = plan
            .outcomes
            .iter()
            .filter_map(|o| o.organisation)
            .collect();
        let told = db.write_now(Stamp::system(NOW), move |work| {
            let mut rewrites = Rewrites::new(NOW);
            for (n, id) in ids.iter().enumerate() {
                let attrs = if n < 10 {
                    vec![Attr::Founded]
                } else {
                    vec![Attr::Street]
                };
                rewrites.add(*id, attrs, &Values::default(), None)?;
            }
            let mut told = Vec::new();
            rewrites.write(work, |done| {
                told.push(done);
                Ok(())
            })?;
            Ok(told)
        });
        assert_eq!(told.unwrap(), [10, 2_010, 2_227]);
        let own = db.read_now(choices::owned).unwrap();
        assert!(own.is_empty());
    });
}
