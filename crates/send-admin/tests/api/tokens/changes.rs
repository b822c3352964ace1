//! Revoking, changing limits, putting into use again; and what the audit log says of it.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{ask, create, told, with_limit};
use crate::{
    harness::{Ask, SECOND_KEY, Service},
    sender::{Keys, Sender},
};

const LIMITS: [&str; 3] = ["usage_limit", "bytes_limit", "max_age_s"];

async fn status(service: &Service) -> Value {
    told(service, ["status"; 3]).await[0].clone()
}

fn limit(service: &Service, usage_limit: u64) -> Ask {
    let ask = ask(service, "update-limit", "press");
    ask.json(&json!({ "usage_limit": usage_limit }))
}

#[tokio::test]
async fn a_revoked_token_opens_nothing_any_more() {
    let service = with_limit(9).await;
    let sender = Sender::with_token(&service, "press");
    let keys = sender.arrived(1, json!({})).await;
    assert_snapshot!(ask(&service, "revoke", "press").ok().await, @r#"200 {"status":"revoked","token_name":"press"}"#);
    assert_eq!(status(&service).await, "revoked");
    let refused = sender.create(Keys::new(2), &json!({})).refused().await;
    assert_eq!(refused.0, 401);
    assert_eq!(
        sender.complete(keys).refused().await.0,
        401,
        "nor is what was begun completed"
    );
    ask(&service, "revoke", "press").ok().await;
    assert_snapshot!(ask(&service, "revoke", "other").await_reply().await, @r#"404 {"detail":"There is nothing here, or not for this token.","request_id":".."}"#);
    assert_eq!(ask(&service, "revoke", "a%20b").refused().await.0, 404);
}

#[tokio::test]
async fn a_higher_limit_puts_an_exhausted_token_into_use_again() {
    let service = with_limit(1).await;
    ask(&service, "use", "press").ok().await;
    assert_eq!(status(&service).await, "exhausted");
    assert_snapshot!(limit(&service, 3).ok().await, @r#"200 {"bytes_limit":0,"bytes_used":0,"created_at":1767225600000,"created_by":"admin","max_age_s":0,"metadata":{},"secret":false,"status":"active","token_name":"press","usage_count":1,"usage_limit":3}"#);
    limit(&service, 1).ok().await;
    assert_eq!(status(&service).await, "exhausted");
    limit(&service, 0).ok().await;
    assert_eq!(status(&service).await, "active", "0 is any number");
    let unknown = ask(&service, "update-limit", "other").json(&json!({ "usage_limit": 1 }));
    assert_eq!(unknown.refused().await.0, 404);
}

#[tokio::test]
async fn a_limit_leaves_a_revoked_token_revoked() {
    let service = with_limit(1).await;
    ask(&service, "revoke", "press").ok().await;
    let token = limit(&service, 9).ok().await.json();
    assert_eq!(
        (&token["status"], &token["usage_limit"]),
        (&json!("revoked"), &json!(9))
    );
    let used = ask(&service, "use", "press").ok().await.json();
    assert_eq!(used["reason"], "revoked");
}

#[tokio::test]
async fn limits_that_are_not_named_stay_as_they_were() {
    let service = Service::new();
    let token = json!({ "token_name": "press", "bytes_limit": 5_000, "max_age_s": 60 });
    create(&service, &token).ok().await;
    limit(&service, 1).ok().await;
    assert_eq!(told(&service, LIMITS).await, [1, 5_000, 60]);
    let change = |fields| ask(&service, "update-limit", "press").json(&fields);
    change(json!({ "usage_limit": 2, "bytes_limit": 0 }))
        .ok()
        .await;
    assert_eq!(told(&service, LIMITS).await, [2, 0, 60]);
    change(json!({ "usage_limit": 2, "max_age_s": 70, "bytes_limit": null }))
        .ok()
        .await;
    assert_eq!(told(&service, LIMITS).await, [2, 0, 70]);
    for malformed in [
        json!({}),
        json!({ "usage_limit": -1 }),
        json!({ "usage_limit": 1, "max_age_s": "1" }),
    ] {
        assert_eq!(
            change(malformed.clone()).refused().await.0,
            400,
            "{malformed}"
        );
    }
    assert_eq!(told(&service, LIMITS).await, [2, 0, 70]);
    assert_eq!(service.log().await.len(), 4);
}

#[tokio::test]
async fn a_revoked_token_is_put_into_use_again_as_far_as_its_limit_allows() {
    let service = with_limit(1).await;
    ask(&service, "revoke", "press").ok().await;
    assert_snapshot!(ask(&service, "reactivate", "press").ok().await, @r#"200 {"bytes_limit":0,"bytes_used":0,"created_at":1767225600000,"created_by":"admin","max_age_s":0,"metadata":{},"secret":false,"status":"active","token_name":"press","usage_count":0,"usage_limit":1}"#);
    Sender::with_token(&service, "press")
        .pending(1, json!({}))
        .await;
    ask(&service, "revoke", "press").ok().await;
    let token = ask(&service, "reactivate", "press").ok().await.json();
    assert_eq!(token["status"], "exhausted");
    assert_eq!(ask(&service, "reactivate", "other").refused().await.0, 404);
}

#[tokio::test]
async fn the_audit_log_tells_of_each_change_and_of_nothing_that_was_refused() {
    let service = with_limit(2).await;
    limit(&service, 3).ok().await;
    ask(&service, "revoke", "press").ok().await;
    let second = service.post("/tokens/reactivate/press");
    second.header("x-api-key", SECOND_KEY).ok().await;
    for (what, body) in [
        ("revoke", json!({})),
        ("reactivate", json!({})),
        ("update-limit", json!({ "usage_limit": 1 })),
    ] {
        let refused = ask(&service, what, "other").json(&body).refused().await;
        assert_eq!(refused.0, 404, "{what}");
        let anonymous = service.post(format!("/tokens/{what}/press")).json(&body);
        assert_eq!(anonymous.refused().await.0, 401, "{what}");
    }
    assert_snapshot!(service.log().await.join("\n"), @r#"
    key cde44974: token_created token 842fcb5e60989a03d08ee07f9bea0a0a {"bytes_limit":0,"max_age_s":0,"usage_limit":2}
    key cde44974: token_limit_changed token 842fcb5e60989a03d08ee07f9bea0a0a {"bytes_limit":0,"max_age_s":0,"usage_limit":3}
    key cde44974: token_revoked token 842fcb5e60989a03d08ee07f9bea0a0a {"bytes_limit":0,"max_age_s":0,"usage_limit":3}
    key eb735a5a: token_reactivated token 842fcb5e60989a03d08ee07f9bea0a0a {"bytes_limit":0,"max_age_s":0,"usage_limit":3}
    "#);
    for (path, entry) in service.stored("audit").await {
        assert!(!entry.contains("press"), "{path}: {entry}");
    }
    let verified = service.admin_get("/audit/verify").ok().await.json();
    assert_eq!(
        (&verified["sound"], &verified["checked"]),
        (&json!(true), &json!(4))
    );
}
