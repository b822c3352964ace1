//! Uploads through the service, and how each upload becomes the newest.

use storage::{ByteStream, Path, json::Change};

use super::Transfers;
use crate::{
    error::ApiError,
    id::{Nonce, TransferId},
    key::GenerationKey,
    meter::Whose,
    record::{Life, State, Stored, TransferRecord},
};

impl Transfers {
    /// How many bytes an upload may have now, before its body is read.
    ///
    /// # Errors
    /// 400 when `announced` is not what create declared; 404 when unknown or not pending; 413.
    pub async fn expect_upload(
        &self,
        id: &TransferId,
        announced: Option<u64>,
    ) -> Result<u64, ApiError> {
        let life = self.pending(id).await?.life;
        if let Some(size) = announced {
            self.check_arrival(life.size, size)?;
        }
        Ok(self.limits.transfer_bytes)
    }

    /// Stores a payload; while pending, a later one takes its place.
    ///
    /// # Errors
    /// 400 when its size is not what create declared; 404 when unknown or not pending; 507.
    pub async fn upload(&self, id: &TransferId, bytes: ByteStream) -> Result<u64, ApiError> {
        let life = self.pending(id).await?.life;
        let nonce = Nonce::random();
        let path = GenerationKey::of(id, &life).payload(&nonce);
        let size = match self.blobs.put_stream(&path, bytes).await {
            Ok(meta) => meta.size,
            // Another upload was completed meanwhile, which removed this one.
            Err(storage::Error::NotFound(_)) => return Err(ApiError::NotFound),
            Err(error) => return Err(error.into()),
        };
        self.keep_if_expected(&path, life.size, size).await?;
        self.accept(id, &life, Stored { nonce, size }).await?;
        Ok(size)
    }

    /// Names what has arrived as the newest upload. It is removed where the transfer waits for none any more.
    ///
    /// # Errors
    /// 404 when gone or not pending.
    pub(super) async fn accept(
        &self,
        id: &TransferId,
        life: &Life,
        arrived: Stored,
    ) -> Result<(), ApiError> {
        let accepted = self.name_incoming(id, life, arrived).await;
        if accepted.as_ref().is_err_and(is_refusal) {
            let path = GenerationKey::of(id, life).payload(&arrived.nonce);
            self.blobs.delete(&path).await?;
        }
        accepted?;
        self.meter.stored(Whose::of(life), arrived.size);
        Ok(())
    }

    async fn name_incoming(
        &self,
        id: &TransferId,
        life: &Life,
        arrived: Stored,
    ) -> Result<(), ApiError> {
        let name = |record: &mut TransferRecord| {
            if record.life.generation != life.generation {
                return Err(ApiError::NotFound);
            }
            if record.names(&arrived.nonce) {
                return Ok(Change::Keep(()));
            }
            if record.life.state != State::Pending {
                return Err(ApiError::NotFound);
            }
            takes_another(record)?;
            record.uploads += 1;
            record.incoming = Some(arrived);
            record.signed = None;
            Ok(Change::Write(()))
        };
        self.update(id, name).await
    }

    async fn pending(&self, id: &TransferId) -> Result<TransferRecord, ApiError> {
        let record = self.read(id).await?;
        if record.life.state != State::Pending {
            return Err(ApiError::NotFound);
        }
        takes_another(&record)?;
        Ok(record)
    }

    /// Removes an object that is not as large as declared, or larger than allowed.
    ///
    /// # Errors
    /// 400; 413.
    pub(super) async fn keep_if_expected(
        &self,
        path: &Path,
        declared: u64,
        size: u64,
    ) -> Result<(), ApiError> {
        let expected = self.check_arrival(declared, size);
        if expected.is_err() {
            self.blobs.delete(path).await?;
        }
        expected
    }

    /// What was declared must arrive, and no more than is allowed; 0 declares nothing.
    pub(super) fn check_arrival(&self, declared: u64, size: u64) -> Result<(), ApiError> {
        self.check_size(size)?;
        if declared == 0 || declared == size {
            return Ok(());
        }
        Err(ApiError::field(
            "file_size_bytes",
            format!("declared {declared} bytes, but the upload has {size}"),
        ))
    }

    pub(super) fn check_size(&self, size: u64) -> Result<(), ApiError> {
        let most = self.limits.transfer_bytes;
        if size > most {
            return Err(ApiError::TooLarge(format!(
                "This server takes at most {most} bytes."
            )));
        }
        Ok(())
    }
}

/// Uploads of one transfer, of which the last counts: more are no mistake of a client any more, but fill the storage.
const UPLOADS: u32 = 16;

fn takes_another(record: &TransferRecord) -> Result<(), ApiError> {
    if record.uploads < UPLOADS {
        return Ok(());
    }
    Err(ApiError::Conflict(
        "This transfer was uploaded too often. Complete it, or begin anew.",
    ))
}

/// Whether the record was read and said no, for good; after any other error it may have been written all the same, so that
/// what it may name has to stay.
pub(super) const fn is_refusal(error: &ApiError) -> bool {
    matches!(error, ApiError::NotFound | ApiError::Conflict(_))
}
