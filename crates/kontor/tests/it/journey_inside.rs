//! Every page behind the sign-in, as each role that has it, in both themes and
//! widths, without a violation that axe knows.

use crate::support::browser::Browser;
use crate::support::server::Server;
use crate::support::walk::Walk;

/// Role and the pages that are its own.
const PAGES: [(&str, &[&str]); 10] = [
    (
        "member",
        &[
            "/personen",
            "/personen?q=niemand-heisst-so",
            "/mein-kontor/profil",
            "/mein-kontor/taetigkeit?q=werk",
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
            "/mein-kontor",
            "/verwaltung",
            "/verwaltung/einladungen",
            "/verwaltung/mitglieder/neu",
            "/organisationen/segelwerk-ost-gmbh/mitgliedschaft",
            "/verwaltung/importe",
            "/verwaltung/dubletten",
            "/verwaltung/anfragen",
            "/verwaltung/cluster/hamburg-aviation",
            "/en/verwaltung/dubletten",
        ],
    ),
    ("organisation_representative", &["/mein-kontor/daten"]),
    ("coordinator", &["/mein-kontor"]),
    ("officer", &["/en/mein-kontor"]),
    ("auditor", &["/cluster/hamburg-aviation/verlauf"]),
    ("editor", &["/mein-kontor/verlauf"]),
    (
        "expert",
        &["/mein-kontor/profil", "/en/mein-kontor/taetigkeit"],
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

/// Role, a page, and the link from there to one more.
const ONWARDS: [(&str, &str, &str); 5] = [
    (
        "organisation_representative",
        "/mein-kontor",
        "main .note a",
    ),
    ("manager", "/verwaltung/importe", "table.data a"),
    ("manager", "/verwaltung/anfragen", "main .ledger h3 a"),
    ("admin", "/verwaltung/konten", "table.data a"),
    ("admin", "/verwaltung/post", "table.data a"),
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
        for (_, from, link) in ONWARDS.iter().filter(|(of, ..)| *of == role) {
            browser.size(1360, 900);
            browser.goto(&server.url(from));
            browser.click_through(link);
            walk.look(&format!("{from}/weiter"), Vec::new());
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

/// A cluster's name without a space makes no page wider than the smallest phone, and
/// what each column holds can be chosen there.
#[test]
fn a_name_without_a_space_makes_no_page_wider_than_a_phone() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let server = Server::start("demo", &[]);
    browser.goto(&server.url("/anmelden"));
    browser.click_through("form:has(input[value=manager]) button");
    browser.goto(&server.url("/verwaltung/cluster/hamburg-aviation"));
    browser.fill("#name", &"Luftfahrtverbund".repeat(7));
    browser.click_through("main form button[type=submit]");
    assert!(browser.text("[role=status]").contains("Gespeichert"));
    for width in [320, 390] {
        browser.size(width, 844);
        for path in [
            "/",
            "/cluster",
            "/cluster/hamburg-aviation",
            "/cluster/hamburg-aviation/mitglied-werden",
            "/cluster/hamburg-aviation/verlauf",
            "/organisationen?cluster=hamburg-aviation",
            "/suche?q=luftfahrtverbund",
            "/personen",
            "/mein-kontor",
            "/verwaltung/cluster",
            "/verwaltung/cluster/hamburg-aviation",
            "/verwaltung/import",
            "/verwaltung/importe",
            "/verwaltung/einladungen",
            "/verwaltung/anfragen",
        ] {
            browser.goto(&server.url(path));
            browser.no_horizontal_scroll();
        }
        browser.goto(&server.url("/organisationen?cluster=hamburg-aviation"));
        browser.click_through("main .entry h3 a");
        browser.no_horizontal_scroll();
    }
    browser.goto(&server.url("/verwaltung/import"));
    let list = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/sample_list_messy.csv");
    browser.type_into("#datei", list);
    browser.click_through("main form button[type=submit]");
    browser.execute("document.querySelectorAll('details').forEach(d => d.open = true)");
    let width = browser.execute("return document.querySelector('#s0').clientWidth");
    assert!(width.as_f64().is_some_and(|w| w > 200.0), "{width}");
    browser.no_horizontal_scroll();
}
