//! What a send may be: its size, how long it lives, how often it may be downloaded, and how that may change.

use std::time::Duration;

use super::{ID_USED, Sends};
use crate::{
    api::sends as wire,
    error::ApiError,
    id::Nonce,
    record::{self, Life, SendRecord, State},
    sizes, slots,
    tokens::Grant,
};

impl Sends {
    pub(super) fn check(&self, ask: &wire::Create, grant: &Grant) -> Result<(), ApiError> {
        let most = self.limits.transfer_bytes;
        if ask.size > most {
            return Err(ApiError::TooLarge(format!(
                "This server takes at most {most} bytes, stored."
            )));
        }
        if !sizes::is_stream(ask.size) {
            return Err(ApiError::field(
                "size",
                "must be the stored length of a padded SGS1 stream",
            ));
        }
        check_downloads(ask.downloads)?;
        let (now, longest) = (self.clock.now(), grant.longest(&self.limits));
        record::expiry(now, now, longest, self.age(ask.expires_in, longest)).map(drop)
    }

    /// How long a send lives that asks for this many seconds, or for none.
    fn age(&self, expires_in: Option<u64>, longest: Duration) -> Duration {
        let default = self.limits.default_age.min(longest);
        expires_in.map_or(default, Duration::from_secs)
    }

    pub(super) fn new_record(&self, ask: &wire::Create, grant: &Grant) -> SendRecord {
        let (now, longest) = (self.clock.now(), grant.longest(&self.limits));
        SendRecord {
            life: Life {
                generation: Nonce::random(),
                state: State::Pending,
                created_at: now,
                expires_at: now.plus(self.age(ask.expires_in, longest)),
                size: ask.size,
                downloads: ask.downloads,
                wipe: ask.wipe,
                token: grant.token,
                latest: grant.max_age.map(|_| now.plus(longest)),
                taken_down: None,
                removing: None,
            },
            link_verifier: ask.link_verifier,
            read_verifier: ask.read_verifier,
            owner_verifier: ask.owner_verifier,
            manifest: None,
        }
    }

    /// The answer to the same create again; 409 when it is another, or the send is gone.
    pub(super) fn same(
        &self,
        ask: &wire::Create,
        found: &SendRecord,
    ) -> Result<wire::Created, ApiError> {
        let (created_at, longest) = (found.life.created_at, self.longest(&found.life));
        let asked = self.new_record(ask, &Grant::default());
        let life = Life {
            expires_at: created_at.plus(self.age(ask.expires_in, longest)),
            size: ask.size,
            downloads: ask.downloads,
            wipe: ask.wipe,
            ..found.life.clone()
        };
        let again = SendRecord {
            life,
            manifest: found.manifest,
            ..asked
        };
        let alive = found.life.gone(self.clock.now()).is_none();
        if alive && again == *found {
            Ok(self.answer(ask.id, &found.life))
        } else {
            Err(ID_USED)
        }
    }

    pub(super) fn apply(&self, life: &mut Life, ask: &wire::Change) -> Result<(), ApiError> {
        if let Some(asked) = ask.expires_in.map(Duration::from_secs) {
            let (now, longest) = (self.clock.now(), self.longest(life));
            life.expires_at = record::expiry(life.created_at, now, longest, asked)?;
        }
        let Some(downloads) = ask.downloads else {
            return Ok(());
        };
        check_downloads(downloads)?;
        let unlimited = (downloads == 0, life.downloads == 0);
        if downloads < life.downloads || unlimited.0 != unlimited.1 {
            return Err(ApiError::field(
                "downloads",
                "may only be raised, and not to or from any number (0)",
            ));
        }
        life.downloads = downloads;
        Ok(())
    }

    /// How long a send may live in all, by the service's limit and its access token's.
    fn longest(&self, life: &Life) -> Duration {
        let latest = life.latest.map(|latest| latest.since(life.created_at));
        self.limits.max_age.min(latest.unwrap_or(Duration::MAX))
    }
}

fn check_downloads(downloads: u64) -> Result<(), ApiError> {
    if downloads <= slots::MOST {
        return Ok(());
    }
    Err(ApiError::field(
        "downloads",
        format!("must be 0 (any number) to {}", slots::MOST),
    ))
}
