//! What holds for every body, whichever route takes it.

use insta::assert_snapshot;
use serde_json::json;

use crate::harness::{Keys, Service, content};

#[tokio::test]
async fn malformed_json_is_refused_with_the_field_that_is_wrong() {
    let service = Service::new();
    let create = |fields| Keys::new(1).create(fields);
    for (fields, field) in [
        (json!({ "id": "abc" }), "id"),
        (json!({ "id": 5 }), "id"),
        (json!({ "link_verifier": "ABCD" }), "link_verifier"),
        (json!({ "owner_verifier": null }), "owner_verifier"),
        (json!({ "size": -1 }), "size"),
        (json!({ "size": 1.5 }), "size"),
        (json!({ "size": "4168" }), "size"),
        (json!({ "size": 1e40 }), "size"),
        (json!({ "size": 4_169 }), "size"),
        (json!({ "downloads": 101 }), "downloads"),
        (json!({ "downloads": -1 }), "downloads"),
        (json!({ "expires_in": 0 }), "expires_in"),
        (json!({ "expires_in": 2_592_001 }), "expires_in"),
        (json!({ "expires_in": u64::MAX }), "expires_in"),
        (json!({ "wipe": "yes" }), "wipe"),
    ] {
        let (status, detail) = service
            .post("/api/v1/sends")
            .json(&create(fields.clone()))
            .refused()
            .await;
        assert_eq!(status, 400, "{fields}: {detail}");
        assert!(
            detail.starts_with(&format!("{field}: ")),
            "{fields}: {detail}"
        );
    }
}

#[tokio::test]
async fn what_is_no_json_is_refused() {
    let service = Service::new();
    for body in ["", "{", "[]", "null", "{} {}", "\u{feff}{}"] {
        let (status, detail) = service.post("/api/v1/sends").bytes(body).refused().await;
        assert_eq!(status, 400, "{body:?}: {detail}");
    }
}

#[tokio::test]
async fn a_missing_field_is_named() {
    let service = Service::new();
    let mut ask = Keys::new(1).create(json!({}));
    ask.as_object_mut().unwrap().remove("size");
    assert_snapshot!(service.post("/api/v1/sends").json(&ask).await_reply().await, @r#"400 {"detail":"body: missing field `size` at line 1 column 323","request_id":".."}"#);
}

#[tokio::test]
async fn unknown_fields_are_ignored() {
    let service = Service::new();
    let ask = Keys::new(1).create(json!({ "from_the_future": [1, 2] }));
    service.post("/api/v1/sends").json(&ask).ok().await;
}

#[tokio::test]
async fn the_digest_of_a_body_is_demanded_and_checked() {
    let service = Service::new();
    let ask = Keys::new(1).create(json!({}));
    let post = || service.post("/api/v1/sends").json(&ask);
    assert_snapshot!(post().unhashed().await_reply().await, @r#"400 {"detail":"x-amz-content-sha256: must hold the SHA-256 of the body","request_id":".."}"#);
    assert_snapshot!(
        post()
            .header("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
            .await_reply()
            .await, @r#"400 {"detail":"x-amz-content-sha256: must be a SHA-256 as 64 lower-case hexadecimal digits","request_id":".."}"#);
    assert_snapshot!(
        post()
            .header("x-amz-content-sha256", "0".repeat(64))
            .await_reply()
            .await, @r#"400 {"detail":"x-amz-content-sha256: is not the SHA-256 of the body","request_id":".."}"#);
}

#[tokio::test]
async fn an_encoded_body_is_415() {
    let service = Service::new();
    let ask = service
        .post("/api/v1/sends")
        .header("content-encoding", "gzip");
    assert_snapshot!(ask.await_reply().await, @r#"415 {"detail":"Send the body as it is, without Content-Encoding.","request_id":".."}"#);
    let ask = service
        .post("/api/transfers/create")
        .header("content-encoding", "identity");
    ask.ok().await;
}

#[tokio::test]
async fn a_body_over_the_limit_is_413() {
    let service = Service::new();
    let (status, _) = service
        .post("/api/v1/sends")
        .bytes(content(70_000))
        .refused()
        .await;
    assert_eq!(status, 413);
    let keys = service.pending(json!({})).await;
    let manifest = service
        .put(keys.path("/manifest"))
        .token(keys.owner())
        .bytes(content(4_198_473));
    assert_eq!(manifest.refused().await.0, 413);
    let part = service
        .put(keys.path("/parts/0"))
        .token(keys.owner())
        .bytes(content(4_198_457));
    assert_eq!(part.refused().await.0, 413);
}

#[tokio::test]
async fn an_array_is_no_object_even_if_its_values_would_fit() {
    let service = Service::new();
    let keys = service.sent(json!({})).await;
    let change = service.patch(keys.path("")).token(keys.owner());
    assert_snapshot!(change.bytes("[null, 5]").await_reply().await, @r#"400 {"detail":"body: must be a JSON object","request_id":".."}"#);
    let before = service.get(keys.path("")).token(keys.owner()).ok().await;
    assert_eq!(before.json()["downloads"], 0);
}

#[tokio::test]
async fn what_is_wrong_with_a_query_is_said() {
    let service = Service::new();
    let create = service.post("/api/transfers/create?access_token=one&access_token=two");
    assert_snapshot!(create.await_reply().await, @r#"400 {"detail":"query: duplicate field `access_token`","request_id":".."}"#);
}

#[tokio::test]
async fn an_empty_manifest_is_none() {
    let service = Service::new();
    let keys = service.pending(json!({})).await;
    let manifest = service.put(keys.path("/manifest")).token(keys.owner());
    assert_snapshot!(manifest.await_reply().await, @r#"400 {"detail":"body: must be a sealed manifest","request_id":".."}"#);
    let complete = service.post(keys.path("/complete")).token(keys.owner());
    let missing = complete.await_reply().await.json()["missing"].take();
    assert_eq!(missing["manifest"], true);
}

#[tokio::test]
async fn no_body_is_an_empty_object_and_a_blank_is_no_json() {
    let service = Service::new();
    service.post("/api/transfers/create").ok().await;
    let blank = service.post("/api/transfers/create").bytes(" ");
    assert_eq!(blank.refused().await.0, 400);
}
