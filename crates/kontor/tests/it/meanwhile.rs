//! Two people with the same form open: what one has saved is not undone by the other,
//! and nothing that was typed is lost.

use axum::http::StatusCode;
use kontor_platform::web::encode;

use crate::world::{Answer, World, on_each_demo};

/// Names and values of the fields that a page's form carries along.
fn bases(page: &str) -> Vec<(String, String)> {
    let one = |part: &str| {
        let name = part.split('"').next()?.to_owned();
        let value = part.split("value=\"").nth(1)?.split('"').next()?;
        let plain = value.replace("&#38;", "&").replace("&#39;", "'");
        Some((name, plain.replace("&#34;", "\"")))
    };
    let all = page.split("name=\"base-").skip(1);
    all.filter_map(one).collect()
}

/// Sends a form as it was opened, with some fields changed.
fn send(
    world: &World,
    token: &str,
    path: &str,
    opened: &[(String, String)],
    changed: &[(&str, &str)],
) -> Answer {
    let mut pairs = Vec::new();
    for (name, before) in opened {
        let typed = changed.iter().find(|(n, _)| n == name);
        let value = typed.map_or(before.as_str(), |(_, v)| *v);
        pairs.push(format!("{name}={}", encode(value)));
        pairs.push(format!("base-{name}={}", encode(before)));
    }
    world.post_by(token, path, &pairs.join("&"))
}

fn value(world: &World, token: &str, path: &str, name: &str) -> String {
    let page = world.get_by(token, path).body;
    let found = bases(&page).into_iter().find(|(n, _)| n == name);
    found.expect("the field").1
}

/// Two people open the page; each changes a field of their own, then the same one.
fn together(world: &World, path: &str, roles: [&str; 2], fields: [&str; 2]) {
    let [one, two] = roles.map(|role| world.sign_in(role));
    let open = |token: &str| bases(&world.get_by(token, path).body);
    let (mine, theirs) = (open(&one), open(&two));
    assert!(mine.len() > 4, "the form carries what it shows: {mine:?}");
    let [a, b] = fields;
    let done = send(world, &one, path, &mine, &[(a, "Erstens")]);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let done = send(world, &two, path, &theirs, &[(b, "Zweitens")]);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert_eq!(value(world, &one, path, a), "Erstens", "not undone");
    assert_eq!(value(world, &one, path, b), "Zweitens");
    // The first one still has the page of before open.
    let refused = send(world, &one, path, &mine, &[(b, "Drittens")]);
    assert_eq!(refused.status, StatusCode::CONFLICT);
    for words in ["Drittens", "Zweitens", "Jetzt gespeichert"] {
        assert!(refused.body.contains(words), "{words}");
    }
    assert_eq!(value(world, &one, path, b), "Zweitens", "nothing is stored");
    // A mistake beside it: the form goes on carrying what it was opened with.
    let wrong = send(world, &one, path, &mine, &[("name", ""), (b, "Drittens")]);
    assert_eq!(wrong.status, StatusCode::CONFLICT);
    // Who has seen it may decide.
    let again = bases(&refused.body);
    let done = send(world, &one, path, &again, &[(b, "Drittens")]);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert_eq!(value(world, &two, path, b), "Drittens");
    assert_eq!(value(world, &two, path, a), "Erstens");
}

#[test]
fn nobody_undoes_what_another_has_saved_of_a_cluster() {
    on_each_demo(|world| {
        let path = "/verwaltung/cluster/hamburg-aviation";
        together(
            world,
            path,
            ["manager", "admin"],
            ["purpose-de", "themes-en"],
        );
        // Without what the form showed, it is taken as it was typed.
        let token = world.sign_in("manager");
        let plain =
            "name=Hamburg+Aviation&code=HAV&slug=hamburg-aviation&purpose-de=Neu&visibility=public";
        assert_eq!(
            world.post_by(&token, path, plain).status,
            StatusCode::SEE_OTHER
        );
        assert_eq!(value(world, &token, path, "purpose-de"), "Neu");
    });
}

#[test]
fn nobody_undoes_what_another_has_saved_of_the_region() {
    on_each_demo(|world| {
        let path = "/verwaltung/region";
        together(
            world,
            path,
            ["admin", "admin"],
            ["imprint", "controller-en"],
        );
    });
}
