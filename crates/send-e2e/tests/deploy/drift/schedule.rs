//! The schedule.

use anyhow::Result;
use serde_json::{Value, json};

use super::Change;
use crate::hands::{ADMIN, Hands, with};

const RULE: &str = "sgraph_ai_app_send-admin-dev-sweep";
const RULE_ARN: &str =
    "arn:aws:events:eu-west-1:000000000000:rule/sgraph_ai_app_send-admin-dev-sweep";
const LIVE: &str =
    "arn:aws:lambda:eu-west-1:000000000000:function:sgraph_ai_app_send-admin-dev:live";

fn target(hands: &Hands, target: Value) -> Result<()> {
    hands.act(
        "events",
        "PutTargets",
        json!({ "Rule": RULE, "Targets": [target] }),
    )
}

/// The grant to the schedule.
fn grant(hands: &Hands, operation: &str, parameters: Value) -> Result<()> {
    let named = json!({ "FunctionName": ADMIN, "Qualifier": "live", "StatementId": "schedule" });
    hands.act("lambda", operation, with(named, parameters))
}

/// When the admin service sweeps, and that it may be asked to.
pub(super) const SCHEDULE: &[Change] = &[
    (
        |hands| {
            hands.act(
                "events",
                "PutRule",
                json!({ "Name": RULE, "ScheduleExpression": "rate(1 day)" }),
            )
        },
        &["schedule/ADMIN-sweep expression: rate(1 day) => rate(15 minutes)"],
        &["events:PutRule"],
    ),
    (
        |hands| hands.act("events", "DisableRule", json!({ "Name": RULE })),
        &["schedule/ADMIN-sweep enabled: false => true"],
        &["events:PutRule"],
    ),
    (
        |hands| {
            target(
                hands,
                json!({ "Id": "sweep", "Arn": LIVE.replace(":live", "") }),
            )
        },
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
        |hands| {
            hands.act(
                "events",
                "RemoveTargets",
                json!({ "Rule": RULE, "Ids": ["sweep"] }),
            )
        },
        &["schedule/ADMIN-sweep targets.sweep: (none) => {..}"],
        &["events:PutTargets"],
    ),
    (
        |hands| {
            hands.act(
                "events",
                "TagResource",
                json!({ "ResourceARN": RULE_ARN, "Tags": [{ "Key": "Mine", "Value": "1" }] }),
            )
        },
        &["schedule/ADMIN-sweep tags.Mine: 1 => (none)"],
        &["events:UntagResource"],
    ),
    (
        |hands| {
            hands.act(
                "events",
                "UntagResource",
                json!({ "ResourceARN": RULE_ARN, "TagKeys": ["App"] }),
            )
        },
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
            grant(
                hands,
                "AddPermission",
                json!({ "Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com" }),
            )
        },
        &["schedule/ADMIN-sweep grant.Condition: (none) => {..}"],
        &["lambda:AddPermission", "lambda:RemovePermission"],
    ),
    (
        |hands| {
            hands.ask(
                "events",
                "RemoveTargets",
                json!({ "Rule": RULE, "Ids": ["sweep"] }),
            )?;
            hands.act("events", "DeleteRule", json!({ "Name": RULE }))
        },
        &["schedule/ADMIN-sweep it is not there"],
        &["events:PutRule", "events:PutTargets"],
    ),
];
