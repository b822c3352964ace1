//! The real binaries of the services, started as a person would start it, on a free port, and ended by its own process id.

use std::{
    env,
    fs::OpenOptions,
    io::{self, BufRead, BufReader, Read},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

use crate::{
    Client, Memory, Shared,
    crash::{self, Point},
};

/// How long a server may take until it listens.
const PATIENCE: Duration = Duration::from_secs(20);
/// What the service logs when it listens, before its address.
const LISTENING: &str = "listening on http://";

/// A running server; it ends when this is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// Where it answers, `http://127.0.0.1:PORT`.
    pub base: String,
    lines: Lines,
}

/// What a server has logged so far.
type Lines = Arc<Mutex<Vec<String>>>;

/// What becomes of a server's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Log {
    /// It is part of what a test prints.
    Shown,
    /// It is kept to be searched, and too long to be shown.
    Kept,
    /// It is read and thrown away, as cheaply as can be.
    Dropped,
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
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = command
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        let errors = child.stderr.take().context("no standard error")?;
        let lines = Lines::default();
        let Some(address) = wait_for_address(errors, log, lines.clone()) else {
            let _ = child.kill();
            bail!("the server did not listen: {}", child.wait()?);
        };
        Ok(Self {
            child,
            address,
            base: format!("http://{address}"),
            lines,
        })
    }

    /// The lines of its log so far that hold this; none of a server that was started quietly.
    #[must_use]
    pub fn logged(&self, text: &str) -> Vec<String> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines
            .iter()
            .filter(|line| line.contains(text))
            .cloned()
            .collect()
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
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// How much memory the process has.
    ///
    /// # Errors
    /// When it has ended.
    pub fn memory(&self) -> Result<Memory> {
        Memory::of(self.pid())
    }

    /// Ends the process at once, as a crash would (SIGKILL).
    ///
    /// # Errors
    /// When it cannot be signalled.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Waits until it has ended at this point.
    ///
    /// # Errors
    /// When it has not, after a while, or ended in another way.
    pub fn ended_at(&mut self, point: Point) -> Result<()> {
        let since = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait()? {
                break status;
            }
            ensure!(since.elapsed() < PATIENCE, "{point} was never reached");
            thread::sleep(Duration::from_millis(5));
        };
        // The log is read by another thread, to its end.
        while self.logged(crash::LAST_WORDS).is_empty() && since.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(5));
        }
        crash::ended_at(point, status, &self.logged(crash::LAST_WORDS).concat())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

/// Whether a variable says how the service is to run: then a test says so, or nobody.
fn is_setting(name: &str) -> bool {
    name.starts_with("SEND_") || name.starts_with("AWS_")
}

#[expect(
    clippy::print_stderr,
    reason = "a test shows what its server logged, where it fails"
)]
fn show(line: &str) {
    eprint!("server: {line}");
}

/// Reads the log until it tells the address; reads on in a thread of its own. None when it ends before, or takes too long.
fn wait_for_address(
    errors: impl Read + Send + 'static,
    log: Log,
    lines: Lines,
) -> Option<SocketAddr> {
    let (found, address) = mpsc::channel();
    thread::spawn(move || {
        let mut errors = BufReader::new(errors);
        let mut line = String::new();
        while errors.read_line(&mut line).is_ok_and(|read| read > 0) {
            if log == Log::Shown {
                show(&line);
            }
            if log != Log::Dropped {
                let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
                lines.push(line.clone());
            }
            let told = address_of(&line).is_some_and(|address| found.send(address).is_ok());
            if told && log == Log::Dropped {
                let _ = drop_rest(errors);
                return;
            }
            line.clear();
        }
    });
    address.recv_timeout(PATIENCE).ok()
}

fn address_of(line: &str) -> Option<SocketAddr> {
    let (_, address) = line.split_once(LISTENING)?;
    let end = address.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ':'));
    address[..end.unwrap_or(address.len())].parse().ok()
}

fn drop_rest(mut errors: impl Read) -> io::Result<u64> {
    io::copy(
        &mut errors,
        &mut OpenOptions::new().write(true).open("/dev/null")?,
    )
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
