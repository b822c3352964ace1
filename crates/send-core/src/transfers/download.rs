//! Counted reads: the plain GET of the original is a claim, a stream and its end in one.

use std::ops::Range;

use storage::{Blob, Path, json::Change};

use super::{Transfers, is_there};
use crate::{
    count,
    error::ApiError,
    guard::guarded,
    id::{Digest, Nonce, TransferId},
    key::{GenerationKey, TransferKey},
    meter::Whose,
    record::{Gone, Life, State, TransferRecord},
};

/// A payload that may be downloaded, not counted yet.
pub struct Download {
    pub(super) transfers: Transfers,
    pub(super) id: TransferId,
    pub(super) life: Life,
    pub(super) path: Path,
}

impl Transfers {
    /// Looks whether a transfer may be downloaded; counts nothing.
    ///
    /// # Errors
    /// 404 unknown, pending or deleted; 410 `expired`, `exhausted`.
    pub async fn find(&self, id: &TransferId) -> Result<Download, ApiError> {
        let record = self.read(id).await?;
        self.downloadable(id, record)
    }

    /// The payload of a transfer as it was read.
    pub(super) fn downloadable(
        &self,
        id: &TransferId,
        record: TransferRecord,
    ) -> Result<Download, ApiError> {
        let TransferRecord { life, payload, .. } = record;
        let payload = payload
            .filter(|_| is_there(&life))
            .ok_or(ApiError::NotFound)?;
        if let Some(reason) = life.gone(self.clock.now()) {
            return Err(ApiError::Gone(reason));
        }
        let path = GenerationKey::of(id, &life).payload(&payload);
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
        let record = TransferKey::of(&self.id).record();
        blob.stream = guarded(blob.stream, blobs.clone(), record, &self.life);
        if self.count_one().await? {
            blob.stream = self.transfers.wipe_after(self.id, &self.life, blob.stream);
        }
        blob.stream = self
            .transfers
            .meter
            .serve(Whose::of(&self.life), blob.stream);
        Ok(blob)
    }

    /// Counts one download; whether the payload goes as soon as it has been read.
    ///
    /// # Errors
    /// 410 `exhausted`.
    pub(super) async fn count_one(&self) -> Result<bool, ApiError> {
        let Some(count) = self.count().await? else {
            // Whoever took the last one may have ended before it could say so.
            if self.goes_with_last() {
                self.exhaust().await?;
            }
            return Err(ApiError::Gone(Gone::Exhausted));
        };
        self.transfers.meter.claimed(Whose::of(&self.life));
        if self.goes_with_last() && count == self.life.downloads {
            self.exhaust().await
        } else {
            Ok(false)
        }
    }

    /// The payload goes with the last download.
    pub(super) const fn goes_with_last(&self) -> bool {
        self.life.wipe && self.life.downloads > 0
    }

    /// One download more; how many that makes, or `None` when none is left.
    async fn count(&self) -> Result<Option<u64>, ApiError> {
        let key = GenerationKey::of(&self.id, &self.life);
        match self.transfers.slots(&key, &self.life) {
            Some(slots) => {
                let holder = Digest::of(Nonce::random().as_bytes());
                Ok(slots.take(&holder).await?.map(|slot| u64::from(slot) + 1))
            }
            None => {
                let _turn = self.transfers.turns.next(&self.life.generation).await;
                count::raise(&*self.transfers.blobs, &key, self.life.downloads).await
            }
        }
    }

    /// Ends a transfer whose last download was counted: at once, or when the URLs that were given have been read. Whether its
    /// payload is not needed any more.
    async fn exhaust(&self) -> Result<bool, ApiError> {
        let now = self.transfers.clock.now();
        let exhaust = |record: &mut TransferRecord| {
            if record.life.state != State::Completed
                || record.life.generation != self.life.generation
            {
                return Ok(Change::Keep(true));
            }
            if let Some(until) = record.lent_until.filter(|until| *until > now) {
                record.life.expires_at = record.life.expires_at.min(until);
                return Ok(Change::Write(false));
            }
            record.life.state = State::Exhausted;
            Ok(Change::Write(true))
        };
        self.transfers.update(&self.id, exhaust).await
    }
}
