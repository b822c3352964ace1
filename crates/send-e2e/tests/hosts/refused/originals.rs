//! The original's routes.

use anyhow::Result;
use send_e2e::Request;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::story::{ID, Story, create, get, on_every_host, original, post};

const DELETE_AUTH: &str = "x-sgraph-transfer-delete-auth";

async fn sent(story: &mut Story, fields: &Value) -> Result<()> {
    story.user(create(fields), 200).await?;
    story
        .user(original("POST", "upload").with_body("ciphertext"), 200)
        .await?;
    story.user(original("POST", "complete"), 200).await?;
    Ok(())
}

#[tokio::test]
async fn fields_that_cannot_be_are_named() -> Result<()> {
    on_every_host(&[("SEND_MAX_TRANSFER_BYTES", "1 MB")], async |story| {
        for fields in [
            json!({ "transfer_id": "ABC" }),
            json!({ "transfer_id": "00FF10ABCDEF" }),
            json!({ "file_size_bytes": -1 }),
            json!({ "file_size_bytes": 1e40 }),
            json!({ "max_downloads": "many" }),
            json!({ "auto_delete": 1 }),
            json!({ "expires_at": "tomorrow" }),
            json!({ "expires_at": -1 }),
            json!({ "delete_auth_hash": "abc" }),
            json!({ "content_type_hint": "x".repeat(256) }),
        ] {
            story.user(create(&fields), 400).await?;
        }
        story
            .user(create(&json!({ "file_size_bytes": u64::MAX })), 413)
            .await?;
        for body in ["[]", "{", " ", "null"] {
            let broken = Request::new("POST", "/api/transfers/create").with_body(body);
            story.user(broken, 400).await?;
        }
        let wrong = post("/api/transfers/create", &json!({}));
        let wrong = Request {
            body: "{ }".into(),
            ..wrong
        };
        story.user(wrong, 400).await?;
        story.user(create(&json!({})), 200).await?;
        story.user(create(&json!({})), 409).await?;
        story
            .user(create(&json!({ "allow_recreate": true })), 409)
            .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn uploads_that_are_not_expected_are_refused() -> Result<()> {
    on_every_host(&[("SEND_MAX_TRANSFER_BYTES", "100 kB")], async |story| {
        for id in ["aaaaaaaaaaaa", "short", "AAAAAAAAAAAA"] {
            let upload = Request::new("POST", format!("/api/transfers/upload/{id}"));
            story.user(upload.with_body("ciphertext"), 404).await?;
            let complete = Request::new("POST", format!("/api/transfers/complete/{id}"));
            story.user(complete, 404).await?;
        }
        story
            .user(create(&json!({ "file_size_bytes": 9 })), 200)
            .await?;
        story.user(original("POST", "complete"), 404).await?;
        let upload = || original("POST", "upload");
        story.user(upload().with_body("ciphertext"), 400).await?;
        story
            .user(upload().with_json(&json!({ "data": "?" })), 400)
            .await?;
        story.user(upload().with_json(&json!({})), 400).await?;
        let other = upload().with_header("x-amz-content-sha256", "0".repeat(64));
        story
            .user(
                Request {
                    body: "ninebytes".into(),
                    ..other
                },
                400,
            )
            .await?;
        story
            .user(upload().with_body(vec![0; 100_001]), 413)
            .await?;
        story
            .user(
                upload()
                    .with_body("ninebytes")
                    .with_header("content-encoding", "gzip"),
                415,
            )
            .await?;
        story.user(upload().with_body("ninebytes"), 200).await?;
        story.user(original("POST", "complete"), 200).await?;
        story.user(upload().with_body("ninebytes"), 404).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn downloads_that_are_not_given_are_refused() -> Result<()> {
    on_every_host(&[], async |story| {
        for route in ["info", "download", "download-base64"] {
            story.user(original("GET", route), 404).await?;
        }
        sent(story, &json!({ "max_downloads": 1 })).await?;
        story
            .user(
                Request {
                    method: "HEAD",
                    ..original("GET", "download")
                },
                405,
            )
            .await?;
        story
            .user(
                original("GET", "download").with_header("range", "bytes=10-"),
                416,
            )
            .await?;
        story.user(original("GET", "download"), 200).await?;
        story.user(original("GET", "download"), 410).await?;
        story.user(original("GET", "download-base64"), 410).await?;
        let again = |id| json!({ "transfer_id": id, "expires_at": 1 });
        let past = "00ff10abcdee";
        story.user(create(&again(past)), 200).await?;
        for (method, route, status) in [
            ("GET", "download", 404),
            ("POST", "upload", 200),
            ("POST", "complete", 200),
            ("GET", "info", 200),
            ("GET", "download", 410),
            ("GET", "download-base64", 410),
        ] {
            let ask = Request::new(method, format!("/api/transfers/{route}/{past}"));
            story
                .user(
                    ask.with_body(if route == "upload" { "x" } else { "" }),
                    status,
                )
                .await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn who_may_not_delete_is_told_why() -> Result<()> {
    on_every_host(&[], async |story| {
        let delete = |secret: &str| original("DELETE", "delete").with_header(DELETE_AUTH, secret);
        story.user(delete("a secret"), 404).await?;
        sent(story, &json!({})).await?;
        story.user(original("DELETE", "delete"), 400).await?;
        story.user(delete(""), 400).await?;
        story.user(delete("a secret"), 409).await?;
        let other = "00ff10abcdee";
        let hash = hex::encode(Sha256::digest("a secret"));
        story
            .user(
                create(&json!({ "transfer_id": other, "delete_auth_hash": hash })),
                200,
            )
            .await?;
        let wrong = Request::new("DELETE", format!("/api/transfers/delete/{other}"));
        story
            .user(wrong.with_header(DELETE_AUTH, "another"), 403)
            .await?;
        Ok(())
    })
    .await
}

/// This storage signs no URLs.
#[tokio::test]
async fn without_s3_nothing_is_presigned() -> Result<()> {
    on_every_host(&[], async |story| {
        sent(story, &json!({})).await?;
        let ask =
            json!({ "transfer_id": ID, "file_size_bytes": 10, "upload_id": "x", "parts": [] });
        for request in [
            post("/api/presigned/initiate", &ask),
            post("/api/presigned/complete", &ask),
            Request::new("POST", format!("/api/presigned/cancel/{ID}/upload")),
            get(format!("/api/presigned/upload-url/{ID}")),
            get(format!("/api/presigned/download-url/{ID}")),
        ] {
            story.user(request, 400).await?;
        }
        Ok(())
    })
    .await
}
