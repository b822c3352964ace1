//! Where all regions of a run report, and from where everybody who shows it is told.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    io::{self, IsTerminal, Write},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Result;
use tokio::time::Instant;

use super::{
    Change, Event, Report, Summary,
    json::Json,
    junit::Junit,
    lines::{Live, Plain},
};
use crate::{cli::Cli, resource::ResourceId};

/// Something that happened to a resource, as it is shown.
pub(super) struct Step<'a> {
    /// Where.
    pub(super) region: &'a str,
    /// To what.
    pub(super) resource: &'a ResourceId,
    /// What.
    pub(super) event: &'a Event,
    /// How long after work on it began.
    pub(super) took: Duration,
}

/// One way to show a run. Told by several at once.
pub(super) trait Show: Send + Sync {
    /// Something happened to a resource.
    fn step(&self, step: &Step<'_>);
    /// A remark.
    fn say(&self, region: &str, line: &str);
    /// It is over, in all regions.
    fn end(&self, all: &[Summary]) -> Result<()>;
}

/// Where all regions of a run report.
#[derive(Clone)]
pub struct Desk(Arc<[Box<dyn Show>]>);

/// The report of one region.
pub struct Region {
    name: String,
    desk: Desk,
    since: Instant,
    begun: Mutex<HashMap<ResourceId, Instant>>,
    changed: Mutex<BTreeSet<String>>,
}

impl Desk {
    /// As the command line says: JSON on standard output, or live lines where standard error is a terminal, or else plain ones; and JUnit
    /// beside. `several` regions are named in each line. What was asked for goes to standard output, whatever else is said does not.
    #[must_use]
    pub fn open(cli: &Cli, several: bool) -> Self {
        let end = || -> Box<dyn Write + Send> {
            if cli.action().prints() {
                Box::new(io::stderr())
            } else {
                Box::new(io::stdout())
            }
        };
        let looks = cli.action().looks();
        let mut shows: Vec<Box<dyn Show>> = Vec::new();
        if cli.options.json {
            shows.push(Box::new(Json::to(end())));
        } else if io::stderr().is_terminal() && (!looks || io::stdout().is_terminal()) {
            shows.push(Box::new(Live::on_screen(end(), several)));
        } else if looks {
            shows.push(Box::new(Plain::to(io::stdout(), end(), several)));
        } else {
            shows.push(Box::new(Plain::to(io::stderr(), end(), several)));
        }
        if let Some(file) = &cli.options.junit {
            shows.push(Box::new(Junit::to(file, cli.stage)));
        }
        Self(shows.into())
    }

    #[cfg(test)]
    pub(super) fn of(shows: Vec<Box<dyn Show>>) -> Self {
        Self(shows.into())
    }

    /// The report of one region, whose time begins now.
    #[must_use]
    pub fn region(&self, name: &str) -> Region {
        Region {
            name: name.to_owned(),
            desk: self.clone(),
            since: Instant::now(),
            begun: Mutex::default(),
            changed: Mutex::default(),
        }
    }

    /// Tells that all is over.
    ///
    /// # Errors
    /// When a report cannot be written.
    pub fn close(&self, all: &[Summary]) -> Result<()> {
        self.0.iter().try_for_each(|show| show.end(all))
    }
}

impl Region {
    /// What the run came to here; `drift` and `urls` as it saw them, `calls` by operation.
    #[must_use]
    pub fn summary(
        &self,
        cli: &Cli,
        drift: usize,
        urls: BTreeMap<String, String>,
        calls: BTreeMap<String, u64>,
        error: Option<String>,
    ) -> Summary {
        let changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        Summary {
            stage: cli.stage,
            action: cli.action().name(),
            region: self.name.clone(),
            changed: changed.iter().cloned().collect(),
            drift,
            urls,
            calls,
            seconds: self.since.elapsed().as_secs_f64(),
            error,
        }
    }

    fn took(&self, resource: &ResourceId, event: &Event) -> Duration {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        let since = match event {
            Event::Begun(_) => begun.insert(resource.clone(), Instant::now()).and(None),
            Event::Waiting(_) => begun.get(resource).copied(),
            Event::Done(..) | Event::Differs(_) | Event::Kept(_) | Event::Failed(..) => {
                begun.remove(resource)
            }
        };
        since.map(|since| since.elapsed()).unwrap_or_default()
    }

    fn note(&self, resource: &ResourceId, event: &Event) {
        if let Event::Done(_, Change::Made | Change::Fields(_) | Change::Removed) = event {
            let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
            changed.insert(resource.to_string());
        }
    }
}

impl Report for Region {
    fn tell(&self, resource: &ResourceId, event: Event) {
        self.note(resource, &event);
        let step = Step {
            region: &self.name,
            resource,
            event: &event,
            took: self.took(resource, &event),
        };
        self.desk.0.iter().for_each(|show| show.step(&step));
    }

    fn say(&self, line: &str) {
        self.desk
            .0
            .iter()
            .for_each(|show| show.say(&self.name, line));
    }
}
