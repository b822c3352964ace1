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

/// How long figures of usage are added up at most; the rest is for the next time.
const ADDING_UP: Duration = Duration::from_secs(5);

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

    /// Does them all, sweeping for at most this time.
    ///
    /// # Errors
    /// Those of the sweep.
    pub(crate) async fn run(&self, time: Duration) -> Result<Run, ApiError> {
        self.tidy().await;
        self.sweep.run(time).await
    }

    /// What the last sweeps did, whoever began them.
    ///
    /// # Errors
    /// The storage's.
    pub(crate) async fn sweeps(&self) -> Result<Runs, ApiError> {
        self.sweep.runs().await
    }

    /// What fails of this waits for the next time, and holds up nothing.
    async fn tidy(&self) {
        if let Err(error) = usage::roll_up(&*self.blobs, &self.clock, ADDING_UP).await {
            tracing::warn!(%error, "the figures of usage were not added up");
        }
        if let Err(error) = sessions::sweep(&*self.blobs, &self.clock).await {
            tracing::warn!(%error, "sessions that are over were not removed");
        }
    }
}

impl chores::Chores for Chores {
    async fn once(&self, time: Duration) -> Duration {
        self.tidy().await;
        self.sweep.once(time).await
    }
}
