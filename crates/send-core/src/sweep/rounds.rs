//! A sweep as a chore.

use std::time::Duration;

use super::Sweep;
use crate::chores::Chores;

impl Chores for Sweep {
    /// Sweeps, and logs what was done. S3 charges for each record that a sweep reads: after many, the rest is longer, so that one
    /// a second is the most on average, a dollar a month.
    async fn once(&self, time: Duration) -> Duration {
        let swept = match self.run(time).await {
            Ok(run) => run.swept,
            Err(error) => {
                tracing::warn!(error = error.cause(), "the sweep ended early");
                return Duration::ZERO;
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
        Duration::from_secs(swept.looked_at)
    }
}
