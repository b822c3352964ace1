//! Lambda: versions, the alias, the URL, what is set aside, and what is written.

use deploy::cloud::{Auth, Document, Grant, Kind, Tags};
use serde_json::{Value, json};

use super::{
    kind,
    lambda::{NAME, code, made, serving, wanted},
    pass,
};
use crate::cloud::{World, sha256};

#[tokio::test(start_paused = true)]
async fn who_read_something_older_is_refused() {
    let world = World::new();
    let functions = serving(&world).await.functions;
    let found = functions.function(NAME).await.unwrap().unwrap();
    let (revision, alias) = (found.revision.as_deref(), found.live.unwrap().revision);
    functions
        .update_configuration(NAME, &wanted(), revision)
        .await
        .unwrap();
    pass(1).await;
    assert_eq!(
        kind(
            functions
                .update_configuration(NAME, &wanted(), revision)
                .await
        ),
        Kind::Stale
    );
    functions
        .update_alias(NAME, "1", alias.as_deref())
        .await
        .unwrap();
    assert_eq!(
        kind(functions.update_alias(NAME, "1", alias.as_deref()).await),
        Kind::Stale
    );
}

#[tokio::test(start_paused = true)]
async fn a_version_is_made_of_what_changed_and_its_number_is_never_used_again() {
    let world = World::new();
    let functions = serving(&world).await.functions;
    let publish = async |code: &str| {
        functions
            .publish_version(NAME, &sha256(code.as_bytes()), "other")
            .await
    };
    assert_eq!(publish("one").await.unwrap(), "1");
    assert_eq!(kind(publish("two").await), Kind::Refused);
    functions
        .update_code(NAME, "arm64", &code("two"), None)
        .await
        .unwrap();
    pass(1).await;
    assert_eq!(publish("two").await.unwrap(), "2");
    assert_eq!(
        kind(functions.invoke(NAME, "2", &Value::Null).await),
        Kind::Conflict
    );
    pass(1).await;
    functions.invoke(NAME, "2", &Value::Null).await.unwrap();
    assert_eq!(
        kind(functions.delete_version(NAME, "1").await),
        Kind::Conflict
    );
    assert_eq!(
        kind(functions.update_alias(NAME, "3", None).await),
        Kind::NotFound
    );
    functions.delete_function(NAME).await.unwrap();
    functions
        .create_function(NAME, &wanted(), &code("two"), &Tags::new())
        .await
        .unwrap();
    pass(2).await;
    assert_eq!(publish("two").await.unwrap(), "3");
}

#[tokio::test(start_paused = true)]
async fn grants_outlive_the_url_but_not_the_function() {
    let world = World::new();
    let functions = made(&world).await.functions;
    assert_eq!(
        kind(functions.create_url(NAME, Auth::None).await),
        Kind::NotFound
    );
    let functions = {
        functions
            .publish_version(NAME, &sha256(b"one"), "")
            .await
            .unwrap();
        functions.create_alias(NAME, "1").await.unwrap();
        functions
    };
    functions.create_url(NAME, Auth::None).await.unwrap();
    assert_eq!(
        kind(functions.create_url(NAME, Auth::None).await),
        Kind::Conflict
    );
    let grant = Grant {
        action: "lambda:InvokeFunctionUrl".into(),
        principal: "*".into(),
        url_auth: Some(Auth::None),
        ..Grant::default()
    };
    functions.add_grant(NAME, "public", &grant).await.unwrap();
    assert_eq!(
        kind(functions.add_grant(NAME, "public", &grant).await),
        Kind::Conflict
    );
    assert_eq!(kind(functions.delete_alias(NAME).await), Kind::Conflict);
    functions.delete_url(NAME).await.unwrap();
    assert_eq!(functions.url(NAME).await.unwrap(), None);
    assert!(functions.grants(NAME).await.unwrap().is_some());
    functions.create_url(NAME, Auth::None).await.unwrap();
    assert_eq!(functions.url(NAME).await.unwrap().unwrap().grants.len(), 1);
    functions.delete_function(NAME).await.unwrap();
    assert_eq!(functions.grants(NAME).await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn a_hundred_must_stay_that_nobody_set_aside() {
    let world = World::new();
    let functions = made(&world).await.functions;
    assert_eq!(
        kind(functions.put_concurrency(NAME, Some(901)).await),
        Kind::Refused
    );
    functions.put_concurrency(NAME, Some(900)).await.unwrap();
    assert_eq!(functions.concurrency().await.unwrap().unreserved, 100);
    functions.put_concurrency(NAME, Some(0)).await.unwrap();
    assert_eq!(
        kind(functions.invoke(NAME, "$LATEST", &Value::Null).await),
        Kind::Throttled
    );
    world.change(|state| state.settings.concurrency = 10);
    assert_eq!(
        kind(functions.put_concurrency(NAME, Some(1)).await),
        Kind::Refused
    );
}

#[tokio::test(start_paused = true)]
async fn a_log_group_that_is_gone_comes_back_where_the_role_may_make_one() {
    for (action, there) in [("logs:PutLogEvents", false), ("logs:CreateLogGroup", true)] {
        let world = World::new();
        let cloud = made(&world).await;
        let policy = Document::new([(
            "Logs",
            json!({ "Effect": "Allow", "Action": action, "Resource": "*" }),
        )]);
        cloud.roles.put_policy("r", "p", &policy).await.unwrap();
        cloud
            .functions
            .invoke(NAME, "$LATEST", &Value::Null)
            .await
            .unwrap();
        let group = cloud.logs.log_group("g").await.unwrap();
        assert_eq!(group.is_some(), there, "{action}");
    }
}
