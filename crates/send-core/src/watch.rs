//! What is wrong with the storage: said in the log once a minute and under `/info/status`, however many requests meet it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use storage::Blobs;
use tokio::{
    sync::Mutex as Turn,
    time::{Instant, timeout},
};

use crate::{error::Causes, key};

/// How often one cause is logged at most, and how long a failure is told after it was met.
const MINUTE: Duration = Duration::from_secs(60);
/// How long the storage may take to answer when it is looked at.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the outcome of a look is told again: many may ask, the storage is asked once.
const FRESH: Duration = Duration::from_secs(10);
/// Causes that are remembered; more at once are of no use to anybody.
const MOST: usize = 32;

/// Knows how the storage fares.
pub struct Watch {
    blobs: Arc<dyn Blobs>,
    failures: Mutex<Failures>,
    /// When it was looked at last, and what was wrong. One looks at a time, the others wait for what it finds.
    looked: Turn<Option<(Instant, Option<String>)>>,
}

#[derive(Default)]
struct Failures {
    /// When each cause was logged.
    logged: HashMap<String, Instant>,
    last: Option<(Instant, String)>,
}

impl Watch {
    /// Of this storage.
    #[must_use]
    pub fn new(blobs: Arc<dyn Blobs>) -> Self {
        Self {
            blobs,
            failures: Mutex::default(),
            looked: Turn::default(),
        }
    }

    /// A request failed for this cause.
    pub(crate) fn failed(&self, cause: &str) {
        let now = Instant::now();
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.last = Some((now, cause.to_owned()));
        failures.logged.retain(|_, at| now - *at < MINUTE);
        if failures.logged.len() < MOST && !failures.logged.contains_key(cause) {
            failures.logged.insert(cause.to_owned(), now);
            tracing::warn!(
                cause,
                "storage unavailable; the same cause is logged once a minute"
            );
        }
    }

    /// What is wrong now, if anything: looks at the storage, and remembers what requests met in the last minute.
    pub async fn trouble(&self) -> Option<String> {
        let found = self.look().await;
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let met = failures
            .last
            .as_ref()
            .filter(|(at, _)| at.elapsed() < MINUTE);
        found.or_else(|| met.map(|(_, cause)| cause.clone()))
    }

    /// Looks at the storage, unless that was done just now.
    async fn look(&self) -> Option<String> {
        let mut looked = self.looked.lock().await;
        if let Some((_, found)) = looked.as_ref().filter(|(at, _)| at.elapsed() < FRESH) {
            return found.clone();
        }
        let found = match timeout(PATIENCE, self.blobs.list(Some(&key::transfers()), None, 1)).await
        {
            Ok(Ok(_)) => None,
            Ok(Err(error)) => Some(Causes(&error).to_string()),
            Err(_) => Some(format!(
                "the storage took longer than {} s to answer",
                PATIENCE.as_secs()
            )),
        };
        if let Some(cause) = &found {
            self.failed(cause);
        }
        *looked = Some((Instant::now(), found.clone()));
        found
    }
}

#[cfg(test)]
mod tests {
    use storage::memory::Memory;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_told_for_a_minute() {
        let watch = Watch::new(Arc::new(Memory::default()));
        assert_eq!(watch.trouble().await, None);
        watch.failed("the bucket does not exist");
        assert_eq!(
            watch.trouble().await.as_deref(),
            Some("the bucket does not exist")
        );
        tokio::time::advance(MINUTE).await;
        assert_eq!(watch.trouble().await, None);
    }
}
