//! The service ends by its own hand at each named point. What the storage holds then is what the point says; the next service
//! goes on with it, or a sweep ends it.

mod originals;
mod sends;
mod sweeps;

use std::time::Instant;

use anyhow::{Context, Result};
use futures::{StreamExt, TryStreamExt, stream};
use send_e2e::{Peer, S3Server, crash::Point};

use crate::ground::Ground;

/// Points that are played side by side: what waits for a disk or for S3 leaves room for others.
const AT_ONCE: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn on_a_folder_every_point_is_reached_and_nothing_is_lost_or_left() -> Result<()> {
    play_all(&Ground::Folders).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn on_seaweed_every_point_is_reached_and_nothing_is_lost_or_left() -> Result<()> {
    let bucket = S3Server::start(Peer::Seaweed).await?.bucket().await?;
    play_all(&Ground::Bucket(bucket)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "long: run by .ci/long"]
async fn on_ministack_every_point_is_reached_and_nothing_is_lost_or_left() -> Result<()> {
    let bucket = S3Server::start(Peer::Ministack).await?.bucket().await?;
    play_all(&Ground::Bucket(bucket)).await
}

async fn play_all(ground: &Ground) -> Result<()> {
    let since = Instant::now();
    let signs = matches!(ground, Ground::Bucket(_));
    let points = Point::ALL.into_iter();
    let points: Vec<_> = points
        .filter(|point| signs || !point.needs_signed_urls())
        .collect();
    stream::iter(&points)
        .map(async |point| {
            play(ground, *point)
                .await
                .with_context(|| point.to_string())
        })
        .buffer_unordered(AT_ONCE)
        .try_collect::<()>()
        .await?;
    println!("{} points in {:?}", points.len(), since.elapsed());
    Ok(())
}

async fn play(ground: &Ground, point: Point) -> Result<()> {
    match point {
        Point::Noted => sends::noted(ground, point).await,
        Point::PartNotStored
        | Point::PartStored
        | Point::ManifestStored
        | Point::CompleteChecked
        | Point::Completed => sends::upload(ground, point).await,
        Point::Changed => sends::change(ground, point).await,
        Point::SlotTaken | Point::ClaimStored => sends::claim(ground, point).await,
        Point::ClaimNotCounted => sends::uncounted_claim(ground, point).await,
        Point::LastClaimDone | Point::Exhausted => sends::wipe(ground, point).await,
        Point::Deleted | Point::HalfDeleted => sends::delete(ground, point).await,
        Point::UploadHalfArrived
        | Point::UploadStored
        | Point::UploadNamed
        | Point::UploadCopied
        | Point::PayloadNamed => originals::upload(ground, point).await,
        Point::DownloadCounted => originals::download(ground, point).await,
        Point::DownloadExhausted => originals::last_download(ground, point).await,
        Point::TransferDeleted => originals::delete(ground, point).await,
        Point::Recreated => originals::recreate(ground, point).await,
        Point::SweepAbandoned => sweeps::abandoned(ground, point).await,
        Point::SweepMarked | Point::SweepHalfRemoved | Point::SweepAllButRecord => {
            sweeps::tombstone(ground, point).await
        }
        Point::SweepForgotten => sweeps::forgotten(ground, point).await,
    }
}
