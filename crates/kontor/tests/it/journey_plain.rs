//! The acts of members and managers in a browser that runs no script.

use std::time::Duration;

use crate::support::browser::Browser;
use crate::support::server::Server;
use crate::support::wait_until;
use crate::support::walk::Walk;

fn sign_in(browser: &Browser, server: &Server, role: &str) {
    browser.goto(&server.url("/anmelden"));
    browser.click_through(&format!("form:has(input[name=role][value={role}]) button"));
}

/// The menu opens without a script, too.
fn sign_out(browser: &Browser) {
    browser.click(".k-user > summary");
    browser.click_through(".k-user__menu button[type=submit]");
}

fn told(browser: &Browser, words: &str) {
    let said = browser.text("[role=status]");
    assert!(said.contains(words), "{said}");
}

/// A member says what may be seen, reads what they agreed to, and takes it back.
fn decide_what_is_seen(browser: &Browser, server: &Server) {
    sign_in(browser, server, "member");
    browser.goto(&server.url("/mein-kontor/profil"));
    assert!(browser.text("#words").contains("willigen Sie ein"));
    browser.click("input[name=show-name][value=all_clusters]");
    browser.click("input[name=show-mail][value=clusters]");
    browser.click_through("main form button[type=submit]");
    told(browser, "sofort");
    browser.goto(&server.url("/mein-kontor/daten"));
    assert_eq!(browser.texts("main .chip--ok").len(), 2);
    browser.click("main details.more > summary");
    assert!(
        browser
            .text("main details.more p")
            .contains("willigen Sie ein")
    );
    browser.click_through("form[action$='/zuruecknehmen'] button");
    told(browser, "Zurückgenommen");
    assert_eq!(browser.texts("main .chip--ok").len(), 1);
    browser.goto(&server.url("/mein-kontor/daten/loeschen"));
    browser.click_through("main form button[type=submit]");
    assert!(browser.has(".errsum"), "not without saying so twice");
    sign_out(browser);
}

fn ask(browser: &Browser, server: &Server) {
    browser.goto(&server.url("/cluster/hamburg-aviation/mitglied-werden"));
    browser.fill("#organisation", "Segelwerk Nord GmbH");
    browser.fill("#city", "Kiel");
    browser.fill("#name", "Silke Segel");
    browser.fill("#mail", "silke@segelwerk.example");
    browser.click_through("main form button[type=submit]");
    told(browser, "angekommen");
}

/// A manager decides, edits, invites, ends a right and sets an agreement.
fn manage(browser: &Browser, server: &Server) {
    sign_in(browser, server, "manager");
    browser.goto(&server.url("/verwaltung/anfragen"));
    browser.click_through("[aria-labelledby=h-open] li:last-child h3 a");
    browser.click_through("form[action$='/annehmen'] button[type=submit]");
    told(browser, "angenommen");
    browser.goto(&server.url("/organisationen/segelwerk-nord-gmbh"));
    browser.click_through("a[href$='/bearbeiten']");
    browser.fill("#name", "Segelwerk Ost GmbH");
    browser.fill("#summary", "Segel für alles, was fliegt.");
    browser.click_through("main form button[type=submit]");
    told(browser, "gespeichert");
    // The former address leads on from the pages below it, too.
    browser.goto(&server.url("/organisationen/segelwerk-nord-gmbh/sperren"));
    let to = server.url("/organisationen/segelwerk-ost-gmbh/sperren");
    assert_eq!(browser.address(), to);
    assert!(browser.text("main .empty").contains("niemand gesperrt"));
    browser.goto(&server.url("/verwaltung/einladungen?cluster=hamburg-aviation"));
    browser.fill("#mail", "neu@werft.example");
    browser.fill("#one-source", "Messe");
    browser.choose("#one-ground", "consent");
    browser.click_through("form[action$='/eine'] button");
    told(browser, "geschrieben");
    assert!(browser.text("main").contains("Darf pflegen: "));
    browser.click_through("form[action$='/vertretung'] button");
    told(browser, "nicht mehr pflegen");
    browser.goto(&server.url("/verwaltung/dubletten"));
    browser.click_through("form[action$='/vereinbarung'] button");
    told(browser, "gespeichert");
    sign_out(browser);
}

#[test]
fn members_and_managers_need_no_script() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let server = Server::start("demo", &[]);
    browser.javascript(false);
    decide_what_is_seen(&browser, &server);
    ask(&browser, &server);
    manage(&browser, &server);
    sign_in(&browser, &server, "dsb");
    browser.goto(&server.url("/verwaltung/datenschutz"));
    browser.fill("#requests", "90");
    browser.click_through("main form button[type=submit]");
    told(&browser, "Gespeichert");
    browser.goto(&server.url("/datenschutz"));
    assert!(browser.text("main").contains("angenommene 90 Tage"));
}

/// The first organisation's page is hidden by its cluster's manager; afterwards a
/// stranger finds neither it nor its former name.
#[test]
fn a_stranger_finds_nothing_of_a_hidden_organisation() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let server = Server::start("demo", &[]);
    let mut walk = Walk::new("fremd", &browser, &server);
    browser.goto(&server.url("/organisationen?cluster=hamburg-aviation"));
    let name = browser.text(".ledger h3 a");
    let former = browser.attribute(".ledger h3 a", "href").expect("a link");
    sign_in(&browser, &server, "manager");
    browser.goto(&server.url(&format!("{former}/bearbeiten")));
    browser.fill("#name", "Quarzgeist Manufaktur");
    browser.fill("#summary", "Zwirnblau");
    browser.choose("#visibility", "cluster");
    browser.click_through("main form button[type=submit]");
    told(&browser, "gespeichert");
    assert!(browser.text("main h1").contains("Quarzgeist"));
    sign_out(&browser);
    let pages = [
        "/organisationen?cluster=hamburg-aviation".to_owned(),
        "/suche?q=Quarzgeist".to_owned(),
        "/suche?q=Zwirnblau".to_owned(),
        "/cluster/hamburg-aviation".to_owned(),
        "/organisationen/quarzgeist-manufaktur".to_owned(),
        format!("{former}/kontakt"),
        former,
    ];
    for lang in ["", "/en"] {
        for page in &pages {
            browser.goto(&server.url(&format!("{lang}{page}")));
            let text = browser.text("main");
            for hidden in ["Quarzgeist Manufaktur", "Zwirnblau", name.as_str()] {
                // What is typed into the search stands in its answer.
                let is_typed = page.ends_with(hidden);
                assert!(is_typed || !text.contains(hidden), "{lang}{page}: {hidden}");
            }
            assert!(!browser.address().contains("manufaktur") || page.contains("manufaktur"));
        }
    }
    // The palette suggests nothing either.
    browser.goto(&server.url("/"));
    browser.click("a.k-searchbtn");
    browser.type_into("dialog.pal input", "Quarzgeist");
    let none = wait_until(Duration::from_secs(10), || {
        let said = browser.text(".pal [data-none]");
        said.contains("nichts gefunden").then_some(())
    });
    assert!(none.is_some(), "nothing is suggested, and said so");
    walk.look("/palette", Vec::new());
    walk.visit("/organisationen/quarzgeist-manufaktur");
    walk.visit("/datenschutz");
    walk.visit("/en/datenschutz");
    walk.done();
}
