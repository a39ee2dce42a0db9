//! What an operator types: folders are private and held by one server, nothing
//! begins where a name is mistyped, and what is wrong is named.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Output;

use kontor::accounts::admin;
use kontor::app::{demo, wiring};
use kontor_platform::db::{Source, connect, schema};
use kontor_platform::{Clock, testing};

use crate::support::free_port;
use crate::support::server::{Server, kontor, run};

/// Runs `kontor ARGS --data DATA`.
fn on(data: &Path, args: &[&str]) -> Output {
    let data = data.to_str().expect("a path");
    run(&[args, &["--data", data]].concat())
}

/// The same over a database server.
fn on_server(source: &Source, data: &Path, args: &[&str]) -> Output {
    let Source::Pg(url) = source else {
        panic!("a server")
    };
    let mut command = kontor();
    command.args(args).arg("--data").arg(data);
    command.env("KONTOR_DATABASE_URL", url);
    command.output().expect("it runs")
}

/// What was said of a failure that ended with this status.
#[track_caller]
fn refused(said: &Output, status: i32) -> String {
    assert_eq!(said.status.code(), Some(status), "{said:?}");
    String::from_utf8_lossy(&said.stderr).into_owned()
}

#[track_caller]
fn done(said: &Output) -> String {
    assert!(said.status.success(), "{said:?}");
    String::from_utf8_lossy(&said.stdout).into_owned()
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path)
        .expect("it is there")
        .permissions()
        .mode()
        & 0o777
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).expect("a folder").count() == 0
}

const INVITE_ADMIN: [&str; 5] = ["user", "invite", "ada@werft.example", "--role", "admin"];
const INVITE_MEMBER: [&str; 5] = ["user", "invite", "ada@werft.example", "--role", "member"];

#[test]
fn a_new_data_folder_is_its_owners_alone() {
    let place = tempfile::tempdir().unwrap();
    let open = |path: &Path| {
        std::fs::create_dir(path).unwrap();
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    };
    let invited = place.path().join("new/invited");
    done(&on(&invited, &INVITE_ADMIN));
    let migrated = place.path().join("migrated");
    let config = place.path().join("kontor.toml");
    std::fs::write(&config, "").unwrap();
    done(&on(
        &migrated,
        &["migrate", "--config", config.to_str().unwrap()],
    ));
    let served = place.path().join("served");
    let server = Server::start_in(&served, "serve", &[]);
    // Who made the folder decided on its mode.
    let theirs = place.path().join("theirs");
    open(&theirs);
    done(&on(&theirs, &INVITE_ADMIN));
    assert_eq!(mode(&theirs), 0o755);
    for data in [&invited, &migrated, &served] {
        assert_eq!(mode(data), 0o700, "{}", data.display());
    }
    assert_eq!(mode(&place.path().join("new")), 0o700);
    assert_eq!(mode(&served.join("index")), 0o700);
    for data in [&invited, &migrated, &served, &theirs] {
        assert_eq!(mode(&data.join("kontor.sqlite")), 0o600);
    }
    for file in ["secret", "kontor.sqlite-wal", "kontor.sqlite-shm"] {
        assert_eq!(mode(&served.join(file)), 0o600, "{file}");
    }
    drop(server);
    let told = String::from_utf8(on(&theirs, &["doctor"]).stdout).unwrap();
    assert!(told.contains("chmod 700"), "{told}");
}

/// Starts another server on a folder and waits for its end.
fn another(command: &str, data: &Path, args: &[&str]) -> Output {
    let listen = format!("127.0.0.1:{}", free_port());
    on(data, &[&[command, "--listen", &listen], args].concat())
}

#[test]
fn a_data_folder_has_one_server() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    let server = Server::start_in(&data, "serve", &[]);
    let link = server.line_with("/einrichten/").expect("a link");
    let link = link.trim().rsplit('/').next().expect("a token").to_owned();
    for (command, args) in [("serve", &[][..]), ("demo", &[]), ("demo", &["--fresh"])] {
        let said = refused(&another(command, &data, args), 1);
        let number = server.process().to_string();
        for part in ["is in use", &number, "stop that one first", "--data"] {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
    // The first one's link holds, and other commands go on beside it.
    let page = server.url(&format!("/einrichten/{link}"));
    assert_eq!(crate::support::http::get(&page).unwrap().status, 200);
    done(&on(&data, &["backup"]));
    done(&on(&data, &["doctor"]));
    done(&on(&data, &["migrate"]));
    done(&on(&data, &["export", "--what", "log"]));
    done(&on(&data, &INVITE_ADMIN));
    // A power cut leaves no lock behind.
    server.kill();
    let server = Server::start_in(&data, "serve", &[]);
    assert_eq!(server.stop(), Some(0));
    drop(Server::start_in(&data, "serve", &[]));
}

#[test]
fn a_demo_takes_no_folder_that_serve_has_begun() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    Server::start_in(&data, "serve", &[]).kill();
    for args in [&[][..], &["--fresh"]] {
        let said = refused(&another("demo", &data, args), 1);
        assert!(said.contains("belongs to an installation"), "{said}");
        assert!(said.contains("--data"), "{said}");
    }
    // Nothing was marked: it is still served.
    let server = Server::start_in(&data, "serve", &[]);
    assert!(server.line_with("/einrichten/").is_some());
}

#[test]
fn a_set_up_link_keeps_the_demo_out_on_both_engines() {
    testing::on_each_engine(wiring::MIGRATIONS, |db| {
        let clock = Clock::standing(testing::NOW);
        assert!(admin::offer_setup(&db, &clock).unwrap().is_some());
        let said = demo::seed_if_empty(&db, &clock).unwrap_err().to_string();
        assert!(said.contains("belongs to an installation"), "{said}");
        let is_demo = db.read_now(kontor::accounts::settings::is_demo).unwrap();
        assert!(!is_demo);
    });
}

/// Commands that need an installation, and begin none.
fn needing(list: &str) -> [Vec<&str>; 6] {
    [
        vec!["reindex"],
        vec!["export", "--what", "log"],
        vec!["import", "members", list, "--cluster", "hamburg-aviation"],
        vec!["backup"],
        vec!["migrate"],
        INVITE_MEMBER.to_vec(),
    ]
}

fn a_list(folder: &Path, text: &str) -> PathBuf {
    let list = folder.join("liste.csv");
    std::fs::write(&list, text).unwrap();
    list
}

#[test]
fn nothing_begins_in_a_mistyped_folder() {
    let place = tempfile::tempdir().unwrap();
    let list = a_list(place.path(), "Name;Ort\nWerft;Kiel\n");
    let mistyped = place.path().join("mistyped");
    let there = place.path().join("there");
    std::fs::create_dir(&there).unwrap();
    for args in needing(list.to_str().unwrap()) {
        for data in [&mistyped, &there] {
            let said = refused(&on(data, &args), 1);
            let expected = format!("there is no data in {}", data.display());
            assert!(said.contains(&expected), "{args:?}: {said}");
        }
        assert!(!mistyped.exists() && is_empty(&there), "{args:?}");
    }
    refused(&on(&mistyped, &["doctor"]), 1);
    assert!(!mistyped.exists());
    // The first administration begins one, and says where.
    let said = on(&mistyped, &INVITE_ADMIN);
    let told = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(told.contains("new installation begins"), "{told}");
    assert!(done(&said).contains("/einladung/"));
    let again = on(&mistyped, &INVITE_MEMBER);
    assert_eq!(String::from_utf8_lossy(&again.stderr), "");
    done(&again);
    // Where a configuration lies, the database may be made.
    std::fs::write(there.join("kontor.toml"), "").unwrap();
    assert!(done(&on(&there, &["migrate"])).contains("made"));
    assert!(done(&on(&there, &["migrate"])).contains("up to date"));
}

#[test]
fn nothing_begins_in_an_empty_database_of_a_server() {
    let place = tempfile::tempdir().unwrap();
    let list = a_list(place.path(), "Name;Ort\nWerft;Kiel\n");
    let data = place.path().join("data");
    let tables = |source: &Source| schema::tables(&mut connect(source).unwrap()).unwrap().len();
    testing::with_postgres(|source| {
        for args in needing(list.to_str().unwrap()) {
            if args == ["migrate"] {
                continue; // the address is the configuration
            }
            let said = refused(&on_server(&source, &data, &args), 1);
            assert!(said.contains("there is no data"), "{args:?}: {said}");
        }
        assert_eq!(tables(&source), 0);
        assert!(!data.exists());
        done(&on_server(&source, &data, &["migrate"]));
        assert!(tables(&source) > 10);
        assert_eq!(mode(&data), 0o700);
        done(&on_server(&source, &data, &["export", "--what", "log"]));
        done(&on_server(&source, &data, &INVITE_MEMBER));
        // Without the server's environment nothing begins beside it.
        for args in [&INVITE_ADMIN[..], &["doctor"], &["export", "--what", "log"]] {
            let said = on(&data, args);
            assert_eq!(said.status.code(), Some(1), "{args:?}");
            let told = [said.stdout, said.stderr].concat();
            let told = String::from_utf8_lossy(&told).into_owned();
            assert!(told.contains("KONTOR_DATABASE_URL"), "{args:?}: {told}");
        }
        assert!(!data.join("kontor.sqlite").exists());
    });
}

#[test]
fn a_database_that_is_another_programs_or_sorts_otherwise_is_left_alone() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    testing::with_postgres(|source| {
        let mut conn = connect(&source).unwrap();
        conn.batch("CREATE TABLE invoices (id BIGINT PRIMARY KEY)")
            .unwrap();
        drop(conn);
        let said = refused(&on_server(&source, &data, &["migrate"]), 1);
        assert!(said.contains("not Kontor's"), "{said}");
        let mut conn = connect(&source).unwrap();
        assert_eq!(schema::tables(&mut conn).unwrap().len(), 1);
        let Source::Pg(url) = &source else {
            panic!("a server")
        };
        for (made, part) in [
            (
                "ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'de'",
                "ICU",
            ),
            (
                "ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'",
                "SQL_ASCII",
            ),
        ] {
            conn.batch(&format!(
                "CREATE DATABASE otherwise TEMPLATE template0 {made}"
            ))
            .unwrap();
            let named = url.split("dbname=").nth(1).expect("a name");
            let other = Source::Pg(url.replace(named, "otherwise"));
            let said = refused(&on_server(&other, &data, &["migrate"]), 1);
            assert!(said.contains(part) && said.contains("template0"), "{said}");
            conn.batch("DROP DATABASE otherwise WITH (FORCE)").unwrap();
        }
    });
}

#[test]
fn a_wrong_invitation_is_wrong_usage_and_touches_nothing() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    for (args, expected) in [
        (vec!["ada", "--role", "admin"], "name@example.org"),
        (
            vec!["a@b.example", "--role", "koenig"],
            "write one of admin, dsb",
        ),
        (
            vec!["a@b.example", "--role", "org_rep"],
            "their cluster's manager",
        ),
        (
            vec!["a@b.example", "--role", "cluster_manager"],
            "needs --cluster",
        ),
        (
            vec!["a@b.example", "--role", "admin", "--cluster", "x"],
            "leave --cluster out",
        ),
        (
            vec!["a@b.example", "--role", "admin", "--until", "2020-01-01"],
            "from today on",
        ),
        (
            vec!["a@b.example", "--role", "auditor"],
            "auditor is given for a period only",
        ),
        (
            vec!["a@b.example", "--role", "admin", "--until", "bald"],
            "2027-03-31",
        ),
    ] {
        let args = [&["user", "invite"], &args[..]].concat();
        let said = refused(&on(&data, &args), 2);
        assert!(said.contains(expected), "{args:?}: {said}");
        let list = said.split("write one of").nth(1);
        assert!(list.is_none_or(|list| !list.contains("org_rep")), "{said}");
    }
    assert!(!data.exists());
    done(&on(&data, &INVITE_ADMIN));
    let manager = ["user", "invite", "m@b.example", "--role", "cluster_manager"];
    let unknown = [&manager[..], &["--cluster", "nirgends"]].concat();
    let said = refused(&on(&data, &unknown), 2);
    assert!(
        said.contains("nirgends: there is no such cluster"),
        "{said}"
    );
    for group in ["user", "import"] {
        let help = done(&run(&[group, "--help"]));
        assert!(help.contains("Example:\n  kontor "), "{help}");
    }
    for listen in ["serve", "demo"] {
        refused(&on(&data, &[listen, "--listen", "hier"]), 2);
    }
    refused(&on(&data, &["demo", "--listen", "0.0.0.0:8017"]), 2);
}

/// Whoever listens everywhere is reached nowhere by that word; and a second node
/// with a secret of its own is told so.
#[test]
fn a_server_names_an_address_that_can_be_opened_and_a_secret_of_its_own() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    let listen = format!("0.0.0.0:{}", free_port());
    let near = listen.replace("0.0.0.0", "http://127.0.0.1");
    let server = Server::start_at(&data, "serve", &listen, &[]);
    assert!(server.line_with(&format!("Kontor: {near}")).is_some());
    let link = server.line_with("/einrichten/").expect("a link");
    assert!(link.contains(&format!("{near}/einrichten/")), "{link}");
    server.kill();
    let said = |again: &str| String::from_utf8_lossy(&on(&data, &[again]).stdout).into_owned();
    assert!(!said("doctor").contains("last served with"));
    std::fs::write(data.join("secret"), "another one of thirty-two letters").unwrap();
    assert!(
        said("doctor").contains("last served with"),
        "{}",
        said("doctor")
    );
}

#[test]
fn a_list_is_told_in_plain_words() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    Server::start_in(&data, "demo", &[]).kill();
    let text = "Name;Ort;Gegründet;Website\nWerft am Kai;Kiel;demnächst;kein \u{1b}[31mNetz\n";
    let list = a_list(place.path(), text);
    let import = ["import", "members", list.to_str().unwrap(), "--cluster"];
    let import = [&import[..], &["hamburg-aviation", "--dry-run"]].concat();
    let told = done(&on(&data, &import));
    assert!(
        told.contains("\n1 line below") || told.starts_with("1 line below"),
        "{told}"
    );
    assert!(told.contains("\"demnächst\""), "{told}");
    assert!(
        !told.contains('\u{1b}'),
        "a cell does not speak to the terminal"
    );
    let sheet = [&import[..], &["--sheet", "Tabelle1"]].concat();
    let said = refused(&on(&data, &sheet), 2);
    assert!(said.contains("has no sheets"), "{said}");
}

#[test]
fn a_misspelt_variable_ends_the_start() {
    let place = tempfile::tempdir().unwrap();
    let said = kontor()
        .args(["doctor", "--data", place.path().to_str().unwrap()])
        .env("KONTOR_LISTN", "1")
        .output()
        .unwrap();
    let said = refused(&said, 1);
    assert!(said.contains("did you mean KONTOR_LISTEN?"), "{said}");
    for wrong in ["lout", "kontor=quatsch", "info,=,"] {
        let mut command = kontor();
        command.args(["doctor", "--data", place.path().to_str().unwrap()]);
        let said = refused(&command.env("KONTOR_LOG", wrong).output().unwrap(), 1);
        assert!(said.contains("write error, warn, info"), "{wrong}: {said}");
    }
}
