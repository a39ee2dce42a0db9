//! Somebody who changes their address stays the same person: what they left under
//! the old one is theirs to see and to erase, and who blocked them has done so.

use axum::http::StatusCode;

use super::contact::{acts, address};
use super::{furnish, link, post, to};
use crate::privacy::everything;
use crate::world::{World, on_each_demo};

const NEW: &str = "umgezogen@kai.example";
const DOOR: &str = "/organisationen/offenhof/kontakt";
const DATA: &str = "/mein-kontor/daten";

/// Gives the account of a session the address [`NEW`], by the link in its proof.
fn move_to_new(world: &World, token: &str) -> String {
    let form = format!("mail={}", kontor_platform::web::encode(NEW));
    let asked = post(world, token, "/mein-kontor/konto/adresse", &form);
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    let proof = to(world, NEW).pop().expect("a proof");
    let proved = post(world, token, &link(&proof, "/adresse/"), "");
    assert!(proved.header("location").contains("address-changed"));
    token.to_owned()
}

fn write(world: &World, token: &str, words: &str) {
    let sent = post(world, token, DOOR, &format!("message={words}"));
    assert!(sent.header("location").ends_with("ok=flash-contact-sent"));
}

#[test]
fn what_was_written_under_a_former_address_is_shown_blocked_and_erased() {
    on_each_demo(|world| {
        furnish(world);
        let (spokes, old) = (
            address(world, "organisation_representative"),
            address(world, "member"),
        );
        let token = world.sign_in("member");
        write(world, &token, "Ein+Wort+vom+alten+Kai");
        let relayed = to(world, &spokes).pop().expect("it is relayed");
        let speaker = world.sign_in("organisation_representative");
        for act in acts(&relayed) {
            let done = post(world, &speaker, &act, "note=unfreundlich");
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{act}: {}", done.body);
        }
        let token = move_to_new(world, &token);

        // Neither whom it reached nor that nothing reaches anybody any more.
        write(world, &token, "Noch+ein+Wort");
        assert_eq!(
            to(world, &spokes).len(),
            1,
            "the block goes with the person"
        );
        let json = world.get_by(&token, &format!("{DATA}.json")).body;
        assert!(json.contains(&old) && json.contains(NEW), "{json}");
        assert!(!json.contains(&spokes), "{json}");
        let data: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        let left = data["requests_and_messages"].as_array().expect("a list");
        let of_kind = |kind: &str| left.iter().filter(|l| l["kind"] == kind).count();
        assert_eq!((of_kind("message"), of_kind("reported")), (2, 1), "{json}");
        let copies = data["mails"].to_string().matches("Offenhof").count();
        assert_eq!(copies, 2, "one copy of each, blocked or not: {json}");
        let page = world.get_by(&token, DATA).body;
        assert!(page.contains("Frühere Adresse") && page.contains(&old));

        // Who asks in writing names the address that they remember.
        let officer = world.sign_in("dsb");
        let form = format!("mail={}", kontor_platform::web::encode(&old));
        let look = "/verwaltung/datenschutz/auskunft";
        let seen = post(world, &officer, look, &form).body;
        assert!(seen.contains(NEW), "{seen}");

        let gone = post(world, &token, &format!("{DATA}/loeschen"), "sure=1");
        assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.body);
        let left = everything(&world.site.db).to_lowercase();
        for gone in [&*old, NEW, "alten kai"] {
            assert!(!left.contains(gone), "{gone}");
        }
    });
}

#[test]
fn an_address_that_somebody_else_has_by_now_tells_nothing_of_them() {
    on_each_demo(|world| {
        let old = address(world, "member");
        let token = world.sign_in("member");
        let token = move_to_new(world, &token);
        let heir = world.sign_in("expert");
        let form = format!("mail={}", kontor_platform::web::encode(&old));
        post(world, &heir, "/mein-kontor/konto/adresse", &form);
        let proof = to(world, &old).pop().expect("a proof");
        post(world, &heir, &link(&proof, "/adresse/"), "");
        assert_eq!(address(world, "expert"), old);
        let json = world.get_by(&token, &format!("{DATA}.json")).body;
        let data: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(data["account"]["former_addresses"], serde_json::json!([]));
        assert!(!data["mails"].to_string().contains(&old), "{json}");
        let gone = post(world, &token, &format!("{DATA}/loeschen"), "sure=1");
        assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.body);
        assert_eq!(address(world, "expert"), old);
        assert!(!to(world, &old).is_empty(), "their mails stay");
    });
}
