//! How a call fails, by what the caller does next.

use std::fmt;

use super::Answer;

/// A call that AWS refused, or that never reached it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallError {
    /// The operation, as IAM names it: `lambda:CreateFunction`.
    pub call: &'static str,
    /// What can be done about it.
    pub kind: Kind,
    /// AWS's code: `ResourceConflictException`. Empty where there was no answer.
    pub code: String,
    /// AWS's sentence, or what broke the connection.
    pub message: String,
}

/// What can be done about a call that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// There is no such thing.
    NotFound,
    /// It is there already: somebody else was faster.
    AlreadyExists,
    /// It is being changed, or still used: later.
    Conflict,
    /// It was changed since it was read: read it again.
    Stale,
    /// The role is too new: later.
    NotAssumable,
    /// Too many calls: later.
    Throttled,
    /// No answer, or a fault of AWS's own: later.
    Unavailable,
    /// The caller may not.
    Denied,
    /// It will fail again.
    Refused,
}

impl CallError {
    /// Whether the same may succeed later, when what is there has been read again.
    #[must_use]
    pub const fn passes(&self) -> bool {
        match self.kind {
            Kind::AlreadyExists
            | Kind::Conflict
            | Kind::Stale
            | Kind::NotAssumable
            | Kind::Throttled
            | Kind::Unavailable => true,
            Kind::NotFound | Kind::Denied | Kind::Refused => false,
        }
    }
}

/// What is not there is no failure.
///
/// # Errors
/// Every other.
pub fn found<T>(answer: Answer<T>) -> Answer<Option<T>> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind == Kind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (call, message) = (self.call, &self.message);
        match self.kind {
            Kind::Denied => write!(
                f,
                "{call} is not allowed: {message}. `deploy <STAGE> policy` prints all that a deployer needs"
            ),
            _ if self.code.is_empty() => write!(f, "{call}: {message}"),
            _ => write!(f, "{call}: {}: {message}", self.code),
        }
    }
}

impl std::error::Error for CallError {}
