//! Requests from outside are decided once, by the cluster concerned.

use axum::http::StatusCode;
use kontor_platform::params;

use super::{count, furnish, link, post, to};
use crate::world::{World, on_each_demo};

/// The path of the only open request.
fn request(world: &World) -> String {
    let find = "SELECT id FROM requests WHERE state = 'open'";
    let db = &world.site.db;
    let (id,): (String,) = db.read_now(|c| c.one(find, params![])).unwrap();
    format!("/verwaltung/anfragen/{id}")
}

const MEMBERSHIP: &str = "/cluster/hamburg-aviation/mitglied-werden";

#[test]
fn a_membership_is_asked_for_and_approved_once() {
    on_each_demo(|world| {
        let form = "organisation=Neuwerft+GmbH&website=https%3A%2F%2Fneuwerft.example&city=Kiel\
            &name=Nora+Neu&mail=nora%40neuwerft.example&message=Hallo";
        let bad = world.post(MEMBERSHIP, &form.replace("city=Kiel", "city="));
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            bad.body.contains("value=\"Nora Neu\""),
            "what was typed stays"
        );
        // The same again is answered the same, and waits once.
        for _ in 0..2 {
            let sent = world.post(MEMBERSHIP, form);
            let home = "/cluster/hamburg-aviation?ok=flash-request-sent";
            assert_eq!(sent.header("location"), home);
        }
        assert_eq!(count(world, "SELECT COUNT(*) AS n FROM requests"), 1);
        let manager = world.sign_in("manager");
        let other = world.sign_in("manager_other");
        assert!(
            world
                .get_by(&manager, "/verwaltung")
                .body
                .contains("wartet auf Sie")
        );
        assert!(
            !world
                .get_by(&other, "/verwaltung")
                .body
                .contains("wartet auf Sie")
        );
        let path = request(world);
        assert_eq!(world.get_by(&other, &path).status, StatusCode::NOT_FOUND);
        let page = world.get_by(&manager, &path).body;
        assert!(page.contains("nora@neuwerft.example") && page.contains("kein Beweis"));

        let act = format!("{path}/annehmen");
        let foreign = post(world, &other, &act, "since=2026-02-01");
        assert_eq!(foreign.status, StatusCode::NOT_FOUND);
        let future = post(world, &manager, &act, "since=2999-02-01");
        assert_eq!(future.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = post(world, &manager, &act, "since=2026-02-01&helix=business");
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        let again = post(world, &manager, &act, "since=2026-02-01");
        assert_eq!(again.status, StatusCode::CONFLICT);
        let reject = post(
            world,
            &manager,
            &format!("{path}/ablehnen"),
            "reason=Doch+nicht",
        );
        assert_eq!(reject.status, StatusCode::CONFLICT);
        let found = "SELECT COUNT(*) AS n FROM memberships m JOIN organisations o \
            ON o.id = m.organisation WHERE o.slug = 'neuwerft-gmbh' AND m.since = '2026-02-01'";
        assert_eq!(count(world, found), 1);
        let letters = to(world, "nora@neuwerft.example");
        assert_eq!(letters.len(), 2, "a receipt and one invitation");
        assert!(
            !letters[0].text.contains("Neuwerft"),
            "nothing typed is repeated"
        );

        nora_comes_in(world, &link(&letters[1], "/einladung/"));
    });
}

/// The asker accepts, sees her organisation and may keep it.
fn nora_comes_in(world: &World, invitation: &str) {
    let nora = world.post(invitation, "name=Nora+Neu");
    let nora = nora.token().expect("a session");
    let page = world.get_by(&nora, "/organisationen/neuwerft-gmbh").body;
    assert!(page.contains("/organisationen/neuwerft-gmbh/bearbeiten"));
    let list = world.get_by(&nora, "/organisationen?seite=business&ort=Kiel");
    assert!(list.body.contains("Neuwerft GmbH"), "in the list");
    let page = world.get_by(&nora, "/mein-kontor/profil").body;
    assert!(page.contains("Neuwerft GmbH"));
}

/// Who sends it again in other words is read, and asked for one decision only.
#[test]
fn a_request_in_other_words_is_read_too_and_decided_with_the_first() {
    on_each_demo(|world| {
        furnish(world);
        let path = "/organisationen/leerhof/uebernehmen";
        let form = |function: &str| format!("name=Lea&mail=lea%40leer.example&function={function}");
        for function in ["Inhaberin", "Prokuristin", "Prokuristin"] {
            let sent = world.post(path, &form(function));
            assert_eq!(sent.status, StatusCode::SEE_OTHER);
        }
        // Somebody else about the same is somebody else.
        world.post(path, "name=Max&mail=max%40leer.example");
        let open = "SELECT COUNT(*) AS n FROM requests WHERE state = 'open'";
        assert_eq!(count(world, open), 3);
        assert_eq!(to(world, "lea@leer.example").len(), 2, "two receipts");
        let last = "SELECT id FROM requests WHERE function = 'Prokuristin'";
        let db = &world.site.db;
        let (id,) = db
            .read_now(|c| c.one::<(String,)>(last, kontor_platform::params![]))
            .expect("the second one");
        let manager = world.sign_in("manager");
        let act = format!("/verwaltung/anfragen/{id}/annehmen");
        let done = post(world, &manager, &act, "");
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        assert_eq!(count(world, open), 1, "of Max");
        assert_eq!(to(world, "lea@leer.example").len(), 3, "and one invitation");
    });
}

#[test]
fn a_request_says_who_reads_it() {
    on_each_demo(|world| {
        furnish(world);
        let page = |path: &str| world.get(path).body;
        let read = "Das Clustermanagement liest Ihre Anfrage.";
        let administered = "Die Verwaltung dieses Kontors liest Ihre Anfrage.";
        let led = page("/organisationen/leerhof/uebernehmen");
        assert!(led.contains(read) && !led.contains(administered));
        let spoken = page("/organisationen/offenhof/kontakt");
        assert!(spoken.contains("die für die Organisation sprechen"));
        let nobody = page("/organisationen/leerhof/kontakt");
        assert!(nobody.contains("an das Management ihres Clusters"));
        world.command(|work| {
            let end = "UPDATE memberships SET state = 'ended', until = '2026-06-01' WHERE \
                organisation IN (SELECT id FROM organisations WHERE slug = 'leerhof')";
            work.run(end, kontor_platform::params![]).map(drop)
        });
        let alone = page("/organisationen/leerhof/uebernehmen");
        assert!(alone.contains(administered) && !alone.contains(read));
        let alone = page("/organisationen/leerhof/kontakt");
        assert!(alone.contains("an die Verwaltung dieses Kontors"));
    });
}

#[test]
fn a_request_says_what_is_wrong_and_puts_right_what_it_can() {
    on_each_demo(|world| {
        let path = "/cluster/hamburg-aviation/mitglied-werden";
        let ask = |name: &str, website: &str| {
            let form = format!(
                "organisation={name}&website={website}&city=Kiel&name=Nora&mail=nora%40x.example"
            );
            world.post(path, &form)
        };
        let long = ask(&"a".repeat(201), "");
        assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
        let name = "Kürzen Sie den Namen der Organisation auf höchstens 200 Zeichen.";
        assert!(long.body.contains(name));
        assert!(!long.body.contains("Nennen Sie den Namen der Organisation."));
        let both = ask(&"a".repeat(201), "keine+Adresse").body;
        let place = |field: &str| both.find(&format!("<a href=\"#{field}\">"));
        assert!(place("organisation").expect("one") < place("website").expect("two"));
        let odd = ask("Werft", "keine+Adresse");
        assert!(odd.body.contains("zum Beispiel www.ihre-organisation.de"));
        let fine = ask("Werft%E2%80%AE+Nord", "www.werft.example/start");
        assert_eq!(fine.status, StatusCode::SEE_OTHER, "{}", fine.body);
        let stored = "SELECT organisation_name, website FROM requests";
        let read = |c: &mut kontor_platform::db::Conn| c.one(stored, kontor_platform::params![]);
        let (name, website): (String, String) = world.site.db.read_now(read).expect("one");
        assert_eq!(name, "Werft Nord");
        assert_eq!(website, "https://www.werft.example/start");

        let token = world.sign_in("admin");
        let form = "name=Neu&code=NN&purpose-de=Etwas&slug=neu&website=neu.example";
        let reserved = world.post_by(&token, "/verwaltung/cluster/neu", form);
        assert!(
            reserved.body.contains("„neu“ braucht Kontor selbst"),
            "{}",
            reserved.body
        );
        assert!(reserved.body.contains("value=\"https://neu.example\""));
    });
}

#[test]
fn a_request_of_a_known_name_uses_the_member_that_is_there() {
    on_each_demo(|world| {
        furnish(world);
        let form = "organisation=OFFENHOF+GmbH&city=Kiel&name=Olaf&mail=olaf%40offenhof.example";
        world.post(MEMBERSHIP, form);
        let manager = world.sign_in("manager");
        let path = request(world);
        let page = world.get_by(&manager, &path).body;
        assert!(page.contains("Es ist Offenhof"));
        let before = count(world, "SELECT COUNT(*) AS n FROM organisations");
        // An organisation that is no candidate cannot be slipped in.
        let foreign = "SELECT id FROM organisations WHERE slug = 'innenhof'";
        let db = &world.site.db;
        let (foreign,): (String,) = db.read_now(|c| c.one(foreign, params![])).unwrap();
        let act = format!("{path}/annehmen");
        let slipped = post(world, &manager, &act, &format!("existing={foreign}"));
        assert_eq!(slipped.status, StatusCode::NOT_FOUND);
        let own = "SELECT id FROM organisations WHERE slug = 'offenhof'";
        let (own,): (String,) = db.read_now(|c| c.one(own, params![])).unwrap();
        post(world, &manager, &act, &format!("existing={own}"));
        assert_eq!(
            count(world, "SELECT COUNT(*) AS n FROM organisations"),
            before
        );
        let roles = "SELECT COUNT(*) AS n FROM role_assignments r JOIN accounts a ON a.id = r.account \
            WHERE a.mail = 'olaf@offenhof.example'";
        assert_eq!(count(world, roles), 0, "nothing before the yes");
        let letters = to(world, "olaf@offenhof.example");
        let letter = letters.iter().find(|l| l.text.contains("/einladung/"));
        world.post(&link(letter.expect("a letter"), "/einladung/"), "name=Olaf");
        assert_eq!(count(world, roles), 2, "member and representative");
    });
}

#[test]
fn a_takeover_is_rejected_with_a_reason_or_approved() {
    on_each_demo(|world| {
        furnish(world);
        let form = "name=Lea&mail=lea%40leer.example&function=Leitung&message=Bitte";
        let hidden = world.post("/organisationen/innenhof/uebernehmen", form);
        assert_eq!(hidden.status, StatusCode::NOT_FOUND);
        assert_eq!(
            world.get("/organisationen/innenhof/uebernehmen").status,
            404
        );
        let path = "/organisationen/leerhof/uebernehmen";
        assert_eq!(world.post(path, form).status, StatusCode::SEE_OTHER);
        let manager = world.sign_in("manager");
        let other = world.sign_in("manager_other");
        let asked = request(world);
        let act = format!("{asked}/ablehnen");
        let nothing = post(world, &manager, &act, "reason=");
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        let foreign = post(world, &other, &act, "reason=Nein");
        assert_eq!(foreign.status, StatusCode::NOT_FOUND);
        let done = post(world, &manager, &act, "reason=Bitte+mit+Dienstadresse");
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        let letters = to(world, "lea@leer.example");
        assert!(letters[0].text.contains("ist angekommen"));
        assert!(letters[1].text.contains("Bitte mit Dienstadresse"));
        assert!(world.get_by(&manager, &asked).body.contains("abgelehnt"));
        let kept = "SELECT COUNT(*) AS n FROM requests WHERE mail <> '' OR reason <> ''";
        let round = || {
            kontor::app::care::round(&world.site, std::path::Path::new("/nonexistent"), false)
                .expect("forgotten")
        };
        round();
        assert_eq!(count(world, kept), 1);
        world.clock.advance_s(29 * 24 * 3600);
        let manager = world.sign_in("manager");
        world.clock.advance_s(2 * 24 * 3600);
        round();
        assert_eq!(count(world, kept), 0);

        world.post(path, form);
        let act = format!("{}/annehmen", request(world));
        assert_eq!(
            post(world, &manager, &act, "").status,
            StatusCode::SEE_OTHER
        );
        let letter = to(world, "lea@leer.example").pop().expect("an invitation");
        let lea = world
            .post(&link(&letter, "/einladung/"), "name=Lea")
            .token();
        let page = world.get_by(&lea.unwrap(), "/organisationen/leerhof").body;
        assert!(page.contains("/organisationen/leerhof/bearbeiten"));
    });
}

#[test]
fn requests_from_one_place_are_limited() {
    on_each_demo(|world| {
        let codes: Vec<u16> = (0..6)
            .map(|n| {
                let form = format!("organisation=W{n}&city=Kiel&name=A&mail=a{n}%40b.example");
                world.post(MEMBERSHIP, &form).status.as_u16()
            })
            .collect();
        assert_eq!(codes, [303, 303, 303, 303, 303, 429]);
    });
}

/// Nobody has decided on a request whose sender was erased.
#[test]
fn a_request_that_was_emptied_is_neither_open_nor_decided() {
    on_each_demo(|world| {
        let form = "organisation=Neuwerft+GmbH&website=&city=Kiel&name=Nora+Neu\
            &mail=nora%40neuwerft.example&message=Hallo";
        world.post(MEMBERSHIP, form);
        let manager = world.sign_in("manager");
        let list = || world.get_by(&manager, "/verwaltung/anfragen").body;
        assert!(list().contains("Neuwerft GmbH"));
        let officer = world.sign_in("dsb");
        let form = "mail=nora%40neuwerft.example&sure=1";
        let gone = world.post_by(&officer, "/verwaltung/datenschutz/loeschen", form);
        assert_eq!(gone.status, StatusCode::SEE_OTHER);
        assert!(!list().contains("Neuwerft GmbH"), "{}", list());
    });
}
