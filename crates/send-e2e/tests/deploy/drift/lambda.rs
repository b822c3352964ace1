//! Functions, and what serves.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::Change;
use crate::hands::{BUCKET, Hands, USER, USER_ARN, lose, with};

/// A version is made, asked, and serves.
const RELEASED: [&str; 3] = [
    "lambda:Invoke",
    "lambda:PublishVersion",
    "lambda:UpdateAlias",
];

/// Gives the function the zip of a service, for these processors.
fn code(hands: &Hands, of: &str, architecture: &str) -> Result<()> {
    let zips = hands.ask(
        "s3",
        "ListObjectsV2",
        json!({ "Bucket": BUCKET, "Prefix": format!("deploy/{of}/") }),
    )?;
    let key = zips["Contents"][0]["Key"].as_str().context("no zip")?;
    let zip = json!({ "FunctionName": USER, "S3Bucket": BUCKET, "S3Key": key, "Architectures": [architecture] });
    hands.ask("lambda", "UpdateFunctionCode", zip)?;
    hands.settled()
}

fn alias(hands: &Hands, changed: Value) -> Result<()> {
    hands.ask(
        "lambda",
        "UpdateAlias",
        with(json!({ "FunctionName": USER, "Name": "live" }), changed),
    )?;
    Ok(())
}

/// What is changed of a function.
pub(super) const LATEST: &[Change] = &[
    (
        |hands| hands.function(json!({ "MemorySize": 128 })),
        &["function/USER memory_mb: 128 => 512"],
        &["lambda:UpdateFunctionConfiguration"],
    ),
    (
        |hands| hands.function(json!({ "Timeout": 3 })),
        &["function/USER timeout_s: 3 => 60"],
        &["lambda:UpdateFunctionConfiguration"],
    ),
    (
        |hands| hands.function(json!({ "EphemeralStorage": { "Size": 1024 } })),
        &["function/USER disk_mb: 1024 => 512"],
        &["lambda:UpdateFunctionConfiguration"],
    ),
    (
        |hands| hands.function(json!({ "Handler": "main" })),
        &["function/USER handler: main => bootstrap"],
        &["lambda:UpdateFunctionConfiguration"],
    ),
    (
        |hands| hands.function(json!({ "Runtime": "provided.al2" })),
        &["function/USER runtime: provided.al2 => provided.al2023"],
        &["lambda:UpdateFunctionConfiguration"],
    ),
    (
        |hands| {
            hands.function(json!({ "Role": "arn:aws:iam::000000000000:role/sgraph_ai_app_send-admin-dev-eu-west-1" }))
        },
        &[
            "function/USER role: arn:aws:iam::000000000000:role/ADMIN-eu-west-1 => arn:aws:iam::000000000000:role/USER-eu-west-1",
        ],
        &["lambda:UpdateFunctionConfiguration"],
    ),
    (
        |hands| {
            hands.function(
                json!({ "LoggingConfig": { "LogFormat": "Text", "LogGroup": "/elsewhere" } }),
            )
        },
        &["function/USER log_group: /elsewhere => /aws/lambda/USER"],
        &["lambda:UpdateFunctionConfiguration"],
    ),
    (
        |hands| hands.environment(|all| all["SEND_UPLOADS"] = json!("open")),
        &["function/USER environment.SEND_UPLOADS: open => token"],
        &["lambda:UpdateFunctionConfiguration"],
    ),
    (
        |hands| hands.environment(|all| lose(all, "SEND_DOOR_SHA256")),
        &["function/USER environment.SEND_DOOR_SHA256: (none) => .."],
        &["lambda:UpdateFunctionConfiguration"],
    ),
    (
        |hands| hands.environment(|all| all["SEND_MORE"] = json!("1")),
        &["function/USER environment.SEND_MORE: 1 => (none)"],
        &["lambda:UpdateFunctionConfiguration"],
    ),
    (
        |hands| code(hands, "admin", "x86_64"),
        &["function/USER code_sha256: .. => .."],
        &["lambda:UpdateFunctionCode"],
    ),
    (
        |hands| code(hands, "user", "arm64"),
        &["function/USER architecture: arm64 => x86_64"],
        &["lambda:UpdateFunctionCode"],
    ),
];

/// What serves, and what goes for all versions.
pub(super) const SERVING: &[Change] = &[
    (
        |hands| alias(hands, json!({ "FunctionVersion": "1" })),
        &["function/USER live.environment.SEND_DOOR_SHA256: (none) => .."],
        &RELEASED,
    ),
    (
        |hands| {
            alias(
                hands,
                json!({ "RoutingConfig": { "AdditionalVersionWeights": { "1": 0.5 } } }),
            )
        },
        &["function/USER live.others.1: 0.5 => (none)"],
        &RELEASED,
    ),
    (
        |hands| {
            hands.function(json!({ "MemorySize": 128 }))?;
            let made = hands.ask("lambda", "PublishVersion", json!({ "FunctionName": USER }))?;
            alias(hands, json!({ "FunctionVersion": made["Version"] }))
        },
        &[
            "function/USER live.memory_mb: 128 => 512",
            "function/USER memory_mb: 128 => 512",
        ],
        &[
            "lambda:Invoke",
            "lambda:PublishVersion",
            "lambda:UpdateAlias",
            "lambda:UpdateFunctionConfiguration",
        ],
    ),
    (
        |hands| {
            let reserved = json!({ "FunctionName": USER, "ReservedConcurrentExecutions": 5 });
            hands.act("lambda", "PutFunctionConcurrency", reserved)
        },
        &["function/USER concurrency: 5 => (none)"],
        &["lambda:DeleteFunctionConcurrency"],
    ),
    (
        |hands| {
            hands.act(
                "lambda",
                "TagResource",
                json!({ "Resource": USER_ARN, "Tags": { "Commit": "other" } }),
            )
        },
        &["function/USER tags.Commit: other => .."],
        &["lambda:TagResource"],
    ),
    (
        |hands| {
            hands.act(
                "lambda",
                "TagResource",
                json!({ "Resource": USER_ARN, "Tags": { "Mine": "1" } }),
            )
        },
        &["function/USER tags.Mine: 1 => (none)"],
        &["lambda:UntagResource"],
    ),
];
