//! Runs of the sweep: each goes on where the one before it stopped, and is noted for those who run the service.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use storage::{
    Path,
    json::{self, Change},
};
use tokio::time::{Instant, timeout};
use utoipa::ToSchema;

use super::{Cursor, PAGE, Stored, Sweep, Swept};
use crate::{clock::Millis, error::ApiError, id::Nonce, key, store};

/// How much longer than its time a run may take: for what it has begun.
pub const GRACE: Duration = Duration::from_secs(5);
/// Entries of a page where somebody waits.
const LITTLE: usize = 100;
/// Runs that are remembered.
const REMEMBERED: usize = 20;

/// What one run of the sweep did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Run {
    /// When it began.
    pub at: Millis,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// It came to the end of all there is; else the next goes on.
    pub finished: bool,
    /// What it did.
    #[serde(flatten)]
    pub swept: Swept,
}

/// What was found to be stored, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inventory {
    /// When the sweep that found it ended.
    pub at: Millis,
    /// What it found.
    pub stored: Stored,
}

/// The last runs of all sweeps of a storage.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Runs {
    /// The newest first.
    pub runs: Vec<Run>,
    /// What the last sweep that came to an end found.
    pub inventory: Option<Inventory>,
    /// After which path the next run goes on.
    after: Option<String>,
    /// What the sweep has found that is not at its end.
    found: Stored,
    /// Who wrote last.
    writer: Option<Nonce>,
}

impl Sweep {
    /// Sweeps where the run before stopped, until all is swept or this time is over, give or take [`GRACE`], and notes what was done.
    ///
    /// # Errors
    /// 503 when the storage cannot be listed, or the run not be noted; what else fails is counted.
    pub async fn run(&self, time: Duration) -> Result<Run, ApiError> {
        let (at, began) = (self.clock.now(), Instant::now());
        let begin = match self.noted().await? {
            Some(runs) => runs.after,
            None => {
                self.blobs.delete(&key::sweeps()).await?;
                None
            }
        };
        let start = begin.as_deref().and_then(|path| Path::parse(path).ok());
        let mut next = start.clone().map(Cursor);
        // Whoever waits is answered in time: what is begun is small.
        let entries = if time == Duration::MAX { PAGE } else { LITTLE };
        let mut swept = Swept::default();
        let finished = loop {
            let left = time.saturating_sub(began.elapsed()).max(GRACE);
            let Ok(page) = timeout(left, self.page_of(next.clone(), entries)).await else {
                break false;
            };
            let (more, then) = page?;
            swept += more;
            next = then;
            if next.is_none() || began.elapsed() >= time {
                break next.is_none();
            }
        };
        let run = Run {
            at,
            took_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
            finished,
            swept,
        };
        let after = next.map(|Cursor(path)| path.to_string());
        self.note(run, start.is_none(), &begin, &after).await?;
        Ok(run)
    }

    /// The last runs; none where what was noted is damaged.
    ///
    /// # Errors
    /// The storage's.
    pub async fn runs(&self) -> Result<Runs, ApiError> {
        Ok(self.noted().await?.unwrap_or_default())
    }

    /// What was noted, unless it is damaged: nothing that is only noted may stop the sweep.
    async fn noted(&self) -> Result<Option<Runs>, ApiError> {
        match store::read(&*self.blobs, &key::sweeps()).await {
            Ok(found) => Ok(Some(found.unwrap_or_default())),
            Err(storage::Error::Damaged { reason, .. }) => {
                tracing::warn!(reason, "what the last sweeps did is damaged");
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Notes a run. Where it began still being where the next is to begin, that moves on, and what was found adds up; else another run
    /// was faster, and what this one found counts in that one.
    async fn note(
        &self,
        run: Run,
        anew: bool,
        begin: &Option<String>,
        after: &Option<String>,
    ) -> Result<(), ApiError> {
        let (path, now) = (key::sweeps(), self.clock.now());
        let note = |runs: &mut Runs| -> Result<_, ApiError> {
            if runs.after == *begin {
                runs.go_on(&run, anew, after.clone(), now);
            }
            runs.runs.insert(0, run);
            runs.runs.truncate(REMEMBERED);
            runs.writer = Some(Nonce::random());
            Ok(Change::Write(()))
        };
        if store::update(&*self.blobs, &path, note).await?.is_none() {
            json::create(&*self.blobs, &path, &Runs::default()).await?;
            store::update(&*self.blobs, &path, note).await?;
        }
        Ok(())
    }
}

impl Runs {
    /// The sweep goes on after this run, or anew when it was the last.
    fn go_on(&mut self, run: &Run, anew: bool, after: Option<String>, now: Millis) {
        if anew {
            self.found = Stored::default();
        }
        self.found += run.swept.stored;
        if run.finished {
            self.inventory = Some(Inventory {
                at: now,
                stored: self.found,
            });
        }
        self.after = after;
    }
}
