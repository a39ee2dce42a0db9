//! What the form of a cluster may hold.

use kontor_platform::web::Form;
use kontor_platform::{Day, FieldErrors, Result};

use crate::accounts::meanwhile::Present;
use crate::directory::NewCluster;
use crate::directory::model::{Cluster, Visibility};

/// A cluster as typed.
#[derive(Debug, Clone, Default)]
pub struct ClusterForm {
    pub name: String,
    pub slug: String,
    pub code: String,
    pub purpose_de: String,
    pub purpose_en: String,
    pub about_de: String,
    pub about_en: String,
    /// Parted by commas.
    pub themes_de: String,
    pub themes_en: String,
    pub website: String,
    pub founded: String,
    pub visibility: String,
    /// The founding person leads it.
    pub own: bool,
}

/// Word, key of the name and value of each field.
type Field = (&'static str, &'static str, fn(&ClusterForm) -> &str);

/// What can be changed of a cluster.
pub const FIELDS: &[Field] = &[
    ("name", "manage-field-name", |c| &c.name),
    ("code", "manage-field-code", |c| &c.code),
    ("slug", "manage-field-slug", |c| &c.slug),
    ("purpose_de", "manage-field-purpose-de", |c| &c.purpose_de),
    ("purpose_en", "manage-field-purpose-en", |c| &c.purpose_en),
    ("about_de", "manage-field-about-de", |c| &c.about_de),
    ("about_en", "manage-field-about-en", |c| &c.about_en),
    ("themes_de", "manage-field-themes-de", |c| &c.themes_de),
    ("themes_en", "manage-field-themes-en", |c| &c.themes_en),
    ("website", "manage-field-website", |c| &c.website),
    ("founded", "manage-field-founded", |c| &c.founded),
    ("visibility", "manage-field-visibility", |c| &c.visibility),
];

/// Key of a field's name, by the field's word.
pub fn field_key(word: &str) -> Option<&'static str> {
    let found = FIELDS.iter().find(|(known, ..)| *known == word);
    found.map(|(_, key, _)| *key)
}

impl ClusterForm {
    /// Reads what was typed; the address follows the name when it is left out.
    pub fn read(form: &Form) -> ClusterForm {
        let text = |name: &str, most: usize| form.text(name).chars().take(most).collect::<String>();
        let name = text("name", 120);
        let slug = match text("slug", 80) {
            typed if typed.is_empty() => kontor_analysis::names::slug(&name),
            typed => kontor_analysis::names::slug(&typed),
        };
        ClusterForm {
            slug,
            code: text("code", 4).to_uppercase(),
            purpose_de: text("purpose-de", 300),
            purpose_en: text("purpose-en", 300),
            about_de: text("about-de", 4000),
            about_en: text("about-en", 4000),
            themes_de: text("themes-de", 400),
            themes_en: text("themes-en", 400),
            website: web_address(&text("website", 300)),
            founded: text("founded", 4),
            visibility: text("visibility", 20),
            own: form.ticked("own"),
            name,
        }
    }

    /// The form of a stored cluster.
    pub fn of(c: &Cluster) -> ClusterForm {
        ClusterForm {
            name: c.name.clone(),
            slug: c.slug.clone(),
            code: c.code.clone(),
            purpose_de: c.purpose_de.clone(),
            purpose_en: c.purpose_en.clone(),
            about_de: c.about_de.clone(),
            about_en: c.about_en.clone(),
            themes_de: c.themes_de.replace('|', ", "),
            themes_en: c.themes_en.replace('|', ", "),
            website: c.website.clone(),
            founded: c.founded.map_or_else(String::new, |y| y.to_string()),
            visibility: c.visibility.as_str().to_owned(),
            own: false,
        }
    }

    /// Name in the form, key of the label and value of each field.
    pub fn present(&self) -> Vec<Present> {
        let present = |(word, key, of): &Field| Present {
            name: word.replace('_', "-"),
            key,
            value: of(self).to_owned(),
        };
        FIELDS.iter().map(present).collect()
    }

    /// Words of the fields in which two forms differ.
    pub fn differences(&self, other: &ClusterForm) -> Vec<&'static str> {
        let differs = |(_, _, of): &&Field| bars(of(self)) != bars(of(other));
        FIELDS
            .iter()
            .filter(differs)
            .map(|(word, ..)| *word)
            .collect()
    }

    /// The cluster, or every field error at once.
    pub fn check(&self, today: Day) -> Result<(NewCluster, Visibility)> {
        let mut fields = FieldErrors::default();
        if self.name.is_empty() {
            fields.add("name", "manage-error-name");
        }
        if self.slug.is_empty() {
            fields.add("slug", "manage-error-slug");
        }
        if self.slug == "neu" {
            fields.add("slug", "manage-error-slug-reserved");
        }
        let letters = self.code.chars().count();
        if !(2..=4).contains(&letters) || !self.code.chars().all(char::is_alphanumeric) {
            fields.add("code", "manage-error-code");
        }
        if self.purpose_de.is_empty() && self.purpose_en.is_empty() {
            fields.add("purpose-de", "manage-error-purpose");
        }
        if !self.website.is_empty() && !is_web_address(&self.website) {
            fields.add("website", "manage-error-website");
        }
        let founded = match self.founded.as_str() {
            "" => None,
            typed => {
                let year = typed.parse::<i64>().ok();
                let year = year.filter(|y| (1200..=i64::from(today.0.year())).contains(y));
                if year.is_none() {
                    fields.add("founded", "manage-error-founded");
                }
                year
            }
        };
        let visibility = Visibility::parse(&self.visibility).unwrap_or(Visibility::Public);
        let new = NewCluster {
            slug: self.slug.clone(),
            code: self.code.clone(),
            name: self.name.clone(),
            purpose_de: self.purpose_de.clone(),
            purpose_en: self.purpose_en.clone(),
            about_de: self.about_de.clone(),
            about_en: self.about_en.clone(),
            themes_de: bars(&self.themes_de),
            themes_en: bars(&self.themes_en),
            website: self.website.clone(),
            founded,
        };
        fields.done((new, visibility))
    }
}

/// A web address as it is stored: what was typed without a scheme gets one.
pub fn web_address(typed: &str) -> String {
    let is_bare = !typed.contains("://") && !typed.contains(char::is_whitespace);
    let host = typed.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host = host.contains('.') && !host.contains(['@', ':']);
    match is_bare && is_host {
        true => format!("https://{typed}"),
        false => typed.to_owned(),
    }
}

/// An address that a browser can open.
pub fn is_web_address(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|r| r.contains('.') && !text.contains(|c: char| c.is_whitespace() || c == '"'))
}

/// A list parted by commas as it is stored: parted by bars.
pub fn bars(list: &str) -> String {
    let words = list.split([',', '|', ';']).map(str::trim);
    words
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join("|")
}
