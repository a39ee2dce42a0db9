//! What a line says that its record does not: set, kept, or asked about. Pure.

use kontor_analysis::names::sort_key;

use super::super::model::State;
use super::known::Record;
use super::model::{Attr, Change, Draft};

/// What a line says that the record does not.
pub(super) struct News<'a> {
    pub(super) draft: &'a Draft,
    pub(super) record: &'a Record,
    /// What the cluster's last list said in this line.
    pub(super) said: Option<&'a Draft>,
    /// Whether the cluster may set values of this record: it is a member, or
    /// nobody's. A record that only other clusters keep is joined and filled
    /// where it is empty, never overwritten.
    pub(super) own: bool,
}

impl News<'_> {
    /// Values to set, values that differ but are kept, and values to ask about.
    pub(super) fn values(&self) -> (Vec<Change>, Vec<Change>, Vec<Change>) {
        let (mut set, mut kept, mut asked) = (Vec::new(), Vec::new(), Vec::new());
        for &attr in Attr::ALL {
            let (before, after) = (self.record.values.get(attr), self.draft.values.get(attr));
            let said = self.said.map(|s| s.values.get(attr));
            // What the last list said too is no news, whoever changed it since.
            if after.is_empty() || said == Some(after) || same(attr, before, after) {
                continue;
            }
            let change = Change {
                attr,
                before: before.to_owned(),
                after: after.to_owned(),
            };
            if self.record.keeps(attr.as_str()) {
                // Whose field it is not, cannot even ask.
                if self.own {
                    asked.push(change);
                } else {
                    kept.push(change);
                }
            } else if before.is_empty() || (self.may_set(attr) && !self.edited(attr, said)) {
                set.push(change);
            } else if attr != Attr::MailHost {
                kept.push(change);
            }
        }
        (set, kept, asked)
    }

    fn may_set(&self, attr: Attr) -> bool {
        let settled = attr == Attr::State
            && !matches!(
                self.record.state,
                State::Active | State::Inactive | State::Verified
            );
        self.own && !settled && attr != Attr::MailHost
    }

    /// Whether somebody changed the value since the last list set it: the
    /// record holds something else than the list had said.
    fn edited(&self, attr: Attr, said: Option<&str>) -> bool {
        said.is_some_and(|s| !s.is_empty() && !same(attr, self.record.values.get(attr), s))
    }
}

/// Whether two values mean the same for a person who reads them.
fn same(attr: Attr, a: &str, b: &str) -> bool {
    let bare = |address: &str| {
        let lower = address.to_lowercase();
        let rest = lower.split_once("://").map_or(lower.as_str(), |(_, r)| r);
        let rest = rest.strip_prefix("www.").unwrap_or(rest);
        rest.trim_end_matches('/').to_owned()
    };
    match attr {
        Attr::Website => bare(a) == bare(b),
        Attr::State => a == b || (a == State::Verified.as_str() && b == State::Active.as_str()),
        // Capitals and spelled-out umlauts are no other name.
        Attr::Name | Attr::City | Attr::Street => a == b || folded(a) == folded(b),
        _ => a == b,
    }
}

fn folded(text: &str) -> String {
    let mut key = sort_key(text);
    for (long, short) in [("ae", "a"), ("oe", "o"), ("ue", "u")] {
        key = key.replace(long, short);
    }
    key
}
