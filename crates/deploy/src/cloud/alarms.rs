//! CloudWatch's alarms.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{Answer, Tags};

/// Tells people when a figure of a function is too high.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alarm {
    /// Whose it is, where people read it when it rings.
    pub remark: String,
    /// The figure, in AWS's namespace `AWS/Lambda`: `Errors`.
    pub metric: String,
    /// The function.
    pub function: String,
    /// How the figures of a period become one: `Sum`, `Maximum`.
    pub statistic: String,
    /// Seconds of a period.
    pub period_s: i32,
    /// So many periods in a row.
    pub periods: i32,
    /// The alarm rings at this value and above.
    pub threshold: f64,
    /// `GreaterThanOrEqualToThreshold`.
    pub comparison: String,
    /// What no figures mean: `notBreaching`.
    pub without_figures: String,
    /// ARNs of the topics that are told.
    pub actions: Vec<String>,
    /// Whether they are told.
    pub enabled: bool,
    /// The tags that it is made with. They are not read back, which would take a call for each alarm.
    #[serde(skip)]
    pub tags: Tags,
}

/// CloudWatch.
#[async_trait]
pub trait Alarms: Send + Sync {
    /// Those alarms of these names that are there, by name.
    async fn alarms(&self, names: &[String]) -> Answer<BTreeMap<String, Alarm>>;
    /// Makes one with its tags, or changes it; the tags of what is there stay.
    async fn put_alarm(&self, name: &str, alarm: &Alarm) -> Answer;
    /// Removes those of these names.
    async fn delete_alarms(&self, names: &[String]) -> Answer;
}
