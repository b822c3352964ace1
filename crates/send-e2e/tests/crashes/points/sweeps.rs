//! Sweeps that end in their midst, and those that go on with them.

use std::time::Duration;

use anyhow::Result;
use send_e2e::{Claim, Sealed, crash::Point};

use super::sends::{TWO_PARTS, sent};
use crate::ground::{Ground, PAST, TOMORROW};

/// Too early for another to take over the removal of a tombstone.
const SOON: Duration = Duration::from_mins(9);
/// Late enough.
const LATER: Duration = Duration::from_mins(11);

/// What was never complete is ended first: a sweep that dies then leaves bytes to the next.
pub(crate) async fn abandoned(ground: &Ground, point: Point) -> Result<()> {
    let scene = ground.scene(point.to_string())?;
    let sealed = Sealed::new(TWO_PARTS)?;
    let (_server, client) = scene.serve()?;
    client.begin(&sealed, 3, 1).await?;
    client.demand(sealed.put_manifest(), 200).await?;
    scene.crash_sweep(point, TOMORROW)?;
    let over = "meta.json pending +manifest +ended";
    scene.holds(&["manifests/*", over, "parts/00000"]).await?;
    scene.sweep(TOMORROW)?;
    scene.holds(&[over]).await?;
    scene.sweep(PAST)?;
    scene.holds(&[]).await
}

/// Nobody takes the id while its tombstone is being removed, and another sweep ends what one has begun.
pub(crate) async fn tombstone(ground: &Ground, point: Point) -> Result<()> {
    let scene = ground.scene(point.to_string())?;
    let sealed = sent(&scene, 3).await?;
    let (_server, client) = scene.serve()?;
    client.download(&sealed, &Claim::random()?).await?;
    client.demand(sealed.delete(), 204).await?;
    scene.crash_sweep(point, PAST)?;
    let marked = "meta.json deleted +manifest +removing";
    let left: &[&str] = match point {
        Point::SweepMarked => &["claims/*", marked, "slots/000"],
        Point::SweepHalfRemoved => &[marked, "slots/000"],
        _ => &[marked],
    };
    scene.holds(left).await?;
    client.demand(sealed.create(3), 409).await?;
    scene.sweep(PAST + SOON)?;
    scene.holds(left).await?;
    scene.sweep(PAST + LATER)?;
    scene.holds(&[]).await?;
    client.upload(&sealed, 3).await?;
    client.download(&sealed, &Claim::random()?).await
}

/// The id may be taken again at once, and a later sweep finds what the index still tells.
pub(crate) async fn forgotten(ground: &Ground, point: Point) -> Result<()> {
    for taken_again in [true, false] {
        let scene = ground.scene(format!("{point}-{taken_again}"))?;
        let sealed = sent(&scene, 3).await?;
        let (_server, client) = scene.serve()?;
        client.demand(sealed.delete(), 204).await?;
        scene.crash_sweep(point, PAST)?;
        scene.holds(&["index/*"]).await?;
        if taken_again {
            client.upload(&sealed, 3).await?;
            client.download(&sealed, &Claim::random()?).await?;
        }
        scene.sweep(PAST)?;
        scene.holds(&[]).await?;
    }
    Ok(())
}
