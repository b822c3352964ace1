//! Counts the operations that are asked of AWS.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{Intercept, context::BeforeSerializationInterceptorContextRef},
        orchestrator::Metadata,
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;

use crate::cloud::Calls;

/// One count for all clients of a connection.
#[derive(Clone, Debug, Default)]
pub(super) struct Counter(Arc<Mutex<BTreeMap<String, u64>>>);

impl Intercept for Counter {
    fn name(&self) -> &'static str {
        "Counter"
    }

    /// Once an operation: its attempts come later. Before this nobody knows yet which operation it is.
    fn read_before_serialization(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        settings: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(operation) = settings.load::<Metadata>() {
            let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            *counts.entry(name(operation)).or_default() += 1;
        }
        Ok(())
    }
}

impl Calls for Counter {
    fn counts(&self) -> BTreeMap<String, u64> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.clone()
    }
}

/// `iam:GetRole`: the service as policies name it, the operation as its interface does.
fn name(operation: &Metadata) -> String {
    let service = match operation.service() {
        "CloudWatch Logs" => "logs".into(),
        "EventBridge" => "events".into(),
        service => service.to_lowercase(),
    };
    format!("{service}:{}", operation.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_named_as_in_policies() {
        let named = |service: &'static str| name(&Metadata::new("TagResource", service));
        assert_eq!(named("IAM"), "iam:TagResource");
        assert_eq!(named("CloudWatch Logs"), "logs:TagResource");
        assert_eq!(named("EventBridge"), "events:TagResource");
        assert_eq!(named("CloudWatch"), "cloudwatch:TagResource");
    }
}
