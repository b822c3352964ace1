//! `/api/v1/sends`.

use std::time::Duration;

use anyhow::{Context, Result};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use bytes::Bytes;
use send_e2e::{Claim, Request, Sealed};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::story::{Story, get, on_every_host, with_fields};

/// One whole part, and a bit of a second.
const SIZE: u64 = 4_300_000;

async fn pending(story: &mut Story, sealed: &Sealed, fields: &Value) -> Result<()> {
    story
        .user(with_fields(&sealed.create(1), fields)?, 201)
        .await?;
    Ok(())
}

async fn sent(story: &mut Story, sealed: &Sealed, fields: &Value) -> Result<()> {
    pending(story, sealed, fields).await?;
    story.user(sealed.put_manifest(), 200).await?;
    for n in 0..sealed.part_count() {
        story.user(sealed.put_part(n), 200).await?;
    }
    story.user(sealed.complete(), 200).await?;
    Ok(())
}

/// The same request with the last bit of its token turned: of a reader's token, another passphrase.
fn guess(mut request: Request) -> Result<Request> {
    for (_, token) in request
        .headers
        .iter_mut()
        .filter(|(name, _)| *name == "x-send-token")
    {
        let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(&*token)?;
        *bytes.last_mut().context("an empty token")? ^= 1;
        *token = BASE64_URL_SAFE_NO_PAD.encode(bytes);
    }
    Ok(request)
}

fn patch(sealed: &Sealed, change: &Value) -> Request {
    Request {
        method: "PATCH",
        ..sealed.state()
    }
    .with_json(change)
}

#[tokio::test]
async fn a_create_that_cannot_be_is_refused() -> Result<()> {
    let sealed = Sealed::new(1)?;
    let variables = [("SEND_MAX_TRANSFER_BYTES", "1 MB")];
    on_every_host(&variables, async |story| {
        for fields in [
            json!({ "id": "abc" }),
            json!({ "id": null }),
            json!({ "link_verifier": "ABCD" }),
            json!({ "size": -1 }),
            json!({ "size": 1.5 }),
            json!({ "size": "4168" }),
            json!({ "size": 1e40 }),
            json!({ "size": 4_169 }),
            json!({ "downloads": 101 }),
            json!({ "expires_in": 0 }),
            json!({ "expires_in": 2_592_001 }),
            json!({ "wipe": "yes" }),
        ] {
            story
                .user(with_fields(&sealed.create(1), &fields)?, 400)
                .await?;
        }
        for body in ["", "{", "[]", "null", "{} {}", "\u{feff}{}", " "] {
            let broken = Request::new("POST", "/api/v1/sends").with_body(body);
            story.user(broken, 400).await?;
        }
        let unhashed = |digest: Option<&str>| {
            let mut create = sealed.create(1);
            create
                .headers
                .retain(|(name, _)| *name != "x-amz-content-sha256");
            match digest {
                Some(digest) => create.with_header("x-amz-content-sha256", digest),
                None => create,
            }
        };
        for digest in [
            None,
            Some("UNSIGNED-PAYLOAD"),
            Some(""),
            Some(&*"0".repeat(64)),
        ] {
            story.user(unhashed(digest), 400).await?;
        }
        let large = with_fields(&sealed.create(1), &json!({ "size": 4_198_472 }))?;
        story.user(large, 413).await?;
        let long = Request::new("POST", "/api/v1/sends").with_body(vec![b' '; 70_000]);
        story.user(long, 413).await?;
        let encoded = sealed.create(1).with_header("content-encoding", "gzip");
        story.user(encoded, 415).await?;
        story.user(sealed.create(1), 201).await?;
        for other in [
            json!({ "read_verifier": "0".repeat(64) }),
            json!({ "size": 4_424 }),
            json!({ "downloads": 2 }),
        ] {
            story
                .user(with_fields(&sealed.create(1), &other)?, 409)
                .await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn parts_and_manifests_that_do_not_fit_are_refused() -> Result<()> {
    let sealed = Sealed::new(SIZE)?;
    on_every_host(&[], async |story| {
        pending(story, &sealed, &json!({})).await?;
        let whole = sealed.part_bytes(0);
        let other = Bytes::from(vec![7; whole.len()]);
        for bytes in [
            Bytes::new(),
            whole.slice(1..),
            [&whole[..], b"x"].concat().into(),
        ] {
            let status = if bytes.len() > whole.len() { 413 } else { 400 };
            story.user(sealed.put_part_bytes(0, bytes), status).await?;
        }
        let mut torn = sealed.put_part(0);
        torn.body = other.clone();
        story.user(torn, 400).await?;
        story.user(sealed.put_part(0), 200).await?;
        story.user(sealed.put_part_bytes(0, other), 409).await?;
        for part in ["2", "65536", "-1", "+1", "x", "0x1", "1e0", "99999999999"] {
            let mut nowhere = sealed.put_part(1);
            nowhere.path = format!("/api/v1/sends/{}/parts/{part}", sealed.id());
            story.user(nowhere, 400).await?;
        }
        let mut encoded = sealed.put_part(0);
        encoded.path = format!("/api/v1/sends/{}/parts/%30", sealed.id());
        story.user(encoded, 200).await?;
        story
            .user(sealed.put_manifest_bytes(Bytes::new()), 400)
            .await?;
        let long = Bytes::from(vec![0; 4_198_473]);
        story.user(sealed.put_manifest_bytes(long), 413).await?;
        for after in ["x", "-1", "65536", ""] {
            let mut received = sealed.received();
            received.path += &format!("?after={after}");
            story.user(received, 400).await?;
        }
        story.user(sealed.complete(), 409).await?;
        let mut unhashed = sealed.complete();
        unhashed
            .headers
            .retain(|(name, _)| *name != "x-amz-content-sha256");
        story.user(unhashed, 400).await?;
        // This storage signs no URLs.
        story
            .user(sealed.urls_to_send(&[(1, sealed.part_bytes(1))]), 400)
            .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn who_has_no_right_learns_nothing() -> Result<()> {
    let (known, unknown) = (Sealed::new(1)?, Sealed::new(1)?);
    let (claim, stranger) = (Claim::random()?, Claim::random()?);
    on_every_host(&[], async |story| {
        sent(story, &known, &json!({})).await?;
        story.user(known.claim(&claim), 200).await?;
        for sealed in [&known, &unknown] {
            for token in [stranger.text(), "garbage", ""] {
                for mut request in [
                    sealed.state(),
                    sealed.read_manifest(),
                    sealed.received(),
                    sealed.part(&claim, 0),
                    sealed.content(&claim),
                    sealed.put_manifest(),
                    sealed.put_part(0),
                    sealed.complete(),
                    sealed.urls_to_read(&claim, &[0]),
                    sealed.finish(&claim),
                    sealed.delete(),
                    sealed.claim(&claim),
                    sealed.report("spam"),
                    patch(sealed, &json!({ "downloads": 2 })),
                ] {
                    request.headers.retain(|(name, _)| *name != "x-send-token");
                    story.user(request.with_token(token), 404).await?;
                }
            }
        }
        story.user(get(known.state().path), 404).await?;
        story.user(get("/api/v1/sends/ABC"), 400).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_not_yet_or_not_any_more_is_refused() -> Result<()> {
    let (sealed, claim, other) = (Sealed::new(SIZE)?, Claim::random()?, Claim::random()?);
    on_every_host(&[], async |story| {
        pending(story, &sealed, &json!({ "downloads": 1 })).await?;
        story.user(sealed.read_manifest(), 409).await?;
        story.user(sealed.claim(&claim), 409).await?;
        story.user(sealed.put_manifest(), 200).await?;
        for n in 0..sealed.part_count() {
            story.user(sealed.put_part(n), 200).await?;
        }
        story.user(sealed.complete(), 200).await?;
        story.user(sealed.put_part(0), 409).await?;
        story
            .user(sealed.put_manifest_bytes("another".into()), 409)
            .await?;
        for change in [
            json!({ "downloads": 0 }),
            json!({ "downloads": 101 }),
            json!({ "expires_in": 0 }),
            json!({ "expires_in": u64::MAX }),
        ] {
            story.user(patch(&sealed, &change), 400).await?;
        }
        story.user(sealed.claim(&claim), 200).await?;
        story.user(sealed.claim(&other), 410).await?;
        story.user(sealed.part(&claim, 2), 400).await?;
        story
            .user(
                sealed
                    .part(&claim, 1)
                    .with_header("range", "bytes=5000000-"),
                416,
            )
            .await?;
        story
            .user(sealed.content(&claim).with_header("range", "bytes=-0"), 416)
            .await?;
        story.user(sealed.urls_to_read(&claim, &[0]), 400).await?;
        story.user(sealed.finish(&claim), 204).await?;
        story.user(sealed.part(&claim, 0), 410).await?;
        story.user(sealed.content(&claim), 410).await?;
        story.user(sealed.claim(&claim), 410).await?;
        story.user(sealed.delete(), 204).await?;
        for gone in [
            sealed.state(),
            sealed.read_manifest(),
            sealed.put_part(0),
            sealed.complete(),
            sealed.claim(&other),
            patch(&sealed, &json!({})),
        ] {
            story.user(gone, 410).await?;
        }
        story.user(sealed.create(1), 409).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_has_expired_says_so() -> Result<()> {
    let (sealed, claim) = (Sealed::new(1)?, Claim::random()?);
    on_every_host(&[], async |story| {
        sent(story, &sealed, &json!({ "expires_in": 2 })).await?;
        story.user(sealed.claim(&claim), 200).await?;
        sleep(Duration::from_millis(2_100)).await;
        for gone in [
            sealed.state(),
            sealed.read_manifest(),
            sealed.part(&claim, 0),
            sealed.content(&claim),
            sealed.claim(&claim),
            patch(&sealed, &json!({ "expires_in": 60 })),
        ] {
            story.user(gone, 410).await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn wrong_passphrases_are_403_and_too_many_429() -> Result<()> {
    let (sealed, claim) = (Sealed::with_passphrase(1, "right")?, Claim::random()?);
    on_every_host(&[], async |story| {
        sent(story, &sealed, &json!({})).await?;
        story.user(guess(sealed.claim(&claim))?, 403).await?;
        for _ in 1..100 {
            story.user(guess(sealed.read_manifest())?, 403).await?;
        }
        story.user(guess(sealed.read_manifest())?, 429).await?;
        story.user(sealed.read_manifest(), 429).await?;
        story.user(sealed.claim(&claim), 429).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn ten_reports_are_taken_and_more_are_429() -> Result<()> {
    let sealed = Sealed::new(1)?;
    on_every_host(&[], async |story| {
        sent(story, &sealed, &json!({})).await?;
        story.user(sealed.report(" "), 400).await?;
        for n in 0..10 {
            story
                .user(sealed.report(&format!("spam, {n}")), 202)
                .await?;
        }
        story.user(sealed.report("spam"), 429).await?;
        Ok(())
    })
    .await
}
