//! The doors in the browser: a guest asks and writes, a manager decides, a
//! representative edits.

use std::time::Duration;

use crate::support::browser::Browser;
use crate::support::server::Server;
use crate::support::wait_until;
use crate::support::walk::Walk;

/// Signs in by the button of a role.
fn sign_in(browser: &Browser, server: &Server, role: &str) {
    browser.goto(&server.url("/anmelden"));
    browser.click_through(&format!("form:has(input[name=role][value={role}]) button"));
}

fn sign_out(browser: &Browser) {
    browser.click(".k-user > summary");
    browser.click_through(".k-user__menu button[type=submit]");
}

fn ask(browser: &Browser, server: &Server, walk: &mut Walk<'_>) {
    let path = "/cluster/hamburg-aviation/mitglied-werden";
    walk.visit(path);
    browser.goto(&server.url(path));
    browser.fill("#organisation", "Segelwerk Nord GmbH");
    browser.fill("#website", "https://segelwerk.example");
    browser.fill("#city", "Kiel");
    browser.fill("#name", "Silke Segel");
    browser.fill("#mail", "silke@segelwerk.example");
    browser.fill("#message", "Wir bauen Segel für Drohnen.");
    browser.click_through("main form button[type=submit]");
    assert!(browser.text("[role=status]").contains("angekommen"));
    walk.look("/cluster/angefragt", Vec::new());
}

/// The path and the name of the organisation written to.
fn write(browser: &Browser, server: &Server, walk: &mut Walk<'_>) -> (String, String) {
    browser.goto(&server.url("/organisationen?cluster=hamburg-aviation"));
    browser.click_through(".ledger h3 a");
    let address = browser.address();
    let path = address.strip_prefix(&server.url("")).expect("our own page");
    let path = path.to_owned();
    let name = browser.text("h1");
    walk.visit(&path);
    walk.visit(&format!("{path}/uebernehmen"));
    walk.visit(&format!("{path}/kontakt"));
    browser.goto(&server.url(&format!("{path}/kontakt")));
    browser.fill("#name", "Gast");
    browser.fill("#mail", "gast@fern.example");
    browser.fill("#message", "Guten Tag, wir suchen Partner.");
    browser.click_through("main form button[type=submit]");
    assert!(browser.text("[role=status]").contains("Fast fertig"));
    (path, name)
}

fn decide(browser: &Browser, server: &Server, walk: &mut Walk<'_>) {
    sign_in(browser, server, "manager");
    walk.visit("/verwaltung");
    assert!(browser.text("main").contains("auf Sie"));
    walk.visit("/verwaltung/anfragen");
    // The demo's own requests wait there as well.
    let asked = browser.execute(
        "return [...document.querySelectorAll('.ledger h3 a')]
            .find(a => a.textContent.includes('Segelwerk')).href",
    );
    browser.goto(asked.as_str().expect("an address"));
    walk.look("/verwaltung/anfrage", Vec::new());
    browser.click_through("form[action$='/annehmen'] button[type=submit]");
    assert!(browser.text("[role=status]").contains("angenommen"));
    browser.goto(&server.url("/organisationen/segelwerk-nord-gmbh"));
    walk.look("/organisation/neu", Vec::new());
    browser.click_through("a[href$='/bearbeiten']");
    assert!(
        browser
            .text("main")
            .contains("Sie handeln für Hamburg Aviation")
    );
    walk.look("/organisation/bearbeiten", Vec::new());
    walk.visit("/verwaltung/einladungen?cluster=hamburg-aviation");
    browser.goto(&server.url("/organisationen/segelwerk-nord-gmbh/bearbeiten"));
    let address = browser.address();
    browser.fill("#summary", "Segel für alles, was fliegt.");
    browser.fill("#classes", "keine");
    browser.click_through("main form button[type=submit]");
    assert!(browser.has(".errsum"));
    walk.look("/organisation/fehler", Vec::new());
    browser.fill("#classes", "13.92");
    browser.click_through("main form button[type=submit]");
    assert!(browser.text("[role=status]").contains("gespeichert"));
    assert!(browser.text("main").contains("Segel für alles"));
    // An editor who has opened the page before that is shown both versions.
    browser.goto(&address);
    browser.execute("document.querySelector('[name=version]').value = '1'");
    browser.execute("document.querySelector('[name=base-summary]').value = ''");
    browser.fill("#city", "Flensburg");
    browser.click_through("main form button[type=submit]");
    assert!(
        browser
            .text("main")
            .contains("Inzwischen wurde etwas anderes gespeichert")
    );
    let focus = "return document.activeElement.matches('[data-focus]');";
    assert_eq!(browser.execute(focus), true, "it is read first");
    walk.look("/organisation/konflikt", Vec::new());
    sign_out(browser);
}

/// The first address with this part in the guest's mails, as the administration
/// reads them: the demo's own letters carry such addresses too.
fn mailed(browser: &Browser, server: &Server, part: &str, mark: &str) -> String {
    // Without a mail server the letters are kept, within a second or two.
    let found = wait_until(Duration::from_secs(60), || {
        browser.goto(&server.url("/verwaltung/post"));
        let all = "return [...document.querySelectorAll('table.data a')].map(a => a.href)";
        let all = browser.execute(all);
        all.as_array().expect("addresses").iter().find_map(|at| {
            browser.goto(at.as_str().expect("an address"));
            let text = browser.text(".mail__body");
            let mut words = text.split_whitespace().filter(|_| text.contains(mark));
            words.find(|w| w.contains(part)).map(str::to_owned)
        })
    });
    found.unwrap_or_else(|| panic!("no mail with {part} and {mark}"))
}

fn confirm(browser: &Browser, server: &Server, walk: &mut Walk<'_>, name: &str) {
    sign_in(browser, server, "admin");
    let link = mailed(browser, server, "/kontakt/bestaetigen/", name);
    browser.goto(&link);
    walk.look("/kontakt/bestaetigen", Vec::new());
    browser.click_through("main form button[type=submit]");
    assert!(browser.text("[role=status]").contains("unterwegs"));
    for (part, done) in [("/melden/", "angekommen"), ("/sperren/", "nicht mehr")] {
        let link = mailed(browser, server, part, "wir suchen Partner");
        browser.goto(&link);
        walk.look(part, Vec::new());
        browser.click_through("main form button[type=submit]");
        assert!(browser.text("main [role=status]").contains(done));
    }
    walk.look("/gesperrt", Vec::new());
    sign_out(browser);
}

/// Whoever was blocked by a link in a mail may write again.
fn lift(browser: &Browser, server: &Server, walk: &mut Walk<'_>, path: &str) {
    sign_in(browser, server, "manager");
    let list = format!("{path}/sperren");
    walk.visit(&list);
    assert!(browser.text("main").contains("Gast"));
    browser.click_through("main form button");
    assert!(browser.text("[role=status]").contains("wieder schreiben"));
    assert!(browser.has("main .empty"));
    sign_out(browser);
}

#[test]
fn a_guest_asks_and_a_manager_lets_them_in() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let server = Server::start("demo", &[]);
    let mut walk = Walk::new("tueren", &browser, &server);
    ask(&browser, &server, &mut walk);
    let (path, name) = write(&browser, &server, &mut walk);
    confirm(&browser, &server, &mut walk, &name);
    lift(&browser, &server, &mut walk, &path);
    decide(&browser, &server, &mut walk);
    walk.done();
}
