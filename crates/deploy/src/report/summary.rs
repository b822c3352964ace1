//! What a run came to.

use std::{collections::BTreeMap, fmt};

use serde::{Serialize, Serializer};

use crate::names::Stage;

/// What a run came to in one region.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// The stage.
    #[serde(serialize_with = "name")]
    pub stage: Stage,
    /// What was done: `up`.
    pub action: &'static str,
    /// The region.
    pub region: String,
    /// Resources that were changed.
    pub changed: Vec<String>,
    /// How many resources are not as wanted.
    pub drift: usize,
    /// Where people find each service.
    pub urls: BTreeMap<String, String>,
    /// How often AWS was called, by operation.
    pub calls: BTreeMap<String, u64>,
    /// How long it took.
    pub seconds: f64,
    /// Why it failed.
    pub error: Option<String>,
}

fn name<S: Serializer>(stage: &Stage, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(stage.name())
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            stage,
            action,
            region,
            changed,
            drift,
            urls,
            calls,
            seconds,
            error,
        } = self;
        for (app, url) in urls {
            writeln!(f, "{app:<7}{url}")?;
        }
        let looks = !["up", "plan", "verify", "lock-down", "down"].contains(action);
        let came_to = match (error, changed.len(), drift) {
            (None, 0, 0) if looks => "done".into(),
            (Some(_), 0, _) => "failed, nothing changed".into(),
            (Some(_), some, _) => format!("failed, {some} changed"),
            (None, 0, 0) => "nothing to change".into(),
            (None, 0, some) => format!("{some} not as wanted"),
            (None, some, 0) => format!("{some} changed"),
            (None, some, left) => format!("{some} changed, {left} not as wanted"),
        };
        let calls: u64 = calls.values().sum();
        // Where nobody knows the region yet, nothing was asked there.
        let place = if region.is_empty() {
            String::new()
        } else {
            format!(" in {region}")
        };
        write!(
            f,
            "{stage} {action}{place}: {came_to}; {calls} calls to AWS, {seconds:.1} s"
        )
    }
}
