//! Resources in an order in which each comes after all that it needs: up in two passes, down in reverse, independent ones side by side.

mod plan;
mod work;

use std::collections::HashMap;

use anyhow::{Error, Result, bail, ensure};
use futures::{
    FutureExt, StreamExt,
    future::{BoxFuture, Shared, join_all},
    stream,
};

use crate::{
    cloud::{CallError, Kind},
    report::{Event, Report, Verb},
    resource::{Foreign, Level, Lifecycle, ResourceId},
};

pub use plan::{Plan, Planned};

/// How many resources are read at once.
const READERS: usize = 8;

/// All resources of a deployment, in order.
pub struct Stack(Vec<Box<dyn Lifecycle>>);

/// Which way a stack is walked.
#[derive(Clone, Copy)]
enum Way {
    /// Each after all that it needs.
    Up,
    /// Each after all that need it.
    Down,
}

impl Stack {
    /// Orders them.
    ///
    /// # Errors
    /// When two need each other, or one needs what is not there.
    pub fn new(mut rest: Vec<Box<dyn Lifecycle>>) -> Result<Self> {
        let mut ordered: Vec<Box<dyn Lifecycle>> = Vec::new();
        while !rest.is_empty() {
            let done: Vec<_> = ordered.iter().map(|resource| resource.id()).collect();
            let Some(next) = rest
                .iter()
                .position(|resource| resource.needs().iter().all(|need| done.contains(need)))
            else {
                let left: Vec<_> = rest
                    .iter()
                    .map(|resource| resource.id().to_string())
                    .collect();
                bail!(
                    "These need what never comes before them: {}",
                    left.join(", ")
                );
            };
            ordered.push(rest.remove(next));
        }
        Ok(Self(ordered))
    }

    /// In which order they are made.
    #[must_use]
    pub fn order(&self) -> Vec<ResourceId> {
        self.0.iter().map(|resource| resource.id()).collect()
    }

    /// Reads everything. Tells all that is not ours, not just the first.
    ///
    /// # Errors
    /// When something cannot be read, or is not ours.
    pub async fn observe(&self, report: &dyn Report) -> Result<()> {
        let reads = self.0.iter().map(async |resource| {
            let read = work::read(&**resource, report).await;
            read.err().map(|error| (resource, error))
        });
        let failures: Vec<_> = stream::iter(reads)
            .buffered(READERS)
            .filter_map(async |failed| failed)
            .collect()
            .await;
        let failed: Vec<_> = failures.iter().map(|(resource, _)| resource.id()).collect();
        // What is in somebody else's bucket is refused too, which says nothing more.
        let follows = |resource: &dyn Lifecycle, error: &Error| {
            denied(error) && resource.needs().iter().any(|need| failed.contains(need))
        };
        let failures = failures
            .into_iter()
            .filter(|(resource, error)| !follows(&***resource, error));
        refused(failures.map(|(_, error)| error).collect())
    }

    /// What stands between what was observed and the stack as it is wanted.
    ///
    /// # Errors
    /// When a spec cannot be written as JSON.
    pub fn plan(&self) -> Result<Plan> {
        Plan::of(&self.0)
    }

    /// Makes, mends and hardens what differs from what is wanted, after [`Self::observe`]. First everything works, then everything is closed:
    /// hardening one resource needs others.
    ///
    /// # Errors
    /// When something cannot be made; what does not need it is finished all the same.
    pub async fn up(&self, report: &dyn Report) -> Result<()> {
        for (level, verb) in [
            (Level::Created, Verb::Create),
            (Level::LockedDown, Verb::LockDown),
        ] {
            self.bring(level, verb, report).await?;
        }
        Ok(())
    }

    /// Brings everything to a level.
    ///
    /// # Errors
    /// As [`Self::up`].
    pub async fn bring(&self, level: Level, verb: Verb, report: &dyn Report) -> Result<()> {
        self.walk(Way::Up, verb, report, |resource| {
            work::bring(resource, level, verb, report).boxed()
        })
        .await
    }

    /// Removes everything, users before what they use, and checks that it is gone.
    ///
    /// # Errors
    /// When something cannot be removed; what does not need that is removed all the same.
    pub async fn down(&self, report: &dyn Report) -> Result<()> {
        self.walk(Way::Down, Verb::Delete, report, |resource| {
            work::remove(resource, report).boxed()
        })
        .await
    }

    /// What is there, by a fresh look at everything.
    ///
    /// # Errors
    /// As [`Self::observe`].
    pub async fn left(&self, report: &dyn Report) -> Result<Vec<ResourceId>> {
        self.observe(report).await?;
        Ok(self.there())
    }

    /// What was there when it was last observed.
    #[must_use]
    pub fn there(&self) -> Vec<ResourceId> {
        let there = self.0.iter().filter(|resource| resource.exists());
        there.map(|resource| resource.id()).collect()
    }

    /// Does `work` to each as soon as all before it are done; what comes after a failure is left out, and said.
    async fn walk<'a>(
        &'a self,
        way: Way,
        verb: Verb,
        report: &'a dyn Report,
        work: impl Fn(&'a dyn Lifecycle) -> BoxFuture<'a, Result<()>>,
    ) -> Result<()> {
        let mut running: HashMap<ResourceId, Shared<BoxFuture<'a, Outcome>>> = HashMap::new();
        let order: Vec<_> = match way {
            Way::Up => self.0.iter().collect(),
            Way::Down => self.0.iter().rev().collect(),
        };
        for resource in &order {
            let before = self
                .before(&***resource, way)
                .into_iter()
                .map(|id| running[&id].clone());
            let (before, work) = (join_all(before), work(&***resource));
            let id = resource.id();
            let outcome = async move {
                match before
                    .await
                    .into_iter()
                    .find(|outcome| *outcome != Outcome::Done)
                {
                    Some(_) => Outcome::LeftOut,
                    None => finished(&id, verb, work.await, report),
                }
            };
            running.insert(resource.id(), outcome.boxed().shared());
        }
        let ids: Vec<_> = order.iter().map(|resource| resource.id()).collect();
        let outcomes = join_all(ids.iter().map(|id| running[id].clone())).await;
        judged(&ids, outcomes)
    }

    /// What is walked over before a resource.
    fn before(&self, resource: &dyn Lifecycle, way: Way) -> Vec<ResourceId> {
        match way {
            Way::Up => resource.needs(),
            Way::Down => {
                let id = resource.id();
                let users = self.0.iter().filter(|other| other.needs().contains(&id));
                users.map(|other| other.id()).collect()
            }
        }
    }
}

/// How work on a resource ended.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    Done,
    Failed(String),
    LeftOut,
}

fn finished(id: &ResourceId, verb: Verb, result: Result<()>, report: &dyn Report) -> Outcome {
    match result {
        Ok(()) => Outcome::Done,
        Err(error) => {
            let reason = format!("{error:#}");
            report.tell(id, Event::Failed(verb, reason.clone()));
            Outcome::Failed(format!("{id}: {reason}"))
        }
    }
}

/// One error for all that failed.
fn judged(ids: &[ResourceId], outcomes: Vec<Outcome>) -> Result<()> {
    let left_out: Vec<_> = ids
        .iter()
        .zip(&outcomes)
        .filter(|(_, outcome)| **outcome == Outcome::LeftOut)
        .map(|(id, _)| id.to_string())
        .collect();
    let mut failures: Vec<_> = outcomes
        .into_iter()
        .filter_map(|outcome| match outcome {
            Outcome::Failed(reason) => Some(reason),
            Outcome::Done | Outcome::LeftOut => None,
        })
        .collect();
    if failures.is_empty() {
        return Ok(());
    }
    if !left_out.is_empty() {
        failures.push(format!(
            "not tried, for want of that: {}",
            left_out.join(", ")
        ));
    }
    bail!("{}", failures.join("\n"))
}

/// Whether AWS did not allow a call.
fn denied(error: &Error) -> bool {
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref());
    causes.any(|cause: &CallError| cause.kind == Kind::Denied)
}

/// One error for all that could not be read; what is not ours is listed together.
fn refused(failures: Vec<Error>) -> Result<()> {
    let (mut foreign, mut told) = (Vec::new(), Vec::new());
    for error in failures {
        match error.downcast() {
            Ok(Foreign(ids)) => foreign.extend(ids),
            Err(other) => told.push(format!("{other:#}")),
        }
    }
    if !foreign.is_empty() {
        told.push(Foreign(foreign).to_string());
    }
    ensure!(told.is_empty(), "{}", told.join("\n"));
    Ok(())
}
