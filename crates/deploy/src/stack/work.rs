//! One resource, from what is there to what is wanted: observed, applied and observed again, until nothing differs. So everything that passes is
//! met in one place: a role too new to be assumed, an update in progress, a stale revision, too many calls, what is seen only later.

use std::time::Duration;

use anyhow::{Error, Result, ensure};

use crate::{
    cloud::{CallError, Kind},
    drift::Drift,
    report::{Change, Event, Report, Verb},
    resource::{Level, Lifecycle, ResourceId},
    wait::{Patience, passes},
};

/// What was just made is not seen by all of AWS at once: for so long a call may not find it.
const UNSEEN: Duration = Duration::from_secs(60);

/// Reads it, and tells so.
pub(super) async fn read(resource: &dyn Lifecycle, report: &dyn Report) -> Result<()> {
    let id = resource.id();
    report.tell(&id, Event::Begun(Verb::Observe));
    let read = observe(resource, report).await;
    let event = match &read {
        Ok(()) => Event::Done(Verb::Observe, Change::Nothing),
        Err(error) => Event::Failed(Verb::Observe, format!("{error:#}")),
    };
    report.tell(&id, event);
    read
}

/// Reads it; what passes is waited for.
pub(super) async fn observe(resource: &dyn Lifecycle, report: &dyn Report) -> Result<()> {
    let mut patience = Patience::lasting(resource.patience());
    loop {
        match resource.observe().await {
            Err(error) if passes(&error) && patience.pause().await => {
                report.tell(&resource.id(), Event::Waiting(format!("{error:#}")));
            }
            other => return other,
        }
    }
}

/// Brings it to a level, and checks that it is there.
pub(super) async fn bring(
    resource: &dyn Lifecycle,
    level: Level,
    verb: Verb,
    report: &dyn Report,
) -> Result<()> {
    let id = resource.id();
    let (there, first) = (resource.exists(), resource.drift(level)?);
    let mut patience = Patience::lasting(resource.patience());
    let mut unseen = Patience::lasting(UNSEEN);
    let mut left = first.clone();
    if !left.is_empty() {
        report.tell(&id, Event::Begun(verb));
    }
    while !left.is_empty() {
        let before = left;
        let hindrance = match resource.apply(level).await {
            Ok(()) => None,
            Err(error) if vanished(&error) && unseen.pause().await => Some(error),
            Err(error) if passes(&error) => Some(error),
            Err(error) => return Err(error),
        };
        tell(hindrance.as_ref(), &id, report);
        observe(resource, report).await?;
        left = resource.drift(level)?;
        let stuck = left == before;
        let in_time = if stuck {
            patience.pause().await
        } else {
            !patience.is_over()
        };
        ensure!(in_time || left.is_empty(), late(resource, &left, hindrance));
    }
    let change = match first[..] {
        [] => Change::Nothing,
        _ if !there => Change::Made,
        _ => Change::Fields(lines(&first)),
    };
    report.tell(&id, Event::Done(verb, change));
    Ok(())
}

/// Removes it, and checks twice that it is gone: what was deleted can be seen for a while.
pub(super) async fn remove(resource: &dyn Lifecycle, report: &dyn Report) -> Result<()> {
    let id = resource.id();
    report.tell(&id, Event::Begun(Verb::Delete));
    observe(resource, report).await?;
    let there = resource.exists();
    if there && let Some(reason) = resource.kept().await? {
        report.tell(&id, Event::Kept(reason));
        return Ok(());
    }
    let (mut patience, mut gone) = (Patience::lasting(resource.patience()), 0);
    while gone < 2 {
        let mut hindrance = None;
        if resource.exists() {
            gone = 0;
            hindrance = match resource.delete().await {
                Ok(()) => None,
                // Somebody else was faster, or this was: the answer was lost and the client asked again.
                Err(error) if vanished(&error) || passes(&error) => Some(error),
                Err(error) => return Err(error),
            };
        } else {
            gone += 1;
        }
        tell(hindrance.as_ref(), &id, report);
        observe(resource, report).await?;
        ensure!(
            !resource.exists() || patience.pause().await,
            "it is still there{}",
            because(hindrance)
        );
    }
    let change = if there {
        Change::Removed
    } else {
        Change::Nothing
    };
    report.tell(&id, Event::Done(Verb::Delete, change));
    Ok(())
}

/// Whether a call failed because what it was about is not there any more.
fn vanished(error: &Error) -> bool {
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref());
    causes.any(|cause: &CallError| cause.kind == Kind::NotFound)
}

/// It takes longer, and why.
fn tell(hindrance: Option<&Error>, id: &ResourceId, report: &dyn Report) {
    if let Some(error) = hindrance {
        report.tell(id, Event::Waiting(format!("{error:#}")));
    }
}

/// What is said of a resource that did not arrive in time.
fn late(resource: &dyn Lifecycle, left: &[Drift], hindrance: Option<Error>) -> String {
    let because = because(hindrance);
    if resource.exists() {
        format!("it differs still: {}{because}", lines(left).join("; "))
    } else {
        format!("it is still not there{because}")
    }
}

/// What the last try came to.
fn because(hindrance: Option<Error>) -> String {
    hindrance.map_or_else(String::new, |error| format!(" ({error:#})"))
}

fn lines(drift: &[Drift]) -> Vec<String> {
    drift.iter().map(Drift::to_string).collect()
}
