//! Create, upload, complete.

use storage::{
    ByteStream,
    json::{self, Change, Created},
};

use super::{Transfers, generation};
use crate::{
    api::transfers as wire,
    clock::Millis,
    error::ApiError,
    id::{Digest, Nonce, TransferId},
    key::TransferKey,
    record::{Life, State, Stored, TransferRecord},
    store,
};

/// A completed upload.
#[derive(Clone, Copy, Debug)]
pub struct Completed {
    /// Stored bytes.
    pub size: u64,
    /// When the transfer was created.
    pub created_at: Millis,
}

impl Transfers {
    /// Looks whether a transfer may be asked for like this, before anything is counted or stored.
    ///
    /// # Errors
    /// 400; 413.
    pub fn check(&self, ask: &wire::CreateTransfer) -> Result<(), ApiError> {
        self.new_record(ask).map(drop)
    }

    /// Makes the record of a new transfer.
    ///
    /// # Errors
    /// 400; 409 when the id exists; 413.
    pub async fn create(&self, ask: &wire::CreateTransfer) -> Result<TransferId, ApiError> {
        let record = self.new_record(ask)?;
        let id = ask.transfer_id.unwrap_or_else(TransferId::random);
        match json::create(&*self.blobs, &TransferKey::of(&id).record(), &record).await? {
            Created::New | Created::Same => Ok(id),
            Created::Taken(_) if ask.transfer_id.is_none() => Err(TAKEN),
            Created::Taken(_) if ask.allow_recreate => self.recreate(id, record).await,
            Created::Taken(_) => Err(TAKEN),
        }
    }

    /// Uses an id again, once what had it is deleted or expired: a new generation, below which nothing of the old one lies.
    async fn recreate(
        &self,
        id: TransferId,
        record: TransferRecord,
    ) -> Result<TransferId, ApiError> {
        let now = self.clock.now();
        let replace = |found: &mut TransferRecord| {
            if found.life.state != State::Deleted && now < found.life.expires_at {
                return Err(TAKEN);
            }
            let old = std::mem::replace(found, record.clone());
            Ok(Change::Write(old.life))
        };
        let old = self.update(&id, replace).await?;
        store::remove_all(&*self.blobs, &[generation(&id, &old).folder()]).await?;
        Ok(id)
    }

    fn new_record(&self, ask: &wire::CreateTransfer) -> Result<TransferRecord, ApiError> {
        self.check_size(ask.file_size_bytes)?;
        if ask.content_type_hint.len() > 255 {
            return Err(ApiError::field(
                "content_type_hint",
                "must have at most 255 bytes",
            ));
        }
        let delete_auth_hash = ask
            .delete_auth_hash
            .as_deref()
            .filter(|hash| !hash.is_empty());
        let delete_auth_hash: Option<Digest> = delete_auth_hash
            .map(|hash| hash.to_ascii_lowercase().parse())
            .transpose()
            .map_err(|_| {
                ApiError::field(
                    "delete_auth_hash",
                    "must be a SHA-256 as 64 hexadecimal digits",
                )
            })?;
        Ok(TransferRecord {
            life: self.new_life(ask),
            content_type_hint: ask.content_type_hint.clone(),
            delete_auth_hash,
            incoming: None,
            payload: None,
        })
    }

    fn new_life(&self, ask: &wire::CreateTransfer) -> Life {
        let now = self.clock.now();
        let latest = now.plus(self.limits.max_age);
        let asked = Some(Millis(ask.expires_at.0)).filter(|at| at.0 > 0);
        Life {
            generation: Nonce::random(),
            state: State::Pending,
            created_at: now,
            expires_at: asked.map_or(latest, |at| at.min(latest)),
            size: ask.file_size_bytes,
            downloads: ask.max_downloads,
            wipe: ask.auto_delete,
        }
    }

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
        let Some(size) = announced else {
            return Ok(self.limits.transfer_bytes);
        };
        self.check_size(size)?;
        check_declared(life.size, size)?;
        Ok(self.limits.transfer_bytes)
    }

    /// Stores a payload; while pending, a later one takes its place.
    ///
    /// # Errors
    /// 400 when its size is not what create declared; 404 when unknown or not pending; 507.
    pub async fn upload(&self, id: &TransferId, bytes: ByteStream) -> Result<u64, ApiError> {
        let life = self.pending(id).await?.life;
        let key = generation(id, &life);
        let nonce = Nonce::random();
        let size = self
            .blobs
            .put_stream(&key.incoming(&nonce), bytes)
            .await?
            .size;
        let named = match check_declared(life.size, size) {
            Ok(()) => self.name_incoming(id, &life, Stored { nonce, size }).await,
            Err(refusal) => Err(refusal),
        };
        let superseded = match named {
            Ok(before) => before,
            Err(refusal) => {
                self.blobs.delete(&key.incoming(&nonce)).await?;
                return Err(refusal);
            }
        };
        if let Some(before) = superseded {
            self.blobs.delete(&key.incoming(&before.nonce)).await?;
        }
        Ok(size)
    }

    /// Completes a transfer; again is no error.
    ///
    /// # Errors
    /// 404 when unknown, gone, or nothing was uploaded.
    pub async fn complete(&self, id: &TransferId) -> Result<Completed, ApiError> {
        let record = self.read(id).await?;
        let created_at = record.life.created_at;
        if record.life.state == State::Completed {
            return Ok(Completed {
                size: record.life.size,
                created_at,
            });
        }
        let (State::Pending, Some(incoming)) = (record.life.state, record.incoming) else {
            return Err(ApiError::NotFound);
        };
        let key = generation(id, &record.life);
        let payload = Nonce::random();
        self.copy(&key.incoming(&incoming.nonce), &key.payload(&payload))
            .await?;
        let size = self.name_payload(id, incoming, payload).await;
        if !matches!(size, Ok((_, true))) {
            self.blobs.delete(&key.payload(&payload)).await?;
        }
        let (size, _) = size?;
        self.blobs.delete(&key.incoming(&incoming.nonce)).await?;
        Ok(Completed { size, created_at })
    }

    /// A copy whose source is gone lost a race: against another upload or another complete.
    async fn copy(&self, from: &storage::Path, to: &storage::Path) -> Result<(), ApiError> {
        match self.blobs.copy(from, to).await {
            Err(storage::Error::NotFound(_)) => Err(ApiError::Conflict(
                "Another request for this transfer was faster. Ask again.",
            )),
            other => other.map_err(ApiError::from),
        }
    }

    /// Names the payload, unless another complete has; its size, and whether this one did it.
    async fn name_payload(
        &self,
        id: &TransferId,
        incoming: Stored,
        payload: Nonce,
    ) -> Result<(u64, bool), ApiError> {
        let name = |record: &mut TransferRecord| match record.life.state {
            State::Completed => Ok(Change::Keep((
                record.life.size,
                record.payload == Some(payload),
            ))),
            State::Pending if record.incoming == Some(incoming) => {
                record.life.state = State::Completed;
                record.life.size = incoming.size;
                record.incoming = None;
                record.payload = Some(payload);
                Ok(Change::Write((incoming.size, true)))
            }
            State::Pending => Err(ApiError::Conflict(
                "A newer upload came while this one was completed. Ask again.",
            )),
            State::Exhausted | State::Deleted | State::TakenDown => Err(ApiError::NotFound),
        };
        self.update(id, name).await
    }

    /// Names the newest upload; the one before it.
    async fn name_incoming(
        &self,
        id: &TransferId,
        life: &Life,
        stored: Stored,
    ) -> Result<Option<Stored>, ApiError> {
        let name = |record: &mut TransferRecord| {
            if record.life.state != State::Pending || record.life.generation != life.generation {
                return Err(ApiError::NotFound);
            }
            Ok(Change::Write(record.incoming.replace(stored)))
        };
        self.update(id, name).await
    }

    async fn pending(&self, id: &TransferId) -> Result<TransferRecord, ApiError> {
        let record = self.read(id).await?;
        if record.life.state == State::Pending {
            Ok(record)
        } else {
            Err(ApiError::NotFound)
        }
    }

    fn check_size(&self, size: u64) -> Result<(), ApiError> {
        let most = self.limits.transfer_bytes;
        if size > most {
            return Err(ApiError::TooLarge(format!(
                "This server takes at most {most} bytes."
            )));
        }
        Ok(())
    }
}

const TAKEN: ApiError = ApiError::Conflict("A transfer of this id exists.");

/// What create declared must arrive; 0 declares nothing.
fn check_declared(declared: u64, size: u64) -> Result<(), ApiError> {
    if declared == 0 || declared == size {
        return Ok(());
    }
    Err(ApiError::field(
        "file_size_bytes",
        format!("declared {declared} bytes, but the upload has {size}"),
    ))
}
