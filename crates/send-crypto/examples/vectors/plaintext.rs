//! Bytes that are described, not stored: the low bytes of xorshift32.

use aws_lc_rs::digest;
use serde_json::{Value, json};

/// `length` bytes that follow from `seed`.
#[derive(Clone, Copy)]
pub(crate) struct Plaintext {
    pub(crate) seed: u32,
    pub(crate) length: u64,
}

impl Plaintext {
    /// The description that goes into the vectors.
    pub(crate) fn described(self) -> Value {
        json!({ "seed": self.seed, "length": self.length })
    }

    pub(crate) fn bytes(self) -> Vec<u8> {
        let mut state = self.seed;
        let next = || {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state as u8
        };
        std::iter::repeat_with(next)
            .take(self.length as usize)
            .collect()
    }
}

pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(digest::digest(&digest::SHA256, bytes))
}
