//! The only place that spells a stored path.
//!
//! ```text
//! transfers/{id[0:2]}/{id}/meta.json           the record
//! transfers/{id[0:2]}/{id}/{generation}/       everything else of one use of the id:
//!     parts/{n:05}    manifests/{sha256}       ours
//!     incoming/{nonce}    payload/{nonce}      the original's
//!     slots/{k:03}    claims/{sha256}    count.json    guesses/{day}/{k:03}
//! tokens/{16 bytes of the name's sha256}.json  access tokens
//! index/{hour}/{time}-{id}-{generation}-{token} all transfers, newest first (`index`)
//! reports/{id}/{k:03}                          what readers reported
//! sweeps.json                                  the last runs of the sweep
//! sessions/{sha256 of the session}.json        who is signed in to the admin page
//! audit/{9999999999 - n:010}.json              the nth thing that an admin did: the newest is listed first
//! audit-head.json                              the newest of them, and its hash
//! usage/open/{date}-{nonce}.json               what one process has counted
//! usage/days/{date}.json                       what all have counted in one day
//! ```

mod admin;
mod index;
#[cfg(test)]
mod tests;
mod usage;

use std::fmt::{self, Display};

use storage::Path;

use crate::{
    id::{Digest, Hex, Nonce, SendId, TokenId, TransferId},
    record::Life,
};

pub use admin::{LAST_ENTRY, audit, audit_entry, audit_head, audit_number, session, sessions};
pub use index::{IndexEntry, index, index_from};
pub use usage::{open_usage, open_usage_from, parse_segment, usage_day, usage_segment};

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

    /// All of it, the record too.
    #[must_use]
    pub fn folder(&self) -> Path {
        path(self.0.clone())
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
    /// Of the use of an id that has this life.
    #[must_use]
    pub fn of<const N: usize>(id: &Hex<N>, life: &Life) -> Self {
        TransferKey::of(id).generation(&life.generation)
    }

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

    /// The folder of the sealed manifests.
    #[must_use]
    pub fn manifests(&self) -> Path {
        self.below("manifests")
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

/// The id of a transfer, whichever routes made it: they are told apart by their length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnyId {
    /// Of ours.
    Send(SendId),
    /// Of the original's.
    Transfer(TransferId),
}

impl AnyId {
    /// Where it lies.
    #[must_use]
    pub fn key(&self) -> TransferKey {
        match self {
            Self::Send(id) => TransferKey::of(id),
            Self::Transfer(id) => TransferKey::of(id),
        }
    }

    /// From its text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let send = text.parse().map(Self::Send);
        send.or_else(|_| text.parse().map(Self::Transfer)).ok()
    }
}

impl Display for AnyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(id) => id.fmt(f),
            Self::Transfer(id) => id.fmt(f),
        }
    }
}

/// What lies at a stored path of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// The record.
    Record,
    /// Something of one use of the id.
    Of(Nonce, Thing),
}

/// What lies at a stored path of one use of an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A part.
    Part,
    /// A sealed manifest.
    Manifest(Digest),
    /// An attempt at an upload by the original's routes.
    Incoming(Nonce),
    /// A payload of the original's routes.
    Payload(Nonce),
    /// A download slot that is taken.
    Slot,
    /// A claim, a count, a wrong guess.
    Other,
}

impl Thing {
    /// Whether it is ciphertext, which goes when the transfer does.
    #[must_use]
    pub const fn is_bytes(&self) -> bool {
        match self {
            Self::Part | Self::Manifest(_) | Self::Incoming(_) | Self::Payload(_) => true,
            Self::Slot | Self::Other => false,
        }
    }

    fn parse(below: &[&str]) -> Self {
        match below {
            ["parts", _] => Some(Self::Part),
            ["manifests", name] => name.parse().map(Self::Manifest).ok(),
            ["incoming", name] => name.parse().map(Self::Incoming).ok(),
            ["payload", name] => name.parse().map(Self::Payload).ok(),
            ["slots", _] => Some(Self::Slot),
            _ => None,
        }
        .unwrap_or(Self::Other)
    }
}

/// The folder of all transfers.
#[must_use]
pub fn transfers() -> Path {
    path("transfers".to_owned())
}

/// Whose a path below [`transfers`] is, and what lies there; `None` where it is none of ours.
#[must_use]
pub fn parse(path: &Path) -> Option<(AnyId, Kept)> {
    let segments: Vec<&str> = path.as_str().split('/').collect();
    let ["transfers", two, id, below @ ..] = &segments[..] else {
        return None;
    };
    let whose = AnyId::parse(id).filter(|_| id.get(..2) == Some(two))?;
    match below {
        [] => None,
        ["meta.json"] => Some((whose, Kept::Record)),
        [generation, below @ ..] => {
            let generation = generation.parse().ok()?;
            Some((whose, Kept::Of(generation, Thing::parse(below))))
        }
    }
}

/// Where a listing goes on that leaves out what else lies in the same folder of a generation, such as its parts.
#[must_use]
pub fn beyond(of: &Path) -> Path {
    let folder: Vec<&str> = of.as_str().split('/').take(5).collect();
    // Paths below `folder/` are all smaller than `folder0`: the digit follows the slash in ASCII.
    path(format!("{}0", folder.join("/")))
}

/// The folder of the access tokens.
#[must_use]
pub fn access_tokens() -> Path {
    path("tokens".to_owned())
}

/// An access token's record. Its name may be all that it takes to use it, so it is not in the path.
#[must_use]
pub fn access_token(id: &TokenId) -> Path {
    path(format!("tokens/{id}.json"))
}

/// Whose record lies at this path.
#[must_use]
pub fn token_of(path: &Path) -> Option<TokenId> {
    path.name().strip_suffix(".json")?.parse().ok()
}

/// The last runs of the sweep.
#[must_use]
pub fn sweeps() -> Path {
    path("sweeps.json".to_owned())
}

/// The folder of all reports.
#[must_use]
pub fn all_reports() -> Path {
    path("reports".to_owned())
}

/// Which send a report is on.
#[must_use]
pub fn reported(path: &Path) -> Option<SendId> {
    let (_, below) = path.as_str().split_once('/')?;
    let (id, _) = below.split_once('/')?;
    id.parse().ok()
}

/// Where a listing of reports goes on that has seen those on this send.
#[must_use]
pub fn beyond_reports(id: &SendId) -> Path {
    // Numbers have three digits.
    path(format!("reports/{id}/999"))
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
