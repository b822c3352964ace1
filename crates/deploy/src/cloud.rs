//! What is asked of AWS, in the words of the resources. Two implementations: [`crate::aws`] asks AWS, and the tests have one in memory.
//!
//! Reading is coarse: one method tells all there is to compare of a resource, in as many calls as AWS needs for it. Writing is fine: each method
//! is one call, so that a run can be cut off between any two. What a method tells of is what [`crate::resource::Resource::Spec`] compares:
//! an identifier or a state of AWS's own making is left out of the comparison.

mod alarms;
mod buckets;
mod cdn;
mod document;
mod error;
mod functions;
mod identity;
mod logs;
mod roles;
mod schedules;

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;

pub use alarms::{Alarm, Alarms};
pub use buckets::{
    Bucket, Buckets, CorsRule, LifecycleRule, Object, PublicAccessBlock, Upload,
    Version as ObjectVersion,
};
pub use cdn::{
    Behaviour, Cdn, Certificate, Distribution, HeadersPolicy, Made as MadeDistribution, Origin,
    OriginAccess,
};
pub use document::Document;
pub use error::{CallError, Kind, found};
pub use functions::{
    Auth, Code, Concurrency, Configuration, Function, FunctionUrl, Functions, Grant, Invocation,
    Live, SCHEDULE_GRANT, State, Version,
};
pub use identity::{Caller, Identity};
pub use logs::{LogEvent, LogGroup, Logs};
pub use roles::{Role, Roles};
pub use schedules::{Rule, Schedules, Target};

/// The tags of a resource, by key.
pub type Tags = BTreeMap<String, String>;

/// What a call answers.
pub type Answer<T = ()> = Result<T, CallError>;

/// One account and region, as a deployment sees it.
#[derive(Clone)]
pub struct Cloud {
    /// Who asks: STS.
    pub identity: Arc<dyn Identity>,
    /// IAM.
    pub roles: Arc<dyn Roles>,
    /// S3.
    pub buckets: Arc<dyn Buckets>,
    /// CloudWatch Logs.
    pub logs: Arc<dyn Logs>,
    /// Lambda.
    pub functions: Arc<dyn Functions>,
    /// CloudFront.
    pub cdn: Arc<dyn Cdn>,
    /// EventBridge.
    pub schedules: Arc<dyn Schedules>,
    /// CloudWatch.
    pub alarms: Arc<dyn Alarms>,
    /// How many calls were made.
    pub calls: Arc<dyn Calls>,
}

/// Counts calls, each once however often it had to be repeated.
pub trait Calls: Send + Sync {
    /// How often each operation was called since the beginning, as in `iam:GetRole`.
    fn counts(&self) -> BTreeMap<String, u64>;
}

/// What can be tagged after it was made: each service has calls of its own for it.
#[async_trait]
pub trait Tagged: Send + Sync {
    /// Adds tags to what `name` names, or changes them.
    async fn tag(&self, name: &str, tags: &Tags) -> Answer;
    /// Removes tags.
    async fn untag(&self, name: &str, keys: &[String]) -> Answer;
}
