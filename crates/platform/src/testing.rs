//! For tests: a fresh database on each engine.
//!
//! PostgreSQL comes from `KONTOR_TEST_POSTGRES` (`./test` starts a private
//! server). Without it that half is skipped, loudly; with
//! `KONTOR_TEST_REQUIRE_ALL` it fails instead.

use std::io::Write;

use crate::db::{Db, Migration, Source, connect};
use crate::time::Instant;

/// The moment at which test worlds begin: 2026-11-22 09:00 UTC.
pub const NOW: Instant = Instant(1_795_338_000_000_000);

/// Runs `check` on a fresh SQLite file and on a fresh PostgreSQL database.
pub fn on_each_engine(migrations: &[Migration], check: impl Fn(Db)) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let lite = Source::Lite(folder.path().join("test.sqlite"));
    check(Db::open(lite, migrations, NOW).expect("SQLite opens"));
    with_postgres(|source| check(Db::open(source, migrations, NOW).expect("PostgreSQL opens")));
}

/// Hands a fresh, empty PostgreSQL database to `check`, if there is a server.
pub fn with_postgres<T>(check: impl FnOnce(Source) -> T) -> Option<T> {
    let server = postgres_server()?;
    let name = format!(
        "t_{}",
        crate::secret::token()[..16]
            .to_lowercase()
            .replace(['-', '_'], "x")
    );
    let mut admin = connect(&Source::Pg(server.clone())).expect("the test server answers");
    admin
        .batch(&format!(
            "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
        ))
        .expect("a database");
    let source = Source::Pg(server.replace("dbname=postgres", &format!("dbname={name}")));
    let answer = check(source);
    // The server is thrown away after the run; a failing test keeps its data until then.
    let _ = admin.batch(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    Some(answer)
}

/// The private test server, if there is one.
pub fn postgres_server() -> Option<String> {
    let server = std::env::var("KONTOR_TEST_POSTGRES")
        .ok()
        .filter(|s| !s.is_empty());
    if server.is_none() {
        assert!(
            std::env::var_os("KONTOR_TEST_REQUIRE_ALL").is_none(),
            "KONTOR_TEST_POSTGRES is not set, but every test is required"
        );
        // Straight to the terminal: a captured line would skip silently.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: PostgreSQL (KONTOR_TEST_POSTGRES is not set)"
        );
    }
    server
}
