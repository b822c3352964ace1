//! One value that is told what goes on, and makes figures of it: for Prometheus or CloudWatch while the process lives, and for
//! [`crate::usage`], which lasts.
//!
//! - `instruments`: figures for Prometheus
//! - `embedded`: the same for CloudWatch, as lines of the log
//!
//! Labels are few and fixed: methods, route patterns, statuses, operations. No id, name or address is among them.

mod embedded;
mod instruments;

use std::{net::IpAddr, sync::Arc, time::Duration};

use axum::http::{Method, StatusCode};
use futures::TryStreamExt;
use storage::{Blobs, ByteStream, counted::Counted};

use crate::{
    addresses,
    clock::Clock,
    id::{Nonce, TokenId},
    record::Life,
    usage::{EVERY, Figures, Ledger},
};
use embedded::Embedded;
use instruments::Instruments;

/// Is told what goes on. Clones tell the same.
#[derive(Clone)]
pub struct Meter {
    clock: Clock,
    instruments: Arc<Instruments>,
    embedded: Arc<Embedded>,
    ledger: Option<Arc<Ledger>>,
    host: Host,
}

/// What becomes of the process between requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// It goes on running: figures are written in the background, and told under `/metrics`.
    Runs,
    /// It stands still, as on AWS Lambda: figures are written and logged by requests.
    Freezes,
}

/// Which transfer something happens to, and whose access token made it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Whose {
    generation: Nonce,
    token: Option<TokenId>,
}

impl Host {
    /// AWS Lambda, or not.
    #[must_use]
    pub const fn of(on_lambda: bool) -> Self {
        if on_lambda { Self::Freezes } else { Self::Runs }
    }
}

impl Whose {
    /// By the transfer's record.
    pub(crate) const fn of(life: &Life) -> Self {
        Self {
            generation: life.generation,
            token: life.token,
        }
    }
}

/// A request that was answered.
pub(crate) struct Answered<'a> {
    pub(crate) method: &'a Method,
    /// The pattern of its route; `-` where there is none.
    pub(crate) route: &'a str,
    pub(crate) status: StatusCode,
    /// Until the answer began.
    pub(crate) took: Duration,
    /// Who asked, where the address is known.
    pub(crate) visitor: Option<IpAddr>,
}

impl Answered<'_> {
    /// Whether nobody uses the service by it: machines that look after it asked, and were answered.
    pub(crate) fn is_probe(&self) -> bool {
        let watches = self.route.ends_with("/health") || self.route == crate::metrics::PATH;
        watches && self.status.is_success()
    }

    fn figures(&self) -> Figures {
        Figures {
            requests: 1,
            refusals: self.status.is_client_error().into(),
            failures: self.status.is_server_error().into(),
            ..Figures::default()
        }
    }
}

impl Meter {
    /// Of a service, by this clock. It keeps no usage.
    #[must_use]
    pub fn new(service: &'static str, clock: Clock) -> Self {
        Self {
            clock,
            instruments: Arc::new(Instruments::new()),
            embedded: Arc::new(Embedded::new(service)),
            ledger: None,
            host: Host::Runs,
        }
    }

    /// One whose figures nobody asks for.
    #[must_use]
    pub fn off() -> Self {
        Self::new("none", Clock::System)
    }

    /// Keeps usage too, in this storage.
    #[must_use]
    pub fn keeping_usage(self, blobs: Arc<dyn Blobs>) -> Self {
        Self {
            ledger: Some(Arc::new(Ledger::new(blobs, self.clock.clone()))),
            ..self
        }
    }

    /// On this host.
    #[must_use]
    pub fn on(self, host: Host) -> Self {
        Self { host, ..self }
    }

    /// Where it runs.
    #[must_use]
    pub const fn host(&self) -> Host {
        self.host
    }

    /// The same storage, whose calls are counted here.
    #[must_use]
    pub fn counting(&self, blobs: Arc<dyn Blobs>) -> Arc<dyn Blobs> {
        let (instruments, embedded) = (self.instruments.clone(), self.embedded.clone());
        Arc::new(Counted::new(blobs, move |operation, outcome| {
            instruments.storage(operation, outcome);
            embedded.storage(outcome);
        }))
    }

    /// A request with this access token was refused. That it was refused is counted with all others; this says whose it was. Only
    /// for tokens that exist, or guesses would take the room of those that do.
    pub fn refused(&self, token: TokenId) {
        let refused = Figures {
            refusals: 1,
            ..Figures::default()
        };
        if let Some(ledger) = &self.ledger {
            ledger.tell_token(token, refused);
        }
    }

    /// A transfer was created.
    pub(crate) fn created(&self, whose: Whose) {
        self.tell_of(
            whose,
            Figures {
                transfers: 1,
                ..Figures::default()
            },
        );
    }

    /// Bytes were stored for a transfer.
    pub(crate) fn stored(&self, whose: Whose, bytes: u64) {
        self.tell_of(
            whose,
            Figures {
                bytes_stored: bytes,
                ..Figures::default()
            },
        );
    }

    /// Bytes of a transfer went out.
    pub(crate) fn served(&self, whose: Whose, bytes: u64) {
        self.tell_of(
            whose,
            Figures {
                bytes_served: bytes,
                ..Figures::default()
            },
        );
    }

    /// The same bytes, each piece of which is counted as served when it is taken.
    pub(crate) fn serve(&self, whose: Whose, bytes: ByteStream) -> ByteStream {
        let meter = self.clone();
        Box::pin(bytes.inspect_ok(move |piece| meter.served(whose, piece.len() as u64)))
    }

    /// A download was claimed, or counted, that was new.
    pub(crate) fn claimed(&self, whose: Whose) {
        self.tell_of(
            whose,
            Figures {
                claims: 1,
                ..Figures::default()
            },
        );
    }

    /// A request was answered.
    pub(crate) fn answered(&self, answered: &Answered) {
        let figures = answered.figures();
        self.instruments.answered(answered, figures);
        if answered.is_probe() {
            return;
        }
        self.embedded.answered(answered.took, figures);
        if let Some(ledger) = &self.ledger {
            ledger.tell_request(figures, answered.visitor.map(addresses::prefix));
        }
    }

    fn tell_of(&self, whose: Whose, figures: Figures) {
        self.instruments.tell(figures);
        self.embedded.tell(figures);
        if let Some(ledger) = &self.ledger {
            ledger.tell_transfer(whose.generation, whose.token, figures);
        }
    }

    /// Writes usage, for as long as it runs.
    pub async fn for_ever(self) {
        loop {
            tokio::time::sleep(EVERY).await;
            self.flush_if_due().await;
        }
    }

    /// Writes the usage that was not written yet, unless that was done in the last ten seconds.
    pub async fn flush_if_due(&self) {
        if let Some(ledger) = &self.ledger {
            ledger.flush_if_due().await;
        }
    }

    /// Writes the usage that was not written yet: for the end of a program.
    pub async fn flush(&self) {
        if let Some(ledger) = &self.ledger {
            ledger.flush().await;
        }
    }

    /// The figures for Prometheus, in its text format.
    #[must_use]
    pub fn text(&self) -> String {
        self.instruments.text()
    }

    /// The figures since they were last asked for, as one line of JSON in CloudWatch's embedded metric format; `None` where there
    /// are none, or that was done in the last ten seconds.
    pub(crate) fn embedded_if_due(&self) -> Option<String> {
        self.embedded.take_if_due(self.clock.now())
    }
}

#[cfg(test)]
mod tests;
