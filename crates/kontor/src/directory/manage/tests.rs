//! Founding and moving clusters.

use kontor_platform::work::Stamp;
use kontor_platform::{Error, testing};

use super::commands::{change, found};
use super::forms::{ClusterForm, bars};
use crate::accounts::Actor;
use crate::app::wiring::MIGRATIONS;
use crate::directory::addresses::leads_to;
use crate::directory::store::find_cluster;

fn hafen(slug: &str) -> ClusterForm {
    ClusterForm {
        name: "Hafen Cluster".into(),
        slug: slug.into(),
        code: "HC".into(),
        purpose_de: "Der Hafen".into(),
        visibility: "public".into(),
        ..ClusterForm::default()
    }
}

#[test]
fn a_moved_cluster_is_found_by_every_former_address() {
    testing::on_each_engine(MIGRATIONS, |db| {
        let stamp = || Stamp::system(testing::NOW);
        let form = hafen("hafen");
        db.write_now(stamp(), move |w| found(w, &Actor::anonymous(), &form))
            .unwrap();
        for (from, to) in [("hafen", "port"), ("port", "elbe"), ("elbe", "hafen")] {
            db.write_now(stamp(), move |w| {
                let cluster = find_cluster(w, from)?;
                change(w, &cluster, &hafen(to))
            })
            .unwrap();
        }
        let leads = |slug| db.read_now(|c| leads_to(c, "cluster", slug)).unwrap();
        assert_eq!(leads("port").as_deref(), Some("hafen"));
        assert_eq!(leads("elbe").as_deref(), Some("hafen"));
        assert_eq!(
            leads("hafen"),
            None,
            "the present address leads nowhere else"
        );
    });
}

#[test]
fn a_taken_address_or_code_is_a_field_error() {
    testing::on_each_engine(MIGRATIONS, |db| {
        let found = |form: ClusterForm| {
            db.write_now(Stamp::system(testing::NOW), move |w| {
                found(w, &Actor::anonymous(), &form)
            })
        };
        found(hafen("hafen")).unwrap();
        let Err(Error::Invalid(fields)) = found(hafen("hafen")) else {
            panic!("taken twice");
        };
        assert!(fields.of("slug").is_some() && fields.of("code").is_some());
        let Err(Error::Invalid(fields)) = found(ClusterForm::default()) else {
            panic!("empty");
        };
        assert!(fields.0.len() >= 4);
    });
}

#[test]
fn themes_are_parted_however_they_are_typed() {
    assert_eq!(
        bars(" Wind, Wasserstoff;; Netze |"),
        "Wind|Wasserstoff|Netze"
    );
}
