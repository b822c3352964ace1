//! The operations of the original's `/api/transfers` and `/api/presigned`: one opaque payload a transfer.
//!
//! Every upload writes a `payload/{nonce}` of its own, which the record names by compare-and-swap, so an upload that still runs
//! cannot touch what was completed. Only what a signed URL can write again, `incoming/{nonce}`, is copied to a fresh one.
//! Nothing that the record named while pending is removed before it is completed: only then can nothing be named any more. So a pending
//! transfer takes a few uploads, and not any number.
//!
//! - `create`, `upload`, `complete`: through the service
//! - `signed`, `multipart`: uploads and downloads by signed URLs
//! - `download`: counted reads
//! - `removal`: the sender's delete, and the end of a transfer that goes with its last download

mod complete;
mod create;
mod download;
mod multipart;
mod removal;
mod signed;
mod upload;

use std::sync::Arc;

use storage::{Blobs, json::Change};

pub use complete::Completed;
pub use download::Download;
pub use multipart::{MIN_PART, MOST_PARTS, PART};

use crate::{
    api::transfers as wire,
    clock::Clock,
    config::Limits,
    count,
    direct::Direct,
    error::ApiError,
    id::TransferId,
    key::{GenerationKey, TransferKey},
    meter::Meter,
    record::{Life, TransferRecord},
    slots::Slots,
    store,
    tokens::AccessTokens,
    turns::Turns,
};

/// The original's transfers in a storage.
#[derive(Clone)]
pub struct Transfers {
    blobs: Arc<dyn Blobs>,
    direct: Direct,
    tokens: AccessTokens,
    turns: Turns,
    meter: Meter,
    clock: Clock,
    limits: Limits,
}

impl Transfers {
    /// Those in this storage, by this clock, within these limits.
    #[must_use]
    pub fn new(blobs: Arc<dyn Blobs>, direct: Direct, clock: Clock, limits: Limits) -> Self {
        Self {
            tokens: AccessTokens::new(blobs.clone(), None),
            blobs,
            direct,
            turns: Turns::default(),
            meter: Meter::off(),
            clock,
            limits,
        }
    }

    /// Tells this meter what goes on.
    #[must_use]
    pub fn metered(self, meter: Meter) -> Self {
        Self { meter, ..self }
    }

    /// What is known of a transfer.
    ///
    /// # Errors
    /// 404.
    pub async fn info(&self, id: &TransferId) -> Result<wire::TransferInfo, ApiError> {
        let TransferRecord {
            life,
            content_type_hint,
            ..
        } = self.read(id).await?;
        let key = GenerationKey::of(id, &life);
        let count = count::downloads(&*self.blobs, &self.turns, &key, &life).await?;
        Ok(wire::TransferInfo {
            transfer_id: *id,
            status: life.state,
            file_size_bytes: life.size,
            content_type_hint,
            created_at: life.created_at.iso(),
            download_count: count,
            max_downloads: life.downloads,
            expires_at: life.expires_at,
            downloads_remaining: life.downloads_left(count).unwrap_or(0),
            is_expired: self.clock.now() >= life.expires_at,
        })
    }

    async fn read(&self, id: &TransferId) -> Result<TransferRecord, ApiError> {
        let found = store::read(&*self.blobs, &TransferKey::of(id).record()).await?;
        found.ok_or(ApiError::NotFound)
    }

    async fn update<R: Send>(
        &self,
        id: &TransferId,
        change: impl FnMut(&mut TransferRecord) -> Result<Change<R>, ApiError> + Send,
    ) -> Result<R, ApiError> {
        let path = TransferKey::of(id).record();
        store::update(&*self.blobs, &path, change)
            .await?
            .ok_or(ApiError::NotFound)
    }

    /// The slots of a transfer with so small a limit that they count it.
    fn slots<'a>(&'a self, key: &'a GenerationKey, life: &Life) -> Option<Slots<'a>> {
        Slots::of(&*self.blobs, &self.turns, key, life)
    }
}

const NOT_PENDING: ApiError =
    ApiError::Conflict("The transfer is complete: nothing can be uploaded to it any more.");

/// The original's routes know a deleted transfer only as one that is not there.
fn is_there(life: &Life) -> bool {
    !life.state.is_removed()
}
