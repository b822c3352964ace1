//! Functions, what serves, and their URLs.

use serde_json::json;

use super::{ACCOUNT, REGION, State, each_is_named_and_mended};
use crate::cloud::Function;
use deploy::cloud::{Auth, Configuration, CorsRule};

fn function(state: &mut State) -> &mut Function {
    let functions = &mut state.region(ACCOUNT, REGION).functions;
    functions.get_mut("sgraph_ai_app_send-user-dev").unwrap()
}

fn latest(state: &mut State) -> &mut Configuration {
    &mut function(state).latest
}

#[tokio::test(start_paused = true)]
async fn of_a_function() {
    each_is_named_and_mended(&[
        (
            |state| latest(state).memory_mb = 128,
            &["function memory_mb"],
        ),
        (|state| latest(state).timeout_s = 3, &["function timeout_s"]),
        (|state| latest(state).disk_mb = 1024, &["function disk_mb"]),
        (
            |state| latest(state).handler = "main".into(),
            &["function handler"],
        ),
        (
            |state| latest(state).runtime = "provided.al2".into(),
            &["function runtime"],
        ),
        (
            |state| latest(state).architecture = "x86_64".into(),
            &["function architecture"],
        ),
        (
            |state| latest(state).log_group = "/elsewhere".into(),
            &["function log_group"],
        ),
        (
            |state| {
                latest(state)
                    .layers
                    .push("arn:aws:lambda:eu-west-1:1:layer:spy:1".into())
            },
            &["function layers"],
        ),
        (
            |state| latest(state).role = latest(state).role.replace("user", "admin"),
            &["function role"],
        ),
        (
            |state| latest(state).code_sha256 = "0".repeat(64),
            &["function code_sha256"],
        ),
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn of_what_a_function_is_told() {
    each_is_named_and_mended(&[
        (
            |state| {
                drop(
                    latest(state)
                        .environment
                        .insert("SEND_UPLOADS".into(), "open".into()),
                )
            },
            &["function environment.SEND_UPLOADS"],
        ),
        (
            |state| drop(latest(state).environment.remove("SEND_DOOR_SHA256")),
            &["function environment.SEND_DOOR_SHA256"],
        ),
        (
            |state| {
                drop(
                    latest(state)
                        .environment
                        .insert("SEND_MORE".into(), "1".into()),
                )
            },
            &["function environment.SEND_MORE"],
        ),
        (
            |state| function(state).concurrency = Some(0),
            &["function concurrency"],
        ),
        (
            |state| drop(function(state).tags.insert("Commit".into(), "other".into())),
            &["function tags.Commit"],
        ),
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn of_what_serves() {
    each_is_named_and_mended(&[
        (
            |state| function(state).live.as_mut().unwrap().version = "1".into(),
            &["function live.environment.SEND_DOOR_SHA256"],
        ),
        (
            |state| {
                drop(
                    function(state)
                        .live
                        .as_mut()
                        .unwrap()
                        .others
                        .insert("1".into(), "0.5".into()),
                )
            },
            &["function live.others.1"],
        ),
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn of_a_url() {
    each_is_named_and_mended(&[
        (
            |state| function(state).url.as_mut().unwrap().auth = Auth::Iam,
            &["function_url auth"],
        ),
        (
            |state| function(state).url.as_mut().unwrap().mode = "RESPONSE_STREAM".into(),
            &["function_url mode"],
        ),
        (
            |state| {
                let everything = || vec!["*".to_owned()];
                function(state).url.as_mut().unwrap().cors = Some(CorsRule {
                    origins: everything(),
                    methods: everything(),
                    headers: Vec::new(),
                    exposed: Vec::new(),
                    max_age: None,
                });
            },
            &["function_url cors"],
        ),
        (
            |state| drop(function(state).grants.remove("public-url")),
            &["function_url grants.public-url"],
        ),
        (
            |state| drop(function(state).grants.remove("public-invoke")),
            &["function_url grants.public-invoke"],
        ),
        (
            |state| function(state).grants.get_mut("public-invoke").unwrap()["Principal"] = json!({ "AWS": "444455556666" }),
            &["function_url grants.public-invoke.Principal"],
        ),
        (
            |state| {
                let anybody = json!({ "Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction", "Resource": "*" });
                function(state).grants.insert("mine".into(), anybody);
            },
            &["function_url grants.mine"],
        ),
    ])
    .await;
}
