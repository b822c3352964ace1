//! The real binaries of the services, started as a person would start it, on a free port, and ended by its own process id.

use std::{
    env,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{
    Client, Memory, Shared,
    crash::{self, Point},
    process::{Log, Process},
};

/// How long a server may take until it listens.
const PATIENCE: Duration = Duration::from_secs(20);
/// What the service logs when it listens, before its address.
const LISTENING: &str = "listening on http://";

/// A running server; it ends when this is dropped.
#[derive(Debug)]
pub struct Server {
    process: Process,
    /// Where it listens.
    pub address: SocketAddr,
    /// Where it answers, `http://127.0.0.1:PORT`.
    pub base: String,
}

impl Server {
    /// Starts the user service with these variables, and waits until it listens.
    ///
    /// # Errors
    /// When the binary is not built or the server does not listen in time.
    pub fn start(variables: &[(&str, &str)]) -> Result<Self> {
        Self::start_program("send-user", variables)
    }

    /// The same for any service of the workspace.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_program(name: &str, variables: &[(&str, &str)]) -> Result<Self> {
        Self::launch(Command::new(binary(name)?), variables, Log::Shown)
    }

    /// Starts the service that ends at this point, as nobody would run it: see [`crate::crash`].
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn crashing(storage: &impl Shared, point: Point) -> Result<Self> {
        let (mut command, point) = (Command::new(binary(crash::PROGRAM)?), point.to_string());
        command.arg("serve").env(crash::VARIABLE, point);
        let variables = storage.variables();
        let variables = variables
            .iter()
            .map(|(name, value)| (*name, value.as_str()));
        Self::launch(command, &variables.collect::<Vec<_>>(), Log::Shown)
    }

    /// The same without its log, for measurements.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_quietly(variables: &[(&str, &str)]) -> Result<Self> {
        Self::launch(Command::new(binary("send-user")?), variables, Log::Dropped)
    }

    /// Starts a service (`user` or `admin`) that logs all that any part of it tells, at every level.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn talking(service: &str, variables: &[(&str, &str)]) -> Result<Self> {
        let mut command = Command::new(binary("talking")?);
        command.arg(service);
        Self::launch(command, variables, Log::Kept)
    }

    /// Starts the service on a disk of its own, of so many MiB, at `folder`: a `tmpfs` in a mount namespace that no other
    /// process sees and that ends with the server.
    ///
    /// # Errors
    /// As [`Self::start`]; when the system allows no namespaces.
    pub fn start_on_small_disk(folder: &Path, mib: u64) -> Result<Self> {
        let script = r#"mount -t tmpfs -o "size=$1m" none "$2" && exec "$3""#;
        let mut command = Command::new("unshare");
        command.args([
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            script,
            "sh",
        ]);
        command
            .arg(mib.to_string())
            .arg(folder)
            .arg(binary("send-user")?);
        let storage = format!("file:{}", folder.display());
        Self::launch(command, &[("SEND_STORAGE", &storage)], Log::Shown)
    }

    fn launch(mut command: Command, variables: &[(&str, &str)], log: Log) -> Result<Self> {
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(is_setting) {
                command.env_remove(name);
            }
        }
        command
            .env("SEND_LISTEN", "127.0.0.1:0")
            .envs(variables.iter().copied())
            .stdout(Stdio::null());
        let (found, address) = mpsc::channel();
        let process = Process::start(&mut command, log, move |line| {
            address_of(line).is_some_and(|address| found.send(address).is_ok())
        })?;
        let Ok(address) = address.recv_timeout(PATIENCE) else {
            process.kill()?;
            bail!("the server did not listen: {:?}", process.ended()?);
        };
        Ok(Self {
            process,
            address,
            base: format!("http://{address}"),
        })
    }

    /// The lines of its log so far that hold this; none of a server that was started quietly.
    #[must_use]
    pub fn logged(&self, text: &str) -> Vec<String> {
        self.process.logged(text)
    }

    /// A client of it.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn client(&self) -> Result<Client> {
        Client::new(&self.base)
    }

    /// The operating system's id of the process.
    #[must_use]
    pub const fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// How much memory the process has.
    ///
    /// # Errors
    /// When it has ended.
    pub fn memory(&self) -> Result<Memory> {
        self.process.memory()
    }

    /// Ends the process at once, as a crash would (SIGKILL).
    ///
    /// # Errors
    /// When it cannot be signalled.
    pub fn kill(&mut self) -> Result<()> {
        self.process.kill()
    }

    /// Waits until it has ended at this point.
    ///
    /// # Errors
    /// When it has not, after a while, or ended in another way.
    pub fn ended_at(&mut self, point: Point) -> Result<()> {
        let since = Instant::now();
        let ended = self.process.wait(PATIENCE);
        let status = ended.with_context(|| format!("{point} was never reached"))?;
        // The log is read by another thread, to its end.
        while self.logged(crash::LAST_WORDS).is_empty() && since.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(5));
        }
        crash::ended_at(point, status, &self.logged(crash::LAST_WORDS).concat())
    }
}

/// Whether a variable says how the service is to run: then a test says so, or nobody.
fn is_setting(name: &str) -> bool {
    name.starts_with("SEND_") || name.starts_with("AWS_")
}

fn address_of(line: &str) -> Option<SocketAddr> {
    let (_, address) = line.split_once(LISTENING)?;
    let end = address.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ':'));
    address[..end.unwrap_or(address.len())].parse().ok()
}

/// A binary of this workspace, built before in the profile of the running program: `.ci/run` does.
///
/// # Errors
/// When it is not there; the sentence says how to build it.
pub fn binary(name: &str) -> Result<PathBuf> {
    let own = env::current_exe()?;
    let profile = own.ancestors().find(|folder| folder.join(name).is_file());
    let folder = profile.with_context(|| {
        format!("{name} is not built: run `cargo build -p {name}` first, with the same profile")
    })?;
    Ok(folder.join(name))
}
