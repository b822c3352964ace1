//! A sweep in a process of its own, so that it can be killed.

use std::{
    io::Read,
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, ensure};

use super::{LAST_WORDS, PROGRAM, Point, VARIABLE};
use crate::{Shared, server};

/// A running sweep; it ends when this is dropped.
#[derive(Debug)]
pub struct Sweeping(Child);

/// So long from now, in milliseconds since 1970.
///
/// # Errors
/// When the clock stands before 1970.
pub fn later(than_now: Duration) -> Result<u64> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH)? + than_now;
    Ok(since.as_millis().try_into()?)
}

impl Sweeping {
    /// Begins one sweep by a clock that stands still at `at`.
    ///
    /// # Errors
    /// When the program is not built.
    pub fn begin(storage: &impl Shared, at: u64) -> Result<Self> {
        Self::launch(storage, &["sweep", &at.to_string()], None)
    }

    /// Begins to sweep by the system's clock, again and again, without a pause.
    ///
    /// # Errors
    /// As [`Self::begin`].
    pub fn for_ever(storage: &impl Shared) -> Result<Self> {
        Self::launch(storage, &["sweep-for-ever"], None)
    }

    /// One sweep by a clock that stands still at `at`, to its end: nothing of it may fail.
    ///
    /// # Errors
    /// When something did.
    pub fn whole(storage: &impl Shared, at: u64) -> Result<()> {
        let (status, said) = Self::begin(storage, at)?.end()?;
        ensure!(status.success(), "the sweep failed: {status}: {said}");
        Ok(())
    }

    /// One sweep by a clock that stands still at `at`, ended at this point.
    ///
    /// # Errors
    /// When it ended in another way.
    pub fn crash(storage: &impl Shared, at: u64, point: Point) -> Result<()> {
        let sweep = Self::launch(storage, &["sweep", &at.to_string()], Some(point))?;
        let (status, said) = sweep.end()?;
        ended_at(point, status, &said)
    }

    /// Kills it; whether it had not ended before.
    ///
    /// # Errors
    /// When it cannot be signalled, or had failed.
    pub fn kill(mut self) -> Result<bool> {
        self.0.kill()?;
        let (status, said) = self.end()?;
        ensure!(
            status.success() || status.code().is_none(),
            "the sweep failed: {status}: {said}"
        );
        Ok(!status.success())
    }

    /// Waits for its end; what it said.
    fn end(mut self) -> Result<(ExitStatus, String)> {
        let mut said = String::new();
        let mut errors = self.0.stderr.take().context("no standard error")?;
        errors.read_to_string(&mut said)?;
        Ok((self.0.wait()?, said))
    }

    fn launch(storage: &impl Shared, arguments: &[&str], point: Option<Point>) -> Result<Self> {
        let mut command = Command::new(server::binary(PROGRAM)?);
        command
            .args(arguments)
            .env_clear()
            .envs(storage.variables())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        if let Some(point) = point {
            command.env(VARIABLE, point.to_string());
        }
        let child = command.spawn();
        Ok(Self(
            child.with_context(|| format!("cannot start {PROGRAM}"))?,
        ))
    }
}

impl Drop for Sweeping {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Sees that a process that ended so, and said this, ended at the point by its own hand.
pub(crate) fn ended_at(point: Point, status: ExitStatus, said: &str) -> Result<()> {
    use std::os::unix::process::ExitStatusExt;
    ensure!(
        status.signal() == Some(9),
        "{point}: it ended otherwise: {status}: {said}"
    );
    let named = said.matches(&format!("{LAST_WORDS}{point}\n")).count();
    ensure!(named == 1, "{point}: it did not end there: {said}");
    Ok(())
}
