//! How fast a client is whose parts go straight to S3, beside the same S3 server driven directly, in one run:
//! `cargo build --release -p send-user`, then `cargo run --release -p send-e2e --example s3`.
#![expect(clippy::print_stdout, reason = "the report")]

use std::{sync::Arc, time::Instant};

use anyhow::{Result, ensure};
use bytes::Bytes;
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
    let bare = Arc::new((bucket.clone(), http, Bytes::from(object)));
    let objects = (SIZE / OBJECT) as u32;
    let (writing, reading) = (bare.clone(), bare);
    let up = measure(objects, move |n| send_bare(writing.clone(), n)).await?;
    let down = measure(objects, move |n| read_bare(reading.clone(), n)).await?;
    Ok([up, down])
}

type Bare = Arc<(Bucket, reqwest::Client, Bytes)>;

async fn send_bare(bare: Bare, n: u32) -> Result<()> {
    let (bucket, http, object) = &*bare;
    let url = bucket.url(Method::PUT, &format!("bare/{n:05}")).await?;
    let sent = http.put(url).body(object.clone()).send().await?;
    ensure!(sent.status().is_success(), "{}", sent.status());
    Ok(())
}

async fn read_bare(bare: Bare, n: u32) -> Result<()> {
    let (bucket, http, object) = &*bare;
    let url = bucket.url(Method::GET, &format!("bare/{n:05}")).await?;
    let read = http.get(url).send().await?.bytes().await?;
    ensure!(read.len() == object.len(), "{} bytes", read.len());
    Ok(())
}

/// A transfer, sealed and opened on the way.
async fn ours(bucket: &Bucket, ways: &'static str) -> Result<[f64; 2]> {
    let server = bucket.quiet_server_with(&[("SEND_DIRECT", ways)])?;
    let client = server.client()?;
    let (sealed, claim) = (Sealed::new(SIZE)?, Claim::random()?);
    client.begin(&sealed, 0, 0).await?;
    client.demand(sealed.put_manifest(), 200).await?;
    let ours = Arc::new((client, sealed, claim));
    let (writing, reading) = (ours.clone(), ours.clone());
    let (client, sealed, claim) = &*ours;
    let up = measure(sealed.part_count(), move |n| send(writing.clone(), ways, n)).await?;
    client.demand(sealed.complete(), 200).await?;
    client.demand(sealed.claim(claim), 200).await?;
    let down = measure(sealed.part_count(), move |n| read(reading.clone(), ways, n)).await?;
    client.demand(sealed.delete(), 204).await?;
    Ok([up, down])
}

type Ours = Arc<(Client, Sealed, Claim)>;

async fn send(ours: Ours, ways: &str, n: u32) -> Result<()> {
    let (client, sealed, _) = &*ours;
    if ways == "off" {
        return client.demand(sealed.put_part(n), 200).await.map(drop);
    }
    let bytes = sealed.part_bytes(n);
    let urls = client.part_urls(sealed.urls_to_send(&[(n, bytes.clone())]));
    for url in urls.await? {
        let sent = client.put_to(&url, bytes.clone()).await?;
        ensure!(sent.status == 200, "{}", sent.status);
    }
    Ok(())
}

async fn read(ours: Ours, ways: &str, n: u32) -> Result<()> {
    let (client, sealed, claim) = &*ours;
    if ways == "off" {
        let part = client.demand(sealed.part(claim, n), 200).await?;
        return sealed.check_part(n, &part.body);
    }
    for url in client.part_urls(sealed.urls_to_read(claim, &[n])).await? {
        let part = client.get_from(&url).await?;
        sealed.check_part(n, &part.body)?;
    }
    Ok(())
}

/// Megabytes per second of as many workers as there are requests at once.
async fn measure<F: Future<Output = Result<()>> + Send + 'static>(
    count: u32,
    work: impl Fn(u32) -> F + Clone + Send + 'static,
) -> Result<f64> {
    let since = Instant::now();
    let worker = |first: u32| {
        let work = work.clone();
        tokio::spawn(async move {
            for n in (first..count).step_by(AT_ONCE) {
                work(n).await?;
            }
            anyhow::Ok(())
        })
    };
    for worker in (0..AT_ONCE as u32).map(worker).collect::<Vec<_>>() {
        worker.await??;
    }
    Ok(SIZE as f64 / 1e6 / since.elapsed().as_secs_f64())
}
