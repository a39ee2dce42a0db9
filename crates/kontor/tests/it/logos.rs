//! Logos: drawn anew, seen by whoever sees the organisation, told in its history,
//! carried by merges and backups.

use std::io::Cursor;

use axum::http::{Method, StatusCode};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use kontor::app::backup;
use kontor::directory::{self, Cluster, MembershipKind, NewOrganisation, Visibility};
use kontor_platform::config::Config;
use kontor_platform::db::{Source, connect};
use kontor_platform::{Day, Id, params, testing};

use crate::world::{Answer, World, on_each_demo};

fn png(width: u32, height: u32, red: u8) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let image: DynamicImage = RgbImage::from_pixel(width, height, Rgb([red, 90, 120])).into();
    image
        .write_to(&mut bytes, ImageFormat::Png)
        .expect("a picture");
    bytes.into_inner()
}

/// Organisations of Hamburg Aviation: one public, one hidden, and a double of
/// the first.
fn furnish(world: &World) {
    world.command(|work| {
        let find = "SELECT id FROM clusters WHERE slug = 'hamburg-aviation'";
        let (cluster,): (Id<Cluster>,) = work.one(find, params![])?;
        for (name, visibility) in [
            ("Bildwerk", Visibility::Public),
            ("Schattenwerk", Visibility::Cluster),
            ("Bildwerk GmbH", Visibility::Public),
        ] {
            let new = NewOrganisation {
                name: name.into(),
                visibility: Some(visibility),
                ..Default::default()
            };
            let id = directory::create_organisation(work, &new)?;
            let since = Day::parse("2026-01-01").expect("a day");
            directory::join_cluster(work, id, cluster, MembershipKind::Member, since)?;
        }
        Ok(())
    });
}

fn mark(world: &World, token: &str) -> String {
    let page = world.get_by(token, "/mein-kontor").body;
    let mark = page
        .split("name=\"_mark\" value=\"")
        .nth(1)
        .expect("a form");
    mark.split('"').next().expect("a value").to_owned()
}

fn upload(world: &World, token: &str, slug: &str, file: &[u8]) -> Answer {
    let mark = mark(world, token);
    let path = format!("/organisationen/{slug}/logo");
    let ask = world.ask(Method::POST, &path).by(Some(token));
    ask.upload_bytes(&[("_mark", &mark)], "logo.png", file)
        .send()
}

/// The address of the logo that a page shows.
fn address(page: &str) -> Option<String> {
    let src = page.split("<img class=\"logo\" src=\"").nth(1)?;
    Some(src.split('"').next()?.to_owned())
}

fn facts(world: &World, kind: &str) -> i64 {
    let sql = "SELECT COUNT(*) AS n FROM log WHERE kind = $1";
    let found: (i64,) = world
        .site
        .db
        .read_now(|c| c.one(sql, params![kind]))
        .expect("a count");
    found.0
}

#[test]
fn a_logo_stands_on_the_page_until_it_is_removed() {
    on_each_demo(|world| {
        furnish(world);
        let token = world.sign_in("manager");
        let page = "/organisationen/bildwerk";
        let before = world.get(page).body;
        assert!(address(&before).is_none() && before.contains("av--xl"));
        let done = upload(world, &token, "bildwerk", &png(640, 160, 200));
        assert!(
            done.header("location")
                .ends_with("bearbeiten?ok=flash-logo-set"),
            "{}",
            done.body
        );
        let after = world.get(page).body;
        let first = address(&after).expect("a logo on the kept page");
        assert!(
            after.contains("width=\"320\" height=\"80\" alt=\"Bildwerk\"")
                && !after.contains("av--xl")
        );
        let file = world.get(&first);
        assert_eq!(
            (file.status, file.header("content-type")),
            (StatusCode::OK, "image/png")
        );
        assert_eq!(
            file.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
        assert!(file.body.contains("IHDR"));
        let again = world
            .ask(Method::GET, &first)
            .with("if-none-match", file.header("etag"))
            .send();
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        // The same once more is nothing new; another one has another address.
        upload(world, &token, "bildwerk", &png(640, 160, 200));
        assert_eq!(facts(world, "directory.logo_set"), 1);
        upload(world, &token, "bildwerk", &png(640, 160, 10));
        assert_eq!(facts(world, "directory.logo_set"), 2);
        let second = address(&world.get(page).body).expect("a logo");
        assert_ne!(first, second);
        assert_eq!(world.get(&first).status, StatusCode::NOT_FOUND);
        let told = world
            .get_by(&token, "/organisationen/bildwerk/verlauf")
            .body;
        assert!(told.contains("Logo hochgeladen") && told.contains("Hamburg Aviation"));
        let form = format!("_mark={}", mark(world, &token));
        let path = "/organisationen/bildwerk/logo/entfernen";
        assert_eq!(
            world.post_by(&token, path, &form).status,
            StatusCode::SEE_OTHER
        );
        assert!(address(&world.get(page).body).is_none());
        assert_eq!(world.get(&second).status, StatusCode::NOT_FOUND);
        let told = world
            .get_by(&token, "/organisationen/bildwerk/verlauf")
            .body;
        assert!(told.contains("Logo entfernt"));
    });
}

#[test]
fn a_logo_is_hidden_with_its_organisation() {
    on_each_demo(|world| {
        furnish(world);
        let manager = world.sign_in("manager");
        upload(world, &manager, "schattenwerk", &png(50, 50, 7));
        let page = world.get_by(&manager, "/organisationen/schattenwerk").body;
        let logo = address(&page).expect("a logo");
        let own = world.get_by(&manager, &logo);
        assert_eq!(
            (own.status, own.header("cache-control")),
            (StatusCode::OK, "private, no-cache")
        );
        let other = world.sign_in("manager_other");
        for token in [None, Some(other.as_str())] {
            let there = world.ask(Method::GET, &logo).by(token).send();
            let nowhere = logo.replace("schattenwerk", "nirgendwerk");
            let nowhere = world.ask(Method::GET, &nowhere).by(token).send();
            assert_eq!(
                (there.status, nowhere.status),
                (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND)
            );
            let strip = |a: &Answer| {
                a.body
                    .replace("schattenwerk", "")
                    .replace("nirgendwerk", "")
            };
            assert_eq!(strip(&there), strip(&nowhere), "tells nothing");
            let asked = "\"*\", ".to_owned() + own.header("etag");
            let cached = world
                .ask(Method::GET, &logo)
                .by(token)
                .with("if-none-match", &asked);
            assert_eq!(cached.send().status, StatusCode::NOT_FOUND);
        }
        // Another organisation's address does not lead to it.
        let hash = logo.rsplit('/').next().expect("a hash");
        let elsewhere = format!("/organisationen/bildwerk/logo/{hash}");
        assert_eq!(world.get(&elsewhere).status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn what_is_no_picture_is_refused_with_words_and_changes_nothing() {
    on_each_demo(|world| {
        furnish(world);
        let token = world.sign_in("manager");
        upload(world, &token, "bildwerk", &png(30, 30, 1));
        let large = vec![0x89; 1024 * 1024 + 1];
        let huge = vec![0x89; 3 * 1024 * 1024];
        let wide = png(4097, 2, 1);
        for (file, words) in [
            (
                &b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..],
                "SVG-Dateien nimmt Kontor nicht an",
            ),
            (b"", "Wählen Sie eine Bilddatei aus"),
            (&large, "größer als 1 MB"),
            (&huge, "größer als 1 MB"),
            (&wide, "zu viele Punkte"),
            (b"\x89PNG\r\n\x1a\nnichts", "lässt sich nicht lesen"),
        ] {
            let answer = upload(world, &token, "bildwerk", file);
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
            assert!(
                answer.body.contains(words) && answer.body.contains("href=\"#datei\""),
                "{words}"
            );
            assert!(
                answer.body.contains("aria-describedby=\"datei-e datei-h\""),
                "{words}"
            );
            assert!(address(&answer.body).is_some(), "the former logo stays");
        }
        assert_eq!(facts(world, "directory.logo_set"), 1);
        // A form of another session changes nothing either.
        let ask = world
            .ask(Method::POST, "/organisationen/bildwerk/logo")
            .by(Some(&token));
        let foreign = ask
            .upload_bytes(&[("_mark", "x")], "l.png", &png(9, 9, 9))
            .send();
        assert_eq!(foreign.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(facts(world, "directory.logo_set"), 1);
    });
}

#[test]
fn a_merge_keeps_the_only_logo_and_undoing_gives_it_back() {
    on_each_demo(|world| {
        furnish(world);
        let token = world.sign_in("manager");
        upload(world, &token, "bildwerk-gmbh", &png(40, 40, 3));
        let id = |slug: &'static str| {
            let find = "SELECT id FROM organisations WHERE slug = $1";
            let found: (String,) = world
                .site
                .db
                .read_now(move |c| c.one(find, params![slug]))
                .expect("it");
            found.0
        };
        let owner = || {
            let sql = "SELECT organisation FROM organisation_logos";
            let all: Vec<(String,)> = world
                .site
                .db
                .read_now(|c| c.all(sql, params![]))
                .expect("rows");
            all.into_iter().map(|(o,)| o).collect::<Vec<_>>()
        };
        let (winner, loser) = (id("bildwerk"), id("bildwerk-gmbh"));
        let mark = mark(world, &token);
        let form = format!("_mark={mark}&winner={winner}&loser={loser}");
        let done = world.post_by(&token, "/verwaltung/dubletten/zusammenfuehren", &form);
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        assert_eq!(owner(), [winner]);
        assert!(address(&world.get("/organisationen/bildwerk").body).is_some());
        let find = "SELECT id FROM merges";
        let merge: (String,) = world
            .site
            .db
            .read_now(|c| c.one(find, params![]))
            .expect("a merge");
        let form = format!("_mark={mark}&merge={}", merge.0);
        let undone = world.post_by(&token, "/verwaltung/dubletten/rueckgaengig", &form);
        assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.body);
        assert_eq!(owner(), [loser]);
    });
}

#[test]
fn a_logo_comes_back_from_a_backup_on_either_engine() {
    on_each_demo(|world| {
        furnish(world);
        let token = world.sign_in("manager");
        upload(world, &token, "bildwerk", &png(77, 33, 201));
        let sql = "SELECT hash, content FROM organisation_logos";
        let before: Vec<(String, String)> = world
            .site
            .db
            .read_now(|c| c.all(sql, params![]))
            .expect("rows");
        assert_eq!(before.len(), 1);
        let folder = tempfile::tempdir().expect("a folder");
        let archive = folder.path().join("a.kontor.tar.gz");
        let source = world.site.db.source().clone();
        backup::write(&source, folder.path(), None, &archive, testing::NOW).expect("a backup");
        let check = |target: &Source| {
            let data = tempfile::tempdir().expect("a folder");
            let config = Config {
                database_url: match target {
                    Source::Lite(_) => String::new(),
                    Source::Pg(url) => url.clone(),
                },
                ..Config::default()
            };
            backup::restore(&archive, &config, data.path(), false, testing::NOW)
                .expect("a restore");
            let place = match target {
                Source::Lite(_) => Source::Lite(data.path().join("kontor.sqlite")),
                other => other.clone(),
            };
            let after: Vec<(String, String)> = connect(&place)
                .expect("it")
                .all(sql, params![])
                .expect("rows");
            assert_eq!(after, before);
        };
        check(&Source::Lite(folder.path().join("unused")));
        testing::with_postgres(|target| check(&target));
    });
}
