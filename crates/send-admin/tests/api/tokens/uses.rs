//! Using tokens by the original's route.

use futures::future::join_all;
use insta::assert_snapshot;
use serde_json::json;

use super::{ask, create, lookup, told, with_limit};
use crate::harness::Service;

#[tokio::test]
async fn the_use_that_reaches_the_limit_succeeds_and_exhausts() {
    let service = with_limit(2).await;
    let with_body = ask(&service, "use", "press");
    let body = json!({ "ip_hash": "1a", "action": "page_opened", "transfer_id": "00ff10abcdef" });
    assert_snapshot!(with_body.json(&body).ok().await, @r#"200 {"remaining":1,"success":true,"usage_count":1}"#);
    assert_snapshot!(ask(&service, "use", "press").ok().await, @r#"200 {"remaining":0,"success":true,"usage_count":2}"#);
    let fields = ["usage_count", "status", "bytes_used"];
    assert_eq!(
        told(&service, fields).await,
        [json!(2), json!("exhausted"), json!(0)]
    );
    assert_snapshot!(ask(&service, "use", "press").ok().await, @r#"200 {"reason":"exhausted","success":false}"#);
    assert_eq!(told(&service, fields).await[0], 2);
    assert_eq!(
        service.log().await.len(),
        1,
        "a use is no change by an admin"
    );
}

#[tokio::test]
async fn what_cannot_be_used_is_told_and_is_no_error() {
    let service = with_limit(9).await;
    let unknown = ask(&service, "use", "other").ok().await;
    assert_snapshot!(unknown, @r#"200 {"reason":"not_found","success":false}"#);
    let long = "x".repeat(129);
    for malformed in ["a%20b", "sgs_x", "%C3%A9", "%ff", &long] {
        let told = ask(&service, "use", malformed).ok().await;
        assert_eq!(told.json(), unknown.json(), "{malformed}");
    }
    ask(&service, "revoke", "press").ok().await;
    assert_snapshot!(ask(&service, "use", "press").ok().await, @r#"200 {"reason":"revoked","success":false}"#);
    for malformed in ["[]", "1", "{", "{} {}", r#"{"action":1}"#] {
        let refused = ask(&service, "use", "press").bytes(malformed).refused();
        assert_eq!(refused.await.0, 400, "{malformed}");
    }
    assert_eq!(told(&service, ["usage_count"; 3]).await[0], 0);
}

#[tokio::test]
async fn a_token_without_a_limit_is_never_used_up() {
    let service = with_limit(0).await;
    for _ in 0..60 {
        ask(&service, "use", "press").ok().await;
    }
    assert_snapshot!(ask(&service, "use", "press").ok().await, @r#"200 {"remaining":-1,"success":true,"usage_count":61}"#);
}

#[tokio::test]
async fn uses_at_once_are_counted_each() {
    let service = with_limit(10).await;
    let beside = service.again(&[]);
    let uses = (0..40).map(|n| ask([&service, &beside][n % 2], "use", "press").ok());
    let replies = join_all(uses).await;
    let used = replies
        .iter()
        .filter(|reply| reply.json()["success"] == true);
    assert_eq!(used.count(), 10);
    assert_eq!(told(&service, ["usage_count"; 3]).await[0], 10);
}

/// The bytes that a token allows are those of what is sent; a use by this route is of none.
#[tokio::test]
async fn a_use_counts_no_bytes() {
    let service = Service::new();
    let token = json!({ "token_name": "press", "bytes_limit": 1 });
    create(&service, &token).ok().await;
    ask(&service, "use", "press").ok().await;
    let token = lookup(&service, "press").ok().await.json();
    assert_eq!(
        (&token["usage_count"], &token["bytes_used"]),
        (&json!(1), &json!(0))
    );
}
