//! Verbs of one's own account.

use kontor_platform::mail;
use kontor_platform::text::Lang;
use kontor_platform::{Error, FieldErrors, Id, Result, Work, secret};

use super::store::{self, Own};
use crate::accounts::admin;
use crate::accounts::commands::check_name;
use crate::accounts::entry::knows_password;
use crate::accounts::links::{changed, end_open};
use crate::accounts::model::{Account, AccountChanged, PasswordSet, SessionsEnded};
use crate::accounts::{Cx, passwords, store as accounts};

/// Looks that can be chosen.
pub const THEMES: [&str; 3] = ["system", "light", "dark"];

/// Stores name, language and appearance.
pub fn save(work: &mut Work<'_>, account: Id<Account>, own: &Own) -> Result<()> {
    let mut fields = FieldErrors::default();
    check_name(&mut fields, &own.name);
    if Lang::parse(&own.lang).is_none() {
        fields.add("lang", "accounts-error-choice");
    }
    if !THEMES.contains(&own.theme.as_str()) {
        fields.add("theme", "accounts-error-choice");
    }
    fields.done(())?;
    store::save(work, account, own)?;
    work.announce(&AccountChanged { account });
    Ok(())
}

/// Sets a new password after the old one was given; ends all other sessions, and
/// every open link and change of address with them, and tells its owner.
pub async fn change_password(cx: &Cx, old: &str, new: &str) -> Result<()> {
    let mut fields = FieldErrors::default();
    passwords::check_new(&mut fields, "new-password", new);
    let (account, is_known) = knows_password(cx, old).await?;
    if !is_known {
        fields.add("current-password", "accounts-error-old-password");
    }
    fields.done(())?;
    let hash = passwords::hashed(new).await?;
    let to = cx.read(move |conn, _| admin::one(conn, account)).await?;
    let keys = ["mail-password-set-subject", "mail-password-changed-text"];
    let cause = secret::hash(&secret::token());
    let letter = changed(&cx.site, cx.lang, &to.mail, &cause, keys).mail(&cx.site)?;
    let keep = cx.token.as_deref().map(secret::hash).unwrap_or_default();
    cx.write(move |work, who| {
        // The session may have been ended while the password was hashed.
        if who.actor.account != Some(account) {
            return Err(Error::Forbidden);
        }
        accounts::set_password(work, account, &hash)?;
        end_open(work, account)?;
        accounts::end_sessions(work, account, &keep)?;
        let now = work.now();
        mail::queue(work, &letter, now)?;
        work.announce(&PasswordSet { account });
        Ok(())
    })
    .await
}

/// Ends one session, or all but the present one.
pub async fn end_sessions(cx: &Cx, one: Option<String>) -> Result<()> {
    let keep = cx.token.as_deref().map(secret::hash).unwrap_or_default();
    cx.write(move |work, who| {
        let account = who.actor.account.ok_or(Error::Forbidden)?;
        let ended = match &one {
            Some(handle) => store::end_session(work, account, handle)?,
            None => accounts::end_sessions(work, account, &keep)?,
        };
        if ended > 0 {
            work.announce(&SessionsEnded { account });
        }
        Ok(())
    })
    .await
}
