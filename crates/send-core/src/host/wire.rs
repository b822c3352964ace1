//! What a connection waits for, since when, and when that is too long.
//!
//! Socket, service and watch of one connection share a [`Wire`]. Events only note a moment; one timer a connection,
//! reset when a deadline comes nearer and looked at again when it fires, is all the clockwork there is.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::framing::{Framing, HeadLimits};
use super::limits::Limits;
use super::refusal::Refusal;

/// The shared state of one connection.
#[derive(Debug)]
pub(super) struct Wire {
    limits: Limits,
    state: Mutex<State>,
}

/// What has lasted too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lapse {
    /// A head has not come whole.
    Head,
    /// A request body comes too slowly; the client is told.
    Body,
    /// The client does not read its response.
    Write,
    /// No further request came.
    Idle,
    /// The client goes on sending after the last answer.
    Linger,
    /// The grace after the stop signal.
    Stop,
}

#[derive(Debug)]
struct State {
    framing: Framing,
    /// A request is with the app, or its response is not yet produced to the end.
    in_flight: bool,
    /// Since when nothing has happened between two requests.
    idle_since: Instant,
    /// When the head that is coming, or the first one, was begun.
    head_since: Option<Instant>,
    body: BodyWait,
    write_since: Option<Instant>,
    closing_since: Option<Instant>,
    stop_at: Option<Instant>,
}

/// How long the body of the present request has been waited for.
#[derive(Debug, Default)]
struct BodyWait {
    received: u64,
    waited: Duration,
    /// Since when the socket has had nothing to read.
    since: Option<Instant>,
    too_slow: bool,
}

impl Wire {
    /// The wire of a connection that was accepted at `now`.
    pub(super) fn new(limits: Limits, now: Instant) -> Self {
        let head = HeadLimits {
            bytes: limits.head_bytes,
            lines: limits.headers,
        };
        let state = State {
            framing: Framing::new(head),
            in_flight: false,
            idle_since: now,
            head_since: Some(now),
            body: BodyWait::default(),
            write_since: None,
            closing_since: None,
            stop_at: None,
        };
        Self {
            limits,
            state: Mutex::new(state),
        }
    }

    /// The socket has read `bytes`; none at the end of the stream.
    pub(super) fn received(&self, bytes: &[u8]) {
        let mut state = self.state();
        state.body.end_wait(bytes.len());
        state.framing.feed(bytes);
        state.head_since = if state.framing.in_head() {
            Some(state.head_since.unwrap_or_else(Instant::now))
        } else {
            None
        };
    }

    /// hyper wants to read and the socket has nothing. Within a body that is the client's time: hyper reads no further
    /// than what the app has asked for.
    ///
    /// # Errors
    ///
    /// When the body has come too slowly.
    pub(super) fn read_blocked(&self) -> Result<(), Refusal> {
        let mut state = self.state();
        if state.body.too_slow {
            return Err(Refusal::SlowBody);
        }
        if state.in_flight && state.framing.in_body() {
            state.body.since.get_or_insert_with(Instant::now);
        }
        Ok(())
    }

    /// Whether the last write had to wait for the client.
    pub(super) fn write_blocked(&self, blocked: bool) {
        let now = Instant::now();
        let mut state = self.state();
        state.idle_since = now;
        state.write_since = blocked.then_some(now);
    }

    /// Our side of the connection is closed.
    pub(super) fn closing(&self) {
        self.state().closing_since = Some(Instant::now());
    }

    /// The connection has to end by `deadline`.
    pub(super) fn stop_at(&self, deadline: Instant) {
        self.state().stop_at = Some(deadline);
    }

    /// A request begins; it lasts until the [`Flight`] is dropped.
    ///
    /// # Errors
    ///
    /// When its head was ambiguous.
    pub(super) fn begin(self: &Arc<Self>) -> (Flight, Result<(), Refusal>) {
        let mut state = self.state();
        state.in_flight = true;
        state.body = BodyWait::default();
        let judged = state.framing.judge();
        drop(state);
        (Flight(Arc::clone(self)), judged)
    }

    /// From now on reads of the request body fail.
    pub(super) fn fail_body(&self) {
        self.state().body.too_slow = true;
    }

    /// What lapses next, and when; `None` while only the app is waited for.
    pub(super) fn next_lapse(&self) -> Option<(Instant, Lapse)> {
        let state = self.state();
        let limits = &self.limits;
        if let Some(since) = state.closing_since {
            return Some((since + limits.linger, Lapse::Linger));
        }
        let lapses = [
            state.stop_at.map(|at| (at, Lapse::Stop)),
            state
                .write_since
                .map(|since| (since + limits.stall_timeout, Lapse::Write)),
            state.body.lapses_at(limits).map(|at| (at, Lapse::Body)),
            state.request_lapse(limits),
        ];
        lapses.into_iter().flatten().min_by_key(|(at, _)| *at)
    }

    // Nothing panics while it holds the lock, so a poisoned one is as good as any.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// When the next request ought to have come.
    fn request_lapse(&self, limits: &Limits) -> Option<(Instant, Lapse)> {
        if self.in_flight || self.write_since.is_some() {
            return None;
        }
        Some(match self.head_since {
            Some(since) => (since + limits.head_timeout, Lapse::Head),
            None => (self.idle_since + limits.idle_timeout, Lapse::Idle),
        })
    }
}

impl BodyWait {
    fn end_wait(&mut self, received: usize) {
        if let Some(since) = self.since.take() {
            self.waited += since.elapsed();
        }
        self.received += received as u64;
    }

    /// When the present wait makes the body too slow: by its average rate, or because nothing came at all.
    fn lapses_at(&self, limits: &Limits) -> Option<Instant> {
        let since = self.since.filter(|_| !self.too_slow)?;
        let rate = f64::from(limits.body_rate.max(1));
        let earned = Duration::from_secs_f64(self.received as f64 / rate);
        let left = earned.max(limits.body_grace).saturating_sub(self.waited);
        Some(since + left.min(limits.stall_timeout))
    }
}

/// A request with the app, until its response has been produced to the end or given up.
#[derive(Debug)]
pub(super) struct Flight(Arc<Wire>);

impl Flight {
    /// Whether the body of this request came too slowly.
    pub(super) fn is_too_slow(&self) -> bool {
        self.0.state().body.too_slow
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        let now = Instant::now();
        let mut state = self.0.state();
        state.in_flight = false;
        state.idle_since = now;
        // The time of a head that came meanwhile begins now: nobody waited for it.
        state.head_since = state.head_since.map(|_| now);
        state.body.since = None;
    }
}
