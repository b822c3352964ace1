//! The original's `/api/presigned`, as far as no S3 has to answer: signing needs none, and what a client would send to S3 is
//! put into the storage here.

use bytes::Bytes;
use insta::assert_snapshot;
use serde_json::{Value, json};
use storage::{Path, PutMode};

use crate::{
    harness::{Ask, Service},
    transfers::{ID, create, sent},
};

const BUCKET: &str = "https://a-bucket.s3.eu-west-1.amazonaws.com/prefix/";

async fn upload_url(service: &Service) -> String {
    let answer = service.get(format!("/api/presigned/upload-url/{ID}"));
    let answer = answer.ok().await.json();
    assert_eq!(
        (&answer["transfer_id"], &answer["expires_in"]),
        (&json!(ID), &json!(3_600))
    );
    answer["upload_url"].as_str().unwrap().to_owned()
}

/// What a signed URL is for, below the prefix.
pub(crate) fn path(url: &str) -> Path {
    let (path, query) = url.split_once('?').unwrap();
    assert!(query.contains("X-Amz-Signature="), "{query}");
    Path::parse(path.strip_prefix(BUCKET).unwrap()).unwrap()
}

/// Sends to a signed URL what S3 would store.
pub(crate) async fn put(service: &Service, url: &str, bytes: &'static str) {
    let (path, bytes) = (path(url), Bytes::from_static(bytes.as_bytes()));
    let put = service.blobs.put(&path, bytes, PutMode::Overwrite);
    put.await.unwrap();
}

pub(crate) fn download_url(service: &Service) -> Ask<'_> {
    service.get(format!("/api/presigned/download-url/{ID}"))
}

pub(crate) fn complete(service: &Service) -> Ask<'_> {
    service.post(format!("/api/transfers/complete/{ID}"))
}

pub(crate) async fn downloaded(service: &Service) -> Bytes {
    let download = service.get(format!("/api/transfers/download/{ID}"));
    download.ok().await.body
}

/// What is stored of ciphertext.
pub(crate) async fn stored(service: &Service) -> Vec<String> {
    let all = service.blobs.list(None, None, 100).await.unwrap().entries;
    let paths = all.into_iter().map(|entry| entry.path.to_string());
    paths
        .filter(|path| path.contains("/payload/") || path.contains("/incoming/"))
        .collect()
}

pub(crate) async fn info(service: &Service) -> Value {
    let info = service.get(format!("/api/transfers/info/{ID}"));
    info.ok().await.json()
}

fn asks(service: &Service) -> [Ask<'_>; 5] {
    let body = json!({ "transfer_id": ID, "file_size_bytes": 10 });
    [
        service.post("/api/presigned/initiate").json(&body),
        service.post("/api/presigned/complete").json(&body),
        service.post(format!("/api/presigned/cancel/{ID}/upload")),
        service.get(format!("/api/presigned/upload-url/{ID}")),
        service.get(format!("/api/presigned/download-url/{ID}")),
    ]
}

#[tokio::test]
async fn capabilities_tell_the_truth() {
    let without = Service::new();
    assert_snapshot!(without.get("/api/presigned/capabilities").ok().await, @r#"200 {"direct_upload":true,"max_part_size":10485760,"max_parts":10000,"min_part_size":5242880,"multipart_upload":false,"presigned_download":false,"presigned_upload":false}"#);
    for (ways, able) in [("off", false), ("uploads", true), ("both", true)] {
        let service = Service::signing(&[("SEND_DIRECT", ways)]);
        let told = service.get("/api/presigned/capabilities").ok().await.json();
        for name in ["presigned_upload", "multipart_upload", "presigned_download"] {
            assert_eq!(told[name], able, "{name} {ways}");
        }
    }
}

#[tokio::test]
async fn without_s3_and_where_it_is_off_the_routes_say_so() {
    for service in [Service::new(), Service::signing(&[("SEND_DIRECT", "off")])] {
        sent(&service, json!({})).await;
        for ask in asks(&service) {
            let refused = (400, "S3 storage mode required".into());
            assert_eq!(ask.refused().await, refused);
        }
        assert_eq!(info(&service).await["download_count"], 0);
    }
}

#[tokio::test]
async fn who_may_not_send_gets_no_url_to_upload() {
    let service = Service::signing(&[("SEND_UPLOADS", "token")]);
    let [initiate, complete, cancel, upload_url, download_url] = asks(&service);
    for ask in [initiate, complete, cancel, upload_url] {
        assert_eq!(ask.refused().await.0, 401);
    }
    assert_eq!(download_url.refused().await.0, 404, "needs no token");
}

#[tokio::test]
async fn what_came_by_a_signed_url_is_completed_and_served() {
    let service = Service::signing(&[]);
    create(&service, json!({ "file_size_bytes": 10 })).await;
    let url = upload_url(&service).await;
    assert!(url.contains("X-Amz-Expires=3600"), "{url}");
    assert!(path(&url).as_str().contains("/incoming/"), "{url}");
    assert_eq!(complete(&service).refused().await.0, 404, "nothing arrived");
    put(&service, &url, "ciphertext").await;
    complete(&service).ok().await;
    complete(&service).ok().await;
    assert_eq!(downloaded(&service).await, "ciphertext");
    let kept = stored(&service).await;
    assert!(kept.len() == 1 && kept[0].contains("/payload/"), "{kept:?}");
}

#[tokio::test]
async fn a_signed_url_is_dead_once_the_transfer_is_complete() {
    let service = Service::signing(&[]);
    create(&service, json!({})).await;
    let url = upload_url(&service).await;
    put(&service, &url, "ciphertext").await;
    complete(&service).ok().await;
    put(&service, &url, "SOMETHING!").await;
    assert_eq!(downloaded(&service).await, "ciphertext");
    complete(&service).ok().await;
    assert_eq!(downloaded(&service).await, "ciphertext");
    let again = service.get(format!("/api/presigned/upload-url/{ID}"));
    assert_eq!(again.refused().await.0, 409);
}

#[tokio::test]
async fn asking_again_for_a_url_loses_nothing_that_was_sent() {
    let service = Service::signing(&[]);
    create(&service, json!({})).await;
    let first = upload_url(&service).await;
    put(&service, &first, "ciphertext").await;
    let second = upload_url(&service).await;
    assert_eq!(path(&first), path(&second));
    complete(&service).ok().await;
    assert_eq!(downloaded(&service).await, "ciphertext");
}

#[tokio::test]
async fn the_newest_upload_counts_whichever_way_it_came() {
    let service = Service::signing(&[]);
    let upload = |bytes| {
        let ask = service.post(format!("/api/transfers/upload/{ID}"));
        ask.bytes(bytes)
    };
    create(&service, json!({})).await;
    let old = upload_url(&service).await;
    put(&service, &old, "by the old url").await;
    upload("through the service").ok().await;
    put(&service, &old, "by the old url, late").await;
    let new = upload_url(&service).await;
    assert_ne!(path(&old), path(&new));
    put(&service, &new, "by the new url").await;
    complete(&service).ok().await;
    assert_eq!(downloaded(&service).await, "by the new url");
    assert_eq!(stored(&service).await.len(), 1);

    let service = Service::signing(&[]);
    create(&service, json!({})).await;
    let ask = service.post(format!("/api/transfers/upload/{ID}"));
    ask.bytes("through the service").ok().await;
    upload_url(&service).await;
    complete(&service).ok().await;
    assert_eq!(downloaded(&service).await, "through the service");
}

#[tokio::test]
async fn what_a_signed_url_brought_is_measured() {
    let service = Service::signing(&[("SEND_MAX_TRANSFER_BYTES", "12")]);
    create(&service, json!({ "file_size_bytes": 9 })).await;
    let url = upload_url(&service).await;
    put(&service, &url, "ciphertext").await;
    assert_snapshot!(complete(&service).await_reply().await, @r#"400 {"detail":"file_size_bytes: declared 9 bytes, but the upload has 10","request_id":".."}"#);
    put(&service, &url, "ciphertext, and more").await;
    assert_snapshot!(complete(&service).await_reply().await, @r#"413 {"detail":"This server takes at most 12 bytes.","request_id":".."}"#);
    assert_eq!(stored(&service).await, Vec::<String>::new());
    put(&service, &url, "ninebytes").await;
    complete(&service).ok().await;
    assert_eq!(downloaded(&service).await, "ninebytes");
}

#[tokio::test]
async fn uploads_in_parts_are_refused_that_cannot_be() {
    let service = Service::signing(&[("SEND_MAX_TRANSFER_BYTES", "200GiB")]);
    let initiate = async |ask: Value| {
        let ask = service.post("/api/presigned/initiate").json(&ask);
        ask.refused().await
    };
    let unknown = json!({ "transfer_id": ID, "file_size_bytes": 10 });
    assert_eq!(initiate(unknown.clone()).await.0, 404);
    create(&service, json!({})).await;
    for (fields, status, detail) in [
        (json!({ "file_size_bytes": 0 }), 400, "file_size_bytes"),
        (json!({}), 400, "file_size_bytes"),
        (json!({ "file_size_bytes": -1 }), 400, "file_size_bytes"),
        (json!({ "file_size_bytes": 1.5 }), 400, "file_size_bytes"),
        (json!({ "file_size_bytes": 1e40 }), 400, "file_size_bytes"),
        (
            json!({ "file_size_bytes": u64::MAX }),
            413,
            "This server takes",
        ),
        (
            json!({ "file_size_bytes": 1, "num_parts": 10_001 }),
            400,
            "num_parts",
        ),
        (
            json!({ "file_size_bytes": 1, "num_parts": -1 }),
            400,
            "num_parts",
        ),
        (
            json!({ "file_size_bytes": 104_857_600_001_u64 }),
            400,
            "num_parts",
        ),
        (
            json!({ "file_size_bytes": 107_374_182_400_u64, "num_parts": 1 }),
            400,
            "num_parts",
        ),
        (
            json!({ "file_size_bytes": 10, "transfer_id": "short" }),
            404,
            "",
        ),
    ] {
        let mut ask = fields;
        if ask.get("transfer_id").is_none() {
            ask["transfer_id"] = ID.into();
        }
        let refused = initiate(ask.clone()).await;
        assert!(
            refused.0 == status && refused.1.starts_with(detail),
            "{ask}: {refused:?}"
        );
    }
    let ask = service.post(format!("/api/transfers/upload/{ID}"));
    ask.bytes("ciphertext").ok().await;
    complete(&service).ok().await;
    assert_eq!(initiate(unknown).await.0, 409);
}

#[tokio::test]
async fn a_size_other_than_the_declared_one_begins_no_upload() {
    let service = Service::signing(&[]);
    create(&service, json!({ "file_size_bytes": 9 })).await;
    let ask = json!({ "transfer_id": ID, "file_size_bytes": 10 });
    let ask = service.post("/api/presigned/initiate").json(&ask);
    assert_snapshot!(ask.await_reply().await, @r#"400 {"detail":"file_size_bytes: declared 9 bytes, but the upload has 10","request_id":".."}"#);
}

#[tokio::test]
async fn parts_are_numbered_without_a_gap_or_a_double() {
    let service = Service::signing(&[]);
    create(&service, json!({})).await;
    let upload_id = "0707070707070707-10-YQ";
    for (numbers, upload_id, field) in [
        (vec![1], "none", "upload_id"),
        (vec![], upload_id, "parts"),
        (vec![0], upload_id, "parts"),
        (vec![2, 3], upload_id, "parts"),
        (vec![1, 3], upload_id, "parts"),
        (vec![1, 2, 2], upload_id, "parts"),
        ((1..=10_001).collect(), upload_id, "parts"),
    ] {
        let tag = |n: u32| json!({ "part_number": n, "etag": format!("\"{:032}\"", 7) });
        let parts: Vec<_> = numbers.iter().copied().map(tag).collect();
        let ask = json!({ "transfer_id": ID, "upload_id": upload_id, "parts": parts });
        let (status, detail) = service
            .post("/api/presigned/complete")
            .json(&ask)
            .refused()
            .await;
        assert_eq!(status, 400, "{detail}");
        assert!(detail.starts_with(field), "{detail}");
    }
    let cancel = service.post(format!("/api/presigned/cancel/{ID}/none"));
    assert_eq!(cancel.refused().await.0, 400);
}
