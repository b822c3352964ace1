//! Requests as events of a Function URL.

use std::sync::Arc;

use anyhow::{Result, ensure};
use base64::{Engine, prelude::BASE64_STANDARD};
use send_e2e::Request;
use serde_json::{Map, Value, json};

use crate::runtime_api;

/// A request as the Runtime API gives it to the service.
pub(crate) fn of(request: &Request) -> Arc<Vec<u8>> {
    let headers = request.headers.iter();
    let mut headers: Map<_, Value> = headers
        .map(|(name, value)| ((*name).to_owned(), value.as_str().into()))
        .collect();
    headers.insert("host".into(), "send.example".into());
    let event = json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": request.path,
        "rawQueryString": "",
        "headers": headers,
        "requestContext": {
            "accountId": "anonymous",
            "apiId": "a1b2c3",
            "domainName": "a1b2c3.lambda-url.eu-west-2.on.aws",
            "domainPrefix": "a1b2c3",
            "http": { "method": request.method, "path": request.path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "measure" },
            "requestId": "e1506fd5-9e7b-434f-bd42-4f8fa224b599",
            "routeKey": "$default",
            "stage": "$default",
            "time": "23/Nov/2026:12:00:00 +0000",
            "timeEpoch": 1_795_435_200_000_u64,
        },
        "body": (!request.body.is_empty()).then(|| BASE64_STANDARD.encode(&request.body)),
        "isBase64Encoded": !request.body.is_empty(),
    });
    runtime_api::event(&event.to_string())
}

/// The question whether the service is well, which the original has under the same address.
pub(crate) fn health() -> Arc<Vec<u8>> {
    of(&Request::new("GET", "/api/info/health"))
}

/// That an answer says this status.
pub(crate) fn expect(answer: &[u8], status: u16) -> Result<()> {
    let value: Value = serde_json::from_slice(answer)?;
    let begun = String::from_utf8_lossy(&answer[..answer.len().min(500)]);
    ensure!(value["statusCode"] == status, "{begun}");
    Ok(())
}
