//! What operators see of all transfers, and do to them. Nothing here can read a payload.
//!
//! - `pages`: the newest first, and what filters leave of them
//! - `reports`: what readers reported
//!
//! | | requests to the storage |
//! |---|---|
//! | a page of `n` transfers | 1 LIST, `n` GET, and a GET for each access token among them |
//! | a page with a filter that scans | at most 5 LIST and 400 GET |
//! | a transfer | 2 GET, 2 LIST, and a GET for each report |
//! | a page of `n` that were reported | 1 LIST, `n` GET, and a GET for each report (at most 10 each) |

mod pages;
mod reports;

use std::{sync::Arc, time::Duration};

use storage::{
    Blobs,
    json::{self, Change},
};

pub use pages::Filter;

use crate::{
    api::catalogue::{self as wire, Kind, Standing},
    clock::{Clock, Millis},
    config::Limits,
    count,
    error::ApiError,
    id::{Nonce, TokenId},
    key::{AnyId, GenerationKey},
    record::{Life, Reason, Record, State, TakenDown},
    slots::Slots,
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

    /// Which use of its id a transfer is.
    ///
    /// # Errors
    /// 404.
    pub async fn generation(&self, id: &AnyId) -> Result<Nonce, ApiError> {
        let record = self.read(id).await?.ok_or(ApiError::NotFound)?;
        Ok(record.life().generation)
    }

    /// Takes a transfer down: from now on no byte of it is served, and then its ciphertext goes. Again is no error.
    ///
    /// # Errors
    /// 404.
    pub async fn take_down(&self, id: &AnyId, reason: Reason) -> Result<wire::Detail, ApiError> {
        let taken_down = TakenDown {
            reason,
            at: self.clock.now(),
        };
        self.end(id, |life| {
            let first = life.state != State::TakenDown;
            if first {
                life.state = State::TakenDown;
                life.taken_down = Some(taken_down);
            }
            first
        })
        .await
    }

    /// Deletes a transfer, as its sender could; again is no error.
    ///
    /// # Errors
    /// 404.
    pub async fn delete(&self, id: &AnyId) -> Result<(), ApiError> {
        self.end(id, |life| {
            let alive = !matches!(life.state, State::Deleted | State::TakenDown);
            if alive {
                life.state = State::Deleted;
            }
            alive
        })
        .await
        .map(drop)
    }

    /// Lets a transfer end so many seconds from now.
    ///
    /// # Errors
    /// 400 past its creation and the longest life; 404; 410 when it is gone.
    pub async fn extend(&self, id: &AnyId, expires_in: u64) -> Result<wire::Detail, ApiError> {
        let extend = |record: &mut Record| {
            let life = record.life_mut();
            life.expires_at = self.extended(life, expires_in)?;
            Ok(Change::Write(life.clone()))
        };
        let life = store::update(&*self.blobs, &id.key().record(), extend).await?;
        self.describe(id, &life.ok_or(ApiError::NotFound)?).await
    }

    /// Looks whether a transfer may end so many seconds from now, and changes nothing.
    ///
    /// # Errors
    /// As [`Self::extend`].
    pub async fn may_extend(&self, id: &AnyId, expires_in: u64) -> Result<(), ApiError> {
        let record = self.read(id).await?.ok_or(ApiError::NotFound)?;
        self.extended(record.life(), expires_in).map(drop)
    }

    /// When a transfer ends that is to end so many seconds from now.
    fn extended(&self, life: &Life, expires_in: u64) -> Result<Millis, ApiError> {
        let now = self.clock.now();
        if let Some(reason) = life.gone(now) {
            return Err(ApiError::Gone(reason));
        }
        let end = now.plus(Duration::from_secs(expires_in));
        if expires_in == 0 || end > life.created_at.plus(self.limits.max_age) {
            let most = self.limits.max_age.as_secs();
            let reason =
                format!("must be at least 1, and end within {most} seconds of the creation");
            return Err(ApiError::field("expires_in", reason));
        }
        Ok(end)
    }

    /// Changes the record so that the transfer is over, then removes its ciphertext, and the reports that led to it.
    async fn end(
        &self,
        id: &AnyId,
        mut end: impl FnMut(&mut Life) -> bool + Send,
    ) -> Result<wire::Detail, ApiError> {
        let change = |record: &mut Record| {
            let life = record.life_mut();
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
        store::remove_all(&*self.blobs, &generation(id, &life).bytes()).await?;
        self.remove_reports(id).await?;
        self.describe(id, &life).await
    }

    async fn read(&self, id: &AnyId) -> Result<Option<Record>, ApiError> {
        let found = json::read(&*self.blobs, &id.key().record()).await?;
        Ok(found.map(|(record, _)| record))
    }

    async fn describe(&self, id: &AnyId, life: &Life) -> Result<wire::Detail, ApiError> {
        let token = match life.token {
            None => None,
            Some(token) => self.names(&[token]).await?.pop(),
        };
        Ok(wire::Detail {
            summary: self.summary(id, life, token),
            downloads_taken: self.downloads(id, life).await?,
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

    /// What some access tokens are called.
    async fn names(&self, tokens: &[TokenId]) -> Result<Vec<String>, ApiError> {
        let names = self.tokens.names(tokens).await?;
        let named = names.into_iter().zip(tokens);
        Ok(named
            .map(|(name, id)| name.map_or_else(|| id.to_string(), |name| name.to_string()))
            .collect())
    }

    async fn downloads(&self, id: &AnyId, life: &Life) -> Result<u64, ApiError> {
        let key = generation(id, life);
        match Slots::of(&*self.blobs, &self.turns, &key, life) {
            Some(slots) => Ok(slots.taken().await?.into()),
            None => count::read(&*self.blobs, &key).await,
        }
    }
}

fn generation(id: &AnyId, life: &Life) -> GenerationKey {
    id.key().generation(&life.generation)
}
