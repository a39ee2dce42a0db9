//! Who sees what of a person (INV-03).

use kontor_platform::db::Db;
use kontor_platform::text::Lang;
use kontor_platform::work::Stamp;
use kontor_platform::{Day, Error, Id, testing};

use super::commands::{Agreement, Profile, belongs_to, ensure, hide, save};
use super::model::{Audience, Field};
use super::store::{self, Contact};
use crate::accounts::{Account, Actor, NewAccount, Role, RoleKind, Scope, create_account};
use crate::app::wiring::MIGRATIONS;
use crate::consents::{self, Declaration, Given, Place, Purpose};
use crate::directory::{
    Cluster, MembershipKind, NewCluster, NewOrganisation, create_cluster, create_organisation,
    join_cluster,
};

/// A person who works for a member of one cluster.
struct World {
    account: Id<Account>,
    own: Id<Cluster>,
    other: Id<Cluster>,
}

fn world(db: &Db) -> World {
    db.write_now(Stamp::system(testing::NOW), |work| {
        let cluster = |slug: &str, code: &str| NewCluster {
            slug: slug.into(),
            code: code.into(),
            name: slug.into(),
            ..NewCluster::default()
        };
        let own = create_cluster(work, &cluster("hafen", "HA"))?;
        let other = create_cluster(work, &cluster("wind", "WI"))?;
        let new = NewOrganisation {
            name: "Werft".into(),
            ..NewOrganisation::default()
        };
        let werft = create_organisation(work, &new)?;
        let since = Day::parse("2026-01-01").unwrap();
        join_cluster(work, werft, own, MembershipKind::Member, since)?;
        let new = NewAccount {
            mail: "ada@werft.example",
            name: "Ada Kran",
            lang: Lang::De,
            demo_key: None,
        };
        let account = create_account(work, &new)?;
        let person = ensure(work, account, "Ada Kran", "ada@werft.example")?;
        assert_eq!(ensure(work, account, "x", "x")?, person, "one person each");
        belongs_to(work, person, own, false)?;
        Ok(World {
            account,
            own,
            other,
        })
    })
    .unwrap()
}

fn agreement(account: Id<Account>, words: &str) -> Agreement {
    let declaration = Declaration {
        purpose: Purpose::Publication,
        lang: Lang::De,
        words: words.into(),
    };
    Agreement {
        account,
        shown: declaration.hash(),
        declaration,
    }
}

fn show(db: &Db, account: Id<Account>, shown: &[(Field, Audience)]) -> Result<(), Error> {
    agree(db, shown, agreement(account, "Ja."))
}

fn agree(db: &Db, shown: &[(Field, Audience)], said: Agreement) -> Result<(), Error> {
    let profile = Profile {
        name: "Ada Kran".into(),
        function: "Leitung".into(),
        mail: "ada@werft.example".into(),
        phone: "+49 40 123".into(),
        shown: shown.to_vec(),
    };
    db.write_now(Stamp::system(testing::NOW), move |work| {
        let own = store::own(work, said.account)?.unwrap();
        save(work, own, &profile, &said)
    })
}

fn consents_of(db: &Db, account: Id<Account>) -> Vec<Given> {
    db.read_now(|conn| consents::of_account(conn, account))
        .unwrap()
}

fn member(cluster: Id<Cluster>) -> Actor {
    Actor {
        account: Some(Id::new()),
        roles: vec![Role {
            kind: RoleKind::Member,
            scope: Scope::Cluster(cluster.to_string()),
            since: Day::parse("2026-01-01").unwrap(),
            until: None,
        }],
    }
}

fn seen(db: &Db, actor: &Actor) -> Vec<Contact> {
    db.read_now(|conn| store::list(conn, actor, "", None, 10))
        .unwrap()
}

#[test]
fn a_field_is_seen_by_its_audience_and_nobody_else() {
    testing::on_each_engine(MIGRATIONS, |db| {
        let w = world(&db);
        let (own, other) = (member(w.own), member(w.other));
        let nobody = Actor::anonymous();
        let over = Actor {
            account: Some(Id::new()),
            roles: Vec::new(),
        };
        for actor in [&own, &other, &nobody, &over] {
            assert!(seen(&db, actor).is_empty(), "nothing is published yet");
        }
        show(
            &db,
            w.account,
            &[
                (Field::Name, Audience::Public),
                (Field::Function, Audience::AllClusters),
                (Field::Mail, Audience::Clusters),
            ],
        )
        .unwrap();
        let fields = |actor: &Actor| {
            let one = seen(&db, actor).remove(0);
            (one.function, one.mail, one.phone)
        };
        let (f, m) = ("Leitung".to_owned(), "ada@werft.example".to_owned());
        let none = String::new;
        assert_eq!(fields(&own), (f.clone(), m, none()));
        assert_eq!(fields(&other), (f, none(), none()));
        assert_eq!(fields(&nobody), (none(), none(), none()));
        assert_eq!(fields(&over), (none(), none(), none()));
        // What is taken back is gone at once; without a name nothing is seen.
        show(&db, w.account, &[(Field::Mail, Audience::Public)]).unwrap();
        for actor in [&own, &other, &nobody] {
            assert!(seen(&db, actor).is_empty());
        }
    });
}

#[test]
fn a_profile_says_all_its_faults_at_once_and_keeps_nothing_of_it() {
    testing::on_each_engine(MIGRATIONS, |db| {
        let w = world(&db);
        let bad = Profile {
            mail: "keine".into(),
            phone: "ruf an".into(),
            shown: vec![(Field::Name, Audience::Public)],
            ..Profile::default()
        };
        let outcome = db.write_now(Stamp::system(testing::NOW), move |work| {
            let own = store::own(work, w.account)?.unwrap();
            save(work, own, &bad, &agreement(w.account, "Ja."))
        });
        let Err(Error::Invalid(fields)) = outcome else {
            panic!("accepted");
        };
        let names: Vec<&str> = fields.0.iter().map(|f| f.field).collect();
        assert_eq!(names, ["name", "mail", "phone"]);
        assert!(seen(&db, &member(w.own)).is_empty());
    });
}

#[test]
fn a_consent_keeps_words_moment_and_withdrawal() {
    testing::on_each_engine(MIGRATIONS, |db| {
        let w = world(&db);
        let a = w.account;
        let open = |db: &Db| {
            let all = consents_of(db, a);
            all.iter().filter(|g| g.withdrawn_at.is_none()).count()
        };
        let name = |audience| [(Field::Name, audience)];
        show(&db, a, &name(Audience::Clusters)).unwrap();
        show(&db, a, &name(Audience::Clusters)).unwrap();
        let all = consents_of(&db, a);
        assert_eq!(all.len(), 1, "saving again changes nothing");
        let one = &all[0];
        assert_eq!((one.words.as_str(), one.version), ("Ja.", 1));
        assert_eq!(
            (one.scope.as_str(), one.choice.as_str()),
            ("name", "clusters")
        );
        assert_eq!(
            (one.given_at, one.given_on),
            (testing::NOW, Place::FirstSignIn)
        );

        // Another choice is another consent; new words are a new version.
        agree(&db, &name(Audience::Public), agreement(a, "Ja, gern.")).unwrap();
        show(&db, a, &[(Field::Phone, Audience::Public)]).unwrap();
        let all = consents_of(&db, a);
        let mut versions: Vec<_> = all.iter().map(|g| (g.scope.as_str(), g.version)).collect();
        versions.sort_unstable();
        assert_eq!(versions, [("name", 1), ("name", 2), ("phone", 1)]);
        assert_eq!(open(&db), 1, "the name was taken back by saving");

        // Words that were not shown are agreed to by nobody.
        let unseen = Agreement {
            shown: "alt".into(),
            ..agreement(a, "Ja.")
        };
        let outcome = agree(&db, &name(Audience::Public), unseen);
        assert!(matches!(outcome, Err(Error::Invalid(_))));
        assert_eq!(open(&db), 1);

        let stamp = Stamp::system(testing::NOW);
        db.write_now(stamp, move |work| hide(work, a, Field::Phone))
            .unwrap();
        assert_eq!(open(&db), 0);
        let published = db.read_now(|conn| {
            let own = store::own(conn, a)?.unwrap();
            store::published(conn, own.id)
        });
        assert!(published.unwrap().is_empty(), "and nobody sees it");
        let facts = db.read_now(|conn| kontor_platform::log::after(conn, 0, 1000));
        let facts = facts.unwrap();
        let count = |kind: &str| facts.iter().filter(|e| e.kind == kind).count();
        assert_eq!(count("consents.given"), 3);
        assert_eq!(count("consents.withdrawn"), 3);
    });
}

#[test]
fn details_for_more_people_than_the_name_are_told() {
    let is_hidden = |shown: &[(Field, Audience)]| {
        let profile = Profile {
            name: "Ada".into(),
            function: String::new(),
            mail: String::new(),
            phone: String::new(),
            shown: shown.to_vec(),
        };
        profile.is_hidden_by_name()
    };
    let name = |audience| (Field::Name, audience);
    let mail = (Field::Mail, Audience::AllClusters);
    assert!(!is_hidden(&[]) && is_hidden(&[mail]));
    assert!(is_hidden(&[name(Audience::Clusters), mail]));
    assert!(!is_hidden(&[name(Audience::AllClusters), mail]));
    assert!(!is_hidden(&[mail, name(Audience::Public)]));
}
