//! What a send may be: its size, how long it lives, how often it may be downloaded, and how that may change.

use std::time::Duration;

use super::{ID_USED, Sends};
use crate::{
    api::sends as wire,
    clock::Millis,
    error::ApiError,
    id::Nonce,
    record::{Life, SendRecord, State},
    sizes, slots,
};

impl Sends {
    pub(super) fn check(&self, ask: &wire::Create) -> Result<(), ApiError> {
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
        let now = self.clock.now();
        self.expiry(now, now, ask.expires_in).map(drop)
    }

    /// When a send ends that was created at `created` and is to live so many seconds from `now`.
    fn expiry(
        &self,
        created: Millis,
        now: Millis,
        expires_in: Option<u64>,
    ) -> Result<Millis, ApiError> {
        let asked = self.age(expires_in);
        let end = now.plus(asked);
        let most = self.limits.max_age.as_secs();
        if asked.is_zero() || end > created.plus(self.limits.max_age) {
            let reason =
                format!("must be at least 1, and end within {most} seconds of the creation");
            return Err(ApiError::field("expires_in", reason));
        }
        Ok(end)
    }

    /// How long a send lives that asks for this many seconds, or for none.
    fn age(&self, expires_in: Option<u64>) -> Duration {
        expires_in.map_or(self.limits.default_age, Duration::from_secs)
    }

    pub(super) fn new_record(&self, ask: &wire::Create) -> SendRecord {
        let now = self.clock.now();
        SendRecord {
            life: Life {
                generation: Nonce::random(),
                state: State::Pending,
                created_at: now,
                expires_at: now.plus(self.age(ask.expires_in)),
                size: ask.size,
                downloads: ask.downloads,
                wipe: ask.wipe,
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
        let asked = self.new_record(ask);
        let life = Life {
            generation: found.life.generation,
            state: found.life.state,
            created_at: found.life.created_at,
            expires_at: found.life.created_at.plus(self.age(ask.expires_in)),
            ..asked.life
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
        if ask.expires_in.is_some() {
            life.expires_at = self.expiry(life.created_at, self.clock.now(), ask.expires_in)?;
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
