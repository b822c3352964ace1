//! The end of an upload: the record names its payload.

use storage::{Path, json::Change};

use super::{Transfers, upload::is_refusal};
use crate::{
    clock::Millis,
    error::ApiError,
    id::{Nonce, TransferId},
    key::{self, GenerationKey, Kept},
    meter::Whose,
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

impl Completed {
    const fn of(life: &Life) -> Self {
        Self {
            size: life.size,
            created_at: life.created_at,
        }
    }
}

impl Transfers {
    /// Completes a transfer; again is no error.
    ///
    /// # Errors
    /// 400 when the size is not what was declared; 401 when the access token that it began with was revoked; 404 when unknown, gone, or nothing was uploaded; 409 when another upload
    /// came meanwhile; 413.
    pub async fn complete(&self, id: &TransferId) -> Result<Completed, ApiError> {
        let record = self.read(id).await?;
        match record.life.state {
            State::Completed => return Ok(Completed::of(&record.life)),
            State::Pending => {}
            State::Exhausted | State::Deleted | State::TakenDown => return Err(ApiError::NotFound),
        }
        let copied = self.copy_signed(id, &record).await?;
        let Some(payload) = copied.or(record.incoming) else {
            return self.completed(id).await;
        };
        self.tokens.still_admits(record.life.token.as_ref()).await?;
        let named = self.name_payload(id, &record, payload).await;
        let mine = match &named {
            Ok((_, mine)) => *mine,
            Err(refusal) if is_refusal(refusal) => false,
            Err(_) => return named.map(|(completed, _)| completed),
        };
        let key = GenerationKey::of(id, &record.life);
        if mine {
            self.remove_others(&key, &payload.nonce).await;
        } else if copied.is_some() {
            self.blobs.delete(&key.payload(&payload.nonce)).await?;
        }
        named.map(|(completed, _)| completed)
    }

    /// What another request has completed.
    async fn completed(&self, id: &TransferId) -> Result<Completed, ApiError> {
        let life = self.read(id).await?.life;
        match life.state {
            State::Completed => Ok(Completed::of(&life)),
            State::Pending | State::Exhausted | State::Deleted | State::TakenDown => {
                Err(ApiError::NotFound)
            }
        }
    }

    /// What came by the signed URL, as a copy that no URL can write to; `None` when nothing did.
    async fn copy_signed(
        &self,
        id: &TransferId,
        record: &TransferRecord,
    ) -> Result<Option<Stored>, ApiError> {
        let Some(signed) = record.signed else {
            return Ok(None);
        };
        let (key, declared) = (GenerationKey::of(id, &record.life), record.life.size);
        let from = key.incoming(&signed);
        let Some(size) = self.size_of(&from).await? else {
            return Ok(None);
        };
        self.keep_if_expected(&from, declared, size).await?;
        let nonce = Nonce::random();
        let to = key.payload(&nonce);
        // The URL may be used again meanwhile, so what counts is what was copied; and another complete that is faster removes
        // both objects.
        let Some(size) = self.copy(&from, &to).await? else {
            return Ok(None);
        };
        self.keep_if_expected(&to, declared, size).await?;
        self.meter.stored(Whose::of(&record.life), size);
        Ok(Some(Stored { nonce, size }))
    }

    /// Bytes of the copy; `None` when the source is gone, or the copy already.
    async fn copy(&self, from: &Path, to: &Path) -> Result<Option<u64>, ApiError> {
        match self.blobs.copy(from, to).await {
            Ok(()) => self.size_of(to).await,
            Err(storage::Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Bytes of an object; `None` when it is not there.
    async fn size_of(&self, path: &Path) -> Result<Option<u64>, ApiError> {
        match self.blobs.head(path).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(storage::Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Names the payload, unless another complete has, and whether it is named now.
    async fn name_payload(
        &self,
        id: &TransferId,
        seen: &TransferRecord,
        payload: Stored,
    ) -> Result<(Completed, bool), ApiError> {
        let name = |record: &mut TransferRecord| {
            if record.life.generation != seen.life.generation {
                return Err(ApiError::NotFound);
            }
            match record.life.state {
                State::Completed => {
                    let mine = record.payload == Some(payload.nonce);
                    Ok(Change::Keep((Completed::of(&record.life), mine)))
                }
                State::Pending
                    if (record.incoming, record.signed) == (seen.incoming, seen.signed) =>
                {
                    record.life.state = State::Completed;
                    record.life.size = payload.size;
                    record.incoming = None;
                    record.signed = None;
                    record.payload = Some(payload.nonce);
                    Ok(Change::Write((Completed::of(&record.life), true)))
                }
                State::Pending => Err(ApiError::Conflict(
                    "A newer upload came while this one was completed. Ask again.",
                )),
                State::Exhausted | State::Deleted | State::TakenDown => Err(ApiError::NotFound),
            }
        };
        self.update(id, name).await
    }

    /// Removes the uploads that did not become the payload. What is left goes with the transfer.
    async fn remove_others(&self, key: &GenerationKey, payload: &Nonce) {
        if let Err(error) = self.try_remove_others(key, payload).await {
            tracing::warn!(%error, "earlier uploads of a completed transfer are left to the sweep");
        }
    }

    async fn try_remove_others(
        &self,
        key: &GenerationKey,
        payload: &Nonce,
    ) -> Result<(), ApiError> {
        let payload = key.payload(payload);
        let found = store::list(&*self.blobs, &key.folder()).await?;
        let mut others: Vec<_> = found.into_iter().map(|entry| entry.path).collect();
        others.retain(|path| *path != payload && holds_bytes(path));
        if others.is_empty() {
            return Ok(());
        }
        Ok(self.blobs.delete_all(&others).await?)
    }
}

fn holds_bytes(path: &Path) -> bool {
    matches!(key::parse(path), Some((_, Kept::Of(_, thing))) if thing.is_bytes())
}
