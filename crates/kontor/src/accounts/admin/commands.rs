//! Verbs of the administration.

use kontor_platform::db::{Conn, Db};
use kontor_platform::mail::{self, File, NewMail};
use kontor_platform::text::Lang;
use kontor_platform::web::Site;
use kontor_platform::work::Stamp;
use kontor_platform::{Clock, Day, Error, FieldErrors, Id, Result, Work, log, secret};

use super::forms::RegionForm;
use super::store as own;
use crate::accounts::commands::{check_name, create_account, grant, looks_like_mail};
use crate::accounts::entry::{Entered, enter};
use crate::accounts::links::end_open;
use crate::accounts::model::{
    Account, AccountLocked, AccountUnlocked, PasswordSet, Role, RoleEnded, RoleKind, Scope,
};
use crate::accounts::settings::{self, MailServer, SettingsChanged};
use crate::accounts::{Cx, Letter, NewAccount, passwords, store};

/// The setting that holds the hash of the set-up link's token.
const SETUP: &str = "setup";

/// The setting that holds the hash of the token by which somebody has set up.
const SET_UP_BY: &str = "set_up_by";

/// While there is no administration: makes a new set-up link (the one before
/// ends) and answers its token.
pub fn offer_setup(db: &Db, clock: &Clock) -> Result<Option<String>> {
    let token = secret::token();
    let hash = secret::hash(&token);
    db.write_now(Stamp::system(clock.now()), move |work| {
        let today = work.now().day();
        if store::count_admins(work, today)? > 0 {
            return Ok(false);
        }
        store::set(work, SETUP, &hash)?;
        Ok(true)
    })
    .map(|offered| offered.then_some(token))
}

/// The hash of the token by which somebody may set up; none once there is an
/// administration.
fn offered(conn: &mut Conn, today: Day) -> Result<Option<String>> {
    let stored = store::setting(conn, SETUP)?;
    match store::count_admins(conn, today)? {
        0 => Ok(stored),
        _ => Ok(None),
    }
}

/// Whether a set-up link works.
pub fn is_setup_open(conn: &mut Conn, token: &str, today: Day) -> Result<bool> {
    Ok(offered(conn, today)?.is_some_and(|hash| hash == secret::hash(token)))
}

/// Whether some set-up link works.
pub fn awaits_setup(conn: &mut Conn, today: Day) -> Result<bool> {
    Ok(offered(conn, today)?.is_some())
}

/// Whether somebody has set up by this very link: their form may come twice.
pub fn is_set_up_by(conn: &mut Conn, token: &str) -> Result<bool> {
    let stored = store::setting(conn, SET_UP_BY)?;
    Ok(stored.is_some_and(|hash| hash == secret::hash(token)))
}

/// What the first person types.
pub struct FirstPerson {
    pub name: String,
    pub mail: String,
    pub password: String,
    pub region: String,
}

/// Creates the first administration account, signs it in and names the region;
/// the link is used up by it.
pub async fn set_up(cx: &Cx, token: &str, first: &FirstPerson) -> Result<Entered> {
    let token = token.to_owned();
    let open = {
        let token = token.clone();
        cx.read(move |conn, who| is_setup_open(conn, &token, who.cx.now.day()))
            .await?
    };
    // Before the hash: who has no link has no work done for them.
    if !open {
        return Err(Error::NotFound);
    }
    let mut fields = FieldErrors::default();
    check_name(&mut fields, &first.name);
    if !looks_like_mail(&first.mail.to_lowercase()) {
        fields.add("mail", "accounts-error-mail");
    }
    passwords::check_new(&mut fields, "password", &first.password);
    if first.region.is_empty() || first.region.chars().count() > 120 {
        fields.add("region", "admin-error-region");
    }
    fields.done(())?;
    let hash = passwords::hashed(&first.password).await?;
    let link = secret::hash(&token);
    let (name, mail, region) = (first.name.clone(), first.mail.clone(), first.region.clone());
    let lang = cx.lang;
    enter(cx, move |work, _| {
        let today = work.now().day();
        if !is_setup_open(work, &token, today)? || !store::remove(work, SETUP)? {
            return Err(Error::NotFound);
        }
        store::set(work, SET_UP_BY, &link)?;
        let new = NewAccount {
            mail: &mail,
            name: &name,
            lang,
            demo_key: None,
        };
        let account = create_account(work, &new)?;
        store::set_password(work, account, &hash)?;
        work.announce(&PasswordSet { account });
        let role = Role {
            kind: RoleKind::Admin,
            scope: Scope::Region,
            since: today,
            until: None,
        };
        grant(work, account, &role, None)?;
        let region = settings::Region {
            name: region.clone(),
            ..settings::region(work)?
        };
        settings::set_region(work, &region)?;
        Ok(account)
    })
    .await
}

/// Stores the region and the public address.
pub fn save_region(work: &mut Work<'_>, form: &RegionForm) -> Result<()> {
    form.check()?;
    settings::set_region(work, &form.region)?;
    settings::set_public_url(work, &form.public_url)?;
    work.announce(&SettingsChanged {
        group: "region".into(),
    });
    Ok(())
}

/// A letter that shows whether mail arrives, with a file.
pub fn test_letter(site: &Site, lang: Lang, to: &str) -> Result<NewMail> {
    let s = site.speak(lang);
    Letter {
        kind: "accounts.test",
        key: format!("test:{}", secret::token()),
        to: to.to_owned(),
        lang,
        subject: s.t("mail-test-subject").to_owned(),
        paragraphs: vec![s.t("mail-test-text").to_owned()],
        files: vec![File {
            name: "kontor.txt".into(),
            media_type: "text/plain; charset=utf-8".into(),
            bytes: s.t("mail-test-file").as_bytes().to_vec(),
        }],
        ..Letter::default()
    }
    .mail(site)
}

/// What a test says while the mail server's password cannot be read.
pub const UNREADABLE: &str =
    "the stored password was sealed with another server secret; type it again";

/// Sends the test letter to the asking person at once.
pub async fn probe(cx: &Cx) -> Result<(String, Result<()>)> {
    let (to, server): (String, MailServer) = cx
        .read(|conn, who| {
            who.administers()?;
            let account = who.actor.account.ok_or(Error::Forbidden)?;
            let site = &who.cx.site;
            if site.demo {
                return Err(Error::Refused("admin-refused-demo-mail"));
            }
            Ok((
                store::mail(conn, account)?,
                settings::smtp(conn, &site.config, &site.key)?,
            ))
        })
        .await?;
    if server.is_unreadable {
        return Ok((to, Err(Error::broken(UNREADABLE))));
    }
    let smtp = server.smtp;
    let letter = test_letter(&cx.site, cx.lang, &to)?;
    let sent = tokio::task::spawn_blocking(move || mail::probe(&smtp, &letter))
        .await
        .map_err(|e| Error::Broken(Box::new(e)))?;
    Ok((to, sent))
}

/// Ends a role today. The last administration stays: somebody must be able to
/// give roles.
pub fn end_role(work: &mut Work<'_>, id: Id<Role>) -> Result<Id<Account>> {
    let found = own::role(work, id)?;
    let role = found.role;
    if role.kind == RoleKind::Admin && role.until.is_none() {
        stays(work, found.account)?;
    }
    let today = work.now().day();
    // A role that began today never held: its end is its beginning.
    if own::end_role(work, id, today.max(role.since))? {
        work.announce(&RoleEnded {
            account: found.account,
            role: role.kind,
            scope: role.scope,
        });
    }
    Ok(found.account)
}

/// Refuses when nobody but this account administers the installation without an
/// end. Two who take the role from each other at once are one after the other
/// here: each must see what the other has done.
fn stays(work: &mut Work<'_>, account: Id<Account>) -> Result<()> {
    log::hold(work)?;
    if store::other_admins(work, account)? == 0 {
        return Err(Error::Refused("admin-refused-last"));
    }
    Ok(())
}

/// Locks an account out, or lets it in again. Nobody locks themselves out.
pub fn set_locked(
    work: &mut Work<'_>,
    by: Option<Id<Account>>,
    account: Id<Account>,
    locked: bool,
) -> Result<()> {
    if by == Some(account) {
        return Err(Error::Refused("admin-refused-self"));
    }
    if locked {
        keep_administration(work, account)?;
        if own::set_state(work, account, "active", "locked")? {
            store::end_sessions(work, account, "")?;
            end_open(work, account)?;
            work.announce(&AccountLocked { account });
        }
    } else if own::set_state(work, account, "locked", "active")? {
        work.announce(&AccountUnlocked { account });
    }
    Ok(())
}

/// Refuses when the installation would have no administration without this
/// account; for whoever is about to lock or empty it.
pub fn keep_administration(work: &mut Work<'_>, account: Id<Account>) -> Result<()> {
    let mine = own::roles(work, account)?;
    let admin = |r: &own::Assigned| r.role.kind == RoleKind::Admin && r.role.until.is_none();
    if mine.iter().any(admin) && own::one(work, account)?.state == "active" {
        stays(work, account)?;
    }
    Ok(())
}
