//! The index, the log it follows, and who finds what, on real databases.

use std::path::Path;

use kontor_platform::db::Db;
use kontor_platform::readers::{self, Card};
use kontor_platform::work::Stamp;
use kontor_platform::{Clock, Day, Error, Id, Result, log, testing};

use super::find::{Found, Range};
use super::question::Question;
use super::*;
use crate::accounts::{Account, Actor, Role, RoleKind, Scope};
use crate::app::wiring::{MIGRATIONS, SOURCES};
use crate::directory::{
    self, Cluster, MembershipKind, NewCluster, NewOrganisation, Organisation, Visibility,
};

/// A region on each engine, with a folder for its index.
fn on_each(check: impl Fn(&Db, &Path)) {
    testing::on_each_engine(MIGRATIONS, |db| {
        let folder = tempfile::tempdir().unwrap();
        check(&db, folder.path());
    });
}

fn search(db: &Db, data: &Path) -> Search {
    let clock = Clock::standing(testing::NOW);
    let search = Search::new(data, db.clone(), clock, SOURCES);
    search.catch_up().unwrap();
    search
}

fn command<T: Send + 'static>(
    db: &Db,
    f: impl Fn(&mut kontor_platform::Work<'_>) -> Result<T> + Send + 'static,
) -> T {
    db.write_now(Stamp::system(testing::NOW), f).unwrap()
}

fn cluster(db: &Db, code: &'static str) -> Id<Cluster> {
    command(db, move |work| {
        let new = NewCluster {
            slug: code.to_lowercase(),
            code: code.into(),
            name: format!("Verbund {code}"),
            ..Default::default()
        };
        directory::create_cluster(work, &new)
    })
}

fn organisation(db: &Db, new: NewOrganisation, of: Option<Id<Cluster>>) -> Id<Organisation> {
    command(db, move |work| {
        let id = directory::create_organisation(work, &new)?;
        if let Some(cluster) = of {
            let since = Day::parse("2026-01-01").unwrap();
            directory::join_cluster(work, id, cluster, MembershipKind::Member, since)?;
        }
        Ok(id)
    })
}

fn named(name: &str, visibility: Visibility) -> NewOrganisation {
    NewOrganisation {
        name: name.into(),
        visibility: Some(visibility),
        ..Default::default()
    }
}

fn actor(kind: RoleKind, scope: Scope) -> Actor {
    Actor {
        account: Some(Id::<Account>::new()),
        roles: vec![Role {
            kind,
            scope,
            since: Day::parse("2026-01-01").unwrap(),
            until: None,
        }],
    }
}

fn ask(search: &Search, actor: &Actor, question: &str) -> Found {
    let ranges = ["cluster", "organisation"].map(|kind| Range {
        kind,
        from: 0,
        many: 50,
    });
    let words = directory::readers::words(actor);
    let found = search.find(&Question::read(question), &words, &ranges);
    found.expect("there is an index")
}

fn is_found(search: &Search, actor: &Actor, question: &str) -> bool {
    let found = ask(search, actor, question);
    let ids = found.groups.iter().map(|g| g.ids.len()).sum::<usize>();
    assert_eq!(ids, found.total(), "{question}: counted and listed");
    ids > 0 && !found.is_near
}

#[test]
fn german_words_are_found_in_their_forms() {
    on_each(|db, data| {
        let new = NewOrganisation {
            summary_de: "Wasserstofftechnologien für Häuser; Prüfstände und Förderanträge".into(),
            summary_en: "Testing of hydrogen technologies".into(),
            competences_de: "Flugzeugwartung|Künstliche Intelligenz".into(),
            city: "Lüneburg".into(),
            classes: vec!["72.19".into()],
            external: vec![("ror".into(), "0006e6p34".into())],
            ..named("Größe & Müller GmbH (DESY)", Visibility::Public)
        };
        organisation(db, new, None);
        organisation(db, named("Desycon Weiler", Visibility::Public), None);
        let search = search(db, data);
        let nobody = Actor::anonymous();
        for question in [
            "Haus",
            "Häuser",
            "hauses",
            "Wasserstofftechnologie",
            "wasserstoff",
            "Technologie",
            "pruefstand",
            "Förderantrag",
            "Antrag wasserstoff",
            "künstlicher intelligenz",
            "\"künstliche Intelligenz\"",
            "Mueller",
            "muller groesse",
            "hydrogen technology",
            "test",
            "Lüneb",
            "luneburg haus",
            "Forschung",
            "research",
            "72.19",
            "0006e6p34",
            "Haus -Hafen",
            "die Häuser",
        ] {
            assert!(is_found(&search, &nobody, question), "{question}");
        }
        for question in [
            "Hafen",
            "Haus -Wasserstoff",
            "Haus Hafen",
            "\"Intelligenz künstliche\"",
            "Wasser -\"Wasserstofftechnologien für Häuser\"",
            "-Haus",
            "",
        ] {
            assert!(!is_found(&search, &nobody, question), "{question}");
        }
        let desy = ask(&search, &nobody, "DESY");
        assert_eq!(desy.total(), 2, "the acronym, and a name that begins so");
        let alone = ask(&search, &nobody, "\"DESY\"");
        assert_eq!(alone.total(), 1);
        assert_eq!(desy.groups[1].ids[0], alone.groups[1].ids[0], "it is first");
        let near = ask(&search, &nobody, "Prüfstende");
        assert!(near.is_near && near.total() == 1, "one slip");
    });
}

#[test]
fn who_may_not_see_it_neither_finds_nor_counts_it() {
    on_each(|db, data| {
        let (own, other) = (cluster(db, "EI"), cluster(db, "AN"));
        let inside = organisation(db, named("Leuchtwerk", Visibility::Cluster), Some(own));
        organisation(db, named("Leuchtkraft", Visibility::AllClusters), Some(own));
        organisation(db, named("Leuchtturm", Visibility::Public), Some(own));
        let search = search(db, data);
        let of = |id: Id<Cluster>| Scope::Cluster(id.to_string());
        let spoken = Scope::Organisation(inside.to_string());
        let counted = [
            (Actor::anonymous(), 1),
            (actor(RoleKind::Member, of(other)), 2),
            (actor(RoleKind::ClusterManager, of(other)), 2),
            (actor(RoleKind::Auditor, Scope::Region), 2),
            (actor(RoleKind::Member, of(own)), 3),
            (actor(RoleKind::OrganisationRepresentative, spoken), 3),
            (actor(RoleKind::Admin, Scope::Region), 3),
        ];
        for (actor, count) in &counted {
            let found = ask(&search, actor, "leucht");
            assert_eq!(found.total(), *count, "{actor:?}");
            assert_eq!(found.groups[1].ids.len(), *count, "{actor:?}");
            assert_eq!(is_found(&search, actor, "Leuchtwerk"), *count == 3);
            let near = ask(&search, actor, "Leuchtwerg");
            assert_eq!(near.total() > 0, *count == 3, "a slip opens nothing");
        }
    });
}

#[test]
fn what_changes_is_followed() {
    on_each(|db, data| {
        let home = cluster(db, "EI");
        let id = organisation(db, named("Tidenwerk", Visibility::Cluster), None);
        let search = search(db, data);
        let inside = actor(RoleKind::Member, Scope::Cluster(home.to_string()));
        assert!(!is_found(&search, &inside, "Tidenwerk"), "no member yet");
        command(db, move |work| {
            let since = Day::parse("2026-01-01").unwrap();
            directory::join_cluster(work, id, home, MembershipKind::Member, since)
        });
        assert!(!is_found(&search, &inside, "Tidenwerk"), "not read yet");
        search.catch_up().unwrap();
        assert_eq!(ask(&search, &inside, "Tidenwerk").total(), 1, "and once");
        assert!(!is_found(&search, &Actor::anonymous(), "Tidenwerk"));
    });
}

#[test]
fn an_index_that_does_not_fit_is_made_anew() {
    on_each(|db, data| {
        organisation(db, named("Altwerk", Visibility::Public), None);
        let nobody = Actor::anonymous();
        drop(search(db, data));
        let place = index::place(&folder(data));

        // The log of another day: shorter, or of the same length.
        let head = db.read_now(log::head).unwrap();
        for seq in [head + 40, head] {
            let (opened, _) = index::open(&place).unwrap();
            let mut writer = index::Writer::open(&opened.index, opened.fields).unwrap();
            let other = Cursor {
                seq,
                hash: "of another history".into(),
            };
            writer.remove("organisation", "none");
            let fake = Card {
                kind: "organisation",
                id: "01900000-0000-7000-8000-000000000000".into(),
                title: "Geisterwerk".into(),
                names: Vec::new(),
                texts: Vec::new(),
                audience: vec!["public".into()],
            };
            writer.add(&fake).unwrap();
            writer.commit(&other).unwrap();
            writer.close().unwrap();
            let again = search(db, data);
            assert!(is_found(&again, &nobody, "Altwerk"), "{seq}");
            assert!(!is_found(&again, &nobody, "Geisterwerk"), "{seq}");
        }

        // Damaged.
        for entry in std::fs::read_dir(&place).unwrap().flatten() {
            if entry.path().extension().is_some_and(|e| e == "term") {
                let mut bytes = std::fs::read(entry.path()).unwrap();
                bytes[0] ^= 0xff;
                std::fs::write(entry.path(), bytes).unwrap();
            }
        }
        assert!(index::open(&place).is_err(), "damage is seen");
        let running = search(db, data);
        assert!(is_found(&running, &nobody, "Altwerk"));

        // Thrown away under a running process.
        assert!(reset(data).unwrap());
        assert!(state(data).is_none());
        assert!(is_found(&running, &nobody, "Altwerk"), "from the old one");
        organisation(db, named("Neuwerk", Visibility::Public), None);
        running.catch_up().unwrap();
        assert!(is_found(&running, &nobody, "Neuwerk"));
        let state = state(data).expect("a new one");
        assert_eq!(state.documents, 2);
        assert!(db.read_now(|c| state.fits(c)).unwrap());
        assert_eq!(db.read_now(|c| waiting(c, SOURCES, state.seq)).unwrap(), 0);
        assert!(reset(data).unwrap() && !reset(data).unwrap());
    });
}

/// Cards that cannot be made of a record whose name says so.
fn brittle(conn: &mut kontor_platform::db::Conn, kind: &str, ids: &[&str]) -> Result<Vec<Card>> {
    let cards = directory::readers::cards(conn, kind, ids)?;
    if cards.iter().any(|c| c.title.starts_with("Bruch")) {
        return Err(Error::broken("this record is broken"));
    }
    Ok(cards)
}

const BRITTLE: &[Source] = &[Source {
    cards: brittle,
    ..SOURCES[0]
}];

#[test]
fn a_fact_that_cannot_be_taken_in_is_parked_and_the_rest_goes_on() {
    on_each(|db, data| {
        let clock = Clock::standing(testing::NOW);
        let search = Search::new(data, db.clone(), clock, BRITTLE);
        search.catch_up().unwrap();
        for name in ["Erstwerk", "Bruchwerk", "Letztwerk"] {
            organisation(db, named(name, Visibility::Public), None);
        }
        search.catch_up().unwrap();
        let nobody = Actor::anonymous();
        assert!(is_found(&search, &nobody, "Erstwerk"));
        assert!(is_found(&search, &nobody, "Letztwerk"));
        let parked = db.read_now(readers::parked).unwrap();
        assert_eq!(parked.len(), 1, "{parked:?}");
        assert_eq!(parked[0].reader, "search");
        assert_eq!(parked[0].kind, "directory.organisation_created");
        assert_eq!(parked[0].reason, "this record is broken");

        // Read anew by a program that can: nothing is parked any more.
        drop(search);
        reset(data).unwrap();
        let mended = self::search(db, data);
        assert!(is_found(&mended, &nobody, "Bruchwerk"));
        assert_eq!(db.read_now(readers::parked).unwrap(), Vec::new());
        // Read anew by one that cannot: the same record is parked.
        drop(mended);
        reset(data).unwrap();
        let search = Search::new(data, db.clone(), Clock::standing(testing::NOW), BRITTLE);
        search.catch_up().unwrap();
        assert!(is_found(&search, &nobody, "Letztwerk"));
        assert_eq!(db.read_now(readers::parked).unwrap(), parked);
    });
}

#[test]
fn every_fact_about_an_organisation_reaches_the_search() {
    let wired: Vec<&str> = SOURCES
        .iter()
        .flat_map(|s| s.facts)
        .map(|(f, _)| *f)
        .collect();
    let mut seen = 0;
    for source in [
        include_str!("../directory/model.rs"),
        include_str!("../directory/import/model.rs"),
        include_str!("../directory/duplicates/model.rs"),
    ] {
        for part in source.split("\"directory.").skip(1) {
            let fact = part.split('"').next().unwrap_or_default();
            if ["organisation", "membership", "cluster"]
                .iter()
                .any(|n| fact.starts_with(n))
            {
                let fact = format!("directory.{fact}");
                assert!(wired.contains(&fact.as_str()), "{fact} is not wired");
                seen += 1;
            }
        }
    }
    assert_eq!(
        seen,
        wired.len(),
        "and nothing is wired that does not exist"
    );
}

#[test]
fn what_fails_again_and_again_is_tried_less_and_less_often() {
    let pauses: Vec<u64> = (0..10).map(|n| super::pause(n).as_secs()).collect();
    assert_eq!(pauses[..4], [1, 2, 4, 8]);
    assert_eq!(pauses[8..], [256, 256]);
}
