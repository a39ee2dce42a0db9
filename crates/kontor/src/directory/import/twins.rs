//! Which records may be the same as a new one. Pure. A possible duplicate is
//! imported on its own and listed; people decide.

use kontor_analysis::duplicates::{LetterPairs, are_similar, letter_pairs, similarity_block};
use kontor_analysis::names::{name_key, stated_former, web_host};

use super::columns::place_key;
use super::known::{Index, Known};
use super::model::{Attr, Draft, Likeness, Other, Twin};

/// A host that so many records share says nothing.
const SHARED: usize = 5;
/// No more possible duplicates of one line are listed.
const MOST: usize = 3;

/// Finds possible duplicates among the records and the lines before.
pub struct Finder<'k> {
    known: &'k Known,
    index: Index,
    /// Lines as records to come; their index begins where the records end.
    lines: Vec<(usize, Draft, String, String)>,
    /// The pairs of letters of each name, records first.
    pairs: Vec<LetterPairs>,
}

impl<'k> Finder<'k> {
    pub fn new(known: &'k Known, index: Index) -> Self {
        Finder {
            known,
            index,
            lines: Vec::new(),
            pairs: known
                .records
                .iter()
                .map(|r| letter_pairs(&r.name_key))
                .collect(),
        }
    }

    /// Possible duplicates of a new line, which is then one for the next.
    pub fn find(&mut self, draft: &Draft, line: usize) -> Vec<Twin> {
        let (name, city) = place_key(&draft.values);
        let web = web_host(draft.values.get(Attr::Website));
        let mail = draft.values.get(Attr::MailHost).to_owned();
        let mut found = self.candidates(draft, &name, &city, &web, &mail);
        found.sort_unstable();
        found.dedup_by_key(|(i, _)| *i);
        found.sort_by_key(|(i, likeness)| (*likeness, *i));
        let mut twins: Vec<Twin> = Vec::new();
        for (i, likeness) in found {
            let twin = self.twin(i, likeness);
            // One notice of a hidden record is enough, and weak likeness to
            // one would tell too much about it.
            let hidden = twin.other == Other::Hidden;
            let weak = likeness > Likeness::FormerName;
            if twins.len() < MOST && !(hidden && (weak || twins.contains(&twin))) {
                twins.push(twin);
            }
        }
        let at = self.known.records.len() + self.lines.len();
        self.index.insert(at, &name, &city, &web, &mail);
        for pair in &draft.external {
            self.index.by_external.entry(pair.clone()).or_insert(at);
        }
        self.pairs.push(letter_pairs(&name));
        self.lines.push((line, draft.clone(), name, city));
        twins
    }

    fn candidates(
        &self,
        draft: &Draft,
        name: &str,
        city: &str,
        web: &str,
        mail: &str,
    ) -> Vec<(usize, Likeness)> {
        let mut found: Vec<(usize, Likeness)> = draft
            .external
            .iter()
            .filter_map(|pair| self.index.by_external.get(pair))
            .map(|i| (*i, Likeness::Identifier))
            .collect();
        for i in self.index.by_name.get(name).into_iter().flatten() {
            let likeness = if self.keys(*i).1 == city {
                Likeness::NameAndPlace
            } else {
                Likeness::Name
            };
            found.push((*i, likeness));
        }
        let stated = stated_former(draft.values.get(Attr::Name)).map(name_key);
        let stated = stated.and_then(|key| self.index.by_name.get(&key));
        let former = self
            .index
            .by_former_name
            .get(name)
            .into_iter()
            .chain(stated);
        found.extend(former.flatten().map(|i| (*i, Likeness::FormerName)));
        if let Some(block) = similarity_block(name, city) {
            let block = self.index.by_block.get(&block);
            let own = letter_pairs(name);
            let similar = block
                .into_iter()
                .flatten()
                .filter(|i| are_similar(&self.pairs[**i], &own));
            found.extend(similar.map(|i| (*i, Likeness::Similar)));
        }
        for (table, host, likeness) in [
            (&self.index.by_web, web, Likeness::WebHost),
            (&self.index.by_mail, mail, Likeness::MailHost),
        ] {
            let sharing = table.get(host).filter(|all| all.len() <= SHARED);
            found.extend(sharing.into_iter().flatten().map(|i| (*i, likeness)));
        }
        found
    }

    /// Name and place as they compare.
    fn keys(&self, i: usize) -> (&str, &str) {
        match self.known.records.get(i) {
            Some(r) => (&r.name_key, &r.city_key),
            None => {
                let (_, _, name, city) = &self.lines[i - self.known.records.len()];
                (name, city)
            }
        }
    }

    fn twin(&self, i: usize, likeness: Likeness) -> Twin {
        let other = match self.known.records.get(i) {
            Some(r) if r.visible => Other::Record {
                id: r.id,
                slug: r.slug.clone(),
                name: r.values.get(Attr::Name).to_owned(),
            },
            Some(_) => Other::Hidden,
            None => {
                let (line, draft, _, _) = &self.lines[i - self.known.records.len()];
                Other::Line {
                    line: *line,
                    name: draft.values.get(Attr::Name).to_owned(),
                }
            }
        };
        let likeness = if other == Other::Hidden && likeness <= Likeness::FormerName {
            // How it is alike would already say something of it.
            Likeness::Identifier
        } else {
            likeness
        };
        Twin { likeness, other }
    }
}
