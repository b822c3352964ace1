//! The named points.

use std::{fmt, str::FromStr};

use anyhow::{Context, Error};
use storage::Path;

/// Where the process ends, named after what it leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// A create is noted in the index: there is no record.
    Noted,
    /// A part has arrived at the service: nothing of it is stored.
    PartNotStored,
    /// A part is stored, and its sender does not know.
    PartStored,
    /// A manifest is stored, and no record names it.
    ManifestStored,
    /// A complete has found everything: the record is still pending.
    CompleteChecked,
    /// The record is completed, and its sender does not know.
    Completed,
    /// The record has what a PATCH asked for, and its owner does not know.
    Changed,
    /// A claim has its slot: there is no claim yet.
    SlotTaken,
    /// A claim is stored, and its reader does not know.
    ClaimStored,
    /// A claim of a send with any number of downloads is stored: it is not counted.
    ClaimNotCounted,
    /// The last claim of a send that goes with its last download is done: the record is still completed.
    LastClaimDone,
    /// The same, and its record is exhausted: all its bytes are there.
    Exhausted,
    /// The record is deleted: all its bytes are there.
    Deleted,
    /// The record is deleted: half of its parts are there.
    HalfDeleted,
    /// The original's: half of an upload has arrived, as a file on its way or an upload in parts that nobody will finish.
    UploadHalfArrived,
    /// The original's: an upload is stored, and no record names it.
    UploadStored,
    /// The original's: the record names an upload, and its sender does not know.
    UploadNamed,
    /// The original's: what came by a signed URL is copied, and no record names the copy.
    UploadCopied,
    /// The original's: the record is completed, and an upload that did not become its payload is there.
    PayloadNamed,
    /// The original's: a download is counted, and its reader has nothing.
    DownloadCounted,
    /// The original's: the record is exhausted by its last download: the payload is there.
    DownloadExhausted,
    /// The original's: the record is deleted: the payload is there.
    TransferDeleted,
    /// The original's: the record is of a new use of the id: the payload of the old one is there.
    Recreated,
    /// A sweep has ended the record of an abandoned send: its bytes are there.
    SweepAbandoned,
    /// A sweep has marked a tombstone as being removed: all of it is there.
    SweepMarked,
    /// A sweep has removed half of what lies beside a tombstone.
    SweepHalfRemoved,
    /// A sweep has removed all but the record of a tombstone.
    SweepAllButRecord,
    /// A sweep has removed a tombstone: the index still tells of it.
    SweepForgotten,
}

/// When, of which operation, on what: the first one of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Before, in the midst of, or after it.
    pub when: When,
    /// What the storage is asked to do.
    pub operation: Operation,
    /// Where.
    pub thing: Thing,
}

/// Where in an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Nothing of it has happened.
    Before,
    /// Half of it has.
    Midway,
    /// It has happened, and whoever asked does not know.
    After,
}

/// What a storage can be asked that leaves something behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `put`.
    Put,
    /// `put_stream`.
    PutStream,
    /// `copy`, told by where it goes.
    Copy,
    /// `delete`.
    Delete,
    /// `delete_all`, told by the first of its paths.
    DeleteAll,
}

/// What lies at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// The record.
    Record,
    /// A part.
    Part,
    /// A sealed manifest.
    Manifest,
    /// A payload of the original's routes.
    Payload,
    /// A download slot.
    Slot,
    /// A claim.
    Claim,
    /// An entry of the index.
    Index,
    /// Anything else.
    Other,
}

impl Point {
    /// All of them.
    pub const ALL: [Self; 28] = [
        Self::Noted,
        Self::PartNotStored,
        Self::PartStored,
        Self::ManifestStored,
        Self::CompleteChecked,
        Self::Completed,
        Self::Changed,
        Self::SlotTaken,
        Self::ClaimStored,
        Self::ClaimNotCounted,
        Self::LastClaimDone,
        Self::Exhausted,
        Self::Deleted,
        Self::HalfDeleted,
        Self::UploadHalfArrived,
        Self::UploadStored,
        Self::UploadNamed,
        Self::UploadCopied,
        Self::PayloadNamed,
        Self::DownloadCounted,
        Self::DownloadExhausted,
        Self::TransferDeleted,
        Self::Recreated,
        Self::SweepAbandoned,
        Self::SweepMarked,
        Self::SweepHalfRemoved,
        Self::SweepAllButRecord,
        Self::SweepForgotten,
    ];

    /// Whether only a storage has it that signs URLs.
    #[must_use]
    pub fn needs_signed_urls(self) -> bool {
        self == Self::UploadCopied
    }

    /// The operation at which it is.
    #[must_use]
    pub const fn moment(self) -> Moment {
        use {Operation::*, Thing::*, When::*};
        let (when, operation, thing) = match self {
            Self::Noted => (After, Put, Index),
            Self::PartNotStored => (Before, Put, Part),
            Self::PartStored => (After, Put, Part),
            Self::ManifestStored => (After, Put, Manifest),
            Self::CompleteChecked => (Before, Put, Record),
            Self::Completed
            | Self::Changed
            | Self::Exhausted
            | Self::Deleted
            | Self::UploadNamed
            | Self::PayloadNamed
            | Self::DownloadExhausted
            | Self::TransferDeleted
            | Self::Recreated
            | Self::SweepAbandoned
            | Self::SweepMarked => (After, Put, Record),
            Self::SlotTaken | Self::DownloadCounted => (After, Put, Slot),
            Self::ClaimStored | Self::ClaimNotCounted | Self::LastClaimDone => (After, Put, Claim),
            Self::HalfDeleted => (Midway, DeleteAll, Part),
            Self::UploadHalfArrived => (Midway, PutStream, Payload),
            Self::UploadStored => (After, PutStream, Payload),
            Self::UploadCopied => (After, Copy, Payload),
            Self::SweepHalfRemoved => (Midway, DeleteAll, Claim),
            Self::SweepAllButRecord => (Before, Delete, Record),
            Self::SweepForgotten => (After, Delete, Record),
        };
        Moment {
            when,
            operation,
            thing,
        }
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl FromStr for Point {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut points = Self::ALL.into_iter();
        let named = points.find(|point| point.to_string() == text);
        named.with_context(|| format!("{text:?} is no point"))
    }
}

impl Thing {
    /// What lies at this path, as `send_core::key` spells it.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        let segments: Vec<&str> = path.as_str().split('/').collect();
        match segments[..] {
            ["index", ..] => Self::Index,
            ["transfers", _, _, "meta.json"] => Self::Record,
            ["transfers", _, _, _, "parts", _] => Self::Part,
            ["transfers", _, _, _, "manifests", _] => Self::Manifest,
            ["transfers", _, _, _, "payload", _] => Self::Payload,
            ["transfers", _, _, _, "slots", _] => Self::Slot,
            ["transfers", _, _, _, "claims", _] => Self::Claim,
            _ => Self::Other,
        }
    }
}
