//! `/api/v1/sends`.

use std::time::Duration;

use anyhow::{Result, ensure};
use send_e2e::{Claim, Client, Request, Sealed, crash::Point};
use serde_json::{Value, json};

use crate::ground::{Ground, PAST, Scene, TOMORROW};

/// A file that makes a transfer of two parts.
pub(crate) const TWO_PARTS: u64 = 5_000_000;

/// A send of two parts that was acknowledged as complete.
pub(crate) const WHOLE: [&str; 4] = [
    "manifests/*",
    "meta.json completed +manifest",
    "parts/00000",
    "parts/00001",
];

/// A create that ends before there is a record: the same client begins anew, or nobody does, and the index is mended.
pub(crate) async fn noted(ground: &Ground, point: Point) -> Result<()> {
    for goes_on in [true, false] {
        let scene = ground.scene(format!("{point}-{goes_on}"))?;
        let sealed = Sealed::new(TWO_PARTS)?;
        scene.crash(point, sealed.create(3)).await?;
        scene.holds(&["index/*"]).await?;
        if goes_on {
            let (_server, client) = scene.serve()?;
            client.upload(&sealed, 3).await?;
            client.download(&sealed, &Claim::random()?).await?;
        }
        scene.sweep(PAST)?;
        scene.holds(&[]).await?;
    }
    Ok(())
}

/// An upload that ends in its midst: the same client goes on with it, or nobody does.
pub(crate) async fn upload(ground: &Ground, point: Point) -> Result<()> {
    for goes_on in [true, false] {
        let scene = ground.scene(format!("{point}-{goes_on}"))?;
        let sealed = Sealed::new(TWO_PARTS)?;
        begin(&scene, &sealed, point).await?;
        let (request, left) = half(&sealed, point);
        scene.crash(point, request).await?;
        scene.holds(&left).await?;
        if goes_on {
            resume(&scene, &sealed, point).await?;
        } else {
            leave(&scene, &sealed, point).await?;
        }
    }
    Ok(())
}

/// All that comes before the request at which the service ends, acknowledged.
async fn begin(scene: &Scene, sealed: &Sealed, point: Point) -> Result<()> {
    let (_server, client) = scene.serve()?;
    let is_last_part = matches!(point, Point::PartNotStored | Point::PartStored);
    client
        .begin(sealed, 3, if is_last_part { 1 } else { 2 })
        .await?;
    if point != Point::ManifestStored {
        client.demand(sealed.put_manifest(), 200).await?;
    }
    Ok(())
}

/// The request at which the service ends, and what lies there afterwards.
fn half(sealed: &Sealed, point: Point) -> (Request, Vec<&'static str>) {
    let [manifest, completed, one, two] = WHOLE;
    let named = "meta.json pending +manifest";
    match point {
        Point::PartNotStored => (sealed.put_part(1), vec![manifest, named, one]),
        Point::PartStored => (sealed.put_part(1), vec![manifest, named, one, two]),
        Point::ManifestStored => {
            let left = vec![manifest, "meta.json pending", one, two];
            (sealed.put_manifest(), left)
        }
        Point::CompleteChecked => (sealed.complete(), vec![manifest, named, one, two]),
        _ => (sealed.complete(), vec![manifest, completed, one, two]),
    }
}

/// What was acknowledged is there, nothing is claimed before it is complete, and the rest is sent.
async fn resume(scene: &Scene, sealed: &Sealed, point: Point) -> Result<()> {
    let (_server, client) = scene.serve()?;
    let received = client.received(sealed).await?;
    let expected: &[u32] = match point {
        Point::PartNotStored => &[0],
        _ => &[0, 1],
    };
    ensure!(received == expected, "{received:?}");
    let claim = Claim::random()?;
    if point == Point::Completed {
        client.demand(sealed.put_part(1), 409).await?;
    } else {
        client.demand(sealed.claim(&claim), 409).await?;
        client.resume(sealed).await?;
    }
    client.demand(sealed.complete(), 200).await?;
    client.download(sealed, &claim).await?;
    expect_left(&client, sealed, 2).await?;
    scene.sweep(TOMORROW)?;
    holds_with(scene, &["claims/*", "slots/000"]).await?;
    client.download(sealed, &claim).await?;
    expect_left(&client, sealed, 2).await
}

/// Nobody goes on: what is not complete goes after a day, and all of it when nobody can have the link any more.
async fn leave(scene: &Scene, sealed: &Sealed, point: Point) -> Result<()> {
    scene.sweep(TOMORROW)?;
    match point {
        Point::Completed => {
            holds_with(scene, &[]).await?;
            let (_server, client) = scene.serve()?;
            client.download(sealed, &Claim::random()?).await?;
        }
        Point::ManifestStored => scene.holds(&["meta.json pending +ended"]).await?,
        _ => scene.holds(&["meta.json pending +manifest +ended"]).await?,
    }
    scene.sweep(PAST)?;
    scene.holds(&[]).await
}

/// The owner asks for more downloads, and does not hear that there are.
pub(crate) async fn change(ground: &Ground, point: Point) -> Result<()> {
    let scene = ground.scene(point.to_string())?;
    let sealed = sent(&scene, 3).await?;
    let change = Request {
        method: "PATCH",
        ..sealed.state()
    };
    let change = change.with_json(&json!({ "downloads": 5 }));
    scene.crash(point, change.clone()).await?;
    scene.holds(&WHOLE).await?;
    let (_server, client) = scene.serve()?;
    expect_left(&client, &sealed, 5).await?;
    client.demand(change, 200).await?;
    expect_left(&client, &sealed, 5).await?;
    client.download(&sealed, &Claim::random()?).await?;
    scene.sweep(TOMORROW)?;
    holds_with(&scene, &["claims/*", "slots/000"]).await?;
    expect_left(&client, &sealed, 4).await
}

/// A claim that is asked again is counted once.
pub(crate) async fn claim(ground: &Ground, point: Point) -> Result<()> {
    let scene = ground.scene(point.to_string())?;
    let sealed = sent(&scene, 2).await?;
    let (lost, other) = (Claim::random()?, Claim::random()?);
    scene.crash(point, sealed.claim(&lost)).await?;
    let left: &[&str] = match point {
        Point::SlotTaken => &["slots/000"],
        _ => &["claims/*", "slots/000"],
    };
    holds_with(&scene, left).await?;
    let (_server, client) = scene.serve()?;
    expect_left(&client, &sealed, 1).await?;
    client.download(&sealed, &lost).await?;
    expect_left(&client, &sealed, 1).await?;
    client.download(&sealed, &other).await?;
    client.demand(sealed.claim(&Claim::random()?), 410).await?;
    client.download(&sealed, &lost).await?;
    scene.sweep(TOMORROW)?;
    holds_with(&scene, &["claims/*", "claims/*", "slots/000", "slots/001"]).await
}

/// Where any number is allowed, a crash undercounts by one, and the claim is good.
pub(crate) async fn uncounted_claim(ground: &Ground, point: Point) -> Result<()> {
    let scene = ground.scene(point.to_string())?;
    let sealed = sent(&scene, 0).await?;
    let lost = Claim::random()?;
    scene.crash(point, sealed.claim(&lost)).await?;
    holds_with(&scene, &["claims/*"]).await?;
    let (_server, client) = scene.serve()?;
    client.download(&sealed, &lost).await?;
    holds_with(&scene, &["claims/*"]).await?;
    client.download(&sealed, &Claim::random()?).await?;
    scene.sweep(TOMORROW)?;
    holds_with(&scene, &["claims/*", "claims/*", "count.json"]).await
}

/// The payload goes when the last reader is done, whoever finds out.
pub(crate) async fn wipe(ground: &Ground, point: Point) -> Result<()> {
    for asks_again in [true, false] {
        let scene = ground.scene(format!("{point}-{asks_again}"))?;
        let (sealed, claim) = (Sealed::new(TWO_PARTS)?, Claim::random()?);
        let (mut server, client) = scene.serve()?;
        client.demand(that_goes(&sealed)?, 201).await?;
        client.resume(&sealed).await?;
        client.download(&sealed, &claim).await?;
        server.kill()?;
        scene.crash(point, sealed.finish(&claim)).await?;
        let [manifest, completed, one, two] = WHOLE;
        let exhausted = "meta.json exhausted +manifest";
        let record = if point == Point::Exhausted {
            exhausted
        } else {
            completed
        };
        let left = ["claims/*", manifest, record, one, two, "slots/000"];
        scene.holds(&left).await?;
        let (_server, client) = scene.serve()?;
        client.demand(sealed.claim(&Claim::random()?), 410).await?;
        if asks_again {
            client.demand(sealed.finish(&claim), 204).await?;
        }
        scene.sweep(Duration::ZERO)?;
        scene.holds(&["claims/*", exhausted, "slots/000"]).await?;
        client.demand(sealed.read_manifest(), 410).await?;
        scene.sweep(PAST)?;
        scene.holds(&[]).await?;
    }
    Ok(())
}

/// Effective at once; the bytes follow, whether its owner asks again or not.
pub(crate) async fn delete(ground: &Ground, point: Point) -> Result<()> {
    for asks_again in [true, false] {
        let scene = ground.scene(format!("{point}-{asks_again}"))?;
        let sealed = sent(&scene, 3).await?;
        scene.crash(point, sealed.delete()).await?;
        let [manifest, _, one, two] = WHOLE;
        let deleted = "meta.json deleted +manifest";
        match point {
            Point::Deleted => scene.holds(&[manifest, deleted, one, two]).await?,
            _ => scene.holds(&[manifest, deleted, two]).await?,
        }
        let (_server, client) = scene.serve()?;
        let refused = client.demand(sealed.read_manifest(), 410).await?;
        ensure!(refused.detail() == "deleted", "{}", refused.detail());
        if asks_again {
            client.demand(sealed.delete(), 204).await?;
            scene.holds(&[deleted]).await?;
        }
        scene.sweep(Duration::ZERO)?;
        scene.holds(&[deleted]).await?;
        scene.sweep(PAST)?;
        scene.holds(&[]).await?;
    }
    Ok(())
}

/// A send of two parts that was acknowledged as complete.
pub(crate) async fn sent(scene: &Scene, downloads: u64) -> Result<Sealed> {
    let sealed = Sealed::new(TWO_PARTS)?;
    let (_server, client) = scene.serve()?;
    client.upload(&sealed, downloads).await?;
    scene.holds(&WHOLE).await?;
    Ok(sealed)
}

/// Begins a send that goes with its only download.
pub(crate) fn that_goes(sealed: &Sealed) -> Result<Request> {
    let mut ask: Value = serde_json::from_slice(&sealed.create(1).body)?;
    ask["wipe"] = true.into();
    Ok(Request::new("POST", sealed.create(1).path).with_json(&ask))
}

/// A whole send, and this beside it.
async fn holds_with(scene: &Scene, more: &[&str]) -> Result<()> {
    let mut expected = [&WHOLE, more].concat();
    expected.sort_unstable();
    scene.holds(&expected).await
}

async fn expect_left(client: &Client, sealed: &Sealed, expected: u64) -> Result<()> {
    let left = client.downloads_left(sealed).await?;
    ensure!(
        left == Some(expected),
        "{left:?} downloads left, not {expected}"
    );
    Ok(())
}
