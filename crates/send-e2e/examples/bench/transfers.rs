//! A real transfer of 256 MiB, up and down.

use std::{fmt, time::Instant};

use anyhow::{Result, ensure};
use futures::future::try_join_all;
use send_e2e::{Claim, Client, Folder, MIB, Memory, Request, Sealed, Server, Wire};
use tokio::runtime::Builder;

use crate::median;

/// Bytes of the file.
const SIZE: u64 = 256 * MIB;
/// How often it is measured.
const RUNS: usize = 5;

/// One line of the table.
pub(crate) struct Line {
    storage: &'static str,
    connections: usize,
    up: f64,
    up_peak: f64,
    down: f64,
    down_peak: f64,
    stream: f64,
}

/// What one run took: seconds, and the server's peak of memory in MiB while it sent and received.
struct Run {
    up: f64,
    up_peak: f64,
    down: f64,
    down_peak: f64,
    stream: f64,
}

/// Sends and reads a transfer over so many connections, each time on a fresh server.
pub(crate) fn measure(storage: &'static str, connections: usize) -> Result<Line> {
    let sealed = Sealed::new(SIZE)?;
    let parts: Vec<Request> = (0..sealed.part_count())
        .map(|n| sealed.put_part(n))
        .collect();
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let runs = (0..RUNS).map(|_| {
        let folder = Folder::new()?;
        let value = if storage == "file:" {
            folder.storage()
        } else {
            storage.into()
        };
        let server = Server::start_quietly(&[("SEND_STORAGE", &value)])?;
        runtime.block_on(run(&server, &sealed, &parts, connections))
    });
    let runs: Vec<Run> = runs.collect::<Result<_>>()?;
    let of = |figure: fn(&Run) -> f64| median(runs.iter().map(figure).collect());
    let megabytes = sealed.stored_len() as f64 / 1e6;
    Ok(Line {
        storage,
        connections,
        up: megabytes / of(|run| run.up),
        up_peak: of(|run| run.up_peak),
        down: megabytes / of(|run| run.down),
        down_peak: of(|run| run.down_peak),
        stream: megabytes / of(|run| run.stream),
    })
}

async fn run(
    server: &Server,
    sealed: &Sealed,
    parts: &[Request],
    connections: usize,
) -> Result<Run> {
    let client = Client::new(&server.base)?;
    client.demand(sealed.create(0), 201).await?;
    client.demand(sealed.put_manifest(), 200).await?;
    let (up, up_peak) = timed(server, send_all(server, parts, connections)).await?;
    client.demand(sealed.complete(), 200).await?;

    let claim = Claim::random()?;
    client.demand(sealed.claim(&claim), 200).await?;
    let reads: Vec<Request> = (0..sealed.part_count())
        .map(|n| sealed.part(&claim, n))
        .collect();
    let (down, down_peak) = timed(server, send_all(server, &reads, connections)).await?;
    let whole = [sealed.content(&claim)];
    let (stream, _) = timed(server, send_all(server, &whole, 1)).await?;
    Ok(Run {
        up,
        up_peak,
        down,
        down_peak,
        stream,
    })
}

/// How many seconds some work takes, and the peak of the server's memory meanwhile.
async fn timed(server: &Server, work: impl Future<Output = Result<()>>) -> Result<(f64, f64)> {
    Memory::forget_peak(server.pid())?;
    let started = Instant::now();
    work.await?;
    let seconds = started.elapsed().as_secs_f64();
    Ok((seconds, server.memory()?.peak as f64 / MIB as f64))
}

/// Sends each request and reads its answer, over so many connections, each of which takes the next when it is done with one.
async fn send_all(server: &Server, requests: &[Request], connections: usize) -> Result<()> {
    let next = std::cell::Cell::new(0);
    let take = || requests.get(next.replace(next.get() + 1));
    let connections = (0..connections).map(async |_| {
        let mut wire = Wire::connect(server).await?;
        while let Some(request) = take() {
            wire.send_part_of(request, request.body.len()).await?;
            let (status, length) = wire.answer_head().await?;
            ensure!(
                status == 200,
                "{} {}: {status}",
                request.method,
                request.path
            );
            wire.skip(length).await?;
        }
        Ok(())
    });
    try_join_all(connections).await.map(drop)
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            storage,
            connections,
            up,
            up_peak,
            down,
            down_peak,
            stream,
        } = self;
        write!(
            f,
            "| `{storage}` | {connections} | {up:.0} | {up_peak:.0} | {down:.0} | {down_peak:.0} | {stream:.0} |"
        )
    }
}
