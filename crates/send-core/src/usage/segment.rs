//! What one process counts in one day, until it pauses.

use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{
    activity::{Activity, Minute},
    doubt::Doubt,
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
    /// What the storage is known to have.
    written: Option<Written>,
    attempted: Option<Attempted>,
}

/// What was written, or was to be.
#[derive(Clone)]
struct Written {
    at: Millis,
    changes: u64,
    sums: Sums,
}

/// The last write, for as long as nobody knows whether it landed.
struct Attempted {
    /// When the first of those began.
    since: Millis,
    last: Written,
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
            attempted: None,
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
        let written = Written {
            at: now,
            changes: self.changes,
            sums: stored.sums,
        };
        self.attempted = Some(Attempted {
            since: self.attempted.as_ref().map_or(now, |first| first.since),
            last: written.clone(),
        });
        Some(Draft {
            date: self.date,
            nonce: self.nonce,
            bytes: bytes.into(),
            written,
        })
    }

    /// A draft was written.
    pub(super) fn wrote(&mut self, draft: Draft) {
        self.written = Some(draft.written);
        self.attempted = None;
    }

    /// The write that nobody knows the end of, where that must be known now: there was a pause, and another may have added to its
    /// day what landed.
    pub(super) fn doubt(&self, now: Millis) -> Option<Doubt> {
        let attempted = self.attempted.as_ref()?;
        self.has_paused(now).then(|| Doubt {
            date: self.date,
            nonce: self.nonce,
            attempted: attempted.last.sums.clone(),
        })
    }

    /// It is known what landed of the write that was in doubt: this, or nothing.
    pub(super) fn settle(&mut self, now: Millis, landed: Option<Sums>) {
        if let (Some(attempted), Some(sums)) = (self.attempted.take(), landed) {
            let before = Written {
                sums,
                ..attempted.last
            };
            self.begin_anew(now, &before);
        }
    }

    /// Begins anew after a pause.
    fn renew(&mut self, now: Millis) {
        if self.has_paused(now)
            && let Some(before) = self.written.take()
        {
            self.begin_anew(now, &before);
        }
    }

    /// Whether what landed last, as far as anybody knows, did so a while ago.
    fn has_paused(&self, now: Millis) -> bool {
        let known = self.written.as_ref().map(|written| written.at);
        let first = self.attempted.as_ref().map(|attempted| attempted.since);
        known
            .or(first)
            .is_some_and(|since| now.since(since) > PAUSE)
    }

    /// Goes on as another segment, with what the storage does not have yet.
    fn begin_anew(&mut self, now: Millis, before: &Written) {
        self.nonce = Nonce::random();
        self.started = now;
        self.sums = self.sums.less(&before.sums);
        self.activity.forget_until(minute(before.at));
        self.written = None;
    }
}
