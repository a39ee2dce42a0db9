//! A messy member list in the browser: put right, looked at, decided, imported,
//! taken back; and kept once somebody has worked on it.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::support::browser::Browser;
use crate::support::server::Server;
use crate::support::wait_until;
use crate::support::walk::Walk;

/// Last year's list.
const BEFORE: &str = "Firma;Straße;PLZ;Ort;Internet\n\
    Ahrens Flugsegel GmbH;Kai 1;20457;Hamburg;www.ahrens-segel.example\n\
    Boje Avionik AG;Alter Weg 2;21129;Hamburg;boje.example\n\
    Cordes Leichtbau KG;Ring 3;22297;Hamburg;cordes.example\n\
    Deichmann Drohnen e. V.;Deich 4;21129;Hamburg;deichmann.example\n";

/// This year's, as it comes from an office: a title above, notes below, an
/// unknown heading, quoted line breaks, a line twice, one without a name, one
/// that looks like another, and one that is missing.
const MESSY: &str = "Mitgliederverzeichnis 2026 – vertraulich;;;;;;;\n\
    Geschäftsstelle, Stand November;;;;;;;\n\
    ;;;;;;;\n\
    Firma;Straße;PLZ;Ort;Internet;Tätigkeitsfeld lt. Satzung;Ansprechpartner;E-Mail\n\
    Ahrens Flugsegel GmbH;Kai 1;20457;Hamburg;www.ahrens-segel.example;;;\n\
    Boje Avionik AG;Neuer Weg 20;21129;Hamburg;boje.example;\"Bordgeräte,\nFunk und Messen\";Jördis Böhm;boehm@boje.example\n\
    Cordes Leichtbau KG;Ring 3;22297;Hamburg;cordes.example;;;\n\
    Cordes Leichtbau KG;Ring 3;22297;Hamburg;cordes.example;;;\n\
    Elbwind Rotoren GmbH;\"Hof 5,\nHinterhaus\";20539;Hamburg;elbwind.example;Rotoren für Süßwasserboote;;\n\
    Ahrens Segelflug Service UG;Kai 1;20457;Hamburg;ahrens-segel.example;;;\n\
    ;Kai 9;20457;Hamburg;;;;\n\
    Quelle: Mitgliederverwaltung, Gebühren in €;;;;;;;\n\
    Summe: 6 Mitglieder;;;;;;;\n";

/// As an older spreadsheet program writes it.
fn windows_1252(text: &str) -> Vec<u8> {
    let byte = |c: char| match c {
        '€' => 0x80,
        '–' => 0x96,
        c => u8::try_from(u32::from(c)).expect("a letter of Western Europe"),
    };
    text.chars().map(byte).collect()
}

/// A list that takes a while.
fn long() -> String {
    let mut list = String::from("Firma;Ort\n");
    for n in 0..9_000 {
        let (a, b) = (n * 7919 % 9973, n * 104_729 % 9967);
        list += &format!("Elbwerk {a} {b} Nr {n} GmbH;Kiel\n");
    }
    list
}

fn sign_in(browser: &Browser, server: &Server) {
    browser.goto(&server.url("/anmelden"));
    browser.click_through("form:has(input[value=manager]) button");
}

struct Story<'s, 'w> {
    browser: &'s Browser,
    server: &'s Server,
    walk: &'s mut Walk<'w>,
    folder: &'s Path,
}

impl Story<'_, '_> {
    fn look(&mut self, name: &str) {
        self.walk.look(name, Vec::new());
    }

    fn open_all(&self) {
        self.browser
            .execute("document.querySelectorAll('main details').forEach(d => d.open = true)");
    }

    fn upload(&self, name: &str, list: &[u8]) {
        let file = self.folder.join(name);
        std::fs::write(&file, list).expect("the list");
        self.browser.goto(&self.server.url("/verwaltung/import"));
        self.browser.choose("#cluster", "hamburg-aviation");
        self.browser
            .type_into("input[type=file]", &file.display().to_string());
        self.browser.click_through("main form button[type=submit]");
    }

    fn submit(&self, act: &str) {
        self.browser
            .click_through(&format!("form[action$='/{act}'] button[type=submit]"));
    }

    fn told(&self, part: &str) {
        let status = self.browser.text("[role=status]");
        assert!(status.contains(part), "{status}");
    }

    fn main_has(&self, part: &str) {
        let main = self.browser.text("main");
        assert!(main.contains(part), "{part}: {main}");
    }

    /// Last year's list is in.
    fn begin(&mut self) {
        self.walk.visit("/verwaltung/import");
        self.upload("mitglieder-2025.csv", BEFORE.as_bytes());
        self.main_has("4 neu");
        self.submit("anwenden");
        self.told("eingelesen");
    }

    /// Uploads the messy list and puts a column right by hand.
    fn put_right(&mut self) {
        self.upload("Mitglieder 2026 (neu).csv", &windows_1252(MESSY));
        self.main_has("Mitglieder 2026 (neu).csv");
        self.open_all();
        self.look("import/spalten");
        let heading = "label[for=s5]";
        assert_eq!(self.browser.text(heading), "Tätigkeitsfeld lt. Satzung");
        self.browser.choose("#s5", "summary");
        self.submit("spalten");
        self.open_all();
        for part in [
            "Bordgeräte, Funk und Messen",
            "Alter Weg 2",
            "Neuer Weg 20",
            "Jördis Böhm",
            "Deichmann Drohnen e. V.",
        ] {
            self.main_has(part);
        }
        let lines = self.browser.texts("main details table td.num");
        assert!(
            lines.contains(&"5".to_owned()),
            "lines as in the program: {lines:?}"
        );
        self.look("import/vorschau");
    }

    /// Decides, but forgets the lines that cannot be read; then everything.
    fn decide(&mut self) {
        self.browser.fill("#source", "Mitgliedsantrag");
        self.browser.choose("#ground", "contract");
        self.submit("anwenden");
        assert!(
            self.browser.has(".errsum"),
            "rejected lines are asked about"
        );
        self.main_has("Einige Zeilen sind abgelehnt");
        self.look("import/abgelehnt");
        let kept = self.browser.attribute("#source", "value");
        assert_eq!(
            kept.as_deref(),
            Some("Mitgliedsantrag"),
            "what was typed stays"
        );
        self.open_all();
        let deichmann = "label:has(input[name=end])";
        assert!(
            self.browser
                .texts(deichmann)
                .iter()
                .any(|l| l.contains("Deichmann"))
        );
        self.browser.execute(
            "[...document.querySelectorAll('label:has(input[name=end])')]\
             .find(l => l.textContent.includes('Deichmann')).querySelector('input').click()",
        );
        self.browser.click("input[name=ueberspringen]");
        self.submit("anwenden");
        self.told("eingelesen");
        self.look("import/ergebnis");
        self.main_has("Mitgliederliste eingelesen");
    }

    fn page_of(&self, slug: &str) -> String {
        self.browser
            .goto(&self.server.url(&format!("/organisationen/{slug}")));
        self.browser.text("main")
    }

    /// The result stands on the pages, and goes with the undoing.
    fn take_back(&mut self) {
        let import = self.browser.address();
        assert!(self.page_of("boje-avionik-ag").contains("Neuer Weg 20"));
        assert!(
            self.page_of("elbwind-rotoren-gmbh")
                .contains("Süßwasserboote")
        );
        self.walk.visit("/organisationen/boje-avionik-ag/verlauf");
        self.main_has("Alter Weg 2");
        self.browser.goto(&import);
        self.submit("rueckgaengig");
        // One click is not enough.
        self.look("import/sicher");
        self.main_has("Bestätigen Sie");
        self.browser.click("#sure");
        self.submit("rueckgaengig");
        self.told("rückgängig");
        self.look("import/zurueck");
        assert!(self.page_of("boje-avionik-ag").contains("Alter Weg 2"));
        let gone = self.page_of("elbwind-rotoren-gmbh");
        assert!(gone.contains("Diese Seite gibt es nicht"));
        self.walk.visit("/cluster/hamburg-aviation/verlauf");
        self.main_has("Import rückgängig gemacht");
    }

    /// Once somebody has worked on a record, the import stays, and says why.
    fn refuse(&mut self) {
        self.upload("Mitglieder 2026 (neu).csv", &windows_1252(MESSY));
        // The column that was put right is known now? Not after the undoing of
        // what taught it: the correction stays, the records went.
        self.browser.fill("#source", "Mitgliedsantrag");
        self.browser.choose("#ground", "contract");
        self.browser.click("input[name=ueberspringen]");
        self.submit("anwenden");
        self.told("eingelesen");
        let import = self.browser.address();
        self.browser.goto(
            &self
                .server
                .url("/organisationen/boje-avionik-ag/bearbeiten"),
        );
        self.browser.fill("#city", "Stade");
        self.browser.click_through("main form button[type=submit]");
        self.told("gespeichert");
        self.browser.goto(&import);
        assert!(!self.browser.has("form[action$='/rueckgaengig']"));
        let listed = self.browser.texts("main ul a[href^='/organisationen/']");
        assert_eq!(listed, ["Boje Avionik AG"]);
        self.look("import/bleibt");
        self.walk.visit("/verwaltung/importe");
    }

    /// A long list tells how far it is; who wants to read is left in peace.
    fn watch(&mut self) {
        self.upload("lang.csv", long().as_bytes());
        let address = self.browser.address();
        self.browser.goto(&format!("{address}?still=1"));
        if self.browser.has("form[action$='/abbrechen']") {
            self.look("import/laeuft");
            self.submit("abbrechen");
            // It may still be stopping: a page that stays is looked at.
            self.browser.goto(&format!("{address}?still=1"));
            self.look("import/abgebrochen");
        }
    }
}

#[test]
fn a_messy_list_is_put_right_imported_and_taken_back() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let server = Server::start("demo", &[]);
    let folder = tempfile::tempdir().expect("a folder");
    let mut walk = Walk::new("liste", &browser, &server);
    sign_in(&browser, &server);
    let mut story = Story {
        browser: &browser,
        server: &server,
        walk: &mut walk,
        folder: folder.path(),
    };
    story.begin();
    story.put_right();
    story.decide();
    story.take_back();
    story.refuse();
    story.walk.visit("/verwaltung/dubletten");
    story.walk.visit("/mein-kontor/verlauf");
    story.watch();
    walk.done();
}

/// Loads a page until it has what is waited for.
fn wait(browser: &Browser, address: &str, css: &str) {
    let until = Instant::now() + Duration::from_secs(120);
    loop {
        browser.goto(address);
        if browser.has(css) {
            return;
        }
        assert!(Instant::now() < until, "no {css}: {}", browser.text("main"));
        std::thread::sleep(Duration::from_millis(300));
    }
}

const APPLY: &str = "form[action$='/anwenden'] button";

#[test]
fn a_server_that_dies_while_it_imports_has_written_all_or_nothing() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let data = tempfile::tempdir().expect("a folder");
    let server = Server::start_in(data.path(), "demo", &[]);
    sign_in(&browser, &server);
    let file = data.path().join("lang.csv");
    std::fs::write(&file, long()).expect("the list");
    browser.goto(&server.url("/verwaltung/import"));
    browser.choose("#cluster", "hamburg-aviation");
    browser.type_into("input[type=file]", &file.display().to_string());
    browser.click_through("main form button[type=submit]");
    let address = browser.address();
    let path = address.strip_prefix(&server.url("")).expect("our page");
    let path = path.to_owned();
    // The page follows what becomes of the list and needs no other page for that.
    browser.execute("window.stays = true;");
    let matched = wait_until(Duration::from_secs(120), || {
        browser.has(APPLY).then_some(())
    });
    assert!(matched.is_some(), "the list is matched");
    assert_eq!(browser.execute("return window.stays === true;"), true);
    browser.click_through(APPLY);
    server.kill();

    let server = Server::start_in(data.path(), "demo", &[]);
    sign_in(&browser, &server);
    browser.goto(&server.url("/verwaltung/importe"));
    let state = browser.text("table.data tbody tr td:nth-child(4)");
    let address = server.url(&path);
    if state == "unterbrochen" {
        browser.goto(&server.url("/suche?q=Elbwerk"));
        assert!(
            !browser.text("main").contains("Elbwerk 0"),
            "nothing is there"
        );
        wait(&browser, &address, APPLY);
        assert!(browser.text("main").contains("wurde unterbrochen"));
        assert!(browser.text("main").contains("9.000 neu"));
        browser.click_through(APPLY);
    } else {
        // It was faster than the end of its process.
        assert_eq!(state, "eingelesen");
    }
    wait(&browser, &address, "form[action$='/rueckgaengig']");
    assert!(browser.text("main").contains("9.000 neu"));
    browser.goto(&server.url("/organisationen?cluster=hamburg-aviation&ort=Kiel"));
    assert_eq!(browser.texts(".ledger h3").len(), 50, "they are members");
    dies_while_it_takes_back(&browser, server, data.path(), &path);
}

const TAKE_BACK: &str = "form[action$='/rueckgaengig'] button";

/// The list is in effect; the server is killed while it is taken back.
fn dies_while_it_takes_back(browser: &Browser, server: Server, data: &Path, path: &str) {
    wait(browser, &server.url(path), TAKE_BACK);
    browser.click("#sure");
    browser.click_through(TAKE_BACK);
    server.kill();

    let server = Server::start_in(data, "demo", &[]);
    sign_in(browser, &server);
    browser.goto(&server.url("/verwaltung/importe"));
    let state = browser.text("table.data tbody tr td:nth-child(4)");
    let kiel = server.url("/organisationen?cluster=hamburg-aviation&ort=Kiel");
    if state == "eingelesen, Rückgängigmachen unterbrochen" {
        browser.goto(&kiel);
        assert_eq!(browser.texts(".ledger h3").len(), 50, "all are still there");
        wait(browser, &server.url(path), TAKE_BACK);
        let main = browser.text("main");
        assert!(main.contains("Das Rückgängigmachen wurde unterbrochen"));
        browser.click("#sure");
        browser.click_through(TAKE_BACK);
    } else {
        // It was faster than the end of its process.
        assert_eq!(state, "rückgängig gemacht");
    }
    // No form is left that does anything with this import.
    wait(browser, &server.url(path), "main section [id=h-log]");
    assert!(browser.text("main").contains("Rückgängig gemacht am"));
    browser.goto(&kiel);
    assert!(browser.texts(".ledger h3").is_empty(), "they are gone");
}
