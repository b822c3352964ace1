//! Keeps what this process counts, and writes it now and then.

use std::{
    hash::Hash,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use storage::{Blobs, PutMode};
use tokio::sync::Mutex as Turn;

use super::{
    doubt::Doubt,
    figures::Figures,
    minute,
    segment::{Draft, Segment},
};
use crate::{
    clock::{Clock, Date, Millis},
    id::{Nonce, TokenId},
    key,
};

/// How often it is written at most: what a process that is killed loses.
pub(crate) const EVERY: Duration = Duration::from_secs(10);

/// What this process counts.
pub(crate) struct Ledger {
    blobs: Arc<dyn Blobs>,
    clock: Clock,
    book: Mutex<Book>,
    /// One writes at a time, so that an older state never lands over a newer one.
    writing: Turn<()>,
}

struct Book {
    open: Segment,
    /// Of days before, and not written to the end.
    ended: Vec<Segment>,
    /// When it was written last, or that was tried.
    tried: Option<Millis>,
    /// The last try failed.
    failing: bool,
}

impl Ledger {
    pub(crate) fn new(blobs: Arc<dyn Blobs>, clock: Clock) -> Self {
        let book = Book {
            open: Segment::new(clock.now()),
            ended: Vec::new(),
            tried: None,
            failing: false,
        };
        Self {
            blobs,
            clock,
            book: Mutex::new(book),
            writing: Turn::new(()),
        }
    }

    /// A request was answered, to this visitor where that is known.
    pub(crate) fn tell_request(&self, figures: Figures, visitor: Option<impl Hash>) {
        self.tell(|segment, now| {
            segment.sums.tell(None, figures);
            segment.activity.request(minute(now));
            if let Some(visitor) = visitor {
                segment.activity.visitor(minute(now), visitor);
            }
        });
    }

    /// Something happened to a transfer.
    pub(crate) fn tell_transfer(&self, which: Nonce, token: Option<TokenId>, figures: Figures) {
        self.tell(|segment, now| {
            segment.sums.tell(token, figures);
            segment.activity.transfer(minute(now), which);
        });
    }

    /// Something that is counted already belongs to a token.
    pub(crate) fn tell_token(&self, token: TokenId, figures: Figures) {
        self.tell(|segment, _| segment.sums.tell_token(token, figures));
    }

    /// Lets something be counted, in the segment of today.
    fn tell(&self, tell: impl FnOnce(&mut Segment, Millis)) {
        let now = self.clock.now();
        let mut book = self.lock();
        if book.open.date != Date::of(now) {
            let ended = mem::replace(&mut book.open, Segment::new(now));
            book.ended.push(ended);
            book.ended.retain(Segment::is_due);
        }
        book.open.changes += 1;
        tell(&mut book.open, now);
    }

    /// Writes what is new, unless that was done just now.
    pub(crate) async fn flush_if_due(&self) {
        if self.lock().is_due(self.clock.now()) {
            self.flush().await;
        }
    }

    /// Writes what is new. What cannot be written is written the next time, with all that came since.
    pub(crate) async fn flush(&self) {
        let _turn = self.writing.lock().await;
        let now = self.clock.now();
        if let Err(error) = self.settle(now).await {
            return self.lock().failed(&error);
        }
        let drafts = self.lock().drafts(now);
        for draft in drafts {
            let path = key::usage_segment(draft.date, &draft.nonce);
            let put = self
                .blobs
                .put(&path, draft.bytes.clone(), PutMode::Overwrite);
            match put.await {
                Ok(_) => self.lock().wrote(draft),
                Err(error) => self.lock().failed(&error),
            }
        }
    }

    /// Finds out what became of writes whose end is not known. Until that is known nothing is written, or it might count twice.
    async fn settle(&self, now: Millis) -> storage::Result<()> {
        let doubts = self.lock().doubts(now);
        for doubt in doubts {
            let landed = doubt.landed(&*self.blobs).await?;
            if let Some(segment) = self.lock().find(&doubt.nonce) {
                segment.settle(now, landed);
            }
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    /// Whether to write now; who is told so does it.
    fn is_due(&mut self, now: Millis) -> bool {
        // A clock that was set back must not stop it.
        let rests = |tried: Millis| tried <= now && now.since(tried) < EVERY;
        let unchanged = self.ended.is_empty() && !self.open.is_due();
        if unchanged || self.tried.is_some_and(rests) {
            return false;
        }
        self.tried = Some(now);
        true
    }

    fn doubts(&self, now: Millis) -> Vec<Doubt> {
        let segments = self.ended.iter().chain([&self.open]);
        segments.filter_map(|segment| segment.doubt(now)).collect()
    }

    fn drafts(&mut self, now: Millis) -> Vec<Draft> {
        self.tried = Some(now);
        let segments = self.ended.iter_mut().chain([&mut self.open]);
        segments.filter_map(|segment| segment.draft(now)).collect()
    }

    fn find(&mut self, nonce: &Nonce) -> Option<&mut Segment> {
        let mut segments = self.ended.iter_mut().chain([&mut self.open]);
        segments.find(|segment| segment.nonce == *nonce)
    }

    fn wrote(&mut self, draft: Draft) {
        self.failing = false;
        if let Some(segment) = self.find(&draft.nonce) {
            segment.wrote(draft);
        }
        self.ended.retain(Segment::is_due);
    }

    /// The storage failed, which is logged once.
    fn failed(&mut self, error: &storage::Error) {
        if !mem::replace(&mut self.failing, true) {
            tracing::warn!(%error, "usage cannot be written for now; it is kept and tried again");
        }
    }
}

#[cfg(test)]
mod tests;
