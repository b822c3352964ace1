//! The end of a transfer: state first, bytes after.

use futures::{StreamExt, stream};
use storage::{ByteStream, json::Change};

use super::Transfers;
use crate::{
    error::ApiError,
    id::{Digest, TransferId},
    key::{GenerationKey, TransferKey},
    record::{Life, State, TransferRecord},
    store,
};

impl Transfers {
    /// Deletes a transfer for whoever knows the secret behind its `delete_auth_hash`; false when it was deleted before.
    ///
    /// # Errors
    /// 403 `auth_mismatch`; 404 `not_found`; 409 `delete_not_enabled`.
    pub async fn delete(&self, id: &TransferId, secret: &str) -> Result<bool, ApiError> {
        let shown = Digest::of(secret);
        let delete = |record: &mut TransferRecord| {
            let expected = record.delete_auth_hash.ok_or(NOT_ENABLED)?;
            if !expected.same(&shown) {
                return Err(ApiError::Forbidden("auth_mismatch"));
            }
            let generation = record.life.generation;
            if record.life.state.is_removed() {
                return Ok(Change::Keep((false, generation)));
            }
            record.life.state = State::Deleted;
            Ok(Change::Write((true, generation)))
        };
        let deleted = self.update(id, delete).await.map_err(|error| match error {
            ApiError::NotFound => ApiError::NotFoundCode,
            other => other,
        });
        let (deleted, nonce) = deleted?;
        let key = TransferKey::of(id).generation(&nonce);
        store::remove_all(&*self.blobs, &key.bytes()).await?;
        Ok(deleted)
    }

    /// The same bytes; the payload goes when they have been read or dropped. A sweep finds what a crash leaves.
    pub(super) fn wipe_after(&self, id: TransferId, life: &Life, bytes: ByteStream) -> ByteStream {
        let wipe = Wipe {
            transfers: self.clone(),
            key: GenerationKey::of(&id, life),
        };
        stream::unfold((bytes, wipe), |(mut bytes, wipe)| async move {
            let piece = bytes.next().await?;
            Some((piece, (bytes, wipe)))
        })
        .boxed()
    }
}

/// Removes a payload when it is dropped.
struct Wipe {
    transfers: Transfers,
    key: GenerationKey,
}

impl Drop for Wipe {
    fn drop(&mut self) {
        let (blobs, folders) = (self.transfers.blobs.clone(), self.key.bytes());
        tokio::spawn(async move {
            if let Err(error) = store::remove_all(&*blobs, &folders).await {
                tracing::warn!(%error, "a payload that was read for the last time is left to the sweep");
            }
        });
    }
}

const NOT_ENABLED: ApiError = ApiError::Conflict("delete_not_enabled");
