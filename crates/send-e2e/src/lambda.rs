//! AWS Lambda for the tests: runs a service's real binary as the bootstrap of a function behind a Function URL, with Lambda's own limits.
//!
//! Written after AWS's documentation, without a line of the services or of the libraries they use there, so that the two do not err alike.
//!
//! - [`Lambda`]: a function, its environments and its address
//! - `environment`: one process with a Runtime API of its own; `runtime_api`: the four routes of that API; `extensions`: the two of another
//! - `function`: events on their way to whichever environment is free, what became of them, and what was refused
//! - `front`: the Function URL; `event`: a request as an event; `answer`: an answer as a response
//! - `background`: what all of it runs in; `limits`: how much Lambda carries
//! - [`Watch`]: a second host, which is not ours; [`Emulator`]: AWS's own emulator in place of the environments

mod answer;
mod background;
mod emulator;
mod environment;
mod event;
mod extensions;
mod front;
mod function;
mod limits;
mod runtime_api;
mod watch;

use std::{
    net::SocketAddr,
    path::PathBuf,
    process::{Command, ExitStatus},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result};
use bytes::Bytes;
use serde_json::Value;

use background::Background;
use environment::Environment;
use function::Function;

use crate::{Client, Memory, process::Log, server::binary};

pub use emulator::Emulator;
pub use function::Invocation;
pub use limits::MESSAGE;
pub use watch::Watch;

/// A running function; its processes end when this is dropped.
#[derive(Debug)]
pub struct Lambda {
    /// Where its Function URL listens.
    pub address: SocketAddr,
    /// The Function URL, `http://127.0.0.1:PORT`.
    pub base: String,
    environments: Vec<Environment>,
    function: Arc<Function>,
    /// Runs front and Runtime APIs; ends after the processes that use them.
    _background: Background,
}

impl Lambda {
    /// Starts the user service with these variables in one environment, and waits until it asks for its first event.
    ///
    /// # Errors
    /// When the binary is not built, or ends before it asks.
    pub fn start(variables: &[(&str, &str)]) -> Result<Self> {
        Self::start_program("send-user", variables)
    }

    /// The same for any service of the workspace.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_program(name: &str, variables: &[(&str, &str)]) -> Result<Self> {
        Self::start_many(1, name, variables)
    }

    /// The same in so many environments, as Lambda has when so many events come at once.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_many(count: usize, name: &str, variables: &[(&str, &str)]) -> Result<Self> {
        let program: PathBuf = binary(name)?;
        Self::start_commands((0..count).map(|_| Command::new(&program)), variables)
    }

    /// The same for any bootstraps, one environment each: an emulator of another processor with its binary, say.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_commands(
        commands: impl IntoIterator<Item = Command>,
        variables: &[(&str, &str)],
    ) -> Result<Self> {
        Self::launch(commands, variables, Log::Shown)
    }

    /// Starts a service (`user` or `admin`) that logs all that any part of it tells, at every level.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn talking(service: &str, variables: &[(&str, &str)]) -> Result<Self> {
        let mut command = Command::new(binary("talking")?);
        command.arg(service);
        Self::launch([command], variables, Log::Kept)
    }

    fn launch(
        commands: impl IntoIterator<Item = Command>,
        variables: &[(&str, &str)],
        log: Log,
    ) -> Result<Self> {
        let background = Background::start(2)?;
        let runtime = background.handle();
        let function = Arc::new(Function::default());
        let start = |command| Environment::start(runtime, &function, command, variables, log);
        let environments = commands.into_iter().map(start);
        let environments = environments.collect::<Result<Vec<_>>>()?;
        let address = front::open(runtime, function.clone())?;
        Ok(Self {
            address,
            base: format!("http://{address}"),
            environments,
            function,
            _background: background,
        })
    }

    /// A client of the Function URL.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn client(&self) -> Result<Client> {
        Client::new(&self.base)
    }

    /// Invokes the function past its URL, with any bytes as the event.
    pub async fn invoke(&self, event: impl Into<Bytes>) -> Invocation {
        self.function.invoke(event.into()).await
    }

    /// The id of the last event that it was invoked with.
    #[must_use]
    pub fn last_id(&self) -> String {
        self.function.last_id()
    }

    /// How many requests and answers so far were such as Lambda refuses: too large, or not of the form it asks for.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.function.refused()
    }

    /// The lines that its environments have logged so far and that hold this.
    #[must_use]
    pub fn logged(&self, text: &str) -> Vec<String> {
        let environments = self.environments.iter();
        let lines = environments.flat_map(|environment| environment.process().logged(text));
        lines.collect()
    }

    /// The operating system's id of the first environment's process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.first().process().pid()
    }

    /// How much memory the first environment's process has.
    ///
    /// # Errors
    /// When it has ended.
    pub fn memory(&self) -> Result<Memory> {
        self.first().process().memory()
    }

    /// How long the first environment took from its start to its first question for an event: the part of a cold start that is ours.
    #[must_use]
    pub fn started_in(&self) -> Duration {
        self.first().started_in()
    }

    /// Asks the first environment's process to end (SIGTERM), as Lambda does before it takes an environment away where an extension is
    /// registered.
    ///
    /// # Errors
    /// When none is; when it cannot be signalled.
    pub fn terminate(&self) -> Result<()> {
        self.first().terminate()
    }

    /// How the first environment's process ended.
    ///
    /// # Errors
    /// When it goes on for longer than this.
    pub fn wait(&self, patience: Duration) -> Result<ExitStatus> {
        self.first().process().wait(patience)
    }

    /// There is one always, or nothing was started.
    fn first(&self) -> &Environment {
        &self.environments[0]
    }
}

impl Invocation {
    /// What the function answered, as JSON.
    ///
    /// # Errors
    /// When it failed, or answered something else.
    pub fn json(&self) -> Result<Value> {
        match self {
            Self::Answered(bytes) => serde_json::from_slice(bytes).context("no JSON"),
            Self::Failed(bytes) => {
                anyhow::bail!("the function failed: {}", String::from_utf8_lossy(bytes))
            }
        }
    }
}
