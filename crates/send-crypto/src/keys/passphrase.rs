//! Passphrases: normalised, bounded, stretched.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::{Secret, derive_public};
use crate::Error;
use crate::primitives::pbkdf2_sha256;
use crate::secret::SecretBytes;

/// The most bytes that a normalised passphrase may have.
const MAX_PASSPHRASE: usize = 1_024;

/// A passphrase, in the one form that every keyboard and system gives it: NFKC, 1 to 1024 bytes of
/// UTF-8.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Normalises what a person typed.
    ///
    /// # Errors
    /// [`Error::BadPassphrase`] if nothing or more than 1024 bytes are left.
    pub fn new(typed: &str) -> Result<Self, Error> {
        // One allocation, so that no half of the passphrase is left behind where the string grew.
        let mut normal = Zeroizing::new(String::with_capacity(MAX_PASSPHRASE + 4));
        for c in typed.nfkc() {
            normal.push(c);
            if normal.len() > MAX_PASSPHRASE {
                return Err(Error::BadPassphrase);
            }
        }
        if normal.is_empty() {
            return Err(Error::BadPassphrase);
        }
        Ok(Self(normal))
    }

    /// `W = PBKDF2-HMAC-SHA-256(passphrase, pw_salt, 600000, 32)`.
    pub(super) fn stretch(&self, secret: &Secret) -> SecretBytes<32> {
        let salt = derive_public::<16>(secret, b"/pw-salt");
        pbkdf2_sha256(self.0.as_bytes(), salt.expose())
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase([secret])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_spellings_of_one_passphrase_are_one() {
        let composed = Passphrase::new("caf\u{e9} \u{fb01}").unwrap();
        let decomposed = Passphrase::new("cafe\u{301} fi").unwrap();
        assert_eq!(composed.0, decomposed.0);
    }

    #[test]
    fn a_passphrase_has_1_to_1024_bytes_after_normalising() {
        assert!(Passphrase::new("").is_err());
        assert!(Passphrase::new(&"a".repeat(1_024)).is_ok());
        assert!(Passphrase::new(&"a".repeat(1_025)).is_err());
        // One character that NFKC makes 18 (33 bytes) of.
        assert!(Passphrase::new(&"\u{fdfa}".repeat(31)).is_ok());
        assert!(Passphrase::new(&"\u{fdfa}".repeat(32)).is_err());
    }

    #[test]
    fn the_salt_and_the_stretched_passphrase_are_the_known_ones() {
        let known: serde_json::Value =
            serde_json::from_str(include_str!("../../vectors/known-answers.json")).unwrap();
        let case = &known["schedule"][1];
        let secret = Secret::from_bytes(std::array::from_fn(|i| i as u8));
        let salt = derive_public::<16>(&secret, b"/pw-salt");
        assert_eq!(hex::encode(salt.expose()), case["pw_salt"]);
        let passphrase = Passphrase::new(case["inputs"]["passphrase"].as_str().unwrap()).unwrap();
        assert_eq!(hex::encode(passphrase.stretch(&secret).expose()), case["W"]);
    }
}
