//! New transfers, and ids that are used again.

use storage::json::{self, Change, Created};

use super::Transfers;
use crate::{
    api::transfers as wire,
    clock::Millis,
    error::ApiError,
    id::{Digest, Nonce, TransferId},
    index,
    key::{AnyId, GenerationKey, TransferKey},
    meter::Whose,
    record::{Life, State, TransferRecord},
    store,
    tokens::Grant,
};

impl Transfers {
    /// Looks whether a transfer may be asked for like this, before anything is counted or stored.
    ///
    /// # Errors
    /// 400; 413.
    pub fn check(&self, ask: &wire::CreateTransfer) -> Result<(), ApiError> {
        self.new_record(ask, &Grant::default()).map(drop)
    }

    /// Looks whether the id that is asked for is free, so that an access token is not spent in vain. Who is faster is decided later.
    ///
    /// # Errors
    /// 409.
    pub async fn check_id(&self, ask: &wire::CreateTransfer) -> Result<(), ApiError> {
        let Some(id) = ask.transfer_id else {
            return Ok(());
        };
        match self.read(&id).await {
            Err(ApiError::NotFound) => Ok(()),
            Ok(found) if ask.allow_recreate && is_free(&found.life, self.clock.now()) => Ok(()),
            Ok(_) => Err(TAKEN),
            Err(error) => Err(error),
        }
    }

    /// Makes the record of a new transfer.
    ///
    /// # Errors
    /// 400; 409 when the id exists; 413.
    pub async fn create(
        &self,
        ask: &wire::CreateTransfer,
        grant: &Grant,
    ) -> Result<TransferId, ApiError> {
        let record = self.new_record(ask, grant)?;
        let id = ask.transfer_id.unwrap_or_else(TransferId::random);
        index::note(&*self.blobs, AnyId::Transfer(id), &record.life).await?;
        let created =
            match json::create(&*self.blobs, &TransferKey::of(&id).record(), &record).await? {
                Created::New | Created::Same => Ok(()),
                Created::Taken if ask.allow_recreate && ask.transfer_id.is_some() => {
                    self.recreate(id, &record).await
                }
                Created::Taken => Err(TAKEN),
            };
        match &created {
            Ok(()) => self.meter.created(Whose::of(&record.life)),
            Err(ApiError::Conflict(_)) => {
                index::forget(&*self.blobs, AnyId::Transfer(id), &record.life).await?;
            }
            Err(_) => {}
        }
        created.map(|()| id)
    }

    /// Uses an id again, once what had it is deleted or expired: a new generation, below which nothing of the old one lies.
    async fn recreate(&self, id: TransferId, record: &TransferRecord) -> Result<(), ApiError> {
        let now = self.clock.now();
        let replace = |found: &mut TransferRecord| {
            if !is_free(&found.life, now) {
                return Err(TAKEN);
            }
            let old = std::mem::replace(found, record.clone());
            Ok(Change::Write(old.life))
        };
        let old = match self.update(&id, replace).await {
            // Its tombstone was removed just now.
            Err(ApiError::NotFound) => return Err(TAKEN),
            old => old?,
        };
        // The new one is there, whatever becomes of the old one.
        if let Err(error) = self.remove_old(id, &old).await {
            tracing::warn!(
                error = error.cause(),
                "what an id was used for before is left to the sweep"
            );
        }
        Ok(())
    }

    async fn remove_old(&self, id: TransferId, old: &Life) -> Result<(), ApiError> {
        store::remove_all(&*self.blobs, &[GenerationKey::of(&id, old).folder()]).await?;
        index::forget(&*self.blobs, AnyId::Transfer(id), old).await
    }

    fn new_record(
        &self,
        ask: &wire::CreateTransfer,
        grant: &Grant,
    ) -> Result<TransferRecord, ApiError> {
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
            life: self.new_life(ask, grant),
            content_type_hint: ask.content_type_hint.clone(),
            delete_auth_hash,
            incoming: None,
            uploads: 0,
            signed: None,
            lent_until: None,
            payload: None,
        })
    }

    fn new_life(&self, ask: &wire::CreateTransfer, grant: &Grant) -> Life {
        let now = self.clock.now();
        let latest = now.plus(grant.longest(&self.limits));
        let asked = Some(Millis(ask.expires_at.0)).filter(|at| at.0 > 0);
        Life {
            generation: Nonce::random(),
            state: State::Pending,
            created_at: now,
            expires_at: asked.map_or(latest, |at| at.min(latest)),
            size: ask.file_size_bytes,
            downloads: ask.max_downloads,
            wipe: ask.auto_delete,
            token: grant.token,
            latest: grant.max_age.map(|_| latest),
            taken_down: None,
            removing: None,
        }
    }
}

const TAKEN: ApiError = ApiError::Conflict("A transfer of this id exists.");

/// Whether an id may be used again. What was taken down stays so until its tombstone goes.
fn is_free(life: &Life, now: Millis) -> bool {
    let ended = life.state == State::Deleted || now >= life.expires_at;
    ended && life.state != State::TakenDown && life.removing.is_none()
}
