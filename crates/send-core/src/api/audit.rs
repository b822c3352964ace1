//! What admins did, on the wire.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    audit::Action,
    clock::Millis,
    id::{Digest, Nonce},
};

/// One thing that was done. Without `sha256`, and written as JSON without spaces in this order of fields, it is the bytes whose
/// SHA-256 `sha256` is, and which the next entry's `previous` names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Entry {
    /// Its place in the log, from 0.
    pub number: u64,
    /// When it was written, in milliseconds since 1970.
    pub at: Millis,
    /// Who did it: `key` and the first 8 digits of the SHA-256 of the admin key, or `schedule`.
    pub by: String,
    /// What was done.
    pub action: Action,
    /// To what: `token`, `transfer` or `session` with something that names it, or nothing.
    pub subject: String,
    /// What else is worth knowing.
    pub details: BTreeMap<String, Value>,
    /// The SHA-256 of the entry before; null for the first.
    pub previous: Option<Digest>,
    /// Tells its writer from another who wrote the same at the same time.
    pub writer: Nonce,
    /// Its own SHA-256.
    pub sha256: Digest,
}

/// A page of the audit log.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Entries {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Where the next page begins, if there is one: the next `before` or `since`.
    pub next: Option<u64>,
}

/// What was found in the audit log.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Verified {
    /// Nothing was found.
    pub sound: bool,
    /// Entries that were looked at.
    pub checked: u64,
    /// What was found.
    pub problems: Vec<Problem>,
    /// The newest entry, as noted beside the log. Who keeps it elsewhere can tell later whether the whole log was replaced.
    pub head: Option<Head>,
    /// Where to go on, if this was not all: the next `from`.
    pub next: Option<u64>,
}

/// Something that is wrong with the audit log.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// The entry's number, or that of the entry before which it lies.
    pub number: u64,
    /// What it is.
    pub kind: ProblemKind,
    /// The same in a sentence.
    pub detail: String,
}

/// What can be wrong with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// It is not what was written.
    Edited,
    /// It is not there.
    Missing,
    /// It was not written by this service.
    Inserted,
}

/// The newest entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Head {
    /// Its number.
    pub number: u64,
    /// Its SHA-256.
    pub sha256: Digest,
}
