//! Errors by what the caller does next.

use crate::Path;

/// The result of a storage operation.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a storage operation did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing is stored at this path.
    #[error("nothing is stored at {0}")]
    NotFound(Path),
    /// A create met an object that is already there.
    #[error("something is already stored at {0}")]
    AlreadyExists(Path),
    /// A conditional update met another version than the one it expected, or none: read again.
    #[error("{0} has changed since it was read")]
    Precondition(Path),
    /// The asked range lies outside the object, which has this many bytes.
    #[error("the range is outside of the {size} bytes at {path}")]
    Range {
        /// What was read.
        path: Path,
        /// Its size in bytes.
        size: u64,
    },
    /// The storage is full: nothing was written, what was there is unharmed.
    #[error("the storage is full")]
    Full,
    /// A stored document is not what this program writes: a person must look.
    #[error("what is stored at {path} is damaged: {reason}")]
    Damaged {
        /// What was read.
        path: Path,
        /// What is wrong with it.
        reason: String,
    },
    /// The parts of an upload are not what the storage has: one is missing, too small, or another.
    #[error("the parts of the upload at {path} are not those that arrived: {code}")]
    Upload {
        /// Where the object would be.
        path: Path,
        /// The storage's word for it.
        code: String,
    },
    /// The storage refuses this program, whatever is asked: the operator must mend something.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The source of a stream failed or ended early: nothing was written.
    #[error("the source of the bytes failed: {0}")]
    Source(#[source] std::io::Error),
    /// The storage did not do it, and might later.
    #[error("the storage does not answer: {0}")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why a storage refuses this program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is no such bucket.
    #[error("the bucket does not exist")]
    NoBucket,
    /// The bucket lies in another region than the configured one.
    #[error("the bucket lies in another region")]
    Region,
    /// There are no credentials, or they are not known, or the secret does not fit.
    #[error("the credentials are missing or wrong")]
    Credentials,
    /// The credentials were right once.
    #[error("the credentials have expired")]
    Expired,
    /// The credentials are known, but do not allow this.
    #[error("the credentials do not allow it")]
    Denied,
    /// The clock of this machine is too far from the storage's.
    #[error("the clock of this machine is wrong")]
    Clock,
}

impl Error {
    /// The storage failed for a reason that is not the caller's.
    pub(crate) fn unavailable(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Unavailable(reason.into())
    }
}
