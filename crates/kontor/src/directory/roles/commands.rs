//! Verbs of roles.

use kontor_platform::db::Conn;
use kontor_platform::text::Lang;
use kontor_platform::web::Form;
use kontor_platform::{Day, Error, FieldErrors, Id, Result, Work, secret};

use crate::accounts::admin::Listed;
use crate::accounts::{self, Account, Cx, Invitation, Role, RoleKind, Scope, Who};
use crate::directory::figures::Audience;
use crate::directory::people;
use crate::directory::store::clusters;

/// A role as it was typed: kind, cluster, and the day before which it ends.
pub struct Typed {
    pub kind: RoleKind,
    pub cluster: String,
    pub until: Option<Day>,
}

/// Roles that the administration gives here, and whether they need a cluster.
pub const KINDS: [(RoleKind, bool); 10] = [
    (RoleKind::ClusterManager, true),
    (RoleKind::Member, false),
    (RoleKind::Coordinator, false),
    (RoleKind::Facilitator, false),
    (RoleKind::Editor, false),
    (RoleKind::Expert, false),
    (RoleKind::Officer, false),
    (RoleKind::Auditor, false),
    (RoleKind::DataProtectionOfficer, false),
    (RoleKind::Admin, false),
];

/// Reads kind, cluster and last day, or notes what is missing or wrong.
pub fn read(form: &Form, today: Day, fields: &mut FieldErrors) -> Option<Typed> {
    let kind = RoleKind::parse(form.text("role"));
    let known = kind.and_then(|k| KINDS.iter().find(|(known, _)| *known == k));
    let Some((kind, needs_cluster)) = known else {
        fields.add("role", "accounts-error-choice");
        return None;
    };
    let cluster = form.text("cluster").to_owned();
    if *needs_cluster && cluster.is_empty() {
        fields.add("cluster", "roles-error-cluster");
    }
    if kind.is_regional() && !cluster.is_empty() {
        fields.add("cluster", "roles-error-regional");
    }
    let last = Day::parse(form.text("until"));
    if !form.text("until").is_empty() && last.is_none_or(|last| last < today) {
        fields.add("until", "roles-error-until");
    }
    if kind.needs_end() && form.text("until").is_empty() {
        fields.add("until", "roles-error-auditor");
    }
    Some(Typed {
        kind: *kind,
        cluster,
        until: last.map(Day::next),
    })
}

/// The role with its place: a cluster by its address, or the region.
pub fn place(conn: &mut Conn, typed: &Typed, since: Day) -> Result<(Role, Option<String>)> {
    let (scope, name) = if typed.cluster.is_empty() {
        (Scope::Region, None)
    } else {
        let all = clusters(conn, &Audience::PUBLIC)?;
        let found = all.into_iter().find(|c| c.cluster.slug == typed.cluster);
        let cluster = found.ok_or_else(|| {
            let mut fields = FieldErrors::default();
            fields.add("cluster", "roles-error-cluster");
            Error::Invalid(fields)
        })?;
        let cluster = cluster.cluster;
        (Scope::Cluster(cluster.id.to_string()), Some(cluster.name))
    };
    let role = Role {
        kind: typed.kind,
        scope,
        since,
        until: typed.until,
    };
    Ok((role, name))
}

/// An account that is somebody's: an emptied one is not found.
pub fn named(conn: &mut Conn, id: Id<Account>) -> Result<Listed> {
    let account = accounts::admin::one(conn, id)?;
    if account.mail.is_empty() {
        return Err(Error::NotFound);
    }
    Ok(account)
}

/// Gives an account a role that was typed. One that it has without an end stays
/// so until somebody ends it.
pub fn grant(work: &mut Work<'_>, who: &Who, id: Id<Account>, form: &Form) -> Result<()> {
    who.administers()?;
    let account = named(work, id)?;
    let today = work.now().day();
    let mut fields = FieldErrors::default();
    let typed = read(form, today, &mut fields);
    fields.clone().done(())?;
    let typed = typed.ok_or(Error::NotFound)?;
    let (role, _) = place(work, &typed, today)?;
    let is_held = |r: &Role| r.kind == role.kind && r.scope == role.scope && r.until.is_none();
    let held = accounts::admin::roles(work, id)?;
    if role.until.is_some() && held.iter().any(|a| is_held(&a.role)) {
        fields.add("until", "roles-error-unlimited");
        return Err(Error::Invalid(fields));
    }
    let by = who.actor.account.map(|a| a.to_string());
    accounts::grant(work, id, &role, by.as_deref())?;
    has_role(work, id, &account.name, &account.mail, &role)
}

/// Invites an address to a role, by a letter in the chosen language.
pub async fn invite(cx: &Cx, form: &Form) -> Result<()> {
    let mut fields = FieldErrors::default();
    let typed = read(form, cx.now.day(), &mut fields);
    let (mail, name) = (form.text("mail").to_owned(), form.text("name").to_owned());
    if !accounts::looks_like_mail(&mail.to_lowercase()) {
        fields.add("mail", "accounts-error-mail");
    }
    fields.done(())?;
    let typed = typed.ok_or(Error::NotFound)?;
    let lang = Lang::parse(form.text("lang")).unwrap_or(cx.lang);
    let (role, place, by) = cx
        .read(move |conn, who| {
            who.administers()?;
            let (role, place) = place(conn, &typed, who.cx.now.day())?;
            Ok((role, place, who.name.clone()))
        })
        .await?;
    let token = secret::token();
    let s = cx.site.speak(lang);
    let what = s.t(role.kind.key());
    let mut text = vec![s.with(
        "roles-invitation-text",
        &[
            ("by", kontor_platform::text::Arg::Text(&by)),
            ("role", kontor_platform::text::Arg::Text(what)),
        ],
    )];
    if let Some(place) = place {
        text.push(s.name("roles-invitation-place", place));
    }
    let subject = s.t("roles-invitation-subject").to_owned();
    let letter = accounts::invitation_letter(&cx.site, lang, &mail, &token, subject, text);
    let letter = letter.mail(&cx.site)?;
    let new = Invitation {
        mail,
        name,
        lang,
        role: Some(role.clone()),
    };
    cx.write(move |work, who| {
        who.administers()?;
        let account = accounts::invite(work, &new, &token, Some(&letter))?;
        has_role(work, account, &new.name, &new.mail, &role)
    })
    .await
}

/// Whoever has a role in a cluster is one of its people.
pub fn has_role(
    work: &mut Work<'_>,
    account: Id<Account>,
    name: &str,
    mail: &str,
    role: &Role,
) -> Result<()> {
    let Scope::Cluster(cluster) = &role.scope else {
        return Ok(());
    };
    let person = people::ensure(work, account, name, mail)?;
    let leads = role.kind == RoleKind::ClusterManager;
    people::belongs_to(work, person, cluster.parse()?, leads)
}
