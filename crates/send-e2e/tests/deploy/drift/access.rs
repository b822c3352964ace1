//! Roles: what the functions may.

use anyhow::Result;
use serde_json::{Value, json};

use super::Change;
use crate::hands::{ADMIN, Hands, USER, lose, statement, with};

const ROLE: &str = "sgraph_ai_app_send-user-dev-eu-west-1";

fn trust(hands: &Hands, more: Option<Value>) -> Result<()> {
    let lambda = json!({ "Sid": "Lambda", "Effect": "Allow", "Principal": { "Service": "lambda.amazonaws.com" }, "Action": "sts:AssumeRole" });
    let statements: Vec<_> = match more {
        Some(more) if more["Sid"] == "Lambda" => vec![more],
        Some(more) => vec![lambda, more],
        None => Vec::new(),
    };
    let policy = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    hands.ask(
        "iam",
        "UpdateAssumeRolePolicy",
        json!({ "RoleName": ROLE, "PolicyDocument": policy }),
    )?;
    Ok(())
}

fn role(hands: &Hands, operation: &str, parameters: Value) -> Result<()> {
    hands.ask(
        "iam",
        operation,
        with(json!({ "RoleName": ROLE }), parameters),
    )?;
    Ok(())
}

/// The ARN of a policy of somebody else's, which is made where it is not there.
fn policy(hands: &Hands, name: &str) -> Result<String> {
    let everything = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "*", "Resource": "*" }] });
    let made = json!({ "PolicyName": name, "PolicyDocument": everything.to_string() });
    match hands.attempt("iam", "CreatePolicy", made)? {
        Err(refusal) if refusal.code != "EntityAlreadyExists" => Err(refusal.into()),
        Ok(_) | Err(_) => Ok(format!("arn:aws:iam::000000000000:policy/{name}")),
    }
}

/// Who may take a role, and what it is.
pub(super) const TAKEN: &[Change] = &[
    (
        |hands| {
            trust(
                hands,
                Some(
                    json!({ "Sid": "Lambda", "Effect": "Allow", "Principal": { "Service": "ec2.amazonaws.com" }, "Action": "sts:AssumeRole" }),
                ),
            )
        },
        &[
            "role/USER-eu-west-1 trust.Lambda.Principal.Service: ec2.amazonaws.com => lambda.amazonaws.com",
        ],
        &["iam:UpdateAssumeRolePolicy"],
    ),
    (
        |hands| {
            trust(
                hands,
                Some(
                    json!({ "Sid": "Mine", "Effect": "Allow", "Principal": { "AWS": "444455556666" }, "Action": "sts:AssumeRole" }),
                ),
            )
        },
        &[
            "role/USER-eu-west-1 trust.Mine: {\"Action\":\"sts:AssumeRole\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"444455556666\"}} => (none)",
        ],
        &["iam:UpdateAssumeRolePolicy"],
    ),
    (
        |hands| {
            let arn = policy(hands, "boundary")?;
            role(
                hands,
                "PutRolePermissionsBoundary",
                json!({ "PermissionsBoundary": arn }),
            )
        },
        &["role/USER-eu-west-1 boundary: arn:aws:iam::000000000000:policy/boundary => (none)"],
        &["iam:DeleteRolePermissionsBoundary"],
    ),
    (
        |hands| {
            let arn = policy(hands, "everything")?;
            role(hands, "AttachRolePolicy", json!({ "PolicyArn": arn }))
        },
        &["role/USER-eu-west-1 attached: [\"arn:aws:iam::000000000000:policy/everything\"] => []"],
        &["iam:DetachRolePolicy"],
    ),
    (
        |hands| {
            role(
                hands,
                "TagRole",
                json!({ "Tags": [{ "Key": "App", "Value": "admin" }] }),
            )
        },
        &["role/USER-eu-west-1 tags.App: admin => user"],
        &["iam:TagRole"],
    ),
    (
        |hands| {
            role(
                hands,
                "TagRole",
                json!({ "Tags": [{ "Key": "Mine", "Value": "1" }] }),
            )
        },
        &["role/USER-eu-west-1 tags.Mine: 1 => (none)"],
        &["iam:UntagRole"],
    ),
    (
        |hands| role(hands, "UntagRole", json!({ "TagKeys": ["ManagedBy"] })),
        &["role/USER-eu-west-1 tags.ManagedBy: (none) => sgraph-send-deploy"],
        &["iam:TagRole"],
    ),
];

/// What a role may.
pub(super) const ALLOWED: &[Change] = &[
    (
        |hands| {
            hands.role_policy(USER, |all| {
                statement(all, "Objects")["Resource"] = json!(["arn:aws:s3:::*"])
            })
        },
        &["role/USER-eu-west-1 policies.runtime.Objects.Resource: arn:aws:s3:::* => [..]"],
        &["iam:PutRolePolicy"],
    ),
    (
        |hands| {
            hands.role_policy(USER, |all| {
                statement(all, "Objects")["Action"] = json!("s3:*")
            })
        },
        &["role/USER-eu-west-1 policies.runtime.Objects.Action: s3:* => [..]"],
        &["iam:PutRolePolicy"],
    ),
    (
        |hands| hands.role_policy(USER, |all| lose(statement(all, "List"), "Condition")),
        &["role/USER-eu-west-1 policies.runtime.List.Condition: (none) => {..}"],
        &["iam:PutRolePolicy"],
    ),
    (
        |hands| hands.role_policy(USER, |all| all.retain(|one| one["Sid"] != "Logs")),
        &["role/USER-eu-west-1 policies.runtime.Logs: (none) => {..}"],
        &["iam:PutRolePolicy"],
    ),
    (
        |hands| {
            hands.role_policy(USER, |all| {
                all.push(
                    json!({ "Sid": "Mine", "Effect": "Allow", "Action": "*", "Resource": "*" }),
                )
            })
        },
        &[
            "role/USER-eu-west-1 policies.runtime.Mine: {\"Action\":\"*\",\"Effect\":\"Allow\",\"Resource\":\"*\"} => (none)",
        ],
        &["iam:PutRolePolicy"],
    ),
    (
        |hands| {
            hands.role_policy(ADMIN, |all| {
                statement(all, "NoCiphertext")["Effect"] = json!("Allow")
            })
        },
        &["role/ADMIN-eu-west-1 policies.runtime.NoCiphertext.Effect: Allow => Deny"],
        &["iam:PutRolePolicy"],
    ),
    (
        |hands| hands.role_policy(ADMIN, |all| all.retain(|one| one["Sid"] != "Uploads")),
        &["role/ADMIN-eu-west-1 policies.runtime.Uploads: (none) => {..}"],
        &["iam:PutRolePolicy"],
    ),
    (
        |hands| {
            let reading = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" }] });
            role(
                hands,
                "PutRolePolicy",
                json!({ "PolicyName": "mine", "PolicyDocument": reading.to_string() }),
            )
        },
        &["role/USER-eu-west-1 policies.mine: {..} => (none)"],
        &["iam:DeleteRolePolicy"],
    ),
    (
        |hands| {
            role(
                hands,
                "DeleteRolePolicy",
                json!({ "PolicyName": "runtime" }),
            )
        },
        &["role/USER-eu-west-1 policies.runtime: (none) => {.."],
        &["iam:PutRolePolicy"],
    ),
];
