//! All that is told of one transfer.

use insta::assert_snapshot;
use serde_json::json;
use storage::Path;

use super::{both, detail, page};
use crate::{harness::Service, sender::Sender};

#[tokio::test]
async fn a_send_whose_downloads_are_limited() {
    let (service, sender) = both();
    let keys = sender
        .sent(1, json!({ "downloads": 3, "wipe": true }))
        .await;
    for k in [1, 2, 2] {
        sender.claim(keys, k).ok().await;
    }
    sender.report(keys, "It is mine.").ok().await;
    assert_snapshot!(detail(&service, keys.id).ok().await, @r#"200 {"created_at":1767225600000,"downloads":3,"downloads_taken":2,"expires_at":1767229200000,"id":"01010101010101010101010101010101","kind":"send","reports":[{"at":1767225600000,"reason":"It is mine."}],"size":4168,"state":"completed","taken_down":null,"token":null,"wipe":true}"#);
}

#[tokio::test]
async fn a_send_whose_downloads_are_not_limited() {
    let (service, sender) = both();
    let keys = sender.sent(1, json!({})).await;
    for k in [1, 2, 2] {
        sender.claim(keys, k).ok().await;
    }
    assert_snapshot!(detail(&service, keys.id).ok().await, @r#"200 {"created_at":1767225600000,"downloads":0,"downloads_taken":2,"expires_at":1767229200000,"id":"01010101010101010101010101010101","kind":"send","reports":[],"size":4168,"state":"completed","taken_down":null,"token":null,"wipe":false}"#);
}

#[tokio::test]
async fn transfers_of_the_originals_routes() {
    let (service, sender) = both();
    let limited = sender.transfer(1, 10, json!({ "max_downloads": 2 })).await;
    let unlimited = sender.transfer(2, 20, json!({})).await;
    for id in [&limited, &unlimited, &unlimited, &unlimited] {
        sender.download(id).ok().await;
    }
    assert_snapshot!(detail(&service, limited).ok().await, @r#"200 {"created_at":1767225600000,"downloads":2,"downloads_taken":1,"expires_at":1769817600000,"id":"000000000001","kind":"transfer","reports":[],"size":10,"state":"completed","taken_down":null,"token":null,"wipe":false}"#);
    assert_snapshot!(detail(&service, unlimited).ok().await, @r#"200 {"created_at":1767225600000,"downloads":0,"downloads_taken":3,"expires_at":1769817600000,"id":"000000000002","kind":"transfer","reports":[],"size":20,"state":"completed","taken_down":null,"token":null,"wipe":false}"#);
}

#[tokio::test]
async fn what_is_on_its_way() {
    let (service, sender) = both();
    let keys = sender.pending(1, json!({ "expires_in": 60 })).await;
    assert_snapshot!(detail(&service, keys.id).ok().await, @r#"200 {"created_at":1767225600000,"downloads":0,"downloads_taken":0,"expires_at":1767225660000,"id":"01010101010101010101010101010101","kind":"send","reports":[],"size":4168,"state":"pending","taken_down":null,"token":null,"wipe":false}"#);
    service.wait_seconds(60);
    assert_eq!(
        detail(&service, keys.id).ok().await.json()["state"],
        "expired"
    );
}

/// Where nobody knows any more what a token was called, its id stands for it.
#[tokio::test]
async fn the_token_is_told_by_its_name() {
    let service = Service::new();
    let create = service.admin_post("/tokens/create");
    let made = create
        .json(&json!({ "token_name": "press" }))
        .ok()
        .await
        .json();
    let keys = Sender::with_token(&service, "press")
        .sent(1, json!({}))
        .await;
    assert_eq!(
        detail(&service, keys.id).ok().await.json()["token"],
        "press"
    );
    let token = made["cache_id"].as_str().unwrap();
    let path = Path::parse(format!("tokens/{token}.json")).unwrap();
    service.blobs.delete(&path).await.unwrap();
    assert_eq!(detail(&service, keys.id).ok().await.json()["token"], token);
    assert_eq!(page(&service, "").await["transfers"][0]["token"], token);
}

/// Metadata only: neither ciphertext nor what opens anything.
#[tokio::test]
async fn nothing_that_is_told_opens_a_transfer() {
    let (service, sender) = both();
    let keys = sender.sent(1, json!({})).await;
    let told = detail(&service, keys.id).ok().await.json();
    let mut fields: Vec<_> = told.as_object().unwrap().keys().cloned().collect();
    fields.sort_unstable();
    assert_snapshot!(fields.join(" "), @"created_at downloads downloads_taken expires_at id kind reports size state taken_down token wipe");
    let listed = page(&service, "").await["transfers"][0].clone();
    for (field, value) in listed.as_object().unwrap() {
        assert_eq!(*value, told[field], "{field}");
    }
}
