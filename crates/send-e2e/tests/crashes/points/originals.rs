//! The original's routes.

use std::time::Duration;

use anyhow::{Result, ensure};
use send_e2e::{Request, crash::Point};
use serde_json::json;

use crate::{
    ground::{Ground, PAST, Scene, TOMORROW},
    original::Original,
};

/// More than S3 takes in one request of the service.
const LARGE: usize = 16 << 20;
const SMALL: usize = 300_000;
/// A transfer that was acknowledged as complete.
const WHOLE: [&str; 2] = ["meta.json completed +payload", "payload/*"];

/// An upload that ends in its midst: the same client goes on with it, or nobody does.
pub(crate) async fn upload(ground: &Ground, point: Point) -> Result<()> {
    for goes_on in [true, false] {
        let scene = ground.scene(format!("{point}-{goes_on}"))?;
        let is_half = point == Point::UploadHalfArrived;
        let transfer = Original::new(if is_half { LARGE } else { SMALL })?;
        let request = begin(&scene, &transfer, point).await?;
        scene.crash(point, request).await?;
        scene.holds(half(point)).await?;
        let half_written = scene.0.half_written().await?;
        ensure!(half_written == usize::from(is_half), "{half_written} half");
        if goes_on {
            resume(&scene, &transfer, point).await?;
        } else {
            leave(&scene, &transfer, point).await?;
        }
    }
    Ok(())
}

/// All that comes before the request at which the service ends, acknowledged; and that request.
async fn begin(scene: &Scene, transfer: &Original, point: Point) -> Result<Request> {
    let (_server, client) = scene.serve()?;
    client.demand(transfer.create(json!({})), 200).await?;
    match point {
        Point::UploadCopied => {
            let url = client.demand(transfer.upload_url(), 200).await?;
            transfer.send_to(&url.json()?).await?;
            Ok(transfer.complete())
        }
        Point::PayloadNamed => {
            client.demand(transfer.anew()?.upload(), 200).await?;
            client.demand(transfer.upload(), 200).await?;
            Ok(transfer.complete())
        }
        _ => Ok(transfer.upload()),
    }
}

const fn half(point: Point) -> &'static [&'static str] {
    match point {
        Point::UploadHalfArrived => &["meta.json pending"],
        Point::UploadStored => &["meta.json pending", "payload/*"],
        Point::UploadNamed => &["meta.json pending +incoming", "payload/*"],
        Point::UploadCopied => &["incoming/*", "meta.json pending +signed", "payload/*"],
        _ => &["meta.json completed +payload", "payload/*", "payload/*"],
    }
}

async fn resume(scene: &Scene, transfer: &Original, point: Point) -> Result<()> {
    let (_server, client) = scene.serve()?;
    if point == Point::PayloadNamed {
        transfer.read(&client).await?;
    } else {
        client.demand(transfer.download(), 404).await?;
    }
    if !matches!(point, Point::UploadCopied | Point::PayloadNamed) {
        client.demand(transfer.upload(), 200).await?;
    }
    client.demand(transfer.complete(), 200).await?;
    transfer.read(&client).await?;
    scene.sweep(TOMORROW)?;
    scene.holds(&["count.json", WHOLE[0], WHOLE[1]]).await?;
    ensure!(scene.0.half_written().await? == 0, "something half written");
    transfer.read(&client).await
}

async fn leave(scene: &Scene, transfer: &Original, point: Point) -> Result<()> {
    // A folder is rid of what is half written when the next service opens it.
    let (_server, client) = scene.serve()?;
    scene.sweep(TOMORROW)?;
    ensure!(scene.0.half_written().await? == 0, "something half written");
    match point {
        Point::PayloadNamed => {
            scene.holds(&WHOLE).await?;
            transfer.read(&client).await?;
        }
        _ => {
            let found = scene.look().await?;
            let is_over = found.len() == 1 && found[0].starts_with("meta.json deleted");
            ensure!(is_over, "{found:?}");
            client.demand(transfer.upload(), 404).await?;
        }
    }
    scene.sweep(PAST)?;
    scene.holds(&[]).await
}

/// A download that is counted and not answered is one download, and the others are there.
pub(crate) async fn download(ground: &Ground, point: Point) -> Result<()> {
    let scene = ground.scene(point.to_string())?;
    let transfer = sent(&scene, &json!({ "max_downloads": 2 })).await?;
    scene.crash(point, transfer.download()).await?;
    scene.holds(&[WHOLE[0], WHOLE[1], "slots/000"]).await?;
    let (_server, client) = scene.serve()?;
    ensure!(transfer.count(&client).await? == 1);
    transfer.read(&client).await?;
    client.demand(transfer.download(), 410).await?;
    ensure!(transfer.count(&client).await? == 2);
    scene.sweep(TOMORROW)?;
    scene
        .holds(&[WHOLE[0], WHOLE[1], "slots/000", "slots/001"])
        .await
}

/// The payload goes with its last download, also when that was not answered: by a sweep.
pub(crate) async fn last_download(ground: &Ground, point: Point) -> Result<()> {
    let scene = ground.scene(point.to_string())?;
    let transfer = sent(&scene, &json!({ "max_downloads": 1, "auto_delete": true })).await?;
    scene.crash(point, transfer.download()).await?;
    let exhausted = "meta.json exhausted +payload";
    scene.holds(&[exhausted, "payload/*", "slots/000"]).await?;
    let (_server, client) = scene.serve()?;
    client.demand(transfer.download(), 410).await?;
    scene.sweep(Duration::ZERO)?;
    scene.holds(&[exhausted, "slots/000"]).await?;
    ensure!(transfer.count(&client).await? == 1);
    scene.sweep(PAST)?;
    scene.holds(&[]).await
}

/// Effective at once; the payload follows, whether its sender asks again or not.
pub(crate) async fn delete(ground: &Ground, point: Point) -> Result<()> {
    for asks_again in [true, false] {
        let scene = ground.scene(format!("{point}-{asks_again}"))?;
        let transfer = sent(&scene, &json!({})).await?;
        scene.crash(point, transfer.delete()).await?;
        let deleted = "meta.json deleted +payload";
        scene.holds(&[deleted, "payload/*"]).await?;
        let (_server, client) = scene.serve()?;
        client.demand(transfer.download(), 404).await?;
        if asks_again {
            let answer = client.demand(transfer.delete(), 200).await?.json()?;
            ensure!(answer["status"] == "already_deleted", "{answer}");
            scene.holds(&[deleted]).await?;
        }
        scene.sweep(Duration::ZERO)?;
        scene.holds(&[deleted]).await?;
    }
    Ok(())
}

/// An id that is used again is a new transfer: nothing of the old one is read or counted, and it goes.
pub(crate) async fn recreate(ground: &Ground, point: Point) -> Result<()> {
    let scene = ground.scene(point.to_string())?;
    let old = sent(&scene, &json!({ "max_downloads": 3 })).await?;
    let (mut server, client) = scene.serve()?;
    old.read(&client).await?;
    server.kill()?;
    // Its delete removes no bytes either, so that the most is left.
    scene.crash(Point::TransferDeleted, old.delete()).await?;
    let new = old.anew()?;
    let again = json!({ "max_downloads": 3, "allow_recreate": true });
    scene.crash(point, new.create(again.clone())).await?;
    scene
        .holds(&["meta.json pending", "payload/*", "slots/000"])
        .await?;
    let (_server, client) = scene.serve()?;
    ensure!(new.count(&client).await? == 0);
    client.demand(new.download(), 404).await?;
    // The answer was lost, and the id is its own: it goes on.
    client.demand(new.create(again), 409).await?;
    client.demand(new.upload(), 200).await?;
    client.demand(new.complete(), 200).await?;
    new.read(&client).await?;
    ensure!(new.count(&client).await? == 1);
    scene.sweep(Duration::ZERO)?;
    scene.holds(&[WHOLE[0], WHOLE[1], "slots/000"]).await?;
    new.read(&client).await
}

/// A transfer that was acknowledged as complete.
async fn sent(scene: &Scene, fields: &serde_json::Value) -> Result<Original> {
    let transfer = Original::new(SMALL)?;
    let (_server, client) = scene.serve()?;
    client.demand(transfer.create(fields.clone()), 200).await?;
    client.demand(transfer.upload(), 200).await?;
    client.demand(transfer.complete(), 200).await?;
    scene.holds(&WHOLE).await?;
    Ok(transfer)
}
