//! Chromium's WebDriver: how it is started and what is asked of it.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use axum::http::Method;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use serde_json::{Value, json};

/// No request of the browser's own, no first-run pages, nothing of this machine's
/// graphics; scroll bars take no room, so a width is the page's width.
const ARGUMENTS: [&str; 16] = [
    "--headless=new",
    "--remote-debugging-pipe", // Chromium ends with its driver, even a killed one
    "--no-sandbox",            // Chromium refuses to run as root otherwise
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--disable-quic",
    "--disable-search-engine-choice-screen",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
];

/// A command of the driver beyond the standard: path below the session, and body.
#[derive(Debug)]
pub struct Extension(pub &'static str, pub Value);

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        let session = session.unwrap_or_default();
        base.join(&format!("session/{session}/{}", self.0))
    }

    fn method_and_body(&self, _: &url::Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.1.to_string()))
    }
}

/// The session a [`super::browser::Browser`] asks for: a profile folder of its own, and languages,
/// best first.
pub fn capabilities(profile: &Path, languages: &str) -> Capabilities {
    let mut arguments: Vec<String> = ARGUMENTS.map(str::to_owned).to_vec();
    arguments.push(format!("--user-data-dir={}", profile.display()));
    arguments.push(format!("--accept-lang={languages}"));
    let wanted = json!({
        "browserName": "chrome",
        "goog:chromeOptions": {
            "args": arguments,
            "prefs": {"intl.accept_languages": languages},
        },
        "goog:loggingPrefs": {"browser": "ALL"},
    });
    match wanted {
        Value::Object(wanted) => wanted,
        _ => unreachable!("an object is written above"),
    }
}

/// Whether a program is there and runs.
pub fn starts(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Starts the driver on a port of its own choice, which it says on standard output.
pub fn start_driver() -> (Child, String) {
    let mut driver = Command::new("chromedriver")
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the driver started a moment ago");
    let mut lines = BufReader::new(driver.stdout.take().expect("asked for above")).lines();
    let port = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| {
            let rest = line.split_once("successfully on port ")?.1;
            rest.trim_end_matches('.').parse::<u16>().ok()
        })
        .expect("the driver says its port");
    // A full pipe would stop the driver.
    std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
    (driver, format!("http://127.0.0.1:{port}"))
}
