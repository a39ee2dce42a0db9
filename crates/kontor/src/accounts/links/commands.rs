//! Verbs of links.

use kontor_platform::mail;
use kontor_platform::text::Lang;
use kontor_platform::{Error, FieldErrors, Id, Result, secret};

use super::{letters, store};
use crate::accounts::commands::{
    bucket, count, looks_like_mail, mail_key, place, send_link, window, within_limits,
};
use crate::accounts::model::{Account, AddressChanged, PasswordSet, Purpose};
use crate::accounts::{Cx, passwords, store as accounts};

/// Links asked for in a quarter of an hour: per address and per network place.
const LINKS_PER_MAIL: i64 = 4;
const LINKS_PER_PLACE: i64 = 30;
/// How long a new address can be proved.
const PROOF_S: i64 = 24 * 3600;

/// Sends a link to an address, if it has an account. The same work is done,
/// and the same answer given, if it has none.
pub async fn ask(cx: &Cx, purpose: Purpose, mail: &str) -> Result<()> {
    let key = mail_key(mail);
    if !looks_like_mail(&key) {
        return Err(invalid("mail", "accounts-error-mail"));
    }
    let buckets = vec![
        (bucket("link", &key), LINKS_PER_MAIL),
        (bucket("linkplace", &place(cx)), LINKS_PER_PLACE),
    ];
    let window = window(cx.now);
    let found = {
        let (key, buckets) = (key.clone(), buckets.clone());
        cx.read(move |conn, _| {
            within_limits(conn, &buckets, window)?;
            accounts::find_by_mail(conn, &key)
        })
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
        Purpose::SignIn => letters::sign_in(&cx.site, lang, &to, &token),
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
        count(work, &buckets, window)?;
        match account {
            Some(account) => send_link(work, account, purpose, &token, Some(&letter)),
            None => Ok(()),
        }
    })
    .await
}

/// Uses a link that signs in up; answers its account.
pub async fn use_sign_in(cx: &Cx, token: &str) -> Result<Id<Account>> {
    let link = secret::hash(token);
    cx.write(move |work, _| {
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

/// Sets a new password by a link; ends every session and open link of the
/// account, and tells its owner.
pub async fn set_password(cx: &Cx, token: &str, password: &str) -> Result<Id<Account>> {
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
    cx.write(move |work, _| {
        let now = work.now();
        let found = accounts::open_link(work, &link, Purpose::Password, now)?;
        let found = found.filter(|f| f.state == "active");
        let account = found.ok_or(Error::NotFound)?.account;
        if !accounts::use_link(work, &link, now)? {
            return Err(Error::NotFound);
        }
        accounts::set_password(work, account, &hash)?;
        accounts::end_links(work, account, now)?;
        store::end_sessions(work, account)?;
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
    let buckets = vec![(bucket("linkplace", &place(cx)), LINKS_PER_PLACE)];
    let window = window(cx.now);
    let (account, stored) = {
        let buckets = buckets.clone();
        cx.read(move |conn, who| {
            within_limits(conn, &buckets, window)?;
            let account = who.actor.account.ok_or(Error::Forbidden)?;
            Ok((account, accounts::password(conn, account)?))
        })
        .await?
    };
    if stored.is_some() && !passwords::fits(stored, password).await? {
        cx.write(move |work, _| count(work, &buckets, window))
            .await?;
        return Err(invalid("old-password", "accounts-error-old-password"));
    }
    let token = secret::token();
    let to = mail.trim().to_owned();
    // It is the account's letter: an unproved address must not open it to others.
    let mut letter = letters::address(&cx.site, cx.lang, &to, &token);
    letter.account = Some(account);
    let letter = letter.mail(&cx.site)?;
    cx.write(move |work, _| {
        let now = work.now();
        count(work, &buckets, window)?;
        let link = secret::hash(&token);
        store::ask_address(work, &link, account, &to, now, now.plus_s(PROOF_S))?;
        mail::queue(work, &letter, now)
    })
    .await
}

/// The new address is proved: it becomes the account's, and the old one is
/// told. An address that another account has taken meanwhile is refused.
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
    let outcome = cx
        .write(move |work, _| {
            let now = work.now();
            let change = store::open_change(work, &link, now)?.ok_or(Error::NotFound)?;
            if !store::use_change(work, &link, now)? {
                return Err(Error::NotFound);
            }
            store::set_address(work, change.account, &change.mail, &mail_key(&change.mail))?;
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
