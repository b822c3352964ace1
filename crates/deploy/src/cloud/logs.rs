//! CloudWatch Logs.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{Answer, Tagged, Tags};

/// A group of log streams.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogGroup {
    /// After so many days a line is removed; without a number it never is.
    pub retention_days: Option<i32>,
    /// Its tags.
    pub tags: Tags,
}

/// A line of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEvent {
    /// AWS's id of it.
    pub id: String,
    /// When it was written, in milliseconds since 1970.
    pub time: i64,
    /// What it says.
    pub message: String,
}

/// CloudWatch Logs. `name` is the group's; tags go by its ARN.
#[async_trait]
pub trait Logs: Tagged {
    /// The group of exactly this name, if it is there.
    async fn log_group(&self, name: &str) -> Answer<Option<LogGroup>>;
    /// Makes it, tagged from its first moment.
    async fn create_log_group(&self, name: &str, tags: &Tags) -> Answer;
    /// Sets after how many days a line is removed.
    async fn put_retention(&self, name: &str, days: i32) -> Answer;
    /// Removes it, with all that is in it.
    async fn delete_log_group(&self, name: &str) -> Answer;
    /// Lines written at `since` (milliseconds since 1970) or later, oldest first: those of one answer, which may be none where there are more, and
    /// where the next answer goes on.
    async fn log_events(
        &self,
        name: &str,
        since: i64,
        next: Option<String>,
    ) -> Answer<(Vec<LogEvent>, Option<String>)>;
}
