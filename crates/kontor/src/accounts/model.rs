//! Nouns of sign-in and roles; rules that need neither clock nor database.

use kontor_platform::{Day, Id, fact, words};
use serde::{Deserialize, Serialize};

words! {
    /// What somebody may be in the region.
    pub enum RoleKind {
        Admin = "admin",
        DataProtectionOfficer = "dsb",
        Coordinator = "coordinator",
        ClusterManager = "cluster_manager",
        Facilitator = "facilitator",
        Editor = "editor",
        OrganisationRepresentative = "org_rep",
        Expert = "expert",
        Officer = "officer",
        Auditor = "auditor",
        Member = "member",
    }
}

impl RoleKind {
    /// Whether it is only ever given for a while: auditors act in a period
    /// (DOMAIN D1).
    pub fn needs_end(self) -> bool {
        self == RoleKind::Auditor
    }

    /// Holds for the whole region and for nothing smaller.
    pub fn is_regional(self) -> bool {
        matches!(
            self,
            RoleKind::Admin | RoleKind::DataProtectionOfficer | RoleKind::Coordinator
        )
    }

    /// Key of the role's name.
    pub fn key(self) -> &'static str {
        match self {
            RoleKind::Admin => "accounts-role-admin",
            RoleKind::DataProtectionOfficer => "accounts-role-dsb",
            RoleKind::Coordinator => "accounts-role-coordinator",
            RoleKind::ClusterManager => "accounts-role-cluster-manager",
            RoleKind::Facilitator => "accounts-role-facilitator",
            RoleKind::Editor => "accounts-role-editor",
            RoleKind::OrganisationRepresentative => "accounts-role-org-rep",
            RoleKind::Expert => "accounts-role-expert",
            RoleKind::Officer => "accounts-role-officer",
            RoleKind::Auditor => "accounts-role-auditor",
            RoleKind::Member => "accounts-role-member",
        }
    }

    /// Key of the sentence that says what somebody in the role can do here.
    pub fn may(self) -> &'static str {
        match self {
            RoleKind::Admin => "accounts-role-admin-may",
            RoleKind::DataProtectionOfficer => "accounts-role-dsb-may",
            RoleKind::Coordinator => "accounts-role-coordinator-may",
            RoleKind::ClusterManager => "accounts-role-cluster-manager-may",
            RoleKind::OrganisationRepresentative => "accounts-role-org-rep-may",
            RoleKind::Auditor => "accounts-role-auditor-may",
            RoleKind::Member => "accounts-role-member-may",
            RoleKind::Facilitator | RoleKind::Editor | RoleKind::Expert | RoleKind::Officer => {
                "accounts-role-other-may"
            }
        }
    }
}

words! {
    /// What a link sent by mail is good for.
    pub enum Purpose {
        Invitation = "invitation",
        SignIn = "sign_in",
        Password = "password",
    }
}

impl Purpose {
    /// Seconds for which the link works.
    pub fn lasts_s(self) -> i64 {
        match self {
            Purpose::Invitation => 14 * 24 * 3600,
            Purpose::SignIn => 30 * 60,
            Purpose::Password => 2 * 3600,
        }
    }
}

/// An account: signs in.
#[derive(Debug)]
pub struct Account;

/// Where a role holds: the identifiers are those of higher rooms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scope {
    Region,
    Cluster(String),
    Organisation(String),
}

impl Scope {
    /// The stored pair of kind and identifier.
    pub fn stored(&self) -> (&'static str, &str) {
        match self {
            Scope::Region => ("region", ""),
            Scope::Cluster(id) => ("cluster", id),
            Scope::Organisation(id) => ("organisation", id),
        }
    }

    /// Reads the stored pair.
    pub fn read(kind: &str, id: String) -> Scope {
        match kind {
            "cluster" => Scope::Cluster(id),
            "organisation" => Scope::Organisation(id),
            _ => Scope::Region,
        }
    }
}

/// A role with its scope and its period, half open: [since, until).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    pub kind: RoleKind,
    pub scope: Scope,
    pub since: Day,
    pub until: Option<Day>,
}

impl Role {
    /// Whether the role holds on `day`.
    pub fn holds(&self, day: Day) -> bool {
        self.since <= day && self.until.is_none_or(|until| day < until)
    }
}

/// Whoever asks: nobody, or an account with the roles that hold today.
#[derive(Debug, Clone, Default)]
pub struct Actor {
    pub account: Option<Id<Account>>,
    pub roles: Vec<Role>,
}

impl Actor {
    /// Nobody.
    pub fn anonymous() -> Self {
        Actor::default()
    }

    /// Signed in.
    pub fn is_signed_in(&self) -> bool {
        self.account.is_some()
    }

    /// Has any role today: an account whose last period is over does not.
    pub fn takes_part(&self) -> bool {
        !self.roles.is_empty()
    }

    /// Has this role somewhere.
    pub fn is(&self, kind: RoleKind) -> bool {
        self.roles.iter().any(|r| r.kind == kind)
    }

    /// Manages this cluster.
    pub fn manages(&self, cluster: &str) -> bool {
        self.roles.iter().any(|r| {
            r.kind == RoleKind::ClusterManager && r.scope == Scope::Cluster(cluster.to_owned())
        })
    }

    /// Speaks for this organisation.
    pub fn represents(&self, organisation: &str) -> bool {
        self.organisations().contains(&organisation)
    }

    /// Clusters in which the actor has any role.
    pub fn clusters(&self) -> Vec<&str> {
        self.scopes(|r| match &r.scope {
            Scope::Cluster(id) => Some(id),
            _ => None,
        })
    }

    /// Clusters that the actor manages.
    pub fn led(&self) -> Vec<&str> {
        self.scopes(|r| match (&r.scope, r.kind) {
            (Scope::Cluster(id), RoleKind::ClusterManager) => Some(id),
            _ => None,
        })
    }

    /// Organisations for which the actor speaks.
    pub fn organisations(&self) -> Vec<&str> {
        self.scopes(|r| match (&r.scope, r.kind) {
            (Scope::Organisation(id), RoleKind::OrganisationRepresentative) => Some(id),
            _ => None,
        })
    }

    fn scopes(&self, of: impl Fn(&Role) -> Option<&String>) -> Vec<&str> {
        let mut ids: Vec<&str> = self
            .roles
            .iter()
            .filter_map(of)
            .map(String::as_str)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

fact!(
    /// An account was created.
    AccountCreated, "accounts.account_created", account: Id<Account>);

fact!(
    /// A role was granted.
    RoleGranted, "accounts.role_granted", account: Id<Account>, role: RoleKind, scope: Scope);

fact!(
    /// Somebody signed in.
    SignedIn, "accounts.signed_in", account: Id<Account>);

fact!(
    /// Somebody was invited.
    Invited, "accounts.invited", account: Id<Account>);

fact!(
    /// Somebody accepted an invitation.
    InvitationAccepted, "accounts.invitation_accepted", account: Id<Account>);

fact!(
    /// Somebody chose a new password.
    PasswordSet, "accounts.password_set", account: Id<Account>);

fact!(
    /// Somebody proved a new mail address.
    AddressChanged, "accounts.address_changed", account: Id<Account>);

fact!(
    /// Somebody changed name, language or appearance of their account.
    AccountChanged, "accounts.account_changed", account: Id<Account>);

fact!(
    /// Sessions were ended by their owner before their time.
    SessionsEnded, "accounts.sessions_ended", account: Id<Account>);

fact!(
    /// A role came to its end.
    RoleEnded, "accounts.role_ended", account: Id<Account>, role: RoleKind, scope: Scope);

fact!(
    /// An account was locked out by the administration.
    AccountLocked, "accounts.account_locked", account: Id<Account>);

fact!(
    /// A locked account was let in again.
    AccountUnlocked, "accounts.account_unlocked", account: Id<Account>);

fact!(
    /// An invitation that was never accepted was taken back.
    InvitationWithdrawn, "accounts.invitation_withdrawn", account: Id<Account>);

fact!(
    /// An account was emptied: nothing names its owner any more.
    AccountErased, "accounts.account_erased", account: Id<Account>);
