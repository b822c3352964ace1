//! Log groups, the schedule, alarms.

use anyhow::Result;
use serde_json::{Value, json};

use super::{
    Hands, each_is_named_and_mended,
    hands::{ADMIN, with},
};

const GROUP: &str = "/aws/lambda/sgraph_ai_app_send-user-dev";
const GROUP_ARN: &str =
    "arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/sgraph_ai_app_send-user-dev";
const RULE: &str = "sgraph_ai_app_send-admin-dev-sweep";
const RULE_ARN: &str =
    "arn:aws:events:eu-west-1:000000000000:rule/sgraph_ai_app_send-admin-dev-sweep";
const LIVE: &str =
    "arn:aws:lambda:eu-west-1:000000000000:function:sgraph_ai_app_send-admin-dev:live";
const ALARM: &str = "sgraph_ai_app_send-user-dev-errors";
const ALARM_ARN: &str =
    "arn:aws:cloudwatch:eu-west-1:000000000000:alarm:sgraph_ai_app_send-user-dev-errors";

fn logs(hands: &Hands, operation: &str, parameters: Value) -> Result<()> {
    hands
        .ask(
            "logs",
            operation,
            with(json!({ "logGroupName": GROUP }), parameters),
        )
        .map(drop)
}

fn target(hands: &Hands, target: Value) -> Result<()> {
    hands
        .ask(
            "events",
            "PutTargets",
            json!({ "Rule": RULE, "Targets": [target] }),
        )
        .map(drop)
}

/// The grant to the schedule.
fn grant(hands: &Hands, operation: &str, parameters: Value) -> Result<()> {
    let named = json!({ "FunctionName": ADMIN, "Qualifier": "live", "StatementId": "schedule" });
    hands
        .ask("lambda", operation, with(named, parameters))
        .map(drop)
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
        .unwrap()
        .retain(|name, _| known.contains(&name.as_str()));
    hands.ask("cloudwatch", "PutMetricAlarm", alarm).map(drop)
}

#[tokio::test]
async fn of_a_log_group_and_the_schedule() -> Result<()> {
    each_is_named_and_mended(&[
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
            |hands| hands.ask("logs", "TagResource", json!({ "resourceArn": GROUP_ARN, "tags": { "Mine": "1" } })).map(drop),
            &["log_group//aws/lambda/USER tags.Mine: 1 => (none)"],
            &["logs:UntagResource"],
        ),
        (
            |hands| hands.ask("logs", "TagResource", json!({ "resourceArn": GROUP_ARN, "tags": { "App": "mine" } })).map(drop),
            &["log_group//aws/lambda/USER tags.App: mine => user"],
            &["logs:TagResource"],
        ),
        (
            |hands| logs(hands, "DeleteLogGroup", json!({})),
            &["log_group//aws/lambda/USER it is not there"],
            &["logs:CreateLogGroup", "logs:PutRetentionPolicy"],
        ),
        (
            |hands| hands.ask("events", "PutRule", json!({ "Name": RULE, "ScheduleExpression": "rate(1 day)" })).map(drop),
            &["schedule/ADMIN-sweep expression: rate(1 day) => rate(15 minutes)"],
            &["events:PutRule"],
        ),
        (
            |hands| hands.ask("events", "DisableRule", json!({ "Name": RULE })).map(drop),
            &["schedule/ADMIN-sweep enabled: false => true"],
            &["events:PutRule"],
        ),
        (
            |hands| target(hands, json!({ "Id": "sweep", "Arn": LIVE.replace(":live", "") })),
            &["schedule/ADMIN-sweep targets.sweep.arn: ..:function:ADMIN => ..:function:ADMIN:live"],
            &["events:PutTargets"],
        ),
        (
            |hands| target(hands, json!({ "Id": "sweep", "Arn": LIVE, "Input": "{}" })),
            &["schedule/ADMIN-sweep targets.sweep.input: {} => (none)"],
            &["events:PutTargets"],
        ),
        (
            |hands| target(hands, json!({ "Id": "mine", "Arn": LIVE })),
            &["schedule/ADMIN-sweep targets.mine: {..} => (none)"],
            &["events:RemoveTargets"],
        ),
        (
            |hands| hands.ask("events", "RemoveTargets", json!({ "Rule": RULE, "Ids": ["sweep"] })).map(drop),
            &["schedule/ADMIN-sweep targets.sweep: (none) => {..}"],
            &["events:PutTargets"],
        ),
        (
            |hands| hands.ask("events", "TagResource", json!({ "ResourceARN": RULE_ARN, "Tags": [{ "Key": "Mine", "Value": "1" }] })).map(drop),
            &["schedule/ADMIN-sweep tags.Mine: 1 => (none)"],
            &["events:UntagResource"],
        ),
        (
            |hands| hands.ask("events", "UntagResource", json!({ "ResourceARN": RULE_ARN, "TagKeys": ["App"] })).map(drop),
            &["schedule/ADMIN-sweep tags.App: (none) => admin"],
            &["events:TagResource"],
        ),
        (
            |hands| grant(hands, "RemovePermission", json!({})),
            &["schedule/ADMIN-sweep grant: (none) => {..}"],
            &["lambda:AddPermission"],
        ),
        (
            |hands| {
                grant(hands, "RemovePermission", json!({}))?;
                grant(hands, "AddPermission", json!({ "Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com" }))
            },
            &["schedule/ADMIN-sweep grant.Condition: (none) => {..}"],
            &["lambda:AddPermission", "lambda:RemovePermission"],
        ),
        (
            |hands| {
                hands.ask("events", "RemoveTargets", json!({ "Rule": RULE, "Ids": ["sweep"] }))?;
                hands.ask("events", "DeleteRule", json!({ "Name": RULE })).map(drop)
            },
            &["schedule/ADMIN-sweep it is not there"],
            &["events:PutRule", "events:PutTargets"],
        ),
    ])
    .await
}

#[tokio::test]
async fn of_alarms() -> Result<()> {
    each_is_named_and_mended(&[
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
            &["alarms/USER USER-errors.actions: [] => [\"arn:aws:sns:eu-west-1:000000000000:alarms\"]"],
            &["cloudwatch:PutMetricAlarm"],
        ),
        (
            |hands| hands.ask("cloudwatch", "DisableAlarmActions", json!({ "AlarmNames": [ALARM] })).map(drop),
            &["alarms/USER USER-errors.enabled: false => true"],
            &["cloudwatch:PutMetricAlarm"],
        ),
        (
            |hands| hands.ask("cloudwatch", "TagResource", json!({ "ResourceARN": ALARM_ARN, "Tags": [{ "Key": "Mine", "Value": "1" }] })).map(drop),
            &["alarms/USER USER-errors.tags.Mine: 1 => (none)"],
            &["cloudwatch:UntagResource"],
        ),
        (
            |hands| hands.ask("cloudwatch", "TagResource", json!({ "ResourceARN": ALARM_ARN, "Tags": [{ "Key": "App", "Value": "mine" }] })).map(drop),
            &["alarms/USER USER-errors.tags.App: mine => user"],
            &["cloudwatch:TagResource"],
        ),
        (
            |hands| hands.ask("cloudwatch", "DeleteAlarms", json!({ "AlarmNames": [ALARM] })).map(drop),
            &["alarms/USER USER-errors: (none) => {..}"],
            &["cloudwatch:PutMetricAlarm"],
        ),
    ])
    .await
}
