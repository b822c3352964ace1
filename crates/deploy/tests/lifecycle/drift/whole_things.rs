//! Things that are gone altogether, and keys that belong to two of them.

use std::collections::BTreeMap;

use super::{ACCOUNT, REGION, State, each_is_named_and_mended};
use crate::cloud::Function;

fn function(state: &mut State) -> &mut Function {
    let functions = &mut state.region(ACCOUNT, REGION).functions;
    functions.get_mut("sgraph_ai_app_send-user-dev").unwrap()
}

fn headers(state: &mut State) -> &mut BTreeMap<String, String> {
    let all = &mut state.account(ACCOUNT).distributions;
    let one = &mut all.values_mut().next().unwrap().distribution;
    &mut one.origins.get_mut("function").unwrap().headers
}

#[tokio::test(start_paused = true)]
async fn of_a_thing_that_is_gone() {
    each_is_named_and_mended(&[
        (
            |state| state.account(ACCOUNT).roles.clear(),
            &["role", "role"],
        ),
        (
            |state| state.region(ACCOUNT, REGION).rules.clear(),
            &["schedule"],
        ),
        (
            |state| state.region(ACCOUNT, REGION).alarms.clear(),
            &["alarms", "alarms"],
        ),
        (
            |state| state.account(ACCOUNT).accesses.clear(),
            &["origin_access"],
        ),
        (
            |state| {
                let function = function(state);
                (function.url, function.live) = (None, None);
            },
            &[
                "function live",
                "function_url",
                "distribution origins.function.domain",
            ],
        ),
        (
            |state| function(state).url = None,
            &["function_url", "distribution origins.function.domain"],
        ),
        (
            |state| state.buckets.clear(),
            &["bucket", "artifact", "artifact"],
        ),
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn of_the_key_of_the_door() {
    each_is_named_and_mended(&[
        (
            |state| headers(state).clear(),
            &[
                "function environment.SEND_DOOR_SHA256",
                "function live.environment.SEND_DOOR_SHA256",
                "distribution origins.function.headers_sha256.x-send-door",
            ],
        ),
        (
            |state| drop(headers(state).insert("x-send-door".into(), "mine".into())),
            &[
                "function environment.SEND_DOOR_SHA256",
                "function live.environment.SEND_DOOR_SHA256",
            ],
        ),
        (
            |state| state.account(ACCOUNT).distributions.clear(),
            &[
                "function environment.SEND_DOOR_SHA256",
                "function live.environment.SEND_DOOR_SHA256",
                "distribution",
            ],
        ),
    ])
    .await;
}
