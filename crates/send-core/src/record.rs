//! The record of a transfer, and the pure rules of its life.
//!
//! `pending -> completed -> (exhausted | deleted | taken_down)`; `expired` follows from the clock. A record changes only by
//! compare-and-swap; what is gone stays as a tombstone, so that a later reader can be told why.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    clock::Millis,
    error::ApiError,
    id::{Digest, Nonce, TokenId},
    secret::Verifier,
};

/// Where a transfer stands, the clock aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Being uploaded.
    Pending,
    /// Can be downloaded.
    Completed,
    /// Downloaded as often as allowed, and wiped.
    Exhausted,
    /// Deleted by its sender.
    Deleted,
    /// Taken down by the operator.
    TakenDown,
}

/// Why a transfer is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// Its time is over.
    Expired,
    /// It was downloaded as often as allowed.
    Exhausted,
    /// Its sender deleted it.
    Deleted,
    /// The operator took it down, for this reason.
    TakenDown(Option<Reason>),
}

/// Why the operator takes a transfer down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It harms somebody: harassment, fraud, phishing.
    Abuse,
    /// It holds software that does harm.
    Malware,
    /// Its sender may not give it away.
    Copyright,
    /// The law forbids it.
    Illegal,
    /// It tells of somebody what is not to be told.
    Privacy,
    /// Another one.
    Other,
}

/// A take-down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TakenDown {
    /// Why.
    pub reason: Reason,
    /// When.
    pub at: Millis,
}

/// What every transfer has, whichever routes made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    /// Which use of the id this is.
    pub generation: Nonce,
    /// Where it stands.
    pub state: State,
    /// When it was created.
    pub created_at: Millis,
    /// When it ends.
    pub expires_at: Millis,
    /// Stored bytes of the payload: as declared while pending, as found once completed.
    pub size: u64,
    /// How many downloads are allowed; 0 is any number.
    pub downloads: u64,
    /// The payload goes with the last download.
    pub wipe: bool,
    /// The access token that it was sent with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<TokenId>,
    /// Where its access token limits its life: its sender cannot make it end later than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest: Option<Millis>,
    /// Why and when the operator took it down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_down: Option<TakenDown>,
    /// Who removes its tombstone, and with it the id's past.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removing: Option<Removing>,
}

/// The mark of a sweep that removes a tombstone: it alone may, for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removing {
    /// When it began.
    pub at: Millis,
    /// Tells it from another that began in the same millisecond.
    pub by: Nonce,
}

impl State {
    /// Whether it was deleted or taken down, and so is gone whatever the clock says.
    #[must_use]
    pub const fn is_removed(self) -> bool {
        match self {
            Self::Deleted | Self::TakenDown => true,
            Self::Pending | Self::Completed | Self::Exhausted => false,
        }
    }
}

impl Life {
    /// Why it is gone at this time, if it is.
    #[must_use]
    pub fn gone(&self, now: Millis) -> Option<Gone> {
        match self.state {
            State::Deleted => Some(Gone::Deleted),
            State::TakenDown => Some(Gone::TakenDown(self.taken_down.map(|it| it.reason))),
            State::Pending | State::Completed | State::Exhausted if now >= self.expires_at => {
                Some(Gone::Expired)
            }
            State::Exhausted => Some(Gone::Exhausted),
            State::Pending | State::Completed => None,
        }
    }

    /// How many of the allowed downloads are left after `taken`; `None` where any number is allowed.
    #[must_use]
    pub fn downloads_left(&self, taken: u64) -> Option<u64> {
        (self.downloads > 0).then(|| self.downloads.saturating_sub(taken))
    }
}

/// When a transfer ends that was created at `created`, may live `longest`, and is to live so long from `now`.
///
/// # Errors
/// 400 for no time at all, and past the longest.
pub(crate) fn expiry(
    created: Millis,
    now: Millis,
    longest: Duration,
    asked: Duration,
) -> Result<Millis, ApiError> {
    let end = now.plus(asked);
    if asked.is_zero() || end > created.plus(longest) {
        let most = longest.as_secs();
        let reason = format!("must be at least 1, and end within {most} seconds of the creation");
        return Err(ApiError::field("expires_in", reason));
    }
    Ok(end)
}

/// A send of ours: an SGS1 stream in parts, and its manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendRecord {
    /// What every transfer has.
    #[serde(flatten)]
    pub life: Life,
    /// Admits who has the link.
    pub link_verifier: Verifier,
    /// Admits who has the whole key.
    pub read_verifier: Verifier,
    /// Admits the sender.
    pub owner_verifier: Verifier,
    /// Which of the stored manifests counts.
    pub manifest: Option<Digest>,
}

/// A transfer of the original's routes: one payload, opaque.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferRecord {
    /// What every transfer has.
    #[serde(flatten)]
    pub life: Life,
    /// What the sender said of the content's type.
    pub content_type_hint: String,
    /// SHA-256 of the secret that allows to delete it.
    pub delete_auth_hash: Option<Digest>,
    /// The newest finished upload, while pending.
    pub incoming: Option<Stored>,
    /// How many uploads it has named.
    #[serde(default)]
    pub uploads: u32,
    /// Names the object of a signed URL for an upload in one request, until a newer upload arrives.
    pub signed: Option<Nonce>,
    /// Until when a URL that counted as a download may be read, where the payload goes with the last download.
    pub lent_until: Option<Millis>,
    /// The payload, once completed.
    pub payload: Option<Nonce>,
}

/// A record, whichever routes made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Record {
    /// Of a send of ours.
    Send(SendRecord),
    /// Of a transfer of the original's routes.
    Transfer(TransferRecord),
}

impl Record {
    /// What every transfer has.
    #[must_use]
    pub const fn life(&self) -> &Life {
        match self {
            Self::Send(record) => &record.life,
            Self::Transfer(record) => &record.life,
        }
    }

    /// The same, to change it.
    pub const fn life_mut(&mut self) -> &mut Life {
        match self {
            Self::Send(record) => &mut record.life,
            Self::Transfer(record) => &mut record.life,
        }
    }
}

impl TransferRecord {
    /// Whether this is the newest upload, or the payload.
    #[must_use]
    pub fn names(&self, nonce: &Nonce) -> bool {
        self.payload == Some(*nonce) || self.incoming.is_some_and(|stored| stored.nonce == *nonce)
    }
}

/// A stored object of known size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// Names it.
    pub nonce: Nonce,
    /// Its bytes.
    pub size: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn life(state: State) -> Life {
        Life {
            generation: Nonce::new([0; 8]),
            state,
            created_at: Millis(1_000),
            expires_at: Millis(2_000),
            size: 4_168,
            downloads: 3,
            wipe: false,
            token: None,
            latest: None,
            taken_down: None,
            removing: None,
        }
    }

    #[test]
    fn the_reason_of_a_tombstone_outlives_its_time() {
        let cases = [
            (State::Pending, None, Some(Gone::Expired)),
            (State::Completed, None, Some(Gone::Expired)),
            (State::Exhausted, Some(Gone::Exhausted), Some(Gone::Expired)),
            (State::Deleted, Some(Gone::Deleted), Some(Gone::Deleted)),
            (
                State::TakenDown,
                Some(Gone::TakenDown(None)),
                Some(Gone::TakenDown(None)),
            ),
        ];
        for (state, before, after) in cases {
            assert_eq!(life(state).gone(Millis(1_999)), before, "{state:?}");
            assert_eq!(life(state).gone(Millis(2_000)), after, "{state:?}");
        }
    }

    #[test]
    fn unlimited_has_no_number_of_downloads_left() {
        assert_eq!(life(State::Completed).downloads_left(1), Some(2));
        assert_eq!(life(State::Completed).downloads_left(4), Some(0));
        assert_eq!(
            Life {
                downloads: 0,
                ..life(State::Completed)
            }
            .downloads_left(4),
            None
        );
    }

    /// Records of versions that knew no sweep.
    #[test]
    fn a_record_without_a_mark_is_read_and_written_as_it_was() {
        let old = r#"{"generation":"0000000000000000","state":"completed","created_at":1000,"expires_at":2000,"size":4168,"downloads":3,"wipe":false}"#;
        let read: Life = serde_json::from_str(old).unwrap();
        assert_eq!(read, life(State::Completed));
        assert_eq!(serde_json::to_string(&read).unwrap(), old);
    }
}
