//! Writes whose end nobody knows: the answer was lost, or whoever waited for it is gone.

use storage::{Blobs, Error, Result};

use super::{figures::Sums, roll_up::Day, segment::Stored};
use crate::{clock::Date, id::Nonce, key, store};

/// A segment that may have been written, and what it would hold.
pub(super) struct Doubt {
    pub(super) date: Date,
    pub(super) nonce: Nonce,
    pub(super) attempted: Sums,
}

impl Doubt {
    /// What the storage has of it; `None` for nothing. Where that cannot be told any more it is all that was attempted: what is
    /// lost then is lost once, and nothing counts twice.
    ///
    /// A roll-up adds a segment to its day before it removes it, so the segment is asked for first.
    pub(super) async fn landed(&self, blobs: &dyn Blobs) -> Result<Option<Sums>> {
        let path = key::usage_segment(self.date, &self.nonce);
        match store::read::<Stored>(blobs, &path).await {
            Ok(Some(stored)) => return Ok(Some(stored.sums)),
            Ok(None) => {}
            Err(Error::Damaged { .. }) => return Ok(Some(self.attempted.clone())),
            Err(error) => return Err(error),
        }
        let held = match store::read::<Day>(blobs, &key::usage_day(self.date)).await {
            Ok(day) => day.is_some_and(|day| day.segments.contains(&self.nonce)),
            Err(Error::Damaged { .. }) => true,
            Err(error) => return Err(error),
        };
        Ok(held.then(|| self.attempted.clone()))
    }
}
