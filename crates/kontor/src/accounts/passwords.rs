//! Passwords: Argon2id, one at a time.

use std::sync::OnceLock;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use kontor_platform::{Error, FieldErrors, Result, secret};

/// Shortest password (NIST SP 800-63B asks for 8 and recommends more).
pub const PASSWORD_MIN: usize = 12;

/// Words that are tried first, alone, with digits around them or several times; one
/// a line.
const COMMON: &str = include_str!("common_passwords.txt");

/// Whether a password is among those that are tried first: a common word with
/// digits and signs around it, a few signs repeated, or a run of digits (NIST SP
/// 800-63B, 5.1.1.2: common and repetitive ones are refused).
fn is_common(password: &str) -> bool {
    let plain = password.to_lowercase();
    let mut signs: Vec<char> = plain.chars().collect();
    signs.sort_unstable();
    signs.dedup();
    let letters: String = plain.chars().filter(|c| c.is_alphabetic()).collect();
    let is_common = |word: &str| !letters.is_empty() && letters.replace(word, "").is_empty();
    let is_run = "01234567890123456789".contains(&*plain);
    signs.len() < 4 || is_run || COMMON.lines().any(is_common)
}

/// Notes on field `field` that a new password is too short, far too long, or
/// guessed at once.
pub fn check_new(fields: &mut FieldErrors, field: &'static str, password: &str) {
    if password.chars().count() < PASSWORD_MIN || password.len() > 512 {
        fields.add(field, "accounts-error-password");
    } else if is_common(password) {
        fields.add(field, "accounts-error-password-common");
    }
}

/// The stored form of a new password, made on a blocking thread.
pub async fn hashed(password: &str) -> Result<String> {
    let password = password.to_owned();
    hashing(move || hash_password(&password)).await?
}

/// Whether a password fits what is stored; takes as long without a stored one.
pub async fn fits(stored: Option<String>, password: &str) -> Result<bool> {
    let password = password.to_owned();
    hashing(move || verify(stored.as_deref(), &password)).await
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_guessed_first_is_refused() {
        let key = |password: &str| {
            let mut fields = FieldErrors::default();
            check_new(&mut fields, "password", password);
            fields.of("password").unwrap_or_default()
        };
        for common in [
            "passwort1234",
            "Passwort!2026!",
            "Hamburg-Hamburg-1",
            "123456789012",
            "aaaaaaaaaaaaaa",
            "qwertz123456",
        ] {
            assert_eq!(key(common), "accounts-error-password-common", "{common}");
        }
        assert_eq!(key("kurz"), "accounts-error-password");
        for good in [
            "drei Kr\u{e4}ne am Kai",
            "7391-4402-8851",
            "passwort der Schleuse",
            "x9$kQ2!mfR7p",
        ] {
            assert_eq!(key(good), "", "{good}");
        }
    }
}
