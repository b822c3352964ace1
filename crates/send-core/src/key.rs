//! The only place that spells a stored path.
//!
//! ```text
//! transfers/{id[0:2]}/{id}/meta.json           the record
//! transfers/{id[0:2]}/{id}/{generation}/       everything else of one use of the id:
//!     parts/{n:05}    manifests/{sha256}       ours
//!     incoming/{nonce}    payload/{nonce}      the original's
//!     slots/{k:03}    claims/{sha256}    count.json    guesses/{day}/{k:03}
//! tokens/{sha256 of the name}.json             access tokens
//! reports/{id}/{k:03}                          what readers reported
//! ```

use std::fmt::Display;

use storage::Path;

use crate::id::{Digest, Hex, Nonce, SendId};

/// Where one transfer lies, whichever routes made it.
#[derive(Clone, Debug)]
pub struct TransferKey(String);

/// Where one use of a transfer's id lies.
#[derive(Clone, Debug)]
pub struct GenerationKey(String);

impl TransferKey {
    /// Of an id.
    #[must_use]
    pub fn of<const N: usize>(id: &Hex<N>) -> Self {
        let id = id.to_string();
        Self(format!("transfers/{}/{id}", &id[..2]))
    }

    /// The record.
    #[must_use]
    pub fn record(&self) -> Path {
        path(format!("{}/meta.json", self.0))
    }

    /// One use of the id.
    #[must_use]
    pub fn generation(&self, generation: &Nonce) -> GenerationKey {
        GenerationKey(format!("{}/{generation}", self.0))
    }
}

impl GenerationKey {
    /// All of it.
    #[must_use]
    pub fn folder(&self) -> Path {
        path(self.0.clone())
    }

    /// The folders that hold ciphertext, and go when the transfer does.
    #[must_use]
    pub fn bytes(&self) -> [Path; 4] {
        ["parts", "manifests", "incoming", "payload"].map(|folder| self.below(folder))
    }

    /// The folder of the parts.
    #[must_use]
    pub fn parts(&self) -> Path {
        self.below("parts")
    }

    /// Part `n`.
    #[must_use]
    pub fn part(&self, n: u32) -> Path {
        self.below(format_args!("parts/{n:05}"))
    }

    /// A sealed manifest, named by its digest.
    #[must_use]
    pub fn manifest(&self, digest: &Digest) -> Path {
        self.below(format_args!("manifests/{digest}"))
    }

    /// One attempt at an upload by the original's routes.
    #[must_use]
    pub fn incoming(&self, nonce: &Nonce) -> Path {
        self.below(format_args!("incoming/{nonce}"))
    }

    /// The payload of a completed transfer of the original's routes.
    #[must_use]
    pub fn payload(&self, nonce: &Nonce) -> Path {
        self.below(format_args!("payload/{nonce}"))
    }

    /// The folder of the download slots.
    #[must_use]
    pub fn slots(&self) -> Path {
        self.below("slots")
    }

    /// Download slot `k`.
    #[must_use]
    pub fn slot(&self, k: u32) -> Path {
        self.below(format_args!("slots/{k:03}"))
    }

    /// A claim, named by its hash.
    #[must_use]
    pub fn claim(&self, hash: &Digest) -> Path {
        self.below(format_args!("claims/{hash}"))
    }

    /// The count of downloads where slots do not count them.
    #[must_use]
    pub fn count(&self) -> Path {
        self.below("count.json")
    }

    /// The wrong read tokens of one day since 1970.
    #[must_use]
    pub fn guesses(&self, day: u64) -> Path {
        self.below(format_args!("guesses/{day}"))
    }

    /// The `k`th wrong read token of one day.
    #[must_use]
    pub fn guess(&self, day: u64, k: u32) -> Path {
        self.below(format_args!("guesses/{day}/{k:03}"))
    }

    fn below(&self, name: impl Display) -> Path {
        path(format!("{}/{name}", self.0))
    }
}

/// An access token's record. A name may hold anything, so its hash names it.
#[must_use]
pub fn access_token(name: &str) -> Path {
    path(format!("tokens/{}.json", Digest::of(name)))
}

/// The folder of the reports on one send.
#[must_use]
pub fn reports(id: &SendId) -> Path {
    path(format!("reports/{id}"))
}

/// The `k`th report on one send.
#[must_use]
pub fn report(id: &SendId, k: u32) -> Path {
    path(format!("reports/{id}/{k:03}"))
}

/// The number that ends the path of a part, slot, guess or report.
#[must_use]
pub fn number(path: &Path) -> Option<u32> {
    path.name().parse().ok()
}

#[expect(
    clippy::expect_used,
    reason = "built from hexadecimal digits, numbers and fixed words only"
)]
fn path(text: String) -> Path {
    Path::parse(text).expect("a stored path")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layout_continues_the_originals() {
        let id: SendId = "3b6442e6eeae3f4e0f6023f0d73d3b3a".parse().unwrap();
        let key = TransferKey::of(&id);
        let base = "transfers/3b/3b6442e6eeae3f4e0f6023f0d73d3b3a";
        assert_eq!(key.record().as_str(), format!("{base}/meta.json"));
        let generation = key.generation(&"0011223344556677".parse().unwrap());
        assert_eq!(
            generation.part(7).as_str(),
            format!("{base}/0011223344556677/parts/00007")
        );
        assert_eq!(
            generation.slot(99).as_str(),
            format!("{base}/0011223344556677/slots/099")
        );
        assert_eq!(number(&generation.guess(20_000, 4)), Some(4));
        assert!(
            access_token("a name/with anything")
                .as_str()
                .starts_with("tokens/")
        );
    }
}
