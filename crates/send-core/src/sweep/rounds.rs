//! A local server sweeps by itself.

use std::time::Duration;

use storage::json::full_jitter;
use tokio::time::sleep;

use super::Sweep;

impl Sweep {
    /// Sweeps for ever, with at least this pause before each sweep; before the first one a random part of it, so that servers
    /// that start together do not sweep together. What was done is logged.
    ///
    /// S3 charges for each record that a sweep reads: after many, the pause is longer, so that one a second is the most on
    /// average, a dollar a month.
    pub async fn for_ever(self, pause: Duration) {
        sleep(full_jitter(pause)).await;
        loop {
            let looked_at = self.log_one().await;
            sleep(pause.max(Duration::from_secs(looked_at))).await;
        }
    }

    /// How many records it read.
    async fn log_one(&self) -> u64 {
        let swept = match self.run(Duration::MAX).await {
            Ok(run) => run.swept,
            Err(error) => {
                tracing::warn!(error = error.cause(), "the sweep ended early");
                return 0;
            }
        };
        if !swept.is_nothing() {
            tracing::info!(
                looked_at = swept.looked_at,
                abandoned = swept.abandoned,
                payloads = swept.payloads,
                objects = swept.objects,
                tombstones = swept.tombstones,
                unfinished = swept.unfinished,
                failures = swept.failures,
                "swept"
            );
        }
        swept.looked_at
    }
}
