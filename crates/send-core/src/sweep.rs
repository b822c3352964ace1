//! Sweeping: what is over goes, state first and bytes after.
//!
//! A sweep goes through all transfers by pages of a listing and holds one page in memory. What it finds it decides anew
//! each time, by records that it reads after they were listed, so it may be dropped anywhere, and any number may run at once.
//!
//! - pending, and nothing arrived for a day: the record ends, then what had arrived goes
//! - gone: the ciphertext goes, the rest stays as a tombstone
//! - a `wipe` send whose downloads are all taken and over: exhausted, then as above
//! - a tombstone that nobody needs any more: everything goes, by one sweep alone (`tombstone`)
//! - what no record names: goes after a day
//! - what the index tells of transfers that are no more: goes when no tombstone can be that old
//!
//! In `record` are the rules, in `slice` what a page tells of one transfer, in `runs` what was done when, in `rounds` a sweep as a chore.

mod index;
mod record;
mod rounds;
mod runs;
mod slice;
mod stored;
mod swept;
mod tombstone;

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use futures::{StreamExt, stream};
use storage::{Blobs, Path, json::Change};

use crate::{
    clock::{Clock, Millis},
    config::Limits,
    direct::Direct,
    error::ApiError,
    key::{self, AnyId, TransferKey},
    record::Record,
    sends::Sends,
    store,
};
use record::{REMEMBERED, Stage};
use slice::Slice;

pub use runs::{GRACE, Inventory, Run, Runs};
pub use stored::{Heap, Stored};
pub use swept::Swept;
use swept::Tally;

/// How long a transfer may stay as it is while it is pending, and what no record names may stay.
pub const QUIET: Duration = Duration::from_hours(24);

/// Entries of a page: what S3 lists in one request.
const PAGE: usize = 1_000;
/// Transfers that are looked at side by side.
const AT_ONCE: usize = 8;

/// Sweeps a storage.
#[derive(Clone)]
pub struct Sweep {
    blobs: Arc<dyn Blobs>,
    sends: Sends,
    clock: Clock,
    limits: Limits,
}

/// Where a sweep goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(Path);

/// What came of one slice, and after which path the listing may go on if the slice was the page's last.
type Outcome = Result<(Swept, Option<Path>), ApiError>;

impl Sweep {
    /// Of this storage, by this clock, within these limits.
    #[must_use]
    pub fn new(blobs: Arc<dyn Blobs>, clock: Clock, limits: Limits) -> Self {
        Self {
            sends: Sends::new(blobs.clone(), Direct::off(), clock.clone(), limits),
            blobs,
            clock,
            limits,
        }
    }

    /// Sweeps everything.
    ///
    /// # Errors
    /// 503 when the storage cannot be listed; what else fails is counted.
    pub async fn all(&self) -> Result<Swept, ApiError> {
        let (mut swept, mut next) = self.page(None).await?;
        while let Some(after) = next {
            let (more, then) = self.page(Some(after)).await?;
            swept += more;
            next = then;
        }
        Ok(swept)
    }

    /// Sweeps one page of what is stored: from the beginning, or after the page before; and where to go on, if there is more.
    ///
    /// # Errors
    /// As [`Self::all`].
    pub async fn page(&self, after: Option<Cursor>) -> Result<(Swept, Option<Cursor>), ApiError> {
        self.page_of(after, PAGE).await
    }

    /// The same for a page of so many entries.
    async fn page_of(
        &self,
        after: Option<Cursor>,
        entries: usize,
    ) -> Result<(Swept, Option<Cursor>), ApiError> {
        let mut tally = Tally::default();
        if after.is_none() {
            tally.add(self.discard_unfinished().await);
            tally.add(self.sweep_index().await);
        }
        let after = after.map(|Cursor(path)| path);
        let folder = key::transfers();
        let page = self
            .blobs
            .list(Some(&folder), after.as_ref(), entries)
            .await?;
        let last = page.entries.last().map(|entry| entry.path.clone());
        let slices = slice::of(page.entries, after.as_ref());
        let mut outcomes = stream::iter(slices)
            .map(|slice| async move { (slice.id.key(), self.slice(&slice).await) })
            .buffered(AT_ONCE);
        let mut beyond = None;
        while let Some((key, outcome)) = outcomes.next().await {
            // What cannot be swept now is left behind whole.
            beyond = outcome
                .as_ref()
                .map_or(Some(key.record()), |(_, to)| to.clone());
            tally.add(outcome.map(|(swept, _)| swept));
        }
        let next = last.max(beyond).filter(|_| page.more);
        Ok((tally.close(), next.map(Cursor)))
    }

    /// Gives up uploads in parts at the storage that nobody will finish.
    async fn discard_unfinished(&self) -> Result<Swept, ApiError> {
        Ok(Swept {
            unfinished: self
                .blobs
                .discard_unfinished(&key::transfers(), self.yesterday())
                .await?,
            ..Swept::default()
        })
    }

    /// Sweeps what a page tells of one transfer.
    async fn slice(&self, slice: &Slice) -> Outcome {
        let key = slice.id.key();
        let mut swept = Swept {
            looked_at: slice.has_record().into(),
            ..Swept::default()
        };
        let Some(record) = store::read::<Record>(&*self.blobs, &key.record()).await? else {
            swept.objects += self.remove(slice.older_than(self.yesterday())).await?;
            return Ok((swept, None));
        };
        let stage = record.stage(self.clock.now(), self.limits.max_age);
        match stage {
            Stage::BeingRemoved => return Ok((swept, None)),
            Stage::Past => {
                swept += self.remove_tombstone(&slice.id, record).await?;
                return Ok((swept, None));
            }
            Stage::Completed if slice.has_record() => {
                let age = self.clock.now().since(record.life().created_at);
                swept.stored = Stored::one(age, record.life().size);
            }
            Stage::Pending | Stage::Completed | Stage::Gone => {}
        }
        let left_over = slice.left_over(&record, self.yesterday());
        swept.objects += self.remove(left_over).await?;
        swept += self.end(stage, slice, &record).await?;
        Ok((swept, slice.beyond(&record.life().generation)))
    }

    /// Ends what is alive, but over: abandoned, or downloaded for the last time. Removes the ciphertext of what has ended.
    async fn end(&self, stage: Stage, slice: &Slice, record: &Record) -> Result<Swept, ApiError> {
        let key = slice.id.key();
        let removed = match (stage, &slice.id, record) {
            (Stage::Gone, ..) if slice.has_bytes(&record.life().generation) => {
                self.remove_bytes(&key, record).await?
            }
            (Stage::Pending, ..) if slice.is_quiet(self.yesterday()) => {
                return self.abandon(&key, record).await;
            }
            (Stage::Completed, AnyId::Send(id), Record::Send(send))
                if slice.may_be_taken(&send.life) =>
            {
                self.sends.wipe_if_over(id, &send.life).await?
            }
            _ => 0,
        };
        Ok(Swept {
            payloads: (removed > 0).into(),
            objects: removed,
            ..Swept::default()
        })
    }

    /// Ends a transfer whose upload nobody goes on with, unless something of it is younger than a day, or its record is not
    /// what was read any more: then somebody has just gone on.
    async fn abandon(&self, key: &TransferKey, read: &Record) -> Result<Swept, ApiError> {
        if !self.is_quiet(key).await? {
            return Ok(Swept::default());
        }
        let now = self.clock.now();
        let abandon = |found: &mut Record| {
            if found != read {
                return Ok(Change::Keep(false));
            }
            found.abandon(now);
            Ok(Change::Write(true))
        };
        if store::update(&*self.blobs, &key.record(), abandon).await? != Some(true) {
            return Ok(Swept::default());
        }
        Ok(Swept {
            abandoned: 1,
            objects: self.remove_bytes(key, read).await?,
            ..Swept::default()
        })
    }

    /// Whether everything below an id is older than a day.
    async fn is_quiet(&self, key: &TransferKey) -> Result<bool, ApiError> {
        let (folder, yesterday) = (key.folder(), self.yesterday());
        let mut after = None;
        loop {
            let page = self.blobs.list(Some(&folder), after.as_ref(), PAGE).await?;
            if page.entries.iter().any(|entry| entry.modified >= yesterday) {
                return Ok(false);
            }
            after = page.entries.into_iter().next_back().map(|last| last.path);
            if !page.more {
                return Ok(true);
            }
        }
    }

    async fn remove_bytes(&self, key: &TransferKey, record: &Record) -> Result<u64, ApiError> {
        let bytes = key.generation(&record.life().generation).bytes();
        store::remove_all(&*self.blobs, &bytes).await
    }

    async fn remove(&self, paths: Vec<Path>) -> Result<u64, ApiError> {
        if !paths.is_empty() {
            self.blobs.delete_all(&paths).await?;
        }
        Ok(paths.len() as u64)
    }

    /// Before this, something is older than a day.
    fn yesterday(&self) -> SystemTime {
        let Millis(now) = self.clock.now();
        UNIX_EPOCH + Duration::from_millis(now).saturating_sub(QUIET)
    }
}
