//! Promises of [`crate::Presign`]: what a client can do with what was signed, and what it cannot.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use futures::future::BoxFuture;
use reqwest::{Method, StatusCode};

use super::{Storage, is_absent, path, pattern, put, read};
use crate::{
    Error, Presign,
    presign::{Signed, UploadId, UploadedPart},
};

/// How long a URL works here.
const LIFE: Duration = Duration::from_mins(1);
/// The smallest part but the last: "Amazon S3 multipart upload limits".
const PART: usize = 5 << 20;

/// A storage under test, and what signs for it.
#[derive(Clone)]
pub struct Signing {
    /// Where bytes are kept.
    pub storage: Storage,
    /// What signs URLs for it.
    pub presign: Arc<dyn Presign>,
}

/// One promise of a storage that signs.
#[derive(Clone, Copy, Debug)]
pub struct SignedCheck {
    /// What is promised, as a sentence.
    pub name: &'static str,
    /// Holds an empty storage to it; panics when it is broken.
    pub run: fn(Signing) -> BoxFuture<'static, ()>,
}

macro_rules! checks {
    ($($name:ident)*) => {
        &[$(SignedCheck { name: stringify!($name), run: |signing| Box::pin($name(signing)) }),*]
    };
}

/// All promises of storages that sign.
pub const SIGNED_CHECKS: &[SignedCheck] = checks! {
    a_signed_read_reads_and_takes_ranges
    a_signed_create_creates_these_bytes_once
    a_signed_write_overwrites
    a_signature_is_for_one_request
    a_signature_ends
    parts_become_one_object_when_they_are_assembled
    parts_that_did_not_arrive_assemble_nothing
    an_upload_that_is_given_up_leaves_nothing
    an_upload_that_nobody_finishes_is_discarded
};

/// Sends what was signed, with these bytes.
async fn send(method: Method, signed: &Signed, bytes: impl Into<Bytes>) -> reqwest::Response {
    send_range(method, signed, bytes, None).await
}

async fn send_range(
    method: Method,
    signed: &Signed,
    bytes: impl Into<Bytes>,
    range: Option<&str>,
) -> reqwest::Response {
    // As `storage::s3` does: reqwest leaves the choice to the program.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut request = http.request(method, &signed.url);
    for (name, value) in &signed.headers {
        request = request.header(*name, value);
    }
    if let Some(range) = range {
        request = request.header("range", range);
    }
    request.body(bytes.into()).send().await.unwrap()
}

async fn a_signed_read_reads_and_takes_ranges(Signing { storage, presign }: Signing) {
    let at = path("a/b");
    let signed = presign.sign_get(&at, LIFE).await.unwrap();
    let nothing = send(Method::GET, &signed, "").await;
    assert_eq!(nothing.status(), StatusCode::NOT_FOUND);
    put(&storage, &at, "0123456789").await;
    let whole = send(Method::GET, &signed, "").await;
    assert_eq!(whole.bytes().await.unwrap(), "0123456789");
    let range = send_range(Method::GET, &signed, "", Some("bytes=2-4")).await;
    assert_eq!(range.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(range.bytes().await.unwrap(), "234");
    assert!(signed.url.starts_with(presign.base()));
}

async fn a_signed_create_creates_these_bytes_once(Signing { storage, presign }: Signing) {
    let at = path("a/b");
    // SHA-256 of "abc": FIPS 180-4.
    let digest = [
        0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22,
        0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00,
        0x15, 0xad,
    ];
    let signed = presign.sign_create(&at, &digest, LIFE).await.unwrap();
    let other = send(Method::PUT, &signed, "abd").await;
    assert_eq!(other.status(), StatusCode::BAD_REQUEST);
    let bare = Signed {
        headers: Vec::new(),
        ..signed.clone()
    };
    let bare = send(Method::PUT, &bare, "abc").await;
    assert_eq!(bare.status(), StatusCode::FORBIDDEN);
    assert!(is_absent(&storage, &at).await);
    assert!(
        send(Method::PUT, &signed, "abc")
            .await
            .status()
            .is_success()
    );
    let again = send(Method::PUT, &signed, "abc").await;
    assert_eq!(again.status(), StatusCode::PRECONDITION_FAILED);
    assert_eq!(read(&storage, &at).await, "abc");
}

async fn a_signed_write_overwrites(Signing { storage, presign }: Signing) {
    let at = path("a/b");
    let signed = presign.sign_put(&at, LIFE).await.unwrap();
    for bytes in ["first", "second"] {
        assert!(
            send(Method::PUT, &signed, bytes)
                .await
                .status()
                .is_success()
        );
        assert_eq!(read(&storage, &at).await, bytes);
    }
}

async fn a_signature_is_for_one_request(Signing { storage, presign }: Signing) {
    let (at, other) = (path("a/b"), path("a/c"));
    put(&storage, &at, "ours").await;
    put(&storage, &other, "another's").await;
    let signed = presign.sign_get(&at, LIFE).await.unwrap();
    let moved = Signed {
        url: signed.url.replace("/a/b?", "/a/c?"),
        headers: Vec::new(),
    };
    assert_ne!(moved, signed);
    let elsewhere = send(Method::GET, &moved, "").await;
    assert_eq!(elsewhere.status(), StatusCode::FORBIDDEN);
    let written = send(Method::PUT, &signed, "theirs").await;
    assert_eq!(written.status(), StatusCode::FORBIDDEN);
    assert_eq!(read(&storage, &at).await, "ours");
}

async fn a_signature_ends(Signing { storage, presign }: Signing) {
    let at = path("a/b");
    put(&storage, &at, "ours").await;
    let signed = presign.sign_get(&at, Duration::from_secs(1)).await.unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    let late = send(Method::GET, &signed, "").await;
    assert_eq!(late.status(), StatusCode::FORBIDDEN);
}

/// Sends a part; what it is called then.
async fn send_part(
    signing: &Signing,
    upload: &UploadId,
    number: u32,
    bytes: Bytes,
) -> UploadedPart {
    let at = path("a/b");
    let signed = signing.presign.sign_part(&at, upload, number, LIFE).await;
    let sent = send(Method::PUT, &signed.unwrap(), bytes).await;
    assert!(sent.status().is_success(), "{}", sent.status());
    let etag = sent.headers()["etag"].to_str().unwrap().to_owned();
    UploadedPart { number, etag }
}

async fn parts_become_one_object_when_they_are_assembled(signing: Signing) {
    let (at, bytes) = (path("a/b"), pattern(PART + 1_000));
    let upload = signing.presign.begin_upload(&at).await.unwrap();
    let second = send_part(&signing, &upload, 2, bytes.slice(PART..)).await;
    let first = send_part(&signing, &upload, 1, bytes.slice(..PART)).await;
    assert!(is_absent(&signing.storage, &at).await);
    let parts = vec![first, second];
    let finished = signing.presign.finish_upload(&at, &upload, parts).await;
    assert!(!finished.unwrap().is_empty());
    assert_eq!(read(&signing.storage, &at).await, bytes);
}

async fn parts_that_did_not_arrive_assemble_nothing(signing: Signing) {
    let at = path("a/b");
    let upload = signing.presign.begin_upload(&at).await.unwrap();
    let mut part = send_part(&signing, &upload, 1, "the only one".into()).await;
    part.etag = "\"00000000000000000000000000000000\"".into();
    let finished = signing
        .presign
        .finish_upload(&at, &upload, vec![part.clone()])
        .await;
    assert!(
        matches!(finished, Err(Error::Upload { .. })),
        "{finished:?}"
    );
    part.number = 2;
    let finished = signing
        .presign
        .finish_upload(&at, &upload, vec![part])
        .await;
    assert!(
        matches!(finished, Err(Error::Upload { .. })),
        "{finished:?}"
    );
    assert!(is_absent(&signing.storage, &at).await);
    signing.presign.abort_upload(&at, &upload).await.unwrap();
}

async fn an_upload_that_is_given_up_leaves_nothing(signing: Signing) {
    let at = path("a/b");
    let upload = signing.presign.begin_upload(&at).await.unwrap();
    let part = send_part(&signing, &upload, 1, "the only one".into()).await;
    for _ in 0..2 {
        signing.presign.abort_upload(&at, &upload).await.unwrap();
    }
    let finished = signing
        .presign
        .finish_upload(&at, &upload, vec![part])
        .await;
    assert!(matches!(finished, Err(Error::NotFound(_))), "{finished:?}");
    assert!(is_absent(&signing.storage, &at).await);
}

async fn an_upload_that_nobody_finishes_is_discarded(signing: Signing) {
    let (at, elsewhere) = (path("a/b"), path("elsewhere"));
    let upload = signing.presign.begin_upload(&at).await.unwrap();
    let part = send_part(&signing, &upload, 1, "the only one".into()).await;
    let hour = Duration::from_hours(1);
    let (old, young) = (SystemTime::now() - hour, SystemTime::now() + hour);
    for (below, before, discarded) in [
        (&path("a"), old, 0),
        (&elsewhere, young, 0),
        (&path("a"), young, 1),
        (&path("a"), young, 0),
    ] {
        let found = signing.storage.discard_unfinished(below, before).await;
        assert_eq!(found.unwrap(), discarded, "{below}");
    }
    let finished = signing
        .presign
        .finish_upload(&at, &upload, vec![part])
        .await;
    assert!(matches!(finished, Err(Error::NotFound(_))), "{finished:?}");
}
