//! AWS's own Runtime Interface Emulator in place of the Runtime API of the tests, behind the same Function URL.

use std::{
    env::consts::ARCH,
    net::SocketAddr,
    path::PathBuf,
    process::{Command, ExitStatus, Stdio},
    sync::Arc,
    time::Duration,
};

use anyhow::Result;
use bytes::Bytes;
use serde_json::Value;

use super::{
    background::Background,
    front,
    function::{Event, Function, Invocation, TIMEOUT, failed},
};
use crate::{
    Client,
    ports::Ports,
    process::{Log, Process},
    server::binary,
    tools,
};

/// Where it takes events: the address of the Invoke API, for a function whose name it does not ask for.
const INVOKE: &str = "/2015-03-31/functions/function/invocations";
/// How to install it.
const HOW: &str = "take it out of the wheel that .ci/rie.txt names";
/// How long it may take until it listens.
const PATIENCE: Duration = Duration::from_secs(10);

/// A running emulator with a program of the workspace as its bootstrap; both end when this is dropped.
#[derive(Debug)]
pub struct Emulator {
    events: Events,
    /// The Function URL in front of it, `http://127.0.0.1:PORT`.
    base: String,
    process: Process,
    /// Carries events from the Function URL to the emulator.
    _background: Background,
    _ports: Ports,
}

impl Emulator {
    /// Starts it around the program of this name, with these variables.
    ///
    /// # Errors
    /// When emulator or program are not there, or the emulator does not listen.
    pub fn start(name: &str, variables: &[(&str, &str)]) -> Result<Self> {
        // Of its own two addresses the first is for events, the other for the bootstrap. What it is not told it takes on every address.
        let ports = Ports::free(2)?;
        let address = ports.first();
        let runtime_api = SocketAddr::new(address.ip(), address.port() + 1);
        let mut command = Command::new(program()?);
        command
            .args(["--log-level", "error"])
            .args(["--runtime-interface-emulator-address", &address.to_string()])
            .args(["--runtime-api-address", &runtime_api.to_string()])
            .arg(binary(name)?)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .envs(variables.iter().copied())
            .stdout(Stdio::null());
        let process = Process::start(&mut command, Log::Shown, |_| false)?;
        process.listens(address, PATIENCE)?;
        let events = Events::new(address)?;
        let background = Background::start(1)?;
        let runtime = background.handle();
        let function = Arc::new(Function::default());
        function.joined();
        runtime.spawn(events.clone().carry(function.clone()));
        let base = format!("http://{}", front::open(runtime, function)?);
        Ok(Self {
            events,
            base,
            process,
            _background: background,
            _ports: ports,
        })
    }

    /// A client of the Function URL.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn client(&self) -> Result<Client> {
        Client::new(&self.base)
    }

    /// Gives any bytes to the emulator as an event, and reads what it answers: the function's answer, or why there is none.
    ///
    /// # Errors
    /// When it does not answer, or with something that is no JSON.
    pub async fn invoke(&self, event: impl Into<Bytes>) -> Result<Value> {
        let answer = self.events.send(event.into()).await?;
        Ok(serde_json::from_slice(&answer)?)
    }

    /// Asks it to end (SIGTERM).
    ///
    /// # Errors
    /// When it cannot be signalled.
    pub fn terminate(&self) -> Result<()> {
        self.process.terminate()
    }

    /// How it ended.
    ///
    /// # Errors
    /// When it goes on for longer than this.
    pub fn wait(&self, patience: Duration) -> Result<ExitStatus> {
        self.process.wait(patience)
    }

    /// The operating system's id of its bootstrap; none where it runs none.
    ///
    /// # Errors
    /// Without `/proc`.
    pub fn bootstrap(&self) -> Result<Option<u32>> {
        let pid = self.process.pid();
        let mut tasks = std::fs::read_dir(format!("/proc/{pid}/task"))?;
        let child = tasks.find_map(|task| {
            let children = std::fs::read_to_string(task.ok()?.path().join("children")).ok()?;
            children.split_whitespace().next()?.parse().ok()
        });
        Ok(child)
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // It ends its bootstrap when it is asked to end, not when it is killed.
        let _ = self.process.terminate();
        let _ = self.process.wait(PATIENCE);
    }
}

/// Where an emulator takes events.
#[derive(Clone, Debug)]
struct Events {
    http: reqwest::Client,
    url: String,
}

impl Events {
    fn new(address: SocketAddr) -> Result<Self> {
        Ok(Self {
            http: crate::http().timeout(TIMEOUT).build()?,
            url: format!("http://{address}{INVOKE}"),
        })
    }

    async fn send(&self, event: Bytes) -> Result<Bytes> {
        let answer = self.http.post(&self.url).body(event).send().await?;
        Ok(answer.error_for_status()?.bytes().await?)
    }

    /// Gives what comes in by the Function URL to the emulator, one event after another: it takes no two at once.
    async fn carry(self, function: Arc<Function>) {
        while let Some(Event { bytes, outcome, .. }) = function.next().await {
            let became = match self.send(bytes).await {
                Ok(answer) => Invocation::Answered(answer),
                Err(error) => failed("Emulator", &format!("{error:#}")),
            };
            // Whoever asked may have gone.
            let _ = outcome.send(became);
        }
    }
}

/// The emulator for this machine's processor.
fn program() -> Result<PathBuf> {
    let processor = if ARCH == "aarch64" { "arm64" } else { ARCH };
    tools::installed(&format!(".cache/rie/aws-lambda-rie-{processor}"), HOW)
}
