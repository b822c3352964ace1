//! The way down the log, from entry to entry.

use bytes::Bytes;

use super::{super::Stored, problem};
use crate::{
    api::audit::{Head, Problem, ProblemKind},
    id::Digest,
};

/// The way down.
pub(super) struct Walk {
    head: Option<Head>,
    /// The hash that the entry above names, where that entry can be believed.
    vouched: Option<Digest>,
    /// Entries in a row that are not there: the first and the last.
    gap: Option<(u64, u64)>,
    pub(super) checked: u64,
    pub(super) problems: Vec<Problem>,
}

impl Walk {
    pub(super) fn new(head: Option<Head>, above: Option<&Option<Bytes>>) -> Self {
        let above = above.and_then(Option::as_ref);
        let above = above.and_then(|bytes| serde_json::from_slice::<Stored>(bytes).ok());
        Self {
            head,
            vouched: above.and_then(|entry| entry.previous),
            gap: None,
            checked: 0,
            problems: Vec::new(),
        }
    }

    pub(super) fn step(&mut self, number: u64, bytes: Option<&Bytes>) {
        self.heed_head(number);
        let Some(bytes) = bytes else {
            let last = self.gap.map_or(number, |(_, last)| last);
            self.gap = Some((number, last));
            self.vouched = None;
            return;
        };
        self.close();
        self.checked += 1;
        let stored = serde_json::from_slice::<Stored>(bytes).ok();
        if let Some(problem) = self.look(number, bytes, stored.as_ref()) {
            self.problems.push(problem);
            self.vouched = None;
        } else {
            self.vouched = stored.and_then(|entry| entry.previous);
        }
    }

    /// At the head's entry it is the head that vouches. If what lies above names another hash, that was put there.
    fn heed_head(&mut self, number: u64) {
        let Some(head) = self.head.filter(|head| head.number == number) else {
            return;
        };
        if self.vouched.is_some_and(|named| named != head.sha256) {
            let detail = format!(
                "Entry {} does not follow the newest entry that is noted.",
                number + 1
            );
            self.problems
                .push(problem(number + 1, ProblemKind::Inserted, detail));
        }
        self.vouched = Some(head.sha256);
    }

    fn look(&self, number: u64, bytes: &Bytes, stored: Option<&Stored>) -> Option<Problem> {
        let edited = |detail: String| Some(problem(number, ProblemKind::Edited, detail));
        let Some(stored) = stored else {
            return edited(format!(
                "Entry {number} is not as this service writes entries."
            ));
        };
        if stored.number != number {
            let detail = format!(
                "At the place of entry {number} lies one that says it is {}.",
                stored.number
            );
            return Some(problem(number, ProblemKind::Inserted, detail));
        }
        if self.vouched.is_some_and(|named| named != Digest::of(bytes)) {
            return edited(format!(
                "Entry {number} is not what was written: its hash is another."
            ));
        }
        if stored.previous.is_none() != (number == 0) {
            return edited(format!(
                "Entry {number} does not name the entry before it as it must."
            ));
        }
        None
    }

    /// The end of a row of missing entries.
    pub(super) fn close(&mut self) {
        let Some((first, last)) = self.gap.take() else {
            return;
        };
        let detail = if first == last {
            format!("Entry {first} is not there.")
        } else {
            format!("Entries {first} to {last} are not there.")
        };
        self.problems
            .push(problem(first, ProblemKind::Missing, detail));
    }
}
