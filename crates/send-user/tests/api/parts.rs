use bytes::Bytes;
use insta::assert_snapshot;
use send_core::id::Digest;
use serde_json::json;

use crate::harness::{FIRST_PART, Keys, ONE_PART, Service, TWO_PARTS, content};

async fn two_parts(service: &Service) -> Keys {
    let keys = service.pending(json!({ "size": TWO_PARTS })).await;
    service
        .put(keys.path("/parts/0"))
        .token(keys.owner())
        .bytes(content(FIRST_PART))
        .ok()
        .await;
    service
        .put(keys.path("/parts/1"))
        .token(keys.owner())
        .bytes("the last sixteen")
        .ok()
        .await;
    service
        .put(keys.path("/manifest"))
        .token(keys.owner())
        .bytes("a manifest")
        .ok()
        .await;
    service
        .post(keys.path("/complete"))
        .token(keys.owner())
        .ok()
        .await;
    keys
}

#[tokio::test]
async fn parts_and_manifest_come_back_as_they_were_sent() {
    let service = Service::new();
    let keys = two_parts(&service).await;
    let manifest = service
        .get(keys.path("/manifest"))
        .token(keys.reader())
        .ok()
        .await;
    assert_eq!(manifest.body, "a manifest");
    assert_eq!(manifest.headers["content-type"], "application/octet-stream");
    service.claim(&keys, 1).ok().await;
    let claim = crate::harness::claim(1);
    let first = service.get(keys.path("/parts/0")).token(&claim).ok().await;
    assert_eq!(first.body, content(FIRST_PART));
    assert_eq!(first.headers["content-type"], "application/octet-stream");
    assert_eq!(first.headers["content-length"], FIRST_PART.to_string());
    let second = service.get(keys.path("/parts/1")).token(&claim).ok().await;
    assert_eq!(second.body, "the last sixteen");
    let whole = service.get(keys.path("/content")).token(&claim).ok().await;
    assert_eq!(
        whole.body,
        [content(FIRST_PART), Bytes::from("the last sixteen")].concat()
    );
}

#[tokio::test]
async fn a_range_of_a_part_or_of_the_stream_is_206() {
    let service = Service::new();
    let keys = two_parts(&service).await;
    service.claim(&keys, 1).ok().await;
    let get = |path, range| {
        service
            .get(keys.path(path))
            .token(crate::harness::claim(1))
            .header("range", range)
    };
    let part = get("/parts/1", "bytes=4-7").ok().await;
    assert_eq!((part.status.as_u16(), &part.body[..]), (206, &b"last"[..]));
    assert_eq!(part.headers["content-range"], "bytes 4-7/16");
    let across = get("/content", "bytes=4198454-4198458").ok().await;
    assert_eq!(across.status, 206);
    assert_eq!(across.body[..2], content(FIRST_PART)[FIRST_PART - 2..]);
    assert_eq!(across.body[2..], b"the"[..]);
    assert_eq!(
        across.headers["content-range"],
        "bytes 4198454-4198458/4198472"
    );
    let outside = get("/content", "bytes=4198472-").await_reply().await;
    assert_snapshot!(outside, @r#"416 {"detail":"The range lies outside of the 4198472 bytes.","request_id":".."}"#);
    assert_eq!(outside.headers["content-range"], "bytes */4198472");
    let etag = service
        .get(keys.path("/content"))
        .token(crate::harness::claim(1))
        .ok()
        .await
        .headers["etag"]
        .clone();
    let same = get("/content", "bytes=0-1")
        .header("if-range", etag.to_str().unwrap())
        .ok()
        .await;
    assert_eq!(same.status, 206);
    let other = get("/content", "bytes=0-1")
        .header("if-range", "\"another\"")
        .ok()
        .await;
    assert_eq!((other.status.as_u16(), other.body.len()), (200, TWO_PARTS));
}

#[tokio::test]
async fn a_part_is_answered_with_its_digest_and_the_same_again_alike() {
    let service = Service::new();
    let keys = service.pending(json!({})).await;
    let put = || {
        service
            .put(keys.path("/parts/0"))
            .token(keys.owner())
            .bytes(content(ONE_PART))
    };
    let first = put().ok().await;
    assert_snapshot!(first, @r#"200 {"part":0,"sha256":"bf59357251323f15115187d38e8d034e11809a78c863915dcfc9b713687ba4c7"}"#);
    assert_eq!(put().ok().await.body, first.body);
}

#[tokio::test]
async fn other_bytes_for_a_part_are_409() {
    let service = Service::new();
    let keys = service.pending(json!({})).await;
    service
        .put(keys.path("/parts/0"))
        .token(keys.owner())
        .bytes(content(ONE_PART))
        .ok()
        .await;
    let other = service
        .put(keys.path("/parts/0"))
        .token(keys.owner())
        .bytes(vec![7; ONE_PART]);
    assert_snapshot!(other.await_reply().await, @r#"409 {"detail":"This part has arrived before, with other bytes.","request_id":".."}"#);
}

#[tokio::test]
async fn a_part_of_another_length_or_number_is_refused() {
    let service = Service::new();
    let keys = service.pending(json!({})).await;
    let put = |path, size| {
        service
            .put(keys.path(path))
            .token(keys.owner())
            .bytes(content(size))
    };
    assert_snapshot!(put("/parts/0", ONE_PART - 1).await_reply().await, @r#"400 {"detail":"body: must have 4168 bytes, and has 4167","request_id":".."}"#);
    assert_snapshot!(put("/parts/0", ONE_PART + 1).await_reply().await, @r#"400 {"detail":"body: must have 4168 bytes, and has 4169","request_id":".."}"#);
    assert_snapshot!(put("/parts/0", 0).await_reply().await, @r#"400 {"detail":"body: must have 4168 bytes, and has 0","request_id":".."}"#);
    assert_snapshot!(put("/parts/1", ONE_PART).await_reply().await, @r#"400 {"detail":"part: must be a number from 0 to 0","request_id":".."}"#);
    let wrong = put("/parts/0", ONE_PART).header("x-amz-content-sha256", "0".repeat(64));
    assert_eq!(wrong.refused().await.0, 400);
    let received = service
        .get(keys.path("/parts"))
        .token(keys.owner())
        .ok()
        .await;
    assert_snapshot!(received, @r#"200 {"more":false,"part_count":1,"received":[]}"#);
}

#[tokio::test]
async fn the_owner_learns_which_parts_have_arrived() {
    let service = Service::new();
    let keys = service.pending(json!({ "size": TWO_PARTS })).await;
    service
        .put(keys.path("/parts/1"))
        .token(keys.owner())
        .bytes("the last sixteen")
        .ok()
        .await;
    assert_snapshot!(
        service
            .get(keys.path("/parts"))
            .token(keys.owner())
            .ok()
            .await, @r#"200 {"more":false,"part_count":2,"received":[{"part":1,"size":16}]}"#);
    let after = service
        .get(keys.path("/parts?after=1"))
        .token(keys.owner())
        .ok()
        .await;
    assert_snapshot!(after, @r#"200 {"more":false,"part_count":2,"received":[]}"#);
    assert_snapshot!(
        service
            .get(keys.path("/parts?after=x"))
            .token(keys.owner())
            .await_reply()
            .await, @r#"400 {"detail":"after: must be a number from 0 to 65535","request_id":".."}"#);
}

#[tokio::test]
async fn a_complete_says_what_is_missing() {
    let service = Service::new();
    let keys = service.pending(json!({ "size": TWO_PARTS })).await;
    service
        .put(keys.path("/parts/0"))
        .token(keys.owner())
        .bytes(content(FIRST_PART))
        .ok()
        .await;
    let complete = || service.post(keys.path("/complete")).token(keys.owner());
    assert_snapshot!(complete().await_reply().await, @r#"409 {"detail":"The upload is not complete.","missing":{"manifest":true,"part_count":1,"parts":[1]},"request_id":".."}"#);
    service
        .put(keys.path("/parts/1"))
        .token(keys.owner())
        .bytes("the last sixteen")
        .ok()
        .await;
    assert_snapshot!(complete().await_reply().await, @r#"409 {"detail":"The upload is not complete.","missing":{"manifest":true,"part_count":0,"parts":[]},"request_id":".."}"#);
    service
        .put(keys.path("/manifest"))
        .token(keys.owner())
        .bytes("a manifest")
        .ok()
        .await;
    let completed = complete().ok().await;
    assert_snapshot!(completed, @r#"200 {"created_at":1767225600000,"downloads":0,"downloads_left":null,"expires_at":1767229200000,"size":4198472,"state":"completed"}"#);
    assert_eq!(complete().ok().await.body, completed.body);
}

#[tokio::test]
async fn a_completed_send_takes_nothing_more() {
    let service = Service::new();
    let keys = service.sent(json!({})).await;
    let part = service
        .put(keys.path("/parts/0"))
        .token(keys.owner())
        .bytes(content(ONE_PART));
    assert_snapshot!(part.await_reply().await, @r#"409 {"detail":"The send is complete: nothing can be added to it.","request_id":".."}"#);
    let manifest = service
        .put(keys.path("/manifest"))
        .token(keys.owner())
        .bytes("another");
    assert_eq!(manifest.refused().await.0, 409);
}

#[tokio::test]
async fn a_manifest_may_be_replaced_until_the_send_is_complete() {
    let service = Service::new();
    let keys = service.pending(json!({})).await;
    service
        .put(keys.path("/parts/0"))
        .token(keys.owner())
        .bytes(content(ONE_PART))
        .ok()
        .await;
    for manifest in ["one", "two"] {
        service
            .put(keys.path("/manifest"))
            .token(keys.owner())
            .bytes(manifest)
            .ok()
            .await;
    }
    service
        .post(keys.path("/complete"))
        .token(keys.owner())
        .ok()
        .await;
    assert_eq!(
        service
            .get(keys.path("/manifest"))
            .token(keys.reader())
            .ok()
            .await
            .body,
        "two"
    );
}

#[tokio::test]
async fn this_storage_signs_no_urls() {
    let (one, other) = (Service::new(), Service::new());
    let (keys, claim) = one.claimed(json!({})).await;
    let pending = other.pending(json!({})).await;
    let to_send = json!({ "parts": [{ "part": 0, "sha256": Digest::of("a part") }] });
    for (service, keys, token, parts) in [
        (&other, &pending, pending.owner(), to_send),
        (&one, &keys, claim, json!({ "parts": [0] })),
    ] {
        let ask = service.post(keys.path("/part-urls")).token(token);
        let (status, detail) = ask.json(&parts).refused().await;
        assert_eq!(status, 400);
        assert!(detail.contains("signs no URLs"), "{detail}");
    }
}

#[tokio::test]
async fn a_manifest_is_replaced_sixteen_times_and_not_for_ever() {
    let service = Service::new();
    let keys = service.pending(json!({})).await;
    let put = |n: u32| {
        let put = service.put(keys.path("/manifest")).token(keys.owner());
        put.bytes(format!("manifest {n}"))
    };
    for n in 0..16 {
        put(n).ok().await;
    }
    assert_snapshot!(put(16).await_reply().await, @r#"409 {"detail":"The manifest was replaced too often. Begin anew with a new secret.","request_id":".."}"#);
    put(3).ok().await;
}
