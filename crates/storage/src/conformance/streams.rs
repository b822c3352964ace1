//! Promises of `put_stream`.

use std::{io, time::Duration};

use bytes::Bytes;
use futures::{FutureExt, StreamExt, stream};

use super::{Storage, is_absent, names, path, pattern, put, race, read, version};
use crate::{ByteStream, Error};

/// A stream of `bytes` in pieces of `size`.
fn pieces(bytes: &Bytes, size: usize) -> ByteStream {
    let bytes = bytes.clone();
    stream::iter(
        (0..bytes.len())
            .step_by(size)
            .map(move |at| Ok(bytes.slice(at..bytes.len().min(at + size)))),
    )
    .boxed()
}

pub(super) async fn a_stream_arrives_whole(storage: Storage) {
    for (size, piece) in [
        (0, 1),
        (1, 1),
        (10_000, 7),
        (3_000_001, 65_536),
        (8_000_000, 3_000_000),
    ] {
        let (at, bytes) = (path(format!("streams/{size}")), pattern(size));
        let meta = storage
            .put_stream(&at, pieces(&bytes, piece))
            .await
            .unwrap();
        assert_eq!(meta.size, size as u64);
        assert_eq!(meta, storage.head(&at).await.unwrap());
        assert!(read(&storage, &at).await == bytes);
    }
    let at = path("streams/with-empty-pieces");
    let stream =
        stream::iter(["", "a", "", "", "b", ""].map(|piece| Ok(Bytes::from(piece)))).boxed();
    assert_eq!(storage.put_stream(&at, stream).await.unwrap().size, 2);
    assert_eq!(read(&storage, &at).await, "ab");
}

pub(super) async fn a_stream_overwrites(storage: Storage) {
    let at = path("a/b");
    let before = put(&storage, &at, "a long text that was there before").await;
    let meta = storage
        .put_stream(&at, pieces(&pattern(10), 3))
        .await
        .unwrap();
    assert_ne!(meta.version, before);
    assert_eq!(read(&storage, &at).await, pattern(10));
}

pub(super) async fn a_stream_that_fails_writes_nothing(storage: Storage) {
    let broken = || {
        let begin = pieces(&pattern(3_000_000), 100_000);
        begin
            .chain(stream::iter([Err(io::Error::other(
                "the sender went away",
            ))]))
            .boxed()
    };
    let (new, old) = (path("a/new"), path("a/old"));
    let before = put(&storage, &old, "kept").await;
    for at in [&new, &old] {
        let failed = storage.put_stream(at, broken()).await;
        assert!(
            matches!(failed, Err(Error::Source(reason)) if reason.to_string() == "the sender went away")
        );
    }
    assert!(is_absent(&storage, &new).await);
    assert_eq!(version(&storage, &old).await, before);
    assert_eq!(names(&storage, None).await, ["a/old"]);
}

pub(super) async fn a_stream_that_is_dropped_writes_nothing(storage: Storage) {
    let (new, old) = (path("a/new"), path("a/old"));
    let before = put(&storage, &old, "kept").await;
    for at in [&new, &old] {
        let endless = pieces(&pattern(3_000_000), 100_000)
            .chain(stream::pending())
            .boxed();
        let mut write = storage.put_stream(at, endless).fuse();
        assert!(
            tokio::time::timeout(Duration::from_millis(100), &mut write)
                .await
                .is_err()
        );
        drop(write);
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(is_absent(&storage, &new).await);
    assert_eq!(version(&storage, &old).await, before);
    assert_eq!(names(&storage, None).await, ["a/old"]);
}

pub(super) async fn streams_that_race_leave_one_of_them(storage: Storage) {
    let at = path("a/b");
    let of = |number: usize| Bytes::from(vec![number as u8; 1_200_000 + number]);
    race(8, |number| {
        let (storage, at) = (storage.clone(), at.clone());
        async move {
            storage
                .put_stream(&at, pieces(&of(number), 50_000))
                .await
                .unwrap()
        }
    })
    .await;
    let bytes = read(&storage, &at).await;
    assert!(bytes == of(usize::from(bytes[0])));
}
