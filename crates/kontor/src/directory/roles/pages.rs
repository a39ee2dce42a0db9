//! Handlers of accounts and roles.

use std::collections::HashMap;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kontor_platform::web::{Form, encode, redirect};
use kontor_platform::{Day, Error, FieldErrors, Id, Result};

use super::{commands, store};
use crate::accounts::admin::{self, Assigned, Listed, Wanted};
use crate::accounts::{Account, Cx, Frame, RoleKind, Scope};
use crate::directory::figures::Audience;
use crate::directory::people;
use crate::directory::store::clusters;

/// Rows on one page.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "directory/roles/views/list.html")]
struct List {
    f: Frame,
    accounts: Vec<Listed>,
    /// Roles of the accounts on this page that hold or will.
    roles: HashMap<Id<Account>, Vec<Assigned>>,
    /// Names of the places in which they hold.
    names: HashMap<String, String>,
    search: String,
    /// The role that is asked for.
    wanted: Option<RoleKind>,
    today: Day,
    next: Option<String>,
    clusters: Vec<(String, String)>,
    typed: Form,
    errors: FieldErrors,
}

/// Key of the name of an account's state.
fn state_key(state: &str) -> &'static str {
    match state {
        "invited" => "roles-state-invited",
        "active" => "roles-state-active",
        "locked" => "roles-state-locked",
        _ => "roles-state-closed",
    }
}

impl List {
    fn state(&self, listed: &Listed) -> &'static str {
        state_key(&listed.state)
    }
    fn kinds(&self) -> impl Iterator<Item = RoleKind> {
        commands::KINDS.iter().map(|(kind, _)| *kind)
    }
    /// Every role that somebody may have.
    fn all_kinds(&self) -> impl Iterator<Item = RoleKind> {
        RoleKind::ALL.iter().copied()
    }
    fn is_wanted(&self, kind: &RoleKind) -> bool {
        self.wanted == Some(*kind)
    }
    fn roles_of(&self, listed: &Listed) -> &[Assigned] {
        self.roles.get(&listed.id).map_or(&[], Vec::as_slice)
    }
    fn place(&self, role: &Assigned) -> &str {
        place(&self.f, &self.names, role)
    }
    /// The last day of a role that ends.
    fn last(&self, role: &Assigned) -> Option<Day> {
        role.role.until.map(Day::before)
    }
    /// The first day of a role that has not begun.
    fn begins(&self, role: &Assigned) -> Option<Day> {
        Some(role.role.since).filter(|since| *since > self.today)
    }
}

/// Where a role holds, in words.
fn place<'a>(f: &'a Frame, names: &'a HashMap<String, String>, role: &Assigned) -> &'a str {
    match &role.role.scope {
        Scope::Region => f.t("roles-region"),
        Scope::Cluster(id) | Scope::Organisation(id) => names.get(id).map_or("", String::as_str),
    }
}

pub async fn list(cx: Cx) -> Result<Response> {
    show_list(&cx, StatusCode::OK, Form::default(), FieldErrors::default()).await
}

async fn show_list(
    cx: &Cx,
    status: StatusCode,
    typed: Form,
    errors: FieldErrors,
) -> Result<Response> {
    cx.page_with(status, move |conn, who| {
        who.administers()?;
        let asked = who.cx.fields();
        let search: String = asked.text("q").chars().take(80).collect();
        let (kind, today) = (RoleKind::parse(asked.text("rolle")), who.cx.now.day());
        let wanted = Wanted {
            search: &search,
            role: kind.map(|kind| (kind, today)),
        };
        let limit = i64::try_from(PAGE).unwrap_or(i64::MAX - 1) + 1;
        let mut accounts = admin::list(conn, &wanted, asked.text("nach"), limit)?;
        let more = accounts.len() > PAGE;
        accounts.truncate(PAGE);
        let last = accounts.last().filter(|_| more);
        let next = last.map(|last| next_page(&search, kind, &last.mail_key));
        let standing = admin::standing(conn, accounts.iter().map(|a| a.id), today)?;
        let names = store::names(conn, &standing)?;
        let mut roles: HashMap<_, Vec<Assigned>> = HashMap::new();
        for role in standing {
            roles.entry(role.account).or_default().push(role);
        }
        let clusters = clusters(conn, &Audience::PUBLIC)?;
        Ok(List {
            f: who.frame_t("roles-title"),
            accounts,
            roles,
            names,
            search,
            wanted: kind,
            today,
            next,
            clusters: clusters
                .into_iter()
                .map(|c| (c.cluster.slug, c.cluster.name))
                .collect(),
            typed,
            errors,
        })
    })
    .await
}

/// The address of the page behind an account.
fn next_page(search: &str, kind: Option<RoleKind>, after: &str) -> String {
    let role = kind.map_or("", RoleKind::as_str);
    let (search, after) = (encode(search), encode(after));
    format!("/verwaltung/konten?q={search}&rolle={role}&nach={after}")
}

pub async fn invite(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    match commands::invite(&cx, &form).await {
        Ok(()) => Ok(redirect(&cx.href("/verwaltung/konten?ok=flash-invited"))),
        Err(Error::Invalid(errors)) => {
            show_list(&cx, StatusCode::UNPROCESSABLE_ENTITY, form, errors).await
        }
        Err(other) => Err(other),
    }
}

#[derive(Template)]
#[template(path = "directory/roles/views/account.html")]
struct AccountPage {
    f: Frame,
    account: Listed,
    roles: Vec<Assigned>,
    names: HashMap<String, String>,
    clusters: Vec<(String, String)>,
    typed: Form,
    errors: FieldErrors,
    is_self: bool,
    today: Day,
}

impl AccountPage {
    fn state(&self) -> &'static str {
        state_key(&self.account.state)
    }
    fn kinds(&self) -> impl Iterator<Item = RoleKind> {
        commands::KINDS.iter().map(|(kind, _)| *kind)
    }
    /// The last day of a role that holds for a while and has not ended.
    fn last(&self, role: &Assigned) -> Option<Day> {
        let until = role.role.until.filter(|until| *until > self.today)?;
        Some(until.before())
    }
    fn may_end(&self, role: &Assigned) -> bool {
        role.role.until.is_none_or(|until| until > self.today)
    }
    fn place(&self, role: &Assigned) -> &str {
        place(&self.f, &self.names, role)
    }
}

pub async fn account(cx: Cx, Path(id): Path<Id<Account>>) -> Result<Response> {
    let (typed, errors) = (Form::default(), FieldErrors::default());
    show_account(&cx, StatusCode::OK, id, typed, errors).await
}

async fn show_account(
    cx: &Cx,
    status: StatusCode,
    id: Id<Account>,
    typed: Form,
    errors: FieldErrors,
) -> Result<Response> {
    cx.page_with(status, move |conn, who| {
        who.administers()?;
        let account = commands::named(conn, id)?;
        let roles = admin::roles(conn, id)?;
        let title = if account.name.is_empty() {
            account.mail.clone()
        } else {
            account.name.clone()
        };
        let clusters = clusters(conn, &Audience::PUBLIC)?;
        Ok(AccountPage {
            f: who.frame(title),
            names: store::names(conn, &roles)?,
            account,
            roles,
            clusters: clusters
                .into_iter()
                .map(|c| (c.cluster.slug, c.cluster.name))
                .collect(),
            typed,
            errors,
            is_self: who.actor.account == Some(id),
            today: who.cx.now.day(),
        })
    })
    .await
}

pub async fn grant(cx: Cx, Path(id): Path<Id<Account>>, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let typed = form.clone();
    let done = cx
        .write(move |work, who| commands::grant(work, who, id, &form))
        .await;
    match done {
        Ok(()) => Ok(done_at(&cx, id, "flash-role-granted")),
        Err(Error::Invalid(errors)) => {
            show_account(&cx, StatusCode::UNPROCESSABLE_ENTITY, id, typed, errors).await
        }
        Err(other) => Err(other),
    }
}

pub async fn end(cx: Cx, Path(id): Path<Id<Account>>, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let role = form.text("role").parse()?;
    cx.write(move |work, who| {
        who.administers()?;
        admin::end_role(work, role)?;
        people::end_leads(work)
    })
    .await?;
    Ok(done_at(&cx, id, "flash-role-ended"))
}

pub async fn lock(cx: Cx, Path(id): Path<Id<Account>>, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let locked = form.text("locked") == "1";
    cx.write(move |work, who| {
        who.administers()?;
        admin::set_locked(work, who.actor.account, id, locked)
    })
    .await?;
    let flash = if locked {
        "flash-account-locked"
    } else {
        "flash-account-unlocked"
    };
    Ok(done_at(&cx, id, flash))
}

fn done_at(cx: &Cx, id: Id<Account>, flash: &str) -> Response {
    redirect(&cx.href(format!("/verwaltung/konten/{id}?ok={flash}")))
}
