//! The public doors of the directory: requests, contact, an organisation's own
//! profile.

use axum::http::Method;
use kontor::accounts::{self, Role, RoleKind, Scope};
use kontor::directory::{self, Cluster, MembershipKind, NewOrganisation, Visibility};
use kontor_platform::mail::{self, Stored};
use kontor_platform::{Day, Id, Instant, params};

use crate::world::{Answer, World};

mod addresses;
mod contact;
pub mod employments;
mod history;
mod journey;
mod managers;
mod profile;
mod requests;

pub use profile::renamed;

/// Offenhof is public, Innenhof seen inside Hamburg Aviation only; the demo's
/// representative speaks for both, Leerhof has nobody.
fn furnish(world: &World) {
    world.command(|work| {
        let find = "SELECT id FROM clusters WHERE slug = 'hamburg-aviation'";
        let (cluster,): (Id<Cluster>,) = work.one(find, params![])?;
        let since = Day::parse("2026-01-01").expect("a day");
        for (name, visibility) in [
            ("Offenhof", Visibility::Public),
            ("Innenhof", Visibility::Cluster),
            ("Leerhof", Visibility::Public),
        ] {
            let new = NewOrganisation {
                name: name.into(),
                website: "https://offenhof.example".into(),
                city: "Kiel".into(),
                country: "DE".into(),
                visibility: Some(visibility),
                ..Default::default()
            };
            let id = directory::create_organisation(work, &new)?;
            directory::join_cluster(work, id, cluster, MembershipKind::Member, since)?;
            if name != "Leerhof" {
                let find = "SELECT id FROM accounts WHERE demo_key = 'organisation_representative'";
                let (account,) = work.one(find, params![])?;
                let role = Role {
                    kind: RoleKind::OrganisationRepresentative,
                    scope: Scope::Organisation(id.to_string()),
                    since,
                    until: None,
                };
                accounts::grant(work, account, &role, None)?;
            }
        }
        Ok(())
    });
}

fn post(world: &World, token: &str, path: &str, form: &str) -> Answer {
    let page = world.get_by(token, "/mein-kontor").body;
    let mark = page
        .split("name=\"_mark\" value=\"")
        .nth(1)
        .expect("a form");
    let mark = mark.split('"').next().unwrap();
    world
        .ask(Method::POST, path)
        .by(Some(token))
        .form(&format!("_mark={mark}&{form}"))
        .send()
}

/// Every mail in the queue, the oldest first.
fn mails(world: &World) -> Vec<Stored> {
    let db = &world.site.db;
    let all = db.read_now(|c| mail::page(c, None, (Instant(i64::MAX), ""), 50));
    let one = |m: Stored| db.read_now(|c| mail::find(c, m.id)).expect("a mail");
    let mut all: Vec<Stored> = all.expect("mails").into_iter().map(one).collect();
    all.reverse();
    all
}

fn to(world: &World, address: &str) -> Vec<Stored> {
    let mut all = mails(world);
    all.retain(|m| m.to == address);
    all
}

fn link(mail: &Stored, path: &str) -> String {
    let start = mail.text.find(path).expect("a link");
    let link = mail.text[start..].split_whitespace().next();
    link.unwrap().to_owned()
}

fn count(world: &World, sql: &'static str) -> i64 {
    let db = &world.site.db;
    db.read_now(|c| c.one::<(i64,)>(sql, params![])).unwrap().0
}
