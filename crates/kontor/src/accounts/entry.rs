//! Ways in: password, link and invitation open a session.
//!
//! Always true: what proves the asker (a link, a password) is taken in the same
//! transaction that opens the session; a password is looked at only after the
//! try has been counted.

use kontor_platform::db::Conn;
use kontor_platform::text::Lang;
use kontor_platform::{Error, FieldErrors, Id, Result, Work, secret};

use super::commands::{check_name, mail_key};
use super::cx::{Cx, Who};
use super::limits::Limits;
use super::model::{Account, InvitationAccepted, Purpose, SignedIn};
use super::{passwords, store};

/// How long a session lasts without a new sign-in.
const SESSION_S: i64 = 30 * 24 * 3600;
/// Tries by password in a quarter of an hour: for one address from one network
/// place, for one address from anywhere, and from one place.
const TRIES_HERE: i64 = 10;
const TRIES_PER_MAIL: i64 = 100;
const TRIES_PER_PLACE: i64 = 60;

/// Somebody who is signed in from now on.
pub struct Entered {
    /// The session's token, for the cookie.
    pub token: String,
    /// The language that the account's owner reads.
    pub lang: Lang,
}

/// Signs in whom `find` names, in one transaction with what `find` does; the
/// asker's session before ends.
pub async fn enter<F>(cx: &Cx, find: F) -> Result<Entered>
where
    F: Fn(&mut Work<'_>, &Who) -> Result<Id<Account>> + Send + 'static,
{
    let token = secret::token();
    let hash = secret::hash(&token);
    let before = cx.token.as_deref().map(secret::hash);
    let device: String = cx
        .headers
        .get("user-agent")
        .and_then(|v| v.to_str().ok())
        .map_or_else(String::new, |text| text.chars().take(200).collect());
    let lang = cx
        .write(move |work, who| {
            let account = find(work, who)?;
            if let Some(before) = &before {
                store::delete_session(work, before)?;
            }
            record_session(work, account, &hash, &device)?;
            store::lang(work, account)
        })
        .await?;
    Ok(Entered {
        token,
        lang: Lang::parse(&lang).unwrap_or(cx.lang),
    })
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

/// Ends the asker's session.
pub async fn close_session(cx: &Cx) -> Result<()> {
    let Some(token) = &cx.token else {
        return Ok(());
    };
    let hash = secret::hash(token);
    cx.write(move |work, _| store::delete_session(work, &hash))
        .await
}

/// Signs in by password. The answer, its words and its time are the same for an
/// unknown address and a wrong password.
pub async fn by_password(cx: &Cx, mail: &str, password: &str) -> Result<Entered> {
    let key = mail_key(mail);
    let limits = Limits::new(cx)
        .per_here("mail", &key, TRIES_HERE)
        .per("mail_anywhere", &key, TRIES_PER_MAIL)
        .per_place("place", TRIES_PER_PLACE);
    limits.take_now().await?;
    let found = {
        let key = key.clone();
        cx.read(move |conn, _| store::credentials(conn, &key))
            .await?
    };
    let stored = found.and_then(|c| c.password_hash);
    let matches = passwords::fits(stored.clone(), password).await?;
    if !matches {
        return Err(Error::Refused("accounts-refused-credentials"));
    }
    enter(cx, move |work, _| {
        // The account may have been locked, or its password changed, meanwhile.
        let found = store::credentials(work, &key)?
            .filter(|c| c.state == "active" && c.password_hash == stored)
            .ok_or(Error::Refused("accounts-refused-credentials"))?;
        limits.give_back(work)?;
        Ok(found.id)
    })
    .await
}

/// Who asks, and whether `password` is theirs; who has none need not know one.
/// Wrong tries are counted.
pub async fn knows_password(cx: &Cx, password: &str) -> Result<(Id<Account>, bool)> {
    let (account, stored) = cx
        .read(|conn, who| {
            let account = who.actor.account.ok_or(Error::Forbidden)?;
            Ok((account, store::password(conn, account)?))
        })
        .await?;
    if stored.is_none() {
        return Ok((account, true));
    }
    let limits = Limits::new(cx).per("own_password", &account.to_string(), TRIES_HERE);
    limits.take_now().await?;
    let fits = passwords::fits(stored, password).await?;
    if fits {
        cx.write(move |work, _| limits.give_back(work)).await?;
    }
    Ok((account, fits))
}

/// How an accepted invitation goes on.
pub enum Accepted {
    /// A new account: its owner is signed in.
    New(Entered),
    /// An account in use: it has what was offered. A letter in a mailbox does not sign
    /// it in; whether its owner is signed in here.
    Known { is_here: bool },
}

/// An invitation that is being accepted or declined: the account of its address, and
/// the hash of the link by which it was answered.
#[derive(Debug, Clone)]
pub struct Taken {
    pub account: Id<Account>,
    pub link: String,
}

fn open_invitation(
    conn: &mut Conn,
    link: &str,
    now: kontor_platform::Instant,
) -> Result<store::Linked> {
    store::open_link(conn, link, Purpose::Invitation, now)?.ok_or(Error::NotFound)
}

/// Uses the link up, if it still belongs to an account in `state`.
fn take_invitation(work: &mut Work<'_>, link: &str, state: &str) -> Result<Taken> {
    let now = work.now();
    let account = open_invitation(work, link, now)?;
    if account.state != state || !store::use_link(work, link, now)? {
        return Err(Error::NotFound);
    }
    Ok(Taken {
        account: account.account,
        link: link.to_owned(),
    })
}

/// Accepts an invitation: the link is used up. A new account gets its name and,
/// if one was chosen, its password; one that is in use stays as it is. `brings` gives
/// what the invitation offers, in the same transaction.
pub async fn accept<F>(
    cx: &Cx,
    token: &str,
    name: &str,
    password: &str,
    brings: F,
) -> Result<Accepted>
where
    F: Fn(&mut Work<'_>, &Taken) -> Result<()> + Send + 'static,
{
    let link = secret::hash(token);
    let found = {
        let link = link.clone();
        cx.read(move |conn, who| open_invitation(conn, &link, who.cx.now))
            .await?
    };
    if found.state != "invited" {
        let is_here = cx
            .write(move |work, who| {
                let taken = take_invitation(work, &link, "active")?;
                let account = taken.account;
                work.announce(&InvitationAccepted { account });
                brings(work, &taken)?;
                Ok(who.actor.account == Some(account))
            })
            .await?;
        return Ok(Accepted::Known { is_here });
    }
    let mut fields = FieldErrors::default();
    check_name(&mut fields, name);
    if !password.is_empty() {
        passwords::check_new(&mut fields, "password", password);
    }
    fields.done(())?;
    let mut hash = None;
    if !password.is_empty() {
        hash = Some(passwords::hashed(password).await?);
    }
    let name = name.to_owned();
    enter(cx, move |work, _| {
        let taken = take_invitation(work, &link, "invited")?;
        let account = taken.account;
        work.announce(&InvitationAccepted { account });
        store::activate(work, account, &name, hash.as_deref())?;
        brings(work, &taken)?;
        Ok(account)
    })
    .await
    .map(Accepted::New)
}

/// Declines an invitation: the link is used up, and `declines` does the rest.
pub async fn decline<F>(cx: &Cx, token: &str, declines: F) -> Result<()>
where
    F: Fn(&mut Work<'_>, &Taken) -> Result<()> + Send + 'static,
{
    let link = secret::hash(token);
    cx.write(move |work, _| {
        let now = work.now();
        let found = open_invitation(work, &link, now)?;
        let taken = Taken {
            account: found.account,
            link: link.clone(),
        };
        declines(work, &taken)?;
        store::use_link(work, &link, now).map(drop)
    })
    .await
}
