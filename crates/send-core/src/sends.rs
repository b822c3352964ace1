//! The operations of `/api/v1/sends`: create, admit, change, delete.
//!
//! State first, bytes after: every end of a send changes its record by compare-and-swap, then removes ciphertext.
//!
//! - `terms`: what a send may be; `admission`: who may do what
//! - `parts`: manifest, parts, complete
//! - `claims`: downloads, counted exactly
//! - `content`: reading parts and the whole stream
//! - `direct`: URLs of parts at the storage
//! - `guesses`: wrong read tokens, limited per send
//! - `reports`: what readers report

mod admission;
mod claims;
mod content;
mod direct;
mod guesses;
mod parts;
mod reports;
mod terms;

use std::sync::Arc;

use storage::{
    Blobs,
    json::{self, Change, Created},
};

use admission::Who;
pub use parts::{ManifestSlot, PartSlot};

use crate::{
    api::sends::{self as wire, Transport},
    clock::Clock,
    config::Limits,
    count,
    direct::Direct,
    error::ApiError,
    id::SendId,
    index,
    key::{AnyId, GenerationKey, TransferKey},
    meter::{Meter, Whose},
    record::{Life, SendRecord, State},
    secret::Presented,
    sizes,
    slots::Slots,
    store,
    tokens::{AccessTokens, Grant},
    turns::Turns,
};

/// The sends in a storage.
#[derive(Clone)]
pub struct Sends {
    blobs: Arc<dyn Blobs>,
    direct: Direct,
    tokens: AccessTokens,
    turns: Turns,
    meter: Meter,
    clock: Clock,
    limits: Limits,
}

impl Sends {
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

    /// The answer to a create that was answered before: the same again, without counting an access token twice.
    ///
    /// # Errors
    /// 400 and 413 for what no create may ask; 409 when the id is another's or was used.
    pub async fn created(
        &self,
        ask: &wire::Create,
        grant: &Grant,
    ) -> Result<Option<wire::Created>, ApiError> {
        self.check(ask, grant)?;
        match self.read(&ask.id).await? {
            None => Ok(None),
            Some(found) => self.same(ask, &found).map(Some),
        }
    }

    /// Makes the record of a new send.
    ///
    /// # Errors
    /// As [`Self::created`].
    pub async fn create(
        &self,
        ask: &wire::Create,
        grant: &Grant,
    ) -> Result<wire::Created, ApiError> {
        self.check(ask, grant)?;
        let record = self.new_record(ask, grant);
        index::note(&*self.blobs, AnyId::Send(ask.id), &record.life).await?;
        match json::create(&*self.blobs, &TransferKey::of(&ask.id).record(), &record).await? {
            // The same is this one, whose answer was lost: its generation is drawn anew each time.
            Created::New | Created::Same => {
                self.meter.created(Whose::of(&record.life));
                Ok(self.answer(ask.id, &record.life))
            }
            Created::Taken => {
                index::forget(&*self.blobs, AnyId::Send(ask.id), &record.life).await?;
                match self.read(&ask.id).await? {
                    Some(found) => self.same(ask, &found),
                    None => Err(ID_USED),
                }
            }
        }
    }

    /// Where a send stands, for whoever has any right to it.
    ///
    /// # Errors
    /// 404; 409 while pending, but for its owner; 410.
    pub async fn state(
        &self,
        id: &SendId,
        shown: Option<Presented>,
    ) -> Result<wire::SendState, ApiError> {
        let (record, who) = self.admit(id, shown).await?;
        if who == Who::Owner {
            self.not_gone(&record.life)?;
        } else {
            self.readable(&record.life)?;
        }
        self.describe(id, &record.life).await
    }

    /// Changes how long a send lives and how often it may be downloaded.
    ///
    /// # Errors
    /// 400 for what is not allowed; 404; 410.
    pub async fn change(
        &self,
        id: &SendId,
        shown: Option<Presented>,
        ask: &wire::Change,
    ) -> Result<wire::SendState, ApiError> {
        self.admit_owner(id, shown).await?;
        let change = |record: &mut SendRecord| {
            self.not_gone(&record.life)?;
            self.apply(&mut record.life, ask)?;
            Ok(Change::Write(record.life.clone()))
        };
        let life = self.update(id, change).await?;
        self.describe(id, &life).await
    }

    /// Deletes a send, at once and for good; again is no error.
    ///
    /// # Errors
    /// 404; 410 when it was taken down.
    pub async fn delete(&self, id: &SendId, shown: Option<Presented>) -> Result<(), ApiError> {
        self.admit_owner(id, shown).await?;
        let change = |record: &mut SendRecord| match record.life.state {
            State::TakenDown => self
                .not_gone(&record.life)
                .map(|()| Change::Keep(record.life.generation)),
            State::Deleted => Ok(Change::Keep(record.life.generation)),
            State::Pending | State::Completed | State::Exhausted => {
                record.life.state = State::Deleted;
                Ok(Change::Write(record.life.generation))
            }
        };
        let generation = self.update(id, change).await?;
        let bytes = TransferKey::of(id).generation(&generation).bytes();
        store::remove_all(&*self.blobs, &bytes).await.map(drop)
    }

    async fn read(&self, id: &SendId) -> Result<Option<SendRecord>, ApiError> {
        Ok(store::read(&*self.blobs, &TransferKey::of(id).record()).await?)
    }

    async fn update<R: Send>(
        &self,
        id: &SendId,
        change: impl FnMut(&mut SendRecord) -> Result<Change<R>, ApiError> + Send,
    ) -> Result<R, ApiError> {
        let path = TransferKey::of(id).record();
        store::update(&*self.blobs, &path, change)
            .await?
            .ok_or(ApiError::NotFound)
    }

    async fn describe(&self, id: &SendId, life: &Life) -> Result<wire::SendState, ApiError> {
        let key = GenerationKey::of(id, life);
        let left = match self.slots(&key, life) {
            Some(slots) => life.downloads_left(slots.taken().await?.into()),
            None => None,
        };
        Ok(wire::SendState {
            state: life.state,
            size: life.size,
            created_at: life.created_at,
            expires_at: life.expires_at,
            downloads: life.downloads,
            downloads_left: left,
        })
    }

    /// The slots of a send whose downloads are limited.
    fn slots<'a>(&'a self, key: &'a GenerationKey, life: &Life) -> Option<Slots<'a>> {
        Slots::of(&*self.blobs, &self.turns, key, life)
    }

    fn not_gone(&self, life: &Life) -> Result<(), ApiError> {
        life.gone(self.clock.now())
            .map_or(Ok(()), |reason| Err(ApiError::Gone(reason)))
    }

    fn readable(&self, life: &Life) -> Result<(), ApiError> {
        self.not_gone(life)?;
        if life.state == State::Pending {
            Err(PENDING)
        } else {
            Ok(())
        }
    }

    fn answer(&self, id: SendId, life: &Life) -> wire::Created {
        wire::Created {
            id,
            part_size: sizes::PART,
            part_count: sizes::part_count(life.size),
            expires_at: life.expires_at,
            transport: Transport::direct_if(self.direct.uploads().is_some()),
        }
    }

    /// Counts one download of a send that allows any number; that it could not be counted does not undo the claim.
    async fn count_one(&self, key: &GenerationKey, life: &Life) {
        let _turn = self.turns.next(&life.generation).await;
        if let Err(error) = count::raise(&*self.blobs, key, 0).await {
            tracing::warn!(%error, "a download was not counted");
        }
    }
}

const ID_USED: ApiError =
    ApiError::Conflict("This id is another's, or was used before. Begin anew with a new secret.");
const PENDING: ApiError = ApiError::Conflict("The upload is not complete yet.");
