//! Tries the browser on a page of our own: what a journey relies on must be true.

use super::browser::{Browser, Theme};
use super::http::serve_page;

const POLICY: &str = "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; \
    form-action 'self'\r\n";

const PAGE: &str = "<!doctype html><html lang=de><title>Hafen</title><style>
body { margin: 0; background: white }
@media (prefers-color-scheme: dark) { body { background: black; color: white } }
@media print { h1 { display: none } }
#long { height: 3000px }
</style><main><h1>Hafen</h1><p id=language>{language}</p>
<form method=get><label>Name <input name=q></label>
<select name=s aria-label=Seite><option value=a>A<option value=b>B</select>
<button>Los</button></form><div id=long></div></main></html>";

const FAULTY: &str = "<!doctype html><html><title>x</title><body style='margin:0'>
<img src=/missing.png><main><div id=wide style='width:500px'>breit</div>
<div style='overflow-x:auto'><div id=inner style='width:900px'>darf</div></div></main>
<script>document.title = 'script ran'; throw new Error('planted')</script></html>";

#[test]
fn a_form_is_filled_and_sent() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let page = serve_page(POLICY, PAGE);
    browser.goto(&format!("{page}/"));
    assert_eq!(browser.title(), "Hafen");
    assert_eq!(browser.text("h1"), "Hafen");
    assert!(browser.text("#language").starts_with("de-DE,de;"));
    assert!(browser.has("form") && !browser.has("table"));
    browser.fill("[name=q]", "Kran");
    browser.choose("[name=s]", "b");
    assert_eq!(browser.console_errors(), Vec::<String>::new());
    browser.click_through("button");
    assert_eq!(browser.address(), format!("{page}/?q=Kran&s=b"));
}

#[test]
fn sizes_themes_and_print_are_real() {
    let Some(browser) = Browser::start() else {
        return;
    };
    browser.goto(&format!("{}/", serve_page(POLICY, PAGE)));
    let background = || {
        browser.execute("return getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"
    };
    assert!(!background());
    browser.theme(Theme::Dark);
    assert!(background());
    browser.print_view();
    assert!(!background());
    assert_eq!(browser.text("h1"), "", "not printed");
    browser.theme(Theme::Light);
    for width in [320, 390] {
        browser.size(width, 700);
        assert_eq!(
            browser.execute("return document.documentElement.clientWidth"),
            width
        );
        browser.no_horizontal_scroll();
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pictures/page.png");
    browser.screenshot(&path);
    let png = std::fs::read(&path).unwrap();
    // Width and height stand at a fixed place in a PNG's first chunk.
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    assert_eq!(number(16), 390);
    assert!(number(20) > 3000);
    assert_eq!(browser.execute("return window.innerHeight"), 700);
}

#[test]
fn planted_faults_are_found_and_a_good_page_has_none() {
    let Some(browser) = Browser::start() else {
        return;
    };
    browser.goto(&format!("{}/", serve_page(POLICY, PAGE)));
    assert_eq!(browser.axe(), Vec::<String>::new());
    browser.goto(&format!("{}/", serve_page("", FAULTY)));
    let found = browser.axe().join("\n");
    assert!(found.contains("image-alt"), "{found}");
    assert!(found.contains("html-has-lang"), "{found}");
    assert!(found.contains("/missing.png"), "{found}");
    browser.size(320, 700);
    let wide = browser.too_wide().join("\n");
    assert!(wide.contains("id=\"wide\""), "{wide}");
    assert!(!wide.contains("id=\"inner\""), "{wide}");
    let errors = browser.console_errors().join("\n");
    assert!(errors.contains("planted"), "{errors}");
    assert!(errors.contains("404"), "{errors}");
}

#[test]
fn scripts_can_be_switched_off() {
    let Some(browser) = Browser::start_in("en-GB,en") else {
        return;
    };
    let page = format!("{}/", serve_page("", FAULTY));
    browser.javascript(false);
    browser.goto(&page);
    assert_eq!(browser.title(), "x");
    assert_eq!(browser.text("#wide"), "breit");
    assert!(browser.has("img"));
    browser.goto(&format!("{}/", serve_page("", PAGE)));
    assert!(browser.text("#language").starts_with("en-GB,en;"));
    browser.fill("[name=q]", "Kran");
    browser.click_through("button");
    assert!(browser.address().ends_with("?q=Kran&s=a"));
    browser.javascript(true);
    browser.goto(&page);
    assert_eq!(browser.title(), "script ran");
}
