//! On a terminal: a live line with its time for whatever is being worked on, and above them what is done.

use std::{
    collections::HashMap,
    io::{self, Write},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use anyhow::Result;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::{doing, prefixed, said};
use crate::{
    report::{
        Event, Summary,
        desk::{Show, Step},
    },
    resource::ResourceId,
};

/// Live lines.
pub(in crate::report) struct Live {
    screen: MultiProgress,
    working: Mutex<HashMap<(String, ResourceId), ProgressBar>>,
    /// For what the run came to.
    end: Mutex<Box<dyn Write + Send>>,
    several: bool,
}

impl Live {
    /// On standard error, so that standard output can go elsewhere; what the run came to goes to `end`.
    pub(in crate::report) fn on_screen(end: impl Write + Send + 'static, several: bool) -> Self {
        Self::on(ProgressDrawTarget::stderr(), end, several)
    }

    pub(in crate::report) fn on(
        target: ProgressDrawTarget,
        end: impl Write + Send + 'static,
        several: bool,
    ) -> Self {
        Self {
            screen: MultiProgress::with_draw_target(target),
            working: Mutex::default(),
            end: Mutex::new(Box::new(end)),
            several,
        }
    }

    fn begin(&self, step: &Step<'_>, doing: &str) {
        let line = self
            .screen
            .add(ProgressBar::new_spinner().with_style(style()));
        let text = format!("{doing:<9} {}", step.resource);
        line.set_message(prefixed(step.region, self.several, &text));
        line.enable_steady_tick(Duration::from_millis(120));
        let mut working = self.working.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(old) = working.insert(key(step), line) {
            old.finish_and_clear();
        }
    }

    fn end_line(&self, step: &Step<'_>) {
        let mut working = self.working.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = working.remove(&key(step)) {
            line.finish_and_clear();
        }
    }

    fn line(&self, region: &str, line: &str) {
        // That nobody sees it is no reason to stop half-way.
        let _ = self.screen.println(prefixed(region, self.several, line));
    }
}

fn key(step: &Step<'_>) -> (String, ResourceId) {
    (step.region.to_owned(), step.resource.clone())
}

fn style() -> ProgressStyle {
    let took = |state: &ProgressState, out: &mut dyn std::fmt::Write| {
        let _ = write!(out, "{} s", state.elapsed().as_secs());
    };
    let style = ProgressStyle::with_template("{msg}  {took}{prefix}");
    style
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
        .with_key("took", took)
}

impl Show for Live {
    fn step(&self, step: &Step<'_>) {
        match step.event {
            Event::Begun(verb) => self.begin(step, doing(*verb)),
            Event::Waiting(reason) => {
                let working = self.working.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(line) = working.get(&key(step)) {
                    line.set_prefix(format!("  {reason}"));
                }
            }
            Event::Done(..) | Event::Differs(_) | Event::Kept(_) | Event::Failed(..) => {
                self.end_line(step);
                if let Some(line) = said(step) {
                    self.line(step.region, &line);
                }
            }
        }
    }

    fn say(&self, region: &str, line: &str) {
        self.line(region, line);
    }

    fn end(&self, all: &[Summary]) -> Result<()> {
        self.screen.clear()?;
        let mut end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        super::end(&mut *end, io::stderr(), self.several, all)
    }
}
