//! One resource, from what is there to what is wanted: observed, applied and observed again, until nothing differs. So everything that passes is
//! met in one place: a role too new to be assumed, an update in progress, a stale revision, too many calls, what is seen only later.

use anyhow::{Result, bail, ensure};

use crate::{
    drift::Drift,
    report::{Change, Event, Report, Verb},
    resource::{Level, Lifecycle},
    wait::{Patience, passes},
};

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
    let mut left = first.clone();
    if !left.is_empty() {
        report.tell(&id, Event::Begun(verb));
    }
    while !left.is_empty() {
        let before = left;
        if let Err(error) = resource.apply(level).await {
            ensure_passes(error, resource, report)?;
        }
        observe(resource, report).await?;
        left = resource.drift(level)?;
        let stuck = left == before;
        if stuck && !patience.pause().await {
            bail!("{} differs still: {}", id, lines(&left).join("; "));
        }
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
        if resource.exists() {
            gone = 0;
            if let Err(error) = resource.delete().await {
                ensure_passes(error, resource, report)?;
            }
        } else {
            gone += 1;
        }
        observe(resource, report).await?;
        ensure!(
            !resource.exists() || patience.pause().await,
            "{id} is still there"
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

fn ensure_passes(
    error: anyhow::Error,
    resource: &dyn Lifecycle,
    report: &dyn Report,
) -> Result<()> {
    if !passes(&error) {
        return Err(error);
    }
    report.tell(&resource.id(), Event::Waiting(format!("{error:#}")));
    Ok(())
}

fn lines(drift: &[Drift]) -> Vec<String> {
    drift.iter().map(Drift::to_string).collect()
}
