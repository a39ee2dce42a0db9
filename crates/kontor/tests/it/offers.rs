//! What a cluster offers to whoever it invites holds from their yes on, and until
//! then its management learns nothing of the account behind an address.

use axum::http::StatusCode;
use kontor::app::wiring;
use kontor_platform::db::Db;
use kontor_platform::mail::{self, Stored};
use kontor_platform::work::Stamp;
use kontor_platform::{Instant, params, testing};

use crate::world::{Answer, World, on_each_demo};

const PATH: &str = "/verwaltung/einladungen";

/// Invites an address by hand for a cluster.
fn invite(world: &World, token: &str, cluster: &str, mail: &str, name: &str) -> Answer {
    let (mail, name) = (kontor_platform::web::encode(mail), name.replace(' ', "+"));
    let form = format!(
        "cluster={cluster}&mail={mail}&name={name}&lang=de&may-edit=1\
         &one-source=Clusterabend&one-ground=legitimate_interest"
    );
    let answer = world.post_by(token, &format!("{PATH}/eine"), &form);
    world.clock.advance_s(60);
    answer
}

fn count(world: &World, statement: &str) -> i64 {
    let counted = world
        .site
        .db
        .read_now(|c| c.one::<(i64,)>(statement, params![]));
    counted.expect("a count").0
}

fn text(world: &World, statement: &str) -> String {
    let db = &world.site.db;
    db.read_now(|c| c.one::<(String,)>(statement, params![]))
        .expect("a text")
        .0
}

/// Roles of a demo account beside those of its button.
fn roles_in(world: &World, key: &str, slug: &str) -> i64 {
    count(
        world,
        &format!(
            "SELECT COUNT(*) AS n FROM role_assignments r JOIN accounts a ON a.id = r.account \
             JOIN clusters c ON c.id = r.scope_id WHERE a.demo_key = '{key}' AND c.slug = '{slug}'"
        ),
    )
}

fn letters(world: &World, to: &str) -> Vec<Stored> {
    let db = &world.site.db;
    let page = db.read_now(|c| mail::page(c, None, (Instant(i64::MAX), ""), 99));
    let mut all = page.expect("mails");
    all.retain(|m| m.to == to);
    let whole = |m: Stored| db.read_now(|c| mail::find(c, m.id)).expect("a mail");
    all.into_iter().map(whole).collect()
}

/// The path of a letter's link of this kind.
fn link(letter: &Stored, path: &str) -> String {
    let start = letter.text.find(path).expect("a link");
    let words = letter.text[start..].split_whitespace().next();
    words.expect("a link").to_owned()
}

/// What the page says of one open invitation, without what differs anyway.
fn row(page: &str, mail: &str, name: &str, id: &str) -> String {
    let at = page.find(&format!("<span>{mail}</span>")).expect("a row");
    let start = page[..at].rfind("<li").expect("its begin");
    let end = at + page[at..].find("</li>").expect("its end");
    let row = page[start..end].replace(mail, "MAIL").replace(name, "NAME");
    row.replace(id, "ID")
}

fn contact(world: &World, mail: &str) -> String {
    let find = format!(
        "SELECT v.contact FROM open_invitations v JOIN people p ON p.id = v.contact \
         WHERE p.mail = '{mail}'"
    );
    text(world, &find)
}

#[test]
fn until_the_yes_a_management_sees_what_it_wrote_and_nothing_holds() {
    on_each_demo(|world| {
        let of = |key: &str, what: &str| {
            let find = format!("SELECT {what} FROM accounts WHERE demo_key = '{key}'");
            text(world, &find)
        };
        let (known, locked) = (of("manager_other", "mail"), of("editor", "mail"));
        world.command(|work| {
            let lock = "UPDATE accounts SET state = 'locked' WHERE demo_key = 'editor'";
            work.run(lock, params![]).map(drop)
        });
        let token = world.sign_in("manager");
        let typed = [
            (known.as_str(), "Aa Eins"),
            (locked.as_str(), "Aa Zwei"),
            ("neu@werft.example", "Aa Drei"),
        ];
        let answers: Vec<String> = typed
            .iter()
            .map(|(mail, name)| {
                let sent = invite(world, &token, "hamburg-aviation", mail, name);
                sent.header("location").to_owned()
            })
            .collect();
        assert!(answers.iter().all(|to| to.contains("flash-invited")));
        let page = world.get_by(&token, PATH).body;
        let rows = typed.map(|(mail, name)| row(&page, mail, name, &contact(world, mail)));
        assert_eq!(rows[0], rows[2], "an account in use");
        assert_eq!(rows[1], rows[2], "a locked account");
        let name = of("manager_other", "name");
        assert!(!page.contains(&name), "the account's own name");
        assert_eq!(roles_in(world, "manager_other", "hamburg-aviation"), 0);
        assert!(letters(world, &locked).is_empty(), "its link opens nothing");

        // The letter says what the law asks for, whoever gets it.
        let letter = letters(world, &known).remove(0);
        for words in ["Clusterabend", "Name", "/widerspruch/", "Verantwortlich"] {
            assert!(letter.text.contains(words), "{words}: {}", letter.text);
        }
    });
}

#[test]
fn an_owner_is_told_on_their_own_page_and_says_yes_there() {
    on_each_demo(|world| {
        let of = |what: &str| {
            let find = format!("SELECT {what} FROM accounts WHERE demo_key = 'manager_other'");
            text(world, &find)
        };
        let (known, name) = (of("mail"), of("name"));
        let token = world.sign_in("manager");
        invite(world, &token, "hamburg-aviation", &known, "Aa Eins");
        let other = world.sign_in("manager_other");
        let mine = world.get_by(&other, "/mein-kontor").body;
        assert!(mine.contains("Hamburg Aviation"), "{mine}");
        let form = format!("invitation={}", contact(world, &known));
        let accept = "/mein-kontor/einladungen/annehmen";
        // Nobody else can.
        let stranger = world.sign_in("member");
        let refused = world.post_by(&stranger, accept, &form);
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert_eq!(
            world.post_by(&other, accept, &form).status,
            StatusCode::SEE_OTHER
        );
        assert_eq!(roles_in(world, "manager_other", "hamburg-aviation"), 1);
        assert_eq!(
            world.post_by(&other, accept, &form).status,
            StatusCode::CONFLICT
        );
        let leads = "SELECT COUNT(*) AS n FROM person_clusters x JOIN clusters c ON c.id = x.cluster \
            JOIN people p ON p.id = x.person JOIN accounts a ON a.id = p.account \
            WHERE a.demo_key = 'manager_other' AND x.leads = 1";
        assert_eq!(count(world, leads), 1, "they still lead their own cluster");
        let page = world.get_by(&token, PATH).body;
        assert!(page.contains(&name) && !page.contains("Aa Eins"));
        let typed = "SELECT COUNT(*) AS n FROM people WHERE name = 'Aa Eins'";
        assert_eq!(
            count(world, typed),
            0,
            "what was typed is not needed any more"
        );
    });
}

#[test]
fn a_no_is_told_and_leaves_no_account() {
    on_each_demo(|world| {
        let token = world.sign_in("manager");
        invite(
            world,
            &token,
            "hamburg-aviation",
            "neu@werft.example",
            "Nina",
        );
        let letter = letters(world, "neu@werft.example").remove(0);
        let path = link(&letter, "/einladung/");
        let page = world.get(&path).body;
        assert!(page.contains("Sie machen im Cluster Hamburg Aviation mit"));
        let no = format!("{path}/ablehnen");
        let home = "/?ok=flash-invitation-declined";
        assert_eq!(world.post(&no, "").header("location"), home);
        assert_eq!(world.post(&no, "").status, StatusCode::CONFLICT);
        assert_eq!(world.post(&path, "name=Nina").status, StatusCode::CONFLICT);
        let accounts = "SELECT COUNT(*) AS n FROM accounts WHERE mail = 'neu@werft.example'";
        assert_eq!(count(world, accounts), 0);
        assert!(world.get_by(&token, PATH).body.contains("abgelehnt am"));
        let form = format!(
            "cluster=hamburg-aviation&invitation={}",
            contact(world, "neu@werft.example")
        );
        let away = format!("{PATH}/zuruecknehmen");
        assert_eq!(
            world.post_by(&token, &away, &form).status,
            StatusCode::SEE_OTHER
        );
        let kept = "SELECT COUNT(*) AS n FROM people WHERE name = 'Nina'";
        assert_eq!(count(world, kept), 0);
        assert!(!world.get_by(&token, PATH).body.contains("Nina"));
    });
}

#[test]
fn an_invitation_is_taken_back_before_its_letter_goes_out() {
    on_each_demo(|world| {
        let token = world.sign_in("manager");
        let mail = "neu@werft.example";
        invite(world, &token, "hamburg-aviation", mail, "Nina");
        let path = link(&letters(world, mail)[0], "/einladung/");
        let form = format!(
            "cluster=hamburg-aviation&invitation={}",
            contact(world, mail)
        );
        let back = format!("{PATH}/zuruecknehmen");
        let done = world.post_by(&token, &back, &form);
        assert!(done.header("location").contains("taken-back"));
        assert!(letters(world, mail).is_empty(), "it had not gone out yet");
        assert_eq!(world.get(&path).status, StatusCode::CONFLICT);
        let left = "SELECT COUNT(*) AS n FROM accounts WHERE mail = 'neu@werft.example'";
        assert_eq!(count(world, left), 0);
        let left = "SELECT COUNT(*) AS n FROM people WHERE mail = 'neu@werft.example'";
        assert_eq!(count(world, left), 0);
        // Twice is once, and the address can be invited anew.
        assert_eq!(
            world.post_by(&token, &back, &form).status,
            StatusCode::NOT_FOUND
        );
        let sent = invite(world, &token, "hamburg-aviation", mail, "Nina");
        assert!(sent.header("location").contains("flash-invited"));
        // The same address again takes the place of what waits.
        invite(world, &token, "hamburg-aviation", mail, "Nina Nord");
        let open = "SELECT COUNT(*) AS n FROM open_invitations";
        assert_eq!(count(world, open), 1);
    });
}

#[test]
fn two_clusters_invite_the_same_address_and_each_gets_its_own_answer() {
    on_each_demo(|world| {
        let (first, second) = (world.sign_in("manager"), world.sign_in("manager_other"));
        let mail = "beide@werft.example";
        invite(
            world,
            &first,
            "hamburg-aviation",
            mail,
            "Vertraulich Zuerst",
        );
        invite(world, &second, "life-science-nord", mail, "B. Eide");
        let page = world.get_by(&second, PATH).body;
        assert!(page.contains("B. Eide") && !page.contains("Vertraulich"));
        let of_second = letters(world, mail)
            .into_iter()
            .find(|l| l.text.contains("Life Science"))
            .expect("their letter");
        let path = link(&of_second, "/einladung/");
        assert!(!world.get(&path).body.contains("Hamburg Aviation mit"));
        let own = world
            .post(&path, "name=Bea+Eide")
            .token()
            .expect("a session");
        let roles = format!(
            "SELECT COUNT(*) AS n FROM role_assignments r JOIN accounts a ON a.id = r.account \
             WHERE a.mail = '{mail}'"
        );
        assert_eq!(count(world, &roles), 1, "the other one waits");
        let page = world.get_by(&first, PATH).body;
        assert!(page.contains("Vertraulich Zuerst") && !page.contains("Bea Eide"));
        let open: String = text(world, "SELECT contact FROM open_invitations");
        let form = format!("invitation={open}");
        world.post_by(&own, "/mein-kontor/einladungen/annehmen", &form);
        assert_eq!(count(world, &roles), 2);
        let own_people = format!("SELECT COUNT(*) AS n FROM people WHERE mail = '{mail}'");
        assert_eq!(count(world, &own_people), 1, "one person");
    });
}

/// Anybody can type somebody else's address into a request.
#[test]
fn an_approved_request_waits_for_the_owner_of_its_address() {
    on_each_demo(|world| {
        let find = "SELECT mail FROM accounts WHERE demo_key = 'member'";
        let mail = kontor_platform::web::encode(&text(world, find));
        let form = format!(
            "organisation=Neuwerft+GmbH&city=Kiel&name=Falsch+Name&mail={mail}&message=Hallo"
        );
        world.post("/cluster/life-science-nord/mitglied-werden", &form);
        let id = text(world, "SELECT id FROM requests WHERE state = 'open'");
        let manager = world.sign_in("manager_other");
        let act = format!("/verwaltung/anfragen/{id}/annehmen");
        let done = world.post_by(&manager, &act, "since=2026-02-01&helix=business");
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        assert_eq!(roles_in(world, "member", "life-science-nord"), 0);
        let page = world.get_by(&manager, PATH).body;
        assert!(page.contains("Falsch Name"));
        let name = text(world, "SELECT name FROM accounts WHERE demo_key = 'member'");
        assert!(!page.contains(&name));
        let own = world.sign_in("member");
        let offer = text(world, "SELECT contact FROM open_invitations");
        let form = format!("invitation={offer}");
        let no = world.post_by(&own, "/mein-kontor/einladungen/ablehnen", &form);
        assert!(no.header("location").contains("declined"));
        assert_eq!(roles_in(world, "member", "life-science-nord"), 0);
        assert!(world.get_by(&own, "/mein-kontor").status.is_success());
    });
}

/// Rows of an installation in which roles of invitations held before the yes.
const BEFORE: &[&str] = &[
    "INSERT INTO accounts (id, mail, mail_key, name, name_key, lang, theme, state, created_at) \
     VALUES ('a', 'a@x.example', 'a@x.example', '', '', 'en', 'system', 'invited', 1)",
    "INSERT INTO accounts (id, mail, mail_key, name, name_key, lang, theme, state, created_at) \
     VALUES ('b', 'b@x.example', 'b@x.example', 'B', 'b', 'de', 'system', 'active', 1)",
    "INSERT INTO clusters (id, slug, code, name, sort_key, kind, purpose_de, purpose_en, about_de, \
     about_en, themes_de, themes_en, website, state, default_visibility, created_at) VALUES \
     ('c', 'c', 'c', 'C', 'c', 'cluster', '', '', '', '', '', '', '', 'active', 'public', 1)",
];

#[test]
fn invitations_that_waited_before_go_on_waiting() {
    let new = wiring::MIGRATIONS
        .iter()
        .position(|m| m.name == "0037_open_invitations");
    testing::on_each_engine(&wiring::MIGRATIONS[..new.expect("listed")], |db| {
        db.write_now(Stamp::system(testing::NOW), |work| {
            for row in BEFORE {
                work.run(row, params![])?;
            }
            for (id, account) in [("p", "a"), ("q", "b")] {
                let sql = "INSERT INTO people (id, name, sort_key, function, mail, phone, account, \
                    source, state, created_at, legal_ground) \
                    VALUES ($1, $1, $1, '', $1, '', $2, 'account', 'active', 1, '')";
                work.run(sql, params![id, account])?;
                let sql =
                    "INSERT INTO person_clusters (person, cluster, leads) VALUES ($1, 'c', 0)";
                work.run(sql, params![id])?;
                for (role, place) in [("member", "c"), ("editor", "")] {
                    let kind = if place.is_empty() {
                        "region"
                    } else {
                        "cluster"
                    };
                    let sql = "INSERT INTO role_assignments (id, account, role, scope_kind, \
                        scope_id, since, created_at) \
                        VALUES ($1, $2, $3, $4, $5, '2026-01-01', 1)";
                    let row = format!("{id}{role}");
                    work.run(sql, params![row, account, role, kind, place])?;
                }
            }
            let link = "INSERT INTO sign_in_links (token_hash, account, purpose, created_at, \
                expires_at) VALUES ('h', 'a', 'invitation', 1, 9)";
            work.run(link, params![]).map(drop)
        })
        .expect("rows as they were");
        let db = Db::open(db.source().clone(), wiring::MIGRATIONS, testing::NOW);
        let db = db.expect("brought to this version");
        let all = |sql: &'static str| -> Vec<(String, String)> {
            db.read_now(|c| c.all(sql, params![])).expect("rows")
        };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let open = all(
            "SELECT contact || account || cluster AS who, lang || link AS l FROM open_invitations",
        );
        assert_eq!(open, [pair("pac", "enh")]);
        let roles = all("SELECT account, role FROM role_assignments ORDER BY account, role");
        let left = [
            pair("a", "editor"),
            pair("b", "editor"),
            pair("b", "member"),
        ];
        assert_eq!(roles, left, "what was offered waits, what was given stays");
        let tied = all("SELECT id, COALESCE(account, '-') AS a FROM people ORDER BY id");
        assert_eq!(tied, [pair("p", "-"), pair("q", "b")]);
    });
}
