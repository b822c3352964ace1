//! What the admin service does unasked: it sweeps, makes days of usage, and forgets sessions that are over.

use std::{sync::Arc, time::Duration};

use send_core::{
    chores,
    clock::Clock,
    config::Limits,
    error::ApiError,
    sessions,
    sweep::{Run, Runs, Sweep},
    usage,
};
use storage::Blobs;
use tokio::time::{Instant, timeout};

/// The chores of a storage.
#[derive(Clone)]
pub(crate) struct Chores {
    sweep: Sweep,
    blobs: Arc<dyn Blobs>,
    clock: Clock,
}

impl Chores {
    /// Those of this storage, by this clock, within these limits.
    pub(crate) fn new(blobs: Arc<dyn Blobs>, clock: Clock, limits: Limits) -> Self {
        Self {
            sweep: Sweep::new(blobs.clone(), clock.clone(), limits),
            blobs,
            clock,
        }
    }

    /// Does them all, for at most about this time.
    ///
    /// # Errors
    /// Those of the sweep.
    pub(crate) async fn run(&self, time: Duration) -> Result<Run, ApiError> {
        let began = Instant::now();
        self.tidy(time).await;
        self.sweep.run(time.saturating_sub(began.elapsed())).await
    }

    /// What the last sweeps did, whoever began them.
    ///
    /// # Errors
    /// The storage's.
    pub(crate) async fn sweeps(&self) -> Result<Runs, ApiError> {
        self.sweep.runs().await
    }

    /// All but the sweep, for at most half of this time. What fails of it, or is cut off, waits for the next time.
    async fn tidy(&self, time: Duration) {
        if timeout(time / 2, self.tidy_all(time / 4)).await.is_err() {
            tracing::info!("figures of usage and old sessions are gone on with the next time");
        }
    }

    async fn tidy_all(&self, adding_up: Duration) {
        if let Err(error) = usage::roll_up(&*self.blobs, &self.clock, adding_up).await {
            tracing::warn!(%error, "the figures of usage were not added up");
        }
        if let Err(error) = sessions::sweep(&*self.blobs, &self.clock).await {
            tracing::warn!(%error, "sessions that are over were not removed");
        }
    }
}

impl chores::Chores for Chores {
    async fn once(&self, time: Duration) -> Duration {
        let began = Instant::now();
        self.tidy(time).await;
        self.sweep.once(time.saturating_sub(began.elapsed())).await
    }
}
