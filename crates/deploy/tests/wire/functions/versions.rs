//! Versions, the alias that serves, and what they answer.

use anyhow::Result;
use deploy::cloud::{Configuration, Functions, Kind, Live, Version};
use serde_json::json;

use super::{NAME, Parts, found, ground, ready};
use crate::{
    place::{Place, on_each_place},
    wire::failed,
};

on_each_place![
    versions_are_told_oldest_first_and_removed,
    the_version_that_serves_is_not_removed,
    an_alias_that_is_not_there_is_not_removed,
    an_alias_is_not_made_twice,
    the_alias_moves_for_who_knows_what_it_was,
    the_alias_moves,
    each_version_answers_by_what_it_is_made_of,
];

/// What the second version is made of.
fn second(parts: &Parts) -> Configuration {
    Configuration {
        code_sha256: parts.hashes[1].clone(),
        environment: [("CONSTANT_BYTES".into(), "3".into())].into(),
        ..parts.configuration()
    }
}

/// Two versions, the first of which serves.
async fn two(functions: &dyn Functions, parts: &Parts) -> Result<()> {
    parts.function(functions).await?;
    let one = functions.publish_version(NAME, &parts.hashes[0], "0.1.0 abc");
    functions.create_alias(NAME, &one.await?).await?;
    let code = parts.code(1);
    functions.update_code(NAME, "x86_64", &code, None).await?;
    ready(functions).await?;
    let configuration = second(parts);
    let update = functions.update_configuration(NAME, &configuration, None);
    update.await?;
    ready(functions).await?;
    let two = functions.publish_version(NAME, &parts.hashes[1], "0.2.0 def");
    assert_eq!(two.await?, "2");
    Ok(())
}

async fn versions_are_told_oldest_first_and_removed(place: Place) {
    let (functions, parts) = ground(place).await.unwrap();
    let functions = &*functions;
    two(functions, &parts).await.unwrap();
    let told = functions.versions(NAME).await.unwrap();
    let version = |n: usize, description: &str, configuration: Configuration| Version {
        number: n as u64 + 1,
        description: description.into(),
        modified: told[n].modified.clone(),
        code_sha256: configuration.code_sha256,
        code_bytes: told[n].code_bytes,
        environment: configuration.environment,
    };
    let wanted = [
        version(0, "0.1.0 abc", parts.configuration()),
        version(1, "0.2.0 def", second(&parts)),
    ];
    assert_eq!(told, wanted);
    assert!(told[0].code_bytes > 1_000_000 && told[0].modified.starts_with("20"));

    functions.delete_version(NAME, "2").await.unwrap();
    assert_eq!(functions.versions(NAME).await.unwrap(), wanted[..1]);
}

async fn the_version_that_serves_is_not_removed(place: Place) {
    let (functions, parts) = ground(place).await.unwrap();
    two(&*functions, &parts).await.unwrap();
    failed(functions.delete_version(NAME, "1").await, Kind::Conflict);
}

async fn an_alias_that_is_not_there_is_not_removed(place: Place) {
    let functions = place.cloud().await.unwrap().functions;
    failed(functions.delete_alias(NAME).await, Kind::NotFound);
}

async fn an_alias_is_not_made_twice(place: Place) {
    let (functions, parts) = ground(place).await.unwrap();
    two(&*functions, &parts).await.unwrap();
    let again = functions.create_alias(NAME, "1").await;
    failed(again, Kind::AlreadyExists);
}

async fn the_alias_moves_for_who_knows_what_it_was(place: Place) {
    let (functions, parts) = ground(place).await.unwrap();
    let functions = &*functions;
    two(functions, &parts).await.unwrap();
    let live = found(functions).await.unwrap().live.unwrap();
    let point = |to| functions.update_alias(NAME, to, live.revision.as_deref());
    point("2").await.unwrap();
    failed(point("1").await, Kind::Stale);
}

async fn the_alias_moves(place: Place) {
    let (functions, parts) = ground(place).await.unwrap();
    let functions = &*functions;
    two(functions, &parts).await.unwrap();
    let live = found(functions).await.unwrap().live.unwrap();
    let wanted = Live {
        configuration: parts.configuration(),
        others: [].into(),
        version: "1".into(),
        revision: live.revision.clone(),
    };
    assert_eq!(live, wanted);

    let point = functions.update_alias(NAME, "2", live.revision.as_deref());
    point.await.unwrap();
    let live = found(functions).await.unwrap().live.unwrap();
    assert_eq!(live.version, "2");
    assert_eq!(live.configuration, second(&parts));
    functions.delete_alias(NAME).await.unwrap();
    assert_eq!(found(functions).await.unwrap().live, None);
}

async fn each_version_answers_by_what_it_is_made_of(place: Place) {
    let (functions, parts) = ground(place).await.unwrap();
    let functions = &*functions;
    let event = json!({ "some": "event" });
    failed(functions.invoke(NAME, "live", &event).await, Kind::NotFound);
    two(functions, &parts).await.unwrap();
    for (qualifier, answer) in [("live", "aaa"), ("1", "aaa"), ("2", "a")] {
        let told = functions.invoke(NAME, qualifier, &event).await.unwrap();
        assert_eq!(told.payload, json!(answer), "{told:?}");
        assert_eq!(told.error, None);
    }
}
