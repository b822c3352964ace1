//! What the functions may. Stored paths are spelt in `send-core::key`.

use serde_json::{Value, json};

use crate::{
    cloud::Document,
    names::{App, Names},
    resource::Level,
};

/// What the services do to objects.
const OBJECT_ACTIONS: [&str; 4] = [
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:AbortMultipartUpload",
];

/// Where ciphertext lies below a transfer.
const BYTES: [&str; 4] = ["payload", "incoming", "manifests", "parts"];

/// Lambda assumes the role, nobody else.
#[must_use]
pub fn trust() -> Document {
    let lambda = json!({ "Service": "lambda.amazonaws.com" });
    Document::new([(
        "Lambda",
        json!({ "Effect": "Allow", "Principal": lambda, "Action": "sts:AssumeRole" }),
    )])
}

/// What a function may: its objects, and its own log streams.
#[must_use]
pub fn policy(names: &Names, app: App, level: Level) -> Document {
    let mut statements = vec![
        (
            "Objects",
            allow(&OBJECT_ACTIONS, &below(names, stored(app, level))),
        ),
        ("List", list(names, stored(app, level))),
        (
            "Logs",
            allow(
                &["logs:CreateLogStream", "logs:PutLogEvents"],
                &[format!("{}:*", names.log_group_arn(app))],
            ),
        ),
    ];
    match app {
        App::Admin if level == Level::LockedDown => {
            let bytes =
                BYTES.map(|folder| format!("{}/transfers/*/{folder}/*", names.bucket_arn()));
            statements.push((
                "NoCiphertext",
                json!({ "Effect": "Deny", "Action": "s3:GetObject", "Resource": bytes }),
            ));
        }
        App::Admin | App::User => {}
    }
    if app == App::Admin {
        statements.push((
            "Uploads",
            allow(&["s3:ListBucketMultipartUploads"], &[names.bucket_arn()]),
        ));
    }
    Document::new(statements)
}

/// What each service keeps; before it is locked down, all of it.
const fn stored(app: App, level: Level) -> &'static [&'static str] {
    match (level, app) {
        (Level::Created, _) => &["*"],
        (Level::LockedDown, App::User) => &[
            "transfers/*",
            "vaults/*",
            "tokens/*",
            "reports/*",
            "index/*",
            "usage/*",
            "sweeps.json",
        ],
        (Level::LockedDown, App::Admin) => &[
            "transfers/*",
            "vaults/*",
            "tokens/*",
            "reports/*",
            "index/*",
            "usage/*",
            "sweeps.json",
            "sessions/*",
            "audit/*",
            "audit-head.json",
        ],
    }
}

fn below(names: &Names, stored: &[&str]) -> Vec<String> {
    stored
        .iter()
        .map(|path| format!("{}/{path}", names.bucket_arn()))
        .collect()
}

fn allow(actions: &[&str], resources: &[String]) -> Value {
    json!({ "Effect": "Allow", "Action": actions, "Resource": resources })
}

/// Listing names a prefix, and only one of these.
fn list(names: &Names, prefixes: &[&str]) -> Value {
    let mut statement = allow(&["s3:ListBucket"], &[names.bucket_arn()]);
    statement["Condition"] = json!({ "StringLike": { "s3:prefix": prefixes } });
    statement
}
