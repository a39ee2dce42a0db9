//! What the directory knows before an import, indexed for matching. Pure.

use kontor_analysis::duplicates::similarity_block;
use std::collections::{HashMap, HashSet};

use kontor_platform::Id;

use super::super::model::{Cluster, Organisation, State, Visibility};
use super::model::{Attr, Draft, Values};

/// An organisation as an import sees it.
#[derive(Debug, Clone)]
pub struct Record {
    pub id: Id<Organisation>,
    pub slug: String,
    pub values: Values,
    pub name_key: String,
    pub city_key: String,
    pub web_host: String,
    pub state: State,
    pub visibility: Visibility,
    /// The day on which its size was counted.
    pub size_as_of: Option<String>,
    /// Clusters with an open membership.
    pub clusters: Vec<String>,
    /// Schemes and values of its identifiers.
    pub external: Vec<(String, String)>,
    pub classes: Vec<String>,
    /// Fields that its own people keep.
    pub owned: Vec<String>,
    /// Former names as they compare.
    pub former_names: Vec<String>,
    /// Whether the viewer may see it (INV-23).
    pub visible: bool,
}

impl Record {
    /// Whether an identifier of the line contradicts this record's.
    pub fn contradicts<'a>(
        &self,
        external: impl IntoIterator<Item = &'a (String, String)>,
    ) -> bool {
        external.into_iter().any(|(scheme, value)| {
            let mut own = self.external.iter().filter(|(s, _)| s == scheme).peekable();
            own.peek().is_some() && own.all(|(_, v)| v != value)
        })
    }

    /// Whether the country contradicts, if the line names one.
    pub fn is_elsewhere(&self, draft: &Draft) -> bool {
        let country = draft.values.get(Attr::Country);
        !country.is_empty() && country != self.values.get(Attr::Country)
    }

    /// Whether its own people keep a field, by the field's word.
    pub fn keeps(&self, field: &str) -> bool {
        self.owned.iter().any(|f| f == field)
    }

    pub fn is_member(&self, cluster: Id<Cluster>) -> bool {
        self.clusters.contains(&cluster.to_string())
    }
}

/// Everything an import is compared with, from one snapshot.
pub struct Known {
    pub cluster: Id<Cluster>,
    /// The log's head in the snapshot.
    pub head: i64,
    pub records: Vec<Record>,
    /// Which record a line of this cluster's lists led to, by the line's key.
    pub remembered: HashMap<String, Id<Organisation>>,
    /// What this cluster's last list said of a record.
    pub said: HashMap<Id<Organisation>, Draft>,
    /// Records that others were merged into.
    pub winners: HashSet<Id<Organisation>>,
    /// Taken addresses of organisations.
    pub slugs: HashSet<String>,
    /// Mail address and name of people by organisation, as they compare.
    pub people: HashMap<Id<Organisation>, Vec<(String, String)>>,
}

/// The records by what lines can find them with.
pub struct Index {
    pub by_id: HashMap<Id<Organisation>, usize>,
    pub by_external: HashMap<(String, String), usize>,
    pub by_name: HashMap<String, Vec<usize>>,
    pub by_former_name: HashMap<String, Vec<usize>>,
    pub by_web: HashMap<String, Vec<usize>>,
    pub by_mail: HashMap<String, Vec<usize>>,
    /// By place and the beginning of the name.
    pub by_block: HashMap<(String, String), Vec<usize>>,
}

impl Index {
    pub fn new(records: &[Record]) -> Index {
        let mut index = Index {
            by_id: HashMap::with_capacity(records.len()),
            by_external: HashMap::new(),
            by_name: HashMap::with_capacity(records.len()),
            by_former_name: HashMap::new(),
            by_web: HashMap::new(),
            by_mail: HashMap::new(),
            by_block: HashMap::new(),
        };
        for (i, record) in records.iter().enumerate() {
            index.by_id.insert(record.id, i);
            for pair in &record.external {
                index.by_external.insert(pair.clone(), i);
            }
            for name in &record.former_names {
                let all = index.by_former_name.entry(name.clone()).or_default();
                all.push(i);
            }
            index.insert(
                i,
                &record.name_key,
                &record.city_key,
                &record.web_host,
                record.values.get(Attr::MailHost),
            );
        }
        index
    }

    /// Adds a record, or a line as a record to come.
    pub fn insert(&mut self, i: usize, name: &str, city: &str, web: &str, mail: &str) {
        self.by_name.entry(name.to_owned()).or_default().push(i);
        if let Some(block) = similarity_block(name, city) {
            self.by_block.entry(block).or_default().push(i);
        }
        if !web.is_empty() {
            self.by_web.entry(web.to_owned()).or_default().push(i);
        }
        if !mail.is_empty() {
            self.by_mail.entry(mail.to_owned()).or_default().push(i);
        }
    }
}
