//! What the operator sets, as clients meet it.

use axum::http::Method;
use send_core::{
    clock::Millis,
    id::Digest,
    tokens::{AccessToken, AccessTokens},
};

use crate::harness::{START, Service};

#[tokio::test]
async fn behind_a_door_only_who_came_through_it_is_served() {
    let hash = Digest::of("open sesame").to_string();
    let service = Service::with(&[("SEND_DOOR_SHA256", &hash)]);
    assert_eq!(service.get("/info/health").refused().await.0, 403);
    assert_eq!(
        service
            .get("/info/health")
            .header("x-send-door", "open barley")
            .refused()
            .await
            .0,
        403
    );
    service
        .get("/info/health")
        .header("x-send-door", "open sesame")
        .ok()
        .await;
}

#[tokio::test]
async fn listed_origins_may_call_the_originals_routes_and_no_others() {
    let service = Service::with(&[("SEND_CORS_ORIGINS", "https://a.example")]);
    let preflight = |path, origin| {
        let ask = service.ask(Method::OPTIONS, path).header("origin", origin);
        ask.header("access-control-request-method", "DELETE")
            .header(
                "access-control-request-headers",
                "x-sgraph-transfer-delete-auth",
            )
    };
    let path = "/api/transfers/delete/00ff10abcdef";
    let allowed = preflight(path, "https://a.example").ok().await;
    assert_eq!(
        allowed.headers["access-control-allow-origin"],
        "https://a.example"
    );
    assert!(
        allowed.headers["access-control-allow-headers"]
            .to_str()
            .unwrap()
            .contains("x-sgraph-transfer-delete-auth")
    );
    let other = preflight(path, "https://b.example").await_reply().await;
    assert!(!other.headers.contains_key("access-control-allow-origin"));
    let ours = preflight("/api/v1/sends", "https://a.example")
        .await_reply()
        .await;
    assert!(!ours.headers.contains_key("access-control-allow-origin"));
    let get = service
        .get("/api/presigned/capabilities")
        .header("origin", "https://a.example")
        .ok()
        .await;
    assert_eq!(
        get.headers["access-control-allow-origin"],
        "https://a.example"
    );
    assert!(
        get.headers["access-control-expose-headers"]
            .to_str()
            .unwrap()
            .contains("content-range")
    );
}

#[tokio::test]
async fn by_default_no_other_origin_may_call() {
    let service = Service::new();
    let get = service
        .get("/api/presigned/capabilities")
        .header("origin", "https://a.example")
        .ok()
        .await;
    assert!(!get.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn an_address_that_guesses_is_stopped_and_others_are_not() {
    let service = Service::with(&[("SEND_TRUST_PROXY", "x-forwarded-for:1")]);
    let guess = |address| {
        let ask = service
            .get(crate::harness::Keys::new(1).path(""))
            .token(crate::harness::claim(3));
        ask.header("x-forwarded-for", address)
    };
    for _ in 0..1_000 {
        assert_eq!(guess("192.0.2.1").refused().await.0, 404);
    }
    assert_eq!(guess("192.0.2.1").refused().await.0, 429);
    assert_eq!(guess("192.0.2.2").refused().await.0, 404);
    service
        .get("/info/health")
        .header("x-forwarded-for", "192.0.2.1")
        .ok()
        .await;
}

#[tokio::test]
async fn guesses_at_access_tokens_count_wherever_they_are_shown() {
    for (method, path, status) in [
        (Method::GET, "/api/transfers/check-token/press", 200),
        (Method::POST, "/api/transfers/validate-token/press", 200),
        (
            Method::POST,
            "/api/transfers/create?access%5Ftoken=press",
            401,
        ),
    ] {
        let service = Service::with(&[
            ("SEND_TRUST_PROXY", "x-forwarded-for:1"),
            ("SEND_UPLOADS", "token"),
        ]);
        let guess = async |address| {
            let ask = service.ask(method.clone(), path);
            let reply = ask.header("x-forwarded-for", address).await_reply().await;
            reply.status.as_u16()
        };
        for _ in 0..1_000 {
            assert_eq!(guess("192.0.2.1").await, status, "{path}");
        }
        assert_eq!(guess("192.0.2.1").await, 429, "{path}");
        assert_eq!(guess("192.0.2.2").await, status, "{path}");
    }
}

#[tokio::test]
async fn who_asks_about_a_token_that_there_is_does_not_guess() {
    let service = Service::with(&[("SEND_TRUST_PROXY", "x-forwarded-for:1")]);
    let mut token = AccessToken::new("press".parse().unwrap(), Millis(START));
    token.limit(1);
    let tokens = AccessTokens::new(service.blobs.clone(), None);
    tokens.create(&token).await.unwrap();
    for _ in 0..1_001 {
        let ask = service.post("/api/transfers/validate-token/press");
        ask.header("x-forwarded-for", "192.0.2.1").ok().await;
    }
}
