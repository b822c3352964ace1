//! Log groups and alarms.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::Change;
use crate::hands::{Hands, with};

const GROUP: &str = "/aws/lambda/sgraph_ai_app_send-user-dev";
const GROUP_ARN: &str =
    "arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/sgraph_ai_app_send-user-dev";
const ALARM: &str = "sgraph_ai_app_send-user-dev-errors";

fn logs(hands: &Hands, operation: &str, parameters: Value) -> Result<()> {
    hands.act(
        "logs",
        operation,
        with(json!({ "logGroupName": GROUP }), parameters),
    )
}

/// Changes an alarm.
fn alarm(hands: &Hands, changed: Value) -> Result<()> {
    let told = hands.ask(
        "cloudwatch",
        "DescribeAlarms",
        json!({ "AlarmNames": [ALARM] }),
    )?;
    let mut alarm = with(told["MetricAlarms"][0].clone(), changed);
    let known = [
        "AlarmName",
        "AlarmDescription",
        "Namespace",
        "MetricName",
        "Dimensions",
        "Statistic",
        "Period",
        "EvaluationPeriods",
        "Threshold",
        "ComparisonOperator",
        "TreatMissingData",
        "AlarmActions",
        "ActionsEnabled",
    ];
    alarm
        .as_object_mut()
        .context("no alarm")?
        .retain(|name, _| known.contains(&name.as_str()));
    hands.act("cloudwatch", "PutMetricAlarm", alarm)
}

/// A log group.
pub(super) const LOGS: &[Change] = &[
    (
        |hands| logs(hands, "PutRetentionPolicy", json!({ "retentionInDays": 1 })),
        &["log_group//aws/lambda/USER retention_days: 1 => 7"],
        &["logs:PutRetentionPolicy"],
    ),
    (
        |hands| logs(hands, "DeleteRetentionPolicy", json!({})),
        &["log_group//aws/lambda/USER retention_days: (none) => 7"],
        &["logs:PutRetentionPolicy"],
    ),
    (
        |hands| {
            hands.act(
                "logs",
                "TagResource",
                json!({ "resourceArn": GROUP_ARN, "tags": { "Mine": "1" } }),
            )
        },
        &["log_group//aws/lambda/USER tags.Mine: 1 => (none)"],
        &["logs:UntagResource"],
    ),
    (
        |hands| {
            hands.act(
                "logs",
                "TagResource",
                json!({ "resourceArn": GROUP_ARN, "tags": { "App": "mine" } }),
            )
        },
        &["log_group//aws/lambda/USER tags.App: mine => user"],
        &["logs:TagResource"],
    ),
    (
        |hands| logs(hands, "DeleteLogGroup", json!({})),
        &["log_group//aws/lambda/USER it is not there"],
        &["logs:CreateLogGroup", "logs:PutRetentionPolicy"],
    ),
];

/// Alarms.
pub(super) const ALARMS: &[Change] = &[
    (
        |hands| alarm(hands, json!({ "Threshold": 100.0 })),
        &["alarms/USER USER-errors.threshold: 100.0 => 1.0"],
        &["cloudwatch:PutMetricAlarm"],
    ),
    (
        |hands| alarm(hands, json!({ "Period": 60 })),
        &["alarms/USER USER-errors.period_s: 60 => 300"],
        &["cloudwatch:PutMetricAlarm"],
    ),
    (
        |hands| alarm(hands, json!({ "TreatMissingData": "breaching" })),
        &["alarms/USER USER-errors.without_figures: breaching => notBreaching"],
        &["cloudwatch:PutMetricAlarm"],
    ),
    (
        |hands| alarm(hands, json!({ "AlarmActions": [] })),
        &[
            "alarms/USER USER-errors.actions: [] => [\"arn:aws:sns:eu-west-1:000000000000:sgraph-send-dev\"]",
        ],
        &["cloudwatch:PutMetricAlarm"],
    ),
    (
        |hands| {
            hands.act(
                "cloudwatch",
                "DisableAlarmActions",
                json!({ "AlarmNames": [ALARM] }),
            )
        },
        &["alarms/USER USER-errors.enabled: false => true"],
        &["cloudwatch:PutMetricAlarm"],
    ),
    (
        |hands| {
            hands.act(
                "cloudwatch",
                "DeleteAlarms",
                json!({ "AlarmNames": [ALARM] }),
            )
        },
        &["alarms/USER USER-errors: (none) => {..}"],
        &["cloudwatch:PutMetricAlarm"],
    ),
];
