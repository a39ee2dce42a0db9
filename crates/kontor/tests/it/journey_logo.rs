//! A manager gives an organisation its logo in the browser, without JavaScript,
//! and looks at it in every way.

use image::{Rgba, RgbaImage};

use crate::support::browser::Browser;
use crate::support::server::Server;
use crate::support::walk::Walk;

/// A picture with a see-through ground and dark points.
fn file(folder: &std::path::Path) -> String {
    let path = folder.join("logo.png");
    let image = RgbaImage::from_fn(900, 300, |x, y| {
        let is_in = (x / 100 + y / 100) % 2 == 0;
        Rgba([20, 40, 70, if is_in { 255 } else { 0 }])
    });
    image.save(&path).expect("a file");
    path.to_string_lossy().into_owned()
}

#[test]
fn a_manager_uploads_and_removes_a_logo() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let server = Server::start("demo", &[]);
    let mut walk = Walk::new("logo", &browser, &server);
    browser.goto(&server.url("/anmelden"));
    browser.click_through("form:has(input[name=role][value=manager]) button");
    browser.goto(&server.url("/organisationen?cluster=hamburg-aviation"));
    browser.click_through(".ledger h3 a");
    let page = browser.address();
    let page = page
        .strip_prefix(&server.url(""))
        .expect("our own page")
        .to_owned();
    assert!(browser.has(".av--xl") && !browser.has("img.logo"));
    let edit = format!("{page}/bearbeiten");
    walk.visit(&edit);
    browser.javascript(false);
    let folder = tempfile::tempdir().expect("a folder");
    browser.goto(&server.url(&edit));
    browser.type_into("#datei", &file(folder.path()));
    browser.click_through("form[action$='/logo'] button[type=submit]");
    assert!(browser.text("[role=status]").contains("gespeichert"));
    browser.javascript(true);
    walk.look(&format!("{edit} with a logo"), Vec::new());
    walk.visit(&page);
    assert_eq!(
        browser.attribute("img.logo", "alt"),
        Some(browser.text("h1"))
    );
    let loaded = browser.execute("return document.querySelector('img.logo').naturalWidth");
    assert_eq!(loaded.as_i64(), Some(320), "the picture was let in");
    let words = folder.path().join("logo.png.txt");
    std::fs::write(&words, "kein Bild").expect("a file");
    browser.goto(&server.url(&edit));
    browser.type_into("#datei", &words.to_string_lossy());
    browser.click_through("form[action$='/logo'] button[type=submit]");
    assert!(browser.text(".errsum").contains("PNG, JPEG oder WebP"));
    walk.look(&format!("{edit} refused"), Vec::new());
    browser.goto(&server.url(&edit));
    browser.click_through("form[action$='/logo/entfernen'] button[type=submit]");
    assert!(!browser.has("img.logo"));
    walk.visit("/organisationen?wz=30.30");
    walk.visit("/en/organisationen");
    walk.done();
}
