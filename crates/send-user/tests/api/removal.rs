//! What goes of the original's transfers before their time: by the sender, by a later upload, by the operator.

use insta::assert_snapshot;
use send_core::{catalogue::Catalogue, config::Config, key::AnyId, record::Reason};
use serde_json::json;

use crate::{
    harness::{START, Service},
    transfers::{ID, sent},
};

#[tokio::test]
async fn the_sender_deletes_with_the_secret_and_nobody_else() {
    let service = Service::new();
    let delete = |secret: &str| {
        let ask = service.delete(format!("/api/transfers/delete/{ID}"));
        ask.header("x-sgraph-transfer-delete-auth", secret)
    };
    assert_eq!(delete("secret").refused().await, (404, "not_found".into()));
    let hash = send_core::id::Digest::of("secret").to_string();
    sent(&service, json!({ "delete_auth_hash": hash })).await;
    assert_eq!(
        service
            .delete(format!("/api/transfers/delete/{ID}"))
            .refused()
            .await
            .0,
        400
    );
    assert_eq!(
        delete("another").refused().await,
        (403, "auth_mismatch".into())
    );
    assert_snapshot!(delete("secret").ok().await, @r#"200 {"status":"deleted","transfer_id":"00ff10abcdef"}"#);
    assert_snapshot!(delete("secret").ok().await, @r#"200 {"status":"already_deleted","transfer_id":"00ff10abcdef"}"#);
    assert_eq!(
        service
            .get(format!("/api/transfers/download/{ID}"))
            .refused()
            .await
            .0,
        404
    );
}

#[tokio::test]
async fn without_a_hash_nobody_deletes() {
    let service = Service::new();
    sent(&service, json!({})).await;
    let ask = service
        .delete(format!("/api/transfers/delete/{ID}"))
        .header("x-sgraph-transfer-delete-auth", "secret");
    assert_eq!(ask.refused().await, (409, "delete_not_enabled".into()));
}

#[tokio::test]
async fn an_upload_is_replaced_fifteen_times_and_not_for_ever() {
    let service = Service::new();
    let create = service.post("/api/transfers/create");
    create.json(&json!({ "transfer_id": ID })).ok().await;
    let upload = |n: u32| {
        let upload = service.post(format!("/api/transfers/upload/{ID}"));
        upload.bytes(format!("content {n:02}"))
    };
    for n in 0..16 {
        upload(n).ok().await;
    }
    assert_snapshot!(upload(16).await_reply().await, @r#"409 {"detail":"This transfer was uploaded too often. Complete it, or begin anew.","request_id":".."}"#);
    service
        .post(format!("/api/transfers/complete/{ID}"))
        .ok()
        .await;
    let read = service.get(format!("/api/transfers/download/{ID}"));
    assert_eq!(read.ok().await.body, "content 15");
}

#[tokio::test]
async fn what_was_taken_down_is_not_sent_again_under_its_id() {
    let service = Service::new();
    let create = || {
        service.post("/api/transfers/create").json(&json!({
            "transfer_id": "00ff10abcdef",
            "expires_at": START + 60_000,
            "allow_recreate": true,
        }))
    };
    create().ok().await;
    let limits = Config::read(([127, 0, 0, 1], 0).into(), |_| None)
        .unwrap()
        .limits;
    let catalogue = Catalogue::new(service.blobs.clone(), service.clock(), limits);
    let id = AnyId::parse("00ff10abcdef").unwrap();
    let (generation, _) = catalogue.look(&id).await.unwrap();
    let taken = catalogue.take_down(&id, generation, Reason::Malware);
    taken.await.unwrap();
    service.wait_seconds(61);
    assert_eq!(create().refused().await.0, 409);
}
