//! Which column of a list holds what, and what its cells mean.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use kontor_analysis::names::{name_key, sort_key, web_host};
use kontor_platform::secret;
use kontor_platform::sheets::{Table, decimal, year_or_day};
use kontor_platform::text::printable;
use serde::Deserialize;

use super::super::industries::leading;
use super::super::model::{MembershipKind, Size};
use super::model::{Attr, Contact, Draft, Field, Line, Reason};
use crate::accounts::looks_like_mail;

/// The longest cell that is taken, in characters.
const LONGEST: usize = 2000;
/// The longest name that is taken, in characters.
const LONGEST_NAME: usize = 300;

#[derive(Deserialize)]
struct Source {
    headings: BTreeMap<String, Vec<String>>,
    words: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    shared: Shared,
}

#[derive(Deserialize)]
struct Shared {
    mail_hosts: Vec<String>,
    no_person: Vec<String>,
}

/// The shipped knowledge of headings and words.
struct Lexicon {
    headings: HashMap<String, Field>,
    words: HashMap<String, HashMap<String, String>>,
    shared: Shared,
}

fn lexicon() -> &'static Lexicon {
    static ONCE: OnceLock<Lexicon> = OnceLock::new();
    ONCE.get_or_init(|| {
        let source: Source = toml::from_str(include_str!("columns.toml"))
            .expect("the shipped headings are well-formed: a test reads them");
        let fields = source.headings.iter().flat_map(|(field, words)| {
            let field = Field::parse(field).expect("the shipped headings name fields");
            words.iter().map(move |word| (sort_key(word), field))
        });
        let tables = source.words.iter().map(|(topic, meanings)| {
            let pairs = meanings.iter().flat_map(|(meaning, words)| {
                words
                    .iter()
                    .map(move |word| (sort_key(word), meaning.clone()))
            });
            // The first meaning in the order of the file's keys stays.
            let mut table = HashMap::new();
            for (word, meaning) in pairs {
                table.entry(word).or_insert(meaning);
            }
            (topic.clone(), table)
        });
        Lexicon {
            headings: fields.collect(),
            words: tables.collect(),
            shared: source.shared,
        }
    })
}

fn meaning(topic: &str, word: &str) -> Option<&'static str> {
    let table = lexicon().words.get(topic)?;
    table.get(&sort_key(word)).map(String::as_str)
}

/// The field of each column; `None` where the heading says nothing known.
pub type Mapping = Vec<Option<Field>>;

/// Recognises the columns: what this cluster corrected before, then the shipped
/// headings. No field is given twice (the first column keeps it).
pub fn recognise(header: &[String], remembered: &BTreeMap<String, Field>) -> Mapping {
    let mut taken = Vec::new();
    let mut found: Mapping = header
        .iter()
        .map(|heading| {
            let field = *remembered.get(&heading_key(heading))?;
            claim(&mut taken, field)
        })
        .collect();
    for (slot, heading) in found.iter_mut().zip(header) {
        if slot.is_none() && !remembered.contains_key(&heading_key(heading)) {
            *slot = known(heading).and_then(|field| claim(&mut taken, field));
        }
    }
    settle_names(&mut found, header);
    // A second number or address without a second person is none's.
    if !found.contains(&Some(Field::SecondName)) {
        for (slot, heading) in found.iter_mut().zip(header) {
            let is_chosen = remembered.contains_key(&heading_key(heading));
            *slot = slot.filter(|field| is_chosen || !Field::SECOND.contains(field));
        }
    }
    found
}

/// "Name" is the person where another column is the firm: "Firma; Vorname; Name".
fn settle_names(found: &mut Mapping, header: &[String]) {
    let Some(plain) = header.iter().position(|h| heading_key(h) == "name") else {
        return;
    };
    let firm = header
        .iter()
        .position(|h| heading_key(h) != "name" && known(h) == Some(Field::Name));
    let Some(firm) = firm else { return };
    let given = found.contains(&Some(Field::ContactFirst));
    let person = if given {
        Field::ContactLast
    } else {
        Field::ContactName
    };
    if found[plain] == Some(Field::Name) {
        found[plain] = None;
    }
    if found[firm].is_none() && !found.contains(&Some(Field::Name)) {
        found[firm] = Some(Field::Name);
    }
    if found[plain].is_none() && !found.contains(&Some(person)) {
        found[plain] = Some(person);
    }
}

fn claim(taken: &mut Vec<Field>, field: Field) -> Option<Field> {
    if field != Field::Ignored && taken.contains(&field) {
        return None;
    }
    taken.push(field);
    Some(field)
}

/// A heading as it is compared and remembered.
pub fn heading_key(heading: &str) -> String {
    sort_key(&heading.replace('_', " "))
}

fn known(heading: &str) -> Option<Field> {
    let headings = &lexicon().headings;
    let first_line = heading.lines().next().unwrap_or(heading);
    let bare = first_line.split(['(', '[', '*']).next().unwrap_or("");
    [heading, first_line, bare]
        .iter()
        .find_map(|text| headings.get(&heading_key(text)).copied())
}

/// Reads every line of a table.
pub fn lines(table: &Table, mapping: &Mapping) -> Vec<Line> {
    let rows = table.rows.iter();
    rows.map(|row| read_line(row.line, &row.cells, mapping))
        .collect()
}

/// Reads one line.
pub fn read_line(line: usize, cells: &[String], mapping: &Mapping) -> Line {
    let cells = Cells { cells, mapping };
    let name = squeeze(cells.get(Field::Name));
    Line {
        line,
        draft: read_draft(&cells, &name),
        name: name.chars().take(LONGEST_NAME).collect(),
    }
}

struct Cells<'a> {
    cells: &'a [String],
    mapping: &'a Mapping,
}

impl<'a> Cells<'a> {
    fn get(&self, field: Field) -> &'a str {
        let at = self.mapping.iter().position(|f| *f == Some(field));
        at.and_then(|i| self.cells.get(i))
            .map_or("", |cell| cell.trim())
    }

    /// Notes a cell that could not be understood.
    fn unread(&self, field: Field, draft: &mut Draft) {
        let cell = squeeze(self.get(field)).chars().take(80).collect();
        draft.unread.push((field, cell));
    }
}

/// One line of text with single blanks and without invisible signs.
fn squeeze(text: &str) -> String {
    printable(text)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

fn read_draft(cells: &Cells<'_>, name: &str) -> Result<Draft, Reason> {
    if !name.chars().any(char::is_alphanumeric) {
        return Err(Reason::NoName);
    }
    let long = |(cell, field): (&String, &Option<Field>)| {
        field.is_some_and(|f| f != Field::Ignored) && cell.chars().count() > LONGEST
    };
    if name.chars().count() > LONGEST_NAME || cells.cells.iter().zip(cells.mapping).any(long) {
        return Err(Reason::TooLong);
    }
    let mut draft = Draft::default();
    draft.values.set(Attr::Name, name);
    for (attr, field) in [
        (Attr::Street, Field::Street),
        (Attr::Postcode, Field::Postcode),
        (Attr::City, Field::City),
        (Attr::Region, Field::Region),
        (Attr::RegisterNumber, Field::RegisterNumber),
        (Attr::Summary, Field::Summary),
    ] {
        draft.values.set(attr, squeeze(cells.get(field)));
    }
    read_words(cells, &mut draft);
    read_figures(cells, &mut draft);
    read_lists(cells, &mut draft);
    read_contacts(cells, &mut draft);
    draft.number = squeeze(cells.get(Field::MemberNumber));
    Ok(draft)
}

fn read_words(cells: &Cells<'_>, draft: &mut Draft) {
    let side = cells.get(Field::Side);
    // Of several types the first known one counts.
    if let Some(word) = side.split(['|', ';', ',']).find_map(|w| meaning("side", w)) {
        draft.values.set(Attr::Side, word);
    }
    for (attr, field, topic) in [
        (Attr::State, Field::Status, "status"),
        (Attr::Size, Field::Size, "size"),
    ] {
        match (cells.get(field), meaning(topic, cells.get(field))) {
            ("", _) => {}
            (_, Some(word)) => draft.values.set(attr, word),
            _ => cells.unread(field, draft),
        }
    }
    let kind = cells.get(Field::MembershipKind);
    draft.kind = meaning("membership_kind", kind).and_then(MembershipKind::parse);
    if !kind.is_empty() && draft.kind.is_none() {
        cells.unread(Field::MembershipKind, draft);
    }
    let country = cells.get(Field::Country);
    match meaning("country", country) {
        Some(code) => draft.values.set(Attr::Country, code),
        None if country.len() == 2 && country.bytes().all(|b| b.is_ascii_alphabetic()) => {
            draft.values.set(Attr::Country, country.to_uppercase());
        }
        None if country.is_empty() => {}
        None => cells.unread(Field::Country, draft),
    }
}

fn read_figures(cells: &Cells<'_>, draft: &mut Draft) {
    let founded = cells.get(Field::Founded);
    match year_or_day(founded) {
        Some(day) => draft.values.set(Attr::Founded, &day[..4]),
        None if founded.is_empty() => {}
        None => cells.unread(Field::Founded, draft),
    }
    let since = cells.get(Field::MemberSince);
    match year_or_day(since) {
        Some(day) if day.len() == 4 => draft.since = Some(format!("{day}-01-01")),
        Some(day) => draft.since = Some(day),
        None if since.is_empty() => {}
        None => cells.unread(Field::MemberSince, draft),
    }
    let employees = cells.get(Field::Employees);
    if employees.is_empty() || !draft.values.get(Attr::Size).is_empty() {
        return;
    }
    let figure = employees.trim_start_matches(|c: char| !c.is_ascii_digit());
    match decimal(figure) {
        Some(n) => draft.values.set(Attr::Size, size_of(n).as_str()),
        None => cells.unread(Field::Employees, draft),
    }
}

/// The size class by headcount alone (Recommendation 2003/361/EC, Article 2).
fn size_of(headcount: f64) -> Size {
    match headcount {
        n if n < 10.0 => Size::Micro,
        n if n < 50.0 => Size::Small,
        n if n < 250.0 => Size::Medium,
        _ => Size::Large,
    }
}

fn read_lists(cells: &Cells<'_>, draft: &mut Draft) {
    let parts = |field| {
        cells
            .get(field)
            .split(['|', ';', ',', '\n'])
            .map(squeeze)
            .filter(|part| !part.is_empty())
    };
    let mut classes: Vec<String> = parts(Field::Classes)
        .filter_map(|cell| leading(&cell))
        .collect();
    classes.sort();
    classes.dedup();
    // Words may stand behind a code; a cell of words alone says none.
    if classes.is_empty() && !cells.get(Field::Classes).is_empty() {
        cells.unread(Field::Classes, draft);
    }
    draft.classes = classes;
    let competences: Vec<String> = parts(Field::Competences).collect();
    draft.values.set(Attr::Competences, competences.join("|"));
    let site = cells.get(Field::Website);
    match (site, web_address(site)) {
        ("", _) => {}
        (_, Some(address)) => draft.values.set(Attr::Website, address),
        _ => cells.unread(Field::Website, draft),
    }
    for scheme in Field::SCHEMES {
        let value = identifier(scheme, cells.get(scheme));
        if !value.is_empty() {
            draft.external.push((scheme.as_str().into(), value));
        }
    }
}

/// A web address with its scheme; `None` when the cell holds no such thing.
fn web_address(cell: &str) -> Option<String> {
    let first = cell.split([' ', '\n', ';']).next().unwrap_or("");
    if web_host(first).is_empty() {
        return None;
    }
    let lower = first.to_lowercase();
    match lower.split_once("://") {
        None => Some(format!("https://{first}")),
        Some(("http" | "https", _)) => Some(first.to_owned()),
        Some(_) => None,
    }
}

/// An identifier without the address or the blanks around it.
fn identifier(scheme: Field, cell: &str) -> String {
    let last = cell.trim_end_matches('/').rsplit('/').next().unwrap_or("");
    let bare: String = last
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .take(40)
        .collect();
    match scheme {
        Field::Ror => bare.to_lowercase(),
        _ => bare.to_uppercase(),
    }
}

fn read_contacts(cells: &Cells<'_>, draft: &mut Draft) {
    let mail = read_mail(cells, Field::ContactMail, draft);
    let host = mail.rsplit_once('@').map_or("", |(_, host)| host);
    let host = web_host(host);
    if !host.is_empty() && !lexicon().shared.mail_hosts.contains(&host) {
        draft.values.set(Attr::MailHost, host);
    }
    let first = Contact {
        name: person_name(cells),
        function: squeeze(cells.get(Field::ContactFunction)),
        mail,
        phone: squeeze(cells.get(Field::ContactPhone)),
    };
    let second = Contact {
        name: in_order(squeeze(cells.get(Field::SecondName))),
        function: squeeze(cells.get(Field::SecondFunction)),
        mail: read_mail(cells, Field::SecondMail, draft),
        phone: squeeze(cells.get(Field::SecondPhone)),
    };
    let is_named = |c: &Contact| {
        !c.name.is_empty() && !lexicon().shared.no_person.contains(&sort_key(&c.name))
    };
    let is_other = is_named(&second) && !(is_named(&first) && second.is(&first));
    if is_named(&first) {
        draft.contact_mark = first.mark();
        draft.contacts.push(first);
    }
    if is_other {
        draft.second_mark = second.mark();
        draft.contacts.push(second);
    }
}

/// The first mail address of a cell; empty where there is none.
fn read_mail(cells: &Cells<'_>, field: Field, draft: &mut Draft) -> String {
    let mail = cells
        .get(field)
        .split([';', ',', ' ', '\n'])
        .find(|part| !part.is_empty())
        .unwrap_or("")
        .trim_start_matches("mailto:");
    let host = mail.rsplit_once('@').map_or("", |(_, host)| host);
    if !web_host(host).is_empty() && looks_like_mail(&mail.to_lowercase()) {
        return mail.to_owned();
    }
    if !mail.is_empty() {
        cells.unread(field, draft);
    }
    String::new()
}

fn person_name(cells: &Cells<'_>) -> String {
    let whole = squeeze(cells.get(Field::ContactName));
    let joined = [Field::ContactTitle, Field::ContactFirst, Field::ContactLast]
        .map(|field| squeeze(cells.get(field)))
        .join(" ");
    let joined = squeeze(&joined);
    in_order(if joined.is_empty() { whole } else { joined })
}

/// "Claußen, Torben" is Torben Claußen.
fn in_order(name: String) -> String {
    match name.split_once(", ") {
        Some((last, first)) if !first.contains(',') => format!("{first} {last}"),
        _ => name,
    }
}

/// How a line is known again in the cluster's next list.
pub fn row_key(draft: &Draft) -> String {
    if !draft.number.is_empty() {
        return format!("nr:{}", draft.number);
    }
    if let Some((scheme, value)) = draft.external.first() {
        return format!("{scheme}:{value}");
    }
    let v = &draft.values;
    let parts = [
        Attr::Name,
        Attr::Street,
        Attr::Postcode,
        Attr::City,
        Attr::Country,
    ];
    let parts = parts.map(|attr| v.get(attr));
    secret::hash(&parts.join("\u{1f}"))
}

/// What makes two lines stand for the same name at the same place.
pub fn place_key(values: &super::model::Values) -> (String, String) {
    (
        name_key(values.get(Attr::Name)),
        sort_key(values.get(Attr::City)),
    )
}
