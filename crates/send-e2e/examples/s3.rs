//! How fast a client is whose parts go straight to S3, beside the same S3 server driven directly, in one run:
//! `cargo build --release -p send-user`, then `cargo run --release -p send-e2e --example s3`.
#![expect(clippy::print_stdout, reason = "the report")]

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use reqwest::Method;
use send_e2e::{Bucket, Claim, Client, MIB, Peer, S3Server, Sealed, Shared};

/// What is sent each way in each round.
const SIZE: u64 = 1024 * MIB;
/// Bytes of an object: a part's.
const OBJECT: u64 = 4 * MIB;
/// Requests under way at once, in all cases.
const AT_ONCE: usize = 4;
/// Each case is measured so often, in turn with the others.
const ROUNDS: usize = 3;

#[tokio::main]
async fn main() -> Result<()> {
    let s3 = S3Server::start(Peer::Seaweed).await?;
    let mut rounds = Vec::new();
    for round in 0..ROUNDS {
        let bucket = s3.bucket().await?;
        let speeds = [
            bare(&bucket).await?,
            ours(&bucket, "both").await?,
            ours(&bucket, "off").await?,
        ];
        println!(
            "round {round}: {speeds:.0?} MB/s up and down: S3 alone, straight, through the service"
        );
        rounds.push(speeds);
    }
    let median = |case: usize, way: usize| {
        let mut all: Vec<f64> = rounds.iter().map(|speeds| speeds[case][way]).collect();
        all.sort_by(f64::total_cmp);
        all[ROUNDS / 2]
    };
    for (way, name) in ["up", "down"].iter().enumerate() {
        let [bare, straight, through] = [0, 1, 2].map(|case| median(case, way));
        println!(
            "{name}: S3 alone {bare:.0} MB/s, straight {straight:.0} ({:.0} %), through the service {through:.0} ({:.0} %)",
            straight / bare * 100.0,
            through / bare * 100.0
        );
    }
    Ok(())
}

/// Objects of the size of parts, sent and read by signed URLs and nothing else.
async fn bare(bucket: &Bucket) -> Result<[f64; 2]> {
    let http = send_e2e::http().build()?;
    let mut object = vec![0; OBJECT as usize];
    getrandom::fill(&mut object)?;
    let object = Bytes::from(object);
    let keys: Vec<_> = (0..SIZE / OBJECT).map(|n| format!("bare/{n:05}")).collect();
    let up = Instant::now();
    let sends = stream::iter(&keys).map(|key| async {
        let url = bucket.url(Method::PUT, key).await?;
        let sent = http.put(url).body(object.clone()).send().await?;
        ensure!(sent.status().is_success(), "{}", sent.status());
        Ok(())
    });
    sends.buffer_unordered(AT_ONCE).try_collect::<()>().await?;
    let (up, down) = (up.elapsed(), Instant::now());
    let reads = stream::iter(&keys).map(|key| async {
        let url = bucket.url(Method::GET, key).await?;
        let read = http.get(url).send().await?.bytes().await?;
        ensure!(read.len() as u64 == OBJECT, "{} bytes", read.len());
        Ok(())
    });
    reads.buffer_unordered(AT_ONCE).try_collect::<()>().await?;
    Ok([speed(up), speed(down.elapsed())])
}

/// A transfer, sealed and opened on the way.
async fn ours(bucket: &Bucket, ways: &str) -> Result<[f64; 2]> {
    let server = bucket.quiet_server_with(&[("SEND_DIRECT", ways)])?;
    let client = server.client()?;
    let (sealed, claim) = (Sealed::new(SIZE)?, Claim::random()?);
    let up = Instant::now();
    match ways {
        "off" => through(&client, &sealed).await?,
        _ => client.upload_direct(&sealed, 0).await?,
    }
    let (up, down) = (up.elapsed(), Instant::now());
    match ways {
        "off" => read_through(&client, &sealed, &claim).await?,
        _ => client.download_direct(&sealed, &claim).await?,
    }
    let down = down.elapsed();
    client.demand(sealed.delete(), 204).await?;
    Ok([speed(up), speed(down)])
}

async fn through(client: &Client, sealed: &Sealed) -> Result<()> {
    client.begin(sealed, 0, 0).await?;
    client.demand(sealed.put_manifest(), 200).await?;
    let sends = stream::iter(0..sealed.part_count())
        .map(|n| async move { client.demand(sealed.put_part(n), 200).await.map(drop) });
    sends.buffer_unordered(AT_ONCE).try_collect::<()>().await?;
    client.demand(sealed.complete(), 200).await.map(drop)
}

async fn read_through(client: &Client, sealed: &Sealed, claim: &Claim) -> Result<()> {
    client.demand(sealed.claim(claim), 200).await?;
    let reads = stream::iter(0..sealed.part_count()).map(|n| async move {
        let part = client.demand(sealed.part(claim, n), 200).await?;
        sealed.check_part(n, &part.body)
    });
    reads.buffer_unordered(AT_ONCE).try_collect::<()>().await
}

/// Megabytes per second.
fn speed(took: Duration) -> f64 {
    SIZE as f64 / 1e6 / took.as_secs_f64()
}
