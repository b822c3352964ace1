//! Lambda.

use deploy::cloud::{Cloud, Code, Configuration, Kind, State, Tags};
use serde_json::Value;

use super::{cloud, kind, pass, role};
use crate::{
    cloud::{World, sha256},
    stage::ACCOUNT,
};

pub(super) const NAME: &str = "f";

pub(super) fn wanted() -> Configuration {
    Configuration {
        runtime: "provided.al2023".into(),
        handler: "bootstrap".into(),
        architecture: "arm64".into(),
        memory_mb: 512,
        timeout_s: 60,
        disk_mb: 512,
        role: format!("arn:aws:iam::{ACCOUNT}:role/r"),
        environment: [].into(),
        log_group: "g".into(),
        layers: Vec::new(),
        code_sha256: String::new(),
    }
}

pub(super) fn code(key: &str) -> Code {
    Code {
        bucket: "zips".into(),
        key: key.into(),
    }
}

/// A role that can be assumed, and two zips.
async fn prepared(world: &World) -> Cloud {
    let cloud = cloud(world);
    cloud.roles.create_role("r", &role()).await.unwrap();
    cloud
        .buckets
        .create_bucket("zips", &Tags::new())
        .await
        .unwrap();
    for key in ["one", "two"] {
        cloud
            .buckets
            .put_object("zips", key, key.into())
            .await
            .unwrap();
    }
    pass(8).await;
    cloud
}

/// The same with a function that is ready.
pub(super) async fn made(world: &World) -> Cloud {
    let cloud = prepared(world).await;
    cloud
        .functions
        .create_function(NAME, &wanted(), &code("one"), &Tags::new())
        .await
        .unwrap();
    pass(2).await;
    cloud
}

/// The same with version 1 behind the alias.
pub(super) async fn serving(world: &World) -> Cloud {
    let cloud = made(world).await;
    cloud
        .functions
        .publish_version(NAME, &sha256(b"one"), "")
        .await
        .unwrap();
    cloud.functions.create_alias(NAME, "1").await.unwrap();
    pass(1).await;
    cloud
}

/// Has a function that logs there write so many lines.
pub(super) async fn write_lines(world: &World, group: &str, lines: usize) {
    let cloud = made(world).await;
    assert_eq!(wanted().log_group, group);
    for _ in 0..lines {
        cloud
            .functions
            .invoke(NAME, "$LATEST", &Value::Null)
            .await
            .unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_role_cannot_be_assumed_at_once() {
    let world = World::new();
    let cloud = prepared(&world).await;
    let functions = &cloud.functions;
    cloud.roles.delete_role("r").await.unwrap();
    cloud.roles.create_role("r", &role()).await.unwrap();
    let create = async || {
        functions
            .create_function(NAME, &wanted(), &code("one"), &Tags::new())
            .await
    };
    assert_eq!(kind(create().await), Kind::NotAssumable);
    pass(8).await;
    create().await.unwrap();
    let other = Configuration {
        role: "arn:aws:iam::444455556666:role/r".into(),
        ..wanted()
    };
    assert_eq!(
        kind(
            functions
                .create_function("g", &other, &code("one"), &Tags::new())
                .await
        ),
        Kind::Denied
    );
}

#[tokio::test(start_paused = true)]
async fn a_function_needs_its_zip_and_sane_settings() {
    let world = World::new();
    let functions = prepared(&world).await.functions;
    assert_eq!(
        kind(
            functions
                .create_function(NAME, &wanted(), &code("three"), &Tags::new())
                .await
        ),
        Kind::Refused
    );
    for change in [
        |wanted: &mut Configuration| wanted.memory_mb = 64,
        |wanted: &mut Configuration| wanted.timeout_s = 901,
        |wanted: &mut Configuration| wanted.architecture = "mips".into(),
        |wanted: &mut Configuration| {
            drop(wanted.environment.insert("AWS_REGION".into(), "x".into()))
        },
        |wanted: &mut Configuration| drop(wanted.environment.insert("A".into(), "x".repeat(4_096))),
    ] {
        let mut other = wanted();
        change(&mut other);
        assert_eq!(
            kind(
                functions
                    .create_function(NAME, &other, &code("one"), &Tags::new())
                    .await
            ),
            Kind::Refused
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_being_changed_cannot_be_changed() {
    let world = World::new();
    let functions = prepared(&world).await.functions;
    functions
        .create_function(NAME, &wanted(), &code("one"), &Tags::new())
        .await
        .unwrap();
    assert_eq!(functions.state(NAME).await.unwrap(), State::Busy);
    assert_eq!(
        kind(functions.update_configuration(NAME, &wanted(), None).await),
        Kind::Conflict
    );
    assert_eq!(
        kind(functions.publish_version(NAME, &sha256(b"one"), "").await),
        Kind::Conflict
    );
    assert_eq!(
        kind(functions.invoke(NAME, "$LATEST", &Value::Null).await),
        Kind::Conflict
    );
    assert_eq!(kind(functions.delete_function(NAME).await), Kind::Conflict);
    pass(2).await;
    assert_eq!(functions.state(NAME).await.unwrap(), State::Ready);
    functions
        .update_code(NAME, "arm64", &code("two"), None)
        .await
        .unwrap();
    assert_eq!(
        kind(
            functions
                .update_code(NAME, "arm64", &code("one"), None)
                .await
        ),
        Kind::Conflict
    );
}
