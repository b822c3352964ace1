//! What Lambda tells of a function, in our words. What it leaves out is as Lambda has it by default.

use std::collections::BTreeMap;

use aws_sdk_lambda::{
    operation::{get_alias::GetAliasOutput, get_function::GetFunctionOutput, invoke::InvokeOutput},
    types::{self, FunctionConfiguration, LastUpdateStatus},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;

use super::hexadecimal;
use crate::cloud::{Configuration, Function, Invocation, Live, State, Version};

/// A function and, with its alias, what serves.
pub(super) fn function(
    name: &str,
    latest: GetFunctionOutput,
    live: Option<(GetAliasOutput, GetFunctionOutput)>,
) -> Function {
    let told = latest.configuration.unwrap_or_else(empty);
    let (revision, state) = (told.revision_id.clone(), state(&told));
    let reserved = latest.concurrency;
    Function {
        configuration: configuration(name, told),
        concurrency: reserved.and_then(|reserved| reserved.reserved_concurrent_executions),
        live: live.map(|(alias, version)| self::live(name, alias, version)),
        tags: latest.tags.unwrap_or_default().into_iter().collect(),
        revision,
        state,
    }
}

fn live(name: &str, alias: GetAliasOutput, version: GetFunctionOutput) -> Live {
    let weights = alias
        .routing_config
        .and_then(|routing| routing.additional_version_weights);
    let others = weights.unwrap_or_default().into_iter();
    Live {
        configuration: configuration(name, version.configuration.unwrap_or_else(empty)),
        others: others
            .map(|(version, weight)| (version, weight.to_string()))
            .collect(),
        version: alias.function_version.unwrap_or_default(),
        revision: alias.revision_id,
    }
}

fn empty() -> FunctionConfiguration {
    FunctionConfiguration::builder().build()
}

fn configuration(name: &str, told: FunctionConfiguration) -> Configuration {
    let architecture = told.architectures().first();
    let group = told
        .logging_config
        .as_ref()
        .and_then(|logging| logging.log_group());
    let layers = told.layers().iter().filter_map(types::Layer::arn);
    Configuration {
        architecture: architecture.map_or("x86_64", |one| one.as_str()).into(),
        log_group: group.map_or_else(|| format!("/aws/lambda/{name}"), Into::into),
        layers: layers.map(Into::into).collect(),
        runtime: told
            .runtime
            .map_or(String::new(), |one| one.as_str().into()),
        handler: told.handler.unwrap_or_default(),
        memory_mb: told.memory_size.unwrap_or(128),
        timeout_s: told.timeout.unwrap_or(3),
        disk_mb: told.ephemeral_storage.map_or(512, |disk| disk.size),
        role: told.role.unwrap_or_default(),
        environment: environment(told.environment),
        code_sha256: hexadecimal(&told.code_sha256.unwrap_or_default()),
    }
}

fn environment(told: Option<types::EnvironmentResponse>) -> BTreeMap<String, String> {
    let variables = told.and_then(|told| told.variables);
    variables.unwrap_or_default().into_iter().collect()
}

/// A function that slept for weeks is `Inactive`: it can be changed, and an event wakes it.
pub(super) fn state(told: &FunctionConfiguration) -> State {
    let failed = |why: Option<&str>| State::Failed(why.unwrap_or("no reason given").into());
    match (told.state(), told.last_update_status()) {
        (Some(types::State::Failed), _) => failed(told.state_reason()),
        (_, Some(LastUpdateStatus::Failed)) => failed(told.last_update_status_reason()),
        (
            Some(types::State::Active | types::State::Inactive),
            Some(LastUpdateStatus::Successful),
        ) => State::Ready,
        _ => State::Busy,
    }
}

/// A numbered version; `$LATEST` is none.
pub(super) fn version(told: FunctionConfiguration) -> Option<Version> {
    Some(Version {
        number: told.version()?.parse().ok()?,
        code_bytes: told.code_size(),
        description: told.description.unwrap_or_default(),
        modified: told.last_modified.unwrap_or_default(),
        environment: environment(told.environment),
        code_sha256: hexadecimal(&told.code_sha256.unwrap_or_default()),
    })
}

/// What a function answered. What is no JSON is told as it is.
pub(super) fn invocation(told: InvokeOutput) -> Invocation {
    let payload = told
        .payload
        .map(|blob| blob.into_inner())
        .unwrap_or_default();
    let text = || Value::String(String::from_utf8_lossy(&payload).into_owned());
    let log = BASE64_STANDARD.decode(told.log_result.unwrap_or_default());
    Invocation {
        payload: serde_json::from_slice(&payload).unwrap_or_else(|_| text()),
        error: told.function_error,
        log: String::from_utf8_lossy(&log.unwrap_or_default()).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_lambda::primitives::Blob;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_left_out_is_the_default_of_lambda() {
        let read = configuration("some", empty());
        assert_eq!(read.architecture, "x86_64");
        assert_eq!(
            (read.memory_mb, read.timeout_s, read.disk_mb),
            (128, 3, 512)
        );
        assert_eq!(read.log_group, "/aws/lambda/some");
    }

    #[test]
    fn a_function_is_ready_when_it_is_active_and_unchanging() {
        let told = |state: &str, update: &str| {
            let told = FunctionConfiguration::builder().state(state.into());
            let told = told.last_update_status(update.into());
            state_of(
                told.state_reason("why")
                    .last_update_status_reason("why not")
                    .build(),
            )
        };
        assert_eq!(told("Active", "Successful"), State::Ready);
        assert_eq!(told("Inactive", "Successful"), State::Ready);
        assert_eq!(told("Active", "InProgress"), State::Busy);
        assert_eq!(told("Pending", "Successful"), State::Busy);
        assert_eq!(told("Failed", "Successful"), State::Failed("why".into()));
        assert_eq!(told("Active", "Failed"), State::Failed("why not".into()));
    }

    fn state_of(told: FunctionConfiguration) -> State {
        state(&told)
    }

    #[test]
    fn an_answer_comes_with_the_end_of_the_log() {
        let told = InvokeOutput::builder()
            .payload(Blob::new(r#"{"a":1}"#))
            .log_result("RU5E");
        let read = invocation(told.build());
        assert_eq!(read.payload, json!({ "a": 1 }));
        assert_eq!((read.error, read.log.as_str()), (None, "END"));
        let told = InvokeOutput::builder().payload(Blob::new("no JSON"));
        let read = invocation(told.function_error("Unhandled").build());
        assert_eq!(read.payload, json!("no JSON"));
        assert_eq!(read.error.as_deref(), Some("Unhandled"));
    }
}
