//! What a run tells while it works. Who shows it, and how, is somebody else's business: a terminal, plain lines, JSON, JUnit.

use crate::resource::ResourceId;

/// What is done to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

/// What happened to a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Work on it began.
    Begun(Verb),
    /// It takes longer, and why.
    Waiting(String),
    /// It is as wanted; these fields were changed for it, none where nothing had to be done.
    Done(Verb, Vec<String>),
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
