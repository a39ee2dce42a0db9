//! What a winner keeps of the record that it takes in: values where it has none,
//! a logo, those who speak for it, requests that wait, senders that are blocked.
//!
//! Always true: no value of the winner is replaced; undoing takes back exactly
//! what was kept, unless somebody has changed it since.

mod store;

use kontor_platform::{Id, Result, Work};
use serde::{Deserialize, Serialize};

use crate::accounts::{self, Account, Role, RoleKind, Scope};
use crate::directory::logos;
use crate::directory::model::Organisation;

pub use store::Values;

/// Columns that are filled together, if the first of them are empty.
struct Group {
    /// How many columns at the beginning decide.
    decide: usize,
    columns: &'static [&'static str],
    /// Fields of the profile as own fields name them.
    fields: &'static [&'static str],
}

const fn alone(columns: &'static [&'static str], fields: &'static [&'static str]) -> Group {
    Group {
        decide: 1,
        columns,
        fields,
    }
}

const GROUPS: [Group; 13] = [
    alone(&["helix"], &["side"]),
    alone(&["size", "size_as_of"], &["size", "size_as_of"]),
    alone(&["founded"], &["founded"]),
    Group {
        decide: 3,
        columns: &[
            "street", "postcode", "city", "city_key", "region", "country",
        ],
        fields: &["street", "postcode", "city"],
    },
    alone(&["website", "web_host"], &["website"]),
    alone(&["mail_host"], &[]),
    alone(&["register_number"], &[]),
    alone(&["summary_de"], &["summary"]),
    alone(&["summary_en"], &["summary_en"]),
    alone(&["about_de"], &["about"]),
    alone(&["about_en"], &["about_en"]),
    alone(&["competences_de"], &["competences"]),
    alone(&["competences_en"], &["competences_en"]),
];

/// A column that was filled, with what stood there before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filled {
    pub column: String,
    pub before: String,
    pub after: String,
}

/// What was kept: what undoing it needs.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    pub filled: Vec<Filled>,
    /// Fields that the loser's own people had written.
    pub owned: Vec<String>,
    /// Accounts that speak for the winner since.
    pub speakers: Vec<Id<Account>>,
    pub requests: Vec<String>,
    /// Keys of senders.
    pub blocks: Vec<String>,
    /// Hash of the logo that went over.
    pub logo: Option<String>,
}

/// What the winner lacks and the loser has, with the groups' own fields.
fn lacking(winner: &Values, loser: &Values) -> (Vec<Filled>, Vec<&'static str>) {
    let (mut filled, mut fields) = (Vec::new(), Vec::new());
    for group in &GROUPS {
        let decide = &group.columns[..group.decide];
        let is_empty = |v: &Values| decide.iter().all(|c| v.get(c).is_empty());
        if !is_empty(winner) || is_empty(loser) {
            continue;
        }
        for column in group.columns {
            if winner.get(column) != loser.get(column) {
                filled.push(Filled {
                    column: (*column).to_owned(),
                    before: winner.get(column).to_owned(),
                    after: loser.get(column).to_owned(),
                });
            }
        }
        fields.extend(group.fields);
    }
    (filled, fields)
}

fn representative(of: Id<Organisation>, since: kontor_platform::Day) -> Role {
    Role {
        kind: RoleKind::OrganisationRepresentative,
        scope: Scope::Organisation(of.to_string()),
        since,
        until: None,
    }
}

/// Gives the winner what it lacks of the loser.
pub fn keep(
    work: &mut Work<'_>,
    winner: Id<Organisation>,
    loser: Id<Organisation>,
) -> Result<Kept> {
    let at = work.now();
    let mut values = store::values(work, winner)?;
    let (filled, fields) = lacking(&values, &store::values(work, loser)?);
    for f in &filled {
        values.set(&f.column, &f.after);
    }
    if !filled.is_empty() {
        store::save(work, winner, &values, at)?;
    }
    let mut owned = Vec::new();
    for field in fields {
        if store::own(work, winner, loser, field)? {
            owned.push(field.to_owned());
        }
    }
    let known = accounts::admin::speakers(work, &winner.to_string(), at.day())?;
    let mut speakers = accounts::admin::speakers(work, &loser.to_string(), at.day())?;
    speakers.retain(|a| !known.contains(a));
    for account in &speakers {
        accounts::grant(work, *account, &representative(winner, at.day()), None)?;
    }
    let requests = store::waiting(work, loser)?;
    store::move_requests(work, &requests, winner)?;
    Ok(Kept {
        filled,
        owned,
        speakers,
        requests,
        blocks: store::copy_blocks(work, winner, loser)?,
        logo: logos::hand_over(work, winner, loser)?,
    })
}

/// Groups that stand as they were filled: what was taken together goes together.
fn untouched(values: &Values, filled: &[Filled]) -> Vec<&'static Group> {
    let stands = |group: &&Group| {
        let mut of = filled
            .iter()
            .filter(|f| group.columns.contains(&f.column.as_str()))
            .peekable();
        of.peek().is_some() && of.all(|f| values.get(&f.column) == f.after)
    };
    GROUPS.iter().filter(stands).collect()
}

fn is_in(groups: &[&Group], column: &str) -> bool {
    groups.iter().any(|g| g.columns.contains(&column))
}

/// Takes back what was kept; what somebody has changed since stays.
pub fn give_back(
    work: &mut Work<'_>,
    winner: Id<Organisation>,
    loser: Id<Organisation>,
    kept: &Kept,
) -> Result<()> {
    let at = work.now();
    let mut values = store::values(work, winner)?;
    let standing = untouched(&values, &kept.filled);
    for f in kept.filled.iter().filter(|f| is_in(&standing, &f.column)) {
        values.set(&f.column, &f.before);
    }
    if !standing.is_empty() {
        store::save(work, winner, &values, at)?;
    }
    let own = |field: &&String| standing.iter().any(|g| g.fields.contains(&field.as_str()));
    for field in kept.owned.iter().filter(own) {
        store::disown(work, winner, field)?;
    }
    let scope = representative(winner, at.day()).scope;
    for account in &kept.speakers {
        for assigned in accounts::admin::roles(work, *account)? {
            if assigned.role.scope == scope && assigned.role.holds(at.day()) {
                accounts::admin::end_role(work, assigned.id)?;
            }
        }
    }
    store::move_requests(work, &kept.requests, loser)?;
    if let Some(hash) = &kept.logo {
        logos::give_back(work, winner, loser, hash)?;
    }
    store::drop_blocks(work, &kept.blocks, winner)
}

#[cfg(test)]
mod tests {
    use super::{Values, lacking, untouched};

    #[test]
    fn only_what_the_winner_lacks_is_taken_and_an_address_as_a_whole() {
        let of = |pairs: &[(&str, &str)]| {
            let mut values = Values::default();
            for (column, value) in pairs {
                values.set(column, value);
            }
            values
        };
        let winner = of(&[("city", "Kiel"), ("country", "DE"), ("summary_de", "Wir.")]);
        let loser = of(&[
            ("street", "Kai 1"),
            ("city", "Hamburg"),
            ("summary_de", "Die."),
            ("about_de", "Seit 1900."),
            ("website", "https://w.example"),
            ("web_host", "w.example"),
        ]);
        let (filled, fields) = lacking(&winner, &loser);
        let columns: Vec<&str> = filled.iter().map(|f| f.column.as_str()).collect();
        assert_eq!(columns, ["website", "web_host", "about_de"]);
        assert_eq!(fields, ["website", "about"]);
        // An address of the web was typed since: only the text goes back.
        let mut since = of(&[("about_de", "Seit 1900."), ("web_host", "w.example")]);
        since.set("website", "https://neu.example");
        let back: Vec<_> = untouched(&since, &filled)
            .iter()
            .flat_map(|g| g.fields)
            .collect();
        assert_eq!(back, [&"about"]);
    }
}
