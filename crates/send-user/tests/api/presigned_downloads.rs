//! Downloads of the original's routes by signed URLs: each is counted when its URL is given.

use axum::http::Method;
use serde_json::json;

use crate::{
    harness::{START, Service},
    presigned::{complete, download_url, downloaded, info, path, stored},
    transfers::{ID, create, sent},
};

#[tokio::test]
async fn a_download_by_url_is_counted_before_it_is_given() {
    let service = Service::signing(&[]);
    sent(&service, json!({ "max_downloads": 2 })).await;
    let answer = download_url(&service).ok().await.json();
    assert_eq!(
        (&answer["transfer_id"], &answer["expires_in"]),
        (&json!(ID), &json!(300))
    );
    let url = answer["download_url"].as_str().unwrap();
    assert!(url.contains("X-Amz-Expires=300"), "{url}");
    let object = service.blobs.get(&path(url), None).await.unwrap();
    assert_eq!(object.bytes().await.unwrap(), "ciphertext");
    assert_eq!(info(&service).await["download_count"], 1);
    assert_eq!(downloaded(&service).await, "ciphertext");
    assert_eq!(
        download_url(&service).refused().await,
        (410, "exhausted".into())
    );
    assert_eq!(info(&service).await["download_count"], 2);
}

#[tokio::test]
async fn a_look_at_a_download_url_burns_nothing() {
    let service = Service::signing(&[]);
    sent(&service, json!({ "max_downloads": 1 })).await;
    let head = service.ask(Method::HEAD, format!("/api/presigned/download-url/{ID}"));
    assert_eq!(head.await_reply().await.status, 405);
    download_url(&service).ok().await;
}

#[tokio::test]
async fn fifty_who_ask_at_once_get_as_many_urls_as_there_are_downloads() {
    for limit in [7, 150] {
        let service = Service::signing(&[]);
        sent(&service, json!({ "max_downloads": limit })).await;
        let asks = (0..limit + 50).map(|_| download_url(&service).await_reply());
        let answers = futures::future::join_all(asks).await;
        let count = |status: u16| answers.iter().filter(|a| a.status == status).count();
        assert_eq!((count(200), count(410)), (limit, 50));
        assert_eq!(info(&service).await["download_count"], limit);
    }
}

#[tokio::test]
async fn what_cannot_be_downloaded_by_url_says_why() {
    let service = Service::signing(&[]);
    assert_eq!(download_url(&service).refused().await.0, 404, "unknown");
    create(&service, json!({ "expires_at": START + 90_500 })).await;
    assert_eq!(download_url(&service).refused().await.0, 409, "pending");
    let ask = service.post(format!("/api/transfers/upload/{ID}"));
    ask.bytes("ciphertext").ok().await;
    complete(&service).ok().await;
    let answer = download_url(&service).ok().await.json();
    assert_eq!(answer["expires_in"], 90, "no URL outlives its transfer");
    service.wait_seconds(90);
    assert_eq!(download_url(&service).ok().await.json()["expires_in"], 1);
    service.wait_seconds(1);
    assert_eq!(
        download_url(&service).refused().await,
        (410, "expired".into())
    );

    let service = Service::signing(&[]);
    let hash = send_core::id::Digest::of("secret").to_string();
    sent(&service, json!({ "delete_auth_hash": hash })).await;
    let delete = service.delete(format!("/api/transfers/delete/{ID}"));
    delete
        .header("x-sgraph-transfer-delete-auth", "secret")
        .ok()
        .await;
    assert_eq!(download_url(&service).refused().await.0, 404, "deleted");
    let url = service.get(format!("/api/presigned/upload-url/{ID}"));
    assert_eq!(url.refused().await.0, 404, "deleted");
}

#[tokio::test]
async fn a_payload_that_goes_with_its_last_download_outlives_the_url_and_no_more() {
    let service = Service::signing(&[]);
    sent(&service, json!({ "max_downloads": 1, "auto_delete": true })).await;
    let answer = download_url(&service).ok().await.json();
    assert_eq!(
        download_url(&service).refused().await,
        (410, "exhausted".into())
    );
    let get = || service.get(format!("/api/transfers/download/{ID}"));
    assert_eq!(get().refused().await, (410, "exhausted".into()));
    let url = answer["download_url"].as_str().unwrap();
    let object = service.blobs.get(&path(url), None).await.unwrap();
    assert_eq!(object.bytes().await.unwrap(), "ciphertext");
    assert_eq!(
        info(&service).await["expires_at"],
        START + 3_600_000,
        "then it is swept"
    );
    service.wait_seconds(3_600);
    assert_eq!(get().refused().await, (410, "expired".into()));
}

#[tokio::test]
async fn the_last_download_wipes_nothing_that_a_url_still_reads() {
    let service = Service::signing(&[]);
    sent(&service, json!({ "max_downloads": 2, "auto_delete": true })).await;
    let answer = download_url(&service).ok().await.json();
    service.wait_seconds(60);
    assert_eq!(downloaded(&service).await, "ciphertext");
    let info = info(&service).await;
    assert_eq!(
        (&info["status"], &info["expires_at"]),
        (&json!("completed"), &json!(START + 3_600_000))
    );
    let url = answer["download_url"].as_str().unwrap();
    assert!(service.blobs.get(&path(url), None).await.is_ok());
}

#[tokio::test]
async fn long_after_a_url_the_last_download_wipes_at_once() {
    let service = Service::signing(&[]);
    sent(&service, json!({ "max_downloads": 2, "auto_delete": true })).await;
    download_url(&service).ok().await;
    service.wait_seconds(3_600);
    assert_eq!(downloaded(&service).await, "ciphertext");
    assert_eq!(info(&service).await["status"], "exhausted");
    while !stored(&service).await.is_empty() {
        tokio::task::yield_now().await;
    }
}
