//! Verbs of accounts.

use kontor_platform::db::Conn;
use kontor_platform::mail::{self, NewMail};
use kontor_platform::text::Lang;
use kontor_platform::{Error, FieldErrors, Id, Result, Work, secret};

use super::model::{
    Account, AccountCreated, InvitationWithdrawn, Invited, Purpose, Role, RoleGranted,
};
use super::{privacy, store};

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
    let (id, key) = (Id::new(), mail_key(new.mail));
    let at = work.now();
    if store::find_by_mail(work, &key)?.is_some() {
        let mut fields = FieldErrors::default();
        fields.add("mail", "accounts-error-taken");
        return Err(Error::Invalid(fields));
    }
    store::insert_account(
        work,
        &store::AccountRow {
            id,
            mail: new.mail,
            mail_key: &key,
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
    /// Held at once, as the administration may decide. A room that offers something
    /// gives it when the invitation is accepted.
    pub role: Option<Role>,
}

/// Invites an address by the link that holds `token`; the letter is queued with it.
/// An account that exists already keeps its name: the inviting person cannot tell
/// the difference.
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
    let known = store::find_by_mail(work, &key)?;
    // The link of a locked account opens nothing: it gets no letter either.
    let is_locked = known.as_ref().is_some_and(|f| f.state == "locked");
    let account = match known {
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
    if let Some(role) = &new.role {
        grant(work, account, role, None)?;
    }
    if is_locked {
        return Ok(account);
    }
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

/// Ends the link of an invitation, by its hash; its letter is not sent any more.
pub fn end_invitation(work: &mut Work<'_>, link: &str) -> Result<()> {
    let now = work.now();
    store::use_link(work, link, now)?;
    mail::take_back(work, &letter_key(link))
}

/// The key of the letter that carries an invitation's link, by the link's hash.
pub(super) fn letter_key(link: &str) -> String {
    format!("invitation:{link}")
}

/// Ends an invitation that was never accepted: the account is emptied, so that
/// nothing is kept of who did not want it. An account in use stays.
pub fn withdraw_invitation(work: &mut Work<'_>, account: Id<Account>) -> Result<()> {
    if store::hold_invited(work, account)? {
        privacy::erase(work, account)?;
        work.announce(&InvitationWithdrawn { account });
    }
    Ok(())
}

/// One address and nothing else, in lower case: a name, a comment or a list in
/// it would send the letter to somebody whom no rule has looked at. The mail
/// itself proves the rest.
pub fn looks_like_mail(key: &str) -> bool {
    let Some((local, host)) = key.split_once('@') else {
        return false;
    };
    // RFC 5322 `atext`, with the letters of all scripts (RFC 6531).
    let is_local = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let is_host = |c: char| c.is_alphanumeric() || c == '-' || c == '.';
    let is_dotted = |part: &str| !part.split('.').any(str::is_empty);
    local.chars().all(is_local)
        && host.chars().all(is_host)
        && is_dotted(local)
        && is_dotted(host)
        && host.contains('.')
        && key.len() <= 254
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

/// Any account of the demo, for measuring.
pub fn any_demo_account(conn: &mut Conn) -> Result<Id<Account>> {
    store::demo_accounts(conn)?
        .first()
        .map(|(_, _, id)| *id)
        .ok_or(Error::NotFound)
}

/// The demo's sign-in buttons: key and name of everybody who is still there.
pub fn demo_personas(conn: &mut Conn) -> Result<Vec<(String, String)>> {
    let accounts = store::demo_accounts(conn)?;
    let named = accounts.into_iter().map(|(key, name, _)| (key, name));
    Ok(named.collect())
}
