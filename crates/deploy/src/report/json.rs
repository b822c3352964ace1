//! For programs: one JSON object a line for each thing that happens, and at the end one with the summary of each region.

use std::{
    io::Write,
    sync::{Mutex, PoisonError},
};

use anyhow::Result;
use serde_json::{Value, json};

use super::{
    Summary,
    desk::{Show, Step},
};

/// JSON lines.
pub(super) struct Json(Mutex<Box<dyn Write + Send>>);

impl Json {
    pub(super) fn to(out: impl Write + Send + 'static) -> Self {
        Self(Mutex::new(Box::new(out)))
    }

    fn line(&self, line: &Value) -> Result<()> {
        let mut out = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(out, "{line}")?;
        Ok(out.flush()?)
    }
}

impl Show for Json {
    fn step(&self, step: &Step<'_>) {
        let line = json!({
            "region": step.region,
            "resource": step.resource.to_string(),
            "event": step.event,
            "seconds": step.took.as_secs_f64(),
        });
        // That nobody reads is no reason to stop half-way; the last line tells.
        let _ = self.line(&line);
    }

    fn say(&self, region: &str, line: &str) {
        let _ = self.line(&json!({ "region": region, "say": line }));
    }

    fn end(&self, all: &[Summary]) -> Result<()> {
        self.line(&json!({ "summary": all }))
    }
}
