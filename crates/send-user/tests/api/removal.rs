//! The sender's delete of the original's routes.

use insta::assert_snapshot;
use serde_json::json;

use crate::{
    harness::Service,
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
