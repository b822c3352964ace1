//! That the world in memory is as strict as AWS: what it must refuse, so that the tests beside this one can be believed.

mod edge;
mod gate;
mod lambda;
mod serving;
mod storage;

use std::time::Duration;

use deploy::cloud::{Answer, Cloud, Document, Kind, Role, Tags};
use serde_json::json;

use crate::{
    cloud::World,
    stage::{ACCOUNT, REGION},
};

/// How a call failed.
fn kind<T: std::fmt::Debug>(answer: Answer<T>) -> Kind {
    answer.unwrap_err().kind
}

fn cloud(world: &World) -> Cloud {
    world.cloud(ACCOUNT, REGION)
}

async fn pass(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

/// A role for Lambda, without policies.
fn role() -> Role {
    let lambda = json!({ "Service": "lambda.amazonaws.com" });
    let statement = json!({ "Effect": "Allow", "Principal": lambda, "Action": "sts:AssumeRole" });
    Role {
        trust: Document::new([("Lambda", statement)]),
        policies: [].into(),
        attached: [].into(),
        boundary: None,
        tags: Tags::new(),
    }
}
