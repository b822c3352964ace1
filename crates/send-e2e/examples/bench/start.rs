//! From the start of the process to its first answer, and what it has then.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Instant,
};

use anyhow::{Result, ensure};
use send_e2e::{MIB, Request, Server};

use crate::median;

/// How often it is started.
const RUNS: usize = 20;

/// Milliseconds from before the process is made until its first answer has arrived.
pub(crate) fn millis() -> Result<f64> {
    let runs = (0..RUNS).map(|_| {
        let started = Instant::now();
        let server = Server::start_quietly(&[])?;
        ask(&server)?;
        Ok(started.elapsed().as_secs_f64() * 1e3)
    });
    runs.collect::<Result<_>>().map(median)
}

/// Resident MiB after the first answer.
pub(crate) fn idle_mib() -> Result<f64> {
    let runs = (0..5).map(|_| {
        let server = Server::start_quietly(&[])?;
        ask(&server)?;
        Ok(server.memory()?.resident as f64 / MIB as f64)
    });
    runs.collect::<Result<_>>().map(median)
}

fn ask(server: &Server) -> Result<()> {
    let mut stream = TcpStream::connect(server.address)?;
    stream.write_all(Request::new("GET", "/info/health").head().as_bytes())?;
    let mut answer = [0; 1024];
    let read = stream.read(&mut answer)?;
    ensure!(answer[..read].starts_with(b"HTTP/1.1 200"), "not 200");
    Ok(())
}
