//! What admins did: entries that are only ever added, each naming the hash of the one before.
//!
//! Entry `n` lies at a path that counts down, so that a listing begins with the newest, and is created only if absent: two who
//! write at once take one number after the other. Its bytes are the JSON of [`Stored`]. Beside the log the head names its
//! newest entry; it is raised after each one and never lowered, so it may lag behind what is being written, and never leads.
//! The next entry follows the head, and what was written since, whatever a listing shows: where the newest ones were removed, a
//! gap stays. A head that cannot be raised stops nothing until a hundred entries lie beyond it, which could be removed unseen
//! until the next entry raises it.
//!
//! An entry costs two reads and two writes, one read more for each entry beyond the head, and a listing only where there is no
//! head.
//!
//! What the log shows of things lets nobody have them, but for a token whose name can be guessed: it is named by half of the SHA-256
//! of its name, which whoever reads the log can compare with the hashes of likely names, and a token without a secret *is* its name.
//! A send is named by its id, which opens nothing without the link's secret, a transfer of the original's routes, whose id is
//! all that a download needs, by the random number that keeps apart the uses of an id. Addresses and secrets are not in it.
//!
//! | file | what it knows |
//! |---|---|
//! | `chain` | how entries are added |
//! | `reading` | how they are read, by pages |
//! | `verify` | what was edited, removed or inserted |
//!
//! Who can write to the storage can replace the whole log, head included; so keep the head that [`Audit::verify`] tells, or an
//! export, somewhere else.

mod chain;
mod reading;
#[cfg(test)]
mod tests;
mod verify;

use std::{collections::BTreeMap, fmt, future::Future, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use storage::Blobs;
use utoipa::ToSchema;

use crate::{
    api::audit as wire,
    clock::{Clock, Millis},
    error::ApiError,
    id::{Digest, Nonce, TokenId},
    key::AnyId,
};

pub use reading::{EXPORTED, PAGE};
pub use verify::CHECKED;

/// What can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// A session began.
    SignedIn,
    /// A session was ended.
    SignedOut,
    /// An access token was made.
    TokenCreated,
    /// An access token was revoked.
    TokenRevoked,
    /// What an access token allows was changed.
    TokenLimitChanged,
    /// An access token can be used again.
    TokenReactivated,
    /// A transfer was taken down.
    TransferTakenDown,
    /// A transfer ends at another time.
    TransferExtended,
    /// A transfer was deleted.
    TransferDeleted,
    /// The reports on a transfer were dismissed.
    ReportsDismissed,
    /// What was over was removed.
    Swept,
    /// What an entry before this one says was answered with an error, and may not have happened.
    Failed,
}

/// Who did it: the holder of the admin key with this hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By(pub Digest);

/// To what it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An access token.
    Token(TokenId),
    /// A transfer, and which use of its id.
    Transfer(AnyId, Nonce),
    /// A session, by the hash of what its holder shows.
    Session(Digest),
    /// The service as a whole.
    Everything,
}

/// What else is worth knowing of something that was done.
pub type Details = BTreeMap<String, Value>;

/// An entry as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    number: u64,
    at: Millis,
    by: String,
    action: Action,
    subject: String,
    details: Details,
    previous: Option<Digest>,
    writer: Nonce,
}

/// The audit log in a storage.
#[derive(Clone)]
pub struct Audit {
    blobs: Arc<dyn Blobs>,
    clock: Clock,
}

impl Audit {
    /// The one in a storage.
    #[must_use]
    pub fn new(blobs: Arc<dyn Blobs>, clock: Clock) -> Self {
        Self { blobs, clock }
    }

    /// Makes a change that is in the log before it happens. Where the change errs, a [`Action::Failed`] entry follows.
    ///
    /// A crash in between leaves an entry of a change that was not made, never a change without an entry. A client that hangs up
    /// interrupts nothing: all of it runs in a task of its own. Look first whether there is anything to change: what is refused
    /// then needs no entry.
    ///
    /// # Errors
    /// Those of the change; the storage's, and then nothing was changed.
    pub async fn record<T: Send + 'static>(
        &self,
        by: By,
        action: Action,
        subject: Subject,
        details: Details,
        change: impl Future<Output = Result<T, ApiError>> + Send + 'static,
    ) -> Result<T, ApiError> {
        let audit = self.clone();
        let recorded = async move {
            let entry = audit.append(&by, action, &subject, details).await?;
            // In a task of its own, so that a panic is an error here, and in the log.
            let changed = tokio::spawn(change).await;
            let changed = changed.unwrap_or_else(|panic| Err(ApiError::internal(panic)));
            if let Err(error) = &changed {
                audit.failed(&by, &subject, entry.number, error).await;
            }
            changed
        };
        tokio::spawn(recorded).await.map_err(ApiError::internal)?
    }

    /// Adds that what an entry says was answered with an error.
    async fn failed(&self, by: &By, subject: &Subject, number: u64, error: &ApiError) {
        let details = BTreeMap::from([
            ("entry".to_owned(), Value::from(number)),
            ("status".to_owned(), Value::from(error.status().as_u16())),
        ]);
        if let Err(error) = self.append(by, Action::Failed, subject, details).await {
            tracing::warn!(
                cause = error.cause(),
                entry = number,
                "that this change failed is not in the audit log"
            );
        }
    }
}

impl Stored {
    /// As it goes out.
    fn told(self, sha256: Digest) -> wire::Entry {
        wire::Entry {
            number: self.number,
            at: self.at,
            by: self.by,
            action: self.action,
            subject: self.subject,
            details: self.details,
            previous: self.previous,
            writer: self.writer,
            sha256,
        }
    }
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "key {}", self.0.short())
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(id) => write!(f, "token {id}"),
            Self::Transfer(AnyId::Send(id), _) => write!(f, "transfer {id}"),
            Self::Transfer(AnyId::Transfer(_), generation) => write!(f, "transfer {generation}"),
            Self::Session(hash) => write!(f, "session {}", hash.short()),
            Self::Everything => Ok(()),
        }
    }
}
