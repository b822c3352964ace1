//! A function that runs: it answers, and writes lines.

use std::collections::BTreeMap;

use deploy::{
    cloud::{Configuration, Invocation, Kind, LogEvent, LogGroup},
    names::LIVE,
    secret::DoorKey,
};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{
    lambda::Function,
    place::Place,
    refusal::{Done, Refusal, conflict},
    state::State,
};

impl Function {
    /// The configuration that a qualifier means, when it can run.
    fn runs(&self, qualifier: &str) -> Done<Configuration> {
        let number = match qualifier {
            LIVE => &self.aliased()?.version,
            other => other,
        };
        let (configuration, ready) = match number {
            "$LATEST" => (&self.latest, self.ready),
            number => {
                let frozen = self.frozen(number)?;
                (&frozen.configuration, frozen.ready)
            }
        };
        if ready > Instant::now() {
            let why = "The operation cannot be performed at this time. The function is currently in the following state: Pending";
            return Err(conflict("ResourceConflictException", why));
        }
        Ok(configuration.clone())
    }
}

/// Answers an event, and writes a line about it. What holds a program that does not work answers that it ended.
pub(super) fn invoke(
    place: &Place,
    state: &mut State,
    name: &str,
    qualifier: &str,
    event: &Value,
) -> Done<Invocation> {
    let function = place.region(state).function(name)?;
    let running = function.runs(qualifier)?;
    if function.concurrency == Some(0) {
        return Err(Refusal::new(
            Kind::Throttled,
            "TooManyRequestsException",
            "Rate Exceeded.",
        ));
    }
    let broken = state.settings.broken.contains(&running.code_sha256);
    let log = format!("{name} {qualifier} answered an event");
    write(place, state, &running, &log);
    let (payload, error) = match broken {
        true => (
            json!({ "errorType": "Runtime.ExitError", "errorMessage": "Runtime exited with error: exit status 1" }),
            Some("Unhandled".into()),
        ),
        false => (answer(&running, event), None),
    };
    Ok(Invocation {
        payload,
        error,
        log,
    })
}

/// As a Function URL wants it. What has a door refuses who shows nothing there, or something else.
fn answer(running: &Configuration, event: &Value) -> Value {
    let door = running.environment.get("SEND_DOOR_SHA256");
    let shown = event["headers"]["x-send-door"].as_str();
    let shown = shown.map(|key| DoorKey::shown(key.into()).sha256());
    let (status, body) = match door.is_none() || door == shown.as_ref() {
        true => (200, r#"{"status":"ok"}"#),
        false => (403, r#"{"detail":"forbidden"}"#),
    };
    let headers = json!({ "content-type": "application/json" });
    json!({ "statusCode": status, "headers": headers, "body": body, "isBase64Encoded": false })
}

/// A line in the function's log. A group that is not there is made again by those who may.
fn write(place: &Place, state: &mut State, running: &Configuration, message: &str) {
    let role = running.role.rsplit('/').next().unwrap_or_default();
    let role = place.account(state).roles.get(role);
    let may = role.is_some_and(|role| {
        json!(role.role.policies)
            .to_string()
            .contains("logs:CreateLogGroup")
    });
    let (time, id) = (state.clock() * 1000, state.made_up(16));
    let groups = &mut place.region(state).log_groups;
    if may && !groups.contains_key(&running.log_group) {
        let eternal = LogGroup {
            retention_days: None,
            tags: BTreeMap::new(),
        };
        groups.insert(running.log_group.clone(), (eternal, Vec::new()));
    }
    if let Some((_, lines)) = groups.get_mut(&running.log_group) {
        lines.push(LogEvent {
            id,
            time,
            message: message.into(),
        });
    }
}
