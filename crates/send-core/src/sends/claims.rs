//! Claims: one claim is one download, counted exactly.
//!
//! The client chooses the claim and keeps it before it asks, so a lost answer costs nothing: the same claim asked again finds
//! the slot it took. A claim serves ranges, retries and parallel reads until it lapses, 24 hours after its last use.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use storage::json::{self, Change, Created};

use super::Sends;
use crate::{
    api::sends::{self as wire, Transport},
    clock::Millis,
    error::ApiError,
    id::{Digest, SendId},
    key::GenerationKey,
    meter::Whose,
    record::{Gone, Life, SendRecord, State},
    secret::{Presented, Token},
    sizes, store,
};

/// How long a claim lives after its last use.
const LIFE: Duration = Duration::from_hours(24);
/// Uses that shorten what is left of it to less than this renew it, so that not every part writes.
const HALF_LIFE: Duration = Duration::from_hours(12);

/// A claim's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Claim {
    /// When it lapses.
    expires_at: Millis,
    /// Its holder is done with it.
    done: bool,
}

impl Claim {
    fn is_over(&self, now: Millis) -> bool {
        self.done || now >= self.expires_at
    }
}

impl Sends {
    /// Takes one download, exactly; the same claim again is answered as before and takes none.
    ///
    /// # Errors
    /// 403 for a wrong read half; 404; 409 while pending; 410 when none is left, or the claim is over; 429.
    pub async fn claim(
        &self,
        id: &SendId,
        shown: Option<Presented>,
        claim: &Token,
    ) -> Result<wire::Claimed, ApiError> {
        let record = self.admit_reader(id, shown).await?;
        let key = GenerationKey::of(id, &record.life);
        let hash = claim.hash();
        let known = match self.find_claim(&key, &hash).await? {
            Some(known) => known,
            None => self.new_claim(&key, &record.life, &hash).await?,
        };
        self.not_over(&known)?;
        Ok(wire::Claimed {
            expires_at: known.expires_at,
            part_count: sizes::part_count(record.life.size),
            size: record.life.size,
            transport: Transport::direct_if(self.direct.downloads().is_some()),
        })
    }

    /// Ends a claim: its holder has everything. The last one of a `wipe` send takes the payload with it.
    ///
    /// # Errors
    /// 404.
    pub async fn finish_claim(
        &self,
        id: &SendId,
        shown: Option<Presented>,
    ) -> Result<(), ApiError> {
        let (record, hash, _) = self.claimed(id, shown).await?;
        let key = GenerationKey::of(id, &record.life);
        let done = |claim: &mut Claim| {
            claim.done = true;
            Ok(Change::Write(()))
        };
        store::update(&*self.blobs, &key.claim(&hash), done).await?;
        self.wipe_if_over(id, &record.life).await.map(drop)
    }

    /// Admits a claim to the bytes, and renews it.
    pub(super) async fn admit_claim(
        &self,
        id: &SendId,
        shown: Option<Presented>,
    ) -> Result<SendRecord, ApiError> {
        let (record, hash, claim) = self.claimed(id, shown).await?;
        self.readable(&record.life)?;
        self.not_over(&claim)?;
        let renewed = self.fresh_until(&record.life);
        let halfway = self.clock.now().plus(HALF_LIFE).min(record.life.expires_at);
        if claim.expires_at < halfway {
            let key = GenerationKey::of(id, &record.life);
            let renew = |claim: &mut Claim| {
                claim.expires_at = claim.expires_at.max(renewed);
                Ok(Change::Write(()))
            };
            store::update(&*self.blobs, &key.claim(&hash), renew).await?;
        }
        Ok(record)
    }

    async fn claimed(
        &self,
        id: &SendId,
        shown: Option<Presented>,
    ) -> Result<(SendRecord, Digest, Claim), ApiError> {
        let Some(Presented::One(token)) = shown else {
            return Err(ApiError::NotFound);
        };
        let record = self.read(id).await?.ok_or(ApiError::NotFound)?;
        let hash = token.hash();
        let claim = self
            .find_claim(&GenerationKey::of(id, &record.life), &hash)
            .await?;
        Ok((record, hash, claim.ok_or(ApiError::NotFound)?))
    }

    async fn find_claim(
        &self,
        key: &GenerationKey,
        hash: &Digest,
    ) -> Result<Option<Claim>, ApiError> {
        Ok(store::read(&*self.blobs, &key.claim(hash)).await?)
    }

    /// A slot first, then the claim: a crash in between leaves a slot that the same claim finds again.
    async fn new_claim(
        &self,
        key: &GenerationKey,
        life: &Life,
        hash: &Digest,
    ) -> Result<Claim, ApiError> {
        let slots = self.slots(key, life);
        if let Some(slots) = &slots
            && slots.take(hash).await?.is_none()
        {
            return Err(ApiError::Gone(Gone::Exhausted));
        }
        let claim = Claim {
            expires_at: self.fresh_until(life),
            done: false,
        };
        let created = json::create(&*self.blobs, &key.claim(hash), &claim).await?;
        if created == Created::New {
            self.meter.claimed(Whose::of(life));
        }
        match created {
            Created::New if slots.is_none() => self.count_one(key, life).await,
            Created::New | Created::Same => {}
            Created::Taken => {
                return self.find_claim(key, hash).await?.ok_or(ApiError::NotFound);
            }
        }
        Ok(claim)
    }

    fn fresh_until(&self, life: &Life) -> Millis {
        self.clock.now().plus(LIFE).min(life.expires_at)
    }

    fn not_over(&self, claim: &Claim) -> Result<(), ApiError> {
        if claim.is_over(self.clock.now()) {
            Err(ApiError::Gone(Gone::Exhausted))
        } else {
            Ok(())
        }
    }

    /// Wipes a `wipe` send once all its downloads are taken, and each is done or lapsed; how many objects went.
    pub(crate) async fn wipe_if_over(&self, id: &SendId, life: &Life) -> Result<u64, ApiError> {
        let key = GenerationKey::of(id, life);
        let Some(slots) = self.slots(&key, life).filter(|_| life.wipe) else {
            return Ok(0);
        };
        let holders = slots.holders().await?;
        if (holders.len() as u64) < life.downloads || !self.all_over(&key, &holders).await? {
            return Ok(0);
        }
        let exhaust = |record: &mut SendRecord| {
            if record.life.state != State::Completed || record.life.downloads != life.downloads {
                return Ok(Change::Keep(false));
            }
            record.life.state = State::Exhausted;
            Ok(Change::Write(true))
        };
        if !self.update(id, exhaust).await? {
            return Ok(0);
        }
        store::remove_all(&*self.blobs, &key.bytes()).await
    }

    /// A slot without a claim belongs to one who may still come back for it.
    async fn all_over(&self, key: &GenerationKey, holders: &[Digest]) -> Result<bool, ApiError> {
        let paths = holders.iter().map(|hash| key.claim(hash)).collect();
        let claims = store::read_all(&*self.blobs, paths).await?;
        let now = self.clock.now();
        Ok(claims.iter().all(|claim| {
            let claim = claim
                .as_ref()
                .and_then(|bytes| serde_json::from_slice::<Claim>(bytes).ok());
            claim.is_some_and(|claim| claim.is_over(now))
        }))
    }
}
