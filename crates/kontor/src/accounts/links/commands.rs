//! Verbs of links.

use kontor_platform::mail;
use kontor_platform::text::Lang;
use kontor_platform::{Error, FieldErrors, Id, Result, Work, secret};

use super::{letters, store};
use crate::accounts::commands::{looks_like_mail, mail_key, send_link};
use crate::accounts::entry::{Entered, enter, knows_password};
use crate::accounts::limits::Limits;
use crate::accounts::model::{Account, AddressChanged, PasswordSet, Purpose};
use crate::accounts::{Cx, admin, passwords, store as accounts};

/// Links asked for in a quarter of an hour: to one address from one network
/// place, to one address from anywhere, and from one place.
const LINKS_HERE: i64 = 4;
const LINKS_PER_MAIL: i64 = 20;
const LINKS_PER_PLACE: i64 = 30;
/// How long a new address can be proved.
const PROOF_S: i64 = 24 * 3600;

/// Sends a link to an address, if it has an account. The same work is done,
/// and the same answer given, if it has none. `target` is the page of this site
/// that a link which signs in goes on to.
pub async fn ask(cx: &Cx, purpose: Purpose, mail: &str, target: &str) -> Result<()> {
    let key = mail_key(mail);
    if !looks_like_mail(&key) {
        return Err(invalid("mail", "accounts-error-mail"));
    }
    let limits = Limits::new(cx)
        .per_here("link", &key, LINKS_HERE)
        .per("link_anywhere", &key, LINKS_PER_MAIL)
        .per_place("linkplace", LINKS_PER_PLACE);
    let found = {
        let key = key.clone();
        cx.read(move |conn, _| accounts::find_by_mail(conn, &key))
            .await?
    };
    let token = secret::token();
    let (to, lang) = match &found {
        Some(account) => (account.mail.clone(), account.lang.as_str()),
        None => (key, cx.lang.tag()),
    };
    let lang = Lang::parse(lang).unwrap_or_default();
    // Whoever was invited and has lost the letter gets a new invitation.
    let state = found.as_ref().map_or("", |f| f.state.as_str());
    let purpose = if state == "invited" {
        Purpose::Invitation
    } else {
        purpose
    };
    let letter = match purpose {
        Purpose::SignIn => letters::sign_in(&cx.site, lang, &to, &token, target),
        Purpose::Password => letters::password(&cx.site, lang, &to, &token),
        Purpose::Invitation => {
            let s = cx.site.speak(lang);
            let subject = s.t("mail-invitation-again-subject").to_owned();
            let text = vec![s.t("mail-invitation-again-text").to_owned()];
            letters::invitation(&cx.site, lang, &to, &token, subject, text)
        }
    };
    let letter = letter.mail(&cx.site)?;
    let account = found
        .filter(|f| matches!(f.state.as_str(), "active" | "invited"))
        .map(|f| f.id);
    cx.write(move |work, _| {
        limits.take(work)?;
        match account {
            Some(account) => send_link(work, account, purpose, &token, Some(&letter)),
            None => Ok(()),
        }
    })
    .await
}

/// Ends what is on its way to an account's owner: whoever reads an old mailbox,
/// or asked from a session that was not theirs, opens nothing with it.
pub fn end_open(work: &mut Work<'_>, account: Id<Account>) -> Result<()> {
    let now = work.now();
    accounts::end_links(work, account, now)?;
    store::end_changes(work, account, now)
}

/// Signs in by a link, which is used up.
pub async fn use_sign_in(cx: &Cx, token: &str) -> Result<Entered> {
    let link = secret::hash(token);
    enter(cx, move |work, _| {
        let now = work.now();
        let found = accounts::open_link(work, &link, Purpose::SignIn, now)?;
        let found = found.filter(|f| f.state == "active");
        let account = found.ok_or(Error::NotFound)?.account;
        if accounts::use_link(work, &link, now)? {
            Ok(account)
        } else {
            Err(Error::NotFound)
        }
    })
    .await
}

/// Sets a new password by a link and signs in; ends every other session, open
/// link and change of address of the account, and tells its owner.
pub async fn set_password(cx: &Cx, token: &str, password: &str) -> Result<Entered> {
    let mut fields = FieldErrors::default();
    passwords::check_new(&mut fields, "password", password);
    fields.done(())?;
    let link = secret::hash(token);
    let to = {
        let link = link.clone();
        cx.read(move |conn, who| {
            let found = accounts::open_link(conn, &link, Purpose::Password, who.cx.now)?;
            let found = found.ok_or(Error::NotFound)?;
            Ok((found.mail, accounts::lang(conn, found.account)?))
        })
        .await?
    };
    let hash = passwords::hashed(password).await?;
    let lang = Lang::parse(&to.1).unwrap_or_default();
    let keys = ["mail-password-set-subject", "mail-password-set-text"];
    let letter = letters::changed(&cx.site, lang, &to.0, &link, keys).mail(&cx.site)?;
    enter(cx, move |work, _| {
        let now = work.now();
        let found = accounts::open_link(work, &link, Purpose::Password, now)?;
        let found = found.filter(|f| f.state == "active");
        let account = found.ok_or(Error::NotFound)?.account;
        if !accounts::use_link(work, &link, now)? {
            return Err(Error::NotFound);
        }
        accounts::set_password(work, account, &hash)?;
        end_open(work, account)?;
        accounts::end_sessions(work, account, "")?;
        mail::queue(work, &letter, now)?;
        work.announce(&PasswordSet { account });
        Ok(account)
    })
    .await
}

/// Sends the proof of a new address to that address. Whether it belongs to
/// another account shows only to whoever reads its mail.
pub async fn ask_address(cx: &Cx, mail: &str, password: &str) -> Result<()> {
    let key = mail_key(mail);
    if !looks_like_mail(&key) {
        return Err(invalid("mail", "accounts-error-mail"));
    }
    let (account, is_known) = knows_password(cx, password).await?;
    if !is_known {
        return Err(invalid("old-password", "accounts-error-old-password"));
    }
    let present = cx.read(move |conn, _| admin::one(conn, account)).await?;
    if mail_key(&present.mail) == key {
        return Err(invalid("mail", "accounts-error-same-address"));
    }
    let limits = Limits::new(cx)
        .per("address", &key, LINKS_HERE)
        .per_place("linkplace", LINKS_PER_PLACE);
    let token = secret::token();
    let to = mail.trim().to_owned();
    // It is the account's letter: an unproved address must not open it to others.
    let mut letter = letters::address(&cx.site, cx.lang, &to, &token);
    letter.account = Some(account);
    let letter = letter.mail(&cx.site)?;
    cx.write(move |work, who| {
        let now = work.now();
        // The session may have been ended while the password was compared.
        if who.actor.account != Some(account) {
            return Err(Error::Forbidden);
        }
        limits.take(work)?;
        let link = secret::hash(&token);
        store::ask_address(work, &link, account, &to, now, now.plus_s(PROOF_S))?;
        mail::queue(work, &letter, now)
    })
    .await
}

/// The new address is proved: it becomes the account's, and the old one is
/// told. What was sent to the old one, and every other session, ends. An address that another account has taken meanwhile is refused.
pub async fn prove_address(cx: &Cx, token: &str) -> Result<()> {
    let link = secret::hash(token);
    let change = {
        let link = link.clone();
        cx.read(move |conn, who| store::open_change(conn, &link, who.cx.now))
            .await?
            .ok_or(Error::NotFound)?
    };
    let lang = Lang::parse(&change.lang).unwrap_or_default();
    let keys = ["mail-address-set-subject", "mail-address-set-text"];
    let told = letters::changed(&cx.site, lang, &change.old_mail, &link, keys).mail(&cx.site)?;
    let keep = cx.token.as_deref().map(secret::hash).unwrap_or_default();
    let outcome = cx
        .write(move |work, _| {
            let now = work.now();
            let change = store::open_change(work, &link, now)?.ok_or(Error::NotFound)?;
            if !store::use_change(work, &link, now)? {
                return Err(Error::NotFound);
            }
            let new = (&*change.mail, &*mail_key(&change.mail));
            let old = mail_key(&change.old_mail);
            store::set_address(work, change.account, new, &old, now)?;
            end_open(work, change.account)?;
            accounts::end_sessions(work, change.account, &keep)?;
            mail::queue(work, &told, now)?;
            work.announce(&AddressChanged {
                account: change.account,
            });
            Ok(())
        })
        .await;
    match outcome {
        Err(error) if error.is_unique_violation() => {
            Err(Error::Refused("accounts-refused-address"))
        }
        other => other,
    }
}

fn invalid(field: &'static str, key: &'static str) -> Error {
    let mut fields = FieldErrors::default();
    fields.add(field, key);
    Error::Invalid(fields)
}
