//! What operators see of all transfers, and do to them. Nothing here can read a payload.
//!
//! - `pages`: the newest first, and what filters leave of them
//! - `reports`: what readers reported
//!
//! | | requests to the storage |
//! |---|---|
//! | a page of `n` transfers | 1 LIST, `n` GET, and a GET for each access token among them |
//! | a page with a filter that scans | at most 5 LIST and 400 GET, and a GET for each access token |
//! | a transfer | 2 GET, 2 LIST, and a GET for each report |
//! | a page of `n` that were reported | 1 LIST, `n` GET, and a GET for each report (at most 10 each); where many were taken down since, 5 times as many |

mod pages;
mod reports;

use std::{sync::Arc, time::Duration};

use storage::{Blobs, json::Change};

pub use pages::Filter;

use crate::{
    api::catalogue::{self as wire, Kind, Standing},
    clock::{Clock, Millis},
    config::Limits,
    count,
    error::ApiError,
    id::Nonce,
    key::AnyId,
    record::{self, Life, Reason, Record, State, TakenDown},
    store,
    tokens::AccessTokens,
    turns::Turns,
};

/// All transfers in a storage, for those who run it.
#[derive(Clone)]
pub struct Catalogue {
    blobs: Arc<dyn Blobs>,
    tokens: AccessTokens,
    turns: Turns,
    clock: Clock,
    limits: Limits,
}

impl Catalogue {
    /// Those in this storage, by this clock, within these limits.
    #[must_use]
    pub fn new(blobs: Arc<dyn Blobs>, clock: Clock, limits: Limits) -> Self {
        Self {
            tokens: AccessTokens::new(blobs.clone(), None),
            turns: Turns::default(),
            blobs,
            clock,
            limits,
        }
    }

    /// All that is known of a transfer.
    ///
    /// # Errors
    /// 404.
    pub async fn detail(&self, id: &AnyId) -> Result<wire::Detail, ApiError> {
        let record = self.read(id).await?.ok_or(ApiError::NotFound)?;
        self.describe(id, record.life()).await
    }

    /// Which use of its id a transfer is, and where it stands.
    ///
    /// # Errors
    /// 404.
    pub async fn look(&self, id: &AnyId) -> Result<(Nonce, State), ApiError> {
        let record = self.read(id).await?.ok_or(ApiError::NotFound)?;
        Ok((record.life().generation, record.life().state))
    }

    /// Takes this use of an id down: from now on no byte of it is served, and then its ciphertext goes. Again is no error.
    ///
    /// # Errors
    /// 404; 409 when the id was used again meanwhile.
    pub async fn take_down(
        &self,
        id: &AnyId,
        generation: Nonce,
        reason: Reason,
    ) -> Result<wire::Detail, ApiError> {
        let taken_down = TakenDown {
            reason,
            at: self.clock.now(),
        };
        self.end(id, generation, |life| {
            let first = life.state != State::TakenDown;
            if first {
                life.state = State::TakenDown;
                life.taken_down = Some(taken_down);
            }
            first
        })
        .await
    }

    /// Deletes this use of an id, as its sender could; again is no error.
    ///
    /// # Errors
    /// As [`Self::take_down`].
    pub async fn delete(&self, id: &AnyId, generation: Nonce) -> Result<(), ApiError> {
        self.end(id, generation, |life| {
            let alive = !life.state.is_removed();
            if alive {
                life.state = State::Deleted;
            }
            alive
        })
        .await
        .map(drop)
    }

    /// Looks whether a transfer may end so many seconds from now; which use of its id it is.
    ///
    /// # Errors
    /// As [`Self::extend`].
    pub async fn may_extend(&self, id: &AnyId, expires_in: u64) -> Result<Nonce, ApiError> {
        let record = self.read(id).await?.ok_or(ApiError::NotFound)?;
        self.end_of(record.life(), expires_in)?;
        Ok(record.life().generation)
    }

    /// Lets this use of an id end so many seconds from now.
    ///
    /// # Errors
    /// 400 past its creation and the longest life; 404; 409 when the id was used again meanwhile; 410 when it is gone.
    pub async fn extend(
        &self,
        id: &AnyId,
        generation: Nonce,
        expires_in: u64,
    ) -> Result<wire::Detail, ApiError> {
        let extend = |record: &mut Record| {
            let life = record.life_mut();
            is_still(life, generation)?;
            life.expires_at = self.end_of(life, expires_in)?;
            Ok(Change::Write(life.clone()))
        };
        let life = store::update(&*self.blobs, &id.key().record(), extend).await?;
        self.describe(id, &life.ok_or(ApiError::NotFound)?).await
    }

    /// When a transfer ends that is to live so many seconds from now.
    fn end_of(&self, life: &Life, expires_in: u64) -> Result<Millis, ApiError> {
        let now = self.clock.now();
        if let Some(reason) = life.gone(now) {
            return Err(ApiError::Gone(reason));
        }
        let asked = Duration::from_secs(expires_in);
        record::expiry(life.created_at, now, self.limits.max_age, asked)
    }

    /// Changes the record so that the transfer is over, then removes its ciphertext. What was reported stays with its tombstone.
    async fn end(
        &self,
        id: &AnyId,
        generation: Nonce,
        mut end: impl FnMut(&mut Life) -> bool + Send,
    ) -> Result<wire::Detail, ApiError> {
        let change = |record: &mut Record| {
            let life = record.life_mut();
            is_still(life, generation)?;
            let changed = end(life);
            let life = life.clone();
            Ok(if changed {
                Change::Write(life)
            } else {
                Change::Keep(life)
            })
        };
        let life = store::update(&*self.blobs, &id.key().record(), change).await?;
        let life = life.ok_or(ApiError::NotFound)?;
        let bytes = id.key().generation(&generation).bytes();
        store::remove_all(&*self.blobs, &bytes).await?;
        self.describe(id, &life).await
    }

    async fn read(&self, id: &AnyId) -> Result<Option<Record>, ApiError> {
        Ok(store::read(&*self.blobs, &id.key().record()).await?)
    }

    async fn describe(&self, id: &AnyId, life: &Life) -> Result<wire::Detail, ApiError> {
        let token = match life.token {
            None => None,
            Some(token) => self.tokens.names(&[token]).await?.pop(),
        };
        let key = id.key().generation(&life.generation);
        Ok(wire::Detail {
            summary: self.summary(id, life, token),
            downloads_taken: count::downloads(&*self.blobs, &self.turns, &key, life).await?,
            wipe: life.wipe,
            reports: self.reports_on(id).await?,
            taken_down: life.taken_down,
        })
    }

    fn summary(&self, id: &AnyId, life: &Life, token: Option<String>) -> wire::Summary {
        wire::Summary {
            id: id.to_string(),
            kind: match id {
                AnyId::Send(_) => Kind::Send,
                AnyId::Transfer(_) => Kind::Transfer,
            },
            state: Standing::of(life, self.clock.now()),
            size: life.size,
            created_at: life.created_at,
            expires_at: life.expires_at,
            downloads: life.downloads,
            token,
        }
    }
}

/// What an admin looked at is what is changed.
fn is_still(life: &Life, generation: Nonce) -> Result<(), ApiError> {
    if life.generation == generation {
        return Ok(());
    }
    Err(ApiError::Conflict(
        "This id was used again meanwhile. Look at it again.",
    ))
}
