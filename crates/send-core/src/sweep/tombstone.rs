//! The end of a tombstone: an id is forgotten.
//!
//! Whoever deletes the last trace of an id must not meet a new transfer of that id. So one sweep marks the record first, by
//! compare-and-swap; a create that meets the mark is refused; and that sweep alone deletes, within a minute, the record last.
//! Nine more minutes later another may take over: by then the first has stopped, however late its last request arrived.

use std::time::Duration;

use storage::{Path, json::Change};
use tokio::time::timeout;

use super::{PAGE, Sweep, Swept};
use crate::{
    error::ApiError,
    id::Nonce,
    index,
    key::{self, AnyId, TransferKey},
    record::{Record, Removing},
    store,
};

/// How long the one who marked a record may delete.
const TURN: Duration = Duration::from_mins(1);

impl Sweep {
    /// Removes all there is of a transfer, if it is still as it was read and nobody else does. What takes longer than a minute
    /// is gone on with by a later sweep.
    pub(super) async fn remove_tombstone(
        &self,
        id: &AnyId,
        read: Record,
    ) -> Result<Swept, ApiError> {
        let mut swept = Swept::default();
        // Dropped when its time is over, in the middle of a request if need be.
        let removal = self.mark_and_remove(id, read, &mut swept);
        timeout(TURN, removal).await.unwrap_or(Ok(()))?;
        Ok(swept)
    }

    async fn mark_and_remove(
        &self,
        id: &AnyId,
        read: Record,
        swept: &mut Swept,
    ) -> Result<(), ApiError> {
        let key = id.key();
        let life = read.life().clone();
        let Some(mark) = self.mark(&key, &read).await? else {
            return Ok(());
        };
        if let AnyId::Send(id) = id {
            swept.objects += store::remove_all(&*self.blobs, &[key::reports(id)]).await?;
        }
        while let Some(found) = self.rest(&key).await? {
            if self.is_too_late(&mark) {
                return Ok(());
            }
            swept.objects += self.remove(found).await?;
        }
        if self.is_mine(&key, &mark).await? {
            self.blobs.delete(&key.record()).await?;
            index::forget(&*self.blobs, *id, &life).await?;
            swept.objects += 2;
            swept.tombstones += 1;
        }
        Ok(())
    }

    /// Marks the record, unless it is not what was read any more.
    async fn mark(&self, key: &TransferKey, read: &Record) -> Result<Option<Removing>, ApiError> {
        let mark = Removing {
            at: self.clock.now(),
            by: Nonce::random(),
        };
        let place = |found: &mut Record| {
            if found != read {
                return Ok(Change::Keep(None));
            }
            found.mark(mark);
            Ok(Change::Write(Some(mark)))
        };
        let marked = store::update(&*self.blobs, &key.record(), place).await?;
        Ok(marked.flatten())
    }

    /// A page of what lies beside the record, if anything does.
    async fn rest(&self, key: &TransferKey) -> Result<Option<Vec<Path>>, ApiError> {
        let page = self.blobs.list(Some(&key.folder()), None, PAGE).await?;
        let mut found: Vec<Path> = page.entries.into_iter().map(|entry| entry.path).collect();
        found.retain(|path| *path != key.record());
        Ok(Some(found).filter(|found| !found.is_empty()))
    }

    /// Whether the record still has this mark, and its time is not over.
    async fn is_mine(&self, key: &TransferKey, mark: &Removing) -> Result<bool, ApiError> {
        let found = store::read::<Record>(&*self.blobs, &key.record()).await?;
        let marked = found.and_then(|record| record.life().removing);
        Ok(marked == Some(*mark) && !self.is_too_late(mark))
    }

    /// By the clock on the wall: a program may stand still for longer than its timers notice.
    fn is_too_late(&self, mark: &Removing) -> bool {
        self.clock.now().since(mark.at) >= TURN
    }
}
