//! A process that ends with this one, whatever ends it, and leaves nothing behind.

use std::{
    fs,
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result};
use tempfile::TempDir;

/// Starts what it is told in a session of its own, waits until its input is closed, which the system does when a process
/// ends, and removes all of it: `FOLDER [FILE..] -- COMMAND..`.
const GUARD: &str = r#"
    cd "$1" || exit 1
    left=$1
    shift
    while [ "$1" != -- ]; do left="$left $1"; shift; done
    shift
    setsid "$@" </dev/null >log 2>&1 &
    read -r _
    kill -KILL "-$!" "$!" 2>/dev/null
    wait
    rm -rf $left
"#;

/// A running program with a folder of its own, in which it runs and which is its home.
#[derive(Debug)]
pub(crate) struct Process {
    guard: Child,
    folder: TempDir,
}

impl Process {
    /// Starts it; what it prints is kept in its folder. These files are removed after it has ended.
    pub(crate) fn start(command: Command, folder: TempDir, leaves: &[String]) -> Result<Self> {
        let program = command.get_program().to_owned();
        let mut guard = Command::new("sh");
        guard.args(["-c", GUARD, "sh"]).arg(folder.path());
        guard
            .args(leaves)
            .arg("--")
            .arg(&program)
            .args(command.get_args());
        guard.env_clear();
        guard.envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
        guard
            .env("HOME", folder.path())
            .env("TMPDIR", folder.path());
        // A signal to everything that belongs to a test is not for the guard: it has to clean up.
        guard.process_group(0);
        guard
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let guard = guard
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        Ok(Self { guard, folder })
    }

    /// The end of what it printed.
    pub(crate) fn log(&self) -> String {
        let log = fs::read(self.folder.path().join("log")).unwrap_or_default();
        String::from_utf8_lossy(&log[log.len().saturating_sub(4_000)..]).into_owned()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}
