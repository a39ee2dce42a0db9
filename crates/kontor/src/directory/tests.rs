//! Rules and pages of the directory.

use kontor_platform::db::Db;
use kontor_platform::policy::Governed;
use kontor_platform::text::Lang;
use kontor_platform::work::Stamp;
use kontor_platform::{Clock, Day, testing};

use super::model::OrganisationFilter;
use super::model::{Helix, HelixCounts, Visibility};
use super::policy::{Act, Placed, reach};
use super::store;
use super::{MembershipKind, NewOrganisation, create_organisation, join_cluster, recount};
use crate::accounts::{Account, Actor, Role, RoleKind, Scope};
use crate::app::{demo, wiring::MIGRATIONS};

fn demo_region(db: &Db) {
    demo::seed_if_empty(db, &Clock::standing(testing::NOW)).unwrap();
}

fn actor(kind: RoleKind, scope: Scope) -> Actor {
    let since = Day::parse("2026-01-01").unwrap();
    Actor {
        account: Some(kontor_platform::Id::<Account>::new()),
        roles: vec![Role {
            kind,
            scope,
            since,
            until: None,
        }],
    }
}

#[test]
fn segments_fill_the_bar_without_gaps() {
    let counts = HelixCounts {
        business: 204,
        science: 39,
        policy_admin: 19,
        civil_society: 24,
        unassigned: 0,
    };
    let segments = counts.segments();
    let mut at = 0;
    for (_, start, length) in &segments {
        assert_eq!(*start, at);
        at += length;
    }
    assert_eq!(at, 1000);
    let half = HelixCounts {
        unassigned: 286,
        ..counts
    };
    let filled: i64 = half.segments().iter().map(|s| s.2).sum();
    assert_eq!((half.total(), filled), (572, 500), "the rest stays free");
    assert!(HelixCounts::default().segments().is_empty());
}

#[test]
fn the_demo_region_is_the_same_from_the_same_seed() {
    let names = || {
        let folder = tempfile::tempdir().unwrap();
        let source = kontor_platform::db::Source::Lite(folder.path().join("a.sqlite"));
        let db = Db::open(source, MIGRATIONS, testing::NOW).unwrap();
        demo_region(&db);
        let all = OrganisationFilter::default();
        db.read_now(|conn| {
            super::list::store::lines(
                conn,
                &super::policy::Reach::Everything,
                &all,
                Lang::De,
                10_000,
            )
        })
        .unwrap()
        .into_iter()
        .map(|line| (line.name, line.city, line.summary))
        .collect::<Vec<_>>()
    };
    let first = names();
    assert!(first.len() >= 300, "{}", first.len());
    assert_eq!(first, names());
}

/// An organisation that only its cluster may see.
fn hidden_organisation(
    db: &Db,
    cluster: kontor_platform::Id<super::Cluster>,
) -> super::Organisation {
    let own = OrganisationFilter {
        cluster: Some(cluster),
        ..Default::default()
    };
    let everyone = super::policy::Reach::Everything;
    db.read_now(|conn| {
        for line in super::list::store::lines(conn, &everyone, &own, Lang::De, 10_000)? {
            let o = store::find_organisation(conn, &line.slug)?.unwrap();
            if o.visibility == Visibility::Cluster {
                return Ok(o);
            }
        }
        panic!("the demo hides an organisation")
    })
    .unwrap()
}

/// Whether an actor may open an organisation's page, and whether one of their
/// words opens it in the search.
fn may_see(db: &Db, actor: &Actor, slug: &str) -> (bool, bool) {
    db.read_now(|conn| {
        let o = store::find_organisation(conn, slug)?.unwrap();
        let memberships = store::places(conn, o.id)?.0;
        let clusters: Vec<String> = memberships.into_iter().map(|m| m.cluster).collect();
        let placed = Placed {
            organisation: &o,
            clusters: &clusters,
        };
        let kept = super::policy::audience(&o.id.to_string(), o.visibility, &clusters);
        let opened = super::policy::words(actor).iter().any(|w| kept.contains(w));
        Ok((placed.allows(actor, &Act::See), opened))
    })
    .unwrap()
}

#[test]
fn lists_and_pages_agree_on_who_may_see_an_organisation() {
    testing::on_each_engine(MIGRATIONS, |db| {
        demo_region(&db);
        let cluster = db
            .read_now(|conn| store::find_cluster(conn, "hamburg-aviation"))
            .unwrap();
        let id = cluster.id.to_string();
        // Somebody speaks for an organisation that only its cluster may see.
        let hidden = hidden_organisation(&db, cluster.id);
        let speaks_for = Scope::Organisation(hidden.id.to_string());
        let representative = actor(RoleKind::OrganisationRepresentative, speaks_for);
        let mut both = representative.clone();
        both.roles
            .extend(actor(RoleKind::Member, Scope::Cluster(id.clone())).roles);
        let actors = [
            representative,
            both,
            Actor::anonymous(),
            actor(RoleKind::Member, Scope::Region),
            actor(RoleKind::ClusterManager, Scope::Cluster(id.clone())),
            actor(RoleKind::Officer, Scope::Region),
            actor(RoleKind::Admin, Scope::Region),
        ];
        let mut hidden_from_somebody = 0;
        for actor in &actors {
            let all = OrganisationFilter::default();
            let (listed, everything) = db
                .read_now(|conn| {
                    let everyone = super::policy::Reach::Everything;
                    Ok((
                        super::list::store::lines(conn, &reach(actor), &all, Lang::De, 10_000)?,
                        super::list::store::lines(conn, &everyone, &all, Lang::De, 10_000)?,
                    ))
                })
                .unwrap();
            for line in &everything {
                let (allowed, opened) = may_see(&db, actor, &line.slug);
                let is_listed = listed.iter().any(|l| l.id == line.id);
                assert_eq!(allowed, is_listed, "{} for {actor:?}", line.name);
                assert_eq!(allowed, opened, "search: {} for {actor:?}", line.name);
                hidden_from_somebody += i32::from(!allowed);
                if line.id == hidden.id && actor.represents(&hidden.id.to_string()) {
                    assert!(is_listed, "one's own organisation is in the list");
                }
            }
        }
        assert!(
            hidden_from_somebody > 100,
            "the demo holds something that could leak"
        );
    });
}

#[test]
fn figures_count_an_organisation_of_two_clusters_once_in_the_region() {
    testing::on_each_engine(MIGRATIONS, |db| {
        let stamp = Stamp::system(testing::NOW);
        let cluster_ids = db
            .write_now(stamp.clone(), |work| {
                let mut ids = Vec::new();
                for code in ["AA", "BB"] {
                    let new = super::NewCluster {
                        slug: code.to_lowercase(),
                        code: code.into(),
                        name: code.into(),
                        ..Default::default()
                    };
                    ids.push(super::create_cluster(work, &new)?);
                }
                let since = Day::parse("2026-01-01").unwrap();
                for (name, visibility) in [
                    ("Nordlicht", Visibility::Public),
                    ("Südwind", Visibility::Cluster),
                ] {
                    let new = NewOrganisation {
                        name: name.into(),
                        helix: Some(Helix::Science),
                        visibility: Some(visibility),
                        ..Default::default()
                    };
                    let id = create_organisation(work, &new)?;
                    for cluster in &ids {
                        join_cluster(work, id, *cluster, MembershipKind::Member, since)?;
                    }
                }
                recount(work)?;
                Ok(ids)
            })
            .unwrap();
        let figures = |scope: &str| {
            db.read_now(|conn| super::figures::figures(conn, scope, "public"))
                .unwrap()
                .science
        };
        assert_eq!(
            figures("region"),
            1,
            "the hidden one is not counted for the public"
        );
        assert_eq!(figures(&cluster_ids[0].to_string()), 1);
        assert_eq!(figures(&cluster_ids[1].to_string()), 1);
    });
}

#[test]
fn figures_leave_nobody_out_who_comes_at_the_same_time() {
    use std::sync::mpsc::channel;
    use std::time::Duration;
    testing::on_each_engine(MIGRATIONS, |db| {
        let add = |work: &mut kontor_platform::Work<'_>, name: &str| {
            let new = NewOrganisation {
                name: name.into(),
                helix: Some(Helix::Business),
                visibility: Some(Visibility::Public),
                ..Default::default()
            };
            create_organisation(work, &new)?;
            recount(work)
        };
        let (counted, has_counted) = channel();
        std::thread::scope(|scope| {
            let first = &db;
            scope.spawn(move || {
                let act = move |work: &mut kontor_platform::Work<'_>| {
                    add(work, "Werk Nord")?;
                    // The other one counts while this one has not committed.
                    let _ = counted.send(());
                    std::thread::sleep(Duration::from_millis(300));
                    Ok(())
                };
                first.write_now(Stamp::system(testing::NOW), act).unwrap();
            });
            has_counted.recv().unwrap();
            let act = move |work: &mut kontor_platform::Work<'_>| add(work, "Werk Süd");
            db.write_now(Stamp::system(testing::NOW), act).unwrap();
        });
        let both = db
            .read_now(|conn| super::figures::figures(conn, "region", "public"))
            .unwrap();
        assert_eq!(both.business, 2);
    });
}

#[test]
fn figures_count_what_an_asker_finds_in_the_list() {
    testing::on_each_engine(MIGRATIONS, |db| {
        let at = Day::parse("2026-01-01").unwrap();
        let id = db
            .write_now(Stamp::system(testing::NOW), move |work| {
                let of = |slug: &str, code: &str| super::NewCluster {
                    slug: slug.into(),
                    code: code.into(),
                    name: code.into(),
                    ..Default::default()
                };
                let id = super::create_cluster(work, &of("aa", "AA"))?;
                super::create_cluster(work, &of("bb", "BB"))?;
                for (name, helix, visibility) in [
                    ("Ohne Seite", None, Visibility::Public),
                    ("Nur hier", Some(Helix::Business), Visibility::Cluster),
                    ("Für alle", Some(Helix::Business), Visibility::AllClusters),
                ] {
                    let new = NewOrganisation {
                        name: name.into(),
                        helix,
                        visibility: Some(visibility),
                        ..Default::default()
                    };
                    let organisation = create_organisation(work, &new)?;
                    join_cluster(work, organisation, id, MembershipKind::Member, at)?;
                }
                recount(work)?;
                Ok(id.to_string())
            })
            .unwrap();
        let seen = |who: &Actor| {
            let audience = super::figures::Audience::of(who);
            let of = |c: &super::store::Counted| c.counts;
            db.read_now(|conn| {
                let all = store::clusters(conn, &audience)?;
                let one = store::counted_cluster(conn, "aa", &audience)?;
                let kept = super::figures::figures(conn, &id, audience.within(&id))?;
                assert_eq!((of(&all[0]), of(&one)), (kept, kept));
                let hits = super::list::store::lines(
                    conn,
                    &reach(who),
                    &OrganisationFilter {
                        cluster: Some(id.parse()?),
                        ..Default::default()
                    },
                    Lang::De,
                    10,
                )?;
                assert_eq!(kept.total(), hits.len() as i64);
                Ok((kept.unassigned, kept.business))
            })
            .unwrap()
        };
        let at = |cluster: &str| Scope::Cluster(cluster.to_owned());
        assert_eq!(seen(&Actor::default()), (1, 0));
        assert_eq!(seen(&actor(RoleKind::Member, at("another"))), (1, 1));
        assert_eq!(seen(&actor(RoleKind::ClusterManager, at(&id))), (1, 2));
        assert_eq!(seen(&actor(RoleKind::Admin, Scope::Region)), (1, 2));
    });
}

#[test]
fn two_organisations_of_one_name_get_two_addresses() {
    testing::on_each_engine(MIGRATIONS, |db| {
        let stamp = Stamp::system(testing::NOW);
        db.write_now(stamp, |work| {
            for _ in 0..2 {
                let new = NewOrganisation {
                    name: "Müller & Söhne".into(),
                    ..Default::default()
                };
                create_organisation(work, &new)?;
            }
            Ok(())
        })
        .unwrap();
        let find = |slug: &str| {
            db.read_now(|conn| store::find_organisation(conn, slug))
                .unwrap()
                .is_some()
        };
        assert!(find("mueller-soehne") && find("mueller-soehne-2"));
    });
}
