//! Function URLs, and who may use them.

use anyhow::Result;
use serde_json::{Value, json};

use super::Change;
use crate::hands::{Hands, USER, with};

fn url(hands: &Hands, operation: &str, parameters: Value) -> Result<()> {
    hands.ask(
        "lambda",
        operation,
        with(
            json!({ "FunctionName": USER, "Qualifier": "live" }),
            parameters,
        ),
    )?;
    Ok(())
}

fn forbid(hands: &Hands, id: &str) -> Result<()> {
    url(hands, "RemovePermission", json!({ "StatementId": id }))
}

fn allow(hands: &Hands, id: &str, whom: Value) -> Result<()> {
    url(
        hands,
        "AddPermission",
        with(
            json!({ "StatementId": id, "Action": "lambda:InvokeFunction" }),
            whom,
        ),
    )
}

/// The URL, and who may use it.
pub(super) const URL: &[Change] = &[
    (
        |hands| {
            url(
                hands,
                "UpdateFunctionUrlConfig",
                json!({ "AuthType": "AWS_IAM" }),
            )
        },
        &["function_url/USER auth: AWS_IAM => NONE"],
        &["lambda:UpdateFunctionUrlConfig"],
    ),
    (
        |hands| {
            url(
                hands,
                "UpdateFunctionUrlConfig",
                json!({ "InvokeMode": "RESPONSE_STREAM" }),
            )
        },
        &["function_url/USER mode: RESPONSE_STREAM => BUFFERED"],
        &["lambda:UpdateFunctionUrlConfig"],
    ),
    (
        |hands| {
            url(
                hands,
                "UpdateFunctionUrlConfig",
                json!({ "Cors": { "AllowOrigins": ["*"] } }),
            )
        },
        &["function_url/USER cors: {..} => (none)"],
        &["lambda:UpdateFunctionUrlConfig"],
    ),
    (
        |hands| forbid(hands, "public-url"),
        &["function_url/USER grants.public-url: (none) => {..}"],
        &["lambda:AddPermission"],
    ),
    (
        |hands| forbid(hands, "public-invoke"),
        &["function_url/USER grants.public-invoke: (none) => {..}"],
        &["lambda:AddPermission"],
    ),
    (
        |hands| {
            forbid(hands, "public-invoke")?;
            allow(hands, "public-invoke", json!({ "Principal": "*" }))
        },
        &[
            "function_url/USER grants.public-invoke.Condition: (none) => {\"Bool\":{\"lambda:InvokedViaFunctionUrl\":\"true\"}}",
        ],
        &["lambda:AddPermission", "lambda:RemovePermission"],
    ),
    (
        |hands| allow(hands, "mine", json!({ "Principal": "444455556666" })),
        &["function_url/USER grants.mine: {..} => (none)"],
        &["lambda:RemovePermission"],
    ),
    (
        |hands| url(hands, "DeleteFunctionUrlConfig", json!({})),
        &[
            "function_url/USER it is not there",
            "distribution/EDGE origins.function.domain: .. => (known once it is made)",
        ],
        &[
            "cloudfront:UpdateDistribution",
            "lambda:CreateFunctionUrlConfig",
        ],
    ),
];
