//! The original's presigned routes against S3 servers that are not ours: what is stored, not only what is answered.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod faults;
mod site;

use std::time::Duration;

use anyhow::Result;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use bytes::Bytes;
use futures::future::{join_all, try_join_all};
use reqwest::Method;
use send_e2e::{Answer, MIB, Peer, Request};
use serde_json::json;
use sha2::{Digest, Sha256};
use storage::{
    Path, Presign,
    presign::{UploadId, UploadedPart},
};

use site::{Begun, Site, content, ok, sha256, text};

/// Three parts of 5 MiB, 5 MiB and less.
const SIZE: u64 = 12 * MIB + 345;

async fn what_goes_up_in_parts_comes_down_the_same(site: Site) -> Result<()> {
    let bytes = content(SIZE, 1);
    let id = site
        .create(json!({ "file_size_bytes": SIZE, "max_downloads": 2 }))
        .await?;
    let begun = site.begin(&id, SIZE, 3).await?;
    assert_eq!((begun.urls.len(), begun.part_size as u64), (3, 5 * MIB));
    let mut parts = site.send(&begun, &bytes).await?;
    parts.rotate_left(1);
    let assembled = ok(site.assemble(&begun, &parts).await?)?;
    assert_eq!(
        (&assembled["transfer_id"], &assembled["status"]),
        (&json!(id), &json!("assembled"))
    );
    assert!(text(&assembled["etag"]).ends_with("-3\""), "{assembled}");
    let again = ok(site.assemble(&begun, &parts).await?)?;
    assert_eq!(again, assembled, "the answer was lost");
    let completed = ok(site.complete(&id).await?)?;
    assert_eq!(completed["transparency"]["file_size_bytes"], SIZE);
    assert_eq!(ok(site.assemble(&begun, &parts).await?)?, assembled);
    for download in site.downloads(&id).await? {
        assert_eq!(sha256(&download), sha256(&bytes));
    }
    assert_eq!(site.download_url(&id).await?.status, 410);
    assert_eq!(site.kept().await?, ["payload"]);
    assert!(site.bucket.unfinished_uploads().await?.is_empty());
    let (status, _) = site
        .put(&begun.urls[0], Bytes::from_static(b"late"))
        .await?;
    assert_eq!(status, 404, "the upload is over");
    Ok(())
}

async fn an_upload_that_was_finished_and_not_named_is_named(site: Site) -> Result<()> {
    let (bytes, id) = (content(SIZE, 2), site.create(json!({})).await?);
    let begun = site.begin(&id, SIZE, 3).await?;
    let parts = site.send(&begun, &bytes).await?;
    let [_, _, storage] = begun.upload_id.splitn(3, '-').collect::<Vec<_>>()[..] else {
        panic!("{}", begun.upload_id);
    };
    let upload = UploadId(String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(storage)?)?);
    let (_, path) = begun.urls[0].split_once("/transfers/").unwrap();
    let path = Path::parse(format!("transfers/{}", path.split('?').next().unwrap()))?;
    let in_order = parts.iter().rev().map(|part| UploadedPart {
        number: part["part_number"].as_u64().unwrap() as u32,
        etag: text(&part["etag"]),
    });
    let etag = site
        .storage()?
        .finish_upload(&path, &upload, in_order.collect())
        .await?;
    assert_eq!(
        site.complete(&id).await?.status,
        404,
        "nothing is named yet"
    );
    let assembled = ok(site.assemble(&begun, &parts).await?)?;
    assert_eq!(
        text(&assembled["etag"]).trim_matches('"'),
        etag.trim_matches('"')
    );
    ok(site.complete(&id).await?)?;
    for download in site.downloads(&id).await? {
        assert_eq!(sha256(&download), sha256(&bytes));
    }
    Ok(())
}

async fn parts_that_did_not_arrive_are_400_and_may_be_sent_again(site: Site) -> Result<()> {
    let (bytes, id) = (content(SIZE, 3), site.create(json!({})).await?);
    let begun = site.begin(&id, SIZE, 3).await?;
    let parts = site.send(&begun, &bytes).await?;
    let mut wrong = parts.clone();
    wrong[1]["etag"] = json!("\"00000000000000000000000000000000\"");
    let refused = site.assemble(&begun, &wrong).await?;
    assert_eq!(refused.status, 400);
    assert!(
        refused.detail().starts_with("parts: "),
        "{}",
        refused.detail()
    );
    for gap in [
        &parts[..2],
        &[parts[0].clone(), parts[0].clone(), parts[2].clone()],
    ] {
        assert_eq!(site.assemble(&begun, gap).await?.status, 400);
    }
    ok(site.assemble(&begun, &parts).await?)?;
    ok(site.complete(&id).await?)?;
    assert_eq!(sha256(&site.downloads(&id).await?[0]), sha256(&bytes));
    Ok(())
}

async fn what_parts_make_is_measured(site: Site) -> Result<()> {
    let limit = (14 * MIB).to_string();
    let site = Site::with(
        site.bucket.below("limited"),
        &[("SEND_MAX_TRANSFER_BYTES", &limit)],
    )?;
    let (bytes, id) = (content(SIZE, 4), site.create(json!({})).await?);
    let ask = json!({ "transfer_id": id, "file_size_bytes": 15 * MIB });
    assert_eq!(
        site.post("/api/presigned/initiate", &ask).await?.status,
        413
    );

    let begun = site.begin(&id, SIZE, 3).await?;
    let mut parts = site.send(&begun, &bytes).await?;
    parts.reverse();
    let short = site.assemble(&begun, &parts[..2]).await?;
    assert_eq!(short.status, 400);
    assert!(short.detail().contains("declared"), "{}", short.detail());

    let begun = Begun {
        part_size: 5 * MIB as usize,
        ..site.begin(&id, SIZE, 3).await?
    };
    let parts = site.send(&begun, &content(15 * MIB, 4)).await?;
    assert_eq!(site.assemble(&begun, &parts).await?.status, 413);
    assert_eq!(
        site.assemble(&begun, &parts).await?.status,
        400,
        "it was removed"
    );
    assert_eq!(site.complete(&id).await?.status, 404);
    assert_eq!(site.kept().await?, Vec::<String>::new());

    let declared = site.create(json!({ "file_size_bytes": SIZE })).await?;
    let ask = json!({ "transfer_id": declared, "file_size_bytes": SIZE + 1 });
    assert_eq!(
        site.post("/api/presigned/initiate", &ask).await?.status,
        400
    );
    Ok(())
}

async fn what_is_cancelled_is_gone(site: Site) -> Result<()> {
    let id = site.create(json!({})).await?;
    let begun = site.begin(&id, SIZE, 3).await?;
    let parts = site.send(&begun, &content(SIZE, 5)).await?;
    assert_eq!(site.bucket.unfinished_uploads().await?.len(), 1);
    let path = format!("/api/presigned/cancel/{id}/{}", begun.upload_id);
    for _ in 0..2 {
        let cancelled = ok(site.post(&path, &json!({})).await?)?;
        assert_eq!(
            cancelled,
            json!({ "transfer_id": id, "status": "cancelled" })
        );
    }
    assert!(site.bucket.unfinished_uploads().await?.is_empty());
    let refused = site.assemble(&begun, &parts).await?;
    assert_eq!(refused.status, 400);
    assert!(
        refused.detail().starts_with("upload_id: "),
        "{}",
        refused.detail()
    );
    assert_eq!(site.complete(&id).await?.status, 404);
    assert_eq!(
        site.put(&begun.urls[0], Bytes::from_static(b"late"))
            .await?
            .0,
        404
    );
    Ok(())
}

async fn a_signed_put_is_taken_once_and_never_again(site: Site) -> Result<()> {
    let (bytes, other) = (content(3 * MIB, 6), content(3 * MIB, 7));
    let id = site.create(json!({ "file_size_bytes": 3 * MIB })).await?;
    let answer = ok(site.get(&format!("/api/presigned/upload-url/{id}")).await?)?;
    assert_eq!(answer["expires_in"], 3_600);
    let url = text(&answer["upload_url"]);
    let wrong = bytes.slice(1..);
    assert_eq!(site.put(&url, wrong).await?.0, 200, "S3 knows no size");
    assert_eq!(site.complete(&id).await?.status, 400);
    assert_eq!(site.put(&url, bytes.clone()).await?.0, 200);
    ok(site.complete(&id).await?)?;
    assert_eq!(site.kept().await?, ["payload"]);
    assert_eq!(
        site.put(&url, other).await?.0,
        200,
        "the URL itself cannot be called back"
    );
    ok(site.complete(&id).await?)?;
    for download in site.downloads(&id).await? {
        assert_eq!(sha256(&download), sha256(&bytes));
    }
    Ok(())
}

async fn limits_and_expiry_hold_on_downloads_by_url(site: Site) -> Result<()> {
    let other = Site::with(site.bucket.clone(), &[])?;
    let id = site
        .sent(json!({ "max_downloads": 7 }), &content(100, 8))
        .await?;
    let asks = (0..50).map(|n| if n % 2 == 0 { &site } else { &other }.download_url(&id));
    let answers: Vec<Answer> = try_join_all(asks).await?;
    let count = |status| {
        answers
            .iter()
            .filter(|answer| answer.status == status)
            .count()
    };
    assert_eq!((count(200), count(410)), (7, 43));

    let in_two_seconds = std::time::UNIX_EPOCH.elapsed()? + Duration::from_secs(2);
    let expires_at = u64::try_from(in_two_seconds.as_millis())?;
    let id = site
        .sent(json!({ "expires_at": expires_at }), &content(100, 9))
        .await?;
    let url = text(&ok(site.download_url(&id).await?)?["download_url"]);
    tokio::time::sleep(Duration::from_secs(3)).await;
    let refused = site.download_url(&id).await?;
    assert_eq!(
        (refused.status, refused.detail()),
        (410, "expired".to_owned())
    );
    let late = site.http.get(url).send().await?;
    assert_eq!(late.status(), 403, "no URL outlives its transfer");

    let secret = hex::encode(Sha256::digest("secret"));
    let id = site
        .sent(json!({ "delete_auth_hash": secret }), &content(100, 9))
        .await?;
    let delete = Request::new("DELETE", format!("/api/transfers/delete/{id}"));
    let delete = delete.with_header("x-sgraph-transfer-delete-auth", "secret");
    site.client.demand(delete, 200).await?;
    assert_eq!(site.download_url(&id).await?.status, 404);

    let off = Site::with(site.bucket.clone(), &[("SEND_DIRECT", "off")])?;
    assert_eq!(
        off.download_url(&id).await?.detail(),
        "S3 storage mode required"
    );
    let told = ok(off.get("/api/presigned/capabilities").await?)?;
    assert_eq!(told["multipart_upload"], false);
    Ok(())
}

/// Whatever races, what complete acknowledged can be downloaded, whole.
async fn whoever_races_loses_nothing_that_was_completed(site: Site) -> Result<()> {
    let other = Site::with(site.bucket.clone(), &[])?;
    let sizes = [1_000, 2_000, 3_000, 5 * MIB + 1];
    for round in 0..8 {
        let id = site.create(json!({})).await?;
        let begun = site.begin(&id, sizes[3], 0).await?;
        let parts = site.send(&begun, &content(sizes[3], 0)).await?;
        let url =
            text(&ok(site.get(&format!("/api/presigned/upload-url/{id}")).await?)?["upload_url"]);
        site.put(&url, content(sizes[2], 0)).await?;
        let upload = |size| {
            let request = Request::new("POST", format!("/api/transfers/upload/{id}"));
            site.client.send(request.with_body(content(size, 0)))
        };
        let complete = async |of: &Site, n: u64| {
            tokio::time::sleep(Duration::from_millis(n * round * 2)).await;
            of.complete(&id).await
        };
        let (completes, uploads, assembled) = tokio::join!(
            join_all((0..6).map(|n| complete(if n % 2 == 0 { &site } else { &other }, n))),
            join_all([upload(sizes[0]), upload(sizes[1])]),
            join_all([
                site.assemble(&begun, &parts),
                other.assemble(&begun, &parts)
            ]),
        );
        for answer in completes.into_iter().chain(uploads).chain(assembled) {
            let answer = answer?;
            assert!(
                [200, 400, 404, 409].contains(&answer.status),
                "{} {}",
                answer.status,
                answer.detail()
            );
        }
        ok(site.complete(&id).await?)?;
        let downloads = site.downloads(&id).await?;
        assert_eq!(downloads[0], downloads[1]);
        let size = downloads[0].len() as u64;
        assert!(
            sizes.contains(&size) && downloads[0] == content(size, 0),
            "{size}"
        );
    }
    Ok(())
}

async fn ten_thousand_urls_are_signed_in_no_time(site: Site) -> Result<()> {
    let id = site.create(json!({})).await?;
    let since = std::time::Instant::now();
    let begun = site.begin(&id, 100 << 30, 10_000).await?;
    assert!(
        since.elapsed() < Duration::from_secs(10),
        "{:?}",
        since.elapsed()
    );
    assert_eq!(begun.urls.len(), 10_000);
    let last = begun.urls.last().unwrap();
    let (status, _) = site.put(last, Bytes::from_static(b"the last part")).await?;
    assert_eq!(status, 200);
    let tag = |n: u32| json!({ "part_number": n, "etag": format!("\"{n:032}\"") });
    let parts: Vec<_> = (1..=10_000).rev().map(tag).collect();
    let refused = site.assemble(&begun, &parts).await?;
    assert_eq!(refused.status, 400, "{}", refused.detail());
    Ok(())
}

#[tokio::test]
async fn urls_are_for_the_bucket_and_say_nothing_of_the_keys() -> Result<()> {
    let site = Site::on(Peer::Ministack).await?;
    let id = site.sent(json!({}), &content(10, 0)).await?;
    let url = text(&ok(site.download_url(&id).await?)?["download_url"]);
    let storage = site.storage()?;
    assert!(url.starts_with(storage.base()), "{url}");
    for method in [Method::PUT, Method::DELETE] {
        let answer = site.http.request(method, &url).body("other").send().await?;
        assert_eq!(answer.status(), 403);
    }
    Ok(())
}

macro_rules! on_each_server {
    ($($story:ident),+ $(,)?) => {
        mod ministack {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() -> Result<()> {
                super::$story(Site::on(Peer::Ministack).await?).await
            })+
        }
        mod seaweed {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() -> Result<()> {
                super::$story(Site::on(Peer::Seaweed).await?).await
            })+
        }
    };
}

on_each_server!(
    what_goes_up_in_parts_comes_down_the_same,
    an_upload_that_was_finished_and_not_named_is_named,
    parts_that_did_not_arrive_are_400_and_may_be_sent_again,
    what_parts_make_is_measured,
    what_is_cancelled_is_gone,
    a_signed_put_is_taken_once_and_never_again,
    limits_and_expiry_hold_on_downloads_by_url,
    whoever_races_loses_nothing_that_was_completed,
    ten_thousand_urls_are_signed_in_no_time,
);
