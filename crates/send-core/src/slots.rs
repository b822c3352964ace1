//! Exactly N by construction: one object per download, created only if absent.
//!
//! Slots are taken in ascending order and never freed, so there is no counter that could be read by one and written by
//! another, however many processes race.

use std::ops::Range;

use bytes::Bytes;
use storage::{
    Blobs, Path,
    json::{Created, create_or_read},
};

use crate::{error::ApiError, id::Digest, key::GenerationKey, store};

/// The largest limit that slots count.
pub(crate) const MOST: u64 = 100;

/// The download slots of one transfer.
pub(crate) struct Slots<'a> {
    pub(crate) blobs: &'a dyn Blobs,
    pub(crate) key: &'a GenerationKey,
    /// How many there are: 1 to [`MOST`].
    pub(crate) limit: u32,
}

impl Slots<'_> {
    /// How many are taken.
    pub(crate) async fn taken(&self) -> Result<u32, ApiError> {
        let taken = store::list(self.blobs, &self.key.slots()).await?.len();
        Ok(u32::try_from(taken).unwrap_or(u32::MAX))
    }

    /// The slot of this holder: the one it has, else the next free one; `None` when all are taken by others.
    pub(crate) async fn take(&self, holder: &Digest) -> Result<Option<u32>, ApiError> {
        let taken = self.taken().await?;
        if let Some(own) = self.find(holder, 0..taken).await? {
            return Ok(Some(own));
        }
        let content = Bytes::from(holder.to_string());
        for k in taken..self.limit {
            match create_or_read(self.blobs, &self.key.slot(k), content.clone()).await? {
                Created::New | Created::Same => return Ok(Some(k)),
                Created::Taken(_) => {}
            }
        }
        Ok(None)
    }

    /// Who holds the slots that are taken.
    pub(crate) async fn holders(&self) -> Result<Vec<Digest>, ApiError> {
        let slots = 0..self.taken().await?;
        let held = store::read_all(self.blobs, self.paths(slots)).await?;
        Ok(held
            .iter()
            .flatten()
            .filter_map(|holder| parse(holder))
            .collect())
    }

    async fn find(&self, holder: &Digest, slots: Range<u32>) -> Result<Option<u32>, ApiError> {
        let held = store::read_all(self.blobs, self.paths(slots.clone())).await?;
        let own = held
            .iter()
            .position(|one| one.as_deref().and_then(parse).as_ref() == Some(holder));
        Ok(own
            .and_then(|at| u32::try_from(at).ok())
            .map(|at| slots.start + at))
    }

    fn paths(&self, slots: Range<u32>) -> Vec<Path> {
        slots.map(|k| self.key.slot(k)).collect()
    }
}

fn parse(holder: &[u8]) -> Option<Digest> {
    std::str::from_utf8(holder).ok()?.parse().ok()
}
