//! What a run tells while it works. Who shows it, and how, is somebody else's business: a terminal, plain lines, JSON, JUnit.

mod desk;
mod json;
mod junit;
mod lines;
mod summary;
#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::resource::ResourceId;

pub use desk::{Desk, Region};
pub use summary::Summary;

/// What is done to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// It is read.
    Observe,
    /// It is made, or mended.
    Create,
    /// It is hardened.
    LockDown,
    /// It is removed, and that is checked.
    Delete,
}

/// What was changed of a resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Nothing, it was as wanted.
    Nothing,
    /// It was not there, and is.
    Made,
    /// These fields: `memory_mb: 128 => 256`.
    Fields(Vec<String>),
    /// It was there, and is gone.
    Removed,
}

/// What happened to a resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Work on it began.
    Begun(Verb),
    /// It takes longer, and why.
    Waiting(String),
    /// It is as wanted, and what was changed for it.
    Done(Verb, Change),
    /// It is not as wanted, in these fields, and nobody means to change that now.
    Differs(Vec<String>),
    /// It stays, and why.
    Kept(String),
    /// It could not be done, and why.
    Failed(Verb, String),
}

/// Is told what happens, as it happens, by several at once.
pub trait Report: Send + Sync {
    /// Something happened to a resource.
    fn tell(&self, resource: &ResourceId, event: Event);
    /// A remark on the whole run that people should read.
    fn say(&self, line: &str);
}

/// Tells nobody.
pub struct Silent;

impl Report for Silent {
    fn tell(&self, _: &ResourceId, _: Event) {}
    fn say(&self, _: &str) {}
}
