//! Roles for a while, the list of accounts, and both in an installation that was
//! there before.

use axum::http::StatusCode;
use kontor::accounts::{self, admin};
use kontor::app::wiring;
use kontor_platform::db::Db;
use kontor_platform::text::Lang;
use kontor_platform::work::Stamp;
use kontor_platform::{params, testing};

use crate::guards::{ADA, ada, each, invite};
use crate::world::on_each_demo;

#[test]
fn a_role_past_its_last_day_gives_nothing() {
    each(|world| {
        let boss = ada(world);
        invite(world, "eva@werft.example", "eva");
        let eva = world.post("/einladung/eva", "name=Eva").token().unwrap();
        let found = world
            .site
            .db
            .read_now(|c| admin::list(c, &admin::Wanted::by("eva"), "", 9));
        let id = found.expect("accounts")[0].id;
        let page = format!("/verwaltung/konten/{id}");
        let give = |form: &str| world.post_by(&boss, &format!("{page}/rolle"), form);
        let limit = "role=admin&cluster=&until=2026-11-30";
        let kept = give(limit);
        assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(kept.body.contains("ohne Ende") && kept.body.contains("2026-11-30"));
        let roles = || world.site.db.read_now(|c| admin::roles(c, id)).unwrap();
        let end = |role: &admin::Assigned| {
            let form = format!("role={}", role.id);
            world.post_by(&boss, &format!("{page}/ende"), &form).status
        };
        assert_eq!(end(&roles()[0]), StatusCode::SEE_OTHER);
        for until in ["2026-11-21", "morgen"] {
            let wrong = give(&format!("role=admin&cluster=&until={until}"));
            assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{until}");
        }
        for _ in 0..2 {
            assert_eq!(give(limit).status, StatusCode::SEE_OTHER);
        }
        assert_eq!(roles().len(), 2, "a double click gives one role");
        assert!(
            world
                .get_by(&boss, &page)
                .body
                .contains("befristet bis 30. November 2026")
        );
        // Who has been asked what may be seen of them gets to their page.
        world.post_by(&eva, "/mein-kontor/profil", "name=Eva");
        assert!(
            world
                .get_by(&eva, "/mein-kontor")
                .body
                .contains("befristet bis 30.")
        );
        let may = || world.get_by(&eva, "/verwaltung").status;
        assert_eq!(may(), StatusCode::OK);
        world.clock.advance_s(8 * 24 * 3600);
        assert_eq!(may(), StatusCode::OK, "the last day counts");
        world.clock.advance_s(24 * 3600);
        assert_eq!(may(), StatusCode::NOT_FOUND);
        // One that holds for a while can be ended before.
        give("role=admin&cluster=&until=2027-11-30");
        assert_eq!(may(), StatusCode::OK);
        let last = roles().into_iter().max_by_key(|r| r.role.until);
        assert_eq!(end(&last.unwrap()), StatusCode::SEE_OTHER);
        assert_eq!(may(), StatusCode::NOT_FOUND);
        let regional = give("role=dsb&cluster=hamburg-aviation");
        assert_eq!(regional.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(regional.body.contains("ganze Region. Wählen Sie kein"));
    });
}

#[test]
fn an_older_installation_has_each_role_once_and_nobody_who_was_not_wanted() {
    let new = wiring::MIGRATIONS
        .iter()
        .position(|m| m.name == "0021_roles");
    testing::on_each_engine(&wiring::MIGRATIONS[..new.expect("listed")], |db| {
        db.write_now(Stamp::system(testing::NOW), |work| {
            for (id, mail, name, state) in [
                ("a", "ada@werft.example", "Ada ÖZDEMIR", "active"),
                ("b", "bert@werft.example", "Bert", "closed"),
            ] {
                let sql = "INSERT INTO accounts (id, mail, mail_key, name, lang, theme, state, \
                    created_at) VALUES ($1, $2, $2, $3, 'de', 'system', $4, 1)";
                work.run(sql, params![id, mail, name, state])?;
            }
            for (id, account, role, scope, until) in [
                ("1", "a", "admin", "region", None),
                ("2", "a", "admin", "cluster", None),
                ("3", "b", "member", "cluster", None),
                ("4", "a", "member", "cluster", None),
                ("5", "a", "member", "cluster", None),
                ("6", "a", "member", "cluster", Some("2026-02-01")),
            ] {
                let place = if scope == "region" { "" } else { "x" };
                let sql = "INSERT INTO role_assignments (id, account, role, scope_kind, scope_id, \
                    since, until, created_at) VALUES ($1, $2, $3, $4, $5, '2026-01-01', $6, 1)";
                work.run(sql, params![id, account, role, scope, place, until])?;
            }
            Ok(())
        })
        .expect("rows as they were");
        let db = Db::open(db.source().clone(), wiring::MIGRATIONS, testing::NOW);
        let db = db.expect("brought to this version");
        let all = |sql: &'static str| -> Vec<(String, String)> {
            db.read_now(|c| c.all(sql, params![])).expect("rows")
        };
        let roles = all("SELECT id, scope_kind FROM role_assignments ORDER BY id");
        let roles: Vec<&str> = roles.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(roles, ["1", "4", "6"]);
        let people = all("SELECT mail, name_key FROM accounts ORDER BY id");
        let ada = (ADA.to_owned(), "ada özdemir".to_owned());
        assert_eq!(people, [ada, (String::new(), String::new())]);
    });
}

#[test]
fn the_list_of_accounts_goes_on_behind_emptied_ones_which_are_nobodys() {
    each(|world| {
        let boss = ada(world);
        let gone = world.command(|work| {
            let mut gone = String::new();
            for i in 0..95 {
                let name = if i == 59 { "Gül Özdemir_1" } else { "Otto" };
                let new = accounts::NewAccount {
                    mail: &format!("p{i:02}@werft.example"),
                    name,
                    lang: Lang::De,
                    demo_key: None,
                };
                let id = accounts::create_account(work, &new)?;
                if (20..55).contains(&i) {
                    accounts::privacy::erase(work, id)?;
                    gone = format!("/verwaltung/konten/{id}");
                }
            }
            Ok(gone)
        });
        assert_eq!(world.get_by(&boss, &gone).status, StatusCode::NOT_FOUND);
        let give = world.post_by(&boss, &format!("{gone}/rolle"), "role=member");
        assert_eq!(give.status, StatusCode::NOT_FOUND);
        let mut path = "/verwaltung/konten".to_owned();
        let mut seen = Vec::new();
        for _ in 0..2 {
            let page = world.get_by(&boss, &path).body;
            let of = |part: &str| part.split('"').next().unwrap().to_owned();
            let links = page.split("href=\"/verwaltung/konten/").skip(1).map(of);
            seen.extend(links.filter(|id| id.len() == 36));
            let next = page.split("rel=\"next\" href=\"").nth(1);
            path = next.map_or_else(String::new, |n| {
                of(n).replace("&amp;", "&").replace("&#38;", "&")
            });
        }
        assert_eq!(path, "", "two pages are all");
        let all = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((all, seen.len()), (61, 61), "everybody else, once");
        for (search, found) in [("özDEMIR", 1), ("ÖZDEMIR_1", 1), ("%", 0), ("o_to", 0)] {
            let list = world
                .site
                .db
                .read_now(|c| admin::list(c, &admin::Wanted::by(search), "", 99));
            assert_eq!(list.unwrap().len(), found, "{search}");
        }
    });
}

#[test]
fn a_form_for_roles_begins_with_a_choice_and_keeps_what_was_chosen() {
    on_each_demo(|world| {
        let admin = world.sign_in("admin");
        let path = "/verwaltung/konten";
        let page = world.get_by(&admin, path).body;
        assert!(page.contains("<option value=\"\">Bitte wählen"), "{page}");
        let form = "mail=neu%40werft.example&role=&cluster=hamburg-aviation";
        let open = world.post_by(&admin, path, form);
        assert_eq!(open.status, StatusCode::UNPROCESSABLE_ENTITY);
        let kept = "value=\"hamburg-aviation\" selected";
        assert!(open.body.contains(kept), "{}", open.body);
        let form = "mail=neu%40werft.example&role=cluster_manager&cluster=";
        let nowhere = world.post_by(&admin, path, form);
        assert_eq!(nowhere.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(nowhere.body.contains("value=\"cluster_manager\" selected"));
    });
}

#[test]
fn the_list_of_accounts_says_which_roles_they_have_and_finds_them_by_one() {
    on_each_demo(|world| {
        let admin = world.sign_in("admin");
        let asked = |path: &str| {
            let before = world.site.db.statements();
            let page = world.get_by(&admin, path);
            assert_eq!(page.status, StatusCode::OK, "{path}");
            (page.body, world.site.db.statements() - before)
        };
        let rows = |page: &str| {
            let table = page.split("<tbody").nth(1).expect("a table");
            table
                .split("</tbody>")
                .next()
                .unwrap_or_default()
                .to_owned()
        };
        let (all, most) = asked("/verwaltung/konten");
        assert!(rows(&all).contains("<strong>Clustermanagement</strong>, Hamburg Aviation"));
        let (found, few) = asked("/verwaltung/konten?rolle=admin");
        let one = rows(&found).matches("/verwaltung/konten/").count();
        assert_eq!(
            one,
            rows(&found).matches("<strong>Verwaltung</strong>").count()
        );
        assert!(one >= 1 && !rows(&found).contains("Clustermanagement"));
        assert!(
            found.contains("<option value=\"admin\" selected>"),
            "{found}"
        );
        assert!(few <= most && most <= 6, "{few} and {most} queries");
        let (nobody, _) = asked("/verwaltung/konten?rolle=admin&q=gibtesnicht");
        assert!(nobody.contains("Kein Konto passt dazu."));
    });
}

#[test]
fn an_audit_has_a_last_day() {
    each(|world| {
        let boss = ada(world);
        let endless = "role=auditor&cluster=&until=";
        let mail = "mail=pia%40werft.example&name=Pia&lang=de";
        let invite = |form: &str| world.post_by(&boss, "/verwaltung/konten", form);
        let refused = invite(&format!("{mail}&{endless}"));
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let why = "Die Prüfung gibt es nur für einen Zeitraum.";
        assert!(refused.body.contains(why), "{}", refused.body);
        let limit = "role=auditor&cluster=&until=2026-12-31";
        let done = invite(&format!("{mail}&{limit}"));
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let page = world.get_by(&boss, "/verwaltung/konten?rolle=auditor").body;
        assert!(page.contains("befristet bis 31. Dezember 2026"), "{page}");
        let wanted = admin::Wanted::by("pia");
        let found = world.site.db.read_now(|c| admin::list(c, &wanted, "", 9));
        let grant = format!("/verwaltung/konten/{}/rolle", found.unwrap()[0].id);
        let again = world.post_by(&boss, &grant, endless);
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.body.contains(why));
    });
}
