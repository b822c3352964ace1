//! One signed URL for an upload, one for a download. S3 takes at most 5 GiB in one request.

use std::time::Duration;

use storage::{Presign, json::Change};

use super::{NOT_PENDING, Transfers, download::Download, is_there};
use crate::{
    api::transfers as wire,
    direct,
    error::ApiError,
    id::{Nonce, TransferId},
    key::GenerationKey,
    record::{Gone, Life, State, TransferRecord},
};

/// How long the payload of a transfer that goes with its last download stays after a URL for it was given: who began to read
/// while the URL worked can end, however large it is.
const LENT: Duration = Duration::from_hours(1);

const WITHOUT_S3: ApiError = ApiError::Request("S3 storage mode required");
const NOT_COMPLETED: ApiError = ApiError::Conflict("The upload is not complete yet.");

impl Transfers {
    /// What signs URLs here.
    pub(super) fn signer(&self) -> Result<&dyn Presign, ApiError> {
        self.direct.original().ok_or(WITHOUT_S3)
    }

    /// Signs a URL for an upload in one request. While no other upload arrives, asking again is answered with a URL for the
    /// same object, so what any of them brought counts.
    ///
    /// # Errors
    /// 400 without S3; 404; 409 when not pending.
    pub async fn upload_url(&self, id: &TransferId) -> Result<wire::UploadUrl, ApiError> {
        let signer = self.signer()?;
        let TransferRecord { life, signed, .. } = self.awaiting(id).await?;
        let nonce = match signed {
            Some(nonce) => nonce,
            None => self.name_signed(id, &life).await?,
        };
        let path = GenerationKey::of(id, &life).incoming(&nonce);
        let signed = signer.sign_put(&path, direct::UPLOAD_LIFE).await?;
        Ok(wire::UploadUrl {
            transfer_id: *id,
            upload_url: signed.url,
            expires_in: direct::UPLOAD_LIFE.as_secs(),
        })
    }

    /// Counts one download and signs a URL for it, which does not outlive the transfer.
    ///
    /// # Errors
    /// 400 without S3; 404; 409 while pending; 410 `expired`, `exhausted`.
    pub async fn download_url(&self, id: &TransferId) -> Result<wire::DownloadUrl, ApiError> {
        let signer = self.signer()?;
        let record = self.read(id).await?;
        if record.life.state == State::Pending {
            return Err(NOT_COMPLETED);
        }
        let download = self.downloadable(id, record)?;
        let life = download.url_life();
        let signed = signer.sign_get(&download.path, life).await?;
        download.lend().await?;
        download.count_one().await?;
        Ok(wire::DownloadUrl {
            transfer_id: *id,
            download_url: signed.url,
            expires_in: life.as_secs(),
        })
    }

    /// A transfer that is there and not complete.
    pub(super) async fn awaiting(&self, id: &TransferId) -> Result<TransferRecord, ApiError> {
        let record = self.read(id).await?;
        if !is_there(&record.life) {
            return Err(ApiError::NotFound);
        }
        if record.life.state != State::Pending {
            return Err(NOT_PENDING);
        }
        Ok(record)
    }

    /// Names the object of a signed URL, unless another request has.
    async fn name_signed(&self, id: &TransferId, life: &Life) -> Result<Nonce, ApiError> {
        let fresh = Nonce::random();
        let name = |record: &mut TransferRecord| {
            if record.life.generation != life.generation {
                return Err(ApiError::NotFound);
            }
            if record.life.state != State::Pending {
                return Err(NOT_PENDING);
            }
            if let Some(signed) = record.signed {
                return Ok(Change::Keep(signed));
            }
            record.signed = Some(fresh);
            Ok(Change::Write(fresh))
        };
        self.update(id, name).await
    }
}

impl Download {
    /// How long a URL for it works: a signed read cannot be called back, so it may not reach beyond the transfer's end.
    fn url_life(&self) -> Duration {
        let left = self
            .life
            .expires_at
            .since(self.transfers.clock.now())
            .min(direct::LIFE);
        Duration::from_secs(left.as_secs().max(1))
    }

    /// Remembers that the payload must outlive a URL for it, where it goes with the last download: before it is counted, so
    /// that whoever takes the last one knows.
    async fn lend(&self) -> Result<(), ApiError> {
        if !self.goes_with_last() {
            return Ok(());
        }
        let until = self.transfers.clock.now().plus(LENT);
        let lend = |record: &mut TransferRecord| {
            if record.life.generation != self.life.generation || !is_there(&record.life) {
                return Err(ApiError::NotFound);
            }
            if record.life.state != State::Completed {
                return Err(ApiError::Gone(Gone::Exhausted));
            }
            record.lent_until = record.lent_until.max(Some(until));
            Ok(Change::Write(()))
        };
        self.transfers.update(&self.id, lend).await
    }
}
