//! Whether a version of a function answers, asked without its URL: before anybody else can reach it.

use std::time::Duration;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use crate::{
    cloud::{Invocation, Kind},
    context::Context,
    names::App,
    wait::Patience,
};

/// How long a version that was just made may take until it can be invoked.
const PATIENCE: Duration = Duration::from_secs(60);

/// Asks a version for its health.
///
/// # Errors
/// When it does not answer as it should; with the last lines of its log.
pub async fn of_version(at: &Context, app: App, version: &str) -> Result<()> {
    let (functions, name) = (&at.cloud.functions, at.names.function(app));
    let mut patience = Patience::lasting(PATIENCE);
    let answer = loop {
        match functions.invoke(&name, version, &question(at, app)).await {
            Err(error) if error.passes() && patience.pause().await => {}
            Err(error) if error.kind == Kind::NotFound && patience.pause().await => {}
            other => break other?,
        }
    };
    match fault(&answer, at.known(app).door.get().is_some()) {
        None => Ok(()),
        Some(fault) => {
            bail!("Version {version} of {name} does not work, and does not serve: {fault}")
        }
    }
}

/// `GET /info/health`, as a Function URL asks it.
fn question(at: &Context, app: App) -> Value {
    let mut headers = json!({ "host": "deploy.invalid" });
    if let Some(key) = at.known(app).door.get() {
        headers[send_core::layers::DOOR.as_str()] = json!(key.reveal());
    }
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/info/health",
        "rawQueryString": "",
        "headers": headers,
        "requestContext": {
            "accountId": "anonymous",
            "apiId": "deploy",
            "domainName": "deploy.invalid",
            "domainPrefix": "deploy",
            "http": { "method": "GET", "path": "/info/health", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "sgraph-send-deploy" },
            "requestId": "deploy",
            "routeKey": "$default",
            "stage": "$default",
            "time": "01/Jan/2026:00:00:00 +0000",
            "timeEpoch": 1_767_225_600_000_u64,
        },
        "isBase64Encoded": false,
    })
}

/// A version whose door has a key that is lost, with the distribution that showed it, works when it refuses: the public door is asked for more.
fn fault(answer: &Invocation, key: bool) -> Option<String> {
    let status = answer.payload.get("statusCode").and_then(Value::as_u64);
    let said = match (&answer.error, status) {
        (None, Some(200)) => return None,
        (None, Some(403)) if !key => return None,
        (Some(error), _) => format!("it ended with {error}: {}", answer.payload),
        (None, Some(status)) => format!("it answered {status} to /info/health"),
        (None, None) => format!("it answered {}", answer.payload),
    };
    Some(if answer.log.is_empty() {
        said
    } else {
        format!("{said}\n{}", answer.log)
    })
}
