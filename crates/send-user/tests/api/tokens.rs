//! Access tokens, where uploads need one.

use insta::assert_snapshot;
use send_core::{
    clock::Millis,
    tokens::{AccessToken, AccessTokens, TokenName, TokenSecret},
};
use serde_json::{Value, json};

use crate::harness::{Ask, Keys, ONE_PART, START, Service, TWO_PARTS};

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

/// A service that knows one token, changed like this.
async fn with(change: impl FnOnce(&mut AccessToken)) -> Service {
    let service = Service::with(&[("SEND_UPLOADS", "token")]);
    let mut token = AccessToken::new("press".parse().unwrap(), Millis(START));
    change(&mut token);
    AccessTokens::new(service.blobs.clone(), None)
        .create(&token)
        .await
        .unwrap();
    service
}

/// A create of ours, by whoever shows this token.
fn create<'a>(service: &'a Service, n: u8, fields: Value, shown: &str) -> Ask<'a> {
    service
        .post("/api/v1/sends")
        .json(&Keys::new(n).create(fields))
        .header("x-sgraph-access-token", shown)
}

#[tokio::test]
async fn a_token_with_a_secret_is_used_by_its_secret_and_not_by_its_name() {
    let name: TokenName = "press".parse().unwrap();
    let secret = TokenSecret::random(&name.id());
    let service = with(|token| token.secret = Some(secret.hash())).await;
    let other = TokenSecret::random(&name.id());
    for wrong in ["press", &other.reveal(), &secret.reveal()[..73]] {
        assert_eq!(
            create(&service, 1, json!({}), wrong).refused().await.0,
            401,
            "{wrong}"
        );
        let check = service
            .get(format!("/api/transfers/check-token/{wrong}"))
            .ok()
            .await;
        assert_eq!(
            check.json(),
            json!({ "valid": false, "reason": "not_found" })
        );
        let validate = service
            .post(format!("/api/transfers/validate-token/{wrong}"))
            .ok()
            .await;
        assert_eq!(
            validate.json(),
            json!({ "success": false, "reason": "not_found" })
        );
    }
    create(&service, 1, json!({}), &secret.reveal()).ok().await;
    let check = service.get(format!("/api/transfers/check-token/{}", secret.reveal()));
    assert_snapshot!(check.ok().await, @r#"200 {"remaining":-1,"status":"active","valid":true}"#);
}

#[tokio::test]
async fn a_token_allows_so_many_bytes() {
    let service = with(|token| token.bytes_limit = 2 * ONE_PART as u64).await;
    create(&service, 1, json!({}), "press").ok().await;
    let refused = create(&service, 2, json!({ "size": TWO_PARTS }), "press")
        .await_reply()
        .await;
    assert_snapshot!(refused, @r#"413 {"detail":"This access token allows 4168 more bytes, stored.","request_id":".."}"#);
    let transfer = |fields: Value| {
        let ask = service.post("/api/transfers/create").json(&fields);
        ask.header("x-sgraph-access-token", "press")
    };
    let undeclared = transfer(json!({})).await_reply().await;
    assert_snapshot!(undeclared, @r#"400 {"detail":"file_size_bytes: must be declared, since this access token limits the bytes that it may send","request_id":".."}"#);
    transfer(json!({ "file_size_bytes": 4_168 })).ok().await;
    assert_eq!(
        create(&service, 3, json!({}), "press").refused().await.0,
        413
    );
}

#[tokio::test]
async fn what_is_sent_with_a_token_lives_as_long_as_it_says() {
    let service = with(|token| token.max_age_s = 600).await;
    let refused = create(&service, 1, json!({ "expires_in": 601 }), "press")
        .await_reply()
        .await;
    assert_snapshot!(refused, @r#"400 {"detail":"expires_in: must be at least 1, and end within 600 seconds of the creation","request_id":".."}"#);
    let found = create(&service, 1, json!({ "expires_in": null }), "press")
        .ok()
        .await;
    assert_eq!(found.json()["expires_at"], START + 600_000);
    let again = create(&service, 1, json!({ "expires_in": null }), "press")
        .ok()
        .await;
    assert_eq!(again.json(), found.json());
    let keys = Keys::new(1);
    service.wait_seconds(60);
    let later = service.patch(keys.path("")).token(keys.owner());
    assert_eq!(
        later.json(&json!({ "expires_in": 541 })).refused().await.0,
        400
    );
    let earlier = service.patch(keys.path("")).token(keys.owner());
    earlier.json(&json!({ "expires_in": 540 })).ok().await;
    let transfer = service
        .post("/api/transfers/create")
        .header("x-sgraph-access-token", "press")
        .json(&json!({ "transfer_id": "00ff10abcdef" }));
    transfer.ok().await;
    let info = service.get("/api/transfers/info/00ff10abcdef").ok().await;
    assert_eq!(info.json()["expires_at"], START + 660_000);
}

#[tokio::test]
async fn a_create_of_an_id_that_is_there_spends_nothing() {
    let service = with_token(2).await;
    let create = || {
        service
            .post("/api/transfers/create")
            .header("x-sgraph-access-token", "press")
            .json(&json!({ "transfer_id": "00ff10abcdef" }))
    };
    create().ok().await;
    assert_eq!(create().refused().await.0, 409);
    assert_snapshot!(service.get("/api/transfers/check-token/press").ok().await, @r#"200 {"remaining":1,"status":"active","valid":true}"#);
}

#[tokio::test]
async fn what_a_revoked_token_began_is_not_completed_by_whoever_shows_another() {
    let service = with_token(0).await;
    let id = "00ff10abcdef";
    let ask = |path: &str, token: &str| {
        let ask = service.post(format!("/api/transfers/{path}"));
        ask.header("x-sgraph-access-token", token)
    };
    let create = ask("create", "press").json(&json!({ "transfer_id": id }));
    create.ok().await;
    ask(&format!("upload/{id}"), "press")
        .bytes("content")
        .ok()
        .await;
    let tokens = AccessTokens::new(service.blobs.clone(), None);
    let name: TokenName = "press".parse().unwrap();
    tokens.change(&name, AccessToken::revoke).await.unwrap();
    let refused = ask(&format!("complete/{id}"), "fixed").refused().await;
    assert_eq!(refused.0, 401);
    tokens.change(&name, AccessToken::reactivate).await.unwrap();
    ask(&format!("complete/{id}"), "fixed").ok().await;
}
