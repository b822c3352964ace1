//! Runs of the sweep: each goes on where the one before it stopped, and is noted for those who run the service.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use storage::{
    Path,
    json::{self, Change},
};
use tokio::time::Instant;
use utoipa::ToSchema;

use super::{Cursor, Stored, Sweep, Swept};
use crate::{clock::Millis, error::ApiError, id::Nonce, key, store};

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
    /// Sweeps where the run before stopped, until all is swept or this time is over, and notes what was done.
    ///
    /// # Errors
    /// 503 when the storage cannot be listed, or the run not be noted; what else fails is counted.
    pub async fn run(&self, time: Duration) -> Result<Run, ApiError> {
        let (at, began) = (self.clock.now(), Instant::now());
        let begin = self.runs().await?.after;
        let mut next = begin
            .as_deref()
            .and_then(|path| Path::parse(path).ok())
            .map(Cursor);
        let mut swept = Swept::default();
        let finished = loop {
            let (more, then) = self.page(next.take()).await?;
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
        self.note(run, begin.is_none(), after).await?;
        Ok(run)
    }

    /// The last runs.
    ///
    /// # Errors
    /// The storage's.
    pub async fn runs(&self) -> Result<Runs, ApiError> {
        let found = json::read(&*self.blobs, &key::sweeps()).await?;
        Ok(found.map(|(runs, _)| runs).unwrap_or_default())
    }

    /// Notes a run, which began at the beginning or somewhere later, and where the next begins.
    async fn note(&self, run: Run, anew: bool, after: Option<String>) -> Result<(), ApiError> {
        let path = key::sweeps();
        let now = self.clock.now();
        let note = |runs: &mut Runs| -> Result<_, ApiError> {
            if anew {
                runs.found = Stored::default();
            }
            runs.found += run.swept.stored;
            if run.finished {
                runs.inventory = Some(Inventory {
                    at: now,
                    stored: runs.found,
                });
            }
            runs.after.clone_from(&after);
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
