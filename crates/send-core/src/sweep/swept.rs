//! What a sweep did.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Stored;
use crate::error::ApiError;

/// What a sweep did. Where several sweep at once, what two of them removed together both count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Swept {
    /// Transfers and tombstones that were looked at.
    pub looked_at: u64,
    /// Transfers that ended because nobody went on with their upload.
    pub abandoned: u64,
    /// Transfers that are gone, or were downloaded for the last time, whose ciphertext was removed.
    pub payloads: u64,
    /// Objects that were removed.
    pub objects: u64,
    /// Tombstones that were removed, and with them all that was known of a transfer.
    pub tombstones: u64,
    /// Uploads in parts at the storage that nobody would have finished.
    pub unfinished: u64,
    /// What could not be done now.
    pub failures: u64,
    /// What goes on being stored, by age.
    #[serde(skip)]
    pub stored: Stored,
}

impl Swept {
    /// Whether there was nothing to do.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        let looked = Self {
            looked_at: self.looked_at,
            stored: self.stored,
            ..Self::default()
        };
        *self == looked
    }
}

impl AddAssign for Swept {
    fn add_assign(&mut self, other: Self) {
        let Self {
            looked_at,
            abandoned,
            payloads,
            objects,
            tombstones,
            unfinished,
            failures,
            stored,
        } = other;
        self.looked_at += looked_at;
        self.abandoned += abandoned;
        self.payloads += payloads;
        self.objects += objects;
        self.tombstones += tombstones;
        self.unfinished += unfinished;
        self.failures += failures;
        self.stored += stored;
    }
}

/// Adds up what a page brings, and logs once that something failed.
#[derive(Default)]
pub(super) struct Tally {
    swept: Swept,
    /// The first cause.
    cause: Option<String>,
}

impl Tally {
    pub(super) fn add(&mut self, outcome: Result<Swept, ApiError>) {
        match outcome {
            Ok(swept) => self.swept += swept,
            Err(error) => {
                self.swept.failures += 1;
                self.cause.get_or_insert_with(|| error.cause());
            }
        }
    }

    pub(super) fn close(self) -> Swept {
        let Self { swept, cause } = self;
        if let Some(error) = cause {
            let failures = swept.failures;
            tracing::warn!(failures, error, "some of it could not be swept");
        }
        swept
    }
}

#[cfg(test)]
mod tests {
    use storage::Path;

    use super::*;

    #[test]
    fn looking_is_nothing_and_a_failure_is_something() {
        let mut swept = Swept {
            looked_at: 9,
            ..Swept::default()
        };
        assert!(swept.is_nothing());
        swept += Swept {
            failures: 1,
            ..Swept::default()
        };
        assert!(!swept.is_nothing());
        assert_eq!((swept.looked_at, swept.failures), (9, 1));
    }

    #[test]
    fn the_log_names_the_damage_and_not_the_transfer() {
        let damaged = storage::Error::Damaged {
            path: Path::parse("transfers/00/00ff10abcdef/meta.json").unwrap(),
            reason: "Syntax error at line 1 column 2".into(),
        };
        let cause = ApiError::from(damaged).cause();
        assert_eq!(
            cause,
            "a stored document is damaged: Syntax error at line 1 column 2"
        );
    }
}
