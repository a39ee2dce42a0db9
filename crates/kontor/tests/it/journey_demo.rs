//! The demo region as a visitor meets it, in a real browser: every page in both
//! themes and on a telephone, and without scripts.

use std::time::Duration;

use crate::support::browser::Browser;
use crate::support::server::Server;
use crate::support::wait_until;
use crate::support::walk::Walk;

/// Pages for everybody; the organisation comes from the list.
const PAGES: [&str; 9] = [
    "/",
    "/cluster",
    "/cluster/hamburg-aviation",
    "/organisationen",
    "/organisationen?cluster=hamburg-aviation&seite=science",
    "/personen",
    "/anmelden",
    "/barrierefreiheit",
    "/impressum",
];

/// The path of the first organisation on the list that is open.
fn first_organisation(browser: &Browser) -> String {
    let path = browser.attribute(".ledger h3 a", "href").expect("a link");
    assert!(path.contains("/organisationen/"), "{path}");
    path
}

#[test]
fn every_public_page_stands_in_both_themes_and_widths() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let server = Server::start("demo", &[]);
    let mut walk = Walk::new("demo", &browser, &server);
    for path in PAGES {
        walk.visit(path);
    }
    browser.goto(&server.url("/organisationen"));
    let organisation = first_organisation(&browser);
    walk.visit(&organisation);
    walk.visit("/datenschutz");
    walk.visit("/diese-seite-gibt-es-nicht");
    assert_eq!(browser.text("h1"), "Diese Seite gibt es nicht");
    for path in ["/en", "/en/organisationen", "/en/cluster/hamburg-aviation"] {
        walk.visit(path);
        assert_eq!(browser.attribute("html", "lang").as_deref(), Some("en"));
    }
    walk.done();
}

/// From the start page to an organisation, by links and the filter alone.
fn find_an_organisation(browser: &Browser, server: &Server, has_scripts: bool) {
    browser.goto(&server.url("/"));
    assert_eq!(browser.texts(".cgrid > li").len(), 8, "eight clusters");
    browser.click_through("main a[href='/organisationen']");
    assert_eq!(browser.address(), server.url("/organisationen"));
    let all = browser.texts(".ledger h3");
    assert_eq!(all.len(), 50, "a page of the list");
    match has_scripts {
        true => filter_at_once(browser),
        false => filter_by_button(browser),
    }
    assert!(browser.address().contains("cluster=life-science-nord"));
    assert!(browser.text("#treffer").contains("Organisationen"));
    let some = browser.texts(".ledger h3");
    assert!(!some.is_empty() && some.len() < 50, "{}", some.len());
    assert_ne!(all, some);
    let name = some[0].clone();
    browser.click_through(".ledger h3 a");
    assert_eq!(browser.text("h1"), name);
    assert!(browser.text("main").contains("Life Science Nord"));
}

/// What is chosen holds at once, and the focus stays where it is.
fn filter_at_once(browser: &Browser) {
    for (css, value) in [("#cluster", "life-science-nord"), ("#seite", "science")] {
        browser.choose(css, value);
        let part = format!("{}={value}", &css[1..]);
        let address = || browser.address().contains(&part).then_some(());
        let shown = wait_until(Duration::from_secs(10), address);
        assert!(shown.is_some(), "{part} is in the address");
        let keeps = format!("return document.activeElement.matches('{css}');");
        assert_eq!(browser.execute(&keeps), true, "the focus stays");
        let open = "return document.querySelector('.filters__box').open;";
        assert_eq!(browser.execute(open), true, "the filters stay open");
    }
}

/// Without scripts the filters are opened and sent by hand.
fn filter_by_button(browser: &Browser) {
    if browser.attribute(".filters__box", "open").is_none() {
        browser.click(".filters__box > summary");
    }
    browser.choose("#cluster", "life-science-nord");
    browser.choose("#seite", "science");
    browser.click_through(".filters button[type=submit]");
}

/// Signs in by the button of the manager, and out again.
fn sign_in_and_out(browser: &Browser, server: &Server) {
    browser.goto(&server.url("/anmelden"));
    browser.click_through("form:has(input[value=manager]) button");
    // Only the next page has a message: what is read below is its own.
    assert_eq!(browser.text("[role=status]"), "Sie sind angemeldet.");
    assert!(browser.address().starts_with(&server.url("/mein-kontor")));
    assert!(browser.text("main h1").contains("Jördis Kowalczyk"));
    assert!(browser.text("main").contains("Clustermanagement"));
    browser.click(".k-user > summary");
    browser.click_through(".k-user__menu button[type=submit]");
    // Only the next page offers to sign in: the message read below is its own.
    assert_eq!(browser.text(".k-top a[href='/anmelden']"), "Anmelden");
    assert_eq!(browser.text("[role=status]"), "Sie sind abgemeldet.");
    assert!(!browser.has(".k-user"), "nobody is signed in");
    browser.goto(&server.url("/mein-kontor"));
    assert!(
        browser.has("main a[href^='/anmelden?weiter=']"),
        "told to sign in"
    );
}

#[test]
fn a_visitor_finds_an_organisation_and_a_manager_signs_in() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let server = Server::start("demo", &[]);
    find_an_organisation(&browser, &server, true);
    sign_in_and_out(&browser, &server);
    // The list goes on behind its first page and comes back to it.
    browser.goto(&server.url("/organisationen"));
    let first = browser.texts(".ledger h3");
    browser.click_through("nav.pages a[rel=next]");
    let second = browser.texts(".ledger h3");
    assert!(
        second.iter().all(|name| !first.contains(name)),
        "no line twice"
    );
    browser.click_through("nav.pages a");
    assert_eq!(browser.texts(".ledger h3"), first);
    // The same page in the other language, filters kept.
    browser.goto(&server.url("/organisationen?seite=science"));
    browser.click_through(".k-lang");
    assert_eq!(
        browser.address(),
        server.url("/en/organisationen?seite=science")
    );
}

#[test]
fn everything_works_without_scripts() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let server = Server::start("demo", &[]);
    browser.javascript(false);
    find_an_organisation(&browser, &server, false);
    sign_in_and_out(&browser, &server);
}

#[test]
fn pages_behind_the_sign_in_stand_too() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let server = Server::start("demo", &[]);
    let mut walk = Walk::new("demo", &browser, &server);
    browser.goto(&server.url("/anmelden"));
    browser.click_through("form:has(input[value=manager]) button");
    walk.visit("/mein-kontor?ok=flash-signed-in");
    walk.visit("/cluster/hamburg-aviation");
    browser.goto(&server.url("/organisationen?cluster=hamburg-aviation"));
    let organisation = first_organisation(&browser);
    walk.visit(&organisation);
    browser.size(390, 900);
    browser.click(".k-menu > summary");
    assert!(
        browser.text(".k-menu__panel").contains("Abmelden"),
        "the telephone's menu"
    );
    walk.axe("open menu");
    walk.done();
}

#[test]
fn a_wrong_password_is_told_beside_the_field() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let server = Server::start("demo", &[]);
    let mut walk = Walk::new("demo", &browser, &server);
    browser.goto(&server.url("/anmelden"));
    browser.fill("#mail", "jemand@kontor.example");
    browser.fill("#password", "falsch");
    browser.click_through("form[action='/anmelden/passwort'] button");
    assert_eq!(
        browser.attribute("#mail", "value").as_deref(),
        Some("jemand@kontor.example")
    );
    assert!(
        browser
            .text("[role=alert]")
            .contains("passen nicht zusammen")
    );
    assert!(browser.title().starts_with("Fehler:"));
    walk.look("/anmelden/passwort", Vec::new());
    walk.done();
}
