//! Member lists as a management keeps them.

use std::fmt::Write as _;

use kontor_platform::sheets::{self, Limits};
use kontor_platform::text::Lang;
use kontor_platform::web::Site;
use kontor_platform::{Error, Result};

use crate::app::demo::content::{Lists, People, Row};
use crate::app::demo::dice::Dice;
use crate::app::demo::visitor::Visitor;

impl Lists {
    /// These rows as a file.
    pub fn text<'r>(&self, rows: impl IntoIterator<Item = &'r Row>) -> String {
        let mut text = format!("{}\r\n", self.header);
        for row in rows {
            let cells = row.iter().map(|cell| format!("\"{cell}\""));
            let line = cells.collect::<Vec<_>>().join(";");
            // Writing to a text cannot fail.
            let _ = write!(text, "{line}\r\n");
        }
        text
    }
}

/// A cluster's members as its management downloads them.
pub struct Members {
    /// Name, street, postcode, place, website; then the address of its page.
    rows: Vec<(Row, String)>,
}

/// The columns of the download that a list has too, and that of the page.
const COLUMNS: [&str; 6] = [
    "directory-column-name",
    "import-field-street",
    "import-field-postcode",
    "directory-filter-place",
    "import-field-website",
    "directory-column-address",
];
/// Every so many members one has moved, and one has a contact.
const MOVES: usize = 9;
const CONTACTS: usize = 4;

impl Members {
    /// What somebody may download of a cluster.
    pub async fn of(site: &Site, who: &Visitor<'_>, cluster: &str) -> Result<Members> {
        let file = who
            .file(&format!("/organisationen.csv?cluster={cluster}"))
            .await?;
        let table = sheets::read(&file, "organisationen.csv", &Limits::default(), None)
            .map_err(|trouble| Error::broken(format!("the demo's own list: {trouble:?}")))?;
        let speech = site.speak(Lang::De);
        let place = |key: &&str| {
            let heading = speech.t(key);
            let found = table.header.iter().position(|h| h == heading);
            found.ok_or_else(|| Error::broken(format!("the demo's own list has no {heading}")))
        };
        let places = COLUMNS.iter().map(place).collect::<Result<Vec<_>>>()?;
        let row = |cells: &Row| {
            let cell = |i: &usize| cells.get(*i).cloned().unwrap_or_default();
            let mut all: Row = places.iter().map(cell).collect();
            let page = all.pop().unwrap_or_default();
            let slug = page.rsplit('/').next().unwrap_or_default().to_owned();
            (all, slug)
        };
        let rows = table.rows.iter().map(|r| row(&r.cells)).collect();
        Ok(Members { rows })
    }

    /// The address of the first whose name begins so.
    pub fn named(&self, start: &str) -> Result<&str> {
        let found = self.rows.iter().find(|(row, _)| row[0].starts_with(start));
        let none = || Error::broken(format!("the demo has no member {start}"));
        found.map(|(_, slug)| slug.as_str()).ok_or_else(none)
    }

    /// All of them with contacts for some, some in a new street, and new ones.
    pub fn next(&self, lists: &Lists, people: &People) -> String {
        let mut dice = Dice::new(2027);
        let mut moved = lists.moved.iter();
        let mut rows = Vec::new();
        for (n, (row, _)) in self.rows.iter().enumerate() {
            let mut row = row.clone();
            if n % MOVES == 2
                && let Some(street) = moved.next()
            {
                row[1].clone_from(street);
            }
            if n % CONTACTS == 1 {
                row.extend(contact(&row[4], people, &mut dice));
            }
            rows.push(row);
        }
        rows.extend(lists.next.iter().cloned());
        lists.text(&rows)
    }

    /// The list after that: two members are missing, one stands in its `former`
    /// street, and there are new lines.
    pub fn staged(&self, lists: &Lists, (slug, former): (&str, &str)) -> String {
        let kept = self.rows.iter().skip(2).map(|(row, at)| {
            let mut row = row.clone();
            if at == slug {
                former.clone_into(&mut row[1]);
            }
            row
        });
        let rows: Vec<Row> = kept.chain(lists.staged.iter().cloned()).collect();
        lists.text(&rows)
    }
}

/// An invented contact of the organisation with this website.
fn contact(website: &str, people: &People, dice: &mut Dice) -> Row {
    let (given, family) = (dice.pick(&people.given), dice.pick(&people.family));
    let name = format!("{given} {family}");
    let local = kontor_analysis::names::slug(&name).replace('-', ".");
    let host = kontor_analysis::names::web_host(website);
    let function = dice.pick(&people.functions_de).clone();
    let phone = format!("040 66969-{:03}", dice.below(1000));
    vec![name, function, format!("{local}@{host}"), phone]
}
