//! What journeys stand on. Nothing here knows a page of Kontor.

// A journey uses what it needs; what no journey uses yet is still tried by the
// self-tests of its module.
#![allow(dead_code)]

pub mod browser;
mod browser_tests;
mod checks;
mod driver;
pub mod http;
pub mod server;
pub mod smtp;
pub mod walk;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// For something `./test` puts in place (PostgreSQL, the browser, the mail server)
/// and this machine lacks: fails under `./test`, skips elsewhere. Returns always
/// `true`, so that a test reads `if missing && skip_or_fail("chromium") { return }`.
///
/// # Panics
/// When `KONTOR_TEST_REQUIRE_ALL` is set.
#[track_caller]
pub fn skip_or_fail(what: &str) -> bool {
    assert!(
        std::env::var_os("KONTOR_TEST_REQUIRE_ALL").is_none(),
        "needed and not there: {what}"
    );
    skip(what)
}

/// For something nobody is obliged to have (the shared data folder): says so on
/// standard output and in the file named by `KONTOR_TEST_SKIPS`, from which
/// `./test` repeats it at its end. Returns always `true`.
pub fn skip(what: &str) -> bool {
    let line = format!("SKIPPED: {what}");
    #[expect(
        clippy::disallowed_macros,
        reason = "the test runner shows this output"
    )]
    {
        println!("{line}");
    }
    if let Some(path) = std::env::var_os("KONTOR_TEST_SKIPS") {
        let mut file = std::fs::File::options()
            .append(true)
            .create(true)
            .open(path)
            .expect("the list of skipped tests can be written");
        // One write, so that lines of tests running at once do not mix.
        file.write_all(format!("{line}\n").as_bytes())
            .expect("the list of skipped tests can be written");
    }
    true
}

/// The folder with public data that may lie beside the checkout: `KONTOR_SHARED`,
/// else `shared` beside the checkout or beside any folder above it.
pub fn shared_dir() -> Option<PathBuf> {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2)?;
    std::env::var_os("KONTOR_SHARED")
        .map(PathBuf::from)
        .into_iter()
        .chain(
            checkout
                .ancestors()
                .skip(1)
                .map(|folder| folder.join("shared")),
        )
        .find(|folder| folder.join("README.md").is_file())
}

/// A loopback port nobody listens on at this moment.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("loopback has free ports");
    listener.local_addr().expect("a bound socket").port()
}

/// Asks every 20 ms until there is an answer; `None` when `patience` is over.
pub fn wait_until<T>(patience: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + patience;
    loop {
        if let Some(answer) = ask() {
            return Some(answer);
        }
        if Instant::now() >= end {
            return None;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn waiting_ends_with_the_answer_or_with_patience() {
    let mut asked = 0;
    let third = wait_until(Duration::from_secs(5), || {
        asked += 1;
        (asked == 3).then_some(asked)
    });
    assert_eq!(third, Some(3));
    assert_eq!(
        wait_until(Duration::from_millis(1), || None::<()>),
        None,
        "patience is over"
    );
}
