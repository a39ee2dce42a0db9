//! Every page behind the sign-in, as each role that has it, in both themes and
//! widths, without a violation that axe knows.

use crate::support::browser::Browser;
use crate::support::server::Server;
use crate::support::walk::Walk;

/// Role and the pages that are its own.
const PAGES: [(&str, &[&str]); 4] = [
    (
        "member",
        &[
            "/personen",
            "/personen?q=niemand-heisst-so",
            "/mein-kontor/profil",
            "/mein-kontor/daten",
            "/mein-kontor/daten/loeschen",
            "/barrierefreiheit/rueckmeldung",
            "/anmelden/passwort-vergessen",
            "/anmelden/unterwegs",
        ],
    ),
    (
        "manager",
        &[
            "/verwaltung",
            "/verwaltung/einladungen",
            "/verwaltung/cluster",
            "/verwaltung/cluster/hamburg-aviation",
            "/en/verwaltung/einladungen",
        ],
    ),
    ("dsb", &["/verwaltung/datenschutz"]),
    (
        "admin",
        &[
            "/verwaltung",
            "/verwaltung/konten?q=piotr",
            "/verwaltung/post",
            "/verwaltung/barrierefreiheit",
            "/en/verwaltung/datenschutz",
        ],
    ),
];

#[test]
fn every_page_behind_the_sign_in_stands() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let server = Server::start("demo", &[]);
    let mut walk = Walk::new("innen", &browser, &server);
    for (role, pages) in PAGES {
        browser.goto(&server.url("/anmelden"));
        browser.click_through(&format!("form:has(input[value={role}]) button"));
        assert!(browser.address().starts_with(&server.url("/mein-kontor")));
        for page in pages {
            walk.visit(page);
            assert!(!browser.has(".errpage"), "{role}: {page}");
        }
        if role == "admin" {
            browser.goto(&server.url("/verwaltung/konten"));
            browser.click_through("table.data a");
            walk.look("/verwaltung/konten/eines", Vec::new());
        }
        browser.goto(&server.url("/mein-kontor"));
        browser.click(".k-user > summary");
        browser.click_through(".k-user__menu button[type=submit]");
        assert_eq!(browser.text(".k-top a[href='/anmelden']"), "Anmelden");
    }
    walk.done();
}

/// An invited member on a phone says what may be seen, and takes it back.
#[test]
fn a_member_on_a_phone_decides_what_is_seen() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let server = Server::start("demo", &[]);
    browser.size(390, 844);
    browser.goto(&server.url("/anmelden"));
    browser.click_through("form:has(input[value=member]) button");
    let name = browser.text("main h1");
    browser.goto(&server.url("/mein-kontor/profil"));
    let own = browser.attribute("#name", "value").expect("a name");
    assert!(name.contains(&own));
    browser.click("input[name=show-name][value=all_clusters]");
    browser.click("input[name=show-mail][value=clusters]");
    browser.click_through("main form button[type=submit]");
    assert!(browser.text("[role=status]").contains("sofort"));
    let find = format!("/personen?q={}", kontor_platform::web::encode(&own));
    browser.goto(&server.url(&find));
    assert!(browser.text("main").contains(&own));
    browser.goto(&server.url("/mein-kontor/profil"));
    browser.click("input[name=show-name][value='']");
    browser.click_through("main form button[type=submit]");
    assert!(browser.text("[role=status]").contains("sofort"));
    browser.goto(&server.url(&find));
    assert!(!browser.text("main .empty").is_empty());
    assert!(!browser.source().contains("mailto:"), "nothing is left");
    // Each yes stands with its words, and the other one is taken back there.
    let mut walk = Walk::new("einwilligung", &browser, &server);
    browser.goto(&server.url("/mein-kontor/daten"));
    browser.click("main details.more > summary");
    walk.look("/mein-kontor/daten/einwilligungen", Vec::new());
    browser.size(390, 844);
    browser.click_through("form[action$='/zuruecknehmen'] button");
    assert!(browser.text("[role=status]").contains("Zurückgenommen"));
    assert!(!browser.has("main .chip--ok"), "nothing is in force");
    walk.visit("/en/mein-kontor/profil");
    walk.done();
}
