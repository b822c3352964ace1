//! What a run of `deploy` came to.

use std::{collections::BTreeMap, fmt, time::Duration};

use anyhow::{Context, Result};
use serde_json::Value;

/// How a run ended, and all that it said.
#[derive(Clone, Debug)]
pub struct Ran {
    /// Its exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// What it was asked for.
    pub stdout: String,
    /// What it told on the way.
    pub stderr: String,
    /// From start to end.
    pub took: Duration,
}

impl Ran {
    /// The lines of a run with `--json`.
    ///
    /// # Errors
    /// When one is no JSON.
    pub fn lines(&self) -> Result<Vec<Value>> {
        let lines = self.stdout.lines();
        let read = lines.map(|line| serde_json::from_str(line).with_context(|| line.to_owned()));
        read.collect()
    }

    /// The summary of a region of a run with `--json`, the first where none is named.
    ///
    /// # Errors
    /// When there is none.
    pub fn summary(&self, region: Option<&str>) -> Result<Value> {
        // What people asked to read goes alone to standard output: the summary is beside it then.
        let mut ends = [&self.stdout, &self.stderr]
            .into_iter()
            .filter_map(|said| said.lines().last());
        let last = ends.find_map(|line| {
            serde_json::from_str::<Value>(line)
                .ok()
                .filter(|line| line["summary"].is_array())
        });
        let last = last.with_context(|| format!("no summary: {self}"))?;
        let all = last["summary"].as_array().context("no summary")?;
        let mut found = all
            .iter()
            .filter(|one| region.is_none_or(|region| one["region"] == region));
        found.next().cloned().context("no summary of this region")
    }

    /// How often each operation was asked of AWS, by the summary of a run with `--json`.
    ///
    /// # Errors
    /// As [`Self::summary`].
    pub fn calls(&self) -> Result<BTreeMap<String, u64>> {
        Ok(serde_json::from_value(
            self.summary(None)?["calls"].clone(),
        )?)
    }

    /// Whether it said this, to people or to programs.
    #[must_use]
    pub fn says(&self, text: &str) -> bool {
        self.stderr.contains(text) || self.stdout.contains(text)
    }
}

impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            code,
            stdout,
            stderr,
            took,
        } = self;
        write!(f, "{code:?} after {took:?}\n{stdout}\n{stderr}")
    }
}
