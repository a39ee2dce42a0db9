//! What managers learn of the doors: requests and reports by mail, blocks that
//! can be lifted, the right to keep a page that can be ended.

use axum::http::StatusCode;
use kontor::accounts::{self, Account, Role, RoleKind, Scope};
use kontor::directory::{Cluster, people};
use kontor_platform::{Day, Id, params};

use super::{count, furnish, link, mails, post, to};
use crate::world::{World, on_each_demo};

fn address(world: &World, key: &'static str) -> String {
    let find = "SELECT mail FROM accounts WHERE demo_key = $1";
    let db = &world.site.db;
    let (mail,): (String,) = db.read_now(|c| c.one(find, params![key])).unwrap();
    mail
}

/// Every word of the mails to an address, as they leave.
fn words(world: &World, address: &str) -> String {
    let all = to(world, address);
    let one = |m: &kontor_platform::mail::Stored| format!("{}\n{}\n{}", m.subject, m.text, m.html);
    all.iter().map(one).collect()
}

#[test]
fn who_decides_gets_a_letter_that_names_nobody() {
    on_each_demo(|world| {
        furnish(world);
        world.command(|work| {
            let english = "UPDATE accounts SET lang = 'en' WHERE demo_key = 'manager'";
            work.run(english, params![])
        });
        let manager = address(world, "manager");
        let form = "organisation=Silke+Segel+e.K.&city=Kiel&name=Silke+Segel\
            &mail=silke%40segel.example&message=Bitte";
        for _ in 0..2 {
            world.post("/cluster/hamburg-aviation/mitglied-werden", form);
        }
        assert_eq!(
            to(world, &manager).len(),
            1,
            "the same request is told once"
        );
        let form = "name=Silke+Segel&mail=silke%40segel.example&message=Bitte";
        world.post("/organisationen/leerhof/uebernehmen", form);
        let letters = to(world, &manager);
        assert_eq!(letters.len(), 2);
        let text = words(world, &manager);
        assert!(
            text.contains("become a member of Hamburg Aviation"),
            "{text}"
        );
        assert!(text.contains("Leerhof"));
        for hers in ["Silke", "segel.example", "Bitte"] {
            assert!(!text.contains(hers), "{hers}");
        }
        assert!(to(world, &address(world, "manager_other")).is_empty());
        let token = world.sign_in("manager");
        let page = world.get_by(&token, &link(&letters[0], "/en/verwaltung/anfragen/"));
        assert!(page.body.contains("Silke Segel"));
    });
}

#[test]
fn a_report_is_told_and_a_block_is_lifted() {
    on_each_demo(|world| {
        furnish(world);
        let (manager, sender) = (address(world, "manager"), world.sign_in("member"));
        let path = "/organisationen/offenhof/kontakt";
        post(world, &sender, path, "message=Erste");
        let letter = to(world, &address(world, "organisation_representative")).remove(0);
        let report = link(&letter, "/kontakt/").replace("/sperren/", "/melden/");
        assert_eq!(
            world.post(&report, "").status,
            StatusCode::NOT_FOUND,
            "its own mark"
        );
        let acts: Vec<&str> = letter.text.split_whitespace().collect();
        let act = |part: &str| {
            let found = acts.iter().find(|w| w.contains(part)).expect("a link");
            found[found.find("/kontakt/").unwrap()..].to_owned()
        };
        for _ in 0..2 {
            world.post(&act("/melden/"), "note=Wirbt");
        }
        let told = to(world, &manager);
        assert_eq!(told.len(), 1, "once");
        assert!(told[0].text.contains("Offenhof") && !told[0].text.contains("Wirbt"));
        assert!(!words(world, &manager).contains(&address(world, "member")));

        world.post(&act("/sperren/"), "");
        let token = world.sign_in("organisation_representative");
        let list = "/organisationen/offenhof/sperren";
        let page = world.get_by(&token, list).body;
        assert!(
            !page.contains(&address(world, "member")),
            "a name, no address"
        );
        let key = page
            .split("name=\"sender\" value=\"")
            .nth(1)
            .expect("a block");
        let form = format!("sender={}", key.split('"').next().unwrap());
        let foreign = post(world, &world.sign_in("manager_other"), list, &form);
        assert_eq!(foreign.status, StatusCode::FORBIDDEN);
        let elsewhere = post(world, &token, "/organisationen/innenhof/sperren", &form);
        assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
        let before = mails(world).len();
        post(world, &sender, path, "message=Zweite");
        assert_eq!(mails(world).len(), before + 1, "the copy alone");
        assert_eq!(
            post(world, &token, list, &form).status,
            StatusCode::SEE_OTHER
        );
        post(world, &sender, path, "message=Dritte");
        assert_eq!(mails(world).len(), before + 3, "the letter and the copy");
        let fact = "SELECT COUNT(*) AS n FROM log WHERE kind = 'directory.sender_unblocked'";
        assert_eq!(count(world, fact), 1);
    });
}

#[test]
fn a_manager_ends_the_right_to_keep_a_page() {
    on_each_demo(|world| {
        furnish(world);
        let (account, foreign) = world.command(|work| {
            let find = "SELECT id FROM accounts WHERE demo_key = 'organisation_representative'";
            let (account,): (Id<Account>,) = work.one(find, params![])?;
            let find = "SELECT id FROM clusters WHERE slug = 'hamburg-aviation'";
            let (cluster,): (Id<Cluster>,) = work.one(find, params![])?;
            let person = people::ensure(work, account, "R", "r@hof.example")?;
            people::belongs_to(work, person, cluster, false)?;
            let find = "SELECT organisation FROM memberships WHERE cluster <> $1 LIMIT 1";
            let (foreign,): (String,) = work.one(find, params![cluster])?;
            let role = Role {
                kind: RoleKind::OrganisationRepresentative,
                scope: Scope::Organisation(foreign.clone()),
                since: Day::parse("2026-01-01").expect("a day"),
                until: None,
            };
            accounts::grant(work, account, &role, None)?;
            Ok((account.to_string(), foreign))
        });
        let manager = world.sign_in("manager");
        let page = "/verwaltung/einladungen?cluster=hamburg-aviation";
        let shown = world.get_by(&manager, page).body;
        assert!(shown.contains("Darf pflegen: ") && shown.contains("Pflege beenden"));
        let act = "/verwaltung/einladungen/vertretung";
        let form = format!("cluster=hamburg-aviation&account={account}");
        let other = world.sign_in("manager_other");
        assert_eq!(
            post(world, &other, act, &form).status,
            StatusCode::NOT_FOUND
        );
        assert_eq!(
            post(world, &manager, act, &form).status,
            StatusCode::SEE_OTHER
        );
        assert_eq!(
            post(world, &manager, act, &form).status,
            StatusCode::NOT_FOUND
        );
        let token = world.sign_in("organisation_representative");
        let edit = world.get_by(&token, "/organisationen/offenhof/bearbeiten");
        assert_eq!(edit.status, StatusCode::FORBIDDEN);
        let find =
            "SELECT COUNT(*) AS n FROM role_assignments WHERE scope_id = $1 AND until IS NULL";
        let db = &world.site.db;
        let left = db.read_now(|c| c.one::<(i64,)>(find, params![foreign]));
        assert_eq!(left.unwrap().0, 1, "another cluster's stays");
        assert!(!world.get_by(&manager, page).body.contains("Pflege beenden"));
    });
}

#[test]
fn what_nobody_leads_is_in_the_administrations_care() {
    on_each_demo(|world| {
        furnish(world);
        let form = "organisation=Silke+Segel+e.K.&city=Kiel&name=Silke+Segel\
            &mail=silke%40segel.example&message=Bitte";
        world.post("/cluster/hamburg-aviation/mitglied-werden", form);
        let takeover = "name=Silke+Segel&mail=silke%40segel.example&message=Bitte";
        world.post("/organisationen/leerhof/uebernehmen", takeover);
        let (admin, token) = (address(world, "admin"), world.sign_in("admin"));
        assert!(to(world, &admin).is_empty(), "a manager decides");
        let (id,): (String,) = world
            .site
            .db
            .read_now(|c| c.one("SELECT id FROM requests WHERE kind = 'membership'", &[]))
            .unwrap();
        let page = format!("/verwaltung/anfragen/{id}");
        assert_eq!(world.get_by(&token, &page).status, StatusCode::NOT_FOUND);

        world.command(|work| {
            let nobody = "UPDATE role_assignments SET until = '2020-01-01' \
                WHERE role = 'cluster_manager'";
            work.run(nobody, params![])
        });
        assert_eq!(world.get_by(&token, &page).status, StatusCode::OK);
        let list = world.get_by(&token, "/verwaltung/anfragen").body;
        assert!(list.contains("Silke Segel e.K.") && list.contains("Leerhof"));
        let form = form.replace("Silke+Segel+e.K.", "Ruderwerk+AG");
        world.post("/cluster/hamburg-aviation/mitglied-werden", &form);
        let letters = to(world, &admin);
        assert_eq!(letters.len(), 1, "nobody leads the cluster");
        let page = world.get_by(&token, &link(&letters[0], "/verwaltung/anfragen/"));
        assert!(page.body.contains("Ruderwerk AG"));
        assert!(
            page.body.contains("name=\"_mark\""),
            "with a form to decide"
        );
    });
}
