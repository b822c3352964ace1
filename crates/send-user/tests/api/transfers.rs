use base64::{Engine, prelude::BASE64_STANDARD};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::harness::{START, Service};

pub(crate) const ID: &str = "00ff10abcdef";

pub(crate) async fn create(service: &Service, fields: Value) -> String {
    let mut ask = json!({ "transfer_id": ID });
    for (name, value) in fields.as_object().unwrap() {
        ask[name] = value.clone();
    }
    service.post("/api/transfers/create").json(&ask).ok().await;
    ID.to_owned()
}

pub(crate) async fn sent(service: &Service, fields: Value) -> String {
    let id = create(service, fields).await;
    service
        .post(format!("/api/transfers/upload/{id}"))
        .bytes("ciphertext")
        .ok()
        .await;
    service
        .post(format!("/api/transfers/complete/{id}"))
        .ok()
        .await;
    id
}

#[tokio::test]
async fn a_transfer_goes_up_and_comes_down() {
    let service = Service::new();
    let ask =
        json!({ "transfer_id": ID, "file_size_bytes": 10, "content_type_hint": "text/plain" });
    assert_snapshot!(service.post("/api/transfers/create").json(&ask).ok().await, @r#"200 {"transfer_id":"00ff10abcdef","upload_url":"/api/transfers/upload/00ff10abcdef"}"#);
    assert_snapshot!(
        service
            .post(format!("/api/transfers/upload/{ID}"))
            .bytes("ciphertext")
            .ok()
            .await, @r#"200 {"size":10,"status":"uploaded","transfer_id":"00ff10abcdef"}"#);
    assert_snapshot!(
        service
            .post(format!("/api/transfers/complete/{ID}"))
            .ok()
            .await, @r#"200 {"download_url":"/api/transfers/download/00ff10abcdef","transfer_id":"00ff10abcdef","transparency":{"encrypted":["file_name","file_content"],"file_size_bytes":10,"ip":"","not_stored":["decryption_key","raw_ip"],"stored_fields":["file_size_bytes","content_type_hint","created_at","expires_at","download_count"],"timestamp":"2026-01-01T00:00:00Z"}}"#);
    assert_snapshot!(service.get(format!("/api/transfers/info/{ID}")).ok().await, @r#"200 {"content_type_hint":"text/plain","created_at":"2026-01-01T00:00:00Z","download_count":0,"downloads_remaining":0,"expires_at":1769817600000,"file_size_bytes":10,"is_expired":false,"max_downloads":0,"status":"completed","transfer_id":"00ff10abcdef"}"#);
    let download = service
        .get(format!("/api/transfers/download/{ID}"))
        .ok()
        .await;
    assert_eq!(download.body, "ciphertext");
    assert_eq!(download.headers["content-type"], "application/octet-stream");
    assert_snapshot!(
        service
            .get(format!("/api/transfers/download-base64/{ID}"))
            .ok()
            .await, @r#"200 {"data":"Y2lwaGVydGV4dA==","file_size_bytes":10,"transfer_id":"00ff10abcdef"}"#);
    let info = service
        .get(format!("/api/transfers/info/{ID}"))
        .ok()
        .await
        .json();
    assert_eq!(info["download_count"], 2);
}

#[tokio::test]
async fn everything_in_a_create_is_optional() {
    let service = Service::new();
    for ask in [
        service.post("/api/transfers/create"),
        service.post("/api/transfers/create").json(&json!({})),
    ] {
        let created = ask.ok().await.json();
        let id = created["transfer_id"].as_str().unwrap();
        assert_eq!(id.len(), 12);
        let info = service
            .get(format!("/api/transfers/info/{id}"))
            .ok()
            .await
            .json();
        assert_eq!(
            (&info["status"], &info["max_downloads"]),
            (&json!("pending"), &json!(0))
        );
        assert_eq!(info["expires_at"], START + 30 * 86_400_000);
    }
}

#[tokio::test]
async fn an_id_that_exists_is_409() {
    let service = Service::new();
    create(&service, json!({})).await;
    for again in [
        json!({ "transfer_id": ID }),
        json!({ "transfer_id": ID, "allow_recreate": true }),
    ] {
        assert_eq!(
            service
                .post("/api/transfers/create")
                .json(&again)
                .refused()
                .await
                .0,
            409
        );
    }
}

#[tokio::test]
async fn a_deleted_or_expired_id_may_be_used_again_where_that_is_asked_for() {
    let service = Service::new();
    let hash = send_core::id::Digest::of("secret").to_string();
    sent(
        &service,
        json!({ "delete_auth_hash": hash, "max_downloads": 1, "expires_at": START + 60_000 }),
    )
    .await;
    service
        .get(format!("/api/transfers/download/{ID}"))
        .ok()
        .await;
    service
        .delete(format!("/api/transfers/delete/{ID}"))
        .header("x-sgraph-transfer-delete-auth", "secret")
        .ok()
        .await;
    assert_eq!(
        service
            .post("/api/transfers/create")
            .json(&json!({ "transfer_id": ID }))
            .refused()
            .await
            .0,
        409
    );
    sent(
        &service,
        json!({ "allow_recreate": true, "max_downloads": 1, "expires_at": START + 60_000 }),
    )
    .await;
    let info = service
        .get(format!("/api/transfers/info/{ID}"))
        .ok()
        .await
        .json();
    assert_eq!(info["download_count"], 0, "nothing of the old one counts");
    service.wait_seconds(60);
    sent(&service, json!({ "allow_recreate": true })).await;
    assert_eq!(
        service
            .get(format!("/api/transfers/download/{ID}"))
            .ok()
            .await
            .body,
        "ciphertext"
    );
    let left = service.blobs.list(None, None, 100).await.unwrap().entries;
    let payloads = left
        .iter()
        .filter(|entry| entry.path.as_str().contains("/payload/"))
        .count();
    assert_eq!(payloads, 1, "nothing of the old ones is left");
}

#[tokio::test]
async fn malformed_fields_are_named() {
    let service = Service::new();
    for (fields, field) in [
        (json!({ "transfer_id": "ABC" }), "transfer_id"),
        (json!({ "transfer_id": "00FF10ABCDEF" }), "transfer_id"),
        (json!({ "file_size_bytes": -1 }), "file_size_bytes"),
        (json!({ "file_size_bytes": 1e40 }), "file_size_bytes"),
        (json!({ "max_downloads": -1 }), "max_downloads"),
        (json!({ "max_downloads": "many" }), "max_downloads"),
        (json!({ "auto_delete": 1 }), "auto_delete"),
        (json!({ "expires_at": -1 }), "expires_at"),
        (json!({ "expires_at": "tomorrow" }), "expires_at"),
        (json!({ "expires_at": "2026-01-01T00:00:00" }), "expires_at"),
        (json!({ "delete_auth_hash": "abc" }), "delete_auth_hash"),
        (
            json!({ "content_type_hint": "x".repeat(256) }),
            "content_type_hint",
        ),
    ] {
        let (status, detail) = service
            .post("/api/transfers/create")
            .json(&fields)
            .refused()
            .await;
        assert_eq!(status, 400, "{fields}: {detail}");
        assert!(
            detail.starts_with(&format!("{field}: ")),
            "{fields}: {detail}"
        );
    }
    let huge = json!({ "file_size_bytes": u64::MAX });
    assert_eq!(
        service
            .post("/api/transfers/create")
            .json(&huge)
            .refused()
            .await
            .0,
        413
    );
}

#[tokio::test]
async fn an_upload_may_be_text() {
    let service = Service::new();
    create(&service, json!({})).await;
    let data = BASE64_STANDARD.encode("ciphertext");
    let upload = format!("/api/transfers/upload/{ID}");
    service
        .post(&upload)
        .json(&json!({ "data": data }))
        .ok()
        .await;
    service
        .post(format!("{upload}?data={}", data.replace('=', "%3D")))
        .ok()
        .await;
    for bad in [
        service.post(&upload).json(&json!({ "data": "?" })),
        service.post(&upload).json(&json!({})),
    ] {
        let (status, detail) = bad.refused().await;
        assert_eq!(status, 400);
        assert!(detail.contains("data"), "{detail}");
    }
}

#[tokio::test]
async fn a_later_upload_takes_the_place_of_an_earlier_one() {
    let service = Service::new();
    create(&service, json!({})).await;
    for bytes in ["one", "two"] {
        service
            .post(format!("/api/transfers/upload/{ID}"))
            .bytes(bytes)
            .ok()
            .await;
    }
    let first = service
        .post(format!("/api/transfers/complete/{ID}"))
        .ok()
        .await
        .json();
    let again = service
        .post(format!("/api/transfers/complete/{ID}"))
        .ok()
        .await
        .json();
    assert_eq!(first["download_url"], again["download_url"]);
    assert_eq!(
        service
            .get(format!("/api/transfers/download/{ID}"))
            .ok()
            .await
            .body,
        "two"
    );
    let left = service.blobs.list(None, None, 100).await.unwrap().entries;
    assert!(
        !left
            .iter()
            .any(|entry| entry.path.as_str().contains("/incoming/"))
    );
}

#[tokio::test]
async fn uploads_are_refused_that_are_not_expected() {
    let service = Service::new();
    let upload = |id: &str| {
        service
            .post(format!("/api/transfers/upload/{id}"))
            .bytes("ciphertext")
    };
    for id in [
        "aaaaaaaaaaaa",
        "short",
        "AAAAAAAAAAAA",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ] {
        assert_eq!(upload(id).refused().await.0, 404, "{id}");
        assert_eq!(
            service
                .post(format!("/api/transfers/complete/{id}"))
                .refused()
                .await
                .0,
            404,
            "{id}"
        );
    }
    create(&service, json!({ "file_size_bytes": 9 })).await;
    assert_snapshot!(upload(ID).await_reply().await, @r#"400 {"detail":"file_size_bytes: declared 9 bytes, but the upload has 10","request_id":".."}"#);
    assert_eq!(
        service
            .post(format!("/api/transfers/complete/{ID}"))
            .refused()
            .await
            .0,
        404,
        "nothing was uploaded"
    );
    service
        .post(format!("/api/transfers/upload/{ID}"))
        .bytes("ninebytes")
        .ok()
        .await;
    service
        .post(format!("/api/transfers/complete/{ID}"))
        .ok()
        .await;
    assert_eq!(upload(ID).refused().await.0, 404, "complete");
}

#[tokio::test]
async fn a_digest_is_checked_when_it_is_given() {
    let service = Service::new();
    create(&service, json!({})).await;
    let upload = |digest| {
        let ask = service
            .post(format!("/api/transfers/upload/{ID}"))
            .bytes("ciphertext");
        ask.header("x-amz-content-sha256", digest)
    };
    let (status, detail) = upload("0".repeat(64)).refused().await;
    assert_eq!(
        (status, detail.starts_with("x-amz-content-sha256")),
        (400, true),
        "{detail}"
    );
    assert_eq!(
        service
            .post(format!("/api/transfers/complete/{ID}"))
            .refused()
            .await
            .0,
        404
    );
    upload(send_core::id::Digest::of("ciphertext").to_string())
        .ok()
        .await;
}

#[tokio::test]
async fn an_upload_over_the_limit_is_413() {
    let service = Service::with(&[("SEND_MAX_TRANSFER_BYTES", "8")]);
    create(&service, json!({})).await;
    let upload = service
        .post(format!("/api/transfers/upload/{ID}"))
        .bytes("ciphertext");
    assert_snapshot!(upload.await_reply().await, @r#"413 {"detail":"This server takes at most 8 bytes.","request_id":".."}"#);
}

#[tokio::test]
async fn no_expiry_is_beyond_the_longest() {
    let service = Service::new();
    create(&service, json!({ "expires_at": START * 2 })).await;
    let info = service
        .get(format!("/api/transfers/info/{ID}"))
        .ok()
        .await
        .json();
    assert_eq!(info["expires_at"], START + 30 * 86_400_000);
}
