//! Which step of a pipeline each event belongs to, and how each step ended.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use crate::{
    report::{Event, Verb, desk::Step},
    resource::ResourceId,
};

/// The steps, and the kinds of resources that belong to each. `runtime` and `invoke` are shown by the function: it is done when runtime,
/// architecture and memory are as wanted, and the version that serves has answered.
const STEPS: [(&str, &[&str]); 8] = [
    ("stages", &["bucket", "log_group"]),
    ("artifact", &["artifact"]),
    ("role", &["role"]),
    ("function", &["function", "schedule", "alarms"]),
    ("runtime", &["function"]),
    (INVOKE, &["function"]),
    (
        "function URL",
        &[
            "function_url",
            "headers_policy",
            "origin_access",
            "distribution",
        ],
    ),
    (DELETE, &[]),
];
/// The version that serves, asked.
const INVOKE: &str = "invoke";
/// Whatever is removed.
const DELETE: &str = "delete";

/// How the steps of a region went.
#[derive(Default)]
pub(super) struct Steps(BTreeMap<&'static str, Went>);

/// How a step went.
#[derive(Default)]
struct Went {
    /// How long its resources took, one after the other.
    took: Duration,
    /// What was read, and not yet brought to where it should be.
    left: BTreeSet<ResourceId>,
    /// Something was brought there.
    done: bool,
    failures: Vec<String>,
}

/// How a step ended.
pub(super) enum End {
    Passed,
    Failed(String),
    /// It was no part of this run, or the run did not come to it.
    Skipped,
}

impl Steps {
    pub(super) fn note(&mut self, step: &Step<'_>) {
        if removes(step.event) {
            for went in self.0.values_mut() {
                went.left.remove(step.resource);
            }
        }
        for name in belongs(step.resource.kind, step.event) {
            self.0.entry(name).or_default().note(step);
        }
    }

    /// How long a step took.
    pub(super) fn took(&self, name: &str) -> Duration {
        self.0.get(name).map(|went| went.took).unwrap_or_default()
    }

    /// How each step ended. An error that is no step's own is that of the first that was not come to; where all were, the version that
    /// serves does not do what it should.
    pub(super) fn ends(&self, error: Option<&str>) -> Vec<(&'static str, End)> {
        let removed = self.0.contains_key(DELETE);
        let names = STEPS.map(|(name, _)| name).into_iter();
        let names = names.filter(|name| *name != DELETE || removed);
        let mut ends: Vec<_> = names
            .map(|name| (name, end(self.0.get(name), error.is_some(), removed)))
            .collect();
        let failed = |(_, end): &(_, End)| matches!(end, End::Failed(_));
        if let Some(error) = error.filter(|_| !ends.iter().any(failed)) {
            let skipped = |(_, end): &(_, End)| matches!(end, End::Skipped);
            let invoke = |(name, _): &(&str, End)| *name == INVOKE;
            let first = ends.iter().position(skipped);
            let at = first.or_else(|| ends.iter().position(invoke));
            if let Some((_, end)) = at.and_then(|at| ends.get_mut(at)) {
                *end = End::Failed(error.into());
            }
        }
        ends
    }
}

impl Went {
    fn note(&mut self, step: &Step<'_>) {
        if !matches!(step.event, Event::Waiting(_)) {
            self.took += step.took;
        }
        let failure = match step.event {
            Event::Begun(Verb::Observe) | Event::Done(Verb::Observe, _) => {
                self.left.insert(step.resource.clone());
                return;
            }
            Event::Done(..) | Event::Kept(_) => {
                self.left.remove(step.resource);
                self.done = true;
                return;
            }
            Event::Begun(_) | Event::Waiting(_) => return,
            Event::Failed(_, reason) => reason.clone(),
            Event::Differs(fields) => fields.join("; "),
        };
        self.failures.push(format!("{}: {failure}", step.resource));
    }
}

/// Where nothing is removed, what was only read was as it should be, unless the run was cut off.
fn end(went: Option<&Went>, cut_off: bool, removed: bool) -> End {
    match went {
        None => End::Skipped,
        Some(went) if !went.failures.is_empty() => End::Failed(went.failures.join("\n")),
        Some(went) if cut_off && !went.left.is_empty() => End::Skipped,
        Some(went) if removed && !went.done => End::Skipped,
        Some(_) => End::Passed,
    }
}

fn removes(event: &Event) -> bool {
    matches!(
        event,
        Event::Begun(Verb::Delete)
            | Event::Done(Verb::Delete, _)
            | Event::Failed(Verb::Delete, _)
            | Event::Kept(_)
    )
}

/// The steps that an event belongs to. What fails a function fails the step `function` alone: those after it are not come to.
fn belongs(kind: &str, event: &Event) -> impl Iterator<Item = &'static str> {
    let removed = removes(event);
    let failed = matches!(event, Event::Failed(..) | Event::Differs(_));
    let of = move |name: &str, kinds: &[&str]| match (removed, failed) {
        (true, _) => name == DELETE,
        (false, true) => kinds.contains(&kind) && name != "runtime" && name != INVOKE,
        (false, false) => kinds.contains(&kind),
    };
    let names: Vec<_> = STEPS
        .into_iter()
        .filter(|(name, kinds)| of(name, kinds))
        .map(|(name, _)| name)
        .collect();
    names.into_iter()
}
