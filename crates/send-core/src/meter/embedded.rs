//! Figures for CloudWatch, as a line of the log that it reads: the embedded metric format.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::{Map, Value, json};
use storage::counted::Outcome;

use crate::{
    clock::Millis,
    usage::{EVERY, Figures},
};

/// The namespace of our figures.
const NAMESPACE: &str = "SGraphSend";
/// Values of one figure that a line may hold: CloudWatch's specification of the format. Of more requests the first are told.
const MOST_VALUES: usize = 100;

/// What was counted since the last line.
pub(super) struct Embedded {
    service: &'static str,
    since: Mutex<Since>,
}

#[derive(Default)]
struct Since {
    figures: Figures,
    calls: u64,
    failed_calls: u64,
    /// How long requests took, in milliseconds.
    durations: Vec<f64>,
    /// When the last line was made.
    taken: Option<Millis>,
}

impl Embedded {
    pub(super) fn new(service: &'static str) -> Self {
        Self {
            service,
            since: Mutex::default(),
        }
    }

    pub(super) fn tell(&self, figures: Figures) {
        let mut since = self.lock();
        since.figures = since.figures.plus(figures);
    }

    pub(super) fn answered(&self, took: Duration, figures: Figures) {
        let mut since = self.lock();
        since.figures = since.figures.plus(figures);
        if since.durations.len() < MOST_VALUES {
            since
                .durations
                .push((took.as_secs_f64() * 1e6).round() / 1e3);
        }
    }

    pub(super) fn storage(&self, outcome: Outcome) {
        let mut since = self.lock();
        since.calls += 1;
        match outcome {
            Outcome::Failed => since.failed_calls += 1,
            Outcome::Done | Outcome::NotFound | Outcome::Unmet => {}
        }
    }

    /// A line of what there is.
    fn take(&self, now: Millis) -> Option<String> {
        let mut since = self.lock();
        if since.figures.is_nothing() && since.calls == 0 {
            return None;
        }
        let fresh = Since {
            taken: Some(now),
            ..Since::default()
        };
        let told = std::mem::replace(&mut *since, fresh);
        drop(since);
        Some(line(self.service, now, told))
    }

    /// A line, unless there was one just now.
    pub(super) fn take_if_due(&self, now: Millis) -> Option<String> {
        let taken = self.lock().taken;
        let rests = taken.is_some_and(|taken| taken <= now && now.since(taken) < EVERY);
        if rests { None } else { self.take(now) }
    }

    fn lock(&self) -> MutexGuard<'_, Since> {
        self.since.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `Failures` and `StorageFailures` are told when they are none too, since alarms look at them.
fn line(service: &str, now: Millis, told: Since) -> String {
    let Since {
        figures,
        calls,
        failed_calls,
        durations,
        taken: _,
    } = told;
    let metrics: Vec<(&str, &str, Value)> = vec![
        ("Requests", "Count", figures.requests.into()),
        ("Refusals", "Count", figures.refusals.into()),
        ("Failures", "Count", figures.failures.into()),
        ("Transfers", "Count", figures.transfers.into()),
        ("Claims", "Count", figures.claims.into()),
        ("BytesStored", "Bytes", figures.bytes_stored.into()),
        ("BytesServed", "Bytes", figures.bytes_served.into()),
        ("StorageCalls", "Count", calls.into()),
        ("StorageFailures", "Count", failed_calls.into()),
        ("Duration", "Milliseconds", durations.into()),
    ];
    let told = |value: &Value| value.as_array().is_none_or(|values| !values.is_empty());
    let metrics = metrics.into_iter().filter(|(_, _, value)| told(value));
    let (mut names, mut root) = (Vec::new(), Map::new());
    for (name, unit, value) in metrics {
        names.push(json!({ "Name": name, "Unit": unit }));
        root.insert(name.to_owned(), value);
    }
    root.insert("service".to_owned(), service.into());
    let directive =
        json!({ "Namespace": NAMESPACE, "Dimensions": [["service"]], "Metrics": names });
    let about = json!({ "Timestamp": now, "CloudWatchMetrics": [directive] });
    root.insert("_aws".to_owned(), about);
    Value::Object(root).to_string()
}
