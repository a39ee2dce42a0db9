//! Verbs of accounts.

use std::sync::OnceLock;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use kontor_platform::db::Conn;
use kontor_platform::text::Lang;
use kontor_platform::{Error, FieldErrors, Id, Result, Work, secret};

use super::cx::Cx;
use super::model::{
    Account, AccountCreated, InvitationAccepted, Invited, Role, RoleGranted, SignedIn,
};
use super::store;

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

/// How long an invitation can be answered.
const INVITATION_S: i64 = 14 * 24 * 3600;
/// Shortest password (NIST SP 800-63B asks for 8 and recommends more).
pub const PASSWORD_MIN: usize = 12;

/// Invites an address to a role; answers the token of the link. An account
/// that exists already keeps its name and gets the role as well.
pub fn invite(work: &mut Work<'_>, mail: &str, lang: Lang, role: &Role) -> Result<String> {
    let key = mail_key(mail);
    if !looks_like_mail(&key) {
        let mut fields = FieldErrors::default();
        fields.add("mail", "accounts-error-mail");
        return Err(Error::Invalid(fields));
    }
    let at = work.now();
    let account = match store::find_by_mail(work, &key)? {
        Some((id, _)) => id,
        None => {
            let id = Id::new();
            let row = store::AccountRow {
                id,
                mail: mail.trim(),
                mail_key: &key,
                name: "",
                password_hash: None,
                lang: lang.tag(),
                state: "invited",
                demo_key: None,
                at,
            };
            store::insert_account(work, &row)?;
            work.announce(&AccountCreated { account: id });
            id
        }
    };
    grant(work, account, role, None)?;
    let token = secret::token();
    store::insert_link(
        work,
        &secret::hash(&token),
        account,
        at,
        at.plus_s(INVITATION_S),
    )?;
    work.announce(&Invited { account });
    Ok(token)
}

/// One at sign with something on both sides and a point behind it: the mail
/// itself proves the rest.
fn looks_like_mail(key: &str) -> bool {
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

/// Accepts an invitation: name and password are set, the link is used up.
pub async fn accept(cx: &Cx, token: &str, name: &str, password: &str) -> Result<Id<Account>> {
    let mut fields = FieldErrors::default();
    if name.is_empty() || name.chars().count() > 120 {
        fields.add("name", "accounts-error-name");
    }
    if password.chars().count() < PASSWORD_MIN || password.len() > 512 {
        fields.add("password", "accounts-error-password");
    }
    fields.done(())?;
    let link = secret::hash(token);
    let password = password.to_owned();
    let hash = hashing(move || hash_password(&password)).await??;
    let name = name.to_owned();
    cx.write(move |work, _| {
        let now = work.now();
        let (account, _, _) = store::open_link(work, &link, now)?.ok_or(Error::NotFound)?;
        if !store::use_link(work, &link, now)? {
            return Err(Error::NotFound);
        }
        store::activate(work, account, &name, &hash)?;
        work.announce(&InvitationAccepted { account });
        Ok(account)
    })
    .await
}

/// Gives an account a role. Who may do so is decided by the caller's policy.
pub fn grant(
    work: &mut Work<'_>,
    account: Id<Account>,
    role: &Role,
    by: Option<&str>,
) -> Result<()> {
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
    let buckets = buckets(cx, &key);
    let window = cx.now.0 / 1_000_000 / WINDOW_S;
    let found = {
        let (key, buckets) = (key.clone(), buckets.clone());
        cx.read(move |conn, _| {
            for (bucket, most) in &buckets {
                if store::hits(conn, bucket, window)? >= *most {
                    return Err(Error::TooMany {
                        retry_after_s: 900,
                        overload: false,
                    });
                }
            }
            store::credentials(conn, &key)
        })
        .await?
    };
    let stored = found.as_ref().and_then(|c| c.password_hash.clone());
    let password = password.to_owned();
    let matches = hashing(move || verify(stored.as_deref(), &password)).await?;
    match found {
        Some(account) if matches && account.state == "active" => Ok(account.id),
        _ => {
            cx.write(move |work, _| {
                buckets
                    .iter()
                    .try_for_each(|(bucket, _)| store::add_hit(work, bucket, window))
            })
            .await?;
            Err(Error::Refused("accounts-refused-credentials"))
        }
    }
}

fn buckets(cx: &Cx, key: &str) -> Vec<(String, i64)> {
    let place = cx.peer.map_or_else(String::new, |ip| ip.to_string());
    // Hashed: the table of limits names nobody.
    vec![
        (format!("mail:{}", secret::hash(key)), TRIES_PER_MAIL),
        (format!("place:{}", secret::hash(&place)), TRIES_PER_PLACE),
    ]
}

/// One hash at a time: Argon2id takes 19 MiB each.
async fn hashing<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    static ONE: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(1);
    let permit = ONE
        .acquire()
        .await
        .map_err(|e| Error::Broken(Box::new(e)))?;
    let answer = tokio::task::spawn_blocking(f)
        .await
        .map_err(|e| Error::Broken(Box::new(e)))?;
    drop(permit);
    Ok(answer)
}

fn argon() -> Argon2<'static> {
    // 19 MiB, 2 passes, 1 lane: OWASP Password Storage Cheat Sheet, Argon2id.
    let params = Params::new(19 * 1024, 2, 1, None).expect("constant parameters are valid");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The stored form of a password.
pub fn hash_password(password: &str) -> Result<String> {
    let salt = SaltString::encode_b64(&secret::token().as_bytes()[..16])
        .map_err(|e| Error::broken(e.to_string()))?;
    let hash = argon()
        .hash_password(password.as_bytes(), &salt)
        .map_err(|e| Error::broken(e.to_string()))?;
    Ok(hash.to_string())
}

fn verify(stored: Option<&str>, password: &str) -> bool {
    static NOBODY: OnceLock<String> = OnceLock::new();
    let nobody = NOBODY.get_or_init(|| hash_password("nobody").unwrap_or_default());
    let known = stored.is_some();
    let Ok(hash) = PasswordHash::new(stored.unwrap_or(nobody)) else {
        return false;
    };
    argon().verify_password(password.as_bytes(), &hash).is_ok() && known
}
