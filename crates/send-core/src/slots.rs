//! Exactly N by construction: one object per download, created only if absent.
//!
//! Slots are taken in ascending order and never freed, so there is no counter that could be read by one and written by
//! another, however many processes race. Who tries a slot has read all below it: a claim that is asked twice at once finds
//! its own, or meets itself.

use std::{ops::Range, time::Duration};

use bytes::Bytes;
use storage::{
    Blobs, Path,
    json::{Created, create_or_read},
};

use crate::{error::ApiError, id::Digest, key::GenerationKey, store};

/// The largest limit that slots count.
pub(crate) const MOST: u64 = 100;

/// How long who has lost a slot for the first time waits at most before it looks again: a few requests to S3.
const ASIDE: Duration = Duration::from_millis(100);

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

    /// A slot for a holder that never had one: the next free one; `None` when all are taken.
    pub(crate) async fn take_new(&self, holder: &Digest) -> Result<Option<u32>, ApiError> {
        let mut losses = 0;
        loop {
            let taken = self.taken().await?;
            if taken >= self.limit || self.try_slot(taken, holder).await? {
                return Ok((taken < self.limit).then_some(taken));
            }
            step_aside(&mut losses).await;
        }
    }

    /// The slot of a claim that is not stored: the one that it took before it could be stored, else the next free one.
    /// `None` when all are taken by others; if the same claim is being stored meanwhile, it is by then.
    pub(crate) async fn take(&self, claim: &Digest) -> Result<Option<u32>, ApiError> {
        let (mut seen, mut losses) = (0, 0);
        loop {
            let taken = self.taken().await?;
            if taken >= self.limit && self.are_all_claimed().await? {
                return Ok(None);
            }
            if let Some(own) = self.find(claim, seen..taken).await? {
                return Ok(Some(own));
            }
            if taken >= self.limit || self.try_slot(taken, claim).await? {
                return Ok((taken < self.limit).then_some(taken));
            }
            seen = taken + 1;
            step_aside(&mut losses).await;
        }
    }

    /// Whether slot `k` is this holder's now.
    async fn try_slot(&self, k: u32, holder: &Digest) -> Result<bool, ApiError> {
        let content = Bytes::from(holder.to_string());
        match create_or_read(self.blobs, &self.key.slot(k), content).await? {
            Created::New | Created::Same => Ok(true),
            Created::Taken(_) => Ok(false),
        }
    }

    /// Whether there is a stored claim for each slot: then none is left to who has no stored claim, and no slot need be read.
    async fn are_all_claimed(&self) -> Result<bool, ApiError> {
        let claims = store::list(self.blobs, &self.key.claims()).await?.len();
        Ok(claims as u64 >= u64::from(self.limit))
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

/// Lets a crowd that has just lost the same slot come back one after another: by then most see how far the slots are taken,
/// and need not try each. A random part of a time that doubles with each loss ("full jitter").
async fn step_aside(losses: &mut u32) {
    let part = getrandom::u32().map_or(1.0, |random| f64::from(random) / f64::from(u32::MAX));
    let most = ASIDE * (1 << (*losses).min(5));
    *losses += 1;
    tokio::time::sleep(most.mul_f64(part)).await;
}

fn parse(holder: &[u8]) -> Option<Digest> {
    std::str::from_utf8(holder).ok()?.parse().ok()
}
