//! Secrets: random tokens, their stored hashes, signatures.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::error::{Error, Result};

/// 32 random bytes as 43 characters that are safe in addresses and cookies.
pub fn token() -> String {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).expect("the system's random source answers");
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What is stored of a token: its SHA-256 in hexadecimal.
pub fn hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// SHA-256 of a file's content in hexadecimal.
pub fn hash_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Whether two secrets are equal; in constant time for secrets of one length.
pub fn equal(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// Bytes as lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|b| {
            [
                DIGITS[usize::from(b >> 4)] as char,
                DIGITS[usize::from(b & 15)] as char,
            ]
        })
        .collect()
}

/// The server's own key: signs what the server hands out and takes back.
#[derive(Clone)]
pub struct ServerKey(Vec<u8>);

impl ServerKey {
    /// A key from configuration; at least 32 characters.
    pub fn from_text(text: &str) -> Result<Self> {
        if text.trim().len() < 32 {
            return Err(Error::broken(
                "the server secret needs at least 32 characters",
            ));
        }
        Ok(ServerKey(text.trim().as_bytes().to_vec()))
    }

    /// Reads the key's file, or makes it (readable by its owner alone). It is whole
    /// or not there, and of two processes that make it at once one succeeds.
    pub fn at(path: &Path) -> Result<Self> {
        if !path.exists() {
            let mut waiting = path.as_os_str().to_owned();
            waiting.push(format!(".{}", token()));
            let waiting = PathBuf::from(waiting);
            write_private(&waiting, token().as_bytes())?;
            // A link fails where somebody has been quicker; a rename would not.
            let linked = std::fs::hard_link(&waiting, path);
            std::fs::remove_file(&waiting)?;
            match linked {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error.into()),
                _ => sync_folder_of(path)?,
            }
        }
        Self::from_text(&std::fs::read_to_string(path)?)
            .map_err(|e| Error::broken(format!("{}: {e}", path.display())))
    }

    /// A signature over `message` for one `purpose`.
    pub fn sign(&self, purpose: &str, message: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("any key length is valid");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(message.as_bytes());
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }

    /// Whether `signature` was made by [`ServerKey::sign`]; in constant time.
    pub fn verify(&self, purpose: &str, message: &str, signature: &str) -> bool {
        self.sign(purpose, message)
            .as_bytes()
            .ct_eq(signature.as_bytes())
            .into()
    }
}

impl ServerKey {
    /// Seals a text so that only this key opens it again (AES-256-GCM).
    pub fn seal(&self, purpose: &str, text: &str) -> Result<String> {
        let mut nonce = [0u8; NONCE_LEN];
        getrandom::fill(&mut nonce).map_err(|e| Error::broken(e.to_string()))?;
        let mut bytes = text.as_bytes().to_vec();
        self.sealing(purpose)?
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::empty(),
                &mut bytes,
            )
            .map_err(|_| Error::broken("a text could not be sealed"))?;
        Ok(URL_SAFE_NO_PAD.encode([&nonce[..], &bytes].concat()))
    }

    /// Opens what [`ServerKey::seal`] made; an error under another key.
    pub fn unseal(&self, purpose: &str, sealed: &str) -> Result<String> {
        let wrong = || Error::broken("a sealed text does not fit the server secret");
        let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| wrong())?;
        if bytes.len() < NONCE_LEN {
            return Err(wrong());
        }
        let (nonce, rest) = bytes.split_at(NONCE_LEN);
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| wrong())?;
        let mut rest = rest.to_vec();
        let text = self
            .sealing(purpose)?
            .open_in_place(nonce, Aad::empty(), &mut rest)
            .map_err(|_| wrong())?;
        String::from_utf8(text.to_vec()).map_err(|_| wrong())
    }

    fn sealing(&self, purpose: &str) -> Result<LessSafeKey> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("any key length is valid");
        mac.update(b"seal\0");
        mac.update(purpose.as_bytes());
        let key = UnboundKey::new(&AES_256_GCM, &mac.finalize().into_bytes())
            .map_err(|_| Error::broken("a key of the wrong length"))?;
        Ok(LessSafeKey::new(key))
    }
}

/// Makes sure that a new name in a file's folder outlives a power cut.
fn sync_folder_of(path: &Path) -> Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => {
            Ok(std::fs::File::open(folder)?.sync_all()?)
        }
        _ => Ok(()),
    }
}

/// Makes a folder, and those above it, that only their owner can enter. One that
/// is there keeps its mode.
pub fn private_folder(path: &Path) -> Result<()> {
    let mut folder = std::fs::DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        folder.mode(0o700);
    }
    folder
        .create(path)
        .map_err(|e| Error::broken(format!("cannot make the folder {}: {e}", path.display())))
}

/// Opens a file for reading and writing, and makes it, readable by its owner
/// alone, if it is not there.
pub fn open_private(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// Writes a file that only its owner can read, also where one that others could
/// read is there already.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options
        .open(path)
        .map_err(|e| Error::broken(format!("cannot write {}: {e}", path.display())))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The mode above is for a new file alone.
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    }
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_its_purpose_only() {
        let key = ServerKey::from_text("0123456789012345678901234567890123").unwrap();
        let signed = key.sign("csrf", "session-1");
        assert!(key.verify("csrf", "session-1", &signed));
        assert!(!key.verify("mail", "session-1", &signed));
        assert!(!key.verify("csrf", "session-2", &signed));
    }

    #[test]
    fn a_key_is_made_once_and_whole_whoever_is_first() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        let start = std::sync::Barrier::new(8);
        let signed: Vec<String> = std::thread::scope(|scope| {
            let make = || {
                start.wait();
                ServerKey::at(&path).unwrap().sign("test", "x")
            };
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(make)).collect();
            threads.into_iter().map(|t| t.join().unwrap()).collect()
        });
        assert!(signed.iter().all(|s| *s == signed[0]), "all have one key");
        let left = std::fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(left, 1, "nothing lies beside it");
        std::fs::write(&path, "").unwrap();
        let said = ServerKey::at(&path).map(|_| ()).unwrap_err().to_string();
        assert!(said.contains("secret: "), "the file is named: {said}");
    }

    #[cfg(unix)]
    #[test]
    fn what_others_could_read_is_closed_before_it_is_filled() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("open");
        std::fs::write(&path, "old").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        write_private(&path, b"new").unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_sealed_text_opens_under_its_own_key_only() {
        let key = ServerKey::from_text("0123456789012345678901234567890123").unwrap();
        let other = ServerKey::from_text("9876543210987654321098765432109876").unwrap();
        let sealed = key.seal("smtp", "geheim").unwrap();
        assert!(!sealed.contains("geheim"));
        assert_eq!(key.unseal("smtp", &sealed).unwrap(), "geheim");
        assert!(other.unseal("smtp", &sealed).is_err());
        assert!(key.unseal("else", &sealed).is_err());
        assert!(key.unseal("smtp", "x").is_err());
    }
}
