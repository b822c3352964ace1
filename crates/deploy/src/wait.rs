//! Waiting: pauses that grow and scatter, up to a deadline. On the clock of tokio, which tests wind forward.

use std::{fmt, time::Duration};

use anyhow::Error;
use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use tokio::time::{Instant, sleep};

use crate::cloud::CallError;

/// The first pause: an emulator is ready by then, and AWS often too.
const FIRST: Duration = Duration::from_millis(100);
/// The longest: CloudFront takes minutes.
const LONGEST: Duration = Duration::from_secs(10);

/// How long somebody waits for something.
pub struct Patience {
    until: Instant,
    pauses: ExponentialBackoff,
}

impl Patience {
    /// From now on, for so long.
    #[must_use]
    pub fn lasting(time: Duration) -> Self {
        let pauses = ExponentialBuilder::default()
            .with_min_delay(FIRST)
            .with_max_delay(LONGEST)
            .with_factor(1.6)
            .without_max_times()
            .with_jitter();
        Self {
            until: Instant::now() + time,
            pauses: pauses.build(),
        }
    }

    /// Whether the time is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        Instant::now() >= self.until
    }

    /// Waits for a while, longer each time; `false` at once where the time is over.
    pub async fn pause(&mut self) -> bool {
        let Some(pause) = self.pauses.next() else {
            return false;
        };
        let in_time = !self.is_over();
        if in_time {
            sleep(pause).await;
        }
        in_time
    }
}

/// What will be there later, though nothing failed.
#[derive(Debug)]
pub struct NotYet(pub String);

impl fmt::Display for NotYet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotYet {}

/// Whether the same may succeed later.
#[must_use]
pub fn passes(error: &Error) -> bool {
    error
        .chain()
        .any(|cause| cause.is::<NotYet>() || cause.downcast_ref().is_some_and(CallError::passes))
}
