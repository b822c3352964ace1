//! A transfer of the original's, in every form that its clients know.

use anyhow::{Result, ensure};
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use send_e2e::Request;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::story::{ID, Story, create, get, on_every_host, original};

/// All bytes there are, many times over: none is taken for text, whatever it looks like.
fn payload() -> Bytes {
    (0..=u8::MAX).cycle().take(1_000_000).collect()
}

async fn completed(story: &mut Story) -> Result<()> {
    story.user(original("POST", "complete"), 200).await?;
    story.user(original("POST", "complete"), 200).await?;
    story.user(original("GET", "info"), 200).await?;
    Ok(())
}

/// The original's clients send no digest of what they send.
fn plain(route: &str, body: impl Into<Bytes>) -> Request {
    let mut request = original("POST", route);
    request.body = body.into();
    request
}

#[tokio::test]
async fn bytes_go_up_and_come_down_alike_everywhere() -> Result<()> {
    let hash = hex::encode(Sha256::digest("a secret"));
    on_every_host(&[], async |story| {
        let limits = json!({ "max_downloads": 5, "delete_auth_hash": hash, "content_type_hint": "text/plain" });
        story.user(create(&limits), 200).await?;
        story.user(plain("upload", "a first try"), 200).await?;
        story.user(plain("upload", payload()), 200).await?;
        completed(story).await?;
        let whole = story.user(original("GET", "download"), 200).await?;
        ensure!(whole.body == payload(), "other bytes came back");
        let range = original("GET", "download").with_range(&(999_990..1_000_000));
        story.user(range, 206).await?;
        let text = story.user(original("GET", "download-base64"), 200).await?.json()?;
        ensure!(text["data"] == BASE64_STANDARD.encode(payload()), "other bytes came back");
        let outside = original("GET", "download").with_header("range", "bytes=1000000-");
        story.user(outside, 416).await?;
        story.user(original("GET", "info"), 200).await?;
        let delete = original("DELETE", "delete");
        let delete = delete.with_header("x-sgraph-transfer-delete-auth", "a secret");
        story.user(delete.clone(), 200).await?;
        story.user(delete, 200).await?;
        story.user(original("GET", "download"), 404).await?;
        let again = json!({ "allow_recreate": true });
        story.user(create(&again), 200).await?;
        story.user(get("/api/presigned/capabilities"), 200).await?;
        Ok(())
    })
    .await
}

/// What a body is depends on its content type, and on Lambda so does the way it travels.
#[tokio::test]
async fn every_kind_of_body_arrives_as_it_was_sent() -> Result<()> {
    let kinds = [
        "text/plain",
        "text/plain; charset=utf-8",
        "TEXT/HTML",
        "application/xml",
        "application/javascript",
        "application/octet-stream",
        "image/png",
        "multipart/form-data; boundary=x",
        "no/such+type",
    ];
    let bodies = [
        Bytes::from_static("ünïcode \u{0}\u{1f600}\r\n\"quoted\" \\ </script>".as_bytes()),
        Bytes::from_static(b"\xff\xfe not UTF-8 \x80"),
        Bytes::from_static("\u{feff}with a mark".as_bytes()),
        Bytes::from_static(b"=not base64="),
        Bytes::from_static(b"bm90IGRlY29kZWQ="),
        Bytes::new(),
    ];
    on_every_host(&[], async |story| {
        for (n, kind) in kinds.into_iter().enumerate() {
            let id = format!("00ff10abcd{n:02x}");
            story
                .user(create(&json!({ "transfer_id": id })), 200)
                .await?;
            for body in &bodies {
                let digest = hex::encode(Sha256::digest(body));
                let mut upload = plain("upload", body.clone())
                    .with_header("content-type", kind)
                    .with_header("x-amz-content-sha256", digest);
                upload.path = format!("/api/transfers/upload/{id}");
                story.user(upload, 200).await?;
            }
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn base64_goes_up_in_a_query_or_as_json() -> Result<()> {
    let data = BASE64_STANDARD.encode(b"\xfb\xef\xbe some bytes");
    on_every_host(&[], async |story| {
        story
            .user(
                create(&json!({ "auto_delete": true, "max_downloads": 1 })),
                200,
            )
            .await?;
        let as_json = original("POST", "upload").with_json(&json!({ "data": data }));
        story.user(as_json, 200).await?;
        let encoded = data
            .replace('+', "%2B")
            .replace('/', "%2F")
            .replace('=', "%3D");
        let mut in_query = original("POST", "upload");
        in_query.path += &format!("?data={encoded}");
        story.user(in_query.clone(), 200).await?;
        // A plus is a space in a query.
        in_query.path = format!("/api/transfers/upload/{ID}?data={data}");
        story.user(in_query, 400).await?;
        completed(story).await?;
        let back = story
            .user(original("GET", "download-base64"), 200)
            .await?
            .json()?;
        ensure!(back["data"] == data, "other bytes came back");
        story.user(original("GET", "download"), 410).await?;
        story.user(original("GET", "info"), 200).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_token_is_checked_and_used_by_its_name() -> Result<()> {
    on_every_host(&[("SEND_UPLOADS", "token")], async |story| {
        let token =
            json!({ "token_name": "press", "usage_limit": 4, "metadata": { "a": [1, "ü"] } });
        let make = Request::new("POST", "/tokens/create").with_json(&token);
        story.admin(make, 200).await?;
        story
            .user(get("/api/transfers/check-token/press"), 200)
            .await?;
        let validate = |name| Request::new("POST", format!("/api/transfers/validate-token/{name}"));
        story.user(validate("press"), 200).await?;
        story.user(validate("other"), 200).await?;
        let mut by_query = create(&json!({}));
        by_query.path += "?access_token=press";
        story.user(by_query, 200).await?;
        let mut upload = plain("upload", "ciphertext");
        upload.path += "?access_token=press";
        story.user(upload, 200).await?;
        let complete = original("POST", "complete");
        let complete = complete.with_header("x-sgraph-access-token", "press");
        story.user(complete, 200).await?;
        story.user(validate("press"), 200).await?;
        story.user(validate("press"), 200).await?;
        story.user(validate("press"), 200).await?;
        story
            .user(get("/api/transfers/check-token/press"), 200)
            .await?;
        story
            .user(get("/api/transfers/check-token/other"), 200)
            .await?;
        story.admin(get("/tokens/lookup/press"), 200).await?;
        Ok(())
    })
    .await
}
