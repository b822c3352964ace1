//! Access tokens, where uploads need one.

use insta::assert_snapshot;
use send_core::{
    clock::Millis,
    tokens::{AccessToken, AccessTokens},
};
use serde_json::json;

use crate::harness::{Keys, START, Service};

async fn with_token(limit: u64) -> Service {
    let service = Service::with(&[("SEND_UPLOADS", "token"), ("SEND_ACCESS_TOKEN", "fixed")]);
    let mut token = AccessToken::new("press".parse().unwrap(), Millis(START));
    token.limit(limit);
    AccessTokens::new(service.blobs.clone(), None)
        .create(&token)
        .await
        .unwrap();
    service
}

#[tokio::test]
async fn without_an_access_token_nobody_sends() {
    let service = with_token(1).await;
    let ask = Keys::new(1).create(json!({}));
    assert_snapshot!(service.post("/api/v1/sends").json(&ask).await_reply().await, @r#"401 {"detail":"An access token is needed to send from here.","request_id":".."}"#);
    let unknown = service
        .post("/api/v1/sends")
        .json(&ask)
        .header("x-sgraph-access-token", "unknown");
    assert_snapshot!(unknown.await_reply().await, @r#"401 {"detail":"This access token cannot be used.","request_id":".."}"#);
    assert_eq!(service.post("/api/transfers/create").refused().await.0, 401);
    assert_eq!(
        service
            .post("/api/transfers/upload/00ff10abcdef")
            .refused()
            .await
            .0,
        401
    );
    assert_eq!(
        service
            .post("/api/transfers/complete/00ff10abcdef")
            .refused()
            .await
            .0,
        401
    );
}

#[tokio::test]
async fn a_create_counts_once_however_often_it_is_asked() {
    let service = with_token(1).await;
    let ask = |n| {
        service
            .post("/api/v1/sends")
            .json(&Keys::new(n).create(json!({})))
            .header("x-sgraph-access-token", "press")
    };
    ask(1).ok().await;
    ask(1).ok().await;
    assert_snapshot!(service.get("/api/transfers/check-token/press").ok().await, @r#"200 {"remaining":0,"status":"exhausted","valid":false}"#);
    assert_eq!(ask(2).refused().await.0, 401);
}

#[tokio::test]
async fn the_originals_routes_take_the_token_in_header_or_query_and_count_creates_only() {
    let service = with_token(1).await;
    let create = json!({ "transfer_id": "00ff10abcdef" });
    let refused = service
        .post("/api/transfers/create?access_token=press")
        .json(&json!({ "max_downloads": -1 }));
    assert_eq!(
        refused.refused().await.0,
        400,
        "what is malformed is not counted"
    );
    service
        .post("/api/transfers/create?access_token=press")
        .json(&create)
        .ok()
        .await;
    let upload = service
        .post("/api/transfers/upload/00ff10abcdef")
        .header("x-sgraph-access-token", "press");
    upload.bytes("ciphertext").ok().await;
    service
        .post("/api/transfers/complete/00ff10abcdef?access_token=press")
        .ok()
        .await;
    assert_eq!(
        service
            .post("/api/transfers/create?access_token=press")
            .refused()
            .await
            .0,
        401
    );
}

#[tokio::test]
async fn the_fixed_token_is_never_used_up() {
    let service = with_token(1).await;
    for n in 1..5 {
        let ask = service
            .post("/api/v1/sends")
            .json(&Keys::new(n).create(json!({})));
        ask.header("x-sgraph-access-token", "fixed").ok().await;
    }
}

#[tokio::test]
async fn a_token_is_checked_and_used_by_name() {
    let service = with_token(2).await;
    assert_snapshot!(service.get("/api/transfers/check-token/press").ok().await, @r#"200 {"remaining":2,"status":"active","valid":true}"#);
    assert_snapshot!(service.get("/api/transfers/check-token/other").ok().await, @r#"200 {"reason":"not_found","valid":false}"#);
    assert_snapshot!(
        service
            .post("/api/transfers/validate-token/press")
            .ok()
            .await, @r#"200 {"remaining":1,"success":true,"usage_count":1}"#);
    assert_snapshot!(
        service
            .post("/api/transfers/validate-token/press")
            .ok()
            .await, @r#"200 {"remaining":0,"success":true,"usage_count":2}"#);
    assert_snapshot!(
        service
            .post("/api/transfers/validate-token/press")
            .ok()
            .await, @r#"200 {"reason":"exhausted","success":false}"#);
    assert_snapshot!(
        service
            .post("/api/transfers/validate-token/other")
            .ok()
            .await, @r#"200 {"reason":"not_found","success":false}"#);
}

#[tokio::test]
async fn uses_are_counted_atomically() {
    let service = with_token(10).await;
    let uses = (0..40).map(|_| service.post("/api/transfers/validate-token/press").ok());
    let answers = futures::future::join_all(uses).await;
    assert_eq!(
        answers
            .iter()
            .filter(|reply| reply.json()["success"] == true)
            .count(),
        10
    );
}
