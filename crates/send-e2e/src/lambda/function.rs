//! Events on their way to whichever environment is free, and what became of them.

use std::{
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
    time::Duration,
};

use bytes::Bytes;
use tokio::{
    sync::{
        Mutex,
        mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
        oneshot,
    },
    time::timeout,
};

use super::limits::MESSAGE;

/// How long one event may take.
pub(super) const TIMEOUT: Duration = Duration::from_secs(60);

/// What became of one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invocation {
    /// What the function answered.
    Answered(Bytes),
    /// Why it did not, as the function or Lambda tells it.
    Failed(Bytes),
}

/// One event that waits for an environment.
#[derive(Debug)]
pub(super) struct Event {
    /// Names it in the Runtime API.
    pub(super) id: String,
    pub(super) bytes: Bytes,
    pub(super) outcome: Outcome,
}

/// Takes what becomes of an event.
pub(super) type Outcome = oneshot::Sender<Invocation>;

/// What all environments of a function share.
#[derive(Debug)]
pub(super) struct Function {
    queue: UnboundedSender<Event>,
    waiting: Mutex<UnboundedReceiver<Event>>,
    count: AtomicU64,
    environments: AtomicUsize,
    refused: AtomicU64,
}

impl Default for Function {
    fn default() -> Self {
        let (queue, waiting) = unbounded_channel();
        Self {
            queue,
            waiting: Mutex::new(waiting),
            count: AtomicU64::new(0),
            environments: AtomicUsize::new(0),
            refused: AtomicU64::new(0),
        }
    }
}

impl Function {
    /// Gives an event to an environment, once one is free, and waits for what becomes of it.
    pub(super) async fn invoke(&self, bytes: Bytes) -> Invocation {
        if bytes.len() > MESSAGE {
            self.refuse();
            return failed("RequestTooLarge", "The event is too large.");
        }
        if self.environments.load(Ordering::SeqCst) == 0 {
            return failed("Runtime.ExitError", "The runtime has ended.");
        }
        let (outcome, told) = oneshot::channel();
        let event = Event {
            id: self.fresh_id(),
            bytes,
            outcome,
        };
        // The receiver lives as long as the sender.
        let _ = self.queue.send(event);
        let told = async {
            // The last environment may have ended meanwhile, and have looked for events before there was this one.
            if self.environments.load(Ordering::SeqCst) == 0 {
                self.forget_waiting().await;
            }
            told.await
        };
        match timeout(TIMEOUT, told).await {
            Ok(Ok(invocation)) => invocation,
            Ok(Err(_)) => failed("Runtime.ExitError", "The runtime ended before it answered."),
            Err(_) => failed("Sandbox.Timedout", "The function took too long."),
        }
    }

    /// The next event, for an environment that is free.
    pub(super) async fn next(&self) -> Option<Event> {
        self.waiting.lock().await.recv().await
    }

    /// Something was asked or answered as Lambda does not take it.
    pub(super) fn refuse(&self) {
        self.refused.fetch_add(1, Ordering::SeqCst);
    }

    pub(super) fn refused(&self) -> u64 {
        self.refused.load(Ordering::SeqCst)
    }

    /// There is one environment more.
    pub(super) fn joined(&self) {
        self.environments.fetch_add(1, Ordering::SeqCst);
    }

    /// An environment has ended; events that no other can take fail.
    pub(super) async fn left(&self) {
        if self.environments.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.forget_waiting().await;
        }
    }

    /// The id of the last event.
    pub(super) fn last_id(&self) -> String {
        id(self.count.load(Ordering::SeqCst))
    }

    async fn forget_waiting(&self) {
        let mut waiting = self.waiting.lock().await;
        while let Ok(event) = waiting.try_recv() {
            drop(event.outcome);
        }
    }

    fn fresh_id(&self) -> String {
        id(self.count.fetch_add(1, Ordering::SeqCst) + 1)
    }
}

/// Lambda names events by UUIDs.
fn id(number: u64) -> String {
    format!("8f5c2d1e-0000-4000-8000-{number:012x}")
}

/// A failure as Lambda tells it.
pub(super) fn failed(kind: &str, message: &str) -> Invocation {
    let body = serde_json::json!({ "errorType": kind, "errorMessage": message });
    Invocation::Failed(body.to_string().into())
}
