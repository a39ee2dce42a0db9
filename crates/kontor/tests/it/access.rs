//! Who may do what: every route, every role, one committed table.

use std::collections::BTreeSet;

use axum::http::Method;
use kontor::accounts::{self, NewAccount, Role, RoleKind, Scope};
use kontor::directory::{self, Cluster, MembershipKind, NewOrganisation, Visibility};
use kontor_platform::text::Lang;
use kontor_platform::{Day, Id, params};

use crate::sources::{files, rust};
use crate::world::{Answer, World, on_each_demo};

const TABLE: &str = include_str!("access_matrix.txt");

/// A line of the table: a route with what stands for its parameter, the form
/// that is sent, and the code for each role.
struct Line<'t> {
    method: &'t str,
    route: &'t str,
    value: &'t str,
    form: &'t str,
    codes: Vec<u16>,
}

fn table() -> (Vec<&'static str>, Vec<Line<'static>>) {
    let mut lines = TABLE
        .lines()
        .filter(|l| !l.starts_with('#') && !l.trim().is_empty());
    let head = lines.next().expect("a line of roles");
    let roles = head
        .split('|')
        .nth(3)
        .expect("roles")
        .split_whitespace()
        .collect();
    let line = |line: &'static str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [way, value, form, codes] = cells[..] else {
            panic!("four cells: {line}");
        };
        let (method, route) = way.split_once(' ').expect("a method and a route");
        let codes = codes
            .split_whitespace()
            .map(|c| c.parse().expect("a code"))
            .collect();
        Line {
            method,
            route,
            value,
            form,
            codes,
        }
    };
    (roles, lines.map(line).collect())
}

/// Method and path of every route in the sources.
fn routes() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for file in files("crates/kontor/src", ".rs") {
        let taken = rust(file.product());
        if !taken.code.contains("Router") {
            continue;
        }
        let nested = [
            ".nest(",
            ".route_service(",
            ".nest_service(",
            "on(MethodFilter",
            " any(",
        ];
        for other in nested {
            assert!(
                !taken.code.contains(other),
                "{}: {other} hides routes",
                file.path
            );
        }
        // The n-th empty string of the code is the n-th string.
        let mut pieces = taken.code.split("\"\"");
        let mut before = pieces.next().unwrap_or_default();
        for (string, after) in taken.strings.iter().zip(pieces) {
            if before.trim_end().ends_with(".route(") {
                let handlers = after.split(".route(").next().unwrap_or_default();
                let mut any = false;
                for method in ["get", "post", "put", "patch", "delete"] {
                    let named = [" ", ",", "."].map(|b| format!("{b}{method}("));
                    if named.iter().any(|n| handlers.contains(n)) {
                        found.insert((method.to_uppercase(), string.clone()));
                        any = true;
                    }
                }
                assert!(any, "{}: no method for {string}", file.path);
            }
            before = after;
        }
    }
    assert!(found.len() > 12, "the test has lost its sight");
    found
}

#[test]
fn every_route_has_a_line() {
    let lines = table().1;
    let there: BTreeSet<(String, String)> = lines
        .iter()
        .map(|l| (l.method.to_owned(), l.route.to_owned()))
        .collect();
    assert_eq!(
        routes(),
        there,
        "routes of the sources, routes of the table"
    );
}

/// Organisations of one cluster, one of each visibility, and an auditor whose
/// period is over.
fn furnish(world: &World) {
    world.command(|work| {
        let find = "SELECT id FROM clusters WHERE slug = 'hamburg-aviation'";
        let (cluster,): (Id<Cluster>,) = work.one(find, params![])?;
        for (name, visibility) in [
            ("Offenwerk", Visibility::Public),
            ("Rundwerk", Visibility::AllClusters),
            ("Innenwerk", Visibility::Cluster),
            ("Eigenwerk", Visibility::Cluster),
        ] {
            let new = NewOrganisation {
                name: name.into(),
                visibility: Some(visibility),
                ..Default::default()
            };
            let id = directory::create_organisation(work, &new)?;
            let since = Day::parse("2026-01-01").expect("a day");
            directory::join_cluster(work, id, cluster, MembershipKind::Member, since)?;
            if name == "Eigenwerk" {
                let find = "SELECT id FROM accounts WHERE demo_key = 'organisation_representative'";
                let (account,) = work.one(find, params![])?;
                let scope = Scope::Organisation(id.to_string());
                grant(
                    work,
                    account,
                    RoleKind::OrganisationRepresentative,
                    scope,
                    None,
                )?;
            }
        }
        let account = accounts::create_account(
            work,
            &NewAccount {
                mail: "frueher@pruefstelle.example",
                name: "Frühere Prüfung",
                lang: Lang::De,
                demo_key: Some("auditor_after"),
            },
        )?;
        grant(
            work,
            account,
            RoleKind::Auditor,
            Scope::Region,
            Day::parse("2026-11-22"),
        )
    });
}

fn grant(
    work: &mut kontor_platform::Work<'_>,
    account: Id<accounts::Account>,
    kind: RoleKind,
    scope: Scope,
    until: Option<Day>,
) -> kontor_platform::Result<()> {
    let since = Day::parse("2026-01-01").expect("a day");
    accounts::grant(
        work,
        account,
        &Role {
            kind,
            scope,
            since,
            until,
        },
        None,
    )
}

/// The mark that the session's forms carry.
fn mark(world: &World, token: &str) -> String {
    let page = world.get_by(token, "/mein-kontor").body;
    let after = page
        .split("name=\"_mark\" value=\"")
        .nth(1)
        .expect("a form");
    after.split('"').next().expect("a value").to_owned()
}

fn send(world: &World, line: &Line<'_>, role: &str, token: Option<&str>) -> Answer {
    let path = match line.route.split_once('{') {
        Some((start, rest)) => {
            let end = rest.split_once('}').map_or("", |(_, end)| end);
            format!("{start}{}{end}", line.value)
        }
        None => line.route.to_owned(),
    };
    let method: Method = line.method.parse().expect("a method");
    let ask = world.ask(method, &path).by(token);
    if line.method == "GET" {
        return ask.send();
    }
    let mark = token.map_or_else(String::new, |t| mark(world, t));
    ask.form(&line.form.replace("MARK", &mark).replace("ROLE", role))
        .send()
}

#[test]
fn every_role_gets_what_the_table_says() {
    let (roles, lines) = table();
    assert_eq!(roles.len(), 14, "{roles:?}");
    on_each_demo(|world| {
        furnish(world);
        let mut got: Vec<Vec<u16>> = vec![Vec::new(); lines.len()];
        for role in &roles {
            let mut token = None;
            for (line, codes) in lines.iter().zip(&mut got) {
                if token.is_none() && *role != "anonymous" {
                    token = Some(world.sign_in(role));
                }
                let answer = send(world, line, role, token.as_deref());
                codes.push(answer.status.as_u16());
                if !answer.header("set-cookie").is_empty() {
                    token = None; // that session is over
                }
            }
        }
        let mut faults = Vec::new();
        for (line, codes) in lines.iter().zip(&got) {
            if line.codes != *codes {
                let codes: Vec<String> = codes.iter().map(u16::to_string).collect();
                faults.push(format!(
                    "{} {} | {} | {} | {}",
                    line.method,
                    line.route,
                    line.value,
                    line.form,
                    codes.join(" ")
                ));
            }
        }
        assert!(
            faults.is_empty(),
            "answered otherwise:\n{}\n",
            faults.join("\n")
        );
    });
}
