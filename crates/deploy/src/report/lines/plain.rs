//! Where there is no terminal: a line a step, none of them ever changed.

use std::{
    collections::HashMap,
    io::Write,
    sync::{Mutex, PoisonError},
};

use anyhow::Result;

use super::{prefixed, said};
use crate::{
    report::{
        Event, Summary,
        desk::{Show, Step},
    },
    resource::ResourceId,
};

/// Lines.
pub(in crate::report) struct Plain {
    out: Mutex<Out>,
    several: bool,
}

struct Out {
    steps: Box<dyn Write + Send>,
    end: Box<dyn Write + Send>,
    /// What each resource waits for, so that it is said once.
    waits: HashMap<(String, ResourceId), String>,
}

impl Plain {
    /// Steps to the one, what the run came to the other.
    pub(in crate::report) fn to(
        steps: impl Write + Send + 'static,
        end: impl Write + Send + 'static,
        several: bool,
    ) -> Self {
        let out = Out {
            steps: Box::new(steps),
            end: Box::new(end),
            waits: HashMap::new(),
        };
        Self {
            out: Mutex::new(out),
            several,
        }
    }

    fn line(&self, region: &str, line: &str) {
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        // That nobody reads is no reason to stop half-way.
        let _ = writeln!(out.steps, "{}", prefixed(region, self.several, line));
    }

    /// Whether it waits for something else than it did.
    fn news(&self, step: &Step<'_>, reason: &str) -> bool {
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        let who = (step.region.to_owned(), step.resource.clone());
        out.waits.insert(who, reason.into()).as_deref() != Some(reason)
    }
}

impl Show for Plain {
    fn step(&self, step: &Step<'_>) {
        if let Event::Waiting(reason) = step.event {
            if self.news(step, reason) {
                let line = format!("waiting   {}: {reason}", step.resource);
                self.line(step.region, &line);
            }
        } else if let Some(line) = said(step) {
            self.line(step.region, &line);
        }
    }

    fn say(&self, region: &str, line: &str) {
        self.line(region, line);
    }

    fn end(&self, all: &[Summary]) -> Result<()> {
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        let Out { steps, end, .. } = &mut *out;
        super::end(end, steps, self.several, all)
    }
}
