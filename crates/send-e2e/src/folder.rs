//! A storage that several servers share.

use std::path::Path;

use anyhow::Result;
use tempfile::TempDir;

use crate::Shared;

/// A folder for `file:` storage, removed when this is dropped. It outlives the servers on it, as a disk outlives a crash.
#[derive(Debug)]
pub struct Folder(TempDir);

impl Folder {
    /// An empty one.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn new() -> Result<Self> {
        Ok(Self(tempfile::tempdir()?))
    }

    /// The value of `SEND_STORAGE` that names it.
    #[must_use]
    pub fn storage(&self) -> String {
        format!("file:{}", self.path().display())
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Shared for Folder {
    fn variables(&self) -> Vec<(&'static str, String)> {
        vec![("SEND_STORAGE", self.storage())]
    }
}
