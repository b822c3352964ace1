//! A second host, which is not ours: `cargo lambda watch`, which plays Lambda's Runtime API and a Function URL for the binary that is built
//! already.
//!
//! It has none of Lambda's limits, and takes the body of a request that does not name a type for text: a client has to name one, as the
//! pages do.

mod relay;

use std::{
    net::SocketAddr,
    process::{Command, Stdio},
    sync::mpsc,
    time::Duration,
};

use anyhow::{Result, bail};

use super::{background::Background, environment::surround};
use crate::{
    ports::Ports,
    process::{Log, Process},
    server::binary,
    tools::{ROOT, installed},
};

/// How long each of the two processes may take until it is ready.
const PATIENCE: Duration = Duration::from_secs(20);
/// Where the Runtime API is, for the one function that is reached at the root of its address: all paths of the pages begin there.
const RUNTIME_API: &str = "/.rt";
/// What a service logs before it asks for its first event.
const READY: &str = "answering events of AWS Lambda";
/// How to install it.
const HOW: &str = "install cargo-lambda with `python3 -m venv .venv-lambda && .venv-lambda/bin/pip install --requirement .ci/lambda.txt`";

/// A running function and the host that asks it; both end when this is dropped.
#[derive(Debug)]
pub struct Watch {
    /// Where the host listens.
    pub address: SocketAddr,
    /// The URL of the function, `http://127.0.0.1:PORT`.
    pub base: String,
    /// Ends first: it fails when its host is gone.
    function: Process,
    _host: Process,
    /// Runs the relay between them.
    _background: Background,
    /// Given back after the host has ended.
    _ports: Ports,
}

impl Watch {
    /// Starts the host, and for it the user service with these variables, and waits until both are ready.
    ///
    /// # Errors
    /// When cargo-lambda is not installed, the binary is not built, or one of them is not ready in time.
    pub fn start(variables: &[(&str, &str)]) -> Result<Self> {
        Self::start_program("send-user", variables)
    }

    /// The same for any service of the workspace.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_program(name: &str, variables: &[(&str, &str)]) -> Result<Self> {
        let ports = Ports::free(1)?;
        let address = ports.first();
        let host = host(address)?;
        let background = Background::start(1)?;
        let relay = relay::open(background.handle(), address)?;
        let function = function(name, &format!("http://{relay}{RUNTIME_API}"), variables)?;
        Ok(Self {
            address,
            base: format!("http://{address}"),
            function,
            _host: host,
            _background: background,
            _ports: ports,
        })
    }

    /// The operating system's id of the function's process.
    #[must_use]
    pub const fn pid(&self) -> u32 {
        self.function.pid()
    }
}

/// Starts it without a function, and waits until it listens.
fn host(address: SocketAddr) -> Result<Process> {
    let mut command = Command::new(installed(".venv-lambda/bin/cargo-lambda", HOW)?);
    // It listens everywhere unless it is told where, and answers CORS by itself unless it is told not to.
    command
        .args(["lambda", "watch", "--only-lambda-apis", "--ignore-changes"])
        .args(["--disable-cors", "--color", "never"])
        .args(["--invoke-address", &address.ip().to_string()])
        .args(["--invoke-port", &address.port().to_string()])
        .current_dir(ROOT)
        .stdout(Stdio::null());
    let host = Process::start(&mut command, Log::Shown, |_| false)?;
    // An HTTP request would be an event already.
    host.listens(address, PATIENCE)?;
    Ok(host)
}

/// Starts a service, and waits until it asks for events.
fn function(name: &str, runtime_api: &str, variables: &[(&str, &str)]) -> Result<Process> {
    let mut command = Command::new(binary(name)?);
    surround(&mut command, runtime_api, variables);
    let (ready, heard) = mpsc::channel();
    let function = Process::start(&mut command, Log::Shown, move |line| {
        line.contains(READY) && ready.send(()).is_ok()
    })?;
    if heard.recv_timeout(PATIENCE).is_err() {
        function.kill()?;
        bail!("{name} asks for no events: {:?}", function.ended()?);
    }
    Ok(function)
}
