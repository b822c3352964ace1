//! Reading a send with a claim: by part, or the whole stream.

use std::{io, ops::Range};

use futures::{StreamExt, TryStreamExt, stream};
use storage::{Blob, ByteStream};

use super::{Sends, parts::part_range};
use crate::{
    error::ApiError,
    guard::guarded,
    id::SendId,
    key::{GenerationKey, TransferKey},
    meter::Whose,
    record::{Life, SendRecord},
    secret::Presented,
    sizes,
};

/// A stored stream that a claim admits to.
pub struct Content {
    sends: Sends,
    id: SendId,
    shown: Option<Presented>,
    record: SendRecord,
}

impl Sends {
    /// A part, or a range of it.
    ///
    /// # Errors
    /// 400 for a part that the send does not have; 404; 410; 416.
    pub async fn part(
        &self,
        id: &SendId,
        shown: Option<Presented>,
        n: u32,
    ) -> Result<PartContent, ApiError> {
        let record = self.admit_claim(id, shown).await?;
        let range = part_range(&record, n)?;
        let path = GenerationKey::of(id, &record.life).part(n);
        Ok(PartContent {
            sends: self.clone(),
            id: *id,
            path,
            size: range.end - range.start,
            life: record.life,
        })
    }

    /// The whole stream.
    ///
    /// # Errors
    /// 404; 410.
    pub async fn content(
        &self,
        id: &SendId,
        shown: Option<Presented>,
    ) -> Result<Content, ApiError> {
        let record = self.admit_claim(id, shown).await?;
        Ok(Content {
            sends: self.clone(),
            id: *id,
            shown,
            record,
        })
    }
}

/// A stored part that a claim admits to.
pub struct PartContent {
    sends: Sends,
    id: SendId,
    path: storage::Path,
    life: Life,
    /// Its bytes.
    pub size: u64,
}

impl PartContent {
    /// Identifies the bytes for as long as they exist.
    #[must_use]
    pub fn etag(&self) -> String {
        format!("\"{}-{}\"", self.life.generation, self.path.name())
    }

    /// The bytes of a range; those that are taken count as served.
    ///
    /// # Errors
    /// The storage's.
    pub async fn open(self, range: Option<Range<u64>>) -> Result<Blob, ApiError> {
        match self.sends.blobs.get(&self.path, range).await {
            Err(missing @ storage::Error::NotFound(_)) => {
                // Removed since the claim was admitted: then the record says why.
                let record = self.sends.read(&self.id).await?.ok_or(ApiError::NotFound)?;
                self.sends.not_gone(&record.life)?;
                Err(missing.into())
            }
            found => {
                let mut blob = found?;
                let record = TransferKey::of(&self.id).record();
                let stream = guarded(blob.stream, self.sends.blobs.clone(), record, &self.life);
                blob.stream = self.sends.meter.serve(Whose::of(&self.life), stream);
                Ok(blob)
            }
        }
    }
}

impl Content {
    /// Its stored bytes.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.record.life.size
    }

    /// Identifies the bytes for as long as they exist.
    #[must_use]
    pub fn etag(&self) -> String {
        format!("\"{}\"", self.record.life.generation)
    }

    /// The bytes of a range. Claim, expiry and state are checked again for every part: a stream whose send is gone ends as an error.
    #[must_use]
    pub fn open(self, range: Range<u64>) -> ByteStream {
        let parts = stream::iter(pieces(self.size(), &range));
        let open = move |(n, within): (u32, Range<u64>)| {
            let (sends, id, shown) = (self.sends.clone(), self.id, self.shown);
            async move {
                let part = sends.part(&id, shown, n).await.map_err(io::Error::other)?;
                let blob = part.open(Some(within)).await.map_err(io::Error::other)?;
                Ok::<_, io::Error>(blob.stream)
            }
        };
        parts.then(open).try_flatten().boxed()
    }
}

/// The parts that a range of the stream touches, and which bytes of each.
fn pieces(size: u64, range: &Range<u64>) -> Vec<(u32, Range<u64>)> {
    let count = u32::try_from(sizes::part_count(size)).unwrap_or(u32::MAX);
    let touched = |n| {
        let part = sizes::part_range(size, u64::from(n))?;
        let within = part.start.max(range.start)..part.end.min(range.end);
        (within.start < within.end).then(|| (n, within.start - part.start..within.end - part.start))
    };
    (0..count).filter_map(touched).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_cut_at_the_borders_of_parts() {
        let size = sizes::FIRST_PART + sizes::PART + 100;
        let first = sizes::FIRST_PART;
        assert_eq!(
            pieces(size, &(0..size)),
            [(0, 0..first), (1, 0..sizes::PART), (2, 0..100)]
        );
        assert_eq!(
            pieces(size, &(first - 1..first + 1)),
            [(0, first - 1..first), (1, 0..1)]
        );
        assert_eq!(pieces(size, &(size - 1..size)), [(2, 99..100)]);
    }
}
