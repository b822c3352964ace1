//! The original's downloads, each of which counts.

use insta::assert_snapshot;
use serde_json::json;

use crate::{
    harness::{START, Service},
    transfers::{ID, create, sent},
};

#[tokio::test]
async fn every_get_counts_ranged_or_not() {
    let service = Service::new();
    sent(&service, json!({ "max_downloads": 2 })).await;
    let get = || service.get(format!("/api/transfers/download/{ID}"));
    let part = get().header("range", "bytes=0-3").ok().await;
    assert_eq!((part.status.as_u16(), &part.body[..]), (206, &b"ciph"[..]));
    get().ok().await;
    assert_eq!(get().refused().await, (410, "exhausted".into()));
    assert_snapshot!(service.get(format!("/api/transfers/info/{ID}")).ok().await, @r#"200 {"content_type_hint":"","created_at":"2026-01-01T00:00:00Z","download_count":2,"downloads_remaining":0,"expires_at":1769817600000,"file_size_bytes":10,"is_expired":false,"max_downloads":2,"status":"completed","transfer_id":"00ff10abcdef"}"#);
}

#[tokio::test]
async fn a_head_burns_nothing() {
    let service = Service::new();
    sent(&service, json!({ "max_downloads": 1 })).await;
    let head = service
        .ask(
            axum::http::Method::HEAD,
            format!("/api/transfers/download/{ID}"),
        )
        .await_reply()
        .await;
    assert_eq!(head.status, 405);
    assert!(head.headers.contains_key("allow"));
    service
        .get(format!("/api/transfers/download/{ID}"))
        .ok()
        .await;
}

#[tokio::test]
async fn what_cannot_be_downloaded_says_why() {
    let service = Service::new();
    let get = || service.get(format!("/api/transfers/download/{ID}"));
    assert_eq!(get().refused().await.0, 404, "unknown");
    create(&service, json!({ "expires_at": START + 60_000 })).await;
    assert_eq!(get().refused().await.0, 404, "pending");
    service
        .post(format!("/api/transfers/upload/{ID}"))
        .bytes("ciphertext")
        .ok()
        .await;
    service
        .post(format!("/api/transfers/complete/{ID}"))
        .ok()
        .await;
    service.wait_seconds(60);
    assert_eq!(get().refused().await, (410, "expired".into()));
    assert_eq!(
        service
            .get(format!("/api/transfers/download-base64/{ID}"))
            .refused()
            .await,
        (410, "expired".into())
    );
    assert_eq!(
        service
            .get(format!("/api/transfers/info/{ID}"))
            .ok()
            .await
            .json()["is_expired"],
        true
    );
}

#[tokio::test]
async fn an_expiry_in_the_past_lets_in_and_not_out() {
    let service = Service::new();
    sent(&service, json!({ "expires_at": "2025-12-31T00:00:00Z" })).await;
    assert_eq!(
        service
            .get(format!("/api/transfers/download/{ID}"))
            .refused()
            .await,
        (410, "expired".into())
    );
}

#[tokio::test]
async fn the_last_download_of_an_auto_delete_transfer_wipes_it() {
    let service = Service::new();
    sent(&service, json!({ "max_downloads": 1, "auto_delete": true })).await;
    assert_eq!(
        service
            .get(format!("/api/transfers/download/{ID}"))
            .ok()
            .await
            .body,
        "ciphertext"
    );
    assert_eq!(
        service
            .get(format!("/api/transfers/download/{ID}"))
            .refused()
            .await,
        (410, "exhausted".into())
    );
    assert_eq!(
        service
            .get(format!("/api/transfers/info/{ID}"))
            .ok()
            .await
            .json()["status"],
        "exhausted"
    );
    let mut left = 1;
    while left > 0 {
        tokio::task::yield_now().await;
        let all = service.blobs.list(None, None, 100).await.unwrap().entries;
        left = all
            .iter()
            .filter(|entry| entry.path.as_str().contains("/payload/"))
            .count();
    }
}

#[tokio::test]
async fn limits_that_slots_do_not_count_are_exact_too() {
    let service = Service::new();
    sent(&service, json!({ "max_downloads": 150 })).await;
    let gets = (0..200).map(|_| {
        service
            .get(format!("/api/transfers/download/{ID}"))
            .await_reply()
    });
    let answers = futures::future::join_all(gets).await;
    let count = |status: u16| {
        answers
            .iter()
            .filter(|reply| reply.status == status)
            .count()
    };
    assert_eq!((count(200), count(410)), (150, 50));
}

#[tokio::test]
async fn too_large_for_text_is_413_and_not_counted() {
    let service = Service::new();
    create(&service, json!({ "max_downloads": 1 })).await;
    service
        .post(format!("/api/transfers/upload/{ID}"))
        .bytes(vec![7; 3_750_001])
        .ok()
        .await;
    service
        .post(format!("/api/transfers/complete/{ID}"))
        .ok()
        .await;
    assert_snapshot!(
        service
            .get(format!("/api/transfers/download-base64/{ID}"))
            .await_reply()
            .await, @r#"413 {"detail":"Too large for text. Read the bytes at /api/transfers/download/00ff10abcdef.","request_id":".."}"#);
    service
        .get(format!("/api/transfers/download/{ID}"))
        .ok()
        .await;
}
