//! Searching in a real browser: the palette by keys, the page with and without
//! scripts, both themes and a telephone.

use std::path::PathBuf;
use std::time::Duration;

use crate::support::browser::{Browser, Theme};
use crate::support::server::Server;
use crate::support::wait_until;

/// Keys as WebDriver names them.
const DOWN: &str = "\u{e015}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

fn press_ctrl_k(browser: &Browser) {
    browser.execute(
        "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'k', ctrlKey: true, bubbles: true, cancelable: true}));",
    );
}

fn press(browser: &Browser, key: &str) {
    browser.execute(&format!(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {{key: '{key}', bubbles: true, cancelable: true}}));"
    ));
}

/// Waits for what scripts and the server bring.
#[track_caller]
fn comes(what: &str, ask: impl Fn() -> bool) {
    let came = wait_until(Duration::from_secs(10), || ask().then_some(()));
    assert!(came.is_some(), "{what}");
}

/// Axe in both themes and widths, and pictures where they are wanted.
fn look(browser: &Browser, name: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for width in [1360, 390] {
        for theme in [Theme::Light, Theme::Dark] {
            browser.size(width, 900);
            browser.theme(theme);
            let found = browser.axe();
            faults.extend(
                found
                    .iter()
                    .map(|f| format!("{name}, {width} px {theme:?}: {f}")),
            );
            if let Some(folder) = std::env::var_os("KONTOR_PICTURES") {
                let file = format!("search-{name}-{width}-{theme:?}.png").to_lowercase();
                browser.screenshot(&PathBuf::from(folder).join(file));
            }
        }
    }
    browser.theme(Theme::Light);
    browser.size(320, 900);
    faults.extend(
        browser
            .too_wide()
            .iter()
            .map(|f| format!("{name}, 320 px: {f}")),
    );
    browser.size(1360, 900);
    faults
}

#[test]
fn the_palette_opens_finds_and_leads_there_by_keys_alone() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let server = Server::start("demo", &[]);
    let mut faults = Vec::new();
    for (start, lead) in [("/", ""), ("/en/organisationen", "/en")] {
        browser.size(1360, 900);
        browser.goto(&server.url(start));
        let _ = browser.console_errors();
        press_ctrl_k(&browser);
        comes("the palette is open", || browser.has("dialog.pal[open]"));
        browser.type_into("dialog.pal input", "wasserstoff");
        comes("suggestions", || {
            browser.texts(".pal [role=option]").len() > 3
        });
        let marked = browser.texts(".pal [role=option] mark");
        assert!(
            marked.iter().any(|m| m.eq_ignore_ascii_case("wasserstoff")),
            "{marked:?}"
        );
        let selected = || browser.text(".pal [aria-selected=true]");
        let first = selected();
        browser.type_into("dialog.pal input", DOWN);
        browser.type_into("dialog.pal input", DOWN);
        assert_ne!(selected(), first);
        let goal = browser
            .attribute(".pal [aria-selected=true]", "data-href")
            .expect("a way");
        assert!(
            goal.starts_with(&format!("{lead}/organisationen/")),
            "{goal}"
        );
        assert_eq!(
            browser.attribute(".pal [aria-selected=true]", "id"),
            browser.attribute("dialog.pal input", "aria-activedescendant")
        );
        faults.extend(look(
            &browser,
            if lead.is_empty() {
                "palette"
            } else {
                "palette-en"
            },
        ));
        browser.type_into("dialog.pal input", ENTER);
        comes("the organisation's page", || {
            browser.address() == server.url(&goal)
        });
        faults.extend(browser.console_errors());
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn nothing_found_is_said_and_escape_gives_the_focus_back() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let server = Server::start("demo", &[]);
    browser.goto(&server.url("/cluster"));
    browser.click("a.k-searchbtn");
    browser.type_into("dialog.pal input", "xyzzyx");
    comes("said", || {
        browser.text(".pal [data-none]").contains("nichts gefunden")
    });
    browser.type_into("dialog.pal input", ESCAPE);
    comes("closed", || !browser.has("dialog.pal[open]"));
    let on_button = browser.execute("return document.activeElement.matches('a.k-searchbtn')");
    assert_eq!(on_button, serde_json::json!(true));
}

#[test]
fn shortcuts_of_single_keys_can_be_seen_and_switched_off() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let server = Server::start("demo", &[]);
    browser.goto(&server.url("/cluster"));
    press(&browser, "?");
    comes("the list", || browser.has("dialog.keys[open]"));
    assert!(browser.text("dialog.keys").contains("Organisationen"));
    let faults = look(&browser, "keys");
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
    browser.click("dialog.keys button[type=submit]");
    for key in ["g", "o"] {
        press(&browser, key);
    }
    comes("the list of organisations", || {
        browser.address() == server.url("/organisationen")
    });

    browser.click("[data-shortcuts] button");
    browser.click("[data-keys-on]");
    browser.click("dialog.keys button[type=submit]");
    browser.goto(&server.url("/cluster"));
    for key in ["/", "?", "g", "o"] {
        press(&browser, key);
    }
    assert!(!browser.has("dialog[open]"), "switched off");
    assert_eq!(browser.address(), server.url("/cluster"));
    press_ctrl_k(&browser);
    comes("Ctrl K is no single key", || {
        browser.has("dialog.pal[open]")
    });
}

/// From the header's link to an organisation, on pages alone.
fn by_page(browser: &Browser, server: &Server) {
    browser.goto(&server.url("/cluster"));
    browser.goto(&server.url(&browser.attribute("a.k-searchbtn", "href").expect("a link")));
    browser.fill("#q", "häuser wärme");
    browser.fill("#q", "Windtechnik");
    browser.click_through("form[role=search] button");
    assert!(browser.address().contains("/suche?q=Windtechnik"));
    assert!(browser.title().contains("Windtechnik"));
    browser.click_through(".tabs a[href*='art=organisation']");
    let names = browser.texts(".ledger h3");
    assert!(names.iter().any(|n| n.contains("Windtechnik")), "{names:?}");
    let name = names[0].clone();
    browser.click_through(".ledger h3 a");
    assert_eq!(browser.text("h1"), name);
}

#[test]
fn the_page_finds_with_and_without_scripts() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let server = Server::start("demo", &[]);
    by_page(&browser, &server);
    let mut faults = Vec::new();
    for (name, path) in [
        ("page", "/suche?q=wasserstoff"),
        ("page-of-kind", "/suche?q=hamburg&art=organisation&blatt=2"),
        ("page-near", "/suche?q=wartug"),
        ("page-none", "/suche?q=xyzzyx"),
        ("page-empty", "/suche"),
        ("page-en", "/en/suche?q=hydrogen"),
    ] {
        browser.goto(&server.url(path));
        faults.extend(look(&browser, name));
        faults.extend(browser.console_errors());
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
    browser.javascript(false);
    by_page(&browser, &server);
}
