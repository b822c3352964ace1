//! The upload of a send: its manifest, its parts, and the one commit point.

use std::ops::Range;

use bytes::Bytes;
use storage::{
    Path,
    json::{Change, Created, create_or_read},
};

use super::{PENDING, Sends};
use crate::{
    api::sends::{self as wire, ReceivedPart},
    error::{ApiError, Missing},
    id::{Digest, SendId},
    key::{self, GenerationKey},
    meter::Whose,
    record::{SendRecord, State},
    secret::Presented,
    sizes, store,
};

/// Parts that a page of [`Sends::received`] tells.
const PAGE: usize = 1_000;
/// Manifests that are stored of one send: more are no mistake of a client any more.
const MANIFESTS: usize = 16;
/// Missing parts that a refusal names.
const NAMED: usize = 100;

/// A part that is expected: what to read before it can be stored.
#[derive(Debug)]
pub struct PartSlot {
    path: Path,
    part: u32,
    whose: Whose,
    /// Exactly how many bytes it has.
    pub size: u64,
}

/// A manifest that is expected.
pub struct ManifestSlot {
    id: SendId,
    key: GenerationKey,
    whose: Whose,
    /// One is named already.
    again: bool,
}

impl Sends {
    /// Checks that a manifest may come now, before its body is read.
    ///
    /// # Errors
    /// 404; 409 once complete; 410.
    pub async fn expect_manifest(
        &self,
        id: &SendId,
        shown: Option<Presented>,
    ) -> Result<ManifestSlot, ApiError> {
        let record = self.uploading(id, shown).await?;
        Ok(ManifestSlot {
            id: *id,
            key: GenerationKey::of(id, &record.life),
            whose: Whose::of(&record.life),
            again: record.manifest.is_some(),
        })
    }

    /// Stores a manifest and names it in the record; a later one replaces it until the send is complete.
    ///
    /// # Errors
    /// 409 once complete, or after too many others; 410.
    pub async fn store_manifest(
        &self,
        slot: ManifestSlot,
        bytes: Bytes,
        sha256: Digest,
    ) -> Result<wire::ManifestStored, ApiError> {
        let size = bytes.len() as u64;
        let path = slot.key.manifest(&sha256);
        if slot.again {
            self.check_room(&slot.key, &path).await?;
        }
        if create_or_read(&*self.blobs, &path, bytes).await? == Created::New {
            self.meter.stored(slot.whose, size);
        }
        let name = |record: &mut SendRecord| {
            self.not_gone(&record.life)?;
            if record.life.state != State::Pending && record.manifest != Some(sha256) {
                return Err(COMPLETE);
            }
            record.manifest = Some(sha256);
            Ok(Change::Write(wire::ManifestStored { sha256 }))
        };
        self.update(&slot.id, name).await
    }

    /// Replacing a manifest again and again must not fill the storage.
    async fn check_room(&self, key: &GenerationKey, path: &Path) -> Result<(), ApiError> {
        let stored = self
            .blobs
            .list(Some(&key.manifests()), None, MANIFESTS)
            .await?;
        let there = stored.entries.iter().any(|entry| entry.path == *path);
        if there || stored.entries.len() < MANIFESTS {
            return Ok(());
        }
        Err(ApiError::Conflict(
            "The manifest was replaced too often. Begin anew with a new secret.",
        ))
    }

    /// Checks that part `n` may come now, before its body is read.
    ///
    /// # Errors
    /// As [`Self::expect_manifest`], and 400 for a part that the send does not have.
    pub async fn expect_part(
        &self,
        id: &SendId,
        shown: Option<Presented>,
        n: u32,
    ) -> Result<PartSlot, ApiError> {
        let record = self.uploading(id, shown).await?;
        let range = part_range(&record, n)?;
        let path = GenerationKey::of(id, &record.life).part(n);
        Ok(PartSlot {
            path,
            part: n,
            whose: Whose::of(&record.life),
            size: range.end - range.start,
        })
    }

    /// Stores a part; the same bytes again are no error.
    ///
    /// # Errors
    /// 409 when other bytes came before.
    pub async fn store_part(
        &self,
        slot: PartSlot,
        bytes: Bytes,
        sha256: Digest,
    ) -> Result<wire::PartStored, ApiError> {
        let created = create_or_read(&*self.blobs, &slot.path, bytes).await?;
        if created == Created::New && self.direct.uploads().is_none() {
            self.meter.stored(slot.whose, slot.size);
        }
        match created {
            Created::New | Created::Same => Ok(wire::PartStored {
                part: slot.part,
                sha256,
            }),
            Created::Taken => Err(ApiError::Conflict(
                "This part has arrived before, with other bytes.",
            )),
        }
    }

    /// Which parts have arrived after part `after`.
    ///
    /// # Errors
    /// 404; 410.
    pub async fn received(
        &self,
        id: &SendId,
        shown: Option<Presented>,
        after: Option<u32>,
    ) -> Result<wire::Received, ApiError> {
        let record = self.admit_owner(id, shown).await?;
        self.not_gone(&record.life)?;
        let key = GenerationKey::of(id, &record.life);
        let after = after.map(|n| key.part(n));
        let page = self
            .blobs
            .list(Some(&key.parts()), after.as_ref(), PAGE)
            .await?;
        let part = |entry: &storage::Listed| {
            Some(ReceivedPart {
                part: key::number(&entry.path)?,
                size: entry.size,
            })
        };
        Ok(wire::Received {
            part_count: sizes::part_count(record.life.size),
            received: page.entries.iter().filter_map(part).collect(),
            more: page.more,
        })
    }

    /// Completes an upload: everything is there, or the answer says what is not; again is no error.
    ///
    /// # Errors
    /// 401 when its access token was revoked; 404; 409 with what is missing; 410.
    pub async fn complete(
        &self,
        id: &SendId,
        shown: Option<Presented>,
    ) -> Result<wire::SendState, ApiError> {
        let record = self.admit_owner(id, shown).await?;
        self.not_gone(&record.life)?;
        if record.life.state == State::Pending {
            self.check_complete(id, &record).await?;
            self.tokens.still_admits(record.life.token.as_ref()).await?;
        }
        let complete = |record: &mut SendRecord| {
            self.not_gone(&record.life)?;
            if record.life.state == State::Completed {
                return Ok(Change::Keep((record.life.clone(), false)));
            }
            record.life.state = State::Completed;
            Ok(Change::Write((record.life.clone(), true)))
        };
        let (life, new) = self.update(id, complete).await?;
        // Where parts may go straight to the storage, nobody sees them come: then all are counted here.
        if new && self.direct.uploads().is_some() {
            self.meter.stored(Whose::of(&life), life.size);
        }
        self.describe(id, &life).await
    }

    /// Compares what is stored with what was announced.
    async fn check_complete(&self, id: &SendId, record: &SendRecord) -> Result<(), ApiError> {
        let arrived =
            store::list(&*self.blobs, &GenerationKey::of(id, &record.life).parts()).await?;
        let size = record.life.size;
        let whole = arrived.iter().filter_map(|entry| {
            let n = key::number(&entry.path)?;
            let expected = sizes::part_range(size, n.into())?;
            (entry.size == expected.end - expected.start).then_some(n)
        });
        let missing = missing_of(sizes::part_count(size), whole);
        let part_count = u32::try_from(missing.len()).unwrap_or(u32::MAX);
        if missing.is_empty() && record.manifest.is_some() {
            return Ok(());
        }
        let parts = missing.into_iter().take(NAMED).collect();
        Err(ApiError::Incomplete(Missing {
            manifest: record.manifest.is_none(),
            part_count,
            parts,
        }))
    }

    pub(super) async fn uploading(
        &self,
        id: &SendId,
        shown: Option<Presented>,
    ) -> Result<SendRecord, ApiError> {
        let record = self.admit_owner(id, shown).await?;
        self.not_gone(&record.life)?;
        if record.life.state == State::Pending {
            Ok(record)
        } else {
            Err(COMPLETE)
        }
    }

    /// The sealed manifest; reading it consumes nothing.
    ///
    /// # Errors
    /// 403 for a wrong read half; 404; 409 while pending; 410; 429.
    pub async fn manifest(&self, id: &SendId, shown: Option<Presented>) -> Result<Bytes, ApiError> {
        let record = self.admit_reader(id, shown).await?;
        let digest = record.manifest.ok_or(PENDING)?;
        let path = GenerationKey::of(id, &record.life).manifest(&digest);
        let bytes = self.blobs.get(&path, None).await?.bytes().await?;
        self.meter
            .served(Whose::of(&record.life), bytes.len() as u64);
        Ok(bytes)
    }
}

const COMPLETE: ApiError = ApiError::Conflict("The send is complete: nothing can be added to it.");

/// Where part `n` lies in the stored stream.
pub(super) fn part_range(record: &SendRecord, n: u32) -> Result<Range<u64>, ApiError> {
    sizes::part_range(record.life.size, n.into()).ok_or_else(|| {
        let last = sizes::part_count(record.life.size) - 1;
        ApiError::field("part", format!("must be a number from 0 to {last}"))
    })
}

/// The numbers below `count` that are not among `there`, which is ascending.
fn missing_of(count: u64, there: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut there = there.peekable();
    let all = 0..u32::try_from(count).unwrap_or(u32::MAX);
    all.filter(|n| there.next_if_eq(n).is_none()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_what_is_not_there() {
        assert_eq!(missing_of(4, [0, 2].into_iter()), [1, 3]);
        assert_eq!(missing_of(2, [0, 1].into_iter()), [0; 0]);
        assert_eq!(missing_of(2, [].into_iter()), [0, 1]);
    }
}
