//! Retention: what nobody needs any more ends by itself (DOMAIN L-09). Each
//! rule is a setting in days.

use kontor_platform::db::Conn;
use kontor_platform::web::Site;
use kontor_platform::work::Stamp;
use kontor_platform::{Instant, Result, Work, fact, mail};

use super::commands::close_invitations;
use crate::accessibility;
use crate::accounts::{privacy as accounts, settings};
use crate::directory;

const DAY_S: i64 = 24 * 3600;
/// How the rules' settings begin.
const PREFIX: &str = "retention.";

/// One rule: its name, its default, and what it ends.
pub struct Rule {
    pub name: &'static str,
    /// Key of the text that says what ends.
    pub key: &'static str,
    pub days: i64,
    run: fn(&mut Work<'_>, Instant) -> Result<u64>,
}

/// Every rule, in the order in which they are shown.
pub const RULES: &[Rule] = &[
    Rule {
        name: "links",
        key: "privacy-rule-links",
        days: 30,
        run: accounts::drop_links,
    },
    Rule {
        name: "invitations",
        key: "privacy-rule-invitations",
        days: 180,
        run: close_invitations,
    },
    Rule {
        name: "mails",
        key: "privacy-rule-mails",
        days: 90,
        run: |work, before| mail::drop_older(work, before),
    },
    Rule {
        name: "staged",
        key: "privacy-rule-staged",
        days: 30,
        run: directory::import::drop_staged,
    },
    Rule {
        name: "requests",
        key: "privacy-rule-requests",
        days: 180,
        run: directory::requests::drop_approved,
    },
    Rule {
        name: "barriers",
        key: "privacy-rule-barriers",
        days: 730,
        run: accessibility::drop_answered,
    },
];

/// A rule with the days that hold now.
pub struct Held {
    pub rule: &'static Rule,
    pub days: i64,
}

fn setting(rule: &Rule) -> String {
    format!("{PREFIX}{}", rule.name)
}

/// Every rule with its days as set: one query.
pub fn held(conn: &mut Conn) -> Result<Vec<Held>> {
    let set = settings::texts(conn, PREFIX)?;
    let held = |rule: &'static Rule| {
        let name = setting(rule);
        let days = set.iter().find(|(n, _)| *n == name);
        let days = days.and_then(|(_, t)| t.parse().ok());
        Held {
            rule,
            days: days.unwrap_or(rule.days),
        }
    };
    Ok(RULES.iter().map(held).collect())
}

fact!(
    /// After how many days a rule ends something was changed.
    RetentionChanged, "privacy.retention_changed", rule: String, days: i64);

/// Stores the days of rules, and tells of each that is another one now.
pub fn set(work: &mut Work<'_>, wished: &[(&'static Rule, i64)]) -> Result<()> {
    let held = held(work)?;
    for (rule, days) in wished {
        let now = held.iter().find(|h| h.rule.name == rule.name);
        if now.is_some_and(|h| h.days == *days) {
            continue;
        }
        settings::set_text(work, &setting(rule), &days.to_string())?;
        work.announce(&RetentionChanged {
            rule: rule.name.to_owned(),
            days: *days,
        });
    }
    Ok(())
}

/// Ends what is over, each rule in a transaction of its own; says how many
/// rows ended. Called once a day while the server runs.
///
/// # Errors
/// The first rule's that failed; all others were run nevertheless.
pub fn sweep(site: &Site) -> Result<u64> {
    let now = site.clock.now();
    let mut ended = Ok(0);
    for held in site.db.read_now(held)? {
        let before = now.plus_s(-held.days * DAY_S);
        let run = held.rule.run;
        let more = site
            .db
            .write_now(Stamp::system(now), move |work| run(work, before));
        if let Err(error) = &more {
            tracing::warn!(rule = held.rule.name, %error, "a rule of retention failed");
        }
        ended = ended.and_then(|n| Ok(n + more?));
    }
    ended
}
