//! What one process counts in one day, until it pauses.

use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{
    activity::{Activity, Minute},
    figures::Sums,
    minute,
};
use crate::{
    clock::{Date, Millis},
    id::Nonce,
};

/// After so long without a write a process begins a new segment: another may have added the old one to its day meanwhile.
pub(super) const PAUSE: Duration = Duration::from_mins(30);

/// A segment as it is stored.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Stored {
    pub(crate) date: Date,
    /// When it began.
    pub(crate) started: Millis,
    #[serde(flatten)]
    pub(crate) sums: Sums,
    pub(crate) minutes: Vec<Minute>,
}

/// A segment in memory.
pub(super) struct Segment {
    pub(super) date: Date,
    pub(super) nonce: Nonce,
    started: Millis,
    pub(super) sums: Sums,
    pub(super) activity: Activity,
    /// How often something was told.
    pub(super) changes: u64,
    written: Option<Written>,
}

/// What the storage is known to have.
struct Written {
    at: Millis,
    changes: u64,
    sums: Sums,
}

/// A segment to be written.
pub(super) struct Draft {
    pub(super) date: Date,
    pub(super) nonce: Nonce,
    pub(super) bytes: Bytes,
    written: Written,
}

impl Segment {
    pub(super) fn new(now: Millis) -> Self {
        Self {
            date: Date::of(now),
            nonce: Nonce::random(),
            started: now,
            sums: Sums::default(),
            activity: Activity::default(),
            changes: 0,
            written: None,
        }
    }

    /// Whether there is something that was not written.
    pub(super) fn is_due(&self) -> bool {
        self.written.as_ref().map_or(0, |written| written.changes) < self.changes
    }

    /// What to write now, if anything.
    pub(super) fn draft(&mut self, now: Millis) -> Option<Draft> {
        if !self.is_due() {
            return None;
        }
        self.renew(now);
        let stored = Stored {
            date: self.date,
            started: self.started,
            sums: self.sums.clone(),
            minutes: self.activity.minutes(minute(now)),
        };
        // Numbers and hexadecimal digits: there is nothing that JSON cannot hold.
        let bytes = serde_json::to_vec(&stored).ok()?;
        Some(Draft {
            date: self.date,
            nonce: self.nonce,
            bytes: bytes.into(),
            written: Written {
                at: now,
                changes: self.changes,
                sums: stored.sums,
            },
        })
    }

    /// A draft was written.
    pub(super) fn wrote(&mut self, draft: Draft) {
        self.written = Some(draft.written);
    }

    /// Begins anew after a pause, with what the storage does not have yet.
    fn renew(&mut self, now: Millis) {
        let paused = |written: &mut Written| now.since(written.at) > PAUSE;
        let Some(before) = self.written.take_if(paused) else {
            return;
        };
        self.nonce = Nonce::random();
        self.started = now;
        self.sums = self.sums.less(&before.sums);
        self.activity.forget_until(minute(before.at));
    }
}
