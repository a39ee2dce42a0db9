//! What a journey asks of every page: rules of accessibility, width, a silent
//! console, a picture.

use std::path::Path;

use serde_json::{Value, json};

use super::browser::Browser;
use super::driver::Extension;

/// The accessibility rules' engine, from `tests/vendor`.
const AXE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vendor/axe.min.js");
/// WCAG 2.0 to 2.2, levels A and AA.
const AXE_TAGS: [&str; 5] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

impl Browser {
    /// Stores a PNG of the whole page at the present width.
    #[track_caller]
    pub fn screenshot(&self, path: &Path) {
        let length = |expression: &str| {
            self.execute(&format!("return Math.ceil({expression});"))
                .as_u64()
                .and_then(|length| u32::try_from(length).ok())
                .expect("a length in pixels")
        };
        let (width, height) = (length("window.innerWidth"), length("window.innerHeight"));
        let whole = length("document.documentElement.scrollHeight").max(height);
        self.size(width, whole);
        let png = self.wait(self.client().screenshot());
        self.size(width, height);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).expect("a folder for pictures");
        }
        std::fs::write(path, png).expect("a picture can be written");
    }

    /// What the accessibility rules (WCAG 2.0 to 2.2, A and AA) find on this page,
    /// one line per element: rule, its meaning, the element's place and markup.
    #[track_caller]
    pub fn axe(&self) -> Vec<String> {
        let engine = std::fs::read_to_string(AXE)
            .unwrap_or_else(|error| panic!("axe-core is vendored at {AXE}: {error}"));
        // The engine is one expression that leaves `window.axe` behind; one script for
        // both, so that no page comes between them.
        let run = "\n;const [tags, done] = arguments;
            axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})
                .then(found => done(found.violations.flatMap(rule => rule.nodes.map(node =>
                    `${rule.id} (${rule.help}): ${node.target.join(' ')}: ${node.html}`))))
                .catch(error => done('axe failed: ' + error));";
        let script = engine + run;
        let found = self.wait(self.client().execute_async(&script, vec![json!(AXE_TAGS)]));
        strings(&found)
    }

    /// Elements that reach beyond the page's right edge and make it scroll sideways;
    /// those inside an area that scrolls on its own do not count.
    #[track_caller]
    pub fn too_wide(&self) -> Vec<String> {
        let found = self.execute(
            "const edge = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= edge) return [];
            const scrolls = element => element && element !== document.body &&
                element !== document.documentElement &&
                (getComputedStyle(element).overflowX !== 'visible' ||
                    scrolls(element.parentElement));
            const wide = [...document.body.querySelectorAll('*')]
                .filter(element => element.getBoundingClientRect().right > edge + 1 &&
                    !scrolls(element.parentElement))
                .map(element => element.outerHTML.slice(0, 120));
            return wide.length ? wide : ['something is wider than the page'];",
        );
        strings(&found)
    }

    /// # Panics
    /// When the page scrolls sideways; the message lists [`Browser::too_wide`].
    #[track_caller]
    pub fn no_horizontal_scroll(&self) {
        let wide = self.too_wide();
        let width = self.execute("return window.innerWidth");
        assert!(
            wide.is_empty(),
            "{} scrolls sideways at {width} px:\n{}",
            self.address(),
            wide.join("\n")
        );
    }

    /// What the browser's console reported as errors since the last call: broken
    /// scripts, refused content, requests that failed.
    #[track_caller]
    pub fn console_errors(&self) -> Vec<String> {
        let entries = self.wait(
            self.client()
                .issue_cmd(Extension("se/log", json!({"type": "browser"}))),
        );
        entries
            .as_array()
            .expect("a list of entries")
            .iter()
            .filter(|entry| entry["level"] == "SEVERE")
            .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned())
            .collect()
    }
}

fn strings(list: &Value) -> Vec<String> {
    match list {
        Value::Array(entries) => entries
            .iter()
            .map(|entry| entry.as_str().unwrap_or_default().to_owned())
            .collect(),
        other => vec![other.to_string()],
    }
}
