//! Verbs of accounts.

use kontor_platform::db::Conn;
use kontor_platform::mail::{self, NewMail};
use kontor_platform::text::Lang;
use kontor_platform::{Error, FieldErrors, Id, Instant, Result, Work, secret};

use super::cx::Cx;
use super::model::{
    Account, AccountCreated, InvitationAccepted, Invited, Purpose, Role, RoleGranted, SignedIn,
};
use super::{passwords, store};

/// How long a session lasts without a new sign-in.
const SESSION_S: i64 = 30 * 24 * 3600;
/// Failed tries by password per address, and per network place, in a quarter
/// of an hour.
const TRIES_PER_MAIL: i64 = 10;
const TRIES_PER_PLACE: i64 = 60;
const WINDOW_S: i64 = 900;

/// What a new account needs.
pub struct NewAccount<'a> {
    pub mail: &'a str,
    pub name: &'a str,
    pub lang: Lang,
    /// Only in a demo: the key of its sign-in button.
    pub demo_key: Option<&'a str>,
}

/// Creates an account that can sign in. A taken address is a field error.
pub fn create_account(work: &mut Work<'_>, new: &NewAccount<'_>) -> Result<Id<Account>> {
    let id = Id::new();
    let at = work.now();
    store::insert_account(
        work,
        &store::AccountRow {
            id,
            mail: new.mail,
            mail_key: &mail_key(new.mail),
            name: new.name,
            password_hash: None,
            lang: new.lang.tag(),
            state: "active",
            demo_key: new.demo_key,
            at,
        },
    )?;
    work.announce(&AccountCreated { account: id });
    Ok(id)
}

/// Whom to invite, and to what.
pub struct Invitation {
    pub mail: String,
    /// As far as it is known; the invited person can put it right.
    pub name: String,
    pub lang: Lang,
    pub role: Role,
}

/// Invites an address to a role, by the link that holds `token`; the letter is
/// queued with it. An account that exists already keeps its name and gets the
/// role as well: the inviting person cannot tell the difference.
pub fn invite(
    work: &mut Work<'_>,
    new: &Invitation,
    token: &str,
    letter: Option<&NewMail>,
) -> Result<Id<Account>> {
    let key = mail_key(&new.mail);
    if !looks_like_mail(&key) {
        let mut fields = FieldErrors::default();
        fields.add("mail", "accounts-error-mail");
        return Err(Error::Invalid(fields));
    }
    let at = work.now();
    let account = match store::find_by_mail(work, &key)? {
        Some(found) => found.id,
        None => {
            let id = Id::new();
            let row = store::AccountRow {
                id,
                mail: new.mail.trim(),
                mail_key: &key,
                name: &new.name,
                password_hash: None,
                lang: new.lang.tag(),
                state: "invited",
                demo_key: None,
                at,
            };
            store::insert_account(work, &row)?;
            work.announce(&AccountCreated { account: id });
            id
        }
    };
    grant(work, account, &new.role, None)?;
    send_link(work, account, Purpose::Invitation, token, letter)?;
    work.announce(&Invited { account });
    Ok(account)
}

/// Stores a link for an account and queues the letter that carries it.
pub fn send_link(
    work: &mut Work<'_>,
    account: Id<Account>,
    purpose: Purpose,
    token: &str,
    letter: Option<&NewMail>,
) -> Result<()> {
    let at = work.now();
    let expires = at.plus_s(purpose.lasts_s());
    store::insert_link(work, &secret::hash(token), account, purpose, at, expires)?;
    if let Some(letter) = letter {
        let letter = NewMail {
            account: Some(account.to_string()),
            ..letter.clone()
        };
        mail::queue(work, &letter, at)?;
    }
    Ok(())
}

/// One at sign with something on both sides and a point behind it: the mail
/// itself proves the rest.
pub fn looks_like_mail(key: &str) -> bool {
    let Some((local, host)) = key.split_once('@') else {
        return false;
    };
    !local.is_empty()
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && !key.contains(char::is_whitespace)
        && key.len() <= 254
}

/// Accepts an invitation: the link is used up. A new account gets its name and,
/// if one was chosen, its password; one that is in use stays as it is.
pub async fn accept(cx: &Cx, token: &str, name: &str, password: &str) -> Result<Id<Account>> {
    let link = secret::hash(token);
    let found = {
        let link = link.clone();
        cx.read(move |conn, who| store::open_link(conn, &link, Purpose::Invitation, who.cx.now))
            .await?
    };
    let is_new = found.ok_or(Error::NotFound)?.state == "invited";
    let mut hash = None;
    if is_new {
        let mut fields = FieldErrors::default();
        check_name(&mut fields, name);
        if !password.is_empty() {
            passwords::check_new(&mut fields, "password", password);
        }
        fields.done(())?;
        if !password.is_empty() {
            hash = Some(passwords::hashed(password).await?);
        }
    }
    let name = name.to_owned();
    cx.write(move |work, _| {
        let now = work.now();
        let found = store::open_link(work, &link, Purpose::Invitation, now)?;
        let found = found.ok_or(Error::NotFound)?;
        if !store::use_link(work, &link, now)? {
            return Err(Error::NotFound);
        }
        if found.state == "invited" {
            store::activate(work, found.account, &name, hash.as_deref())?;
        }
        work.announce(&InvitationAccepted {
            account: found.account,
        });
        Ok(found.account)
    })
    .await
}

/// Notes on field `name` that a person's name is missing or far too long.
pub(super) fn check_name(fields: &mut FieldErrors, name: &str) {
    if name.is_empty() || name.chars().count() > 120 {
        fields.add("name", "accounts-error-name");
    }
}

/// Gives an account a role, unless it has it. Who may do so is decided by the
/// caller's policy.
pub fn grant(
    work: &mut Work<'_>,
    account: Id<Account>,
    role: &Role,
    by: Option<&str>,
) -> Result<()> {
    if store::has_role(work, account, role)? {
        return Ok(());
    }
    let at = work.now();
    store::insert_role(work, account, role, by, at)?;
    work.announce(&RoleGranted {
        account,
        role: role.kind,
        scope: role.scope.clone(),
    });
    Ok(())
}

/// An address as it is compared: trimmed, lower case.
pub fn mail_key(mail: &str) -> String {
    mail.trim().to_lowercase()
}

/// Opens a session; answers the token for the cookie.
pub async fn open_session(cx: &Cx, account: Id<Account>) -> Result<String> {
    let token = secret::token();
    let hash = secret::hash(&token);
    let device = cx
        .headers
        .get("user-agent")
        .and_then(|v| v.to_str().ok())
        .map_or_else(String::new, |text| text.chars().take(200).collect());
    cx.write(move |work, _| record_session(work, account, &hash, &device))
        .await?;
    Ok(token)
}

/// Stores a session by its token's hash and announces the sign-in.
pub fn record_session(
    work: &mut Work<'_>,
    account: Id<Account>,
    hash: &str,
    device: &str,
) -> Result<()> {
    let now = work.now();
    store::insert_session(work, hash, account, device, now, now.plus_s(SESSION_S))?;
    work.announce(&SignedIn { account });
    Ok(())
}

/// Any account of the demo, for measuring.
pub fn any_demo_account(conn: &mut Conn) -> Result<Id<Account>> {
    store::demo_accounts(conn)?
        .first()
        .map(|(_, _, id)| *id)
        .ok_or(Error::NotFound)
}

/// Ends the asker's session.
pub async fn close_session(cx: &Cx) -> Result<()> {
    let Some(token) = &cx.token else {
        return Ok(());
    };
    let hash = secret::hash(token);
    cx.write(move |work, _| store::delete_session(work, &hash))
        .await
}

/// Whose password this is. The answer, its words and its time are the same
/// for an unknown address and a wrong password.
pub async fn check_password(cx: &Cx, mail: &str, password: &str) -> Result<Id<Account>> {
    let key = mail_key(mail);
    let buckets = vec![
        (bucket("mail", &key), TRIES_PER_MAIL),
        (bucket("place", &place(cx)), TRIES_PER_PLACE),
    ];
    let window = window(cx.now);
    let found = {
        let (key, buckets) = (key.clone(), buckets.clone());
        cx.read(move |conn, _| {
            within_limits(conn, &buckets, window)?;
            store::credentials(conn, &key)
        })
        .await?
    };
    let stored = found.as_ref().and_then(|c| c.password_hash.clone());
    let matches = passwords::fits(stored, password).await?;
    match found {
        Some(account) if matches && account.state == "active" => Ok(account.id),
        _ => {
            cx.write(move |work, _| count(work, &buckets, window))
                .await?;
            Err(Error::Refused("accounts-refused-credentials"))
        }
    }
}

/// A bucket of the table of limits: hashed, so that it names nobody.
pub fn bucket(kind: &str, what: &str) -> String {
    format!("{kind}:{}", secret::hash(what))
}

/// Where a request comes from, as a bucket counts it.
pub fn place(cx: &Cx) -> String {
    cx.peer.map_or_else(String::new, |ip| ip.to_string())
}

/// The number of the quarter of an hour in which `now` lies.
pub fn window(now: Instant) -> i64 {
    now.0 / 1_000_000 / WINDOW_S
}

/// Refuses with [`Error::TooMany`] when a bucket is full in this window.
pub fn within_limits(conn: &mut Conn, buckets: &[(String, i64)], window: i64) -> Result<()> {
    for (bucket, most) in buckets {
        if store::hits(conn, bucket, window)? >= *most {
            return Err(Error::TooMany {
                retry_after_s: 900,
                overload: false,
            });
        }
    }
    Ok(())
}

/// Counts one try in each bucket.
pub fn count(conn: &mut Conn, buckets: &[(String, i64)], window: i64) -> Result<()> {
    buckets
        .iter()
        .try_for_each(|(bucket, _)| store::add_hit(conn, bucket, window))
}
