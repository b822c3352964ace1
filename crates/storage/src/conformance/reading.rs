//! Promises of `get` and `head`.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures::TryStreamExt;

use super::{Storage, is_absent, path, pattern, put, race, read};
use crate::Error;

pub(super) async fn an_object_comes_back_whole_with_its_facts(storage: Storage) {
    let at = path("a/b.json");
    let version = put(&storage, &at, "hello").await;
    let blob = storage.get(&at, None).await.unwrap();
    assert_eq!((blob.meta.size, blob.range.clone()), (5, 0..5));
    assert_eq!(blob.meta.version, version);
    assert_eq!(blob.meta, storage.head(&at).await.unwrap());
    let now = SystemTime::now();
    // A storage has a clock of its own.
    let apart = now
        .duration_since(blob.meta.modified)
        .unwrap_or_else(|early| early.duration());
    assert!(apart < Duration::from_secs(60), "{apart:?}");
    assert_eq!(blob.bytes().await.unwrap(), "hello");
}

pub(super) async fn an_empty_object_is_an_object(storage: Storage) {
    let at = path("a/empty");
    put(&storage, &at, "").await;
    assert_eq!(storage.head(&at).await.unwrap().size, 0);
    let blob = storage.get(&at, None).await.unwrap();
    assert_eq!(blob.range, 0..0);
    assert_eq!(blob.bytes().await.unwrap(), "");
}

pub(super) async fn what_is_not_there_is_not_found(storage: Storage) {
    put(&storage, &path("a/b"), "x").await;
    for absent in ["b", "a/c", "a/b/c", "c/d/e"].map(path) {
        assert!(is_absent(&storage, &absent).await);
        assert!(
            matches!(storage.get(&absent, None).await, Err(Error::NotFound(at)) if at == absent)
        );
        assert!(
            matches!(storage.get(&absent, Some(0..1)).await, Err(Error::NotFound(at)) if at == absent)
        );
    }
}

pub(super) async fn what_lies_below_a_path_is_not_at_it(storage: Storage) {
    put(&storage, &path("a/b/c"), "x").await;
    for above in ["a", "a/b"].map(path) {
        assert!(is_absent(&storage, &above).await);
        assert!(matches!(
            storage.get(&above, None).await,
            Err(Error::NotFound(_))
        ));
        storage.delete(&above).await.unwrap();
    }
    assert_eq!(read(&storage, &path("a/b/c")).await, "x");
}

pub(super) async fn a_range_is_cut_to_the_object(storage: Storage) {
    let at = path("a");
    put(&storage, &at, "0123456789").await;
    for (asked, range, bytes) in [
        (0..1, 0..1, "0"),
        (3..7, 3..7, "3456"),
        (9..10, 9..10, "9"),
        (0..10, 0..10, "0123456789"),
        (8..11, 8..10, "89"),
        (9..u64::MAX, 9..10, "9"),
        (0..u64::MAX, 0..10, "0123456789"),
    ] {
        let blob = storage.get(&at, Some(asked)).await.unwrap();
        assert_eq!((blob.range.clone(), blob.meta.size), (range, 10));
        assert_eq!(blob.bytes().await.unwrap(), bytes);
    }
}

pub(super) async fn a_range_outside_the_object_is_refused_with_its_size(storage: Storage) {
    let (ten, empty) = (path("ten"), path("empty"));
    put(&storage, &ten, "0123456789").await;
    put(&storage, &empty, "").await;
    #[expect(clippy::reversed_empty_ranges, reason = "such a range is refused, too")]
    let refused = [
        (&ten, 10..11, 10),
        (&ten, 11..20, 10),
        (&ten, 0..0, 10),
        (&ten, 5..5, 10),
        (&ten, 7..3, 10),
        (&ten, u64::MAX - 1..u64::MAX, 10),
        (&empty, 0..1, 0),
        (&empty, 0..0, 0),
    ];
    for (at, range, bytes) in refused {
        let error = storage.get(at, Some(range.clone())).await.err();
        assert!(
            matches!(error, Some(Error::Range { ref path, size }) if path == at && size == bytes),
            "{range:?}: {error:?}"
        );
    }
}

pub(super) async fn a_large_object_comes_in_pieces(storage: Storage) {
    const MIB: usize = 1024 * 1024;
    let (at, bytes) = (path("large"), pattern(5 * MIB + 1));
    put(&storage, &at, bytes.clone()).await;
    for range in [0..bytes.len(), MIB - 1..4 * MIB + 3, 5 * MIB..5 * MIB + 1] {
        let asked = Some(range.start as u64..range.end as u64);
        let pieces: Vec<Bytes> = storage
            .get(&at, asked)
            .await
            .unwrap()
            .stream
            .try_collect()
            .await
            .unwrap();
        assert!(
            pieces
                .iter()
                .all(|piece| !piece.is_empty() && piece.len() <= MIB)
        );
        assert!(pieces.concat() == bytes[range]);
    }
    assert!(read(&storage, &at).await == bytes);
}

pub(super) async fn a_reader_sees_one_state_while_others_write(storage: Storage) {
    let at = path("a/changing");
    let state = |number: usize| Bytes::from(vec![number as u8; 1_500_000 + number]);
    put(&storage, &at, state(0)).await;
    race(4, |number| {
        let (storage, at) = (storage.clone(), at.clone());
        async move {
            for round in 0..10 {
                put(&storage, &at, state(10 * number + round)).await;
                let blob = storage.get(&at, None).await.unwrap();
                let size = blob.meta.size as usize;
                assert!(blob.bytes().await.unwrap() == state(size - 1_500_000));
            }
        }
    })
    .await;
    // A slow reader goes on with the state that it began with.
    let mut blob = storage.get(&at, None).await.unwrap();
    let first = blob.stream.try_next().await.unwrap().unwrap();
    put(&storage, &at, "other").await;
    storage.delete(&at).await.unwrap();
    let rest: Vec<Bytes> = blob.stream.try_collect().await.unwrap();
    assert!([first, rest.concat().into()].concat() == state(blob.meta.size as usize - 1_500_000));
}
