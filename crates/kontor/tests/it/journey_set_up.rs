//! From the empty folder to a region with its first list and its first member.

use std::time::Duration;

use crate::support::browser::Browser;
use crate::support::server::Server;
use crate::support::wait_until;
use crate::support::walk::Walk;

const LIST: &str = "Name;Ort;Website;Ansprechpartner;E-Mail\n\
    Werft am Kai GmbH;Hamburg;https://werft.example;Carla Kai;carla@werft.example\n\
    Kranbau Nord eG;Hamburg;https://kranbau.example;;\n\
    Institut für Hafenforschung;Hamburg;https://hafenforschung.example;;\n";

/// The link that the server prints while nobody administers it.
fn set_up_link(server: &Server) -> String {
    let line = server.line_with("/einrichten/").expect("a set-up link");
    line.trim().to_owned()
}

fn set_up(browser: &Browser, server: &Server, walk: &mut Walk<'_>) {
    browser.goto(&set_up_link(server));
    walk.look("/einrichten", Vec::new());
    browser.fill("#region", "Hansestadt");
    browser.fill("#name", "Ada Kran");
    browser.fill("#mail", "ada@werft.example");
    browser.fill("#password", "drei Kräne am Kai");
    browser.click_through("main form button");
    assert_eq!(browser.text("h1"), "Verwaltung");
    assert!(browser.text("[role=status]").contains("eingerichtet"));
    walk.look("/verwaltung", Vec::new());
    browser.click_through("a[href='/verwaltung/region']");
    browser.fill("#controller", "Kontor Hansestadt, Kai 1, 20457 Hamburg");
    browser.fill("#imprint", "Kontor Hansestadt, vertreten durch Ada Kran");
    walk.look("/verwaltung/region", Vec::new());
    browser.click_through("main form button");
    assert!(browser.text("main").contains("1 / 5"));
}

fn found_a_cluster(browser: &Browser, server: &Server, walk: &mut Walk<'_>) {
    browser.goto(&server.url("/verwaltung/cluster/neu"));
    // The browser itself stops a form without a name, and says where.
    browser.click("main form button[type=submit]");
    assert!(browser.has("#name:invalid:focus"));
    browser.fill("#name", "Hafen und Werft");
    browser.fill("#code", "HW");
    browser.fill("#purpose-de", "Der Hafen arbeitet zusammen.");
    browser.click("input[name=own]");
    walk.look("/verwaltung/cluster/neu", Vec::new());
    browser.click_through("main form button[type=submit]");
    assert!(browser.text("[role=status]").contains("angelegt"));
}

fn import_a_list(browser: &Browser, server: &Server, walk: &mut Walk<'_>) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("mitglieder.csv");
    std::fs::write(&file, LIST).expect("the list");
    browser.goto(&server.url("/verwaltung/import"));
    walk.look("/verwaltung/import", Vec::new());
    browser.type_into("input[type=file]", &file.display().to_string());
    browser.click_through("main form button[type=submit]");
    assert!(browser.text("main").contains("3 neu"));
    // The list names people: it says where they come from and on which ground.
    browser.fill("#source", "Mitgliedsantrag");
    browser.choose("#ground", "contract");
    walk.look("/verwaltung/import/vorschau", Vec::new());
    browser.click_through("form[action$='/anwenden'] button");
    assert!(browser.text("[role=status]").contains("eingelesen"));
    walk.look("/verwaltung/import/fertig", Vec::new());
    browser.goto(&server.url("/cluster/hafen-und-werft"));
    assert_eq!(browser.texts(".ledger h3").len(), 3);
}

/// Invites a member; the invitation's address as the kept mail shows it.
fn invite_a_member(browser: &Browser, server: &Server, walk: &mut Walk<'_>) -> String {
    browser.goto(&server.url("/verwaltung/konten"));
    browser.fill("#mail", "bert@kranbau.example");
    browser.choose("#role", "member");
    browser.choose("#cluster", "hafen-und-werft");
    browser.click_through("aside form button");
    assert!(browser.text("[role=status]").contains("geschrieben"));
    walk.look("/verwaltung/konten", Vec::new());
    // Without a mail server the letter is kept, within a second or two.
    let kept = wait_until(Duration::from_secs(60), || {
        browser.goto(&server.url("/verwaltung/post?stand=kept"));
        browser.has("table.data a").then_some(())
    });
    assert!(kept.is_some(), "the invitation is kept");
    walk.look("/verwaltung/post", Vec::new());
    browser.click_through("table.data a");
    walk.look("/verwaltung/post/eine", Vec::new());
    let text = browser.text(".mail__body");
    let link = text
        .split_whitespace()
        .find(|w| w.contains("/einladung/"))
        .expect("a link");
    link.to_owned()
}

#[test]
fn an_empty_folder_becomes_a_region_with_a_list_and_a_member() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let server = Server::start("serve", &[]);
    let mut walk = Walk::new("neu", &browser, &server);
    set_up(&browser, &server, &mut walk);
    found_a_cluster(&browser, &server, &mut walk);
    import_a_list(&browser, &server, &mut walk);
    let link = invite_a_member(&browser, &server, &mut walk);
    walk.visit("/verwaltung/mailserver");
    walk.visit("/mein-kontor/konto");
    browser.click(".k-user > summary");
    browser.click_through(".k-user__menu button[type=submit]");
    assert_eq!(browser.text(".k-top a[href='/anmelden']"), "Anmelden");

    browser.goto(&link);
    walk.look("/einladung", Vec::new());
    browser.fill("#name", "Bert Ausleger");
    browser.click_through("main form button");
    // The first sign-in asks what may be seen.
    assert_eq!(
        browser.text("main h1"),
        "Was dürfen andere von Ihnen sehen?"
    );
    assert_eq!(
        browser.attribute("#name", "value").as_deref(),
        Some("Bert Ausleger")
    );
    walk.look("/mein-kontor/profil", Vec::new());
    browser.click("input[name=show-name][value=all_clusters]");
    browser.click_through("main form button[type=submit]");
    assert!(browser.text("[role=status]").contains("sofort"));
    browser.goto(&server.url("/mein-kontor"));
    assert!(browser.text("main h1").contains("Bert Ausleger"));
    walk.visit("/personen");
    assert!(browser.text("main").contains("Bert Ausleger"));
    assert!(!browser.source().contains("/verwaltung\""), "a member");
    // The link is used up.
    browser.goto(&link);
    assert!(browser.text("main").contains("schon benutzt"));
    walk.done();
}
