//! Secrets of access tokens: 256 bits that are shown once and kept as a hash.

use std::fmt;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::id::{Digest, Hex, TokenId};

/// What every secret begins with, so that people and scanners for leaked secrets know it.
pub(super) const PREFIX: &str = "sgs_";

/// Bytes of the token's id and of the secret proper.
const SECRET: usize = 16 + 32;
/// Bytes of the checksum.
const CHECK: usize = 4;

/// `sgs_` and the base64url of the token's id (16 bytes), randomness (32) and the beginning of the SHA-256 of both (4): a slip of
/// the pen is known without a look into the storage, and the token is found by its id.
pub struct TokenSecret([u8; SECRET]);

impl TokenSecret {
    /// A new one for a token.
    #[must_use]
    pub fn random(id: &TokenId) -> Self {
        let mut secret = [0; SECRET];
        let (start, rest) = secret.split_at_mut(16);
        start.copy_from_slice(id.as_bytes());
        rest.copy_from_slice(Hex::<32>::random().as_bytes());
        Self(secret)
    }

    /// From its text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD
            .decode(text.strip_prefix(PREFIX)?)
            .ok()?;
        let (secret, check) = bytes.split_first_chunk::<SECRET>()?;
        (check == checksum(secret)).then_some(Self(*secret))
    }

    /// Its text, to be shown once.
    #[must_use]
    pub fn reveal(&self) -> String {
        let bytes = [&self.0[..], &checksum(&self.0)].concat();
        format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Whose it is.
    #[must_use]
    pub fn id(&self) -> TokenId {
        let mut id = [0; 16];
        id.copy_from_slice(&self.0[..16]);
        TokenId::new(id)
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self) -> Digest {
        Digest::of(self.0)
    }
}

impl fmt::Debug for TokenSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSecret(..)")
    }
}

fn checksum(secret: &[u8; SECRET]) -> [u8; CHECK] {
    let digest = Digest::of(secret);
    let [a, b, c, d, ..] = *digest.as_bytes();
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_tells_whose_it_is_and_knows_a_slip_of_the_pen() {
        let id = TokenId::new([7; 16]);
        let secret = TokenSecret::random(&id);
        let text = secret.reveal();
        assert_eq!(text.len(), 74);
        let read = TokenSecret::parse(&text).unwrap();
        assert_eq!((read.id(), read.hash()), (id, secret.hash()));
        for at in PREFIX.len()..text.len() {
            let mut wrong = text.clone().into_bytes();
            wrong[at] = if wrong[at] == b'A' { b'B' } else { b'A' };
            let wrong = String::from_utf8(wrong).unwrap();
            assert!(TokenSecret::parse(&wrong).is_none(), "{at}");
        }
        for bad in ["", "sgs_", "press", &text[..73], &text[4..]] {
            assert!(TokenSecret::parse(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn no_two_are_alike_and_debug_shows_none() {
        let id = TokenId::new([7; 16]);
        let (one, other) = (TokenSecret::random(&id), TokenSecret::random(&id));
        assert_ne!(one.hash(), other.hash());
        assert_eq!(format!("{one:?}"), "TokenSecret(..)");
    }
}
