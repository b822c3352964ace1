//! What opens the door of a function: only the distribution shows it, and the function knows its hash.

use std::fmt;

use anyhow::Result;
use sha2::{Digest, Sha256};

/// A random value, in hexadecimal digits. Its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct DoorKey(String);

impl DoorKey {
    /// A fresh one, of 32 random bytes.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn random() -> Result<Self> {
        Ok(Self(hex::encode(random::<32>()?)))
    }

    /// One that a distribution shows already.
    #[must_use]
    pub const fn shown(text: String) -> Self {
        Self(text)
    }

    /// The header's value.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What the function knows of it.
    #[must_use]
    pub fn sha256(&self) -> String {
        sha256(self.0.as_bytes())
    }
}

/// Random bytes of the operating system.
///
/// # Errors
/// When it has none.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// SHA-256, in hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

impl fmt::Debug for DoorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DoorKey(..)")
    }
}
