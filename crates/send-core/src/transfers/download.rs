//! Counted reads: the plain GET of the original is a claim, a stream and its end in one.

use std::ops::Range;

use storage::{Blob, Path, json::Change};

use super::{Transfers, generation, is_there};
use crate::{
    count,
    error::ApiError,
    id::{Digest, Nonce, TransferId},
    record::{Gone, Life, State, TransferRecord},
};

/// A payload that may be downloaded, not counted yet.
pub struct Download {
    transfers: Transfers,
    id: TransferId,
    life: Life,
    path: Path,
}

impl Transfers {
    /// Looks whether a transfer may be downloaded; counts nothing.
    ///
    /// # Errors
    /// 404 unknown, pending or deleted; 410 `expired`, `exhausted`.
    pub async fn find(&self, id: &TransferId) -> Result<Download, ApiError> {
        let TransferRecord { life, payload, .. } = self.read(id).await?;
        let payload = payload
            .filter(|_| is_there(&life))
            .ok_or(ApiError::NotFound)?;
        if let Some(reason) = life.gone(self.clock.now()) {
            return Err(ApiError::Gone(reason));
        }
        let path = generation(id, &life).payload(&payload);
        Ok(Download {
            transfers: self.clone(),
            id: *id,
            life,
            path,
        })
    }
}

impl Download {
    /// Bytes of the payload.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.life.size
    }

    /// Identifies the bytes for as long as they exist.
    #[must_use]
    pub fn etag(&self) -> String {
        format!("\"{}\"", self.path.name())
    }

    /// Opens the payload, or a range of it, and counts one download: whoever is not counted reads nothing, and who is
    /// counted has it open, even if it is wiped now.
    ///
    /// # Errors
    /// 410 `exhausted`; the storage's.
    pub async fn open(self, range: Option<Range<u64>>) -> Result<Blob, ApiError> {
        let blobs = &self.transfers.blobs;
        let opened = blobs.get(&self.path, range).await;
        let mut blob = opened.map_err(|error| match error {
            storage::Error::NotFound(_) => ApiError::Gone(Gone::Exhausted),
            other => other.into(),
        })?;
        let count = self.count().await?.ok_or(ApiError::Gone(Gone::Exhausted))?;
        if self.life.wipe && count == self.life.downloads {
            self.exhaust().await?;
            blob.stream = self.transfers.wipe_after(self.id, &self.life, blob.stream);
        }
        Ok(blob)
    }

    /// One download more; how many that makes, or `None` when none is left.
    async fn count(&self) -> Result<Option<u64>, ApiError> {
        let key = generation(&self.id, &self.life);
        match self.transfers.slots(&key, &self.life) {
            Some(slots) => {
                let holder = Digest::of(Nonce::random().as_bytes());
                Ok(slots.take(&holder).await?.map(|slot| u64::from(slot) + 1))
            }
            None => count::raise(&*self.transfers.blobs, &key, self.life.downloads).await,
        }
    }

    async fn exhaust(&self) -> Result<(), ApiError> {
        let exhaust = |record: &mut TransferRecord| {
            if record.life.state != State::Completed
                || record.life.generation != self.life.generation
            {
                return Ok(Change::Keep(()));
            }
            record.life.state = State::Exhausted;
            Ok(Change::Write(()))
        };
        self.transfers.update(&self.id, exhaust).await
    }
}
