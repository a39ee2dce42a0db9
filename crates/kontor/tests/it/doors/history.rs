//! Histories: what happened stands there, and nothing that is hidden elsewhere.

use axum::http::StatusCode;
use kontor::directory::import::{self, Reach, Source, columns};
use kontor::directory::{
    self, Cluster, MembershipKind, NewOrganisation, NewPerson, Organisation, Visibility,
};
use kontor_platform::sheets::{self, Limits};
use kontor_platform::work::Stamp;
use kontor_platform::{Day, Id, params};

use super::profile::profile;
use super::{furnish, post};
use crate::world::{World, on_each_demo};

fn read(world: &World, role: &str, path: &str) -> String {
    let token = world.sign_in(role);
    let answer = world.get_by(&token, path);
    assert_eq!(answer.status, StatusCode::OK, "{role}: {path}");
    answer.body
}

fn cluster(world: &World, slug: &'static str) -> Cluster {
    let found = world
        .site
        .db
        .read_now(|c| directory::cluster_by_slug(c, slug));
    found.expect("the database").expect("the cluster")
}

/// An organisation that joins a cluster in a command of its own.
fn join(
    world: &World,
    name: &'static str,
    cluster: Id<Cluster>,
    visibility: Visibility,
) -> Id<Organisation> {
    world.clock.advance_s(60);
    world.command(move |work| {
        let new = NewOrganisation {
            name: name.into(),
            street: "Alter Weg 1".into(),
            city: "Kiel".into(),
            country: "DE".into(),
            visibility: Some(visibility),
            ..Default::default()
        };
        let id = directory::create_organisation(work, &new)?;
        let since = Day::parse("2026-01-01").expect("a day");
        directory::join_cluster(work, id, cluster, MembershipKind::Member, since)?;
        Ok(id)
    })
}

fn edit(world: &World, role: &str, slug: &str, changes: &[(&str, &str)]) {
    world.clock.advance_s(60);
    let token = world.sign_in(role);
    let path = format!("/organisationen/{slug}/bearbeiten");
    let form = profile(&world.get_by(&token, &path).body, changes);
    let saved = post(world, &token, &path, &form);
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
}

fn name_of(world: &World, role: &'static str) -> String {
    let find = "SELECT name FROM accounts WHERE demo_key = $1";
    let found = world
        .site
        .db
        .read_now(|c| c.one::<(String,)>(find, params![role]));
    found.expect("the persona").0
}

#[test]
fn a_history_says_what_happened_when_and_who_did_it() {
    on_each_demo(|world| {
        furnish(world);
        // Who speaks for it does not show their name.
        let speaker = world.sign_in("organisation_representative");
        let hide = "/mein-kontor/profil/zuruecknehmen";
        let hidden = world.post_by(&speaker, hide, "field=name");
        assert_eq!(hidden.status, StatusCode::SEE_OTHER);
        let changes = [("city", "Bremen"), ("street", "Kai 7")];
        edit(world, "organisation_representative", "innenhof", &changes);
        let path = "/organisationen/innenhof/verlauf";
        let somebody = name_of(world, "organisation_representative");
        let page = read(world, "manager", path);
        for part in [
            "Angaben geändert",
            "<p class=\"small\">Straße und Hausnummer, Ort</p>",
            "Mitglied geworden:",
            "href=\"/cluster/hamburg-aviation\"",
            "Eintrag angelegt",
            "durch das System",
            "durch eine angemeldete Person für die Organisation selbst",
            "<h2 class=\"h-l\">22. November 2026</h2>",
            " Uhr</time>",
        ] {
            assert!(page.contains(part), "{part}");
        }
        assert!(!page.contains(&somebody), "a name that is not shown");
        assert!(
            page.find("Angaben geändert") < page.find("Eintrag angelegt"),
            "the newest first"
        );
        let own = read(world, "organisation_representative", path);
        assert!(own.contains("durch Sie für die Organisation selbst"));
        let admin = read(world, "admin", path);
        assert!(
            admin.contains(&format!("durch {somebody} für")),
            "kept names"
        );
        let english = read(world, "manager", &format!("/en{path}"));
        assert!(english.contains("Details changed") && english.contains("22 November 2026"));
        assert!(english.contains("by a signed-in person for the organisation itself"));

        // A manager shows their name to everybody, and acts for the cluster.
        edit(world, "manager", "leerhof", &[("city", "Bremen")]);
        let page = read(world, "coordinator", "/organisationen/leerhof/verlauf");
        let manager = name_of(world, "manager");
        assert!(page.contains(&format!("durch {manager} für Hamburg Aviation")));
        let mine = read(world, "organisation_representative", "/mein-kontor/verlauf");
        assert!(mine.contains("Angemeldet") && mine.contains("Rolle „"));
        assert!(
            !mine.contains("Angaben geändert"),
            "only what happened to them"
        );
        let link = "href=\"/organisationen/leerhof/verlauf\"";
        let sees = |role: &str| read(world, role, "/organisationen/leerhof").contains(link);
        assert!(sees("manager") && sees("coordinator") && !sees("member"));
    });
}

/// The organisation joins the other manager's cluster; two people begin to work
/// for it, one of whom shows their name.
fn furnish_more(world: &World, open: Id<Organisation>) {
    let other = "SELECT r.scope_id FROM role_assignments r JOIN accounts a \
        ON a.id = r.account WHERE a.demo_key = 'manager_other'";
    world.command(move |work| {
        let (other,): (Id<Cluster>,) = work.one(other, params![])?;
        let since = Day::parse("2026-02-01").expect("a day");
        directory::join_cluster(work, open, other, MembershipKind::Partner, since)
    });
    let people = [
        ("Verborgene Vera", vec![]),
        ("Offene Olga", vec![("name", "all_clusters")]),
    ];
    for (name, published) in people {
        world.command(move |work| {
            let new = NewPerson {
                name: name.into(),
                published: published.clone(),
                ..NewPerson::default()
            };
            let person = directory::create_person(work, &new)?;
            directory::employments::begin_if_free(work, person, open)
        });
    }
}

#[test]
fn a_history_tells_nothing_hidden() {
    on_each_demo(|world| {
        furnish(world);
        let aviation = cluster(world, "hamburg-aviation").id;
        let open = join(world, "Einzelhof", aviation, Visibility::Public);
        let hidden = join(world, "Stillhof", aviation, Visibility::Cluster);
        let path = "/cluster/hamburg-aviation/verlauf";
        let page = read(world, "manager", path);
        assert!(page.contains("Einzelhof") && page.contains("Stillhof"));
        assert!(
            page.contains("3 Organisationen neu im Cluster"),
            "of one command"
        );
        for role in ["coordinator", "auditor"] {
            let page = read(world, role, path);
            assert!(page.contains("Einzelhof") && page.contains("Cluster angelegt"));
            assert!(!page.contains("Stillhof"), "{role}: a hidden member");
            assert!(
                !page.contains("Organisationen neu"),
                "{role}: a hidden number"
            );
        }

        // The other cluster's manager leads one of two that were kept apart.
        let token = world.sign_in("manager");
        let form = format!("first={open}&second={hidden}");
        let apart = post(world, &token, "/verwaltung/dubletten/trennen", &form);
        assert_eq!(apart.status, StatusCode::SEE_OTHER, "{}", apart.body);
        furnish_more(world, open);
        let path = "/organisationen/einzelhof/verlauf";
        let mine = read(world, "manager", path);
        assert!(mine.contains("Als verschieden festgehalten von:") && mine.contains("Stillhof"));
        let theirs = read(world, "manager_other", path);
        assert!(theirs.contains("Mitglied geworden:"));
        assert!(!theirs.contains("Als verschieden") && !theirs.contains("Stillhof"));
        for page in [&mine, &theirs] {
            assert_eq!(page.matches("Neu in der Organisation").count(), 1);
            assert!(page.contains("Offene Olga") && !page.contains("Vera"));
        }
        let token = world.sign_in("manager_other");
        for path in [
            "/organisationen/stillhof/verlauf",
            "/cluster/hamburg-aviation/verlauf",
        ] {
            assert_eq!(world.get_by(&token, path).status, StatusCode::NOT_FOUND);
        }
    });
}

const LIST: &str =
    "Firma;Ort;Straße;Registernummer\nEinzelhof;Kiel;Neuer Weg 2;HRB 4711\nListenhof;Husum;;\n";

/// Imports a list for Hamburg Aviation as the system.
fn run(world: &World) {
    world.clock.advance_s(60);
    let table = sheets::read(
        LIST.as_bytes(),
        "aviation-liste.csv",
        &Limits::default(),
        None,
    );
    let table = table.expect("a list");
    let mapping = columns::recognise(&table.header, &Default::default());
    let lines = columns::lines(&table, &mapping);
    let source = Source {
        cluster: cluster(world, "hamburg-aviation"),
        file_name: "aviation-liste.csv".into(),
        file_hash: String::new(),
        header: table.header,
        mapping,
        staged: None,
        actor: None,
        choices: Default::default(),
    };
    let stamp = Stamp::system(world.clock.now());
    let done = import::run(&world.site.db, &source, &Reach::Everything, &lines, &stamp);
    assert!(done.expect("an import").1.is_some());
}

#[test]
fn what_a_list_changed_stands_there_value_by_value() {
    on_each_demo(|world| {
        let aviation = cluster(world, "hamburg-aviation").id;
        join(world, "Einzelhof", aviation, Visibility::Public);
        run(world);
        let path = "/organisationen/einzelhof/verlauf";
        let mine = read(world, "manager", path);
        assert!(mine.contains("<del>Alter Weg 1</del>") && mine.contains("<ins>Neuer Weg 2</ins>"));
        assert!(mine.contains("aviation-liste.csv") && mine.contains("/verwaltung/import/"));
        let theirs = read(world, "coordinator", path);
        assert!(
            theirs.contains("<ins>Neuer Weg 2</ins>") && theirs.contains("einer Mitgliederliste")
        );
        assert!(!theirs.contains("aviation-liste.csv"));
        assert!(
            !mine.contains("4711") && !theirs.contains("4711"),
            "not on the page either"
        );

        let path = "/cluster/hamburg-aviation/verlauf";
        let mine = read(world, "manager", path);
        assert!(mine.contains("Mitgliederliste eingelesen") && mine.contains("1 neu"));
        let theirs = read(world, "coordinator", path);
        assert!(theirs.contains("Einzelhof") && !theirs.contains("eingelesen"));
        let start = "href=\"/verwaltung/import/";
        let id = mine.split(start).nth(1).expect("a link").split('"').next();
        let import = format!("/verwaltung/import/{}", id.expect("an end"));
        let page = read(world, "manager", &import);
        assert!(page.contains("Datei hochgeladen") && page.contains("Mitgliederliste eingelesen"));
    });
}

#[test]
fn a_long_history_has_pages_without_a_gap() {
    on_each_demo(|world| {
        let aviation = cluster(world, "hamburg-aviation").id;
        let id = join(world, "Langhof", aviation, Visibility::Public);
        for _ in 0..60 {
            world.command(move |work| {
                work.announce(&import::OrganisationChanged {
                    organisation: id,
                    fields: vec!["city".into()],
                });
                Ok(())
            });
        }
        let path = "/organisationen/langhof/verlauf";
        let count = |page: &str| page.matches("<time ").count();
        let first = read(world, "manager", path);
        assert_eq!(count(&first), 50);
        let next = first
            .split("rel=\"next\" href=\"")
            .nth(1)
            .expect("older ones");
        let second = read(world, "manager", next.split('"').next().expect("an end"));
        assert_eq!(count(&second), 12);
        assert!(!second.contains("rel=\"next\"") && second.contains("Zum Neuesten"));
        assert!(second.contains("Eintrag angelegt"));
    });
}

/// Number of facts that name each noun, by noun and kind.
fn mentions(world: &World) -> Vec<(String, String, i64)> {
    let sql = "SELECT m.id, l.kind, CAST(SUM(m.facts) AS BIGINT) AS facts FROM log_mentions m \
        JOIN log l ON l.seq = m.seq WHERE l.kind IN ('directory.membership_began', \
        'directory.import_applied', 'directory.request_approved', 'directory.person_joined', \
        'directory.organisations_merged', 'directory.merge_undone', 'accounts.role_granted') \
        GROUP BY m.id, l.kind ORDER BY m.id, l.kind";
    world.site.db.read_now(|c| c.all(sql, params![])).unwrap()
}

#[test]
fn an_older_log_gets_its_mentions_with_the_update() {
    const MIGRATION: &str = include_str!("../../../../../migrations/0017_mentions.sql");
    on_each_demo(|world| {
        furnish(world);
        join(
            world,
            "Einzelhof",
            cluster(world, "hamburg-aviation").id,
            Visibility::Public,
        );
        run(world);
        let mut noted = mentions(world);
        // Those of a merge itself lead nowhere; older logs have none.
        noted.retain(|(_, kind, _)| !kind.starts_with("directory.organisations"));
        assert!(
            noted
                .iter()
                .any(|(_, kind, n)| kind.ends_with("began") && *n > 3)
        );
        assert!(
            noted
                .iter()
                .any(|(_, kind, _)| kind.ends_with("role_granted"))
        );
        world.command(|work| {
            work.run("DELETE FROM log_mentions", params![])?;
            for statement in MIGRATION.split(";\n").filter(|s| s.contains("INSERT")) {
                work.run(statement.trim(), params![])?;
            }
            Ok(())
        });
        assert_eq!(mentions(world), noted);
    });
}
