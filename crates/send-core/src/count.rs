//! How many downloads there were: by slots where the limit is small, else by a count: of any number, or more than slots are made for.

use serde::{Deserialize, Serialize};
use storage::{
    Blobs,
    json::{self, Change},
};

use crate::{
    error::ApiError, id::Nonce, key::GenerationKey, record::Life, slots::Slots, store, turns::Turns,
};

#[derive(Serialize, Deserialize)]
struct Count {
    downloads: u64,
    /// Who wrote it: a write whose answer was lost is told from another's that counted to the same number.
    writer: Nonce,
}

/// How many downloads of one use of an id were taken, whether slots count them or not.
pub(crate) async fn downloads(
    blobs: &dyn Blobs,
    turns: &Turns,
    key: &GenerationKey,
    life: &Life,
) -> Result<u64, ApiError> {
    match Slots::of(blobs, turns, key, life) {
        Some(slots) => Ok(slots.taken().await?.into()),
        None => read(blobs, key).await,
    }
}

/// How many there were.
async fn read(blobs: &dyn Blobs, key: &GenerationKey) -> Result<u64, ApiError> {
    let count = store::read::<Count>(blobs, &key.count()).await?;
    Ok(count.map_or(0, |count| count.downloads))
}

/// One more by compare-and-swap, unless that is more than `limit` (0 is any number); the new count.
pub(crate) async fn raise(
    blobs: &dyn Blobs,
    key: &GenerationKey,
    limit: u64,
) -> Result<Option<u64>, ApiError> {
    let path = key.count();
    let raise = |count: &mut Count| -> Result<_, ApiError> {
        if limit > 0 && count.downloads >= limit {
            return Ok(Change::Keep(None));
        }
        count.downloads += 1;
        count.writer = Nonce::random();
        Ok(Change::Write(Some(count.downloads)))
    };
    if let Some(raised) = store::update(blobs, &path, raise).await? {
        return Ok(raised);
    }
    json::create(
        blobs,
        &path,
        &Count {
            downloads: 0,
            writer: Nonce::random(),
        },
    )
    .await?;
    Ok(store::update(blobs, &path, raise).await?.flatten())
}
