//! EventBridge.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{Answer, Tagged, Tags};

/// A rule that sends events at times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// When: `rate(15 minutes)`.
    pub expression: String,
    /// Whether it sends.
    pub enabled: bool,
    /// To whom, by ids of ours.
    pub targets: BTreeMap<String, Target>,
    /// Its tags.
    pub tags: Tags,
}

/// To whom a rule sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The ARN of a function's alias.
    pub arn: String,
    /// Text that is sent in place of the event: none.
    pub input: Option<String>,
}

/// EventBridge. `name` is the rule's, on the bus `default`; tags go by its ARN.
#[async_trait]
pub trait Schedules: Tagged {
    /// The rule, if it is there.
    async fn rule(&self, name: &str) -> Answer<Option<Rule>>;
    /// Makes it with its tags and without targets, or changes when it sends; the tags of what is there stay.
    async fn put_rule(&self, name: &str, rule: &Rule) -> Answer;
    /// Adds a target, or changes it.
    async fn put_target(&self, name: &str, id: &str, target: &Target) -> Answer;
    /// Removes a target.
    async fn remove_target(&self, name: &str, id: &str) -> Answer;
    /// Removes the rule, which must have no targets any more.
    async fn delete_rule(&self, name: &str) -> Answer;
}
