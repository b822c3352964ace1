//! Wrong read tokens: a passphrase can only be guessed online, and at most a hundred times a day for each send.
//!
//! Each wrong one leaves an object that is created only if absent, so the limit holds between processes and machines.

use bytes::Bytes;

use super::Sends;
use crate::{
    error::ApiError,
    id::{Nonce, SendId},
    key::GenerationKey,
    record::SendRecord,
    secret::{Kind, Token},
    store,
};

/// Wrong read tokens that a send forgives each day.
const A_DAY: u32 = 100;

impl Sends {
    /// Compares the read half; a wrong one is refused only after it was counted.
    pub(super) async fn check_guess(
        &self,
        id: &SendId,
        record: &SendRecord,
        read: &Token,
    ) -> Result<(), ApiError> {
        let key = GenerationKey::of(id, &record.life);
        let day = self.clock.now().day();
        match self.blobs.head(&key.guess(day, A_DAY - 1)).await {
            Ok(_) => return Err(TOO_MANY),
            Err(storage::Error::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
        if record.read_verifier.admits(Kind::Read, read) {
            return Ok(());
        }
        let content = Bytes::from(Nonce::random().to_string());
        let guess = |k| key.guess(day, k);
        let guesses = key.guesses(day);
        let counted = store::create_next(&*self.blobs, &guesses, A_DAY, guess, content).await?;
        Err(if counted { WRONG } else { TOO_MANY })
    }
}

const WRONG: ApiError = ApiError::Forbidden("wrong_passphrase");
const TOO_MANY: ApiError =
    ApiError::TooMany("Too many wrong passphrases today. Try again tomorrow.");
