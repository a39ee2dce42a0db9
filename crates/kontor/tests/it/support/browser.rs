//! A real browser: Chromium, driven over WebDriver.
//!
//! All functions wait until the browser has done what they ask, and panic with the
//! browser's own words when it cannot: in a journey that is the failure.

use std::fmt::Debug;
use std::future::Future;
use std::process::Child;
use std::time::Duration;

use fantoccini::error::CmdError;
use fantoccini::wd::TimeoutConfiguration;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::driver::{Extension, capabilities, start_driver, starts};
use super::skip_or_fail;

/// How long an element may take to appear.
const PATIENCE: Duration = Duration::from_secs(10);

/// Which colours the reader prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// A browser with a profile of its own; it ends when this value is dropped.
///
/// Not to be used inside an asynchronous test: it brings its own runtime.
pub struct Browser {
    // The order of fields is the order of ending: session, driver, profile.
    client: Option<Client>,
    runtime: Runtime,
    driver: Child,
    _profile: TempDir,
}

impl Browser {
    /// Starts a browser whose reader prefers German, or skips (see
    /// [`skip_or_fail`]) where Chromium or its driver is missing.
    #[track_caller]
    pub fn start() -> Option<Self> {
        Self::start_in("de-DE,de,en")
    }

    /// As [`Browser::start`], with the languages the reader prefers, best first:
    /// `"en-GB,en"`.
    #[track_caller]
    pub fn start_in(languages: &str) -> Option<Self> {
        if !(starts("chromium") && starts("chromedriver")) {
            skip_or_fail("chromium and chromium-driver (browser journeys)");
            return None;
        }
        let profile = tempfile::tempdir().expect("a folder for the browser's profile");
        let (driver, address) = start_driver();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let mut browser = Self {
            client: None,
            runtime,
            driver,
            _profile: profile,
        };
        let capabilities = capabilities(browser._profile.path(), languages);
        let client = browser
            .runtime
            .block_on(async {
                ClientBuilder::new(HttpConnector::new())
                    .capabilities(capabilities)
                    .connect(&address)
                    .await
            })
            .expect("the browser starts");
        browser.client = Some(client);
        let timeouts = TimeoutConfiguration::new(
            Some(Duration::from_secs(60)),
            Some(Duration::from_secs(60)),
            None,
        );
        browser.wait(browser.client().update_timeouts(timeouts));
        browser.size(1280, 900);
        browser.theme(Theme::Light);
        Some(browser)
    }

    /// Opens an address and waits until the page is loaded.
    #[track_caller]
    pub fn goto(&self, address: &str) {
        self.wait(self.client().goto(address));
    }

    /// The address shown now.
    #[track_caller]
    pub fn address(&self) -> String {
        self.wait(self.client().current_url()).into()
    }

    /// The page's title.
    #[track_caller]
    pub fn title(&self) -> String {
        self.wait(self.client().title())
    }

    /// The page's markup as it is now.
    #[track_caller]
    pub fn source(&self) -> String {
        self.wait(self.client().source())
    }

    /// Clicks the first element of that selector, once it is there, that stays on
    /// its page. What leads to another page is for [`Browser::click_through`]: the
    /// driver answers before the browser has sent a form, so the next step could
    /// take the place of the sending.
    #[track_caller]
    pub fn click(&self, css: &str) {
        let element = self.find(css);
        let leaves = self.execute(&format!(
            "const e = document.querySelector({css:?}), form = e.form;
             return e.matches('a[href]:not(.k-searchbtn)') || (!!form && e.type === 'submit'
                 && form.method !== 'dialog' && form.checkValidity());"
        ));
        assert!(leaves != true, "{css} leads to another page: click_through");
        self.wait_for(css, element.click());
    }

    /// Clicks what leads to another page, and waits until that page stands.
    #[track_caller]
    pub fn click_through(&self, css: &str) {
        let element = self.find(css);
        self.execute("window.isFormerPage = true;");
        self.wait_for(css, element.click());
        let until = std::time::Instant::now() + PATIENCE;
        let stands = "return !window.isFormerPage && document.readyState === 'complete';";
        // A page that is just going answers with an error.
        let asked = || {
            self.runtime
                .block_on(self.client().execute(stands, Vec::new()))
        };
        while !asked().is_ok_and(|answer| answer == json!(true)) {
            assert!(std::time::Instant::now() < until, "{css}: no other page");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Empties a field and types a text into it.
    #[track_caller]
    pub fn fill(&self, css: &str, text: &str) {
        let element = self.find(css);
        self.wait_for(css, element.clear());
        self.wait_for(css, element.send_keys(text));
    }

    /// Types without emptying first: keys, and the path of a file to upload.
    #[track_caller]
    pub fn type_into(&self, css: &str, text: &str) {
        let element = self.find(css);
        self.wait_for(css, element.send_keys(text));
    }

    /// Chooses the option with that value in a `select`.
    #[track_caller]
    pub fn choose(&self, css: &str, value: &str) {
        let element = self.find(css);
        self.wait_for(css, element.select_by_value(value));
    }

    /// The visible text of the first element of that selector, once it is there.
    #[track_caller]
    pub fn text(&self, css: &str) -> String {
        for _ in 0..10 {
            let element = self.find(css);
            match self.runtime.block_on(element.text()) {
                // The page was replaced between finding and reading: look again.
                Err(error) if error.is_stale_element_reference() => {}
                read => return self.wait_for(css, async { read }),
            }
        }
        panic!("{css}: the page does not come to rest");
    }

    /// The visible texts of all elements of that selector at this moment.
    #[track_caller]
    pub fn texts(&self, css: &str) -> Vec<String> {
        let elements = self.wait_for(css, self.client().find_all(Locator::Css(css)));
        elements
            .iter()
            .map(|element| self.wait_for(css, element.text()))
            .collect()
    }

    /// An attribute of the first element of that selector, once it is there.
    #[track_caller]
    pub fn attribute(&self, css: &str, name: &str) -> Option<String> {
        let element = self.find(css);
        self.wait_for(css, element.attr(name))
    }

    /// Whether the page has such an element at this moment.
    #[track_caller]
    pub fn has(&self, css: &str) -> bool {
        !self
            .wait_for(css, self.client().find_all(Locator::Css(css)))
            .is_empty()
    }

    /// Runs a function body in the page and returns what it returns. The page's
    /// security policy does not hold for it.
    #[track_caller]
    pub fn execute(&self, body: &str) -> Value {
        self.wait(self.client().execute(body, Vec::new()))
    }

    /// Makes the page's own area that many CSS pixels wide and high.
    #[track_caller]
    pub fn size(&self, width: u32, height: u32) {
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}),
        );
    }

    /// Sets which colours the reader prefers.
    #[track_caller]
    pub fn theme(&self, theme: Theme) {
        self.media("", theme);
    }

    /// Shows the page as it is printed, in light colours; [`Browser::theme`] ends that.
    #[track_caller]
    pub fn print_view(&self) {
        self.media("print", Theme::Light);
    }

    /// Lets pages run scripts, or not; holds from the next page on.
    #[track_caller]
    pub fn javascript(&self, on: bool) {
        self.devtools(
            "Emulation.setScriptExecutionDisabled",
            json!({ "value": !on }),
        );
    }

    /// Sends one command of the DevTools protocol.
    #[track_caller]
    pub fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.wait(self.client().issue_cmd(Extension(
            "goog/cdp/execute",
            json!({"cmd": command, "params": parameters}),
        )))
    }

    #[track_caller]
    fn media(&self, medium: &str, theme: Theme) {
        let colours = match theme {
            Theme::Light => "light",
            Theme::Dark => "dark",
        };
        self.devtools(
            "Emulation.setEmulatedMedia",
            json!({"media": medium, "features": [
                {"name": "prefers-color-scheme", "value": colours},
                // Pictures and rules must not meet a half-finished transition.
                {"name": "prefers-reduced-motion", "value": "reduce"},
            ]}),
        );
    }

    pub(super) fn client(&self) -> &Client {
        self.client.as_ref().expect("set when started")
    }

    #[track_caller]
    fn find(&self, css: &str) -> fantoccini::elements::Element {
        let search = self.client().wait().at_most(PATIENCE);
        self.wait_for(css, search.for_element(Locator::Css(css)))
    }

    #[track_caller]
    pub(super) fn wait<T, E: Debug>(&self, work: impl Future<Output = Result<T, E>>) -> T {
        match self.runtime.block_on(work) {
            Ok(value) => value,
            Err(error) => panic!("the browser says: {error:?}"),
        }
    }

    #[track_caller]
    fn wait_for<T>(&self, css: &str, work: impl Future<Output = Result<T, CmdError>>) -> T {
        match self.runtime.block_on(work) {
            Ok(value) => value,
            Err(error) => panic!("{css}: the browser says: {error:?}"),
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            // Ends Chromium; should that fail, Chromium ends with its driver below.
            let _ = self.runtime.block_on(client.close());
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
