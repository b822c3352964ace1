//! On AWS Lambda an answer carries 4,700,000 bytes at most.

use bytes::Bytes;
use serde_json::json;

use crate::{
    harness::{FIRST_PART, Keys, Service, claim, content},
    transfers::{ID, create},
};

/// The stored sizes of the parts of a send of 8 MiB.
const PARTS: [usize; 3] = [FIRST_PART, 4_198_400, 16];

fn on_lambda() -> Service {
    Service::with(&[
        ("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001"),
        ("SEND_UPLOADS", "open"),
    ])
}

#[tokio::test]
async fn the_whole_content_is_refused_and_names_the_parts() {
    let service = on_lambda();
    let size: usize = PARTS.iter().sum();
    let keys = service
        .pending(json!({ "size": size, "downloads": 1 }))
        .await;
    let put = |path: String, body: Bytes| {
        let put = service.put(keys.path(&path)).token(keys.owner());
        put.bytes(body).ok()
    };
    for (n, size) in PARTS.into_iter().enumerate() {
        put(format!("/parts/{n}"), content(size)).await;
    }
    put("/manifest".into(), "a manifest".into()).await;
    let complete = service.post(keys.path("/complete")).token(keys.owner());
    complete.ok().await;
    service.claim(&keys, 1).ok().await;

    let read = |path: &str| service.get(keys.path(path)).token(claim(1));
    let way = format!(
        "One answer carries at most 4700000 bytes here. Read the parts, /api/v1/sends/{}/parts/0 and on, or ask for a range of bytes.",
        keys.id
    );
    assert_eq!(read("/content").refused().await, (413, way));
    let most = read("/content").header("range", "bytes=10-4700009");
    assert_eq!(most.ok().await.body.len(), 4_700_000);
    for (n, size) in PARTS.into_iter().enumerate() {
        let part = read(&format!("/parts/{n}")).ok().await;
        assert_eq!(part.body.len(), size);
    }
}

#[tokio::test]
async fn a_large_download_is_refused_names_the_way_and_counts_nothing() {
    let service = on_lambda();
    create(&service, json!({ "max_downloads": 1 })).await;
    let upload = service.post(format!("/api/transfers/upload/{ID}"));
    upload.bytes(vec![7; 4_700_001]).ok().await;
    let complete = service.post(format!("/api/transfers/complete/{ID}"));
    complete.ok().await;

    let download = || service.get(format!("/api/transfers/download/{ID}"));
    let way = format!(
        "One answer carries at most 4700000 bytes here. Ask for a range of bytes, or for a URL that leads straight to the storage: /api/presigned/download-url/{ID}"
    );
    assert_eq!(download().refused().await, (413, way));
    let info = service.get(format!("/api/transfers/info/{ID}")).ok().await;
    assert_eq!(info.json()["download_count"], 0);
    let range = || download().header("range", "bytes=1-");
    assert_eq!(range().ok().await.body.len(), 4_700_000);
    assert_eq!(range().refused().await, (410, "exhausted".into()));
}

/// Environments do not know of each other, and behind a CDN an address may be everybody's.
#[tokio::test]
async fn guesses_are_not_counted_by_address() {
    let service = Service::with(&[
        ("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001"),
        ("SEND_TRUST_PROXY", "x-forwarded-for:1"),
    ]);
    let guess = || {
        let ask = service.get(Keys::new(1).path("")).token(claim(3));
        ask.header("x-forwarded-for", "192.0.2.1")
    };
    for _ in 0..1_001 {
        assert_eq!(guess().refused().await.0, 404);
    }
}
