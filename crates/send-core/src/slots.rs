//! Exactly N by construction: one object per download, created only if absent.
//!
//! Slots are taken in ascending order and never freed, so there is no counter that could be read by one and written by
//! another, however many processes race. Who tries a slot has read all below it: a claim that is asked twice at once finds
//! its own, or meets itself.

use std::{ops::Range, time::Duration};

use bytes::Bytes;
use storage::{
    Blobs, Path,
    json::{Created, create_or_read, full_jitter},
};

use crate::{
    error::ApiError,
    id::{Digest, Nonce},
    key::GenerationKey,
    record::Life,
    store,
    turns::Turns,
};

/// The largest limit that slots count.
pub(crate) const MOST: u64 = 100;

/// How long who has lost a slot for the first time waits at most before it looks again: a few requests to S3.
const ASIDE: Duration = Duration::from_millis(100);

/// The download slots of one transfer.
pub(crate) struct Slots<'a> {
    blobs: &'a dyn Blobs,
    turns: &'a Turns,
    generation: Nonce,
    key: &'a GenerationKey,
    /// How many there are: 1 to [`MOST`].
    limit: u32,
}

impl<'a> Slots<'a> {
    /// Those of one use of an id, where slots count its downloads: limits from 1 to [`MOST`].
    pub(crate) fn of(
        blobs: &'a dyn Blobs,
        turns: &'a Turns,
        key: &'a GenerationKey,
        life: &Life,
    ) -> Option<Self> {
        let counted = (1..=MOST).contains(&life.downloads);
        let limit = u32::try_from(life.downloads).ok().filter(|_| counted)?;
        Some(Self {
            blobs,
            turns,
            generation: life.generation,
            key,
            limit,
        })
    }

    /// How many are taken.
    pub(crate) async fn taken(&self) -> Result<u32, ApiError> {
        let taken = store::list(self.blobs, &self.key.slots()).await?.len();
        Ok(u32::try_from(taken).unwrap_or(u32::MAX))
    }

    /// The slot of this holder: the one it has, else the next free one; `None` when all are taken by others.
    pub(crate) async fn take(&self, holder: &Digest) -> Result<Option<u32>, ApiError> {
        let mut turn = self.turns.next(&self.generation).await;
        let seen = &mut turn.seen().holders;
        let mut losses = 0;
        loop {
            // Who has seen nothing, or has just lost, looks.
            if seen.is_empty() || losses > 0 {
                self.look(seen).await?;
            }
            if let Some(own) = seen.iter().position(|one| one.as_ref() == Some(holder)) {
                return Ok(Some(number(own)));
            }
            let next = number(seen.len());
            if next >= self.limit {
                return Ok(None);
            }
            let content = Bytes::from(holder.to_string());
            match create_or_read(self.blobs, &self.key.slot(next), content).await? {
                Created::New | Created::Same => {
                    seen.push(Some(*holder));
                    return Ok(Some(next));
                }
                Created::Taken => step_aside(&mut losses).await,
            }
        }
    }

    /// Reads who has taken slots since.
    async fn look(&self, seen: &mut Vec<Option<Digest>>) -> Result<(), ApiError> {
        let since = number(seen.len())..self.taken().await?;
        let held = store::read_all(self.blobs, self.paths(since)).await?;
        seen.extend(held.iter().map(|holder| holder.as_deref().and_then(parse)));
        Ok(())
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

    fn paths(&self, slots: Range<u32>) -> Vec<Path> {
        slots.map(|k| self.key.slot(k)).collect()
    }
}

/// Slots are at most a few hundred.
fn number(slot: usize) -> u32 {
    u32::try_from(slot).unwrap_or(u32::MAX)
}

/// Lets those of other processes who have just lost the same slot come back one after another. A random part of a time that
/// doubles with each loss ("full jitter").
async fn step_aside(losses: &mut u32) {
    let most = ASIDE * (1 << (*losses).min(5));
    *losses += 1;
    tokio::time::sleep(full_jitter(most)).await;
}

fn parse(holder: &[u8]) -> Option<Digest> {
    std::str::from_utf8(holder).ok()?.parse().ok()
}
