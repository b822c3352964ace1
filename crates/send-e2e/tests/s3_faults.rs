//! Transfers through a storage that misbehaves: all complete, all identical, nothing is left, and S3 is not asked much more.
#![expect(clippy::print_stdout, reason = "figures of the run")]

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::AtomicU64},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use send_core::{
    clock::Clock,
    config::Limits,
    sweep::{Sweep, Swept},
};
use send_e2e::{
    Bucket, Client, Peer, Request, S3Server, Sealed, Shared,
    faults::{Faults, Kind, Plan},
};
use serde_json::json;

/// Transfers under way at once.
const AT_ONCE: usize = 12;
/// The share of requests to S3 that are spoiled.
const SHARE: f64 = 0.05;
/// How many requests to S3 a faulty run may cost for each of a clean one.
const MOST: f64 = 1.3;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_transfers_survive_a_storage_that_misbehaves() -> Result<()> {
    transfers_survive(60, &Kind::QUICK).await
}

/// Stalls of half a minute among the faults.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long: run by .ci/long"]
async fn five_hundred_transfers_survive_a_storage_that_misbehaves() -> Result<()> {
    transfers_survive(500, &Kind::ALL).await
}

async fn transfers_survive(count: u64, kinds: &[Kind]) -> Result<()> {
    let peer = S3Server::start(Peer::Seaweed).await?;
    let clean = Run::play(&peer, Plan::clean(), count).await?;
    let faulty = Run::play(&peer, Plan::random(SHARE, kinds)?, count).await?;
    let ratio = faulty.calls as f64 / clean.calls as f64;
    println!(
        "{count} transfers: clean {clean}; with {} faults {faulty}: {ratio:.3} times the requests to S3",
        faulty.faults
    );
    ensure!(
        faulty.faults as f64 > SHARE / 2.0 * faulty.calls as f64,
        "too few faults"
    );
    ensure!(
        ratio <= MOST,
        "{ratio:.3} times the requests of a clean run"
    );
    Ok(())
}

/// What a run came to.
struct Run {
    calls: u64,
    faults: u64,
    took: Duration,
}

impl Run {
    async fn play(peer: &S3Server, plan: Plan, count: u64) -> Result<Self> {
        let faults = Faults::start(peer.address(), plan).await?;
        let bucket = peer.bucket().await?;
        let misled = bucket.behind(&faults);
        let server = misled.quiet_server_with(&[("SEND_DIRECT", "both")])?;
        let (client, since) = (server.client()?, Instant::now());
        let transfers = stream::iter(0..count).map(|n| one(&client, n));
        transfers
            .buffer_unordered(AT_ONCE)
            .try_collect::<()>()
            .await?;
        let run = Self {
            calls: faults.calls(),
            faults: faults.injected(),
            took: since.elapsed(),
        };
        println!("faults: {:?}", by_kind(&faults));
        only_what_is_live_stays(&bucket, count).await?;
        Ok(run)
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} requests in {:.1} s",
            self.calls,
            self.took.as_secs_f64()
        )
    }
}

fn by_kind(faults: &Faults) -> BTreeMap<Kind, usize> {
    let mut kinds = BTreeMap::new();
    for kind in faults.log().iter().filter_map(|call| call.injected) {
        *kinds.entry(kind).or_default() += 1;
    }
    kinds
}

/// One transfer up and down: through the service, straight, or by the original's routes.
async fn one(client: &Client, n: u64) -> Result<()> {
    // 1 kB to 14 MB, the small ones more often; the largest goes by the original's routes, in parts of S3's own.
    let size = [1_000, 20_000, 300_000, 4_128_768, 1_500_000, 14_000_000][(n % 6) as usize] + n;
    match n % 3 {
        2 => by_the_original(client, size).await,
        way => {
            let sealed = Sealed::new(size)?;
            client.send_patiently(&sealed, way == 1).await?;
            client.read_patiently(&sealed, way == 1).await
        }
    }
}

/// A create whose answer is lost leaves a transfer that nobody knows of: it is abandoned, and swept.
async fn by_the_original(client: &Client, size: u64) -> Result<()> {
    let mut bytes = vec![0; size as usize];
    getrandom::fill(&mut bytes)?;
    let bytes = Bytes::from(bytes);
    let create = Request::new("POST", "/api/transfers/create").with_json(&json!({}));
    let created = client.insist_on(create, 200).await?.json()?;
    let id = created["transfer_id"].as_str().context("no id")?;
    let upload =
        Request::new("POST", format!("/api/transfers/upload/{id}")).with_body(bytes.clone());
    client.insist_on(upload, 200).await?;
    let complete = Request::new("POST", format!("/api/transfers/complete/{id}"));
    client.insist_on(complete, 200).await?;
    let download = Request::new("GET", format!("/api/transfers/download/{id}"));
    ensure!(
        client.insist_on(download, 200).await?.body == bytes,
        "{id} is not what was sent"
    );
    Ok(())
}

/// Sweeps as if a day had passed, and looks at what S3 holds then.
async fn only_what_is_live_stays(bucket: &Bucket, live: u64) -> Result<()> {
    let swept = sweep_tomorrow(bucket).await?;
    println!("swept: {swept:?}");
    ensure!(swept.failures == 0, "{swept:?}");
    let left = bucket.unfinished_uploads().await?;
    ensure!(left.is_empty(), "unfinished uploads: {left:?}");
    let keys = bucket.keys().await?;
    let records = keys
        .iter()
        .filter(|key| key.ends_with("/meta.json"))
        .count() as u64;
    let payloads = keys.iter().filter(|key| key.contains("/payload/")).count() as u64;
    let manifests = keys
        .iter()
        .filter(|key| key.contains("/manifests/"))
        .count() as u64;
    let incoming = keys.iter().filter(|key| key.contains("/incoming/")).count();
    let ended = swept.abandoned;
    ensure!(
        records == live + ended,
        "{records} records, {live} live, {ended} ended"
    );
    ensure!(payloads == live / 3, "{payloads} payloads");
    ensure!(manifests == live - live / 3, "{manifests} manifests");
    ensure!(incoming == 0);
    Ok(())
}

async fn sweep_tomorrow(bucket: &Bucket) -> Result<Swept> {
    let blobs = Arc::new(bucket.backend()?);
    let tomorrow = SystemTime::now().duration_since(UNIX_EPOCH)? + Duration::from_hours(25);
    let clock = Clock::Set(Arc::new(AtomicU64::new(tomorrow.as_millis().try_into()?)));
    let limits = Limits {
        transfer_bytes: 100 << 30,
        max_age: Duration::from_hours(30 * 24),
        default_age: Duration::from_hours(7 * 24),
    };
    Ok(Sweep::new(blobs, clock, limits).all().await?)
}
