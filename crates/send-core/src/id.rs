//! Identifiers and digests: fixed numbers of bytes, written as lower-case hexadecimal digits.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

/// `N` bytes, written as `2 N` lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hex<const N: usize>([u8; N]);

/// Which transfer of the original's routes is meant: 12 digits.
pub type TransferId = Hex<6>;
/// Which send of ours is meant, derived by the client from the link's secret: 32 digits.
pub type SendId = Hex<16>;
/// Names an access token where its own name must not stand, since that may work as the token: the first half of its SHA-256.
pub type TokenId = Hex<16>;
/// Keeps apart what may exist several times: generations of a transfer, attempts at an upload.
pub type Nonce = Hex<8>;
/// A SHA-256 digest.
pub type Digest = Hex<32>;

/// The text is not an identifier of the expected length.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be {digits} lower-case hexadecimal digits")]
pub struct InvalidHex {
    digits: usize,
}

impl<const N: usize> Hex<N> {
    /// From its bytes.
    #[must_use]
    pub const fn new(bytes: [u8; N]) -> Self {
        Self(bytes)
    }

    /// Drawn from the randomness of the operating system.
    #[must_use]
    pub fn random() -> Self {
        let mut bytes = [0; N];
        #[expect(
            clippy::expect_used,
            reason = "without randomness nothing here may go on"
        )]
        getrandom::fill(&mut bytes).expect("the operating system has no randomness");
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; N] {
        &self.0
    }

    /// Equality that takes the same time wherever the two differ.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl TokenId {
    /// Of the token of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Self {
        let mut half = [0; 16];
        half.copy_from_slice(&Digest::of(name).0[..16]);
        Self(half)
    }
}

impl Digest {
    /// The SHA-256 of some bytes.
    #[must_use]
    pub fn of(bytes: impl AsRef<[u8]>) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Its first four bytes, written out: enough to tell a few of them apart, too little to be anything's hash.
    #[must_use]
    pub fn short(&self) -> String {
        hex::encode(&self.0[..4])
    }
}

impl<const N: usize> FromStr for Hex<N> {
    type Err = InvalidHex;

    fn from_str(text: &str) -> Result<Self, InvalidHex> {
        let mut bytes = [0; N];
        let lower = !text.bytes().any(|b| b.is_ascii_uppercase());
        match hex::decode_to_slice(text, &mut bytes) {
            Ok(()) if lower => Ok(Self(bytes)),
            _ => Err(InvalidHex { digits: 2 * N }),
        }
    }
}

impl<const N: usize> fmt::Display for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl<const N: usize> fmt::Debug for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<const N: usize> Serialize for Hex<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, const N: usize> Deserialize<'de> for Hex<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl<const N: usize> PartialSchema for Hex<N> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some(format!("^[0-9a-f]{{{}}}$", 2 * N)))
            .into()
    }
}

/// One schema a length: under one name the first to be described would stand for all.
impl<const N: usize> ToSchema for Hex<N> {
    fn name() -> Cow<'static, str> {
        match N {
            6 => "TransferId".into(),
            16 => "SendId".into(),
            32 => "Digest".into(),
            _ => format!("Hex{}", 2 * N).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_lower_case_hex_of_its_length() {
        let text = "00ff10abcdef";
        assert_eq!(text.parse::<TransferId>().unwrap().to_string(), text);
        for bad in [
            "",
            "00ff10abcde",
            "00ff10abcdef0",
            "00FF10ABCDEF",
            "00ff10abcdeg",
            "../../abcdef",
        ] {
            assert!(bad.parse::<TransferId>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_digest_is_sha_256() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Digest::of("").to_string(), empty);
    }

    #[test]
    fn random_ids_differ() {
        assert_ne!(Nonce::random(), Nonce::random());
    }
}
