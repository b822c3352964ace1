//! A program of the tests as a process of its own: its log is read to its end, and it is ended by its own id.

use std::{
    fs::OpenOptions,
    io::{self, BufRead, BufReader, Read},
    net::{SocketAddr, TcpStream},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::Memory;

/// How often it is looked whether a process has ended.
const LOOK: Duration = Duration::from_millis(5);

/// A running process; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Process {
    child: Mutex<Child>,
    pid: u32,
    lines: Lines,
}

/// What a process has logged so far.
type Lines = Arc<Mutex<Vec<String>>>;

/// What becomes of a process's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Log {
    /// It is part of what a test prints.
    Shown,
    /// It is kept to be searched, and too long to be shown.
    Kept,
    /// It is read and thrown away, as cheaply as can be.
    Dropped,
}

impl Process {
    /// Starts it without input; of its output only standard error is heard, line by line, until `hear` says that it has heard enough.
    pub(crate) fn start(
        command: &mut Command,
        log: Log,
        hear: impl FnMut(&str) -> bool + Send + 'static,
    ) -> Result<Self> {
        command.stdin(Stdio::null()).stderr(Stdio::piped());
        let mut child = command
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        let errors = child.stderr.take().context("no standard error")?;
        let lines = Lines::default();
        let ear = Ear {
            log,
            lines: lines.clone(),
            hear,
        };
        thread::spawn(move || ear.listen(errors));
        let pid = child.id();
        Ok(Self {
            child: Mutex::new(child),
            pid,
            lines,
        })
    }

    /// The lines of its log so far that hold this; none where it is dropped.
    pub(crate) fn logged(&self, text: &str) -> Vec<String> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let found = lines.iter().filter(|line| line.contains(text));
        found.cloned().collect()
    }

    /// The operating system's id of it.
    pub(crate) const fn pid(&self) -> u32 {
        self.pid
    }

    /// How much memory it has.
    pub(crate) fn memory(&self) -> Result<Memory> {
        Memory::of(self.pid)
    }

    /// How it ended; none while it runs.
    pub(crate) fn ended(&self) -> Result<Option<ExitStatus>> {
        Ok(self.child().try_wait()?)
    }

    /// Waits until it accepts connections here, where nothing else does.
    pub(crate) fn listens(&self, address: SocketAddr, patience: Duration) -> Result<()> {
        let since = Instant::now();
        while TcpStream::connect(address).is_err() {
            if let Some(status) = self.ended()? {
                bail!("process {} ended before it listened: {status}", self.pid);
            }
            if since.elapsed() > patience {
                bail!("process {} does not listen after {patience:?}", self.pid);
            }
            thread::sleep(LOOK);
        }
        Ok(())
    }

    /// Waits until it has ended.
    pub(crate) fn wait(&self, patience: Duration) -> Result<ExitStatus> {
        let since = Instant::now();
        loop {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            if since.elapsed() > patience {
                bail!("process {} goes on after {patience:?}", self.pid);
            }
            thread::sleep(LOOK);
        }
    }

    /// Asks it to end (SIGTERM).
    pub(crate) fn terminate(&self) -> Result<()> {
        Ok(kill(Pid::from_raw(self.pid.try_into()?), Signal::SIGTERM)?)
    }

    /// Ends it at once (SIGKILL).
    pub(crate) fn kill(&self) -> Result<()> {
        let mut child = self.child();
        child.kill()?;
        child.wait()?;
        Ok(())
    }

    fn child(&self) -> MutexGuard<'_, Child> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

/// Reads a log.
struct Ear<F> {
    log: Log,
    lines: Lines,
    hear: F,
}

impl<F: FnMut(&str) -> bool> Ear<F> {
    fn listen(mut self, errors: impl Read) {
        let mut errors = BufReader::new(errors);
        let (mut line, mut enough) = (String::new(), false);
        while errors.read_line(&mut line).is_ok_and(|read| read > 0) {
            self.keep(&line);
            enough = enough || (self.hear)(&line);
            if enough && self.log == Log::Dropped {
                let _ = drop_rest(errors);
                return;
            }
            line.clear();
        }
    }

    fn keep(&self, line: &str) {
        if self.log == Log::Shown {
            show(line);
        }
        if self.log != Log::Dropped {
            let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
            lines.push(line.to_owned());
        }
    }
}

#[expect(
    clippy::print_stderr,
    reason = "a test shows what its server logged, where it fails"
)]
fn show(line: &str) {
    eprint!("server: {line}");
}

fn drop_rest(mut errors: impl Read) -> io::Result<u64> {
    io::copy(
        &mut errors,
        &mut OpenOptions::new().write(true).open("/dev/null")?,
    )
}
