//! How entries are read: by pages, each of a number of storage calls that does not depend on how many there are.

use bytes::Bytes;

use super::{Audit, Stored};
use crate::{
    api::audit::{Entries, Entry},
    error::ApiError,
    id::Digest,
    key, store,
};

/// The most entries of a page.
pub const PAGE: u64 = 100;
/// The most entries of an export.
pub const EXPORTED: u64 = 1_000;

impl Audit {
    /// A page, newest first: those numbered below `before`, or the newest. A number that is missing or cannot be read is left
    /// out; [`Audit::verify`] tells of it.
    ///
    /// # Errors
    /// The storage's.
    pub async fn page(&self, before: Option<u64>, limit: u64) -> Result<Entries, ApiError> {
        let end = self.end().await?.min(before.unwrap_or(u64::MAX));
        let start = end.saturating_sub(limit.min(PAGE));
        let mut entries = self.told(start..end).await?;
        entries.reverse();
        Ok(Entries {
            entries,
            next: Some(start).filter(|start| *start > 0),
        })
    }

    /// A page, oldest first, from a number on.
    ///
    /// # Errors
    /// The storage's.
    pub async fn since(&self, since: u64, limit: u64) -> Result<Entries, ApiError> {
        let newest = self.end().await?;
        let end = since.saturating_add(limit.min(EXPORTED)).min(newest);
        Ok(Entries {
            entries: self.told(since..end.max(since)).await?,
            next: Some(end).filter(|end| *end < newest),
        })
    }

    /// The number after the newest.
    async fn end(&self) -> Result<u64, ApiError> {
        Ok(self.newest().await?.map_or(0, |number| number + 1))
    }

    /// The stored bytes of some entries, read side by side; `None` for each that is not there.
    pub(super) async fn bytes_of(
        &self,
        numbers: std::ops::Range<u64>,
    ) -> Result<Vec<Option<Bytes>>, ApiError> {
        store::read_all(&*self.blobs, numbers.map(key::audit_entry).collect()).await
    }

    async fn told(&self, numbers: std::ops::Range<u64>) -> Result<Vec<Entry>, ApiError> {
        let found = self.bytes_of(numbers).await?;
        let entry = |bytes: Bytes| {
            let stored = serde_json::from_slice::<Stored>(&bytes).ok()?;
            Some(stored.told(Digest::of(&bytes)))
        };
        Ok(found.into_iter().flatten().filter_map(entry).collect())
    }
}
