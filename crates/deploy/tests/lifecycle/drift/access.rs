//! Roles and CloudWatch's log groups.

use deploy::cloud::{Document, LogGroup, Role};
use serde_json::json;

use super::{ACCOUNT, REGION, State, each_is_named_and_mended};

fn role<'a>(state: &'a mut State, app: &str) -> &'a mut Role {
    let name = format!("sgraph_ai_app_send-{app}-dev-eu-west-1");
    let role = state.account(ACCOUNT).roles.get_mut(&name);
    &mut role.unwrap().role
}

fn user(state: &mut State) -> &mut Role {
    role(state, "user")
}

fn runtime<'a>(state: &'a mut State, app: &str) -> &'a mut Document {
    role(state, app).policies.get_mut("runtime").unwrap()
}

/// That everything is allowed.
fn everything() -> Document {
    Document::new([(
        "All",
        json!({ "Effect": "Allow", "Action": "*", "Resource": "*" }),
    )])
}

#[tokio::test(start_paused = true)]
async fn of_a_role() {
    each_is_named_and_mended(&[
        (
            |state| {
                user(state).trust.statements.get_mut("Lambda").unwrap()["Effect"] = "Deny".into()
            },
            &["role trust.Lambda.Effect"],
        ),
        (
            |state| {
                let other =
                    json!({ "Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole" });
                user(state).trust.statements.insert("Other".into(), other);
            },
            &["role trust.Other"],
        ),
        (
            |state| drop(user(state).policies.insert("more".into(), everything())),
            &["role policies.more"],
        ),
        (
            |state| drop(user(state).policies.remove("runtime")),
            &["role policies.runtime"],
        ),
        (
            |state| {
                let administrator = "arn:aws:iam::aws:policy/AdministratorAccess";
                user(state).attached.insert(administrator.into());
            },
            &["role attached"],
        ),
        (
            |state| user(state).boundary = Some("arn:aws:iam::111122223333:policy/narrow".into()),
            &["role boundary"],
        ),
        (
            |state| drop(user(state).tags.insert("App".into(), "admin".into())),
            &["role tags.App"],
        ),
        (
            |state| drop(user(state).tags.insert("Mine".into(), "1".into())),
            &["role tags.Mine"],
        ),
        (
            |state| drop(user(state).tags.remove("ManagedBy")),
            &["role tags.ManagedBy"],
        ),
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn of_every_statement_of_a_role() {
    each_is_named_and_mended(&[
        (
            |state| {
                runtime(state, "user")
                    .statements
                    .get_mut("Objects")
                    .unwrap()["Action"] = "s3:*".into()
            },
            &["role policies.runtime.Objects.Action"],
        ),
        (
            |state| {
                runtime(state, "user").statements.get_mut("List").unwrap()["Resource"] = "*".into()
            },
            &["role policies.runtime.List.Resource"],
        ),
        (
            |state| drop(runtime(state, "user").statements.remove("Logs")),
            &["role policies.runtime.Logs"],
        ),
        (
            |state| drop(runtime(state, "admin").statements.remove("NoCiphertext")),
            &["role policies.runtime.NoCiphertext"],
        ),
        (
            |state| {
                runtime(state, "admin")
                    .statements
                    .get_mut("Uploads")
                    .unwrap()["Effect"] = "Deny".into()
            },
            &["role policies.runtime.Uploads.Effect"],
        ),
        (
            |state| runtime(state, "admin").version = "2008-10-17".into(),
            &["role policies.runtime.version"],
        ),
    ])
    .await;
}

fn group(state: &mut State) -> &mut LogGroup {
    let groups = &mut state.region(ACCOUNT, REGION).log_groups;
    &mut groups
        .get_mut("/aws/lambda/sgraph_ai_app_send-user-dev")
        .unwrap()
        .0
}

#[tokio::test(start_paused = true)]
async fn of_a_log_group() {
    each_is_named_and_mended(&[
        (
            |state| group(state).retention_days = None,
            &["log_group retention_days"],
        ),
        (
            |state| group(state).retention_days = Some(3653),
            &["log_group retention_days"],
        ),
        (
            |state| drop(group(state).tags.insert("Mine".into(), "1".into())),
            &["log_group tags.Mine"],
        ),
        (
            |state| {
                drop(
                    state
                        .region(ACCOUNT, REGION)
                        .log_groups
                        .remove("/aws/lambda/sgraph_ai_app_send-user-dev"),
                )
            },
            &["log_group"],
        ),
    ])
    .await;
}
