//! How AWS says no.

use deploy::cloud::{CallError, Kind};

/// A no, before it is known which call it answers.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    kind: Kind,
    code: &'static str,
    message: String,
}

/// What a change or a look comes to.
pub(super) type Done<T = ()> = Result<T, Refusal>;

impl Refusal {
    pub(super) fn new(kind: Kind, code: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            kind,
            code,
            message,
        }
    }

    /// The answer to a call.
    pub(super) fn to(self, call: &'static str) -> CallError {
        CallError {
            call,
            kind: self.kind,
            code: self.code.into(),
            message: self.message,
        }
    }
}

pub(super) fn not_found(code: &'static str, what: &str) -> Refusal {
    Refusal::new(Kind::NotFound, code, format!("there is no {what}"))
}

pub(super) fn exists(code: &'static str, what: &str) -> Refusal {
    Refusal::new(
        Kind::AlreadyExists,
        code,
        format!("{what} is there already"),
    )
}

pub(super) fn conflict(code: &'static str, why: impl Into<String>) -> Refusal {
    Refusal::new(Kind::Conflict, code, why)
}

pub(super) fn stale(code: &'static str) -> Refusal {
    Refusal::new(Kind::Stale, code, "it was changed since it was read")
}

pub(super) fn refused(code: &'static str, why: impl Into<String>) -> Refusal {
    Refusal::new(Kind::Refused, code, why)
}

/// That one part of what was asked for is not among what is allowed.
pub(super) fn ensure(holds: bool, code: &'static str, why: &str) -> Done {
    if holds {
        Ok(())
    } else {
        Err(refused(code, why))
    }
}
