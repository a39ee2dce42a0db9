//! What is asked from outside.

use kontor_platform::{Id, Instant, fact, words};

use crate::directory::model::{Cluster, Organisation};

words! {
    /// What is asked for.
    pub enum Kind {
        Membership = "membership",
        Takeover = "takeover",
    }
}

impl Kind {
    /// Key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Membership => "requests-kind-membership",
            Kind::Takeover => "requests-kind-takeover",
        }
    }
}

words! {
    /// Where a request stands.
    pub enum State {
        Open = "open",
        Approved = "approved",
        Rejected = "rejected",
    }
}

impl State {
    /// Key of its name.
    pub fn key(self) -> &'static str {
        match self {
            State::Open => "requests-state-open",
            State::Approved => "requests-state-approved",
            State::Rejected => "requests-state-rejected",
        }
    }
}

/// A request with the names of what it is about.
#[derive(Debug, Clone)]
pub struct Request {
    pub id: Id<Request>,
    pub kind: Kind,
    /// The cluster to become a member of; none for a takeover.
    pub cluster: Option<Id<Cluster>>,
    pub cluster_name: String,
    pub cluster_slug: String,
    /// The organisation to take over, or the one that an approval led to.
    pub organisation: Option<Id<Organisation>>,
    pub organisation_slug: Option<String>,
    pub organisation_name: String,
    pub website: String,
    pub city: String,
    pub name: String,
    pub mail: String,
    pub function: String,
    pub message: String,
    /// Tag of the language in which was asked.
    pub lang: String,
    pub state: State,
    pub reason: String,
    pub created_at: Instant,
    pub decided_at: Option<Instant>,
}

impl Request {
    /// Whether the asker's address lies in the website's domain. A hint, never
    /// proof: addresses can be typed by anybody.
    pub fn has_domain_of_website(&self) -> bool {
        let web = kontor_analysis::names::web_host(&self.website);
        let mail = self.mail.rsplit('@').next().unwrap_or_default();
        let mail = mail.trim().to_lowercase();
        let inside = |part: &str, whole: &str| part.ends_with(&format!(".{whole}"));
        mail.contains('.') && (mail == web || inside(&web, &mail) || inside(&mail, &web))
    }
}

/// An organisation of the same normalised name in the manager's own cluster.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub organisation: Id<Organisation>,
    pub slug: String,
    pub name: String,
    pub city: String,
}

fact!(
    /// Somebody asked from outside.
    RequestMade, "directory.request_made", request: Id<Request>, kind: Kind);
fact!(
    /// A manager approved a request.
    RequestApproved, "directory.request_approved", request: Id<Request>, organisation: Id<Organisation>);
fact!(
    /// A manager rejected a request.
    RequestRejected, "directory.request_rejected", request: Id<Request>);

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(mail: &str, website: &str) -> bool {
        Request {
            id: Id::new(),
            kind: Kind::Membership,
            cluster: None,
            cluster_name: String::new(),
            cluster_slug: String::new(),
            organisation: None,
            organisation_slug: None,
            organisation_name: String::new(),
            website: website.into(),
            city: String::new(),
            name: String::new(),
            mail: mail.into(),
            function: String::new(),
            message: String::new(),
            lang: "de".into(),
            state: State::Open,
            reason: String::new(),
            created_at: Instant(0),
            decided_at: None,
        }
        .has_domain_of_website()
    }

    #[test]
    fn a_mail_domain_is_compared_as_a_whole() {
        assert!(asks("ada@Werft.example", "https://www.werft.example/start"));
        assert!(asks("ada@mail.werft.example", "https://werft.example"));
        assert!(asks("ada@werft.example", "https://shop.werft.example"));
        assert!(!asks("ada@grosswerft.example", "https://werft.example"));
        assert!(!asks("ada@werft.example", ""));
        assert!(!asks("ada@example", "https://werft.example"));
    }
}
