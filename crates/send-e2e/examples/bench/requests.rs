//! Small requests over connections that are kept, one after the other on each.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use futures::future::try_join_all;
use send_e2e::{Request, Server};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    runtime::Builder,
};

use crate::median;

/// Connections at once: enough that the server never waits for the client.
const CONNECTIONS: usize = 64;
/// How often it is measured.
const RUNS: usize = 5;
/// How long each measurement lasts.
const LENGTH: Duration = Duration::from_secs(2);

/// How many requests for `path` are answered a second.
pub(crate) fn per_second(path: &str) -> Result<f64> {
    let server = Server::start_quietly(&[])?;
    let runtime = Builder::new_current_thread().enable_io().build()?;
    let runs = (0..RUNS).map(|_| runtime.block_on(run(&server, path)));
    runs.collect::<Result<_>>().map(median)
}

async fn run(server: &Server, path: &str) -> Result<f64> {
    let request = Request::new("GET", path).bytes();
    let started = Instant::now();
    let connections = (0..CONNECTIONS).map(|_| ask_on(server, &request, started + LENGTH));
    let answered: u64 = try_join_all(connections).await?.iter().sum();
    Ok(answered as f64 / started.elapsed().as_secs_f64())
}

/// Asks again and again until the end; how often that was.
async fn ask_on(server: &Server, request: &[u8], end: Instant) -> Result<u64> {
    let mut stream = TcpStream::connect(server.address).await?;
    stream.set_nodelay(true)?;
    let mut answer = vec![0; 4096];
    let mut answered = 0;
    while Instant::now() < end {
        stream.write_all(request).await?;
        // An answer as small as these arrives in one piece, unless something is wrong.
        let read = stream.read(&mut answer).await?;
        ensure!(answer[..read].starts_with(b"HTTP/1.1 200"), "not 200");
        answered += 1;
    }
    Ok(answered)
}
