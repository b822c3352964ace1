//! What is stored, by age: a sweep reads every record anyway.

use std::{ops::AddAssign, time::Duration};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const DAY: Duration = Duration::from_hours(24);
/// Younger than so many days; the rest is older.
const AGES: [u32; 3] = [1, 7, 30];

/// Completed transfers of one age.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Heap {
    /// How many.
    pub transfers: u64,
    /// Their stored bytes.
    pub bytes: u64,
}

/// Completed transfers younger than 1, 7 and 30 days, and older.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored([Heap; AGES.len() + 1]);

impl Stored {
    /// One transfer.
    pub(super) fn one(age: Duration, bytes: u64) -> Self {
        let mut stored = Self::default();
        let younger = AGES.iter().position(|days| age < DAY * *days);
        stored.0[younger.unwrap_or(AGES.len())] = Heap {
            transfers: 1,
            bytes,
        };
        stored
    }

    /// By age: younger than so many days, or older where there is no number.
    pub fn by_age(&self) -> impl Iterator<Item = (Option<u32>, Heap)> {
        let ages = AGES.into_iter().map(Some).chain([None]);
        ages.zip(self.0)
    }
}

impl AddAssign for Stored {
    fn add_assign(&mut self, other: Self) {
        for (sum, more) in self.0.iter_mut().zip(other.0) {
            sum.transfers += more.transfers;
            sum.bytes += more.bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_age_has_its_heap() {
        let mut stored = Stored::default();
        for (days, bytes) in [
            (0, 1),
            (1, 10),
            (6, 100),
            (7, 1_000),
            (30, 10_000),
            (99, 100_000),
        ] {
            stored += Stored::one(DAY * days, bytes);
        }
        let bytes: Vec<_> = stored
            .by_age()
            .map(|(days, heap)| (days, heap.bytes))
            .collect();
        assert_eq!(
            bytes,
            [
                (Some(1), 1),
                (Some(7), 110),
                (Some(30), 1_000),
                (None, 110_000)
            ]
        );
    }
}
